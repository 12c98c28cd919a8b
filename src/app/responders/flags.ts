/**
 * A yes or no for every neuron of a population, as a constant of its equations: neurons that never spike, neurons
 * without a refractory period. Put on and taken off again so that the population is what it was. Pure.
 */
import { NetworkError, type NeuronPopulationDocument } from '../../index.ts';
import { LONGEST_INLINE } from '../state/arrays.ts';

export interface Flag {
  /** Of the constant. */
  readonly name: string;
  /** The text that reads it. */
  readonly key: 'threshold' | 'refractory';
  /** What stands before and behind the text as it was. */
  readonly before: string;
  readonly behind: string;
}

/** Neurons that never spike: all others see the same as if every synapse of these were removed. */
export const SILENCED: Flag = {
  name: 'silenced',
  key: 'threshold',
  before: '(',
  behind: ') and silenced == 0',
};

/** Neurons that are made to fire have no refractory period in the published fly model. */
export const UNREFRACTORY: Flag = {
  name: 'activated',
  key: 'refractory',
  before: '(',
  behind: ')*(1 - activated)',
};

const lineOf = ({ name }: Flag): string => `\n${name} : 1 (constant)`;

export const hasFlag = ({ eqs }: NeuronPopulationDocument, flag: Flag): boolean =>
  eqs.includes(lineOf(flag));

/** Numbers of the flagged neurons; long lists must have been attached. */
export function flagged(population: NeuronPopulationDocument, flag: Flag): readonly number[] {
  const values = hasFlag(population, flag) ? population.initial[flag.name] : undefined;
  if (typeof values !== 'object' || !('values' in values)) return [];
  const found: number[] = [];
  for (let k = 0; k < values.values.length; k++) if (values.values[k] === 1) found.push(k);
  return found;
}

/** The population with these neurons flagged and no others; without any, as it was before there was the flag. */
export function withFlag(
  population: NeuronPopulationDocument,
  flag: Flag,
  neurons: readonly number[],
): NeuronPopulationDocument {
  if (neurons.length === 0) return withoutFlag(population, flag);
  const { name, key, before, behind } = flag;
  const initial = {
    ...population.initial,
    [name]: { values: bits(population.size, neurons), unit: '1' },
  };
  if (hasFlag(population, flag)) return { ...population, initial };
  if (
    new RegExp(`\\b${name}\\b`).test(
      `${population.eqs} ${Object.keys(population.params).join(' ')}`,
    )
  ) {
    throw new NetworkError(
      `Population "${population.name}" has something called "${name}" already; rename that first.`,
      { path: `populations, ${population.name}` },
    );
  }
  return {
    ...population,
    eqs: `${population.eqs}${lineOf(flag)}`,
    [key]: `${before}${population[key] ?? ''}${behind}`,
    initial,
  };
}

function withoutFlag(population: NeuronPopulationDocument, flag: Flag): NeuronPopulationDocument {
  if (!hasFlag(population, flag)) return population;
  const { name, key, before, behind } = flag;
  const text = population[key] ?? '';
  const { [name]: _, ...initial } = population.initial;
  // Somebody has rewritten the text and may read the constant elsewhere: then nobody is flagged.
  if (!text.startsWith(before) || !text.endsWith(behind)) {
    return { ...population, initial };
  }
  return {
    ...population,
    eqs: population.eqs.replace(lineOf(flag), ''),
    [key]: text.slice(before.length, text.length - behind.length),
    initial,
  };
}

/** Plain where it stays in the document, a byte each where it is kept apart. */
function bits(size: number, neurons: readonly number[]): readonly number[] | Uint8Array {
  const values = size > LONGEST_INLINE ? new Uint8Array(size) : new Array<number>(size).fill(0);
  for (const neuron of neurons) values[neuron] = 1;
  return values;
}
