/**
 * Reads the small comma-separated tables of the data examples: a known header, no quotes, numbers where numbers belong.
 * Not a general CSV reader. Every fault names file and row.
 */
import { NetworkError } from '../index.ts';

/** What a column holds: whole numbers, numbers, or text. */
export type ColumnKind = 'integer' | 'number' | 'text';

type Columns<T extends Readonly<Record<string, ColumnKind>>> = {
  readonly [K in keyof T]: T[K] extends 'text' ? readonly string[] : readonly number[];
};

/** Longest file that is read, characters. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The wanted columns of a table, by name, in any order and beside others. Throws NetworkError for a missing column, a
 * row with another number of fields than the header, or an entry that is not of its kind; `file` names it in messages.
 */
export function readTable<const T extends Readonly<Record<string, ColumnKind>>>(
  text: string,
  file: string,
  wanted: T,
): Columns<T> {
  const refuse = (row: number, message: string): never => {
    throw new NetworkError(`${file}, row ${row}: ${message}`, { path: file, value: row });
  };
  if (text.length > LARGEST) {
    throw new NetworkError(
      `${file} has ${text.length} characters; at most ${LARGEST} are read. Is it the right file?`,
      { path: file, value: text.length },
    );
  }
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').split(',');
  const columns = Object.entries(wanted).map(([name, kind]) => {
    const at = header.indexOf(name);
    if (at < 0) refuse(1, `no column "${name}". Found: ${header.slice(0, 20).join(', ')}`);
    return { name, kind, at, entries: [] as (string | number)[] };
  });
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const fields = line.split(',');
    if (fields.length !== header.length) {
      refuse(index + 1, `${fields.length} fields, the header has ${header.length}`);
    }
    for (const { name, kind, at, entries } of columns) {
      const field = fields[at] ?? '';
      const number = kind === 'text' || field.trim() === '' ? Number.NaN : Number(field);
      if (kind !== 'text' && !Number.isFinite(number)) {
        refuse(index + 1, `"${field}" in column "${name}" is not a number`);
      }
      if (kind === 'integer' && !Number.isSafeInteger(number)) {
        refuse(index + 1, `"${field}" in column "${name}" is not a whole number`);
      }
      entries.push(kind === 'text' ? field : number);
    }
  }
  return Object.fromEntries<unknown>(
    columns.map(({ name, entries }) => [name, entries]),
  ) as Columns<T>;
}

/** Throws NetworkError unless every entry of an index column lies in 0 … count-1. */
export function checkIndices(
  indices: readonly number[],
  count: number,
  file: string,
  column: string,
): void {
  const row = indices.findIndex((index) => index < 0 || index >= count);
  if (row < 0) return;
  throw new NetworkError(
    `${file}, row ${row + 2}: ${column} is ${indices[row]}, but there are ${count} neurons (0 to ${count - 1}).`,
    { path: file, value: indices[row] },
  );
}
