// One step of diffusion of a field: from the state of every variable that diffuses to its copy.
// One invocation per voxel, voxels of a row along x side by side.
// Reads constants and state; writes its own cells of diffused.
// CPU twin: src/cpu/field-diffuse.ts.
#import lib/numbers
#import lib/window
#import lib/report

@group(0) @binding(5) var<storage, read> constants: array<f32>;
@group(0) @binding(6) var<storage, read> state: array<u32>;
@group(0) @binding(8) var<storage, read_write> diffused: array<f32>;

override workgroup_size: u32 = 64u;
override voxel_count: u32 = 1u;
// Voxels along x and y.
override grid_x: u32 = 1u;
override grid_y: u32 = 1u;
override grid_z: u32 = 1u;
override state_base: u32 = 0u;
// First cell of its copies.
override copy_base: u32 = 0u;
override field_constants: u32 = 0u;

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
  let n = (workgroup_id.y * num_workgroups.x + workgroup_id.x) * workgroup_size + lane;
  if (n >= voxel_count || is_halted()) {
    return;
  }
  #if ALONG_X
  let x = n % grid_x;
  let below_x = voxel_below(n, x, grid_x, 1u);
  let above_x = voxel_above(n, x, grid_x, 1u);
  #endif
  #if ALONG_Y
  let y = (n / grid_x) % grid_y;
  let below_y = voxel_below(n, y, grid_y, grid_x);
  let above_y = voxel_above(n, y, grid_y, grid_x);
  #endif
  #if ALONG_Z
  let z = n / (grid_x * grid_y);
  let below_z = voxel_below(n, z, grid_z, grid_x * grid_y);
  let above_z = voxel_above(n, z, grid_z, grid_x * grid_y);
  #endif

  #insert load

  #insert diffuse

  #insert store
}
