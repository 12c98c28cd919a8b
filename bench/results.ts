/** The folder of a run: records.jsonl, to which every record is added as it comes, and report.html made from it. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMeasurement } from './compare.ts';
import {
  type BenchRecord,
  keyOf,
  lineOf,
  type Machine,
  parseRecords,
  type RunStamp,
} from './record.ts';
import { reportDocument } from './report/document.ts';
import { SettingsError } from './settings.ts';

const RECORDS = 'records.jsonl';
const REPORT = 'report.html';

export interface Results {
  /** The run that these records are of: an earlier one when it is resumed. */
  readonly run: RunStamp;
  readonly file: string;
  readonly records: readonly BenchRecord[];
  /** Keys of what need not be measured again. */
  readonly done: ReadonlySet<string>;
  /** Adds a record to the file at once. */
  add(record: BenchRecord): void;
  /** Writes the report and returns its path. */
  writeReport(): string;
}

/**
 * Opens a folder for a new run, or to go on with the one that it holds. Throws SettingsError when there are records and
 * nobody asked to go on, or when they are of another commit or machine: one run is one program on one machine.
 */
export function openResults(
  folder: string,
  isResumed: boolean,
  fresh: RunStamp,
  machine: Machine,
): Results {
  const file = join(folder, RECORDS);
  const isThere = existsSync(file);
  if (isThere && !isResumed) {
    throw new SettingsError(
      `${file} holds records: --resume goes on, another --out starts afresh.`,
    );
  }
  const found = isThere ? parseRecords(readFileSync(file, 'utf8')) : [];
  // What was cut short or could not be measured is tried again.
  const records: BenchRecord[] = found.filter(isMeasurement).filter((one) => one.is_complete);
  const first = records[0];
  if (first) checkSame(first, fresh, machine, file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, records.map(lineOf).join(''));
  return {
    run: first?.run ?? fresh,
    file,
    records,
    done: new Set(records.filter(isMeasurement).map(keyOf)),
    add(record) {
      records.push(record);
      appendFileSync(file, lineOf(record));
    },
    writeReport: () => writeReport(file),
  };
}

function checkSame(
  { run, machine: then }: BenchRecord,
  now: RunStamp,
  machine: Machine,
  file: string,
): void {
  const isSame =
    run.commit === now.commit &&
    run.version === now.version &&
    then.cpu === machine.cpu &&
    then.cores === machine.cores &&
    then.platform === machine.platform;
  if (isSame) return;
  throw new SettingsError(
    `${file} is of commit ${run.commit} on ${then.cpu}, ${then.cores} cores; this is ${now.commit} on ${machine.cpu}, ${machine.cores} cores. Ratios come from one run on one machine: start afresh with another --out.`,
  );
}

/** Writes the report beside a file of records and returns its path. */
export function writeReport(file: string): string {
  const records = parseRecords(readFileSync(file, 'utf8'));
  const path = join(dirname(file), REPORT);
  writeFileSync(path, reportDocument(records));
  return path;
}
