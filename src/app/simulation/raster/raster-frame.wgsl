// What a frame of the raster shows; the head of raster-density and raster-ticks.

struct Frame {
  width: u32,            // of the picture, pixels
  height: u32,
  first_slot: u32,       // place in the ring of the first column
  column_scale: f32,     // columns per pixel
  column_from: f32,      // column at the left edge
  exposure: f32,         // spikes that make a pixel two thirds bright
  density: f32,          // how much of the density is seen, 0 to 1
  ticks: f32,            // how much of the ticks is seen, 0 to 1
  columns: u32,
  rows: u32,
  from_step: u32,        // at the left edge
  from_part: f32,        // and its fraction
  pixels_per_step: f32,
  tick: u32,             // width of a tick, pixels
  first_place: u32,      // in the ring of spikes, of the first that is drawn
  capacity: u32,         // of the ring of spikes
}

fn colour_of(packed: u32) -> vec3f {
  return vec3f(f32((packed >> 16u) & 255u), f32((packed >> 8u) & 255u), f32(packed & 255u)) / 255.0;
}
