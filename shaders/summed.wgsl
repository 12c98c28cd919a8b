// Sums a value over all synapses of each target neuron, in the order of its column, into a variable of the neuron.
// One invocation per target neuron.
// Reads plan_words, synapses, constants, state and synapse_state; writes one cell of state per neuron, which the
// values do not read.
// CPU twin: the summed loop of src/cpu.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/philox
#import lib/tables

@group(0) @binding(4) var<storage, read> plan_words: array<u32>;
@group(0) @binding(5) var<storage, read> constants: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(8) var<storage, read> synapses: array<u32>;
@group(0) @binding(9) var<storage, read> synapse_state: array<u32>;

override workgroup_size: u32 = 64u;
// First word of the projection's entry.
override projection: u32 = 0u;
override target_count: u32 = 1u;
override result_cell: u32 = 0u;

#insert declarations

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let post_index = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  if (post_index >= target_count || is_halted()) {
    return;
  }
  let step_number = window_first();
  let column = plan_words[projection + 2u] + post_index;
  let begin = plan_words[column];
  let end = plan_words[column + 1u];
  let synapse_base = plan_words[projection + 3u];
  let row_constants = plan_words[projection + 4u];
  let stream = plan_words[projection + 5u];
  #insert row
  var sum = 0.0;
  for (var entry = begin; entry < end; entry++) {
    let pre_index = synapses[synapse_base + 2u * entry];
    let synapse = synapses[synapse_base + 2u * entry + 1u];
    #insert statements
  }
  state[result_cell + post_index] = bitcast<u32>(sum);
}
