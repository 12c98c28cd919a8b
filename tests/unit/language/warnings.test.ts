/** How problems are gathered and told, warnings, suggestions, and values checked on their own. */
import { describe, expect, it } from 'vitest';
import {
  checkPopulation,
  checkProjection,
  checkValue,
  unusedParameters,
  usedParameters,
} from '../../../src/language/check.ts';
import {
  editDistance,
  equationError,
  listNames,
  problemAt,
  suggest,
} from '../../../src/language/messages.ts';
import { DIMENSIONLESS, DIMENSIONS } from '../../../src/language/units.ts';
import { dimensions } from './corpus.ts';
import { failure, population, scopeOf, source, target, UNITS } from './failing.ts';

describe('several problems', () => {
  const eqs = `dv/dt = (E_L - v)/tau_mm + I : volt
    dw/dt = -w/tau_m + 3 : 1
    u = v + 1 : volt`;
  const error = population({ eqs, threshold: 'v > 3', reset: 'v = V_r\nw = 2*mV' });

  it('are all reported, in the order of the texts', () => {
    expect(error.problems.map(({ block, line, column }) => [block, line, column])).toEqual([
      ['eqs', 1, 19],
      ['eqs', 1, 28],
      ['eqs', 2, 24],
      ['eqs', 3, 13],
      ['threshold', 1, 5],
      ['reset', 2, 5],
    ]);
  });

  it('number the lines of blocks with several, and drop indentation', () => {
    expect(error.message).toContain(`eqs line 3:  u = v + 1 : volt
                     ^ adds a number without unit to volt. Write 1*mV`);
    expect(error.message).toContain(`reset line 2:  w = 2*mV
                   ^^^^ right side is in volt, but w is a number without unit`);
    expect(error.message).toContain('threshold:   v > 3\n');
  });

  it('name their owner', () => {
    const named = failure(() => checkPopulation({ eqs: 'x : V' }, scopeOf({}), 'population "exc"'));
    expect(named.path).toBe('population "exc"');
    expect(named.message).toBe(`In population "exc":
eqs line 1:  x : V
                 ^ unknown unit. Write volt`);
  });

  it('an error hides those that follow from it', () => {
    const text =
      'dv/dt = (E_L - v)/tau_mm : volt\nu = v + unknown : volt\nx = 2*u : volt\ny = x : nonsense';
    const codes = population({ eqs: text, threshold: 'y > x' }).problems.map(({ code }) => code);
    expect(codes).toEqual(['unknown-name', 'unknown-name', 'unknown-unit']);
  });

  it('carets stay under the source when it has tabs, and long lines are cut', () => {
    const tabs = population({ eqs: '\tx =\tmV +\tV_r*2 + tau_m : volt' }).message.split('\n');
    expect(tabs[1]?.indexOf('^')).toBe(tabs[0]?.indexOf('tau_m'));
    const long = population({ eqs: `x = ${'V_r + '.repeat(60)}tau_m : volt` }).message.split('\n');
    expect(long[0]?.length).toBeLessThan(180);
    expect(long[1]?.indexOf('^')).toBe(long[0]?.indexOf('tau_m'));
  });

  it('names of parameters and timed arrays are checked too', () => {
    const scope = {
      ...scopeOf({ mV: 'volt', tau_pre: 'second' }),
      networkParams: dimensions({ t: '1' }),
    };
    expect(failure(() => checkPopulation({ eqs: '' }, scope)).message).toBe(`params:      mV
             ^^ cannot be a name here: mV is a unit. Choose another one

network params:  t
                 ^ cannot be a name here: t has a meaning of its own. Choose another one`);
  });
});

describe('missing units', () => {
  it.each([
    ['dx/dt = (E_L - x)/tau_m', 'x is used as a voltage elsewhere, write ": volt"'],
    ['I = g_L*(E_L - E_e)', 'the right side makes it a current, write ": amp"'],
    ['dn/dt = 3*Hz', 'the right side makes it a number without unit, write ": 1"'],
    ['y = unknown', 'Write for example ": volt", or ": 1" for a number'],
  ])('%s', (eqs, hint) => {
    const found = population({ eqs }).problems.find(({ code }) => code === 'missing-unit');
    expect(found?.hint).toBe(hint);
  });

  it('are found although the next line goes on', () => {
    const error = population({ eqs: 'dv/dt = (E_L - v)/tau_m\ndw/dt = -w/tau_m : 1\nx : 1' });
    expect(error.problems.map(({ code, line }) => [code, line])).toEqual([['missing-unit', 1]]);
  });

  it('are inferred from a reset', () => {
    const error = population({ eqs: 'dx/dt = -x/tau_m', threshold: 'x > 1*pA', reset: 'x = 0*pA' });
    expect(error.problems[0]?.hint).toBe('x is used as a current elsewhere, write ": amp"');
  });
});

describe('warnings', () => {
  const warn = (text: Parameters<typeof checkPopulation>[0]): readonly string[] =>
    checkPopulation(text, scopeOf(UNITS)).warnings;

  it('of a population', () => {
    expect(warn({ eqs: 'v : volt', threshold: 'v > V_t' })).toEqual([
      'threshold: without reset or refractory a neuron spikes in every step in which the condition holds',
    ]);
    expect(warn({ eqs: '', threshold: 'rand() < 0.1' })).toEqual([]);
    expect(warn({ eqs: 'v : volt', reset: 'v = V_r', refractory: '2 ms' })).toEqual([
      'reset: never runs, because there is no threshold',
      'refractory: has no effect, because there is no threshold',
    ]);
    expect(warn({ eqs: 'dv/dt = -v/tau_m : volt (unless refractory)' })).toEqual([
      'eqs line 1: (unless refractory) of v has no effect, because no refractory period is given',
    ]);
    expect(warn({ eqs: 'tau_m : second' })).toEqual([
      'eqs line 1: the variable tau_m hides the parameter of the same name; give its values with initial',
    ]);
    expect(warn({ eqs: 'x = i/N : 1' })).toEqual([
      'eqs: division of integers in i/N gives a float; write // to round down',
    ]);
    expect(warn({ eqs: 'v : volt', threshold: 'v > V_t', reset: 'vv = V_r' })).toEqual([
      'reset: vv is set but never used; did you mean v?',
    ]);
  });

  it('of a projection', () => {
    const scope = { ...scopeOf({}), targetParams: dimensions(UNITS) };
    const text = { eqs: 'dx/dt = -x/tau_m : 1\ndy/dt = -y/tau_m : 1 (clock-driven)' };
    expect(checkProjection(text, { pre: source, post: target }, scope).warnings).toEqual([
      'eqs line 1: x is integrated in every synapse at every step; add (event-driven) if it is only needed at spikes, (slow) if it changes slowly, or (clock-driven) to silence this',
    ]);
  });

  it('of unused parameters', () => {
    const model = checkPopulation(
      { eqs: 'dv/dt = (E_L - v)/tau_m : volt', threshold: 'v > V_t', reset: 'v = V_r' },
      scopeOf(UNITS),
    );
    const used = usedParameters(model, 'own');
    expect([...used].sort()).toEqual(['E_L', 'V_r', 'V_t', 'tau_m']);
    expect(usedParameters(model, 'network').size).toBe(0);
    expect(unusedParameters(['E_L', 'g_L'], used, 'population "exc"')).toEqual([
      'population "exc": parameter g_L is never used',
    ]);
    expect(unusedParameters(['C_m', 'g_L'], used, 'population "exc"')).toEqual([
      'population "exc": parameters C_m, g_L are never used',
    ]);
    expect(unusedParameters(['E_L'], used, 'population "exc"')).toEqual([]);
  });
});

describe('single values', () => {
  const value = (text: string, dimension = DIMENSIONS.voltage): unknown => {
    const block = { name: 'set v', text };
    return checkValue(block, dimension, 'float', target, scopeOf(UNITS));
  };

  it('are quantities or expressions', () => {
    expect(value('-65 mV')).toMatchObject({ kind: 'number', value: -65 });
    expect(value('0.02 V')).toMatchObject({ kind: 'number', value: 20 });
    expect(value('V_r + rand()*(V_t - V_r)')).toMatchObject({ kind: 'binary', type: 'float' });
    expect(value('i', DIMENSIONLESS)).toMatchObject({ kind: 'symbol', type: 'integer' });
  });

  it('are refused with their name', () => {
    expect(failure(() => value('5')).message).toBe(`set v:       5
             ^ a number without unit, but v is in volt. Write 5*mV`);
    expect(failure(() => value('5 ms')).message).toBe(`set v:       5 ms
             ^^^^ 5 ms is in second, but v is in volt`);
    expect(failure(() => value('V_r +')).message).toBe(`set v:       V_r +
                  ^ an expression is missing here`);
    expect(failure(() => value('xi*mV*second**0.5')).problems[0]?.code).toBe('noise-place');
  });

  it('of a projection see both populations', () => {
    const scope = { ...scopeOf({ J: 'siemens' }), targetParams: dimensions(UNITS) };
    const ends = { pre: source, post: target };
    const model = checkProjection({ eqs: 'w : siemens' }, ends, scope);
    const block = { name: 'set w', text: 'J*(1 + q_pre)*exp(-abs(i - j)/10)/N_incoming' };
    const typed = checkValue(block, DIMENSIONS.conductance, 'float', model, scope, ends);
    expect(typed.dimension).toEqual(DIMENSIONS.conductance);
  });
});

describe('suggestions', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('tau_ee', 'tau_e')).toBe(1);
    expect(editDistance('wieght', 'weight')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('abc', 'abc')).toBe(0);
    expect(editDistance('abcdef', 'x', 2)).toBe(3);
  });

  it('prefers the nearest, ignores case and underscores, and does not guess wildly', () => {
    expect(suggest('tau_ee', ['tau_m', 'tau_e', 'tau_i'])).toBe('tau_e');
    expect(suggest('taum', ['tau_n', 'tau_m'])).toBe('tau_m');
    expect(suggest('EL', ['E_L', 'EK'])).toBe('E_L');
    expect(suggest('V', ['v', 'w'])).toBe('v');
    expect(suggest('x', ['v', 'w'])).toBeUndefined();
    expect(suggest('weight', ['tau_m', 'C'])).toBeUndefined();
  });

  it('lists names sorted, without repetition, and not endlessly', () => {
    expect(listNames(['b', 'a', 'b'])).toBe('a, b');
    expect(listNames(['d', 'c', 'b', 'a'], 2)).toBe('a, b, \u2026 (4 in all)');
  });
});

describe('problems', () => {
  it('are cut at the end of their line', () => {
    const block = { name: 'eqs', text: 'a = 1 +\n  2 : 1' };
    const problem = problemAt(block, { start: 4, end: 11 }, { code: 'x', message: 'm' });
    expect(problem).toMatchObject({ line: 1, column: 5, length: 3, source: 'a = 1 +' });
    expect(equationError([problem], [block]).problems).toEqual([problem]);
  });
});
