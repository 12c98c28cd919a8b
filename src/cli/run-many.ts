/**
 * `wetware run` with --seeds or --vary, or of an example that takes several trials: many runs, a table of them, a folder
 * of files for each.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BuildNetwork,
  DIMENSIONS,
  type ManyOptions,
  type ManyProgress,
  type ManyRun,
  type ManyRunSummary,
  type ManyRuns,
  type NetworkDocument,
  parseQuantity,
  type Quantity,
  runMany,
  runTable,
  runTableToCsv,
} from '../index.ts';
import { lateInterventions } from './interventions.ts';
import type { LoadedNetwork } from './load-network.ts';
import { counted, formatSeconds } from './progress.ts';
import { addRecordings, checkTraces } from './record.ts';
import { columns, SILENCE } from './report.ts';
import {
  createSpikeFile,
  makeFolder,
  SPIKE_FORMATS,
  type SpikeFormat,
  writeResults,
  writeTables,
} from './results.ts';
import { chosen, simulationOptions } from './settings.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** What several runs differ in, and how many of them share a launch. */
export type Grid = Pick<ManyOptions, 'seeds' | 'vary' | 'atOnce'>;

/** What a command line says of it; nothing for a single run. */
export function readGrid(options: Options): Grid {
  if (options.seed !== undefined && options.seeds !== undefined) {
    throw new UsageError('--seed and --seeds exclude each other.');
  }
  return {
    ...(options.seeds !== undefined && { seeds: readSeeds(options.seeds) }),
    ...(options.vary.length > 0 && { vary: readVary(options.vary) }),
    ...(options['at-once'] !== undefined && { atOnce: readAtOnce(options['at-once']) }),
  };
}

/** Returns the exit code: failed when a run failed or was stopped. */
export async function runSeveral(
  loaded: LoadedNetwork,
  grid: Grid,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const format = chosen('format', options.format ?? 'parquet', SPIKE_FORMATS);
  const { out } = options;
  // Tables of an experiment are made of all its trials; --vary makes several experiments.
  const results = out !== undefined && grid.vary === undefined ? loaded.results : null;
  const duration = options.duration ?? loaded.defaultDuration;
  const durationMs = checkLength(addRecordings(loaded.document, options.record), duration);
  for (const late of lateInterventions(options.intervene, durationMs)) messages.warn(late);
  if (out !== undefined) await makeFolder(out);
  const line = manyLine(terminal, options.quiet);
  const result = await stoppable(terminal, (signal) =>
    runMany(networkOf(loaded, options.record), {
      ...simulationOptions(options),
      ...(loaded.trials > 1 && { seeds: trialSeeds(loaded) }),
      ...grid,
      duration,
      keep: results !== null,
      signal,
      onWarning: (warning) => {
        line.clear();
        messages.warn(warning);
      },
      onProgress: (progress) => line.show(progress),
      onRun: async (run) => {
        line.clear();
        if (out !== undefined) await writeRun(out, format, run);
        if (options.json) terminal.out(`${JSON.stringify(run.summary)}\n`);
      },
    }),
  )
    .catch((error: unknown) => {
      throw asUsage(error);
    })
    .finally(() => line.clear());
  const summaries = result.runs.map(({ summary }) => summary);
  if (out !== undefined) {
    await writeFile(join(out, 'runs.csv'), runTableToCsv(runTable(summaries)));
    await writeTables(out, (await results?.(result.runs)) ?? new Map());
    messages.note(`Wrote ${out}: runs.csv and ${counted(summaries.length, 'folder')}`);
  }
  const isComplete = isWhole(result);
  if (!isComplete && summaries.every(({ error }) => error === null)) {
    messages.warn(
      `stopped: ${summaries.filter((one) => one.is_complete).length} of ${counted(result.planned, 'run')} came to their ends.`,
    );
  }
  const isSilent = summaries.every(({ spikes, duration_ms }) => spikes === 0 && duration_ms > 0);
  if (isSilent && isComplete) messages.warn(SILENCE);
  if (!options.json) terminal.out(describeRuns(summaries));
  return isComplete ? EXIT.fine : EXIT.failed;
}

/** The length of runs in ms. Refuses lengths and recordings that cannot be, by the network as the command line has it without --vary. */
function checkLength(document: NetworkDocument, duration: string): number {
  const { value: durationMs } = parseQuantity(duration, '--duration', DIMENSIONS.time);
  if (durationMs < 0) throw new UsageError(`--duration must be a time >= 0, got "${duration}".`);
  const { value: dtMs } = parseQuantity(document.dt, 'dt', DIMENSIONS.time);
  checkTraces(document, Math.round(durationMs / dtMs));
  return durationMs;
}

const isWhole = ({ runs, planned }: ManyRuns): boolean =>
  runs.length === planned && runs.every(({ summary }) => summary.is_complete);

/** Work that Ctrl-C aborts; a second one ends the process as usual. */
export async function stoppable<T>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => {
    stop.abort();
    release();
  });
  return work(stop.signal).finally(release);
}

/** One seed for each trial, from that of the network on. */
const trialSeeds = ({ document, trials }: LoadedNetwork): number[] =>
  Array.from({ length: trials }, (_, k) => (document.seed + k) >>> 0);

/** Examples are built for every run, files read once. */
function networkOf(
  { document, rebuild }: LoadedNetwork,
  requests: readonly string[],
): NetworkDocument | BuildNetwork {
  if (rebuild === null) return addRecordings(document, requests);
  return (values, options) => addRecordings(rebuild(values, options), requests);
}

/** What runMany says of its options is about those of the command line. */
function asUsage(error: unknown): unknown {
  const isOfOptions = error instanceof RangeError && error.message.startsWith('runMany: ');
  return isOfOptions ? new UsageError(error.message.replace('runMany: ', '')) : error;
}

// ---- Options ----

const MOST_SEEDS = 10_000;

/** "1..10", "1,2,7..9". */
function readSeeds(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1)) {
      throw new UsageError(`--seeds must be such as 1..10 or 1,2,7..9, got "${text}".`);
    }
    if (count > MOST_SEEDS) {
      throw new UsageError(
        `--seeds may be ${MOST_SEEDS} at most, got ${count} of them: "${text}".`,
      );
    }
    return Array.from({ length: count }, (_, k) => Number(first) + k);
  });
}

/** "g=3,4,5" of each --vary; texts that are numbers become numbers. */
function readVary(texts: readonly string[]): Record<string, Quantity[]> {
  const vary: Record<string, Quantity[]> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const key = text.slice(0, at).trim();
    const values = text.slice(at + 1).split(',');
    if (at <= 0 || values.some((value) => value.trim() === '')) {
      throw new UsageError(`--vary needs key=value,value,…, got "${text}".`);
    }
    if (Object.hasOwn(vary, key)) {
      throw new UsageError(`--vary ${key} was given twice; separate its values by commas.`);
    }
    vary[key] = values.map((value) => {
      const number = Number(value);
      return Number.isFinite(number) ? number : value.trim();
    });
  }
  return vary;
}

function readAtOnce(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1) return count;
  throw new UsageError(`--at-once must be a whole number from 1 on, got "${text}".`);
}

// ---- Results ----

/** The folder of a run has what a run alone would have written. */
async function writeRun(out: string, format: SpikeFormat, run: ManyRun): Promise<void> {
  const folder = join(out, `run-${run.number}`);
  await makeFolder(folder);
  const file = await createSpikeFile(folder, format, run);
  try {
    const { steps, neurons } = run.allSpikes();
    file.append(steps, neurons);
    await file.finish(run.summary);
    await writeResults(folder, format, run, run.summary);
  } finally {
    file.discard();
  }
}

/** The table for people: what was varied, then rate and irregularity of every population. */
function describeRuns(summaries: readonly ManyRunSummary[]): string {
  const [first] = summaries;
  if (first === undefined) return 'no run has begun\n';
  const parameters = Object.keys(first.parameters);
  const populations = [
    ...new Set(summaries.flatMap((one) => one.populations.map(({ name }) => name))),
  ];
  const rows = summaries.map((one) => [
    String(one.run),
    ...parameters.map((name) => String(one.parameters[name] ?? '')),
    String(one.seed),
    ...populations.map((name) => {
      const found = one.populations.find((population) => population.name === name);
      if (found === undefined || found.rate_hz === null) return 'not recorded';
      const cv = found.cv_isi === null ? '' : `, CV ${found.cv_isi.toFixed(2)}`;
      return `${found.rate_hz.toFixed(2)} Hz${cv}`;
    }),
    one.error !== null ? 'failed' : one.is_complete ? '' : 'stopped',
  ]);
  const launches = new Map(summaries.map((one) => [one.launch, one.wall_s]));
  const wallMs = [...launches.values()].reduce((sum, seconds) => sum + 1000 * seconds, 0);
  const head =
    `${first.model}: ${counted(summaries.length, 'run')} of ${formatSeconds(first.duration_ms)} in ` +
    `${counted(launches.size, 'launch')}, ${first.engine}, simulated in ${formatSeconds(wallMs)}\n`;
  return head + columns([['run', ...parameters, 'seed', ...populations, ''], ...rows]);
}

/** "3 of 12 runs done, 4 under way  45 %  ETA 14 s", rewritten in place at a terminal. */
export function manyLine(
  terminal: Terminal,
  quiet: boolean,
): { show(progress: ManyProgress): void; clear(): void } {
  if (quiet || !terminal.isInteractive) return { show() {}, clear() {} };
  return {
    show({ done, all, running, fraction, wallMs }) {
      const rest =
        fraction > 0 ? `  ETA ${formatSeconds((wallMs * (1 - fraction)) / fraction)}` : '';
      terminal.err(
        `\r${done} of ${counted(all, 'run')} done, ${running} under way  ${Math.floor(fraction * 100)} %${rest}\x1b[K`,
      );
    },
    clear: () => terminal.err('\r\x1b[K'),
  };
}
