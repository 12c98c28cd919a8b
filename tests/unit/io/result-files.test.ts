/** Results as NumPy archives, and spikes streamed to Parquet while they happen. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { createSimulation, Network, spikeTable } from '../../../src/index.ts';
import { spikesToNpz, tracesToNpz } from '../../../src/io/npz.ts';
import { openParquet } from '../../../src/io/parquet-read.ts';
import { createSpikeStream } from '../../../src/io/spike-stream.ts';

const populations = [
  { name: 'exc', first: 0 },
  { name: 'inh', first: 10 },
];
const table = spikeTable(
  { steps: Uint32Array.of(3, 3, 7), neurons: Uint32Array.of(2, 11, 9) },
  populations,
  0.5,
);

const PYTHON = '/usr/bin/python3';
const hasNumpy = ((): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasNumpy) process.stderr.write('\n!!! NumPy TEST SKIPPED: install Debian python3-numpy\n\n');

const LOAD = `
import json, numpy, sys
with numpy.load(sys.argv[1]) as file:
    json.dump({k: [str(v.dtype), v.tolist()] for k, v in file.items()}, sys.stdout)
`;

it.skipIf(!hasNumpy)('NumPy loads spikes and traces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetware-npz-'));
  const load = (bytes: Uint8Array): unknown => {
    const path = join(folder, 'file.npz');
    writeFileSync(path, bytes);
    return JSON.parse(execFileSync(PYTHON, ['-c', LOAD, path], { encoding: 'utf8' }));
  };
  try {
    expect(load(await spikesToNpz(table))).toEqual({
      step: ['uint32', [3, 3, 7]],
      time_ms: ['float64', [1.5, 1.5, 3.5]],
      neuron: ['uint32', [2, 1, 9]],
      population: ['uint32', [0, 1, 0]],
      population_names: ['uint8', [...new TextEncoder().encode('exc\ninh')]],
    });
    const trace = {
      variables: ['v'],
      neurons: [4, 6],
      timesMs: Float64Array.of(0, 0.1, 0.2),
      values: { v: Float64Array.of(1, 2, 3, 4, 5, 6) },
    };
    expect(load(await tracesToNpz(trace))).toEqual({
      v: [
        'float64',
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      time_ms: ['float64', [0, 0.1, 0.2]],
      neuron: ['uint32', [4, 6]],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('streamed spikes are those of spikesToParquet, in row groups', async () => {
  const pieces: Uint8Array[] = [];
  const stream = await createSpikeStream({
    populations,
    dtMs: 0.5,
    write: (bytes) => pieces.push(bytes),
    groupSize: 2,
    provenance: { model: 'test' },
  });
  stream.append(Uint32Array.of(3), Uint32Array.of(2));
  stream.append(Uint32Array.of(3, 7), Uint32Array.of(11, 9));
  stream.finish({ spikes: String(stream.count) });
  const file = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  expect(await parquetReadObjects({ file: file.buffer })).toEqual([
    { step: 3, time_ms: 1.5, neuron: 2, population: 'exc' },
    { step: 3, time_ms: 1.5, neuron: 1, population: 'inh' },
    { step: 7, time_ms: 3.5, neuron: 9, population: 'exc' },
  ]);
  const { row_groups: groups, key_value_metadata: pairs } = parquetMetadata(file);
  expect(groups.map(({ num_rows: rows }) => rows)).toEqual([2n, 1n]);
  expect(pairs).toEqual([
    { key: 'model', value: 'test' },
    { key: 'spikes', value: '3' },
  ]);
});

it('a run of ten million spikes loses none, with bounded memory', async () => {
  const net = new Network({ dt: '1 ms', seed: 1 });
  // Every neuron in every step: 20,000 x 500.
  net.record.spikes(net.population('all', 20_000, { eqs: '', threshold: 'True' }));
  const folder = mkdtempSync(join(tmpdir(), 'wetware-stream-'));
  const path = join(folder, 'spikes.parquet');
  const file = openSync(path, 'w');
  let largest = 0;
  try {
    const stream = await createSpikeStream({
      populations: [{ name: 'all', first: 0 }],
      dtMs: 1,
      write: (bytes) => {
        largest = Math.max(largest, bytes.length);
        writeSync(file, bytes);
      },
    });
    using simulation = await createSimulation(net, {
      engine: 'cpu',
      keepSpikes: false,
      onSpikes: (steps, neurons) => stream.append(steps, neurons),
    });
    await simulation.run('500 ms');
    stream.finish();
    closeSync(file);
    expect(stream.count).toBe(10_000_000);
    // One row group at a time, never the file.
    expect(largest).toBeLessThan(24e6);
    const read = await openParquet(new Uint8Array(readFileSync(path)), 'spikes.parquet');
    expect(read.rows).toBe(10_000_000);
    let expected = 0;
    let wrong = 0;
    await read.read(['step', 'neuron'], (columns, _, count) => {
      const steps = columns.get('step') as Int32Array;
      const neurons = columns.get('neuron') as Int32Array;
      for (let k = 0; k < count; k++) {
        const found = (steps[k] as number) * 20_000 + (neurons[k] as number);
        if (found !== expected++) wrong++;
      }
    });
    expect({ expected, wrong }).toEqual({ expected: 10_000_000, wrong: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
