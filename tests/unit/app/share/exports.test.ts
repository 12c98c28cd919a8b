/** Files that leave the page: each is read back by what reads such files. */
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { commandLine, quotedWord } from '../../../../src/app/share/command.ts';
import { embedCode } from '../../../../src/app/share/embed.ts';
import { stemOf } from '../../../../src/app/share/names.ts';
import { statisticsCsv } from '../../../../src/app/share/results.ts';
import { keepArray } from '../../../../src/app/state/array-store.ts';
import { detach } from '../../../../src/app/state/arrays.ts';
import { exampleProject, newProject } from '../../../../src/app/state/project.ts';
import { exportTools, type NamedTrace } from '../../../../src/app/tools/exports.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';
import { createSimulation, Network } from '../../../../src/index.ts';
import { memorySource, openNetwork, writeZip } from '../../../../src/io/index.ts';

const cuba = (examples.cuba as Example).build({ neurons: 200 }, { seed: 5 });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A network with 60,000 listed connections. */
function listed() {
  const net = new Network({ name: 'listed', dt: '0.1 ms', seed: 2 });
  const cells = net.population('cells', 300, {
    eqs: 'dv/dt = (1.2 - v)/(10*ms) : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
    initial: { v: 'rand()' },
  });
  const count = 60_000;
  net
    .projection('w', cells, cells, {
      eqs: 'w : 1',
      onPre: 'v += w',
      initial: { w: { values: new Float32Array(count).fill(-0.001), unit: '1' } },
    })
    .connect({
      rule: 'list',
      pre: Uint32Array.from({ length: count }, (_, k) => k % 300),
      post: Uint32Array.from({ length: count }, (_, k) => (k * 7 + 1) % 300),
    });
  net.record.spikes(cells);
  return net.document;
}

async function hashOf(document: Parameters<typeof createSimulation>[0]): Promise<string> {
  const simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run('50 ms');
  const hash = await simulation.spikeHash();
  simulation.destroy();
  return hash;
}

describe('networks', () => {
  it('as documents open again as they were', async () => {
    const { name, bytes } = await exportTools.exportNetwork(cuba, 'document', 'cuba', '1 s');
    expect(name).toBe('cuba.wetware.json');
    const source = memorySource(new Map([[name, bytes]]));
    expect((await openNetwork(source, name)).document).toEqual(JSON.parse(JSON.stringify(cuba)));
  });

  it('with long lists are a zip of NumPy files that opens again, with the same spikes', async () => {
    const whole = listed();
    const document = await detach(whole, keepArray);
    const { name, bytes, type } = await exportTools.exportNetwork(document, 'document', 'l', '1 s');
    expect(name).toBe('l.wetware.zip');
    expect(type).toBe('application/zip');
    const names = Object.keys(unzipSync(bytes));
    expect(names).toContain('l.wetware.json');
    expect(names.filter((one) => /^lists\/\d-(pre|post|values)\.npy$/.test(one))).toHaveLength(3);
    const { document: opened } = await openNetwork(memorySource(new Map([[name, bytes]])), name);
    expect(await hashOf(opened)).toBe(await hashOf(whole));
  });

  it.each([
    ['typescript', 'cuba.ts', /new Network/],
    ['brian2', 'cuba.py', /from brian2 import/],
    ['pynn', 'cuba.pynn.py', /pyNN/],
  ] as const)('as %s are scripts', async (format, file, content) => {
    const { name, bytes } = await exportTools.exportNetwork(cuba, format, 'cuba', '250 ms');
    expect(name).toBe(file);
    expect(text(bytes)).toMatch(content);
    expect(text(bytes)).toMatch(/250/);
  });

  it('as SONATA circuits are read back', async () => {
    const { name, bytes } = await exportTools.exportNetwork(cuba, 'sonata', 'cuba', '250 ms');
    expect(name).toBe('cuba-sonata.zip');
    const { document, format, duration } = await openNetwork(
      memorySource(new Map([[name, bytes]])),
      name,
    );
    expect(format).toBe('sonata');
    expect(document.populations[0]?.size).toBe(200);
    expect(duration).toMatch(/250/);
  });
});

describe('documents with lists beside them', () => {
  const fill = async (change: (files: Map<string, Uint8Array>) => void): Promise<unknown> => {
    const document = await detach(listed(), keepArray);
    const { bytes } = await exportTools.exportNetwork(document, 'document', 'l', '1 s');
    const files = new Map(Object.entries(unzipSync(bytes)));
    change(files);
    const zip = await writeZip(files);
    return openNetwork(memorySource(new Map([['l.zip', zip]])), 'l.zip');
  };

  it.each([
    ['a list is missing', (files: Map<string, Uint8Array>) => files.delete('lists/0-values.npy')],
    [
      'a list is cut off',
      (files: Map<string, Uint8Array>) =>
        files.set(
          'lists/0-values.npy',
          (files.get('lists/0-values.npy') as Uint8Array).slice(0, 999),
        ),
    ],
    [
      'a list is something else',
      (files: Map<string, Uint8Array>) => files.set('lists/0-values.npy', Uint8Array.of(1, 2, 3)),
    ],
    [
      'a list is said to be an object',
      (files: Map<string, Uint8Array>) => {
        const bytes = (files.get('lists/0-values.npy') as Uint8Array).slice();
        const head = text(bytes.subarray(0, 128)).replace("'<f4'", "'|O4'");
        bytes.set(new TextEncoder().encode(head));
        files.set('lists/0-values.npy', bytes);
      },
    ],
  ])('are refused by name when %s', async (_, change) => {
    await expect(fill((files) => void change(files))).rejects.toThrow(/lists\/0-values\.npy/);
  });

  it('whose weights are all the same are no bomb to ourselves', async () => {
    const zip = await writeZip(new Map([['zeros.npy', new Uint8Array(40 * 2 ** 20)]]));
    expect(zip.length).toBeGreaterThan(40 * 2 ** 20);
  });
});

describe('results', () => {
  const populations = [
    { name: 'a', first: 0 },
    { name: 'b, "quoted"', first: 3 },
  ];
  const spikes = { steps: Uint32Array.of(1, 1, 7), neurons: Uint32Array.of(0, 4, 2) };

  it('as CSV are lines of step, time, neuron, population', async () => {
    const { name, bytes } = await exportTools.exportSpikes(
      spikes,
      populations,
      0.1,
      'csv',
      'r',
      {},
    );
    expect(name).toBe('r-spikes.csv');
    expect(text(bytes).trim().split('\n')).toEqual([
      'step,time_ms,neuron,population',
      '1,0.1,0,a',
      '1,0.1,1,"b, ""quoted"""',
      '7,0.7,2,a',
    ]);
  });

  it('as Parquet say where they come from', async () => {
    const { bytes } = await exportTools.exportSpikes(spikes, populations, 0.1, 'parquet', 'r', {
      seed: '7',
    });
    const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
    const file = bytes.buffer as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ neuron }) => neuron)).toEqual([0, 1, 2]);
    const { key_value_metadata } = await parquetMetadataAsync(file);
    expect(key_value_metadata).toContainEqual({ key: 'seed', value: '7' });
  });

  const trace = (population: string): NamedTrace => ({
    population,
    variables: ['v', 'w'],
    neurons: [3, 9],
    timesMs: Float64Array.of(0, 0.1, 0.2),
    values: { v: Float64Array.of(1, 2, 3, 4, 5, 6), w: new Float64Array(6) },
  });

  it('of one population are a table, of several a zip', async () => {
    const one = await exportTools.exportTraces([trace('exc')], 'csv', 'r', {});
    expect(one.name).toBe('r-traces-exc.csv');
    expect(text(one.bytes).split('\n').slice(0, 4)).toEqual([
      'time_ms,neuron,v,w',
      '0,3,1,0',
      '0,9,4,0',
      '0.1,3,2,0',
    ]);
    const two = await exportTools.exportTraces([trace('a/b'), trace('a b')], 'npz', 'r', {});
    expect(two.name).toBe('r-traces.zip');
    // Names that a file system makes the same are told apart.
    expect(Object.keys(unzipSync(two.bytes))).toEqual(['r-traces-a_b.npz', '1-r-traces-a_b.npz']);
  });

  it('as Parquet tables of traces have a column for each variable', async () => {
    const { bytes } = await exportTools.exportTraces([trace('exc')], 'parquet', 'r', {});
    const { parquetReadObjects } = await import('hyparquet');
    const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
    expect(rows).toHaveLength(6);
    expect(rows[1]).toEqual({ time_ms: 0, neuron: 9, v: 4, w: 0 });
    expect(rows[4]).toEqual({ time_ms: 0.2, neuron: 3, v: 3, w: 0 });
  });

  it('in numbers are a line for each population', () => {
    const row = {
      population: 'a,b',
      size: 10,
      range: { from: 100, to: 200 },
      spikes: 5,
      rateHz: 50,
      cv: null,
      peakHz: 12.5,
      synchrony: 1,
    };
    expect(statisticsCsv([row as never], 0.1).split('\n')[1]).toBe('"a,b",10,10,20,5,50,,12.5,1');
  });
});

describe('texts to take along', () => {
  it('repeat an example on the command line', () => {
    const project = exampleProject('cuba', { drive: "it's 1 nA; rm -rf ~" }, 4);
    expect(commandLine(project, { file: 'x', durationMs: 500, seeds: 1 })).toBe(
      "npx wetware run cuba --set 'drive=it'\\''s 1 nA; rm -rf ~' --seed 4 --duration '500 ms' --out results/",
    );
    expect(commandLine(project, { file: 'x', durationMs: 500, seeds: 3 })).toMatch(
      /--seeds 4\.\.6/,
    );
    expect(quotedWord('$(id)')).toBe("'$(id)'");
  });

  it('put a network into a page, and nothing else', () => {
    const project = exampleProject('cuba', { x: '"><script>alert(1)</script>' }, 4);
    const code = embedCode(project, {
      controls: ['play', 'rate'],
      height: 300,
      autoplay: true,
      src: '',
      page: 'https://example.org/?a=1&b="x"',
    });
    expect(code.match(/<script/g)).toHaveLength(1);
    expect(code).toContain('example="cuba"');
    expect(code).toContain(' autoplay controls="play,rate" height="300"');
    expect(code).toContain('page="https://example.org/?a=1&amp;b=&quot;x&quot;"');
  });

  it('are named so that every file system takes them', () => {
    const named = (name: string) =>
      stemOf(newProject({ source: { kind: 'document', origin: '' }, document: { ...cuba, name } }));
    expect(named('../../Étude <b>1</b>')).toBe('etude-b-1-b-seed5');
    expect(named('神経')).toBe('network-seed5');
  });
});
