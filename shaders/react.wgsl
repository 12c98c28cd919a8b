// What happens in the voxels of a field in the interval that ends with the window: takes what was deposited and
// integrates the reaction.
// One invocation per voxel, with QUADS per four of them, whose variables are read and written at once.
// Reads plan_words, constants and diffused; reads and writes its own cells of state and of the deposits in inputs.
// CPU twin: src/cpu/field-react.ts.
#import lib/numbers
#import lib/window
#import lib/report
#import lib/philox
#import lib/tables
#import lib/finite
#import lib/arrivals

@group(0) @binding(5) var<storage, read> constants: array<f32>;
#if QUADS
@group(0) @binding(6) var<storage, read_write> state: array<vec4u>;
@group(0) @binding(8) var<storage, read> diffused: array<vec4f>;
#else
@group(0) @binding(6) var<storage, read_write> state: array<u32>;
@group(0) @binding(8) var<storage, read> diffused: array<f32>;
#endif

override workgroup_size: u32 = 64u;
override voxel_count: u32 = 1u;
override item_count: u32 = 1u;
// Steps of an interval.
override interval: u32 = 1u;
override state_base: u32 = 0u;
// First cell of its copies, and of its deposits.
override copy_base: u32 = 0u;
override deposits_first: u32 = 0u;
override field_constants: u32 = 0u;
override field_seed: u32 = 0u;
override field_stream: u32 = 0u;
// Number of voxel 0 in reports, where voxels come behind all neurons.
override first_number: u32 = 0u;

#insert declarations

// The variables of a voxel.
#insert variables

fn react(voxel: u32, step_number: u32, before: Variables) -> Variables {
  #insert load

  #insert react

  let last_step = window_length() - 1u;
  let number = first_number + voxel;
  #insert check

  #insert result
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
  let first_step = window_first() + window_length() - interval;

  #insert voxels
}
