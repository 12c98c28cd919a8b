/** The head of a connection or neuron table, for somebody who is to say what its columns mean. Reads the first rows only. */
import { checkBytes, checkText } from './arguments.ts';
import { gunzip, isGzip } from './byte-stream.ts';
import { type ColumnMapping, layoutOf } from './connectome-columns.ts';
import { isParquet } from './parquet-magic.ts';
import { unreadable } from './unreadable.ts';

export interface TableHead {
  readonly columns: readonly string[];
  /** Of the first rows, as text, one entry per column. */
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are; null where that takes reading the whole file. */
  readonly count: number | null;
  /** What the columns mean, where the layout is a known one of connection tables. */
  readonly mapping: ColumnMapping | null;
  /** Where that layout is used, or ''. */
  readonly layout: string;
}

const MOST_ROWS = 20;
const HEAD_BYTES = 1 << 18;

/** Throws NetworkError for what is no table. */
export async function peekTable(bytes: Uint8Array, file: string): Promise<TableHead> {
  checkBytes(bytes, 'peekTable: bytes');
  checkText(file, 'peekTable: file');
  const head = isParquet(bytes) ? await peekParquet(bytes, file) : await peekText(bytes, file);
  try {
    const { mapping, name } = layoutOf(head.columns, undefined, file);
    return { ...head, mapping, layout: name };
  } catch {
    return { ...head, mapping: null, layout: '' };
  }
}

type Head = Pick<TableHead, 'columns' | 'rows' | 'count'>;

async function peekParquet(bytes: Uint8Array, file: string): Promise<Head> {
  const { openParquet } = await import('./parquet-read.ts');
  const { columns, rows: count } = await openParquet(bytes, file);
  // Pages of a Parquet file are read whole; names and counts say enough.
  return { columns, rows: [], count };
}

async function peekText(bytes: Uint8Array, file: string): Promise<Head> {
  const plain = isGzip(bytes) ? await gunzip(bytes, { file }, 2 ** 32) : bytes;
  const text = new TextDecoder().decode(plain.subarray(0, HEAD_BYTES)).replace(/^\uFEFF/, '');
  const { default: papa } = await import('papaparse');
  // The last line of a part may be cut off.
  const lines = text.split(/\r?\n/).slice(0, MOST_ROWS + 1);
  const { data } = papa.parse<string[]>(lines.join('\n'), { skipEmptyLines: true });
  const [columns, ...rows] = data;
  if (!columns || columns.length < 2) throw unreadable({ file }, 'is no table with columns.');
  return { columns, rows: rows.filter((row) => row.length === columns.length), count: null };
}
