/** What is said of networks that do not fit: only ways that help, with the bytes that they save; numbers in the error. */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import { DeviceError } from '../../../src/errors.ts';
import { compileNetwork, Network } from '../../../src/index.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { CPU_BYTES, waysToShrink } from '../../../src/plan/shrink.ts';

function planOf(isList: boolean, precision: 'f32' | 'f64' = 'f32'): Plan {
  const net = new Network();
  const cells = net.population('cells', 1000, { eqs: 'dg/dt = -g/(5*ms) : 1' });
  net
    .projection('p', cells, cells, {
      eqs: 'w : 1',
      onPre: 'g_post += w',
      initial: { w: { uniform: { min: 0, max: 1 } } },
    })
    .connect(
      isList ? { rule: 'list', pre: [0, 1], post: [1, 2] } : { rule: 'fixed-out-degree', k: 128 },
    );
  return compileNetwork(net.document, { precision }).plan;
}

describe('waysToShrink', () => {
  it('names procedural synapses with what they save, and the other engine', () => {
    // 128,000 synapses: half a word for the target, a word for the weight.
    const saves = '750 KiB';
    expect(waysToShrink(planOf(false), 'gpu')).toBe(
      `To make it fit, let synapses be made again for every spike (synapses: "procedural"), which saves ${saves}; use ` +
        'fewer neurons or sparser connections; or use the CPU engine (engine: "cpu"), which has room for 4.00 GiB.',
    );
    expect(waysToShrink(planOf(false), 'cpu')).toMatch(/or use the GPU engine/);
  });

  it('leaves out what does not help', () => {
    expect(waysToShrink(planOf(true), 'gpu')).not.toMatch(/procedural/);
    expect(waysToShrink(planOf(false, 'f64'), 'cpu')).toBe(
      'To make it fit, use fewer neurons or sparser connections.',
    );
    const plan = planOf(true);
    const large = { ...plan, memory: [{ name: 'state', bytes: CPU_BYTES }] };
    expect(waysToShrink(large, 'gpu')).not.toMatch(/CPU/);
  });
});

it('the CPU engine refuses what it cannot address, with the numbers', async () => {
  const plan = { ...planOf(false), ringSlots: 2e6 };
  const error = await createCpuEngine(plan, { spikes() {}, samples() {} }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DeviceError);
  const { reason, needed, available, message } = error as DeviceError;
  expect(reason).toBe('memory');
  expect(available).toBe(2 ** 32);
  // One ring slot has 1000 inputs of 4 bytes.
  expect(needed).toBeGreaterThan(2e6 * 4000);
  expect(needed).toBeLessThan(1.1 * 2e6 * 4000);
  expect(message).toMatch(/1000 neurons.*synapses: "procedural".*fewer neurons.*engine: "gpu"/);
});
