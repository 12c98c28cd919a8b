/**
 * The network that a command line names: an example with its parameters, or a document file. Files are data from
 * anywhere: their size is bounded before they are read, and the library validates what they say.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Example, examples } from '../examples/index.ts';
import {
  DIMENSIONS,
  type NetworkDocument,
  parseQuantity,
  type Quantity,
  suggest,
  validateDocument,
} from '../index.ts';
import { type OpenOptions, openNetwork } from '../io/index.ts';
import { type LocatedFile, locateFile } from '../io/node.ts';
import { UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** Largest file of an example's data that is read. */
const LARGEST_FILE = 256 * 1024 * 1024;

export interface LoadedNetwork {
  readonly document: NetworkDocument;
  /** Simulated time when the command line names none. */
  readonly defaultDuration: string;
  /** What reading files decided or passed over. */
  readonly notes: readonly string[];
}

/** Builds the example or reads the file, then applies --set, --dt and --seed. */
export async function loadNetwork(target: string, options: Options): Promise<LoadedNetwork> {
  const settings = readSettings(options.set);
  const seed = options.seed === undefined ? undefined : readSeed(options.seed);
  const example = Object.hasOwn(examples, target) ? examples[target] : undefined;
  const loaded = example
    ? await buildExample(example, settings, seed)
    : await openFile(target, settings, options);
  const document = {
    ...loaded.document,
    ...(options.dt !== undefined && { dt: options.dt }),
    ...(seed !== undefined && { seed }),
  };
  return { ...loaded, document: validateDocument(document) };
}

/** An example that needs data reads them from the folder of `--set data=FOLDER`. */
async function buildExample(
  example: Example,
  settings: ReadonlyMap<string, string>,
  seed: number | undefined,
): Promise<LoadedNetwork> {
  const folder = settings.get('data');
  const ready =
    example.load && folder
      ? await example.load((file) => readBounded(join(folder, file)))
      : example;
  const values = Object.fromEntries(settings);
  const document = ready.build(values, seed === undefined ? {} : { seed });
  return { document, defaultDuration: example.defaultDuration, notes: [] };
}

/** A file of any format that can be opened. */
async function openFile(
  path: string,
  settings: ReadonlyMap<string, string>,
  options: Options,
): Promise<LoadedNetwork> {
  const { source, name } = await locateNetwork(path, options.root);
  const { document, duration, notes } = await openNetwork(source, name, openOptions(options));
  return { document: setParameters(document, settings), defaultDuration: duration ?? '1 s', notes };
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

async function readBounded(path: string): Promise<string> {
  const found = await stat(path);
  if (found.isDirectory()) throw new UsageError(`${path} is not a file but a folder.`);
  if (!found.isFile()) throw new UsageError(`${path} is not a file.`);
  if (found.size > LARGEST_FILE) {
    throw new UsageError(
      `${path} has ${found.size} bytes; files of an example may have ${LARGEST_FILE}.`,
    );
  }
  return readFile(path, 'utf8');
}

/** `--set` on a document reaches its parameters: NAME of the network, or OWNER.NAME of a population or projection. */
function setParameters(
  document: NetworkDocument,
  settings: ReadonlyMap<string, string>,
): NetworkDocument {
  if (settings.size === 0) return document;
  const params: Parameters = { ...document.params };
  const populations = document.populations.map(withOwnParameters);
  const projections = document.projections.map(withOwnParameters);
  const places = new Map<string, [params: Parameters, name: string]>();
  for (const name of Object.keys(params)) places.set(name, [params, name]);
  for (const { name: owner, own } of [...populations, ...projections]) {
    for (const name of Object.keys(own ?? {})) places.set(`${owner}.${name}`, [own ?? {}, name]);
  }
  for (const [key, value] of settings) {
    const place = places.get(key);
    if (!place) throw unknownKey(key, document.name, [...places.keys()]);
    const [owned, name] = place;
    const { dimension } = parseQuantity(owned[name] ?? 0, key);
    const isNumber = value !== '' && Number.isFinite(Number(value));
    const wanted = isNumber ? Number(value) : value;
    parseQuantity(wanted, `--set ${key}`, dimension);
    owned[name] = wanted;
  }
  return {
    ...document,
    params,
    populations: populations.map(({ document: one, own }) => (own ? { ...one, params: own } : one)),
    projections: projections.map(({ document: one, own }) => (own ? { ...one, params: own } : one)),
  };
}

type Parameters = Record<string, Quantity>;

/** A population or projection with parameters of its own that may be changed; null where it has none. */
function withOwnParameters<
  Owner extends { readonly name: string; readonly params?: Readonly<Parameters> },
>(document: Owner) {
  const own = document.params === undefined ? null : { ...document.params };
  return { name: document.name, document, own };
}

function unknownKey(key: string, what: string, known: readonly string[]): UsageError {
  const meant = suggest(key, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const list = known.length === 0 ? 'It has none.' : `Known: ${known.join(', ')}.`;
  return new UsageError(`--set ${key}: ${what} has no such parameter.${hint} ${list}`);
}
