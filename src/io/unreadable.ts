/** Errors of the file readers: which file, where in it, what was found, what to do. Reads nothing itself. */
import { NetworkError } from '../errors.ts';

/** Where in a file something is wrong. Rows count from 1, the header line of a CSV file being row 1. */
export interface FilePlace {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
  /** Path inside an archive or HDF5 file. */
  readonly inside?: string;
}

/** `file, row 3, column "post": problem remedy` as a NetworkError. */
export function unreadable(
  place: FilePlace,
  problem: string,
  remedy = '',
  value?: unknown,
): NetworkError {
  const { file, row, column, inside } = place;
  const where = [
    file,
    ...(inside === undefined ? [] : [inside]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column "${column}"`]),
  ].join(', ');
  const end = remedy === '' ? '' : ` ${remedy}`;
  return new NetworkError(`${where}: ${problem}${end}`, { path: where, value });
}

/**
 * What a library threw on damaged input, as a NetworkError of this file. Errors of ours pass as they are, so that the
 * innermost place is named.
 */
export function asUnreadable(error: unknown, place: FilePlace, remedy: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const line = reason.replace(/\s+/g, ' ').slice(0, 200);
  return unreadable(place, `cannot be read (${line}).`, remedy);
}

/** The usual remedy for damaged bytes. */
export const DAMAGED = 'Is the file complete? Fetch or write it again.';
