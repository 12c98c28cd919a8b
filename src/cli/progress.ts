/** The progress line of a run, on standard error, only at a terminal: rewritten in place, gone at the end. */
import type { BuildProgress, NetworkEstimate, RunProgress } from '../index.ts';
import type { Terminal } from './terminal.ts';

/** Shows progress; `clear` removes the line. Without a terminal, or quiet, both do nothing. */
export interface ProgressLine {
  show(progress: RunProgress): void;
  clear(): void;
}

const SILENT: ProgressLine = { show() {}, clear() {} };

/** `neurons`: how many the rate is over. `durationMs`: simulated time of the whole run. */
export function progressLine(
  terminal: Terminal,
  quiet: boolean,
  neurons: number,
  durationMs: number,
): ProgressLine {
  if (quiet || !terminal.isInteractive) return SILENT;
  return {
    show: (progress) => terminal.err(`\r${progressText(progress, neurons, durationMs)}\x1b[K`),
    clear: () => terminal.err('\r\x1b[K'),
  };
}

/** Time between two lines about synapses: people read no faster. */
const LINE_MS = 100;

/** The same for building, which keeps the thread busy: the line tells what was reached last. */
export function buildLine(terminal: Terminal, quiet: boolean): BuildLine {
  if (quiet || !terminal.isInteractive) return { show() {}, clear() {} };
  const started = performance.now();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      // The size stays; where building stands is rewritten.
      if (progress.phase === 'estimate') {
        terminal.err(`\r\x1b[K${estimateText(progress.estimate)}\n`);
        return;
      }
      const now = performance.now();
      if (progress.phase === 'synapses' && now < shown + LINE_MS) return;
      shown = now;
      terminal.err(`\r${((now - started) / 1000).toFixed(1)} s  ${buildText(progress)}\x1b[K`);
    },
    clear: () => terminal.err('\r\x1b[K'),
  };
}

/** Shows where building stands. */
export interface BuildLine {
  show(progress: BuildProgress): void;
  clear(): void;
}

/** "synapses: projection 12 of 64". */
export function buildText(progress: BuildProgress): string {
  switch (progress.phase) {
    case 'estimate':
      return estimateText(progress.estimate);
    case 'synapses':
      return `synapses: projection ${progress.done} of ${progress.all}`;
    case 'engine':
      return 'engine: code, memory, and the synapses that it makes';
  }
}

/** "77,169 neurons, 298,880,968 synapses (all procedural)". */
export function sizeText({
  neurons,
  synapses,
  projections,
}: Pick<NetworkEstimate, 'neurons' | 'synapses' | 'projections'>): string {
  const made = projections.reduce((sum, one) => sum + (one.procedural ? one.synapses : 0), 0);
  const how = made === synapses ? 'all' : made.toLocaleString('en-US');
  const size = `${counted(neurons, 'neuron')}, ${counted(synapses, 'synapse')}`;
  return made === 0 ? size : `${size} (${how} procedural)`;
}

/** "4,000 neurons, 319,684 synapses. Estimated memory: 2 MiB". */
export function estimateText(estimate: NetworkEstimate): string {
  const bytes = estimate.memory.reduce((sum, buffer) => sum + buffer.bytes, 0);
  return `${sizeText(estimate)}. Estimated memory: ${formatBytes(bytes)}`;
}

/** "12.3 s  45 %  0.45 s of 1 s  5.57 Hz  1.4x real time  ETA 14 s" */
export function progressText(
  { fraction, timeMs, wallMs, spikes }: RunProgress,
  neurons: number,
  durationMs: number,
): string {
  const seconds = timeMs / 1000;
  const rate = seconds > 0 && neurons > 0 ? spikes / neurons / seconds : 0;
  const speed = wallMs > 0 ? timeMs / wallMs : 0;
  const rest = fraction > 0 ? (wallMs * (1 - fraction)) / fraction / 1000 : 0;
  return [
    `${(wallMs / 1000).toFixed(1)} s`,
    `${Math.floor(fraction * 100)} %`,
    `${formatSeconds(timeMs)} of ${formatSeconds(durationMs)}`,
    `${rate.toFixed(2)} Hz`,
    `${speed.toPrecision(2)}x real time`,
    `ETA ${formatSeconds(rest * 1000)}`,
  ].join('  ');
}

/** "450 ms", "1.25 s", "2 min 5 s", "59.7 h". */
export function formatSeconds(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toPrecision(3))} s`;
  if (ms >= 7_200_000) return `${Number((ms / 3_600_000).toPrecision(3))} h`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** "1 neuron", "2 neurons", "298,880,968 synapses". */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : /[sh]$/.test(what) ? 'es' : 's'}`;

/** "1.5 GiB", "12 MiB", "300 B". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(4, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
