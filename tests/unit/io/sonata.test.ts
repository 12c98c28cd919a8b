/** SONATA circuits: what is read, what is refused, and that others read what is written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { examples } from '../../../src/examples/index.ts';
import { createSimulation, models, Network, type NetworkDocument } from '../../../src/index.ts';
import { type FileSource, memorySource } from '../../../src/io/file-source.ts';
import { readSonata } from '../../../src/io/sonata/read.ts';
import { writeSonata } from '../../../src/io/sonata/write.ts';
import { spikesToSonata } from '../../../src/io/sonata/write-spikes.ts';
import { spikeTable } from '../../../src/io/spike-table.ts';
import { dataFolder, folderSource } from '../../support/folder.ts';
import { describeReference } from '../../support/reference.ts';

const text = (content: object | string): Uint8Array =>
  new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => 'was read',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NetworkError);
  return (error as NetworkError).message;
}

/** Two populations of NEST's neurons, a virtual one, and connections of both signs. */
function nestNetwork(): NetworkDocument {
  const net = new Network({ name: 'two', dt: '0.1 ms', seed: 3 });
  const input = net.spikeList('input', 2, { indices: [0, 1, 0], timesMs: [1, 2, 30] });
  const exc = net.population('exc', 4, models.lifCurrExp.with({ i_offset: '370 pA' }));
  const inh = net.population('inh', 3, models.lifCondExp.with({ i_offset: '300 pA' }));
  net
    .projection('drive', input, exc, {
      onPre: 'i_exc += w',
      params: { w: '900 pA' },
      delay: '1 ms',
    })
    .connect({ rule: 'all-to-all' });
  net
    .projection('onto inh', exc, inh, {
      eqs: 'w : siemens (constant)',
      onPre: 'g_inh += w',
      initial: { w: { values: [1, 2, 3.5], unit: 'nS' } },
      delay: { values: [1, 1.5, 0.3], unit: 'ms' },
    })
    .connect({ rule: 'list', pre: [0, 3, 2], post: [0, 1, 2] });
  net.record.spikes(exc);
  net.record.spikes(inh);
  return net.document;
}

async function hashOf(document: NetworkDocument, duration = '200 ms'): Promise<string> {
  using simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run(duration);
  expect(simulation.summary().spikes).toBeGreaterThan(0);
  return simulation.spikeHash();
}

describe('written and read back', () => {
  it('populations of NEST under their names', async () => {
    const network = nestNetwork();
    const files = await writeSonata(network, { duration: '200 ms' });
    const read = (name: string) => new TextDecoder().decode(files.get(name));
    expect(read('network/exc_node_types.csv')).toBe(
      'node_type_id model_type dynamics_params model_template\n0 point_neuron exc.json nest:iaf_psc_exp\n',
    );
    expect(JSON.parse(read('components/cell_models/exc.json'))).toMatchObject({
      I_e: 370,
      C_m: 250,
    });
    expect(read('network/onto_inh_edge_types.csv')).toContain('static_synapse');
    const { document } = await readSonata(memorySource(files), 'simulation_config.json');
    expect(document.populations).toEqual(network.populations);
    expect(await hashOf(document)).toBe(await hashOf(network));
  });

  it.each([
    ['one weight', { params: { weight: '30 nS' } }],
    [
      'a weight each',
      {
        eqs: 'weight : siemens (constant)',
        initial: { weight: { values: [20, 30, 40, 50], unit: 'nS' } },
      },
    ],
  ])('weights beside the adaptation current w of AdEx neurons: %s', async (_, weights) => {
    const net = new Network({ name: 'adapting', dt: '0.1 ms', seed: 3 });
    const input = net.spikeList('input', 2, { indices: [0, 1, 0], timesMs: [1, 2, 30] });
    const cells = net.population('cells', 2, models.adexCondExp.with({ i_offset: '600 pA' }));
    net
      .projection('drive', input, cells, { onPre: 'g_exc += weight', delay: '1 ms', ...weights })
      .connect({ rule: 'list', pre: [0, 0, 1, 1], post: [0, 1, 0, 1] });
    net.record.spikes(cells);
    const files = await writeSonata(net.document, { duration: '200 ms' });
    const types = new TextDecoder().decode(files.get('network/drive_edge_types.csv'));
    expect(types).toContain('static_synapse');
    const { document } = await readSonata(memorySource(files), 'simulation_config.json');
    expect(await hashOf(document)).toBe(await hashOf(net.document));
  });

  it.each(['cuba', 'brunel', 'izhikevich'])('example %s, to the spike', async (name) => {
    const isSized = Object.hasOwn(examples[name]?.parameters ?? {}, 'neurons');
    const values = isSized ? { neurons: 1000 } : { scale: 0.1 };
    const network = examples[name]?.build(values) as NetworkDocument;
    const files = await writeSonata(network);
    const { document } = await readSonata(memorySource(files), 'circuit_config.json');
    expect(await hashOf(document)).toBe(await hashOf(network));
  });

  it('refuses names that HDF5 cannot have, and rules without lists', async () => {
    const net = new Network();
    net.population('a/b', 2, models.lifDelta.with());
    expect(await refusal(writeSonata(net.document))).toMatchInlineSnapshot(
      `"Population "a/b": SONATA keeps it in an HDF5 group, whose name has no "/". Rename it."`,
    );
  });
});

const PYTHON = '/usr/bin/python3';
const hasH5py = ((): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import h5py'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasH5py) {
  process.stderr.write('\n!!! h5py TESTS SKIPPED: install it (Debian: python3-h5py)\n\n');
}

/** What h5py finds in a file: shapes, types, values and attributes by path. */
const LOOK = `
import h5py, json, sys
found = {}
def plain(v):
    return v.tolist() if hasattr(v, 'tolist') else v
def look(name, item):
    entry = {'attributes': {k: plain(v) for k, v in item.attrs.items()}}
    if isinstance(item, h5py.Dataset):
        entry.update(type=str(item.dtype), values=item[()].tolist())
    found[name] = entry
with h5py.File(sys.argv[1], 'r') as file:
    look('/', file)
    file.visititems(look)
json.dump(found, sys.stdout)
`;

type Found = Record<
  string,
  { type?: string; values?: unknown; attributes: Record<string, unknown> }
>;

function lookWithH5py(bytes: Uint8Array): Found {
  const folder = mkdtempSync(join(tmpdir(), 'wetware-h5py-'));
  try {
    const path = join(folder, 'file.h5');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return JSON.parse(execFileSync(PYTHON, ['-c', LOOK, path], { encoding: 'utf8' })) as Found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasH5py)('h5py reads', () => {
  it('nodes and edges with the types of the format', async () => {
    const files = await writeSonata(nestNetwork());
    const nodes = lookWithH5py(files.get('network/exc_nodes.h5') as Uint8Array);
    expect(nodes['/']?.attributes).toEqual({ version: [0, 1], magic: 0x0a7a });
    expect(nodes['nodes/exc/node_id']).toMatchObject({ type: 'uint64', values: [0, 1, 2, 3] });
    expect(nodes['nodes/exc/node_type_id']).toMatchObject({ type: 'uint64', values: [0, 0, 0, 0] });
    expect(nodes['nodes/exc/node_group_id']?.type).toBe('uint32');
    const edges = lookWithH5py(files.get('network/onto_inh_edges.h5') as Uint8Array);
    expect(edges['edges/onto inh/source_node_id']).toEqual({
      type: 'uint64',
      values: [0, 3, 2],
      attributes: { node_population: 'exc' },
    });
    expect(edges['edges/onto inh/target_node_id']?.attributes).toEqual({ node_population: 'inh' });
    expect(edges['edges/onto inh/edge_group_index']).toMatchObject({ values: [0, 1, 2] });
    expect(edges['edges/onto inh/0/syn_weight']).toMatchObject({
      type: 'float64',
      values: [-1, -2, -3.5],
    });
    expect(edges['edges/onto inh/0/delay']).toMatchObject({
      type: 'float64',
      values: [1, 1.5, 0.3],
    });
  });

  it('spikes', async () => {
    const spikes = { steps: Uint32Array.of(3, 3, 7), neurons: Uint32Array.of(2, 11, 9) };
    const populations = [
      { name: 'a', first: 0 },
      { name: 'b', first: 10 },
    ];
    const found = lookWithH5py(await spikesToSonata(spikeTable(spikes, populations, 0.5)));
    expect(found['spikes/a']?.attributes).toEqual({ sorting: 'by_time' });
    expect(found['spikes/a/timestamps']).toEqual({
      type: 'float64',
      values: [1.5, 3.5],
      attributes: { units: 'ms' },
    });
    expect(found['spikes/a/node_ids']).toMatchObject({ type: 'uint64', values: [2, 9] });
    expect(found['spikes/b/node_ids']).toMatchObject({ values: [1] });
  });
});

describe('refused', () => {
  const open = (files: Record<string, object | string | Uint8Array>): Promise<unknown> => {
    const contents = Object.entries(files).map(
      ([name, content]) => [name, content instanceof Uint8Array ? content : text(content)] as const,
    );
    return readSonata(memorySource(new Map(contents)), 'circuit_config.json');
  };

  it.each([
    ['what is no JSON', '{'],
    ['no networks', {}],
    ['a path out of the folder', { networks: { nodes: [{ nodes_file: '../../etc/passwd' }] } }],
    ['an absolute path', { networks: { nodes: [{ nodes_file: '/etc/passwd' }] } }],
    [
      'a path out of the folder by the manifest',
      { manifest: { $N: '$M', $M: 'a/../..' }, networks: { nodes: [{ nodes_file: '$N/x.h5' }] } },
    ],
    [
      'a manifest that never ends',
      { manifest: { $N: '$N/a' }, networks: { nodes: [{ nodes_file: '$N' }] } },
    ],
    ['an unknown variable', { networks: { nodes: [{ nodes_file: '$NET/x.h5' }] } }],
    ['a missing file', { networks: { nodes: [{ nodes_file: 'x.h5' }] } }],
  ])('%s', async (_, config) => {
    expect(await refusal(open({ 'circuit_config.json': config }))).toMatchSnapshot();
  });

  it('a model that cannot be run, by name', async () => {
    const files = await writeSonata(nestNetwork());
    const types = 'network/exc_node_types.csv';
    const changed = new TextDecoder().decode(files.get(types)).replace('iaf_psc_exp', 'glif_psc');
    const all = new Map(files).set(types, text(changed));
    const message = await refusal(readSonata(memorySource(all), 'circuit_config.json'));
    expect(message).toContain('nest:glif_psc');
    const parameters = 'components/cell_models/exc.json';
    const wrong = new Map(files).set(parameters, text({ C_m: 250, V_foo: 1 }));
    expect(await refusal(readSonata(memorySource(wrong), 'config.json'))).toContain('V_foo');
  });

  it('HDF5 files that are cut off or of something else', async () => {
    const files = await writeSonata(nestNetwork());
    const name = 'network/onto_inh_edges.h5';
    const whole = files.get(name) as Uint8Array;
    const cut = new Map(files).set(name, whole.subarray(0, whole.length >> 1));
    expect(await refusal(readSonata(memorySource(cut), 'config.json'))).toContain(name);
    const nodes = files.get('network/exc_nodes.h5') as Uint8Array;
    const swapped = new Map(files).set(name, nodes);
    expect(await refusal(readSonata(memorySource(swapped), 'config.json'))).toMatchInlineSnapshot(
      `"network/onto_inh_edges.h5, /edges: there is no such group. / has: nodes."`,
    );
  });
});

describeReference('published circuits', () => {
  const source: FileSource = folderSource(dataFolder('.'));
  const point = 'bmtk-point-120cells/point_120cells/config';
  const nest = 'sonata/sim_tests/intfire';

  it('BMTK: 120 cells with given spikes, positions and a report', async () => {
    const { document, duration } = await readSonata(source, `${point}.simulation.json`);
    expect(duration).toBe('3000 ms');
    expect(document.dt).toBe('0.001 ms');
    const [cortex, thalamus] = document.populations;
    expect(thalamus).toMatchObject({ kind: 'spikes', size: 100 });
    expect(thalamus?.kind === 'spikes' && thalamus.indices.length).toBe(3024);
    expect(cortex).toMatchObject({ size: 120, model: 'lif-delta' });
    expect(cortex?.kind === 'neurons' && Object.keys(cortex.initial)).toEqual(['v', 'x', 'y', 'z']);
    expect(document.recordings[1]).toMatchObject({
      variables: ['v'],
      neurons: [0, 20, 60, 80, 100],
    });
    const coarse = await readSonata(source, `${point}.simulation.json`, { dtMs: 0.1 });
    const files = await writeSonata(coarse.document);
    const again = await readSonata(memorySource(files), 'config.json');
    expect(await hashOf(again.document, '1 s')).toBe(await hashOf(coarse.document, '1 s'));
  });

  it('BMTK: one current clamp in three spellings', async () => {
    const names = ['_iclamp', '_iclamp.aslist', '_iclamp.csv'];
    const [entries, list, csv] = await Promise.all(
      names.map(async (name) => {
        const { document } = await readSonata(source, `${point}.simulation${name}.json`, {
          dtMs: 0.1,
        });
        using simulation = await createSimulation(document, { engine: 'cpu', precision: 'f64' });
        await simulation.run('1200 ms');
        return simulation.state('membrane_potential').values.v as Float64Array;
      }),
    );
    expect(list).toEqual(entries);
    // 150 pA into 250 pF with 10 ms: 6 mV above rest, after many time constants.
    expect(entries?.[9_999]).toBeCloseTo(-64, 3);
    expect(csv?.[12_500 - 600]).toBeCloseTo(-64, 3);
  });

  it('SONATA tests of NEST and NEURON cells', async () => {
    for (const name of ['one_cell_iclamp_nest', 'ten_cells_iclamp_nest', 'ten_cells_spikes_nest']) {
      const { document } = await readSonata(source, `${nest}/${name}/input/config.json`, {
        dtMs: 0.1,
      });
      expect(document.populations.at(-1)).toMatchObject({ model: 'lif-curr-alpha' });
    }
    const { notes } = await readSonata(source, `${nest}/ten_cells_spikes_nrn/input/config.json`);
    expect(notes).toMatchInlineSnapshot(`
      [
        "post: IntFire1 event by event on the time grid, given spikes at the nearest step.",
        "sonata/sim_tests/intfire/ten_cells_spikes_nrn/input/tw_spikes.h5: 248 spikes are of nodes that "pre" has not.",
        "pre_to_post: 22 edges have no delay; what they carry acts one step (0.1 ms) late.",
      ]
    `);
  });

  it('refuses shared components outside the given root', async () => {
    const inside = folderSource(dataFolder('sonata/300_intfire'));
    expect(await refusal(readSonata(inside, 'circuit_config.json'))).toMatchInlineSnapshot(
      `"circuit_config.json: path "$COMPONENT_DIR/synaptic_models" leads out of the folder that may be read. Give a root folder that holds both the configuration and what it names (--root)."`,
    );
  });
});
