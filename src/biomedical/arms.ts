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
  const { owner, parameter } = others;
  const place = owner === '' ? parameter : `${owner}.${parameter}`;
  if (value === undefined) {
    const full = factor ?? 1;
    const part = 1 + dose * (full - 1);
    if (part < 0 && full >= 0) throw beyondNothing(`${place} × ${full}`, dose, 1 / (1 - full));
    return { ...others, factor: part };
  }
  const base = baseOf(document, owner, parameter);
  if (base === null) {
    throw new NetworkError(
      `A dose of ${place} = ${value} lies between its value and the one it has, ` +
        'which is not a parameter of the document. Give a factor instead, or no doses.',
      { path: 'doses', value: parameter },
    );
  }
  const where = `value of ${parameter}`;
  const full = parseQuantity(value, where);
  const none = parseQuantity(base, where, full.dimension);
  if (full.value === 0 && none.value !== 0 && dose > 1) {
    throw beyondNothing(`${place} = ${value}`, dose, 1);
  }
  const [, unit = ''] = /^[-+.\deE\s]*(.*)$/.exec(String(value)) ?? [];
  const perUnit = unit === '' ? 1 : parseQuantity(`1 ${unit}`, where, full.dimension).value;
  const between = (none.value + dose * (full.value - none.value)) / perUnit;
  return { ...others, value: unit === '' ? between : `${between} ${unit}` };
}

/** A dose that leaves less than nothing: a weight of the other sign is another network, not a stronger drug. */
function beyondNothing(change: string, dose: number, most: number): NetworkError {
  return new NetworkError(
    `Dose ${dose} of ${change} would change the sign: nothing is left at dose ${Number(most.toPrecision(3))}, the largest there is.`,
    { path: 'doses', value: dose },
  );
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
