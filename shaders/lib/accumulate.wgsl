// Fixed-point input: amounts are rounded to whole multiples of 2^-k, so that sums do not depend on the order of adding.
// CPU twin: the `add` statement of src/language/kernel.ts.

// value * 2^k, rounded half to even. `factor` is 2^k, so the product is exact.
fn quantise(value: f32, factor: f32) -> i32 {
  return to_i32(round(value * factor));
}
