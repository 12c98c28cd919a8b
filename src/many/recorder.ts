/**
 * Takes what an engine delivers for a launch of several runs and gives each run its own: spikes are numbered from the
 * run's first neuron, as if it had been alone. Samples stay together; recordings find theirs by row.
 */
import type { RecordingSink } from '../engine.ts';
import type { CompiledNetwork } from '../plan/compile.ts';
import { SampleRecorder } from '../recording/recorder.ts';
import { SpikeStore, type Spikes } from '../recording/spikes.ts';

/** A run's neurons: so many from a global number on. */
interface Range {
  readonly first: number;
  readonly size: number;
}

/** The neurons of a network among those of its plan. */
export function rangeOf({ populations }: CompiledNetwork): Range {
  const first = populations[0]?.first ?? 0;
  return { first, size: populations.reduce((sum, { size }) => sum + size, 0) };
}

export class LaunchRecorder extends SampleRecorder implements RecordingSink {
  /** By run. */
  readonly stores: readonly SpikeStore[];
  readonly #ranges: readonly Range[];
  #arrived: Spikes[] = [];

  /** `networks` share a plan and are in its order. */
  constructor(networks: readonly CompiledNetwork[], keepSpikes: boolean) {
    const [{ plan }] = networks as readonly [CompiledNetwork];
    super(plan);
    this.#ranges = networks.map(rangeOf);
    this.stores = networks.map(({ populations }, k) => {
      const { first, size } = this.#ranges[k] as Range;
      const firsts = populations.map((population) => population.first - first);
      return new SpikeStore(firsts, size, keepSpikes);
    });
  }

  spikes(steps: Uint32Array, neurons: Uint32Array): void {
    this.#arrived.push({ steps, neurons });
  }

  /** Gives the runs what has arrived; to be called after every batch of steps. */
  takeArrived(): void {
    for (const spikes of this.#arrived.splice(0)) this.#share(spikes);
  }

  #share({ steps, neurons }: Spikes): void {
    const runs = this.#runsOf(neurons);
    const counts = new Uint32Array(this.stores.length);
    for (const run of runs) counts[run] = (counts[run] as number) + 1;
    const shares = Array.from(counts, (count) => ({
      steps: new Uint32Array(count),
      neurons: new Uint32Array(count),
    }));
    counts.fill(0);
    for (let k = 0; k < neurons.length; k++) {
      const run = runs[k] as number;
      const share = shares[run] as Spikes;
      const at = counts[run] as number;
      share.steps[at] = steps[k] as number;
      share.neurons[at] = (neurons[k] as number) - (this.#ranges[run] as Range).first;
      counts[run] = at + 1;
    }
    shares.forEach((share, run) => {
      this.stores[run]?.append(share.steps, share.neurons);
    });
  }

  /** The run of each neuron. Neurons ascend within a step, so it is nearly always the same one or the next. */
  #runsOf(neurons: Uint32Array): Uint32Array {
    const ranges = this.#ranges;
    let run = 0;
    return neurons.map((neuron) => {
      if (neuron < (ranges[run] as Range).first) run = 0;
      while (neuron >= (ranges[run + 1]?.first ?? Number.POSITIVE_INFINITY)) run++;
      return run;
    });
  }
}
