/** The outline as data: groups of rows, each with its icon, name and size. Reads documents; changes none. */
import type { NetworkDocument } from '../../index.ts';
import { formatNumber } from '../shell/format.ts';
import type { NetworkInfo } from '../simulation/protocol.ts';
import { namesOf, type PartKind, type PartReference } from './edits/parts.ts';
import { type IconName, populationIcon, projectionIcon } from './Icon.tsx';
import { signOfPopulation, signOfProjection } from './signs.ts';

export interface OutlineRow extends PartReference {
  readonly icon: IconName;
  /** Neurons, synapses, voxels, "100 ms"; '' where nothing is to be said. */
  readonly size: string;
  /** In words, for readers of screens and the tooltip. */
  readonly about: string;
}

export interface OutlineGroup {
  readonly kind: PartKind;
  readonly title: string;
  readonly rows: readonly OutlineRow[];
}

const TITLES: Readonly<Record<PartKind, string>> = {
  population: 'Populations',
  projection: 'Projections',
  input: 'Inputs',
  field: 'Fields',
  recording: 'Recordings',
  intervention: 'Interventions',
  timedArray: 'Timed arrays',
};

/** Groups that have something in them. `info` knows synapse counts of the network that runs. */
export function outlineOf(
  document: NetworkDocument,
  info: NetworkInfo | null,
): readonly OutlineGroup[] {
  const kinds = Object.keys(TITLES) as PartKind[];
  return kinds
    .map((kind) => ({ kind, title: TITLES[kind], rows: ROWS[kind](document, info) }))
    .filter(({ rows }) => rows.length > 0);
}

type Rows = (document: NetworkDocument, info: NetworkInfo | null) => readonly OutlineRow[];

const ROWS: Readonly<Record<PartKind, Rows>> = {
  population: (document) =>
    document.populations.map((part) => {
      const sign = signOfPopulation(document, part.name);
      return {
        kind: 'population',
        name: part.name,
        icon: part.kind === 'spikes' ? 'spikes' : populationIcon(sign),
        size: formatNumber(part.size),
        about: `${part.kind === 'spikes' ? 'spike list' : (sign ?? 'population')}, ${formatNumber(part.size)} neurons`,
      };
    }),
  projection: (document, info) => {
    const counts = new Map(info?.projections.map(({ name, synapses }) => [name, synapses]));
    return document.projections.map((part) => {
      const sign = signOfProjection(document, part);
      const count = counts.get(part.name) ?? Number.NaN;
      return {
        kind: 'projection',
        name: part.name,
        icon: projectionIcon(sign),
        size: Number.isFinite(count) ? compact(count) : '',
        about: `${sign ?? 'synapses'}, ${part.source.population} to ${part.target.population}${
          Number.isFinite(count) ? `, ${formatNumber(count)} synapses` : ''
        }`,
      };
    });
  },
  input: (document) =>
    document.inputs.map(({ name, n, rate, target }) => ({
      kind: 'input',
      name,
      icon: 'input',
      size: `${formatNumber(n)} × ${rate}`,
      about: `${formatNumber(n)} Poisson sources of ${rate} for every neuron of ${target.population}`,
    })),
  field: (document) =>
    (document.fields ?? []).map(({ name, grid }) => ({
      kind: 'field',
      name,
      icon: 'field',
      size: grid.join(' × '),
      about: `${grid.join(' by ')} voxels`,
    })),
  recording: (document) =>
    document.recordings.map((part) => ({
      kind: 'recording',
      name: part.name,
      icon: 'recording',
      size: part.kind === 'state' ? part.variables.join(', ') : part.kind,
      about: `${part.kind} of ${part.target.population}`,
    })),
  intervention: (document) =>
    namesOf(document, 'intervention').map((name, k) => {
      const part = document.interventions?.[k];
      const what = part?.factor === undefined ? `= ${part?.value}` : `× ${part.factor}`;
      return {
        kind: 'intervention',
        name,
        icon: 'intervention',
        size: `${what} at ${part?.at}`,
        about: `${part?.owner ? `${part.owner}.` : ''}${part?.parameter} ${what} from ${part?.at}`,
      };
    }),
  timedArray: (document) =>
    Object.entries(document.timedArrays).map(([name, { values, columns, unit, dt }]) => ({
      kind: 'timedArray',
      name,
      icon: 'timedArray',
      size: `${formatNumber(values.length / columns)} × ${dt}`,
      about: `values in ${unit}, each for ${dt}`,
    })),
};

/** 1234567 as "1.2 M". */
export function compact(count: number): string {
  if (count < 10_000) return formatNumber(count);
  if (count < 1e6) return `${(count / 1e3).toPrecision(3)} k`;
  return `${(count / 1e6).toPrecision(3)} M`;
}
