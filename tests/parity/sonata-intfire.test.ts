/**
 * The SONATA network of 300 IntFire1 cells, run from its own files, against a small event-driven simulation of NEURON's
 * IntFire1 written here: every spike, on the grid and in continuous time.
 */
import { describe, expect, it } from 'vitest';
import { readSonata } from '../../src/io/sonata/read.ts';
import type { NetworkDocument } from '../../src/network/document.ts';
import { type EngineCase, engines, simulate } from '../support/engines.ts';
import { dataFolder, folderSource } from '../support/folder.ts';
import { describeReference } from '../support/reference.ts';

const CONFIG = '300_intfire/circuit_config.json';
const REFRACTORY_MS = 3;
const DELAY_MS = 2;
/** A software graphics adapter takes long for each step. */
const durationOf = ({ name }: EngineCase): number => (name.startsWith('GPU') ? 800 : 3000);

interface Event {
  readonly population: string;
  readonly neuron: number;
}

/** Spikes "step,neuron" of the 300 cells, each event in its time; events at one time act together. */
function eventByEvent(document: NetworkDocument, dtMs: number, durationMs: number): string[] {
  const cells = document.populations.find((one) => one.kind === 'neurons');
  if (cells?.kind !== 'neurons') throw new Error('no cells');
  const tau = (cells.initial.tau as { values: ArrayLike<number> }).values;
  const targets = new Map<string, [number, number][][]>();
  for (const { connect, initial, params, source } of document.projections) {
    if (connect.rule !== 'list') throw new Error('no list');
    const rows: [number, number][][] = Array.from({ length: 300 }, () => []);
    const weights = initial.weight as { values: ArrayLike<number> } | undefined;
    for (let k = 0; k < connect.pre.length; k++) {
      const weight = weights?.values[k] ?? Number(params.weight);
      rows[connect.pre[k] as number]?.push([connect.post[k] as number, weight]);
    }
    targets.set(source.population, rows);
  }
  // Nanoseconds, so that equal times are equal numbers.
  const key = (timeMs: number): number => Math.round(timeMs * 1e6);
  const queue = new Map<number, Event[]>();
  const emit = (time: number, event: Event): void => {
    const same = queue.get(time);
    if (same) same.push(event);
    else queue.set(time, [event]);
  };
  for (const population of document.populations) {
    if (population.kind !== 'spikes') continue;
    for (let k = 0; k < population.indices.length; k++) {
      const neuron = population.indices[k] as number;
      emit(key(population.timesMs[k] as number), { population: population.name, neuron });
    }
  }
  const m = new Float64Array(300);
  const since = new Float64Array(300);
  const until = new Float64Array(300);
  const spikes: string[] = [];
  // All delays are equal, so events arrive in the order in which they were emitted.
  while (queue.size > 0) {
    const time = Math.min(...queue.keys());
    const events = queue.get(time) ?? [];
    queue.delete(time);
    const arrival = time + key(DELAY_MS);
    if (arrival >= key(durationMs)) break;
    const sums = new Map<number, number>();
    for (const { population, neuron } of events) {
      for (const [post, weight] of targets.get(population)?.[neuron] ?? []) {
        if (arrival >= (until[post] as number)) sums.set(post, (sums.get(post) ?? 0) + weight);
      }
    }
    for (const [neuron, sum] of sums) {
      const passedMs = (arrival - (since[neuron] as number)) / 1e6;
      m[neuron] = (m[neuron] as number) * Math.exp(-passedMs / (tau[neuron] as number)) + sum;
      since[neuron] = arrival;
      if ((m[neuron] as number) <= 1) continue;
      m[neuron] = 0;
      until[neuron] = arrival + key(REFRACTORY_MS);
      spikes.push(`${Math.round(arrival / 1e6 / dtMs)},${neuron}`);
      emit(arrival, { population: cells.name, neuron });
    }
  }
  return spikes.sort();
}

describeReference('300_intfire', () => {
  const source = folderSource(dataFolder('sonata'));

  it('has all its cells and connections', async () => {
    const { document, duration } = await readSonata(source, CONFIG);
    expect(duration).toBe('3000 ms');
    expect(document.populations.map(({ name, size }) => [name, size])).toEqual([
      ['v1', 300],
      ['lgn', 90],
      ['tw', 30],
    ]);
    const sizes = document.projections.map(({ name, connect }) => [
      name,
      connect.rule === 'list' ? connect.pre.length : 0,
    ]);
    expect(sizes).toEqual([
      ['v1_to_v1', 61_560],
      ['lgn_to_v1', 17_160],
      ['tw_to_v1', 9000],
    ]);
  });

  describe.each(engines)('$name', (engine) => {
    it.each(engine.name.startsWith('GPU') ? [0.1] : [0.1, 0.05])(
      'spikes as event by event, dt = %d ms',
      async (dtMs) => {
        const { document } = await readSonata(source, CONFIG, { dtMs });
        const durationMs = durationOf(engine);
        const expected = eventByEvent(document, dtMs, durationMs);
        const found = await simulate(document, engine, durationMs, (simulation) => {
          const { steps, neurons } = simulation.spikes('v1 spikes');
          return Array.from(steps, (step, k) => `${step},${neurons[k]}`).sort();
        });
        expect(found.length).toBeGreaterThan(durationMs === 3000 ? 4000 : 0);
        expect(found).toEqual(expected);
      },
    );
  });

  it('the grid of 0.05 ms has every spike of continuous time', async () => {
    const fine = await readSonata(source, CONFIG, { dtMs: 0.001 });
    const coarse = await readSonata(source, CONFIG, { dtMs: 0.05 });
    const continuous = eventByEvent(fine.document, 0.05, 3000);
    const onGrid = eventByEvent(coarse.document, 0.05, 3000);
    expect(continuous).toHaveLength(4322);
    expect(onGrid).toHaveLength(4322);
    const nearest = new Set(onGrid);
    expect(continuous.filter((spike) => nearest.has(spike)).length).toBeGreaterThan(4200);
  });
});
