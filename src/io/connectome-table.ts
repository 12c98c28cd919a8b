/**
 * Connectomes as tables: one row per connection, in CSV, gzipped CSV or Parquet, read into typed arrays. Layouts in
 * which connectomes are published are recognised; others need a mapping. All or nothing: a table with one wrong row is
 * refused, with its row and column. Makes no network; `connectomeNetwork` does.
 */
import { checkBytes } from './arguments.ts';
import { isGzip } from './byte-stream.ts';
import {
  type ColumnMapping,
  type Layout,
  layoutOf,
  type NeuronReference,
} from './connectome-columns.ts';
import { checkTableOptions } from './connectome-options.ts';
import { readDelimited } from './delimited.ts';
import { EdgeBuilder, type Edges, type Entry } from './edge-builder.ts';
import { NeuronIndex } from './neuron-ids.ts';
import type { NeuronTable } from './neuron-table.ts';
import { isParquet } from './parquet-magic.ts';
import { unreadable } from './unreadable.ts';

export interface ConnectomeTableOptions {
  /** Name of the file, for messages; default "table". */
  readonly file?: string;
  /** Which columns mean what; default: recognised. */
  readonly columns?: ColumnMapping;
  /** Whether pre and post are indices or ids; default: as the layout says, else by looking at the entries. */
  readonly reference?: NeuronReference;
  /** The neurons, from `readNeuronTable`: their number and labels, and the order of ids. */
  readonly neurons?: NeuronTable;
  /** Number of neurons, when there is no neuron table; default: what the rows need. */
  readonly neuronCount?: number;
}

/** Connections of a connectome. Row k goes from neuron pre[k] to neuron post[k]. */
export interface ConnectomeTable extends Edges {
  readonly neuronCount: number;
  /** Id of each neuron, where the files give them: text, whatever its length. */
  readonly labels: readonly string[] | null;
  readonly report: {
    readonly file: string;
    readonly format: 'csv' | 'parquet';
    /** The layout that was recognised. */
    readonly layout: string;
    readonly columns: ColumnMapping;
    readonly rows: number;
  };
}

/**
 * Reads a connection table from the bytes of a file. Throws NetworkError for damaged files, missing columns (naming
 * those found), neurons out of range, weights that are no numbers, negative delays, and tables of 2^32 rows or more.
 */
export async function readConnectomeTable(
  bytes: Uint8Array,
  options: ConnectomeTableOptions = {},
): Promise<ConnectomeTable> {
  checkBytes(bytes, 'readConnectomeTable: bytes');
  checkTableOptions(options, 'readConnectomeTable: options');
  const { file = 'table' } = options;
  if (bytes.length === 0) throw unreadable({ file }, 'is empty.');
  const format = isParquet(bytes) ? 'parquet' : 'csv';
  const { layout, builder } =
    format === 'parquet'
      ? await readParquet(bytes, file, options)
      : await readCsv(bytes, file, options);
  const { edges, count, labels } = builder.finish();
  if (count === 0) throw unreadable({ file }, 'has no rows of connections.');
  return {
    ...edges,
    neuronCount: count,
    labels: options.neurons?.ids ?? labels,
    report: { file, format, layout: layout.name, columns: layout.mapping, rows: edges.pre.length },
  };
}

interface Reading {
  readonly layout: Layout;
  readonly builder: EdgeBuilder;
}

function begin(columns: readonly string[], file: string, options: ConnectomeTableOptions): Reading {
  const { neurons, neuronCount, reference } = options;
  const layout = layoutOf(columns, options.columns, file);
  const known = neurons?.numberOf ?? null;
  const index = new NeuronIndex(
    file,
    reference ?? layout.reference,
    known,
    neurons?.ids.length ?? neuronCount,
  );
  return { layout, builder: new EdgeBuilder(file, layout.mapping, index) };
}

async function readCsv(
  bytes: Uint8Array,
  file: string,
  options: ConnectomeTableOptions,
): Promise<Reading> {
  let reading: Reading | null = null;
  let places: readonly number[] = [];
  await readDelimited(
    bytes,
    { file },
    {
      header(names) {
        reading = begin(names, file, options);
        places = reading.builder.columns.map((name) => names.indexOf(name));
      },
      row(fields, row) {
        const [pre = 0, post = 0, weight = -1, delay = -1, sign = -1] = places;
        const entry = (place: number): Entry => (place < 0 ? null : (fields[place] as string));
        reading?.builder.add(
          fields[pre] as string,
          fields[post] as string,
          { weight: entry(weight), delay: entry(delay), sign: entry(sign) },
          row,
        );
      },
    },
  );
  if (reading === null) throw unreadable({ file }, 'has no line of column names.');
  return reading;
}

async function readParquet(
  bytes: Uint8Array,
  file: string,
  options: ConnectomeTableOptions,
): Promise<Reading> {
  const { openParquet } = await import('./parquet-read.ts');
  const table = await openParquet(bytes, file);
  const reading = begin(table.columns, file, options);
  const { builder } = reading;
  const names = builder.columns.filter((name) => name !== '');
  builder.expect(table.rows);
  await table.read(names, (columns, firstRow, count) => {
    const at = (place: number): ArrayLike<Entry> | null => {
      const name = builder.columns[place] ?? '';
      return name === '' ? null : (columns.get(name) ?? null);
    };
    builder.addBlock([at(0), at(1), at(2), at(3), at(4)], firstRow, count);
  });
  return reading;
}

/** Whether bytes may be a table at all: Parquet, gzip, or text without control characters at its beginning. */
export function looksLikeTable(bytes: Uint8Array): boolean {
  if (isParquet(bytes) || isGzip(bytes)) return true;
  const head = bytes.subarray(0, 1000);
  return (
    head.length > 0 && head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)
  );
}
