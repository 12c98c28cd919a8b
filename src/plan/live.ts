/**
 * What may happen to a plan after it was made: values looked up and computed by name, parameters changed. Keeps the
 * promise of the fixed-point sums: a change that could make one overflow is refused.
 */
import { NetworkError } from '../errors.ts';
import type { StoredVariable } from '../language/kernel.ts';
import { DIMENSIONLESS, DIMENSIONS, type Dimension, parseQuantity } from '../language/units.ts';
import type { Quantity, ValueSpec } from '../network/document.ts';
import { checkName } from '../network/fields.ts';
import { checkValueSpec } from '../network/validate-values.ts';
import type { KnownValue } from './amounts.ts';
import type { Context, ParameterTable } from './context.ts';
import type { PlacedProjection } from './deliver-kernels.ts';
import { checkNewValues } from './limits.ts';
import type { LiveChanges, ParameterChange, ParameterValue, VariableCell } from './live-changes.ts';
import { type Named, notStored, unbounded, unknown } from './live-errors.ts';
import { findParameter, type Owners, tablesOf } from './parameter-owner.ts';
import type { Plan } from './plan.ts';
import { neuronValues, type PopulationPart, storedVariable, titleOf } from './populations.ts';
import { placesOf } from './positions.ts';
import { hiddenName, isHosted, longestWindow, noteRanges, sourceValues } from './presynaptic.ts';
import { type ProjectionPart, prepareInitial, projectionParameters } from './projections.ts';
import {
  boundedAmount,
  type Contribution,
  checkScale,
  type SynapseView,
  staticSums,
} from './scales.ts';
import { isStoredAsStep } from './synapse-arrays.ts';
import { type SynapseSource, synapseSource, variablesToRead } from './synapse-source.ts';
import { countSynapses, makeSynapses, type Synapses } from './synapses.ts';
import {
  type ConstantBlocks,
  contributionsTo,
  inputsOf,
  offsetOf,
  type UpdateLayout,
} from './update-kernels.ts';
import { evaluate, rangeOf, type Values, varies } from './values.ts';

interface TableChange extends Omit<ParameterValue, 'owner'> {
  readonly table: ParameterTable;
}

/** The changeable side of a compiled network. */
export class Live {
  readonly #context: Context;
  readonly #plan: Plan;
  readonly #populations: readonly PopulationPart[];
  readonly #projections: readonly PlacedProjection[];
  readonly #layout: UpdateLayout;
  readonly #constants: ConstantBlocks;
  /** All that synapses may depend on, and how it was when they were made. */
  readonly #tables: readonly ParameterTable[];
  readonly #first: readonly Readonly<Record<string, number>>[];
  readonly #orders = new Map<string, Uint32Array | null>();
  /** Values of synapse variables that are no longer the first ones, where sums are made of them. */
  readonly #set = new Map<PlacedProjection, Map<string, Values>>();
  /** Values of synapse variables for as long as interventions are in effect. */
  readonly #intervened = new Map<PlacedProjection, Map<string, () => Float64Array>>();
  /**
   * Whether all changes so far are interventions of the document: then scales, windows and stability have been decided
   * for all their values, and need no second look.
   */
  #isAsPlanned = true;

  constructor(
    context: Context,
    plan: Plan,
    populations: readonly PopulationPart[],
    projections: readonly PlacedProjection[],
    layout: UpdateLayout,
    constants: ConstantBlocks,
  ) {
    this.#context = context;
    this.#plan = plan;
    this.#populations = populations;
    this.#projections = projections;
    this.#layout = layout;
    this.#constants = constants;
    this.#tables = [
      context.network,
      ...populations.map(({ parameters }) => parameters),
      ...projections.map(({ part }) => part.parameters),
    ];
    this.#first = this.#tables.map(({ values }) => ({ ...values }));
  }

  cellOf(population: string, variable: string): VariableCell {
    checkName(variable, 'The name of a variable');
    const part = this.#population(population);
    const placed = this.#layout.placed.get(part.index);
    const where = titleOf(part);
    if (placed === undefined) {
      throw new NetworkError(`${where} is a spike list: it has no variables.`, { value: variable });
    }
    const { lowered, kernel: index, localFirst } = placed;
    const v = lowered.variables.findIndex(({ name }) => name === variable);
    const kernel = this.#layout.kernels[index];
    const member = kernel?.members.find((one) => one.population === part.index);
    if (kernel === undefined || member === undefined) throw new Error('internal: no kernel');
    if (v < 0) throw notStored(where, variable, lowered.variables, part.model?.variables ?? []);
    return {
      buffer: 'state',
      first: kernel.stateBase + v * kernel.count + localFirst,
      count: part.document.size,
      type: (lowered.variables[v] as StoredVariable).type,
      offset: offsetOf(lowered, v, this.#plan.constants, member.constants),
      factor: isStoredAsStep(variable) ? this.#context.dtMs : 1,
      dimension: dimensionOf(variable, part.model?.variables ?? []),
      order: null,
    };
  }

  synapseCellOf(projection: string, variable: string): VariableCell {
    checkName(variable, 'The name of a variable');
    const found = this.#projection(projection);
    if (isHosted(found.part, variable)) return this.#sourceCell(found.part, variable);
    const cell = this.#cell(this.#stored(projection, variable), variable);
    return { ...cell, order: this.#order(projection) };
  }

  /** Where synapses keep a variable. */
  #cell({ part, placed, count }: PlacedProjection, variable: string): Omit<VariableCell, 'order'> {
    const first = placed.cells.get(variable);
    const stored = part.variables.find(({ name }) => name === variable);
    if (first === undefined || stored === undefined) {
      const where = `Projection "${part.document.name}"`;
      throw notStored(where, variable, part.variables, part.model.variables);
    }
    const dimension = dimensionOf(variable, part.model.variables);
    const factor = isStoredAsStep(variable) ? this.#context.dtMs : 1;
    const { type } = stored;
    return { buffer: 'synapseState', first, count, type, offset: 0, factor, dimension };
  }

  /** Where source neurons keep a presynaptic variable. */
  #sourceCell(part: ProjectionPart, variable: string): VariableCell {
    const { source, model } = part;
    const cell = this.cellOf(source.part.document.name, hiddenName(part, variable));
    const dimension = dimensionOf(variable, model.variables);
    return { ...cell, first: cell.first + source.from, count: source.count, dimension };
  }

  /**
   * Where the synapses of a projection are, with these variables (all that there are by default) and the delays of a
   * pathway. Throws NetworkError for unknown names.
   */
  synapsesOf(name: string, pathway?: string, wanted?: readonly string[]): SynapseSource {
    const found = this.#projection(name);
    const { part } = found;
    const variables = variablesToRead(found, wanted, {
      cell: (variable) => this.#cell(found, variable),
      sourceCell: (variable) => this.#sourceCell(part, variable),
    });
    const make = (): Synapses => this.#made(part);
    return synapseSource(found, pathway, { plan: this.#plan, variables, make });
  }

  /** x, y and z in µm of every neuron of a population, three numbers for each; null where it is nowhere. */
  positionsOf(population: string): Float32Array | null {
    return placesOf(this.#population(population));
  }

  #order(projection: string): Uint32Array | null {
    let order = this.#orders.get(projection);
    if (order === undefined) {
      const { part } = this.#projection(projection);
      const isMoved =
        part.document.connect.rule === 'list' ||
        part.pathways.some(({ lowered, delay }) => lowered.mode === 'arrival' && varies(delay));
      order = isMoved ? this.#made(part, true).order : null;
      this.#orders.set(projection, order);
    }
    return order;
  }

  evaluate(owner: string, variable: string, spec: ValueSpec): Float64Array {
    checkName(variable, 'The name of a variable');
    const population = this.#populations.find(({ document }) => document.name === owner);
    if (population !== undefined) {
      storedVariable(population, variable, `set: population "${owner}"`);
      checkSpec(spec, owner, variable, population.document.size);
      const values = neuronValues(this.#context, population, variable, spec, 'value');
      checkNewValues(population, variable, values);
      return everywhere(values, population.document.size);
    }
    const found = this.#projection(owner);
    if (isHosted(found.part, variable)) return this.#evaluateShared(found, variable, spec);
    const projection = this.#stored(owner, variable);
    const { part, count } = projection;
    checkSpec(spec, owner, variable, count);
    const { prepared, wanted } = prepareInitial(this.#context, part, variable, spec, 'value');
    const synapses = this.#made(part);
    const values = everywhere(evaluate(prepared, wanted, synapses.elements), count);
    this.#isAsPlanned = false;
    this.#checked([projection], () => this.#setValues(projection, variable, values));
    return values;
  }

  /** As evaluate, for what source neurons keep: values per source neuron. */
  #evaluateShared(projection: PlacedProjection, variable: string, spec: ValueSpec): Float64Array {
    const { part } = projection;
    const { count } = part.source;
    checkSpec(spec, part.document.name, variable, count);
    const values = everywhere(sourceValues(part, variable, spec, 'value'), count);
    const name = hiddenName(part, variable);
    this.#isAsPlanned = false;
    const before = part.presynapticRanges.get(name) ?? [0, 0];
    const [least, most] = rangeOf(values);
    this.#checked([projection], () => {
      part.presynapticRanges.set(name, [Math.min(before[0], least), Math.max(before[1], most)]);
      return () => part.presynapticRanges.set(name, before);
    });
    return values;
  }

  get #owners(): Owners {
    const projections = this.#projections.map(({ part }) => part);
    return { context: this.#context, populations: this.#populations, projections };
  }

  /** Notes new values of a synapse variable, as far as bounds depend on them; returns how to take that back. */
  #setValues(projection: PlacedProjection, variable: string, values: Float64Array): () => void {
    const undo = this.#intervene(projection, variable, null);
    const known = projection.values.get(variable);
    if (known !== undefined) {
      projection.values.set(variable, { kind: 'within', range: rangeOf(values) });
      return () => {
        projection.values.set(variable, known);
        undo();
      };
    }
    const set = this.#set.get(projection) ?? new Map<string, Values>();
    this.#set.set(projection, set);
    const before = set.get(variable);
    set.set(variable, Float64Array.from(values));
    return () => {
      if (before === undefined) set.delete(variable);
      else set.set(variable, before);
      undo();
    };
  }

  /** Notes the values of a synapse variable under interventions, null for none; returns how to take that back. */
  #intervene(
    projection: PlacedProjection,
    variable: string,
    values: (() => Float64Array) | null,
  ): () => void {
    const all = this.#intervened.get(projection) ?? new Map<string, () => Float64Array>();
    this.#intervened.set(projection, all);
    const before = all.get(variable) ?? null;
    const put = (given: (() => Float64Array) | null): void => {
      if (given === null) all.delete(variable);
      else all.set(variable, given);
    };
    put(values);
    return () => put(before);
  }

  setParameter(owner: string, name: string, value: Quantity): ParameterChange {
    if (owner !== '') checkName(owner, 'setParameter: owner');
    checkName(name, 'setParameter: name');
    const { table, where } = findParameter(this.#owners, owner, name);
    const dimension = table.dimensions[name] as Dimension;
    const { value: internal } = parseQuantity(value, where, dimension);
    this.#isAsPlanned = false;
    return this.#put([{ table, name, value: internal }]);
  }

  parameterOf(owner: string, name: string): number {
    const { table } = findParameter(this.#owners, owner, name);
    return table.values[name] as number;
  }

  putParameters(values: readonly ParameterValue[]): ParameterChange {
    const changes = values.map(({ owner, name, value }) => {
      const { table } = findParameter(this.#owners, owner, name);
      return { table, name, value };
    });
    if (!this.#isAsPlanned) return this.#put(changes);
    for (const { table, name, value } of changes) table.values[name] = value;
    return this.#constantsOfNow();
  }

  putValues(owner: string, variable: string, values: (() => Float64Array) | null): void {
    const population = this.#populations.find(({ document }) => document.name === owner);
    if (population !== undefined) {
      if (values !== null) checkNewValues(population, variable, values());
      return;
    }
    const projection = this.#projection(owner);
    const change = (): (() => void) => this.#intervene(projection, variable, values);
    if (this.#isAsPlanned) change();
    else this.#checked([projection], change);
  }

  /** Parameters as they are, of the network, populations, projections and Poisson inputs. */
  get #parameters(): Record<string, number>[] {
    return [
      ...this.#tables.map(({ values }) => values),
      ...this.#populations.map(({ poissonValues }) => poissonValues),
    ];
  }

  /** Parameters, and what is known of values, as plain data: for another Live of the same network. */
  get changes(): LiveChanges {
    return {
      isAsPlanned: this.#isAsPlanned,
      parameters: this.#parameters.map((table) => ({ ...table })),
      projections: this.#projections.map((projection) => ({
        within: [...projection.values].flatMap(([name, known]) =>
          known.kind === 'within' ? [[name, known.range] as const] : [],
        ),
        presynaptic: [...projection.part.presynapticRanges],
        set: [...(this.#set.get(projection) ?? [])].map(
          ([name, values]) => [name, typeof values === 'number' ? values : values.slice()] as const,
        ),
      })),
    };
  }

  /** Makes the changes that another Live of the same network has seen. Throws RangeError for those of another one. */
  adopt({ isAsPlanned, parameters, projections }: LiveChanges): ParameterChange {
    const tables = this.#parameters;
    const fits = (table: Record<string, number>, k: number): boolean =>
      Object.keys(table).join() === Object.keys(parameters[k] ?? {}).join();
    if (
      tables.length !== parameters.length ||
      !tables.every(fits) ||
      projections.length !== this.#projections.length
    ) {
      throw new RangeError('These parameters are of another network.');
    }
    const back = this.keep();
    try {
      for (const [k, table] of tables.entries()) Object.assign(table, parameters[k]);
      for (const [k, projection] of this.#projections.entries()) {
        const { within, presynaptic, set } = projections[k] as LiveChanges['projections'][number];
        for (const [name, range] of within) projection.values.set(name, { kind: 'within', range });
        for (const [name, range] of presynaptic) projection.part.presynapticRanges.set(name, range);
        this.#set.set(projection, new Map(set));
      }
      this.#isAsPlanned = isAsPlanned;
      if (!isAsPlanned) {
        this.#checkWindow();
        this.#checked(this.#projections, () => () => {});
      }
      return this.#constantsOfNow();
    } catch (error) {
      back();
      throw error;
    }
  }

  keep(): () => ParameterChange {
    const isAsPlanned = this.#isAsPlanned;
    const tables = this.#parameters.map((table) => ({ table, values: { ...table } }));
    const bring = this.#projections.map((projection) => this.#keepKnown(projection));
    return () => {
      this.#isAsPlanned = isAsPlanned;
      for (const { table, values } of tables) Object.assign(table, values);
      for (const back of bring) back();
      return this.#constantsOfNow();
    };
  }

  /** Keeps what is known of the values of a projection; returns how to bring it back. */
  #keepKnown(projection: PlacedProjection): () => void {
    const { values, part, contributions } = projection;
    const known = new Map(values);
    const ranges = new Map(part.presynapticRanges);
    const sums = contributions.map((one) => one.sums);
    const set = new Map(this.#set.get(projection));
    const intervened = new Map(this.#intervened.get(projection));
    return () => {
      refill(values, known);
      refill(part.presynapticRanges, ranges);
      for (const [k, one] of contributions.entries()) one.sums = sums[k] as Contribution['sums'];
      this.#set.set(projection, new Map(set));
      this.#intervened.set(projection, new Map(intervened));
    };
  }

  /** All constants, computed from the parameters of now. */
  #constantsOfNow(): ParameterChange {
    this.#plan.constants.set(this.#constants.compute());
    return { first: 0, values: this.#plan.constants.slice() };
  }

  /** Changes parameters at once, unless sums could overflow, windows be too long, or a constant not be finite. */
  #put(changes: readonly TableChange[]): ParameterChange {
    const affected = this.#projections.filter(({ part }) =>
      changes.some(({ table }) => tablesOf(part).includes(table)),
    );
    this.#checked(affected, () => {
      const before = changes.map(({ table, name }) => table.values[name] as number);
      const ranges = affected.map(({ part }) => new Map(part.presynapticRanges));
      for (const { part } of affected) noteRanges(part);
      for (const { table, name, value } of changes) table.values[name] = value;
      const restore = (): void => {
        for (const [k, { table, name }] of changes.entries()) {
          table.values[name] = before[k] as number;
        }
        for (const [k, { part }] of affected.entries()) {
          refill(part.presynapticRanges, ranges[k] as (typeof ranges)[number]);
        }
      };
      try {
        this.#checkWindow();
        this.#plan.constants.set(this.#constants.compute());
      } catch (error) {
        restore();
        throw error;
      }
      return () => {
        restore();
        this.#plan.constants.set(this.#constants.compute());
      };
    });
    return { first: 0, values: this.#plan.constants.slice() };
  }

  /** Windows were made for the refractory periods at the start. */
  #checkWindow(): void {
    const longest = longestWindow(this.#projections.map(({ part }) => part));
    if (longest >= this.#plan.windowSteps) return;
    throw new NetworkError(
      `With this value a neuron with presynaptic state could spike again after ${longest} steps, and this simulation was ` +
        `built for ${this.#plan.windowSteps} at least. Set the value in the network and create the simulation again.`,
      { path: 'refractory', value: longest },
    );
  }

  /** Makes a change, checks the sums of the affected projections, and takes the change back when one could overflow. */
  #checked(affected: readonly PlacedProjection[], change: () => () => void): void {
    const proven = affected.filter(({ contributions }) =>
      contributions.some(({ kind }) => kind === 'proven'),
    );
    const undo = change();
    const before = proven.flatMap(({ contributions }) =>
      contributions.map((contribution) => ({ contribution, sums: contribution.sums })),
    );
    try {
      for (const projection of proven) this.#sumAgain(projection);
      for (const part of new Set(before.map(({ contribution }) => contribution.end.part))) {
        this.#checkInputs(part);
      }
    } catch (error) {
      undo();
      for (const { contribution, sums } of before) contribution.sums = sums;
      throw error;
    }
  }

  #sumAgain(projection: PlacedProjection): void {
    const { part, count, contributions, degreeRule } = projection;
    if (degreeRule !== null) {
      const values = this.#known(projection);
      for (const one of contributions) {
        one.sums = boundedAmount(part, degreeRule, one.expression, values);
      }
      return;
    }
    const parameters = projectionParameters(this.#context, part, count);
    let view: SynapseView | null = null;
    for (const contribution of contributions) {
      if (contribution.kind !== 'proven') continue;
      if (!contribution.expression.host) view ??= this.#view(projection);
      const sums = staticSums(this.#context, contribution, view ?? EMPTY, parameters);
      if (sums === null) throw unbounded(part, contribution.expression.text);
      contribution.sums = sums;
    }
  }

  /**
   * The synapses once more, as they were made first: cheaper to make again than to keep. What is evaluated for them later
   * sees the parameters of now.
   */
  #made(part: ProjectionPart, needsOrder = false): Synapses {
    const made = this.#asFirst(() =>
      makeSynapses(this.#context, countSynapses(this.#context, part), { needsOrder }),
    );
    const parameters = projectionParameters(this.#context, part, made.count);
    return { ...made, elements: { ...made.elements, parameters } };
  }

  /** Runs a step with the parameters with which synapses were made first. */
  #asFirst<T>(step: () => T): T {
    const now = this.#tables.map(({ values }) => ({ ...values }));
    const give = (all: readonly Readonly<Record<string, number>>[]): void => {
      for (const [k, { values }] of this.#tables.entries()) Object.assign(values, all[k]);
    };
    give(this.#first);
    try {
      return step();
    } finally {
      give(now);
    }
  }

  /** What is known of the values of now. */
  #known(projection: PlacedProjection): ReadonlyMap<string, KnownValue> {
    const known = new Map(projection.values);
    for (const [name, values] of this.#intervened.get(projection) ?? []) {
      known.set(name, { kind: 'within', range: rangeOf(values()) });
    }
    return known;
  }

  /** The synapses with the values of now. */
  #view(projection: PlacedProjection): SynapseView {
    const { count, rows, targets, values } = this.#made(projection.part);
    const set = this.#set.get(projection) ?? [];
    const now = new Map<string, Values>([...values, ...set]);
    for (const [name, given] of this.#intervened.get(projection) ?? []) now.set(name, given());
    return { count, rows, targets, values: now };
  }

  #checkInputs(part: PopulationPart): void {
    const placed = this.#layout.placed.get(part.index);
    if (placed === undefined || this.#context.precision === 'f64') return;
    const all: Contribution[] = this.#projections.flatMap((one) => one.contributions);
    inputsOf(part).forEach((variable, input) => {
      const scale = this.#layout.scales.get(part.index)?.[input];
      if (scale === undefined) throw new Error('internal: an input without a scale');
      const contributions = contributionsTo(part, variable, all);
      const { name, size } = part.document;
      checkScale(variable, name, size, contributions, scale, part.field?.every);
    });
  }

  #population(name: string): PopulationPart {
    checkName(name, 'The name of a population');
    const found = this.#populations.find(({ document }) => document.name === name);
    if (found !== undefined) return found;
    const names = this.#populations.map(({ document }) => document.name);
    throw unknown('population', name, names);
  }

  /** A projection that stores its synapses. */
  #stored(name: string, variable: string): PlacedProjection {
    const found = this.#projection(name);
    if (found.way !== 'procedural') return found;
    throw new NetworkError(
      `Projection "${name}" is procedural: its synapses are made again for every spike, so "${variable}" of single ` +
        'synapses can be neither read nor set. Give the projection synapses: "stored", or change a parameter.',
      { path: found.part.path, value: variable },
    );
  }

  #projection(name: string): PlacedProjection {
    checkName(name, 'The name of a projection');
    const found = this.#projections.find(({ part }) => part.document.name === name);
    if (found !== undefined) return found;
    const names = this.#projections.map(({ part }) => part.document.name);
    throw unknown('projection', name, names);
  }
}

function refill<K, V>(map: Map<K, V>, content: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of content) map.set(key, value);
}

const checkSpec = (spec: ValueSpec, owner: string, variable: string, count: number): void =>
  checkValueSpec(spec, `set: ${owner}.${variable}`, `set ${variable}`, count);

const EMPTY: SynapseView = {
  count: 0,
  rows: new Uint32Array(1),
  targets: new Uint32Array(0),
  values: new Map(),
};

const everywhere = (values: Values, count: number): Float64Array =>
  typeof values === 'number'
    ? new Float64Array(count).fill(values)
    : values instanceof Float64Array
      ? values
      : Float64Array.from(values);

const dimensionOf = (name: string, variables: readonly Named[]): Dimension =>
  variables.find((one) => one.name === name)?.dimension ??
  (isStoredAsStep(name) ? DIMENSIONS.time : DIMENSIONLESS);
