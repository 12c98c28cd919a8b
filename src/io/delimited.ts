/**
 * Rows of a CSV file, read piece by piece so that files larger than a string can be are read too. papaparse, loaded
 * when first used, splits the fields; this file finds the ends of lines and holds rows to the header.
 */
import { readText } from './byte-stream.ts';
import { asUnreadable, unreadable } from './unreadable.ts';

/** A record longer than this is no record of a table. */
const LONGEST_RECORD = 1024 * 1024;
const MOST_COLUMNS = 10_000;

/** Gets the rows of a file. */
export interface RowSink {
  /** Once, first: the names of the columns. */
  header(names: readonly string[]): void;
  /** `row` counts from 2: the header is row 1. Every row has as many fields as the header. */
  row(fields: readonly string[], row: number): void;
}

export interface DelimitedOptions {
  /** Name in messages. */
  readonly file: string;
  /** One character; default: comma, semicolon or tab, whichever the header has. */
  readonly delimiter?: string;
}

/** Reads a table from text or gzip bytes. Throws NetworkError naming file and row. Resolves to the number of rows. */
export async function readDelimited(
  bytes: Uint8Array,
  options: DelimitedOptions,
  sink: RowSink,
): Promise<number> {
  const { file } = options;
  const { default: papa } = await import('papaparse');
  let delimiter = options.delimiter;
  let rest = '';
  let columns = 0;
  let row = 0;

  const takeRecords = (text: string): void => {
    delimiter ??= guessDelimiter(text);
    const { data, errors } = papa.parse<string[]>(text, { delimiter, skipEmptyLines: true });
    const fault = errors[0];
    if (fault) throw unreadable({ file, row: row + 1 + (fault.row ?? 0) }, `${fault.message}.`);
    for (const fields of data) {
      row++;
      if (row === 1) {
        columns = fields.length;
        if (columns > MOST_COLUMNS) throw unreadable({ file, row }, `${columns} columns.`);
        sink.header(fields);
      } else {
        if (fields.length !== columns) {
          throw unreadable({ file, row }, `${fields.length} fields; the header has ${columns}.`);
        }
        sink.row(fields, row);
      }
    }
  };

  try {
    await readText(bytes, { file }, (piece) => {
      const text = rest + piece;
      const end = lastRecordEnd(text);
      if (end > 0) takeRecords(text.slice(0, end));
      rest = text.slice(end);
      // A piece ends within a record, so what is left over is less than one.
      if (rest.length > LONGEST_RECORD) {
        const problem = `a line of more than ${LONGEST_RECORD} characters.`;
        throw unreadable({ file, row: row + 1 }, problem, 'Is it a table, and the right file?');
      }
    });
    if (rest.trim() !== '') takeRecords(rest);
  } catch (error) {
    throw asUnreadable(error, { file }, 'Is it a table with a line of column names?');
  }
  if (row === 0) throw unreadable({ file }, 'is empty.', 'A line of column names comes first.');
  return row - 1;
}

/** The place after the last line end that is not inside quotes; 0 when there is none. */
function lastRecordEnd(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1;
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) isQuoted = !isQuoted;
    else if (code === 10 && !isQuoted) end = at + 1;
  }
  return end;
}

function guessDelimiter(text: string): string {
  const [header = ''] = text.split('\n', 1);
  const count = (mark: string): number => header.split(mark).length;
  return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
