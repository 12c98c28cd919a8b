/** Which spikes a picture shows: some neurons of every population, and what differs between two runs. Draws nothing. */
import type { ExampleSpikes } from './compare.ts';

/** A tick: step, line from the top, and population by number. */
export interface Tick {
  readonly step: number;
  readonly line: number;
  readonly population: number;
}

/** Lines of a raster: neurons by their number through all populations, top down. */
export interface Lines {
  readonly count: number;
  /** Line of a neuron; undefined where it is not shown. */
  readonly of: ReadonlyMap<number, { readonly line: number; readonly population: number }>;
  /** Populations of which neurons are shown, with how many. */
  readonly populations: readonly {
    readonly name: string;
    readonly shown: number;
    readonly size: number;
  }[];
}

const MOST_LINES = 160;
const FEWEST_OF_ONE = 4;
const MOST_TICKS = 12_000;

/**
 * Neurons to show, evenly out of every population that spikes in either run, by their sizes; fewer where there would be
 * too many spikes to draw.
 */
export function linesOf({ populations, control, intervention }: ExampleSpikes): Lines {
  const counts = populations.map(({ first, size }) => {
    const within = (neuron: number): boolean => neuron >= first && neuron < first + size;
    return Math.max(...[control, intervention].map((run) => run.neurons.filter(within).length));
  });
  const spiking = populations.filter((_, k) => (counts[k] as number) > 0);
  const neurons = spiking.reduce((sum, { size }) => sum + size, 0);
  const spikes = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.min(MOST_LINES, (MOST_TICKS * neurons) / Math.max(1, spikes));
  const of = new Map<number, { line: number; population: number }>();
  const shown = spiking.map(({ name, size, first }, population) => {
    const share = Math.round((most * size) / neurons);
    const count = Math.min(size, Math.max(FEWEST_OF_ONE, share));
    for (let k = 0; k < count; k++) {
      of.set(first + Math.floor((k * size) / count), { line: of.size, population });
    }
    return { name, size, shown: count };
  });
  return { count: of.size, of, populations: shown };
}

/** Spikes of the neurons that are shown. */
export function ticksOf({ steps, neurons }: ExampleSpikes['control'], lines: Lines): Tick[] {
  const ticks: Tick[] = [];
  for (let k = 0; k < neurons.length; k++) {
    const place = lines.of.get(neurons[k] as number);
    if (place !== undefined) ticks.push({ step: steps[k] as number, ...place });
  }
  return ticks;
}

/** Ticks of one run that have no partner on their line within so many steps in the other; each partner counts once. */
export function unmatched(ticks: readonly Tick[], others: readonly Tick[], within: number): Tick[] {
  const byLine = (all: readonly Tick[]): Map<number, Tick[]> => {
    const found = new Map<number, Tick[]>();
    for (const tick of [...all].sort((a, b) => a.step - b.step)) {
      const line = found.get(tick.line);
      if (line === undefined) found.set(tick.line, [tick]);
      else line.push(tick);
    }
    return found;
  };
  const partners = byLine(others);
  return [...byLine(ticks)].flatMap(([line, own]) => {
    const theirs = partners.get(line) ?? [];
    let next = 0;
    return own.filter(({ step }) => {
      while (next < theirs.length && (theirs[next] as Tick).step < step - within) next++;
      if (next >= theirs.length || (theirs[next] as Tick).step > step + within) return true;
      next++;
      return false;
    });
  });
}
