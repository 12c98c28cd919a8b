/**
 * The fly circuit against its recording: 30 trials in which two neurons' recorded spikes are forced and 30,412 spikes
 * of the other 194 are to come out, each in its step of 0.1 ms.
 */
import { expect, it } from 'vitest';
import { type Example, examples } from '../../src/examples/index.ts';
import { engines, simulate } from '../support/engines.ts';
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

  it.each(engines)('$name', async (engine) => {
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
