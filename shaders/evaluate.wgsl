// Evaluates generated statements over a list of argument triples, to find out how a device computes.
// One invocation per triple.
// Reads arguments and plan_words; writes results. Used by the start-up probe and by the tests of the emitter.
// CPU twin: tests/support/interpret.ts.
#import lib/numbers
#import lib/window
#import lib/philox
#import lib/tables
#import lib/accumulate

@group(0) @binding(5) var<storage, read> arguments: array<u32>;
@group(0) @binding(6) var<storage, read_write> results: array<u32>;

override workgroup_size: u32 = 64u;

#insert declarations

@compute @workgroup_size(workgroup_size)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let triple = id.x;
  if (triple >= arrayLength(&results)) {
    return;
  }
  let first = arguments[3u * triple];
  let second = arguments[3u * triple + 1u];
  let third = arguments[3u * triple + 2u];
  #insert statements
}
