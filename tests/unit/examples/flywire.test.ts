/**
 * The fly brain from its files: which files are taken, neurons by id, experiments, and results in the published columns.
 */
import { describe, expect, it } from 'vitest';
import { respondersOf } from '../../../src/examples/flywire-results.ts';
import type { Example, ExampleRun } from '../../../src/examples/index.ts';
import { examples } from '../../../src/examples/index.ts';
import {
  createSimulation,
  NetworkError,
  type ProjectionDocument,
  runMany,
} from '../../../src/index.ts';
import { openParquet } from '../../../src/io/parquet-read.ts';
import { dataFolder, folderSource } from '../../support/folder.ts';
import { dataReader, describeReference } from '../../support/reference.ts';

/** Four neurons with 18-digit ids, of which doubles would make two the same. */
const IDS = ['720575940000000001', '720575940000000002', '720575940000000003', '72057594000000000'];
const FILES: Readonly<Record<string, string>> = {
  'Connectivity_783.csv': '',
  'Completeness_783.csv': `,Completed\n${IDS.map((id) => `${id},True\n`).join('')}`,
  'groups.csv': `group,id\nfirst,${IDS[0]}\npair,${IDS[1]}\npair,${IDS[2]}\n`,
};
const CONNECTIONS = `Presynaptic_Index,Postsynaptic_Index,Excitatory x Connectivity
0,1,200
1,2,200
2,3,-7
0,3,3
`;

async function load(files: Readonly<Record<string, string | Uint8Array>>): Promise<Example> {
  const found = await examples.flywire?.load?.(async (file) => {
    const content = Object.hasOwn(files, file) ? files[file] : undefined;
    if (content === undefined) throw new Error('ENOENT');
    return content;
  });
  if (found === undefined) throw new Error('no example flywire');
  return found;
}

/** The readers of tables look at the content, so a CSV may stand where a Parquet file is expected. */
const small = () => load({ ...FILES, 'Connectivity_783.parquet': CONNECTIONS });

/** The synapse numbers of a projection. */
function synapsesOf(projection: ProjectionDocument | undefined): number[] {
  const given = projection?.initial.n_syn;
  if (typeof given !== 'object' || !('values' in given)) throw new Error('no synapse numbers');
  expect(given.unit).toBe('1');
  return [...given.values];
}

describe('experiments', () => {
  it('ids and groups name neurons; the network is numbered as the table', async () => {
    const brain = await small();
    const { projections, populations } = brain.build({
      activate: `first, ${IDS[2]} ${IDS[2]}`,
      silence: 'pair',
      rate: '100 Hz',
    });
    expect(populations.map(({ name, size }) => [name, size])).toEqual([
      ['brain', 4],
      ['drive', 2],
    ]);
    const [brainToBrain, drive] = projections;
    expect(drive?.connect).toMatchObject({ pre: [0, 1], post: [0, 2] });
    expect(synapsesOf(brainToBrain)).toEqual([200, 0, 0, 3]);
    // Nothing of it stays for the next experiment.
    const again = brain.build({ activate: 'first' });
    expect(synapsesOf(again.projections[0])).toEqual([200, 200, -7, 3]);
  });

  it.each([
    [{}, /activate names no neuron.*--set activate=ID,ID/],
    [{ activate: '720575940000000004' }, /activate names neuron 720575940000000004, which is not/],
    [{ activate: 'frist' }, /Did you mean the group "first"\? Groups of groups\.csv: first, pair/],
    [{ activate: 'first', silence: 'x' }, /silence names neuron x, which is not among the 4/],
    [{ activate: 720575940 }, /activate must be a text of at most 100000 characters/],
    [{ activate: 'first', trials: 0 }, /trials must be a whole number from 1 to 1000/],
    [{ activate: 'first', experiment: '../x' }, /experiment must be letters, digits/],
  ])('%j is refused', async (values, message) => {
    const brain = await small();
    expect(() => brain.build(values as Record<string, string>)).toThrow(message);
    expect(() => brain.build(values as Record<string, string>)).toThrow(NetworkError);
  });

  it('says which files are missing, and takes zipped neuron tables', async () => {
    await expect(load({})).rejects.toThrow(
      /cannot read Connectivity_783\.parquet \(ENOENT\)[\s\S]*github\.com\/philshiu/,
    );
    await expect(load({ 'Connectivity_783.parquet': CONNECTIONS })).rejects.toThrow(
      /cannot read Completeness_783\.csv \(ENOENT\)/,
    );
    const brain = await load({
      'Connectivity_783.parquet': CONNECTIONS,
      'Completeness_783.csv.gz': FILES['Completeness_783.csv'] as string,
    });
    expect(brain.build({ activate: IDS[0] as string }).populations[0]?.size).toBe(4);
    expect(() => brain.build({ activate: 'first' })).toThrow(/names neuron first/);
  });

  it('trials are runs with consecutive seeds, and responders have ids, means and spreads', async () => {
    const brain = await small();
    const values = { activate: 'first', rate: '200 Hz', trials: 3, experiment: 'test-1' };
    expect(brain.trials?.(values)).toBe(3);
    const { runs } = await runMany((_, options) => brain.build(values, options), {
      engine: 'cpu',
      seeds: [1, 2, 3],
      duration: '500 ms',
    });
    const files = (await brain.results?.(runs, values)) ?? new Map<string, string>();
    expect([...files.keys()]).toEqual(['test-1-rates.csv', 'test-1.parquet']);
    const counts = runs.map((run) => {
      const { neurons } = run.spikes('brain spikes');
      return IDS.map((_, index) => neurons.filter((neuron) => neuron === index).length);
    });
    const rates = IDS.map((_, index) => counts.map((trial) => (trial[index] as number) / 0.5));
    const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    // 200 synapses of 0.275 mV make the next neuron fire, but not for every spike; the third only inhibits.
    expect(mean(rates[0] as number[])).toBeGreaterThan(150);
    expect(mean(rates[1] as number[])).toBeGreaterThan(50);
    expect(counts.every((trial) => trial[3] === 0)).toBe(true);
    const rows = String(files.get('test-1-rates.csv')).trim().split('\n');
    expect(rows[0]).toBe('flywire_id,mean_rate_hz,sd_rate_hz');
    expect(rows.length).toBe(4);
    for (const row of rows.slice(1)) {
      const [id = '', meanHz, sdHz] = row.split(',');
      const expected = rates[IDS.indexOf(id)] as number[];
      const variance = mean(expected.map((rate) => (rate - mean(expected)) ** 2));
      expect(Number(meanHz)).toBeCloseTo(mean(expected), 9);
      expect(Number(sdHz)).toBeCloseTo(Math.sqrt(variance), 9);
    }
    const table = await openParquet(files.get('test-1.parquet') as Uint8Array, 'test-1');
    expect(table.columns).toEqual(['t', 'trial', 'flywire_id', 'exp_name']);
    const all = await readAll(table);
    const total = counts.flat().reduce((sum, count) => sum + count, 0);
    expect(all.flywire_id?.length).toBe(total);
    expect([...new Set(all.trial)]).toEqual([0, 1, 2]);
    expect([...new Set(all.exp_name)]).toEqual(['test-1']);
    expect(all.flywire_id?.filter((id) => id === BigInt(IDS[1] as string)).length).toBe(
      counts.reduce((sum, trial) => sum + (trial[1] as number), 0),
    );
    await expect(async () => brain.results?.('runs' as never, values)).rejects.toThrow(
      /runs must be a list of simulations .* got "runs"/,
    );
    const times = runs[0]?.spikes('brain spikes').timesMs() as Float64Array;
    expect((all.t as number[]).slice(0, times.length)).toEqual([...times].map((t) => t / 1000));
  });
});

/** All columns of a Parquet table. */
async function readAll(
  table: Awaited<ReturnType<typeof openParquet>>,
): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = Object.fromEntries(
    table.columns.map((name) => [name, []]),
  );
  await table.read(table.columns, (columns, _, count) => {
    for (const [name, list] of Object.entries(all)) {
      for (let k = 0; k < count; k++) list.push(columns.get(name)?.[k]);
    }
  });
  return all;
}

describeReference('published results', () => {
  it('the rates of the sugar experiment come out of its spikes', async () => {
    const folder = folderSource(dataFolder('flywire-shiu2024'));
    const table = await openParquet(await folder.readBytes('sugarR_100Hz.parquet'), 'sugarR_100Hz');
    const { t, trial, flywire_id: ids } = await readAll(table);
    const known = [...new Set(ids)] as bigint[];
    const numberOf = new Map(known.map((id, index) => [id, index]));
    const runs: ExampleRun[] = Array.from({ length: 30 }, (_, number) => {
      const rows = (trial ?? []).flatMap((one, row) => (Number(one) === number ? [row] : []));
      const spikes = {
        steps: Uint32Array.from(rows, (row) => Math.round((t?.[row] as number) * 1e4)),
        neurons: Uint32Array.from(rows, (row) => numberOf.get(ids?.[row] as bigint) as number),
      };
      return { step: 10_000, dtMs: 0.1, spikes: () => spikes };
    });
    const { responders, spikes } = respondersOf(runs);
    expect(spikes.seconds.length).toBe(289_073);
    const rates = (await dataReader('flywire-shiu2024')('rates_sugarR_100Hz.csv'))
      .trim()
      .split('\n')
      .slice(1);
    expect(responders.length).toBe(rates.length);
    const published = new Map(
      rates.map((row) => {
        const [id = '', mean, sd] = row.split(',');
        return [id, [Number(mean), Number(sd)]];
      }),
    );
    for (const { neuron, meanHz, sdHz } of responders) {
      const [mean = 0, sd = 0] = published.get(String(known[neuron])) ?? [];
      expect(meanHz).toBeCloseTo(mean, 9);
      expect(sdHz).toBeCloseTo(sd, 9);
    }
  });

  it('the P9 circuit among all 127,400 neurons of snapshot 630', { timeout: 300_000 }, async () => {
    const circuit = folderSource(dataFolder('flywire-p9'));
    const tables = folderSource(dataFolder('flywire-shiu2024'));
    const name = '2023_03_23_completeness_630_final.csv.gz';
    const brain = await load({
      '2023_03_23_connectivity_630_final.parquet': await circuit.readBytes(
        'connectivity_p9_v630.parquet',
      ),
      [name]: await tables.readBytes(name),
    });
    const nodes = (await dataReader('flywire-p9')('nodes.csv'))
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const driven = nodes.filter((fields) => fields[4] === '1').map((fields) => fields[1]);
    const values = { activate: driven.join(','), rate: '150 Hz' };
    const runs: ExampleRun[] = [];
    for (const seed of [1, 2, 3, 4]) {
      const document = brain.build(values, { seed });
      using simulation = await createSimulation(document, { engine: 'cpu' });
      await simulation.run('1 s');
      const spikes = simulation.spikes('brain spikes');
      runs.push({ step: simulation.step, dtMs: simulation.dtMs, spikes: () => spikes });
    }
    const recorded = new Map(nodes.map((fields) => [Number(fields[2]), fields]));
    const { responders } = respondersOf(runs);
    // The circuit is closed: nobody else of the brain fires.
    expect(responders.every(({ neuron }) => recorded.has(neuron))).toBe(true);
    for (const { neuron, meanHz } of responders) {
      const [, , , , isDriven, mean, sd] = recorded.get(neuron) as string[];
      // Standard errors of four and of thirty trials; four of them, and 1 Hz for rates near 0. The drive of both driven
      // neurons carries the rates of all others with it, so these errors are not independent.
      const error = Number(sd) * Math.sqrt(1 / 4 + 1 / 30);
      const allowed = 4 * error + (isDriven === '1' ? 0 : 1);
      expect(Math.abs(meanHz - Number(mean)), `neuron ${neuron}`).toBeLessThan(allowed);
    }
    const strong = nodes.filter((fields) => Number(fields[5]) > 5);
    const found = new Set(responders.map(({ neuron }) => neuron));
    expect(strong.every((fields) => found.has(Number(fields[2])))).toBe(true);
  });
});
