/**
 * Populations on their way into a plan: checked, given what projections and inputs ask of them, lowered, initialised.
 * Where their state lies is decided in update-kernels.ts.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation, TypedExpression, Variable } from '../language/ast.ts';
import { checkPopulation, checkValue, type Scope } from '../language/check.ts';
import { get, type Place, type Statement, type StoredVariable } from '../language/kernel.ts';
import {
  type LoweredPopulation,
  lowerPopulation,
  presynapticParameter,
} from '../language/lower.ts';
import { listNames, suggest } from '../language/messages.ts';
import { streamOf } from '../language/philox.ts';
import type { PoissonInputSpec } from '../language/poisson-input.ts';
import type { PresynapticProgram } from '../language/presynaptic.ts';
import { type Resolution, resolve } from '../language/resolve.ts';
import type { SlowClock } from '../language/slow.ts';
import type { Term } from '../language/term.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type {
  NeuronPopulationDocument,
  PoissonInputDocument,
  PopulationDocument,
  ValueSpec,
} from '../network/document.ts';
import {
  type Context,
  type ParameterTable,
  readParameters,
  tableAtStart,
  within,
} from './context.ts';
import type { FieldGrid } from './fields.ts';
import { type LinkPart, withLinks } from './links.ts';
import { makePositions, type Positions, placedModel, positionOf } from './positions.ts';
import { type Elements, evaluate, prepare, type Values, valueAt, type Wanted } from './values.ts';

/** A Poisson input as its population sees it: number k of that population. */
export interface PoissonPart {
  readonly document: PoissonInputDocument;
  readonly spec: PoissonInputSpec;
}

/** What the neurons of a population keep and do for one projection. */
export interface PresynapticPart {
  readonly program: PresynapticProgram;
  /** Parameters that statements of the projection may read, with the values of now. */
  readonly parameters: () => Readonly<Record<string, number>>;
}

/** A population while the plan is made. */
export interface PopulationPart {
  /** Of its network. */
  readonly context: Context;
  /** In Plan.populations. */
  readonly index: number;
  readonly document: PopulationDocument;
  /** `population "exc"`, for messages. */
  readonly path: string;
  /** Global number of its first neuron. */
  readonly first: number;
  readonly parameters: ParameterTable;
  readonly scope: Scope;
  /** null for spike lists. */
  readonly model: CheckedPopulation | null;
  /** Variables that synapses add to, that projections read, and that projections sum over synapses. */
  readonly inputs: Set<string>;
  readonly read: Set<string>;
  readonly summed: Set<string>;
  readonly poisson: PoissonPart[];
  /** What its neurons keep and do for projections, in the order of the document. */
  readonly presynaptic: PresynapticPart[];
  /** Rates and weights of Poisson inputs, by the names that the lowered code uses. */
  readonly poissonValues: Record<string, number>;
  /** Absolute first values by variable. */
  readonly initial: Map<string, Values>;
  positions: Positions | null;
  lowered: LoweredPopulation | null;
  /** What its linked variables read. */
  readonly links: LinkPart[];
  /** What only fields have; null for populations. */
  readonly field: FieldGrid | null;
}

/** Checks all populations of a network, and numbers them and their neurons, behind those of other networks of the plan. */
export function checkPopulations(
  context: Context,
  firstPopulation = 0,
  firstNeuron = 0,
): PopulationPart[] {
  let first = firstNeuron;
  return context.document.populations.map((document, index) => {
    const part = checkOne(context, document, firstPopulation + index, first);
    first += document.size;
    return part;
  });
}

function checkOne(
  context: Context,
  document: PopulationDocument,
  index: number,
  first: number,
): PopulationPart {
  const path = `population "${document.name}"`;
  const isNeurons = document.kind === 'neurons';
  const parameters = isNeurons
    ? readParameters(document.params, `Population "${document.name}"`)
    : { values: {}, dimensions: {} };
  const scope: Scope = {
    params: parameters.dimensions,
    networkParams: context.network.dimensions,
    timedArrays: context.timedArrays,
  };
  const model = isNeurons ? checkPopulation(document, scope, path) : null;
  for (const warning of model?.warnings ?? []) {
    context.warnings.add(`Population "${document.name}": ${warning}`);
  }
  const part = newPart({ context, index, document, path, first, parameters, scope, model });
  part.positions = makePositions(context, part);
  return part;
}

type Checked =
  | 'context'
  | 'index'
  | 'document'
  | 'path'
  | 'first'
  | 'parameters'
  | 'scope'
  | 'model';

/** A part of which nothing has been asked yet. */
export const newPart = (checked: Pick<PopulationPart, Checked>): PopulationPart => ({
  ...checked,
  inputs: new Set(),
  read: new Set(),
  summed: new Set(),
  poisson: [],
  presynaptic: [],
  poissonValues: {},
  initial: new Map(),
  positions: null,
  lowered: null,
  links: [],
  field: null,
});

/** `Population "exc"`, `Field "dopamine"`: the owner at the beginning of a message. */
export const titleOf = ({ path }: Pick<PopulationPart, 'path'>): string =>
  path.charAt(0).toUpperCase() + path.slice(1);

/** A declared variable that is stored, by name. Throws NetworkError with a suggestion. */
export function storedVariable(part: PopulationPart, name: string, where: string): Variable {
  const variables = part.model?.variables ?? [];
  const found = variables.find((one) => one.name === name && one.kind !== 'subexpression');
  if (found !== undefined) return found;
  const names = variables.filter((one) => one.kind !== 'subexpression').map((one) => one.name);
  const near = suggest(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const isParameter = Object.hasOwn(part.parameters.values, name);
  const reason = isParameter ? ` ("${name}" is a parameter: set it in params)` : '';
  throw new NetworkError(
    `${where}: ${part.path} has no variable "${name}"${reason}.${hint} Variables: ${listNames(names) || 'none'}.`,
    { path: where, value: name },
  );
}

/** Refuses additions to what is no number, and to whole-number variables of fields. */
export function checkInputVariable(part: PopulationPart, name: string, where: string): void {
  const { type, flags } = storedVariable(part, name, where);
  if (flags.includes('linked')) {
    throw new NetworkError(
      `${where}: "${name}" of ${part.path} is (linked): it has the value of a field. Add to the field, or to another variable.`,
      { path: where, value: name },
    );
  }
  if (type === 'float' || (type === 'integer' && part.field === null)) return;
  throw new NetworkError(
    `${where}: "${name}" of ${part.path} is declared as ${type}; synapses and inputs add to ` +
      `${part.field === null ? '' : 'real '}numbers only. Declare it as "${name} : 1".`,
    { path: where, value: name },
  );
}

/** Gives populations their Poisson inputs. */
export function addPoissonInputs(context: Context, parts: readonly PopulationPart[]): void {
  for (const document of context.document.inputs) {
    const part = parts.find((one) => one.document.name === document.target.population);
    if (part?.model == null) throw new Error('internal: an input without a population');
    const where = `Poisson input "${document.name}"`;
    const variable = storedVariable(part, document.variable, where);
    checkInputVariable(part, document.variable, where);
    const k = part.poisson.length;
    const rateParameter = `poisson rate ${k}`;
    part.poissonValues[rateParameter] = parseQuantity(
      document.rate,
      `${where}: rate`,
      DIMENSIONS.rate,
    ).value;
    const { from = 0, to = part.document.size } = document.target;
    part.poisson.push({
      document,
      spec: {
        name: document.name,
        variable: document.variable,
        n: document.n,
        rateParameter,
        weight: poissonWeight(part, document, variable, `poisson weight ${k}`),
        ...(from === 0 ? {} : { from }),
        ...(to === part.document.size ? {} : { to }),
      },
    });
  }
}

/** The weight; a plain number becomes a parameter, so that populations that differ in it still share code. */
function poissonWeight(
  part: PopulationPart,
  { name, weight }: PoissonInputDocument,
  { dimension, type: stored }: Variable,
  parameter: string,
): TypedExpression {
  const path = `Poisson input "${name}"`;
  const block = { name: 'weight', text: weight };
  const model = part.model as CheckedPopulation;
  const typed = checkValue(block, dimension, stored, model, part.scope, undefined, path);
  if (!resolve(typed, { draws: new Map() }).host) {
    throw new NetworkError(
      `${path}: weight must be the same for all neurons and all times, got ${JSON.stringify(weight)}. ` +
        'Use parameters and numbers only.',
      { path, value: weight },
    );
  }
  if (typed.kind !== 'number') return typed;
  part.poissonValues[parameter] = typed.value;
  const { type, span } = typed;
  const symbol = { role: 'parameter', name: parameter, scope: 'own' } as const;
  return { kind: 'symbol', symbol, type, dimension, span };
}

/** Parameter values as a population's constants need them. */
export function populationParameters(
  context: Context,
  part: PopulationPart,
): Readonly<Record<string, number>> {
  return {
    ...context.network.values,
    ...part.parameters.values,
    ...part.poissonValues,
    ...presynapticValues(part),
    N: part.document.size,
  };
}

/** Values of the parameters of projections under the names by which neurons use them. */
function presynapticValues({ presynaptic }: PopulationPart): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [k, { parameters }] of presynaptic.entries()) {
    for (const [name, value] of Object.entries(parameters())) {
      values[presynapticParameter(k, name)] = value;
    }
  }
  return values;
}

/** What makes populations run the same code, before it is known: their texts and kinds of parameters. */
function textKey({ document, parameters, poisson }: PopulationPart): string {
  if (document.kind === 'spikes') return '';
  const { eqs, onStep, threshold, reset, refractory, method, slow, acceleration } = document;
  const inputs = poisson.map(({ spec }) => spec.variable);
  return JSON.stringify([
    eqs,
    onStep,
    threshold,
    reset,
    refractory,
    method,
    slow,
    acceleration,
    document.links ?? {},
    Object.keys(parameters.values).sort(),
    inputs,
  ]);
}

/** Lowers all populations. Those of equal text get the union of what is asked of them, so that they stay mergeable. */
export function lowerPopulations(context: Context, parts: readonly PopulationPart[]): void {
  const families = new Map<string, PopulationPart[]>();
  for (const part of parts.filter((one) => one.model !== null)) {
    const key = textKey(part);
    families.set(key, [...(families.get(key) ?? []), part]);
  }
  for (const family of families.values()) {
    const inputs = new Set(family.flatMap((part) => [...part.inputs]));
    const read = new Set(family.flatMap((part) => [...part.read]));
    const summed = new Set(family.flatMap((part) => [...part.summed]));
    for (const part of family) {
      for (const name of inputs) part.inputs.add(name);
      const lowered = within(part.path, () => lowerOne(context, part, inputs, read));
      part.lowered = withSums(withLinks(lowered, part), summed);
    }
  }
}

function lowerOne(
  context: Context,
  part: PopulationPart,
  inputs: ReadonlySet<string>,
  read: ReadonlySet<string>,
): LoweredPopulation {
  const model = part.model as CheckedPopulation;
  const document = part.document as NeuronPopulationDocument;
  return lowerPopulation(model, {
    dtMs: context.dtMs,
    method: document.method ?? 'auto',
    precision: context.precision,
    inputs: inputsInOrder(model, inputs),
    poissonInputs: part.poisson.map(({ spec }) => spec),
    tables: context.tableNumbers,
    keepAbsolute: read,
    slow: slowClock(document, context.dtMs),
    presynaptic: part.presynaptic.map(({ program }) => program),
  });
}

/** Slow step when nothing is said: short beside what is slow, long beside a time step. */
const SLOW_MS = 10;

/** The clock of the slow equations of a population or projection. */
export function slowClock(
  { slow, acceleration = 1 }: Pick<NeuronPopulationDocument, 'slow' | 'acceleration'>,
  dtMs: number,
): SlowClock {
  const slowMs = slow === undefined ? SLOW_MS : parseQuantity(slow, 'slow').value;
  return { steps: Math.max(1, Math.round(slowMs / dtMs)), acceleration };
}

/** Name under which a sum is stored until the variable takes it: the one in the projection, which no variable has. */
export const sumName = (variable: string): string => `${variable}_post`;

/**
 * Sums are made before sampling but belong behind it: recordings show a summed variable as the step before has left it,
 * like everything else. So a sum goes to a place of its own, and the variable takes it when the step is integrated.
 */
function withSums(lowered: LoweredPopulation, summed: ReadonlySet<string>): LoweredPopulation {
  const names = lowered.variables.map(({ name }) => name).filter((name) => summed.has(name));
  const placeOf = (name: string, index: number): Place => ({ side: 'own', index, name });
  const taking = names.map((name, k): Statement => {
    const index = lowered.variables.findIndex((variable) => variable.name === name);
    const sum = placeOf(sumName(name), lowered.variables.length + k);
    return { kind: 'set', place: placeOf(name, index), value: get(sum) };
  });
  if (taking.length === 0) return lowered;
  const sums = names.map((name): StoredVariable => ({ name: sumName(name), type: 'f32' }));
  return {
    ...lowered,
    variables: [...lowered.variables, ...sums],
    offsets: [...lowered.offsets, ...sums.map(() => -1)],
    advance: [{ kind: 'comment', text: 'sums over synapses' }, ...taking, ...lowered.advance],
  };
}

/** Input variables in the order of declaration: the order of the kernel's inputs. */
export const inputsInOrder = (
  model: CheckedPopulation,
  inputs: ReadonlySet<string>,
): readonly string[] => model.variables.map(({ name }) => name).filter((name) => inputs.has(name));

/** Evaluates the first values of all variables of a population, in the order of the document. */
export function initialise(context: Context, part: PopulationPart): void {
  if (part.document.kind === 'spikes') return;
  for (const [name, spec] of Object.entries(part.document.initial)) {
    part.initial.set(name, neuronValues(context, part, name, spec, 'initial value'));
  }
}

/** Values of one variable for all neurons of a population. `what` says what for, in messages. */
export function neuronValues(
  context: Context,
  part: PopulationPart,
  name: string,
  spec: ValueSpec,
  what: string,
): Values {
  const where = `${titleOf(part)}: ${what} of "${name}"`;
  const variable = storedVariable(part, name, where);
  const model = placedModel(part) as CheckedPopulation;
  const wanted: Wanted = {
    where,
    dimension: variable.dimension,
    dtMs: context.dtMs,
    seed: context.seed,
    stream: streamOf('initial', `${part.document.name}.${name}`),
    term: (text) => {
      const block = { name: `set ${name}`, text };
      const { dimension, type } = variable;
      const typed = checkValue(block, dimension, type, model, part.scope, undefined, part.path);
      return writtenOut(typed, model);
    },
    table: (table, column) => tableAtStart(context, table, column),
  };
  return evaluate(prepare(spec, wanted), wanted, neuronsAtStart(part));
}

/** Neurons as expressions see them before the first step. */
export const neuronsAtStart = (part: PopulationPart): Elements => ({
  count: part.document.size,
  origin: null,
  listed: null,
  synapses: null,
  parameters: populationParameters(part.context, part),
  read: (symbol, k) => neuronValue(part, symbol.name, k),
});

/** The term of an expression with subexpressions replaced by their definitions. */
export function writtenOut(typed: TypedExpression, model: CheckedPopulation): Term {
  const draws = new Map<string, number>();
  const resolution: Resolution = {
    draws,
    symbol: (reference) => {
      if (reference.role !== 'variable') return undefined;
      const found = model.variables.find((one) => one.name === reference.name);
      if (found?.kind !== 'subexpression' || found.expression === null) return undefined;
      return resolve(found.expression, { ...resolution, block: found.name });
    },
  };
  return resolve(typed, resolution);
}

/** First value of a variable of one neuron, 0 where none is given; also of the special symbols of refractoriness. */
export function neuronValue(part: PopulationPart, name: string, k: number): number {
  if (name === 'lastspike') return -1e7;
  if (name === 'not_refractory') return 1;
  const values = part.initial.get(name);
  return values === undefined ? (positionOf(part, name, k) ?? 0) : valueAt(values, k);
}
