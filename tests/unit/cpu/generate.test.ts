/** Rows and numbers that generated code makes are those of the plan's own connection rules and tables, to the bit. */
import { describe, expect, it } from 'vitest';
import { type NumberKind, RowFunctions } from '../../../src/cpu/generate.ts';
import {
  CHUNK,
  NUMBER,
  numberOffset,
  placeGenerated,
  scratchNumber,
  tableBytes,
  writeDescription,
  writeTable,
} from '../../../src/cpu/generate-layout.ts';
import { WasmModule } from '../../../src/language/wasm/encoder.ts';
import type { ConnectRule } from '../../../src/network/document.ts';
import { rowMaker } from '../../../src/plan/connect.ts';
import { type Distribution, tableOf } from '../../../src/plan/distributions.ts';
import { fillRowWords } from '../../../src/plan/draws.ts';
import { gapTable } from '../../../src/plan/gaps.ts';
import type { GeneratedRows, Plan, TableSlot } from '../../../src/plan/plan.ts';
import { fillValues, type QuantileTable } from '../../../src/plan/quantiles.ts';
import { makePlan } from '../../support/plans.ts';

const KEY = { seed: 0x89abcdef, stream: 0x12345678 };

interface Ends {
  readonly sourceCount: number;
  readonly targetCount: number;
  readonly sourceFirst: number;
  readonly targetFirst: number;
}

/** A plan with one projection that is made from counters. */
function planOf(ends: Ends, generate: GeneratedRows, rows: Uint32Array, tables: TableSlot[]): Plan {
  const empty = makePlan({ groups: [] });
  const slot = {
    ...ends,
    name: 'made',
    rows: 0,
    synapseBase: 0,
    delayBase: -1,
    constants: 0,
    ...KEY,
    generate,
    delaySteps: 7,
    delayRange: [7, 7] as const,
    synapseCells: [],
    preCells: [],
    postCells: [],
    inputs: [],
  };
  const synapseVariables = generate.values.map((_, k) => ({
    name: `v${k}`,
    type: 'f32' as const,
    written: false,
  }));
  const kernel = {
    name: 'made',
    mode: 'scatter' as const,
    trigger: 'pre' as const,
    packing: 'generated' as const,
    projections: [slot],
    synapseVariables,
    preVariables: [],
    postVariables: [],
    inputs: [],
    body: [],
  };
  return { ...empty, rows, tables, deliver: [kernel] };
}

/** The functions over a memory with the plan's tables and its one description. */
async function instantiate(plan: Plan) {
  let bytes = 64;
  const take = (size: number): number => {
    const address = Math.ceil(bytes / 64) * 64;
    bytes = address + size;
    return address;
  };
  const places = plan.tables.map((table) => ({
    address: table.kind === 'gaps' || table.kind === 'quantiles' ? take(tableBytes(table)) : 0,
  }));
  const layout = placeGenerated(plan, take);
  const rows = take(4 * plan.rows.length);
  const scratch = take(layout.scratchBytes);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  for (const [index, table] of plan.tables.entries()) {
    if (table.kind !== 'gaps' && table.kind !== 'quantiles') continue;
    writeTable(table, memory.buffer, places[index]?.address ?? 0);
  }
  const words = new Uint32Array(memory.buffer);
  words.set(plan.rows, rows / 4);
  const [[projection, description] = []] = [...layout.descriptions];
  if (!projection || !description) throw new Error('nothing to make');
  writeDescription(plan, projection, words, description, { rows, tables: places });
  const module = new WasmModule();
  const functions = new RowFunctions(module);
  const kinds: readonly NumberKind[] = ['float', 'delay', 'integer'];
  for (const made of [functions.targets, ...kinds.map((kind) => functions.numbers(kind))]) {
    module.export(made);
  }
  const code = module.encode({ pages: memory.buffer.byteLength / 65536, isShared: false });
  const { instance } = await WebAssembly.instantiate(code, { host: { memory } });
  const exports = instance.exports as Record<string, (...numbers: number[]) => number>;
  return {
    words,
    floats: new Float32Array(memory.buffer),
    targets(row: number): Uint32Array {
      const at = scratch + layout.targets;
      const count = exports.row_targets?.(description, row, at, scratch) ?? 0;
      return words.slice(at / 4, at / 4 + count);
    },
    /** Address of so many numbers of a row, from one on. */
    numbers(kind: NumberKind, index: number, row: number, first: number, count: number): number {
      const at = scratch + scratchNumber(index);
      exports[`row_${kind}s`]?.(description + numberOffset(index), row, first, at, at + 4 * count);
      return at;
    },
    description,
  };
}

const SIZES: readonly Ends[] = [
  { sourceCount: 61, targetCount: 61, sourceFirst: 100, targetFirst: 100 },
  { sourceCount: 40, targetCount: 70, sourceFirst: 0, targetFirst: 20 },
  { sourceCount: 50, targetCount: 33, sourceFirst: 30, targetFirst: 0 },
  { sourceCount: 9, targetCount: 5000, sourceFirst: 0, targetFirst: 9 },
  { sourceCount: 7, targetCount: 1, sourceFirst: 3, targetFirst: 5 },
];

describe.each(SIZES)('targets of $sourceCount rows on $targetCount', (ends) => {
  describe.each([true, false])('autapses %s', (autapses) => {
    const check = async (
      rule: ConnectRule,
      made: Pick<GeneratedRows, 'rule' | 'length'>,
      tables: TableSlot[] = [],
      hasAny = ends.targetCount > 1,
    ): Promise<void> => {
      const maker = rowMaker({ rule, ends, random: KEY });
      const rows = new Uint32Array(ends.sourceCount + 1);
      if (made.length === -1 && made.rule === 'draws') {
        for (let r = 0; r < ends.sourceCount; r++) {
          rows[r + 1] = (rows[r] as number) + (maker.lengthOf?.(r) ?? 0);
        }
      }
      const generate: GeneratedRows = {
        ...made,
        ...KEY,
        autapses,
        table: tables.length - 1,
        longest: maker.longest,
        values: [],
        delay: null,
      };
      const machine = await instantiate(planOf(ends, generate, rows, tables));
      const row = new Uint32Array(maker.longest);
      let count = 0;
      for (let r = 0; r < ends.sourceCount; r++) {
        const length = maker.make(r, row, 0);
        count += length;
        expect([r, ...machine.targets(r)]).toEqual([r, ...row.subarray(0, length)]);
      }
      if (hasAny) expect(count).toBeGreaterThan(0);
    };

    it('all to all', () =>
      check({ rule: 'all-to-all', autapses }, { rule: 'all-to-all', length: -1 }));

    it.each([1, 3, 16, 35, 400])('fixed out-degree %i', (k) =>
      check({ rule: 'fixed-out-degree', k, autapses }, { rule: 'draws', length: k }),
    );

    it.each([1, 77, 4000])('fixed total number %i', (n) =>
      check({ rule: 'fixed-total-number', n, autapses }, { rule: 'draws', length: -1 }),
    );

    it.each([0.9, 0.3, 0.02, 0.0001])('fixed probability %f', async (p) => {
      // A probability so small that no synapse is expected tests nothing on few targets.
      if (p * ends.targetCount * ends.sourceCount < 4) return;
      await check({ rule: 'fixed-probability', p, autapses }, { rule: 'gaps', length: -1 }, [
        { kind: 'gaps', ...gapTable(p) },
      ]);
    });

    if (ends.sourceCount === ends.targetCount) {
      // These meet themselves in every row.
      it('one to one', () =>
        check({ rule: 'one-to-one', autapses }, { rule: 'one-to-one', length: -1 }, [], autapses));
    }
  });
});

const DISTRIBUTIONS: readonly Distribution[] = [
  { kind: 'normal', mean: 87.8, sd: 8.78, min: 0, max: Infinity, outside: 'redraw' },
  { kind: 'normal', mean: -1, sd: 1, min: -Infinity, max: 0, outside: 'clip' },
  { kind: 'lognormal', mean: 0.2, sd: 0.5, min: 0, max: 3, outside: 'clip' },
  { kind: 'lognormal', mean: -3, sd: 2, min: -Infinity, max: Infinity, outside: 'redraw' },
  { kind: 'uniform', min: -2, max: 5 },
  { kind: 'exponential', mean: 4, min: 1, max: 40, outside: 'redraw' },
];

const EVERY = { sourceCount: 3, targetCount: 2, sourceFirst: 0, targetFirst: 0 };
const rowsOf = (values: GeneratedRows['values'], delay: GeneratedRows['delay']): GeneratedRows => ({
  rule: 'draws',
  ...KEY,
  autapses: true,
  table: -1,
  length: 2000,
  longest: 2000,
  values,
  delay,
});

describe('numbers of synapses', () => {
  it.each(DISTRIBUTIONS)('$kind, mean $mean', async (distribution) => {
    const table = tableOf(distribution);
    const delays = tableOf({ ...distribution, kind: 'uniform', min: 0.2, max: 99 }, 1.7, 0.5);
    const drawn = (index: number, stream: number) =>
      ({ kind: 'drawn', stream, table: index }) as const;
    const generate = rowsOf([drawn(0, 11)], drawn(1, 12));
    const machine = await instantiate(
      planOf(EVERY, generate, new Uint32Array(4), [
        { kind: 'quantiles', ...table },
        { kind: 'quantiles', ...delays },
      ]),
    );
    for (const row of [0, 2]) {
      for (const first of [0, 512, 1024 + 16]) {
        for (const count of [CHUNK, 5]) {
          const words = new Uint32Array(CHUNK);
          const key = (stream: number) => ({ seed: KEY.seed, stream });
          fillRowWords(words, 0, row, first / 4, CHUNK / 4, key(11));
          const values = new Float32Array(count);
          fillValues(table, words, count, values, 0);
          let at = machine.numbers('float', 1, row, first, count) / 4;
          const bits = new Uint32Array(values.buffer);
          expect(machine.words.slice(at, at + count)).toEqual(bits);
          at = machine.numbers('integer', 1, row, first, count) / 4;
          expect(Int32Array.from(machine.words.slice(at, at + count))).toEqual(
            Int32Array.from(values),
          );
          fillRowWords(words, 0, row, first / 4, CHUNK / 4, key(12));
          const steps = new Uint32Array(count);
          fillValues(delays, words, count, steps, 0);
          at = machine.numbers('delay', 0, row, first, count) / 4;
          expect(machine.words.slice(at, at + count)).toEqual(steps);
        }
      }
    }
  });

  it('constants', async () => {
    const generate = rowsOf([{ kind: 'constant', value: 0.1 }], null);
    const machine = await instantiate(planOf(EVERY, generate, new Uint32Array(4), []));
    let at = machine.numbers('float', 1, 0, 0, 20) / 4;
    expect([...machine.floats.slice(at, at + 20)]).toEqual(Array(20).fill(Math.fround(0.1)));
    at = machine.numbers('delay', 0, 0, 0, 20) / 4;
    expect([...machine.words.slice(at, at + 20)]).toEqual(Array(20).fill(7));
  });

  /** Every cell of a table, at both ends and inside: words are chosen by setting what the cipher gives. */
  it.each(DISTRIBUTIONS)('every cell of the table of $kind, mean $mean', async (distribution) => {
    const table: QuantileTable = tableOf(distribution);
    const plan = planOf(
      EVERY,
      rowsOf([{ kind: 'drawn', stream: 1, table: 0 }], null),
      new Uint32Array(4),
      [{ kind: 'quantiles', ...table }],
    );
    const machine = await instantiate(plan);
    const at = machine.words[(machine.description + numberOffset(1) + NUMBER.table) / 4] as number;
    const wanted = new Float32Array(1);
    const fround = Math.fround;
    for (const mirror of [0, 0xffffffff]) {
      for (let p = -1; p < 31; p++) {
        for (let k = 0; k < 64; k++) {
          // The word in the middle of cell k of octave p, from the definition of the cells of our own table.
          const low = p < 0 ? 0 : 2 ** p * (1 + k / 64);
          const word = (Math.floor(low + (p > 6 ? 2 ** (p - 7) : 0)) ^ mirror) >>> 0;
          fillValues(table, Uint32Array.of(word), 1, wanted, 0);
          const cell = at / 4 + 4 + 2 * ((mirror ? 0 : 2048) + (p + 1) * 64 + k);
          const fraction = p > 6 ? 2048 : 0;
          const [start = 0, slope = 0] = machine.floats.subarray(cell, cell + 2);
          const value = Math.min(
            Math.max(fround(start + fraction * slope), table.least),
            table.most,
          );
          expect([p, k, value]).toEqual([p, k, wanted[0]]);
        }
      }
    }
  });
});
