/** Which nodes a node set means: a name from the node sets file or of a population, an object of conditions, a list. */
import { suggest } from '../../language/messages.ts';
import { isObject } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';
import type { NodePopulation } from './nodes.ts';

/** Chosen rows of each population; populations without any are left out. */
export type NodeSet = ReadonlyMap<NodePopulation, Uint32Array>;

/** The nodes that `wanted` means. Throws NetworkError when it names a set that there is not. */
export function nodeSet(
  wanted: unknown,
  sets: Readonly<Record<string, unknown>>,
  populations: ReadonlyMap<string, NodePopulation>,
  file: string,
): NodeSet {
  return resolve(wanted, { sets, populations, file }, 0);
}

interface Context {
  readonly sets: Readonly<Record<string, unknown>>;
  readonly populations: ReadonlyMap<string, NodePopulation>;
  readonly file: string;
}

const DEEPEST = 20;

function resolve(wanted: unknown, context: Context, depth: number): NodeSet {
  const { sets, populations, file } = context;
  if (depth > DEEPEST) throw unreadable({ file }, 'node sets name each other without end.');
  if (typeof wanted === 'string') {
    if (Object.hasOwn(sets, wanted)) return resolve(sets[wanted], context, depth + 1);
    const population = populations.get(wanted);
    if (population) return new Map([[population, all(population)]]);
    if (wanted === 'all') return everything(populations);
    const known = [...Object.keys(sets), ...populations.keys()];
    const near = suggest(wanted, known);
    const hint = near === undefined ? '' : `Did you mean "${near}"?`;
    const problem = `no node set "${wanted}". Known: ${known.join(', ') || 'none'}.`;
    throw unreadable({ file }, problem, hint, wanted);
  }
  if (Array.isArray(wanted)) {
    return wanted.every((one) => typeof one === 'string')
      ? union(wanted.map((one) => resolve(one, context, depth + 1)))
      : resolve({ node_id: wanted }, context, depth + 1);
  }
  if (!isObject(wanted)) throw unreadable({ file }, 'a node set is a name, an object or a list.');
  return filtered(wanted, context);
}

const all = (population: NodePopulation): Uint32Array =>
  Uint32Array.from({ length: population.size }, (_, row) => row);

const everything = (populations: ReadonlyMap<string, NodePopulation>): NodeSet =>
  new Map([...populations.values()].map((population) => [population, all(population)]));

function union(parts: readonly NodeSet[]): NodeSet {
  const rows = new Map<NodePopulation, Set<number>>();
  for (const part of parts) {
    for (const [population, some] of part) {
      const found = rows.get(population) ?? new Set();
      rows.set(population, found);
      for (const row of some) found.add(row);
    }
  }
  return new Map(
    [...rows].map(([population, some]) => [population, Uint32Array.from(some).sort()]),
  );
}

/** Nodes that meet every condition: population, node_id, attributes of type or node; a list means any of it. */
function filtered(conditions: Readonly<Record<string, unknown>>, context: Context): NodeSet {
  const { population: names, node_id: ids, ...attributes } = conditions;
  const wantedNames = names === undefined ? null : [names].flat();
  const chosen = new Map<NodePopulation, Uint32Array>();
  for (const population of context.populations.values()) {
    if (wantedNames !== null && !wantedNames.includes(population.name)) continue;
    const rows = ids === undefined ? all(population) : rowsOf([ids].flat(), population, context);
    const matching = rows.filter((row) =>
      Object.entries(attributes).every(([name, value]) => matches(population, row, name, value)),
    );
    if (matching.length > 0) chosen.set(population, matching);
  }
  return chosen;
}

function rowsOf(ids: readonly unknown[], { rowOf, size }: NodePopulation, { file }: Context) {
  const rows = ids.map((id) => {
    if (typeof id !== 'number') throw unreadable({ file }, 'a node_id is a number.', '', id);
    return rowOf === null ? id : (rowOf.get(id) ?? -1);
  });
  return Uint32Array.from(rows.filter((row) => Number.isInteger(row) && row >= 0 && row < size));
}

function matches(population: NodePopulation, row: number, name: string, wanted: unknown): boolean {
  const type = population.types[population.typeOf[row] as number]?.row[name];
  const own = population.attributes.get(name)?.[row];
  const value = own === undefined || Number.isNaN(own) ? type : String(own);
  return value !== undefined && [wanted].flat().some((one) => String(one) === value);
}
