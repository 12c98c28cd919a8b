/** Current clamps of a SONATA simulation, as timed arrays that add to the constant current of cells. */
import { parseQuantity } from '../../language/units.ts';
import type { TimedArrayDocument } from '../../network/document.ts';
import { readDelimited } from '../delimited.ts';
import { type FileSource, readFileOf } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';
import type { CellOptions, Cells } from './cells.ts';
import type { SimulationConfig } from './config.ts';
import type { NodePopulation } from './nodes.ts';

/** A current over time: `amps[k]` (pA) from `timesMs[k]` on, 0 before. */
export interface Clamp {
  readonly name: string;
  readonly timesMs: readonly number[];
  readonly amps: readonly number[];
}

/** SONATA's unit is nA. NEST's older examples have pA; no point neuron bears 10 nA. */
const LARGEST_NA = 10;

/** Reads an input of type current_clamp, or of module IClamp. */
export async function readClamp(
  source: FileSource,
  simulation: SimulationConfig,
  name: string,
  note: (text: string) => void,
): Promise<Clamp> {
  const input = simulation.inputs[name] ?? {};
  const { file } = simulation;
  const path = input.input_type === 'csv' ? (input.file ?? input.input_file) : undefined;
  const raw =
    typeof path === 'string'
      ? await readSteps(source, simulation.resolve(path))
      : pulses(input, `${file}, inputs, "${name}"`);
  const isPicoamp = raw.amps.some((amp) => Math.abs(amp) >= LARGEST_NA);
  const unit = isPicoamp ? 'pA, as NEST has them' : 'nA, as SONATA has them';
  note(`input "${name}": amplitudes taken for ${unit}.`);
  const factor = isPicoamp ? 1 : 1000;
  return { name, timesMs: raw.timesMs, amps: raw.amps.map((amp) => amp * factor) };
}

interface Steps {
  readonly timesMs: readonly number[];
  readonly amps: readonly number[];
}

/** amp, delay and duration: a number or a list each. */
function pulses(input: Readonly<Record<string, unknown>>, place: string): Steps {
  const list = (key: string): number[] => {
    const values = [input[key]].flat();
    const isFine = values.every((one) => typeof one === 'number' && Number.isFinite(one));
    if (isFine && values.length < 100_000) return values as number[];
    throw unreadable({ file: place }, `"${key}" must be a number or a list of numbers.`);
  };
  const [amps, delays, durations] = [list('amp'), list('delay'), list('duration')];
  if (amps.length !== delays.length || amps.length !== durations.length) {
    throw unreadable({ file: place }, 'amp, delay and duration must be equally many.');
  }
  // Pulses may overlap: their currents add up.
  const edges = amps.flatMap((amp, k) => {
    const [from, duration] = [delays[k] as number, durations[k] as number];
    if (from < 0 || duration < 0) throw unreadable({ file: place }, 'a pulse in the past.');
    return [
      { at: from, change: amp },
      { at: from + duration, change: -amp },
    ];
  });
  edges.sort((a, b) => a.at - b.at);
  const timesMs: number[] = [];
  const sums: number[] = [];
  let open: number[] = [];
  for (const { at, change } of edges) {
    const closed = open.indexOf(-change);
    open = closed >= 0 ? open.toSpliced(closed, 1) : [...open, change];
    if (timesMs.at(-1) !== at) timesMs.push(at);
    // Adding up what is open, rather than changes, so that nothing of rounding stays.
    sums[timesMs.length - 1] = open.reduce((sum, one) => sum + one, 0);
  }
  return { timesMs, amps: sums };
}

async function readSteps(source: FileSource, file: string): Promise<Steps> {
  const timesMs: number[] = [];
  const amps: number[] = [];
  let places: readonly number[] = [];
  await readDelimited(
    await readFileOf(source, file),
    { file, delimiter: ' ' },
    {
      header(names) {
        places = ['timestamps', 'amps'].map((name) => names.indexOf(name));
        if (places.some((at) => at < 0)) throw unreadable({ file }, 'needs timestamps and amps.');
      },
      row(fields, row) {
        const [time, amp] = places.map((at) => Number(fields[at] || Number.NaN));
        const isFine = Number.isFinite(time) && Number.isFinite(amp);
        if (!isFine || (time as number) < (timesMs.at(-1) ?? 0)) {
          throw unreadable({ file, row }, 'must have a time that does not go back, and a number.');
        }
        timesMs.push(time as number);
        amps.push(amp as number);
      },
    },
  );
  return { timesMs, amps };
}

/** Most rows of a timed array. */
const MOST_ROWS = 10_000_000;

/** The clamp as a timed array on the coarsest grid that has its steps. */
export function timedArray({ name, timesMs, amps }: Clamp, dtMs: number): TimedArrayDocument {
  const steps = timesMs.map((time) => Math.round(time / dtMs));
  const grid = steps.reduce(greatestCommonDivisor, 0) || 1;
  const rows = (steps.at(-1) ?? 0) / grid + 1;
  if (rows > MOST_ROWS) throw unreadable({ file: `input "${name}"` }, `needs ${rows} values.`);
  const values = new Array<number>(rows).fill(0);
  for (const [k, step] of steps.entries()) {
    const until = k + 1 < steps.length ? (steps[k + 1] as number) / grid : rows;
    values.fill(amps[k] as number, step / grid, Math.max(until, step / grid + 1));
  }
  return { dt: `${Number((grid * dtMs).toPrecision(12))} ms`, unit: 'pA', columns: 1, values };
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** The options of cells with clamps added to their constant current. `masks`: 1 where a clamp reaches a cell. */
export function clamped(
  population: NodePopulation,
  { options, current }: Cells,
  clamps: readonly { readonly array: string; readonly rows: Uint32Array }[],
): CellOptions {
  if (clamps.length === 0) return options;
  if (current === null) {
    const problem = `a current clamp into population "${population.name}", which takes no current.`;
    throw unreadable({ file: population.typesFile ?? population.file }, problem);
  }
  const lines: string[] = [];
  const masks: Record<string, { values: number[]; unit: string }> = {};
  const terms = clamps.map(({ array, rows }) => {
    if (rows.length === population.size) return `${array}(t)`;
    const mask = new Array<number>(population.size).fill(0);
    for (const row of rows) mask[row] = 1;
    masks[`on_${array}`] = { values: mask, unit: '1' };
    lines.push(`on_${array} : 1 (constant)`);
    return `on_${array}*${array}(t)`;
  });
  const constant = options.params[current];
  const isZero = constant !== undefined && parseQuantity(constant, current).value === 0;
  const sum = [...(isZero ? [] : [current]), ...terms].join(' + ');
  const word = new RegExp(`\\b${current}\\b`, 'g');
  // Declarations of the current itself, where it differs between cells, stay as they are.
  const eqs = options.eqs
    .split('\n')
    .map((line) =>
      line.trimStart().startsWith(`${current} :`) ? line : line.replace(word, `(${sum})`),
    );
  const { [current]: _, ...params } = options.params;
  return {
    ...options,
    eqs: [...eqs, ...lines].join('\n'),
    params: isZero ? params : options.params,
    initial: { ...options.initial, ...masks },
  };
}
