/**
 * Everything at once: a field and its linked variable, clock-driven and slow synapses with noise, plasticity, presynaptic
 * state, a procedural projection, statements of every step, and interventions on all of them. However the run is cut,
 * taken back, shared out or run beside others, it has the bits of one run on one thread.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createSimulation, runMany, type SimulationOptions } from '../../src/index.ts';
import { singleEngines } from '../support/engines.ts';
import { everything, STEPS, STORED } from '../support/everything.ts';

/** Spikes and state after pieces of so many steps. `detours`: changes things by hand behind each, and goes back. */
async function outcome(options: SimulationOptions, pieces: readonly number[], detours = false) {
  using simulation = await createSimulation(everything(3), options);
  for (const steps of pieces) {
    await simulation.runSteps(steps);
    if (!detours) continue;
    const checkpoint = await simulation.checkpoint();
    await simulation.setParameter('short', 'gain', 0.5);
    await simulation.set('plastic', 'g', '0.9');
    await simulation.set('cells', 'I', '1*mV');
    await simulation.runSteps(41);
    await simulation.restore(checkpoint);
  }
  const state: (readonly [string, string, readonly number[]])[] = [];
  for (const [owner, name] of STORED) {
    state.push([owner, name, [...(await simulation.get(owner, name))]]);
  }
  expect(simulation.step).toBe(STEPS);
  return { hash: await simulation.spikeHash(), state, count: simulation.allSpikes().steps.length };
}

let reference: Awaited<ReturnType<typeof outcome>>;
beforeAll(async () => {
  reference = await outcome({ engine: 'cpu', threads: 1 }, [STEPS]);
});

it('does something', () => {
  const { count, state } = reference;
  expect(count).toBeGreaterThan(40);
  // The whole number counts steps; everything else is something.
  for (const [owner, name, values] of state) {
    if (name === 'n') expect(values).toEqual(values.map(() => STEPS));
    else expect(Math.max(...values.map(Math.abs)), `${owner}.${name}`).toBeGreaterThan(1e-6);
  }
});

describe.each(singleEngines)('on $name', ({ options }) => {
  it('cut, taken back and changed by hand meanwhile', async () => {
    expect(await outcome(options, [55, 45, 20, 30, 1, 149], true)).toEqual(reference);
  });

  it('beside other runs', async () => {
    const { runs } = await runMany((_, { seed = 1 }) => ({ ...everything(seed).document, seed }), {
      ...options,
      seeds: [2, 3, 4],
      duration: '30 ms',
    });
    expect(runs[1]?.summary.spike_hash).toBe(reference.hash);
  });
});

it.each([2, 3])('on %i threads', async (threads) => {
  const found = await outcome({ engine: 'cpu', threads }, [57, 43, 200], true);
  expect(found).toEqual(reference);
});
