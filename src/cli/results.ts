/** Files that `run --out` writes: spikes, traces, the summary. Overwrites what it wrote before. */
import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type RunSummary,
  type Simulation,
  spikesToCsv,
  spikesToParquet,
  spikeTable,
  tracesToCsv,
} from '../index.ts';
import { spikesToNpz, tracesToNpz } from '../io/npz.ts';
import { spikesToSonata } from '../io/sonata/write-spikes.ts';
import { UsageError } from './usage.ts';

export const SPIKE_FORMATS = ['parquet', 'csv', 'npz', 'sonata'] as const;
export type SpikeFormat = (typeof SPIKE_FORMATS)[number];

/** Makes the folder of --out before a long run, so that a wrong name is found out at once. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'EEXIST' ? 'there is a file of that name' : error.message;
    throw new UsageError(`--out must be a folder that can be written, got "${folder}": ${reason}.`);
  }
}

/** Writes everything recorded into a folder that there is; resolves to the paths written. */
export async function writeResults(
  folder: string,
  format: SpikeFormat,
  simulation: Simulation,
  summary: RunSummary & { readonly spike_hash: string },
): Promise<string[]> {
  const written: string[] = [];
  const pathOf = (name: string): string => {
    const path = join(folder, name);
    written.push(path);
    return path;
  };
  const table = spikeTable(simulation.allSpikes(), simulation.populations, simulation.dtMs);
  if (format === 'csv') {
    await writePieces(pathOf('spikes.csv'), spikesToCsv(table));
  } else if (format === 'npz') {
    await writeFile(pathOf('spikes.npz'), await spikesToNpz(table));
  } else if (format === 'sonata') {
    await writeFile(pathOf('spikes.h5'), await spikesToSonata(table));
  } else {
    const provenance = {
      model: summary.model,
      engine: summary.engine,
      seed: String(summary.seed),
      dt_ms: String(summary.dt_ms),
      duration_ms: String(summary.duration_ms),
      spike_hash: summary.spike_hash,
    };
    const bytes = await spikesToParquet(table, provenance);
    await writeFile(pathOf('spikes.parquet'), new Uint8Array(bytes));
  }
  for (const recording of simulation.document.recordings) {
    if (recording.kind !== 'state') continue;
    const trace = simulation.state(recording);
    if (format === 'npz') {
      await writeFile(pathOf(`${fileName(recording.name)}.npz`), await tracesToNpz(trace));
    } else {
      await writePieces(pathOf(`${fileName(recording.name)}.csv`), tracesToCsv(trace));
    }
  }
  await writeFile(pathOf('summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  return written;
}

async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(pieces), createWriteStream(path));
}

/** Names of recordings are anything; names of files are not. */
const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '');
