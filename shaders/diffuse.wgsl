// One step of diffusion of a field: from the state of every variable that diffuses to its copy.
// One invocation per variable and tile, a block of voxels side by side: those share most of their neighbours, so that
// less is read. With QUADS four voxels along x are read and written at once.
// Reads constants and state; writes its own cells of diffused.
// CPU twin: src/cpu/field-diffuse.ts.
#import lib/numbers
#import lib/window
#import lib/report

@group(0) @binding(5) var<storage, read> constants: array<f32>;
#if QUADS
@group(0) @binding(6) var<storage, read> state: array<vec4u>;
@group(0) @binding(8) var<storage, read_write> diffused: array<vec4f>;
#else
@group(0) @binding(6) var<storage, read> state: array<u32>;
@group(0) @binding(8) var<storage, read_write> diffused: array<f32>;
#endif

override workgroup_size: u32 = 64u;
override voxel_count: u32 = 1u;
// Voxels along the axes; tiles along x and y, in all, and for all variables.
override grid_x: u32 = 1u;
override grid_y: u32 = 1u;
override grid_z: u32 = 1u;
override tiles_x: u32 = 1u;
override tiles_y: u32 = 1u;
override tile_count: u32 = 1u;
override item_count: u32 = 1u;
override state_base: u32 = 0u;
// First cell of its copies.
override copy_base: u32 = 0u;
override field_constants: u32 = 0u;

#insert declarations

#if QUADS
// Those from that cell on, and a single one.
fn cells_at(cell: u32) -> vec4f {
  return bitcast<vec4f>(state[cell / 4u]);
}

fn cell_at(cell: u32) -> f32 {
  return bitcast<f32>(state[cell / 4u][cell % 4u]);
}
#else
fn cells_at(cell: u32) -> f32 {
  return bitcast<f32>(state[cell]);
}

fn cell_at(cell: u32) -> f32 {
  return bitcast<f32>(state[cell]);
}
#endif

// The neighbours of voxel n at `place` of `along` along an axis whose voxels are `stride` cells apart. Behind an edge
// that is the voxel itself or the one at the other end; what is beyond absorbing edges is no voxel, and counts as 0.
fn voxel_below(n: u32, place: u32, along: u32, stride: u32) -> u32 {
  #if PERIODIC
  return select(n - stride, n + (along - 1u) * stride, place == 0u);
  #else
  return select(n - stride, n, place == 0u);
  #endif
}

fn voxel_above(n: u32, place: u32, along: u32, stride: u32) -> u32 {
  #if PERIODIC
  return select(n + stride, n - (along - 1u) * stride, place == along - 1u);
  #else
  return select(n + stride, n, place == along - 1u);
  #endif
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let item = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  if (item >= item_count || is_halted()) {
    return;
  }
  let variable = item / tile_count;
  let tile = item % tile_count;
  // The first voxel of the tile.
  let x = TILE_X * (tile % tiles_x);
  let y = TILE_Y * ((tile / tiles_x) % tiles_y);
  let z = TILE_Z * (tile / (tiles_x * tiles_y));
  let n = x + grid_x * (y + grid_y * z);
  let cells = state_base + VARIABLE[variable] * voxel_count;
  let factors = field_constants + FACTORS[variable];
  let copies = copy_base + variable * voxel_count;

  #insert load

  #insert diffuse

  #insert store
}
