/** The example `receptors`: what each receptor makes of one spike and of ten, and what drugs change. */
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import type { Simulation } from '../../src/index.ts';
import { type EngineCase, engines, simulate } from '../support/engines.ts';

type Values = Readonly<Record<string, string | number>>;

/** Largest value, or largest negative one, of a recorded variable. */
function extreme(simulation: Simulation, recording: string, variable: string): number {
  const trace = simulation.state(recording).values[variable] ?? new Float64Array();
  return trace.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
}

/** Extremes of some variables, "recording.variable", after a run with these values. */
async function extremes<K extends string>(
  engine: EngineCase,
  values: Values,
  names: readonly K[],
  durationMs = 600,
): Promise<Readonly<Record<K, number>>> {
  const example = examples.receptors;
  if (example === undefined) throw new Error('no example "receptors"');
  return simulate(example.build(values), engine, durationMs, (simulation) => {
    const pairs = names.map((name) => {
      const [recording = '', variable = ''] = name.split('.');
      return [name, extreme(simulation, recording, variable)] as const;
    });
    return Object.fromEntries(pairs) as Readonly<Record<K, number>>;
  });
}

const single = engines[1] as EngineCase;

it.each(engines)('$name: one spike, at -65 mV', async (engine) => {
  const found = await extremes(
    engine,
    { spikes: 1 },
    [
      'glutamate.glutamate',
      'glutamate.i_ampa',
      'glutamate.i_nmda',
      'gaba.i_gaba_a',
      'gaba.i_gaba_b',
      'dopamine.occ_d1',
      'dopamine.level',
    ],
    60,
  );
  expect(Math.abs(found['glutamate.glutamate'] - 1)).toBeLessThan(1e-3);
  // r of a 1 mM transient of 1 ms, times 1 nS and 65 mV; NMDA is a twentieth of its conductance through the block.
  expect(found['glutamate.i_ampa']).toBeGreaterThan(25);
  expect(found['glutamate.i_ampa']).toBeLessThan(45);
  expect(found['glutamate.i_nmda']).toBeGreaterThan(0.1);
  expect(found['glutamate.i_nmda']).toBeLessThan(0.65);
  expect(found['gaba.i_gaba_a']).toBeLessThan(-10);
  // One spike hardly moves GABA-B.
  expect(Math.abs(found['gaba.i_gaba_b'])).toBeLessThan(0.3);
  expect(Math.abs(found['dopamine.level'] * 1e6 - 67)).toBeLessThan(1);
  expect(found['dopamine.occ_d1']).toBeLessThan(0.1);
});

describe('trains and drugs', () => {
  it('ten spikes open GABA-B more than ten times as far as one', async () => {
    const one = await extremes(single, { spikes: 1 }, ['gaba.i_gaba_b']);
    const ten = await extremes(single, { spikes: 10 }, ['gaba.i_gaba_b']);
    expect(ten['gaba.i_gaba_b'] / one['gaba.i_gaba_b']).toBeGreaterThan(10);
  });

  it('depolarisation lifts the magnesium block', async () => {
    const rest = await extremes(single, { spikes: 1 }, ['glutamate.i_nmda']);
    const up = await extremes(single, { spikes: 1, potential: '-30 mV' }, ['glutamate.i_nmda']);
    expect(up['glutamate.i_nmda'] / rest['glutamate.i_nmda']).toBeGreaterThan(2);
  });

  it.each([
    ['ampa-antagonist', 'glutamate.i_ampa', 0.3],
    ['nmda-antagonist', 'glutamate.i_nmda', 0.3],
    ['magnesium-up', 'glutamate.i_nmda', 0.4],
    ['gaba-a-antagonist', 'gaba.i_gaba_a', 1e-9],
    ['gaba-b-antagonist', 'gaba.i_gaba_b', 1e-9],
    ['curare', 'acetylcholine.i_nicotinic', 0.5],
    ['d1-antagonist', 'dopamine.occ_d1', 0.3],
  ])('%s lowers %s', async (drug, name, most) => {
    const control = await extremes(single, {}, [name]);
    const treated = await extremes(single, { drug }, [name]);
    expect(Math.abs(treated[name] as number)).toBeLessThan(
      most * Math.abs(control[name] as number),
    );
  });
});
