import { describe, expect, it, test } from 'vitest';
import { placeOf } from '../../../../src/app/equations/equation-language.ts';
import {
  ownersOf,
  textsOf,
  withParameters,
  withTexts,
} from '../../../../src/app/equations/texts.ts';
import { declaredNames, namesFor } from '../../../../src/app/equations/words.ts';
import { Network, validateDocument } from '../../../../src/index.ts';

const net = new Network({ name: 'n', params: { w_max: '1 nS' } });
const a = net.population('a', 10, {
  eqs: 'dv/dt = -v/tau : volt\ng : siemens',
  threshold: 'v > 1*mV',
  reset: 'v = 0*mV',
  params: { tau: '5 ms' },
});
net.projection('s', a, a, { eqs: 'w : siemens', onPre: 'g += w' }).connect({ rule: 'all-to-all' });
net
  .projection('stdp', a, a, {
    eqs: 'w : siemens\nx : 1',
    onPre: { pre: 'g += w', trace: 'x += 1' },
    onPost: { post: 'w += w_max' },
  })
  .connect({ rule: 'one-to-one' });
net.field('f', { grid: [2], spacing: '10 um', every: '1 ms', eqs: 'C : mM' });
const { document } = net;
const A = { kind: 'population', name: 'a' } as const;
const S = { kind: 'projection', name: 's' } as const;
const STDP = { kind: 'projection', name: 'stdp' } as const;

test('everything with texts is an owner', () => {
  expect(ownersOf(document)).toEqual([A, { kind: 'field', name: 'f' }, S, STDP]);
});

test('texts of owners, with the names that messages use', () => {
  expect(textsOf(document, A).map(({ key, text }) => [key, text])).toEqual([
    ['eqs', 'dv/dt = -v/tau : volt\ng : siemens'],
    ['threshold', 'v > 1*mV'],
    ['reset', 'v = 0*mV'],
    ['refractory', ''],
    ['onStep', ''],
  ]);
  expect(textsOf(document, STDP).map(({ key, block }) => [key, block])).toEqual([
    ['eqs', 'eqs'],
    ['onPre pre', 'onPre'],
    ['onPre trace', 'onPre trace'],
    ['onPost post', 'onPost'],
  ]);
  expect(textsOf(document, { kind: 'network' })).toEqual([]);
  expect(textsOf(document, { kind: 'population', name: 'none' })).toEqual([]);
});

describe('changed texts', () => {
  it('are put where they belong, and everything else is shared', () => {
    const changed = withTexts(document, STDP, {
      'onPre trace': 'x = 1',
      eqs: 'w : siemens\nx : 1 ',
    });
    const [s, stdp] = changed.projections;
    expect(stdp?.onPre).toEqual({ pre: 'g += w', trace: 'x = 1' });
    expect(s).toBe(document.projections[0]);
    expect(changed.populations).toBe(document.populations);
    expect(validateDocument(changed)).toBe(changed);
  });

  it('that are empty are left out, but for equations of neurons', () => {
    const changed = withTexts(document, A, { threshold: ' ', reset: '' });
    expect(changed.populations[0]).not.toHaveProperty('threshold');
    expect(changed.populations[0]).not.toHaveProperty('reset');
    expect(withTexts(document, A, { eqs: '' }).populations[0]).toHaveProperty('eqs', '');
    expect(withTexts(document, S, { eqs: '' }).projections[0]).not.toHaveProperty('eqs');
    expect(withTexts(document, S, { onPost: 'w += w_max' }).projections[0]?.onPost).toBe(
      'w += w_max',
    );
  });

  it('of nobody change nothing', () => {
    expect(withTexts(document, { kind: 'network' }, { eqs: 'x' })).toBe(document);
    expect(withParameters(document, A, {})).toBe(document);
    expect(withParameters(document, A, { E: '1 mV' }).populations[0]).toMatchObject({
      params: { tau: '5 ms', E: '1 mV' },
    });
  });
});

test('names that are declared, in unfinished text too', () => {
  expect(
    declaredNames('dv/dt = -v/tau : volt (unless refractory)\nI = g*v : amp\nw : 1\nx = 3 +'),
  ).toEqual([
    { name: 'v', detail: 'variable, volt' },
    { name: 'I', detail: 'variable, amp' },
    { name: 'w', detail: 'variable, 1' },
  ]);
});

test('names that synapses may read are those of both ends', () => {
  const names = namesFor(document, S, 'w : siemens').map(({ name }) => name);
  expect(names).toEqual(['w', 'v', 'g', 'v_post', 'g_post', 'v_pre', 'g_pre', 'tau', 'w_max']);
});

test('units behind the colon, flags in the parentheses behind them', () => {
  expect(placeOf('dv/dt = (a + ')).toBe('expression');
  expect(placeOf('dv/dt = -v/tau : vo')).toBe('unit');
  expect(placeOf('dv/dt = -v/tau : volt (unl')).toBe('flag');
  expect(placeOf('dv/dt = -v/tau : volt\nI = ')).toBe('expression');
  expect(placeOf('w : 1 # note: a')).toBe('unit');
});
