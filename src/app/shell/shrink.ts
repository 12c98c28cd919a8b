/**
 * Ways to make a network fit that is too large, as actions with a title: fewer neurons, sparser connections, synapses that
 * are not stored. Which numbers to take follows from what is needed and what is allowed; whether it fits then is for the
 * next build to say.
 */
import type { NetworkDocument } from '../../index.ts';
import type { App } from '../state/app.ts';
import type { Project } from '../state/project.ts';
import { formatNumber } from './format.ts';

export interface Shrinking {
  readonly title: string;
  readonly act: () => void;
}

/** `needed`, `available`: bytes. */
export function shrinkings(
  app: Pick<App, 'project' | 'edit' | 'setSource'>,
  needed: number,
  available: number,
): Shrinking[] {
  const share = shareThatFits(needed, available);
  const { source, document } = app.project.value;
  const ways: Shrinking[] = [];
  if (document === null) {
    // An example that was never built: only its own values are known.
    const fewer = fewerOfExample(source, share);
    if (fewer)
      ways.push({ title: fewer.title, act: () => app.setSource(fewer.title, fewer.source) });
    if (source.kind === 'example' && Object.keys(source.values).length > 0) {
      const title = 'The usual size';
      ways.push({ title, act: () => app.setSource(title, { ...source, values: {} }) });
    }
    return ways;
  }
  const neurons = neuronsOf(document);
  const left = neuronsOf(withFewerNeurons(document, share));
  if (left < neurons) {
    const title = `Take ${formatNumber(left)} neurons instead of ${formatNumber(neurons)}`;
    ways.push({ title, act: () => app.edit(title, (one) => withFewerNeurons(one, share)) });
  }
  if (withSparserConnections(document, share) !== document) {
    const title = `Connect ${percent(share)} the pairs`;
    ways.push({ title, act: () => app.edit(title, (one) => withSparserConnections(one, share)) });
  }
  if (document.projections.some(({ synapses }) => synapses !== 'procedural')) {
    const title = 'Make synapses anew at each spike';
    ways.push({ title, act: () => app.edit(title, procedural) });
  }
  return ways;
}

/** What is left of a network so that it fits however its memory goes with its size; a little less, two digits. */
export function shareThatFits(needed: number, available: number): number {
  if (!(needed > 0) || !(available > 0) || needed <= available) return 0.5;
  return roundDown((0.9 * available) / needed);
}

/** Two digits, so that people can read them. */
function roundDown(value: number): number {
  const digit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / digit + 1e-9) * digit).toPrecision(2));
}

/** An example with a smaller value of what counts its neurons. */
function fewerOfExample(source: Project['source'], share: number) {
  if (source.kind !== 'example') return null;
  for (const key of ['neurons', 'scale', 'order', 'size']) {
    const value = Number(source.values[key]);
    if (source.values[key] === undefined || !(value > 0)) continue;
    const fewer = Number.isInteger(value)
      ? Math.max(1, Math.floor(roundDown(value * share)))
      : roundDown(value * share);
    return {
      title: `Take ${key} = ${formatNumber(fewer)} instead of ${formatNumber(value)}`,
      source: { ...source, values: { ...source.values, [key]: String(fewer) } },
    };
  }
  return null;
}

export const neuronsOf = (document: NetworkDocument): number =>
  document.populations.reduce((sum, one) => sum + (one.kind === 'neurons' ? one.size : 0), 0);

export function withFewerNeurons(document: NetworkDocument, share: number): NetworkDocument {
  const fewer = (size: number): number => Math.max(1, Math.floor(roundDown(size * share)));
  return {
    ...document,
    populations: document.populations.map((one) =>
      one.kind === 'neurons' ? { ...one, size: Math.min(one.size, fewer(one.size)) } : one,
    ),
  };
}

/** Connections by chance become rarer; the same document where there are none. */
export function withSparserConnections(document: NetworkDocument, share: number): NetworkDocument {
  let isChanged = false;
  const projections = document.projections.map((projection) => {
    const { connect } = projection;
    if (connect.rule !== 'fixed-probability') return projection;
    isChanged = true;
    return {
      ...projection,
      connect: { ...connect, p: Number((connect.p * share).toPrecision(6)) },
    };
  });
  return isChanged ? { ...document, projections } : document;
}

const procedural = (document: NetworkDocument): NetworkDocument => ({
  ...document,
  projections: document.projections.map((one) => ({ ...one, synapses: 'procedural' as const })),
});

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} % of`;
