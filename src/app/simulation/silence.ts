/**
 * Tells when nothing fires: after half a second of simulated time without a spike of neurons that have a threshold on a
 * variable, how far the nearest one stayed below it since, and what to raise. Looks at the state of the network only while
 * it is silent, and not often.
 */
import type {
  NetworkDocument,
  Simulation,
  ThresholdDistance,
  ThresholdDrive,
} from '../../index.ts';
import type { SilentPopulation, SilentReport, SilentSuggestion } from './protocol.ts';
import type { SpikeSlice } from './spike-log.ts';

/** Silence that is worth a word, simulated ms. */
const SILENT_MS = 500;
/** Between two looks at the state, wall ms. */
const LOOK_EVERY_MS = 200;
/** Most populations that are looked at. */
const MOST_POPULATIONS = 16;

export interface SilenceWatch {
  /** After a piece of the run. */
  piece(spikes: readonly SpikeSlice[]): Promise<void>;
  /** Something was changed: it may fire from here on. */
  restart(): void;
}

type Watched = Pick<Simulation, 'step' | 'dtMs' | 'populations' | 'toThreshold' | 'document'>;

/** `tell`: null when something fires again. */
export function createSilenceWatch(
  simulation: Watched,
  tell: (report: SilentReport | null) => void,
): SilenceWatch {
  let watched: readonly string[] | null = null;
  let isWatched = new Uint8Array(0);
  let quietFrom = simulation.step;
  let isTold = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** The nearest that each population has come since it is quiet. */
  let nearest = new Map<string, ThresholdDistance>();

  const restart = (from = simulation.step): void => {
    quietFrom = from;
    nearest = new Map();
    if (isTold) tell(null);
    isTold = false;
  };

  async function look(): Promise<void> {
    lookedAt = performance.now();
    const names = watched ?? namesOf(simulation);
    for (const name of names) {
      const found = await simulation.toThreshold(name);
      const before = nearest.get(name);
      if (found !== null && !(before && before.distance <= found.distance)) {
        nearest.set(name, found);
      }
    }
    if (watched !== null) return;
    watched = [...nearest.keys()];
    const total = simulation.populations.reduce(
      (most, one) => Math.max(most, one.first + one.size),
      0,
    );
    isWatched = new Uint8Array(total);
    for (const { name, first, size } of simulation.populations) {
      if (watched.includes(name)) isWatched.fill(1, first, first + size);
    }
  }

  return {
    restart: () => restart(),
    async piece(spikes) {
      // The first look tells which populations there are to watch.
      if (watched === null) await look();
      if (watched?.length === 0) return;
      const last = lastOf(spikes, isWatched);
      if (last !== null) restart(last + 1);
      const quietMs = (simulation.step - quietFrom) * simulation.dtMs;
      if (quietMs < SILENT_MS / 5 || performance.now() - lookedAt < LOOK_EVERY_MS) return;
      await look();
      if (isTold || quietMs < SILENT_MS || watched?.length === 0) return;
      isTold = true;
      const populations = (watched ?? []).flatMap((name) => nearest.get(name) ?? []);
      tell(silentReport(populations, quietMs, simulation.document));
    },
  };
}

const namesOf = ({ document }: Pick<Watched, 'document'>): string[] =>
  document.populations
    .filter((population) => population.kind === 'neurons' && population.threshold !== undefined)
    .slice(0, MOST_POPULATIONS)
    .map(({ name }) => name);

/** The last step in which a watched neuron spiked; null for none. */
function lastOf(spikes: readonly SpikeSlice[], isWatched: Uint8Array): number | null {
  for (let slice = spikes.length - 1; slice >= 0; slice--) {
    const { steps, neurons } = spikes[slice] as SpikeSlice;
    for (let k = neurons.length - 1; k >= 0; k--) {
      if (isWatched[neurons[k] as number] === 1) return steps[k] as number;
    }
  }
  return null;
}

/** What silence means, in words and as something to do about it. */
export function silentReport(
  nearest: readonly ThresholdDistance[],
  quietMs: number,
  document: Pick<NetworkDocument, 'inputs' | 'projections'>,
): SilentReport {
  const populations = nearest.map((one) => silentPopulation(one, document));
  // Distances of different units cannot be compared; the first one of the document speaks then.
  const [first] = populations;
  const closest = populations
    .filter(({ unit }) => unit === first?.unit)
    .reduce((a, b) => (b.distance < a.distance ? b : a), first as SilentPopulation);
  const who = populations.length === 1 ? `No neuron of ${closest.population}` : 'Nothing';
  return {
    quietMs,
    populations,
    message: `${who} fired in the last ${Math.round(quietMs)} ms. ${wordsOf(closest)}`,
  };
}

function silentPopulation(
  { drives, ...distance }: ThresholdDistance,
  { inputs, projections }: Pick<NetworkDocument, 'inputs' | 'projections'>,
): SilentPopulation {
  const { population, isAbove } = distance;
  const fromDrives = drives.map((drive) => suggestionOf(drive, distance.variable, isAbove));
  const fromInputs = inputs
    .filter(({ target }) => target.population === population)
    .map(
      ({ name }): SilentSuggestion => ({
        text: `Raise the weight or the rate of the input ${name}.`,
        owner: name,
        name: 'weight',
        kind: 'input',
        value: null,
      }),
    );
  const fromProjections = projections
    .filter(
      ({ target, source }) => target.population === population && source.population !== population,
    )
    .map(
      ({ name, source }): SilentSuggestion => ({
        text: `Let ${source.population} fire more, or raise the weights of ${name}.`,
        owner: name,
        name: '',
        kind: 'projection',
        value: null,
      }),
    );
  return { ...distance, suggestions: [...fromDrives, ...fromInputs, ...fromProjections] };
}

function suggestionOf(drive: ThresholdDrive, variable: string, isAbove: boolean): SilentSuggestion {
  const { name, owner, kind, unit, value, needed, isExact } = drive;
  const isUp = needed > value;
  const isCurrent = /(^|[^a-zA-Z])[a-zA-Z]?A(\/|$)/.test(unit);
  // A little beyond, so that it fires within a reasonable time.
  const enough = roundTowards(needed + 0.05 * (needed - value), isUp);
  const change = `${isUp ? 'Raise' : 'Lower'} ${name} from ${quantity(value, unit)} to ${quantity(enough, unit)}`;
  const limit = quantity(needed, unit);
  const reason = isExact
    ? isCurrent && isAbove
      ? `the rheobase is ${limit}`
      : `from ${limit} on ${variable} reaches the threshold`
    : `from about ${limit} on ${variable} would reach the threshold, with the other variables as they are now`;
  return {
    text: `${change}: ${reason}.`,
    owner,
    name,
    kind,
    value: quantity(enough, unit),
  };
}

function wordsOf(one: SilentPopulation): string {
  const { population, neuron, variable, unit, value, threshold, distance, isAbove } = one;
  const place =
    distance > 0
      ? `The nearest neuron, ${population} ${neuron}, stayed ${quantity(distance, unit)} ${isAbove ? 'below' : 'above'} ` +
        `its threshold: ${variable} = ${quantity(value, unit)}, threshold ${quantity(threshold, unit)}.`
      : `${variable} of ${population} ${neuron} is beyond its threshold, but the neuron is refractory.`;
  const [first] = one.suggestions;
  return first === undefined ? place : `${place} ${first.text}`;
}

/** Three digits, and the unit. */
function quantity(value: number, unit: string): string {
  const number = String(Number(value.toPrecision(3)));
  return unit === '' ? number : `${number} ${unit}`;
}

/** A number of two or three digits, not nearer to zero change than the number itself. */
function roundTowards(value: number, isUp: boolean): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const digit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  const rounded = (isUp ? Math.ceil(value / digit) : Math.floor(value / digit)) * digit;
  return Number(rounded.toPrecision(3));
}
