// Delivers the spikes of one window through all projections of stored synapses that run one pathway.
// One workgroup per (spike, row of a projection) with grid stride; its invocations share the synapses of the row.
// With SHARED_ROW one invocation looks the row up for all, otherwise each does: barriers cost a GPU next to nothing,
// but software adapters, which switch stacks at each of them, more than everything else here.
// Reads spikes, plan_words, synapses, constants; adds to inputs (atomic integer sums, so the order does not matter);
// in arrival mode reads state and reads and writes synapse_state, each cell by one invocation.
// CPU twin: the delivery loop of src/cpu.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/spike-rows
#import lib/inputs
#import lib/philox
#import lib/tables
#import lib/accumulate

@group(0) @binding(5) var<storage, read> constants: array<f32>;
#if WRITES_STATE
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
#else
@group(0) @binding(6) var<storage, read> state: array<u32>;
#endif
@group(0) @binding(8) var<storage, read> synapses: array<u32>;
@group(0) @binding(9) var<storage, read_write> synapse_state: array<u32>;

override workgroup_size: u32 = 64u;
// Arrival mode: the delays, in steps, that spikes of the kernel's projections may have.
override smallest_delay: u32 = 0u;
override largest_delay: u32 = 0u;

// What the workgroup works on: entries begin … end-1 of row `number` of the projection described at that word.
struct Row {
  begin: u32,
  end: u32,
  number: u32,
  projection: u32,
}

#insert declarations

#if HALF_WORDS
fn target_of(synapse_base: u32, entry: u32) -> u32 {
  return (synapses[synapse_base + entry / 2u] >> (16u * (entry % 2u))) & 0xffffu;
}
#endif

#if DELAY_PER_SYNAPSE
// `base` is where the delays lie: behind the targets with bytes, among the synapses otherwise.
fn delay_of(base: u32, entry: u32) -> u32 {
  #if HALF_WORDS
  return (synapses[base + entry / 4u] >> (8u * (entry % 4u))) & 0xffu;
  #elif WIDE
  return synapses[base + 2u * entry + 1u];
  #else
  return synapses[base + entry] >> 24u;
  #endif
}
#endif

#if SORTED_BY_DELAY
// First entry of a row, sorted by delay, whose delay is at least `delay`.
fn first_with_delay(base: u32, begin: u32, end: u32, delay: u32) -> u32 {
  var low = begin;
  var high = end;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (delay_of(base, middle) < delay) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low;
}
#endif

// Row number `pair` of the spikes in that slot. Ranges of neurons with fewer projections than others give empty rows.
fn find_row(slot: u32, pair: u32, delay: u32) -> Row {
  let neuron = neuron_of(slot, pair / rows_per_spike);
  let projection = find_projection(neuron, pair % rows_per_spike);
  if (projection == NONE) {
    return Row(0u, 0u, 0u, 0u);
  }
  let number = neuron - plan_words[projection + PROJECTION_FIRST];
  let rows = plan_words[projection + PROJECTION_ROWS] + number;
  var begin = plan_words[rows];
  var end = plan_words[rows + 1u];
  #if SORTED_BY_DELAY
  let base = plan_words[projection + PROJECTION_DELAYS];
  begin = first_with_delay(base, begin, end, delay);
  end = first_with_delay(base, begin, end, delay + 1u);
  #elif ARRIVAL
  if (plan_words[projection + PROJECTION_DELAY] != delay) {
    return Row(0u, 0u, 0u, 0u);
  }
  #endif
  return Row(begin, end, number, projection);
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
  #if SHARED_ROW
  if (lane == 0u) {
    is_stopped = select(0u, 1u, is_halted());
  }
  // Includes a barrier: all invocations of the workgroup see the same answer.
  if (workgroupUniformLoad(&is_stopped) == 1u) {
    return;
  }
  #else
  if (is_halted()) {
    return;
  }
  #endif
  let first_step = window_first();
  // Position of this workgroup in the list of all (spike, row) pairs, less the pairs of the slots already passed.
  var pair = workgroup_id.x;
  #if ARRIVAL
  let slots = min(largest_delay, first_step) - min(smallest_delay, first_step + 1u) + 1u;
  #else
  let slots = window_length();
  #endif
  for (var k = 0u; k < slots; k++) {
    #if ARRIVAL
    let delay = smallest_delay + k;
    let emission = first_step - delay;
    let step_in_window = 0u;
    #else
    let delay = 0u;
    let emission = first_step + k;
    let step_in_window = k;
    #endif
    let slot = emission % spike_slots;
    let pairs = spikes[slot] * rows_per_spike;
    while (pair < pairs) {
      #if SHARED_ROW
      if (lane == 0u) {
        shared_row = find_row(slot, pair, delay);
      }
      // Includes a barrier before and after the load, so the next turn may overwrite it.
      let row = workgroupUniformLoad(&shared_row);
      #else
      let row = find_row(slot, pair, delay);
      #endif
      if (row.begin < row.end) {
        let synapse_base = plan_words[row.projection + PROJECTION_SYNAPSES];
        let delay_base = plan_words[row.projection + PROJECTION_DELAYS];
        let row_constants = plan_words[row.projection + PROJECTION_CONSTANTS];
        let seed = plan_words[row.projection + PROJECTION_SEED];
        let stream = plan_words[row.projection + PROJECTION_STREAM];
        let row_delay = plan_words[row.projection + PROJECTION_DELAY];
        #if SPLIT_COLUMNS
        let first_bound = plan_words[row.projection + PROJECTION_BEGIN];
        let end_bound = plan_words[row.projection + PROJECTION_END];
        #endif
        #insert row
        for (var entry = row.begin + lane; entry < row.end; entry += workgroup_size) {
          #if POST
          let pre_index = synapses[synapse_base + 2u * entry];
          let synapse = synapses[synapse_base + 2u * entry + 1u];
          let post_index = row.number;
          let synapse_delay = row_delay;
          #if SPLIT_COLUMNS
          // The variables of other synapses are in other buffers: another dispatch is for them.
          if (synapse < first_bound || synapse >= end_bound) {
            continue;
          }
          #endif
          #else
          let pre_index = row.number;
          let synapse = entry;
          #if HALF_WORDS
          let post_index = target_of(synapse_base, entry);
          #elif WIDE
          let post_index = synapses[synapse_base + 2u * entry];
          #elif DELAY_PER_SYNAPSE
          let word = synapses[synapse_base + entry];
          let post_index = word & 0xffffffu;
          #else
          let post_index = synapses[synapse_base + entry];
          #endif
          #if IN_WORD
          let synapse_delay = word >> 24u;
          #elif DELAY_PER_SYNAPSE
          let synapse_delay = delay_of(delay_base, entry);
          #else
          let synapse_delay = row_delay;
          #endif
          #endif
          #if ARRIVAL
          let step_number = first_step;
          #else
          let step_number = emission + synapse_delay;
          #endif
          let arrivals = (step_number % ring_slots) * input_cells;
          #insert statements
        }
      }
      pair += num_workgroups.x;
    }
    pair -= pairs;
  }
}
