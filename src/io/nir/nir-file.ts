/**
 * Bytes of a NIR file (HDF5) to a graph and back. Says nothing about what nodes mean. Files come from anywhere, so what
 * they may hold is bounded.
 */
import type { Group } from 'h5wasm';
import { NetworkError } from '../../errors.ts';
import { asDoubles, type Hdf5File, loadHdf5, withHdf5 } from '../hdf5.ts';
import { type NirArray, type NirGraph, type NirNode, refuseNir } from './nir-graph.ts';

/** Most numbers in one file (0.5 GB in memory), most nodes and edges, and how deep graphs may nest. */
const MOST_VALUES = 2 ** 26;
const MOST_NODES = 2000;
const MOST_EDGES = 100_000;
const DEEPEST = 8;
const LARGEST_FILE = 2 ** 30;

/** Version of the NIR format that `graphToBytes` writes. */
const NIR_VERSION = '1.0.7';

/** A file being read, and how much it has made us hold. */
interface Reading {
  readonly file: Hdf5File;
  values: number;
  nodes: number;
}

/** The graph in the bytes of a `.nir` file. Throws NetworkError for anything else. */
export async function graphFromBytes(bytes: Uint8Array): Promise<NirGraph> {
  if (bytes.length > LARGEST_FILE) {
    refuseNir('size', `${bytes.length} bytes; at most ${LARGEST_FILE} are read.`);
  }
  return withHdf5(bytes, 'NIR file', (file) => {
    const reading: Reading = { file, values: 0, nodes: 0 };
    if (textOf(file, '/node/type') !== 'NIRGraph') {
      return refuseNir('/node/type', 'must be NIRGraph.');
    }
    return readGraph(reading, '/node', 0);
  });
}

function readGraph(reading: Reading, where: string, depth: number): NirGraph {
  const { file } = reading;
  if (depth > DEEPEST) refuseNir(where, `graphs are nested more than ${DEEPEST} deep.`);
  const nodes = new Map<string, NirNode | NirGraph>();
  for (const name of file.keys(`${where}/nodes`).toSorted(byName)) {
    reading.nodes++;
    if (reading.nodes > MOST_NODES) refuseNir(where, `more than ${MOST_NODES} nodes.`);
    const place = `${where}/nodes/${name}`;
    const type = textOf(file, `${place}/type`);
    const isGraph = type === 'NIRGraph';
    nodes.set(
      name,
      isGraph ? readGraph(reading, place, depth + 1) : { type, fields: readFields(reading, place) },
    );
  }
  return { nodes, edges: readEdges(file, `${where}/edges`) };
}

/** Whole numbers by value, then texts by code unit: "2" before "10" before "lif". */
function byName(a: string, b: string): number {
  const isNumber = (text: string): boolean => /^\d{1,9}$/.test(text);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function readFields(reading: Reading, where: string): ReadonlyMap<string, NirArray | string> {
  const fields = new Map<string, NirArray | string>();
  for (const name of reading.file.keys(where)) {
    if (name === 'type' || name === 'metadata') continue;
    const place = `${where}/${name}`;
    if (reading.file.kindOf(place) !== 'dataset') continue;
    const word = name === 'padding' ? wordOf(reading.file, place) : null;
    fields.set(name, word ?? readArray(reading, place));
  }
  return fields;
}

/** A text, such as padding "same"; null for numbers. */
function wordOf(file: Hdf5File, where: string): string | null {
  try {
    return textOf(file, where);
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}

function readArray(reading: Reading, where: string): NirArray {
  const { file } = reading;
  const shape = file.shape(where);
  const count = shape.reduce((product, length) => product * length, 1);
  reading.values += Math.max(count, 1);
  if (!(reading.values <= MOST_VALUES)) {
    refuseNir(where, `more than ${MOST_VALUES} numbers in a file.`);
  }
  const values = asDoubles(file.numbers(where), (value) =>
    refuseNir(where, `${value} is too large.`),
  );
  if (values.length !== count) refuseNir(where, `${values.length} numbers, expected ${count}.`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuseNir(where, `entry ${bad} is ${values[bad]}.`);
  return { shape, values };
}

function textOf(file: Hdf5File, where: string): string {
  const [text, more] = file.texts(where);
  if (text === undefined || more !== undefined) return refuseNir(where, 'must be one text.');
  return text;
}

function readEdges(file: Hdf5File, where: string): readonly (readonly [string, string])[] {
  const [count = 0, two] = file.shape(where);
  if (count === 0) return [];
  if (two !== 2 || count > MOST_EDGES) {
    return refuseNir(where, `must be at most ${MOST_EDGES} pairs of node names.`);
  }
  const names = file.texts(where);
  if (names.length !== 2 * count) return refuseNir(where, 'must be pairs of node names.');
  return Array.from({ length: count }, (_, k) => [
    names[2 * k] as string,
    names[2 * k + 1] as string,
  ]);
}

let files = 0;

/** The bytes of a `.nir` file, which `nir.read` of the Python package understands. */
export async function graphToBytes(graph: NirGraph): Promise<Uint8Array> {
  const hdf5 = await loadHdf5();
  const { FS } = hdf5;
  if (FS === null) throw new Error('internal: HDF5 library without file system');
  const path = `/wetware-nir-${files++}.h5`;
  try {
    const file = new hdf5.File(path, 'w');
    writeText(file, 'version', NIR_VERSION);
    writeGraph(file.create_group('node'), graph);
    file.close();
    return new Uint8Array(FS.readFile(path));
  } finally {
    if (FS.analyzePath(path, false).exists) FS.unlink(path);
  }
}

function writeText(group: Group, name: string, text: string): void {
  group.create_dataset({ name, data: text, shape: [], dtype: 'S' });
}

function writeGraph(group: Group, graph: NirGraph): void {
  writeText(group, 'type', 'NIRGraph');
  const pairs = graph.edges.flat();
  group.create_dataset({ name: 'edges', data: pairs, shape: [graph.edges.length, 2], dtype: 'S' });
  const nodes = group.create_group('nodes');
  for (const [name, node] of graph.nodes) {
    const child = nodes.create_group(name);
    if ('nodes' in node) {
      writeGraph(child, node);
      continue;
    }
    writeText(child, 'type', node.type);
    for (const [key, value] of node.fields) {
      if (typeof value === 'string') writeText(child, key, value);
      else writeArray(child, key, value);
    }
  }
}

/** Shapes are integers in NIR files, everything else is 64-bit floats, which lose nothing. */
function writeArray(group: Group, name: string, { shape, values }: NirArray): void {
  if (name === 'shape') {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    group.create_dataset({ name, data, shape: [...shape], dtype: '<q' });
  } else {
    group.create_dataset({ name, data: values, shape: [...shape], dtype: '<d' });
  }
}
