/**
 * New things with contents that work at once: every function returns the document with one more thing, and its name.
 * What they contain is a beginning; everything can be changed in the inspector.
 */
import type {
  ConnectRule,
  NetworkDocument,
  NeuronPopulationDocument,
  ProjectionDocument,
  Quantity,
} from '../../../index.ts';
import { receivers, usualWeight } from '../variables.ts';
import { appendPart, freshName, namesOf } from './parts.ts';

export interface Added {
  readonly document: NetworkDocument;
  readonly name: string;
}

/** A population of a library model (or of any equations). */
export function addPopulation(
  document: NetworkDocument,
  wanted: string,
  size: number,
  model: Omit<NeuronPopulationDocument, 'kind' | 'name' | 'size'>,
): Added {
  const name = freshName(document, 'population', wanted);
  const part = { kind: 'neurons', name, size, ...model } as const;
  return { document: appendPart(document, 'population', name, part), name };
}

/** One neuron that spikes every 20 ms for a second. */
export function addSpikeList(document: NetworkDocument): Added {
  const name = freshName(document, 'population', 'spike list');
  const timesMs = Array.from({ length: 49 }, (_, k) => 20 * (k + 1));
  const part = { kind: 'spikes', name, size: 1, indices: timesMs.map(() => 0), timesMs } as const;
  return { document: appendPart(document, 'population', name, part), name };
}

export interface NewProjection {
  readonly source: string;
  readonly target: string;
  /** Of the target; '' where it has none that spikes could add to. */
  readonly variable: string;
  readonly weight: Quantity;
  readonly connect: ConnectRule;
  readonly delay?: Quantity;
}

/** The projection that is meant by a drag from one population to another. */
export function usualProjection(
  document: NetworkDocument,
  source: string,
  target: string,
  isInhibitory: boolean,
): NewProjection {
  if (document.fields?.some(({ name }) => name === target)) {
    const variable = receivers(document, target)[0]?.name ?? 'C';
    return { source, target, variable, weight: 3000, connect: { rule: 'voxel' } };
  }
  const all = receivers(document, target);
  const fitting = all.filter(({ name }) => (isInhibitory ? /inh|gaba/i : /exc|ampa/i).test(name));
  const chosen = fitting[0] ?? all[0];
  return {
    source,
    target,
    variable: chosen?.name ?? '',
    weight: usualWeight(chosen?.unit ?? '1', isInhibitory),
    connect: usualRule(document, source, target),
    delay: '1 ms',
  };
}

function usualRule(document: NetworkDocument, source: string, target: string): ConnectRule {
  const sizeOf = (name: string): number =>
    document.populations.find((one) => one.name === name)?.size ?? 1;
  const pairs = sizeOf(source) * sizeOf(target);
  if (pairs <= 400) return { rule: 'all-to-all', autapses: source !== target };
  // A hundred sources per target, as far as there are so many.
  const p = Math.min(0.1, 100 / sizeOf(source));
  return { rule: 'fixed-probability', p: Number(p.toPrecision(2)), autapses: source !== target };
}

export function addProjection(document: NetworkDocument, wanted: NewProjection): Added {
  const { source, target, variable, weight, connect, delay } = wanted;
  const name = freshName(document, 'projection', `${source} to ${target}`);
  const isDeposit = connect.rule === 'voxel';
  const amount = isDeposit ? 'Q/avogadro_constant/voxel_volume/volume_fraction' : 'weight';
  const part: ProjectionDocument = {
    name,
    source: { population: source },
    target: { population: target },
    ...(variable !== '' && { onPre: `${variable} += ${amount}` }),
    params: variable === '' ? {} : isDeposit ? { Q: weight } : { weight },
    initial: {},
    ...(delay !== undefined && !isDeposit && { delay }),
    connect,
  };
  return { document: appendPart(document, 'projection', name, part), name };
}

/** Poisson sources onto a population, so strong that they are seen. */
export function addInput(document: NetworkDocument, target: string): Added {
  const all = receivers(document, target);
  const chosen = all.find(({ name }) => /exc|ampa/i.test(name)) ?? all[0];
  const name = freshName(document, 'input', `drive of ${target}`);
  const weight = String(usualWeight(chosen?.unit ?? '1', false));
  const part = {
    name,
    target: { population: target },
    variable: chosen?.name ?? 'v',
    n: 100,
    rate: '10 Hz',
    weight,
  } as const;
  return { document: appendPart(document, 'input', name, part), name };
}

export function addRecording(document: NetworkDocument, target: string): Added {
  const isField = document.fields?.some(({ name }) => name === target) ?? false;
  const population = document.populations.find((one) => one.name === target);
  const variable = receivers(document, target)[0]?.name;
  if (
    isField ||
    (population?.kind === 'neurons' && population.threshold === undefined && variable)
  ) {
    const name = freshName(document, 'recording', `state of ${target}`);
    const part = {
      kind: 'state',
      name,
      target: { population: target },
      variables: [variable ?? 'C'],
    } as const;
    return { document: appendPart(document, 'recording', name, part), name };
  }
  const name = freshName(document, 'recording', `spikes of ${target}`);
  const part = { kind: 'spikes', name, target: { population: target } } as const;
  return { document: appendPart(document, 'recording', name, part), name };
}

/** The first parameter that could be changed, of this owner or any; null where the network has none. */
export function usualIntervention(
  document: NetworkDocument,
  owner: string,
): { readonly owner: string; readonly parameter: string } | null {
  const first = (one: string): string | undefined => interventionTargets(document, one)[0];
  const owners = [
    owner,
    '',
    ...(['population', 'field', 'projection', 'input'] as const).flatMap((kind) =>
      namesOf(document, kind),
    ),
  ];
  for (const one of owners) {
    const parameter = first(one);
    if (parameter !== undefined) return { owner: one, parameter };
  }
  return null;
}

/** Parameters of an owner that may change while the network runs. */
export function interventionTargets(document: NetworkDocument, owner: string): readonly string[] {
  if (owner === '') return Object.keys(document.params);
  const { populations, fields = [], projections, inputs } = document;
  const found = [...populations, ...fields, ...projections].find(({ name }) => name === owner);
  if (found) return 'params' in found ? Object.keys(found.params) : [];
  return inputs.some(({ name }) => name === owner) ? ['weight'] : [];
}

/** Halves a parameter from 200 ms to 400 ms; null where there is none. */
export function addIntervention(document: NetworkDocument, owner: string): Added | null {
  const on = usualIntervention(document, owner);
  if (on === null) return null;
  const wanted = on.owner === '' ? on.parameter : `${on.owner}: ${on.parameter}`;
  const name = freshName(document, 'intervention', wanted);
  const part = { name, at: '200 ms', until: '400 ms', ...on, factor: 0.5 };
  return { document: appendPart(document, 'intervention', name, part), name };
}

/** A substance that spreads and is cleared. */
export function addField(document: NetworkDocument): Added {
  const name = freshName(document, 'field', 'field');
  const part = {
    name,
    grid: [16, 16, 1],
    spacing: '10 um',
    every: '10 ms',
    eqs: 'dC/dt = -C/tau : mM',
    diffusion: { C: '300 um**2/second' },
    params: { tau: '500 ms' },
    initial: {},
  } as const;
  return { document: appendPart(document, 'field', name, part), name };
}

/** A step of current: 0, then on for 100 ms, then 0. */
export function addTimedArray(document: NetworkDocument): Added {
  const name = freshName(document, 'timedArray', 'stimulus');
  const part = { dt: '100 ms', unit: 'pA', columns: 1, values: [0, 100, 0] } as const;
  return { document: appendPart(document, 'timedArray', name, part), name };
}
