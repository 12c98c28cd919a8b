/**
 * Which runs share a launch: as many as memory and a few bounds allow, of networks that run the same code. Builds
 * nothing; sizes are estimates.
 */
import { NetworkError } from '../errors.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { NetworkDocument } from '../network/document.ts';
import { isTypedList } from '../network/fields.ts';
import { estimateNetwork } from '../plan/estimate.ts';
import { ofRun, type PlannedRun } from './grid.ts';

/** How large a launch may be. One run alone always fits. */
export interface LaunchLimits {
  /** Most runs; null: as many as `NEURONS_AT_ONCE` allows. */
  readonly atOnce: number | null;
  /** Most memory, by estimate: of the device, and of traces until they are read. */
  readonly memoryBytes: number;
  /** Simulated time; how long traces become. */
  readonly durationMs: number;
  /** How the plan is to be made. */
  readonly compile: EstimateOptions;
}

type EstimateOptions = NonNullable<Parameters<typeof estimateNetwork>[1]>;

/**
 * Neurons of a launch when nobody says how many runs it may have: enough to fill a GPU, few enough for the spike ring
 * to hold windows of the largest length (schedule.ts).
 */
export const NEURONS_AT_ONCE = 2 ** 18;
/** Populations and projections of a launch: the CPU engine writes some code for each. */
const PARTS_AT_ONCE = 2 ** 12;

interface Size {
  readonly bytes: number;
  readonly neurons: number;
  readonly parts: number;
}

interface Launch extends Size {
  readonly runs: readonly PlannedRun[];
}

const TOGETHER: Size = { bytes: 0, neurons: 0, parts: 0 };

/**
 * Launches in order of their first runs. Runs keep their order inside a launch. Throws NetworkError, with the run's
 * name, for a network that cannot be estimated because something is wrong with it.
 */
export function packRuns(
  runs: readonly PlannedRun[],
  limits: LaunchLimits,
): (readonly PlannedRun[])[] {
  const sizeOf = sizes(limits);
  const open = new Map<string, Launch>();
  const launches: Launch[] = [];
  const close = (key: string): void => {
    const full = open.get(key);
    if (full !== undefined) launches.push(full);
    open.delete(key);
  };
  for (const run of runs) {
    const key = codeKey(run.document);
    const size = sizeOf(run);
    const larger = added(open.get(key) ?? { ...TOGETHER, runs: [] }, run, size);
    if (larger.runs.length === 1 || fits(larger, limits)) {
      open.set(key, larger);
      continue;
    }
    close(key);
    open.set(key, added({ ...TOGETHER, runs: [] }, run, size));
  }
  for (const key of [...open.keys()]) close(key);
  const firstOf = ({ runs: [first] }: Launch): number => first?.number ?? 0;
  return launches.sort((a, b) => firstOf(a) - firstOf(b)).map((launch) => launch.runs);
}

const added = ({ bytes, neurons, parts, runs }: Launch, run: PlannedRun, size: Size): Launch => ({
  bytes: bytes + size.bytes,
  neurons: neurons + size.neurons,
  parts: parts + size.parts,
  runs: [...runs, run],
});

function fits({ bytes, neurons, parts, runs }: Launch, limits: LaunchLimits): boolean {
  const { atOnce, memoryBytes } = limits;
  const isFew = atOnce === null ? neurons <= NEURONS_AT_ONCE : runs.length <= atOnce;
  return isFew && bytes <= memoryBytes && parts <= PARTS_AT_ONCE;
}

/** Estimates of runs; networks that differ only in numbers which sizes do not depend on are estimated once. */
function sizes(limits: LaunchLimits): (run: PlannedRun) => Size {
  const known = new Map<string, Size>();
  const lists = new Map<object, number>();
  return ({ document, label }) => {
    const key = sizeKey(document, lists);
    let size = known.get(key);
    if (size === undefined) {
      size = estimated(document, limits, label);
      known.set(key, size);
    }
    return size;
  };
}

function estimated(
  document: NetworkDocument,
  { compile, durationMs }: LaunchLimits,
  label: string,
): Size {
  try {
    const { memory, engineBytes, neurons } = estimateNetwork(document, compile);
    const traced = traceBytes(document, durationMs, compile.precision === 'f64' ? 8 : 4);
    return {
      // What the engine takes by itself it takes once for all runs.
      bytes: memory.reduce((sum, { bytes }) => sum + bytes, traced - engineBytes),
      neurons,
      parts: document.populations.length + document.projections.length,
    };
  } catch (error) {
    throw error instanceof NetworkError ? ofRun(label, error) : error;
  }
}

/** Host memory of the samples of a whole run. */
function traceBytes(
  { dt, populations, recordings }: NetworkDocument,
  durationMs: number,
  cell: number,
): number {
  return recordings.reduce((sum, recording) => {
    if (recording.kind !== 'state') return sum;
    const { target, variables, neurons, every = dt } = recording;
    const size = populations.find(({ name }) => name === target.population)?.size ?? 0;
    const rows = neurons?.length ?? (target.to ?? size) - (target.from ?? 0);
    const samples = durationMs / parseQuantity(every, 'every', DIMENSIONS.time).value;
    return sum + cell * rows * variables.length * samples;
  }, 0);
}

/**
 * Everything that decides how large a network becomes. The seed does too, a little, but not by more than an estimate may
 * be wrong; values of parameters only where pairs are chosen by them.
 */
function sizeKey(
  { dt, params, populations, fields, projections, recordings }: NetworkDocument,
  lists: Map<object, number>,
): string {
  const isChosen = projections.some(({ connect }) => connect.rule === 'pairwise');
  const values = isChosen ? [params, populations] : [];
  const sizes = populations.map(({ size }) => size);
  const joined = projections.map(({ source, target, connect, delay, eqs, onPre, onPost }) => [
    [source, target, connect, delay],
    [eqs, onPre, onPost],
  ]);
  const all = [dt, codeKey({ dt, populations, projections, timedArrays: {} }), sizes, joined];
  return JSON.stringify([...all, fields, recordings, values], (_, value: unknown) => {
    // Long lists count by identity: comparing them would take longer than estimating.
    const isLong = isTypedList(value) || (Array.isArray(value) && value.length > 1000);
    if (!isLong) return value;
    const number = lists.get(value) ?? lists.size;
    lists.set(value, number);
    return `list ${number}`;
  });
}

/** Networks with equal keys run the same code, as far as their texts tell; others gain nothing from one launch. */
function codeKey({
  dt,
  populations,
  projections,
  timedArrays,
}: Pick<NetworkDocument, 'dt' | 'populations' | 'projections' | 'timedArrays'>): string {
  const texts = populations.map((population) => {
    if (population.kind === 'spikes') return 'spikes';
    const { kind, name, size, initial, positions, model, params, ...others } = population;
    return { ...others, params: Object.keys(params) };
  });
  const pathways = projections.map(({ eqs, onPre, onPost, params }) => [
    [eqs, onPre, onPost],
    Object.keys(params),
  ]);
  return JSON.stringify([dt, texts, pathways, Object.keys(timedArrays)]);
}
