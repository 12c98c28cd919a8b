/**
 * Every argument of what wetware/io and its parts export, replaced by nonsense: an error of ours that says where and
 * what, never one of the JavaScript engine; and the proof that no exported function was forgotten.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Network, spikeTable } from '../../../src/index.ts';
import * as connectome from '../../../src/io/connectome.ts';
import * as io from '../../../src/io/index.ts';
import * as neuroml from '../../../src/io/neuroml/index.ts';
import * as nir from '../../../src/io/nir/index.ts';
import * as node from '../../../src/io/node.ts';
import * as results from '../../../src/io/results.ts';
import * as sonata from '../../../src/io/sonata/index.ts';
import { type Call, describeNonsense } from '../../support/nonsense.ts';

const OPTIONAL = ['undefined', '{}'];
const source = io.memorySource(new Map());
const bytes = new TextEncoder().encode('pre,post,weight\n0,1,2\n');
const document = new Network({ name: 'n' }).document;
const edges = {
  pre: Uint32Array.of(0),
  post: Uint32Array.of(1),
  weight: Int32Array.of(1),
  delayMs: null,
};
const table = { ...edges, neuronCount: 2, labels: null, report: {} as never };
const populations = [{ name: 'a', first: 0 }];
const spikes = spikeTable({ steps: Uint32Array.of(1), neurons: Uint32Array.of(0) }, populations, 1);
const write = () => undefined;
const fileOf = (content: Uint8Array) => io.memorySource(new Map([['f.csv', content]]));

const CALLS: readonly Call[] = [
  { call: 'memorySource(x)', run: (x) => io.memorySource(x), fine: ['Map'] },
  { call: 'openNetwork(x, name)', run: (x) => io.openNetwork(x, 'f') },
  { call: 'openNetwork(source, x)', run: (x) => io.openNetwork(source, x) },
  {
    call: 'openNetwork(source, name, x)',
    run: (x) => io.openNetwork(fileOf(bytes), 'f.csv', x),
    fine: OPTIONAL,
  },
  ...(['dtMs', 'table', 'neuronsFile', 'connectome'] as const).map(
    (key): Call => ({
      call: `openNetwork(source, name, { ${key}: x })`,
      run: (x) => io.openNetwork(fileOf(bytes), 'f.csv', { [key]: x }),
      fine: {
        dtMs: ['undefined', '1.5', '1e300'],
        table: OPTIONAL,
        neuronsFile: ['undefined'],
        connectome: OPTIONAL,
      }[key],
    }),
  ),
  { call: 'convertNetwork(x, name, output)', run: (x) => io.convertNetwork(x, 'f', 'o.csv') },
  { call: 'convertNetwork(source, x, output)', run: (x) => io.convertNetwork(source, x, 'o.csv') },
  {
    call: 'convertNetwork(source, name, x)',
    run: (x) => io.convertNetwork(fileOf(bytes), 'f.csv', x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  {
    call: 'convertNetwork(source, name, output, x)',
    run: (x) => io.convertNetwork(fileOf(bytes), 'f.csv', 'o.csv', x),
    fine: OPTIONAL,
  },
  {
    call: 'outputFormat(x)',
    run: (x) => io.outputFormat(x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  { call: 'documentBytes(x)', run: (x) => io.documentBytes(x) },
  { call: 'openZip(x, name)', run: (x) => io.openZip(x, 'f.zip') },
  { call: 'readConnectomeTable(x)', run: (x) => connectome.readConnectomeTable(x) },
  {
    call: 'readConnectomeTable(b, x)',
    run: (x) => connectome.readConnectomeTable(bytes, x),
    fine: OPTIONAL,
  },
  {
    call: 'readConnectomeTable(b, { columns: x })',
    run: (x) => connectome.readConnectomeTable(bytes, { columns: x }),
    fine: ['undefined'],
  },
  {
    call: 'readConnectomeTable(b, { reference: x })',
    run: (x) => connectome.readConnectomeTable(bytes, { reference: x }),
    fine: ['undefined'],
  },
  {
    call: 'readConnectomeTable(b, { neuronCount: x })',
    run: (x) => connectome.readConnectomeTable(bytes, { neuronCount: x }),
    fine: ['undefined'],
  },
  {
    call: 'readConnectomeTable(b, { neurons: x })',
    run: (x) => connectome.readConnectomeTable(bytes, { neurons: x }),
    fine: ['undefined'],
  },
  { call: 'readNeuronTable(x)', run: (x) => connectome.readNeuronTable(x) },
  {
    call: 'readNeuronTable(b, x)',
    run: (x) => connectome.readNeuronTable(new TextEncoder().encode('id\n1\n'), x),
    fine: OPTIONAL,
  },
  { call: 'connectomeNetwork(x)', run: (x) => connectome.connectomeNetwork(x) },
  {
    call: 'connectomeNetwork(t, x)',
    run: (x) => connectome.connectomeNetwork(table, x),
    fine: OPTIONAL,
  },
  { call: 'connectomeToCsv(x)', run: (x) => [...connectome.connectomeToCsv(x)] },
  { call: 'connectomeToParquet(x)', run: (x) => connectome.connectomeToParquet(x) },
  { call: 'readSonata(x, name)', run: (x) => sonata.readSonata(x, 'f') },
  { call: 'readSonata(source, x)', run: (x) => sonata.readSonata(source, x) },
  { call: 'writeSonata(x)', run: (x) => sonata.writeSonata(x) },
  { call: 'writeSonata(d, x)', run: (x) => sonata.writeSonata(document, x), fine: OPTIONAL },
  {
    call: 'writeSonata(d, { duration: x })',
    run: (x) => sonata.writeSonata(document, { duration: x }),
    fine: ['undefined'],
  },
  { call: 'writeSonataSpikes(x)', run: (x) => sonata.writeSonataSpikes(x), fine: ['[]'] },
  { call: 'spikesToSonata(x)', run: (x) => results.spikesToSonata(x) },
  { call: 'readNir(x)', run: (x) => nir.readNir(x) },
  { call: 'writeNir(x)', run: (x) => nir.writeNir(x) },
  { call: 'graphOfNetwork(x)', run: (x) => nir.graphOfNetwork(x) },
  { call: 'networkOfGraph(x)', run: (x) => nir.networkOfGraph(x) },
  { call: 'readNeuroml(x, name)', run: (x) => neuroml.readNeuroml(x, 'f') },
  { call: 'readNeuroml(read, x)', run: (x) => neuroml.readNeuroml(async () => '<neuroml/>', x) },
  { call: 'importNeuroml(x, name)', run: (x) => neuroml.importNeuroml(x, 'f') },
  { call: 'spikesToCsv(x)', run: (x) => [...results.spikesToCsv(x)] },
  { call: 'tracesToCsv(x)', run: (x) => [...results.tracesToCsv(x)] },
  { call: 'spikesToParquet(x)', run: (x) => results.spikesToParquet(x) },
  { call: 'spikesToParquet(t, x)', run: (x) => results.spikesToParquet(spikes, x), fine: OPTIONAL },
  { call: 'spikesToNpz(x)', run: (x) => results.spikesToNpz(x) },
  { call: 'tracesToParquet(x)', run: (x) => results.tracesToParquet(x) },
  { call: 'documentFiles(x, name)', run: (x) => io.documentFiles(x, 'net') },
  {
    call: 'documentFiles(document, x)',
    run: (x) => io.documentFiles(document, x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  { call: 'writeZip(x)', run: (x) => io.writeZip(x), fine: ['Map'] },
  { call: 'peekTable(x, name)', run: (x) => connectome.peekTable(x, 'f') },
  {
    call: 'peekTable(bytes, x)',
    run: (x) => connectome.peekTable(bytes, x),
    fine: ['abc', '5 bananas', 'constructor'],
  },
  { call: 'tracesToNpz(x)', run: (x) => results.tracesToNpz(x) },
  { call: 'writeNpz(x)', run: (x) => results.writeNpz(x), fine: ['{}'] },
  { call: 'writeNpz({ a: x })', run: (x) => results.writeNpz({ a: x }) },
  { call: 'spikeTable(x)', run: (x) => results.spikeTable(x, populations, 1) },
  { call: 'createSpikeStream(x)', run: (x) => results.createSpikeStream(x) },
  ...(
    [
      ['format', ['undefined']],
      ['populations', ['[]']],
      ['dtMs', ['1.5', '1e300']],
      ['write', ['function']],
      ['groupSize', ['undefined']],
      ['provenance', OPTIONAL],
    ] as const
  ).map(
    ([key, fine]): Call => ({
      call: `createSpikeStream({ ${key}: x })`,
      run: (x) => results.createSpikeStream({ populations, dtMs: 1, write, [key]: x }),
      fine,
    }),
  ),
  { call: 'locateFile(x)', run: (x) => node.locateFile(x), fine: [] },
  {
    call: 'locateFile(path, x)',
    run: (x) => node.locateFile('package.json', x),
    fine: ['undefined'],
  },
  { call: 'folderSource(x)', run: (x) => node.folderSource(x) },
];

describeNonsense(CALLS);

describe('nothing is forgotten', () => {
  it('every exported function has a test with nonsense', () => {
    const text = readFileSync('tests/unit/io/nonsense.test.ts', 'utf8');
    const names = [io, connectome, sonata, nir, neuroml, results, node].flatMap((module) =>
      Object.entries(module).flatMap(([name, value]) =>
        typeof value === 'function' ? [name] : [],
      ),
    );
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !text.includes(`call: '${name}(`))).toEqual([]);
  });
});
