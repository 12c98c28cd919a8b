/**
 * Samples of probes on their way from an engine to whoever looks: knows which neurons are looked at now, and makes of
 * what arrives one batch per population. Keeps nothing that it has handed on.
 */
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { Plan } from '../plan/plan.ts';
import type { CompiledProbe } from '../plan/probes.ts';
import { unknownName } from './recordings.ts';

/** Samples of the neurons that are looked at in a population. The arrays are yours. */
export interface ProbeSamples {
  readonly population: string;
  readonly variables: readonly string[];
  /** As they were given to setProbes: numbers in the population. */
  readonly neurons: readonly number[];
  /** Step of each sample, ascending; samples are taken at the start of a step. */
  readonly steps: Uint32Array;
  /**
   * In internal units (mV, ms, pA, …): variable v of neuron n in sample s is at (s * variables + v) * neurons + n, with the
   * numbers of variables and neurons.
   */
  readonly values: Float32Array | Float64Array;
}

/**
 * Gets samples of probes, between batches of steps. Where it returns a promise, the simulation waits for it before it
 * goes on.
 */
export type SampleListener = (samples: ProbeSamples) => unknown;

/** Which neurons of a population are looked at: numbers in the population, each once. */
export interface ProbedNeurons {
  readonly population: string;
  readonly neurons: ArrayLike<number>;
}

/** What an engine has delivered. */
interface Arrived {
  readonly kernel: number;
  readonly firstSample: number;
  readonly count: number;
  readonly data: Float32Array | Float64Array;
}

export class ProbeRecorder {
  readonly #probes: readonly CompiledProbe[];
  readonly #plan: Pick<Plan, 'update'>;
  readonly #onSamples: SampleListener | undefined;
  /** By probe. */
  #neurons: readonly (readonly number[])[];
  #arrived: Arrived[] = [];

  constructor(
    probes: readonly CompiledProbe[],
    plan: Pick<Plan, 'update'>,
    onSamples: SampleListener | undefined,
  ) {
    this.#probes = probes;
    this.#plan = plan;
    this.#onSamples = onSamples;
    this.#neurons = probes.map(() => []);
  }

  /**
   * Looks at these neurons and no others; tells `choose` of every kernel with a probe. Throws NetworkError for populations
   * without a probe, RangeError for neurons that there are not, or too many; nothing has changed then.
   */
  async choose(
    wanted: readonly ProbedNeurons[],
    choose: (kernel: number, locals: Int32Array) => Promise<void>,
  ): Promise<void> {
    const neurons = chosen(this.#probes, wanted);
    for (const [kernel, { probe }] of this.#plan.update.entries()) {
      if (probe === undefined) continue;
      const locals = new Int32Array(probe.rows).fill(-1);
      for (const [k, one] of this.#probes.entries()) {
        if (one.kernel !== kernel) continue;
        locals.set(
          (neurons[k] as number[]).map((neuron) => one.localFirst + neuron),
          one.firstRow,
        );
      }
      await choose(kernel, locals);
    }
    this.#neurons = neurons;
  }

  /** Only puts them aside; `takeArrived` does the rest. */
  probed(
    kernel: number,
    firstSample: number,
    count: number,
    data: Float32Array | Float64Array,
  ): void {
    if (this.#onSamples) this.#arrived.push({ kernel, firstSample, count, data });
  }

  /** Tells the listener of what has arrived, which was sampled of the neurons of now. */
  async takeArrived(): Promise<void> {
    for (const arrived of this.#arrived.splice(0)) {
      for (const [k, probe] of this.#probes.entries()) {
        const neurons = this.#neurons[k] as readonly number[];
        if (probe.kernel !== arrived.kernel || neurons.length === 0) continue;
        const samples = this.#samplesOf(probe, neurons, arrived);
        if (samples.steps.length > 0) await this.#onSamples?.(samples);
      }
    }
  }

  #samplesOf(
    { population, variables, places, every, firstRow, kernel }: CompiledProbe,
    neurons: readonly number[],
    { firstSample, count, data }: Arrived,
  ): ProbeSamples {
    const probe = this.#plan.update[kernel]?.probe;
    if (probe === undefined) throw new Error(`internal: kernel ${kernel} has no probe`);
    // Probes of one kernel are sampled together, as often as the most frequent one asks for.
    const stride = every / probe.every;
    const first = Math.ceil(firstSample / stride);
    const wanted = Math.max(0, Math.ceil((firstSample + count) / stride) - first);
    const steps = Uint32Array.from({ length: wanted }, (_, s) => (first + s) * every);
    const size = wanted * variables.length * neurons.length;
    const values = data instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
    let at = 0;
    for (let s = 0; s < wanted; s++) {
      const sample = (first + s) * stride - firstSample;
      for (const place of places) {
        const from = (sample * probe.values.length + place) * probe.rows + firstRow;
        for (let n = 0; n < neurons.length; n++) values[at++] = data[from + n] as number;
      }
    }
    return { population, variables, neurons, steps, values };
  }
}

/** The neurons of each probe. */
function chosen(
  probes: readonly CompiledProbe[],
  wanted: readonly ProbedNeurons[],
): readonly (readonly number[])[] {
  const fail = (what: string, got: unknown): never => {
    throw new RangeError(`setProbes: ${what}, got ${describeValue(got)}.`);
  };
  if (!Array.isArray(wanted)) {
    fail('the neurons must be a list of { population, neurons }', wanted);
  }
  const neurons: (readonly number[] | null)[] = probes.map(() => null);
  for (const one of wanted) {
    if (!isPlainObject(one)) fail('every entry must be { population, neurons }', one);
    const k = probes.findIndex(({ population }) => population === one.population);
    const probe = probes[k];
    if (probe === undefined) {
      throw unknownName(
        'population with a probe',
        one.population,
        probes.map(({ population }) => ({ name: population })),
      );
    }
    const { population, size, most } = probe;
    if (neurons[k] != null) fail('a population must be named once', population);
    if (typeof one.neurons !== 'object' || typeof one.neurons?.length !== 'number') {
      fail(`neurons of "${population}" must be a list of numbers`, one.neurons);
    }
    if (one.neurons.length > most) {
      throw new RangeError(
        `setProbes: ${one.neurons.length} neurons of "${population}" are too many for its probe, which looks at ${most} ` +
          'at a time. Give the probe a larger `most` when the simulation is created.',
      );
    }
    const list = Array.from(one.neurons);
    for (const [place, neuron] of list.entries()) {
      const isNeuron = Number.isInteger(neuron) && neuron >= 0 && neuron < size;
      if (!isNeuron)
        fail(`neurons of "${population}" must be whole numbers from 0 to ${size - 1}`, neuron);
      if (list.indexOf(neuron) !== place)
        fail(`a neuron of "${population}" must be named once`, neuron);
    }
    neurons[k] = list;
  }
  return neurons.map((list) => list ?? []);
}
