/**
 * Files that somebody drops on the page, as networks. What they are is seen from their content; a table whose columns are
 * not known is shown, to be mapped. Reads files only; nothing in them is executed.
 */
import type { NetworkDocument } from '../../index.ts';
import { peekTable, type TableHead } from '../../io/connectome.ts';
import {
  type FileSource,
  type NetworkFormat,
  type OpenOptions,
  openNetwork,
} from '../../io/index.ts';
import { keepArray, readArray } from '../state/array-store.ts';
import { attach, detach } from '../state/arrays.ts';
import type { NeuronLabels } from '../state/project.ts';

export interface OpenedFiles {
  readonly format: NetworkFormat;
  /** Long lists by reference. */
  readonly document: NetworkDocument;
  readonly duration: string | null;
  readonly notes: readonly string[];
  readonly labels: NeuronLabels | null;
}

/** The files of a drop: which one is the network, and what it is if it is a table. */
export interface InspectedFiles {
  readonly main: string;
  readonly names: readonly string[];
  /** null for what is no table. */
  readonly table: TableHead | null;
  /** A table beside it that may list the neurons; '' when there is none. */
  readonly neuronsFile: string;
}

export interface FileCalls {
  inspectFiles(files: readonly File[]): InspectedFiles;
  openFiles(files: readonly File[], main: string, options: OpenOptions): OpenedFiles;
  findNeurons(labels: NeuronLabels, wanted: string, most: number): FoundNeuron[];
  idsOf(labels: NeuronLabels, neurons: readonly number[]): string[];
}

export interface FoundNeuron {
  /** Number in the population. */
  readonly index: number;
  readonly id: string;
}

/** Largest file that is read, bytes. */
const MOST_BYTES = 2 ** 31;

export const fileTools = {
  async inspectFiles(files: readonly File[]): Promise<InspectedFiles> {
    const names = files.map(nameOf);
    const main = mainOf(names);
    const file = files[names.indexOf(main)] as File;
    const isTable = /\.(csv|tsv|txt|parquet)(\.gz)?$/i.test(main);
    const table = isTable ? await peekTable(await bytesOf(file), main) : null;
    const neuronsFile =
      table === null
        ? ''
        : (names.find((name) => name !== main && /completeness|neuron|node|cell/i.test(name)) ??
          '');
    return { main, names, table, neuronsFile };
  },

  async openFiles(
    files: readonly File[],
    main: string,
    options: OpenOptions,
  ): Promise<OpenedFiles> {
    const { labels, document, ...opened } = await openNetwork(sourceOf(files), main, options);
    const named = labels && {
      population: labels.population,
      ids: new TextEncoder().encode(labels.ids.join('\n')),
    };
    return {
      ...opened,
      document: await detach(document, keepArray),
      labels: named ? await detach<NeuronLabels>(named, keepArray) : null,
    };
  },

  /** Neurons whose id or name is, begins with or contains the text, best first; `most` of them. */
  async findNeurons(labels: NeuronLabels, wanted: string, most: number): Promise<FoundNeuron[]> {
    const text = wanted.trim().toLowerCase();
    if (text === '') return [];
    const found: (FoundNeuron & { rank: number })[] = [];
    const ids = await labelsOf(labels);
    for (const [index, id] of ids.entries()) {
      const at = id.toLowerCase().indexOf(text);
      if (at < 0) continue;
      found.push({ index, id, rank: id.length === text.length ? 0 : at === 0 ? 1 : 2 });
      if (found.length > 50_000) break;
    }
    found.sort((a, b) => a.rank - b.rank || a.index - b.index);
    return found.slice(0, most).map(({ index, id }) => ({ index, id }));
  },

  /** Ids of neurons, by number in their population. */
  async idsOf(labels: NeuronLabels, neurons: readonly number[]): Promise<string[]> {
    const ids = await labelsOf(labels);
    return neurons.map((neuron) => ids[neuron] ?? '');
  },
};

/** What may be the network itself, most likely first. */
const LIKELY = [
  /\.wetware\.json$/i,
  /(^|\/)(simulation_)?config[^/]*\.json$/i,
  /circuit_config\.json$/i,
  /\.nir$/i,
  /(^|\/)LEMS_.*\.xml$/i,
  /\.net\.nml$/i,
  /connect(ivity|ions|ome)[^/]*\.(parquet|csv(\.gz)?)$/i,
  /edge[^/]*\.(parquet|csv(\.gz)?)$/i,
  /\.parquet$/i,
  /\.csv(\.gz)?$/i,
  /\.(json|py|nml|xml|zip|h5)$/i,
];

export function mainOf(names: readonly string[]): string {
  for (const pattern of LIKELY) {
    const found = names.find((name) => pattern.test(name) && !/completeness/i.test(name));
    if (found !== undefined) return found;
  }
  return names[0] ?? '';
}

/** The path inside a dropped folder, or the name. */
const nameOf = (file: File): string => file.webkitRelativePath || file.name;

async function bytesOf(file: File): Promise<Uint8Array> {
  if (file.size > MOST_BYTES) {
    throw new RangeError(
      `${file.name} has ${file.size} bytes; at most ${MOST_BYTES} can be read here.`,
    );
  }
  return new Uint8Array(await file.arrayBuffer());
}

function sourceOf(files: readonly File[]): FileSource {
  const byName = new Map(files.map((file) => [nameOf(file), file]));
  // A configuration may name its files with or without their folder.
  const find = (name: string): File | undefined =>
    byName.get(name) ?? files.find((file) => nameOf(file).endsWith(`/${name}`));
  return {
    async readBytes(name) {
      const file = find(name);
      if (!file) throw new RangeError('it is not among the files that were given');
      return bytesOf(file);
    },
    list: async () => [...byName.keys()],
  };
}

/** Split once: searching as somebody types asks for the same labels again. */
let split: { readonly key: unknown; readonly ids: readonly string[] } | null = null;

/** All ids in order. */
export async function labelsOf(labels: NeuronLabels): Promise<readonly string[]> {
  const key = 'array' in labels.ids ? labels.ids.array : labels.ids;
  if (split?.key === key) return split.ids;
  const { ids } = await attach(labels, readArray);
  split = { key, ids: new TextDecoder().decode(ids as Uint8Array).split('\n') };
  return split.ids;
}
