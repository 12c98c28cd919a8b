/**
 * Large networks on the GPU engine, on a device with nothing beyond the limits that every adapter grants: a few
 * milliseconds of them, with the spikes of the CPU engine and two dispatches per window.
 */
import { expect, test, vi } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { flywireLike } from '../../src/examples/flywire-like.ts';
import { microcircuit } from '../../src/examples/microcircuit.ts';
import { requestGpu } from '../../src/gpu/device.ts';
import { createGpuEngine } from '../../src/gpu/engine.ts';
import { isExact } from '../../src/gpu/probe.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { describeGpu } from '../support/gpu.ts';
import { Collector } from '../support/plans.ts';

// A software adapter on a busy machine takes its time.
vi.setConfig({ testTimeout: 600_000 });

describeGpu('large networks within default limits', () => {
  async function compare(plan: Plan, steps: number, fewest: number): Promise<void> {
    const expected = new Collector();
    const cpu = await createCpuEngine(plan, expected);
    await cpu.advance(steps);
    cpu.destroy();
    expect(expected.list.length).toBeGreaterThan(fewest);
    const { device } = await requestGpu({ raisesLimits: false });
    const { maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = device.limits;
    expect([maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage]).toEqual([
      128 * 2 ** 20,
      8,
    ]);
    const found = new Collector();
    const strict = !(await isExact(device, 'ordered'));
    const gpu = await createGpuEngine(plan, found, { device, strict });
    try {
      await gpu.advance(steps);
      expect(found.list).toEqual(expected.list);
      const { windows, dispatches } = gpu.timings();
      expect(windows).toBe(Math.ceil(steps / plan.windowSteps));
      expect(dispatches).toBe(2 * windows);
    } finally {
      gpu.destroy();
      device.destroy();
    }
  }

  test('the whole microcircuit, procedural', async () => {
    const document = microcircuit.build({ scale: 1 }, { seed: 1 });
    const { plan } = compileNetwork(document, { synapses: 'procedural' });
    expect([plan.neuronCount, plan.synapseCount]).toEqual([77_169, 298_880_968]);
    await compare(plan, 40, 500);
  });

  test('a network of the size of the fly brain, stored', async () => {
    const { plan } = compileNetwork(flywireLike.build({}, { seed: 1 }));
    expect(plan.neuronCount).toBeGreaterThanOrEqual(138_639);
    // At least 18 steps to a window: 556 windows, 1112 dispatches, to a second.
    expect(plan.windowSteps).toBeGreaterThanOrEqual(18);
    await compare(plan, 400, 300);
  });
});
