/** `wetware run`: simulate, report, write files. */
import {
  createSimulation,
  DIMENSIONS,
  type NetworkDocument,
  NetworkError,
  parseQuantity,
  type Simulation,
} from '../index.ts';
import { lateInterventions } from './interventions.ts';
import { loadNetwork } from './load-network.ts';
import { buildLine, formatSeconds, progressLine } from './progress.ts';
import { addRecordings, checkTraces } from './record.ts';
import { describeReport, reportOf, SILENCE } from './report.ts';
import {
  createSpikeFile,
  makeFolder,
  needsAllSpikes,
  SPIKE_FORMATS,
  type SpikeFile,
  writeResults,
  writeTables,
} from './results.ts';
import { readGrid, runSeveral } from './run-many.ts';
import { chosen, simulationOptions } from './settings.ts';
import { type Messages, messagesTo, type Terminal } from './terminal.ts';
import { EXIT, RunError, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** Returns the exit code; throws what the caller turns into one. */
export async function run(target: string, options: Options, terminal: Terminal): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const format = chosen('format', options.format ?? 'parquet', SPIKE_FORMATS);
  const settings = {
    ...simulationOptions(options),
    onWarning: (warning: string) => messages.warn(warning),
  };
  const grid = readGrid(options);
  const loaded = await loadNetwork(target, options);
  for (const note of loaded.notes) messages.remark(note);
  if (grid.seeds !== undefined || grid.vary !== undefined || loaded.trials > 1) {
    return runSeveral(loaded, grid, options, terminal);
  }
  if (grid.atOnce !== undefined) {
    throw new UsageError('--at-once says how --seeds and --vary are run; give one of these too.');
  }
  const steps = stepsOf(options.duration ?? loaded.defaultDuration, loaded.document, messages);
  const document = addRecordings(loaded.document, options.record);
  checkTraces(document, steps);
  const dtMs = parseQuantity(document.dt, 'dt', DIMENSIONS.time).value;
  for (const late of lateInterventions(options.intervene, steps * dtMs)) {
    messages.warn(late);
  }
  if (options.out !== undefined) await makeFolder(options.out);
  messages.note(`Building ${document.name}`);
  let spikeFile: SpikeFile | null = null;
  const building = buildLine(terminal, options.quiet);
  using simulation = await createSimulation(document, {
    ...settings,
    onBuild: (progress) => building.show(progress),
    keepSpikes: options.out !== undefined && (needsAllSpikes(format) || loaded.results !== null),
    onSpikes: (some, neurons) => spikeFile?.append(some, neurons),
  }).finally(() => building.clear());
  if (options.out !== undefined) {
    spikeFile = await createSpikeFile(options.out, format, simulation);
  }
  const durationMs = steps * simulation.dtMs;
  try {
    const isComplete = await simulate(simulation, steps, options, terminal);
    if (!isComplete) {
      messages.warn(
        `stopped at ${formatSeconds(simulation.timeMs)} of ${formatSeconds(durationMs)}; the results are of that part.`,
      );
    }
    const report = await reportOf(simulation);
    if (report.warnings.includes(SILENCE)) messages.warn(SILENCE);
    if (options.out !== undefined && spikeFile !== null) {
      const path = await spikeFile.finish(report);
      const others = await writeResults(options.out, format, simulation, report);
      const tables = await loaded.results?.([simulation]);
      const more = await writeTables(options.out, tables ?? new Map());
      for (const written of [path, ...others, ...more]) messages.note(`Wrote ${written}`);
    }
    terminal.out(options.json ? `${JSON.stringify(report)}\n` : describeReport(report, simulation));
    return isComplete ? EXIT.fine : EXIT.failed;
  } finally {
    spikeFile?.discard();
  }
}

/** Most steps of a run: step numbers are 32-bit integers. */
const MOST_STEPS = 2 ** 31 - 1;

/** The steps of a --duration; warns where it is too short for one. */
function stepsOf(text: string, document: NetworkDocument, messages: Messages): number {
  const { value } = parseQuantity(text, '--duration', DIMENSIONS.time);
  if (value < 0) throw new UsageError(`--duration must be a time >= 0, got "${text}".`);
  const { value: dt } = parseQuantity(document.dt, 'dt', DIMENSIONS.time);
  const steps = Math.round(value / dt);
  if (steps > MOST_STEPS) {
    throw new UsageError(
      `--duration must be at most ${formatSeconds(MOST_STEPS * dt)} (${MOST_STEPS} steps of ${document.dt}), got "${text}".`,
    );
  }
  if (steps === 0 && value > 0) {
    messages.warn(`${text} is less than half a time step (${document.dt}): nothing is simulated.`);
  }
  return steps;
}

/** Runs until done or Ctrl-C; a second Ctrl-C ends the process as usual. */
async function simulate(
  simulation: Simulation,
  steps: number,
  options: Options,
  terminal: Terminal,
): Promise<boolean> {
  const neurons = simulation.populations.reduce((sum, { size }) => sum + size, 0);
  const line = progressLine(terminal, options.quiet, neurons, steps * simulation.dtMs);
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => {
    stop.abort();
    release();
  });
  try {
    await simulation.runSteps(steps, {
      signal: stop.signal,
      onProgress: (progress) => line.show(progress),
    });
  } catch (error) {
    if (error instanceof NetworkError) throw new RunError(error.message, { cause: error });
    throw error;
  } finally {
    release();
    line.clear();
  }
  return simulation.step === steps;
}
