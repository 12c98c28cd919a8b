// The ring of synaptic input: for each of its steps one cell per input and neuron, a sum of whole numbers.
// CPU twin: the `add` statement in src/cpu.

@group(0) @binding(7) var<storage, read_write> inputs: array<atomic<i32>>;

// Cells of one step, and steps.
override input_cells: u32 = 1u;
override ring_slots: u32 = 1u;

fn add_proven(cell: u32, amount: i32) {
  // Atomic, because many synapses of a window reach the same neuron.
  atomicAdd(&inputs[cell], amount);
}

// Also reports amounts that the proof of no overflow does not cover.
fn add_guarded(cell: u32, amount: i32, limit: i32, step_in_window: u32, key: u32) {
  if (amount > limit || amount < -limit) {
    report_fault(REPORT_OVERFLOW, step_in_window, key);
  }
  atomicAdd(&inputs[cell], amount);
}
