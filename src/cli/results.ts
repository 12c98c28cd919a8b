/**
 * Files that `run --out` writes: spikes, traces, the summary. Spikes go to their file while they happen, where the format
 * allows it, under a name that ends in ".part" until they are complete. Overwrites what it wrote before.
 */
import {
  closeSync,
  constants,
  createWriteStream,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { accelerationsText, type RunSummary, type Simulation } from '../index.ts';
import {
  createSpikeStream,
  spikesToNpz,
  spikesToSonata,
  spikeTable,
  tracesToCsv,
  tracesToNpz,
} from '../io/results.ts';
import { RunError, UsageError } from './usage.ts';

export const SPIKE_FORMATS = ['parquet', 'csv', 'npz', 'sonata'] as const;
export type SpikeFormat = (typeof SPIKE_FORMATS)[number];

/** What a run reports, with the hash of its spikes. */
export type Report = RunSummary & { readonly spike_hash: string };

/** Whether a format needs all spikes at once: those that begin with how many there are. */
export const needsAllSpikes = (format: SpikeFormat): boolean =>
  format === 'npz' || format === 'sonata';

/** Most spikes of such a file: some 50 bytes each while it is made. */
const MOST_AT_ONCE = 50_000_000;

/** Makes the folder of --out before a long run, so that a wrong name is found out at once. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'EEXIST' ? 'there is a file of that name' : error.message;
    throw new UsageError(`--out must be a folder that can be written, got "${folder}": ${reason}.`);
  }
}

/**
 * A folder and those above it. (Node's own `recursive` never returns where a file system that cannot make folders says
 * that the parent is missing, as /proc does.)
 */
async function makeFolders(folder: string): Promise<void> {
  const isThere = (await stat(folder).catch(() => null))?.isDirectory();
  if (isThere) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolders(parent);
  await mkdir(folder);
}

/** What files are made from: a simulation, or one run of many. */
export type Recorded = Pick<
  Simulation,
  'populations' | 'dtMs' | 'document' | 'allSpikes' | 'state'
>;

/** Spikes on their way to a file. */
export interface SpikeFile {
  /** For onSpikes. */
  append(steps: Uint32Array, neurons: Uint32Array): void;
  /** Ends the file and gives it its name; resolves to its path. */
  finish(report: Report): Promise<string>;
  /** Removes what was written, after a failure. Does nothing after `finish`. */
  discard(): void;
}

/** Begins the file of spikes of a simulation that has not run yet. */
export async function createSpikeFile(
  folder: string,
  format: SpikeFormat,
  simulation: Recorded,
): Promise<SpikeFile> {
  return format === 'parquet' || format === 'csv'
    ? streamedFile(join(folder, `spikes.${format}`), format, simulation)
    : collectedFile(folder, format, simulation);
}

async function streamedFile(
  path: string,
  format: 'parquet' | 'csv',
  { populations, dtMs }: Recorded,
): Promise<SpikeFile> {
  const part = `${path}.part`;
  let file: number | null = openSync(part, 'w');
  const stream = await createSpikeStream({
    format,
    populations,
    dtMs,
    write(bytes) {
      // One call may write less than it is given.
      for (let at = 0; at < bytes.length && file !== null; ) {
        at += writeSync(file, bytes, at);
      }
    },
  });
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  return {
    append: (steps, neurons) => stream.append(steps, neurons),
    async finish(report) {
      stream.finish(provenance(report));
      close();
      renameSync(part, path);
      return path;
    },
    discard() {
      if (file === null) return;
      close();
      rmSync(part, { force: true });
    },
  };
}

/** npz and SONATA: the simulation keeps the spikes until the end. */
function collectedFile(folder: string, format: 'npz' | 'sonata', simulation: Recorded): SpikeFile {
  let count = 0;
  return {
    append(steps) {
      count += steps.length;
      if (count <= MOST_AT_ONCE) return;
      throw new RunError(
        `more than ${MOST_AT_ONCE} spikes: --format ${format} holds all of them in memory; parquet and csv do not.`,
      );
    },
    async finish() {
      const table = spikeTable(simulation.allSpikes(), simulation.populations, simulation.dtMs);
      const isNpz = format === 'npz';
      const path = join(folder, isNpz ? 'spikes.npz' : 'spikes.h5');
      await writeFile(path, await (isNpz ? spikesToNpz(table) : spikesToSonata(table)));
      return path;
    },
    discard() {},
  };
}

function provenance(report: Report) {
  const { model, engine, seed, dt_ms, duration_ms, slow_time, spike_hash } = report;
  const accelerated = accelerationsText(slow_time);
  const facts = {
    model,
    engine,
    seed,
    dt_ms,
    duration_ms,
    ...(accelerated === '' ? {} : { acceleration: accelerated }),
    spike_hash,
  };
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)]));
}

/** Writes traces and the summary into a folder that there is; resolves to the paths written. */
export async function writeResults(
  folder: string,
  format: SpikeFormat,
  simulation: Recorded,
  summary: Report,
): Promise<string[]> {
  const written: string[] = [];
  const pathOf = (name: string): string => {
    const path = join(folder, name);
    written.push(path);
    return path;
  };
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

/** Writes what an example makes of its runs: contents by the name of the file. */
export async function writeTables(
  folder: string,
  tables: ReadonlyMap<string, string | Uint8Array>,
): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, content] of tables) {
    const path = join(folder, fileName(name));
    await writeFile(path, content);
    paths.push(path);
  }
  return paths;
}

async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(pieces), createWriteStream(path));
}

/** Names of recordings are anything; names of files are not. */
const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '');
