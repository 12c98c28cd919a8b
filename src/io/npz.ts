/**
 * Results as NumPy archives (.npz): `numpy.load(file)` gives the arrays by name. Loads fflate when first used. Writes no
 * files to disk, and reads none.
 */
import { isPlainObject } from '../language/argument.ts';
import type { StateTrace } from '../recording/traces.ts';
import { refuseArgument } from './arguments.ts';
import { checkTrace } from './csv.ts';
import { type NpzArray, writeNpy } from './npy.ts';
import { checkSpikeTable, type SpikeTable } from './spike-table.ts';

export type { NpzArray };

/** An array with a shape; without one it has one dimension. */
export interface ShapedArray {
  readonly data: NpzArray;
  readonly shape?: readonly number[];
}

/** The bytes of an archive. Compressed unless `isCompressed` is false. */
export async function writeNpz(
  arrays: Readonly<Record<string, ShapedArray>>,
  isCompressed = true,
): Promise<Uint8Array> {
  if (!isPlainObject(arrays)) refuseArgument('writeNpz: arrays', 'an object of arrays', arrays);
  for (const [name, array] of Object.entries(arrays)) checkArray(array, `writeNpz: ${name}`);
  const { zipSync } = await import('fflate');
  const files = Object.entries(arrays).map(
    ([name, array]) => [`${name}.npy`, writeNpy(array.data, array.shape)] as const,
  );
  // A fixed date, the first that zip knows: equal results are equal files.
  return zipSync(Object.fromEntries(files), { level: isCompressed ? 6 : 0, mtime: '1980-01-01' });
}

/**
 * Spikes: `step`, `time_ms`, `neuron` (number in its population), `population` (index into the names, which are in
 * `population_names` as UTF-8 text, one per line).
 */
export async function spikesToNpz(table: SpikeTable): Promise<Uint8Array> {
  checkSpikeTable(table, 'spikesToNpz: table');
  const names = table.populations.map(({ name }) => name).join('\n');
  return writeNpz({
    step: { data: table.steps },
    time_ms: { data: table.timesMs },
    neuron: { data: table.neurons },
    population: { data: table.population },
    population_names: { data: new TextEncoder().encode(names) },
  });
}

/** A state recording: `time_ms`, `neuron`, and every variable as an array of neurons by samples. */
export async function tracesToNpz(trace: StateTrace): Promise<Uint8Array> {
  checkTrace(trace, 'tracesToNpz: trace');
  const { timesMs, neurons, variables, values } = trace;
  const shape = [neurons.length, timesMs.length];
  const columns = variables.map((name) => {
    return [name, { data: values[name] as Float64Array, shape }] as const;
  });
  return writeNpz({
    ...Object.fromEntries(columns),
    time_ms: { data: timesMs },
    neuron: { data: Uint32Array.from(neurons) },
  });
}

function checkArray(value: unknown, where: string): void {
  const array = value as Partial<ShapedArray> | null | undefined;
  const isKnown = [Int32Array, Uint32Array, Float32Array, Float64Array, Uint8Array].some(
    (kind) => array?.data instanceof kind,
  );
  if (!isKnown) refuseArgument(where, 'an object with a typed array as data', value);
}
