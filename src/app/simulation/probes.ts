/** Which neurons are probed: what the page asks for as far as there is such a neuron, and a few where it asks for none. */
import type { NetworkDocument, ProbedNeurons, ProbeOptions } from '../../index.ts';
import type { Probe } from '../state/project.ts';
import type { Counted } from './selection.ts';

/** Most neurons of a population at a time. */
const MOST = 8;
/** How many of the first population when nobody has chosen. */
const A_FEW = 3;

/** Everything that can be looked at in every population that has something. */
export const probesOf = ({ populations }: NetworkDocument): ProbeOptions[] =>
  populations.flatMap((population) =>
    population.kind === 'neurons' && population.eqs.includes(':')
      ? [{ population: population.name, variables: 'all', most: MOST }]
      : [],
  );

/** What to look at. Neurons that there are not are left out: a link or another network may have asked for them. */
export function chooseProbes(
  wanted: readonly Probe[],
  { populations, document }: { populations: readonly Counted[]; document: NetworkDocument },
): ProbedNeurons[] {
  const probed = new Set(probesOf(document).map(({ population }) => population));
  const possible = populations.filter(({ name }) => probed.has(name));
  const chosen = possible.flatMap(({ name: population, size }) => {
    const asked = wanted.find((probe) => probe.population === population)?.neurons ?? [];
    const neurons = [...new Set(asked)].filter(
      (neuron) => Number.isInteger(neuron) && neuron >= 0 && neuron < size,
    );
    return neurons.length === 0 ? [] : [{ population, neurons: neurons.slice(0, MOST) }];
  });
  const [first] = possible;
  if (chosen.length > 0 || first === undefined) return chosen;
  const few = Math.min(A_FEW, first.size);
  return [{ population: first.name, neurons: Array.from({ length: few }, (_, k) => k) }];
}

/** Numbers among all neurons of what is probed. */
export const globalNumbers = (
  probed: readonly ProbedNeurons[],
  populations: readonly Counted[],
): number[] =>
  probed.flatMap(({ population, neurons }) => {
    const first = populations.find(({ name }) => name === population)?.first ?? 0;
    return Array.from(neurons, (neuron) => first + neuron);
  });
