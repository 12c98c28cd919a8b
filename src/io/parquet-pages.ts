/**
 * Values of one column in one row group of a Parquet file. Decoders of our own, because a damaged run length must not
 * make a reader fill memory: every count is held against the rows that are left before anything is written. Page headers
 * and decompression are the library's.
 */
import type { Entry } from './edge-builder.ts';

/** A column as the file describes it. */
export interface ColumnKind {
  readonly type: string;
  readonly isOptional: boolean;
  readonly isUnsigned: boolean;
  readonly codec: string;
}

/** What the library gives. */
export interface PageTools {
  readonly header: (reader: { view: DataView; offset: number }) => unknown;
  readonly decompress: Readonly<
    Record<string, ((bytes: Uint8Array, length: number) => Uint8Array) | undefined>
  >;
}

interface PageHeader {
  readonly type: string | undefined;
  readonly uncompressed_page_size: number;
  readonly compressed_page_size: number;
  readonly data_page_header?: { readonly num_values: number; readonly encoding: string };
  readonly data_page_header_v2?: {
    readonly num_values: number;
    readonly num_nulls: number;
    readonly num_rows: number;
    readonly encoding: string;
    readonly definition_levels_byte_length: number;
    readonly repetition_levels_byte_length: number;
    readonly is_compressed: boolean;
  };
  readonly dictionary_page_header?: { readonly num_values: number };
}

/** Uncompressed bytes of one page: writers make pages of about 1 MB. */
const MOST_PAGE_BYTES = 2 ** 28;

const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** Goes through the pages without decoding them. Throws Error where sizes or counts cannot be right. */
export function checkPages(chunk: Uint8Array, rows: number, tools: PageTools): void {
  let values = 0;
  for (const { header } of pagesOf(chunk, rows, tools)) values += header.values;
  if (values !== rows) throw new Error(`${values} values in a column of ${rows} rows`);
}

interface Page {
  readonly header: PageHeader & { readonly values: number };
  readonly bytes: Uint8Array;
}

function* pagesOf(chunk: Uint8Array, rows: number, tools: PageTools): Generator<Page> {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const reader = { view, offset: 0 };
  let values = 0;
  while (values < rows && reader.offset < chunk.length) {
    const header = tools.header(reader) as PageHeader;
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    const start = reader.offset;
    if (!isCount(packed, chunk.length - start) || !isCount(unpacked, MOST_PAGE_BYTES)) {
      throw new Error(`a page of ${packed} bytes for ${unpacked}`);
    }
    reader.offset = start + packed;
    const added = valuesIn(header, rows - values);
    values += added;
    yield {
      header: { ...header, values: added },
      bytes: chunk.subarray(start, start + packed),
    };
  }
}

/** How many values a page adds, checked. */
function valuesIn(header: PageHeader, left: number): number {
  if (header.type === 'DICTIONARY_PAGE') {
    const values = header.dictionary_page_header?.num_values;
    if (isCount(values, header.uncompressed_page_size * 8)) return 0;
    throw new Error(`a dictionary of ${values} values`);
  }
  if (header.type === 'DATA_PAGE' && isCount(header.data_page_header?.num_values, left)) {
    return header.data_page_header.num_values;
  }
  const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  if (v2 !== undefined) {
    const { num_values: values, num_nulls: nulls, num_rows: rows } = v2;
    const levels = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
    const isFine =
      isCount(values, left) &&
      isCount(nulls, values) &&
      rows === values &&
      isCount(v2.definition_levels_byte_length, header.compressed_page_size) &&
      isCount(levels, Math.min(header.compressed_page_size, header.uncompressed_page_size));
    if (isFine) return values;
  }
  throw new Error(`a page of type ${header.type} whose counts cannot be right`);
}

/** All values of a column chunk; null where there is none. Throws Error for damage and for what is not supported. */
export function decodeColumn(
  chunk: Uint8Array,
  rows: number,
  kind: ColumnKind,
  tools: PageTools,
): ArrayLike<Entry> {
  const out = outputFor(kind.type, rows);
  let dictionary: ArrayLike<Entry> | null = null;
  let nulls: Uint8Array | null = null;
  let at = 0;
  for (const { header, bytes } of pagesOf(chunk, rows, tools)) {
    if (header.type === 'DICTIONARY_PAGE') {
      const page = unpack(bytes, header.uncompressed_page_size, kind.codec, tools);
      const count = header.dictionary_page_header?.num_values ?? 0;
      const values = outputFor(kind.type, count);
      decodePlain(new Cursor(page), kind.type, count, values, 0);
      dictionary = values;
      continue;
    }
    const { body, levels, encoding } = partsOf(header, bytes, kind, tools);
    const isMissing = levels === null ? null : decodeLevels(levels, header.values);
    const missing = isMissing?.reduce((sum, one) => sum + one, 0) ?? 0;
    const present = header.values - missing;
    const target = missing === 0 ? out : outputFor(kind.type, present);
    const from = missing === 0 ? at : 0;
    decodeValues(body, encoding, kind.type, present, dictionary, target, from);
    if (isMissing !== null && missing > 0) {
      nulls ??= new Uint8Array(rows);
      let next = 0;
      for (let k = 0; k < header.values; k++) {
        if (isMissing[k] === 1) nulls[at + k] = 1;
        else out[at + k] = target[next++];
      }
    }
    at += header.values;
  }
  if (at !== rows) throw new Error(`${at} values in a column of ${rows} rows`);
  if (nulls !== null) {
    return Array.from(out as ArrayLike<Entry>, (value, k) => (nulls[k] === 1 ? null : value));
  }
  return finished(out, kind);
}

type Output = { [index: number]: Entry; readonly length: number };

/** Memory for values of a physical type. */
function outputFor(type: string, count: number): Output {
  switch (type) {
    case 'INT32':
      return new Int32Array(count) as unknown as Output;
    case 'INT64':
      return new BigInt64Array(count) as unknown as Output;
    case 'FLOAT':
      return new Float32Array(count) as unknown as Output;
    case 'DOUBLE':
      return new Float64Array(count) as unknown as Output;
    case 'BOOLEAN':
    case 'BYTE_ARRAY':
      return new Array<Entry>(count);
    default:
      throw new Error(`values of type ${type} are not read`);
  }
}

/** 64-bit integers as doubles where all are below 2^53; unsigned ones as what they are. */
function finished(out: Output, { isUnsigned }: ColumnKind): ArrayLike<Entry> {
  if (out instanceof Int32Array) return isUnsigned ? new Uint32Array(out.buffer) : out;
  if (!(out instanceof BigInt64Array)) return out as ArrayLike<Entry>;
  const words = new Int32Array(out.buffer);
  const numbers = new Float64Array(out.length);
  for (let k = 0; k < out.length; k++) {
    const high = words[2 * k + 1] as number;
    if (high >= 2 ** 21 || high < -(2 ** 21)) {
      return isUnsigned ? new BigUint64Array(out.buffer) : out;
    }
    numbers[k] = high * 2 ** 32 + ((words[2 * k] as number) >>> 0);
  }
  return numbers;
}

function unpack(bytes: Uint8Array, length: number, codec: string, tools: PageTools): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  const decompress = tools.decompress[codec];
  if (decompress === undefined) throw new Error(`compression ${codec} is not read`);
  const page = decompress(bytes, length);
  if (page.length === length) return page;
  throw new Error(`a page of ${page.length} bytes instead of ${length}`);
}

interface Parts {
  /** Encoded values. */
  readonly body: Uint8Array;
  /** Encoded definition levels of a column that may have nulls. */
  readonly levels: Uint8Array | null;
  readonly encoding: string;
}

function partsOf(header: PageHeader, bytes: Uint8Array, kind: ColumnKind, tools: PageTools): Parts {
  const v2 = header.data_page_header_v2;
  if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
    const { repetition_levels_byte_length: skipped, definition_levels_byte_length: length } = v2;
    const levels = kind.isOptional ? bytes.subarray(skipped, skipped + length) : null;
    const packed = bytes.subarray(skipped + length);
    const size = header.uncompressed_page_size - skipped - length;
    const body = v2.is_compressed ? unpack(packed, size, kind.codec, tools) : packed;
    return { body, levels, encoding: v2.encoding };
  }
  const page = unpack(bytes, header.uncompressed_page_size, kind.codec, tools);
  const encoding = header.data_page_header?.encoding ?? '';
  if (!kind.isOptional) return { body: page, levels: null, encoding };
  const cursor = new Cursor(page);
  const length = cursor.u32();
  const levels = cursor.take(length);
  return { body: page.subarray(4 + length), levels, encoding };
}

/** 1 for every missing value. */
function decodeLevels(bytes: Uint8Array, count: number): Uint8Array {
  const levels = new Uint32Array(count);
  decodeRuns(new Cursor(bytes), 1, count, (at, value) => {
    levels[at] = value;
  });
  return Uint8Array.from(levels, (level) => 1 - level);
}

function decodeValues(
  body: Uint8Array,
  encoding: string,
  type: string,
  count: number,
  dictionary: ArrayLike<Entry> | null,
  out: Output,
  from: number,
): void {
  const cursor = new Cursor(body);
  const isDictionary = encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY';
  if (encoding === 'PLAIN') {
    decodePlain(cursor, type, count, out, from);
  } else if (isDictionary && dictionary === null) {
    throw new Error('a page that needs a dictionary before there is one');
  } else if (isDictionary && dictionary !== null) {
    const width = count === 0 ? 0 : cursor.u8();
    const size = dictionary.length;
    decodeRuns(cursor, width, count, (at, index) => {
      if (index >= size) throw new Error(`entry ${index} of a dictionary of ${size}`);
      out[from + at] = dictionary[index];
    });
  } else if (encoding === 'RLE' && type === 'BOOLEAN') {
    cursor.u32();
    decodeRuns(cursor, 1, count, (at, bit) => {
      out[from + at] = bit === 1;
    });
  } else if (encoding === 'DELTA_BINARY_PACKED' && (type === 'INT32' || type === 'INT64')) {
    decodeDelta(cursor, type, count, out, from);
  } else {
    throw new Error(`encoding ${encoding} of ${type} is not read; write the file with PLAIN`);
  }
}

function decodePlain(cursor: Cursor, type: string, count: number, out: Output, from: number): void {
  const size = ({ INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8 } as Record<string, number>)[type];
  if (size !== undefined) {
    const bytes = cursor.take(count * size);
    const target = out as unknown as Int32Array;
    // Parquet is little-endian, as are all machines that run this.
    new Uint8Array(target.buffer, target.byteOffset + from * size, bytes.length).set(bytes);
  } else if (type === 'BOOLEAN') {
    const bytes = cursor.take(Math.ceil(count / 8));
    for (let k = 0; k < count; k++) {
      out[from + k] = (((bytes[k >> 3] as number) >> (k & 7)) & 1) === 1;
    }
  } else {
    const decoder = new TextDecoder();
    for (let k = 0; k < count; k++) out[from + k] = decoder.decode(cursor.take(cursor.u32()));
  }
}

/** Runs of equal values and packed bits, in turn. A run never writes more than `count` values in all. */
function decodeRuns(
  cursor: Cursor,
  width: number,
  count: number,
  put: (at: number, value: number) => void,
): void {
  if (width > 32) throw new Error(`values of ${width} bits`);
  let at = 0;
  while (at < count) {
    if (width === 0 && cursor.isAtEnd) {
      while (at < count) put(at++, 0);
      return;
    }
    const header = cursor.varint();
    const length = header >>> 1;
    if (length === 0) throw new Error('an empty run');
    if ((header & 1) === 0) {
      const value = cursor.bytesAsNumber((width + 7) >> 3);
      if (length > count - at) throw new Error(`a run of ${length} where ${count - at} are left`);
      for (let k = 0; k < length; k++) put(at++, value);
    } else {
      const values = Math.min(length * 8, count - at);
      const bits = new BitReader(cursor.takeUpTo(length * width));
      for (let k = 0; k < values; k++) put(at++, bits.read(width));
    }
  }
}

/** Differences in blocks of packed bits. */
function decodeDelta(
  cursor: Cursor,
  type: 'INT32' | 'INT64',
  count: number,
  out: Output,
  from: number,
): void {
  if (count === 0) return;
  const blockSize = cursor.varint();
  const blocks = cursor.varint();
  const total = cursor.varint();
  const perBlock = blockSize / blocks;
  const isFine = blocks >= 1 && blocks <= 4096 && Number.isInteger(perBlock) && perBlock % 8 === 0;
  if (!isFine || perBlock < 8 || total !== count) throw new Error('blocks that cannot be right');
  const put = (at: number, value: bigint): void => {
    out[from + at] = type === 'INT32' ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  };
  let value = cursor.zigzag();
  let at = 0;
  put(at++, value);
  while (at < count) {
    const least = cursor.zigzag();
    const widths = cursor.take(blocks);
    for (let block = 0; block < blocks && at < count; block++) {
      const width = widths[block] as number;
      if (width > 64) throw new Error(`differences of ${width} bits`);
      const bits = new BitReader(cursor.takeUpTo((perBlock * width) / 8));
      for (let k = 0; k < perBlock && at < count; k++) {
        value = BigInt.asIntN(64, value + least + bits.readBig(width));
        put(at++, value);
      }
    }
  }
}

/** Reads forward; throws Error at the end. */
class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error('a page that ends early');
    return byte;
  }

  u32(): number {
    return this.bytesAsNumber(4);
  }

  /** Little-endian, at most 4 bytes. */
  bytesAsNumber(length: number): number {
    let value = 0;
    for (let k = 0; k < length; k++) value += this.u8() * 2 ** (8 * k);
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Error('a page that ends early');
    return this.takeUpTo(length);
  }

  /** Fewer at the end: the last run may be cut off after its last value. */
  takeUpTo(length: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += part.length;
    return part;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error('a number without end');
  }

  zigzag(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return (value >> 1n) ^ -(value & 1n);
    }
    throw new Error('a number without end');
  }
}

/** Values of some bits each, the lowest first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(width: number): number {
    let value = 0;
    let got = 0;
    while (got < width) {
      const byte = this.#bytes[this.#bit >> 3];
      if (byte === undefined) throw new Error('a page that ends early');
      const offset = this.#bit & 7;
      const some = Math.min(8 - offset, width - got);
      value += ((byte >> offset) & ((1 << some) - 1)) * 2 ** got;
      got += some;
      this.#bit += some;
    }
    return value;
  }

  readBig(width: number): bigint {
    if (width <= 32) return BigInt(this.read(width));
    const low = this.read(32);
    return (BigInt(this.read(width - 32)) << 32n) | BigInt(low);
  }
}
