// From a spike to the projections that it starts, by ranges of neurons that have the same ones.
// Host twin: src/gpu/plan-words.ts, which writes the words.
#import lib/projections

// The ring holds `spike_slots` counts, then for each slot the global numbers of the neurons that spiked.
@group(0) @binding(3) var<storage, read> spikes: array<u32>;

override spike_slots: u32 = 2u;
override total_neurons: u32 = 1u;
// Ranges of neurons: first neuron, first word of the list, projections.
override segments_first: u32 = 0u;
override segment_count: u32 = 1u;
// The longest of those lists.
override rows_per_spike: u32 = 1u;
const SEGMENT_WORDS = 3u;

// First word of the entry of projection number `choice` that starts from a neuron; NONE when it has fewer.
fn find_projection(neuron: u32, choice: u32) -> u32 {
  var low = 0u;
  var high = segment_count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (plan_words[segments_first + middle * SEGMENT_WORDS] <= neuron) {
      low = middle;
    } else {
      high = middle;
    }
  }
  let segment = segments_first + low * SEGMENT_WORDS;
  if (choice >= plan_words[segment + 2u]) {
    return NONE;
  }
  return plan_words[plan_words[segment + 1u] + choice];
}

// The neuron of spike number `spike` of a slot.
fn neuron_of(slot: u32, spike: u32) -> u32 {
  return spikes[spike_slots + slot * total_neurons + spike];
}
