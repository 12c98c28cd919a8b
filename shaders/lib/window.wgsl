// Which steps a dispatch computes. A batch is one submit; its windows differ only by the dynamic offset at which
// `window` is bound, so that nothing is written between them.

struct Batch {
  first_step: u32,
  // Steps in this batch.
  steps: u32,
  // 1: the host has already run `begin` of the first step.
  begun: u32,
  // 0 or 1: which half of the spike record and of the samples this batch fills.
  region: u32,
  // Always 0, which the compiler cannot know.
  zero: u32,
  // 1: some probe has neurons.
  probed: u32,
}

struct Window {
  // Steps from the start of the batch.
  offset: u32,
  // MODE_STEPS, MODE_BEGIN or MODE_BEGUN.
  mode: u32,
  // Its steps, unless the batch ends before: at most W, and none beyond a run of a field.
  length: u32,
}

// Whole steps.
const MODE_STEPS = 0u;
// Only `begin` of the first step.
const MODE_BEGIN = 1u;
// Whole steps, but an earlier dispatch has done `begin` of the first one.
const MODE_BEGUN = 2u;

@group(0) @binding(0) var<uniform> batch: Batch;
@group(0) @binding(1) var<uniform> window: Window;

// W: the most steps of a window.
override window_steps: u32 = 1u;

fn window_first() -> u32 {
  return batch.first_step + window.offset;
}

fn window_length() -> u32 {
  return min(window.length, batch.steps - window.offset);
}
