/**
 * Rates of the published networks. Chaotic, so statistics only: means over seeds against ensembles of independent f64
 * programs (CUBA, COBA, Brunel C, Izhikevich) and published rates (microcircuit).
 */
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import type { SimulationOptions } from '../../src/index.ts';
import { type EngineCase, simulate } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

const cpu: EngineCase = {
  name: 'CPU f32',
  options: { engine: 'cpu' } satisfies SimulationOptions,
  isDouble: false,
};

/** Rate of each population, Hz, from `fromMs` to the end. */
async function rates(
  name: string,
  values: Readonly<Record<string, string | number>>,
  seed: number,
  [fromMs, toMs]: readonly [number, number],
): Promise<number[]> {
  const document = examples[name]?.build(values, { seed });
  if (document === undefined) throw new Error(`no example ${name}`);
  return simulate(document, cpu, toMs, (simulation) => {
    const { steps, neurons } = simulation.allSpikes();
    return simulation.populations.map(({ first, size }) => {
      let spikes = 0;
      for (const [k, neuron] of neurons.entries()) {
        const isHere = neuron >= first && neuron < first + size;
        if (isHere && (steps[k] as number) * simulation.dtMs >= fromMs) spikes++;
      }
      return (1000 * spikes) / size / (toMs - fromMs);
    });
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const SEEDS = [1, 2, 3, 4, 5];

describe('network rates', () => {
  it.each([
    ['cuba', 5.57, 0.6],
    ['coba', 19.7, 3],
  ] as const)('%s: %d ± %d Hz over 5 seeds', async (name, expected, tolerance) => {
    const found: number[] = [];
    for (const seed of SEEDS) found.push(mean(await rates(name, {}, seed, [200, 1000])));
    expect(Math.abs(mean(found) - expected), found.join(', ')).toBeLessThan(tolerance);
  });

  it('izhikevich: 7.5 ± 0.6 Hz (excitatory) over 5 seeds', async () => {
    const found: number[][] = [];
    for (const seed of SEEDS) found.push(await rates('izhikevich', {}, seed, [0, 4000]));
    const excitatory = found.map(([rate]) => rate as number);
    const inhibitory = found.map(([, rate]) => rate as number);
    expect(Math.abs(mean(excitatory) - 7.5), excitatory.join(', ')).toBeLessThan(0.6);
    expect(Math.abs(mean(inhibitory) - 6.9), inhibitory.join(', ')).toBeLessThan(0.6);
  });

  it('brunel C: 37.9 ± 1 Hz', async () => {
    const [rate = 0] = await rates('brunel', { case: 'C' }, 1, [300, 1000]);
    expect(Math.abs(rate - 37.9)).toBeLessThan(1);
  });

  it('cobahh: fires, and neither dies nor runs away', async () => {
    const [rate = 0] = await rates('cobahh', {}, 1, [0, 300]);
    expect(rate).toBeGreaterThan(10);
    expect(rate).toBeLessThan(100);
  });
});

describeReference('microcircuit at scale 0.1 (TN4)', () => {
  it('every population within 25 % of the published full-scale rate', async () => {
    const published = biologyCases('TN4')[0]?.expected[0]?.value as readonly number[];
    const found = await rates('microcircuit', { scale: 0.1 }, 1, [500, 2500]);
    const errors = found.map((rate, k) => Math.abs(rate / (published[k] as number) - 1));
    expect(Math.max(...errors), found.map((rate) => rate.toFixed(3)).join(', ')).toBeLessThan(0.25);
  });
});
