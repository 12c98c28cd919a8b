/**
 * Columns of a Parquet file, block by block. hyparquet and its decompressors are loaded when first used. Counts and
 * sizes that a file claims are held against each other and against the file before anything is allocated, so that a
 * damaged file is refused at once. Flat columns only.
 */
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import type { Entry } from './edge-builder.ts';
import { type ColumnKind, checkPages, decodeColumn, type PageTools } from './parquet-pages.ts';
import { asUnreadable, DAMAGED, type FilePlace } from './unreadable.ts';

export interface ParquetTable {
  readonly columns: readonly string[];
  readonly rows: number;
  /**
   * Reads columns by name, one row group after the other: `take` gets arrays by column, the number (from 1) of the
   * first row, and how many rows these are.
   */
  read(names: readonly string[], take: BlockSink): Promise<void>;
}

export type BlockSink = (
  columns: ReadonlyMap<string, ArrayLike<Entry>>,
  firstRow: number,
  count: number,
) => void;

/** Rows of one row group; writers make them of some 1e5 to 1e8 values. */
const MOST_GROUP_ROWS = 2 ** 28;
/** Uncompressed bytes of one column of a row group. */
const MOST_CHUNK_BYTES = 2 ** 32;
/** Few bytes cannot be many rows: runs compress well, but whole tables so well not. */
const ROWS_PER_BYTE = 256;
const ROWS_AT_LEAST = 1_000_000;

/** Reads the description of a file. Throws NetworkError when it is no Parquet file or a damaged one. */
export async function openParquet(bytes: Uint8Array, file: string): Promise<ParquetTable> {
  const { parquetMetadata } = await import('hyparquet');
  const metadata = attempt({ file }, () => {
    const found = parquetMetadata(bytes, { geoparquet: false });
    checkMetadata(found, bytes.length);
    return found;
  });
  const [, ...elements] = metadata.schema;
  return {
    columns: elements.filter(({ num_children: n }) => !n).map(({ name }) => name),
    rows: Number(metadata.num_rows),
    read: (names, take) => readColumns(bytes, file, metadata, names, take),
  };
}

function attempt<T>(place: FilePlace, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asUnreadable(error, place, `As a Parquet file it is damaged. ${DAMAGED}`);
  }
}

/** What hyparquet takes on trust. */
function checkMetadata(metadata: FileMetaData, fileBytes: number): void {
  const { num_rows: rows, row_groups: groups, schema } = metadata;
  const claim = (isTrue: boolean, what: string): void => {
    if (!isTrue) throw new Error(what);
  };
  claim(typeof rows === 'bigint' && rows >= 0n, 'no number of rows');
  claim(schema.length > 1 && schema.every(({ name }) => typeof name === 'string'), 'no columns');
  let sum = 0n;
  for (const { num_rows: count, columns } of groups) {
    claim(
      typeof count === 'bigint' && count >= 0n && count <= MOST_GROUP_ROWS,
      'size of a row group',
    );
    sum += count;
    for (const { meta_data: column } of columns) {
      claim(column !== undefined, 'a column without a description');
    }
  }
  claim(sum === rows, `${rows} rows, but row groups of together ${sum}`);
  claim(
    rows <= BigInt(fileBytes * ROWS_PER_BYTE + ROWS_AT_LEAST),
    `${rows} rows in ${fileBytes} bytes`,
  );
}

async function readColumns(
  bytes: Uint8Array,
  file: string,
  metadata: FileMetaData,
  names: readonly string[],
  take: BlockSink,
): Promise<void> {
  const { compressors } = await import('hyparquet-compressors');
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const tools: PageTools = { header: parquetHeader, decompress: compressors };
  const place = { file };
  // All pages of all columns first: what cannot be right is found before the first value is decoded.
  const groups = metadata.row_groups.map(({ num_rows: rows, columns }) => {
    const count = Number(rows);
    const chunks = attempt(place, () =>
      names.map((name) => {
        const found = columns.find((one) => one.meta_data?.path_in_schema[0] === name)?.meta_data;
        if (found === undefined) throw new Error(`no column "${name}" in a row group`);
        const { start, end } = rangeOf(found, bytes.length);
        const chunk = bytes.subarray(start, end);
        checkPages(chunk, count, tools);
        return { name, chunk, kind: kindOf(metadata, found, name) };
      }),
    );
    return { count, chunks };
  });
  let firstRow = 1;
  for (const { count, chunks } of groups) {
    const blocks = attempt(
      place,
      () =>
        new Map(
          chunks.map(({ name, chunk, kind }) => [name, decodeColumn(chunk, count, kind, tools)]),
        ),
    );
    take(blocks, firstRow, count);
    firstRow += count;
  }
}

/** How the values of a column are stored. */
function kindOf(metadata: FileMetaData, column: ColumnMetaData, name: string): ColumnKind {
  const element = metadata.schema.find((one, index) => index > 0 && one.name === name);
  if (element === undefined || column.path_in_schema.length !== 1) {
    throw new Error(`column "${name}" is nested`);
  }
  const { repetition_type: repetition, converted_type: converted, logical_type: logical } = element;
  if (repetition === 'REPEATED' || element.num_children) {
    throw new Error(`column "${name}" is nested`);
  }
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') {
    throw new Error(`column "${name}" has values of type ${logical?.type ?? converted}`);
  }
  return {
    type: column.type,
    isOptional: repetition === 'OPTIONAL',
    isUnsigned: /^UINT/.test(converted ?? ''),
    codec: column.codec,
  };
}

/** The bytes of a column in a row group. */
function rangeOf(column: ColumnMetaData, fileBytes: number): { start: number; end: number } {
  const dictionary = column.dictionary_page_offset;
  const start = Number(dictionary ? dictionary : column.data_page_offset);
  const end = start + Number(column.total_compressed_size);
  const isInside = start >= 4 && end > start && end <= fileBytes;
  const unpacked = Number(column.total_uncompressed_size);
  if (!isInside || !(unpacked >= 0 && unpacked <= MOST_CHUNK_BYTES)) {
    throw new Error(`a column at bytes ${start} to ${end} of ${fileBytes}`);
  }
  return { start, end };
}
