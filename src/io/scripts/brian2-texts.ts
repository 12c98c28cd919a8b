/**
 * Texts of the equation language as Brian 2 wants them. They stay as typed but for names of units that Brian 2 lacks,
 * declared units (base units there) and flags; what has no counterpart is refused by name.
 */
import type { Equation } from '../../language/ast.ts';
import { CONSTANTS } from '../../language/functions.ts';
import { parseEquations } from '../../language/parse.ts';
import { tokenize } from '../../language/tokenize.ts';
import { describeDimension, parseUnit, unitOf } from '../../language/units.ts';
import { namesIn, refuseToWrite } from './python-text.ts';

const TARGET = 'Brian 2';

/** Names of units in equations that are other ones there. */
const RENAMED: Readonly<Record<string, string>> = {
  MOhm: 'Mohm',
  GOhm: 'Gohm',
  mS: 'msiemens',
  cmetre: 'cm',
  cmeter: 'cm',
  cmetre2: 'cm2',
  cmeter2: 'cm2',
  cmetre3: 'cm3',
  cmeter3: 'cm3',
};
const FOREIGN_UNIT = /candela$|^[pnumkMGT]kelvin$/;
const FOREIGN_FUNCTIONS = new Set([
  'shift_left',
  'shift_right',
  'bit_and',
  'bit_or',
  'binomial',
  'mean',
]);

/** An expression or statements. Throws NetworkError for functions and units that Brian 2 lacks. */
export function brianText(text: string, where: string): string {
  let result = '';
  let end = 0;
  for (const [k, token] of tokenize(text).entries()) {
    if (token.kind !== 'name') continue;
    const { text: name } = token;
    if (FOREIGN_FUNCTIONS.has(name) && tokenize(text)[k + 1]?.text === '(') {
      refuseToWrite(TARGET, where, `it has no function ${name}`);
    }
    const isUnit = unitOf(name) !== undefined;
    if (isUnit && FOREIGN_UNIT.test(name)) {
      refuseToWrite(TARGET, where, `it has no unit ${name} in equations`);
    }
    const other = isUnit && Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
    if (other === undefined) continue;
    result += text.slice(end, token.start) + other;
    end = token.end;
  }
  return result + text.slice(end);
}

/** Physical constants that a text reads: Brian 2 has them, but not in equations by themselves. */
export function constantsIn(texts: readonly string[]): string[] {
  const names = new Set(texts.flatMap((text) => [...namesIn(text)]));
  return [...names].filter((name) => CONSTANTS.has(name) && !['pi', 'e', 'inf'].includes(name));
}

export interface BrianEquations {
  readonly text: string;
  readonly equations: readonly Equation[];
  readonly notes: readonly string[];
}

/** Equations of neurons or synapses, one per line, without the blanks before them. */
export function brianEquations(
  text: string,
  where: string,
  kind: 'neurons' | 'synapses',
): BrianEquations {
  const equations = parseEquations({ name: 'eqs', text });
  const notes: string[] = [];
  const lines = equations.map((equation) => {
    const { expression, unit, name } = equation;
    if (equation.least !== null || equation.most !== null) {
      notes.push(
        `${where}: limits of ${name} are left out; only first values are checked by them.`,
      );
    }
    const flags = brianFlags(equation, where, kind, notes);
    const end = `${brianDeclaredUnit(unit)}${flags.length === 0 ? '' : ` (${flags.join(', ')})`}`;
    const left = equation.kind === 'differential' ? `d${name}/dt` : name;
    if (expression === null) return `${left} : ${end}`;
    const right = brianText(text.slice(expression.span.start, expression.span.end), where);
    return `${left} = ${balanced(right)} : ${end}`;
  });
  return { text: lines.join('\n'), equations, notes };
}

/** Continued lines begin at the margin of the script otherwise. */
const balanced = (right: string): string =>
  right
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '')
    .join('\n    ');

function brianFlags(
  { flags, kind: what, name }: Equation,
  where: string,
  kind: 'neurons' | 'synapses',
  notes: string[],
): string[] {
  const kept = flags.filter((flag) => {
    if (flag === 'slow' || flag === 'linked') {
      refuseToWrite(TARGET, where, `${name} is (${flag}), which it does not have`);
    }
    if (flag !== 'presynaptic') return true;
    notes.push(`${where}: ${name} is kept in every synapse there, not once for every source.`);
    return false;
  });
  const isClockDriven =
    kind === 'synapses' &&
    what === 'differential' &&
    !kept.includes('event-driven') &&
    !kept.includes('clock-driven');
  if (!isClockDriven) return kept;
  return [...kept, flags.includes('presynaptic') ? 'event-driven' : 'clock-driven'];
}

/** Brian 2 declares base units only. */
function brianDeclaredUnit(unit: string): string {
  const word = unit.trim();
  if (['1', 'boolean', 'integer'].includes(word)) return word;
  return describeDimension(parseUnit(word).dimension);
}
