/** Random input: Poisson populations, Poisson input and white noise against the statistics that they claim. */
import { describe, expect, it } from 'vitest';
import { coefficientOfVariation, interSpikeIntervals, models, Network } from '../../src/index.ts';
import { simulate, singleEngines } from '../support/engines.ts';

describe.each(singleEngines)('$name', (engine) => {
  it('Poisson population: rate, and intervals of a Bernoulli process', async () => {
    const net = new Network({ dt: '1 ms', seed: 3 });
    const drive = net.poissonPopulation('drive', 500, { rate: '40 Hz' });
    net.record.spikes(drive);
    await simulate(net, engine, 2000, (simulation) => {
      const spikes = simulation.spikes();
      // 1e6 draws with p = 0.04: mean 40,000, sd 196.
      expect(Math.abs(spikes.neurons.length - 40_000)).toBeLessThan(4 * 196);
      const intervals = interSpikeIntervals(spikes, 500, 1).flatMap((list) => [...list]);
      // Geometric intervals: sd/mean = sqrt(1 - p). Long intervals are cut off by the end, hence the margin.
      expect(Math.abs(coefficientOfVariation(intervals) - Math.sqrt(0.96))).toBeLessThan(0.02);
    });
  });

  it('Poisson input: mean and variance of a binomial', async () => {
    const net = new Network({ dt: '0.1 ms', seed: 5 });
    const cells = net.population('cells', 1000, { eqs: 'x : 1' });
    net.poissonInput('input', cells, { variable: 'x', n: 160, rate: '20 Hz', weight: '1' });
    await simulate(net, engine, 100, async (simulation) => {
      const counts = await simulation.get('cells', 'x');
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
      // 160,000 trials of p = 0.002: mean 320, variance 319.4; standard errors 0.57 and 14.3.
      expect(Math.abs(mean - 320)).toBeLessThan(4 * 0.57);
      expect(Math.abs(variance - 319.4)).toBeLessThan(4 * 14.3);
      expect([...counts].every(Number.isInteger)).toBe(true);
    });
  });

  it('white noise: Ornstein–Uhlenbeck variance', async () => {
    const net = new Network({ dt: '0.1 ms', seed: 7 });
    const cells = net.population('cells', 2000, {
      eqs: 'dx/dt = -x/tau + sigma*sqrt(2/tau)*xi : 1',
      params: { tau: '5 ms', sigma: 3 },
    });
    net.record.state(cells, ['x'], { every: '50 ms' });
    await simulate(net, engine, 101, (simulation) => {
      const { values } = simulation.state();
      const x = values.x as Float64Array;
      const last = Array.from({ length: 2000 }, (_, n) => x[n * 3 + 2] as number);
      const variance = last.reduce((sum, value) => sum + value * value, 0) / last.length;
      // Euler-Maruyama over dt makes sigma^2/(1 - dt/(2 tau)); standard error 3 %.
      expect(Math.abs(variance / (9 / (1 - 0.01)) - 1)).toBeLessThan(4 * 0.032);
    });
  });

  it('LIF under Poisson input: Siegert rate', async () => {
    const net = new Network({ dt: '0.05 ms', seed: 11 });
    const cells = net.population('cells', 400, {
      ...models.lifDelta.with({
        tau_m: '20 ms',
        v_rest: '0 mV',
        v_reset: '10 mV',
        v_thresh: '20 mV',
        tau_refrac: '2 ms',
      }),
    });
    // Small steps, so that the diffusion limit holds: mean 20 mV, variance of V (without threshold) 20 * 0.02 / 2.
    net.poissonInput('up', cells, {
      variable: 'v',
      n: 5000,
      rate: '20 Hz',
      weight: '0.01*mV',
    });
    net.record.spikes(cells);
    await simulate(net, engine, 2000, (simulation) => {
      const late = simulation.spikes().steps.filter((step) => step >= 4000).length;
      const rate = late / 400 / 1.8;
      const mu = 5000 * 0.02 * 0.01 * 20;
      const sigma = Math.sqrt(5000 * 0.02 * 0.01 ** 2 * 20);
      expect(
        Math.abs(rate / siegert(mu, sigma) - 1),
        `${rate} Hz, not ${siegert(mu, sigma)}`,
      ).toBeLessThan(0.06);
    });
  });
});

/** Rate, Hz, of the diffusion limit: sigma^2 is twice the stationary variance of the free membrane. */
function siegert(mu: number, sigma: number): number {
  const [from, to] = [(10 - mu) / sigma, (20 - mu) / sigma];
  const steps = 20_000;
  const h = (to - from) / steps;
  let integral = 0;
  for (let k = 0; k < steps; k++) {
    const x = from + (k + 0.5) * h;
    integral += h * (x < 0 ? scaledErfc(-x) : 2 * Math.exp(x * x) - scaledErfc(x));
  }
  return 1000 / (2 + 20 * Math.sqrt(Math.PI) * integral);
}

/** exp(x^2) erfc(x) for x >= 0, relative error below 1.2e-7 (Numerical Recipes' Chebyshev fit, without its exp(-x^2)). */
function scaledErfc(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  return t * Math.exp(terms.reduceRight((total, term) => total * t + term, 0));
}
