/**
 * The GPU engine against the CPU engine in f32, on the networks that are compared with Brian 2 (brian2/), which between
 * them use every feature of the language: the same spikes, samples and final values, to the bit.
 */
import { expect, it } from 'vitest';
import { createSimulation, type SimulationOptions } from '../../src/create-simulation.ts';
import { describeGpu } from '../support/gpu.ts';
import type { Brian2Case } from './brian2/case.ts';
import { cases } from './brian2/cases.ts';

/** Everything that a case gives, as plain arrays. */
async function outcome(
  { network, durationMs, run, traces = {}, finals = {} }: Brian2Case,
  options: SimulationOptions,
): Promise<Record<string, number[]>> {
  const simulation = await createSimulation(network, options);
  try {
    if (run) await run(simulation);
    else await simulation.run(`${durationMs} ms`);
    const { steps, neurons } = simulation.allSpikes();
    const found: Record<string, number[]> = { steps: [...steps], neurons: [...neurons] };
    for (const [name, [recording, variable]] of Object.entries(traces)) {
      found[`trace of ${name}`] = [...(simulation.state(recording).values[variable] ?? [])];
    }
    for (const [name, [owner, variable]] of Object.entries(finals)) {
      found[`final ${name}`] = [...(await simulation.get(owner, variable))];
    }
    return found;
  } finally {
    simulation.destroy();
  }
}

describeGpu('GPU and CPU engine in f32 agree to the bit', (device) => {
  it.each(Object.entries(cases))('%s', async (_, build) => {
    const wanted = await outcome(build(), { engine: 'cpu' });
    const found = await outcome(build(), { engine: 'gpu', device, strict: true });
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    for (const [name, values] of Object.entries(wanted)) {
      const first = values.findIndex(
        (value, k) => !Object.is(value + 0, (found[name]?.[k] ?? Number.NaN) + 0),
      );
      const place = `${name}, entry ${first}: CPU ${values[first]}, GPU ${found[name]?.[first]}`;
      expect(first, place).toBe(-1);
      expect(found[name]?.length, name).toBe(values.length);
    }
  });
});
