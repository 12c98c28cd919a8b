/**
 * Rows of synapses made from what a plan says and nothing else (GeneratedRows, tables, row offsets): slow and plain, the
 * reference that engines and the host's own making are compared with.
 */
import { drawWord } from '../../src/language/philox.ts';
import type { GeneratedValue, Plan, ProjectionSlot, TableSlot } from '../../src/plan/plan.ts';

/** The synapses of one row, in order of creation. */
export interface GeneratedRow {
  readonly targets: readonly number[];
  readonly delays: readonly number[];
  /** By synapse variable, then synapse. */
  readonly values: readonly (readonly number[])[];
}

/** Row `row` of a slot with `generate`. */
export function generatedRow(plan: Plan, slot: ProjectionSlot, row: number): GeneratedRow {
  const { generate } = slot;
  if (generate === null) throw new Error(`${slot.name} says nothing about its rows`);
  const targets = targetsOf(plan, slot, row);
  const each = (make: (k: number) => number): number[] => targets.map((_, k) => make(k));
  const { seed, values, delay } = generate;
  const valueAt = (value: GeneratedValue, k: number): number =>
    value.kind === 'constant'
      ? value.value
      : quantile(plan.tables[value.table], word(seed, value.stream, row, k));
  return {
    targets,
    delays: each((k) => (delay === null ? slot.delaySteps : Math.trunc(valueAt(delay, k)))),
    values: values.map((value) => each((k) => valueAt(value, k))),
  };
}

/** Word k of a row. */
const word = (seed: number, stream: number, row: number, k: number): number =>
  drawWord(seed, stream, row, k >>> 2, k & 3);

const highWord = (a: number, b: number): number => Number((BigInt(a) * BigInt(b)) >> 32n);

function targetsOf(plan: Plan, slot: ProjectionSlot, row: number): number[] {
  const { generate, sourceFirst, targetFirst, targetCount } = slot;
  if (generate === null) return [];
  const { rule, seed, stream, autapses } = generate;
  const self = sourceFirst + row - targetFirst;
  const isAllowed = (post: number): boolean => autapses || post !== self;
  switch (rule) {
    case 'one-to-one':
      return [row].filter(isAllowed);
    case 'all-to-all':
      return Array.from({ length: targetCount }, (_, post) => post).filter(isAllowed);
    case 'gaps': {
      const table = plan.tables[generate.table];
      if (table?.kind !== 'gaps') throw new Error('no table of gaps');
      const targets: number[] = [];
      let post = 0;
      for (let k = 0; post < targetCount; k++) {
        const drawn = word(seed, stream, row, k);
        const gap = table.thresholds.findIndex((threshold) => drawn < threshold);
        if (gap < 0) {
          post += table.length;
        } else {
          post += gap;
          if (post < targetCount) targets.push(post);
          post++;
        }
      }
      return targets.filter(isAllowed);
    }
    case 'draws': {
      const { rows } = slot;
      const [begin, end] = [plan.rows[rows + row] ?? 0, plan.rows[rows + row + 1] ?? 0];
      const length = generate.length < 0 ? end - begin : generate.length;
      const isSkipped = !autapses && self >= 0 && self < targetCount;
      return Array.from({ length }, (_, k) => {
        const drawn = highWord(word(seed, stream, row, k), targetCount - Number(isSkipped));
        return isSkipped && drawn >= self ? drawn + 1 : drawn;
      });
    }
  }
}

/** The value that a word means, by the layout of cells that quantiles.ts describes. */
function quantile(table: TableSlot | undefined, drawn: number): number {
  if (table?.kind !== 'quantiles') throw new Error('no table of quantiles');
  const half = table.starts.length / 2;
  const isUpper = drawn >= 2 ** 31;
  const m = isUpper ? 2 ** 32 - 1 - drawn : drawn;
  // Octave 0: 64 words of a cell each. Octave o: 64 cells of 2^(o-1) words, from word 64 * 2^(o-1) on.
  const octave = m < 64 ? 0 : Math.floor(Math.log2(m)) - 5;
  const width = octave === 0 ? 1 : 2 ** (octave - 1);
  const inOctave = octave === 0 ? m : m - 64 * width;
  const cell = (isUpper ? half : 0) + 64 * octave + Math.floor(inOctave / width);
  const fraction = Math.floor(((inOctave % width) / width) * 4096);
  const start = table.starts[cell] as number;
  const value = Math.fround(start + fraction * (table.slopes[cell] as number));
  return Math.min(Math.max(value, table.least), table.most);
}
