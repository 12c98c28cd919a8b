/**
 * Whatever somebody has, opened as a network: network documents, connection tables, SONATA circuits, NIR graphs,
 * NeuroML, Brian 2 scripts, alone or in a zip. The kind is seen from the content, not the name. Readers are loaded when first used.
 */
import type { NetworkDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { checkKnownOptions, checkOptionalText, checkText, refuseArgument } from './arguments.ts';
import { gunzip, isGzip } from './byte-stream.ts';
import {
  type ConnectomeNetworkOptions,
  checkConnectomeOptions,
  checkTableOptions,
} from './connectome-options.ts';
import type { ConnectomeTable, ConnectomeTableOptions } from './connectome-table.ts';
import { withLists } from './document-lists.ts';
import { checkSource, type FileSource, isObject, readFileOf, readTextFile } from './file-source.ts';
import { isHdf5 } from './hdf5.ts';
import { isParquet } from './parquet-magic.ts';
import { unreadable } from './unreadable.ts';
import { isZip } from './zip.ts';

export type NetworkFormat = 'document' | 'connectome' | 'sonata' | 'nir' | 'neuroml' | 'brian2';

export interface OpenOptions {
  /** Time step in ms, for formats that round to it when they are read; default: what the file says. */
  readonly dtMs?: number;
  /** How to read a connection table. */
  readonly table?: Omit<ConnectomeTableOptions, 'file' | 'neurons'>;
  /** Neuron table of a connection table; default: the Completeness table beside a FlyWire table, if there is one. */
  readonly neuronsFile?: string;
  /** What network to make of a connection table. */
  readonly connectome?: ConnectomeNetworkOptions;
}

/** A network that was opened. */
export interface OpenedNetwork {
  readonly format: NetworkFormat;
  readonly document: NetworkDocument;
  /** How long the files say to simulate; null when they do not. */
  readonly duration: string | null;
  /** What was decided or passed over, one line each. */
  readonly notes: readonly string[];
  /** Ids of the neurons of a population, where the files name them. */
  readonly labels?: { readonly population: string; readonly ids: readonly string[] };
}

/** Largest file. */
const MOST_BYTES = 2 ** 32;

/**
 * Opens a file of a source. Throws NetworkError for what is damaged, of no known kind, or cannot be run, saying what and
 * where; nothing is returned in part.
 */
export async function openNetwork(
  source: FileSource,
  name: string,
  options: OpenOptions = {},
): Promise<OpenedNetwork> {
  checkArguments(source, name, options);
  const opened = await openAny(source, name, options);
  // A document may be empty, if somebody means it; a file of neurons without any is the wrong file.
  if (opened.format === 'document' || opened.document.populations.length > 0) return opened;
  throw unreadable({ file: name }, 'holds no neurons.');
}

function checkArguments(source: unknown, name: unknown, options: unknown): void {
  checkSource(source, 'openNetwork: source');
  checkText(name, 'openNetwork: name');
  checkOpenOptions(options, 'openNetwork', []);
}

const OPEN_OPTIONS = ['dtMs', 'table', 'neuronsFile', 'connectome'];

/** Throws TypeError or RangeError for what are no options of openNetwork; `more`: those of the caller's own. */
export function checkOpenOptions(value: unknown, where: string, more: readonly string[]): void {
  checkKnownOptions(value, `${where}: options`, [...OPEN_OPTIONS, ...more]);
  const { dtMs, table, neuronsFile, connectome } = value as Record<string, unknown>;
  const isStep = typeof dtMs === 'number' && dtMs > 0 && dtMs < Number.POSITIVE_INFINITY;
  if (dtMs !== undefined && !isStep) {
    refuseArgument(`${where}: dtMs`, 'a time > 0 in ms', dtMs);
  }
  if (table !== undefined) checkTableOptions(table, `${where}: table`);
  checkOptionalText(neuronsFile, `${where}: neuronsFile`);
  if (connectome !== undefined) checkConnectomeOptions(connectome, `${where}: connectome`);
}

async function openAny(
  source: FileSource,
  name: string,
  options: OpenOptions,
): Promise<OpenedNetwork> {
  const bytes = await readFileOf(source, name);
  if (bytes.length > MOST_BYTES) throw unreadable({ file: name }, `has ${bytes.length} bytes.`);
  if (isZip(bytes)) {
    const { openZip } = await import('./zip.ts');
    const archive = await openZip(bytes, name);
    return openAny(archive, await mainFile(archive, name), options);
  }
  if (isParquet(bytes)) return openTable(source, name, bytes, options);
  if (isHdf5(bytes)) return openHdf5(name, bytes);
  const head = await headOf(bytes, name);
  if (head.startsWith('{') || /\.json$/i.test(name)) return openJson(source, name, bytes, options);
  if (head.startsWith('<')) return openXml(source, name);
  if (/\.py$/i.test(name)) return openScript(name, bytes);
  const [line = ''] = head.split(/\r?\n/, 1);
  // Text with neither a name nor a first line of a table is something else altogether.
  const isTable = isGzip(bytes) || /[,;\t]/.test(line) || /\.(csv|tsv|txt)$/i.test(name);
  if (isTable || options.table?.columns !== undefined)
    return openTable(source, name, bytes, options);
  throw unreadable({ file: name }, 'is nothing that can be opened.', KINDS);
}

/** What openNetwork takes, for people. */
const KINDS =
  'A network is a document of wetware (JSON), a connection table (CSV, gzip or Parquet), a SONATA configuration (JSON), ' +
  'a NIR graph (HDF5), a NeuroML or LEMS file (XML), a Brian 2 script (.py), or a zip of one of them.';

/** The beginning of a text, decompressed, without byte order mark and blanks. */
async function headOf(bytes: Uint8Array, name: string): Promise<string> {
  if (isGzip(bytes)) return '';
  const head = new TextDecoder().decode(bytes.subarray(0, 4096));
  if (head.trim() === '') throw unreadable({ file: name }, 'is empty.');
  return head.replace(/^\uFEFF/, '').trimStart();
}

/** Which file of an archive is the network. */
async function mainFile(archive: FileSource, zip: string): Promise<string> {
  const names = await archive.list();
  const wanted = [
    /\.wetware\.json$/,
    /(^|\/)circuit_config\.json$/,
    /(^|\/)config\.circuit\.json$/,
    /\.nir$/,
    /\.net\.nml$/,
    /^LEMS_.*\.xml$/,
    /\.parquet$/,
    /\.csv(\.gz)?$/,
  ];
  for (const pattern of wanted) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length === 1) return found[0] as string;
  }
  const listed = names.slice(0, 20).join(', ') || 'nothing';
  throw unreadable({ file: zip }, `holds no network that is certainly meant: ${listed}.`);
}

async function openJson(
  source: FileSource,
  name: string,
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<OpenedNetwork> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    const remedy = 'A network document is what JSON.stringify makes of a Network.';
    throw unreadable({ file: name }, `is not JSON (${reason}).`, remedy);
  }
  const isSonata =
    isObject(content) &&
    content.format === undefined &&
    ['networks', 'network', 'manifest'].some((key) => Object.hasOwn(content as object, key));
  if (!isSonata) {
    const document = validateDocument(await withLists(content, source));
    return { format: 'document', document, duration: null, notes: [] };
  }
  const { readSonata } = await import('./sonata/read.ts');
  const { dtMs } = options;
  const read = await readSonata(source, name, dtMs === undefined ? {} : { dtMs });
  return { format: 'sonata', ...read };
}

async function openHdf5(name: string, bytes: Uint8Array): Promise<OpenedNetwork> {
  const { withHdf5 } = await import('./hdf5.ts');
  const keys = await withHdf5(bytes, name, (file) => file.keys('/'));
  if (keys.includes('node')) {
    const { readNir } = await import('./nir/read-nir.ts');
    const notes: string[] = [];
    const document = await readNir(bytes, { onWarning: (text) => notes.push(text) });
    const silent = document.populations.flatMap((one) =>
      one.kind === 'spikes' && one.indices.length === 0 ? [one.name] : [],
    );
    if (silent.length > 0) {
      notes.push(
        `a NIR file has no spikes: ${silent.map((one) => `"${one}"`).join(', ')} sends none. In code, readNir(bytes, { inputs }) gives them.`,
      );
    }
    return { format: 'nir', document, duration: null, notes };
  }
  const isPart = keys.some((key) => ['nodes', 'edges', 'spikes'].includes(key));
  throw unreadable(
    { file: name },
    `is an HDF5 file with ${keys.slice(0, 10).join(', ') || 'nothing'}.`,
    isPart ? 'It is part of a SONATA circuit: open its circuit_config.json.' : 'It is no network.',
  );
}

async function openXml(source: FileSource, name: string): Promise<OpenedNetwork> {
  const { importNeuroml } = await import('./neuroml/read-neuroml.ts');
  const read = await importNeuroml((file) => readTextFile(source, file), name);
  const { document, duration = null, warnings } = read;
  return { format: 'neuroml', document, duration, notes: warnings };
}

/** A script that says something which a document cannot is refused: the network would be another one. */
async function openScript(name: string, bytes: Uint8Array): Promise<OpenedNetwork> {
  const { fromBrian2 } = await import('./scripts/read-brian2.ts');
  const { document, duration, notes, problems } = fromBrian2(new TextDecoder().decode(bytes));
  if (document !== null && problems.length === 0) {
    return {
      format: 'brian2',
      document,
      duration: duration === null ? null : `${duration}`,
      notes,
    };
  }
  const shown = problems.slice(0, 20).map(({ line, message }) => `\n  line ${line}: ${message}`);
  const more = problems.length > 20 ? `\n  and ${problems.length - 20} more` : '';
  throw unreadable({ file: name }, `is a script that cannot be read:${shown.join('')}${more}`);
}

async function openTable(
  source: FileSource,
  name: string,
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<OpenedNetwork> {
  const { connectomeNetwork } = await import('./connectome-network.ts');
  const { table, notes } = await openConnectome(source, name, bytes, options);
  const stem = (name.split('/').at(-1) ?? name).replace(/(\.csv|\.tsv|\.parquet|\.gz)+$/i, '');
  const document = connectomeNetwork(table, { name: stem || 'connectome', ...options.connectome });
  const isDriven = options.connectome?.neuron === undefined;
  const drive = isDriven
    ? [
        'a table says nothing of neurons: they are those of the whole-brain fly model (Shiu et al. 2024), and up to 1000 of them are made to fire at random (drive.rate).',
      ]
    : [];
  return {
    format: 'connectome',
    document,
    duration: null,
    notes: [...notes, ...drive],
    ...(table.labels && { labels: { population: 'neurons', ids: table.labels } }),
  };
}

/** A connection table, with the neuron table that belongs to it. */
export async function openConnectome(
  source: FileSource,
  name: string,
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<{ table: ConnectomeTable; notes: string[] }> {
  const { readConnectomeTable } = await import('./connectome-table.ts');
  const { readNeuronTable } = await import('./neuron-table.ts');
  const neuronsFile = options.neuronsFile ?? (await completenessBeside(source, name, bytes));
  const neurons =
    neuronsFile === undefined
      ? undefined
      : await readNeuronTable(await readFileOf(source, neuronsFile), { file: neuronsFile });
  const table = await readConnectomeTable(bytes, {
    file: name,
    ...options.table,
    ...(neurons && { neurons }),
  });
  const { rows, layout, columns } = table.report;
  const used = Object.values(columns).join(', ');
  const named = table.labels === null ? 'numbered from 0' : 'known by ids';
  return {
    table,
    notes: [
      `${name}: ${counted(rows, 'connection')} of ${counted(table.neuronCount, 'neuron')}, ${named} (${layout}; columns ${used}).`,
      ...(neuronsFile === undefined ? [] : [`neurons as in ${neuronsFile}.`]),
    ],
  };
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** The only Completeness table in the folder of a table in FlyWire's layout. */
async function completenessBeside(
  source: FileSource,
  name: string,
  bytes: Uint8Array,
): Promise<string | undefined> {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const names = await source.list().catch((): readonly string[] => []);
  const tables = names.filter(
    (one) =>
      one.startsWith(folder) &&
      !one.slice(folder.length).includes('/') &&
      /completeness.*\.csv(\.gz)?$/i.test(one),
  );
  const [only] = tables;
  if (only === undefined || tables.length > 1 || only === name) return undefined;
  const columns = await columnsOf(bytes, name);
  return columns.includes('Presynaptic_Index') ? only : undefined;
}

async function columnsOf(bytes: Uint8Array, name: string): Promise<readonly string[]> {
  if (isParquet(bytes)) {
    const { openParquet } = await import('./parquet-read.ts');
    return (await openParquet(bytes, name)).columns;
  }
  if (isGzip(bytes) && bytes.length > 2 ** 26) return [];
  const text = isGzip(bytes) ? await gunzip(bytes, { file: name }, 2 ** 30) : bytes;
  const [header = ''] = new TextDecoder().decode(text.subarray(0, 65_536)).split(/\r?\n/, 1);
  return header.split(/[,;\t]/);
}
