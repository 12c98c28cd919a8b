/**
 * Guesses at what was meant where units do not fit: a missing driving force, capacitance or time constant. Only the
 * wording of hints depends on it, never what is accepted.
 */
import type { Expression, SourceBlock } from './ast.ts';
import type { Names } from './check-names.ts';
import { listNames } from './messages.ts';
import {
  DIMENSIONS,
  type Dimension,
  describeDimension,
  divide,
  isDimensionless,
  power,
  sameDimension,
  usualUnit,
} from './units.ts';

/** What the guesses may use: visible names, and the variable whose equation this is. */
export interface HintContext {
  readonly block: SourceBlock;
  readonly names: Names;
  readonly subject?: string;
}

/**
 * A way to bring `term`, which has dimension `found`, to dimension `wanted`, as a hint; '' when nothing is plausible.
 * `whole` is the expression around it: a reversal potential that it already uses is not offered again.
 */
export function conversionHint(
  context: HintContext,
  term: string,
  found: Dimension,
  wanted: Dimension,
  whole: Expression,
): string {
  if (isDimensionless(wanted)) return '';
  const missing = isDimensionless(found) ? missingUnit(context, term, wanted) : '';
  if (missing !== '' || term === 'this term') return missing;
  const ratio = divide(wanted, found);
  const search: Search = { ...context, term, whole };
  const factor =
    (sameDimension(found, DIMENSIONS.conductance) ? drivingForce(search, ratio) : null) ??
    factorOf(search, ratio) ??
    noiseFactor(search, ratio) ??
    twoFactors(search, ratio);
  if (factor === null) return unitlessParameters(search);
  const hasTime = (dimension: Dimension): boolean =>
    describeDimension(dimension).includes('second');
  const lack = hasTime(wanted) && !hasTime(found) ? `${term} has no "second"; ` : '';
  return `${lack}did you mean ${term}${factor} ?`;
}

/** For a name that has no unit where one is needed: where it should get one. */
function missingUnit({ names }: HintContext, term: string, wanted: Dimension): string {
  if (names.parameters.includes(term)) {
    return `${term} is given without unit in params: write for example "1 ${usualUnit(wanted)}"`;
  }
  return names.visible.has(term) ? `Declare ${term} : ${describeDimension(wanted)}` : '';
}

/** White noise has the unit second**-0.5, which is easily forgotten. */
function noiseFactor(search: Search, ratio: Dimension): string | null {
  const used = namesRead(search.whole);
  const hasNoise = [...used].some((name) => /^xi(_|$)/.test(name));
  if (!hasNoise || !sameDimension(ratio, power(DIMENSIONS.time, -0.5))) return null;
  const times = namesOf(search, DIMENSIONS.time);
  return `*${times.find((name) => used.has(name)) ?? times[0] ?? 'second'}**-0.5`;
}

/** Where nothing else explains the units: a parameter that was given as a bare number. */
function unitlessParameters({ names, whole }: Search): string {
  const bare = [...namesRead(whole)].filter((name) => {
    const dimension = names.visible.get(name);
    return names.parameters.includes(name) && dimension && isDimensionless(dimension);
  });
  return bare.length === 0
    ? ''
    : `${listNames(bare, 4)} ${bare.length === 1 ? 'has' : 'have'} no unit in params; should there be one?`;
}

interface Search extends HintContext {
  /** The term to convert, which is no factor of itself. */
  readonly term: string;
  readonly whole: Expression;
}

/** Visible parameters first, then variables: what a formula most probably lacks is a constant. */
function namesOf(context: Search, dimension: Dimension): string[] {
  const fitting = [...context.names.visible]
    .filter(([name, other]) => {
      const isFree = name !== context.subject && name !== context.term;
      return isFree && other !== null && sameDimension(other, dimension);
    })
    .map(([name]) => name);
  const isParameter = (name: string): boolean => context.names.parameters.includes(name);
  return [...fitting.filter(isParameter), ...fitting.filter((name) => !isParameter(name))];
}

/** "*p" or "/p" with a parameter whose dimension makes up for the ratio. */
function factorOf(context: Search, ratio: Dimension): string | null {
  if (isDimensionless(ratio)) return '';
  const isParameter = (name: string | undefined): name is string =>
    name !== undefined && context.names.parameters.includes(name);
  const divisor = namesOf(context, power(ratio, -1))[0];
  if (isParameter(divisor)) return `/${divisor}`;
  const multiplier = namesOf(context, ratio)[0];
  return isParameter(multiplier) ? `*${multiplier}` : null;
}

function twoFactors(context: Search, ratio: Dimension): string | null {
  for (const name of context.names.parameters) {
    if (name === context.term) continue;
    const dimension = context.names.visible.get(name);
    if (dimension === null || dimension === undefined || isDimensionless(dimension)) continue;
    const rest = factorOf(context, divide(ratio, power(dimension, -1)));
    if (rest?.startsWith('/')) return `/${name}${rest}`;
  }
  return null;
}

/** "*(E - v)" and what else is missing, for a conductance. */
function drivingForce(context: Search, ratio: Dimension): string | null {
  const rest = factorOf(context, divide(ratio, DIMENSIONS.voltage));
  const { subject } = context;
  const subjectDimension = subject === undefined ? undefined : context.names.visible.get(subject);
  const isVoltage =
    subjectDimension !== null &&
    subjectDimension !== undefined &&
    sameDimension(subjectDimension, DIMENSIONS.voltage);
  const membrane = isVoltage ? subject : context.names.visible.has('v') ? 'v' : undefined;
  const used = namesRead(context.whole);
  const voltages = namesOf(context, DIMENSIONS.voltage).filter((name) => name !== membrane);
  const reversals = voltages.filter((name) => /^e/i.test(name));
  const reversal = reversals.find((name) => !used.has(name)) ?? reversals[0] ?? voltages[0];
  if (rest === null || membrane === undefined || reversal === undefined) return null;
  return `*(${reversal} - ${membrane})${rest}`;
}

function namesRead(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  collectNames(expression, names);
  return names;
}

/** Adds the names that an expression reads to `names`. */
function collectNames(expression: Expression, names: Set<string>): void {
  switch (expression.kind) {
    case 'name':
      names.add(expression.name);
      break;
    case 'unary':
      collectNames(expression.operand, names);
      break;
    case 'binary':
      collectNames(expression.left, names);
      collectNames(expression.right, names);
      break;
    case 'call':
      for (const argument of expression.arguments) collectNames(argument, names);
      break;
    default:
      break;
  }
}
