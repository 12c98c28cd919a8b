/**
 * The points that are drawn: where every neuron is, which population it belongs to and when it last spiked. Plain arrays
 * by global neuron number, made once per network; who draws them is in gl-painter.ts and canvas-painter.ts.
 */
import type { Activity, NetworkInfo, PopulationInfo } from '../../simulation/protocol.ts';
import type { Bounds, Vector } from './camera.ts';
import { type Disc, fillDisc, placeDiscs } from './drawn-layout.ts';

export interface Cloud {
  /** Of the network, number by number as its populations. */
  readonly populations: readonly CloudPopulation[];
  readonly neurons: number;
  /** x, y, z of every neuron. */
  readonly places: Float32Array;
  readonly bounds: Bounds;
  /** False: a drawing of a network without positions, whose lengths mean nothing. */
  readonly anatomical: boolean;
  /** Number of the step after the last spike, by neuron; 0 for those that never spiked. */
  readonly lastSpike: Uint32Array;
  /** Steps done when `lastSpike` was true. */
  step: number;
}

export interface CloudPopulation extends PopulationInfo {
  /** Whether it has a place in this cloud. */
  readonly placed: boolean;
  readonly disc: Disc | null;
}

/** A cloud at the positions of the network, or a drawing where no population has any. */
export async function createCloud(
  { populations }: NetworkInfo,
  positionsOf: (population: string) => Promise<Float32Array>,
): Promise<Cloud> {
  const neurons = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const places = new Float32Array(3 * neurons);
  const anatomical = populations.some(({ space }) => space > 0);
  const discs = anatomical ? [] : placeDiscs(populations.map(({ size }) => size));
  for (const [index, { name, first, size, space }] of populations.entries()) {
    const disc = discs[index];
    if (disc) fillDisc(disc, first, size, places);
    else if (space > 0) places.set(await positionsOf(name), 3 * first);
  }
  const placed = populations.map((population, index) => ({
    ...population,
    placed: !anatomical || population.space > 0,
    disc: discs[index] ?? null,
  }));
  return {
    populations: placed,
    neurons,
    places,
    bounds: boundsOf(places, placed),
    anatomical,
    lastSpike: new Uint32Array(neurons),
    step: 0,
  };
}

/** The box around what is placed. A drawing has room for its discs. */
export function boundsOf(places: Float32Array, populations: readonly CloudPopulation[]): Bounds {
  const min = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const max = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { first, size, placed } of populations) {
    if (!placed) continue;
    for (let at = 3 * first; at < 3 * (first + size); at++) {
      const axis = at % 3;
      const value = places[at] as number;
      if (value < (min[axis] as number)) min[axis] = value;
      if (value > (max[axis] as number)) max[axis] = value;
    }
  }
  const isEmpty = !((max[0] as number) >= (min[0] as number));
  if (isEmpty) return { min: [0, 0, 0], max: [1, 1, 0], flat: true };
  const flat = populations.every(({ placed, space }) => !placed || space < 3);
  return { min: min as unknown as Vector, max: max as unknown as Vector, flat };
}

/** Takes in what the worker says has spiked since; false where nothing has changed. */
export function addActivity(cloud: Cloud, { step, neurons, lastSpike }: Activity): boolean {
  const isNew = step !== cloud.step || neurons.length > 0;
  cloud.step = step;
  for (let k = 0; k < neurons.length; k++) {
    cloud.lastSpike[neurons[k] as number] = lastSpike[k] as number;
  }
  return isNew;
}

/** exp(-(now - last spike) / fade), in steps; 0 for neurons that never spiked. */
export function brightness(lastSpike: number, step: number, fadeSteps: number): number {
  return lastSpike === 0 ? 0 : Math.exp(-Math.max(0, step - lastSpike) / fadeSteps);
}

/** How many neurons of a population spiked within the last `fadeSteps`. */
export function countActive(
  { lastSpike, step }: Cloud,
  { first, size }: PopulationInfo,
  fadeSteps: number,
): number {
  const since = step - fadeSteps;
  let count = 0;
  for (let neuron = first; neuron < first + size; neuron++) {
    const last = lastSpike[neuron] as number;
    if (last > 0 && last >= since) count++;
  }
  return count;
}

/** The population that a global number belongs to. */
export const populationOf = (cloud: Cloud, neuron: number): CloudPopulation | undefined =>
  cloud.populations.find(({ first, size }) => neuron >= first && neuron < first + size);
