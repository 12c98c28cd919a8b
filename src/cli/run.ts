/** `wetware run`: simulate, report, write files. */
import {
  createSimulation,
  DIMENSIONS,
  type NetworkDocument,
  NetworkError,
  parseQuantity,
  type RunSummary,
  type Simulation,
  type SimulationOptions,
} from '../index.ts';
import { loadNetwork } from './load-network.ts';
import { counted, formatBytes, formatSeconds, progressLine } from './progress.ts';
import { addRecordings } from './record.ts';
import { makeFolder, SPIKE_FORMATS, type SpikeFormat, writeResults } from './results.ts';
import { type Messages, messagesTo, type Terminal } from './terminal.ts';
import { EXIT, RunError, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

type Report = RunSummary & { readonly spike_hash: string };

/** Returns the exit code; throws what the caller turns into one. */
export async function run(target: string, options: Options, terminal: Terminal): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const format = chosen('format', options.format ?? 'parquet', SPIKE_FORMATS) as SpikeFormat;
  const settings = simulationOptions(options, messages);
  const loaded = await loadNetwork(target, options);
  for (const note of loaded.notes) messages.note(note);
  const steps = stepsOf(options.duration ?? loaded.defaultDuration, loaded.document, messages);
  const document = addRecordings(loaded.document, options.record);
  if (options.out !== undefined) await makeFolder(options.out);
  messages.note(`Building ${document.name}`);
  using simulation = await createSimulation(document, settings);
  const durationMs = steps * simulation.dtMs;
  const isComplete = await simulate(simulation, steps, options, terminal);
  if (!isComplete) {
    messages.warn(
      `stopped at ${formatSeconds(simulation.timeMs)} of ${formatSeconds(durationMs)}; the results are of that part.`,
    );
  }
  const report = await reportOf(simulation, messages);
  if (options.out !== undefined) {
    const paths = await writeResults(options.out, format, simulation, report);
    for (const path of paths) messages.note(`Wrote ${path}`);
  }
  terminal.out(options.json ? `${JSON.stringify(report)}\n` : describe(report, simulation));
  return isComplete ? EXIT.fine : EXIT.failed;
}

/** Most people who see no spikes forgot something; where none are expected, this is still true. */
const SILENCE =
  'no neuron spiked. If that is not meant: is there a threshold, does anything drive the neurons, does the drive ' +
  'reach the threshold? --record POPULATION.VARIABLE --out FOLDER shows how a variable went.';

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

/** The keys in the order of the documentation. */
async function reportOf(simulation: Simulation, messages: Messages): Promise<Report> {
  const { warnings, ...summary } = simulation.summary();
  const isSilent = summary.spikes === 0 && summary.duration_ms > 0;
  if (isSilent) messages.warn(SILENCE);
  return {
    ...summary,
    spike_hash: await simulation.spikeHash(),
    warnings: isSilent ? [...warnings, SILENCE] : warnings,
  };
}

function simulationOptions(options: Options, messages: Messages): SimulationOptions {
  const { engine, precision, threads, adapter, strict } = options;
  if (engine !== undefined) chosen('engine', engine, ['gpu', 'cpu', 'auto']);
  if (precision !== undefined) chosen('precision', precision, ['f32', 'f64']);
  if (threads !== undefined && threads !== '1') {
    throw new UsageError(`--threads must be 1 in this version, got "${threads}".`);
  }
  if (precision === 'f64' && engine === 'gpu') {
    throw new UsageError('--precision f64 is a mode of the CPU engine; use --engine cpu.');
  }
  return {
    ...(engine !== undefined && { engine: engine as 'gpu' | 'cpu' | 'auto' }),
    ...(precision !== undefined && { precision: precision as 'f32' | 'f64' }),
    ...(adapter !== undefined && { adapter }),
    strict,
    onWarning: (warning) => messages.warn(warning),
  };
}

function chosen(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw new UsageError(`--${option} must be ${allowed.join(' or ')}, got "${value}".`);
}

/** The report for people. */
function describe(report: Report, { populations }: Simulation): string {
  const name = report.adapter?.description || report.adapter?.vendor;
  const device = name ? `${report.engine} (${name})` : report.engine;
  const speed = report.realtime_factor === null ? '' : `, ${ratio(report.realtime_factor)}`;
  const heads = [
    `${report.model}: ${counted(report.neurons, 'neuron')}, ${counted(report.synapses, 'synapse')}, ${formatBytes(report.memory_bytes)}, ${device}`,
    `simulated ${formatSeconds(report.duration_ms)} in ${formatSeconds(report.wall_s * 1000)}${speed}`,
    `${counted(report.spikes, 'spike')}, ${report.rate_hz.toFixed(2)} Hz`,
  ];
  const rows = report.populations.map(({ name: one, size, rate_hz, cv_isi }, index) => [
    one,
    counted(size, 'neuron'),
    populations[index]?.method ?? 'given spikes',
    rate_hz === null ? 'not recorded' : `${rate_hz.toFixed(2)} Hz`,
    cv_isi === null ? '' : `CV ${cv_isi.toFixed(2)}`,
  ]);
  return `${heads.join('\n')}\n${columns(rows)}spike hash ${report.spike_hash}\n`;
}

/** Rows of a table, indented; numbers stand to the left, as words do. */
function columns(rows: readonly (readonly string[])[]): string {
  const widthOf = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widthOf(column))).join('  '))
    .map((line) => `  ${line.trimEnd()}\n`)
    .join('');
}

/** A factor of 0.5 is twice as fast as real time. */
function ratio(factor: number): string {
  const times = factor < 1 ? 1 / factor : factor;
  const digits = times < 10 ? times.toFixed(1) : String(Math.round(times));
  if (digits === '1.0') return 'real time';
  return `${digits} times ${factor < 1 ? 'faster' : 'slower'} than real time`;
}
