/** How far a population is from spiking, in the units that people read. Made from values of now; reads nothing itself. */
import { parseUnit, usualUnit } from './language/units.ts';
import type { VariableDescription } from './plan/compile.ts';
import type { CompiledThreshold, ReadValues } from './plan/threshold.ts';

/** A parameter, or a value that each neuron has, from which on the neuron reaches its threshold by itself. */
export interface ThresholdDrive {
  readonly name: string;
  /** Whose it is: the population, or "" for the network. */
  readonly owner: string;
  /** Parameters are for setParameter, variables for set. */
  readonly kind: 'parameter' | 'variable';
  readonly unit: string;
  /** In `unit`: as it is, and from where on the threshold is reached with all else as it is now. */
  readonly value: number;
  readonly needed: number;
  /** Whether all else stays as it is, so that `needed` is exact (of a current, the rheobase); else it is an estimate. */
  readonly isExact: boolean;
}

/** The neuron of a population that is nearest to its threshold. */
export interface ThresholdDistance {
  readonly population: string;
  /** The variable that the condition compares, and its unit. */
  readonly variable: string;
  readonly unit: string;
  /** Whether spikes are above the threshold. */
  readonly isAbove: boolean;
  /** Numbered in its population. */
  readonly neuron: number;
  /** In `unit`. */
  readonly value: number;
  readonly threshold: number;
  /** By how much the value has to move, in `unit`; negative beyond the threshold, during refractoriness for example. */
  readonly distance: number;
  /** What would take it there, currents first; may be empty. */
  readonly drives: readonly ThresholdDrive[];
}

/** null where no neuron has a number to compare. */
export function distanceOf(
  population: string,
  threshold: CompiledThreshold,
  variables: readonly VariableDescription[],
  values: ReadValues,
  step: number,
): ThresholdDistance | null {
  const nearest = threshold.nearest(values, step);
  if (nearest === null) return null;
  const { variable, isAbove } = threshold;
  const { unit = '', factor = 1 } = variables.find(({ name }) => name === variable) ?? {};
  const { neuron } = nearest;
  return {
    population,
    variable,
    unit,
    isAbove,
    neuron,
    value: nearest.value / factor,
    threshold: nearest.threshold / factor,
    distance: nearest.distance / factor,
    drives: threshold
      .drives(values, step, nearest)
      .map(({ name, owner, kind, dimension, value, needed, isExact }) => {
        const own = usualUnit(dimension);
        const per = own === '' ? 1 : parseUnit(own).factor;
        return { name, owner, kind, unit: own, value: value / per, needed: needed / per, isExact };
      }),
  };
}
