/** The lines of a comparison: a detector's numbers of control and intervention, and what they amount to. */
import type { Detector } from './measure.ts';
import type { CompareSettings, Sign } from './options.ts';
import {
  controlProbability,
  pairedProbability,
  rocCurve,
  type Sample,
  sampleOf,
  scoreAgainst,
  scoresAmong,
} from './statistics.ts';

/** A detector in all runs. NaN is where it says nothing. */
export interface ComparisonRow {
  readonly detector: string;
  readonly unit: string;
  readonly title: string;
  readonly control: Sample;
  readonly intervention: Sample;
  /** By seed. */
  readonly controls: readonly number[];
  readonly interventions: readonly number[];
  /** Mean over seeds of intervention minus control of the same seed, and Student's paired probability for none. */
  readonly difference: number;
  readonly paired_p: number;
  /** Of the mean of the runs with intervention against the control runs; p is that of one further control run. */
  readonly z: number;
  readonly p: number;
  /** |z| above the threshold. */
  readonly flagged: boolean;
  /** How many runs with intervention are beyond it each for itself. */
  readonly flagged_runs: number;
  /** Below the ROC curve: probability that a run with intervention has the larger value. */
  readonly area: number;
  readonly expected: Sign | null;
  /** Whether it went the expected way; null where none is expected or nothing is known. */
  readonly as_expected: boolean | null;
}

/** A line of a comparison. */
export function rowOf(
  { name, unit, title }: Detector,
  controls: readonly number[],
  interventions: readonly number[],
  { threshold, signs }: Pick<CompareSettings, 'threshold' | 'signs'>,
): ComparisonRow {
  const [control, intervention] = [sampleOf(controls), sampleOf(interventions)];
  const { z, p } = scoreAgainst(intervention.mean, controls);
  const differences = interventions.map((value, k) => value - (controls[k] as number));
  const beyond = interventions.filter(
    (value) => Math.abs(scoreAgainst(value, controls).z) > threshold,
  );
  const expected = expectedOf(name, signs);
  const change = intervention.mean - control.mean;
  const isKnown = expected !== null && !Number.isNaN(change);
  return {
    detector: name,
    unit,
    title,
    control,
    intervention,
    controls,
    interventions,
    difference: sampleOf(differences).mean,
    paired_p: pairedProbability(differences),
    z,
    p,
    flagged: Math.abs(z) > threshold,
    flagged_runs: beyond.length,
    area: rocCurve(controls, interventions).area,
    expected,
    as_expected: isKnown ? (expected === 'rises' ? change > 0 : change < 0) : null,
  };
}

/** The sign for a detector: the longest key that its name ends with, as a whole word. */
function expectedOf(name: string, signs: CompareSettings['signs']): Sign | null {
  const found = Object.keys(signs)
    .filter((key) => name === key || name.endsWith(` ${key}`) || name.endsWith(`.${key}`))
    .sort((a, b) => b.length - a.length)[0];
  return found === undefined ? null : (signs[found] ?? null);
}

/** Control runs that would have been flagged. */
export interface ControlFlags {
  /** Numbers (run and detector) beyond the threshold, each run against all others; and of how many. */
  readonly flagged: number;
  readonly of: number;
  /** How many chance would flag, for normal values. */
  readonly expected: number;
}

/** `controls`: [detector][seed]. Detectors that do not vary do not count. */
export function controlFlags(
  controls: readonly (readonly number[])[],
  threshold: number,
): ControlFlags {
  let flagged = 0;
  let all = 0;
  let expected = 0;
  for (const values of controls) {
    const numbers = values.filter(Number.isFinite);
    if (!(sampleOf(numbers).deviation > 0) || numbers.length < 3) continue;
    all += numbers.length;
    expected += numbers.length * controlProbability(threshold, numbers.length - 1);
    flagged += scoresAmong(numbers).filter(({ z }) => Math.abs(z) > threshold).length;
  }
  return { flagged, of: all, expected };
}
