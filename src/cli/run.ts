/** `wetware run`: simulate, report, write files. */
import {
  createSimulation,
  DIMENSIONS,
  NetworkError,
  parseQuantity,
  type RunSummary,
  type Simulation,
  type SimulationOptions,
} from '../index.ts';
import { loadNetwork } from './load-network.ts';
import { counted, formatBytes, formatSeconds, progressLine } from './progress.ts';
import { addRecordings } from './record.ts';
import { type SpikeFormat, writeResults } from './results.ts';
import { type Messages, messagesTo, type Terminal } from './terminal.ts';
import { EXIT, RunError, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

type Report = RunSummary & { readonly spike_hash: string };

/** Returns the exit code; throws what the caller turns into one. */
export async function run(target: string, options: Options, terminal: Terminal): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const format = chosen('format', options.format ?? 'parquet', ['parquet', 'csv']) as SpikeFormat;
  const settings = simulationOptions(options, messages);
  const loaded = await loadNetwork(target, options);
  const durationMs = durationOf(options.duration ?? loaded.defaultDuration);
  const document = addRecordings(loaded.document, options.record);
  messages.note(`Building ${document.name}`);
  using simulation = await createSimulation(document, settings);
  const isComplete = await simulate(simulation, durationMs, options, terminal);
  if (!isComplete) {
    messages.warn(
      `stopped at ${formatSeconds(simulation.timeMs)} of ${formatSeconds(durationMs)}; the results are of that part.`,
    );
  }
  const report = await reportOf(simulation);
  if (options.out !== undefined) {
    const paths = await writeResults(options.out, format, simulation, report);
    for (const path of paths) messages.note(`Wrote ${path}`);
  }
  terminal.out(options.json ? `${JSON.stringify(report)}\n` : describe(report));
  return isComplete ? EXIT.fine : EXIT.failed;
}

function durationOf(text: string): number {
  const { value } = parseQuantity(text, '--duration', DIMENSIONS.time);
  if (value >= 0) return value;
  throw new UsageError(`--duration must be a time >= 0, got "${text}".`);
}

/** Runs until done or Ctrl-C; a second Ctrl-C ends the process as usual. */
async function simulate(
  simulation: Simulation,
  durationMs: number,
  options: Options,
  terminal: Terminal,
): Promise<boolean> {
  const steps = Math.round(durationMs / simulation.dtMs);
  const neurons = simulation.populations.reduce((sum, { size }) => sum + size, 0);
  const line = progressLine(terminal, options.quiet, neurons, durationMs);
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
async function reportOf(simulation: Simulation): Promise<Report> {
  const { warnings, ...summary } = simulation.summary();
  return { ...summary, spike_hash: await simulation.spikeHash(), warnings };
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
function describe(report: Report): string {
  const name = report.adapter?.description || report.adapter?.vendor;
  const device = name ? `${report.engine} (${name})` : report.engine;
  const speed = report.realtime_factor === null ? '' : `, ${ratio(report.realtime_factor)}`;
  const lines = [
    `${report.model}: ${counted(report.neurons, 'neuron')}, ${counted(report.synapses, 'synapse')}, ${formatBytes(report.memory_bytes)}, ${device}`,
    `simulated ${formatSeconds(report.duration_ms)} in ${formatSeconds(report.wall_s * 1000)}${speed}`,
    `${counted(report.spikes, 'spike')}, ${report.rate_hz.toFixed(2)} Hz`,
  ];
  const width = Math.max(...report.populations.map(({ name: one }) => one.length));
  for (const { name: one, size, rate_hz, cv_isi } of report.populations) {
    const rate = rate_hz === null ? 'not recorded' : `${rate_hz.toFixed(2)} Hz`;
    const cv = cv_isi === null ? '' : `, CV ${cv_isi.toFixed(2)}`;
    lines.push(`  ${one.padEnd(width)}  ${String(size).padStart(8)}  ${rate}${cv}`);
  }
  return `${lines.join('\n')}\nspike hash ${report.spike_hash}\n`;
}

/** A factor of 0.5 is twice as fast as real time. */
const ratio = (factor: number): string =>
  factor < 1
    ? `${(1 / factor).toPrecision(2)} times faster than real time`
    : `${factor.toPrecision(2)} times slower than real time`;
