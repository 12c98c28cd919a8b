/** What a comparison is asked for, and its checks. Runs nothing. */
import { documentOf } from '../create-simulation.ts';
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { readEquations } from '../language/parse.ts';
import {
  DIMENSIONS,
  describeNoun,
  parseQuantity,
  readUnit,
  sameDimension,
  usualUnit,
} from '../language/units.ts';
import type { ManyOptions } from '../many/run-many.ts';
import type { InterventionDocument, NetworkDocument, Quantity } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { type Detector, type Needed, spikeDetectors } from './measure.ts';

/** Which way a detector should go against control. */
export type Sign = 'rises' | 'falls';

/** What to compare with what, and how. */
export interface CompareOptions
  extends Pick<
    ManyOptions,
    | 'engine'
    | 'precision'
    | 'synapses'
    | 'threads'
    | 'adapter'
    | 'device'
    | 'strict'
    | 'workgroupSize'
    | 'atOnce'
    | 'memoryBytes'
    | 'signal'
    | 'onProgress'
    | 'onWarning'
  > {
  /** What is done to the network, added to interventions that it has itself; those are in control runs too. */
  readonly interventions: readonly InterventionDocument[];
  /** For tables and reports, such as "GABA-A block"; default the interventions' own names. */
  readonly name?: string;
  /** Simulated time of each run. */
  readonly duration: Quantity;
  /** A control run and one with intervention for each; default 1 … 10, and at least ten for z-scores that mean something. */
  readonly seeds?: readonly number[];
  /** Window that detectors look at; default from the first `at` of the interventions to the end. */
  readonly from?: Quantity;
  readonly to?: Quantity;
  /** Default: spikeDetectors of every population of neurons that spike. */
  readonly detectors?: readonly Detector[];
  /**
   * Further strengths of the interventions, for a dose–response curve: 0 is control, 1 as given, 0.5 half of the way.
   * A factor f becomes 1 + dose (f - 1), which must not turn negative; a value v becomes base + dose (v - base).
   */
  readonly doses?: readonly number[];
  /** |z| from which a detector is flagged; default 3. */
  readonly threshold?: number;
  /** Expected ways, by the end of a detector's name: { rate: 'rises' } is for "exc rate" and "inh rate". */
  readonly signs?: Readonly<Record<string, Sign>>;
}

/** Options with defaults filled in, for a network; times in steps. */
export interface CompareSettings {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly fromStep: number;
  readonly toStep: number;
  readonly durationMs: number;
  readonly dtMs: number;
  readonly detectors: readonly Detector[];
  /** Doses to run beside the full one, ascending. */
  readonly doses: readonly number[];
  readonly threshold: number;
  readonly signs: Readonly<Record<string, Sign>>;
}

const OWN = [
  ...['interventions', 'name', 'duration', 'seeds', 'from', 'to', 'detectors', 'doses'],
  ...['threshold', 'signs'],
];
const PASSED = [
  ...['engine', 'precision', 'synapses', 'threads', 'adapter', 'device', 'strict', 'workgroupSize'],
  ...['atOnce', 'memoryBytes', 'signal', 'onProgress', 'onWarning'],
];
const DEFAULT_SEEDS = Array.from({ length: 10 }, (_, k) => k + 1);
const DEFAULT_THRESHOLD = 3;

/** Checks what can be checked without a network. Throws TypeError or RangeError. */
export function checkCompareOptions(options: CompareOptions): void {
  if (!isPlainObject(options)) fail('options', 'an object', options);
  const known = [...OWN, ...PASSED];
  const stranger = Object.keys(options).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    const meant = suggest(stranger, known);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new RangeError(
      `compareIntervention: unknown option "${stranger}".${hint} Known: ${known.join(', ')}.`,
    );
  }
  const { interventions, name, detectors, doses = [], threshold = 3, signs = {}, seeds } = options;
  const isList = seeds === undefined || (Array.isArray(seeds) && seeds.length > 0);
  if (!isList) fail('seeds', 'a list of different seeds, such as [1, 2, 3]', seeds);
  if (!Array.isArray(interventions) || interventions.length === 0) {
    const wanted =
      'a list with at least one, such as [{ at: "0 ms", owner: "", parameter: "w", factor: 0.5 }]';
    fail('interventions', wanted, interventions);
  }
  if (name !== undefined && typeof name !== 'string') fail('name', 'a text', name);
  if (detectors !== undefined) checkDetectors(detectors);
  const isDose = (dose: unknown): boolean => Number.isFinite(dose) && (dose as number) >= 0;
  if (!Array.isArray(doses) || !doses.every(isDose)) {
    fail('doses', 'a list of numbers from 0 on', doses);
  }
  if (typeof threshold !== 'number' || !(threshold > 0)) {
    fail('threshold', 'a number above 0', threshold);
  }
  if (!isPlainObject(signs)) fail('signs', 'an object such as { rate: "rises" }', signs);
  for (const [key, sign] of Object.entries(signs)) {
    if (sign !== 'rises' && sign !== 'falls') fail(`signs.${key}`, '"rises" or "falls"', sign);
  }
}

function checkDetectors(detectors: unknown): asserts detectors is readonly Detector[] {
  const isDetector = (one: unknown): boolean =>
    isPlainObject(one) &&
    typeof (one as Partial<Detector>).name === 'string' &&
    typeof (one as Partial<Detector>).measure === 'function';
  if (!Array.isArray(detectors) || detectors.length === 0 || !detectors.every(isDetector)) {
    fail('detectors', 'a list of detectors, such as spikeDetectors("exc")', detectors);
  }
  const names = (detectors as readonly Detector[]).map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) fail('detectors', 'of different names', `"${twice}" twice`);
}

/** Fills in what depends on the network, which is valid. Throws RangeError and NetworkError. */
export function compareSettings(
  document: NetworkDocument,
  options: CompareOptions,
): CompareSettings {
  const time = (value: Quantity, what: string): number =>
    parseQuantity(value, `compareIntervention: ${what}`, DIMENSIONS.time).value;
  const dtMs = time(document.dt, 'dt');
  const durationMs = time(options.duration, 'duration');
  const firstMs = Math.min(...options.interventions.map(({ at }) => time(at, 'at')));
  const fromMs = options.from === undefined ? firstMs : time(options.from, 'from');
  const toMs = options.to === undefined ? durationMs : time(options.to, 'to');
  const fromStep = Math.round(fromMs / dtMs);
  const toStep = Math.round(toMs / dtMs);
  if (fromStep < 0 || toStep <= fromStep || toStep > Math.round(durationMs / dtMs)) {
    throw new RangeError(
      `compareIntervention: nothing is left to look at between ${fromMs} ms and ${toMs} ms of a run of ${durationMs} ms. ` +
        'Detectors look from the first intervention to the end unless "from" and "to" say otherwise.',
    );
  }
  const { detectors = defaultDetectors(document), doses = [] } = options;
  if (detectors.length === 0) {
    throw new RangeError(
      'compareIntervention: no population has neurons that spike, so detectors must be named, such as levelDetectors("terminals", "da").',
    );
  }
  checkNeeds(document, detectors);
  return {
    name: options.name ?? nameOf(options.interventions),
    seeds: options.seeds ?? DEFAULT_SEEDS,
    fromStep,
    toStep,
    durationMs,
    dtMs,
    detectors,
    doses: [...new Set(doses)].filter((dose) => dose !== 0 && dose !== 1).sort((a, b) => a - b),
    threshold: options.threshold ?? DEFAULT_THRESHOLD,
    signs: options.signs ?? {},
  };
}

/** "terminals.km_dat × 3", or the names that they have. */
function nameOf(interventions: readonly InterventionDocument[]): string {
  const names = interventions.map(({ name, owner, parameter, factor, value }) => {
    if (name !== undefined) return name;
    const place = owner === '' ? parameter : `${owner}.${parameter}`;
    return factor === undefined ? `${place} = ${value}` : `${place} × ${factor}`;
  });
  return [...new Set(names)].join(', ');
}

/**
 * spikeDetectors of every population that integrates something and spikes: sources of given or random spikes are no
 * patients. Empty where there is none.
 */
export function defaultDetectors(network: Network | NetworkDocument): Detector[] {
  return documentOf(network)
    .populations.filter(
      (one) =>
        one.kind === 'neurons' &&
        one.threshold !== undefined &&
        (/\/dt\s*=/.test(one.eqs) || one.onStep !== undefined),
    )
    .flatMap(({ name }) => spikeDetectors(name));
}

function checkNeeds({ populations }: NetworkDocument, detectors: readonly Detector[]): void {
  const names = populations.map(({ name }) => name);
  for (const { name, needs = [] } of detectors) {
    for (const needed of needs) {
      const { population } = needed;
      const found = populations.find((one) => one.name === population);
      if (found === undefined) {
        const meant = suggest(population, names);
        const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
        throw new NetworkError(
          `Detector "${name}": there is no population "${population}".${hint} Known: ${listNames(names) || 'none'}.`,
          { path: `detector "${name}"`, value: population },
        );
      }
      if (found.kind === 'neurons') checkUnit(found.eqs, name, needed);
    }
  }
}

/** That a variable is measured in a unit of its dimension. What has no equation is refused where it is recorded. */
function checkUnit(eqs: string, detector: string, { population, variable, like }: Needed): void {
  if (like === undefined) return;
  const where = `Detector "${detector}"`;
  const wanted = parseQuantity(like, where).dimension;
  const { result } = readEquations({ name: 'eqs', text: eqs });
  const written = result.find(({ name }) => name === variable)?.unit;
  const unit = written === undefined ? undefined : readUnit(written);
  if (unit === undefined || !('dimension' in unit) || sameDimension(unit.dimension, wanted)) return;
  const usual = usualUnit(unit.dimension);
  throw new NetworkError(
    `${where}: ${variable} of population "${population}" is ${describeNoun(unit.dimension)}, not ${describeNoun(wanted)}. ` +
      (usual === '' ? 'It has no unit.' : `Measure it in a unit such as ${usual}.`),
    { path: `detector "${detector}"`, value: like },
  );
}

function fail(what: string, wanted: string, got: unknown): never {
  const found = typeof got === 'string' && got.startsWith('"') ? got : describeValue(got);
  throw new TypeError(`compareIntervention: ${what} must be ${wanted}, got ${found}.`);
}
