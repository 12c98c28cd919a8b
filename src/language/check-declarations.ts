/**
 * The lines of an `eqs` block: units, names and flags of what they declare, and the types and dimensions of their right
 * sides. Knows what differs between populations and projections only where flags, noise and summed variables do.
 */
import type { Problem } from '../errors.ts';
import type { Expression, Flag, SourceBlock, TypedExpression, ValueType, Variable } from './ast.ts';
import {
  type ExpressionContext,
  inUnit,
  isBareNumber,
  quote,
  type Refusal,
  report,
} from './check-context.ts';
import { typeExpression } from './check-expression.ts';
import { conversionHint } from './check-hints.ts';
import { type Declared, forbiddenName, type Names } from './check-names.ts';
import { lineAt, suggest } from './messages.ts';
import type { ReadEquation } from './parse.ts';
import {
  DIMENSIONLESS,
  DIMENSIONS,
  type Dimension,
  describeDimension,
  divide,
  isDimensionless,
  readUnit,
  sameDimension,
  UNIT_NAMES,
  usualUnit,
} from './units.ts';
import { typedReads } from './walk.ts';

/** What all checks of one model share. */
export interface Bag {
  readonly problems: Problem[];
  readonly warnings: string[];
}

/** A declared variable with the equation that declares it. */
export interface Declaration extends Declared {
  readonly equation: ReadEquation;
  readonly line: number;
}

/** Where each flag is allowed. */
const ALLOWED: Readonly<
  Record<'population' | 'projection', Readonly<Record<Variable['kind'], readonly Flag[]>>>
> = {
  population: {
    differential: ['unless refractory', 'slow'],
    subexpression: ['shared', 'constant over dt'],
    parameter: ['constant', 'shared', 'linked'],
  },
  projection: {
    differential: ['presynaptic', 'event-driven', 'clock-driven', 'slow'],
    subexpression: ['shared', 'constant over dt', 'summed'],
    parameter: ['constant', 'shared', 'presynaptic'],
  },
};

const FLAG_HOME: Readonly<Record<Flag, string>> = {
  'unless refractory': 'dx/dt = \u2026 in the equations of a population',
  constant: 'a parameter, x : unit',
  'event-driven': 'dx/dt = \u2026 in the equations of a projection',
  'clock-driven': 'dx/dt = \u2026 in the equations of a projection',
  shared: 'a parameter or a subexpression',
  'constant over dt': 'a subexpression, x = \u2026',
  summed: 'x_post = \u2026 in the equations of a projection',
  linked: 'a parameter in the equations of a population, x : unit',
  slow: 'dx/dt = \u2026 in the equations of a population or projection',
  presynaptic: 'dx/dt = \u2026 or x : unit in the equations of a projection',
};

/**
 * Declares the variables of an `eqs` block. Variables with an unreadable unit get an unknown dimension, so that nothing
 * else is said about them. Duplicates keep the first line.
 */
export function declare(
  block: SourceBlock,
  equations: readonly ReadEquation[],
  kind: 'population' | 'projection',
  bag: Bag,
): Map<string, Declaration> {
  const context = { block, problems: bag.problems };
  const declared = new Map<string, Declaration>();
  for (const equation of equations) {
    const { line } = lineAt(block.text, equation.nameSpan.start);
    const before = declared.get(equation.name);
    if (before !== undefined) {
      const message = `${equation.name} is defined twice, in line ${before.line} and in line ${line}`;
      report(context, equation.nameSpan, 'duplicate', message, {
        hint: 'Remove one, or rename it',
      });
      continue;
    }
    checkName(context, equation, kind);
    checkFlags(context, equation, kind);
    const { type, dimension } = readDeclaredUnit(context, equation);
    const { name, flags } = equation;
    declared.set(name, { name, kind: equation.kind, type, dimension, flags, equation, line });
  }
  return declared;
}

type Place = Pick<ExpressionContext, 'block' | 'problems'>;

function checkName(
  context: Place,
  equation: ReadEquation,
  kind: 'population' | 'projection',
): void {
  const { name } = equation;
  if (equation.flags.includes('summed')) return; // checked against the target population
  const reason = forbiddenName(name, kind === 'projection');
  if (reason === null) return;
  const summed = kind === 'projection' && /_post$/.test(name) && equation.kind === 'subexpression';
  const hint = summed ? 'To sum over synapses, add (summed)' : 'Choose another name';
  report(context, equation.nameSpan, 'forbidden-name', `${name} cannot be defined: ${reason}`, {
    hint,
  });
}

function checkFlags(
  context: Place,
  equation: ReadEquation,
  kind: 'population' | 'projection',
): void {
  const { flags, flagSpans, least, most } = equation;
  const limit = least ?? most;
  if (limit !== null && kind === 'projection') {
    const hint = 'Limits belong to variables of populations and fields';
    report(context, limit.span, 'flag-not-allowed', `limits are not allowed here. ${hint}`, {
      hint,
    });
  }
  flags.forEach((flag, index) => {
    const span = flagSpans[index] ?? equation.nameSpan;
    if (!ALLOWED[kind][equation.kind].includes(flag)) {
      const hint = `It belongs to ${FLAG_HOME[flag]}`;
      report(context, span, 'flag-not-allowed', `(${flag}) is not allowed here. ${hint}`, { hint });
      return;
    }
    if (flags.indexOf(flag) < index) {
      report(context, span, 'flag-twice', `(${flag}) is given twice`, { hint: 'Remove one' });
      return;
    }
    const other = flags.slice(0, index).find((earlier) => !compatible(earlier, flag));
    if (other !== undefined) {
      const message = `(${flag}) and (${other}) exclude each other`;
      report(context, span, 'flags-incompatible', message, { hint: 'Remove one' });
    }
  });
}

function compatible(a: Flag, b: Flag): boolean {
  if ([a, b].some((flag) => flag === 'summed' || flag === 'linked')) return false;
  const isSlow = [a, b].includes('slow');
  if (
    isSlow &&
    ['unless refractory', 'event-driven', 'presynaptic'].some((f) => f === a || f === b)
  ) {
    return false;
  }
  if (
    [a, b].includes('presynaptic') &&
    ([a, b].includes('shared') || [a, b].includes('clock-driven'))
  ) {
    return false;
  }
  return !(a.endsWith('-driven') && b.endsWith('-driven'));
}

function readDeclaredUnit(
  context: Place,
  equation: ReadEquation,
): { type: ValueType; dimension: Dimension | null } {
  const text = equation.unit.trim();
  if (text === '') return { type: 'float', dimension: null };
  if (text === 'boolean' || text === 'integer') {
    if (equation.kind === 'differential') {
      const message = `a differential equation cannot be ${text}`;
      report(context, equation.unitSpan, 'type', message, { hint: 'Write : 1' });
      return { type: 'float', dimension: null };
    }
    return { type: text, dimension: DIMENSIONLESS };
  }
  const unit = readUnit(equation.unit);
  if (!('message' in unit)) return { type: 'float', dimension: unit.dimension };
  const start = equation.unitSpan.start + unit.start;
  const span = { start, end: Math.max(start, equation.unitSpan.start + unit.end) };
  const word = equation.unit.slice(unit.start, unit.end);
  const guess = unit.hint === '' ? suggest(word, [...UNIT_NAMES, 'boolean', 'integer']) : undefined;
  const hint = guess === undefined ? unit.hint : `Did you mean ${guess}?`;
  const message = unit.message.startsWith('unknown unit') ? 'unknown unit' : unit.message;
  report(context, span, 'unknown-unit', hint === '' ? message : `${message}. ${hint}`, { hint });
  return { type: 'float', dimension: null };
}

// ---- Right sides ----

const RANDOM_SUBEXPRESSION: Refusal = {
  code: 'random-subexpression',
  message: 'random subexpression is re-drawn at every use. Add (constant over dt)',
  hint: 'Add (constant over dt)',
};

const RANDOM_EQUATION: Refusal = {
  code: 'random-equation',
  message: 'random numbers in a differential equation would depend on the integrator. Use xi',
  hint: 'Use xi',
};

const RANDOM_SUMMED: Refusal = {
  code: 'unsupported',
  message: 'random numbers in a summed variable are not supported yet',
  hint: '',
};

const NOISE_EVENT_DRIVEN: Refusal = {
  code: 'noise-place',
  message: 'xi needs an equation that advances every step. Use (clock-driven), or randn() in onPre',
  hint: 'Use (clock-driven), or randn() in onPre',
};

const NOISE_SUMMED: Refusal = {
  code: 'noise-place',
  message: 'xi is white noise: it has no value to sum. Add it to an equation of the target',
  hint: 'Add it to an equation of the target',
};

const RANDOM_LIMIT: Refusal = {
  code: 'random-place',
  message: 'a limit cannot be random',
  hint: 'Use parameters and numbers',
};

const NOISE_LIMIT: Refusal = {
  code: 'noise-place',
  message: 'xi is white noise: it limits nothing',
  hint: 'Use parameters and numbers',
};

const NOISE_HELD: Refusal = {
  code: 'noise-place',
  message: 'xi is white noise: it has no value to hold or share. Use randn()',
  hint: 'Use randn()',
};

/** Checks all right sides and returns the finished variables, in the order of the lines. */
export function checkRightSides(
  block: SourceBlock,
  declared: ReadonlyMap<string, Declaration>,
  names: Names,
  bag: Bag,
): Variable[] {
  const variables: Variable[] = [];
  for (const declaration of declared.values()) {
    const { equation, name, kind, type, dimension, flags, line } = declaration;
    const context = contextOf(block, declaration, names, bag);
    const expression =
      equation.expression === null
        ? null
        : checkRightSide(context, declaration, equation.expression);
    const least = checkLimit(context, declaration, equation.least);
    const most = checkLimit(context, declaration, equation.most);
    if (dimension === null) continue;
    const unit = equation.unit.trim().replace(/\s+/g, '');
    variables.push({
      name,
      kind,
      type,
      dimension,
      unit,
      flags,
      expression,
      least,
      most,
      span: equation.span,
      line,
    });
  }
  checkCircles(block, variables, declared, bag);
  for (const variable of variables) {
    if (variable.flags.includes('shared')) checkShared(block, variable, declared, bag);
  }
  return variables;
}

function contextOf(
  block: SourceBlock,
  { equation, name, kind, flags }: Declaration,
  names: Names,
  bag: Bag,
): ExpressionContext {
  const held = flags.includes('constant over dt') || flags.includes('shared');
  const random =
    kind === 'differential'
      ? RANDOM_EQUATION
      : flags.includes('summed')
        ? RANDOM_SUMMED
        : flags.includes('constant over dt')
          ? null
          : RANDOM_SUBEXPRESSION;
  const isAtEvents = flags.includes('event-driven') || flags.includes('presynaptic');
  const noise = flags.includes('summed')
    ? NOISE_SUMMED
    : isAtEvents
      ? NOISE_EVENT_DRIVEN
      : held && equation.kind === 'subexpression'
        ? NOISE_HELD
        : null;
  const allowsMean = flags.includes('slow');
  return { block, names, ...bag, random, noise, locals: new Map(), allowsMean, subject: name };
}

function checkRightSide(
  context: ExpressionContext,
  { name, kind, type, dimension }: Declaration,
  expression: Expression,
): TypedExpression | null {
  const wanted =
    dimension === null
      ? null
      : kind === 'differential'
        ? divide(dimension, DIMENSIONS.time)
        : dimension;
  const typed = typeExpression(context, expression, wanted);
  if (typed === null || wanted === null) return null;
  const left = kind === 'differential' ? `d${name}/dt` : name;
  const hint =
    kind === 'differential' ? undefined : `Declare ${name} : ${describeDimension(typed.dimension)}`;
  return fits(context, expression, typed, type, wanted, left, hint) ? typed : null;
}

/** A limit of first values, which has the unit of the variable; no other randomness than its own makes it hold. */
function checkLimit(
  context: ExpressionContext,
  { name, type, dimension }: Declaration,
  limit: Expression | null,
): TypedExpression | null {
  if (limit === null || dimension === null) return null;
  const place = { ...context, random: RANDOM_LIMIT, noise: NOISE_LIMIT, allowsMean: false };
  const typed = typeExpression(place, limit, dimension);
  if (typed === null) return null;
  const subject = `the limit of ${name}`;
  return fits(place, limit, typed, type, dimension, subject) ? typed : null;
}

/**
 * Whether a value fits what receives it; reports otherwise. `receiver` names it in the message ("dv/dt", "v");
 * `unitHint` is what to advise when the unit is wrong, if that is not a missing factor.
 */
export function fits(
  context: ExpressionContext,
  expression: Expression,
  typed: TypedExpression,
  type: ValueType,
  wanted: Dimension,
  receiver: string,
  unitHint?: string,
): boolean {
  const { span } = expression;
  if ((typed.type === 'boolean') !== (type === 'boolean')) {
    const isCondition = typed.type === 'boolean';
    const hint = isCondition ? 'Write int(\u2026)' : 'Write a comparison, or True or False';
    const what = isCondition ? 'a condition' : 'not a condition';
    const message = `this is ${what}, but ${receiver} is ${type === 'boolean' ? 'boolean' : 'a number'}. ${hint}`;
    report(context, span, 'type', message, { hint, found: typed.type, expected: type });
    return false;
  }
  if (!sameDimension(typed.dimension, wanted)) {
    reportMismatch(context, expression, typed.dimension, wanted, receiver, unitHint);
    return false;
  }
  if (type === 'integer' && typed.type !== 'integer') {
    const hint = 'Write int(\u2026)';
    const message = `this is not a whole number, but ${receiver} is an integer. ${hint}`;
    report(context, span, 'type', message, { hint, found: typed.type, expected: type });
    return false;
  }
  return true;
}

function reportMismatch(
  context: ExpressionContext,
  expression: Expression,
  dimension: Dimension,
  wanted: Dimension,
  receiver: string,
  unitHint: string | undefined,
): void {
  const found = describeDimension(dimension);
  const expected = describeDimension(wanted);
  const { span } = expression;
  if (isBareNumber(expression) && isDimensionless(dimension)) {
    const text = quote(context, span);
    const hint = `Write ${text}*${usualUnit(wanted)}`;
    const message = `a number without unit, but ${receiver} is in ${expected}. ${hint}`;
    report(context, span, 'dimension-mismatch', message, { found, expected, hint });
    return;
  }
  const simple = expression.kind === 'name' || expression.kind === 'call';
  const text = quote(context, span);
  const quoted = simple || text.startsWith('(') || text === 'this term' ? text : `(${text})`;
  const hint = unitHint ?? conversionHint(context, quoted, dimension, wanted, expression);
  const subject = simple ? text : 'right side';
  const message = `${subject} is ${inUnit(dimension)}, but ${receiver} is ${inUnit(wanted)}`;
  report(context, span, 'dimension-mismatch', message, { found, expected, hint });
}

/** Subexpressions that refer to each other have no value. */
function checkCircles(
  block: SourceBlock,
  variables: readonly Variable[],
  declared: ReadonlyMap<string, Declaration>,
  bag: Bag,
): void {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    const first = path[start];
    if (first !== undefined) {
      const circle = [...path.slice(start), name].join(' \u2192 ');
      const span = declared.get(first)?.equation.nameSpan;
      if (span === undefined) return;
      const message = `subexpressions refer to each other in a circle: ${circle}`;
      report({ block, problems: bag.problems }, span, 'circle', message, {
        hint: 'Make one of them a differential equation or a parameter',
      });
      return;
    }
    const variable = byName.get(name);
    if (done.has(name) || variable?.kind !== 'subexpression' || variable.expression === null)
      return;
    for (const symbol of typedReads(variable.expression)) {
      if (symbol.role === 'variable' && (symbol.side === 'own' || symbol.side === 'synapse')) {
        visit(symbol.name, [...path, name]);
      }
    }
    done.add(name);
  };
  for (const variable of variables) visit(variable.name, []);
}

/** A shared subexpression has one value, so it may read only what has one value. */
function checkShared(
  block: SourceBlock,
  variable: Variable,
  declared: ReadonlyMap<string, Declaration>,
  bag: Bag,
): void {
  if (variable.expression === null) return;
  for (const symbol of typedReads(variable.expression)) {
    const single =
      symbol.role === 'parameter' ||
      (symbol.role === 'variable' && declared.get(symbol.name)?.flags.includes('shared')) ||
      (symbol.role === 'special' && ['t', 'dt', 't_in_timesteps', 'N'].includes(symbol.name));
    if (single) continue;
    const message = `${variable.name} is shared, but ${symbol.name} differs between elements`;
    const span = declared.get(variable.name)?.equation.nameSpan ?? variable.span;
    report({ block, problems: bag.problems }, span, 'shared', message, { hint: 'Remove (shared)' });
    return;
  }
}
