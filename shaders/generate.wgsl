// Emits the given spikes of spike-list populations whose steps lie in the window.
// One workgroup per generator; its invocations share the spikes of the window, which lie side by side.
// Reads generated (steps, then indices, of all generators) and plan_words; adds to spikes and report.
// CPU twin: the generator loop of src/cpu.
#import lib/window
#import lib/report
#import lib/spikes
#import lib/plan-words

@group(0) @binding(5) var<storage, read> generated: array<u32>;

override workgroup_size: u32 = 64u;
override generators_first: u32 = 0u;
// Spikes of all generators: where the indices begin.
override generated_count: u32 = 0u;
const GENERATOR_WORDS = 4u;
const GENERATOR_RECORDED = 1u;
const GENERATOR_EMITS = 2u;

// First of the spikes begin … end-1, sorted by step, that is not before `step_number`.
fn first_from(begin: u32, end: u32, step_number: u32) -> u32 {
  var low = begin;
  var high = end;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (generated[middle] < step_number) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  if (is_halted()) {
    return;
  }
  #if OPENS_WINDOW
  if (workgroup_id.x == 0u && lane == 0u) {
    open_next_window();
  }
  #endif
  let generator = generators_first + workgroup_id.x * GENERATOR_WORDS;
  let flags = plan_words[generator + 3u];
  let first_step = window_first();
  let begin = first_from(plan_words[generator], plan_words[generator + 1u], first_step);
  let end = first_from(begin, plan_words[generator + 1u], first_step + window_length());
  for (var spike = begin + lane; spike < end; spike += workgroup_size) {
    let neuron = plan_words[generator + 2u] + generated[generated_count + spike];
    if ((flags & GENERATOR_EMITS) != 0u) {
      emit_spike(generated[spike], neuron);
    }
    if ((flags & GENERATOR_RECORDED) != 0u) {
      record_spikes(generated[spike], 1u, neuron);
    }
  }
}
