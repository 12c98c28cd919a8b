/** Limits, errors, lifetimes and the bookkeeping of the GPU engine. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine, EngineOptions, RecordingSink } from '../../../src/engine.ts';
import { DeviceError, NetworkError } from '../../../src/errors.ts';
import { requestGpu } from '../../../src/gpu/device.ts';
import { createGpuEngine } from '../../../src/gpu/engine.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { describeGpu } from '../../support/gpu.ts';
import { handPlan } from '../../support/hand-plans.ts';
import { runPlan } from '../../support/run-plan.ts';

class Counting implements RecordingSink {
  readonly list: [number, number][] = [];
  calls = 0;

  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    this.calls++;
    steps.forEach((step, k) => {
      this.list.push([step, neurons[k] as number]);
    });
  }

  samples(): void {}
}

/** Counts the buffers of a device from now on. */
function countBuffers(device: GPUDevice): {
  readonly made: () => number;
  /** Not destroyed yet. */
  readonly left: () => number;
  /** Largest number of times that one was destroyed. */
  readonly mostDestroyed: () => number;
  readonly stop: () => void;
} {
  const destroyed: number[] = [];
  const real = device.createBuffer.bind(device);
  const create = vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    const buffer = real(descriptor);
    const number = destroyed.push(0) - 1;
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      destroyed[number] = (destroyed[number] ?? 0) + 1;
      return destroy();
    };
    return buffer;
  });
  return {
    made: () => destroyed.length,
    left: () => destroyed.filter((times) => times === 0).length,
    mostDestroyed: () => Math.max(...destroyed),
    stop: () => create.mockRestore(),
  };
}

describeGpu('the GPU engine', (device) => {
  const open: Engine[] = [];
  afterEach(() => {
    for (const engine of open.splice(0)) engine.destroy();
  });

  async function start(
    plan: Plan,
    options: EngineOptions = {},
    sink: RecordingSink = new Counting(),
  ): Promise<Engine> {
    const engine = await createGpuEngine(plan, sink, { device, ...options });
    open.push(engine);
    return engine;
  }

  test('a record that fills up halts the run and loses nothing', async () => {
    // Every neuron spikes at every fifth step.
    const plan = handPlan({ sizes: [4000, 1000], drive: 3, synapsesPerNeuron: 1, windowSteps: 4 });
    const sink = new Counting();
    const engine = await start(plan, {}, sink);
    const steps = 1000;
    for (let part = 0; part < 2; part++) await engine.advance(steps / 2);
    expect(sink.list.length).toBeGreaterThan(5000 * (steps / 5) * 0.99);
    const places = sink.list.map(([step, neuron]) => step * 5000 + neuron);
    expect(places.every((place, k) => k === 0 || place > (places[k - 1] as number))).toBe(true);
    // Twenty spikes per neuron and a hundred steps, at regular distances.
    const first = sink.list.filter(([, neuron]) => neuron === 4321).map(([step]) => step);
    expect(first.every((step, k) => k === 0 || step - (first[k - 1] as number) === 5)).toBe(true);
    expect(first.length).toBe(steps / 5);
  });

  test('counts steps, windows, dispatches and submits', async () => {
    const engine = await start(handPlan({ windowSteps: 4 }));
    await engine.advance(402);
    const { steps, windows, dispatches, submits } = engine.timings();
    expect([steps, windows, dispatches]).toEqual([402, 101, 202]);
    expect(submits).toBeLessThan(windows);
  });

  test('a NaN stops the run and names variable, population, neuron and step', async () => {
    const plan = handPlan({ sizes: [30, 20], drive: 0, leak: 1 });
    const engine = await start(plan);
    await engine.advance(10);
    await engine.write('state', 37, [Number.POSITIVE_INFINITY]);
    const failure = await engine.advance(10).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NetworkError);
    expect((failure as NetworkError).message).toMatch(
      /Population "b": v of neuron 7 is not a finite number any more at step 10 \(t = 1 ms\)/,
    );
    expect((failure as NetworkError).value).toEqual({
      fault: 'not-finite',
      variable: 'v',
      neuron: 7,
      step: 10,
    });
    await expect(engine.advance(1)).rejects.toThrow(/not a finite number/);
    expect((await engine.read('state', 37, 1))[0]).not.toBeNaN();
  });

  test('an amount beyond the declared bound stops the run', async () => {
    const engine = await start(handPlan({ limit: 1000, windowSteps: 4 }));
    await expect(engine.advance(200)).rejects.toThrow(
      /one synapse added more to v of neuron \d+ at step \d+ .* than its accumulator can hold/,
    );
  });

  test('stops at the next batch when told to, and goes on from there', async () => {
    const plan = handPlan({ windowSteps: 4 });
    const sink = new Counting();
    const engine = await start(plan, {}, sink);
    const controller = new AbortController();
    const running = engine.advance(100_000, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await running;
    const reached = engine.step;
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(100_000);
    await engine.advance(1);
    expect(engine.step).toBe(reached + 1);
    const seen = Math.min(100, reached);
    const early = sink.list.filter(([step]) => step < seen);
    expect(early).toEqual(runPlan(plan, seen).spikes);
  });

  test('what is written takes effect and can be read again', async () => {
    const engine = await start(handPlan());
    await engine.advance(7);
    await engine.write('state', 3, [0.25, -0.5]);
    expect([...(await engine.read('state', 3, 2))]).toEqual([0.25, -0.5]);
    await engine.write('state', 100, [-12, 5], 'i32');
    expect([...(await engine.read('state', 100, 2, 'i32'))]).toEqual([-12, 5]);
    await engine.write('constants', 1, [0.5]);
    expect([...(await engine.read('constants', 1, 1))]).toEqual([0.5]);
    await expect(engine.read('state', 299, 2)).rejects.toThrow(RangeError);
    await expect(engine.advance(-1)).rejects.toThrow(/steps must be a whole number/);
  });

  test('a snapshot restored goes on as if nothing had happened', async () => {
    const plan = handPlan({ plastic: true, delays: [1, 6], noise: 0.02 });
    const sink = new Counting();
    const engine = await start(plan, {}, sink);
    await engine.advance(50);
    const snapshot = await engine.snapshot?.();
    if (snapshot === undefined) throw new Error('no snapshot');
    await engine.advance(50);
    const before = sink.list.filter(([step]) => step >= 50);
    sink.list.length = 0;
    await engine.restore?.(snapshot);
    expect(engine.step).toBe(50);
    await engine.advance(50);
    expect(sink.list).toEqual(before);
    await expect(engine.restore?.({ step: 1, buffers: {} })).rejects.toThrow(/another network/);
  });

  test('refuses what the device cannot hold, with the numbers, before allocating', async () => {
    const create = vi.spyOn(device, 'createBuffer');
    try {
      const plan = { ...handPlan(), inputCells: 1e8 };
      const failure = await start(plan).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DeviceError);
      expect(failure).toMatchObject({ reason: 'limit', needed: 2.4e9 });
      expect((failure as DeviceError).message).toMatch(
        /Buffer "inputs" .* needs 2289 MiB in one piece; this GPU allows \d+ MiB \(max/,
      );
      expect(create).not.toHaveBeenCalled();
    } finally {
      create.mockRestore();
    }
  });

  test('options out of range', async () => {
    await expect(start(handPlan(), { workgroupSize: 48 })).rejects.toThrow(/power of two/);
    await expect(start({ ...handPlan(), precision: 'f64' })).rejects.toThrow(/CPU engine/);
  });

  test('everything is freed, once, and nothing works afterwards', async () => {
    const buffers = countBuffers(device);
    try {
      const engine = await start(handPlan({ sampleEvery: 2 }));
      const count = buffers.made();
      await engine.advance(50);
      await engine.read('state', 0, 10);
      expect(buffers.made()).toBe(count);
      engine.destroy();
      engine.destroy();
      expect(buffers.left()).toBe(0);
      expect(buffers.mostDestroyed()).toBe(1);
      for (const use of [
        () => engine.advance(1),
        () => engine.read('state', 0, 1),
        () => engine.write('state', 0, [1]),
      ]) {
        await expect(use()).rejects.toMatchObject({ name: 'DeviceError', reason: 'destroyed' });
      }
    } finally {
      buffers.stop();
    }
  });

  test('an engine that cannot be created leaves nothing allocated', async () => {
    const buffers = countBuffers(device);
    const compile = vi
      .spyOn(device, 'createComputePipelineAsync')
      .mockRejectedValue(new Error('refused by the test'));
    try {
      const failure = await start(handPlan({ noise: 0.321 })).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'DeviceError', reason: 'compile' });
      expect(buffers.made()).toBeGreaterThan(0);
      expect(buffers.left()).toBe(0);
    } finally {
      compile.mockRestore();
      buffers.stop();
    }
  });

  test('memory that runs out: nothing stays allocated, and the error says how much was wanted', async () => {
    const buffers = countBuffers(device);
    const pop = vi
      .spyOn(device, 'popErrorScope')
      .mockResolvedValueOnce({ message: 'no memory left' } as GPUError);
    try {
      const failure = await start(handPlan()).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'DeviceError', reason: 'memory' });
      expect((failure as DeviceError).message).toMatch(
        /could not allocate \d+ .iB: no memory left/,
      );
      expect(buffers.made()).toBeGreaterThan(0);
      expect(buffers.left()).toBe(0);
    } finally {
      pop.mockRestore();
      await device.popErrorScope();
      buffers.stop();
    }
  });

  test('destroyed while it runs: the run rejects', async () => {
    const engine = await start(handPlan({ sizes: [2000, 1000] }));
    const running = engine.advance(1_000_000);
    setTimeout(() => engine.destroy(), 30);
    await expect(running).rejects.toMatchObject({ reason: 'destroyed' });
  });

  test('destroyed by whoever takes the spikes: the run rejects', async () => {
    const sink = new Counting();
    const engine = await start(handPlan({ sizes: [200, 100] }), {}, sink);
    sink.spikes = () => engine.destroy();
    await expect(engine.advance(100_000)).rejects.toMatchObject({ reason: 'destroyed' });
  });
});

describe('device loss', () => {
  describeGpu('of a device of its own', () => {
    test('is reported once; later calls say so', async () => {
      const { device } = await requestGpu();
      const lost: string[] = [];
      const engine = await createGpuEngine(handPlan(), new Counting(), {
        device,
        onLost: (message) => lost.push(message),
      });
      await engine.advance(5);
      device.destroy();
      await device.lost;
      await Promise.resolve();
      expect(lost.length).toBe(1);
      await expect(engine.advance(1)).rejects.toMatchObject({ reason: 'lost' });
      await expect(engine.read('state', 0, 1)).rejects.toMatchObject({ reason: 'lost' });
      engine.destroy();
      expect(lost.length).toBe(1);
    });

    test('ends a run under way; another simulation can be created', async () => {
      const { device } = await requestGpu();
      const uncaptured: string[] = [];
      device.addEventListener('uncapturederror', ({ error }) => uncaptured.push(error.message));
      const buffers = countBuffers(device);
      const engine = await createGpuEngine(handPlan(), new Counting(), { device });
      const running = engine.advance(10_000_000);
      setTimeout(() => device.destroy(), 50);
      await expect(running).rejects.toMatchObject({ name: 'DeviceError', reason: 'lost' });
      expect(engine.step).toBeGreaterThan(0);
      engine.destroy();
      expect(buffers.left()).toBe(0);
      expect(uncaptured).toEqual([]);
      const another = await createGpuEngine(handPlan(), new Counting());
      await another.advance(10);
      expect(another.step).toBe(10);
      another.destroy();
    });

    test('a device that is lost while the engine is created: rejects, leaves nothing', async () => {
      const { device } = await requestGpu();
      const buffers = countBuffers(device);
      const creating = createGpuEngine(handPlan({ noise: 0.123 }), new Counting(), { device });
      setTimeout(() => device.destroy(), 0);
      await expect(creating).rejects.toMatchObject({ name: 'DeviceError', reason: 'lost' });
      expect(buffers.left()).toBe(0);
    });

    test('an engine without a device requests and frees one', async () => {
      const engine = await createGpuEngine(handPlan(), new Counting());
      expect(engine.adapter?.description).not.toBe('');
      await engine.advance(10);
      expect(engine.step).toBe(10);
      engine.destroy();
    });
  });
});
