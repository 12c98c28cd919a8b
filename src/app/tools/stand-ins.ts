/**
 * Documents whose long lists are references, made whole for checks that only look at texts, types and units: lists of
 * synapses, of their values and of spikes are replaced by small ones, so that nobody who types waits for hundred
 * megabytes. All other lists (positions, first values of neurons) are read.
 */
import type {
  NetworkDocument,
  PopulationDocument,
  ProjectionDocument,
  ValueSpec,
} from '../../index.ts';
import { readArray } from '../state/array-store.ts';
import { attach, isReference } from '../state/arrays.ts';

/** A document that can be checked, but is not the network. */
export async function forChecking(document: NetworkDocument): Promise<NetworkDocument> {
  return attach(withStandIns(document), readArray);
}

/** The document with small lists in place of references to those of synapses and spikes. */
export function withStandIns(document: NetworkDocument): NetworkDocument {
  return {
    ...document,
    populations: document.populations.map(population),
    projections: document.projections.map(projection),
    timedArrays: Object.fromEntries(
      Object.entries(document.timedArrays).map(([name, array]) => [
        name,
        isReference(array.values)
          ? { ...array, values: new Array<number>(array.columns).fill(0) }
          : array,
      ]),
    ),
  };
}

function population(one: PopulationDocument): PopulationDocument {
  if (one.kind !== 'spikes') return one;
  return isReference(one.indices) || isReference(one.timesMs)
    ? { ...one, indices: [], timesMs: [] }
    : one;
}

function projection(one: ProjectionDocument): ProjectionDocument {
  const { connect, initial, delay } = one;
  const isList = connect.rule === 'list' && (isReference(connect.pre) || isReference(connect.post));
  return {
    ...one,
    // Values that are listed by synapse would not fit another rule: they are replaced with it.
    connect: isList ? { rule: 'list', pre: [], post: [] } : connect,
    initial: Object.fromEntries(
      Object.entries(initial).map(([name, spec]) => [name, value(spec, isList)]),
    ),
    ...(delay !== undefined && {
      delay:
        typeof delay === 'object' && 'byPathway' in delay
          ? {
              byPathway: Object.fromEntries(
                Object.entries(delay.byPathway).map(([name, spec]) => [name, value(spec, isList)]),
              ),
            }
          : value(delay, isList),
    }),
  };
}

function value(spec: ValueSpec, isList: boolean): ValueSpec {
  if (typeof spec !== 'object' || !('values' in spec)) return spec;
  if (isList) return { ...spec, values: [] };
  return isReference(spec.values) ? `0 ${spec.unit}` : spec;
}
