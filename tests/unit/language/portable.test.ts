/**
 * The portable f32 functions against f64: every exponent and sign with pseudo-random significands, plus the everyday
 * range sampled evenly. Bounds are in units in the last place of the result and are the figures that portable.ts
 * states.
 */
import { describe, expect, it } from 'vitest';
import type { PortableFunction, Statement, Value } from '../../../src/language/kernel.ts';
import { philox } from '../../../src/language/philox.ts';
import { PORTABLE, PORTABLE_F64 } from '../../../src/language/portable.ts';
import { callPortable } from '../../support/interpret.ts';

const floatCell = new Float32Array(1);
const bitCell = new Uint32Array(floatCell.buffer);

function floatOf(bits: number): number {
  bitCell[0] = bits;
  return floatCell[0] ?? 0;
}

/** Deterministic words, so that a failure repeats. */
function* words(count: number, key: number): Generator<number> {
  const block = new Uint32Array(4);
  for (let index = 0; index < count; index++) {
    if (index % 4 === 0) philox(index / 4, 0, 0, 0, key, 0, block);
    yield block[index % 4] ?? 0;
  }
}

/** Distance of two neighbouring f32 around `value`. */
function ulpOf(value: number): number {
  const magnitude = Math.max(Math.abs(value), 2 ** -126);
  return 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

function errorInUlp(name: PortableFunction, ...args: readonly number[]): number {
  const truth = PORTABLE_F64[name](args[0] ?? 0, args[1] ?? 0);
  return Math.abs(callPortable(name, args) - truth) / ulpOf(truth);
}

/** Normal f32 of every exponent within [low, high], then as many spread evenly over the part within [-100, 100]. */
function* arguments_(low: number, high: number, count: number): Generator<number> {
  for (const word of words(count, 1)) {
    const x = floatOf(word);
    if (Math.abs(x) >= 2 ** -126 && x >= low && x <= high) yield x;
  }
  const from = Math.max(low, -100);
  const to = Math.min(high, 100);
  for (const word of words(count, 2)) {
    const x = Math.fround(from + (to - from) * (word / 2 ** 32));
    yield x;
    if (x / 64 >= low) yield Math.fround(x / 64);
  }
}

const LARGEST = 3.4e38;
const EXP_HIGH = 88.376;

/** Function, domain sampled, bound. */
const cases: readonly [PortableFunction, number, number, number][] = [
  ['exp', -87.33, EXP_HIGH, 1],
  ['expm1', -LARGEST, EXP_HIGH, 1.7],
  ['exprel', -LARGEST, EXP_HIGH, 1.8],
  ['log', 2 ** -126, LARGEST, 0.9],
  ['log1p', -1 + 2 ** -24, LARGEST, 1.4],
  ['sin', -1e5, 1e5, 2.9],
  ['cos', -1e5, 1e5, 2.9],
  ['tan', -1e5, 1e5, 4],
  ['tanh', -LARGEST, LARGEST, 2.3],
  ['sinh', -EXP_HIGH, EXP_HIGH, 2.2],
  ['cosh', -EXP_HIGH, EXP_HIGH, 1.5],
  ['arcsin', -1, 1, 2.4],
  ['arccos', -1, 1, 1.2],
  ['arctan', -LARGEST, LARGEST, 1.9],
];

describe('accuracy', () => {
  it.each(cases)('%s on [%d, %d] is within %d ulp', (name, low, high, bound) => {
    let worst = 0;
    let where = 0;
    for (const x of arguments_(low, high, 30_000)) {
      const error = errorInUlp(name, x);
      if (!(error <= worst)) {
        worst = error;
        where = x;
      }
    }
    expect(worst, `largest error, at ${where}`).toBeLessThanOrEqual(bound);
  });

  it('sin and cos next to multiples of pi/2, where all digits cancel', () => {
    let worst = 0;
    for (let k = 1; k < 60_000; k += 7) {
      const x = Math.fround((k * Math.PI) / 2);
      worst = Math.max(worst, errorInUlp('sin', x), errorInUlp('cos', x));
    }
    expect(worst).toBeLessThanOrEqual(2.4);
  });

  it('pow over every exponent of the base', () => {
    let worst = 0;
    let where: number[] = [];
    const exponents = words(60_000, 4);
    for (const word of words(60_000, 3)) {
      const close = Math.fround(1 + (word / 2 ** 32 - 0.5) * 0.1);
      const base = word % 3 === 0 ? close : Math.abs(floatOf(word));
      const u = (exponents.next().value ?? 0) / 2 ** 32 - 0.5;
      const exponent = Math.fround(u * (word % 2 === 0 ? 8 : 2000));
      const truth = base ** exponent;
      if (!(base >= 2 ** -126 && base < LARGEST)) continue;
      if (!(truth > 2 ** -126 && truth < 2 ** 127.49)) continue;
      const error = errorInUlp('pow', base, exponent);
      if (!(error <= worst)) {
        worst = error;
        where = [base, exponent];
      }
    }
    expect(worst, `largest error, at ${where}`).toBeLessThanOrEqual(1.2);
  });

  it('normal_quantile at probabilities that a draw can give', () => {
    let worst = 0;
    for (let word = 0; word < 2 ** 23; word += 97) {
      worst = Math.max(worst, errorInUlp('normal_quantile', (word + 0.5) * 2 ** -23));
    }
    for (const word of [0, 1, 2, 3, 2 ** 22 - 1, 2 ** 22, 2 ** 23 - 2, 2 ** 23 - 1]) {
      worst = Math.max(worst, errorInUlp('normal_quantile', (word + 0.5) * 2 ** -23));
    }
    expect(worst).toBeLessThanOrEqual(2.8);
  });

  it('exprel near zero, where the plain formula loses everything', () => {
    for (let x = 1e-30; x < 1; x *= 1.7) {
      expect(errorInUlp('exprel', Math.fround(x))).toBeLessThanOrEqual(1.8);
      expect(errorInUlp('exprel', Math.fround(-x))).toBeLessThanOrEqual(1.8);
    }
  });
});

describe('special cases', () => {
  it.each<[PortableFunction, number[], number]>([
    ['exp', [0], 1],
    ['exp', [-100], 0],
    ['exp', [-1e30], 0],
    ['expm1', [0], 0],
    ['expm1', [-1e30], -1],
    ['exprel', [0], 1],
    ['log', [1], 0],
    ['log1p', [0], 0],
    ['sin', [0], 0],
    ['cos', [0], 1],
    ['tanh', [1e30], 1],
    ['tanh', [-1e30], -1],
    ['arcsin', [0], 0],
    ['arctan', [0], 0],
    ['pow', [0, 0], 1],
    ['pow', [0, 3], 0],
    ['pow', [1, 1e30], 1],
    ['pow', [5, 0], 1],
    ['pow', [10, 2], 100],
    ['pow', [-2, 3], -8],
    ['pow', [-2, 2], 4],
    ['pow', [-2, -1], -0.5],
    ['pow', [0.5, 1000], 0],
    ['normal_quantile', [0.5], 0],
  ])('%s(%j) = %d exactly', (name, args, expected) => {
    expect(callPortable(name, args)).toBe(expected);
  });

  it.each<[PortableFunction, number[]]>([
    ['exp', [1e4]],
    ['expm1', [1e4]],
    ['exprel', [1e4]],
    ['sinh', [-1e4]],
    ['cosh', [1e4]],
    ['log', [0]],
    ['log', [1e-42]],
    ['log1p', [-1]],
    ['pow', [0, -1]],
    ['pow', [2, 1000]],
    ['pow', [1e38, 1e38]],
    ['sin', [3e38]],
    ['tan', [3e38]],
    ['normal_quantile', [0]],
    ['normal_quantile', [1]],
  ])('%s(%j) saturates: a finite number', (name, args) => {
    expect(callPortable(name, args)).toSatisfy(Number.isFinite);
  });

  it.each<[PortableFunction, number[]]>([
    ['log', [-1]],
    ['log1p', [-1.5]],
    ['arcsin', [1.0001]],
    ['arccos', [-2]],
    ['pow', [-2, 0.5]],
  ])('%s(%j) is outside the domain: NaN', (name, args) => {
    expect(callPortable(name, args)).toBeNaN();
  });

  it('exp never gives a subnormal number, which some devices flush', () => {
    for (let x = -87; x > -104; x -= 0.0137) {
      const result = callPortable('exp', [Math.fround(x)]);
      expect(result === 0 || result >= 2 ** -126).toBe(true);
    }
  });
});

describe('the definitions', () => {
  /** Every value node of a body. */
  function* nodes(value: Value): Generator<Value> {
    yield value;
    if (value.op === 'unary') yield* nodes(value.a);
    if (value.op === 'binary' || value.op === 'select') {
      yield* nodes(value.a);
      yield* nodes(value.b);
    }
    if (value.op === 'select') yield* nodes(value.condition);
    if (value.op === 'call') for (const argument of value.arguments) yield* nodes(argument);
  }
  const valuesOf = (body: readonly Statement[], result: Value): Value[] => [
    ...body.flatMap((statement) => (statement.kind === 'let' ? [...nodes(statement.value)] : [])),
    ...nodes(result),
  ];

  it('hold only lets, locals and literals that are f32 already', () => {
    for (const { body, result } of Object.values(PORTABLE)) {
      expect(body.every((statement) => statement.kind === 'let')).toBe(true);
      for (const value of valuesOf(body, result)) {
        expect(['literal', 'local', 'unary', 'binary', 'select', 'call']).toContain(value.op);
        if (value.op === 'literal' && value.type === 'f32') {
          expect(Math.fround(Number(value.value))).toBe(value.value);
        }
      }
    }
  });

  it('call only functions that come before them in the table', () => {
    const seen = new Set<string>();
    for (const [name, { body, result }] of Object.entries(PORTABLE)) {
      for (const value of valuesOf(body, result)) {
        if (value.op === 'call') expect(seen).toContain(value.name);
      }
      seen.add(name);
    }
  });
});

describe('f64 forms', () => {
  it('normal_quantile inverts the distribution function (values of R qnorm)', () => {
    expect(PORTABLE_F64.normal_quantile(0.975, 0)).toBeCloseTo(1.959963984540054, 14);
    expect(PORTABLE_F64.normal_quantile(0.5, 0)).toBe(0);
    expect(PORTABLE_F64.normal_quantile(1e-10, 0)).toBeCloseTo(-6.361340902404056, 13);
    expect(PORTABLE_F64.normal_quantile(1e-20, 0)).toBeCloseTo(-9.262340089798409, 13);
    expect(PORTABLE_F64.normal_quantile(0, 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(PORTABLE_F64.normal_quantile(2, 0)).toBeNaN();
  });

  it('exprel is smooth through zero', () => {
    expect(PORTABLE_F64.exprel(0, 0)).toBe(1);
    expect(PORTABLE_F64.exprel(1e-9, 0)).toBeCloseTo(1 + 5e-10, 15);
    expect(PORTABLE_F64.exprel(-700, 0)).toBeCloseTo(1 / 700, 15);
  });
});
