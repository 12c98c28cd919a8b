/**
 * The fluent way to write a network document: every method checks its arguments at once and appends to plain data.
 * Builds nothing and runs nothing; `compileNetwork` does the one, `createSimulation` the other.
 */
import { NetworkError } from '../errors.ts';
import { DIMENSIONS, readQuantity } from '../language/units.ts';
import type {
  FieldDocument,
  InterventionDocument,
  NetworkDocument,
  PoissonInputDocument,
  PopulationDocument,
  PositionsDocument,
  ProjectionDocument,
  Quantity,
  RecordingDocument,
  SliceReference,
  TimedArrayDocument,
  ValueSpec,
} from './document.ts';
import { Field } from './field.ts';
import { checkName, checkOptions, checkPositive, isTypedList, refuse } from './fields.ts';
import { Population, plainCopy, slice } from './population.ts';
import { Projection } from './projection.ts';
import { checkHeader, validateDocument } from './validate.ts';
import { checkAllLinks, checkFieldDocument } from './validate-field.ts';
import { checkInterventionDocument } from './validate-intervention.ts';
import {
  checkParams,
  checkPopulationDocument,
  checkTimedArray,
  type Known,
} from './validate-population.ts';
import {
  checkInputDocument,
  checkProjectionModel,
  checkRecordingDocument,
} from './validate-projection.ts';
import { checkValueSpec } from './validate-values.ts';

/** What concerns a whole network. */
export interface NetworkOptions {
  /** Default "network". */
  readonly name?: string;
  /** Time step; default "0.1 ms". */
  readonly dt?: Quantity;
  /** 0 … 2^32-1; default 1. */
  readonly seed?: number;
  /** Parameters visible to every equation of the network. */
  readonly params?: Readonly<Record<string, Quantity>>;
}

/** What a population is made of: what a library model's `with()` returns, or texts of your own. */
export interface PopulationOptions {
  /** Equations, one per line. */
  readonly eqs: string;
  /** Statements of every step, between integration and spike test. */
  readonly onStep?: string;
  /** Condition for a spike. */
  readonly threshold?: string;
  /** Statements after a spike. */
  readonly reset?: string;
  /** A time ("5 ms", "tau_ref"), an expression, or a condition that keeps the neuron refractory. */
  readonly refractory?: string;
  /** Integrator; default "auto". */
  readonly method?: string;
  /** How often `(slow)` equations advance; default "10 ms". */
  readonly slow?: Quantity;
  /** By how much the time of slow equations runs ahead; default 1. */
  readonly acceleration?: number;
  /** Parameters of these texts, with units; they shadow the network's. */
  readonly params?: Readonly<Record<string, Quantity>>;
  /** First values of variables; 0 otherwise. */
  readonly initial?: Readonly<Record<string, ValueSpec>>;
  /** Name of the library model, for display. */
  readonly model?: string;
  /** Where the neurons are. */
  readonly positions?: PositionsDocument;
  /** What `(linked)` variables read: "field.variable" by their names. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A field: everything of a FieldDocument but its name. */
export type FieldOptions = Omit<FieldDocument, 'name' | 'params' | 'initial'> & {
  /** Parameters of its texts, with units; they shadow the network's. */
  readonly params?: Readonly<Record<string, Quantity>>;
  /** First values of variables; 0 otherwise. */
  readonly initial?: Readonly<Record<string, ValueSpec>>;
};

/** Poisson neurons: how often they spike. */
export interface PoissonPopulationOptions {
  /** A rate ("15 Hz"), an expression of time and index ("(10 + i)*Hz", "rates(t, i)"), or a rate per neuron. */
  readonly rate: ValueSpec;
  /** Parameters that the expression uses. */
  readonly params?: Readonly<Record<string, Quantity>>;
  /** Where the neurons are. */
  readonly positions?: PositionsDocument;
}

/** Given spikes, in any order. */
export interface SpikeListOptions {
  /** Spike k is of neuron indices[k] at timesMs[k]; at most one of a neuron in a time step. */
  readonly indices: ArrayLike<number>;
  /** In ms, as many as indices. */
  readonly timesMs: ArrayLike<number>;
  /** Where the neurons are. */
  readonly positions?: PositionsDocument;
}

/** What the synapses of a projection are and do: what a library model's `with()` returns, or texts of your own. */
export interface ProjectionOptions {
  /** Equations of synapse variables, for example "w : volt". */
  readonly eqs?: string;
  /** Statements when a presynaptic spike arrives; several named pathways as an object. */
  readonly onPre?: string | Readonly<Record<string, string>>;
  /** The same when the target neuron spikes. */
  readonly onPost?: string | Readonly<Record<string, string>>;
  /** Integrator of clock-driven equations; default "auto". */
  readonly method?: string;
  /** How often `(slow)` equations advance; default "10 ms". */
  readonly slow?: Quantity;
  /** By how much the time of slow equations runs ahead; default 1. */
  readonly acceleration?: number;
  /** Default 0, rounded to steps; by pathway where they differ. */
  readonly delay?: ValueSpec | { readonly byPathway: Readonly<Record<string, ValueSpec>> };
  /** Parameters of these texts; they shadow those of the target population and the network. */
  readonly params?: Readonly<Record<string, Quantity>>;
  /** First values of synapse variables; 0 otherwise. */
  readonly initial?: Readonly<Record<string, ValueSpec>>;
  /** Largest |amount| that one spike adds, where it can grow (plastic weights): makes overflow impossible. */
  readonly bound?: Quantity;
  /**
   * "stored" in memory, "procedural": made again when needed, or "auto" (default): stored where they fit. The network is
   * the same; ProjectionDocument says what can be procedural.
   */
  readonly synapses?: 'auto' | 'stored' | 'procedural';
}

/** Variable, number and rate of sources, and weight of a Poisson input. */
export type PoissonInputOptions = Omit<PoissonInputDocument, 'name' | 'target'>;

/** Values over time. Row k holds from k*dt to (k+1)*dt; the last row is kept. */
export interface TimedArrayOptions {
  /** How long a row holds; need not be the network's dt. */
  readonly dt: Quantity;
  /** Of all values, for example "pA". */
  readonly unit: string;
  /** Values per row; default 1. */
  readonly columns?: number;
  /** Row-major, rows * columns numbers. */
  readonly values: ArrayLike<number>;
}

/** Names something of the network. */
export interface Named {
  readonly name: string;
}

/** How a recording is called. */
export interface RecordOptions {
  /** Default: made of the population's name. */
  readonly name?: string;
}

/** Which neurons, and how often. */
export interface RecordStateOptions extends RecordOptions {
  /** Indices relative to the population or slice; default all. */
  readonly neurons?: ArrayLike<number>;
  /** Interval, a multiple of dt; default dt. */
  readonly every?: Quantity;
}

/** Which voxels, and how often. */
export interface RecordFieldOptions extends RecordOptions {
  /** A layer of constant z, counted from 0. */
  readonly z?: number;
  /** Voxels by number, x fastest; default all. */
  readonly voxels?: ArrayLike<number>;
  /** Interval, a multiple of dt; default the clock of the field. */
  readonly every?: Quantity;
}

/** Adds recordings to a network. */
export interface Recorders {
  /** All spikes. */
  spikes(target: Population, options?: RecordOptions): Named;
  /**
   * Variables over time, before each step's update; the first sample is the initial value. "projection.variable" is a
   * presynaptic variable of a projection from the population.
   */
  state(target: Population, variables: readonly string[], options?: RecordStateOptions): Named;
  /** Variables of a field over time, before each step's update: all voxels, a layer, or some. */
  field(target: Field, variables: readonly string[], options?: RecordFieldOptions): Named;
  /** Spikes per neuron and time. */
  rate(target: Population, options?: RecordOptions): Named;
}

const POPULATION_OPTIONS = [
  'onStep',
  'threshold',
  'reset',
  'refractory',
  'method',
  'slow',
  'acceleration',
  'params',
  'initial',
  'model',
  'positions',
  'links',
];
const PROJECTION_OPTIONS = [
  'eqs',
  'onPre',
  'onPost',
  'method',
  'slow',
  'acceleration',
  'delay',
  'params',
  'initial',
  'bound',
  'synapses',
];
const FIELD_OPTIONS = [
  'origin',
  'diffusion',
  'tortuosity',
  'volumeFraction',
  'edges',
  'method',
  'params',
  'initial',
];

/** A network under construction. `document` is the result: plain JSON that round-trips. */
export class Network {
  readonly #name: string;
  readonly #dt: Quantity;
  readonly #seed: number;
  readonly #params: Readonly<Record<string, Quantity>>;
  readonly #known: Known;
  readonly #timedArrays: Record<string, TimedArrayDocument> = {};
  readonly #populations: PopulationDocument[] = [];
  readonly #fields: FieldDocument[] = [];
  readonly #projections: Projection[] = [];
  readonly #inputs: PoissonInputDocument[] = [];
  readonly #recordings: RecordingDocument[] = [];
  readonly #interventions: InterventionDocument[] = [];

  constructor(options: NetworkOptions = {}) {
    checkOptions(options, 'Network', [], ['name', 'dt', 'seed', 'params']);
    const header = { name: 'network', dt: '0.1 ms', seed: 1, params: {}, ...defined(options) };
    this.#known = checkHeader(header);
    this.#name = header.name;
    this.#dt = header.dt;
    this.#seed = header.seed;
    this.#params = { ...header.params };
    // `net.dt = …` would change nothing: let it throw.
    Object.freeze(this);
  }

  /** The network that a document describes, to be extended. */
  static fromDocument(document: NetworkDocument): Network {
    const { name, dt, seed, params, ...parts } = validateDocument(document);
    const network = new Network({ name, dt, seed, params });
    for (const [key, { dt: step, ...rest }] of Object.entries(parts.timedArrays)) {
      network.timedArray(key, { dt: step, ...rest });
    }
    for (const population of parts.populations) network.#add(plainCopy(population));
    for (const { name: key, ...options } of parts.fields ?? []) network.field(key, options);
    for (const { connect, source, target, name: key, ...options } of parts.projections) {
      const ends = [network.#slice(source), network.#target(target)] as const;
      network.projection(key, ...ends, options).connect(connect);
    }
    for (const input of parts.inputs) {
      checkInputDocument(input, 'Poisson input', network.#known);
      network.#inputs.push(plainCopy(input));
    }
    for (const recording of parts.recordings) network.#record(plainCopy(recording));
    for (const intervention of parts.interventions ?? []) network.intervene(intervention);
    return network;
  }

  /** The network as plain data. Throws NetworkError when a projection was never connected. */
  get document(): NetworkDocument {
    checkAllLinks(this.#known);
    return {
      format: 'wetware',
      version: 1,
      name: this.#name,
      dt: this.#dt,
      seed: this.#seed,
      params: this.#params,
      timedArrays: { ...this.#timedArrays },
      populations: [...this.#populations],
      ...(this.#fields.length === 0 ? {} : { fields: [...this.#fields] }),
      projections: this.#projections.map((projection) => projection.document),
      inputs: [...this.#inputs],
      recordings: [...this.#recordings],
      ...(this.#interventions.length === 0 ? {} : { interventions: [...this.#interventions] }),
    };
  }

  /** For JSON.stringify: the document. */
  toJSON(): NetworkDocument {
    return this.document;
  }

  /** Adds `size` neurons that obey equations. */
  population(name: string, size: number, options: PopulationOptions): Population {
    checkName(name, 'Population: name');
    const where = `Population "${name}"`;
    refuseModelItself(options, where);
    checkOptions(options, where, ['eqs'], POPULATION_OPTIONS);
    const { params = {}, initial = {}, ...texts } = defined(options);
    return this.#add(
      plainCopy({ kind: 'neurons', name, size, ...texts, params, initial }) as PopulationDocument,
    );
  }

  /**
   * Adds `size` independent Poisson neurons: each spikes in a step with probability rate*dt, so at most once a step.
   */
  poissonPopulation(name: string, size: number, options: PoissonPopulationOptions): Population {
    const where = `Population "${label(name)}"`;
    checkOptions(options, where, ['rate'], ['params', 'positions']);
    const { rate, params = {}, positions } = options;
    checkValueSpec(rate, `${where}: rate`, 'rate', typeof size === 'number' ? size : undefined);
    checkParams(params, where);
    const placed = positions === undefined ? {} : { positions };
    const base = { threshold: 'rand() < rate*dt', params, model: 'poisson', ...placed };
    if (typeof rate === 'string' && readQuantity(rate) === null) {
      return this.population(name, size, { ...base, eqs: `rate = ${rate} : Hz` });
    }
    if (typeof rate === 'object') {
      const initial = { rate };
      return this.population(name, size, { ...base, eqs: 'rate : Hz (constant)', initial });
    }
    checkPositive(rate, `${where}: rate`, DIMENSIONS.rate, true);
    return this.population(name, size, { ...base, eqs: '', params: { ...params, rate } });
  }

  /** Adds a population that emits the given spikes. */
  spikeList(name: string, size: number, options: SpikeListOptions): Population {
    const where = `Population "${label(name)}"`;
    checkOptions(options, where, ['indices', 'timesMs'], ['positions']);
    const indices = numbersOf(options.indices, `${where}: indices`);
    const timesMs = numbersOf(options.timesMs, `${where}: timesMs`);
    const { positions } = options;
    const placed = positions === undefined ? {} : { positions: plainCopy(positions) };
    return this.#add({ kind: 'spikes', name, size, indices, timesMs, ...placed });
  }

  /**
   * Adds a field: concentrations on a grid of voxels, with a clock of their own. Projections onto it deposit, `links` of
   * populations read it.
   */
  field(name: string, options: FieldOptions): Field {
    checkName(name, 'Field: name');
    const where = `Field "${name}"`;
    checkOptions(options, where, ['grid', 'spacing', 'every', 'eqs'], FIELD_OPTIONS);
    const { params = {}, initial = {}, ...rest } = defined(options);
    const field = plainCopy({ name, ...rest, params, initial }) as FieldDocument;
    checkFieldDocument(field, 'Field', this.#known);
    this.#fields.push(field);
    return new Field(field, this.#fields);
  }

  /** Adds a projection from `source` to `target`; it needs `.connect(rule)`. */
  projection(
    name: string,
    source: Population,
    target: Population | Field,
    options: ProjectionOptions = {},
  ): Projection {
    checkName(name, 'Projection: name');
    const where = `Projection "${name}"`;
    refuseModelItself(options, where);
    checkOptions(options, where, [], PROJECTION_OPTIONS);
    this.#checkOwn(source, `${where}: source`);
    if (target instanceof Field) this.#checkOwnField(target, `${where}: target`);
    else this.#checkOwn(target, `${where}: target`);
    const { params = {}, initial = {}, ...texts } = defined(options);
    const ends = { source: source.reference, target: target.reference };
    const model = plainCopy({ name, ...ends, ...texts, params, initial });
    checkProjectionModel(model, 'Projection', this.#known);
    this.#known.projections.add(name);
    const projection = new Projection(model as Omit<ProjectionDocument, 'connect'>, {
      sources: source.size,
      targets: target.size,
      isField: target instanceof Field,
    });
    this.#projections.push(projection);
    return projection;
  }

  /** Adds n independent Poisson sources per neuron of `target`, each adding `weight` to `variable`. */
  poissonInput(name: string, target: Population, options: PoissonInputOptions): Named {
    const where = `Poisson input "${label(name)}"`;
    checkOptions(options, where, ['variable', 'n', 'rate', 'weight']);
    this.#checkOwn(target, `${where}: target`);
    const input = { name, target: target.reference, ...options };
    checkInputDocument(input, 'Poisson input', this.#known);
    this.#inputs.push(plainCopy(input));
    return { name };
  }

  /** Adds a table of values over time; equations use it as `name(t)`, or `name(t, i)` with several columns. */
  timedArray(name: string, options: TimedArrayOptions): Named {
    const where = `Timed array "${label(name)}"`;
    checkOptions(options, where, ['dt', 'unit', 'values'], ['columns']);
    const values = numbersOf(options.values, `${where}: values`);
    const { dt, unit, columns = 1 } = options;
    const array = { dt, unit, columns, values };
    checkTimedArray(name, array, this.#known);
    this.#timedArrays[name] = array;
    return { name };
  }

  /** Changes a parameter while the network runs: see InterventionDocument. Returns the network, for the next one. */
  intervene(intervention: InterventionDocument): this {
    checkInterventionDocument(intervention, 'Intervention', this.#known);
    this.#interventions.push(plainCopy(defined(intervention)));
    return this;
  }

  /** Adds recordings. */
  get record(): Recorders {
    return {
      spikes: (target, options = {}) => this.#recordSpikes('spikes', target, options),
      rate: (target, options = {}) => this.#recordSpikes('rate', target, options),
      state: (target, variables, options = {}) => this.#recordState(target, variables, options),
      field: (target, variables, options = {}) => this.#recordField(target, variables, options),
    };
  }

  #recordSpikes(kind: 'spikes' | 'rate', target: Population, options: RecordOptions): Named {
    const where = `record.${kind}`;
    this.#checkOwn(target, `${where}: the population`);
    checkOptions(options, where, [], ['name']);
    const name = this.#recordingName(kind, target, options.name);
    return this.#record({ kind, name, target: target.reference });
  }

  #recordState(
    target: Population,
    variables: readonly string[],
    options: RecordStateOptions,
  ): Named {
    const where = 'record.state';
    this.#checkOwn(target, `${where}: the population`);
    checkOptions(options, where, [], ['name', 'neurons', 'every']);
    const name = this.#recordingName('state', target, options.name);
    const { neurons, every } = options;
    return this.#record({
      kind: 'state',
      name,
      target: target.reference,
      variables: plainCopy(variables),
      ...(neurons === undefined ? {} : { neurons: numbersOf(neurons, `${where}: neurons`) }),
      ...(every === undefined ? {} : { every }),
    });
  }

  #recordField(field: Field, variables: readonly string[], options: RecordFieldOptions): Named {
    const where = 'record.field';
    if (!(field instanceof Field)) refuse(`${where}: the field`, 'what field() gave', field);
    this.#checkOwnField(field, `${where}: the field`);
    checkOptions(options, where, [], ['name', 'z', 'voxels', 'every']);
    const { z, voxels, every, name = this.#freshRecording(`${field.name} state`) } = options;
    const chosen = z === undefined ? voxels : field.layer(z);
    return this.#record({
      kind: 'state',
      name,
      target: field.reference,
      variables: plainCopy(variables),
      ...(chosen === undefined ? {} : { neurons: numbersOf(chosen, `${where}: voxels`) }),
      ...(every === undefined ? {} : { every }),
    });
  }

  #record(recording: RecordingDocument): Named {
    checkRecordingDocument(recording, 'Recording', this.#known);
    this.#recordings.push(recording);
    return { name: recording.name };
  }

  /** A name made of kind and population, numbered where it is taken. */
  #recordingName(kind: string, target: Population, wanted: string | undefined): string {
    if (wanted !== undefined) return wanted;
    const { from, to } = target.reference;
    const range = from === undefined ? '' : `[${from}:${to}]`;
    return this.#freshRecording(`${target.name}${range} ${kind}`);
  }

  #freshRecording(base: string): string {
    let name = base;
    for (let k = 2; this.#known.recordings.has(name); k++) name = `${base} ${k}`;
    return name;
  }

  #add(population: PopulationDocument): Population {
    checkName(population.name, 'Population: name');
    checkPopulationDocument(population, 'Population', this.#known);
    const index = this.#populations.push(population) - 1;
    return new Population(this.#populations, this.#known.populations, index);
  }

  #slice(reference: SliceReference): Population {
    const index = this.#populations.findIndex((one) => one.name === reference.population);
    const whole = new Population(this.#populations, this.#known.populations, index);
    return reference.from === undefined && reference.to === undefined
      ? whole
      : slice(whole, reference.from ?? 0, reference.to ?? whole.size);
  }

  #target(reference: SliceReference): Population | Field {
    const field = this.#fields.find((one) => one.name === reference.population);
    return field === undefined ? this.#slice(reference) : new Field(field, this.#fields);
  }

  #checkOwnField(value: Field, where: string): void {
    if (value.belongsTo(this.#fields)) return;
    throw new NetworkError(`${where}: field "${value.name}" belongs to another network.`, {
      path: where,
      value: value.name,
    });
  }

  #checkOwn(value: unknown, where: string): asserts value is Population {
    if (!(value instanceof Population)) {
      refuse(where, 'a population or slice of this network', value, 'Pass what population() gave.');
    }
    if (!value.belongsTo(this.#populations)) {
      throw new NetworkError(`${where}: population "${value.name}" belongs to another network.`, {
        path: where,
        value: value.name,
      });
    }
  }
}

/** `models.x` has to become options by `models.x.with()`; equations have to be called eqs. */
function refuseModelItself(options: unknown, where: string): void {
  if (typeof options !== 'object' || options === null) return;
  if ('with' in options && typeof options.with === 'function') {
    throw new NetworkError(
      `${where}: a model of the library must become options first. Call .with() on it, for example models.lifCurrExp.with({ tau_m: "10 ms" }).`,
      { path: where, value: 'name' in options ? options.name : options },
    );
  }
  if (!('eqs' in options) && 'model' in options && /[:=]/.test(String(options.model))) {
    throw new NetworkError(
      `${where}: equations belong into "eqs"; "model" is only the name of a library model.`,
      { path: where, value: options.model },
    );
  }
}

/** A name as messages show it even when it is no name. */
function label(name: unknown): string {
  return typeof name === 'string' ? name : '?';
}

/** Without the keys whose value is undefined, so that `{ reset: undefined }` means "none". */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

/** A plain array of an array or typed array. Entries are checked later. */
function numbersOf(values: unknown, where: string): number[] {
  if (Array.isArray(values)) return [...(values as number[])];
  if (!isTypedList(values)) refuse(where, 'a list of numbers', values);
  return Array.from(values);
}
