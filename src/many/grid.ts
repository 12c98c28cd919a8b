/**
 * The runs that seeds and values of parameters make: every combination, each with its label and its document. Checks
 * what people ask for before anything is built; compiles nothing.
 */
import { documentOf } from '../create-simulation.ts';
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { replaceParameters } from '../network/parameters.ts';
import { validateDocument } from '../network/validate.ts';

/** Values of what is varied, by name. */
export type VariedValues = Readonly<Record<string, Quantity>>;

/**
 * Makes the network of one run. `seed` is given where runs have seeds; the document gets it anyway, so that only what
 * draws numbers itself needs to look at it. `build` of an example is such a function.
 */
export type BuildNetwork = (
  values: VariedValues,
  options: { readonly seed?: number },
) => Network | NetworkDocument | Promise<Network | NetworkDocument>;

/** What runs differ in. */
export interface Variation {
  /** One run per seed, 0 … 2^32-1; default: the seed of the network alone. */
  readonly seeds?: readonly number[];
  /** Values by parameter: every combination is run, the last parameter fastest, but seeds faster still. */
  readonly vary?: Readonly<Record<string, readonly Quantity[]>>;
}

/** One run before it is run. */
export interface PlannedRun {
  /** From 1, in order of the grid. */
  readonly number: number;
  /** "g = 5, seed 3": what tells it from the others. */
  readonly label: string;
  readonly seed: number;
  readonly values: VariedValues;
  /** Valid. */
  readonly document: NetworkDocument;
}

/** Most runs of one grid. */
export const MOST_RUNS = 10_000;

interface Combination {
  readonly seed: number | undefined;
  readonly values: VariedValues;
}

/** All runs, with valid documents. Throws NetworkError that names the run, RangeError for what makes no grid. */
export async function planRuns(
  network: Network | NetworkDocument | BuildNetwork,
  variation: Variation,
): Promise<PlannedRun[]> {
  const combinations = combinationsOf(variation);
  const documentWith = typeof network === 'function' ? built(network) : varied(documentOf(network));
  const runs: PlannedRun[] = [];
  for (const { seed, values } of combinations) {
    const number = runs.length + 1;
    const label = labelOf(seed, values) || `run ${number}`;
    const document = await inRun(label, () => documentWith(values, seed));
    runs.push({ number, label, seed: document.seed, values, document });
  }
  return runs;
}

type DocumentOfRun = (
  values: VariedValues,
  seed: number | undefined,
) => NetworkDocument | Promise<NetworkDocument>;

const built =
  (build: BuildNetwork): DocumentOfRun =>
  async (values, seed) => {
    const document = documentOf(await build(values, seed === undefined ? {} : { seed }));
    return seed === undefined ? document : { ...document, seed };
  };

/** The document, which is valid, with other values; long lists of synapses are not checked again for every run. */
function varied(document: NetworkDocument): DocumentOfRun {
  return (values, seed = document.seed) => {
    const changed = { ...replaceParameters(document, values, 'vary:'), seed };
    validateDocument({ ...changed, projections: [] });
    return changed;
  };
}

/** Runs a step of one run and names the run in its error. */
export async function inRun<T>(label: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof NetworkError ? ofRun(label, error) : error;
  }
}

/** The same error, which begins with the run it is of. */
export function ofRun(label: string, error: NetworkError): NetworkError {
  const { message, path, value, problems } = error;
  // A message that shows a place in a text has a caret to be kept in its column.
  const gap = problems.length > 0 ? '\n' : ' ';
  return new NetworkError(`In the run with ${label}:${gap}${message}`, { path, value, problems });
}

function labelOf(seed: number | undefined, values: VariedValues): string {
  const parts = Object.entries(values).map(([name, value]) => `${name} = ${value}`);
  return [...parts, ...(seed === undefined ? [] : [`seed ${seed}`])].join(', ');
}

function combinationsOf({ seeds, vary = {} }: Variation): Combination[] {
  if (seeds !== undefined)
    checkList(seeds, 'seeds', 'a list of different seeds, such as [1, 2, 3]');
  for (const seed of seeds ?? []) {
    if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) continue;
    fail('an entry of seeds', 'a whole number from 0 to 4294967295', seed);
  }
  if (!isPlainObject(vary)) fail('vary', 'an object such as { g: [3, 4, 5] }', vary);
  const lists = Object.entries(vary);
  for (const [name, values] of lists) {
    checkList(values, `vary.${name}`, 'a list of different values, such as ["10 ms", "20 ms"]');
    for (const value of values) {
      if (typeof value === 'string' || Number.isFinite(value)) continue;
      fail(`an entry of vary.${name}`, 'a quantity, such as "10 ms"', value);
    }
  }
  const lengths = [...lists.map(([, values]) => values.length), ...(seeds ? [seeds.length] : [])];
  const count = lengths.reduce((product, length) => product * length, 1);
  if (count > MOST_RUNS) {
    const product = lengths.length > 1 ? ` (${lengths.join(' x ')})` : '';
    throw new RangeError(
      `runMany: ${count} runs${product} are more than ${MOST_RUNS}. Call it for parts of them.`,
    );
  }
  let all: VariedValues[] = [{}];
  for (const [name, values] of lists) {
    all = all.flatMap((others) => values.map((value) => ({ ...others, [name]: value })));
  }
  return all.flatMap((values) => (seeds ?? [undefined]).map((seed) => ({ seed, values })));
}

function checkList(value: unknown, what: string, wanted: string): void {
  if (!Array.isArray(value) || value.length === 0) fail(what, wanted, value);
  const list = value as readonly unknown[];
  const twice = list.find((entry, k) => list.indexOf(entry) !== k);
  if (twice === undefined) return;
  throw new RangeError(
    `runMany: ${what} must be ${wanted}, got ${describeValue(twice)} more than once.`,
  );
}

function fail(what: string, wanted: string, got: unknown): never {
  throw new RangeError(`runMany: ${what} must be ${wanted}, got ${describeValue(got)}.`);
}
