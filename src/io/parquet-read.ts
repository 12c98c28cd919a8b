/**
 * Columns of a Parquet file, block by block. hyparquet and its decompressors are loaded when first used. Counts and
 * sizes that a file claims are held against each other and against the file before anything is allocated, so that a
 * damaged file is refused at once. Flat columns only.
 */
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import type { Entry } from './edge-builder.ts';
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
/** Uncompressed bytes of one page, and of one column of a row group. */
const MOST_PAGE_BYTES = 2 ** 28;
const MOST_CHUNK_BYTES = 2 ** 32;
/** Bytes in which at least one row fits, so that few bytes cannot claim to be many rows: runs compress well, but so well not. */
const ROWS_PER_BYTE = 1 << 16;

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
  claim(rows <= BigInt(fileBytes) * BigInt(ROWS_PER_BYTE), `${rows} rows in ${fileBytes} bytes`);
}

async function readColumns(
  bytes: Uint8Array,
  file: string,
  metadata: FileMetaData,
  names: readonly string[],
  take: BlockSink,
): Promise<void> {
  const { parquetRead } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const checkPages = (column: ColumnMetaData, rows: number): void => {
    const { start, end } = rangeOf(column, bytes.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    const reader = { view, offset: 0 };
    let values = 0;
    // As hyparquet goes through them: until the rows are complete or the bytes used up.
    while (values < rows && reader.offset < view.byteLength - 1) {
      const header = parquetHeader(reader) as PageHeader;
      values += checkPage(header, rows - values);
      reader.offset += header.compressed_page_size;
      if (reader.offset > view.byteLength) throw new Error('a page beyond its column');
    }
    if (values !== rows) throw new Error(`${values} values in a column of ${rows} rows`);
  };
  const slice = (start: number, end?: number): ArrayBuffer =>
    bytes.slice(start, end).buffer as ArrayBuffer;
  const buffer = { byteLength: bytes.length, slice };
  let firstRow = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    const blocks = new Map<string, ArrayLike<Entry>>();
    try {
      for (const name of names) {
        const column = group.columns.find((one) => one.meta_data?.path_in_schema[0] === name);
        if (column?.meta_data === undefined) throw new Error(`no column "${name}" in a row group`);
        checkFlat(metadata, name);
        checkPages(column.meta_data, count);
      }
      const parts = new Map<string, Part[]>(names.map((name) => [name, []]));
      await parquetRead({
        file: buffer,
        metadata,
        columns: [...names],
        rowStart: firstRow,
        rowEnd: firstRow + count,
        compressors,
        onChunk: ({ columnName, columnData, rowStart }) =>
          parts.get(columnName)?.push({ data: columnData as ArrayLike<Entry>, first: rowStart }),
      });
      for (const name of names) blocks.set(name, joined(parts.get(name) ?? [], firstRow, count));
    } catch (error) {
      throw asUnreadable(error, { file }, `As a Parquet file it is damaged. ${DAMAGED}`);
    }
    take(blocks, firstRow + 1, count);
    firstRow += count;
  }
}

interface PageHeader {
  readonly type: string | undefined;
  readonly uncompressed_page_size: number;
  readonly compressed_page_size: number;
  readonly data_page_header?: { readonly num_values: number };
  readonly data_page_header_v2?: {
    readonly num_values: number;
    readonly num_nulls: number;
    readonly num_rows: number;
    readonly definition_levels_byte_length: number;
    readonly repetition_levels_byte_length: number;
  };
  readonly dictionary_page_header?: { readonly num_values: number };
}

/** Checks the sizes of one page; returns how many values it adds. */
function checkPage(header: PageHeader, left: number): number {
  const { type, compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
  const isSize = (value: unknown, most: number): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
  if (!isSize(packed, MOST_PAGE_BYTES) || !isSize(unpacked, MOST_PAGE_BYTES)) {
    throw new Error(`a page of ${unpacked} bytes`);
  }
  if (type === 'DICTIONARY_PAGE') {
    const values = header.dictionary_page_header?.num_values;
    if (!isSize(values, unpacked * 8)) throw new Error(`a dictionary of ${values} values`);
    return 0;
  }
  const data = type === 'DATA_PAGE' ? header.data_page_header : header.data_page_header_v2;
  if (data === undefined || !isSize(data.num_values, left)) {
    throw new Error(`a page of ${data?.num_values} values where ${left} are left`);
  }
  const v2 = type === 'DATA_PAGE' ? undefined : header.data_page_header_v2;
  if (v2 !== undefined) {
    const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
    const isFine =
      isSize(v2.num_nulls, v2.num_values) &&
      v2.num_rows === v2.num_values &&
      isSize(levels, packed);
    if (!isFine) throw new Error('a page whose counts contradict each other');
  }
  return data.num_values;
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

function checkFlat(metadata: FileMetaData, name: string): void {
  const element = metadata.schema.find((one, index) => index > 0 && one.name === name);
  if (element?.num_children || element?.repetition_type === 'REPEATED') {
    throw new Error(`column "${name}" is nested`);
  }
}

interface Part {
  readonly data: ArrayLike<Entry>;
  readonly first: number;
}

/** One array of what came in parts; a single part is not copied. */
function joined(parts: readonly Part[], firstRow: number, count: number): ArrayLike<Entry> {
  const chunks = parts.map(({ data, first }) => ({ data: numbersOf(data), first }));
  const filled = chunks.reduce((sum, { data }) => sum + data.length, 0);
  const isInside = chunks.every(
    ({ data, first }) => first >= firstRow && first + data.length <= firstRow + count,
  );
  if (filled !== count || !isInside) {
    throw new Error(`${filled} values in a row group of ${count}`);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only.data;
  const areNumbers = chunks.every(
    ({ data }) => data instanceof Float64Array || data instanceof Int32Array,
  );
  const all: { [index: number]: Entry; length: number } = areNumbers
    ? new Float64Array(count)
    : new Array<Entry>(count);
  for (const { data, first } of chunks) {
    for (let k = 0; k < data.length; k++) all[first - firstRow + k] = data[k];
  }
  return all as ArrayLike<Entry>;
}

/** 64-bit integers as numbers where all are below 2^53, read as two words each: many times faster than BigInt. */
function numbersOf(data: ArrayLike<Entry>): ArrayLike<Entry> {
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  if (!isBig) return data;
  const words = new Int32Array(data.buffer, data.byteOffset, data.length * 2);
  const numbers = new Float64Array(data.length);
  for (let k = 0; k < data.length; k++) {
    const high = words[2 * k + 1] as number;
    if (high >= 2 ** 21 || high < -(2 ** 21)) return data;
    numbers[k] = high * 2 ** 32 + ((words[2 * k] as number) >>> 0);
  }
  return numbers;
}
