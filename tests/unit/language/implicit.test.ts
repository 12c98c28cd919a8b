/** The implicit method against closed forms and the exact method, its stability, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { checked, type ModelText, Neuron, valueAt } from '../../support/lowering.ts';

/** A chain of compartments, each with a leak, coupled to its neighbours; current into the first. */
const chain = (count: number): ModelText => ({
  eqs: Array.from({ length: count }, (_, k) => {
    const pulls = [k - 1, k + 1]
      .filter((other) => other >= 0 && other < count)
      .map((other) => ` + g*(v${other} - v${k})`);
    return `dv${k}/dt = ((v_rest - v${k})${pulls.join('')}${k === 0 ? ' + drive' : ''})/tau : volt`;
  }).join('\n'),
});

const PASSIVE = { v_rest: '-65 mV', g: 3, tau: '10 ms', drive: '20 mV' };

describe('coupled compartments', () => {
  test.each([2, 3, 8])('a chain of %d follows the exact solution at second order', (count) => {
    const initial = Object.fromEntries(Array.from({ length: count }, (_, k) => [`v${k}`, -65]));
    const at = (dtMs: number, method: string): number =>
      valueAt(chain(count), 5, 'v1', { dtMs, method, params: PASSIVE }, initial);
    const exact = at(0.1, 'exact');
    const errors = [0.5, 0.25].map((dtMs) => Math.abs(at(dtMs, 'implicit') - exact));
    expect(Math.log2((errors[0] as number) / (errors[1] as number))).toBeCloseTo(2, 0);
    expect(errors[1]).toBeLessThan(0.01);
  });

  test('stays at rest and is stable where the coupling is a thousand times faster than dt', () => {
    const params = { ...PASSIVE, g: 1e5, drive: '0 mV' };
    const initial = { v0: -60, v1: -70, v2: -65 };
    const options = { dtMs: 0.1, method: 'implicit', params };
    for (const name of ['v0', 'v1', 'v2']) {
      // The slow mode decays with tau; the fast ones change sign, each time by (1 - z)/(1 + z), z = g dt/(2 tau) k.
      const value = valueAt(chain(3), 500, name, options, initial);
      expect(Math.abs(value + 65)).toBeLessThan(0.05);
    }
  });

  test('a nonlinear current is linearised at each step', () => {
    // x' = -x³ + y - x, y' = x - y: against rk4 with a tenth of the step.
    const text = { eqs: 'dx/dt = (-x**3 + y - x)/ms : 1\ndy/dt = (x - y)/ms : 1' };
    const fine = valueAt(text, 2, 'x', { dtMs: 0.01, method: 'rk4' }, { x: 2 });
    const error = (dtMs: number): number =>
      Math.abs(valueAt(text, 2, 'x', { dtMs, method: 'implicit' }, { x: 2 }) - fine);
    expect(Math.log2(error(0.1) / error(0.05))).toBeCloseTo(2, 0);
  });

  test('gates are advanced first and the voltages see the new ones', () => {
    const text = {
      eqs: `dv/dt = (-v*m + w - v)/ms : 1
dw/dt = (v - w)/ms : 1
dm/dt = (1 - m)/ms : 1`,
    };
    const dt = 0.1;
    const m = 1 - Math.exp(-dt);
    const [a, b] = [1 + (dt / 2) * (m + 1), -dt / 2];
    const [c, d] = [-dt / 2, 1 + dt / 2];
    const [f, g] = [dt * (-2 * m + 1 - 2), dt * (2 - 1)];
    const expected = 2 + (f * d - b * g) / (a * d - b * c);
    const value = valueAt(text, dt, 'v', { dtMs: dt, method: 'implicit' }, { v: 2, w: 1 });
    expect(value).toBeCloseTo(expected, 13);
  });
});

describe('what is refused', () => {
  test.each([
    ['dv/dt = -v/ms : 1', /no two variables pull at each other/],
    ['dv/dt = (w - v)/ms + xi/sqrt(ms) : 1\ndw/dt = (v - w)/ms : 1', /contains noise/],
    [chain(9).eqs, /9 variables are coupled .* at most 8/],
  ])('%s', (eqs, message) => {
    expect(() => new Neuron({ eqs }, { method: 'implicit', params: PASSIVE })).toThrow(message);
    expect(() => checked({ eqs }, { params: PASSIVE })).not.toThrow();
  });
});
