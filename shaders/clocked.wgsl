// Advances the clock-driven equations of a projection's synapses by one step, or by one slow step.
// One invocation per synapse.
// Reads plan_words, constants, state and, where equations read neurons, synapses; changes synapse_state, each invocation
// its own synapse.
// CPU twin: src/cpu/clocked.ts.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/finite
#import lib/projections
#import lib/philox
#import lib/tables

@group(0) @binding(5) var<storage, read> constants: array<f32>;
#if READS_STATE
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
#endif
#if READS_ENDS
@group(0) @binding(8) var<storage, read> synapses: array<u32>;
#endif
@group(0) @binding(9) var<storage, read_write> synapse_state: array<u32>;

override workgroup_size: u32 = 64u;
// First word of the projection's entry.
override projection: u32 = 0u;
// Synapses whose variables are bound.
override first_synapse: u32 = 0u;
override end_synapse: u32 = 1u;
// Words of the neurons at the ends of synapse 0.
override pre_words: u32 = 0u;
override post_words: u32 = 0u;
// Under which faults are reported, in place of a neuron.
override report_number: u32 = 0u;

#insert declarations

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let number = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  let synapse = first_synapse + number;
  if (synapse >= end_synapse || is_halted()) {
    return;
  }
  let step_number = window_first();
  let row_constants = plan_words[projection + PROJECTION_CONSTANTS];
  let seed = plan_words[projection + PROJECTION_SEED];
  let stream = plan_words[projection + PROJECTION_STREAM];
  #if READS_PRE
  let pre_index = synapses[pre_words + synapse];
  #endif
  #if READS_POST
  let post_index = synapses[post_words + synapse];
  #endif
  #insert statements
  #insert check
}
