/**
 * The last samples of some neurons: for each variable and neuron one list of numbers in order of time, of bounded length.
 * Lists lie in one piece, so that searching and thinning need no wrapping. Pure; who draws is in Traces.tsx.
 */
import type { ProbeSamples, VariableInfo } from '../../simulation/protocol.ts';

/** Samples of one list: thirteen seconds of every step of 0.1 ms. */
const MOST_SAMPLES = 1 << 17;
/** Numbers of all lists of a population together, 16 MB of them. */
const MOST_NUMBERS = 1 << 22;

export interface TraceRing {
  readonly population: string;
  readonly neurons: readonly number[];
  readonly variables: readonly VariableInfo[];
  /** Whether samples are of the same neurons and variables. */
  matches(samples: ProbeSamples): boolean;
  add(samples: ProbeSamples): void;
  /** Steps of the samples that are kept, ascending. */
  steps(): Float64Array;
  /** Values at these steps. */
  values(variable: number, neuron: number): Float32Array;
}

export function createTraceRing(first: ProbeSamples): TraceRing {
  const { population, neurons, variables } = first;
  const lists = variables.length * neurons.length;
  const most = Math.max(256, Math.min(MOST_SAMPLES, Math.floor(MOST_NUMBERS / Math.max(1, lists))));
  let capacity = 4096;
  let steps = new Float64Array(capacity);
  let values = Array.from({ length: lists }, () => new Float32Array(capacity));
  let begin = 0;
  let end = 0;

  /** Makes place for more at the end: in longer lists at first, then by letting the oldest go. */
  function reserve(more: number): void {
    if (end + more <= capacity) return;
    const kept = Math.min(end - begin, Math.max(0, most - more));
    const from = end - kept;
    if (kept + more > capacity / 2 && capacity < most * 2) {
      capacity = Math.max(capacity * 2, 2 ** Math.ceil(Math.log2((kept + more) * 2)));
      steps = grown(steps, new Float64Array(capacity), from, end);
      values = values.map((list) => grown(list, new Float32Array(capacity), from, end));
    } else {
      steps.copyWithin(0, from, end);
      for (const list of values) list.copyWithin(0, from, end);
    }
    begin = 0;
    end = kept;
  }

  const matches = (samples: ProbeSamples): boolean =>
    samples.population === population &&
    isSame(samples.neurons, neurons) &&
    isSame(
      samples.variables.map(({ name }) => name),
      variables.map(({ name }) => name),
    );

  return {
    population,
    neurons,
    variables,
    matches,
    add(samples) {
      const all = samples.steps.length;
      const skipped = Math.max(0, all - most);
      const count = all - skipped;
      reserve(count);
      for (let k = 0; k < count; k++) {
        steps[end + k] = samples.steps[skipped + k] as number;
        const row = (skipped + k) * lists;
        for (let list = 0; list < lists; list++) {
          (values[list] as Float32Array)[end + k] = samples.values[row + list] as number;
        }
      }
      end += count;
      begin = Math.max(begin, end - most);
    },
    steps: () => steps.subarray(begin, end),
    values: (variable, neuron) =>
      (values[variable * neurons.length + neuron] as Float32Array).subarray(begin, end),
  };
}

function grown<T extends Float64Array | Float32Array>(
  from: T,
  into: T,
  start: number,
  end: number,
): T {
  into.set(from.subarray(start, end));
  return into;
}

const isSame = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
