/** Recordings as comma-separated text: one header line, then one line per spike or sample. Writes no files. */

import { describeValue } from '../language/argument.ts';
import type { StateTrace } from '../recording/traces.ts';
import { checkSpikeTable, type SpikeTable } from './spike-table.ts';

/** Lines per piece: long enough to be fast, short enough that no string grows huge. */
const LINES_PER_PIECE = 65_536;

/** The header line of a spike file. */
export const csvSpikeHead = 'step,time_ms,neuron,population\n';

/** One spike, without the end of the line. `population` is quoted already. */
export const csvSpikeLine = (
  step: number,
  timeMs: number,
  neuron: number,
  population: string,
): string => `${step},${shortest(timeMs)},${neuron},${population}`;

/** `step,time_ms,neuron,population`, in pieces that belong one after the other. */
export function* spikesToCsv(table: SpikeTable): Generator<string> {
  checkSpikeTable(table, 'spikesToCsv: table');
  yield csvSpikeHead;
  const names = table.populations.map(({ name }) => quoted(name));
  for (let start = 0; start < table.steps.length; start += LINES_PER_PIECE) {
    const end = Math.min(start + LINES_PER_PIECE, table.steps.length);
    const lines: string[] = [];
    for (let k = start; k < end; k++) {
      lines.push(
        csvSpikeLine(
          table.steps[k] as number,
          table.timesMs[k] as number,
          table.neurons[k] as number,
          names[table.population[k] as number] ?? '',
        ),
      );
    }
    yield `${lines.join('\n')}\n`;
  }
}

/** Refuses what `state()` of a simulation has not returned. */
export function checkTrace(value: unknown, where: string): asserts value is StateTrace {
  const trace = value as Partial<StateTrace> | null | undefined;
  if (Array.isArray(trace?.variables) && trace.timesMs instanceof Float64Array) return;
  throw new TypeError(`${where} must be what state() returns, got ${describeValue(value)}.`);
}

/** `time_ms,neuron,` and the variables, ordered by time, then neuron. */
export function* tracesToCsv(trace: StateTrace): Generator<string> {
  checkTrace(trace, 'tracesToCsv: trace');
  yield `time_ms,neuron,${trace.variables.map(quoted).join(',')}\n`;
  const samples = trace.timesMs.length;
  const columns = trace.variables.map((name) => trace.values[name] as Float64Array);
  let lines: string[] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (const [row, neuron] of trace.neurons.entries()) {
      const values = columns.map((column) => column[row * samples + sample]);
      lines.push(`${shortest(trace.timesMs[sample])},${neuron},${values.join(',')}`);
    }
    if (lines.length >= LINES_PER_PIECE || sample === samples - 1) {
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
}

/** 0.1 * 3 is "0.3": ten significant decimals after the point are below any time step. */
const shortest = (timeMs: number | undefined): string => String(Number((timeMs ?? 0).toFixed(10)));

/** A text field, in quotes where it must be (RFC 4180). */
export function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
