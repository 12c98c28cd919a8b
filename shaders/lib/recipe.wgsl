// Rows of synapses made from counters: word k of row r is word k mod 4 of Philox counter (r, k div 4, 0, 0). Synapses
// are made four at a time, because a counter gives four words. Only whole numbers, table look-ups and one exact product
// with one sum are involved, so that every device makes the same synapses.
// With SHARED_ROW the invocations of a workgroup, row_lanes of them, work on one row, otherwise each on one of its own.
// Reads plan_words. CPU twins: src/plan/connect-rows.ts, gaps.ts, quantiles.ts; src/gpu/recipes.ts writes the words.
#import lib/plan-words
#import lib/philox

// Words of a recipe. After them, four words for each variable of the synapses, as for the delay.
const RECIPE_RULE = 0u;
const RECIPE_SEED = 1u;
const RECIPE_STREAM = 2u;
// Added to the row, it gives the target that is the source itself.
const RECIPE_SELF = 3u;
const RECIPE_AUTAPSES = 4u;
const RECIPE_TARGETS = 5u;
// Synapses of every row, or NONE: the row offsets tell.
const RECIPE_LENGTH = 6u;
// First of the thresholds of gaps, and their number.
const RECIPE_GAPS = 7u;
const RECIPE_GAP_COUNT = 8u;
const RECIPE_DELAY = 9u;
const RECIPE_VALUES = 13u;

const RULE_ONE_TO_ONE = 0u;
const RULE_ALL_TO_ALL = 1u;
const RULE_GAPS = 2u;
const RULE_DRAWS = 3u;

// Words of a value: stream, first word of its table or 0, bits of the value without a table, 1 for whole numbers.
const VALUE_TABLE = 1u;
const VALUE_BITS = 2u;
const VALUE_IS_WHOLE = 3u;

// Words of a table of quantiles: starts and slopes of the cells of both halves, bounds.
const CELLS = 1664u;
const TABLE_SLOPES = 3328u;
const TABLE_LEAST = 6656u;
const TABLE_MOST = 6657u;

struct Recipe {
  at: u32,
  row: u32,
  rule: u32,
  seed: u32,
  stream: u32,
  target_count: u32,
  // The target that is to be passed over, or NONE.
  self_target: u32,
  // Synapses of the row; with gaps they show when it is made.
  length: u32,
}

// `offsets`: word of the offset of row 0.
fn recipe_of(at: u32, row: u32, offsets: u32) -> Recipe {
  let rule = plan_words[at + RECIPE_RULE];
  let target_count = plan_words[at + RECIPE_TARGETS];
  var self_target = row + plan_words[at + RECIPE_SELF];
  if (self_target >= target_count || plan_words[at + RECIPE_AUTAPSES] == 1u) {
    self_target = NONE;
  }
  var length = plan_words[at + RECIPE_LENGTH];
  if (rule == RULE_ONE_TO_ONE) {
    length = select(1u, 0u, self_target == row);
  } else if (rule == RULE_ALL_TO_ALL) {
    length = target_count - select(1u, 0u, self_target == NONE);
  } else if (rule == RULE_DRAWS && length == NONE) {
    length = plan_words[offsets + row + 1u] - plan_words[offsets + row];
  }
  let seed = plan_words[at + RECIPE_SEED];
  let stream = plan_words[at + RECIPE_STREAM];
  return Recipe(at, row, rule, seed, stream, target_count, self_target, length);
}

fn row_words(recipe: Recipe, block: u32, stream: u32) -> vec4u {
  return philox(recipe.row, block, 0u, recipe.seed, stream);
}

// The value of a distribution that a word stands for.
fn quantile(table: u32, word: u32) -> f32 {
  let is_upper = word >= 0x80000000u;
  let m = select(word, ~word, is_upper);
  var cell = m;
  var fraction = 0u;
  if (m >= 64u) {
    // Bits below the seven that choose the cell.
    let shift = firstLeadingBit(m) - 6u;
    cell = ((shift + 1u) << 6u) + ((m >> shift) & 63u);
    if (shift >= 12u) {
      fraction = (m >> (shift - 12u)) & 4095u;
    } else {
      fraction = (m << (12u - shift)) & 4095u;
    }
  }
  cell += select(0u, CELLS, is_upper);
  let start = bitcast<f32>(plan_words[table + cell]);
  let slope = bitcast<f32>(plan_words[table + TABLE_SLOPES + cell]);
  // The product of 12 bits by 12 is exact: fused with the sum or not, there is one rounding.
  let value = start + f32(fraction) * slope;
  let least = bitcast<f32>(plan_words[table + TABLE_LEAST]);
  let most = bitcast<f32>(plan_words[table + TABLE_MOST]);
  return min(max(value, least), most);
}

// Bits of the values, described at word `value`, of the four synapses of a block.
fn block_values(recipe: Recipe, value: u32, block: u32) -> vec4u {
  let table = plan_words[value + VALUE_TABLE];
  if (table == 0u) {
    return vec4u(plan_words[value + VALUE_BITS]);
  }
  let words = row_words(recipe, block, plan_words[value]);
  let drawn = vec4f(
    quantile(table, words.x),
    quantile(table, words.y),
    quantile(table, words.z),
    quantile(table, words.w),
  );
  if (plan_words[value + VALUE_IS_WHOLE] == 1u) {
    return bitcast<vec4u>(vec4i(drawn));
  }
  return bitcast<vec4u>(drawn);
}

// How far the invocations that work on a row have come; all zero at first, at the end `position` is target_count or more.
struct Progress {
  // Targets passed over or found, found, and turns taken.
  position: u32,
  found: u32,
  turn: u32,
}

#if SHARED_ROW
override row_lanes: u32 = workgroup_size;
#else
const row_lanes = 1u;
#endif

#if GAPS
// The gap that a word means; the number of thresholds when no target is found that far.
fn gap_of(thresholds: u32, count: u32, word: u32) -> u32 {
  if (word >= plan_words[thresholds + count - 1u]) {
    return count;
  }
  // First candidates by the upper ten bits, two in a word.
  let guide = plan_words[thresholds + count + (word >> 23u)];
  var gap = (guide >> (16u * ((word >> 22u) & 1u))) & 0xffffu;
  while (word >= plan_words[thresholds + gap]) {
    gap++;
  }
  return gap;
}

// Targets found and not yet used up, by their rank in the row modulo the length of the list: at most four words' per
// invocation, and four that did not fill a block the last time.
#if SHARED_ROW
var<workgroup> found_targets: array<u32, 8u * workgroup_size>;
// Rank of the target that is to be passed over.
var<workgroup> self_rank: u32;
// The new position and found of Progress.
var<workgroup> reached: vec2u;
var<workgroup> sums: array<vec2u, 2u * workgroup_size>;
#else
var<private> found_targets: array<u32, 8>;
var<private> self_rank: u32;
var<private> reached: vec2u;
#endif

// Sum over the invocations before this one.
fn sum_before(own: vec2u, lane: u32) -> vec2u {
  #if SHARED_ROW
  var sum = own;
  // The halves of the list take turns, so that one barrier per turn will do.
  var half = 0u;
  for (var reach = 1u; reach < workgroup_size; reach *= 2u) {
    sums[half + lane] = sum;
    workgroupBarrier();
    if (lane >= reach) {
      sum += sums[half + lane - reach];
    }
    half = workgroup_size - half;
  }
  return sum - own;
  #else
  return vec2u(0u);
  #endif
}

// Finds the targets for the words of one more turn, four for each invocation.
fn find_targets(recipe: Recipe, before: Progress, lane: u32) -> Progress {
  let thresholds = plan_words[recipe.at + RECIPE_GAPS];
  let count = plan_words[recipe.at + RECIPE_GAP_COUNT];
  let words = row_words(recipe, before.turn * row_lanes + lane, recipe.stream);
  // Targets counted from the first that these words pass over; NONE for words without.
  var places = vec4u(NONE);
  var own = vec2u(0u);
  for (var part = 0u; part < 4u; part++) {
    let gap = gap_of(thresholds, count, words[part]);
    own.x += gap;
    if (gap < count) {
      places[part] = own.x;
      own += vec2u(1u);
    }
  }
  #if SHARED_ROW
  // All have read what was found in the turn before.
  workgroupBarrier();
  #endif
  if (before.turn == 0u && lane == 0u) {
    self_rank = NONE;
  }
  let sum = sum_before(own, lane);
  #if SHARED_ROW
  // self_rank is set before anybody finds it.
  workgroupBarrier();
  #endif
  let begin = before.position + sum.x;
  var rank = before.found + sum.y;
  for (var part = 0u; part < 4u; part++) {
    let post = begin + places[part];
    if (places[part] == NONE || post >= recipe.target_count) {
      continue;
    }
    found_targets[rank % (8u * row_lanes)] = post;
    if (post == recipe.self_target) {
      self_rank = rank;
    }
    rank++;
  }
  // One invocation tells: the one that gets to the end of the row, otherwise the last.
  let end = begin + own.x;
  let is_end = end >= recipe.target_count;
  if (begin < recipe.target_count && (is_end || lane == row_lanes - 1u)) {
    reached = vec2u(end, rank);
  }
  #if SHARED_ROW
  // Includes a barrier: all targets are in the list.
  let now = workgroupUniformLoad(&reached);
  #else
  let now = reached;
  #endif
  return Progress(now.x, now.y, before.turn + 1u);
}
#endif

// Goes on along the row, so that more of its synapses can be made. All invocations that work on the row do it together.
fn go_on(recipe: Recipe, before: Progress, lane: u32) -> Progress {
  #if GAPS
  if (recipe.rule == RULE_GAPS) {
    return find_targets(recipe, before, lane);
  }
  #endif
  return Progress(recipe.target_count, 0u, 0u);
}

// Synapses that can be made by now: whole blocks, at the end of the row all.
fn synapses_ready(recipe: Recipe, progress: Progress) -> u32 {
  #if GAPS
  if (recipe.rule == RULE_GAPS) {
    let synapses = progress.found - select(0u, 1u, self_rank < progress.found);
    return select(synapses & ~3u, synapses, progress.position >= recipe.target_count);
  }
  #endif
  return recipe.length;
}

// Targets of the four synapses of a block; those behind the end of the row mean nothing.
fn block_targets(recipe: Recipe, block: u32) -> vec4u {
  let numbers = 4u * block + vec4u(0u, 1u, 2u, 3u);
  if (recipe.rule == RULE_ONE_TO_ONE) {
    return vec4u(recipe.row);
  }
  #if GAPS
  if (recipe.rule == RULE_GAPS) {
    let ranks = (numbers + select(vec4u(0u), vec4u(1u), numbers >= vec4u(self_rank))) % (8u * row_lanes);
    return vec4u(found_targets[ranks.x], found_targets[ranks.y], found_targets[ranks.z], found_targets[ranks.w]);
  }
  #endif
  var posts = numbers;
  if (recipe.rule == RULE_DRAWS) {
    let width = recipe.target_count - select(1u, 0u, recipe.self_target == NONE);
    let words = row_words(recipe, block, recipe.stream);
    posts = vec4u(
      multiply_high(words.x, width),
      multiply_high(words.y, width),
      multiply_high(words.z, width),
      multiply_high(words.w, width),
    );
  }
  return posts + select(vec4u(0u), vec4u(1u), posts >= vec4u(recipe.self_target));
}
