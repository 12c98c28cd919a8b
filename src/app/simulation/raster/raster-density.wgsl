// Paints the counted spikes as brightness over the whole picture.
// One fragment per pixel. Reads frame, lines, counts. CPU twin: paintColumns of pixels.ts.

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> lines: array<vec4u>;  // first row, rows, colour without and of spikes
@group(0) @binding(2) var<storage, read> counts: array<u32>;   // [column][row]

// Brightness of a pixel with any spike; tone.ts.
const LEAST_LIGHT = 0.4;

@vertex
fn corner(@builtin(vertex_index) k: u32) -> @builtin(position) vec4f {
  // A triangle that covers the picture.
  return vec4f(f32(k & 1u) * 4.0 - 1.0, f32(k >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// Columns do not all have the same number of steps.
fn width_of(slot: u32) -> f32 {
  let begin = (slot * frame.groups + frame.columns - 1u) / frame.columns;
  let end = ((slot + 1u) * frame.groups + frame.columns - 1u) / frame.columns;
  return f32(end - begin) * f32(frame.columns) / f32(frame.groups);
}

@fragment
fn paint(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let line = lines[u32(at.y)];
  let ground = colour_of(line.z);
  let column = floor(at.x * frame.column_scale + frame.column_from);
  if (column < 0.0 || column >= f32(frame.columns)) { return vec4f(ground, 1.0); }
  let slot = (u32(column) + frame.first_slot) % frame.columns;
  var most = 0u;
  for (var k = 0u; k < line.y; k++) {
    most = max(most, counts[slot * frame.rows + line.x + k]);
  }
  if (most == 0u) { return vec4f(ground, 1.0); }
  let tone = 1.0 - exp(-f32(most) / (frame.exposure * width_of(slot)));
  let light = LEAST_LIGHT + (1.0 - LEAST_LIGHT) * tone;
  return vec4f(mix(ground, colour_of(line.w), light * frame.density), 1.0);
}
