// Sends spikes to the spike ring, from which projections deliver, and to the record, which the host reads.
// The ring holds `spike_slots` counts, then for each slot the global numbers of the neurons that spiked.

@group(0) @binding(3) var<storage, read_write> spikes: array<atomic<u32>>;

override spike_slots: u32 = 2u;
// Neurons of all populations: the length of a slot's list.
override total_neurons: u32 = 1u;
// Entries that one region of the record can hold, and the most that one window can add.
override record_capacity: u32 = 0u;
override record_per_window: u32 = 0u;

// Atomic add: a place of its own for every spike. The order in a list is arbitrary and does not matter.
fn emit_spike(step_number: u32, neuron: u32) {
  let slot = step_number % spike_slots;
  let place = atomicAdd(&spikes[slot], 1u);
  atomicStore(&spikes[spike_slots + slot * total_neurons + place], neuron);
}

fn record_spikes(first_step: u32, mask: u32, neuron: u32) {
  let place = atomicAdd(&report[REPORT_CURSOR + batch.region], 1u);
  let cell = REPORT_RECORDS + RECORD_WORDS * (batch.region * record_capacity + place);
  atomicStore(&report[cell], neuron);
  atomicStore(&report[cell + 1u], first_step);
  atomicStore(&report[cell + 2u], mask);
}

// Done by one invocation of the first dispatch of a window: empties the slots of the next window, which no dispatch of
// this one touches, and halts the run after this window if the next one of the batch might not fit the record. The
// count may grow while it is read; by at most `record_per_window`, which the factor 2 allows for.
fn open_next_window() {
  let next = window_first() + window_length();
  for (var ahead = 0u; ahead < window_steps; ahead++) {
    atomicStore(&spikes[(next + ahead) % spike_slots], 0u);
  }
  let recorded = atomicLoad(&report[REPORT_CURSOR + batch.region]);
  let is_last = window.offset + window_length() >= batch.steps;
  if (!is_last && recorded + 2u * record_per_window > record_capacity) {
    // Atomic minimum only because the word is atomic; one invocation writes it.
    atomicMin(&report[REPORT_HALT], next);
  }
}
