/** Lowering of populations: the statements themselves, refractoriness in all forms, choice of methods, errors. */
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { explain } from '../../../src/language/explain.ts';
import { chooseMethod } from '../../../src/language/integrate.ts';
import {
  checked,
  lowered,
  type ModelText,
  Neuron,
  type RunOptions,
} from '../../support/lowering.ts';

const CUBA: ModelText = {
  eqs: `dv/dt = (ge + gi - (v - E_L))/tau_m : volt (unless refractory)
        dge/dt = -ge/tau_e : volt
        dgi/dt = -gi/tau_i : volt`,
  threshold: 'v > V_t',
  reset: 'v = V_r',
  refractory: '5*ms',
};
const CUBA_PARAMS = {
  E_L: '-49 mV',
  tau_m: '20 ms',
  tau_e: '5 ms',
  tau_i: '10 ms',
  V_t: '-50 mV',
  V_r: '-60 mV',
};

const HH: ModelText = {
  eqs: `dv/dt = (g_l*(E_l - v) - g_na*m**3*h*(v - E_na) - g_k*n**4*(v - E_k))/C : volt
        dm/dt = alpha_m*(1 - m) - beta_m*m : 1
        dn/dt = alpha_n*(1 - n) - beta_n*n : 1
        dh/dt = alpha_h*(1 - h) - beta_h*h : 1
        alpha_m = 1.28/exprel((13*mV - u)/(4*mV))/ms : Hz
        beta_m = 1.4/exprel((u - 40*mV)/(5*mV))/ms : Hz
        alpha_h = 0.128*exp((17*mV - u)/(18*mV))/ms : Hz
        beta_h = 4/(1 + exp((40*mV - u)/(5*mV)))/ms : Hz
        alpha_n = 0.16/exprel((15*mV - u)/(5*mV))/ms : Hz
        beta_n = 0.5*exp((10*mV - u)/(40*mV))/ms : Hz
        u = v - V_T : volt`,
  threshold: 'v > -20*mV',
  refractory: 'v > -20*mV',
};
const HH_PARAMS = {
  g_l: '10 nS',
  g_na: '20 uS',
  g_k: '6 uS',
  E_l: '-60 mV',
  E_na: '50 mV',
  E_k: '-90 mV',
  C: '200 pF',
  V_T: '-63 mV',
};

describe('statements', () => {
  test('CUBA: a dozen float operations', () => {
    const o: RunOptions = { params: CUBA_PARAMS, inputs: ['ge', 'gi'] };
    const population = lowered(CUBA, o);
    expect(explain(checked(CUBA, o), population)).toMatchSnapshot();
    const operations = JSON.stringify([population.begin, population.advance, population.spiked]);
    const floats = operations.match(/"op":"(binary|unary|select)","type":"f32"/g) ?? [];
    expect(floats.length).toBeLessThanOrEqual(12);
  });

  test('Hodgkin-Huxley: every rate once, six exponentials, four steps', () => {
    const o: RunOptions = { params: HH_PARAMS };
    const population = lowered(HH, o);
    expect(explain(checked(HH, o), population)).toMatchSnapshot();
    const calls = JSON.stringify(population.advance).match(/"name":"(exp|exprel)"/g) ?? [];
    expect(calls.length).toBe(6 + 4);
  });

  test('the statements do not depend on parameter values, the constants do', () => {
    const a = lowered(CUBA, { params: CUBA_PARAMS });
    const b = lowered(CUBA, { params: { ...CUBA_PARAMS, tau_m: '10 ms', E_L: '-70 mV' } });
    const statements = ({ begin, advance, spiked, onSpike, late, offsets, variables }: typeof a) =>
      JSON.stringify({ begin, advance, spiked, onSpike, late, offsets, variables });
    expect(statements(a)).toBe(statements(b));
    expect(a.constants.names).toEqual(b.constants.names);
  });

  test('constants: rest value, propagator, threshold relative to rest', () => {
    const { constants } = lowered(CUBA, { params: CUBA_PARAMS });
    const values = constants.compute({
      E_L: -49,
      tau_m: 20,
      tau_e: 5,
      tau_i: 10,
      V_t: -50,
      V_r: -60,
    });
    const of = (name: string): number => values[constants.names.indexOf(name)] as number;
    expect(of('rest_v')).toBe(-49);
    expect(of('V_t_minus_rest_v')).toBe(-1);
    expect(of('V_r_minus_rest_v')).toBe(-11);
    expect(of('refractory_steps')).toBe(50);
    expect(of('drive_v')).toBe(0);
    expect(of('exp_v_v')).toBe(Math.exp(-0.1 / 20));
    const expected = (5 / (20 - 5)) * (Math.exp(-0.1 / 20) - Math.exp(-0.1 / 5));
    expect(of('exp_v_ge')).toBeCloseTo(expected, 15);
  });
});

describe('refractoriness', () => {
  const golden: ModelText = {
    eqs: 'dv/dt = 0*volt/second : volt (unless refractory)',
    threshold: 'v > 10*mV',
    reset: 'v = 0*mV',
    refractory: '0.5*ms',
  };

  /** The golden trace of language.md §8: input of 11 mV at 1.0, 1.3, 1.5 and 2.0 ms, seen by the next step. */
  const trace = (text: ModelText, o: RunOptions, delaySteps: number) => {
    const neuron = new Neuron(text, { ...o, inputs: ['v'] });
    const arrivals = new Set([10, 13, 15, 20].map((step) => step + delaySteps));
    const spikes: number[] = [];
    const at11: number[] = [];
    const refractory: number[] = [];
    for (let step = 0; step < 30; step++) {
      neuron.begin([arrivals.has(step - 1) ? 11 : 0]);
      if (neuron.read('v') === 11) at11.push(step);
      if (neuron.read('not_refractory') === 0) refractory.push(step);
      if (neuron.finish()) spikes.push(step);
    }
    return { spikes, at11, refractory };
  };

  test.each(['f32', 'f64'] as const)('golden trace, delay 0 (%s)', (precision) => {
    expect(trace(golden, { precision }, 0)).toEqual({
      spikes: [11, 21],
      at11: [11, 21],
      refractory: [12, 13, 14, 15, 16, 22, 23, 24, 25, 26],
    });
  });

  test('golden trace, delay 0.3 ms', () => {
    expect(trace(golden, {}, 3).spikes).toEqual([14, 24]);
  });

  test('a period per neuron and one known to the host give the same', () => {
    const perNeuron = { ...golden, eqs: `${golden.eqs}\nref : second`, refractory: 'ref + 0*ms' };
    const run = (text: ModelText): number[] => {
      const neuron = new Neuron(text, { inputs: ['v'] });
      if (text === perNeuron) neuron.set('ref', 0.5);
      const spikes: number[] = [];
      for (let step = 0; step < 60; step++)
        if (neuron.advance([step % 3 === 0 ? 11 : 0])) spikes.push(step);
      return spikes;
    };
    expect(run(perNeuron)).toEqual(run(golden));
  });

  test('a neuron that spiked drops input at once even without a period', () => {
    const neuron = new Neuron({ ...golden, refractory: '0*ms' }, { inputs: ['v'] });
    expect(neuron.advance([11])).toBe(true);
    expect(neuron.advance([11])).toBe(false); // dropped, and v was reset
    expect(neuron.advance([11])).toBe(true);
  });

  test('minimum interval is R steps', () => {
    const text: ModelText = {
      eqs: 'dv/dt = 1000*volt/second : volt (unless refractory)',
      threshold: 'v > 0.01*mV',
      reset: 'v = 0*mV',
      refractory: '0.7*ms',
    };
    const neuron = new Neuron(text, {});
    const spikes: number[] = [];
    for (let step = 0; step < 30; step++) if (neuron.advance()) spikes.push(step);
    expect(spikes).toEqual([0, 7, 14, 21, 28]);
  });

  test('a condition: refractory while it holds', () => {
    const text: ModelText = {
      eqs: 'dv/dt = 0*volt/second : volt',
      threshold: 'v > 10*mV',
      refractory: 'v > 5*mV',
    };
    const neuron = new Neuron(text, { inputs: ['v'] });
    const spikes: number[] = [];
    const inputs = [11, 0, -4, 4, -8, 10, 0];
    inputs.forEach((input, step) => {
      if (neuron.advance([input])) spikes.push(step);
    });
    expect(spikes).toEqual([0, 5]);
    expect(neuron.lowered.variables.map((v) => v.name)).toEqual([
      'v',
      'lastspike',
      'not_refractory',
    ]);
  });

  test('a period that depends on state is kept as a flag', () => {
    const text: ModelText = {
      eqs: 'dv/dt = 0*volt/second : volt (unless refractory)\nref : second',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV; ref = ref + 0.1*ms',
      refractory: 'ref',
    };
    const neuron = new Neuron(text, { inputs: ['v'] });
    neuron.set('ref', 0.2);
    const spikes: number[] = [];
    for (let step = 0; step < 20; step++) if (neuron.advance([11])) spikes.push(step);
    expect(neuron.lowered.variables.map((v) => v.name)).toContain('not_refractory');
    // Input that arrives while refractory is dropped; each reset makes the period one step longer.
    expect(spikes).toEqual([0, 4, 9, 15]);
  });

  test('a period that statements of every step change is one of its step, and kept as a flag', () => {
    const text: ModelText = {
      eqs: 'dv/dt = 0*volt/second : volt (unless refractory)\nref : second',
      onStep: 'ref = clip(ref - 0.5*ms, 0*ms, inf)',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
      refractory: 'ref',
    };
    const neuron = new Neuron(text, { inputs: ['v'] });
    neuron.set('ref', 1);
    neuron.set('v', 11);
    const values: number[] = [];
    for (let step = 0; step < 4; step++) {
      neuron.begin([1]);
      neuron.finish();
      values.push(neuron.read('v'));
    }
    expect(neuron.lowered.variables.map((v) => v.name)).toContain('not_refractory');
    // Periods in the steps: 10, 5, 0, 0. Step 1 refuses the input that step 2 would apply, step 2 does not.
    expect(values).toEqual([12, 0, 0, 1]);
  });

  test('nothing refractory is stored without a period, and nothing at all without a reset', () => {
    const { refractory: _, ...text } = CUBA;
    const withReset = lowered(text, { params: CUBA_PARAMS });
    expect(withReset.variables.map((v) => v.name)).toEqual(['v', 'ge', 'gi', 'lastspike']);
    const poisson = lowered({ eqs: 'rates : Hz', threshold: 'rand() < rates*dt' }, {});
    expect(poisson.variables.map((v) => v.name)).toEqual(['rates']);
    expect(poisson.onSpike).toEqual([]);
    expect(poisson.usesDraws).toBe(true);
  });
});

describe('reset', () => {
  test('runs top to bottom, locals and earlier writes visible, time is that of the spike', () => {
    const text: ModelText = {
      eqs: 'dv/dt = 0*volt/second : volt\nu : volt\nwhen : second\ncount : integer',
      threshold: 'v > 10*mV',
      reset: 'old = v; v = 1*mV; u = old + v; u *= 2; when = t; count += 1',
    };
    const neuron = new Neuron(text, { inputs: ['v'] });
    for (let k = 0; k < 5; k++) neuron.advance([0]);
    expect(neuron.advance([12])).toBe(true); // step 5
    neuron.begin([0]);
    expect(neuron.read('v')).toBe(1);
    expect(neuron.read('u')).toBe(26);
    expect(neuron.read('when')).toBeCloseTo(0.5, 12);
    expect(neuron.read('count')).toBe(1);
  });

  test('v += w with a rest value stays one addition', () => {
    const text = { ...CUBA, reset: 'v -= 3*mV' };
    const population = lowered(text, { params: CUBA_PARAMS });
    expect(explain(checked(text, { params: CUBA_PARAMS }), population)).toContain('v = v_1');
    expect(population.constants.formulas.some((f) => f.includes('rest[v] -'))).toBe(false);
  });
});

describe('inputs', () => {
  test('Poisson input: mean and variance of the binomial, dropped while refractory', () => {
    const o: RunOptions = {
      params: { rate: '50 Hz' },
      poissonInputs: [
        {
          name: 'drive',
          variable: 'x',
          n: 400,
          rateParameter: 'rate',
          weight: checked({ eqs: 'y = 0.5 : 1' }).variables[0]?.expression as never,
        },
      ],
    };
    const neuron = new Neuron({ eqs: 'dx/dt = 0*Hz : 1' }, o);
    let previous = 0;
    let total = 0;
    let squares = 0;
    const steps = 20000;
    for (let k = 0; k < steps; k++) {
      neuron.advance();
      const amount = (neuron.read('x') - previous) / 0.5;
      previous = neuron.read('x');
      total += amount;
      squares += amount * amount;
    }
    const mean = total / steps;
    expect(mean).toBeGreaterThan(1.96);
    expect(mean).toBeLessThan(2.04);
    expect(squares / steps - mean * mean).toBeCloseTo(400 * 0.005 * 0.995, 0);
  });

  test('timed arrays are held over the step', () => {
    const neuron = new Neuron(
      { eqs: 'dx/dt = I(t)/ms : 1' },
      {
        timedArrays: { I: { dimension: [0, 0, 0, 0, 0, 0, 0], columns: 1 } },
        tables: { I: 0 },
        interpreterTables: [
          { kind: 'timed', stepsPerRow: 2, rows: 3, columns: 1, values: [1, 10, 0] },
        ],
      },
    );
    expect(neuron.lowered.report.method).toBe('exact');
    const seen: number[] = [];
    for (let k = 0; k < 6; k++) {
      neuron.advance();
      neuron.begin();
      seen.push(Math.round(neuron.read('x') * 1e9) / 1e9);
    }
    expect(seen).toEqual([0.1, 0.2, 1.2, 2.2, 2.2, 2.2]);
  });

  test('t compared with a time, and periods of t, count whole steps', () => {
    const neuron = new Neuron(
      { eqs: 'dx/dt = int(t >= 0.3*ms)/ms : 1\nphase = t % (0.7*ms) : second' },
      { method: 'euler', precision: 'f32' },
    );
    const phases: number[] = [];
    for (let k = 0; k < 2101; k++) {
      if (k % 7 === 0) phases.push(neuron.read('phase'));
      neuron.advance();
    }
    expect(Math.max(...phases.map(Math.abs))).toBe(0);
    expect(neuron.read('x')).toBeCloseTo(0.1 * (2101 - 3), 1);
  });

  test('(constant over dt): one draw for all uses', () => {
    const neuron = new Neuron({
      eqs: 'dx/dt = (noise - noise)/ms : 1\ndy/dt = noise/ms : 1\nnoise = randn() : 1 (constant over dt)',
    });
    neuron.begin();
    const noise = neuron.read('noise');
    neuron.finish();
    expect(neuron.read('x')).toBe(0);
    expect(neuron.read('y')).toBeCloseTo(noise * 0.1, 12);
  });
});

describe('choice of the method', () => {
  const choice = (eqs: string, params: RunOptions['params'] = {}, requested = 'auto') =>
    chooseMethod(checked({ eqs }, { params }), requested);

  test.each([
    ['dv/dt = -v/ms : 1', 'exact'],
    ['dv/dt = (I - v)/ms : 1\nI : 1', 'exact'],
    ['dv/dt = (sin(t/ms) - v)/ms : 1', 'exponential_euler'],
    ['dv/dt = -g*v/ms : 1\ng : 1', 'exponential_euler'],
    ['dv/dt = (w - v)/ms : 1\ndw/dt = v*w/ms : 1', 'exponential_euler'],
    ['dv/dt = -v/ms + xi*ms**-0.5 : 1', 'euler'],
    ['dv/dt = -v/ms + v*xi*ms**-0.5 : 1', 'heun'],
    ['dv/dt = (exp(v) - v)/ms : 1', 'exponential_rosenbrock'],
    ['dv/dt = (v**2 - v)/ms : 1', 'exponential_rosenbrock'],
    ['dv/dt = (tanh(v) - v)/ms : 1', 'rk4'],
    ['v : 1', 'none'],
  ])('%s: %s', (eqs, method) => {
    const found = choice(eqs);
    expect(found.method).toBe(method);
    expect(found.reason).not.toBe('');
  });

  test('linear is another name of exact', () => {
    expect(choice('dv/dt = -v/ms : 1', {}, 'linear').method).toBe('exact');
  });

  test('exact with a factor per neuron falls back and says so', () => {
    const found = choice('dv/dt = -v/tau : 1\ntau : second', {}, 'exact');
    expect(found.method).toBe('exponential_euler');
    expect(found.warnings[0]).toContain('not the same for all neurons');
  });

  const refusal = (
    eqs: string,
    requested: string,
    params: RunOptions['params'] = {},
  ): NetworkError => {
    try {
      choice(eqs, params, requested);
    } catch (error) {
      if (error instanceof NetworkError) return error;
      throw error;
    }
    throw new Error('not refused');
  };

  test('exact of an exponential equation: the message of language.md §14', () => {
    const params = { V_T: '-50 mV', D_T: '2 mV' };
    const error = refusal('dv/dt = (D_T*exp((v - V_T)/D_T) - v)/ms : volt', 'exact', params);
    expect(error.message).toBe(
      'method:      exact\n' +
        '             ^^^^^ equation of v is not linear: term exp((v - V_T)/D_T). Use exponential_rosenbrock (default here)',
    );
    expect(error.problems[0]).toMatchObject({ code: 'method', block: 'method', length: 5 });
  });

  test.each([
    ['dv/dt = -v/ms + xi*ms**-0.5 : 1', 'rk4', 'contains noise'],
    ['dv/dt = -v/ms + v*xi*ms**-0.5 : 1', 'euler', 'multiplicative'],
    ['dv/dt = -v/ms : 1', 'gsl_rkf45', 'GSL'],
    ['dv/dt = -v/ms : 1', 'magic', 'Known: auto, exact'],
  ])('%s by %s is refused', (eqs, method, text) => {
    expect(refusal(eqs, method).message).toContain(text);
  });
});
