/** What many runs amount to, as a table: a row for each run, for files and for people. */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { ManyRunSummary } from './run.ts';

/** Columns, and rows of one cell per column; null where there is no value. */
export interface RunTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/**
 * One row per run, in the order given: run, what was varied, seed, simulated ms, synapses, spikes, mean rate; rate and
 * irregularity of every population ("NAME rate_hz", "NAME cv_isi"); the error, spike hash. Parameters are as they were
 * given, with units.
 */
export function runTable(summaries: readonly ManyRunSummary[]): RunTable {
  checkSummaries(summaries);
  const parameters = different(summaries.map((one) => Object.keys(one.parameters)));
  const populations = different(summaries.map((one) => one.populations.map(({ name }) => name)));
  const columns = [
    'run',
    ...parameters,
    'seed',
    'duration_ms',
    'synapses',
    'spikes',
    'rate_hz',
    ...populations.flatMap((name) => [`${name} rate_hz`, `${name} cv_isi`]),
    'error',
    'spike_hash',
  ];
  const rows = summaries.map((one) => [
    one.run,
    ...parameters.map((name) => one.parameters[name] ?? null),
    one.seed,
    one.duration_ms,
    one.synapses,
    one.spikes,
    one.rate_hz,
    ...populations.flatMap((name) => {
      const found = one.populations.find((population) => population.name === name);
      return [found?.rate_hz ?? null, found?.cv_isi ?? null];
    }),
    one.error,
    one.spike_hash,
  ]);
  return { columns, rows };
}

function checkSummaries(value: unknown): void {
  const isFine =
    Array.isArray(value) &&
    value.every((one) => isPlainObject(one) && 'parameters' in one && 'populations' in one);
  if (isFine) return;
  throw new TypeError(
    `runTable: summaries must be a list of summaries of runs, got ${describeValue(value)}.`,
  );
}

const different = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** The table as comma-separated text with a header line; what is missing is empty (RFC 4180). */
export function runTableToCsv(table: RunTable): string {
  if (!Array.isArray(table?.columns) || !Array.isArray(table.rows)) {
    throw new TypeError(
      `runTableToCsv: table must be what runTable has made, got ${describeValue(table)}.`,
    );
  }
  const { columns, rows } = table;
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
