/**
 * Physical dimensions, the table of units, and quantities written as text. Values are converted once, in f64, to the
 * internal coherent system mV, ms, pA, pF, nS, GOhm, µm, mM (rates in 1/ms), in which equations need no hidden
 * factors. Not a unit-carrying number type: after checking, values are plain numbers.
 */
import { NetworkError } from '../errors.ts';
import { describeValue } from './argument.ts';

/** Exponents of kilogram, metre, second, ampere, kelvin, mole, candela; multiples of 1/12 so that they compare exactly. */
export type Dimension = readonly number[];

/** A unit: its dimension, and how many internal units it is (1 volt = 1000 mV, so `factor` is 1000). */
export interface Unit {
  readonly dimension: Dimension;
  readonly factor: number;
}

/** A converted quantity: `value` in internal units. */
export interface QuantityValue {
  readonly value: number;
  readonly dimension: Dimension;
}

/** The dimension of a plain number. */
export const DIMENSIONLESS: Dimension = [0, 0, 0, 0, 0, 0, 0];

const reduce = (exponent: number): number => Math.round(exponent * 12) / 12 + 0;

/** Dimension of a product. */
export function multiply(a: Dimension, b: Dimension): Dimension {
  return a.map((exponent, k) => reduce(exponent + (b[k] ?? 0)));
}

/** Dimension of a quotient. */
export function divide(a: Dimension, b: Dimension): Dimension {
  return a.map((exponent, k) => reduce(exponent - (b[k] ?? 0)));
}

/** Dimension of a power; the exponent may be a fraction (`sqrt` is 0.5). */
export function power(a: Dimension, exponent: number): Dimension {
  return a.map((part) => reduce(part * exponent));
}

/** Whether two quantities may be added and compared. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((exponent, k) => exponent === b[k]);
}

/** Whether the dimension is that of a plain number. */
export function isDimensionless(a: Dimension): boolean {
  return a.every((exponent) => exponent === 0);
}

// ---- The internal system ----

/** Powers of ten: one SI base unit in internal units (kg 1e-12, m 1e-6, s 1e-3, A 1e-12, K 1, mol 1e-18, cd 1). */
const BASE_POWERS: readonly number[] = [12, 6, 3, 12, 0, 18, 0];
const BASE_NAMES: readonly string[] = [
  'kilogram',
  'metre',
  'second',
  'amp',
  'kelvin',
  'mole',
  'candela',
];

/** 10**k, correctly rounded for whole k. */
function powerOfTen(k: number): number {
  return Number.isInteger(k) ? Number(`1e${k}`) : 10 ** k;
}

function internalPower(dimension: Dimension): number {
  return dimension.reduce((sum, exponent, k) => sum + exponent * (BASE_POWERS[k] ?? 0), 0);
}

/** How many internal units one SI unit of this dimension is: 1000 for volt, 1000 for second, 1e-3 for hertz. */
export function internalFactor(dimension: Dimension): number {
  return powerOfTen(reduce(internalPower(dimension)));
}

// ---- The table ----

/** A unit as a power of ten of the SI unit of its dimension, times a scale where it is none (minutes, hours, days). */
interface DecimalUnit {
  readonly dimension: Dimension;
  readonly power: number;
  /** 1 when absent. */
  readonly scale?: number;
}

const KILOGRAM: Dimension = [1, 0, 0, 0, 0, 0, 0];
const METRE: Dimension = [0, 1, 0, 0, 0, 0, 0];
const SECOND: Dimension = [0, 0, 1, 0, 0, 0, 0];
const AMP: Dimension = [0, 0, 0, 1, 0, 0, 0];
const KELVIN: Dimension = [0, 0, 0, 0, 1, 0, 0];
const MOLE: Dimension = [0, 0, 0, 0, 0, 1, 0];
const CANDELA: Dimension = [0, 0, 0, 0, 0, 0, 1];
const HERTZ = power(SECOND, -1);
const COULOMB = multiply(AMP, SECOND);
const NEWTON: Dimension = [1, 1, -2, 0, 0, 0, 0];
const JOULE = multiply(NEWTON, METRE);
const WATT = divide(JOULE, SECOND);
const VOLT = divide(WATT, AMP);
const OHM = divide(VOLT, AMP);
const SIEMENS = divide(AMP, VOLT);
const FARAD = divide(COULOMB, VOLT);
const WEBER = multiply(VOLT, SECOND);
const VOLUME = power(METRE, 3);

/** Dimensions that code outside this file speaks of. */
export const DIMENSIONS = {
  time: SECOND,
  rate: HERTZ,
  voltage: VOLT,
  current: AMP,
  conductance: SIEMENS,
  resistance: OHM,
  capacitance: FARAD,
  charge: COULOMB,
  length: METRE,
  noise: power(SECOND, -0.5),
} as const;

/** Units that take a prefix: name, dimension, power of ten against SI. */
const PREFIXED: readonly (readonly [string, Dimension, number])[] = [
  ['metre', METRE, 0],
  ['meter', METRE, 0],
  ['gram', KILOGRAM, -3],
  ['gramme', KILOGRAM, -3],
  ['second', SECOND, 0],
  ['amp', AMP, 0],
  ['ampere', AMP, 0],
  ['kelvin', KELVIN, 0],
  ['mole', MOLE, 0],
  ['mol', MOLE, 0],
  ['candela', CANDELA, 0],
  ['coulomb', COULOMB, 0],
  ['farad', FARAD, 0],
  ['hertz', HERTZ, 0],
  ['joule', JOULE, 0],
  ['liter', VOLUME, -3],
  ['litre', VOLUME, -3],
  ['molar', divide(MOLE, VOLUME), 3],
  ['ohm', OHM, 0],
  ['pascal', divide(NEWTON, power(METRE, 2)), 0],
  ['siemens', SIEMENS, 0],
  ['volt', VOLT, 0],
  ['watt', WATT, 0],
  ['newton', NEWTON, 0],
  ['tesla', divide(WEBER, power(METRE, 2)), 0],
  ['weber', WEBER, 0],
  ['henry', divide(WEBER, AMP), 0],
];

const PREFIXES: readonly (readonly [string, number])[] = [
  ['p', -12],
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
];

/** Short forms valid in equations: symbol, full name of the same unit. */
const SHORT_FORMS: readonly (readonly [string, string])[] = [
  ['mV', 'mvolt'],
  ['mA', 'mamp'],
  ['uA', 'uamp'],
  ['nA', 'namp'],
  ['pA', 'pamp'],
  ['pF', 'pfarad'],
  ['uF', 'ufarad'],
  ['nF', 'nfarad'],
  ['nS', 'nsiemens'],
  ['uS', 'usiemens'],
  ['mS', 'msiemens'],
  ['ms', 'msecond'],
  ['us', 'usecond'],
  ['Hz', 'hertz'],
  ['kHz', 'khertz'],
  ['MHz', 'Mhertz'],
  ['cm', 'cmetre'],
  ['mm', 'mmetre'],
  ['um', 'umetre'],
  ['mM', 'mmolar'],
  ['uM', 'umolar'],
  ['nM', 'nmolar'],
  ['MOhm', 'Mohm'],
  ['GOhm', 'Gohm'],
];

/** One-letter symbols, valid in quantities ("1 s") but not in equations, where V and S are names of variables. */
const SYMBOLS: readonly (readonly [string, string])[] = [
  ['s', 'second'],
  ['V', 'volt'],
  ['A', 'amp'],
  ['S', 'siemens'],
  ['F', 'farad'],
  ['C', 'coulomb'],
  ['J', 'joule'],
  ['K', 'kelvin'],
  ['m', 'metre'],
  ['M', 'molar'],
  ['Hz', 'hertz'],
  ['Ohm', 'ohm'],
  ['\u03a9', 'ohm'],
];

/** Units of chemistry's time: valid in quantities ("125 uM/h"), not in equations, where they are names of variables. */
const LONG_TIMES: readonly (readonly [number, readonly string[]])[] = [
  [60, ['min', 'minute']],
  [3600, ['h', 'hour']],
  [86400, ['d', 'day']],
];

function raise({ dimension, power: tens, scale }: DecimalUnit, exponent: number): DecimalUnit {
  const raised = { dimension: power(dimension, exponent), power: tens * exponent };
  return scale === undefined ? raised : { ...raised, scale: scale ** exponent };
}

function buildEquationUnits(): Map<string, DecimalUnit> {
  const units = new Map<string, DecimalUnit>([['kilogram', { dimension: KILOGRAM, power: 0 }]]);
  for (const [name, dimension, tens] of PREFIXED) {
    units.set(name, { dimension, power: tens });
    for (const [prefix, shift] of PREFIXES) {
      units.set(prefix + name, { dimension, power: tens + shift });
    }
  }
  units.delete('kgram'); // the prefixed form that already has a name of its own
  units.delete('kgramme');
  for (const metre of ['metre', 'meter']) units.set(`c${metre}`, { dimension: METRE, power: -2 });
  for (const [short, name] of SHORT_FORMS) units.set(short, units.get(name) as DecimalUnit);
  for (const [name, unit] of [...units]) {
    if (!sameDimension(unit.dimension, METRE)) continue;
    units.set(`${name}2`, raise(unit, 2));
    units.set(`${name}3`, raise(unit, 3));
  }
  return units;
}

function buildQuantityUnits(equationUnits: ReadonlyMap<string, DecimalUnit>) {
  const units = new Map<string, DecimalUnit>();
  for (const [symbol, name] of SYMBOLS) {
    const unit = equationUnits.get(name) as DecimalUnit;
    units.set(symbol, unit);
    for (const [prefix, shift] of PREFIXES) {
      units.set(prefix + symbol, { dimension: unit.dimension, power: unit.power + shift });
    }
  }
  for (const [name, unit] of equationUnits) units.set(name, unit);
  for (const [scale, names] of LONG_TIMES) {
    for (const name of names) units.set(name, { dimension: SECOND, power: 0, scale });
  }
  for (const [name, unit] of [...units]) {
    if (name.startsWith('u'))
      units.set(`\u00b5${name.slice(1)}`, unit).set(`\u03bc${name.slice(1)}`, unit);
  }
  return units;
}

const EQUATION_UNITS = buildEquationUnits();
const QUANTITY_UNITS = buildQuantityUnits(EQUATION_UNITS);

/** Names of all units that equations know. */
export const UNIT_NAMES: readonly string[] = [...EQUATION_UNITS.keys()];

function toUnit(unit: DecimalUnit): Unit {
  return {
    dimension: unit.dimension,
    factor: powerOfTen(reduce(unit.power + internalPower(unit.dimension))) * (unit.scale ?? 1),
  };
}

const CONVERTED: ReadonlyMap<string, Unit> = new Map(
  [...EQUATION_UNITS].map(([name, unit]) => [name, toUnit(unit)]),
);

/** The unit of that name in equations ("mV", "siemens", "um2"), or undefined. One-letter names are not units there. */
export function unitOf(name: string): Unit | undefined {
  return CONVERTED.get(name);
}

// ---- Unit texts ----

/** Why a unit text was refused: offsets into the text, what is there, the way out. */
export interface UnitFault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  V: 'volt',
  A: 'amp',
  S: 'siemens',
  F: 'farad',
  s: 'second',
  m: 'metre',
  C: 'coulomb',
  J: 'joule',
  K: 'kelvin',
  M: 'molar',
  Ohm: 'ohm',
};

/** The full name of a one-letter unit ("V" gives "volt"), for hints; undefined when there is none. */
export function longUnitName(symbol: string): string | undefined {
  return Object.hasOwn(LONG_NAMES, symbol) ? LONG_NAMES[symbol] : undefined;
}

const FACTOR =
  /^([A-Za-z\u00b5\u03bc\u03a9][A-Za-z0-9_\u03a9]*|1(?![\d.]))(?:\s*(?:\*\*|\^)\s*(-?\s*\d*\.?\d+))?/;

/** Reads `unitfactor {("*"|"/") unitfactor}`; `strict` refuses the one-letter symbols. */
function readDecimalUnit(text: string, strict: boolean): DecimalUnit | UnitFault {
  const units = strict ? EQUATION_UNITS : QUANTITY_UNITS;
  let result: DecimalUnit = { dimension: DIMENSIONLESS, power: 0 };
  let position = text.length - text.trimStart().length;
  let sign = 1;
  for (;;) {
    const match = FACTOR.exec(text.slice(position));
    if (!match) {
      const rest = /^\S*/.exec(text.slice(position))?.[0] ?? '';
      const end = position + Math.max(rest.length, 1);
      const message = rest === '' ? 'a unit is missing here' : `"${rest}" is not a unit`;
      return {
        start: position,
        end,
        message,
        hint: 'Write for example volt, mV, 1, or siemens/metre**2',
      };
    }
    const [whole, name = '', exponentText = '1'] = match;
    const unit = name === '1' ? { dimension: DIMENSIONLESS, power: 0 } : units.get(name);
    if (!unit) {
      const long = strict ? longUnitName(name) : undefined;
      const hint = long === undefined ? '' : `Write ${long}`;
      return {
        start: position,
        end: position + name.length,
        message: `unknown unit ${name}`,
        hint,
      };
    }
    const exponent = sign * Number(exponentText.replace(/\s/g, ''));
    const factor = raise(unit, exponent);
    result = {
      dimension: multiply(result.dimension, factor.dimension),
      power: result.power + factor.power,
      scale: (result.scale ?? 1) * (factor.scale ?? 1),
    };
    position += whole.length;
    const separator = /^\s*([*/])\s*/.exec(text.slice(position));
    if (!separator) break;
    sign = separator[1] === '/' ? -1 : 1;
    position += separator[0].length;
  }
  const rest = text.slice(position);
  if (rest.trim() === '') return result;
  const start = position + rest.length - rest.trimStart().length;
  const message = `"${rest.trim()}" does not belong to a unit`;
  return { start, end: start + rest.trim().length, message, hint: 'Join units with * or /' };
}

/** As `parseUnit`, but returns the fault with its place instead of throwing. */
export function readUnit(text: string): Unit | UnitFault {
  const unit = readDecimalUnit(text, true);
  return 'message' in unit ? unit : toUnit(unit);
}

/**
 * The unit that `text` declares: "volt", "mV", "nS/ms", "uF/cm**2", "1". Quantity-only symbols ("s", "V") are accepted
 * too, because documents use them. Throws NetworkError with the place and a remedy.
 */
export function parseUnit(text: string): Unit {
  const unit = readDecimalUnit(text, false);
  if (!('message' in unit)) return toUnit(unit);
  const hint = unit.hint === '' ? '' : `. ${unit.hint}`;
  throw new NetworkError(`unit "${text}": ${unit.message}${hint}`, { value: text });
}

// ---- Quantities ----

const NUMBER = /^\s*([+-]?\s*(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?\s*(?:([*/]?)\s*(.*?))?\s*$/s;

/** A quantity text ("20 ms", "20*ms", "-65 mV", "0.1/ms") in internal units, or null when it is not one. */
export function readQuantity(text: string): QuantityValue | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, mantissa = '', exponent = '0', operator = '', unitText = ''] = match;
  if (unitText === '' && operator !== '') return null;
  const unit = readDecimalUnit(
    unitText === '' ? '1' : operator === '/' ? `1/${unitText}` : unitText,
    false,
  );
  if ('message' in unit) return null;
  const tens = reduce(unit.power + internalPower(unit.dimension));
  // The decimal point is moved in the text, so that the value is the correctly rounded one.
  const value = Number.isInteger(tens)
    ? Number(`${mantissa.replace(/\s/g, '')}e${Number(exponent) + tens}`)
    : Number(`${mantissa.replace(/\s/g, '')}e${exponent}`) * powerOfTen(tens);
  const scaled = value * (unit.scale ?? 1);
  return Number.isFinite(scaled) ? { value: scaled, dimension: unit.dimension } : null;
}

/**
 * Converts a quantity to internal units. `context` names the place in messages (`population "exc", parameter "tau_m"`).
 * A number is dimensionless, so it is refused where `expected` has a dimension. Throws NetworkError.
 */
export function parseQuantity(
  quantity: string | number,
  context: string,
  expected?: Dimension,
): QuantityValue {
  if (typeof context !== 'string') {
    throw new TypeError(
      `parseQuantity: context must be a text that names the place, got ${describeValue(context)}.`,
    );
  }
  if (expected !== undefined && !(Array.isArray(expected) && expected.length === 7)) {
    throw new TypeError(
      `parseQuantity: expected must be a dimension, such as DIMENSIONS.time, got ${describeValue(expected)}.`,
    );
  }
  const fail = (found: string, remedy: string): never => {
    const wanted = expected === undefined ? 'a quantity' : describeQuantity(expected);
    throw new NetworkError(`${context} must be ${wanted}, got ${found}. ${remedy}`, {
      path: context,
      value: quantity,
    });
  };
  const example = expected === undefined ? '20 ms' : `20 ${usualUnit(expected)}`;
  if (typeof quantity !== 'string' && typeof quantity !== 'number') {
    return fail(
      describeValue(quantity),
      `Write a text with number and unit, such as "${example}".`,
    );
  }
  const found = JSON.stringify(quantity) ?? String(quantity);
  if (typeof quantity === 'number' && !Number.isFinite(quantity)) {
    return fail(String(quantity), 'Numbers must be finite.');
  }
  const result =
    typeof quantity === 'number'
      ? { value: quantity, dimension: DIMENSIONLESS }
      : readQuantity(quantity);
  if (result === null) {
    return fail(found, `Write a number followed by a unit, such as "${example}".`);
  }
  if (expected === undefined || sameDimension(expected, result.dimension)) return result;
  const number =
    /^[^a-zA-Z*/\u00b5\u03bc\u03a9]*(?:[eE][+-]?\d+)?/.exec(String(quantity))?.[0].trim() ?? '';
  const unit = usualUnit(expected);
  const meant = unit === '' ? number : `${number} ${unit}`;
  return fail(
    isDimensionless(result.dimension) && typeof quantity === 'number'
      ? `the number ${quantity} without unit`
      : `${found} (${describeNoun(result.dimension)})`,
    `Did you mean ${typeof quantity === 'number' || unit !== '' ? `"${meant}"` : meant}?`,
  );
}

/**
 * An internal value in the given unit, for people: `formatQuantity(20, 'ms')` is "20 ms". Twelve digits. Throws
 * TypeError where an argument is no number or text, NetworkError for an unknown unit.
 */
export function formatQuantity(value: number, unitText: string): string {
  if (typeof value !== 'number') {
    throw new TypeError(`formatQuantity: value must be a number, got ${describeValue(value)}.`);
  }
  if (typeof unitText !== 'string') {
    throw new TypeError(
      `formatQuantity: unitText must be a unit such as "mV", got ${describeValue(unitText)}.`,
    );
  }
  if (unitText === 'boolean') return value === 0 ? 'False' : 'True';
  const factor = unitText === 'integer' || unitText.trim() === '' ? 1 : parseUnit(unitText).factor;
  const number = String(Number((value / factor).toPrecision(12)));
  return ['1', 'integer', ''].includes(unitText.trim()) ? number : `${number} ${unitText.trim()}`;
}

// ---- Words for dimensions ----

/** Dimension, its unit in messages, the noun with article, the unit people usually type. */
const NAMED: readonly (readonly [Dimension, string, string, string])[] = [
  [VOLT, 'volt', 'a voltage', 'mV'],
  [AMP, 'amp', 'a current', 'pA'],
  [SIEMENS, 'siemens', 'a conductance', 'nS'],
  [OHM, 'ohm', 'a resistance', 'Mohm'],
  [FARAD, 'farad', 'a capacitance', 'pF'],
  [SECOND, 'second', 'a time', 'ms'],
  [COULOMB, 'coulomb', 'a charge', 'pcoulomb'],
  [METRE, 'metre', 'a length', 'um'],
  [JOULE, 'joule', 'an energy', 'joule'],
  [WATT, 'watt', 'a power', 'watt'],
  [NEWTON, 'newton', 'a force', 'newton'],
  [KELVIN, 'kelvin', 'a temperature', 'kelvin'],
  [MOLE, 'mole', 'an amount of substance', 'mole'],
  [KILOGRAM, 'kilogram', 'a mass', 'kilogram'],
  [CANDELA, 'candela', 'a luminous intensity', 'candela'],
];

const EXTRA_NOUNS: readonly (readonly [Dimension, string, string])[] = [
  [HERTZ, 'a rate', 'Hz'],
  [divide(MOLE, VOLUME), 'a concentration', 'mM'],
  [power(METRE, 2), 'an area', 'um2'],
  [divide(SIEMENS, power(METRE, 2)), 'a conductance per area', 'mS/cm2'],
  [divide(FARAD, power(METRE, 2)), 'a capacitance per area', 'uF/cm2'],
  [divide(AMP, power(METRE, 2)), 'a current per area', 'uA/cm2'],
  [divide(divide(MOLE, VOLUME), SECOND), 'a concentration per time', 'uM/second'],
  [divide(divide(VOLUME, MOLE), SECOND), 'a rate per concentration', '1/mM/ms'],
  [divide(power(METRE, 2), SECOND), 'a diffusion coefficient', 'um2/second'],
];

/** `name**exponent` without the trivial exponent. */
function powered(name: string, exponent: number): string {
  if (exponent === 1) return name;
  return `${name}**${Number(exponent.toFixed(4))}`;
}

/** A product of base units, positive exponents first: "kilogram*metre/second**2". */
function describeProduct(factors: readonly (readonly [string, number])[]): string {
  const top = factors.filter(([, exponent]) => exponent > 0);
  const bottom = factors.filter(([, exponent]) => exponent < 0);
  const above = top.map(([name, exponent]) => powered(name, exponent)).join('*') || '1';
  return [above, ...bottom.map(([name, exponent]) => powered(name, -exponent))].join('/');
}

/**
 * The dimension as a unit, in the shortest familiar form: "volt", "volt/second", "siemens/metre**2", "1" for numbers.
 * A named unit times a power of one base unit is preferred to a product of base units.
 */
export function describeDimension(dimension: Dimension): string {
  const base = dimension
    .map((exponent, k) => [BASE_NAMES[k] ?? '', exponent] as const)
    .filter(([, exponent]) => exponent !== 0);
  if (base.length <= 1) return describeProduct(base);
  let best: readonly (readonly [string, number])[] = base;
  for (const exponent of [1, -1, 2, -2, 0.5, -0.5]) {
    for (const [unit, name] of NAMED) {
      const rest = divide(dimension, power(unit, exponent))
        .map((left, k) => [BASE_NAMES[k] ?? '', left] as const)
        .filter(([, left]) => left !== 0);
      if (rest.length + 1 < best.length) best = [[name, exponent], ...rest];
    }
  }
  return describeProduct(best);
}

/** The dimension as a noun with article: "a voltage", "a rate", "a number without unit"; else "a quantity in …". */
export function describeNoun(dimension: Dimension): string {
  if (isDimensionless(dimension)) return 'a number without unit';
  const named = NAMED.find(([unit]) => sameDimension(unit, dimension))?.[2];
  const extra = EXTRA_NOUNS.find(([unit]) => sameDimension(unit, dimension))?.[1];
  return named ?? extra ?? `a quantity in ${describeDimension(dimension)}`;
}

function describeQuantity(dimension: Dimension): string {
  const unit = usualUnit(dimension);
  return unit === ''
    ? 'a number without unit'
    : `${describeNoun(dimension)} (such as "20 ${unit}")`;
}

/** The unit people usually type for this dimension: "mV", "ms", "pA"; "" for numbers; else the SI unit. */
export function usualUnit(dimension: Dimension): string {
  if (isDimensionless(dimension)) return '';
  const named = NAMED.find(([unit]) => sameDimension(unit, dimension))?.[3];
  const extra = EXTRA_NOUNS.find(([unit]) => sameDimension(unit, dimension))?.[2];
  return named ?? extra ?? describeDimension(dimension);
}
