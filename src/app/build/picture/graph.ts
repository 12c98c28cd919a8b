/** The network as a graph to be drawn: populations and fields as nodes, projections and links as edges, inputs apart. */
import type { NetworkDocument } from '../../../index.ts';
import type { NetworkInfo } from '../../simulation/protocol.ts';
import { type Sign, signOfPopulation, signOfProjection } from '../signs.ts';

export interface GraphNode {
  readonly name: string;
  readonly kind: 'neurons' | 'spikes' | 'field';
  readonly sign: Sign | null;
  readonly size: number;
  readonly radius: number;
}

export interface GraphEdge {
  /** Of the projection; '' for what a population reads of a field. */
  readonly projection: string;
  /** Indices of nodes. */
  readonly from: number;
  readonly to: number;
  readonly sign: Sign | null;
  /** Line width. */
  readonly width: number;
  /** For the tooltip. */
  readonly about: string;
}

export interface GraphInput {
  readonly name: string;
  readonly to: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly inputs: readonly GraphInput[];
  /** Projections that are too many to be drawn. */
  readonly left: number;
}

const MOST_EDGES = 400;

/** Grows with the logarithm of the number of neurons: 1 is 9, ten thousand 23. */
export const radiusOf = (size: number): number => 9 + 3.5 * Math.log10(Math.max(1, size));

/** Grows with the logarithm of the number of synapses. */
const widthOf = (synapses: number): number =>
  Number.isFinite(synapses) ? Math.min(4.5, 1 + 0.45 * Math.log10(Math.max(1, synapses))) : 1.6;

export function graphOf(document: NetworkDocument, info: NetworkInfo | null): Graph {
  const nodes: GraphNode[] = [
    ...document.populations.map(
      ({ name, kind, size }): GraphNode => ({
        name,
        kind,
        size,
        sign: signOfPopulation(document, name),
        radius: radiusOf(size),
      }),
    ),
    ...(document.fields ?? []).map(({ name, grid }): GraphNode => {
      const size = grid.reduce((product, count) => product * count, 1);
      return { name, kind: 'field', sign: null, size, radius: radiusOf(size) };
    }),
  ];
  const at = new Map(nodes.map(({ name }, k) => [name, k]));
  const counts = new Map(info?.projections.map(({ name, synapses }) => [name, synapses]));
  const edges = document.projections.flatMap((projection): GraphEdge[] => {
    const from = at.get(projection.source.population);
    const to = at.get(projection.target.population);
    if (from === undefined || to === undefined) return [];
    const sign = signOfProjection(document, projection);
    const synapses = counts.get(projection.name) ?? Number.NaN;
    const number = Number.isFinite(synapses) ? `, ${synapses.toLocaleString('en')} synapses` : '';
    return [
      {
        projection: projection.name,
        from,
        to,
        sign,
        width: widthOf(synapses),
        about: `${projection.name}: ${sign ?? 'synapses'}, ${projection.source.population} to ${projection.target.population}${number}`,
      },
    ];
  });
  const drawn =
    edges.length > MOST_EDGES
      ? [...edges].sort((a, b) => b.width - a.width).slice(0, MOST_EDGES)
      : edges;
  return {
    nodes,
    edges: [...drawn, ...linksOf(document, at)],
    inputs: document.inputs.flatMap(({ name, target }) => {
      const to = at.get(target.population);
      return to === undefined ? [] : [{ name, to }];
    }),
    left: edges.length - drawn.length,
  };
}

/** What populations read of fields. */
function linksOf(document: NetworkDocument, at: ReadonlyMap<string, number>): GraphEdge[] {
  return document.populations.flatMap((population): GraphEdge[] => {
    if (population.kind !== 'neurons' || !population.links) return [];
    const fields = new Set(
      Object.values(population.links).map((link) => link.replace(/\.\w+$/, '')),
    );
    return [...fields].flatMap((field) => {
      const [from, to] = [at.get(field), at.get(population.name)];
      return from === undefined || to === undefined
        ? []
        : [
            {
              projection: '',
              from,
              to,
              sign: null,
              width: 1.2,
              about: `${population.name} reads ${field}`,
            },
          ];
    });
  });
}
