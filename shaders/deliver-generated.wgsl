// Delivers the spikes of one window through all projections that run one pathway and store no synapses: every row is
// made again, from counters, when its neuron spikes.
// One workgroup per (spike, row of a projection) with grid stride, whose invocations take blocks of four synapses in
// turn; without SHARED_ROW, for adapters on which barriers are dear, one invocation per (spike, row).
// Reads spikes, plan_words, constants and state of the source neurons; adds to inputs (atomic integer sums, so the order does not matter).
// CPU twin: the delivery loop of src/cpu. The same synapses, stored: build.wgsl and deliver.wgsl.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/spike-rows
#import lib/inputs
#import lib/recipe
#import lib/tables
#import lib/accumulate

@group(0) @binding(5) var<storage, read> constants: array<f32>;
#if READS_STATE
@group(0) @binding(6) var<storage, read> state: array<u32>;
#endif

override workgroup_size: u32 = 64u;

// Row `number` of the projection described at that word, or NONE.
struct Row {
  projection: u32,
  number: u32,
}

#insert declarations

// Row number `pair` of the spikes in that slot.
fn find_row(slot: u32, pair: u32) -> Row {
  let neuron = neuron_of(slot, pair / rows_per_spike);
  let projection = find_projection(neuron, pair % rows_per_spike);
  if (projection == NONE) {
    return Row(NONE, 0u);
  }
  return Row(projection, neuron - plan_words[projection + PROJECTION_FIRST]);
}

#if SHARED_ROW
var<workgroup> is_stopped: u32;
var<workgroup> shared_row: Row;
#endif

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  // Place in the list of all (spike, row) pairs, less the pairs of the slots already passed.
  #if SHARED_ROW
  if (lane == 0u) {
    is_stopped = select(0u, 1u, is_halted());
  }
  // Includes a barrier: all invocations of the workgroup see the same answer.
  if (workgroupUniformLoad(&is_stopped) == 1u) {
    return;
  }
  var pair = workgroup_id.x;
  let stride = num_workgroups.x;
  let row_lane = lane;
  #else
  if (is_halted()) {
    return;
  }
  var pair = workgroup_id.x * workgroup_size + lane;
  let stride = num_workgroups.x * workgroup_size;
  let row_lane = 0u;
  #endif
  let first_step = window_first();
  let slots = window_length();
  for (var step_in_window = 0u; step_in_window < slots; step_in_window++) {
    let emission = first_step + step_in_window;
    let slot = emission % spike_slots;
    let pairs = spikes[slot] * rows_per_spike;
    while (pair < pairs) {
      #if SHARED_ROW
      if (lane == 0u) {
        shared_row = find_row(slot, pair);
      }
      // Includes a barrier before and after the load, so the next turn may overwrite it.
      let row = workgroupUniformLoad(&shared_row);
      #else
      let row = find_row(slot, pair);
      #endif
      if (row.projection != NONE) {
        let pre_index = row.number;
        let row_constants = plan_words[row.projection + PROJECTION_CONSTANTS];
        let offsets = plan_words[row.projection + PROJECTION_ROWS];
        let recipe = recipe_of(plan_words[row.projection + PROJECTION_RECIPE], row.number, offsets);
        #insert row
        var block = row_lane;
        var progress = Progress();
        while (progress.position < recipe.target_count) {
          progress = go_on(recipe, progress, row_lane);
          let ready = synapses_ready(recipe, progress);
          for (; 4u * block < ready; block += row_lanes) {
            let targets = block_targets(recipe, block);
            let delays = block_values(recipe, recipe.at + RECIPE_DELAY, block);
            #insert block
            for (var part = 0u; part < 4u; part++) {
              if (4u * block + part >= ready) {
                break;
              }
              let post_index = targets[part];
              let step_number = emission + delays[part];
              let arrivals = (step_number % ring_slots) * input_cells;
              #insert statements
            }
          }
        }
      }
      pair += stride;
    }
    pair -= pairs;
  }
}
