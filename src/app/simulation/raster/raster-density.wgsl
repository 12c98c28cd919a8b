// Paints the counted spikes as brightness over the whole picture.
// One fragment per pixel. Reads frame, lines, counts, widths. CPU twin: paintColumns of pixels.ts.

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> lines: array<vec4u>;  // first row, rows, colour without and of spikes
@group(0) @binding(2) var<storage, read> counts: array<u32>;   // [column][row]
@group(0) @binding(3) var<storage, read> widths: array<f32>;   // steps of a column over their mean

// Brightness of a pixel with any spike; tone.ts.
const LEAST_LIGHT = 0.4;

@vertex
fn corner(@builtin(vertex_index) k: u32) -> @builtin(position) vec4f {
  // A triangle that covers the picture.
  return vec4f(f32(k & 1u) * 4.0 - 1.0, f32(k >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn paint(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let line = lines[u32(at.y)];
  let ground = colour_of(line.z);
  let column = floor(at.x * frame.column_scale + frame.column_from);
  if (column < 0.0 || column >= f32(frame.columns)) { return vec4f(ground, 1.0); }
  var slot = u32(column) + frame.first_slot;
  if (slot >= frame.columns) { slot -= frame.columns; }
  var most = 0u;
  let first = slot * frame.rows + line.x;
  for (var k = 0u; k < line.y; k++) { most = max(most, counts[first + k]); }
  if (most == 0u) { return vec4f(ground, 1.0); }
  let tone = 1.0 - exp(-f32(most) / (frame.exposure * widths[slot]));
  let light = LEAST_LIGHT + (1.0 - LEAST_LIGHT) * tone;
  return vec4f(mix(ground, colour_of(line.w), light * frame.density), 1.0);
}
