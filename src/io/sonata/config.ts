/**
 * SONATA configuration files: which files belong to a circuit, after manifest variables are put in. Paths are resolved
 * within the root of the file source; one that leads out of it is refused.
 */
import type { FileSource } from '../file-source.ts';
import { isObject, readJsonFile } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';

/** A pair of files, for nodes or edges. */
export interface FilePair {
  readonly data: string;
  readonly types: string | null;
}

/** What the configuration files say, all paths resolved. */
export interface SonataConfig {
  /** Name of the circuit configuration file. */
  readonly file: string;
  readonly nodes: readonly FilePair[];
  readonly edges: readonly FilePair[];
  /** Folder by kind: point_neuron_models_dir, synaptic_models_dir, … */
  readonly components: Readonly<Record<string, string>>;
  /** The simulation, when there is one. */
  readonly simulation: SimulationConfig | null;
}

export interface SimulationConfig {
  readonly file: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly reports: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly targetSimulator: string;
  readonly nodeSets: Readonly<Record<string, unknown>>;
  /** What wetware added when it wrote the files. */
  readonly wetware: Readonly<Record<string, unknown>>;
  /** A path in this file, resolved. */
  resolve(path: string): string;
}

/** A configuration file with its manifest. */
interface Loaded {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
  resolve(path: string): string;
}

/**
 * Reads circuit_config.json, simulation_config.json or the config.json that names both; finds the other one beside it.
 */
export async function readConfig(source: FileSource, name: string): Promise<SonataConfig> {
  const first = await load(source, name);
  if (isCircuit(first.content)) {
    return assemble(source, first, await simulationBeside(source, first));
  }
  const network = textOf(first, 'network');
  if (network === null) {
    throw unreadable(
      { file: name },
      'names no networks.',
      'A SONATA circuit has "networks" with "nodes" and "edges"; a simulation has "network".',
    );
  }
  const circuit = await load(source, first.resolve(network));
  if (!isCircuit(circuit.content)) throw unreadable({ file: circuit.file }, 'has no "networks".');
  const simulation = textOf(first, 'simulation');
  if (simulation === null) return assemble(source, circuit, first);
  return assemble(source, circuit, await load(source, first.resolve(simulation)));
}

const isCircuit = (content: Readonly<Record<string, unknown>>): boolean =>
  isObject(content.networks);

async function load(source: FileSource, file: string): Promise<Loaded> {
  const content = await readJsonFile(source, file);
  const variables = manifestOf(content, file);
  const folder = file.split('/').slice(0, -1);
  return { file, content, resolve: (path) => resolvePath(path, variables, folder, file) };
}

/** The simulation that belongs to a circuit: by config.json, else by its name. */
async function simulationBeside(source: FileSource, circuit: Loaded): Promise<Loaded | null> {
  const names = await source.list().catch((): readonly string[] => []);
  const folder = circuit.file.slice(0, circuit.file.lastIndexOf('/') + 1);
  const both = `${folder}config.json`;
  if (names.includes(both) && both !== circuit.file) {
    const loaded = await load(source, both);
    const network = textOf(loaded, 'network');
    const simulation = textOf(loaded, 'simulation');
    if (network !== null && simulation !== null && loaded.resolve(network) === circuit.file) {
      return load(source, loaded.resolve(simulation));
    }
  }
  const base = circuit.file.slice(folder.length);
  const twin = `${folder}${base.replace('circuit', 'simulation')}`;
  return twin !== circuit.file && names.includes(twin) ? load(source, twin) : null;
}

async function assemble(
  source: FileSource,
  circuit: Loaded,
  simulation: Loaded | null,
): Promise<SonataConfig> {
  const networks = circuit.content.networks as Readonly<Record<string, unknown>>;
  const components: Record<string, string> = {};
  for (const from of [circuit, simulation]) {
    const listed = from?.content.components;
    if (from === null || !isObject(listed)) continue;
    for (const [kind, path] of Object.entries(listed)) {
      // Folders that nobody looks into may be anywhere; those of models are checked when used.
      if (typeof path === 'string' && USED_COMPONENTS.includes(kind)) {
        components[kind] = from.resolve(path);
      }
    }
  }
  return {
    file: circuit.file,
    nodes: pairsOf(networks.nodes, 'nodes', 'node', circuit),
    edges: pairsOf(networks.edges ?? [], 'edges', 'edge', circuit),
    components,
    simulation: simulation && (await simulationOf(source, simulation, circuit)),
  };
}

const USED_COMPONENTS = ['point_neuron_models_dir', 'synaptic_models_dir'];

async function simulationOf(
  source: FileSource,
  loaded: Loaded,
  circuit: Loaded,
): Promise<SimulationConfig> {
  const { content, file, resolve } = loaded;
  const sets = textOf(loaded, 'node_sets_file') ?? textOf(circuit, 'node_sets_file');
  const { target_simulator: target = circuit.content.target_simulator } = content;
  return {
    file,
    run: isObject(content.run) ? content.run : {},
    inputs: objectsOf(content.inputs),
    reports: objectsOf(content.reports),
    targetSimulator: typeof target === 'string' ? target.toUpperCase() : '',
    nodeSets: sets === null ? {} : await readJsonFile(source, resolve(sets)),
    wetware: isObject(content.wetware) ? content.wetware : {},
    resolve,
  };
}

function objectsOf(value: unknown): Record<string, Readonly<Record<string, unknown>>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] =>
      isObject(entry[1]),
    ),
  );
}

/** Most files of nodes or edges. */
const MOST_FILES = 1000;

function pairsOf(value: unknown, key: string, kind: string, circuit: Loaded): FilePair[] {
  const { file, resolve } = circuit;
  if (!Array.isArray(value) || value.length > MOST_FILES) {
    throw unreadable({ file }, `"networks" needs a list "${key}" of at most ${MOST_FILES} files.`);
  }
  return value.map((entry: unknown) => {
    const data = isObject(entry) ? entry[`${kind}s_file`] : undefined;
    if (typeof data !== 'string') {
      throw unreadable({ file }, `an entry of "${key}" has no "${kind}s_file".`);
    }
    const types = (entry as Readonly<Record<string, unknown>>)[`${kind}_types_file`];
    const isGiven = typeof types === 'string' && types !== '' && types !== 'NULL';
    return { data: resolve(data), types: isGiven ? resolve(types) : null };
  });
}

function textOf({ content, file }: Loaded, key: string): string | null {
  const value = content[key];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw unreadable({ file }, `"${key}" must be the name of a file.`);
}

function manifestOf(
  content: Readonly<Record<string, unknown>>,
  file: string,
): ReadonlyMap<string, string> {
  const variables = new Map([
    ['configdir', '.'],
    ['workingdir', '.'],
  ]);
  if (content.manifest === undefined) return variables;
  if (!isObject(content.manifest)) throw unreadable({ file }, '"manifest" must be an object.');
  for (const [name, value] of Object.entries(content.manifest)) {
    if (typeof value !== 'string') throw unreadable({ file }, `manifest "${name}" must be a path.`);
    variables.set(name.replace(/^\$\{?|\}$/g, ''), value);
  }
  return variables;
}

/** Manifest variables may name each other so deep. */
const DEEPEST = 20;
const LONGEST_PATH = 4096;

function resolvePath(
  path: string,
  variables: ReadonlyMap<string, string>,
  folder: readonly string[],
  file: string,
): string {
  let plain = path;
  for (let depth = 0; plain.includes('$'); depth++) {
    if (depth > DEEPEST || plain.length > LONGEST_PATH) {
      throw unreadable({ file }, `path "${path}" never ends: manifest variables name each other.`);
    }
    plain = plain.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) => {
      const found = variables.get(braced ?? bare ?? '');
      if (found !== undefined) return found;
      const known = [...variables.keys()].map((name) => `$${name}`).join(', ');
      throw unreadable({ file }, `path "${path}": no ${all} in the manifest. It has: ${known}.`);
    });
    if (/\$(?!\{?\w)/.test(plain)) throw unreadable({ file }, `path "${path}" is no path.`);
  }
  return insideRoot(plain, path, folder, file);
}

function insideRoot(plain: string, path: string, folder: readonly string[], file: string): string {
  const isAbsolute = /^(?:[/\\]|[A-Za-z]:|\w+:\/\/)/.test(plain);
  const steps = isAbsolute ? [] : [...folder];
  for (const step of plain.split(/[/\\]/)) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) throw outside(path, file);
  }
  if (isAbsolute || plain.length > LONGEST_PATH || plain.includes('\0')) throw outside(path, file);
  return steps.join('/');
}

const outside = (path: string, file: string): Error =>
  unreadable(
    { file },
    `path "${path}" leads out of the folder that may be read.`,
    'Give a root folder that holds both the configuration and what it names (--root).',
    path,
  );
