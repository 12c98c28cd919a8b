// Counts newly arrived spikes into the columns and rows of the raster.
// One invocation per spike of the batch, in the ring of spikes.
// Reads params, spike_steps, spike_neurons, row_of; adds to counts. CPU twin: countSpikes of pixels.ts.

struct Params {
  first: u32,      // place in the ring of the first spike of the batch
  spikes: u32,     // in the batch
  capacity: u32,   // of the ring of spikes
  origin: u32,     // step at which the ring of columns begins
  steps: u32,      // in a turn of the ring of columns
  shift: u32,      // steps are taken in groups of 2^shift
  columns: u32,
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> spike_steps: array<u32>;
@group(0) @binding(2) var<storage, read> spike_neurons: array<u32>;
@group(0) @binding(3) var<storage, read> row_of: array<u32>;
@group(0) @binding(4) var<storage, read_write> counts: array<atomic<u32>>;  // [column][row]

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) invocation: vec3u) {
  let i = invocation.x;
  if (i >= params.spikes) { return; }
  var place = params.first + i;
  if (place >= params.capacity) { place -= params.capacity; }
  let group = ((spike_steps[place] - params.origin) % params.steps) >> params.shift;
  let column = group * params.columns / (params.steps >> params.shift);
  // Many spikes may fall into one cell; the order of additions does not matter.
  atomicAdd(&counts[column * params.rows + row_of[spike_neurons[place]]], 1u);
}
