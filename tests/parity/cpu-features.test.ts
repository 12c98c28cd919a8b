/**
 * The CPU engine in f32 against the reference interpreter of plans, on the networks that are compared with Brian 2
 * (brian2/), which between them use every feature of the language: the same spikes and final values, to the bit.
 */
import { expect, it } from 'vitest';
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import { exactly } from '../support/compute.ts';
import { Collector } from '../support/plans.ts';
import { runPlan } from '../support/run-plan.ts';
import { cases } from './brian2/cases.ts';

/** The interpreter is slow; in this many steps every case has spiked, been reset and delivered. */
const MOST_STEPS = 300;

it.each(Object.entries(cases))('%s', async (_, build) => {
  const { network, durationMs } = build();
  const { plan } = compileNetwork(network.document, { precision: 'f32' });
  const steps = Math.min(MOST_STEPS, Math.round(durationMs / plan.dtMs));
  const expected = runPlan(plan, steps);
  const collector = new Collector();
  const engine = await createCpuEngine(plan, collector);
  await engine.advance(steps);
  expect(collector.list).toEqual(expected.spikes.map(([step, neuron]) => `${step}:${neuron}`));
  const compare = async (buffer: 'state' | 'synapseState', cells: Float64Array): Promise<void> => {
    const found = await engine.read(buffer, 0, cells.length);
    // The interpreter leaves values that no statement writes as the plan gives them, in double precision.
    const isFirst = (cell: number): boolean => cells[cell] === plan[buffer][cell];
    for (const [cell, value] of found.entries()) {
      const wanted = cells[cell] ?? Number.NaN;
      const rounded = isFirst(cell) && !Number.isInteger(wanted) ? Math.fround(wanted) : wanted;
      expect(exactly(value + 0), `${buffer} ${cell}`).toBe(exactly(rounded + 0));
    }
  };
  await compare('state', expected.state);
  await compare('synapseState', expected.synapseState);
  engine.destroy();
});
