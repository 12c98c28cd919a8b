/**
 * Sampled state as it arrives from an engine, and how one recording finds its numbers in it. A sampler belongs to an
 * update kernel, which may integrate several populations; a recording wants some of its values and rows.
 */
import type { CompiledTrace } from '../plan/recordings.ts';

/** Sampled variables over time, in internal units (mV, ms, pA, …). */
export interface StateTrace {
  readonly variables: readonly string[];
  /** Index of each recorded neuron in the population or slice that was recorded. */
  readonly neurons: readonly number[];
  /** Time of each sample, at the start of its step. */
  readonly timesMs: Float64Array;
  /** By variable: [neuron][sample], that is, sample s of neuron n is at n * timesMs.length + s. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

interface Block {
  readonly firstSample: number;
  readonly count: number;
  readonly data: Float32Array | Float64Array;
}

/** What is fixed about a sampler: interval in steps, values and rows per sample. */
interface SamplerShape {
  readonly every: number;
  readonly values: number;
  readonly rows: number;
}

/** Everything that one kernel's sampler has delivered. */
export class TraceStore {
  readonly #blocks: Block[] = [];
  readonly #shape: SamplerShape;

  constructor(shape: SamplerShape) {
    this.#shape = shape;
  }

  append(firstSample: number, count: number, data: Float32Array | Float64Array): void {
    if (count > 0) this.#blocks.push({ firstSample, count, data });
  }

  /** Gathers one recording. Cost: its numbers, once. */
  read(layout: CompiledTrace, dtMs: number): StateTrace {
    const { every, values: valueCount, rows } = this.#shape;
    const stride = Math.max(1, Math.round(layout.every / every));
    const wanted = (sample: number): boolean => sample % stride === 0;
    const samples = this.#blocks.flatMap((block) =>
      Array.from({ length: block.count }, (_, k) => block.firstSample + k).filter(wanted),
    );
    const values: Record<string, Float64Array> = {};
    for (const [variable, name] of layout.variables.entries()) {
      const gathered = new Float64Array(layout.neurons.length * samples.length);
      const value = layout.valueOf[variable] as number;
      let sample = 0;
      for (const { firstSample, count, data } of this.#blocks) {
        for (let k = 0; k < count; k++) {
          if (!wanted(firstSample + k)) continue;
          const base = (k * valueCount + value) * rows;
          for (let n = 0; n < layout.rowOf.length; n++) {
            const from = base + (layout.rowOf[n] as number);
            gathered[n * samples.length + sample] = data[from] as number;
          }
          sample++;
        }
      }
      values[name] = gathered;
    }
    return {
      variables: layout.variables,
      neurons: layout.neurons,
      timesMs: Float64Array.from(samples, (sample) => sample * every * dtMs),
      values,
    };
  }

  /** Forgets samples of step `step` and later, for going back to a checkpoint. */
  truncate(step: number): void {
    const { every, values, rows } = this.#shape;
    const kept = this.#blocks.splice(0).flatMap(({ firstSample, count, data }): Block[] => {
      const room = Math.min(count, Math.ceil(step / every) - firstSample);
      if (room <= 0) return [];
      return [{ firstSample, count: room, data: data.subarray(0, room * values * rows) }];
    });
    this.#blocks.push(...kept);
  }
}
