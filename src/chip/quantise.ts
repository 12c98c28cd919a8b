/**
 * Weights in few bits: every projection gets a scale, and every weight the whole multiple of it that is nearest. The result
 * is a network document like any other, with its weights listed.
 */
import { documentOf } from '../create-simulation.ts';
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { parseUnit, usualUnit } from '../language/units.ts';
import type { NetworkDocument, ProjectionDocument } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { plainCopy } from '../network/population.ts';
import {
  type ChipProjection,
  type ListedNetwork,
  listSynapses,
  type WeightVariable,
} from './synapses.ts';

/** What became of the weights of one projection. */
export interface QuantisedProjection {
  readonly name: string;
  /** The synapse variable; null where what spikes add is written as a constant of the projection. */
  readonly variable: string | null;
  readonly synapses: number;
  /** Whether all weights are the same, so that any number of bits holds them exactly. */
  readonly isConstant: boolean;
  /** Whether spikes change the weight: then only its first values are quantised. */
  readonly isPlastic: boolean;
  /** Weights are whole multiples of it, in `unit`. */
  readonly scale: number;
  readonly unit: string;
  /** Smallest and largest multiple. */
  readonly levels: readonly [number, number];
  /** Root mean square error over root mean square weight. */
  readonly rmsError: number;
  /** Largest error over largest |weight|. */
  readonly largestError: number;
  /** Part of the weights that are larger than the largest level. */
  readonly clipped: number;
}

/** A network with weights of so many bits. */
export interface QuantisedNetwork {
  readonly bits: number;
  /** Plain data, for this seed: another one would make other synapses, whose number the lists would not fit. */
  readonly document: NetworkDocument;
  readonly projections: readonly QuantisedProjection[];
}

/** Largest number of bits; a weight is a single-precision number, which has 24. */
export const MOST_BITS = 24;

/**
 * The network with all weights rounded to `bits` bits, 1 … 24.
 *
 * A weight is a synapse variable to which the amounts are proportional that spikes add: `weight` where there is one of that
 * name, else all of them. Where the weights of a projection have one sign they are multiples 0 … 2^bits - 1 of its scale
 * (the sign is the projection's), else -(2^(bits-1) - 1) … 2^(bits-1) - 1. With one bit all that are not 0 have the same
 * size, and the bit is their sign. The scale is the one with the smallest mean square error: the largest weight over the
 * largest level, or less where few weights are large, which are clipped then.
 *
 * Constant weights stay exactly what they are. Connections, delays and all else stay the same to the bit.
 */
export function quantiseNetwork(
  network: Network | NetworkDocument,
  bits: number,
): QuantisedNetwork {
  checkBits(bits);
  return quantiseListed(listSynapses(documentOf(network)), bits);
}

/** As quantiseNetwork, of a network whose synapses have been listed. */
export function quantiseListed(
  { document, projections }: ListedNetwork,
  bits: number,
): QuantisedNetwork {
  const reports: QuantisedProjection[] = [];
  const changed = new Map<string, ProjectionDocument>();
  for (const projection of projections) {
    const initial: Record<string, ProjectionDocument['initial'][string]> = {
      ...projection.document.initial,
    };
    for (const weight of projection.weights) {
      const { report, values } = quantiseWeights(projection, weight, bits);
      reports.push(report);
      // A copy of lists that JSON.stringify writes as lists.
      if (values !== null) initial[weight.name] = plainCopy({ values, unit: report.unit });
    }
    if (projection.weights.length === 0) reports.push(constantOf(projection, null, 0, ''));
    changed.set(projection.name, { ...projection.document, initial });
  }
  return {
    bits,
    document: {
      ...document,
      projections: document.projections.map((one) => changed.get(one.name) ?? one),
    },
    projections: reports,
  };
}

/** Throws RangeError for a number of bits that is none. */
export function checkBits(bits: number): void {
  if (Number.isInteger(bits) && bits >= 1 && bits <= MOST_BITS) return;
  throw new RangeError(
    `bits must be a whole number from 1 to ${MOST_BITS}, got ${describeValue(bits)}.`,
  );
}

function constantOf(
  { name, synapses }: ChipProjection,
  weight: WeightVariable | null,
  scale: number,
  unit: string,
): QuantisedProjection {
  return {
    name,
    variable: weight?.name ?? null,
    synapses,
    isConstant: true,
    isPlastic: weight?.isPlastic ?? false,
    scale,
    unit,
    levels: [0, 1],
    rmsError: 0,
    largestError: 0,
    clipped: 0,
  };
}

/** The unit in which internal values are written: one whose factor is 1, so that no number changes. */
function plainUnit(declared: string, name: string): string {
  const isNumber = declared === 'integer' || declared === '1';
  if (isNumber) return '1';
  const { dimension } = parseUnit(declared);
  const unit = usualUnit(dimension);
  if (unit !== '' && parseUnit(unit).factor === 1) return unit;
  if (parseUnit(declared).factor === 1) return declared;
  throw new NetworkError(
    `Projection "${name}": weights in ${declared} cannot be listed without rounding. Declare them in mV, pA, nS or a number.`,
    { path: `projection "${name}"`, value: declared },
  );
}

function quantiseWeights(
  projection: ChipProjection,
  weight: WeightVariable,
  bits: number,
): { report: QuantisedProjection; values: Float64Array | null } {
  const { values } = weight;
  const unit = plainUnit(weight.unit, projection.name);
  const [first = 0] = values;
  if (values.every((value) => value === first)) {
    return { report: constantOf(projection, weight, Math.abs(first), unit), values: null };
  }
  const { scale, levels } = bestScale(values, bits, weight.isInteger);
  const rounded = values.map((value) => scale * levelOf(value, scale, levels));
  const listed = new Float64Array(values.length);
  const { order } = weight;
  rounded.forEach((value, place) => {
    listed[order === null ? place : (order[place] as number)] = value;
  });
  const report = {
    ...constantOf(projection, weight, scale, unit),
    isConstant: false,
    levels: [levels.least, levels.most] as const,
    ...errorsOf(values, rounded, scale, levels),
  };
  return { report, values: listed };
}

/** The multiples of the scale that a weight may be. */
export interface Levels {
  readonly least: number;
  readonly most: number;
  /** Only -1, 0 and 1: the size of all weights that are not 0. */
  readonly isSign: boolean;
}

/** Levels of so many bits for weights of one sign, or of both. */
export function levelsOf(values: Float64Array, bits: number): Levels {
  const hasPositive = values.some((value) => value > 0);
  const hasNegative = values.some((value) => value < 0);
  if (bits === 1) return { least: hasNegative ? -1 : 0, most: hasPositive ? 1 : 0, isSign: true };
  if (hasPositive && hasNegative) {
    const most = 2 ** (bits - 1) - 1;
    return { least: -most, most, isSign: false };
  }
  const most = 2 ** bits - 1;
  return { least: hasNegative ? -most : 0, most: hasNegative ? 0 : most, isSign: false };
}

/** The level that is nearest to a weight. */
function levelOf(value: number, scale: number, { least, most, isSign }: Levels): number {
  if (isSign) return Math.sign(value);
  return Math.min(most, Math.max(least, Math.round(value / scale)));
}

/** Weights that are looked at to choose a scale, but for the largest ones, which all are. */
const SAMPLE = 2 ** 16;
/** Part of the weights that count as the largest. */
const TAIL = 0.002;
/** Parts of the largest weight that are tried as the largest level. */
const TRIED = Array.from({ length: 46 }, (_, k) => 1 - 0.02 * k);

/** The scale with the smallest mean square error. */
function bestScale(
  values: Float64Array,
  bits: number,
  isInteger: boolean,
): { scale: number; levels: Levels } {
  const levels = levelsOf(values, bits);
  const whole = (scale: number): number => (isInteger ? Math.max(1, Math.ceil(scale)) : scale);
  if (levels.isSign) {
    const others = values.filter((value) => value !== 0);
    const mean = others.reduce((sum, value) => sum + Math.abs(value), 0) / others.length;
    return { scale: isInteger ? Math.max(1, Math.round(mean)) : mean, levels };
  }
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const most = Math.max(levels.most, -levels.least);
  const sample = sampleOf(values);
  let best = { scale: whole(largest / most), error: Number.POSITIVE_INFINITY };
  for (const part of TRIED) {
    const scale = whole((part * largest) / most);
    let error = 0;
    for (const { weights, stands } of sample) {
      for (const value of weights) {
        error += stands * (value - scale * levelOf(value, scale, levels)) ** 2;
      }
    }
    if (error < best.error) best = { scale, error };
  }
  return { scale: best.scale, levels };
}

/** Weights each of which stands for so many: all of the largest, and some of the others. */
function sampleOf(values: Float64Array): { weights: Float64Array; stands: number }[] {
  const stands = Math.ceil(values.length / SAMPLE);
  if (stands === 1) return [{ weights: values, stands }];
  const some = values.filter((_, k) => k % stands === 0);
  const sizes = some.map(Math.abs).sort();
  const limit = sizes[Math.floor((1 - TAIL) * (sizes.length - 1))] as number;
  return [
    { weights: some.filter((value) => Math.abs(value) <= limit), stands },
    { weights: values.filter((value) => Math.abs(value) > limit), stands: 1 },
  ];
}

function errorsOf(
  values: Float64Array,
  rounded: Float64Array,
  scale: number,
  { least, most, isSign }: Levels,
): Pick<QuantisedProjection, 'rmsError' | 'largestError' | 'clipped'> {
  let [errors, squares, largestError, largest, clipped] = [0, 0, 0, 0, 0];
  values.forEach((value, k) => {
    const error = Math.abs(value - (rounded[k] as number));
    errors += error * error;
    squares += value * value;
    largestError = Math.max(largestError, error);
    largest = Math.max(largest, Math.abs(value));
    if (!isSign && (value > (most + 0.5) * scale || value < (least - 0.5) * scale)) clipped++;
  });
  return {
    rmsError: Math.sqrt(errors / squares),
    largestError: largestError / largest,
    clipped: clipped / values.length,
  };
}
