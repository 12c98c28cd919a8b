/** The shader loader: what it accepts, what it refuses, and that every variant of every role loads and compiles. */
import { describe, expect, test } from 'vitest';
import { generateShader, updateShader } from '../../../src/gpu/kernels.ts';
import { placeSynapses } from '../../../src/gpu/parts.ts';
import { pipelineFor } from '../../../src/gpu/pipelines.ts';
import { planWords } from '../../../src/gpu/plan-words.ts';
import { loadShader, reservedWords, type Shader } from '../../../src/gpu/shaders.ts';
import { buildShader, deliverShader } from '../../../src/gpu/synapse-kernels.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { describeGpu } from '../../support/gpu.ts';
import { type HandPlanOptions, handPlan } from '../../support/hand-plans.ts';
import { DRAWN_DELAY, DRAWN_WEIGHT, network, RULES } from '../../support/synapse-ways.ts';

const parts = { flags: { OPENS_WINDOW: true }, inserts: {} };

describe('loadShader', () => {
  test('joins imports once, resolves flags, reads bindings and overrides', () => {
    const { code, bindings, overrides } = loadShader('generate', parts);
    expect(code).not.toContain('#');
    expect(code.match(/struct Batch/g)?.length).toBe(1);
    expect(code).toMatch(/open_next_window\(\);/);
    expect(bindings.map(({ name, type }) => [name, type])).toEqual([
      ['batch', 'uniform'],
      ['window', 'uniform'],
      ['report', 'storage'],
      ['spikes', 'storage'],
      ['plan_words', 'read-only-storage'],
      ['generated', 'read-only-storage'],
    ]);
    expect(overrides.has('workgroup_size')).toBe(true);
    const without = loadShader('generate', { ...parts, flags: { OPENS_WINDOW: false } });
    expect(without.code).not.toMatch(/open_next_window\(\);/);
  });

  test('throws on whatever does not fit', () => {
    expect(() => loadShader('nonsense', parts)).toThrow(/no shader nonsense; there are/);
    expect(() => loadShader('generate', { flags: {}, inserts: {} })).toThrow(
      /unknown flag OPENS_WINDOW/,
    );
    expect(() =>
      loadShader('generate', { flags: { ...parts.flags, EXTRA: true }, inserts: {} }),
    ).toThrow(/does not use flag EXTRA/);
    expect(() => loadShader('evaluate', { flags: {}, inserts: { declarations: '' } })).toThrow(
      /hole statements is empty/,
    );
    const inserts = { declarations: '', statements: '', more: '' };
    expect(() => loadShader('evaluate', { flags: {}, inserts })).toThrow(/has no hole more/);
    const hash = { declarations: '// 50 #', statements: '' };
    expect(() => loadShader('evaluate', { flags: {}, inserts: hash })).toThrow(/contains "#"/);
  });

  test('knows every name that generated code must leave alone', () => {
    const words = reservedWords('update');
    for (const name of ['plan_words', 'step_number', 'philox', 'var', 'target', 'batch']) {
      expect(words.has(name)).toBe(true);
    }
    expect(words.has('tau_m')).toBe(false);
  });
});

const VARIANTS: Readonly<Record<string, HandPlanOptions>> = {
  plain: {},
  sampled: { sampleEvery: 2 },
  plastic: { plastic: true, post: true },
  wide: { packing: 'wide' },
  target: { packing: 'target', limit: 1000 },
};

const contextOf = (plan: ReturnType<typeof handPlan>) =>
  ({ words: planWords(plan, placeSynapses(plan, 2 ** 25)), arithmetic: 'ordered' }) as const;

const variant = { opensWindow: true, isOneStep: false };
const delivery = { sharesRows: true, splitsColumns: false };

describe('role shaders', () => {
  test.each(Object.entries(VARIANTS))('%s: at most eight storage buffers', (_, options) => {
    const plan = handPlan(options);
    const context = contextOf(plan);
    const shaders: Shader[] = [
      ...plan.update.map((kernel) => updateShader(kernel, variant, context)),
      ...plan.deliver.map((kernel) => deliverShader(kernel, delivery, context)),
      generateShader(false),
    ];
    for (const { bindings } of shaders) {
      expect(bindings.filter(({ type }) => type !== 'uniform').length).toBeLessThanOrEqual(8);
    }
  });

  test.each(RULES)('rows of %j: at most eight storage buffers, no synapses bound', (rule) => {
    const { plan } = compileNetwork(network(rule, DRAWN_WEIGHT, DRAWN_DELAY), {
      synapses: 'procedural',
    });
    for (const sharesRows of [true, false]) {
      const shaders = [
        ...plan.deliver.map((kernel) =>
          deliverShader(kernel, { ...delivery, sharesRows }, contextOf(plan)),
        ),
        buildShader(plan.deliver, sharesRows),
      ];
      for (const { name, bindings } of shaders) {
        expect(bindings.filter(({ type }) => type !== 'uniform').length).toBeLessThanOrEqual(8);
        expect(bindings.some((b) => b.name === 'synapses')).toBe(name === 'build');
      }
    }
  });

  test('generated code reads like the model', () => {
    const plan = handPlan({ noise: 0.1 });
    const context = contextOf(plan);
    const { code } = updateShader(plan.update[0] as (typeof plan.update)[0], variant, context);
    const loop = code.slice(
      code.indexOf('    if (k > 0u || !is_begun)'),
      code.indexOf('    if (!(is_f'),
    );
    expect(loop).toMatchSnapshot();
    const deliver = deliverShader(plan.deliver[0] as (typeof plan.deliver)[0], delivery, context);
    expect(deliver.code.slice(deliver.code.indexOf('        let row_delay'))).toMatchSnapshot();
    const rows = compileNetwork(
      network({ rule: 'fixed-probability', p: 0.1 }, DRAWN_WEIGHT, DRAWN_DELAY),
      { synapses: 'procedural' },
    ).plan;
    const [kernel] = rows.deliver;
    if (kernel === undefined) throw new Error('no kernel');
    const again = deliverShader(kernel, delivery, contextOf(rows));
    expect(again.code.slice(again.code.indexOf('        let pre_index'))).toMatchSnapshot();
  });
});

describeGpu('role shaders on the device', (device) => {
  test('a compile error shows messages, flags and the numbered source', async () => {
    const shader = loadShader('evaluate', {
      flags: {},
      inserts: { declarations: '', statements: '  results[triple] = nonsense;' },
    });
    await expect(pipelineFor(device, 'broken', shader, {})).rejects.toThrow(
      /The GPU refused shader "broken" \(evaluate\):[\s\S]*nonsense[\s\S]*\n +1 {2}/,
    );
  });

  test('one text compiles once', async () => {
    const shader = generateShader(true);
    const first = await pipelineFor(device, 'generate', shader, { window_steps: 3 });
    const again = await pipelineFor(device, 'generate', shader, { window_steps: 3, other: 1 });
    expect(again).toBe(first);
  });
});
