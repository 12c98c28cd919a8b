/**
 * Texts of a model to a checked model: every name resolved, every node with a type and a dimension, all errors
 * collected into one NetworkError whose message is complete. Chooses no integrator and lowers nothing.
 */
import type { Problem } from '../errors.ts';
import type {
  Assignment,
  CheckedPathway,
  CheckedPopulation,
  CheckedProjection,
  Expression,
  SourceBlock,
  SymbolReference,
  TypedAssignment,
  TypedExpression,
  ValueType,
} from './ast.ts';
import { type ExpressionContext, type Refusal, report } from './check-context.ts';
import { type Bag, checkRightSides, declare, fits } from './check-declarations.ts';
import { typeExpression } from './check-expression.ts';
import { missingUnitHint } from './check-missing.ts';
import {
  type Declared,
  type Ends,
  forbiddenParameter,
  type Names,
  type ProjectionScope,
  populationNames,
  projectionNames,
  type Scope,
} from './check-names.ts';
import { checkNoise, checkNoiseReads } from './check-noise.ts';
import { checkStatements, NOISE_OUTSIDE } from './check-statements.ts';
import {
  bringsLastUpdate,
  checkPresynaptic,
  checkSummedWrites,
  checkSynapseNames,
  synapseWarnings,
} from './check-synapses.ts';
import { RANDOM } from './functions.ts';
import { equationError, listNames, sortProblems } from './messages.ts';
import {
  missingUnit,
  type ReadEquation,
  readEquations,
  readSingleExpression,
  readStatements,
} from './parse.ts';
import {
  DIMENSIONS,
  type Dimension,
  isDimensionless,
  readQuantity,
  sameDimension,
} from './units.ts';
import { visitTyped } from './walk.ts';

export type { Ends, ProjectionScope, Scope } from './check-names.ts';

/** The texts of a population. */
export interface PopulationText {
  readonly eqs: string;
  readonly onStep?: string | undefined;
  readonly threshold?: string | undefined;
  readonly reset?: string | undefined;
  readonly refractory?: string | undefined;
}

/** The texts of a projection; pathways by name, a single one is called "pre" or "post". */
export interface ProjectionText {
  readonly eqs?: string | undefined;
  readonly onPre?: Readonly<Record<string, string>> | undefined;
  readonly onPost?: Readonly<Record<string, string>> | undefined;
}

/**
 * Checks the texts of a population. `path` names it in the message (`population "exc"`).
 * Throws one NetworkError with all problems.
 */
export function checkPopulation(text: PopulationText, scope: Scope, path = ''): CheckedPopulation {
  const bag: Bag = { problems: [], warnings: [] };
  const blocks = populationBlocks(text);
  checkParameterNames(scope, bag, false);
  const eqs = blocks.eqs ?? { name: 'eqs', text: '' };
  const equations = collectRead(readEquations(eqs), bag);
  const declared = declare(eqs, equations, 'population', bag);
  const names = populationNames(declared, scope, blocks.refractory !== undefined);
  const threshold = readOptional(blocks.threshold, bag);
  const readBlock = (block: SourceBlock | undefined): readonly Assignment[] =>
    block === undefined ? [] : collectRead(readStatements(block), bag);
  const onStep = readBlock(blocks.onStep);
  const reset = readBlock(blocks.reset);
  const statements = [...onStep, ...reset];
  reportMissingUnits(eqs, equations, names, { threshold, statements, blocks }, bag);
  const variables = checkRightSides(eqs, declared, names, bag);
  const noise = checkNoise(eqs, equations, variables, bag);
  const model: CheckedPopulation = {
    variables,
    threshold: checkThreshold(blocks.threshold, threshold, names, bag),
    reset: checkBlock(blocks.reset, reset, names, bag),
    onStep: checkBlock(blocks.onStep, onStep, names, bag),
    refractory: checkRefractory(blocks.refractory, names, bag),
    noise,
    blocks,
    warnings: bag.warnings,
  };
  checkNoiseInEvents(model, bag);
  throwIfWrong(bag.problems, blocks, path);
  populationWarnings(model, scope, bag);
  return model;
}

const checkBlock = (
  block: SourceBlock | undefined,
  statements: readonly Assignment[],
  names: Names,
  bag: Bag,
): TypedAssignment[] =>
  block === undefined ? [] : checkStatements(block, statements, names, bag, null);

/**
 * Checks the texts of a projection between two checked populations (null for a spike list).
 * Throws one NetworkError with all problems.
 */
export function checkProjection(
  text: ProjectionText,
  ends: Ends,
  scope: ProjectionScope,
  path = '',
): CheckedProjection {
  const bag: Bag = { problems: [], warnings: [] };
  const blocks = projectionBlocks(text);
  checkParameterNames(scope, bag, true);
  const eqs = blocks.eqs ?? { name: 'eqs', text: '' };
  const equations = collectRead(readEquations(eqs), bag);
  const declared = declare(eqs, equations, 'projection', bag);
  checkSynapseNames(eqs, declared, ends, bag);
  checkHiddenParameters(scope, declared, ends, bag);
  const hasEventDriven = equations.some(bringsLastUpdate);
  const names = projectionNames({ declared, ends, scope, hasEventDriven });
  reportMissingUnits(eqs, equations, names, { threshold: null, statements: [], blocks }, bag);
  const variables = checkRightSides(eqs, declared, names, bag);
  const pathways: CheckedPathway[] = [];
  for (const { trigger, name, block } of pathwayBlocks(text)) {
    const statements = checkStatements(
      block,
      collectRead(readStatements(block), bag),
      names,
      bag,
      ends,
    );
    checkSummedWrites(block, statements, declared, bag);
    pathways.push({ name, trigger, statements });
  }
  const noise = checkNoise(eqs, equations, variables, bag);
  const model: CheckedProjection = { variables, pathways, noise, blocks, warnings: bag.warnings };
  checkPresynaptic(model, bag);
  checkNoiseInPathways(model, bag);
  throwIfWrong(bag.problems, blocks, path);
  bag.warnings.push(...synapseWarnings(model, scope));
  return model;
}

/**
 * Checks one value of a model: an initial value, a weight, a delay. `block.text` is an expression ("v_rest +
 * rand()*5*mV") or a lone quantity ("-65 mV"). Throws NetworkError.
 */
export function checkValue(
  block: SourceBlock,
  expected: Dimension,
  type: ValueType,
  model: CheckedPopulation | CheckedProjection,
  scope: Scope & { readonly targetParams?: Readonly<Record<string, Dimension>> },
  ends: Ends = { pre: null, post: null },
  path = '',
): TypedExpression {
  const bag: Bag = { problems: [], warnings: [] };
  const declared = new Map<string, Declared>(
    model.variables.map((variable) => [variable.name, variable]),
  );
  const names =
    'pathways' in model
      ? projectionNames({
          declared,
          ends,
          scope: { ...scope, targetParams: scope.targetParams ?? {} },
          hasEventDriven: model.variables.some(bringsLastUpdate),
        })
      : populationNames(declared, scope, model.refractory !== null);
  const typed = typeValue(block, expected, type, names, bag, null, receiverOf(block));
  throwIfWrong(bag.problems, { [block.name]: block }, path);
  if (typed === null) throw new Error('internal: no value and no problem');
  return typed;
}

const receiverOf = (block: SourceBlock): string =>
  /^set (\w+)$/.exec(block.name)?.[1] ?? block.name;

function typeValue(
  block: SourceBlock,
  expected: Dimension,
  type: ValueType,
  names: Names,
  bag: Bag,
  random: Refusal | null,
  receiver: string,
): TypedExpression | null {
  const context = expressionContext(block, names, bag, random);
  const quantity = typeQuantity(block);
  const expression = quantity === null ? collectRead(readSingleExpression(block), bag) : null;
  const typed = expression === null ? quantity : typeExpression(context, expression, expected);
  if (typed === null) return null;
  const source = expression ?? { kind: 'name', name: block.text, span: typed.span };
  return fits(context, source, typed, type, expected, receiver) ? typed : null;
}

/** A lone quantity with a unit, "5 ms", which as an expression would lack its "*". */
function typeQuantity(block: SourceBlock): TypedExpression | null {
  const quantity = readQuantity(block.text.replace(/#[^\n]*/g, ''));
  if (quantity === null || isDimensionless(quantity.dimension)) return null;
  const start = block.text.length - block.text.trimStart().length;
  const span = { start, end: block.text.trimEnd().length };
  return {
    kind: 'number',
    value: quantity.value,
    type: 'float',
    dimension: quantity.dimension,
    span,
  };
}

function expressionContext(
  block: SourceBlock,
  names: Names,
  bag: Bag,
  random: Refusal | null,
): ExpressionContext {
  return { block, names, ...bag, random, noise: NOISE_OUTSIDE, locals: new Map() };
}

// ---- Blocks ----

function populationBlocks(text: PopulationText): Record<string, SourceBlock> {
  const blocks: Record<string, SourceBlock> = {};
  for (const name of ['eqs', 'onStep', 'threshold', 'reset', 'refractory'] as const) {
    const source = text[name];
    if (source !== undefined) blocks[name] = { name, text: source };
  }
  return blocks;
}

interface PathwayBlock {
  readonly trigger: 'pre' | 'post';
  readonly name: string;
  readonly block: SourceBlock;
}

/** Pathways in the order in which they run: pre, then post, each alphabetical. */
function pathwayBlocks({ onPre = {}, onPost = {} }: ProjectionText): PathwayBlock[] {
  const groups = [
    ['pre', 'onPre', onPre],
    ['post', 'onPost', onPost],
  ] as const;
  return groups.flatMap(([trigger, label, texts]) =>
    Object.keys(texts)
      .sort()
      .map((name) => ({
        trigger,
        name,
        block: { name: name === trigger ? label : `${label} ${name}`, text: texts[name] ?? '' },
      })),
  );
}

function projectionBlocks(text: ProjectionText): Record<string, SourceBlock> {
  const blocks: Record<string, SourceBlock> = {};
  if (text.eqs !== undefined) blocks.eqs = { name: 'eqs', text: text.eqs };
  for (const { block } of pathwayBlocks(text)) blocks[block.name] = block;
  return blocks;
}

function collectRead<T>(read: { result: T; problems: readonly Problem[] }, bag: Bag): T {
  bag.problems.push(...read.problems);
  return read.result;
}

function readOptional(block: SourceBlock | undefined, bag: Bag): Expression | null {
  return block === undefined ? null : collectRead(readSingleExpression(block), bag);
}

function throwIfWrong(
  problems: readonly Problem[],
  blocks: Readonly<Record<string, SourceBlock>>,
  path: string,
): void {
  if (problems.length === 0) return;
  const texts = Object.values(blocks);
  throw equationError(sortProblems(problems, texts), texts, path);
}

function checkParameterNames(scope: Scope, bag: Bag, synaptic: boolean): void {
  for (const [label, parameters] of [
    ['params', scope.params],
    ['network params', scope.networkParams],
    ['timed arrays', scope.timedArrays],
  ] as const) {
    for (const name of Object.keys(parameters)) {
      const reason = forbiddenParameter(name, synaptic && label === 'params');
      if (reason === null) continue;
      reportForbidden(label, name, reason, bag);
    }
  }
}

function reportForbidden(label: string, name: string, reason: string, bag: Bag): void {
  const block = { name: label, text: name };
  const hint = 'Choose another one';
  report(
    { block, problems: bag.problems },
    { start: 0, end: name.length },
    'forbidden-name',
    `cannot be a name here: ${reason}. ${hint}`,
    { hint },
  );
}

/** In code of synapses a name without ending means the target's variable, so a parameter of that name would be lost. */
function checkHiddenParameters(
  scope: ProjectionScope,
  declared: ReadonlyMap<string, Declared>,
  { post }: Ends,
  bag: Bag,
): void {
  for (const name of Object.keys(scope.params)) {
    const isHidden = post?.variables.some((variable) => variable.name === name) ?? false;
    if (!isHidden || declared.has(name)) continue;
    reportForbidden(
      'params',
      name,
      `${name} is a variable of the target, which it would mean`,
      bag,
    );
  }
}

function reportMissingUnits(
  eqs: SourceBlock,
  equations: readonly ReadEquation[],
  names: Names,
  others: Parameters<typeof missingUnitHint>[3],
  bag: Bag,
): void {
  for (const equation of equations) {
    if (equation.unit !== '') continue;
    const hint = missingUnitHint(equation, equations, names, others, eqs);
    bag.problems.push(missingUnit(eqs, equation, hint));
  }
}

// ---- Threshold and refractory ----

function checkThreshold(
  block: SourceBlock | undefined,
  expression: Expression | null,
  names: Names,
  bag: Bag,
): TypedExpression | null {
  if (block === undefined || expression === null) return null;
  const context = expressionContext(block, names, bag, null);
  const typed = typeExpression(context, expression);
  if (typed === null) return null;
  if (typed.type === 'boolean') return typed;
  const hint = 'Write a comparison, such as v > V_t';
  return report(
    context,
    expression.span,
    'threshold-not-boolean',
    `the threshold must be a condition. ${hint}`,
    {
      hint,
    },
  );
}

const RANDOM_REFRACTORY: Refusal = {
  code: 'unsupported',
  message: 'random numbers in refractory are not supported yet',
  hint: 'Draw a variable in reset and use that',
};

function checkRefractory(
  block: SourceBlock | undefined,
  names: Names,
  bag: Bag,
): TypedExpression | null {
  if (block === undefined) return null;
  const quantity = typeQuantity(block);
  const expression = quantity === null ? collectRead(readSingleExpression(block), bag) : null;
  const context = expressionContext(block, names, bag, RANDOM_REFRACTORY);
  const typed =
    expression === null ? quantity : typeExpression(context, expression, DIMENSIONS.time);
  if (typed === null || typed.type === 'boolean') return typed;
  if (sameDimension(typed.dimension, DIMENSIONS.time)) return typed;
  const source = expression ?? { kind: 'name', name: block.text, span: typed.span };
  return fits(context, source, typed, 'float', DIMENSIONS.time, 'a refractory period')
    ? typed
    : null;
}

function checkNoiseInEvents(model: CheckedPopulation, bag: Bag): void {
  const { threshold, refractory, reset, onStep, blocks, variables } = model;
  const texts = [
    [blocks.threshold, threshold === null ? [] : [threshold]],
    [blocks.reset, reset.map(({ value }) => value)],
    [blocks.onStep, onStep.map(({ value }) => value)],
    [blocks.refractory, refractory === null ? [] : [refractory]],
  ] as const;
  for (const [block, expressions] of texts) {
    if (block !== undefined) checkNoiseReads(block, expressions, variables, bag);
  }
}

/** White noise has no value at a spike, in an event-driven equation or in a sum. */
function checkNoiseInPathways({ blocks, pathways, variables }: CheckedProjection, bag: Bag): void {
  for (const { trigger, name, statements } of pathways) {
    const label = trigger === 'pre' ? 'onPre' : 'onPost';
    const block = blocks[name === trigger ? label : `${label} ${name}`];
    const values = statements.map(({ value }) => value);
    if (block !== undefined) checkNoiseReads(block, values, variables, bag);
  }
  const others = variables.filter(
    ({ kind, flags }) =>
      flags.includes('summed') || (kind === 'differential' && flags.some(isAtEvents)),
  );
  const expressions = others.flatMap(({ expression }) => (expression === null ? [] : [expression]));
  if (blocks.eqs !== undefined) checkNoiseReads(blocks.eqs, expressions, variables, bag);
}

const isAtEvents = (flag: string): boolean => flag === 'event-driven' || flag === 'presynaptic';

// ---- Warnings ----

function populationWarnings(model: CheckedPopulation, scope: Scope, bag: Bag): void {
  const { variables, blocks, threshold, refractory } = model;
  const isRandom = threshold !== null && callsRandom(threshold);
  if (threshold !== null && !isRandom && blocks.reset === undefined && refractory === null) {
    bag.warnings.push(
      'threshold: without reset or refractory a neuron spikes in every step in which the condition holds',
    );
  }
  if (threshold === null && blocks.reset !== undefined) {
    bag.warnings.push('reset: never runs, because there is no threshold');
  }
  if (threshold === null && refractory !== null) {
    bag.warnings.push('refractory: has no effect, because there is no threshold');
  }
  for (const { name, flags, line } of variables) {
    if (flags.includes('unless refractory') && refractory === null) {
      bag.warnings.push(
        `eqs line ${line}: (unless refractory) of ${name} has no effect, because no refractory period is given`,
      );
    }
    if (Object.hasOwn(scope.params, name)) bag.warnings.push(hiddenParameter(name, line));
  }
}

const hiddenParameter = (name: string, line: number): string =>
  `eqs line ${line}: the variable ${name} hides the parameter of the same name; give its values with initial`;

function callsRandom(expression: TypedExpression): boolean {
  let found = false;
  visitTyped(expression, (part) => {
    if (part.kind === 'call' && RANDOM.has(part.name)) found = true;
  });
  return found;
}

// ---- Unused parameters ----

/** The names of the parameters of one scope ("own", "target", "network") that a checked model reads. */
export function usedParameters(
  model: CheckedPopulation | CheckedProjection,
  scope: 'own' | 'target' | 'network',
): ReadonlySet<string> {
  const used = new Set<string>();
  const note = (expression: TypedExpression | null): void => {
    if (expression !== null) noteParameters(expression, scope, used);
  };
  for (const variable of model.variables) note(variable.expression);
  if ('pathways' in model) {
    for (const pathway of model.pathways) {
      for (const statement of pathway.statements) note(statement.value);
    }
    return used;
  }
  note(model.threshold);
  note(model.refractory);
  for (const statement of [...model.onStep, ...model.reset]) note(statement.value);
  return used;
}

/** Adds the parameters of `scope` that an expression reads (an initial value, a weight) to `used`. */
export function noteParameters(
  expression: TypedExpression,
  scope: 'own' | 'target' | 'network',
  used: Set<string>,
): void {
  visitTyped(expression, (part) => {
    if (part.kind !== 'symbol') return;
    const symbol: SymbolReference = part.symbol;
    if (symbol.role === 'parameter' && symbol.scope === scope) used.add(symbol.name);
  });
}

/**
 * One warning per parameter that nothing reads, or none. `path` names the owner (`population "exc"`); `used` holds the
 * names read by the model itself and by all that sees its parameters.
 */
export function unusedParameters(
  parameters: Iterable<string>,
  used: ReadonlySet<string>,
  path: string,
): string[] {
  const unused = [...parameters].filter((name) => !used.has(name));
  if (unused.length === 0) return [];
  const what =
    unused.length === 1 ? `parameter ${unused[0]} is` : `parameters ${listNames(unused)} are`;
  return [`${path}: ${what} never used`];
}
