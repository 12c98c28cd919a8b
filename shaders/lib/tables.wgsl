// Reads timed arrays and binomial tables from plan_words.
// CPU twin: `table` and `binomial` in src/language/kernel.ts.
#import lib/plan-words

// Row min((2*step + half_steps) / (2*steps_per_row), rows - 1), column clamped to the table.
fn timed_value(first: u32, steps_per_row: i32, rows: i32, columns: i32, at: i32, half_steps: i32, column: i32) -> f32 {
  // (2*step + h) / (2*s) without doubling the step, so that no step overflows: h is -2, 0, 1 or 2, s a whole number.
  let row = min((at + half_steps / 2) / steps_per_row, rows - 1);
  let place = u32(row * columns + clamp(column, 0, columns - 1));
  return bitcast<f32>(plan_words[first + place]);
}

// First words of the plan's tables: for each table its first word and, for binomial tables, its length.
override tables_first: u32 = 0u;

// How many of the ascending thresholds of that table are at most `word`.
fn binomial_of(word: u32, table: u32) -> i32 {
  let first = plan_words[tables_first + 2u * table];
  var low = 0u;
  var high = plan_words[tables_first + 2u * table + 1u];
  while (low < high) {
    let middle = (low + high) / 2u;
    if (plan_words[first + middle] <= word) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return i32(low);
}
