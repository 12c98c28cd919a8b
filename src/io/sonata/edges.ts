/** Edge populations of SONATA files: who is connected to whom, with which weight and delay. Picks no synapse models. */
import { type FileSource, readFileOf } from '../file-source.ts';
import { type Hdf5File, withHdf5 } from '../hdf5.ts';
import { unreadable } from '../unreadable.ts';
import type { FilePair } from './config.ts';
import { type NodePopulation, readGroups, wholeNumbers } from './nodes.ts';
import { readTypes, type TypeRow } from './types.ts';

/** One population of edges. Edge k goes from row pre[k] of `source` to row post[k] of `target`. */
export interface EdgePopulation {
  readonly name: string;
  readonly file: string;
  readonly source: NodePopulation;
  readonly target: NodePopulation;
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  /** Type of each edge, as an index into `types`. */
  readonly typeOf: Uint32Array;
  readonly types: readonly { readonly id: number; readonly row: TypeRow }[];
  /** syn_weight of the edge or its type, times nsyns where that is given; without the sign of the synapse model. */
  readonly weight: Float64Array;
  readonly delayMs: Float64Array;
  /** Other numbers given edge by edge. */
  readonly attributes: ReadonlyMap<string, Float64Array>;
}

/** Most edges of a population: their numbers are u32. */
const MOST_EDGES = 2 ** 31 - 1;

/** All edge populations of a pair of files, between the given node populations. */
export async function readEdges(
  source: FileSource,
  { data, types }: FilePair,
  populations: ReadonlyMap<string, NodePopulation>,
): Promise<EdgePopulation[]> {
  const rows = await readTypes(source, types, 'edge');
  const bytes = await readFileOf(source, data);
  return withHdf5(bytes, data, (file) =>
    file.keys('/edges').map((name) => readPopulation(file, data, types, name, rows, populations)),
  );
}

function readPopulation(
  hdf5: Hdf5File,
  file: string,
  typesFile: string | null,
  name: string,
  rows: ReadonlyMap<number, TypeRow>,
  populations: ReadonlyMap<string, NodePopulation>,
): EdgePopulation {
  const inside = `/edges/${name}`;
  const ends = [`${inside}/source_node_id`, `${inside}/target_node_id`] as const;
  const source = populationOf(hdf5, file, ends[0], populations);
  const target = populationOf(hdf5, file, ends[1], populations);
  const count = hdf5.shape(ends[0])[0] ?? 0;
  if (count > MOST_EDGES) {
    throw unreadable({ file, inside }, `${count} edges; at most ${MOST_EDGES} are read.`);
  }
  const pre = nodeRows(hdf5, file, ends[0], source, count);
  const post = nodeRows(hdf5, file, ends[1], target, count);
  const typeIds = wholeNumbers(hdf5, file, `${inside}/edge_type_id`);
  if (typeIds.length !== count) {
    throw unreadable({ file, inside }, `${typeIds.length} types for ${count} edges.`);
  }
  const indexOf = new Map<number, number>();
  const types: { id: number; row: TypeRow }[] = [];
  const typeOf = new Uint32Array(count);
  for (let edge = 0; edge < count; edge++) {
    const id = typeIds[edge] as number;
    let index = indexOf.get(id);
    if (index === undefined) {
      const row = rows.get(id);
      if (row === undefined && rows.size > 0) {
        throw unreadable({ file, inside }, `edge ${edge} is of type ${id}, not in ${typesFile}.`);
      }
      index = types.push({ id, row: row ?? {} }) - 1;
      indexOf.set(id, index);
    }
    typeOf[edge] = index;
  }
  const { attributes } = readGroups(hdf5, file, inside, count, 'edge');
  const all = { file, inside, typeOf, types, attributes };
  const weight = valuesOf(all, 'syn_weight', 'weight');
  const delayMs = valuesOf(all, 'delay', 'delay');
  const nsyns = attributes.get('nsyns');
  for (let edge = 0; edge < count; edge++) {
    const times = nsyns?.[edge];
    if (times !== undefined && !Number.isNaN(times))
      weight[edge] = (weight[edge] as number) * times;
    const delay = delayMs[edge] as number;
    if (!(delay >= 0)) {
      const problem = `edge ${edge} has a delay of ${delay} ms.`;
      throw unreadable({ file, inside }, problem, 'Delays are at least 0.', delay);
    }
  }
  return { name, file, source, target, pre, post, typeOf, types, weight, delayMs, attributes };
}

function populationOf(
  hdf5: Hdf5File,
  file: string,
  inside: string,
  populations: ReadonlyMap<string, NodePopulation>,
): NodePopulation {
  const name = hdf5.attribute(inside, 'node_population');
  const names = [...populations.keys()];
  const only = names.length === 1 ? populations.get(names[0] as string) : undefined;
  const found = typeof name === 'string' ? populations.get(name) : only;
  if (found !== undefined) return found;
  const what = typeof name === 'string' ? `node population "${name}"` : 'its node_population';
  throw unreadable(
    { file, inside },
    `${what} is unknown. The circuit has: ${names.join(', ') || 'none'}.`,
    'Are the node files of the circuit complete?',
  );
}

function nodeRows(
  hdf5: Hdf5File,
  file: string,
  inside: string,
  { rowOf, size, name }: NodePopulation,
  count: number,
): Uint32Array {
  const ids = wholeNumbers(hdf5, file, inside);
  if (ids.length !== count) throw unreadable({ file, inside }, `${ids.length} of ${count} ids.`);
  const rows = new Uint32Array(count);
  for (let edge = 0; edge < count; edge++) {
    const id = ids[edge] as number;
    const row = rowOf === null ? id : rowOf.get(id);
    if (row === undefined || row >= size) {
      const problem = `edge ${edge} names node ${id}; "${name}" has ${size} nodes.`;
      throw unreadable({ file, inside }, problem, '', id);
    }
    rows[edge] = row;
  }
  return rows;
}

/** A number per edge: its own, else that of its type. */
function valuesOf(
  from: Pick<EdgePopulation, 'file' | 'typeOf' | 'types' | 'attributes'> & { inside: string },
  name: string,
  what: string,
): Float64Array {
  const { file, inside, typeOf, types, attributes } = from;
  const own = attributes.get(name);
  const ofTypes = types.map(({ row }) =>
    row[name] === undefined ? Number.NaN : Number(row[name]),
  );
  const values = new Float64Array(typeOf.length);
  for (let edge = 0; edge < values.length; edge++) {
    const given = own?.[edge] ?? Number.NaN;
    const value = Number.isNaN(given) ? (ofTypes[typeOf[edge] as number] as number) : given;
    if (!Number.isFinite(value)) {
      const type = types[typeOf[edge] as number]?.id;
      const problem = `edge ${edge} (type ${type}) has no ${what} that is a number.`;
      throw unreadable({ file, inside }, problem, `Give "${name}" in the type or the edge.`);
    }
    values[edge] = value;
  }
  return values;
}
