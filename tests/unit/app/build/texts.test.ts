/** What the inspector reads and writes as text: quantities, values, spikes, neurons; slider ranges; signs; uses. */
import { describe, expect, it } from 'vitest';
import { baselineIn } from '../../../../src/app/build/baseline.ts';
import { nearestGrid, usualPositions } from '../../../../src/app/build/edits/positions.ts';
import {
  joinQuantity,
  nudged,
  sameQuantity,
  shownQuantity,
  splitQuantity,
  timesQuantity,
} from '../../../../src/app/build/edits/quantity-text.ts';
import {
  changeRecordingKind,
  readNeurons,
  writeNeurons,
} from '../../../../src/app/build/edits/recording.ts';
import { changeRule, RULES } from '../../../../src/app/build/edits/rules.ts';
import { readSpikes, writeSpikes } from '../../../../src/app/build/edits/spike-list.ts';
import {
  changeForm,
  changeNumber,
  formOf,
  VALUE_FORMS,
} from '../../../../src/app/build/edits/value-spec.ts';
import { sliderRange } from '../../../../src/app/build/fields/slider-range.ts';
import { signOfName, signOfPopulation, signOfProjection } from '../../../../src/app/build/signs.ts';
import { commentOf, networkParamsOf, usesOf } from '../../../../src/app/build/uses.ts';
import { declaredIn, receivers } from '../../../../src/app/build/variables.ts';
import type { ProjectContent } from '../../../../src/app/state/project.ts';
import { examples } from '../../../../src/examples/index.ts';
import { Network, type NetworkDocument, validateDocument } from '../../../../src/index.ts';

const build = (name: string, values = {}): NetworkDocument => {
  const example = examples[name];
  if (!example) throw new Error(`no example ${name}`);
  return example.build(values, { seed: 1 });
};

describe('quantities', () => {
  it.each([
    ['20 ms', 20, 'ms'],
    ['-65mV', -65, 'mV'],
    ['1.5e-3 nS', 0.0015, 'nS'],
    ['763 um**2/second', 763, 'um**2/second'],
    ['1.1/mM/ms', 1.1, '/mM/ms'],
    [0.5, 0.5, ''],
    ['.5', 0.5, ''],
  ])('%s', (text, number, unit) => {
    expect(splitQuantity(text)).toEqual({ number, unit });
    const again = joinQuantity({ number, unit });
    expect(splitQuantity(again)).toEqual({ number, unit });
  });

  it('leaves expressions alone', () => {
    for (const text of ['2*mV', 'tau', 'v_rest + 5*mV', '', '1 + 2']) {
      expect(splitQuantity(text)).toBeNull();
    }
  });

  it('steps in the second digit, up and down alike', () => {
    expect(nudged('20 ms', 1)).toBe('21 ms');
    expect(nudged('20 ms', -1)).toBe('19 ms');
    expect(nudged('-65 mV', 1)).toBe('-64 mV');
    expect(nudged('0.1 nS', 1)).toBe('0.11 nS');
    expect(nudged('0 pA', 1, 500)).toBe('10 pA');
    expect(nudged(0, -1)).toBe(-0.1);
    expect(nudged('2*mV', 1)).toBeNull();
  });

  it('multiplies without the dust of binary fractions', () => {
    expect(timesQuantity('0.1 nS', 3)).toBe('0.3 nS');
    expect(timesQuantity('-9 mV', 0)).toBe('0 mV');
    expect(shownQuantity('277.6748374604556 pA')).toBe('277.675 pA');
    expect(shownQuantity('12.345 pA')).toBe('12.345 pA');
    expect(sameQuantity('20 ms', '20.0ms')).toBe(true);
    expect(sameQuantity('20 ms', '20 mV')).toBe(false);
  });
});

describe('sliders', () => {
  const free = { low: null, high: null, unit: 'mV' };
  it('reach to twice the default, and always to the value', () => {
    expect(sliderRange(20, 20, free)).toMatchObject({ low: 0, high: 40 });
    expect(sliderRange(90, 20, free)).toMatchObject({ low: 0, high: 90 });
    expect(sliderRange(-60, -60, free)).toMatchObject({ low: -90, high: -30 });
    expect(sliderRange(0, 0, { ...free, unit: 'pA' })).toMatchObject({ low: -500, high: 500 });
  });

  it('keep to the range of the model, without a bound that is not allowed', () => {
    expect(sliderRange(0.5, 0.5, { low: 0, high: 1, unit: '' })).toMatchObject({ low: 0, high: 1 });
    const open = sliderRange(20, 20, { low: 0, high: null, unit: 'ms', isOpen: true });
    expect(open?.low).toBeGreaterThan(0);
    expect(open?.low).toBeLessThan(1);
  });
});

describe('values per neuron', () => {
  const base = new Network({ name: 'x' });
  base.population('p', 4, { eqs: 'w : volt (constant)', initial: { w: '2 mV' } });
  const withValue = (value: unknown): NetworkDocument => {
    const [p] = base.document.populations;
    return { ...base.document, populations: [{ ...p, initial: { w: value } } as never] };
  };

  it.each(VALUE_FORMS)('become %s and stay well-formed', (form) => {
    for (const value of ['2 mV', '-2 mV', 'rand()*mV', undefined, '0 mV']) {
      const changed = changeForm(value, form, 'mV');
      expect(formOf(changed)).toBe(form);
      expect(() => validateDocument(withValue(changed)), JSON.stringify(changed)).not.toThrow();
    }
  });

  it('keep the middle from form to form', () => {
    const normal = changeForm('2 mV', 'normal', 'mV');
    expect(normal).toEqual({ normal: { mean: '2 mV', sd: '0.2 mV' } });
    expect(changeForm(normal, 'expression', 'mV')).toBe('2 mV');
    expect(changeNumber(normal, 'min', '0 mV')).toEqual({
      normal: { mean: '2 mV', sd: '0.2 mV', min: '0 mV' },
    });
    const clipped = { normal: { mean: '2 mV', sd: '1 mV', min: '0 mV', outside: 'clip' } } as const;
    expect(changeNumber(clipped, 'min', ' ')).toEqual({ normal: { mean: '2 mV', sd: '1 mV' } });
  });
});

describe('lists as text', () => {
  it('spikes there and back', () => {
    const text = '0: 10, 20.5\n3: 1';
    const spikes = readSpikes(text);
    expect(spikes).toEqual({ indices: [0, 0, 3], timesMs: [10, 20.5, 1] });
    if ('problem' in spikes) throw new Error(spikes.problem);
    expect(writeSpikes(spikes.indices, spikes.timesMs)).toBe(text);
    expect(readSpikes('0: 10\nx')).toMatchObject({ problem: expect.stringContaining('Line 2') });
    expect(readSpikes('0: ten')).toMatchObject({ problem: expect.stringContaining('ten') });
  });

  it('neurons there and back', () => {
    expect(readNeurons('0, 5, 10–13')).toEqual([0, 5, 10, 11, 12, 13]);
    expect(writeNeurons([0, 5, 10, 11, 12, 13])).toBe('0, 5, 10–13');
    expect(readNeurons('')).toBeNull();
    expect(readNeurons('0-999999999')).toContain('not understood');
    expect(readNeurons('five')).toContain('five');
  });

  it('recordings of another kind, rules of another kind', () => {
    const state = changeRecordingKind(
      { kind: 'spikes', name: 'r', target: { population: 'p' } },
      'state',
      ['u', 'v'],
    );
    expect(state).toMatchObject({ variables: ['v'], neurons: [0] });
    for (const { name } of RULES) {
      for (const other of RULES) {
        const rule = changeRule(changeRule({ rule: 'all-to-all' }, name), other.name);
        expect(rule.rule).toBe(other.name);
      }
    }
    expect(changeRule({ rule: 'fixed-in-degree', k: 7 }, 'small-world')).toMatchObject({ k: 6 });
  });

  it('grids of as many places as neurons', () => {
    for (const size of [1, 2, 7, 12, 100, 4000]) {
      const [columns, rows] = nearestGrid(size);
      expect(columns * rows).toBe(size);
    }
    expect(usualPositions('grid', 12)).toEqual({ grid: [4, 3], spacing: '20 um' });
  });
});

describe('signs', () => {
  it('of names in the literature', () => {
    expect(['L23E', 'pyramidal', 'exc', 'E'].map(signOfName)).toEqual(Array(4).fill('excitatory'));
    expect(['L5I', 'interneurons', 'inh', 'I', 'gaba'].map(signOfName)).toEqual(
      Array(5).fill('inhibitory'),
    );
    expect(['neurons', 'cells', 'midbrain', 'd1'].map(signOfName)).toEqual(Array(4).fill(null));
  });

  it('of projections, from weights before names', () => {
    for (const [name, exc, inh] of [
      ['coba', 'exc', 'inh'],
      ['cuba', 'exc', 'inh'],
      ['brunel', 'exc', 'inh'],
      ['izhikevich', 'exc to inhibitory', 'inh to excitatory'],
      ['microcircuit', 'L4E to L23I', 'L4I to L23E'],
    ] as const) {
      const document = build(name, name === 'microcircuit' ? { scale: 0.01 } : {});
      const of = (wanted: string) =>
        document.projections
          .filter((projection) => projection.name === wanted)
          .map((projection) => signOfProjection(document, projection));
      expect(of(exc), name).toEqual(['excitatory']);
      expect(of(inh), name).toEqual(['inhibitory']);
    }
    // One population with synapses of both kinds is neither.
    expect(signOfPopulation(build('coba'), 'neurons')).toBeNull();
    expect(signOfPopulation(build('izhikevich'), 'inhibitory')).toBe('inhibitory');
  });
});

describe('texts of a document', () => {
  it('declare variables with units and flags', () => {
    expect(
      declaredIn(
        'dv/dt = -v/tau : volt (unless refractory)\nI = g*v : amp\nw : 1 (constant) # weight',
      ),
    ).toEqual([
      { name: 'v', unit: 'volt', kind: 'differential', flags: ['unless refractory'] },
      { name: 'I', unit: 'amp', kind: 'computed', flags: [''] },
      { name: 'w', unit: '1', kind: 'plain', flags: ['constant'] },
    ]);
    expect(commentOf('w : 1 (constant) # weight', 'w')).toBe('weight');
    expect(receivers(build('coba'), 'neurons').map(({ name }) => name)).toEqual([
      'g_exc',
      'g_inh',
      'v',
    ]);
  });

  it('say where a parameter is used', () => {
    const document = build('coba');
    expect(usesOf(document, 'network', '', 'w_exc')).toEqual([
      { owner: 'exc', line: 'g_exc += w_exc' },
    ]);
    expect(usesOf(document, 'population', 'neurons', 'v_thresh')[0]?.line).toContain('v_thresh');
    expect(networkParamsOf(document, 'inh')).toEqual(['w_inh']);
    expect(networkParamsOf(build('brunel', { scale: 0.04 }), 'external')).toEqual(['j_ext']);
  });
});

describe('the baseline', () => {
  const document = build('coba');
  const content = (kind: 'example' | 'document', one: NetworkDocument | null): ProjectContent => ({
    source:
      kind === 'example'
        ? { kind, name: 'coba', values: {}, seed: 1 }
        : { kind, origin: 'from coba' },
    document: one,
  });
  const entry = (before: ProjectContent, after: ProjectContent) => ({
    label: '',
    merge: '',
    before,
    after,
  });

  it('is the example as published, however often it was edited', () => {
    const edited = { ...document, name: 'edited' };
    const again = { ...document, name: 'again' };
    const past = [
      entry(content('example', document), content('document', edited)),
      entry(content('document', edited), content('document', again)),
    ];
    expect(baselineIn(past, again)).toBe(document);
    expect(baselineIn([], again)).toBe(again);
  });

  it('begins anew with other values of the example', () => {
    const other = { ...document, name: 'other' };
    const past = [entry(content('example', document), content('example', null))];
    expect(baselineIn(past, other)).toBe(other);
  });
});
