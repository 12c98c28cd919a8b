/**
 * The functions and constants of the equation language: names, arguments, dimension rules, one line of documentation.
 * The checker reads the rules, documentation and editors the rest. Not their implementation: that is portable.ts and
 * the kernel operations.
 */
import type { FunctionName, ValueType } from './ast.ts';
import { DIMENSIONLESS, DIMENSIONS, type Dimension, internalFactor, multiply } from './units.ts';

/**
 * How dimensions go through a function.
 * - `number`: numbers without unit to a number without unit
 * - `root`: any dimension to its square root
 * - `same`: any dimension, kept
 * - `sign`: any dimension to a number
 * - `clip`: all arguments alike, kept; infinite bounds fit every dimension
 * - `int`: a number or condition to an integer
 * - `timestep`: two times to an integer
 * - `whole`: integers to an integer
 * Of `same`, `sign` and `clip`, integers stay integers.
 */
export type DimensionRule =
  | 'number'
  | 'root'
  | 'same'
  | 'sign'
  | 'clip'
  | 'int'
  | 'timestep'
  | 'whole';

export interface FunctionDefinition {
  readonly name: FunctionName;
  /** How it is written, for messages and documentation: "clip(x, low, high)". */
  readonly usage: string;
  readonly arity: number;
  readonly rule: DimensionRule;
  readonly result: ValueType;
  readonly doc: string;
  /** Draws a new random number at every evaluation. */
  readonly random: boolean;
}

/** Functions that draw. */
export const RANDOM: ReadonlySet<string> = new Set(['rand', 'randn', 'binomial']);

function define(
  usage: string,
  rule: DimensionRule,
  doc: string,
  result: ValueType = 'float',
): FunctionDefinition {
  const name = usage.slice(0, usage.indexOf('(')) as FunctionName;
  const inside = usage.slice(usage.indexOf('(') + 1, -1);
  const arity = inside === '' ? 0 : inside.split(',').length;
  return { name, usage, arity, rule, result, doc, random: RANDOM.has(name) };
}

/** All functions, in the order of the documentation. */
export const FUNCTION_LIST: readonly FunctionDefinition[] = [
  define('exp(x)', 'number', 'Exponential function.'),
  define('log(x)', 'number', 'Natural logarithm.'),
  define('log10(x)', 'number', 'Logarithm to base 10.'),
  define('sin(x)', 'number', 'Sine of an angle in radians.'),
  define('cos(x)', 'number', 'Cosine of an angle in radians.'),
  define('tan(x)', 'number', 'Tangent of an angle in radians.'),
  define('sinh(x)', 'number', 'Hyperbolic sine.'),
  define('cosh(x)', 'number', 'Hyperbolic cosine.'),
  define('tanh(x)', 'number', 'Hyperbolic tangent.'),
  define('arcsin(x)', 'number', 'Inverse sine, -pi/2 to pi/2.'),
  define('arccos(x)', 'number', 'Inverse cosine, 0 to pi.'),
  define('arctan(x)', 'number', 'Inverse tangent, -pi/2 to pi/2.'),
  define('sqrt(x)', 'root', 'Square root; the dimension is halved.'),
  define('abs(x)', 'same', 'Absolute value.'),
  define('floor(x)', 'same', 'Largest whole number not above x (in internal units).'),
  define('ceil(x)', 'same', 'Smallest whole number not below x (in internal units).'),
  define('sign(x)', 'sign', '-1, 0 or 1.'),
  define('clip(x, low, high)', 'clip', 'x, but at least low and at most high.'),
  define(
    'int(x)',
    'int',
    'x without its fraction; 1 for a true condition, 0 for a false one.',
    'integer',
  ),
  define('expm1(x)', 'number', 'exp(x) - 1 without cancellation near 0.'),
  define('log1p(x)', 'number', 'log(1 + x) without cancellation near 0.'),
  define('exprel(x)', 'number', '(exp(x) - 1)/x, 1 at 0.'),
  define('timestep(t, dt)', 'timestep', 'How many steps dt fit into the time t.', 'integer'),
  define(
    'shift_left(n, k)',
    'whole',
    'n*2**k in 32 bits, for integers n and k from 0 to 31; what does not fit is lost.',
    'integer',
  ),
  define(
    'shift_right(n, k)',
    'whole',
    'n divided by 2**k and rounded down, for integers n and k from 0 to 31.',
    'integer',
  ),
  define('bit_and(n, m)', 'whole', 'The bits that both integers have.', 'integer'),
  define('bit_or(n, m)', 'whole', 'The bits that at least one of two integers has.', 'integer'),
  define(
    'mean(x)',
    'same',
    'Mean of x over the slow step that ends; in the right sides of (slow) equations.',
  ),
  define('rand()', 'number', 'Random number, uniform in [0, 1).'),
  define('randn()', 'number', 'Random number, normal with mean 0 and variance 1.'),
  define(
    'binomial(n, p)',
    'number',
    'Random number of successes in n trials of probability p, for n up to 32.',
    'integer',
  ),
];

const BY_NAME: ReadonlyMap<string, FunctionDefinition> = new Map(
  FUNCTION_LIST.map((definition) => [definition.name, definition]),
);

/** The function of that name, or undefined. */
export function functionOf(name: string): FunctionDefinition | undefined {
  return BY_NAME.get(name);
}

/** Functions of other languages (or not there yet): what to write instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['min', 'Write clip(a, -inf, b) for the smaller one'],
  ['max', 'Write clip(a, b, inf) for the larger one'],
  ['pow', 'Write a**b'],
  ['power', 'Write a**b'],
  ['ln', 'Write log(x)'],
  ['asin', 'Write arcsin(x)'],
  ['acos', 'Write arccos(x)'],
  ['atan', 'Write arctan(x)'],
  ['fabs', 'Write abs(x)'],
  ['round', 'Write floor(x + 0.5)'],
  ['trunc', 'Write int(x)'],
  ['mod', 'Write a % b'],
  ['fmod', 'Write a % b'],
  ['float', 'Numbers become floats by themselves'],
  ['bool', 'Write x != 0'],
  ['heaviside', 'Write int(x > 0)'],
  ['where', 'Write int(condition)*a + int(not condition)*b'],
  ['random', 'Write rand()'],
  ['uniform', 'Write a + (b - a)*rand()'],
  ['normal', 'Write mean + sd*randn()'],
]);

/** What to write instead of a function that other languages have, or undefined. */
export function functionElsewhere(name: string): string | undefined {
  return ELSEWHERE.get(name);
}

/** Functions that Brian 2 has and this language does not have yet. */
export const LATER_FUNCTIONS: ReadonlySet<string> = new Set(['poisson', 'arctan2']);

/** A constant in internal units. */
export interface ConstantDefinition {
  readonly value: number;
  readonly dimension: Dimension;
  readonly doc: string;
}

const { charge: COULOMB, voltage: VOLT } = DIMENSIONS;
const KELVIN: Dimension = [0, 0, 0, 0, 1, 0, 0];
const PER_MOLE: Dimension = [0, 0, 0, 0, 0, -1, 0];
const JOULE = multiply(COULOMB, VOLT);
const PER_KELVIN = KELVIN.map((exponent) => 0 - exponent);

/** A physical constant given in SI units. */
const physical = (si: number, dimension: Dimension, doc: string): ConstantDefinition => ({
  value: si * internalFactor(dimension),
  dimension,
  doc,
});

const number = (value: number, doc: string): ConstantDefinition => ({
  value,
  dimension: DIMENSIONLESS,
  doc,
});

/** Constants; the physical ones are the CODATA 2018 values (exact since the SI of 2019). */
export const CONSTANTS: ReadonlyMap<string, ConstantDefinition> = new Map([
  ['pi', number(Math.PI, 'Circumference of a circle over its diameter.')],
  ['e', number(Math.E, 'Base of the natural logarithm.')],
  ['inf', number(Number.POSITIVE_INFINITY, 'Infinity, as a bound of clip.')],
  [
    'faraday_constant',
    physical(96485.33212331001, multiply(COULOMB, PER_MOLE), 'Charge of a mole of electrons.'),
  ],
  [
    'gas_constant',
    physical(
      8.31446261815324,
      multiply(multiply(JOULE, PER_MOLE), PER_KELVIN),
      'Molar gas constant.',
    ),
  ],
  [
    'boltzmann_constant',
    physical(1.380649e-23, multiply(JOULE, PER_KELVIN), 'Energy per temperature.'),
  ],
  ['avogadro_constant', physical(6.02214076e23, PER_MOLE, 'Particles in a mole.')],
  ['elementary_charge', physical(1.602176634e-19, COULOMB, 'Charge of a proton.')],
  ['zero_celsius', physical(273.15, KELVIN, 'Freezing point of water.')],
]);
