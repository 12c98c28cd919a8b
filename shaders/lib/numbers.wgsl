// Conversions and, for the strict mode, single operations that no compiler may merge or approximate.
// CPU twin: the WebAssembly instructions of the same names.

fn from_bits(bits: i32) -> f32 {
  return bitcast<f32>(bits);
}

// Truncates toward zero and saturates; NaN gives 0.
fn to_i32(x: f32) -> i32 {
  let inside = i32(clamp(x, -2147483648.0, 2147483520.0));
  return select(select(0, inside, x == x), 2147483647, x >= 2147483648.0);
}

// x, in a way that compilers cannot see through, because they cannot know that batch.zero is 0: what they cannot see
// they cannot merge, reorder or cancel. See src/language/emit-wgsl-fences.ts.
fn opaque(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ batch.zero);
}

override dt_ms: f32 = 0.1;

// t of a step, in ms.
fn time_of(step_number: u32) -> f32 {
  return opaque(f32(step_number) * dt_ms);
}

// a*b, rounded by itself: cannot be fused with a sum.
fn exact_product(a: f32, b: f32) -> f32 {
  return opaque(a * b);
}

// Significand with its leading bit at bit 23 (x), and the exponent that goes with it (y), of a finite nonzero number.
fn significand_of(bits: u32) -> vec2i {
  let fraction = bits & 0x7fffffu;
  let exponent = i32((bits >> 23u) & 0xffu);
  if (exponent > 0) {
    return vec2i(i32(fraction | 0x800000u), exponent);
  }
  let shift = countLeadingZeros(fraction) - 8u;
  return vec2i(i32(fraction << shift), 1 - i32(shift));
}

// Rounds significand * 2^-2 (26 bits, the lowest one sticky) to nearest even; results below the normal range are 0.
fn assemble(sign: u32, significand: u32, exponent: i32) -> f32 {
  let quarter = significand & 3u;
  var rounded = significand >> 2u;
  if (quarter == 3u || (quarter == 2u && (rounded & 1u) == 1u)) {
    rounded += 1u;
  }
  var scale = exponent;
  if (rounded == 0x1000000u) {
    rounded = 0x800000u;
    scale += 1;
  }
  if (scale >= 255) {
    return bitcast<f32>(sign | 0x7f800000u);
  }
  if (scale <= 0) {
    return bitcast<f32>(sign);
  }
  return bitcast<f32>(sign | (u32(scale) << 23u) | (rounded & 0x7fffffu));
}

// a/b, correctly rounded, by long division of the significands. Zeros, infinities and NaN take the machine's division.
fn exact_quotient(a: f32, b: f32) -> f32 {
  let a_bits = bitcast<u32>(a) & 0x7fffffffu;
  let b_bits = bitcast<u32>(b) & 0x7fffffffu;
  if (a_bits == 0u || b_bits == 0u || a_bits >= 0x7f800000u || b_bits >= 0x7f800000u) {
    return a / b;
  }
  let sign = (bitcast<u32>(a) ^ bitcast<u32>(b)) & 0x80000000u;
  let numerator = significand_of(a_bits);
  let denominator = significand_of(b_bits);
  let divisor = u32(denominator.x);
  var exponent = numerator.y - denominator.y + 127;
  var remainder = u32(numerator.x);
  if (remainder < divisor) {
    remainder <<= 1u;
    exponent -= 1;
  }
  // 25 bits of quotient: 24 and one to round by. The remainder stays below the divisor, so nothing overflows.
  var quotient = 0u;
  for (var bit = 0; bit < 25; bit++) {
    quotient <<= 1u;
    if (remainder >= divisor) {
      remainder -= divisor;
      quotient |= 1u;
    }
    remainder <<= 1u;
  }
  return assemble(sign, (quotient << 1u) | select(0u, 1u, remainder != 0u), exponent);
}

// sqrt(x), correctly rounded, one bit at a time. Zeros, negative numbers, infinities and NaN take the machine's root.
fn exact_root(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (bits == 0u || bits >= 0x7f800000u) {
    return sqrt(x);
  }
  let parts = significand_of(bits);
  let exponent = parts.y - 127;
  let is_odd = (exponent & 1) == 1;
  // The radicand is the significand followed by zeros, two bits at a time; its first pair is worth 1, 2 or 3.
  let radicand = u32(parts.x) << select(0u, 1u, is_odd);
  var root = 0u;
  var remainder = 0u;
  for (var bit = 0u; bit < 25u; bit++) {
    let pair = select((radicand << ((2u * bit + 7u) & 31u)) >> 30u, 0u, bit > 12u);
    remainder = (remainder << 2u) | pair;
    let trial = (root << 2u) | 1u;
    root <<= 1u;
    if (remainder >= trial) {
      remainder -= trial;
      root |= 1u;
    }
  }
  return assemble(0u, (root << 1u) | select(0u, 1u, remainder != 0u), (exponent >> 1u) + 127);
}
