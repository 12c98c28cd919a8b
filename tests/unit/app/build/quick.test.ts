/**
 * The quick sliders: what they find in the standard examples, and that the CPU engine takes every position of them while
 * the network runs.
 */
import { describe, expect, it } from 'vitest';
import { moveTo, positionOf, withRoom } from '../../../../src/app/build/quick/apply.ts';
import { controlsOf, type QuickControl } from '../../../../src/app/build/quick/controls.ts';
import { liveChanges } from '../../../../src/app/state/changes.ts';
import { examples } from '../../../../src/examples/index.ts';
import { createSimulation, type NetworkDocument, validateDocument } from '../../../../src/index.ts';

const build = (name: string, values = {}): NetworkDocument => {
  const example = examples[name];
  if (!example) throw new Error(`no example ${name}`);
  return example.build(values, { seed: 1 });
};

/** Sliders by example: title and what they change. */
const EXPECTED: readonly (readonly [
  string,
  Readonly<Record<string, string | number>>,
  readonly string[],
])[] = [
  ['coba', { neurons: 400 }, ['Excitation: w_exc', 'Inhibition: w_inh', 'Drive: neurons.i_offset']],
  [
    'cobahh',
    { neurons: 400 },
    ['Excitation: w_exc', 'Inhibition: w_inh', 'Drive: neurons.i_offset'],
  ],
  ['cuba', { neurons: 400 }, ['Excitation: w_exc', 'Inhibition: w_inh', 'Drive: neurons.v_rest']],
  [
    'vogels-abbott',
    { neurons: 1000 },
    ['Excitation: w_exc', 'Inhibition: w_inh', 'Drive: neurons.i_offset'],
  ],
  ['brunel', { scale: 0.04 }, ['Excitation: j_exc', 'Inhibition: j_inh', 'Drive: j_ext']],
  [
    'izhikevich',
    { neurons: 100 },
    ['Drive: excitatory.sigma, inhibitory.sigma', 'Excitation: 2', 'Inhibition: 2'],
  ],
  ['microcircuit', { scale: 0.01 }, ['Excitation: 32', 'Inhibition: 23', 'Drive: w_ext']],
  [
    'two-neurons',
    {},
    ['Chemical synapse: pair.g_max', 'Resistance of the gap: pair.r_gap', 'Drive: pair.v_in'],
  ],
];

const told = ({ title, targets }: QuickControl): string => {
  const names = targets.map(({ owner, name }) => (owner === '' ? name : `${owner}.${name}`));
  return `${title}: ${targets.every(({ kind }) => kind === 'projection') ? targets.length : names.join(', ')}`;
};

describe('controls', () => {
  it.each(EXPECTED)('%s', (name, values, expected) => {
    const document = build(name, values);
    expect(controlsOf(document, document).map(told)).toEqual(expected);
  });

  it('finds something in most examples, and never more than three', () => {
    const found = Object.values(examples)
      .filter(({ needsData, name }) => !needsData && !['flywire-like', 'larva'].includes(name))
      .map((example) => {
        const document = example.build({}, { seed: 1 });
        const controls = controlsOf(document, document);
        expect(controls.length).toBeLessThanOrEqual(3);
        for (const control of controls) expect(positionOf(document, control)).not.toBeNull();
        return controls.length;
      });
    expect(found.filter((count) => count > 0).length).toBeGreaterThan(found.length / 2);
  });
});

describe('moving a slider', () => {
  it.each(EXPECTED)('%s runs on with every position', { timeout: 60_000 }, async (name, values) => {
    const base = build(name, values);
    const roomy = withRoom(base, controlsOf(base, base));
    validateDocument(roomy);
    const simulation = await createSimulation(roomy, { engine: 'cpu', keepSpikes: false });
    await simulation.run('5 ms');
    let document = roomy;
    for (const control of controlsOf(roomy, base)) {
      const { range } = control;
      const positions =
        range.kind === 'factor' ? [range.least ?? 0, 0.5, 1.5, 3] : [range.low, range.high];
      const usual = positionOf(roomy, control) as number;
      for (const position of [...positions, usual]) {
        const next = moveTo(document, control, position);
        const changes = liveChanges(document, next);
        expect(changes, `${control.title} ${position}`).not.toBeNull();
        for (const { owner, name: parameter, value } of changes ?? []) {
          await simulation.setParameter(owner, parameter, value);
        }
        await simulation.run('1 ms');
        expect(positionOf(next, control)).toBeCloseTo(position, 5);
        document = next;
      }
    }
    expect(document).toEqual(roomy);
    simulation.destroy();
  });

  it('gives back the document, whatever lay between', () => {
    const document = build('coba', { neurons: 400 });
    const [excitation] = controlsOf(document, document);
    if (!excitation) throw new Error('coba has excitation');
    expect(moveTo(moveTo(document, excitation, 0), excitation, 1)).toEqual(document);
    expect(moveTo(document, excitation, 2).params.w_exc).toBe('12 nS');
  });

  it('makes room once, for all projections that sliders scale', () => {
    const document = build('coba', { neurons: 400 });
    const controls = controlsOf(document, document);
    const roomy = withRoom(document, controls);
    expect(roomy.projections.map(({ bound }) => bound)).toEqual(['18 nS', '201 nS']);
    expect(liveChanges(document, roomy)).toBeNull();
    expect(withRoom(roomy, controls)).toBe(roomy);
    const drawn = build('microcircuit', { scale: 0.01 });
    const [first] = withRoom(drawn, controlsOf(drawn, drawn)).projections;
    // 87.8 pA/sqrt(0.01) and four standard deviations of a tenth, three times.
    expect(Number.parseFloat(String(first?.bound))).toBeCloseTo(3 * 878.1 * 1.4, -1);
  });
});
