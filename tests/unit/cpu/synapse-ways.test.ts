/**
 * Synapses that the host has made, that the engine builds, and that are made again for every spike give the same states
 * to the bit, in every packing, for every rule, through every path of the delivery code.
 */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import {
  add,
  binary,
  get,
  integer,
  literal,
  mul,
  type Statement,
  special,
  unary,
  type Value,
} from '../../../src/language/kernel.ts';
import type { ConnectRule } from '../../../src/network/document.ts';
import { connect } from '../../../src/plan/connect.ts';
import { tableOf } from '../../../src/plan/distributions.ts';
import { gapTable } from '../../../src/plan/gaps.ts';
import type {
  DeliverKernel,
  GeneratedRows,
  GeneratedValue,
  Plan,
  ProjectionSlot,
  TableSlot,
} from '../../../src/plan/plan.ts';
import type { QuantileTable } from '../../../src/plan/quantiles.ts';
import { drawValues } from '../../../src/plan/values.ts';
import { Collector, makePlan, own, set, synapse } from '../../support/plans.ts';
import { runPlan } from '../../support/run-plan.ts';

const KEY = { seed: 3, stream: 77 };
const STEPS = 75;
const [X, Y] = [own(0, 'x'), own(1, 'y')];
const W = synapse(0, 'w');
const w = get(W);

/** Two populations of one kernel whose neurons spike at times that depend on nothing. */
function cells(windowSteps: number): Plan {
  const arrived = (input: number): Value => ({ op: 'arrived', type: 'f32', input });
  const phase = add(special('step'), mul(special('index'), integer(3)));
  return makePlan({
    windowSteps,
    groups: [
      {
        members: [
          { name: 'a', count: 61 },
          { name: 'b', count: 43 },
        ],
        variables: [
          { name: 'x', type: 'f32' },
          { name: 'y', type: 'f32' },
        ],
        inputs: [
          { variable: 'x', scale: 20 },
          { variable: 'y', scale: 18 },
        ],
        begin: [set(X, add(get(X), arrived(0))), set(Y, add(get(Y), arrived(1)))],
        advance: [set(X, mul(get(X), literal(0.9))), set(Y, mul(get(Y), literal(0.8)))],
        spiked: binary('eq', binary('bit_and', phase, integer(15)), integer(0)),
      },
    ],
  });
}

interface Way {
  readonly packing: DeliverKernel['packing'];
  readonly by: 'host' | 'engine';
}

interface Case {
  readonly rule: ConnectRule;
  readonly made: Pick<GeneratedRows, 'rule' | 'length'>;
  /** A table of the weights, or one for all. */
  readonly weight: QuantileTable | number;
  readonly delay: QuantileTable | number;
  readonly body: readonly Statement[];
  readonly inputs?: DeliverKernel['inputs'];
  readonly windowSteps?: number;
  readonly steps?: number;
  readonly source?: 'a' | 'b';
  readonly target?: 'a' | 'b';
  /** Numbers of threads to try; one where not given. */
  readonly threads?: readonly number[];
  /** Constant weights stand once, with the projection. */
  readonly isCommon?: boolean;
}

const POST_X: DeliverKernel['inputs'] = [{ name: 'x', side: 'post', proven: true }];
const NUMBERS = { a: { first: 0, count: 61 }, b: { first: 61, count: 43 } };

/** Appends packed synapses to words; returns where the delays begin, or -1. */
function pack(
  words: number[],
  packing: DeliverKernel['packing'],
  targets: Uint32Array,
  delays: Uint32Array,
): number {
  const halves = (numbers: Uint32Array, per: 2 | 4): void => {
    for (let k = 0; k < numbers.length; k += per) {
      let word = 0;
      for (let part = 0; part < per; part++) {
        word |= (numbers[k + part] ?? 0) << ((32 / per) * part);
      }
      words.push(word >>> 0);
    }
  };
  switch (packing) {
    case 'target':
      words.push(...targets);
      return -1;
    case 'target+delay':
      for (const [k, target] of targets.entries()) {
        words.push((target | ((delays[k] as number) << 24)) >>> 0);
      }
      return -1;
    case 'wide':
      for (const [k, target] of targets.entries()) words.push(target, delays[k] as number);
      return -1;
    case 'target16':
      halves(targets, 2);
      return -1;
    default: {
      halves(targets, 2);
      const base = words.length;
      halves(delays, 4);
      return base;
    }
  }
}

/** The plan of a case with its synapses made one way. */
function planOf(of: Case, way: Way): Plan {
  const base = cells(of.windowSteps ?? 1);
  const source = NUMBERS[of.source ?? 'a'];
  const target = NUMBERS[of.target ?? 'a'];
  const ends = {
    sourceFirst: source.first,
    sourceCount: source.count,
    targetFirst: target.first,
    targetCount: target.count,
  };
  const { rows, count, fill } = connect({ rule: of.rule, ends, random: KEY }, 'test');
  const targets = new Uint32Array(count);
  fill(targets, null);
  const elements = { count, synapses: { rows, targets }, origin: null };
  const tables: TableSlot[] = [];
  const tabulate = (table: TableSlot): number => tables.push(table) - 1;
  const drawn = (table: QuantileTable, stream: number) =>
    ({ kind: 'drawn', stream, table: tabulate({ kind: 'quantiles', ...table }) }) as const;

  const weights = new Float32Array(count);
  let value: GeneratedValue;
  if (typeof of.weight === 'number') {
    weights.fill(of.weight);
    value = { kind: 'constant', value: Math.fround(of.weight) };
  } else {
    drawValues(of.weight, { seed: KEY.seed, stream: 5 }, elements, weights);
    value = drawn(of.weight, 5);
  }
  const delays = new Uint32Array(count);
  if (typeof of.delay === 'number') delays.fill(of.delay);
  else drawValues(of.delay, { seed: KEY.seed, stream: 6 }, elements, delays);
  const { rule } = of.rule;
  const p = of.rule.rule === 'fixed-probability' ? of.rule.p : 0;
  const generate: GeneratedRows = {
    ...KEY,
    ...of.made,
    autapses: 'autapses' in of.rule ? (of.rule.autapses ?? true) : true,
    table: rule === 'fixed-probability' ? tabulate({ kind: 'gaps', ...gapTable(p) }) : -1,
    longest: target.count,
    values: [value],
    delay: typeof of.delay === 'number' ? null : drawn(of.delay, 6),
  };
  if (generate.rule === 'draws') Object.assign(generate, { longest: longestOf(rows) });

  const words: number[] = [];
  const isStored = way.packing !== 'generated';
  // Something in front, so that wrong bases show.
  if (isStored) words.push(0xdeadbeef);
  const synapseBase = words.length;
  const delayBase = isStored ? pack(words, way.packing, targets, delays) : -1;
  const isCommon = !isStored || (way.by === 'engine' && of.isCommon === true);
  const slot: ProjectionSlot = {
    ...ends,
    name: 'p',
    rows: 0,
    synapseBase: isStored ? synapseBase : -1,
    delayBase,
    constants: 0,
    ...KEY,
    generate: way.by === 'engine' ? generate : null,
    delaySteps: typeof of.delay === 'number' ? of.delay : 0,
    delayRange: [Math.min(...delays), Math.max(...delays)],
    synapseCells: [isCommon ? -1 : 3],
    preCells: [],
    postCells: [],
    inputs: (of.inputs ?? POST_X).map(({ name, side }) => ({
      cell: (name === 'x' ? 0 : 104) + (side === 'pre' ? source : target).first,
      scale: name === 'x' ? 20 : 18,
      limit: 2 ** 28,
    })),
  };
  const kernel: DeliverKernel = {
    name: 'p',
    mode: 'scatter',
    trigger: 'pre',
    packing: way.packing,
    projections: [slot],
    synapseVariables: [{ name: 'w', type: 'f32', written: false }],
    preVariables: [],
    postVariables: [],
    inputs: of.inputs ?? POST_X,
    body: of.body,
  };
  const isHost = way.by === 'host';
  const values = isCommon ? [9, 9, 9] : [9, 9, 9, ...weights];
  const largest = Math.max(...delays);
  const windowSteps = base.windowSteps;
  return {
    ...base,
    ringSlots: largest + windowSteps,
    spikeSlots: Math.max(windowSteps, largest + 1),
    synapseCount: count,
    tables,
    constants: Float64Array.of(0.5),
    rows,
    synapses: Uint32Array.from(isHost ? words : words.slice(0, 1)),
    synapseWords: words.length,
    synapseState: Float32Array.from(isHost ? values : [9, 9, 9]),
    synapseCells: values.length,
    deliver: [kernel],
    schedule: [
      { kind: 'update', kernel: 0 },
      { kind: 'deliver', kernel: 0 },
    ],
  };
}

function longestOf(rows: Uint32Array): number {
  let longest = 0;
  for (let r = 0; r + 1 < rows.length; r++) {
    longest = Math.max(longest, (rows[r + 1] as number) - (rows[r] as number));
  }
  return longest;
}

async function run(
  plan: Plan,
  steps: number,
  threads: number,
): Promise<{ state: string; synapses: string }> {
  const engine = await createCpuEngine(plan, new Collector(), { threads });
  expect(engine.threads).toBe(threads);
  await engine.advance(steps);
  const state = await engine.read('state', 0, 208);
  const synapses = await engine.read('synapseState', 0, plan.synapseCells);
  engine.destroy();
  return { state: state.join(), synapses: synapses.join() };
}

/** Runs a case in every way that its delays allow, and compares with the reference interpreter. */
async function checkWays(of: Case): Promise<void> {
  const { steps = STEPS } = of;
  const packings =
    typeof of.delay === 'number'
      ? (['target', 'target16'] as const)
      : of.delay.most < 256
        ? (['wide', 'target+delay', 'target16+delay8'] as const)
        : (['wide'] as const);
  const wanted = runPlan(planOf(of, { packing: packings[0], by: 'host' }), steps);
  const expected = { state: wanted.state.join(), synapses: wanted.synapseState.join() };
  expect(wanted.state.some((x) => x !== 0)).toBe(true);
  const ways: Way[] = [
    ...packings.flatMap((packing) =>
      (['host', 'engine'] as const).map((by): Way => ({ packing, by })),
    ),
    { packing: 'generated', by: 'engine' },
  ];
  for (const way of ways) {
    for (const threads of of.threads ?? [1]) {
      const found = await run(planOf(of, way), steps, threads);
      expect({ ...way, threads, state: found.state }).toEqual({
        ...way,
        threads,
        state: expected.state,
      });
      if (way.packing !== 'generated' && of.isCommon !== true) {
        expect(found.synapses).toBe(expected.synapses);
      }
    }
  }
}

const weights = tableOf({
  kind: 'normal',
  mean: 3,
  sd: 2,
  min: -Infinity,
  max: Infinity,
  outside: 'clip',
});
const delays = tableOf(
  { kind: 'normal', mean: 1.5, sd: 0.75, min: 0.1, max: Infinity, outside: 'redraw' },
  10,
  0.5,
);
const addWeight: Statement[] = [
  { kind: 'add', input: 0, value: mul(w, { op: 'constant', type: 'f32', index: 0, name: 'c' }) },
];
const RULES: readonly (readonly [ConnectRule, Case['made']])[] = [
  [{ rule: 'one-to-one' }, { rule: 'one-to-one', length: -1 }],
  [{ rule: 'all-to-all' }, { rule: 'all-to-all', length: -1 }],
  [
    { rule: 'all-to-all', autapses: false },
    { rule: 'all-to-all', length: -1 },
  ],
  [
    { rule: 'fixed-probability', p: 0.2 },
    { rule: 'gaps', length: -1 },
  ],
  [
    { rule: 'fixed-probability', p: 0.6, autapses: false },
    { rule: 'gaps', length: -1 },
  ],
  [
    { rule: 'fixed-out-degree', k: 23 },
    { rule: 'draws', length: 23 },
  ],
  // More than a chunk.
  [
    { rule: 'fixed-out-degree', k: 601, autapses: false },
    { rule: 'draws', length: 601 },
  ],
  [
    { rule: 'fixed-total-number', n: 1777, autapses: false },
    { rule: 'draws', length: -1 },
  ],
];

describe.each(RULES)('%j', (rule, made) => {
  it.each([
    ['drawn weights and delays', weights, delays],
    ['drawn weights', weights, 4],
    ['drawn delays', 2.5, delays],
    ['constants', 2.5, 4],
  ] as const)('%s', async (_, weight, delay) => {
    const threads = rule.rule === 'fixed-total-number' ? [1, 3] : [1];
    await checkWays({ rule, made, weight, delay, body: addWeight, threads });
  });
});

const OUT = { rule: 'fixed-out-degree', k: 37 } as const;
const draws = { rule: 'draws', length: 37 } as const;
const common = { rule: OUT, made: draws, weight: weights, delay: delays, body: addWeight };

describe('paths through the delivery code', () => {
  it.each([
    ['a', 'b'],
    ['b', 'a'],
    ['b', 'b'],
  ] as const)('from %s to %s', async (source, target) => {
    const rule = { ...OUT, autapses: false };
    await checkWays({ ...common, rule, source, target });
    const probable: ConnectRule = { rule: 'fixed-probability', p: 0.1, autapses: false };
    const gaps = { rule: 'gaps', length: -1 } as const;
    await checkWays({ ...common, rule: probable, made: gaps, source, target });
  });

  it.each([1, 2, 5])('windows of %i steps', async (windowSteps) => {
    // Delays of one step and more allow two steps, those of four and more five.
    const late = tableOf({ kind: 'uniform', min: 4, max: 30 }, 1, 0.5);
    const delay = windowSteps === 5 ? late : delays;
    await checkWays({ ...common, delay, windowSteps });
    await checkWays({ ...common, delay: 4, windowSteps });
  });

  it('delays that need no step, and those of more than 255', async () => {
    const none = tableOf({ kind: 'uniform', min: 0, max: 3 }, 1, 0.5);
    await checkWays({ ...common, delay: none });
    await checkWays({ ...common, delay: 0 });
    const far = tableOf({ kind: 'uniform', min: 3, max: 300 }, 1, 0.5);
    await checkWays({ ...common, delay: far, steps: 400 });
  });

  it('constant weights stored once', async () => {
    await checkWays({ ...common, weight: 1.75, isCommon: true });
    await checkWays({ ...common, weight: 1.75, delay: 3, isCommon: true });
  });

  it('inputs of both ends', async () => {
    const inputs: DeliverKernel['inputs'] = [
      { name: 'x', side: 'post', proven: true },
      { name: 'y', side: 'pre', proven: true },
    ];
    const body: Statement[] = [...addWeight, { kind: 'add', input: 1, value: w }];
    await checkWays({ ...common, inputs, body });
    await checkWays({ ...common, inputs, body, delay: 2 });
  });

  it('guarded inputs', async () => {
    const inputs = [{ name: 'x', side: 'post', proven: false }] as const;
    await checkWays({ ...common, inputs });
    await checkWays({ ...common, inputs, delay: 2 });
  });

  it('branches, neurons and times in the body', async () => {
    const condition = binary('gt', w, literal(3));
    await checkWays({ ...common, body: [{ kind: 'if', rare: false, condition, body: addWeight }] });
    const numbers = add(
      unary('to_f32', special('post_index')),
      mul(unary('to_f32', special('pre_index')), literal(0.25)),
    );
    await checkWays({ ...common, body: [{ kind: 'add', input: 0, value: numbers }] });
    await checkWays({
      ...common,
      body: [{ kind: 'add', input: 0, value: mul(w, special('time')) }],
    });
    await checkWays({
      ...common,
      delay: 2,
      body: [{ kind: 'add', input: 0, value: mul(w, special('time')) }],
    });
  });
});
