/**
 * The fly circuit against its recording: 30 trials in which two neurons' recorded spikes are forced and 30,412 spikes
 * of the other 194 are to come out, each in its step of 0.1 ms; and fly circuits that run free.
 */
import { expect, it } from 'vitest';
import { type Example, examples } from '../../src/examples/index.ts';
import { type EngineCase, engines, simulate } from '../support/engines.ts';
import { dataReader, describeReference, reference } from '../support/reference.ts';

describeReference('fly-p9 replay', () => {
  interface Replay {
    readonly network: { readonly trials: number; readonly trial_ms: number };
    readonly float64_result: { readonly reference_spikes: number };
  }

  /** Recorded spikes of the simulated neurons by trial, "step,neuron", neurons numbered as in the population. */
  async function recorded(trials: number): Promise<Set<string>[]> {
    const read = dataReader('flywire-p9');
    const rows = (text: string) => text.trim().split('\n').slice(1);
    const others = rows(await read('nodes.csv'))
      .map((row) => row.split(','))
      .filter((fields) => fields[4] === '0')
      .map((fields) => Number(fields[0]));
    const place = new Map(others.map((node, number) => [node, number]));
    const sets = Array.from({ length: trials }, () => new Set<string>());
    for (const row of rows(await read('spikes.csv'))) {
      const [trial = 0, step = 0, node = 0] = row.split(',').map(Number);
      if (place.has(node)) sets[trial]?.add(`${step},${place.get(node)}`);
    }
    return sets;
  }

  /** Thirty trials on SwiftShader, on a machine that does other things as well. */
  const SLOWEST_MS = 600_000;

  it.each(engines)('$name', { timeout: SLOWEST_MS }, async (engine) => {
    const { network, float64_result } = reference<Replay>('drosophila_p9_replay.json');
    const example = (await examples['fly-p9']?.load?.(dataReader('flywire-p9'))) as Example;
    const expected = await recorded(network.trials);
    let [total, exact, extra] = [0, 0, 0];
    for (const [trial, set] of expected.entries()) {
      const document = example.build({ trial });
      const found = await simulate(document, engine, network.trial_ms, (simulation) => {
        const { steps, neurons } = simulation.spikes('circuit spikes');
        return [...steps].map((step, k) => `${step},${neurons[k]}`);
      });
      total += set.size;
      exact += found.filter((spike) => set.has(spike)).length;
      extra += found.filter((spike) => !set.has(spike)).length;
    }
    expect(total).toBe(float64_result.reference_spikes);
    if (engine.isDouble) {
      expect({ exact, extra }).toEqual({ exact: total, extra: 0 });
    } else {
      expect(exact / total).toBeGreaterThanOrEqual(0.998);
      expect(extra / total).toBeLessThanOrEqual(0.002);
    }
  });
});

describeReference('fly circuits running free', () => {
  const rows = (text: string) =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
  const cpu = engines[1] as EngineCase;

  it('fly-p9 with Poisson drive: mean rates of 30 trials as recorded', async () => {
    const read = dataReader('flywire-p9');
    const nodes = rows(await read('nodes.csv'));
    const example = (await examples['fly-p9']?.load?.(read)) as Example;
    const counts = new Float64Array(nodes.length);
    for (let seed = 1; seed <= 30; seed++) {
      const document = example.build({ drive: 'poisson' }, { seed });
      await simulate(document, cpu, 1000, (simulation) => {
        for (const neuron of simulation.allSpikes().neurons)
          counts[neuron] = (counts[neuron] ?? 0) + 1;
      });
    }
    // Driven neurons first, then the others, each in the order of the file.
    const recorded = ['1', '0'].flatMap((driven) =>
      nodes.filter((fields) => fields[4] === driven).map((fields) => Number(fields[5])),
    );
    const found = [...counts].map((count) => count / 30);
    for (const [k, rate] of found.entries()) {
      // Both means of the driven neurons have a standard error of 2.2 Hz; the others hang together with them.
      const allowed = k < 2 ? 10 : 3;
      expect(Math.abs(rate - (recorded[k] as number)), `neuron ${k}`).toBeLessThan(allowed);
    }
    expect(correlation(found, recorded)).toBeGreaterThan(0.999);
  });

  it('larva: smell reaches a part of the brain, and not all of it', async () => {
    const example = (await examples.larva?.load?.(dataReader('larval-drosophila'))) as Example;
    await simulate(example.build(), cpu, 500, (simulation) => {
      const active = new Set(simulation.spikes('brain spikes').neurons).size;
      // An independent NumPy program finds 237.
      expect(active).toBeGreaterThan(200);
      expect(active).toBeLessThan(280);
      const { rate_hz } = simulation.summary().populations[0] as { rate_hz: number };
      expect(Math.abs(rate_hz - 4.3)).toBeLessThan(0.5);
    });
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const sum = (term: (x: number, y: number) => number) =>
    a.reduce((total, x, k) => total + term(x - meanA, (b[k] as number) - meanB), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}
