/**
 * Joining two neuron models into one: what a neuron gains when a gene, a pool or a controller is put into it. Texts and
 * tables are joined, nothing is interpreted.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { parseEquations } from '../language/parse.ts';
import { type Replacements, substitute } from '../language/substitute.ts';
import { defineModel, type ModelParameter, type NeuronModel } from './model.ts';

/** How a fragment is joined to a model. */
export interface ExtendOptions {
  /**
   * Names of the fragment to be replaced: by an expression in terms of the model (`{ calcium: 'mean(ca)' }`) or a name
   * that the model has (`{ transcription: 'transcription' }`), after which a parameter is none any more, or by a new name
   * (`{ mrna: 'mrna_nav' }`), under which it goes on.
   */
  readonly replace?: Replacements;
  /** Parameters of the model that are variables of the fragment from now on: `['g_na']`. */
  readonly supplies?: readonly string[];
  /**
   * What of the fragment is added to which parameter of the model, where the fragment's own `adds` does not fit:
   * `{ i_ampa: 'i_dendrite' }`.
   */
  readonly adds?: Readonly<Record<string, string>>;
  /** Name of the joined model; "model+fragment" when omitted. */
  readonly name?: string;
}

/**
 * The model with the equations, parameters and first values of `fragment` added to its own.
 *
 *     extend(calciumNeuron, geneCascade, { replace: { calcium: 'mean(ca)' } })
 *
 * Fragments that say what they read and add join by themselves, several one after the other:
 *
 *     extend(models.adex, [models.ampa, models.nmda, models.gabaA])
 *
 * reads the neuron's v and adds the three currents to its i_offset, which stays a parameter.
 *
 * Threshold, reset and refractoriness are the model's; a fragment has none. Integrators stay what they were: that of the
 * model for fast equations, that of the fragment for slow ones where the model names none. Throws NetworkError for names
 * that both have, for names to replace or supply that do not occur, and where slow clocks disagree.
 */
export function extend(
  model: NeuronModel,
  fragment: NeuronModel | readonly NeuronModel[],
  options: ExtendOptions = {},
): NeuronModel {
  checkArguments(model, fragment, options);
  if (!isOne(fragment)) {
    // The name is for the whole, so the last one to be joined gives it.
    return fragment.reduce(
      (all, one, k) => extend(all, one, k === fragment.length - 1 ? options : {}),
      model,
    );
  }
  const { supplies = [], name = `${model.name}+${fragment.name}` } = options;
  const where = `extend: "${model.name}" with "${fragment.name}"`;
  if (fragment.threshold !== undefined) {
    throw refusal(where, 'the fragment has a threshold of its own. Extend it by the other', name);
  }
  const known = new Set([...variablesOf(model.eqs), ...Object.keys(model.params)]);
  const replace = { ...sharedNames(fragment, known), ...options.replace };
  const edited = replaced(fragment, replace, known, where);
  checkNames(model, edited, supplies, where);
  const { eqs, adds } = withAdditions(model, { ...fragment.adds, ...options.adds }, replace, where);
  const own = Object.entries(model.params).filter(([row]) => !supplies.includes(row));
  // What was linear is no longer where a current was added: leave the choice to the compiler.
  const isChanged = eqs !== model.eqs && model.method === 'exact';
  const method = joinedMethod(isChanged ? undefined : model.method, fragment.method, where);
  const slow = agreed('slow', model.slow, fragment.slow, where);
  const acceleration = agreed('acceleration', model.acceleration, fragment.acceleration, where);
  const { kind: _, with: __, method: ___, ...definition } = model;
  return defineModel({
    ...definition,
    name,
    title: `${model.title}; ${fragment.title}`,
    source: `${model.source}; ${fragment.source}`,
    aliases: {},
    eqs: `${eqs}\n${edited.eqs}`,
    ...(method === undefined ? {} : { method }),
    ...(slow === undefined ? {} : { slow }),
    ...(acceleration === undefined ? {} : { acceleration }),
    params: { ...Object.fromEntries(own), ...edited.params },
    initial: { ...model.initial, ...edited.initial },
    reads: [...(model.reads ?? []), ...(fragment.reads ?? [])],
    adds,
    inputs: { ...model.inputs, ...fragment.inputs },
  });
}

const isOne = (fragment: NeuronModel | readonly NeuronModel[]): fragment is NeuronModel =>
  !Array.isArray(fragment);

/** What a fragment reads and the model has: its own from now on. */
const sharedNames = (
  { reads = [], params }: NeuronModel,
  known: ReadonlySet<string>,
): Replacements =>
  Object.fromEntries(
    reads
      .filter((name) => known.has(name) && Object.hasOwn(params, name))
      .map((name) => [name, name]),
  );

/**
 * The model's equations with what a fragment adds to its parameters, and what is left to be added when the result is
 * itself joined to a neuron, as a fragment without a threshold is.
 */
function withAdditions(
  model: NeuronModel,
  adds: Readonly<Record<string, string>>,
  replace: Replacements,
  where: string,
): { readonly eqs: string; readonly adds: Readonly<Record<string, string>> } {
  let { eqs } = model;
  const left: Record<string, string> = { ...model.adds };
  for (const [variable, into] of Object.entries(adds)) {
    const name = replace[variable] ?? variable;
    if (Object.hasOwn(model.params, into)) {
      eqs = substitute(eqs, { [into]: `${into} + ${name}` }, where).result;
    } else if (model.threshold === undefined) {
      left[name] = into;
    } else {
      throw refusal(
        where,
        `the model has no parameter "${into}" to which ${name} could be added. Name the one that it has: { adds: { ${variable}: "${currentOf(model)}" } }. Its parameters: ${listNames(Object.keys(model.params), 40)}`,
        into,
      );
    }
  }
  return { eqs, adds: left };
}

/** A parameter of a model that is a current by its name, for advice. */
const currentOf = ({ params }: NeuronModel): string =>
  Object.keys(params).find((name) => /^i_/.test(name)) ?? 'i_offset';

/** Text and tables of a fragment after replacement. */
interface Fragment {
  readonly eqs: string;
  readonly params: Readonly<Record<string, ModelParameter>>;
  readonly initial: Readonly<Record<string, string | number>>;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The fragment after replacement; `known` are the names of the model, which are no parameters of the fragment. */
function replaced(
  fragment: NeuronModel,
  replace: Replacements,
  known: ReadonlySet<string>,
  where: string,
): Fragment {
  const { result: eqs, used } = substitute(fragment.eqs, replace, where);
  const missing = Object.keys(replace).find((name) => !used.has(name));
  if (missing !== undefined) {
    const names = [...Object.keys(fragment.params), ...variablesOf(fragment.eqs)];
    const meant = suggest(missing, names);
    throw refusal(
      where,
      `the fragment has no "${missing}" to replace.${meant === undefined ? '' : ` Did you mean "${meant}"?`} Its names: ${listNames(names, 40)}`,
      missing,
    );
  }
  const renamed = (name: string): string | null => {
    const by = replace[name]?.trim();
    if (by === undefined) return name;
    return NAME.test(by) ? by : null;
  };
  const params = Object.entries(fragment.params).flatMap(([name, row]) => {
    const now = renamed(name);
    if (now === null || (Object.hasOwn(replace, name) && known.has(now))) return [];
    return [[now, row] as const];
  });
  const initial = Object.entries(fragment.initial ?? {}).map(([name, value]) => [
    renamed(name) ?? name,
    typeof value === 'string' ? substitute(value, replace, where).result : value,
  ]);
  return { eqs, params: Object.fromEntries(params), initial: Object.fromEntries(initial) };
}

const variablesOf = (eqs: string): readonly string[] =>
  parseEquations({ name: 'eqs', text: eqs }).map(({ name }) => name);

/** Refuses names that both parts have, but for parameters that the fragment supplies. */
function checkNames(
  model: NeuronModel,
  fragment: Fragment,
  supplies: readonly string[],
  where: string,
): void {
  const variables = variablesOf(fragment.eqs);
  const taken = new Set([...variablesOf(model.eqs), ...Object.keys(model.params)]);
  for (const name of supplies) {
    if (!Object.hasOwn(model.params, name)) {
      throw refusal(where, `"${name}" is no parameter of the model`, name);
    }
    if (!variables.includes(name)) {
      throw refusal(where, `"${name}" is no variable of the fragment`, name);
    }
    taken.delete(name);
  }
  for (const name of [...variables, ...Object.keys(fragment.params)]) {
    if (!taken.has(name)) continue;
    const supply =
      Object.hasOwn(model.params, name) && variables.includes(name)
        ? `, or let the fragment supply it: { supplies: ["${name}"] }`
        : '';
    throw refusal(
      where,
      `both have "${name}". Rename that of the fragment: { replace: { ${name}: "${name}_2" } }${supply}`,
      name,
    );
  }
}

/** A setting that one of the two has, or both alike. */
function agreed<T>(key: string, model: T | undefined, fragment: T | undefined, where: string) {
  if (model !== undefined && fragment !== undefined && model !== fragment) {
    throw refusal(
      where,
      `${key} is "${model}" in one and "${fragment}" in the other. Define one of them again with the clock of the other`,
      fragment,
    );
  }
  return model ?? fragment;
}

/** The model's integrator for fast equations, and the one for slow equations that either names. */
function joinedMethod(model: string | undefined, fragment: string | undefined, where: string) {
  const slowHalf = (method = ''): string | undefined =>
    /(?:^|,)\s*slow\s+(.*)$/s.exec(method)?.[1]?.trim();
  const slow = agreed('the method of slow equations', slowHalf(model), slowHalf(fragment), where);
  if (slow === undefined || slowHalf(model) !== undefined) return model;
  return model === undefined ? `slow ${slow}` : `${model}, slow ${slow}`;
}

const refusal = (where: string, what: string, value: unknown): NetworkError =>
  new NetworkError(`${where}: ${what}.`, { path: where, value });

function checkArguments(model: unknown, fragment: unknown, options: unknown): void {
  const isList = Array.isArray(fragment) && fragment.length > 0;
  const fragments: readonly unknown[] = isList ? fragment : [fragment];
  for (const [role, given] of [
    ['model', model],
    ...fragments.map((one) => ['fragment', one] as const),
  ] as const) {
    if (isPlainObject(given) && 'kind' in given && given.kind === 'neuron') continue;
    throw new TypeError(
      `extend: ${role} must be a neuron model, such as models.adex, got ${describeValue(given)}.`,
    );
  }
  if (!isPlainObject(options)) {
    throw new TypeError(
      `extend: options must be an object such as { replace: { calcium: "mean(ca)" } }, got ${describeValue(options)}.`,
    );
  }
  const { replace = {}, supplies = [], adds = {}, name = 'x' } = options as Record<string, unknown>;
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && value.trim() !== '';
  if (!isPlainObject(replace) || !Object.values(replace).every(isText)) {
    throw new TypeError(
      `extend: replace must be an object such as { calcium: "mean(ca)" }, got ${describeValue(replace)}.`,
    );
  }
  if (!Array.isArray(supplies) || !supplies.every(isText)) {
    throw new TypeError(
      `extend: supplies must be a list of names such as ["g_na"], got ${describeValue(supplies)}.`,
    );
  }
  if (!isPlainObject(adds) || !Object.values(adds).every(isText)) {
    throw new TypeError(
      `extend: adds must be an object such as { i_ampa: "i_offset" }, got ${describeValue(adds)}.`,
    );
  }
  if (!isText(name)) {
    throw new TypeError(
      `extend: name must be a text that is not empty, got ${describeValue(name)}.`,
    );
  }
  const known = Array.isArray(fragment) ? ['name'] : ['replace', 'supplies', 'adds', 'name'];
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `extend: unknown option "${unknown}"${Array.isArray(fragment) ? ' for several fragments' : ''}. Known: ${known.join(', ')}.`,
    );
  }
}
