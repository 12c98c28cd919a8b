// Makes the synapses of projections from counters, once, and stores them as deliver.wgsl reads them.
// One workgroup per row with grid stride, whose invocations take blocks of four synapses in turn; without SHARED_ROW
// one invocation per row. Rows of all projections that lie in the bound buffers are counted through.
// Reads plan_words; writes synapses, which must be zero before, and synapse_state.
// CPU twin: the building of src/cpu. The same synapses, not stored: deliver-generated.wgsl.
#import lib/recipe

struct Build {
  // Of the rows counted through: first, and the one behind the last.
  first_row: u32,
  end_row: u32,
  // First word of the pieces, and their number.
  pieces_first: u32,
  piece_count: u32,
}

@group(0) @binding(0) var<uniform> build: Build;
@group(0) @binding(8) var<storage, read_write> synapses: array<atomic<u32>>;
@group(0) @binding(9) var<storage, read_write> synapse_state: array<u32>;

override workgroup_size: u32 = 64u;

// Words of a piece, rows of one projection side by side: how many rows come before it, its first row, word of the
// offset of row 0, packing, where synapses and delays lie, recipe, variables. After them the first cell of each variable.
const PIECE_BEFORE = 0u;
const PIECE_ROW = 1u;
const PIECE_OFFSETS = 2u;
const PIECE_PACKING = 3u;
const PIECE_SYNAPSES = 4u;
const PIECE_DELAYS = 5u;
const PIECE_RECIPE = 6u;
const PIECE_VALUES = 7u;
const PIECE_CELLS = 8u;
// Words of the list of pieces: rows before it, and where the piece is.
const LISTED_WORDS = 2u;

const PACKING_TARGET = 0u;
const PACKING_TARGET_DELAY = 1u;
const PACKING_WIDE = 2u;
const PACKING_HALF = 3u;
const PACKING_HALF_BYTE = 4u;

// First word of the piece that holds row number `row` of all.
fn find_piece(row: u32) -> u32 {
  var low = 0u;
  var high = build.piece_count;
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (plan_words[build.pieces_first + middle * LISTED_WORDS] <= row) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return plan_words[build.pieces_first + low * LISTED_WORDS + 1u];
}

// Writes synapse e. Atomic, because neighbours, which other invocations may make, share words with it.
fn store_synapse(piece: u32, e: u32, post: u32, delay: u32) {
  let base = plan_words[piece + PIECE_SYNAPSES];
  switch (plan_words[piece + PIECE_PACKING]) {
    case PACKING_TARGET: {
      atomicStore(&synapses[base + e], post);
    }
    case PACKING_TARGET_DELAY: {
      atomicStore(&synapses[base + e], post | (delay << 24u));
    }
    case PACKING_WIDE: {
      atomicStore(&synapses[base + 2u * e], post);
      atomicStore(&synapses[base + 2u * e + 1u], delay);
    }
    case PACKING_HALF: {
      atomicOr(&synapses[base + e / 2u], post << (16u * (e % 2u)));
    }
    default: {
      atomicOr(&synapses[base + e / 2u], post << (16u * (e % 2u)));
      let delay_base = plan_words[piece + PIECE_DELAYS];
      atomicOr(&synapses[delay_base + e / 4u], delay << (8u * (e % 4u)));
    }
  }
}

fn make_row(piece: u32, number: u32, lane: u32) {
  let offsets = plan_words[piece + PIECE_OFFSETS];
  let first = plan_words[offsets + number];
  let recipe = recipe_of(plan_words[piece + PIECE_RECIPE], number, offsets);
  let values = plan_words[piece + PIECE_VALUES];
  var block = lane;
  var progress = Progress();
  while (progress.position < recipe.target_count) {
    progress = go_on(recipe, progress, lane);
    let ready = synapses_ready(recipe, progress);
    for (; 4u * block < ready; block += row_lanes) {
      let count = min(4u, ready - 4u * block);
      let e = first + 4u * block;
      let targets = block_targets(recipe, block);
      let delays = block_values(recipe, recipe.at + RECIPE_DELAY, block);
      for (var part = 0u; part < count; part++) {
        store_synapse(piece, e + part, targets[part], delays[part]);
      }
      for (var k = 0u; k < values; k++) {
        let cells = plan_words[piece + PIECE_CELLS + k];
        let bits = block_values(recipe, recipe.at + RECIPE_VALUES + 4u * k, block);
        for (var part = 0u; part < count; part++) {
          synapse_state[cells + e + part] = bits[part];
        }
      }
    }
  }
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  #if SHARED_ROW
  var row = build.first_row + workgroup_id.x;
  let stride = num_workgroups.x;
  let row_lane = lane;
  #else
  var row = build.first_row + workgroup_id.x * workgroup_size + lane;
  let stride = num_workgroups.x * workgroup_size;
  let row_lane = 0u;
  #endif
  for (; row < build.end_row; row += stride) {
    let piece = find_piece(row);
    make_row(piece, plan_words[piece + PIECE_ROW] + row - plan_words[piece + PIECE_BEFORE], row_lane);
  }
}
