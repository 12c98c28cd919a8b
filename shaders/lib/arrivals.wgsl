// The ring of synaptic input as it is seen by those who take from it: nobody adds meanwhile. Behind its slots lie the
// deposits in fields, which are of no step.

@group(0) @binding(7) var<storage, read_write> inputs: array<i32>;

// What arrived in that cell, which is left empty.
fn take_input(cell: u32, factor: f32) -> f32 {
  let amount = inputs[cell];
  if (amount != 0) {
    inputs[cell] = 0;
  }
  return f32(amount) * factor;
}
