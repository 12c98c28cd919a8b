/**
 * Plans written by hand, for tests of engines without the compiler: leaky integrate-and-fire populations with delta
 * synapses in every packing, a plastic pathway in arrival mode, gap junctions as a summed variable, generators, samplers.
 */
import {
  add,
  and,
  binary,
  call,
  get,
  integer,
  literal,
  local,
  mul,
  type Place,
  type Statement,
  select,
  special,
  sub,
  unary,
  type Value,
} from '../../src/language/kernel.ts';
import { drawWord, streamOf } from '../../src/language/philox.ts';
import type {
  DeliverKernel,
  Plan,
  PopulationSlot,
  ProjectionSlot,
  Sampler,
  ScheduleStep,
  SummedKernel,
  UpdateKernel,
} from '../../src/plan/plan.ts';

const SEED = 7;
/** Given spikes, (step, neuron), for plans of any kind. */
export const GIVEN = [
  [0, 1],
  [2, 0],
  [2, 2],
  [17, 1],
  [18, 1],
  [101, 2],
] as const;

/** What slots say whose synapses the host has made. */
const stored = { delayBase: -1, seed: SEED, generate: null };

export interface HandPlanOptions {
  /** Neurons of the two populations "a" and "b", which run the same code. */
  readonly sizes?: readonly [number, number];
  readonly windowSteps?: number;
  /** Delays of a -> all and b -> all, in steps; a range is drawn per synapse. */
  readonly delays?: readonly [number, number];
  readonly packing?: 'target' | 'target+delay' | 'wide';
  readonly synapsesPerNeuron?: number;
  /** Noise per step; 0 leaves the network deterministic. */
  readonly noise?: number;
  readonly recorded?: boolean;
  /** Sample v every so many steps of every third neuron. */
  readonly sampleEvery?: number;
  /** Given spikes (step, index) of a generator population of 3 neurons, each connected to all of "a". */
  readonly given?: readonly (readonly [number, number])[];
  /** Adds a plastic pathway: arrival mode, per-synapse weight that is read, used and written. */
  readonly plastic?: boolean;
  /** Adds the post pathway of the plastic projection. */
  readonly post?: boolean;
  /** Adds gap junctions: a summed current. */
  readonly gap?: boolean;
  /** Constant drive per step; large values make v run away. */
  readonly drive?: number;
  /** Multiplies v when no reset happens; above 1 it grows to infinity. */
  readonly leak?: number;
  /** Largest fixed-point amount of the guarded input; default unguarded. */
  readonly limit?: number;
}

const V: Place = { side: 'own', index: 0, name: 'v' };
const LASTSPIKE: Place = { side: 'own', index: 1, name: 'lastspike' };
const GAP: Place = { side: 'own', index: 2, name: 'I_gap' };
const SCALE = 20;
const NEVER = -10_000_000;

const v = get(V);
const lastspike = get(LASTSPIKE, 'i32');
const constant = (index: number, name: string): Value => ({
  op: 'constant',
  type: 'f32',
  index,
  name,
});
const number = (seed: number, element: number, draw: number): number =>
  drawWord(seed, streamOf('test', 'hand-plan'), element, 0, draw);

export function handPlan(options: HandPlanOptions = {}): Plan {
  const [sizeA, sizeB] = options.sizes ?? [60, 40];
  const count = sizeA + sizeB;
  const given = options.given ?? [];
  const neuronCount = count + (given.length > 0 ? 3 : 0);
  const everySynapse = makeRows(options, count, count);
  const builder = new Builder();
  const constants = [
    0.97,
    options.drive ?? 0.035,
    0.5,
    0.96,
    (options.drive ?? 0.035) * 1.1,
    -0.25,
  ];
  if (options.leak !== undefined) constants[0] = constants[3] = options.leak;
  const update = updateKernel(options, sizeA, sizeB);

  const base = { targetFirst: 0, targetCount: count, postCells: [0] as number[] };
  const deliver: DeliverKernel[] = [];
  const limit = options.limit ?? 2 ** 30;
  const scatterInputs = [{ cell: 0, scale: SCALE, limit }];
  const isPacked = options.packing ?? 'target+delay';
  const rowsA = builder.addRows(everySynapse, 0, sizeA, isPacked);
  const rowsB = builder.addRows(everySynapse, sizeA, count, isPacked);
  const range = options.delays ?? [3, 3];
  const scatter: ProjectionSlot[] = [
    {
      name: 'a->',
      sourceFirst: 0,
      sourceCount: sizeA,
      ...rowsA,
      constants: 0,
      stream: 11,
      ...stored,
    },
    {
      name: 'b->',
      sourceFirst: sizeA,
      sourceCount: sizeB,
      ...rowsB,
      constants: 3,
      stream: 12,
      ...stored,
    },
  ].map((p) => ({
    ...p,
    ...base,
    delaySteps: range[0],
    delayRange: range,
    synapseCells: [],
    preCells: [],
    postCells: [],
    inputs: scatterInputs,
  }));
  deliver.push({
    name: 'delta',
    mode: 'scatter',
    trigger: 'pre',
    packing: isPacked,
    projections: scatter,
    synapseVariables: [],
    preVariables: [],
    postVariables: [],
    inputs: [{ name: 'v', side: 'post', proven: options.limit === undefined }],
    body: [
      { kind: 'comment', text: 'v_post += w' },
      { kind: 'add', input: 0, value: mul(constant(2, 'w'), deltaFactor()) },
    ],
  });
  const schedule: ScheduleStep[] = [];
  const summed: SummedKernel[] = [];
  if (options.gap === true) {
    schedule.push({ kind: 'finish', kernel: 0 }, { kind: 'summed', kernel: 0 });
    summed.push(gapKernel(builder, everySynapse, count));
  }
  schedule.push({ kind: 'update', kernel: 0 });
  if (given.length > 0) schedule.push({ kind: 'generate' });
  schedule.push({ kind: 'deliver', kernel: 0 });
  if (options.plastic === true) {
    const kernels = plasticKernels(builder, everySynapse, count, options);
    for (const kernel of kernels)
      schedule.push({ kind: 'deliver', kernel: deliver.push(kernel) - 1 });
  }
  if (given.length > 0) {
    deliver.push(givenKernel(builder, count, sizeA));
    schedule.push({ kind: 'deliver', kernel: deliver.length - 1 });
  }
  const ringSlots = Math.max(range[1], 5) + 1;
  const state = new Float64Array(3 * count);
  for (let n = 0; n < count; n++) {
    state[n] = number(5, n, 0) / 2 ** 32;
    state[count + n] = NEVER;
  }
  const populations: PopulationSlot[] = [
    slot('a', 0, sizeA, 0, options.recorded ?? true),
    slot('b', sizeA, sizeB, 0, options.recorded ?? true),
  ];
  if (given.length > 0) populations.push(slot('given', count, 3, -1, true));
  const windowSteps = options.windowSteps ?? 1;
  return {
    precision: 'f32',
    dtMs: 0.1,
    seed: SEED,
    windowSteps,
    ringSlots,
    spikeSlots: Math.max(windowSteps, options.plastic ? 9 : 1),
    neuronCount,
    synapseCount: everySynapse.length,
    populations,
    state,
    inputCells: count,
    depositCells: 0,
    constants: Float64Array.from([...constants, 0.5]),
    tables: [
      { kind: 'binomial', thresholds: Uint32Array.of(3e9, 4e9, 4.2e9) },
      { kind: 'binomial', thresholds: Uint32Array.of(2e9, 3e9, 4e9, 4.25e9) },
      {
        kind: 'timed',
        stepsPerRow: 10,
        rows: 3,
        columns: 1,
        values: Float64Array.of(0, 0.01, -0.005),
      },
    ],
    rows: Uint32Array.from(builder.rows),
    synapses: Uint32Array.from(builder.synapses),
    synapseWords: builder.synapses.length,
    synapseState: Float64Array.from(builder.synapseState),
    synapseCells: builder.synapseState.length,
    update: [update],
    summed,
    clocked: [],
    deliver,
    fields: [],
    generators: given.length === 0 ? [] : [generatorOf(given, count)],
    schedule,
    memory: [],
    warnings: [],
  };
}

function slot(
  name: string,
  first: number,
  count: number,
  kernel: number,
  recordSpikes: boolean,
): PopulationSlot {
  return { name, first, count, kernel, localFirst: first, recordSpikes };
}

function generatorOf(
  given: readonly (readonly [number, number])[],
  first: number,
): Plan['generators'][number] {
  const sorted = [...given].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    population: 2,
    globalFirst: first,
    count: 3,
    recordSpikes: true,
    steps: Uint32Array.from(sorted, ([step]) => step),
    indices: Uint32Array.from(sorted, ([, index]) => index),
  };
}

/** Between 0.5 and 1, from the ends: keeps the body from being the same for all synapses. */
function deltaFactor(): Value {
  const i = unary('to_f32', binary('bit_and', special('pre_index'), integer(7)));
  const j = unary('to_f32', binary('bit_and', special('post_index'), integer(3)));
  return add(literal(0.5), mul(literal(0.04), add(i, j)));
}

function updateKernel(options: HandPlanOptions, sizeA: number, sizeB: number): UpdateKernel {
  const count = sizeA + sizeB;
  const isReady = binary('ge', sub(special('step'), lastspike), integer(5));
  const arrived = local('arrived_v');
  const noise = options.noise ?? 0;
  const poisson = unary('to_f32', { op: 'binomial', type: 'i32', slot: 6, table: 0 });
  const drive = add(
    constant(1, 'drive'),
    options.gap ? get(GAP) : { op: 'table', type: 'f32', table: 2, halfSteps: 0, column: null },
  );
  const begin: Statement[] = [
    { kind: 'comment', text: 'what arrived at the step before' },
    { kind: 'let', name: 'arrived_v', value: { op: 'arrived', type: 'f32', input: 0 } },
    {
      kind: 'let',
      name: 'was_ready',
      value: binary('ge', sub(sub(special('step'), integer(1)), lastspike), integer(5)),
    },
    { kind: 'set', place: V, value: select(local('was_ready', 'bool'), add(v, arrived), v) },
    {
      kind: 'if',
      condition: binary('eq', lastspike, sub(special('step'), integer(1))),
      rare: true,
      body: [{ kind: 'set', place: V, value: literal(0) }],
    },
  ];
  const advance: Statement[] = [
    { kind: 'comment', text: 'dv/dt = -v/tau + drive  (exact)' },
    { kind: 'let', name: 'ready', value: isReady },
    { kind: 'let', name: 'next', value: add(mul(v, constant(0, 'decay')), drive) },
    { kind: 'set', place: V, value: select(local('ready', 'bool'), local('next'), v) },
  ];
  if (noise > 0) {
    const normal: Value = { op: 'draw', type: 'f32', kind: 'normal', slot: 1 };
    advance.push({ kind: 'set', place: V, value: add(v, mul(literal(noise), normal)) });
  }
  const sampler: Sampler | null = options.sampleEvery
    ? {
        every: options.sampleEvery,
        rows: Math.ceil(count / 3),
        rowOf: Int32Array.from({ length: count }, (_, n) => (n % 3 === 0 ? n / 3 : -1)),
        values: [v, unary('to_f32', lastspike), call('exp', local('half'))],
        body: [{ kind: 'let', name: 'half', value: mul(literal(0.5), v) }],
      }
    : null;
  const recordSpikes = options.recorded ?? true;
  const member = {
    localFirst: 0,
    count: sizeA,
    globalFirst: 0,
    constants: 0,
    gathers: [],
    tables: 0,
  };
  return {
    name: 'lif',
    count,
    stateBase: 0,
    variables: [
      { name: 'v', type: 'f32' },
      { name: 'lastspike', type: 'i32' },
      { name: 'I_gap', type: 'f32' },
    ],
    members: [
      { population: 0, ...member, seed: SEED, stream: streamOf('population', 'a'), recordSpikes },
      {
        population: 1,
        ...member,
        localFirst: sizeA,
        globalFirst: sizeA,
        count: sizeB,
        constants: 3,
        tables: 1,
        seed: SEED,
        stream: streamOf('population', 'b'),
        recordSpikes,
      },
    ],
    inputs: [{ variable: 'v', base: 0, scale: SCALE, proven: true, limit: 2 ** 30 }],
    begin,
    advance,
    spiked: and(binary('gt', v, literal(1)), local('ready', 'bool')),
    onSpike: [{ kind: 'set', place: LASTSPIKE, value: special('step') }],
    // Table 0 for "a", 1 for "b".
    late:
      noise === 0 ? [] : [{ kind: 'set', place: V, value: add(v, mul(literal(0.004), poisson)) }],
    sampler,
  };
}

interface Synapse {
  readonly pre: number;
  readonly post: number;
  readonly delay: number;
}

/** Random synapses, sorted by source, then delay. */
function makeRows(options: HandPlanOptions, sources: number, targets: number): Synapse[] {
  const [least, most] = options.delays ?? [3, 3];
  const degree = options.synapsesPerNeuron ?? 10;
  const all: Synapse[] = [];
  for (let pre = 0; pre < sources; pre++) {
    for (let k = 0; k < degree; k++) {
      const word = number(9, pre * degree + k, 0);
      const delay = least + (number(9, pre * degree + k, 1) % (most - least + 1));
      all.push({ pre, post: word % targets, delay });
    }
  }
  return all.sort((a, b) => a.pre - b.pre || a.delay - b.delay || a.post - b.post);
}

type Placed = Pick<ProjectionSlot, 'rows' | 'synapseBase'>;

class Builder {
  readonly rows: number[] = [];
  readonly synapses: number[] = [];
  readonly synapseState: number[] = [];

  /** Rows of sources from … to-1. */
  addRows(
    all: readonly Synapse[],
    from: number,
    to: number,
    packing: DeliverKernel['packing'],
  ): Placed {
    const placed = { rows: this.rows.length, synapseBase: this.synapses.length };
    let entry = 0;
    for (let pre = from; pre < to; pre++) {
      this.rows.push(entry);
      for (const synapse of all.filter((one) => one.pre === pre)) {
        entry++;
        if (packing === 'target') this.synapses.push(synapse.post);
        else if (packing === 'wide') this.synapses.push(synapse.post, synapse.delay);
        else this.synapses.push(((synapse.delay << 24) | synapse.post) >>> 0);
      }
    }
    this.rows.push(entry);
    return placed;
  }

  /** Columns: for each target the pairs (source, synapse number). */
  addColumns(all: readonly Synapse[], targets: number): Placed {
    const placed = { rows: this.rows.length, synapseBase: this.synapses.length };
    let entry = 0;
    for (let post = 0; post < targets; post++) {
      this.rows.push(entry);
      for (const [number, synapse] of all.entries()) {
        if (synapse.post !== post) continue;
        this.synapses.push(synapse.pre, number);
        entry++;
      }
    }
    this.rows.push(entry);
    return placed;
  }

  addState(values: readonly number[]): number {
    const first = this.synapseState.length;
    this.synapseState.push(...values);
    return first;
  }
}

const W: Place = { side: 'synapse', index: 0, name: 'w' };
const LASTUPDATE: Place = { side: 'synapse', index: 1, name: 'lastupdate' };
const V_PRE: Place = { side: 'pre', index: 0, name: 'v' };
const V_POST: Place = { side: 'post', index: 0, name: 'v' };

/** w_post += w*x, w -> towards the postsynaptic v; onPost strengthens w. */
function plasticKernels(
  builder: Builder,
  all: readonly Synapse[],
  count: number,
  options: HandPlanOptions,
): DeliverKernel[] {
  const rows = builder.addRows(all, 0, count, 'target+delay');
  const weights = builder.addState(all.map((_, k) => (number(3, k, 0) / 2 ** 32) * 0.2));
  const updates = builder.addState(all.map(() => 0));
  const projection: ProjectionSlot = {
    name: 'plastic',
    sourceFirst: 0,
    sourceCount: count,
    targetFirst: 0,
    targetCount: count,
    ...rows,
    constants: 0,
    stream: 13,
    ...stored,
    delaySteps: 0,
    delayRange: options.delays ?? [3, 3],
    synapseCells: [weights, updates],
    preCells: [0],
    postCells: [0],
    inputs: [
      { cell: 0, scale: SCALE, limit: 2 ** 30 },
      { cell: 0, scale: SCALE, limit: 2 ** 30 },
    ],
  };
  const elapsed = sub(special('step'), get(LASTUPDATE, 'i32'));
  const uniform: Value = { op: 'draw', type: 'f32', kind: 'uniform', slot: 2 };
  const shared = {
    synapseVariables: [
      { name: 'w', type: 'f32', written: true },
      { name: 'lastupdate', type: 'i32', written: true },
    ],
    preVariables: [{ name: 'v', type: 'f32' }],
    postVariables: [{ name: 'v', type: 'f32' }],
    inputs: [
      { name: 'v', side: 'post', proven: true },
      { name: 'v', side: 'pre', proven: true },
    ],
  } as const;
  const kernels: DeliverKernel[] = [
    {
      name: 'plastic_pre',
      mode: 'arrival',
      trigger: 'pre',
      packing: 'target+delay',
      projections: [projection],
      ...shared,
      body: [
        {
          kind: 'let',
          name: 'fade',
          value: call('exp', mul(literal(-0.01), unary('to_f32', elapsed))),
        },
        { kind: 'add', input: 0, value: mul(get(W), local('fade')) },
        {
          kind: 'set',
          place: W,
          value: add(mul(get(W), literal(0.99)), mul(literal(0.002), sub(get(V_POST), get(V_PRE)))),
        },
        {
          kind: 'if',
          condition: binary('lt', uniform, literal(0.25)),
          rare: false,
          body: [{ kind: 'set', place: W, value: mul(get(W), literal(1.25)) }],
        },
        { kind: 'set', place: LASTUPDATE, value: special('step') },
      ],
    },
  ];
  if (options.post === true) {
    const columns = builder.addColumns(all, count);
    kernels.push({
      name: 'plastic_post',
      mode: 'arrival',
      trigger: 'post',
      packing: 'target',
      projections: [
        { ...projection, name: 'plastic post', ...columns, delaySteps: 2, delayRange: [2, 2] },
      ],
      ...shared,
      body: [
        { kind: 'set', place: W, value: add(get(W), mul(literal(0.01), get(V_PRE))) },
        { kind: 'add', input: 0, value: mul(literal(0.001), get(W)) },
        { kind: 'add', input: 1, value: mul(literal(-0.002), get(W)) },
      ],
    });
  }
  return kernels;
}

function gapKernel(builder: Builder, all: readonly Synapse[], count: number): SummedKernel {
  const columns = builder.addColumns(all, count);
  return {
    name: 'gap',
    projection: {
      name: 'gap',
      sourceFirst: 0,
      sourceCount: count,
      targetFirst: 0,
      targetCount: count,
      ...columns,
      constants: 6,
      stream: 14,
      ...stored,
      delaySteps: 0,
      delayRange: [0, 0],
      synapseCells: [],
      preCells: [0],
      postCells: [0],
      inputs: [],
    },
    synapseVariables: [],
    preVariables: [{ name: 'v', type: 'f32' }],
    postVariables: [{ name: 'v', type: 'f32' }],
    resultCell: 2 * count,
    body: [],
    value: mul(mul(literal(0.01), constant(0, 'g')), sub(get(V_PRE), get(V_POST))),
  };
}

/** Each of the 3 given neurons reaches all of "a" after 4 steps. */
function givenKernel(builder: Builder, first: number, targets: number): DeliverKernel {
  const all: Synapse[] = [0, 1, 2].flatMap((pre) =>
    Array.from({ length: targets }, (_, post) => ({ pre, post, delay: 4 })),
  );
  return {
    name: 'given',
    mode: 'scatter',
    trigger: 'pre',
    packing: 'target',
    projections: [
      {
        name: 'given->a',
        sourceFirst: first,
        sourceCount: 3,
        targetFirst: 0,
        targetCount: targets,
        ...builder.addRows(all, 0, 3, 'target'),
        constants: 0,
        stream: 15,
        ...stored,
        delaySteps: 4,
        delayRange: [4, 4],
        synapseCells: [],
        preCells: [],
        postCells: [],
        inputs: [{ cell: 0, scale: SCALE, limit: 2 ** 30 }],
      },
    ],
    synapseVariables: [],
    preVariables: [],
    postVariables: [],
    inputs: [{ name: 'v', side: 'post', proven: true }],
    body: [{ kind: 'add', input: 0, value: literal(0.3) }],
  };
}
