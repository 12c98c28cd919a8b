/**
 * Recordings of fields: between batches of steps, the host reads the voxels that are recorded. Fields change seldom and
 * are large, so that nothing is gained by engines that keep samples of them. Samples are taken at the start of a step, as
 * those of neurons are; the first one shows the initial values.
 */
import type { CompiledRecording, CompiledVoxels } from '../plan/recordings.ts';
import type { StateTrace } from './traces.ts';

/** Reads cells of Plan.state. */
export type StateReader = (first: number, count: number) => Promise<Float64Array>;

/** One recording and its samples. */
interface Recorded {
  readonly voxels: CompiledVoxels;
  /** Steps at which samples were taken, ascending. */
  readonly steps: number[];
  /** By sample, all variables behind each other. */
  readonly samples: (Float32Array | Float64Array)[];
}

export class FieldRecorder {
  readonly #recorded = new Map<string, Recorded>();
  readonly #isDouble: boolean;

  /** Of the recordings of a network, those of fields. */
  constructor(recordings: readonly CompiledRecording[], precision: 'f32' | 'f64') {
    this.#isDouble = precision === 'f64';
    for (const { name, voxels } of recordings) {
      if (voxels) this.#recorded.set(name, { voxels, steps: [], samples: [] });
    }
  }

  /** Steps from `step` on that may be run before the next sample is due. */
  until(step: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { voxels } of this.#recorded.values()) {
      least = Math.min(least, voxels.every - (step % voxels.every));
    }
    return least;
  }

  /** Takes the samples that are due at the start of a step, unless they were taken before. */
  async take(step: number, read: StateReader): Promise<void> {
    for (const one of this.#recorded.values()) {
      const { voxels, steps } = one;
      if (step % voxels.every !== 0 || steps.at(-1) === step) continue;
      one.samples.push(await this.#sample(voxels, read));
      steps.push(step);
    }
  }

  async #sample({ cells, neurons }: CompiledVoxels, read: StateReader) {
    const size = cells.length * neurons.length;
    const sample = this.#isDouble ? new Float64Array(size) : new Float32Array(size);
    const least = neurons.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY);
    const most = neurons.reduce((high, one) => Math.max(high, one), 0);
    for (const [v, cell] of cells.entries()) {
      const values = await read(cell + least, most - least + 1);
      for (const [k, voxel] of neurons.entries()) {
        sample[v * neurons.length + k] = values[voxel - least] as number;
      }
    }
    return sample;
  }

  /** The samples of a recording; null when it is not of a field. */
  read(name: string, dtMs: number): StateTrace | null {
    const found = this.#recorded.get(name);
    if (found === undefined) return null;
    const { steps, samples } = found;
    const { variables, neurons } = found.voxels;
    const values: Record<string, Float64Array> = {};
    for (const [v, variable] of variables.entries()) {
      const gathered = new Float64Array(neurons.length * steps.length);
      for (const [s, sample] of samples.entries()) {
        for (let k = 0; k < neurons.length; k++) {
          gathered[k * steps.length + s] = sample[v * neurons.length + k] as number;
        }
      }
      values[variable] = gathered;
    }
    return { variables, neurons, timesMs: Float64Array.from(steps, (step) => step * dtMs), values };
  }

  /** Forgets samples of step `step` and later, for going back to a checkpoint. */
  truncate(step: number): void {
    for (const { steps, samples } of this.#recorded.values()) {
      const kept = steps.filter((one) => one < step).length;
      steps.length = kept;
      samples.length = kept;
    }
  }
}
