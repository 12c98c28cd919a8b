/** What neurons are called on the screen: their id, else their number, with the population where there are several. */
import { useEffect, useState } from 'preact/hooks';
import type { PopulationInfo } from '../simulation/protocol.ts';
import type { NeuronLabels } from '../state/project.ts';
import { callTool } from '../tools/client.ts';
import type { NeuronList } from './groups.ts';

/** The page of a neuron in FlyWire's Codex, where the id is one of FlyWire's; else ''. */
export const codexAddress = (id: string): string =>
  /^\d{18}$/.test(id) ? `https://codex.flywire.ai/app/cell_details?root_id=${id}` : '';

/** "#12", or "exc#12". */
export const numberName = (population: string, index: number, isOnly: boolean): string =>
  isOnly ? `#${index}` : `${population}#${index}`;

/** Whose neuron a global number is; null beyond the last. */
export function ownerOf(
  populations: readonly PopulationInfo[],
  neuron: number,
): { readonly population: PopulationInfo; readonly index: number } | null {
  const population = populations.find(
    ({ first, size }) => neuron >= first && neuron < first + size,
  );
  return population ? { population, index: neuron - population.first } : null;
}

/** Global numbers by population. */
export function listsOf(
  populations: readonly PopulationInfo[],
  neurons: ArrayLike<number>,
): NeuronList[] {
  return populations.flatMap(({ name, first, size }) => {
    const own = Array.from(neurons).filter((one) => one >= first && one < first + size);
    return own.length === 0 ? [] : [{ population: name, neurons: own.map((one) => one - first) }];
  });
}

/** Global numbers of listed neurons, ascending. */
export function globalNumbers(
  populations: readonly PopulationInfo[],
  lists: readonly NeuronList[],
): number[] {
  return lists
    .flatMap(({ population, neurons }) => {
      const owner = populations.find(({ name }) => name === population);
      return owner ? neurons.map((neuron) => owner.first + neuron) : [];
    })
    .sort((a, b) => a - b);
}

/**
 * Ids of neurons of the labelled population, as they arrive: '' for those that have none or are not known yet. `key`
 * changes when the neurons do.
 */
export function useIds(
  labels: NeuronLabels | null,
  population: string,
  neurons: readonly number[],
): ReadonlyMap<number, string> {
  const [ids, setIds] = useState<ReadonlyMap<number, string>>(new Map());
  const isNamed = labels !== null && labels.population === population;
  const key = isNamed ? neurons.join() : '';
  useEffect(() => {
    if (!isNamed || neurons.length === 0) return;
    let isCurrent = true;
    callTool('idsOf', [labels, neurons]).then(
      (found) => {
        if (isCurrent) setIds(new Map(neurons.map((neuron, k) => [neuron, found[k] ?? ''])));
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [labels, key]);
  return ids;
}
