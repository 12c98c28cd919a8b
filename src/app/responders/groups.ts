/**
 * Groups of neurons that are made to fire or kept from firing, as edits of the document: a Poisson source per activated
 * neuron that kicks its membrane variable over the threshold; a constant in the threshold of silenced ones. Pure; lists
 * that are read here (posts of the sources, flags) must have been attached.
 */
import {
  models,
  type NetworkDocument,
  NetworkError,
  type NeuronPopulationDocument,
  type ProjectionDocument,
  type Quantity,
} from '../../index.ts';
import { appendPart, changePart, findPart, freshName } from '../build/edits/parts.ts';
import { removePart } from '../build/edits/remove.ts';
import { declaredIn } from '../build/variables.ts';
import { flagged, SILENCED, UNREFRACTORY, withFlag } from './flags.ts';

/** Neurons of a population, numbered in it. */
export interface NeuronList {
  readonly population: string;
  readonly neurons: readonly number[];
}

export interface ActivatedGroup extends NeuronList {
  /** Name of the population of Poisson sources. */
  readonly source: string;
  readonly rate: Quantity;
}

/** What Network.poissonPopulation writes. */
const POISSON = 'rand() < rate*dt';
const NAME = 'activated';
const FLY_KICK = models.flyKick.params.kick?.value ?? '68.75 mV';
const KICK = /^\s*(\w+)\s*\+=\s*kick\s*;?\s*$/;

/** Every population of Poisson sources that kick one neuron each, those that a file or an example brought included. */
export function activatedGroups(document: NetworkDocument): ActivatedGroup[] {
  return document.populations.flatMap((source) => {
    if (source.kind !== 'neurons' || source.threshold?.trim() !== POISSON) return [];
    const { rate } = source.params;
    const projection = kickOf(document, source);
    if (rate === undefined || projection === null) return [];
    const { population, from = 0 } = projection.target;
    const neurons = Array.from(projection.connect.post, (index) => index + from);
    return [{ source: source.name, population, neurons, rate }];
  });
}

type KickProjection = ProjectionDocument & {
  readonly connect: Extract<ProjectionDocument['connect'], { rule: 'list' }>;
};

function kickOf(
  document: NetworkDocument,
  { name, size }: NeuronPopulationDocument,
): KickProjection | null {
  const out = document.projections.filter(({ source }) => source.population === name);
  const [only] = out;
  if (out.length !== 1 || typeof only?.onPre !== 'string' || !KICK.test(only.onPre)) return null;
  const { connect } = only;
  if (connect.rule !== 'list' || connect.post.length !== size) return null;
  for (let k = 0; k < size; k++) if (connect.pre[k] !== k) return null;
  return only as KickProjection;
}

/** The neurons of each population that never spike. */
export const silencedLists = (document: NetworkDocument): NeuronList[] =>
  document.populations.flatMap((population) => {
    const neurons = population.kind === 'neurons' ? flagged(population, SILENCED) : [];
    return neurons.length === 0 ? [] : [{ population: population.name, neurons }];
  });

/**
 * One group more for every population, each neuron with a Poisson source of its own. They leave the groups that they were
 * in. Throws NetworkError where a population has nothing that a kick could push over a threshold.
 */
export function activate(
  document: NetworkDocument,
  lists: readonly NeuronList[],
  rate: Quantity,
): NetworkDocument {
  let next = document;
  for (const { population, neurons: wanted } of lists) {
    const target = spikingPart(next, population, 'activated');
    const neurons = ascending(wanted, target);
    if (neurons.length === 0) continue;
    for (const group of activatedGroups(next)) {
      if (group.population === population) next = leaveGroup(next, group, neurons);
    }
    const { variable, kick } = kickFor(target);
    const delay = delayOnto(next, population);
    const source = freshName(next, 'population', NAME);
    next = appendPart(next, 'population', source, {
      kind: 'neurons',
      name: source,
      size: neurons.length,
      eqs: '',
      threshold: POISSON,
      params: { rate },
      initial: {},
      model: 'poisson',
    });
    const name = freshName(next, 'projection', `${source} to ${population}`);
    next = appendPart(next, 'projection', name, {
      name,
      source: { population: source },
      target: { population },
      onPre: `${variable} += kick`,
      params: { kick },
      initial: {},
      ...(delay !== null && { delay }),
      connect: { rule: 'list', pre: neurons.map((_, k) => k), post: neurons },
    });
  }
  return withoutRefractoryPeriod(next);
}

/** Takes neurons (all of them when left out) out of an activated group; an empty group goes. */
export function deactivate(
  document: NetworkDocument,
  source: string,
  neurons?: readonly number[],
): NetworkDocument {
  const group = activatedGroups(document).find((one) => one.source === source);
  if (!group) return document;
  return withoutRefractoryPeriod(leaveGroup(document, group, neurons ?? group.neurons));
}

/** Keeps neurons from firing, besides those that are silenced already. */
export function silence(document: NetworkDocument, lists: readonly NeuronList[]): NetworkDocument {
  return changeSilenced(document, lists, (before, list) => [...new Set([...before, ...list])]);
}

/** Lets silenced neurons fire again. */
export function unsilence(
  document: NetworkDocument,
  lists: readonly NeuronList[],
): NetworkDocument {
  return changeSilenced(document, lists, (before, list) => {
    const gone = new Set(list);
    return before.filter((neuron) => !gone.has(neuron));
  });
}

function changeSilenced(
  document: NetworkDocument,
  lists: readonly NeuronList[],
  change: (before: readonly number[], list: readonly number[]) => readonly number[],
): NetworkDocument {
  let next = document;
  for (const { population, neurons } of lists) {
    const part = spikingPart(next, population, 'silenced');
    const after = change(flagged(part, SILENCED), ascending(neurons, part));
    next = changePart(next, 'population', population, () => withFlag(part, SILENCED, after));
  }
  return next;
}

/** Numbers of neurons that there are, ascending, each once. */
const ascending = (neurons: readonly number[], { size }: NeuronPopulationDocument): number[] =>
  [...new Set(neurons)].filter((neuron) => neuron >= 0 && neuron < size).sort((a, b) => a - b);

function leaveGroup(
  document: NetworkDocument,
  { source, neurons: before }: ActivatedGroup,
  gone: readonly number[],
): NetworkDocument {
  const leaving = new Set(gone);
  const kept = before.filter((neuron) => !leaving.has(neuron));
  if (kept.length === before.length) return document;
  if (kept.length === 0) return removePart(document, 'population', source);
  const smaller = changePart(document, 'population', source, (part) => ({
    ...part,
    size: kept.length,
  }));
  const projections = smaller.projections.map((projection) =>
    projection.source.population === source
      ? {
          ...projection,
          target: { population: projection.target.population },
          connect: { rule: 'list' as const, pre: kept.map((_, k) => k), post: kept },
        }
      : projection,
  );
  return { ...smaller, projections };
}

/** Of the fly model, as published: activated neurons have no refractory period. Other models keep theirs. */
function withoutRefractoryPeriod(document: NetworkDocument): NetworkDocument {
  const groups = activatedGroups(document).filter(({ source }) => source.startsWith(NAME));
  const populations = document.populations.map((part) => {
    if (part.kind !== 'neurons' || part.model !== models.flyLif.name) return part;
    if (part.refractory === undefined) return part;
    const free = groups.flatMap(({ population, neurons }) =>
      population === part.name ? neurons : [],
    );
    return withFlag(part, UNREFRACTORY, free);
  });
  return { ...document, populations };
}

function spikingPart(
  document: NetworkDocument,
  name: string,
  what: string,
): NeuronPopulationDocument {
  const part = findPart(document, 'population', name);
  if (part?.kind === 'neurons' && part.threshold !== undefined) return part;
  const why =
    part === null
      ? 'there is no such population'
      : part.kind === 'spikes'
        ? 'its spikes are a given list; change that list instead'
        : 'it has no threshold, so its neurons never spike';
  throw new NetworkError(`Neurons of "${name}" cannot be ${what}: ${why}.`, {
    path: `populations, ${name}`,
  });
}

/** The variable that the threshold compares, and a step that takes it over from anywhere near rest. */
export function kickFor(population: NeuronPopulationDocument): {
  readonly variable: string;
  readonly kick: Quantity;
} {
  const { threshold = '', eqs, params } = population;
  const [, variable = '', limit = ''] =
    /^[\s(]*([A-Za-z_]\w*)\s*>=?\s*([^\s)]+)/.exec(threshold) ?? [];
  const declared = declaredIn(eqs).find(({ name }) => name === variable);
  if (!declared || declared.kind === 'computed' || declared.flags.includes('constant')) {
    throw new NetworkError(
      `Neurons of "${population.name}" cannot be activated: their threshold "${threshold}" does not say which variable has to rise (as "v > v_thresh" does). Give the population an input instead.`,
      { path: `populations, ${population.name}, threshold` },
    );
  }
  const { unit } = declared;
  if (/^(?:[munp]?V|volt)$/.test(unit)) return { variable, kick: FLY_KICK };
  if (unit === '1') {
    const number = Number(params[limit] ?? limit);
    return { variable, kick: Number.isFinite(number) ? 10 * Math.max(1, Math.abs(number)) : 100 };
  }
  throw new NetworkError(
    `Neurons of "${population.name}" cannot be activated: "${variable}" is in ${unit}, and how large a kick makes them fire is known of potentials only. Give the population an input instead.`,
    { path: `populations, ${population.name}` },
  );
}

/** The delay of what comes in already: equal delays let steps be computed in windows. null without any. */
function delayOnto(document: NetworkDocument, population: string): Quantity | null {
  const delays = document.projections
    .filter(({ target }) => target.population === population)
    .map(({ delay }) => delay);
  const [first] = delays;
  return typeof first === 'string' && delays.every((delay) => delay === first) ? first : null;
}
