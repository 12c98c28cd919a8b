/** Spikes as comma-separated text while they happen. The columns are those of `spikesToCsv`; `createSpikeStream` makes one. */
import { csvSpikeHead, csvSpikeLine, quoted } from './csv.ts';
import type { SpikeStream, SpikeStreamOptions } from './spike-stream.ts';
import { PopulationFinder } from './spike-table.ts';

/** Characters that are put together before they are encoded and written. */
const PIECE = 1 << 20;

/** Options are checked already. */
export function csvStream({ populations, dtMs, write }: SpikeStreamOptions): SpikeStream {
  const encoder = new TextEncoder();
  const names = populations.map(({ name }) => quoted(name));
  const finder = new PopulationFinder(populations);
  let text = csvSpikeHead;
  let count = 0;
  const flush = (): void => {
    if (text !== '') write(encoder.encode(text));
    text = '';
  };
  return {
    get count() {
      return count;
    },
    append(steps, neurons) {
      for (let k = 0; k < steps.length; k++) {
        const step = steps[k] as number;
        const neuron = neurons[k] as number;
        const population = finder.of(neuron);
        const own = neuron - finder.first(population);
        text += `${csvSpikeLine(step, step * dtMs, own, names[population] ?? '')}\n`;
        if (text.length >= PIECE) flush();
      }
      count += steps.length;
    },
    finish: flush,
  };
}
