/**
 * What a library model is: equation text and a table of parameters, and the one function that turns it into the options
 * of a population or projection. Not a class hierarchy: a model has no code of its own.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { type Replacements, substitute } from '../language/substitute.ts';
import { type Dimension, describeDimension, parseQuantity, parseUnit } from '../language/units.ts';

/** One row of a parameter table. */
export interface ModelParameter {
  /** Default, with its unit ("20 ms"); a number where the parameter has none. */
  readonly value: string | number;
  /** What it means, one line. */
  readonly doc: string;
  /** Smallest and largest value allowed, inclusive. */
  readonly min?: string | number;
  readonly max?: string | number;
  /** Exclusive lower bound, for what must not be zero (time constants, capacitances). */
  readonly above?: string | number;
  /** The same parameter in NEST, PyNN, and in Brian 2's or the paper's notation. */
  readonly nest?: string;
  readonly pynn?: string;
  readonly symbol?: string;
  /** Where the default comes from, when not the model's own source. */
  readonly source?: string;
  /** A weight of a synapse: where siemens is replaced by another unit, it has that unit and no default. */
  readonly isWeight?: boolean;
}

/** Names under which other simulators know a model. */
export interface ModelAliases {
  readonly nest?: string | readonly string[];
  readonly pynn?: string | readonly string[];
  readonly brian?: string | readonly string[];
}

/** A value per neuron at the start: an expression with units, or a number. */
type InitialValues = Readonly<Record<string, string | number>>;

/** The same in options, where parameters may have become variables. */
export type FirstValues = Readonly<Record<string, string | number | PerNeuron>>;

interface Described {
  /** Kebab-case name, for example "lif-curr-exp". */
  readonly name: string;
  /** One line: what it is. */
  readonly title: string;
  /** Citation with DOI. */
  readonly source: string;
  readonly aliases: ModelAliases;
  /** Parameters by name, in the order in which to show them. */
  readonly params: Readonly<Record<string, ModelParameter>>;
  /** Advice on time step or use, shown beside the table. */
  readonly advice?: string;
}

/** A neuron model as written in the library. */
export interface NeuronModelDefinition extends Described {
  readonly eqs: string;
  /** Statements of every step, between integration and spike test. */
  readonly onStep?: string;
  readonly threshold?: string;
  readonly reset?: string;
  readonly refractory?: string;
  /** Integrator; "auto" when omitted. */
  readonly method?: string;
  /** How often `(slow)` equations advance; the document's default when omitted. */
  readonly slow?: string;
  /** By how much the time of slow equations runs ahead of the network's; 1 when omitted. */
  readonly acceleration?: number;
  /** First values of variables, as expressions of the parameters; 0 otherwise. */
  readonly initial?: InitialValues;
  /** Variables that synapses add to, with what one unit of weight does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Of a fragment: parameters that are the other model's, where that has the name when `extend` joins them. */
  readonly reads?: readonly string[];
  /** Of a fragment: variables and the parameter of the other model that each is added to: `{ i_ampa: 'i_offset' }`. */
  readonly adds?: Readonly<Record<string, string>>;
}

/**
 * A synapse model as written in the library. It acts on the target's variable g_exc with weights in siemens; `replace`
 * puts other names there: `{ g_exc: 'i_exc', siemens: 'amp' }`.
 */
export interface SynapseModelDefinition extends Described {
  readonly eqs?: string;
  /** Several named pathways as an object. */
  readonly onPre?: PathwayTexts;
  readonly onPost?: string;
  /** Integrator of clock-driven equations; "auto" when omitted. */
  readonly method?: string;
  /** How often `(slow)` equations advance; the document's default when omitted. */
  readonly slow?: string;
  readonly initial?: InitialValues;
  /** Parameter that bounds what one spike adds, where weights can grow. */
  readonly bound?: string;
  /** Delay of the published model, where it belongs to the synapse; by pathway where they differ. */
  readonly delay?: PathwayDelay;
}

/** Statements of one pathway, or of several by name. */
export type PathwayTexts = string | Readonly<Record<string, string>>;

/** One delay, or one for each pathway. */
export type PathwayDelay = string | { readonly byPathway: Readonly<Record<string, string>> };

/** Options of `Network.population`, ready to be spread and extended. */
export interface NeuronModelOptions {
  readonly model: string;
  readonly eqs: string;
  readonly onStep?: string;
  readonly threshold?: string;
  readonly reset?: string;
  readonly refractory?: string;
  readonly method?: string;
  readonly slow?: string;
  readonly acceleration?: number;
  readonly params: Readonly<Record<string, string | number>>;
  readonly initial: FirstValues;
}

/** Options of `Network.projection`, ready to be spread and extended. */
export interface SynapseModelOptions {
  readonly eqs?: string;
  readonly onPre?: PathwayTexts;
  readonly onPost?: string;
  readonly method?: string;
  readonly slow?: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly initial: FirstValues;
  readonly bound?: string | number;
  readonly delay?: PathwayDelay;
}

/** Values that differ from neuron to neuron: one number each, or a distribution. */
export type PerNeuron =
  | { readonly values: readonly number[]; readonly unit: string }
  | {
      readonly normal: {
        readonly mean: string | number;
        readonly sd: string | number;
        readonly min?: string | number;
        readonly max?: string | number;
      };
    };

/**
 * New values for parameters, under their own names or those of NEST, PyNN or the paper: a quantity for all neurons, or
 * values per neuron, which make the parameter a constant variable of the population.
 */
export type ParameterValues = Readonly<Record<string, string | number | PerNeuron>>;

/** Names in the equations to be replaced by expressions or other names: `{ i_offset: 'i_stim(t)' }`. */
export type { Replacements } from '../language/substitute.ts';

/** A neuron model, ready for use. */
export interface NeuronModel extends NeuronModelDefinition {
  readonly kind: 'neuron';
  /**
   * The options of a population of this model. `params` overrides defaults; unknown names, wrong units and values out
   * of range throw NetworkError. `replace` puts an expression in the place of a name everywhere in the texts; a
   * replaced parameter is no longer a parameter.
   */
  with(params?: ParameterValues, replace?: Replacements): NeuronModelOptions;
}

/** A synapse model, ready for use. */
export interface SynapseModel extends SynapseModelDefinition {
  readonly kind: 'synapse';
  /**
   * The options of a projection of this model, as for neurons. To act on another variable than g_exc, replace its name
   * and the unit of the weight: `with({}, { g_exc: 'i_exc', siemens: 'amp' })`.
   * Presynaptic variables are kept once per source neuron, and in every synapse where a parameter has values per synapse.
   */
  with(params?: ParameterValues, replace?: Replacements): SynapseModelOptions;
}

/** A model of the library. */
export type Model = NeuronModel | SynapseModel;

/** Makes a neuron model of its text and table; checks that defaults lie within their own ranges. */
export function defineModel(definition: NeuronModelDefinition): NeuronModel {
  checkDefinition(definition, 'defineModel', ['eqs']);
  const eqs = dedent(definition.eqs);
  const onStep = definition.onStep === undefined ? undefined : dedent(definition.onStep);
  return {
    ...definition,
    eqs,
    ...(onStep === undefined ? {} : { onStep }),
    kind: 'neuron',
    with(params = {}, replace = {}): NeuronModelOptions {
      const { threshold, reset, refractory, method, slow, acceleration, initial = {} } = definition;
      const edit = replacer(definition, { eqs, onStep, threshold, reset, refractory }, replace);
      const { shared, perNeuron, declarations } = parameterValues(definition, params, replace);
      // A propagator for all neurons needs parameters for all neurons: leave the choice to the compiler.
      const isForced = method !== undefined && !(method === 'exact' && declarations.length > 0);
      return {
        model: definition.name,
        eqs: [edit(eqs), ...declarations].join('\n'),
        ...(onStep === undefined ? {} : { onStep: edit(onStep) }),
        ...(threshold === undefined ? {} : { threshold: edit(threshold) }),
        ...(reset === undefined ? {} : { reset: edit(reset) }),
        ...(refractory === undefined ? {} : { refractory: edit(refractory) }),
        ...(isForced ? { method } : {}),
        ...(slow === undefined ? {} : { slow }),
        ...(acceleration === undefined ? {} : { acceleration }),
        params: shared,
        initial: { ...perNeuron, ...editValues(initial, edit) },
      };
    },
  };
}

/** Makes a synapse model of its text and table. */
export function defineSynapse(definition: SynapseModelDefinition): SynapseModel {
  checkDefinition(definition, 'defineSynapse', []);
  const eqs = definition.eqs === undefined ? undefined : dedent(definition.eqs);
  const onPre = definition.onPre === undefined ? undefined : eachText(definition.onPre, dedent);
  const onPost = definition.onPost === undefined ? undefined : dedent(definition.onPost);
  const texts = {
    ...(eqs === undefined ? {} : { eqs }),
    ...(onPre === undefined ? {} : { onPre }),
    ...(onPost === undefined ? {} : { onPost }),
  };
  return {
    ...definition,
    ...texts,
    kind: 'synapse',
    with(params = {}, replace = {}): SynapseModelOptions {
      const { onPre: pathways, ...others } = texts;
      const every = typeof pathways === 'object' ? pathways : { onPre: pathways };
      const edit = replacer(definition, { ...others, ...every }, replace);
      const { shared, perNeuron, declarations } = parameterValues(definition, params, replace);
      const bound = definition.bound === undefined ? undefined : shared[definition.bound];
      const isShared = declarations.length === 0;
      const stored = isShared ? texts : inEverySynapse(texts);
      const lines = [...(stored.eqs === undefined ? [] : [edit(stored.eqs)]), ...declarations];
      return {
        ...(lines.length === 0 ? {} : { eqs: lines.join('\n') }),
        ...(stored.onPre === undefined ? {} : { onPre: eachText(stored.onPre, edit) }),
        ...(onPost === undefined ? {} : { onPost: edit(onPost) }),
        ...(bound === undefined ? {} : { bound }),
        ...(definition.method === undefined ? {} : { method: definition.method }),
        ...(definition.slow === undefined ? {} : { slow: definition.slow }),
        ...(definition.delay === undefined ? {} : { delay: definition.delay }),
        params: shared,
        initial: { ...perNeuron, ...editValues(definition.initial ?? {}, edit) },
      };
    },
  };
}

/** Texts of a synapse. */
interface SynapseTexts {
  readonly eqs?: string;
  readonly onPre?: PathwayTexts;
  readonly onPost?: string;
}

/** The same for every pathway. */
const eachText = (texts: PathwayTexts, edit: (text: string) => string): PathwayTexts =>
  typeof texts === 'string'
    ? edit(texts)
    : Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, edit(text)]));

/**
 * The same equations for synapses that differ in parameters: each has its own variables and last update, where those of
 * one source neuron share them otherwise.
 */
function inEverySynapse(texts: SynapseTexts): SynapseTexts {
  const { eqs, onPre } = texts;
  if (eqs === undefined || !eqs.includes('(presynaptic)')) return texts;
  return {
    ...texts,
    eqs: `${eqs.replaceAll(' (presynaptic)', '')}\nlastupdate : second`,
    ...(onPre === undefined ? {} : { onPre: eachText(onPre, (text) => `${text}\nlastupdate = t`) }),
  };
}

/**
 * The name in the model's own table for a name of NEST, PyNN or the paper; undefined when nothing of that name exists.
 * Own names come first, so an alias never hides one.
 */
export function parameterName(model: Described, name: string): string | undefined {
  if (Object.hasOwn(model.params, name)) return name;
  for (const [own, { nest, pynn, symbol }] of Object.entries(model.params)) {
    if (name === nest || name === pynn || name === symbol) return own;
  }
  return undefined;
}

/** Removes the indentation that all lines share, and empty first and last lines. */
function dedent(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const [first = '', ...rest] = lines;
  const margins = (text.startsWith('\n') ? lines : rest)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const margin = Math.min(...margins, Number.POSITIVE_INFINITY);
  return [first.trimStart(), ...rest.map((line) => line.slice(Math.min(margin, line.length)))].join(
    '\n',
  );
}

/** Parameters sorted into those for all and those per neuron, with the equation lines that declare the latter. */
interface SortedParameters {
  readonly shared: Readonly<Record<string, string | number>>;
  readonly perNeuron: Readonly<Record<string, PerNeuron>>;
  readonly declarations: readonly string[];
}

function parameterValues(
  model: Described,
  given: ParameterValues,
  replace: Replacements,
): SortedParameters {
  const chosen = chooseValues(model, given, replace);
  const shared: Record<string, string | number> = {};
  const perNeuron: Record<string, PerNeuron> = {};
  const declarations: string[] = [];
  for (const [name, row] of Object.entries(model.params)) {
    if (Object.hasOwn(replace, name)) continue;
    const unit = weightUnit(row, replace);
    if (unit !== undefined && !chosen.has(name)) {
      throw new NetworkError(`Model "${model.name}": give ${name}, in ${unit}. ${row.doc}`, {
        path: `model "${model.name}", parameter "${name}"`,
        value: undefined,
      });
    }
    const value = chosen.get(name) ?? row.value;
    if (typeof value === 'object') {
      perNeuron[name] = value;
      declarations.push(`${name} : ${describeDimension(dimensionOf(row, unit))} (constant)`);
    } else {
      shared[name] = value;
    }
  }
  return { shared, perNeuron, declarations };
}

/** The given values by the model's own names, each checked. */
function chooseValues(
  model: Described,
  given: ParameterValues,
  replace: Replacements,
): ReadonlyMap<string, string | number | PerNeuron> {
  const chosen = new Map<string, string | number | PerNeuron>();
  const origin = new Map<string, string>();
  for (const [name, value] of entriesOf(model, given, '{ tau_m: "10 ms" }')) {
    const own = parameterName(model, name) ?? unknownParameter(model, name);
    const path = `model "${model.name}", parameter "${name}"`;
    const other = origin.get(own);
    if (other !== undefined) {
      throw new NetworkError(
        `Model "${model.name}": "${other}" and "${name}" are the same parameter, ${own}. Give one.`,
        { path, value },
      );
    }
    if (Object.hasOwn(replace, own)) {
      throw new NetworkError(
        `Model "${model.name}": ${own} is replaced by "${replace[own]}", so it takes no value. Remove one.`,
        { path, value },
      );
    }
    origin.set(own, name);
    for (const one of valuesOf(value, `Model "${model.name}": ${own}`)) {
      checkValue(model, own, one, path, replace);
    }
    chosen.set(own, value);
  }
  return chosen;
}

/** What of a value has to lie in the range: the quantity itself, all of a list, the mean of a distribution. */
function valuesOf(value: string | number | PerNeuron, where: string): readonly (string | number)[] {
  // What is no object is for parseQuantity to refuse, which knows the unit.
  if (typeof value !== 'object') return [value];
  if (isPlainObject(value)) {
    if ('normal' in value && isPlainObject(value.normal)) return [value.normal.mean];
    const { values, unit } = value as { readonly values?: unknown; readonly unit?: unknown };
    if (Array.isArray(values) && values.length > 0 && typeof unit === 'string') {
      return values.map((one: unknown) => {
        if (typeof one !== 'number') return one as string;
        return unit === '1' ? one : `${one} ${unit}`;
      });
    }
  }
  throw new NetworkError(
    `${where} must be a quantity, { values: [numbers], unit: "mV" } or { normal: { mean, sd } }, got ${describeValue(value)}.`,
    { path: where, value },
  );
}

/** The entries of a plain object given by the user; throws TypeError for anything else. */
function entriesOf<T>(model: Described, given: Readonly<Record<string, T>>, example: string) {
  if (!isPlainObject(given)) {
    throw new TypeError(
      `Model "${model.name}": with() takes an object such as ${example}, got ${describeValue(given)}.`,
    );
  }
  return Object.entries(given);
}

/** Whether the equations of a model declare the name, so that it has first values and is no parameter. */
const isVariable = (model: Described & { readonly eqs?: string }, name: string): boolean =>
  /^[A-Za-z]\w*$/.test(name) &&
  new RegExp(`^\\s*(?:d${name}/dt\\s*=|${name}\\s*:)`, 'm').test(model.eqs ?? '');

function unknownParameter(model: Described, name: string): never {
  const aliases = Object.values(model.params).flatMap(({ nest, pynn, symbol }) =>
    [nest, pynn, symbol].filter((alias) => alias !== undefined),
  );
  const meant =
    suggest(name, Object.keys(model.params)) ??
    parameterName(model, suggest(name, aliases) ?? '') ??
    undefined;
  const hint = isVariable(model, name)
    ? ` It is a variable: give its first value in "initial" beside the model's options, { ...options, initial: { ${name}: … } }.`
    : meant === undefined
      ? ''
      : ` Did you mean "${meant}"?`;
  throw new NetworkError(
    `Model "${model.name}": unknown parameter "${name}".${hint} Known: ${listNames(Object.keys(model.params), 40) || 'none'}.`,
    { path: `model "${model.name}"`, value: name },
  );
}

/** Throws NetworkError unless the value has the unit of the default and lies in the range of the table. */
function checkValue(
  model: Described,
  name: string,
  value: string | number,
  path: string,
  replace: Replacements = {},
): void {
  const row = model.params[name] as ModelParameter;
  const context = `Model "${model.name}": ${name}`;
  const dimension = dimensionOf(row, weightUnit(row, replace));
  const number = parseQuantity(value, context, dimension).value;
  const bound = (limit: string | number): number => parseQuantity(limit, context, dimension).value;
  const refuse = (rule: string): never => {
    throw new NetworkError(`${context} must be ${rule}, got "${value}". ${row.doc}`, {
      path,
      value,
    });
  };
  if (row.above !== undefined && !(number > bound(row.above))) refuse(`above ${row.above}`);
  if (row.min !== undefined && number < bound(row.min)) refuse(`at least ${row.min}`);
  if (row.max !== undefined && number > bound(row.max)) refuse(`at most ${row.max}`);
}

function dimensionOf(row: ModelParameter, unit: string | undefined): Dimension {
  return unit === undefined
    ? parseQuantity(row.value, 'default value').dimension
    : parseUnit(unit).dimension;
}

/** The unit that replaces siemens in a weight; undefined when there is none to replace. */
function weightUnit(row: ModelParameter, replace: Replacements): string | undefined {
  return row.isWeight === true ? replace.siemens : undefined;
}

/** Texts of a definition: the first three must be there. */
const TEXTS = ['name', 'title', 'source'] as const;
const OPTIONAL_TEXTS = [
  'onStep',
  'threshold',
  'reset',
  'refractory',
  'method',
  'slow',
  'onPost',
  'advice',
];

/** Refuses a definition that is no text and table, and defaults outside their own ranges. */
function checkDefinition(given: unknown, where: string, equations: readonly string[]): void {
  const refuse = (what: string, wanted: string, value: unknown): never => {
    throw new TypeError(`${where}: ${what} must be ${wanted}, got ${describeValue(value)}.`);
  };
  if (!isPlainObject(given)) {
    refuse('the definition', 'an object with name, title, source, aliases, params, eqs', given);
  }
  const definition = given as Readonly<Record<string, unknown>>;
  const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
  for (const key of TEXTS) {
    if (!isText(definition[key])) refuse(key, 'a text that is not empty', definition[key]);
  }
  for (const key of OPTIONAL_TEXTS) {
    const text = definition[key];
    if (text !== undefined && !isText(text)) refuse(key, 'a text that is not empty', text);
  }
  const isTexts = (value: unknown): boolean =>
    isText(value) || (isPlainObject(value) && Object.values(value).every(isText));
  const { onPre, delay } = definition;
  if (onPre !== undefined && !isTexts(onPre)) {
    refuse('onPre', 'a text that is not empty, or one by pathway', onPre);
  }
  const delays = isPlainObject(delay) && 'byPathway' in delay ? delay.byPathway : delay;
  if (delay !== undefined && !isTexts(delays)) {
    refuse('delay', 'a text that is not empty, or { byPathway: { pre: "1 ms" } }', delay);
  }
  const { eqs, aliases, params, initial, bound, acceleration, reads, adds } = definition;
  if (typeof eqs !== 'string' && (eqs !== undefined || equations.includes('eqs'))) {
    refuse('eqs', 'equation text', eqs);
  }
  if (!isPlainObject(aliases) || !Object.entries(aliases).every(isAlias)) {
    refuse('aliases', 'an object such as { nest: "iaf_psc_exp", pynn: "IF_curr_exp" }', aliases);
  }
  if (!isPlainObject(params)) {
    refuse(
      'params',
      'an object such as { tau: { value: "10 ms", doc: "Time constant." } }',
      params,
    );
  }
  if (initial !== undefined && !isPlainObject(initial)) {
    refuse('initial', 'an object such as { v: "v_rest" }', initial);
  }
  if (reads !== undefined && !(Array.isArray(reads) && reads.every(isText))) {
    refuse('reads', 'a list of names such as ["v"]', reads);
  }
  if (adds !== undefined && !(isPlainObject(adds) && Object.values(adds).every(isText))) {
    refuse('adds', 'an object such as { i_ampa: "i_offset" }', adds);
  }
  const isFactor = Number.isFinite(acceleration) && (acceleration as number) > 0;
  if (acceleration !== undefined && !isFactor) {
    refuse('acceleration', 'a number above 0', acceleration);
  }
  const rows = Object.entries(params as object) as [string, unknown][];
  if (bound !== undefined && !rows.some(([name]) => name === bound)) {
    refuse('bound', 'the name of a parameter', bound);
  }
  for (const [name, row] of rows) {
    if (!isPlainObject(row)) refuse(`params.${name}`, 'an object with value and doc', row);
    const { doc } = row as { readonly doc?: unknown };
    if (!isText(doc)) refuse(`params.${name}.doc`, 'a text that is not empty', doc);
  }
  checkTable(given as Described);
}

/** One simulator with the name, or names, that it has for a model. */
function isAlias([simulator, names]: readonly [string, unknown]): boolean {
  const isKnown = ['nest', 'pynn', 'brian'].includes(simulator);
  return isKnown && [names].flat().every((name) => name === undefined || typeof name === 'string');
}

function checkTable(model: Described): void {
  for (const [name, { value }] of Object.entries(model.params)) {
    checkValue(model, name, value, `model "${model.name}", parameter "${name}"`);
  }
}

/** A function that replaces whole names in a text; refuses names that occur in none of the texts. */
function replacer(
  model: Described,
  texts: Readonly<Record<string, string | undefined>>,
  replace: Replacements,
): (text: string) => string {
  const names = entriesOf(model, replace, '{ i_offset: "i_stim(t)" }').map(([name]) => name);
  const all = Object.values(texts).join('\n');
  const known = new Set(all.match(/[A-Za-z_]\w*/g) ?? []);
  for (const name of names) {
    const by: unknown = replace[name];
    if (typeof by !== 'string' || by.trim() === '') {
      throw new TypeError(
        `Model "${model.name}": ${name} must be replaced by a name or an expression, got ${describeValue(by)}.`,
      );
    }
    if (known.has(name)) continue;
    const meant = suggest(name, known);
    throw new NetworkError(
      `Model "${model.name}": cannot replace "${name}", it does not occur in the equations.${
        meant === undefined ? '' : ` Did you mean "${meant}"?`
      }`,
      { path: `model "${model.name}"`, value: name },
    );
  }
  if (names.length === 0) return (text) => text;
  return (text) => substitute(text, replace, `Model "${model.name}"`).result;
}

function editValues(values: InitialValues, edit: (text: string) => string): InitialValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? edit(value) : value,
    ]),
  );
}
