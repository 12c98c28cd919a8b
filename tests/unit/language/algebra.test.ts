/** The algebra under the integrators: terms, derivatives, matrix exponential, quantile, binomial tables. */
import { describe, expect, test } from 'vitest';
import { affine, derivative } from '../../../src/language/algebra.ts';
import { binomialThresholds } from '../../../src/language/binomial.ts';
import { matrixExponential, solveLinear } from '../../../src/language/expm.ts';
import { compileHost, elementEnvironment, normalQuantile } from '../../../src/language/host.ts';
import { resolve } from '../../../src/language/resolve.ts';
import type { Term } from '../../../src/language/term.ts';
import { checked } from '../../support/lowering.ts';

const NAMES = 'x : 1\ny : 1\n';
const PARAMS = { a: '3', b: '0.5', c: '-2' };

/** Term of a dimensionless expression of the variables x, y and the parameters a, b, c. */
function term(text: string): Term {
  const model = checked({ eqs: `${NAMES}f = ${text} : 1` }, { params: PARAMS });
  const expression = model.variables.find((v) => v.name === 'f')?.expression;
  return resolve(expression as NonNullable<typeof expression>, { draws: new Map() });
}

/** Value of a term at x, y with a = 3, b = 0.5, c = -2. */
function at(value: Term, x: number, y = 2): number {
  const environment = elementEnvironment({
    parameters: { a: 3, b: 0.5, c: -2 },
    dtMs: 0.1,
    seed: 1,
    stream: 1,
    read: (symbol) => (symbol.name === 'x' ? x : y),
  });
  return compileHost(value)(environment);
}

describe('terms', () => {
  test.each([
    ['x - a + b + y', 'x - a + b + y'],
    ['x - a - (b - a)', 'x - b'],
    ['a*x*b/c', 'a*b*x/c'],
    ['x/(2*y)', '0.5*x/y'],
    ['-(-x)', 'x'],
    ['-x*-y', 'x*y'],
    ['x*a/a', 'x'],
    ['(x - a)/b', '(x - a)/b'],
    ['x**2 + x**-1 + x**0.5', 'x**2 + 1/x + sqrt(x)'],
    ['2*3 + 1 + x', '7 + x'],
  ])('%s reads %s', (text, expected) => {
    const found = term(text);
    // Grouping of host-known parts may differ; values may not.
    expect(at(found, 1.7)).toBeCloseTo(at(term(expected), 1.7), 14);
  });

  test('host-known parts become one', () => {
    const found = term('x - a + b');
    expect(found.kind === 'sum' && found.items.length).toBe(2);
    const product = term('a*x*b/c');
    expect(product.kind === 'product' && product.numerators.length).toBe(2);
  });

  test('comparisons gather what the host knows on one side', () => {
    const model = checked({ eqs: NAMES, threshold: 'x + a > b' }, { params: PARAMS });
    const found = resolve(model.threshold as NonNullable<typeof model.threshold>, {
      draws: new Map(),
    });
    expect(found.text).toBe('x > b - a');
  });
});

describe('derivative', () => {
  test.each([
    'x**3 - 2*x*y + a',
    'exp(x/b)/(1 + x**2)',
    'x**0.5*log(x)',
    'a**x + x**y',
    'sin(x)*cos(2*x) + tan(x/5)',
    'sinh(x/3) + cosh(x/3) + tanh(x)',
    'arctan(x) + arcsin(x/5) + arccos(x/7)',
    'expm1(x) + log1p(x) + exprel(x)',
    'abs(x - 9)*x + clip(x, 0, 100) + x % 10',
    'exprel(x/1000)*100',
    'int(x > 1)*x**2',
  ])('%s', (text) => {
    const f = term(text);
    const slope = derivative(f, 'x');
    const h = 1e-5;
    for (const x of [0.4, 1.3, 2.9]) {
      const numeric = (at(f, x + h) - at(f, x - h)) / (2 * h);
      expect(at(slope, x)).toBeCloseTo(numeric, 5);
    }
  });
});

describe('affine', () => {
  test('coefficients and constant', () => {
    const split = affine(term('(a - x + b*(y - 1))/c'), new Set(['x', 'y']));
    if ('obstacle' in split) throw new Error(split.obstacle.text);
    expect(at(split.coefficients.get('x') as Term, 0)).toBeCloseTo(0.5, 14);
    expect(at(split.coefficients.get('y') as Term, 0)).toBeCloseTo(-0.25, 14);
    expect(at(split.constant, 0)).toBeCloseTo(-1.25, 14);
  });

  test.each(['x*y', 'exp(x)', 'a/x', 'x**2', 'abs(x)'])('%s is not', (text) => {
    expect('obstacle' in affine(term(text), new Set(['x', 'y']))).toBe(true);
  });
});

describe('matrix exponential', () => {
  test('rotation, defective and stiff matrices', () => {
    const rotation = matrixExponential(Float64Array.of(0, -3, 3, 0), 2);
    const expected = [Math.cos(3), -Math.sin(3), Math.sin(3), Math.cos(3)];
    expected.forEach((x, k) => {
      expect(rotation[k]).toBeCloseTo(x, 13);
    });
    const jordan = matrixExponential(Float64Array.of(-0.02, 0.02, 0, -0.02), 2);
    expect(jordan[1]).toBeCloseTo(0.02 * Math.exp(-0.02), 17);
    const stiff = matrixExponential(Float64Array.of(-1000, 1, 0, -0.001), 2);
    expect(stiff[3]).toBeCloseTo(Math.exp(-0.001), 12);
    expect(stiff[1]).toBeCloseTo((Math.exp(-0.001) - Math.exp(-1000)) / 999.999, 13);
  });

  test('linear systems; singular ones give null', () => {
    const x = solveLinear(Float64Array.of(0, 2, 1, 1), Float64Array.of(4, 5), 2);
    expect(x).toEqual(Float64Array.of(3, 2));
    expect(solveLinear(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 2), 2)).toBeNull();
  });
});

describe('random numbers', () => {
  test('normal quantile against known values and symmetry', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(normalQuantile(1e-7)).toBeCloseTo(-5.199337582192817, 12);
    expect(normalQuantile(0.0013498980316300933)).toBeCloseTo(-3, 12);
    expect(normalQuantile(0.25)).toBe(-normalQuantile(0.75));
  });

  test('binomial thresholds are the cumulative distribution', () => {
    const thresholds = binomialThresholds(3, 0.25);
    const cumulative = [27, 54, 63].map((x) => (x / 64) * 2 ** 32);
    expect([...thresholds]).toEqual(cumulative);
    expect(binomialThresholds(1000, 0).length).toBe(0);
    expect(binomialThresholds(1600, 8e-4).length).toBeLessThan(20);
  });
});
