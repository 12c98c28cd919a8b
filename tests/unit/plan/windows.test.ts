/** The length of windows does not change results: the same plan with windows of one step gives the same spikes. */
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import { Network } from '../../../src/network/network.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import type { Plan } from '../../../src/plan/plan.ts';

function plan(delay: string | { values: number[]; unit: string }): Plan {
  const net = new Network({ seed: 11 });
  const P = net.population('P', 200, {
    eqs: 'dv/dt = (g + 14*mV - v)/(10*ms) : volt (unless refractory)\ndg/dt = -g/(2*ms) : volt',
    threshold: 'v > 12*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    initial: { v: 'rand()*12*mV' },
  });
  net
    .projection('p', P, P, { onPre: 'g -= 0.8*mV', delay })
    .connect({ rule: 'list', pre: list((k) => k % 200), post: list((k) => (k * 31 + 7) % 200) });
  net.poissonInput('bg', P, { variable: 'g', n: 100, rate: '10 Hz', weight: '0.5 mV' });
  net.record.spikes(P);
  return compileNetwork(net.document).plan;
}

const list = (value: (k: number) => number): number[] =>
  Array.from({ length: 2000 }, (_, k) => value(k));

async function spikesOf(given: Plan): Promise<string> {
  const spikes: string[] = [];
  const sink = {
    spikes(steps: Uint32Array, neurons: Uint32Array): void {
      for (let k = 0; k < steps.length; k++) spikes.push(`${steps[k]} ${neurons[k]}`);
    },
    samples(): void {},
  };
  const engine = await createCpuEngine(given, sink);
  await engine.advance(501);
  await engine.advance(499);
  engine.destroy();
  return spikes.join('\n');
}

describe('windows', () => {
  it.each([
    ['0.1 ms', 2],
    ['1.8 ms', 19],
    ['9 ms', 64],
    [{ values: list((k) => 0.5 + 0.1 * (k % 40)), unit: 'ms' }, 6],
  ] as const)('delay %o: %i steps', async (delay, steps) => {
    const long = plan(delay as string);
    expect(long.windowSteps).toBe(steps);
    const spikes = await spikesOf(long);
    expect(spikes.split('\n').length).toBeGreaterThan(100);
    for (const windowSteps of [1, Math.max(1, steps - 1)]) {
      expect(await spikesOf({ ...long, windowSteps })).toBe(spikes);
    }
  });
});
