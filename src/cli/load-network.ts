/**
 * The network that a command line names: an example with its parameters, or a document file. Files are data from
 * anywhere: their size is bounded before they are read, and the library validates what they say.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Example, type ExampleRun, examples } from '../examples/index.ts';
import {
  DIMENSIONS,
  type NetworkDocument,
  parseQuantity,
  type Quantity,
  readIntervention,
  suggest,
  validateDocument,
  withParameters,
} from '../index.ts';
import { type OpenOptions, openNetwork } from '../io/index.ts';
import { type LocatedFile, locateFile } from '../io/node.ts';
import { UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** Largest file of an example's data that is read. */
const LARGEST_FILE = 256 * 1024 * 1024;

export interface LoadedNetwork {
  readonly document: NetworkDocument;
  /** The same example with other values and another seed, on top of what the command line says; null for files. */
  readonly rebuild: BuildDocument | null;
  /** Simulated time when the command line names none. */
  readonly defaultDuration: string;
  /** How many runs, with one seed each, make one experiment; 1 for most. */
  readonly trials: number;
  /** Tables that belong to an example, made of its runs, which must have kept their spikes; null where there are none. */
  readonly results: MakeResults | null;
  /** What reading files decided or passed over. */
  readonly notes: readonly string[];
}

/** Contents of files by name. */
export type MakeResults = (
  runs: readonly ExampleRun[],
) => Promise<ReadonlyMap<string, string | Uint8Array>>;

type BuildDocument = (
  values: Readonly<Record<string, Quantity>>,
  options: { readonly seed?: number },
) => NetworkDocument;

/** Builds the example or reads the file, then applies --set, --intervene, --dt and --seed. */
export async function loadNetwork(target: string, options: Options): Promise<LoadedNetwork> {
  const settings = readSettings(options.set);
  const seed = options.seed === undefined ? undefined : readSeed(options.seed);
  const interventions = options.intervene.map(readIntervention);
  const finished = (document: NetworkDocument): NetworkDocument =>
    validateDocument({
      ...document,
      ...(interventions.length > 0 && {
        interventions: [...(document.interventions ?? []), ...interventions],
      }),
      ...(options.dt !== undefined && { dt: options.dt }),
      ...(seed !== undefined && { seed }),
    });
  const example = Object.hasOwn(examples, target) ? examples[target] : undefined;
  if (example === undefined) {
    const loaded = await openFile(target, settings, options);
    const document = finished(loaded.document);
    return { ...loaded, document, rebuild: null, trials: 1, results: null };
  }
  const ready = await withData(example, settings);
  const { results } = ready;
  const values = Object.fromEntries(settings);
  const own = seed === undefined ? {} : { seed };
  const rebuild: BuildDocument = (more, other) =>
    finished(ready.build({ ...values, ...more }, { ...own, ...other }));
  return {
    document: rebuild({}, {}),
    rebuild,
    defaultDuration: example.defaultDuration,
    trials: ready.trials?.(values) ?? 1,
    results: results === undefined ? null : (runs) => results.call(ready, runs, values),
    notes: [],
  };
}

/** An example that needs data reads them from the folder of `--set data=FOLDER`. */
async function withData(example: Example, settings: ReadonlyMap<string, string>): Promise<Example> {
  const folder = settings.get('data');
  return example.load && folder ? example.load((file) => readBounded(join(folder, file))) : example;
}

/** A file of any format that can be opened. */
async function openFile(
  path: string,
  settings: ReadonlyMap<string, string>,
  options: Options,
): Promise<Pick<LoadedNetwork, 'document' | 'defaultDuration' | 'notes'>> {
  const { source, name } = await locateNetwork(path, options.root);
  const { document, duration, notes } = await openNetwork(source, name, openOptions(options));
  const changed =
    settings.size === 0
      ? document
      : withParameters(document, Object.fromEntries(settings), '--set');
  return { document: changed, defaultDuration: duration ?? '1 s', notes };
}

/** A file and what belongs to it; says what else could have been meant where there is none. */
export async function locateNetwork(path: string, root: string | undefined): Promise<LocatedFile> {
  const found = await stat(path).catch((error: unknown) => {
    throw isMissing(error) ? noSuchNetwork(path) : error;
  });
  if (found.isDirectory()) throw await isFolder(path);
  if (root !== undefined && !(await stat(root).catch(() => null))?.isDirectory()) {
    throw new UsageError(`--root must be a folder, got "${root}".`);
  }
  return locateFile(path, root);
}

/** A folder may be a SONATA circuit, which is opened by one of its files. */
async function isFolder(path: string): Promise<UsageError> {
  const names = await readdir(path).catch((): string[] => []);
  const main = names.find((name) => /^(simulation_|circuit_)?config(\.circuit)?\.json$/.test(name));
  const hint = main === undefined ? '' : ` Did you mean ${join(path, main)}?`;
  return new UsageError(`${path} is not a file but a folder.${hint}`);
}

/** How a command line wants files to be opened. */
export function openOptions({ dt, columns, neurons, seed }: Options): OpenOptions {
  return {
    ...(dt !== undefined && { dtMs: parseQuantity(dt, '--dt', DIMENSIONS.time).value }),
    ...(columns !== undefined && { table: { columns: readColumns(columns) } }),
    ...(neurons !== undefined && { neuronsFile: neurons }),
    ...(seed !== undefined && { connectome: { seed: readSeed(seed) } }),
  };
}

const COLUMN_KEYS = ['pre', 'post', 'weight', 'delay', 'sign'] as const;

/** "pre=from,post=to,weight=n". */
function readColumns(text: string): { pre: string; post: string } {
  const pairs = text.split(',').map((pair) => {
    const [key = '', ...name] = pair.split('=');
    const known = COLUMN_KEYS.find((one) => one === key.trim());
    if (known !== undefined && name.length > 0) return [known, name.join('=').trim()] as const;
    throw new UsageError(`--columns is such as pre=from,post=to,weight=n, got "${text}".`);
  });
  const { pre, post, ...others } = Object.fromEntries(pairs);
  if (pre !== undefined && post !== undefined) return { pre, post, ...others };
  throw new UsageError(`--columns must name pre and post, got "${text}".`);
}

/** "key=value" texts as a table; the last of equal keys counts. */
function readSettings(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
      throw new UsageError(`--set needs key=value, got "${text}".`);
    }),
  );
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 32) return seed;
  throw new UsageError(`--seed must be a whole number from 0 to 4294967295, got "${text}".`);
}

function noSuchNetwork(path: string): UsageError {
  const names = Object.keys(examples);
  const meant = suggest(path, names);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new UsageError(
    `There is no example and no file "${path}".${hint} Examples: ${names.join(', ')}.`,
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');

async function readBounded(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (found.isDirectory()) throw new UsageError(`${path} is not a file but a folder.`);
  if (!found.isFile()) throw new UsageError(`${path} is not a file.`);
  if (found.size > LARGEST_FILE) {
    throw new UsageError(
      `${path} has ${found.size} bytes; files of an example may have ${LARGEST_FILE}.`,
    );
  }
  return readFile(path);
}
