/** Records: what is written is read back, and what is no record is refused with the place of the fault. */
import { describe, expect, it } from 'vitest';
import { keyOf, lineOf, parseRecord, parseRecords } from '../../../bench/record.ts';
import { GPU, measured, ofPeer, onAdapter, onThreads, skipped } from './recorded.ts';

const all = [
  measured(),
  measured({ engine: onAdapter(GPU), host: null, warnings: ['a, "b"\nc'] }),
  ofPeer(2, [0.08, 0.09]),
  skipped('there is no WebGPU adapter here'),
];

/** A record with the value at a path replaced. */
function spoilt(path: string, value: unknown): unknown {
  const copy = JSON.parse(lineOf(measured()));
  const keys = path.split('.');
  const last = keys.pop() as string;
  const owner = keys.reduce((found, key) => found[key], copy);
  owner[last] = value;
  return copy;
}

describe('records of the bench', () => {
  it('come back from lines as they were', () => {
    const lines = all.map(lineOf).join('');
    expect(lines.trimEnd().split('\n')).toHaveLength(all.length);
    expect(parseRecords(lines)).toEqual(all);
    expect(parseRecords('\n')).toEqual([]);
  });

  it.each([
    ['schema', 'wetware-bench/1'],
    ['run.id', 7],
    ['machine.cores', 2.5],
    ['workload.values', { neurons: [] }],
    ['engine.kind', 'tpu'],
    ['engine.threads', -1],
    ['phases.simulate_s', null],
    ['phases.simulate_s.samples', []],
    ['phases.simulate_s.median', '0.03'],
    ['metrics.ns_per_neuron_step', null],
    ['check.spikes', Number.NaN],
    ['is_complete', 'yes'],
    ['warnings', [1]],
  ])('without a proper %s are refused, and it is named', (path, value) => {
    expect(() => parseRecord(spoilt(path, value))).toThrow(path);
  });

  it('name the line of a file that is wrong', () => {
    expect(() => parseRecords(`${lineOf(measured())}{"kind":"measurement"}\n`)).toThrow(/^Line 2 /);
    expect(() => parseRecords('not JSON')).toThrow(/^Line 1 /);
    expect(() => parseRecord(null)).toThrow(TypeError);
  });

  it('may have keys that this version does not know', () => {
    expect(parseRecord({ ...measured(), energy_j: 12 })).toMatchObject({ energy_j: 12 });
  });

  it('are the same measurement when place, simulator, workload, engine and simulated time agree', () => {
    const key = keyOf(measured());
    expect(keyOf(measured({ check: { ...measured().check, spikes: 1 } }, [9]))).toBe(key);
    const { network, machine } = measured();
    const others = [
      measured({ engine: onThreads(2) }),
      measured({ engine: { ...onThreads(1), synapses: 'stored' } }),
      measured({ engine: onAdapter(GPU) }),
      measured({ network: { ...network, duration_ms: 100 } }),
      measured({ machine: { ...machine, runtime: 'Chromium 141' } }),
      ofPeer(1, [1]),
    ].map(keyOf);
    expect(new Set([key, ...others]).size).toBe(7);
  });
});
