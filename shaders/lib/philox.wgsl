// Philox-4x32-10 (Salmon, Moraes, Dror, Shaw 2011), the only source of randomness, and what is made of its words.
// CPU twin: src/language/philox.ts.

// High 32 bits of the unsigned product a*b, from 16-bit halves because WGSL has no 64-bit integers.
fn multiply_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let low = a_low * b_low;
  let middle = a_high * b_low + (low >> 16u);
  let carry = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (carry >> 16u);
}

// Four words for draws 4*group … 4*group+3 of `element` at `step`, under the key (seed, stream).
fn philox(element: u32, step_number: u32, group: u32, seed: u32, stream: u32) -> vec4u {
  var counter = vec4u(element, step_number, group, 0u);
  var key = vec2u(seed, stream);
  for (var turn = 0; turn < 10; turn++) {
    let high_0 = multiply_high(0xd2511f53u, counter.x);
    let low_0 = 0xd2511f53u * counter.x;
    let high_1 = multiply_high(0xcd9e8d57u, counter.z);
    let low_1 = 0xcd9e8d57u * counter.z;
    counter = vec4u(high_1 ^ counter.y ^ key.x, low_1, high_0 ^ counter.w ^ key.y, low_0);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return counter;
}

// Uniform in [0, 1) with 24 bits: exact in f32.
fn uniform_of(word: u32) -> f32 {
  return f32(word >> 8u) * 5.9604644775390625e-8;
}

// Uniform in (0, 1), symmetric about a half: argument of the normal quantile.
fn open_uniform_of(word: u32) -> f32 {
  return (f32(word >> 9u) + 0.5) * 1.1920928955078125e-7;
}
