/**
 * What a name means in a population or in a projection. The order is that of the language: variables of the model,
 * special symbols, functions and timed arrays, own parameters, parameters of the target population, parameters of the
 * network, units, constants. Resolves only; types and dimensions of expressions are check-expression.ts.
 */
import type { CheckedPopulation, Flag, Side, SymbolReference, ValueType, Variable } from './ast.ts';
import { CONSTANTS, FUNCTION_LIST, functionOf } from './functions.ts';
import { KEYWORDS } from './tokenize.ts';
import { DIMENSIONLESS, DIMENSIONS, type Dimension, UNIT_NAMES, unitOf } from './units.ts';

/** The parameters and timed arrays that equations may name. Values are not needed, only dimensions. */
export interface Scope {
  /** Parameters of the population or projection itself. */
  readonly params: Readonly<Record<string, Dimension>>;
  readonly networkParams: Readonly<Record<string, Dimension>>;
  readonly timedArrays: Readonly<
    Record<string, { readonly dimension: Dimension; readonly columns: number }>
  >;
}

/** A projection also sees the parameters of its target population. */
export interface ProjectionScope extends Scope {
  readonly targetParams: Readonly<Record<string, Dimension>>;
}

/** The two populations of a projection; null for a spike list, which has no variables. */
export interface Ends {
  readonly pre: CheckedPopulation | null;
  readonly post: CheckedPopulation | null;
}

/** A declared variable; `dimension` is null while an error leaves it unknown, and then nothing more is said about it. */
export interface Declared {
  readonly name: string;
  readonly kind: Variable['kind'];
  readonly type: ValueType;
  readonly dimension: Dimension | null;
  readonly flags: readonly Flag[];
}

/** What a name stands for. */
export type Resolution =
  | {
      readonly kind: 'symbol';
      readonly symbol: SymbolReference;
      readonly type: ValueType;
      readonly dimension: Dimension | null;
      /** For variables: how they were declared. */
      readonly declared?: Declared;
    }
  | { readonly kind: 'constant'; readonly value: number; readonly dimension: Dimension }
  | { readonly kind: 'function' }
  | { readonly kind: 'table'; readonly dimension: Dimension; readonly columns: number }
  /** The name means something, but not here. */
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
    };

/** The names visible in one model. */
export interface Names {
  readonly find: (name: string) => Resolution | undefined;
  /** Variables and parameters with their dimensions, for hints and suggestions. */
  readonly visible: ReadonlyMap<string, Dimension | null>;
  readonly parameters: readonly string[];
  /** True in synapse code. */
  readonly synaptic: boolean;
}

const NOISE_NAME = /^xi(_[A-Za-z0-9_]+)?$/;

const symbolOf = (
  symbol: SymbolReference,
  type: ValueType,
  dimension: Dimension | null,
): Resolution => ({ kind: 'symbol', symbol, type, dimension });

const special = (name: string, side: Side, type: ValueType, dimension: Dimension): Resolution =>
  symbolOf({ role: 'special', name, side }, type, dimension);

const refused = (code: string, message: string, hint = ''): Resolution => ({
  kind: 'refused',
  code,
  message,
  hint,
});

/** Specials that exist in populations and projections alike. */
function commonSpecial(name: string, side: Side): Resolution | undefined {
  if (name === 't' || name === 'dt') return special(name, side, 'float', DIMENSIONS.time);
  if (name === 't_in_timesteps' || name === 'i' || name === 'N') {
    return special(name, side, 'integer', DIMENSIONLESS);
  }
  return undefined;
}

function neuronSpecial(name: string, side: Side, hasRefractory: boolean): Resolution | undefined {
  if (name !== 'lastspike' && name !== 'not_refractory') return undefined;
  if (!hasRefractory) {
    const message = `${name} exists only where a refractory period is given`;
    return refused('needs-refractory', message, "Add refractory, for example '2 ms'");
  }
  return name === 'lastspike'
    ? special(name, side, 'float', DIMENSIONS.time)
    : special(name, side, 'boolean', DIMENSIONLESS);
}

/** Functions, timed arrays, parameters, units, constants: the part of the lookup that all models share. */
function findGlobal(
  name: string,
  scope: Scope,
  targetParams: Readonly<Record<string, Dimension>>,
): Resolution | undefined {
  if (functionOf(name) !== undefined) return { kind: 'function' };
  const table = own(scope.timedArrays, name);
  if (table !== undefined) return { kind: 'table', ...table };
  const levels = [
    ['own', scope.params],
    ['target', targetParams],
    ['network', scope.networkParams],
  ] as const;
  for (const [level, parameters] of levels) {
    const dimension = own(parameters, name);
    if (dimension === undefined) continue;
    return symbolOf({ role: 'parameter', name, scope: level }, 'float', dimension);
  }
  const unit = unitOf(name);
  if (unit !== undefined)
    return { kind: 'constant', value: unit.factor, dimension: unit.dimension };
  const constant = CONSTANTS.get(name);
  return constant === undefined ? undefined : { ...constant, kind: 'constant' };
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function findDeclared(
  declared: ReadonlyMap<string, Declared>,
  name: string,
  side: Side,
): Resolution | undefined {
  const variable = declared.get(name);
  if (variable === undefined) return undefined;
  return {
    kind: 'symbol',
    symbol: { role: 'variable', name, side },
    type: variable.type,
    dimension: variable.dimension,
    declared: variable,
  };
}

/** The names of a population's equations, threshold, reset and refractory. */
export function populationNames(
  declared: ReadonlyMap<string, Declared>,
  scope: Scope,
  hasRefractory: boolean,
): Names {
  const find = (name: string): Resolution | undefined => {
    const found =
      findDeclared(declared, name, 'own') ??
      commonSpecial(name, 'own') ??
      neuronSpecial(name, 'own', hasRefractory);
    if (found !== undefined) return found;
    if (NOISE_NAME.test(name)) {
      return symbolOf({ role: 'noise', name }, 'float', DIMENSIONS.noise);
    }
    const global = findGlobal(name, scope, {});
    if (global !== undefined) return global;
    if (['j', 'N_pre', 'N_post', 'N_incoming', 'N_outgoing', 'lastupdate'].includes(name)) {
      return refused('only-in-synapses', `${name} exists only in synapse code`);
    }
    const base = /^(.+)_(?:pre|post)$/.exec(name)?.[1];
    if (base !== undefined && declared.has(base)) {
      return refused('only-in-synapses', `${name} exists only in synapse code`, `Write ${base}`);
    }
    return undefined;
  };
  const visible = new Map<string, Dimension | null>([
    ...Object.entries(scope.networkParams),
    ...Object.entries(scope.params),
    ...[...declared].map(([name, { dimension }]) => [name, dimension] as const),
  ]);
  const parameters = [...Object.keys(scope.params), ...Object.keys(scope.networkParams)];
  return { find, visible, parameters, synaptic: false };
}

/** What the equations and pathways of a projection may declare and use. */
export interface ProjectionNamesOptions {
  readonly declared: ReadonlyMap<string, Declared>;
  readonly ends: Ends;
  readonly scope: ProjectionScope;
  /** Whether event-driven equations bring `lastupdate`. */
  readonly hasEventDriven: boolean;
}

/** The names of a projection's equations and pathways. An unsuffixed neuron variable means post. */
export function projectionNames(options: ProjectionNamesOptions): Names {
  const { ends, scope, hasEventDriven } = options;
  // The name of a summed variable means the neuron variable that it fills.
  const declared = new Map(
    [...options.declared].filter(([, { flags }]) => !flags.includes('summed')),
  );
  const sides = {
    pre: new Map(ends.pre?.variables.map((variable) => [variable.name, variable])),
    post: new Map(ends.post?.variables.map((variable) => [variable.name, variable])),
  };
  const findNeuron = (name: string, side: 'pre' | 'post'): Resolution | undefined =>
    findDeclared(sides[side], name, side) ??
    (ends[side] === null ? undefined : neuronSpecial(name, side, ends[side].refractory !== null));

  const find = (name: string): Resolution | undefined => {
    const variable = findDeclared(declared, name, 'synapse');
    if (variable !== undefined) return variable;
    if (name === 'N_pre' || name === 'N_post') {
      return special(name, 'synapse', 'integer', DIMENSIONLESS);
    }
    const [, base, side] = /^(.+)_(pre|post)$/.exec(name) ?? [];
    if (base !== undefined && (side === 'pre' || side === 'post')) {
      const neuron = findNeuron(base, side);
      if (neuron !== undefined) return neuron;
    }
    return (
      findNeuron(name, 'post') ??
      findSynapseSpecial(name, hasEventDriven) ??
      findGlobal(name, scope, scope.targetParams) ??
      (base === undefined ? undefined : refuseSuffixed(name, base, side ?? '', options)) ??
      refuseSource(name, sides.pre)
    );
  };
  return { ...visibleInProjection(options, sides), find, synaptic: true };
}

function findSynapseSpecial(name: string, hasEventDriven: boolean): Resolution | undefined {
  const common = commonSpecial(name, 'synapse');
  if (common !== undefined) return common;
  if (['j', 'N_incoming', 'N_outgoing'].includes(name)) {
    return special(name, 'synapse', 'integer', DIMENSIONLESS);
  }
  if (name === 'lastupdate') {
    if (hasEventDriven) return special(name, 'synapse', 'float', DIMENSIONS.time);
    const message = 'lastupdate exists only with event-driven equations';
    return refused(
      'needs-event-driven',
      message,
      'Declare lastupdate : second and set it yourself',
    );
  }
  if (NOISE_NAME.test(name)) {
    return symbolOf({ role: 'noise', name }, 'float', DIMENSIONS.noise);
  }
  return undefined;
}

function refuseSuffixed(
  name: string,
  base: string,
  side: string,
  { ends, scope }: ProjectionNamesOptions,
): Resolution | undefined {
  const population = side === 'pre' ? ends.pre : ends.post;
  const whose = side === 'pre' ? 'source' : 'target';
  if (findGlobal(base, scope, scope.targetParams)?.kind === 'symbol') {
    const message = `${base} is a parameter, the same for all neurons`;
    return refused('suffix-on-parameter', message, `Write ${base}`);
  }
  if (population === null) {
    const message = `${name} does not exist: the ${whose} of this projection is a spike list, without variables`;
    return refused('no-variables', message);
  }
  return undefined;
}

function refuseSource(name: string, source: ReadonlyMap<string, Variable>): Resolution | undefined {
  if (!source.has(name)) return undefined;
  const message = `${name} is a variable of the source, not of the target`;
  return refused('needs-suffix', message, `Write ${name}_pre`);
}

function visibleInProjection(
  { declared, scope }: ProjectionNamesOptions,
  sides: Readonly<Record<'pre' | 'post', ReadonlyMap<string, Variable>>>,
): Pick<Names, 'visible' | 'parameters'> {
  const visible = new Map<string, Dimension | null>([
    ...Object.entries(scope.networkParams),
    ...Object.entries(scope.targetParams),
    ...Object.entries(scope.params),
  ]);
  for (const side of ['pre', 'post'] as const) {
    for (const [name, { dimension }] of sides[side]) {
      visible.set(`${name}_${side}`, dimension);
      if (side === 'post') visible.set(name, dimension);
    }
  }
  for (const [name, { dimension }] of declared) visible.set(name, dimension);
  const parameters = [scope.params, scope.targetParams, scope.networkParams].flatMap((record) =>
    Object.keys(record),
  );
  return { visible, parameters };
}

// ---- Names that nobody may give ----

const SPECIAL_NAMES: ReadonlySet<string> = new Set([
  't',
  'dt',
  't_in_timesteps',
  'i',
  'N',
  'lastspike',
  'not_refractory',
  'refractory',
  'refractory_until',
]);

const SYNAPSE_NAMES: ReadonlySet<string> = new Set([
  'j',
  'delay',
  'N_pre',
  'N_post',
  'N_incoming',
  'N_outgoing',
]);

/** Why a variable may not have this name, or null when it may. */
export function forbiddenName(name: string, synaptic: boolean): string | null {
  if (/_(pre|post)$/.test(name)) return 'the endings _pre and _post mark the ends of a synapse';
  return forbiddenParameter(name, synaptic);
}

/** Why a parameter may not have this name, or null when it may. Endings are free: tau_pre is a usual name. */
export function forbiddenParameter(name: string, synaptic: boolean): string | null {
  if (!/^[A-Za-z]/.test(name)) return 'names start with a letter';
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'names consist of letters, digits and _';
  if (KEYWORDS.has(name)) return `"${name}" is a reserved word`;
  if (unitOf(name) !== undefined) return `${name} is a unit`;
  if (functionOf(name) !== undefined) return `${name} is a function`;
  if (CONSTANTS.has(name)) return `${name} is a constant`;
  if (SPECIAL_NAMES.has(name) || (synaptic && SYNAPSE_NAMES.has(name))) {
    return `${name} has a meaning of its own`;
  }
  return NOISE_NAME.test(name) ? `${name} is white noise` : null;
}

/** Everything a misspelt name could have meant. */
export function candidates(names: Names, asFunction: boolean): string[] {
  const functions = FUNCTION_LIST.map((definition) => definition.name);
  if (asFunction) return functions;
  const specials = names.synaptic
    ? ['t', 'dt', 'i', 'j', 'N_pre', 'N_post', 'N_incoming', 'N_outgoing', 'lastupdate']
    : ['t', 'dt', 'i', 'lastspike', 'not_refractory', 'xi'];
  return [...names.visible.keys(), ...specials, ...CONSTANTS.keys(), ...UNIT_NAMES];
}
