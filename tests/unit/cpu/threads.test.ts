/** How many threads the CPU engine takes, how they start, meet and end; that they agree is in tests/parity/threads.test.ts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import { layOut } from '../../../src/cpu/layout.ts';
import { Memory } from '../../../src/cpu/memory.ts';
import { chooseThreads, maySleep } from '../../../src/cpu/threads.ts';
import type { RecordingSink } from '../../../src/engine.ts';
import { WasmModule } from '../../../src/language/wasm/encoder.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { Collector, cubaPlan } from '../../support/plans.ts';

const noSink: RecordingSink = { spikes() {}, samples() {} };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('how many', () => {
  const small = cubaPlan({ neurons: 100 });
  const large: Plan = { ...small, synapseCount: 1e9 };

  test.each([0, -1, 1.5, 65, Number.NaN, Number.POSITIVE_INFINITY])('not %d', async (threads) => {
    await expect(createCpuEngine(small, noSink, { threads })).rejects.toThrow(
      `threads must be a whole number from 1 to 64, got ${threads}.`,
    );
  });

  test('as many as asked for, whatever the size', () => {
    for (const count of [1, 2, 64]) {
      expect(chooseThreads(small, count)).toEqual({ count, warnings: [] });
    }
  });

  test('by default one for small networks, and no more than the machine has for large ones', () => {
    expect(chooseThreads(small, undefined)).toEqual({ count: 1, warnings: [] });
    const { count, warnings } = chooseThreads(large, undefined);
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(16);
    expect(warnings).toEqual([]);
  });

  test('one in double precision, which is said when more were asked for', async () => {
    const plan = cubaPlan({ neurons: 50, precision: 'f64' });
    expect(chooseThreads(plan, undefined)).toEqual({ count: 1, warnings: [] });
    const engine = await createCpuEngine(plan, noSink, { threads: 3 });
    expect(engine.threads).toBe(1);
    expect(engine.warnings).toEqual(['Running on one thread, not 3: precision "f64" has one.']);
    engine.destroy();
  });

  describe('in a browser', () => {
    test('one where the page is not isolated, with the remedy', () => {
      vi.stubGlobal('process', undefined);
      vi.stubGlobal('crossOriginIsolated', false);
      const { count, warnings } = chooseThreads(small, 4);
      expect(count).toBe(1);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('Running on one thread, not 4');
      expect(warnings[0]).toContain('Cross-Origin-Opener-Policy: same-origin');
    });

    test('as many as the navigator says, in a worker that may sleep and a page that may not', () => {
      vi.stubGlobal('process', undefined);
      vi.stubGlobal('crossOriginIsolated', true);
      vi.stubGlobal('navigator', { hardwareConcurrency: 3 });
      expect(chooseThreads(large, undefined)).toEqual({ count: 3, warnings: [] });
      expect(chooseThreads(large, undefined, 1)).toEqual({ count: 2, warnings: [] });
      expect(chooseThreads(large, undefined, 9)).toEqual({ count: 1, warnings: [] });
      expect(chooseThreads(large, 3, 1)).toEqual({ count: 3, warnings: [] });
      expect(maySleep()).toBe(true);
      vi.stubGlobal('document', {});
      expect(maySleep()).toBe(false);
    });
  });
});

describe('what they share', () => {
  test.each([1, 2, 3, 7, 64])('every neuron is integrated by one of %i', (threads) => {
    const plan = cubaPlan({ neurons: 4 * 997 + 1 });
    const layout = layOut(plan, threads);
    const { words } = new Memory(plan, layout);
    for (const { members, stride } of layout.kernels) {
      for (const { member, paddedFirst, range } of members) {
        let reached = paddedFirst * 4;
        for (let thread = 0; thread < threads; thread++) {
          const place = (layout.blocks + thread * layout.blockBytes + range) / 4;
          const [begin = 0, end = 0] = words.subarray(place, place + 2);
          expect(begin % 16).toBe(0);
          if (begin < end) {
            expect(begin).toBe(reached);
            reached = end;
            // Even to a cache line at each end.
            expect(end - begin).toBeLessThan(stride / threads + 128);
          }
        }
        expect(reached).toBe((paddedFirst + Math.ceil(member.count / 4) * 4) * 4);
      }
    }
  });

  test('snapshots are of the same size for any number', () => {
    const plan = cubaPlan({ neurons: 305 });
    const sizes = [1, 2, 5].map((threads) => layOut(plan, threads).snapshotBytes);
    expect(new Set(sizes).size).toBe(1);
  });
});

describe('a life', () => {
  test('goes on after sleeping, in batches of any length', async () => {
    const plan = cubaPlan({ neurons: 1205, windowSteps: 1, delaySteps: 1 });
    const runs = [];
    for (const threads of [1, 3]) {
      const collector = new Collector();
      const engine = await createCpuEngine(plan, collector, { threads });
      for (const steps of [1, 1, 200, 3, 195]) {
        await engine.advance(steps);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      engine.destroy();
      runs.push(collector.list);
    }
    expect(runs[0]?.length).toBeGreaterThan(100);
    expect(runs[1]).toEqual(runs[0]);
  });

  test('stops between batches when asked to, and goes on', async () => {
    const engine = await createCpuEngine(cubaPlan({ neurons: 2000 }), noSink, { threads: 2 });
    const controller = new AbortController();
    const run = engine.advance(1e9, controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 60));
    controller.abort();
    await run;
    const reached = engine.step;
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(1e9);
    await engine.advance(5);
    expect(engine.step).toBe(reached + 5);
    engine.destroy();
  });

  test('ends with destroy: nothing of it keeps running', async () => {
    const ended: Promise<unknown>[] = [];
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const engine = await createCpuEngine(cubaPlan({ neurons: 50 }), noSink, { threads: 3 });
    for (const worker of new Set(post.mock.contexts as Worker[])) {
      ended.push(new Promise((resolve) => worker.once('exit', resolve)));
    }
    post.mockRestore();
    expect(ended).toHaveLength(2);
    await engine.advance(20);
    engine.destroy();
    engine.destroy();
    await Promise.all(ended);
    await expect(engine.advance(1)).rejects.toMatchObject({ reason: 'destroyed' });
  });

  test('a thread that fails ends the run instead of leaving the others waiting', async () => {
    const plan = cubaPlan({ neurons: 200 });
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const engine = await createCpuEngine(plan, noSink, { threads: 2 });
    const [worker] = post.mock.contexts as Worker[];
    const [start] = post.mock.calls.map(([message]) => message) as {
      memory: WebAssembly.Memory;
      broken: number;
    }[];
    post.mockRestore();
    if (!worker || !start) throw new Error('no worker was started');
    await engine.advance(10);
    // As if it had trapped: it is gone, and has said so.
    await worker.terminate();
    Atomics.store(new Int32Array(start.memory.buffer), start.broken / 4, 1);
    await expect(engine.advance(10)).rejects.toThrow('unreachable');
    engine.destroy();
  });

  test('a machine that gives no worker runs on one thread, with the reason', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(() => {
      throw new Error('no more threads');
    });
    try {
      const engine = await createCpuEngine(cubaPlan({ neurons: 50 }), noSink, { threads: 2 });
      expect(engine.threads).toBe(1);
      expect(engine.warnings).toEqual(['Running on one thread: no more threads']);
      await engine.advance(10);
      expect(engine.step).toBe(10);
      engine.destroy();
    } finally {
      post.mockRestore();
    }
  });

  test('the script of a thread lets a Node process end by itself, asleep as it is', () => {
    // What the script does, without the engine: a module whose `work` sleeps for ever.
    const script = fileURLToPath(new URL('../../../src/cpu/threads-worker.js', import.meta.url));
    expect(readFileSync(script, 'utf8')).not.toMatch(/\beval\b|new Function|blob:/);
    const module = new WasmModule();
    const work = module.function('work', []);
    work.code.i32(0).i32(0).op('i64.const', -1).op('memory.atomic.wait32', 0).op('drop');
    module.export(work);
    const bytes = module.encode({ pages: 1, isShared: true });
    const program = `
      import { Worker } from 'node:worker_threads';
      const module = new WebAssembly.Module(Uint8Array.of(${bytes.join()}));
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      const worker = new Worker(${JSON.stringify(script)}, { execArgv: [] });
      const { port1, port2: port } = new MessageChannel();
      await new Promise((resolve, reject) => {
        port1.onmessage = ({ data }) => (data === null ? resolve() : reject(data));
        worker.postMessage({ module, memory, numbers: {}, broken: 4, port }, [port]);
      });
      port1.close();
      worker.unref();
      console.log('asleep');`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: 'asleep\n', stderr: '', status: 0 });
  });
});
