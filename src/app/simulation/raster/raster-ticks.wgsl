// Paints every spike of the window as a tick.
// One instance per spike, two triangles each; corners are computed from the ring of spikes, no vertices are stored.
// Reads frame, spike_steps, spike_neurons, row_of, looks. CPU twin: paintTicks of pixels.ts.

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> spike_steps: array<u32>;
@group(0) @binding(2) var<storage, read> spike_neurons: array<u32>;
@group(0) @binding(3) var<storage, read> row_of: array<u32>;
@group(0) @binding(4) var<storage, read> looks: array<vec2u>;  // first line and lines of a row, its colour

struct Corner {
  @builtin(position) at: vec4f,
  @location(0) @interpolate(flat) colour: u32,
}

@vertex
fn corner(@builtin(vertex_index) k: u32, @builtin(instance_index) i: u32) -> Corner {
  var place = frame.first_place + i;
  if (place >= frame.capacity) { place -= frame.capacity; }
  let look = looks[row_of[spike_neurons[place]]];
  // Whole steps are subtracted first: late in a long run single precision does not hold a step.
  let since = f32(spike_steps[place] - frame.from_step) - frame.from_part;
  let left = floor(since * frame.pixels_per_step);
  // Two triangles, corners 0 1 2 and 2 1 3 of the box.
  let box = select(select(k - 2u, 5u - k, k < 5u), k, k < 3u);
  let right_side = (box & 1u) == 1u;
  let lower_side = box >= 2u;
  let x = left + select(0.0, f32(frame.tick), right_side);
  let y = f32(look.x & 0xffffu) + select(0.0, f32(look.x >> 16u), lower_side);
  var out: Corner;
  out.at = vec4f(2.0 * x / f32(frame.width) - 1.0, 1.0 - 2.0 * y / f32(frame.height), 0.0, 1.0);
  out.colour = look.y;
  return out;
}

@fragment
fn paint(in: Corner) -> @location(0) vec4f {
  return vec4f(colour_of(in.colour), frame.ticks);
}
