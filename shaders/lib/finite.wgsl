// Whether a number is one: read from its bits, because compilers may assume that all are.

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
