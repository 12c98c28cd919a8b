/**
 * Small plans written by hand, for testing engines without the compiler: one update kernel per population group, rows
 * given as lists. Defaults for everything a test does not care about.
 */
import type { Place, Statement, StoredVariable, Value } from '../../src/language/kernel.ts';
import {
  add,
  and,
  binary,
  get,
  integer,
  local,
  mul,
  select,
  special,
  sub,
  unary,
} from '../../src/language/kernel.ts';
import { streamOf } from '../../src/language/philox.ts';
import type {
  DeliverKernel,
  Plan,
  ProjectionSlot,
  Sampler,
  ScheduleStep,
  SummedKernel,
  TableSlot,
  UpdateKernel,
} from '../../src/plan/plan.ts';

/** Populations of the same code: their names, sizes, constants and first values. */
export interface GroupSpec {
  readonly members: readonly {
    readonly name: string;
    readonly count: number;
    readonly constants?: readonly number[];
    /** First value of a variable of a neuron; 0 by default. */
    readonly initial?: (variable: string, neuron: number) => number;
    /** Index in `PlanSpec.tables` of its binomial table 0. */
    readonly tables?: number;
  }[];
  readonly variables: readonly StoredVariable[];
  /** Variable name and scale of each input. */
  readonly inputs?: readonly { readonly variable: string; readonly scale: number }[];
  readonly begin?: readonly Statement[];
  readonly advance?: readonly Statement[];
  readonly spiked?: Value | null;
  readonly onSpike?: readonly Statement[];
  readonly late?: readonly Statement[];
  readonly sampler?: Sampler | null;
}

export interface GeneratorSpec {
  readonly name: string;
  readonly count: number;
  readonly steps: readonly number[];
  readonly indices: readonly number[];
}

export interface ProjectionSpec {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  /** Synapses in order of source: source and target index in their populations, delay in steps. */
  readonly synapses: readonly {
    readonly pre: number;
    readonly post: number;
    readonly delay?: number;
  }[];
  readonly constants?: readonly number[];
  /** Delay of packing 'target' and of post pathways. */
  readonly delaySteps?: number;
  /** First values of synapse variables; 0 by default. */
  readonly initial?: (variable: string, synapse: number) => number;
  /** Names of pre and post variables that the body reads. */
  readonly limit?: number;
}

export interface DeliverSpec {
  readonly name: string;
  readonly mode: 'scatter' | 'arrival';
  readonly trigger?: 'pre' | 'post';
  readonly packing?: 'target' | 'target+delay' | 'wide';
  readonly projections: readonly ProjectionSpec[];
  readonly synapseVariables?: readonly (StoredVariable & { readonly written: boolean })[];
  readonly preVariables?: readonly StoredVariable[];
  readonly postVariables?: readonly StoredVariable[];
  /** Input variable of the neurons on that side. */
  readonly inputs: readonly {
    readonly name: string;
    readonly side: 'pre' | 'post';
    readonly proven: boolean;
  }[];
  readonly body: readonly Statement[];
}

export interface SummedSpec {
  readonly projection: ProjectionSpec;
  readonly synapseVariables?: readonly StoredVariable[];
  readonly preVariables?: readonly StoredVariable[];
  readonly postVariables?: readonly StoredVariable[];
  /** Variable of the target that takes the sum. */
  readonly result: string;
  readonly value: Value;
}

export interface PlanSpec {
  readonly precision?: 'f32' | 'f64';
  readonly dtMs?: number;
  readonly seed?: number;
  readonly windowSteps?: number;
  readonly groups: readonly GroupSpec[];
  readonly generators?: readonly GeneratorSpec[];
  readonly deliver?: readonly DeliverSpec[];
  readonly summed?: readonly SummedSpec[];
  readonly tables?: readonly TableSlot[];
  readonly schedule?: readonly ScheduleStep[];
}

/** Places of variables, so that tests read like formulas. */
export const own = (index: number, name: string): Place => ({ side: 'own', index, name });
export const synapse = (index: number, name: string): Place => ({ side: 'synapse', index, name });

export const set = (place: Place, value: Value): Statement => ({ kind: 'set', place, value });
export const bind = (name: string, value: Value): Statement => ({ kind: 'let', name, value });

/** Everything of a plan that grows while it is put together. */
class PlanBuilder {
  readonly seed: number;
  readonly constants: number[] = [];
  readonly state: number[] = [];
  readonly rows: number[] = [];
  readonly synapses: number[] = [];
  readonly synapseState: number[] = [];
  readonly populations: Plan['populations'][number][] = [];
  readonly update: UpdateKernel[] = [];
  inputCells = 0;
  neurons = 0;
  synapseCount = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  addConstants(values: readonly number[] = []): number {
    const first = this.constants.length;
    this.constants.push(...values);
    return first;
  }

  addGroup(spec: GroupSpec): void {
    const kernel = this.update.length;
    const count = spec.members.reduce((sum, member) => sum + member.count, 0);
    const stateBase = this.state.length;
    for (let cell = 0; cell < count * spec.variables.length; cell++) this.state.push(0);
    let localFirst = 0;
    const members = spec.members.map((member) => {
      const slot = {
        population: this.populations.length,
        localFirst,
        count: member.count,
        globalFirst: this.neurons,
        constants: this.addConstants(member.constants),
        tables: member.tables ?? 0,
        seed: this.seed,
        stream: streamOf('population', member.name),
        gathers: [],
        recordSpikes: true,
      };
      const { name } = member;
      this.populations.push({
        name,
        first: this.neurons,
        count: member.count,
        kernel,
        localFirst,
        recordSpikes: true,
      });
      for (const [index, variable] of spec.variables.entries()) {
        for (let neuron = 0; neuron < member.count; neuron++) {
          this.state[stateBase + index * count + localFirst + neuron] =
            member.initial?.(variable.name, neuron) ?? 0;
        }
      }
      this.neurons += member.count;
      localFirst += member.count;
      return slot;
    });
    const inputs = (spec.inputs ?? []).map(({ variable, scale }) => {
      const base = this.inputCells;
      this.inputCells += count;
      return { variable, base, scale, proven: true, limit: 2 ** 30 };
    });
    this.update.push({
      name: `group${kernel}`,
      count,
      stateBase,
      variables: spec.variables,
      members,
      inputs,
      begin: spec.begin ?? [],
      advance: spec.advance ?? [],
      spiked: spec.spiked ?? null,
      onSpike: spec.onSpike ?? [],
      late: spec.late ?? [],
      sampler: spec.sampler ?? null,
    });
  }

  population(name: string): Plan['populations'][number] {
    const found = this.populations.find((population) => population.name === name);
    if (!found) throw new Error(`no population ${name}`);
    return found;
  }

  /** Cell of a variable of neuron 0 of a population. */
  cell(name: string, variable: string): number {
    const population = this.population(name);
    const kernel = this.update[population.kernel];
    const index = kernel?.variables.findIndex((candidate) => candidate.name === variable) ?? -1;
    if (!kernel || index < 0) throw new Error(`no variable ${variable} in ${name}`);
    return kernel.stateBase + index * kernel.count + population.localFirst;
  }

  input(name: string, variable: string): { cell: number; scale: number } {
    const population = this.population(name);
    const kernel = this.update[population.kernel];
    const input = kernel?.inputs.find((candidate) => candidate.variable === variable);
    if (!kernel || !input) throw new Error(`no input ${variable} in ${name}`);
    return { cell: input.base + population.localFirst, scale: input.scale };
  }

  addProjection(
    spec: ProjectionSpec,
    kernel: Omit<DeliverSpec, 'projections' | 'body' | 'name' | 'mode'>,
  ): ProjectionSlot {
    const { source, target, synapses } = spec;
    const [pre, post] = [this.population(source), this.population(target)];
    const isPost = kernel.trigger === 'post';
    const rows = this.rows.length;
    const synapseBase = this.synapses.length;
    const numbered = synapses.map((entry, e) => ({ ...entry, e, delay: entry.delay ?? 0 }));
    const rowCount = isPost ? post.count : pre.count;
    const byRow = new Map<number, typeof numbered>();
    for (const entry of numbered) {
      const row = isPost ? entry.post : entry.pre;
      const here = byRow.get(row);
      if (here) here.push(entry);
      else byRow.set(row, [entry]);
    }
    let entries = 0;
    for (let row = 0; row <= rowCount; row++) {
      this.rows.push(entries);
      const here = byRow.get(row) ?? [];
      if (!isPost) here.sort((a, b) => a.delay - b.delay);
      for (const entry of here) {
        entries++;
        if (isPost) this.synapses.push(entry.pre, entry.e);
        else if (kernel.packing === 'wide') this.synapses.push(entry.post, entry.delay);
        else if (kernel.packing === 'target+delay') {
          this.synapses.push((entry.post | (entry.delay << 24)) >>> 0);
        } else this.synapses.push(entry.post);
      }
    }
    this.synapseCount += synapses.length;
    const synapseCells = (kernel.synapseVariables ?? []).map(({ name }) => {
      const first = this.synapseState.length;
      for (const { e } of numbered) this.synapseState.push(spec.initial?.(name, e) ?? 0);
      return first;
    });
    const delays = numbered.map(({ delay }) => delay);
    const isMixed = !isPost && kernel.packing !== undefined && kernel.packing !== 'target';
    const fixed = spec.delaySteps ?? 0;
    return {
      name: spec.name,
      sourceFirst: pre.first,
      sourceCount: pre.count,
      targetFirst: post.first,
      targetCount: post.count,
      rows,
      synapseBase,
      constants: this.addConstants(spec.constants),
      seed: this.seed,
      stream: streamOf('projection', spec.name),
      delayBase: -1,
      generate: null,
      delaySteps: fixed,
      delayRange: isMixed ? [Math.min(...delays), Math.max(...delays)] : [fixed, fixed],
      synapseCells,
      preCells: (kernel.preVariables ?? []).map(({ name }) => this.cell(source, name)),
      postCells: (kernel.postVariables ?? []).map(({ name }) => this.cell(target, name)),
      inputs: kernel.inputs.map(({ name, side }) => ({
        ...this.input(side === 'pre' ? source : target, name),
        limit: spec.limit ?? 2 ** 30,
      })),
    };
  }
}

/** Puts a plan together. W defaults to 1; rings are as large as the delays need. */
export function makePlan(spec: PlanSpec): Plan {
  const builder = new PlanBuilder(spec.seed ?? 1);
  for (const group of spec.groups) builder.addGroup(group);
  const generators = (spec.generators ?? []).map(({ name, count, steps, indices }) => {
    const population = builder.populations.length;
    const first = builder.neurons;
    builder.populations.push({
      name,
      first,
      count,
      kernel: -1,
      localFirst: 0,
      recordSpikes: true,
    });
    builder.neurons += count;
    return {
      population,
      globalFirst: first,
      count,
      recordSpikes: true,
      steps: Uint32Array.from(steps),
      indices: Uint32Array.from(indices),
    };
  });
  const deliver = (spec.deliver ?? []).map(
    (kernel): DeliverKernel => ({
      name: kernel.name,
      mode: kernel.mode,
      trigger: kernel.trigger ?? 'pre',
      packing: kernel.packing ?? 'target',
      projections: kernel.projections.map((projection) =>
        builder.addProjection(projection, kernel),
      ),
      synapseVariables: kernel.synapseVariables ?? [],
      preVariables: kernel.preVariables ?? [],
      postVariables: kernel.postVariables ?? [],
      inputs: kernel.inputs,
      body: kernel.body,
    }),
  );
  const summed = (spec.summed ?? []).map(
    (kernel): SummedKernel => ({
      name: kernel.result,
      projection: builder.addProjection(kernel.projection, {
        ...kernel,
        synapseVariables: (kernel.synapseVariables ?? []).map((variable) => ({
          ...variable,
          written: false,
        })),
        trigger: 'post',
        inputs: [],
      }),
      synapseVariables: kernel.synapseVariables ?? [],
      preVariables: kernel.preVariables ?? [],
      postVariables: kernel.postVariables ?? [],
      resultCell: builder.cell(kernel.projection.target, kernel.result),
      body: [],
      value: kernel.value,
    }),
  );
  const windowSteps = spec.windowSteps ?? 1;
  const largest = Math.max(
    0,
    ...deliver.flatMap(({ projections }) => projections.map(({ delayRange }) => delayRange[1])),
  );
  return {
    precision: spec.precision ?? 'f32',
    dtMs: spec.dtMs ?? 0.1,
    seed: builder.seed,
    windowSteps,
    ringSlots: largest + windowSteps,
    spikeSlots: Math.max(windowSteps, largest + 1),
    neuronCount: builder.neurons,
    synapseCount: builder.synapseCount,
    populations: builder.populations,
    state: Float64Array.from(builder.state),
    inputCells: builder.inputCells,
    depositCells: 0,
    constants: Float64Array.from(builder.constants),
    tables: spec.tables ?? [],
    rows: Uint32Array.from(builder.rows),
    synapses: Uint32Array.from(builder.synapses),
    synapseWords: builder.synapses.length,
    synapseState: Float64Array.from(builder.synapseState),
    synapseCells: builder.synapseState.length,
    update: builder.update,
    summed,
    clocked: [],
    deliver,
    fields: [],
    generators,
    schedule: spec.schedule ?? defaultSchedule(builder.update, summed, deliver, generators.length),
    memory: [],
    warnings: [],
  };
}

function defaultSchedule(
  update: readonly unknown[],
  summed: readonly unknown[],
  deliver: readonly unknown[],
  generators: number,
): ScheduleStep[] {
  const kernels = [...update.keys()];
  const finish = summed.length > 0 ? kernels : [];
  return [
    ...finish.map((kernel) => ({ kind: 'finish', kernel }) as const),
    ...[...summed.keys()].map((kernel) => ({ kind: 'summed', kernel }) as const),
    ...kernels.map((kernel) => ({ kind: 'update', kernel }) as const),
    ...(generators > 0 ? [{ kind: 'generate' } as const] : []),
    ...[...deliver.keys()].map((kernel) => ({ kind: 'deliver', kernel }) as const),
  ];
}

const V = own(0, 'v');
const GE = own(1, 'ge');
const GI = own(2, 'gi');
const LAST_SPIKE = own(3, 'lastspike');

/**
 * The neurons of the CUBA benchmark (Brette et al. 2007) in the way the compiler lowers them: exact integration with
 * propagator constants, v relative to rest, frozen for 5 ms after a spike.
 */
export function cubaGroup(members: GroupSpec['members'], scale = 20): GroupSpec {
  const constant = (index: number, name: string): Value => ({
    op: 'constant',
    type: 'f32',
    index,
    name,
  });
  const elapsed = sub(special('step'), get(LAST_SPIKE, 'i32'));
  const active = local('not_refractory', 'bool');
  const v = add(
    mul(constant(0, 'v_v'), get(V)),
    add(mul(constant(1, 'v_ge'), get(GE)), mul(constant(2, 'v_gi'), get(GI))),
  );
  return {
    members: members.map((member) => ({ constants: cubaConstants(), ...member })),
    variables: [
      { name: 'v', type: 'f32' },
      { name: 'ge', type: 'f32' },
      { name: 'gi', type: 'f32' },
      { name: 'lastspike', type: 'i32' },
    ],
    inputs: [
      { variable: 'ge', scale },
      { variable: 'gi', scale },
    ],
    begin: [
      bind('arrived_ge', { op: 'arrived', type: 'f32', input: 0 }),
      bind('arrived_gi', { op: 'arrived', type: 'f32', input: 1 }),
      set(GE, add(get(GE), local('arrived_ge'))),
      set(GI, add(get(GI), local('arrived_gi'))),
      {
        kind: 'if',
        rare: true,
        condition: binary('eq', elapsed, integer(1)),
        body: [set(V, constant(5, 'v_reset'))],
      },
    ],
    advance: [
      bind('not_refractory', binary('ge', elapsed, unary('to_i32', constant(7, 'refractory')))),
      bind('v_new', v),
      set(V, select(active, local('v_new'), get(V))),
      set(GE, mul(constant(3, 'ge_ge'), get(GE))),
      set(GI, mul(constant(4, 'gi_gi'), get(GI))),
    ],
    spiked: and(binary('gt', get(V), constant(6, 'v_threshold')), active),
    onSpike: [set(LAST_SPIKE, special('step'))],
  };
}

/** Propagators of CUBA for dt 0.1 ms, tau_m 20 ms, tau_e 5 ms, tau_i 10 ms; v relative to -49 mV. */
function cubaConstants(): number[] {
  const [dt, tauM, tauE, tauI] = [0.1, 20, 5, 10];
  const coupling = (tau: number): number =>
    (tau / (tauM - tau)) * (Math.exp(-dt / tauM) - Math.exp(-dt / tau));
  const decay = (tau: number): number => Math.exp(-dt / tau);
  return [decay(tauM), coupling(tauE), coupling(tauI), decay(tauE), decay(tauI), -11, -1, 50];
}

/** CUBA: 80 % excitatory neurons; every neuron reaches about 80 others, chosen by a small deterministic generator. */
export function cubaPlan(options: {
  readonly neurons: number;
  readonly precision?: 'f32' | 'f64';
  readonly windowSteps?: number;
  readonly delaySteps?: number;
}): Plan {
  const { neurons, windowSteps = 1, delaySteps = 0 } = options;
  let random = 12345;
  const next = (): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random / 2 ** 32;
  };
  const excitatory = Math.round(neurons * 0.8);
  const rest = [...Array(neurons).keys()].map(() => -11 + 10 * next());
  const first = (offset: number) => (variable: string, neuron: number) =>
    variable === 'v' ? (rest[offset + neuron] ?? 0) : variable === 'lastspike' ? -10_000_000 : 0;
  const fanOut = Math.min(80, neurons);
  const connect = (
    name: string,
    source: string,
    count: number,
    target: string,
    targets: number,
    weight: number,
  ): ProjectionSpec => ({
    name,
    source,
    target,
    delaySteps,
    constants: [weight],
    synapses: [...Array(count).keys()].flatMap((pre) =>
      [...Array(Math.round((fanOut * targets) / neurons)).keys()].map(() => ({
        pre,
        post: Math.floor(next() * targets),
      })),
    ),
  });
  const kernel = (input: string, projections: readonly ProjectionSpec[]): DeliverSpec => ({
    name: input,
    mode: 'scatter',
    projections,
    inputs: [{ name: input, side: 'post', proven: true }],
    body: [{ kind: 'add', input: 0, value: { op: 'constant', type: 'f32', index: 0, name: 'w' } }],
  });
  const inhibitory = neurons - excitatory;
  const E = 'exc';
  const I = 'inh';
  return makePlan({
    precision: options.precision ?? 'f32',
    windowSteps,
    groups: [
      cubaGroup([
        { name: E, count: excitatory, initial: first(0) },
        { name: I, count: inhibitory, initial: first(excitatory) },
      ]),
    ],
    deliver: [
      kernel('ge', [
        connect('EE', E, excitatory, E, excitatory, 1.62),
        connect('EI', E, excitatory, I, inhibitory, 1.62),
      ]),
      kernel('gi', [
        connect('IE', I, inhibitory, E, excitatory, -9),
        connect('II', I, inhibitory, I, inhibitory, -9),
      ]),
    ],
  });
}

/** Keeps what a run delivers. */
export class Collector {
  readonly steps: number[] = [];
  readonly neurons: number[] = [];
  readonly sampled: { kernel: number; first: number; count: number; data: number[] }[] = [];

  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    for (const step of steps) this.steps.push(step);
    for (const neuron of neurons) this.neurons.push(neuron);
  }

  samples(kernel: number, first: number, count: number, data: Float32Array | Float64Array): void {
    this.sampled.push({ kernel, first, count, data: [...data] });
  }

  /** The spikes as "step:neuron". */
  get list(): string[] {
    return this.steps.map((step, index) => `${step}:${this.neurons[index]}`);
  }
}
