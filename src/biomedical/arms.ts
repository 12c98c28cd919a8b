/** The networks of a comparison: control, and the same with interventions of one dose or another. Documents only. */
import { NetworkError } from '../errors.ts';
import { parseQuantity } from '../language/units.ts';
import type {
  InterventionDocument,
  NetworkDocument,
  Quantity,
  RecordingDocument,
} from '../network/document.ts';
import { type Detector, type Needed, recordingName } from './measure.ts';

/** How many neurons a detector samples unless it says so. */
const SAMPLED = 100;

/** What of a run is recorded for detectors, and nothing else: all spikes, and the variables they need. */
export function withDetectors(
  document: NetworkDocument,
  detectors: readonly Detector[],
): NetworkDocument {
  const spikes = document.populations.map(
    ({ name }): RecordingDocument => ({
      kind: 'spikes',
      name: `detectors ${name}`,
      target: { population: name },
    }),
  );
  const needed = new Map<string, Needed>();
  for (const { needs = [] } of detectors) {
    for (const one of needs) needed.set(recordingName(one), one);
  }
  const states = [...needed].map(([name, { population, variable, neurons, every }]) => {
    const size = document.populations.find((one) => one.name === population)?.size ?? 0;
    const { from = 0, to = Math.min(size, from + SAMPLED) } = neurons ?? {};
    return {
      kind: 'state' as const,
      name,
      target: { population, from, to },
      variables: [variable],
      ...(every !== undefined && { every }),
    };
  });
  return { ...document, recordings: [...spikes, ...states] };
}

/** The document with interventions of a dose behind those that it has. */
export function withInterventions(
  document: NetworkDocument,
  interventions: readonly InterventionDocument[],
  dose: number,
): NetworkDocument {
  const added = interventions.map((one) => (dose === 1 ? one : ofDose(document, one, dose)));
  return { ...document, interventions: [...(document.interventions ?? []), ...added] };
}

/** A part of an intervention: 0 is none of it, 1 all. */
function ofDose(
  document: NetworkDocument,
  { factor, value, ...others }: InterventionDocument,
  dose: number,
): InterventionDocument {
  if (value === undefined) return { ...others, factor: 1 + dose * ((factor ?? 1) - 1) };
  const { owner, parameter } = others;
  const base = baseOf(document, owner, parameter);
  if (base === null) {
    throw new NetworkError(
      `A dose of ${owner === '' ? parameter : `${owner}.${parameter}`} = ${value} lies between its value and the one it has, ` +
        'which is not a parameter of the document. Give a factor instead, or no doses.',
      { path: 'doses', value: parameter },
    );
  }
  const where = `value of ${parameter}`;
  const full = parseQuantity(value, where);
  const none = parseQuantity(base, where, full.dimension);
  const [, unit = ''] = /^[-+.\deE\s]*(.*)$/.exec(String(value)) ?? [];
  const perUnit = unit === '' ? 1 : parseQuantity(`1 ${unit}`, where, full.dimension).value;
  const between = (none.value + dose * (full.value - none.value)) / perUnit;
  return { ...others, value: unit === '' ? between : `${between} ${unit}` };
}

/** The value that a document gives a parameter; null where it is a variable or does not exist. */
function baseOf(document: NetworkDocument, owner: string, parameter: string): Quantity | null {
  const owners: readonly {
    readonly name: string;
    readonly params?: Readonly<Record<string, Quantity>>;
  }[] = [...document.populations, ...(document.fields ?? []), ...document.projections];
  const params = owner === '' ? document.params : owners.find(({ name }) => name === owner)?.params;
  return params?.[parameter] ?? null;
}
