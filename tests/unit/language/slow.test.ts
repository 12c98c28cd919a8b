/** Slow equations: clock, means, acceleration and noise against what can be computed by hand, and what is refused. */
import { describe, expect, test } from 'vitest';
import {
  checked,
  type ModelText,
  Neuron,
  type RunOptions,
  valueAfter,
} from '../../support/lowering.ts';

const DT = 0.1;

const stepped = (
  text: ModelText,
  steps: number,
  name: string,
  o: RunOptions,
  initial = {},
): number => valueAfter(text, steps, name, { dtMs: DT, ...o }, initial);

describe('the clock', () => {
  const decay = { eqs: 'dz/dt = -z/(50*ms) : 1 (slow)' };

  test('moves slow variables at the end of a slow step only', () => {
    const slow = { steps: 100, acceleration: 1 };
    expect(stepped(decay, 99, 'z', { slow }, { z: 1 })).toBe(1);
    expect(stepped(decay, 100, 'z', { slow }, { z: 1 })).toBeCloseTo(Math.exp(-10 / 50), 14);
    expect(stepped(decay, 250, 'z', { slow }, { z: 1 })).toBeCloseTo(Math.exp(-20 / 50), 14);
  });

  test('acceleration multiplies slow time', () => {
    const slow = { steps: 100, acceleration: 7 };
    expect(stepped(decay, 200, 'z', { slow }, { z: 1 })).toBeCloseTo(Math.exp(-7 * (20 / 50)), 14);
  });

  test('nonlinear slow equations converge at the order of their integrator', () => {
    // x' = -x² from 1.5 for 2 ms; rk4, or Rosenbrock where an equation grows with itself, which this one does: order 2.
    const square = { eqs: 'dx/dt = -x**2/ms : 1 (slow)' };
    const error = (steps: number): number =>
      Math.abs(
        stepped(square, 20, 'x', { slow: { steps, acceleration: 1 } }, { x: 1.5 }) -
          1 / (1 / 1.5 + 2),
      );
    expect(Math.log2(error(2) / error(1))).toBeCloseTo(2, 0);
  });
});

describe('the integrator', () => {
  const both = 'dx/dt = -x**2/ms : 1\ndz/dt = -z*z/second : 1 (slow)';
  const slowOf = (eqs: string, method: string) => {
    const slow = { steps: 10, acceleration: 1 };
    const { lowered } = new Neuron({ eqs }, { dtMs: DT, method, slow });
    return [lowered.report.method, lowered.slow?.method];
  };
  test.each([
    [both, 'auto', ['exponential_rosenbrock', 'exponential_rosenbrock']],
    [both, 'rk2', ['rk2', 'exponential_rosenbrock']],
    [both, 'rk4, slow euler', ['rk4', 'euler']],
    [both, 'slow rk2', ['exponential_rosenbrock', 'rk2']],
    ['dz/dt = -z*z/second : 1 (slow)', 'euler', ['none', 'euler']],
    ['dz/dt = -z*z/second : 1 (slow)', 'rk4, slow rk2', ['none', 'rk2']],
    ['dz/dt = -z/second : 1 (slow)', 'linear', ['none', 'exact']],
  ] as const)('%s by "%s"', (eqs, method, expected) => {
    expect(slowOf(eqs, method)).toEqual(expected);
  });

  test.each([
    ['slow rk5', /unknown method. Known: auto/],
    ['rk4, slow exact', /not linear/],
    ['rk4, slowly', /unknown method/],
  ])('refuses "%s"', (method, message) => {
    expect(() => slowOf(both, method)).toThrow(message);
  });
});

describe('means', () => {
  test('are those of the values after each step of the slow step', () => {
    const text = { eqs: 'dx/dt = 1/ms : 1\ndy/dt = mean(x)/ms : 1 (slow)' };
    const steps = 10;
    // After step k (from 1) x is k dt; the mean of slow step m is dt (10 m + 5.5); y adds mean * 1 ms.
    const expected = [0, 1, 2].reduce((sum, m) => sum + DT * (10 * m + 5.5), 0);
    const slow = { steps, acceleration: 1 };
    expect(stepped(text, 30, 'y', { slow, method: 'euler' })).toBeCloseTo(expected, 12);
  });

  test('of formulas and subexpressions; equal ones share a sum', () => {
    const text = {
      eqs: `dx/dt = 1/ms : 1
square = x**2 : 1
da/dt = mean(square)/ms : 1 (slow)
db/dt = (mean(square) - mean(2*x))/ms : 1 (slow)`,
    };
    const slow = { steps: 4, acceleration: 1 };
    const neuron = new Neuron(text, { dtMs: 1, slow });
    expect(neuron.lowered.variables.map(({ name }) => name)).toHaveLength(5);
    for (let k = 0; k < 4; k++) neuron.advance();
    neuron.begin();
    expect(neuron.read('a')).toBeCloseTo(4 * ((1 + 4 + 9 + 16) / 4), 12);
    expect(neuron.read('b')).toBeCloseTo(4 * ((1 + 4 + 9 + 16) / 4 - 2 * 2.5), 12);
  });

  test('of variables that are stored relative to rest', () => {
    const text = {
      eqs: 'dv/dt = (-65*mV - v)/(10*ms) : volt\ndm/dt = mean(v)/(1*ms) : volt (slow)',
    };
    const slow = { steps: 10, acceleration: 1 };
    expect(stepped(text, 10, 'm', { slow, precision: 'f32' }, { v: -65 })).toBeCloseTo(-65, 4);
  });
});

test('noise has the variance of the slow step', () => {
  const text = { eqs: 'dx/dt = xi/sqrt(1*ms) : 1 (slow)' };
  const slow = { steps: 5, acceleration: 3 };
  const neuron = new Neuron(text, { dtMs: 1, slow });
  let sum = 0;
  const count = 4000;
  let before = 0;
  for (let k = 0; k < count; k++) {
    for (let step = 0; step < 5; step++) neuron.advance();
    neuron.begin();
    const change = neuron.read('x') - before;
    before += change;
    sum += change * change;
  }
  // Variance 15 per slow step; the estimate's relative standard deviation is sqrt(2/4000) = 0.022, four of them 0.09.
  expect(sum / count / 15).toBeGreaterThan(0.91);
  expect(sum / count / 15).toBeLessThan(1.09);
});

describe('what is refused', () => {
  test.each([
    ['dx/dt = mean(x)/ms : 1', /mean\(\) is known to slow equations only/],
    ['dx/dt = -x/ms : 1\ny = mean(x) : 1', /mean\(\) is known to slow equations only/],
    ['dx/dt = -x/ms : 1\ndy/dt = mean(mean(x))/ms : 1 (slow)', /mean\(\) is known/],
    ['dx/dt = -x/ms : 1 (slow, unless refractory)', /exclude each other/],
    ['x : 1 (slow)', /\(slow\) is not allowed here/],
    ['dx/dt = -x/ms : 1\ndy/dt = mean(x)*volt/ms : 1 (slow)', /volt/],
  ])('%s', (eqs, message) => {
    expect(() => checked({ eqs })).toThrow(message);
  });
});
