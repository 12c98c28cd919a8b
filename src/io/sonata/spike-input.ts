/** Spikes that SONATA files give to virtual populations: both layouts of HDF5 files, and CSV. */
import { readDelimited } from '../delimited.ts';
import { type FileSource, readFileOf } from '../file-source.ts';
import { asDoubles, type Hdf5File, isHdf5, withHdf5 } from '../hdf5.ts';
import { unreadable } from '../unreadable.ts';
import type { NodeSet } from './node-sets.ts';
import type { NodePopulation } from './nodes.ts';

/** Spikes of one population; rows of nodes, times in ms. */
export interface SpikeList {
  readonly rows: number[];
  readonly timesMs: number[];
}

/** What a file holds, per population name; "" where the file names none. */
type Recorded = ReadonlyMap<string, { readonly ids: Float64Array; readonly timesMs: Float64Array }>;

/** Adds the spikes of a file that belong to nodes of the set. */
export async function addSpikes(
  source: FileSource,
  file: string,
  chosen: NodeSet,
  into: Map<NodePopulation, SpikeList>,
  note: (text: string) => void,
): Promise<void> {
  const bytes = await readFileOf(source, file);
  const recorded = isHdf5(bytes)
    ? await withHdf5(bytes, file, (hdf5) => readHdf5(hdf5, file))
    : await readCsv(bytes, file);
  for (const [population, rows] of chosen) {
    const own = recorded.get(population.name);
    const found = own ?? recorded.get('');
    if (found === undefined) continue;
    let strangers = 0;
    const isChosen = new Uint8Array(population.size);
    for (const row of rows) isChosen[row] = 1;
    const list = into.get(population) ?? { rows: [], timesMs: [] };
    into.set(population, list);
    const { rowOf, size, name } = population;
    for (const [k, id] of found.ids.entries()) {
      const row = rowOf === null ? id : (rowOf.get(id) ?? -1);
      if (!(row >= 0 && row < size)) {
        // The old layout does not say whose spikes these are, so some may be of others.
        strangers++;
        if (own === undefined && Number.isInteger(id) && id >= 0) continue;
        throw unreadable({ file }, `spike ${k} is of node ${id}; "${name}" has ${size} nodes.`);
      }
      const timeMs = found.timesMs[k] as number;
      if (!(timeMs >= 0 && Number.isFinite(timeMs))) {
        throw unreadable({ file }, `spike ${k} is at ${timeMs} ms.`, 'Times start at 0.', timeMs);
      }
      if (isChosen[row] !== 1) continue;
      list.rows.push(row);
      list.timesMs.push(timeMs);
    }
    if (strangers > 0) note(`${file}: ${strangers} spikes are of nodes that "${name}" has not.`);
  }
}

function readHdf5(hdf5: Hdf5File, file: string): Recorded {
  const isOld = hdf5.kindOf('/spikes/gids') === 'dataset';
  const names = isOld ? [''] : hdf5.keys('/spikes');
  return new Map(
    names.map((name) => {
      const path = name === '' ? '/spikes' : `/spikes/${name}`;
      const idPath = `${path}/${isOld ? 'gids' : 'node_ids'}`;
      const read = (at: string): Float64Array =>
        asDoubles(hdf5.numbers(at), (value) =>
          unreadable({ file, inside: at }, `${value} is too large.`),
        );
      const ids = read(idPath);
      const times = read(`${path}/timestamps`);
      if (ids.length !== times.length) {
        const problem = `${ids.length} ids, ${times.length} times.`;
        throw unreadable({ file, inside: path }, problem);
      }
      const unit = hdf5.attribute(`${path}/timestamps`, 'units') ?? 'ms';
      if (unit !== 'ms' && unit !== 's') {
        throw unreadable(
          { file, inside: path },
          `times in "${String(unit)}".`,
          'ms and s are read.',
        );
      }
      return [name, { ids, timesMs: unit === 's' ? times.map((one) => one * 1000) : times }];
    }),
  );
}

async function readCsv(bytes: Uint8Array, file: string): Promise<Recorded> {
  const lists = new Map<string, { ids: number[]; times: number[] }>();
  let places: readonly number[] = [];
  await readDelimited(
    bytes,
    { file, delimiter: ' ' },
    {
      header(names) {
        places = ['timestamps', 'node_ids', 'population'].map((name) => names.indexOf(name));
        if ((places[0] ?? -1) >= 0 && (places[1] ?? -1) >= 0) return;
        const problem = `no columns timestamps and node_ids. Found: ${names.slice(0, 20).join(', ')}.`;
        throw unreadable({ file }, problem);
      },
      row(fields) {
        const [time = -1, id = -1, population = -1] = places;
        const name = population < 0 ? '' : (fields[population] ?? '');
        const list = lists.get(name) ?? { ids: [], times: [] };
        lists.set(name, list);
        list.ids.push(Number(fields[id]));
        list.times.push(Number(fields[time]));
      },
    },
  );
  return new Map(
    [...lists].map(([name, { ids, times }]) => [
      name,
      { ids: Float64Array.from(ids), timesMs: Float64Array.from(times) },
    ]),
  );
}

/**
 * Spikes as a network takes them: in the step nearest to their time, at most one of a neuron in a step. One that meets
 * another moves to the next free step; returns how many moved.
 */
export function oneSpikePerStep(list: SpikeList, dtMs: number): { list: SpikeList; moved: number } {
  const order = list.rows
    .map((_, k) => k)
    .sort((a, b) => (list.timesMs[a] as number) - (list.timesMs[b] as number));
  const lastStep = new Map<number, number>();
  const sorted: SpikeList = { rows: [], timesMs: [] };
  let moved = 0;
  for (const k of order) {
    const row = list.rows[k] as number;
    const step = Math.round((list.timesMs[k] as number) / dtMs);
    const free = Math.max(step, (lastStep.get(row) ?? -1) + 1);
    if (free !== step) moved++;
    lastStep.set(row, free);
    sorted.rows.push(row);
    sorted.timesMs.push(Number((free * dtMs).toPrecision(12)));
  }
  return { list: sorted, moved };
}
