/**
 * Where in memory the CPU engine keeps what synapses are made from: tables of gaps and of quantiles, one description per
 * projection whose rows are made from counters (plan.ts, GeneratedRows), and room for the row that is being made.
 * generate.ts has the code that reads it; nothing is made here.
 */
import { bitsOf } from '../language/wasm/emit.ts';
import { philoxTable } from '../language/wasm/philox.ts';
import { ROW_WORDS } from '../language/wasm/philox-rows.ts';
import type { GeneratedRows, Plan, ProjectionSlot, TableSlot } from '../plan/plan.ts';

type GapSlot = Extract<TableSlot, { kind: 'gaps' }>;
type QuantileSlot = Extract<TableSlot, { kind: 'quantiles' }>;

/** Numbers of the rules in memory: places in this list. */
export const RULES: readonly GeneratedRows['rule'][] = [
  'one-to-one',
  'all-to-all',
  'gaps',
  'draws',
];

/** Byte offsets in the description of a projection's rows. */
export const ROWS = {
  rule: 0,
  targetCount: 4,
  /** What to add to a row's number for its own number among the targets. */
  selfShift: 8,
  /** 1: a row's own number is passed over. */
  skipsSelf: 12,
  /** Synapses of every row, or -1: then the row offsets say. */
  length: 16,
  offsets: 20,
  thresholds: 24,
  gapCount: 28,
  guide: 32,
  /** philoxTable of the stream of targets. */
  key: 64,
  /** The delay, then the values of synapse variables: NUMBER_BYTES each. */
  numbers: 160,
} as const;

/** Byte offsets in the description of a number that every synapse has. */
export const NUMBER = {
  /** Address of the quantiles; 0 for a constant. */
  table: 0,
  /** The constant, a float or a whole number. */
  constant: 4,
  key: 8,
} as const;
const NUMBER_BYTES = 96;

/** Offset of number `index` in a description: 0 is the delay, 1 + k the value of synapse variable k. */
export const numberOffset = (index: number): number => ROWS.numbers + index * NUMBER_BYTES;

/**
 * Quantiles in memory: least, most, then pairs (start, slope) by cell. Here every octave has 64 cells, also those of
 * words below 64, so that the upper bits of a word turned into a float are the number of its cell; quantiles.ts keeps
 * 64 cells for all of those together. The upper half comes first.
 */
export const QUANTILES = {
  least: 0,
  most: 4,
  cells: 16,
  /** Bytes of one half: octaves of 64 cells for 0 and for 2^0 … 2^30. */
  halfBytes: 32 * 64 * 8,
} as const;

/** Numbers of synapses are made so many at a time; a multiple of ROW_WORDS. */
export const CHUNK = 256;

/** Room for a row in the making, of every thread. Byte offsets. */
export const SCRATCH = {
  words: 0,
  /** CHUNK cells for each number, in the order of a description. */
  numbers: 4 * ROW_WORDS,
} as const;

/** Byte offset of number `index` of the chunk at hand. */
export const scratchNumber = (index: number): number => SCRATCH.numbers + index * CHUNK * 4;

export interface GenerateLayout {
  /** Address of the description of each projection with `generate`. */
  readonly descriptions: ReadonlyMap<ProjectionSlot, number>;
  /** Byte offset in the scratch room of the targets of the row at hand: all of them. */
  readonly targets: number;
  /** Bytes of the scratch room; 0 when no rows are made. */
  readonly scratchBytes: number;
}

/** Projections whose synapses the engine makes. */
export function generatedProjections(plan: Plan): readonly ProjectionSlot[] {
  return plan.deliver.flatMap(({ projections }) =>
    projections.filter(({ generate }) => generate !== null),
  );
}

/** Places the descriptions and computes the room for a row. */
export function placeGenerated(plan: Plan, take: (bytes: number) => number): GenerateLayout {
  const descriptions = new Map<ProjectionSlot, number>();
  let longest = 0;
  let numbers = 1;
  for (const projection of generatedProjections(plan)) {
    const { values, longest: length } = projection.generate as GeneratedRows;
    descriptions.set(projection, take(numberOffset(1 + values.length)));
    longest = Math.max(longest, length);
    numbers = Math.max(numbers, 1 + values.length);
  }
  const targets = scratchNumber(numbers);
  // Rows are made sixteen targets at a time.
  const whole = Math.ceil(longest / ROW_WORDS + 1) * ROW_WORDS;
  const scratchBytes = descriptions.size === 0 ? 0 : targets + 4 * whole;
  return { descriptions, targets, scratchBytes };
}

/** Bytes of a table that synapses are made from. */
export function tableBytes(table: GapSlot | QuantileSlot): number {
  return table.kind === 'gaps'
    ? table.thresholds.length * 4 + table.guide.length * 2
    : QUANTILES.cells + 2 * QUANTILES.halfBytes;
}

/** Writes such a table. */
export function writeTable(
  table: GapSlot | QuantileSlot,
  buffer: ArrayBufferLike,
  address: number,
): void {
  if (table.kind === 'gaps') {
    const { thresholds, guide } = table;
    new Uint32Array(buffer, address, thresholds.length).set(thresholds);
    new Uint16Array(buffer, address + thresholds.length * 4, guide.length).set(guide);
    return;
  }
  const { starts, slopes, least, most } = table;
  const cells = starts.length / 2;
  const head = new Float32Array(buffer, address, 2);
  head.set([least, most]);
  for (const isUpper of [true, false]) {
    const first = address + QUANTILES.cells + (isUpper ? 0 : QUANTILES.halfBytes);
    const pairs = new Float32Array(buffer, first, QUANTILES.halfBytes / 4);
    for (let pair = 0; pair < pairs.length / 2; pair++) {
      const cell = cellOf(pair) + (isUpper ? cells : 0);
      const start = starts[cell] as number;
      // A lower bound of 0 makes 0 of -0; machines take the larger of equals as they come.
      pairs[2 * pair] = Object.is(start, -0) && Object.is(least, 0) ? 0 : start;
      pairs[2 * pair + 1] = slopes[cell] as number;
    }
  }
}

/** The cell of quantiles.ts for a cell of ours, which belongs to words with these leading bits. */
function cellOf(pair: number): number {
  const octave = (pair >>> 6) - 1;
  if (octave >= 6) return pair - 64 * 6;
  // Words below 64 have cells of their own there: word 2^octave + k, where the fraction is k/2^octave.
  return octave < 0 ? 0 : (1 << octave) + ((pair & 63) >>> (6 - octave));
}

/** Writes the description of a projection's rows. */
export function writeDescription(
  plan: Plan,
  projection: ProjectionSlot,
  words: Uint32Array,
  address: number,
  places: { readonly rows: number; readonly tables: readonly { readonly address: number }[] },
): void {
  const generate = projection.generate as GeneratedRows;
  const set = (offset: number, value: number): void => {
    words[(address + offset) / 4] = value;
  };
  set(ROWS.rule, RULES.indexOf(generate.rule));
  set(ROWS.targetCount, projection.targetCount);
  set(ROWS.selfShift, projection.sourceFirst - projection.targetFirst);
  set(ROWS.skipsSelf, generate.autapses ? 0 : 1);
  set(ROWS.length, generate.length);
  set(ROWS.offsets, places.rows + projection.rows * 4);
  const gaps = plan.tables[generate.table];
  if (gaps?.kind === 'gaps') {
    const thresholds = places.tables[generate.table]?.address ?? 0;
    set(ROWS.thresholds, thresholds);
    set(ROWS.gapCount, gaps.length);
    set(ROWS.guide, thresholds + gaps.thresholds.length * 4);
  }
  words.set(philoxTable(generate.seed, generate.stream), (address + ROWS.key) / 4);
  const kernel = plan.deliver.find(({ projections }) => projections.includes(projection));
  const { delaySteps } = projection;
  const numbers = [generate.delay ?? { kind: 'constant' as const, value: delaySteps }];
  for (const [index, number] of [...numbers, ...generate.values].entries()) {
    const at = numberOffset(index);
    if (number.kind === 'constant') {
      const isWhole = index === 0 || kernel?.synapseVariables[index - 1]?.type !== 'f32';
      set(at + NUMBER.table, 0);
      set(at + NUMBER.constant, isWhole ? number.value : bitsOf(number.value));
    } else {
      set(at + NUMBER.table, places.tables[number.table]?.address ?? 0);
      words.set(philoxTable(generate.seed, number.stream), (address + at + NUMBER.key) / 4);
    }
  }
}
