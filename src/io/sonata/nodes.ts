/** Node populations of SONATA files: who there is, of which type, with which attributes. Gives no models to them yet. */
import { type FileSource, readFileOf } from '../file-source.ts';
import { asDoubles, type Hdf5File, withHdf5 } from '../hdf5.ts';
import { unreadable } from '../unreadable.ts';
import type { FilePair } from './config.ts';
import { readTypes, type TypeRow } from './types.ts';

/** One population. Nodes are numbered by row, 0 … size-1. */
export interface NodePopulation {
  readonly name: string;
  readonly file: string;
  readonly typesFile: string | null;
  readonly size: number;
  /** Row of a node id; null where they are the same. */
  readonly rowOf: ReadonlyMap<number, number> | null;
  /** Type of each node, as an index into `types`. */
  readonly typeOf: Uint32Array;
  readonly types: readonly { readonly id: number; readonly row: TypeRow }[];
  /** Attributes given node by node, such as x and y, NaN where a node has none. */
  readonly attributes: ReadonlyMap<string, Float64Array>;
  /** Model parameters given node by node. */
  readonly dynamics: ReadonlyMap<string, Float64Array>;
}

/** Most nodes of a population, as many as a population of ours may have. */
const MOST_NODES = 2 ** 28;

/** All populations of a pair of files. */
export async function readNodes(
  source: FileSource,
  { data, types }: FilePair,
): Promise<NodePopulation[]> {
  const rows = await readTypes(source, types, 'node');
  const bytes = await readFileOf(source, data);
  return withHdf5(bytes, data, (file) => {
    return file.keys('/nodes').map((name) => readPopulation(file, data, types, name, rows));
  });
}

function readPopulation(
  hdf5: Hdf5File,
  file: string,
  typesFile: string | null,
  name: string,
  rows: ReadonlyMap<number, TypeRow>,
): NodePopulation {
  const path = `/nodes/${name}`;
  const typeIds = wholeNumbers(hdf5, file, `${path}/node_type_id`);
  const size = typeIds.length;
  if (size === 0 || size > MOST_NODES) {
    throw unreadable({ file, inside: path }, `${size} nodes; 1 to ${MOST_NODES} can be read.`);
  }
  const indexOf = new Map<number, number>();
  const types: { id: number; row: TypeRow }[] = [];
  const typeOf = new Uint32Array(size);
  for (let node = 0; node < size; node++) {
    const id = typeIds[node] as number;
    let index = indexOf.get(id);
    if (index === undefined) {
      const row = rows.get(id);
      if (row === undefined) throw unknownType(file, path, node, id, typesFile);
      index = types.push({ id, row }) - 1;
      indexOf.set(id, index);
    }
    typeOf[node] = index;
  }
  const { attributes, dynamics } = readGroups(hdf5, file, path, size, 'node');
  const rowOf = readIds(hdf5, file, `${path}/node_id`, size);
  return { name, file, typesFile, size, rowOf, typeOf, types, attributes, dynamics };
}

const unknownType = (
  file: string,
  inside: string,
  node: number,
  id: number,
  typesFile: string | null,
): Error =>
  unreadable(
    { file, inside },
    `node ${node} is of type ${id}, which ${typesFile ?? 'no file'} has.`,
  );

/** Rows by id; null when ids are 0, 1, 2, … */
function readIds(
  hdf5: Hdf5File,
  file: string,
  path: string,
  size: number,
): ReadonlyMap<number, number> | null {
  if (hdf5.kindOf(path) === null) return null;
  const ids = wholeNumbers(hdf5, file, path);
  if (ids.length !== size) {
    throw unreadable({ file, inside: path }, `${ids.length} ids for ${size} nodes.`);
  }
  if (ids.every((id, row) => id === row)) return null;
  const rowOf = new Map<number, number>();
  for (const [row, id] of ids.entries()) {
    if (rowOf.has(id)) throw unreadable({ file, inside: path }, `node ${id} is there twice.`);
    rowOf.set(id, row);
  }
  return rowOf;
}

/** A dataset of whole numbers from 0 to 2^53. */
export function wholeNumbers(hdf5: Hdf5File, file: string, path: string): Float64Array {
  const numbers = asDoubles(hdf5.numbers(path), (value) =>
    unreadable({ file, inside: path }, `${value} is too large.`),
  );
  const wrong = numbers.findIndex((value) => !Number.isInteger(value) || value < 0);
  if (wrong >= 0) {
    const problem = `entry ${wrong} is ${numbers[wrong]}, not a whole number >= 0.`;
    throw unreadable({ file, inside: path }, problem, '', numbers[wrong]);
  }
  return numbers;
}

interface Attributes {
  readonly attributes: ReadonlyMap<string, Float64Array>;
  readonly dynamics: ReadonlyMap<string, Float64Array>;
}

/** Attributes of nodes or edges from their groups: entry k is at its index in its group. */
export function readGroups(
  hdf5: Hdf5File,
  file: string,
  path: string,
  size: number,
  kind: 'node' | 'edge',
): Attributes {
  const attributes = new Map<string, Float64Array>();
  const dynamics = new Map<string, Float64Array>();
  const groups = hdf5.keys(path).filter((key) => /^\d+$/.test(key));
  const columns = groups.flatMap((group) => columnsOf(hdf5, `${path}/${group}`, Number(group)));
  if (columns.length === 0) return { attributes, dynamics };
  const [idName, indexName] = [`${path}/${kind}_group_id`, `${path}/${kind}_group_index`];
  const isSimple = hdf5.kindOf(idName) === null && groups.length === 1;
  const ids = isSimple ? new Float64Array(size) : wholeNumbers(hdf5, file, idName);
  const indices = isSimple
    ? Float64Array.from({ length: size }, (_, k) => k)
    : wholeNumbers(hdf5, file, indexName);
  if (ids.length !== size || indices.length !== size) {
    const problem = `${kind}_group_id and ${kind}_group_index must have ${size} entries.`;
    throw unreadable({ file, inside: path }, problem);
  }
  for (const { name, path: at, group, isDynamics } of columns) {
    const stored = asDoubles(hdf5.numbers(at), (value) =>
      unreadable({ file, inside: at }, `${value} is too large.`),
    );
    const into = isDynamics ? dynamics : attributes;
    const values = into.get(name) ?? new Float64Array(size).fill(Number.NaN);
    into.set(name, values);
    for (let k = 0; k < size; k++) {
      if (ids[k] !== group) continue;
      const index = indices[k] as number;
      if (index >= stored.length) {
        const problem = `${kind} ${k} has index ${index}, but there are ${stored.length} entries.`;
        throw unreadable({ file, inside: at }, problem);
      }
      values[k] = stored[index] as number;
    }
  }
  return { attributes, dynamics };
}

interface GroupColumn {
  readonly name: string;
  readonly path: string;
  readonly group: number;
  readonly isDynamics: boolean;
}

/** Numeric one-dimensional datasets of a group. */
function columnsOf(hdf5: Hdf5File, path: string, group: number): GroupColumn[] {
  const columns: GroupColumn[] = [];
  const add = (folder: string, name: string, isDynamics: boolean): void => {
    const at = `${folder}/${name}`;
    if (hdf5.kindOf(at) !== 'dataset' || hdf5.shape(at).length !== 1) return;
    if (hdf5.isNumeric(at)) columns.push({ name, path: at, group, isDynamics });
  };
  for (const key of hdf5.keys(path)) {
    if (key === 'dynamics_params') {
      const folder = `${path}/${key}`;
      if (hdf5.kindOf(folder) !== 'group') continue;
      for (const name of hdf5.keys(folder)) add(folder, name, true);
    } else {
      add(path, key, false);
    }
  }
  return columns;
}
