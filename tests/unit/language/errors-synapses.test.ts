/** Errors of projections: code, marked place and hint here, full texts in snapshots/errors-synapses.txt. */
import { describe, expect, it } from 'vitest';
import { checkProjection } from '../../../src/language/check.ts';
import { type ErrorCase, expectCase, failure, scopeOf, source, target, texts } from './failing.ts';

const CASES: readonly ErrorCase[] = [
  [
    'a name of the target',
    'projection',
    { eqs: 'g : siemens' },
    'name-clash',
    'g',
    'Choose another name',
  ],
  [
    'a name of the source',
    'projection',
    { eqs: 'q : 1' },
    'name-clash',
    'q',
    'Choose another name',
  ],
  [
    'a source variable without suffix',
    'projection',
    { onPre: 'g += q*nS' },
    'needs-suffix',
    'q',
    'Write q_pre',
  ],
  [
    'a suffix on a parameter',
    'projection',
    { onPre: 'g += g_L_post' },
    'suffix-on-parameter',
    'g_L_post',
    'Write g_L',
  ],
  [
    'a variable of a spike list',
    'spike list',
    { eqs: 'w : volt', onPre: 'w = v_post' },
    'no-variables',
    'v_post',
    '',
  ],
  [
    'noise between events',
    'projection',
    { eqs: 'dw/dt = -w/ms + xi/second**0.5 : 1 (event-driven)' },
    'noise-place',
    'xi',
    'Use (clock-driven), or randn() in onPre',
  ],
  [
    'noise at a spike',
    'projection',
    { eqs: 'w : 1', onPre: 'w = xi*second**0.5' },
    'noise-place',
    'xi',
    'Use randn()',
  ],
  [
    'noise at a spike through a subexpression',
    'projection',
    { eqs: 'w : 1\nnoise = xi*second**0.5 : 1', onPre: 'w = noise' },
    'noise-place',
    'noise',
    'Use it in a differential equation only',
  ],
  [
    'noise in a summed variable',
    'projection',
    { eqs: 'I_gap_post = xi*second**0.5*pA : amp (summed)' },
    'noise-place',
    'xi',
    'Add it to an equation of the target',
  ],
  [
    'a slow event-driven equation',
    'projection',
    { eqs: 'dw/dt = -w/ms : 1 (event-driven, slow)' },
    'flags-incompatible',
    'slow',
    'Remove one',
  ],
  [
    'random numbers in a summed variable',
    'projection',
    { eqs: 'I_gap_post = rand()*pA : amp (summed)' },
    'unsupported',
    'rand()',
    '',
  ],
  [
    'lastupdate without event-driven equations',
    'projection',
    { eqs: 'w : second', onPre: 'w = lastupdate' },
    'needs-event-driven',
    'lastupdate',
    'Declare lastupdate : second and set it yourself',
  ],
  [
    'lastupdate declared beside event-driven equations',
    'projection',
    { eqs: 'lastupdate : second\ndx/dt = -x/tau_m : 1 (event-driven)' },
    'name-clash',
    'lastupdate',
    'Remove this line',
  ],
  [
    'summed over the source',
    'projection',
    { eqs: 'q_pre = 1 : 1 (summed)' },
    'unsupported',
    'q_pre',
    'Sum over the target, x_post',
  ],
  [
    'summed without suffix',
    'projection',
    { eqs: 'I_gap = 1*pA : amp (summed)' },
    'summed',
    'I_gap',
    'Write I_gap_post = …',
  ],
  [
    'summed into nothing',
    'projection',
    { eqs: 'I_gup_post = 1*pA : amp (summed)' },
    'summed',
    'I_gup_post',
    'Did you mean I_gap_post?',
  ],
  [
    'summed into a differential equation',
    'projection',
    { eqs: 'v_post = 1*mV : volt (summed)' },
    'summed',
    'v_post',
    'Declare it as v : volt',
  ],
  [
    'summed in another unit',
    'projection',
    { eqs: 'I_gap_post = 1*mV : volt (summed)' },
    'dimension-mismatch',
    'I_gap_post',
    'Write : amp',
  ],
  [
    'summed with other flags',
    'projection',
    { eqs: 'I_gap_post = 1*pA : amp (summed, shared)' },
    'flags-incompatible',
    'shared',
    'Remove one',
  ],
  [
    'a post variable defined without summed',
    'projection',
    { eqs: 'I_gap_post = 1*pA : amp' },
    'forbidden-name',
    'I_gap_post',
    'To sum over synapses, add (summed)',
  ],
  [
    'summed into a spike list',
    'spike list',
    { eqs: 'I_gap_post = 1*pA : amp (summed)' },
    'no-variables',
    'I_gap_post',
    '',
  ],
  [
    'overwriting a neuron',
    'projection',
    { onPre: 'v_post = V_r' },
    'order-dependent',
    'V_r',
    'Only += and -= of values not written here are allowed',
  ],
  [
    'multiplying a neuron',
    'projection',
    { onPre: 'g *= 0.5' },
    'order-dependent',
    'g *= 0.5',
    'Only += and -= of values not written here are allowed',
  ],
  [
    'reading what is written',
    'projection',
    { eqs: 'w : volt', onPre: 'v += 1*mV; w = v_post' },
    'order-dependent',
    'v_post',
    'Only += and -= of values not written here are allowed',
  ],
  [
    'reading what is written through a subexpression',
    'projection',
    { eqs: 'w : volt', onPre: 'v += u_post' },
    'order-dependent',
    'u_post',
    'Only += and -= of values not written here are allowed',
  ],
  [
    'adding a float to an integer of a neuron',
    'projection',
    { onPre: 'count += 0.5' },
    'type',
    '0.5',
    'Write int(\u2026)',
  ],
  ['setting the delay', 'projection', { onPre: 'delay = 3*ms' }, 'forbidden-name', 'delay', ''],
  [
    'a pathway in the wrong unit',
    'projection',
    { onPre: 'g += 5' },
    'dimension-mismatch',
    '5',
    'Write 5*nS',
  ],
  [
    'setting not_refractory',
    'projection',
    { onPre: 'not_refractory_post = True' },
    'read-only',
    'not_refractory_post',
    'Choose another name',
  ],
  ['setting an index', 'projection', { onPre: 'j = 1' }, 'read-only', 'j', 'Choose another name'],
  [
    'an unknown name in a pathway',
    'projection',
    { eqs: 'weight : siemens', onPre: 'g += wieght' },
    'unknown-name',
    'wieght',
    'Did you mean weight? Known parameters: C_m, E_L, E_e, V_r, V_t, g_L, sigma, sigma2, tau_m',
  ],
  [
    'a pathway that writes a summed variable',
    'projection',
    { eqs: 'I_gap_post = 1*pA : amp (summed)', onPre: 'I_gap += 1*pA' },
    'summed',
    'I_gap += 1*pA',
    'Add to another variable',
  ],
  [
    'lastupdate set to something else than t',
    'projection',
    { eqs: 'lastupdate : second', onPre: 'lastupdate = t + 1*ms' },
    'lastupdate',
    'lastupdate = t + 1*ms',
    'Write lastupdate = t',
  ],
];

describe('errors of projections', () => {
  it.each(CASES)('%s', (...errorCase) => {
    expectCase(errorCase);
  });

  it('parameters that a variable of the target would hide are refused, with variables or without', () => {
    const scope = { ...scopeOf({ u: 'siemens' }), targetParams: {} };
    const ends = { pre: source, post: target };
    const check = (eqs: string) => () =>
      checkProjection({ eqs, onPre: { pre: 'g += u' } }, ends, scope);
    expect(failure(check('')).message).toMatch(
      /params: +u\n +\^ cannot be a name here: u is a variable of the target, which it would mean\. Choose another one/,
    );
    expect(failure(check('h : 1')).problems[0]).toMatchObject({ code: 'forbidden-name' });
  });

  it('read well', async () => {
    await expect(texts(CASES)).toMatchFileSnapshot('snapshots/errors-synapses.txt');
  });
});
