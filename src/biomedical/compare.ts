/**
 * Control beside intervention: the same network with the same seeds, with and without a drug or lesion, and what detectors
 * make of both. Runs share plans and launches (src/many), so that eight runs cost a GPU as many dispatches as one.
 */
import { documentOf } from '../create-simulation.ts';
import type { BuildNetwork } from '../many/grid.ts';
import type { ManyRun } from '../many/run.ts';
import { runMany } from '../many/run-many.ts';
import type { InterventionDocument, NetworkDocument } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { type SlowTime, slowTimesOf } from '../recording/slow-time.ts';
import type { Spikes } from '../recording/spikes.ts';
import { withDetectors, withInterventions } from './arms.ts';
import { measuredRun } from './measure.ts';
import {
  type CompareOptions,
  type CompareSettings,
  checkCompareOptions,
  compareSettings,
} from './options.ts';
import { type ComparisonRow, type ControlFlags, controlFlags, rowOf } from './rows.ts';
import { controlProbability, type Sample, sampleOf, scoreAgainst } from './statistics.ts';

/** What a detector says at one dose. */
export interface DoseRow extends Sample {
  readonly detector: string;
  /** Of the mean, against the control runs. */
  readonly z: number;
}

/** A dose–response curve's point: 0 are the control runs, 1 the interventions as given. */
export interface Dose {
  readonly dose: number;
  readonly rows: readonly DoseRow[];
}

/** A run that did not come to its end: a variable became NaN, an input overflowed. */
export interface FailedRun {
  readonly arm: string;
  readonly seed: number;
  readonly error: string;
}

/** Spikes of one seed, side by side: the whole run, neurons numbered through all populations. */
export interface ExampleSpikes {
  readonly seed: number;
  readonly populations: readonly {
    readonly name: string;
    readonly size: number;
    readonly first: number;
  }[];
  readonly steps: number;
  readonly control: Spikes;
  readonly intervention: Spikes;
}

/** What became of a comparison. For research and education, not clinical. */
export interface Comparison {
  readonly model: string;
  /** What was done: "GABA-A block". */
  readonly title: string;
  readonly engine: 'gpu' | 'cpu';
  readonly precision: 'f32' | 'f64';
  readonly dt_ms: number;
  readonly duration_ms: number;
  /** From and to, what detectors looked at. */
  readonly window_ms: readonly [number, number];
  readonly seeds: readonly number[];
  readonly interventions: readonly InterventionDocument[];
  /** |z| above which detectors are flagged, and the probability that a further control run gets there by chance. */
  readonly threshold: number;
  readonly chance: number;
  readonly rows: readonly ComparisonRow[];
  /** How many control runs would have been flagged, each against the others. */
  readonly control_flags: ControlFlags;
  /** Empty without `doses`. */
  readonly doses: readonly Dose[];
  readonly failed: readonly FailedRun[];
  /** Whether it was cancelled before all runs had ended. */
  readonly stopped: boolean;
  /** Of populations and projections with slow equations: how far their time runs ahead, as in summaries. */
  readonly slow_time: readonly SlowTime[];
  readonly warnings: readonly string[];
  readonly example: ExampleSpikes | null;
}

const CONTROL = 'control';
const FULL = 'intervention';
const armOf = (dose: number): string => (dose === 1 ? FULL : `dose ${dose}`);
const FEWEST_SEEDS = 10;
/** Runs in one launch, unless asked for: what is compiled together takes more than its parts. */
const AT_ONCE = 32;

/**
 * Runs a network with and without interventions, for every seed, and scores every detector of the runs with intervention
 * against the control runs.
 *
 *     const comparison = await compareIntervention(examples.cuba.build, {
 *       interventions: [{ at: '300 ms', owner: '', parameter: 'w_inh', factor: 0 }],
 *       duration: '1 s',
 *     });
 *
 * z = (x - m)/s with mean m and standard deviation s of the n control runs, and x the mean over the seeds of the runs with
 * intervention; p is that of a single further control run, from Student's t with n - 1 degrees of freedom and the
 * variance 1 + 1/n (see controlProbability), so that a mean of several is judged too mildly, never too harshly. With the
 * default of ten seeds |z| > 3 comes by chance in 1.9 % of detectors. Until the first intervention both runs of a seed are
 * equal to the bit. At most 32 runs share a launch, unless `atOnce` says otherwise; results do not depend on it.
 *
 * Throws NetworkError for a wrong network or intervention, TypeError and RangeError for wrong options, DeviceError
 * where the machine cannot run it. A run that fails is listed in `failed`, and its numbers are left out.
 */
export async function compareIntervention(
  network: Network | NetworkDocument | BuildNetwork,
  options: CompareOptions,
): Promise<Comparison> {
  checkCompareOptions(options);
  const build = typeof network === 'function' ? network : fixed(documentOf(network));
  const seed = options.seeds?.[0];
  const document = documentOf(await build({}, seed === undefined ? {} : { seed }));
  // What is wrong with an intervention is said before anything is decided from it.
  documentOf(withInterventions(document, options.interventions, 1));
  const settings = compareSettings(document, options);
  for (const dose of settings.doses) withInterventions(document, options.interventions, dose);
  const values = new Values(settings);
  const { seeds, doses, name, threshold, durationMs, dtMs } = settings;
  const result = await runMany(armsOf(build, options, settings), {
    atOnce: AT_ONCE,
    ...passedOn(options),
    duration: `${durationMs} ms`,
    vary: { arm: [CONTROL, FULL, ...doses.map(armOf)] },
    seeds,
    keep: false,
    onRun: (run) => values.take(run),
  });
  const stopped =
    result.runs.length < result.planned ||
    result.runs.some(({ summary }) => !summary.is_complete && summary.error === null);
  return {
    model: document.name,
    title: name,
    engine: result.runs[0]?.summary.engine ?? 'cpu',
    precision: result.runs[0]?.summary.precision ?? 'f32',
    dt_ms: dtMs,
    duration_ms: durationMs,
    window_ms: [settings.fromStep * dtMs, settings.toStep * dtMs],
    seeds,
    interventions: options.interventions,
    threshold,
    chance: seeds.length < 2 ? Number.NaN : controlProbability(threshold, seeds.length),
    ...values.comparison(),
    stopped,
    slow_time: slowTimesOf(document, durationMs),
    warnings: [...result.warnings, ...warningsOf(seeds, stopped, options)],
  };
}

const fixed =
  (document: NetworkDocument): BuildNetwork =>
  () =>
    document;

/** The network of each run. */
const armsOf =
  (
    build: BuildNetwork,
    { interventions }: CompareOptions,
    settings: CompareSettings,
  ): BuildNetwork =>
  async ({ arm }, options) => {
    const made = documentOf(await build({}, options));
    const document = withDetectors(made, settings.detectors);
    if (arm === CONTROL) return document;
    const dose = settings.doses.find((one) => armOf(one) === arm) ?? 1;
    return withInterventions(document, interventions, dose);
  };

/** The options of runMany among those of a comparison. */
function passedOn(options: CompareOptions) {
  const { interventions, name, seeds, from, to, detectors, doses, threshold, signs, ...rest } =
    options;
  return rest;
}

function warningsOf(
  seeds: readonly number[],
  stopped: boolean,
  { onWarning }: CompareOptions,
): string[] {
  const warnings: string[] = [];
  if (seeds.length < FEWEST_SEEDS) {
    warnings.push(
      `z-scores of ${seeds.length} control runs mean little: take ${FEWEST_SEEDS} seeds or more.`,
    );
  }
  if (stopped) warnings.push('The comparison was stopped: some of its runs are missing.');
  for (const warning of warnings) onWarning?.(warning);
  return warnings;
}

/** What detectors have found so far: by arm, detector and seed. */
class Values {
  readonly #settings: CompareSettings;
  readonly #byArm = new Map<string, number[][]>();
  readonly #failed: FailedRun[] = [];
  #control: ManyRunSpikes | null = null;
  #intervention: ManyRunSpikes | null = null;

  constructor(settings: CompareSettings) {
    this.#settings = settings;
    const { detectors, seeds, doses } = settings;
    const empty = () => detectors.map(() => seeds.map(() => Number.NaN));
    for (const arm of [CONTROL, FULL, ...doses.map(armOf)]) this.#byArm.set(arm, empty());
  }

  /** Measures a run that has ended. */
  take(run: ManyRun): void {
    const { detectors, seeds, fromStep, toStep } = this.#settings;
    const arm = String(run.values.arm);
    const { error, is_complete } = run.summary;
    if (run.seed === seeds[0] && arm === CONTROL) this.#control = spikesOf(run);
    if (run.seed === seeds[0] && arm === FULL) this.#intervention = spikesOf(run);
    if (error !== null) this.#failed.push({ arm, seed: run.seed, error });
    if (!is_complete) return;
    const measured = measuredRun(run, fromStep, toStep);
    const k = seeds.indexOf(run.seed);
    for (const [d, detector] of detectors.entries()) {
      const row = this.#of(arm)[d] as number[];
      row[k] = detector.measure(measured) ?? Number.NaN;
    }
  }

  comparison(): Pick<Comparison, 'rows' | 'control_flags' | 'doses' | 'failed' | 'example'> {
    const { detectors, threshold, signs } = this.#settings;
    const [controls, interventions] = [this.#of(CONTROL), this.#of(FULL)];
    const rows = detectors.map((detector, d) =>
      rowOf(detector, controls[d] as number[], interventions[d] as number[], { threshold, signs }),
    );
    return {
      rows,
      control_flags: controlFlags(controls, threshold),
      doses: this.#doses(),
      failed: this.#failed,
      example: this.#example(),
    };
  }

  #doses(): Dose[] {
    const { doses, detectors } = this.#settings;
    if (doses.length === 0) return [];
    const arms = [
      [0, CONTROL] as const,
      ...[...doses, 1].sort((a, b) => a - b).map((dose) => [dose, armOf(dose)] as const),
    ];
    return arms.map(([dose, arm]) => ({
      dose,
      rows: detectors.map(({ name }, d) => {
        const sample = sampleOf(this.#of(arm)[d] as number[]);
        const { z } = scoreAgainst(sample.mean, this.#of(CONTROL)[d] as number[]);
        return { detector: name, ...sample, z };
      }),
    }));
  }

  #example(): ExampleSpikes | null {
    if (this.#control === null || this.#intervention === null) return null;
    const { seed, populations, steps, spikes } = this.#control;
    return { seed, populations, steps, control: spikes, intervention: this.#intervention.spikes };
  }

  #of(arm: string): number[][] {
    const found = this.#byArm.get(arm);
    if (found === undefined) throw new Error(`internal: no arm "${arm}"`);
    return found;
  }
}

interface ManyRunSpikes extends Omit<ExampleSpikes, 'control' | 'intervention'> {
  readonly spikes: Spikes;
}

function spikesOf(run: ManyRun): ManyRunSpikes {
  const { steps, neurons } = run.allSpikes();
  const populations = run.populations.map(({ name, size, first }) => ({ name, size, first }));
  return { seed: run.seed, populations, steps: run.step, spikes: { steps, neurons } };
}
