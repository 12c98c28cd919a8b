/**
 * Pieces of Python text: literals, quantities with Brian 2's unit names, lists, identifiers. What they are part of is
 * decided in write-brian2.ts and write-pynn.ts.
 */
import { NetworkError } from '../../errors.ts';
import { tokenize } from '../../language/tokenize.ts';
import {
  describeDimension,
  internalFactor,
  isDimensionless,
  parseQuantity,
  parseUnit,
} from '../../language/units.ts';
import type { NumberList, Quantity } from '../../network/document.ts';

/** A script in another language, and what the language could not say. */
export interface Script {
  readonly text: string;
  /** What was decided, changed or left out, one line each. */
  readonly notes: readonly string[];
}

/** Throws NetworkError: a network has what `target` cannot say. */
export function refuseToWrite(target: string, where: string, what: string, remedy = ''): never {
  const end = remedy === '' ? '' : ` ${remedy}`;
  throw new NetworkError(`${where} cannot be written for ${target}: ${what}.${end}`, {
    path: where,
  });
}

/** Words that no identifier of a script may be. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Gives every name of a document an identifier of its own. */
export class Identifiers {
  readonly #taken: Set<string>;
  readonly #isFree: (name: string) => boolean;

  /** `taken`: words of the script itself. `isFree`: refuses more of them. */
  constructor(taken: Iterable<string>, isFree: (name: string) => boolean = () => true) {
    this.#taken = new Set(taken);
    this.#isFree = isFree;
  }

  /** `name` with letters, digits and _ only, unlike any before. */
  of(name: string, fallback: string): string {
    const plain = name.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
    const stem = /^[A-Za-z]/.test(plain) ? plain : `${fallback}${plain === '' ? '' : `_${plain}`}`;
    const usable = (one: string): boolean =>
      !this.#taken.has(one) && !KEYWORDS.has(one) && this.#isFree(one);
    let found = stem;
    for (let k = 2; !usable(found); k++) found = `${stem}_${k}`;
    this.#taken.add(found);
    return found;
  }
}

/** A number as Python has it. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "-float('inf')";
  return String(value);
}

/** A text as Python has it: on one line, or between three quotes. */
export function pythonText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return text.includes('\n') ? `'''${escaped}'''` : `'${escaped}'`;
}

/** Numbers in brackets, in lines of at most `width` characters. */
export function pythonList(values: NumberList, indent: string, width = 110): string {
  const lines: string[] = [];
  let line = '';
  for (let k = 0; k < values.length; k++) {
    const word = pythonNumber(values[k] as number) + (k + 1 < values.length ? ',' : '');
    if (line !== '' && line.length + word.length + 1 > width - indent.length) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  lines.push(line);
  return lines.length === 1 ? `[${lines[0]}]` : `[${lines.join(`\n${indent} `)}]`;
}

/** Units that `from brian2 import *` brings, beside those with a prefix. */
const SHORT = new Set(
  'mV mA uA nA pA pF uF nF nS uS mS ms us Hz kHz MHz cm mm um mM uM nM cm2 cm3 mm2 mm3 um2 um3 kilogram Mohm Gohm'.split(
    ' ',
  ),
);
const PREFIXED =
  /^[pnumkMGT]?(metre|meter|gram|gramme|second|amp|mole|coulomb|farad|hertz|joule|liter|litre|molar|ohm|pascal|siemens|volt|watt)$/;
/** One-letter symbols of quantities, and units of other names. */
const LONG: Readonly<Record<string, string>> = {
  s: 'second',
  V: 'volt',
  A: 'amp',
  S: 'siemens',
  F: 'farad',
  C: 'coulomb',
  J: 'joule',
  m: 'metre',
  M: 'molar',
  Ohm: 'ohm',
  MOhm: 'Mohm',
  GOhm: 'Gohm',
  ampere: 'amp',
  mol: 'mole',
};

/** A unit's name in a Brian 2 script; undefined for those that it lacks. */
function brianUnit(name: string): string | undefined {
  const plain = name.replace(/^[\u00b5\u03bc]/, 'u');
  if (SHORT.has(plain) || PREFIXED.test(plain) || plain === 'kelvin') return plain;
  const whole = LONG[plain];
  if (whole !== undefined) return whole;
  const long = LONG[plain.slice(1)];
  return long !== undefined && /^[pnumkMGT]/.test(plain) ? `${plain[0]}${long}` : undefined;
}

/** A unit text as an expression of Brian 2's units, or a number of SI units where it lacks one of the names. */
export function brianUnits(unit: string): string {
  const names = [...unit.matchAll(/[A-Za-z\u00b5\u03bc]\w*/g)].map(([name]) => name);
  const isPlain = /^[\w\u00b5\u03bc\s*/.-]+$/.test(unit);
  if (isPlain && names.every((name) => brianUnit(name) !== undefined)) {
    return unit
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/[A-Za-z\u00b5\u03bc]\w*/g, (name) => brianUnit(name) ?? name);
  }
  const { factor, dimension } = parseUnit(unit);
  return `${pythonNumber(factor / internalFactor(dimension))}*${describeDimension(dimension)}`;
}

const QUANTITY = /^\s*([+-]?)\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*([*/]?)\s*(.*?)\s*$/s;

/** "20 ms" as `20*ms`. Throws NetworkError for what is no quantity. */
export function brianQuantity(quantity: Quantity): string {
  if (typeof quantity === 'number') return pythonNumber(quantity);
  const { value, dimension } = parseQuantity(quantity, 'quantity');
  const [, sign = '', digits = '', exponent = '', operator = '', unit = ''] =
    QUANTITY.exec(quantity) ?? [];
  const number = `${sign === '-' ? '-' : ''}${digits}${exponent}`;
  if (unit === '' || unit === '1') return number;
  if (operator === '/') return `${number}/${brianUnits(unit)}`;
  const units = brianUnits(unit);
  if (!/^\d/.test(units)) return `${number}*${units}`;
  // Some name was not Brian's: the value itself, in SI units.
  if (isDimensionless(dimension)) return pythonNumber(value);
  const si = Number((value / internalFactor(dimension)).toPrecision(15));
  return `${pythonNumber(si)}*${describeDimension(dimension)}`;
}

/** All names that a text of the equation language mentions. */
export function namesIn(text: string): Set<string> {
  return new Set(tokenize(text).flatMap(({ kind, text: word }) => (kind === 'name' ? [word] : [])));
}
