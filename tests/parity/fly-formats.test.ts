/** The fly circuit from CSV and, converted, from Parquet and SONATA: the same spikes, by hash. */
import { expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import { createSimulation, type NetworkDocument } from '../../src/index.ts';
import { connectomeNetwork } from '../../src/io/connectome-network.ts';
import { readConnectomeTable } from '../../src/io/connectome-table.ts';
import { connectomeToCsv, connectomeToParquet } from '../../src/io/connectome-write.ts';
import { memorySource } from '../../src/io/file-source.ts';
import { readSonata } from '../../src/io/sonata/read.ts';
import { writeSonata } from '../../src/io/sonata/write.ts';
import { dataFolder, folderSource } from '../support/folder.ts';
import { dataReader, describeReference } from '../support/reference.ts';

async function hashOf(document: NetworkDocument): Promise<string> {
  using simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run('500 ms');
  expect(simulation.summary().spikes).toBeGreaterThan(100);
  return simulation.spikeHash();
}

describeReference('fly circuit', () => {
  it('spikes the same from CSV, Parquet and SONATA', async () => {
    const bytes = await folderSource(dataFolder('flywire-p9')).readBytes('edges.csv');
    const fromCsv = await readConnectomeTable(bytes, { file: 'edges.csv' });
    const network = connectomeNetwork(fromCsv, { driveRate: '20 Hz' });
    const hash = await hashOf(network);

    const parquet = await readConnectomeTable(await connectomeToParquet(fromCsv));
    expect(parquet.report.format).toBe('parquet');
    expect(await hashOf(connectomeNetwork(parquet, { driveRate: '20 Hz' }))).toBe(hash);

    const text = new TextEncoder().encode([...connectomeToCsv(fromCsv)].join(''));
    expect((await readConnectomeTable(text)).weight).toEqual(fromCsv.weight);

    const files = await writeSonata(network, { duration: '500 ms' });
    const { document, duration } = await readSonata(memorySource(files), 'circuit_config.json');
    expect(duration).toBe('500 ms');
    expect(document.populations).toEqual(network.populations);
    expect(document.recordings).toEqual(network.recordings);
    expect(await hashOf(document)).toBe(hash);
  });

  it('the replay of recorded spikes goes through SONATA unchanged', async () => {
    const example = await examples['fly-p9']?.load?.(dataReader('flywire-p9'));
    const network = example?.build({ trial: 3 }) as NetworkDocument;
    const files = await writeSonata(network);
    const { document } = await readSonata(memorySource(files), 'config.json');
    expect(await hashOf(document)).toBe(await hashOf(network));
  });
});
