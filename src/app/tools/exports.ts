/**
 * Files that leave the page: networks as documents, scripts and circuits; spikes and traces as tables. Bytes only; who
 * asks and saves is in share/.
 */
import type { NetworkDocument, StateTrace } from '../../index.ts';
import { documentBytes, documentFiles, writeZip } from '../../io/index.ts';
import {
  type PopulationColumn,
  type Provenance,
  type ShapedArray,
  spikesToCsv,
  spikesToNpz,
  spikesToParquet,
  spikeTable,
  tracesToCsv,
  tracesToNpz,
  tracesToParquet,
  writeNpz,
} from '../../io/results.ts';
import { toBrian2, toPyNN, toTypeScript } from '../../io/scripts/index.ts';
import { readArray } from '../state/array-store.ts';
import { attach, referencesOf } from '../state/arrays.ts';
import { tellProgress } from './progress.ts';

export type NetworkFormatOut = 'document' | 'typescript' | 'brian2' | 'pynn' | 'sonata';
export type TableFormat = 'parquet' | 'csv' | 'npz';

export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** What was decided or left out, one line each. */
  readonly notes: readonly string[];
}

/** Traces of the neurons of one population, in the units that people read. */
export interface NamedTrace extends StateTrace {
  readonly population: string;
}

export interface ExportCalls {
  /** `stem`: name without its end. `duration`: how long a script or a circuit runs, such as "1000 ms". */
  exportNetwork(
    document: NetworkDocument,
    format: NetworkFormatOut,
    stem: string,
    duration: string,
  ): ExportedFile;
  exportSpikes(
    spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
    populations: readonly PopulationColumn[],
    dtMs: number,
    format: TableFormat,
    stem: string,
    provenance: Provenance,
  ): ExportedFile;
  /** One file for each population, in a zip when there are several. */
  exportTraces(
    traces: readonly NamedTrace[],
    format: TableFormat,
    stem: string,
    provenance: Provenance,
  ): ExportedFile;
  exportArrays(arrays: Readonly<Record<string, ShapedArray>>, stem: string): ExportedFile;
}

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  zip: 'application/zip',
  npz: 'application/zip',
  parquet: 'application/vnd.apache.parquet',
  py: 'text/x-python',
  ts: 'text/typescript',
};

export const exportTools = {
  async exportNetwork(
    document: NetworkDocument,
    format: NetworkFormatOut,
    stem: string,
    duration: string,
  ): Promise<ExportedFile> {
    tellProgress('Reading the network', null);
    const whole = await attach(document, readArray);
    tellProgress('Writing', null);
    if (format === 'document') {
      // Long lists are what makes a document too long for a text.
      if (referencesOf(document).size === 0) {
        return fileOf(`${stem}.wetware.json`, documentBytes(whole));
      }
      return zipped(documentFiles(whole, stem), `${stem}.wetware.zip`, []);
    }
    if (format === 'sonata') {
      const { writeSonata } = await import('../../io/sonata/index.ts');
      const files = await writeSonata(whole, { duration });
      const inFolder = new Map([...files].map(([name, bytes]) => [`${stem}/${name}`, bytes]));
      return zipped(inFolder, `${stem}-sonata.zip`, []);
    }
    const write = { brian2: toBrian2, pynn: toPyNN, typescript: toTypeScript }[format];
    const { text, notes } = write(whole, { duration });
    const end = { brian2: '.py', pynn: '.pynn.py', typescript: '.ts' }[format];
    return fileOf(`${stem}${end}`, new TextEncoder().encode(text), notes);
  },

  async exportSpikes(
    spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array },
    populations: readonly PopulationColumn[],
    dtMs: number,
    format: TableFormat,
    stem: string,
    provenance: Provenance,
  ): Promise<ExportedFile> {
    tellProgress('Writing spikes', null);
    const table = spikeTable(spikes, populations, dtMs);
    const name = `${stem}-spikes.${format}`;
    if (format === 'parquet') {
      return fileOf(name, new Uint8Array(await spikesToParquet(table, provenance)));
    }
    if (format === 'npz') return fileOf(name, await spikesToNpz(table));
    return fileOf(name, textBytes(spikesToCsv(table), 'Writing spikes', table.steps.length));
  },

  async exportTraces(
    traces: readonly NamedTrace[],
    format: TableFormat,
    stem: string,
    provenance: Provenance,
  ): Promise<ExportedFile> {
    const files = new Map<string, Uint8Array>();
    for (const [k, trace] of traces.entries()) {
      tellProgress('Writing traces', k / traces.length);
      const plain = trace.population.replace(/[^\w.-]+/g, '_');
      const name = `${stem}-traces-${plain}.${format}`;
      files.set(
        files.has(name) ? `${k}-${name}` : name,
        await traceBytes(trace, format, provenance),
      );
    }
    const [first, ...others] = files;
    if (first && others.length === 0) return fileOf(...first);
    return zipped(files, `${stem}-traces.zip`, []);
  },

  async exportArrays(
    arrays: Readonly<Record<string, ShapedArray>>,
    stem: string,
  ): Promise<ExportedFile> {
    return fileOf(`${stem}.npz`, await writeNpz(arrays));
  },
};

async function traceBytes(
  trace: NamedTrace,
  format: TableFormat,
  provenance: Provenance,
): Promise<Uint8Array> {
  if (format === 'parquet') return new Uint8Array(await tracesToParquet(trace, provenance));
  if (format === 'npz') return tracesToNpz(trace);
  return textBytes(tracesToCsv(trace), 'Writing traces', 0);
}

/** `lines`: how many there will be about, for the progress; 0: unknown. */
function textBytes(pieces: Iterable<string>, what: string, lines: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (const piece of pieces) {
    parts.push(encoder.encode(piece));
    if (lines > 65_536) tellProgress(what, Math.min(1, (parts.length * 65_536) / lines));
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function zipped(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  notes: readonly string[],
): Promise<ExportedFile> {
  tellProgress('Compressing', null);
  return fileOf(name, await writeZip(files), notes);
}

const fileOf = (name: string, bytes: Uint8Array, notes: readonly string[] = []): ExportedFile => ({
  name,
  type: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
  bytes,
  notes,
});
