/** Spikes as a SONATA file: /spikes/<population>/{timestamps, node_ids}. */
import { isPlainObject } from '../../language/argument.ts';
import { checkNumberList, checkText, refuseArgument } from '../arguments.ts';
import { asU64, writeHdf5 } from '../hdf5-write.ts';
import { checkSpikeTable, type SpikeTable } from '../spike-table.ts';

/** Spikes of one population; neuron numbers within it. */
export interface PopulationSpikes {
  readonly name: string;
  readonly neurons: ArrayLike<number>;
  readonly timesMs: Float64Array;
}

/** The bytes of a file with the spikes of populations, each sorted by time, in ms. */
export async function writeSonataSpikes(
  populations: readonly PopulationSpikes[],
): Promise<Uint8Array> {
  checkPopulationSpikes(populations, 'writeSonataSpikes: populations');
  return writeHdf5((root) => {
    root.attribute('version', Uint32Array.of(0, 1));
    root.attribute('magic', Uint32Array.of(0x0a7a), true);
    const spikes = root.group('spikes');
    for (const { name, neurons, timesMs } of populations) {
      const isSorted = timesMs.every((time, k) => k === 0 || time >= (timesMs[k - 1] as number));
      const order = isSorted ? null : sortedBy(timesMs);
      const group = spikes.group(name);
      group.attribute('sorting', 'by_time');
      const times =
        order === null ? timesMs : timesMs.map((_, k) => timesMs[order[k] as number] as number);
      const ids = order === null ? neurons : Uint32Array.from(order, (k) => neurons[k] as number);
      group.dataset('timestamps', times).attribute('units', 'ms');
      group.dataset('node_ids', asU64(ids));
    }
  });
}

function checkPopulationSpikes(value: unknown, where: string): void {
  if (!Array.isArray(value)) refuseArgument(where, 'a list of populations', value);
  for (const [index, one] of (value as readonly unknown[]).entries()) {
    const place = `${where}[${index}]`;
    if (!isPlainObject(one)) refuseArgument(place, 'an object', one);
    const { name, timesMs, neurons } = one as Partial<PopulationSpikes>;
    checkText(name, `${place}.name`);
    checkNumberList(timesMs, `${place}.timesMs`);
    checkNumberList(neurons, `${place}.neurons`, timesMs?.length);
  }
}

/** All recorded spikes of a run as a SONATA file. */
export async function spikesToSonata(table: SpikeTable): Promise<Uint8Array> {
  checkSpikeTable(table, 'spikesToSonata: table');
  const rows = table.populations.map((): number[] => []);
  for (const [k, population] of table.population.entries()) rows[population]?.push(k);
  return writeSonataSpikes(
    table.populations.map(({ name }, index) => {
      const own = rows[index] as number[];
      return {
        name,
        neurons: Uint32Array.from(own, (k) => table.neurons[k] as number),
        timesMs: Float64Array.from(own, (k) => table.timesMs[k] as number),
      };
    }),
  );
}

function sortedBy(times: Float64Array): Uint32Array {
  return Uint32Array.from(times.keys()).sort(
    (a, b) => (times[a] as number) - (times[b] as number) || a - b,
  );
}
