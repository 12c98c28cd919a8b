// Integrates one model over the steps of one window: applies what arrived, resets, samples, advances, tests for spikes.
// One invocation per neuron, which keeps its state in registers from the first step of the window to the last.
// Reads plan_words and constants; reads and writes its own cells of state and inputs; adds to spikes, report, samples.
// CPU twin: the update loop of src/cpu.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/spikes
#import lib/philox
#import lib/tables
#import lib/finite
#import lib/arrivals

@group(0) @binding(5) var<storage, read> constants: array<f32>;
// Bit patterns, because a register of floats may change integers that are stored in it.
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(8) var<storage, read_write> samples: array<f32>;

override workgroup_size: u32 = 64u;
override neuron_count: u32 = 1u;
override state_base: u32 = 0u;
override input_cells: u32 = 1u;
override ring_slots: u32 = 1u;
#if ONE_MEMBER
// The words of the only member's entry, known to the compiler.
override member_first_neuron: u32 = 0u;
override member_constants: u32 = 0u;
override member_seed: u32 = 0u;
override member_stream: u32 = 0u;
override member_flags: u32 = 0u;
override member_tables: u32 = 0u;
override member_gathers: u32 = 0u;
#else
override members_first: u32 = 0u;
override member_count: u32 = 1u;
const MEMBER_WORDS = 9u;
#endif
// Of the sampler: interval in steps, first word of its rows, rows, values, first cell of its samples.
override sample_every: u32 = 1u;
override sample_rows_first: u32 = 0u;
override sample_rows: u32 = 1u;
override sample_values: u32 = 1u;
override sample_base: u32 = 0u;
// The same of the probe, whose rows the host writes.
override probe_every: u32 = 1u;
override probe_rows_first: u32 = 0u;
override probe_rows: u32 = 1u;
override probe_values: u32 = 1u;
override probe_base: u32 = 0u;
// Cells of a region, of all samplers and probes.
override sample_region: u32 = 0u;
const MEMBER_RECORDED = 1u;
const MEMBER_EMITS = 2u;

#insert declarations

#if !ONE_MEMBER
// First word of the entry of the member (a population) to which local neuron n belongs: members are sorted.
fn find_member(n: u32) -> u32 {
  var low = 0u;
  var high = member_count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (plan_words[members_first + middle * MEMBER_WORDS] <= n) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return members_first + low * MEMBER_WORDS;
}
#endif

// Cell `place`, in a voxel of a field, of what the member gathers as number `slot`. Fields stand still during a window.
fn gathered(gathers: u32, slot: u32, place: i32) -> f32 {
  return bitcast<f32>(state[plan_words[gathers + slot] + u32(place)]);
}

// Cell of value 0, row 0 of the sample of a step, among samples every so many steps from cell `base` of the region on.
fn sample_cell(base: u32, every: u32, step_number: u32, cells: u32) -> u32 {
  let first_sample = (batch.first_step + every - 1u) / every;
  let sample = step_number / every - first_sample;
  return base + batch.region * sample_region + sample * cells;
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let n = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  if (n >= neuron_count || is_halted()) {
    return;
  }
  #if OPENS_WINDOW
  if (n == 0u && window.mode != MODE_BEGIN) {
    open_next_window();
  }
  #endif
  #if ONE_MEMBER
  let neuron = n;
  let global_neuron = member_first_neuron + neuron;
  #else
  let member = find_member(n);
  let neuron = n - plan_words[member];
  let global_neuron = plan_words[member + 2u] + neuron;
  let member_constants = plan_words[member + 3u];
  let member_stream = plan_words[member + 4u];
  let member_flags = plan_words[member + 5u];
  let member_tables = plan_words[member + 6u];
  let member_seed = plan_words[member + 7u];
  let member_gathers = plan_words[member + 8u];
  #endif
  #if SAMPLED
  let sample_row = bitcast<i32>(plan_words[sample_rows_first + n]);
  #endif
  #if PROBED
  var probe_row = -1;
  if (batch.probed == 1u) {
    probe_row = bitcast<i32>(plan_words[probe_rows_first + n]);
  }
  #endif

  #insert load

  let first_step = window_first();
  #if !ONE_STEP
  let length = select(window_length(), 1u, window.mode == MODE_BEGIN);
  #endif
  let is_begun = window.mode == MODE_BEGUN || (window.offset == 0u && batch.begun == 1u);
  var spike_mask = 0u;
  var arrivals = ((first_step + ring_slots - 1u) % ring_slots) * input_cells;
  #if ONE_STEP
  let k = 0u;
  // Not a loop, only something to break out of: what compilers make of loops costs a quarter of the time here.
  switch (k) { default: {
  #else
  for (var k = 0u; k < length; k++) {
  #endif
    let step_number = first_step + k;
    if (k > 0u || !is_begun) {
      #insert begin
    }
    arrivals += input_cells;
    if (arrivals == ring_slots * input_cells) {
      arrivals = 0u;
    }
    if (window.mode == MODE_BEGIN) {
      break;
    }
    #if SAMPLED
    if (sample_row >= 0 && step_number % sample_every == 0u) {
      let sample_first = u32(sample_row) +
        sample_cell(sample_base, sample_every, step_number, sample_values * sample_rows);
      #insert sample
    }
    #endif
    #if PROBED
    if (probe_row >= 0 && step_number % probe_every == 0u) {
      let probe_first = u32(probe_row) +
        sample_cell(probe_base, probe_every, step_number, probe_values * probe_rows);
      #insert probe
    }
    #endif
    #insert advance
    #if SPIKES
    if (has_spiked) {
      spike_mask |= 1u << k;
      if ((member_flags & MEMBER_EMITS) != 0u) {
        emit_spike(step_number, global_neuron);
      }
      #insert on_spike
    }
    #endif
    #insert late
    #if CHECKED
    #insert check
    #endif
  #if ONE_STEP
  }}
  #else
  }
  #endif
  if (spike_mask != 0u && (member_flags & MEMBER_RECORDED) != 0u) {
    record_spikes(first_step, spike_mask, global_neuron);
  }

  #insert store
}
