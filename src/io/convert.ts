/**
 * From any format that can be opened to any that can be written, in memory: the names of the files and their bytes.
 * Tables become tables directly, so that nothing of a network is made up on the way.
 */

import { NetworkError } from '../errors.ts';
import type { NetworkDocument, ProjectionDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { checkText } from './arguments.ts';
import { isGzip } from './byte-stream.ts';
import type { ConnectomeTable } from './connectome-table.ts';
import { checkSource, type FileSource, readFileOf } from './file-source.ts';
import { checkOpenOptions, type OpenOptions, openConnectome, openNetwork } from './open.ts';
import { isParquet } from './parquet-magic.ts';
import { plainLists } from './plain-lists.ts';

/** What can be written, by the end of the name: a folder is a SONATA circuit. */
export type OutputFormat =
  | 'document'
  | 'parquet'
  | 'csv'
  | 'sonata'
  | 'nir'
  | 'brian2'
  | 'pynn'
  | 'typescript';

/** Files by name; for SONATA relative to the folder. */
export interface Converted {
  readonly format: OutputFormat;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly notes: readonly string[];
}

export interface ConvertOptions extends OpenOptions {
  /** How long a simulation of a SONATA circuit or a script is to run; default: as long as what is converted says, else "1 s". */
  readonly duration?: string;
}

/** The format that a name asks for. Throws NetworkError when it is none of ours. */
export function outputFormat(name: string): OutputFormat {
  checkText(name, 'outputFormat: name');
  if (/(\/|\\|^\.{1,2})$/.test(name) || /(^|[/\\])circuit_config\.json$/.test(name))
    return 'sonata';
  if (/\.json$/i.test(name)) return 'document';
  if (/\.parquet$/i.test(name)) return 'parquet';
  if (/\.csv$/i.test(name)) return 'csv';
  if (/\.nir$/i.test(name)) return 'nir';
  if (/\.pynn\.py$/i.test(name)) return 'pynn';
  if (/\.py$/i.test(name)) return 'brian2';
  if (/\.ts$/i.test(name)) return 'typescript';
  if (!/\.\w+$/.test(name)) return 'sonata';
  throw new NetworkError(
    `Cannot write "${name}": a name ends in .wetware.json (network document), .parquet or .csv (connection table), ` +
      '.nir, .py (Brian 2), .pynn.py (PyNN) or .ts (TypeScript), or is a folder (SONATA circuit).',
    { path: 'output', value: name },
  );
}

/** Opens `name` of a source and writes it as `output` asks. */
export async function convertNetwork(
  source: FileSource,
  name: string,
  output: string,
  options: ConvertOptions = {},
): Promise<Converted> {
  checkSource(source, 'convertNetwork: source');
  checkText(name, 'convertNetwork: name');
  checkOpenOptions(options, 'convertNetwork', ['duration']);
  const { duration: wanted, ...opening } = options;
  const format = outputFormat(output);
  const base = output.split(/[/\\]/).at(-1) || 'network';
  if (format === 'parquet' || format === 'csv') {
    const { table, notes } = await tableOf(source, name, opening);
    return { format, files: new Map([[base, await tableBytes(table, format)]]), notes };
  }
  const { document, duration, notes } = await openNetwork(source, name, opening);
  if (format === 'sonata') {
    const { writeSonata } = await import('./sonata/write.ts');
    const time = wanted ?? duration;
    return {
      format,
      files: await writeSonata(document, time === null ? {} : { duration: time }),
      notes,
    };
  }
  if (format === 'nir') {
    const { writeNir } = await import('./nir/write-nir.ts');
    return { format, files: new Map([[base, await writeNir(document)]]), notes };
  }
  if (format === 'document') {
    return { format, files: new Map([[base, documentBytes(document)]]), notes };
  }
  const { toBrian2, toPyNN, toTypeScript } = await import('./scripts/index.ts');
  const write = { brian2: toBrian2, pynn: toPyNN, typescript: toTypeScript }[format];
  const time = wanted ?? duration;
  const script = write(document, time === null ? {} : { duration: time });
  const bytes = new TextEncoder().encode(script.text);
  return { format, files: new Map([[base, bytes]]), notes: [...notes, ...script.notes] };
}

/** A document as JSON text; typed arrays become lists. Throws NetworkError when it is longer than a text can be. */
export function documentBytes(document: NetworkDocument): Uint8Array {
  validateDocument(document);
  try {
    const text = JSON.stringify(document, plainLists);
    return new TextEncoder().encode(`${text}\n`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NetworkError(
      `The network "${document.name}" is too large for one JSON text. Write a SONATA circuit (a folder) or a table.`,
      { path: 'output' },
    );
  }
}

type Edges = Pick<ConnectomeTable, 'pre' | 'post' | 'weight' | 'delayMs'>;

async function tableOf(
  source: FileSource,
  name: string,
  options: OpenOptions,
): Promise<{ table: Edges; notes: readonly string[] }> {
  const bytes = await readFileOf(source, name);
  const isTable = isParquet(bytes) || isGzip(bytes) || /\.(csv|tsv)$/i.test(name);
  if (isTable) return openConnectome(source, name, bytes, options);
  const { document, notes } = await openNetwork(source, name, options);
  return { table: onlyList(document), notes: [...notes, ...leftOut(document)] };
}

/** What a table has no place for. */
function leftOut({ projections }: NetworkDocument): string[] {
  const outside = projections.filter(isFromOutside).map(({ name }) => name);
  return [
    'a connection table holds no neuron models, inputs or recordings; they are left out.',
    ...(outside.length === 0
      ? []
      : [`connections from other populations are left out: ${outside.join(', ')}.`]),
  ];
}

const isFromOutside = ({ source, target }: ProjectionDocument): boolean =>
  source.population !== target.population;

/** The connections of a network within its neurons, where they are one list. Drives from outside are no connections. */
function onlyList({ name, projections: all }: NetworkDocument): Edges {
  const projections = all.filter((one) => !isFromOutside(one));
  const [only, ...others] = projections;
  const isList = only !== undefined && others.length === 0 && only.connect.rule === 'list';
  if (!isList || only.connect.rule !== 'list') {
    throw new NetworkError(
      `A connection table holds one list of connections; network "${name}" has ${projections.length} projections` +
        `${others.length === 0 && only ? ` by the rule "${only.connect.rule}"` : ''}. Write a SONATA circuit (a folder).`,
      { path: 'output' },
    );
  }
  const { connect, delay, initial } = only;
  const { pre, post } = connect;
  const [weights] = Object.values(initial).filter(
    (spec) => typeof spec === 'object' && 'values' in spec,
  );
  const values =
    typeof weights === 'object' && 'values' in weights
      ? Float64Array.from(weights.values)
      : new Float64Array(pre.length).fill(1);
  const isWhole = values.every((value) => value === (value | 0));
  const isOwnDelay = typeof delay === 'object' && 'values' in delay && delay.unit === 'ms';
  return {
    pre: Uint32Array.from(pre),
    post: Uint32Array.from(post),
    weight: isWhole ? Int32Array.from(values) : values,
    delayMs: isOwnDelay ? Float64Array.from(delay.values) : null,
  };
}

async function tableBytes(table: Edges, format: 'parquet' | 'csv'): Promise<Uint8Array> {
  const { connectomeToCsv, connectomeToParquet } = await import('./connectome-write.ts');
  if (format === 'parquet') return connectomeToParquet(table);
  const pieces = [...connectomeToCsv(table)].map((piece) => new TextEncoder().encode(piece));
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
