/** The error messages that the language contract spells out, word for word. */
import { describe, expect, it } from 'vitest';
import { equationError, problemAt } from '../../../src/language/messages.ts';
import { expectOne, population, projection } from './failing.ts';

describe('the messages of the language contract, word for word', () => {
  it('a term in the wrong unit', () => {
    const error = population({
      eqs: `w : siemens
dv/dt = (E_L - v + I/g_L)/tau_m + w : volt
I : amp`,
    });
    expectOne(error, {
      code: 'dimension-mismatch',
      marks: 'w',
      hint: 'w has no "second"; did you mean w*(E_e - v)/C_m ?',
      text: `
eqs line 2:  dv/dt = (E_L - v + I/g_L)/tau_m + w : volt
                                               ^ w is in siemens, but the left part is in volt/second
Hint: w has no "second"; did you mean w*(E_e - v)/C_m ?`,
    });
    expect(error.problems[0]).toMatchObject({
      block: 'eqs',
      line: 2,
      column: 35,
      length: 1,
      found: 'siemens',
      expected: 'volt/second',
    });
  });

  it('a missing unit', () => {
    expectOne(population({ eqs: 'dv/dt = (E_L - v)/tau_m' }), {
      code: 'missing-unit',
      marks: '',
      hint: 'v is used as a voltage elsewhere, write ": volt"',
      text: `
eqs line 1:  dv/dt = (E_L - v)/tau_m
                                    ^ expected ": unit" here
Hint: v is used as a voltage elsewhere, write ": volt"`,
    });
  });

  it('an unknown name', () => {
    const units = { tau_e: 'second', tau_i: 'second', tau_m: 'second' };
    const eqs = `dv/dt = -v/tau_m : volt
      dgi/dt = -gi/tau_i : siemens
      dge/dt = -ge/tau_ee : siemens`;
    expectOne(population({ eqs }, units), {
      code: 'unknown-name',
      marks: 'tau_ee',
      hint: 'Did you mean tau_e? Known parameters: tau_e, tau_i, tau_m',
      text: `
eqs line 3:  dge/dt = -ge/tau_ee : siemens
                          ^^^^^^ unknown name. Did you mean tau_e? Known parameters: tau_e, tau_i, tau_m`,
    });
  });

  it('a number without unit', () => {
    expectOne(population({ eqs: 'v : volt', threshold: 'v > -50' }), {
      code: 'dimension-mismatch',
      marks: '-50',
      hint: 'Write -50*mV',
      text: `
threshold:   v > -50
                 ^^^ compares volt with a number without unit. Write -50*mV`,
    });
  });

  it('two statements on one line', () => {
    const error = population({
      eqs: 'v : volt\nw : 1\nb : 1',
      threshold: 'v > V_t',
      reset: 'v = V_r w += b',
    });
    expectOne(error, {
      code: 'two-statements',
      marks: 'w',
      hint: 'separate them with ";"',
      text: `
reset:       v = V_r w += b
                     ^ two statements on one line: separate them with ";"`,
    });
  });

  it('a missing operator', () => {
    expectOne(population({ eqs: 'v : volt\nI = 5 mV : volt' }), {
      code: 'missing-operator',
      marks: 'mV',
      hint: 'Write 5*mV',
      text: `
eqs line 2:  I = 5 mV : volt
                   ^^ missing operator. Write 5*mV`,
    });
  });

  it('a chained comparison', () => {
    expectOne(population({ eqs: 'v : volt', threshold: 'V_r < v < V_t' }), {
      code: 'chained-comparison',
      marks: '<',
      hint: 'Write V_r < v and v < V_t',
      text: `
threshold:   V_r < v < V_t
                     ^ chained comparison. Write V_r < v and v < V_t`,
    });
  });

  it('a random subexpression', () => {
    const eqs = 'v : volt\nw : 1\nx : 1\nnoise = randn()*mV : volt';
    expectOne(population({ eqs }), {
      code: 'random-subexpression',
      marks: 'randn()',
      hint: 'Add (constant over dt)',
      text: `
eqs line 4:  noise = randn()*mV : volt
                     ^^^^^^^ random subexpression is re-drawn at every use. Add (constant over dt)`,
    });
  });

  it('a result that depends on the order of synapses', () => {
    expectOne(projection({ eqs: 'w : volt', onPre: 'v_post = v_post*0.9 + w' }), {
      code: 'order-dependent',
      marks: 'v_post*0.9',
      hint: 'Only += and -= of values not written here are allowed',
      text: `
onPre:       v_post = v_post*0.9 + w
                      ^^^^^^^^^^ result depends on the order of synapses. Only += and -= of values not written here are allowed`,
    });
  });

  it('xi twice', () => {
    expectOne(population({ eqs: 'dv/dt = (E_L - v)/tau_m + sigma*xi + sigma2*xi : volt' }), {
      code: 'noise-twice',
      marks: 'xi',
      hint: 'Name them xi_1, xi_2 (independent) or both xi_1 (same)',
      text: `
eqs line 1:  dv/dt = (E_L - v)/tau_m + sigma*xi + sigma2*xi : volt
                                                         ^^ xi used twice. Name them xi_1, xi_2 (independent) or both xi_1 (same)`,
    });
  });

  it('a method that does not apply, as told by whoever chooses methods', () => {
    const block = { name: 'method', text: 'exact' };
    const message =
      'equation of v is not linear: term exp((v - V_T)/D_T). Use exponential_rosenbrock (default here)';
    const fault = { code: 'method', message, hint: 'Use exponential_rosenbrock (default here)' };
    const error = equationError([problemAt(block, { start: 0, end: 5 }, fault)], [block]);
    expect(error.message).toBe(`method:      exact
             ^^^^^ equation of v is not linear: term exp((v - V_T)/D_T). Use exponential_rosenbrock (default here)`);
  });
});
