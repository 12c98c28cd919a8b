// Sums a value over all synapses of each target neuron, in the order of its column, into a variable of the neuron.
// Where the variables of the synapses lie in several parts, each part has a dispatch that goes on with the sum.
// One invocation per target neuron.
// Reads plan_words, synapses, constants, state and synapse_state; writes one cell of state per neuron, which the
// values do not read.
// CPU twin: the summed loop of src/cpu.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/projections
#import lib/philox
#import lib/tables

@group(0) @binding(5) var<storage, read> constants: array<f32>;
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(8) var<storage, read> synapses: array<u32>;
@group(0) @binding(9) var<storage, read> synapse_state: array<u32>;

override workgroup_size: u32 = 64u;
// First word of the projection's entry.
override projection: u32 = 0u;
// Target neurons whose columns are bound.
override first_target: u32 = 0u;
override end_target: u32 = 1u;
override result_cell: u32 = 0u;

#insert declarations

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  let post_index = first_target + number;
  if (post_index >= end_target || is_halted()) {
    return;
  }
  let step_number = window_first();
  let column = plan_words[projection + PROJECTION_ROWS] + post_index;
  let begin = plan_words[column];
  let end = plan_words[column + 1u];
  let synapse_base = plan_words[projection + PROJECTION_SYNAPSES];
  let row_constants = plan_words[projection + PROJECTION_CONSTANTS];
  let seed = plan_words[projection + PROJECTION_SEED];
  let stream = plan_words[projection + PROJECTION_STREAM];
  #if SPLIT_COLUMNS
  let first_bound = plan_words[projection + PROJECTION_BEGIN];
  let end_bound = plan_words[projection + PROJECTION_END];
  #endif
  #insert row
  #if CONTINUED
  var sum = bitcast<f32>(state[result_cell + post_index]);
  #else
  var sum = 0.0;
  #endif
  for (var entry = begin; entry < end; entry++) {
    let pre_index = synapses[synapse_base + 2u * entry];
    let synapse = synapses[synapse_base + 2u * entry + 1u];
    #if SPLIT_COLUMNS
    if (synapse < first_bound || synapse >= end_bound) {
      continue;
    }
    #endif
    #insert statements
  }
  state[result_cell + post_index] = bitcast<u32>(sum);
}
