/** What may be compared with what: one run, one machine, and never a software adapter. */
import { describe, expect, it } from 'vitest';
import {
  engineName,
  ratiosOf,
  sizePlots,
  threadScalings,
  variantName,
} from '../../../bench/compare.ts';
import { GPU, MACHINE, measured, ofPeer, onAdapter, onThreads, RUN, SOFTWARE } from './recorded.ts';

describe('names', () => {
  it('say what ran, and never call software a GPU', () => {
    expect(engineName(measured())).toBe('CPU, 1 thread');
    expect(engineName(measured({ engine: onThreads(4) }))).toBe('CPU, 4 threads');
    expect(engineName(measured({ engine: onAdapter(GPU) }))).toBe('GPU: NVIDIA GeForce RTX 4090');
    expect(engineName(measured({ engine: onAdapter(SOFTWARE) }))).toBe(
      'WebGPU in software: llvmpipe (LLVM 15.0.6)',
    );
    const unnamed = { ...SOFTWARE, vendor: 'google', architecture: 'swiftshader', description: '' };
    expect(engineName(measured({ engine: onAdapter(unnamed) }))).toBe(
      'WebGPU in software: google swiftshader',
    );
    expect(engineName(ofPeer(2, [1]))).toBe('Brian 2, 2 threads');
    const inBrowser = { ...MACHINE, runtime: 'Chromium 141' };
    expect(
      variantName(
        measured({ machine: inBrowser, engine: { ...onThreads(1), synapses: 'procedural' } }),
      ),
    ).toBe('CPU, 1 thread, procedural, Chromium');
  });
});

describe('ratios', () => {
  const own = [
    measured({}, [0.1, 0.1, 0.2]),
    measured({ engine: onThreads(2) }, [0.05]),
    measured({ engine: onAdapter(GPU) }, [0.02]),
    measured({ engine: onAdapter(SOFTWARE) }, [5]),
  ];
  const peers = [ofPeer(1, [0.3, 0.4, 0.5]), ofPeer(2, [0.2])];

  it('set equal threads side by side, a GPU beside the fastest peer, and software beside nothing', () => {
    const found = ratiosOf([...own, ...peers]).map(({ ours, peer, speedup }) => [
      engineName(ours),
      engineName(peer),
      speedup.median,
    ]);
    expect(found).toEqual([
      ['CPU, 1 thread', 'Brian 2, 1 thread', 4],
      ['CPU, 2 threads', 'Brian 2, 2 threads', 4],
      ['GPU: NVIDIA GeForce RTX 4090', 'Brian 2, 2 threads', 10],
    ]);
    const [first] = ratiosOf([...own, ...peers]);
    expect(first?.speedup).toEqual({ median: 4, min: 0.3 / 0.2, max: 5 });
  });

  it('are not made across runs, networks or simulated times', () => {
    const [peer] = peers;
    if (!peer) throw new Error('no peer');
    const elsewhere = { ...peer, run: { ...RUN, id: 'run-2' } };
    const other = { ...peer, workload: { ...peer.workload, name: 'cuba-40000' } };
    const shorter = { ...peer, network: { ...peer.network, duration_ms: 100 } };
    expect(ratiosOf([...own, elsewhere, other, shorter])).toEqual([]);
  });
});

describe('curves', () => {
  const at = (neurons: number, seconds: number, engine = onThreads(1)) => {
    const record = measured({ engine }, [seconds]);
    const name = `cuba-${neurons}`;
    return {
      ...record,
      workload: { ...record.workload, name },
      network: { ...record.network, neurons },
    };
  };

  it('go over sizes, ascending, for what was measured at two sizes and not in software', () => {
    const plots = sizePlots([
      at(40_000, 0.3),
      at(4000, 0.03),
      at(4000, 0.02, onThreads(2)),
      at(4000, 1, onAdapter(SOFTWARE)),
      at(40_000, 9, onAdapter(SOFTWARE)),
    ]);
    expect(plots).toHaveLength(1);
    expect(
      plots[0]?.curves.map(({ name, records }) => [
        name,
        records.map(({ network }) => network.neurons),
      ]),
    ).toEqual([['CPU, 1 thread', [4000, 40_000]]]);
  });

  it('go over threads against one thread of the same simulator', () => {
    const found = threadScalings([
      at(4000, 0.04),
      at(4000, 0.02, onThreads(2)),
      at(4000, 0.01, onThreads(4)),
      at(40_000, 0.1, onThreads(2)),
      ofPeer(2, [0.2]),
      ofPeer(1, [0.3]),
    ]).map(({ workload, record, threads, speedup }) => [
      workload,
      record.simulator.name,
      threads,
      speedup.median,
    ]);
    // The larger network has no measurement on one thread.
    expect(found).toEqual([
      ['cuba-4000', 'wetware', 2, 2],
      ['cuba-4000', 'wetware', 4, 4],
      ['cuba-4000', 'Brian 2', 2, 0.3 / 0.2],
    ]);
  });
});
