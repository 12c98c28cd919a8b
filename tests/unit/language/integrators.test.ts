/** Every integrator against solutions known in closed form, by the reference interpreter in f64. */
import { describe, expect, test } from 'vitest';
import { type ModelText, Neuron, type RunOptions, valueAt } from '../../support/lowering.ts';

describe('order of convergence', () => {
  /** log2 of the ratio of the errors at dt and dt/2. */
  const order = (text: ModelText, method: string, expected: number, initial: number): number => {
    const error = (dtMs: number): number =>
      Math.abs(valueAt(text, 2, 'x', { dtMs, method }, { x: initial }) - expected);
    return Math.log2(error(0.1) / error(0.05));
  };
  const square: ModelText = { eqs: 'dx/dt = -x**2/ms : 1' };
  const forced: ModelText = { eqs: 'dx/dt = (-x + sin(t/ms))/ms : 1' };
  const squareAt2 = 1 / (1 / 1.5 + 2);
  const forcedAt2 = (Math.sin(2) - Math.cos(2) + Math.exp(-2) * (2 * 1.5 + 1)) / 2;

  test.each([
    ['euler', 1],
    ['exponential_rosenbrock', 2],
    ['exponential_symmetric', 2],
    ['rk2', 2],
    ['rk4', 4],
    ['heun', 1], // without noise it is Euler: its correction is in the noise
  ])("%s on x' = -x²: order %d", (method, expected) => {
    expect(order(square, method, squareAt2, 1.5)).toBeCloseTo(expected, 0);
  });

  test.each([
    ['euler', 1],
    ['exponential_euler', 1],
    ['exponential_symmetric', 2],
    ['rk2', 2],
    ['rk4', 4],
  ])("%s on x' = -x + sin t: order %d", (method, expected) => {
    expect(order(forced, method, forcedAt2, 1.5)).toBeCloseTo(expected, 0);
  });
});

describe('exponential_sequential', () => {
  const method = 'exponential_sequential';

  test('every equation sees the new values of those above it', () => {
    // x1 = x + dt y, y1 = y - dt x1: keeps x² + y² - dt x y for ever, which steps from old values alone do not.
    const text = { eqs: 'dx/dt = y/ms : 1\ndy/dt = -x/ms : 1' };
    const [dtMs, start] = [0.1, { x: 1, y: 0 }];
    expect(valueAt(text, 0.1, 'x', { dtMs, method }, start)).toBe(1);
    expect(valueAt(text, 0.1, 'y', { dtMs, method }, start)).toBeCloseTo(-0.1, 15);
    const [x, y] = ['x', 'y'].map((name) => valueAt(text, 100, name, { dtMs, method }, start));
    const kept = (x ?? 0) ** 2 + (y ?? 0) ** 2 + dtMs * (x ?? 0) * (y ?? 0);
    expect(kept).toBeCloseTo(1, 12);
  });

  test('a chain of decays is of first order, and exact in its first link', () => {
    const text = { eqs: 'dx/dt = -x/(2*ms) : 1\ndy/dt = (x - y)/(5*ms) : 1' };
    const start = { x: 1, y: 0 };
    const value = (name: string, dtMs: number) => valueAt(text, 4, name, { dtMs, method }, start);
    expect(value('x', 0.5)).toBeCloseTo(Math.exp(-2), 14);
    const exact = (2 / 3) * (Math.exp(-4 / 5) - Math.exp(-4 / 2));
    expect(Math.log2((value('y', 0.2) - exact) / (value('y', 0.1) - exact))).toBeCloseTo(1, 1);
  });

  test('variables that stand still while refractory stand still for those below, too', () => {
    const text = {
      eqs: 'dx/dt = 1/ms : 1 (unless refractory)\ndy/dt = x/ms : 1',
      threshold: 'x > 0.95',
      reset: 'x = 0',
      refractory: '10 ms',
    };
    expect(valueAt(text, 5, 'x', { dtMs: 1, method }, { x: 0 })).toBe(0);
    expect(valueAt(text, 5, 'y', { dtMs: 1, method }, { x: 0 })).toBe(1);
  });
});

describe('exponential_symmetric', () => {
  const method = 'exponential_symmetric';

  test('a circle: half a step, a whole one, half a step, which keeps its ellipse for ever', () => {
    // x1 = x + dt/2 y, y1 = y - dt x1, x2 = x1 + dt/2 y1 keeps x² + (1 - dt²/4) y².
    const text = { eqs: 'dx/dt = y/ms : 1\ndy/dt = -x/ms : 1' };
    const [dtMs, start] = [0.1, { x: 0, y: 1 }];
    expect(valueAt(text, 0.1, 'y', { dtMs, method }, start)).toBeCloseTo(0.995, 14);
    expect(valueAt(text, 0.1, 'x', { dtMs, method }, start)).toBeCloseTo(0.09975, 14);
    const [x, y] = ['x', 'y'].map((name) => valueAt(text, 100, name, { dtMs, method }, start));
    const factor = 1 - dtMs ** 2 / 4;
    expect((x ?? 0) ** 2 + factor * (y ?? 0) ** 2).toBeCloseTo(factor, 12);
  });

  test('a chain of decays and a stiff, nonlinear pair are of second order', () => {
    const chain = { eqs: 'dx/dt = -x/(2*ms) : 1\ndy/dt = (x - y)/(5*ms) : 1' };
    const value = (dtMs: number) => valueAt(chain, 4, 'y', { dtMs, method }, { x: 1, y: 0 });
    const exact = (2 / 3) * (Math.exp(-4 / 5) - Math.exp(-4 / 2));
    expect(Math.log2((value(0.2) - exact) / (value(0.1) - exact))).toBeCloseTo(2, 1);
    const pair = { eqs: 'dx/dt = (1 - x**4*y)/ms : 1\ndy/dt = (2*x - y)/(3*ms) : 1' };
    const end = (dtMs: number, by = method) =>
      valueAt(pair, 2, 'x', { dtMs, method: by }, { x: 0, y: 1 });
    const fine = end(0.001, 'rk4');
    expect(Math.log2((end(0.1) - fine) / (end(0.05) - fine))).toBeCloseTo(2, 0);
  });

  test('variables that stand still while refractory stand still for the others, too', () => {
    const text = {
      eqs: 'dx/dt = 1/ms : 1 (unless refractory)\ndy/dt = x/ms : 1',
      threshold: 'x > 0.95',
      reset: 'x = 0',
      refractory: '10 ms',
    };
    expect(valueAt(text, 5, 'x', { dtMs: 1, method }, { x: 0 })).toBe(0);
    // y saw x in the middle of the one step in which x moved.
    expect(valueAt(text, 5, 'y', { dtMs: 1, method }, { x: 0 })).toBe(0.5);
  });
});

describe('exact', () => {
  test('decay to 1e-12', () => {
    const o: RunOptions = { params: { tau: '7 ms', E: '-65 mV' }, dtMs: 0.1 };
    const v = valueAt({ eqs: 'dv/dt = (E - v)/tau : volt' }, 20, 'v', o, { v: -40 });
    expect(Math.abs(v - (-65 + 25 * Math.exp(-20 / 7)))).toBeLessThan(1e-12);
  });

  test('alpha function to 1e-12, at equal time constants (defective matrix)', () => {
    const eqs = 'dg/dt = (x - g)/tau : 1\ndx/dt = -x/tau : 1';
    const g = valueAt({ eqs }, 8, 'g', { params: { tau: '5 ms' } }, { x: Math.E });
    expect(Math.abs(g - (8 / 5) * Math.exp(1 - 8 / 5))).toBeLessThan(1e-12);
  });

  test('a perfect integrator (singular matrix) and a parameter per neuron', () => {
    const text = { eqs: 'dv/dt = (I0 + I)/C : volt\nI : amp' };
    const params = { I0: '100 pA', C: '200 pF' };
    const neuron = new Neuron(text, { params });
    expect(neuron.lowered.report.method).toBe('exact');
    expect(valueAt(text, 10, 'v', { params }, { v: -60, I: 20 })).toBeCloseTo(-60 + 6, 10);
  });

  test('a parameter per neuron has its own column', () => {
    const text = { eqs: 'dv/dt = (E - v + R*I)/tau : volt\nI : amp' };
    const params = { E: '-70 mV', R: '0.1 Gohm', tau: '10 ms' };
    const v = valueAt(text, 15, 'v', { params }, { v: -70, I: 200 });
    expect(Math.abs(v - (-70 + 20 * (1 - Math.exp(-1.5))))).toBeLessThan(1e-11);
  });

  test('rest values do not depend on being kept: same trace with keepAbsolute', () => {
    const text: ModelText = {
      eqs: 'dv/dt = (E - v - R*w)/tau : volt (unless refractory)\ndw/dt = (a*(v - E) - w)/tau_w : amp',
      threshold: 'v > V_t',
      reset: 'v = V_r; w += b',
      refractory: '3 ms',
    };
    const params = {
      E: '-40 mV',
      R: '0.1 Gohm',
      tau: '10 ms',
      a: '2 nS',
      tau_w: '90 ms',
      V_t: '-50 mV',
      V_r: '-60 mV',
      b: '20 pA',
    };
    const a = new Neuron(text, { params });
    const b = new Neuron(text, { params, keepAbsolute: ['v', 'w'] });
    expect(a.lowered.offsets[0]).toBeGreaterThanOrEqual(0);
    expect(b.lowered.offsets.every((offset) => offset < 0)).toBe(true);
    let spikes = 0;
    for (const neuron of [a, b]) neuron.set('v', -60);
    for (let k = 0; k < 2000; k++) {
      const spiked = a.advance();
      expect(b.advance()).toBe(spiked);
      if (spiked) spikes++;
      a.begin();
      b.begin();
      expect(Math.abs(a.read('v') - b.read('v'))).toBeLessThan(1e-9);
      expect(Math.abs(a.read('w') - b.read('w'))).toBeLessThan(1e-9);
    }
    expect(spikes).toBeGreaterThan(3);
  });
});

describe('exponential Euler', () => {
  test('is exact for a linear equation, also at A = 0', () => {
    const text = { eqs: 'dx/dt = (1 - g*x)/tau : 1\ng : 1' };
    const o: RunOptions = { params: { tau: '5 ms' }, method: 'exponential_euler' };
    expect(valueAt(text, 10, 'x', o, { g: 0 })).toBeCloseTo(2, 12);
    expect(valueAt(text, 10, 'x', o, { g: 2 })).toBeCloseTo((1 - Math.exp(-4)) / 2, 12);
  });
});

describe('AdEx (language.md §12)', () => {
  const text: ModelText = {
    eqs: `dv/dt = (-g_L*(v - E_L) + g_L*D_T*exp((v - V_T)/D_T) - w + I)/C : volt
          dw/dt = (a*(v - E_L) - w)/tau_w : amp`,
    threshold: 'v > V_cut',
    reset: 'v = V_r; w += b',
  };
  const params = {
    C: '200 pF',
    g_L: '11 nS',
    E_L: '-70 mV',
    V_T: '-50 mV',
    D_T: '2 mV',
    a: '3 nS',
    tau_w: '300 ms',
    b: '0 pA',
    V_r: '-58 mV',
    I: '420 pA',
    V_cut: '0 mV',
  };
  const spikeTimes = (dtMs: number, precision: 'f32' | 'f64'): number[] => {
    const neuron = new Neuron(text, { params, dtMs, precision });
    expect(neuron.lowered.report.method).toBe('exponential_rosenbrock');
    neuron.set('v', -70);
    neuron.set('w', 5);
    const times: number[] = [];
    while (times.length < 7 && neuron.step * dtMs < 200) {
      if (neuron.advance()) times.push((neuron.step - 1) * dtMs);
    }
    return times;
  };

  test('the seventh spike converges within the bounds of the reference', () => {
    const reference = spikeTimes(0.002, 'f64')[6] as number;
    expect(reference).toBeGreaterThan(80);
    expect(reference).toBeLessThan(92.5);
    for (const [dtMs, bound] of [
      [0.1, 1.2],
      [0.05, 0.6],
      [0.02, 0.4],
    ] as const) {
      const late = (spikeTimes(dtMs, 'f32')[6] as number) - reference;
      expect(Math.abs(late)).toBeLessThan(bound);
    }
  });
});

describe('noise', () => {
  const variance = (values: readonly number[]): number => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((a, x) => a + (x - mean) ** 2, 0) / values.length;
  };

  test('euler: stationary variance of an Ornstein-Uhlenbeck process is sigma²/2', () => {
    const neuron = new Neuron(
      { eqs: 'dx/dt = -x/tau + sigma*xi*tau**-0.5 : 1' },
      { params: { tau: '1 ms', sigma: '2' }, dtMs: 0.05 },
    );
    expect(neuron.lowered.report.method).toBe('euler');
    const values: number[] = [];
    for (let k = 0; k < 40000; k++) {
      neuron.advance();
      if (k > 200) values.push(neuron.read('x'));
    }
    expect(variance(values)).toBeGreaterThan(1.85);
    expect(variance(values)).toBeLessThan(2.25);
  });

  test.each(['heun', 'milstein'])(
    '%s: multiplicative noise follows exp(s W) (Stratonovich)',
    (method) => {
      // dx = s x dW has the solution x0 exp(s W); the discrete path must follow it for the same draws.
      const text = { eqs: 'dx/dt = s*x*xi*ms**-0.5 : 1' };
      const error = (dtMs: number): number => {
        const neuron = new Neuron(text, { params: { s: '0.3' }, dtMs, method });
        const twin = new Neuron({ eqs: 'dx/dt = xi*ms**-0.5 : 1' }, { dtMs, method: 'euler' });
        neuron.set('x', 1);
        for (let k = 0; k < Math.round(4 / dtMs); k++) {
          neuron.advance();
          twin.advance();
        }
        return Math.abs(Math.log(neuron.read('x')) - 0.3 * twin.read('x'));
      };
      expect(error(0.01)).toBeLessThan(0.01);
      expect(error(0.001)).toBeLessThan(0.002);
    },
  );
});
