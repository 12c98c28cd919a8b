/** Named interventions on receptors: each has the sign that it says, and the size that its law says. */
import { describe, expect, it } from 'vitest';
import {
  extend,
  findModel,
  models,
  type NamedIntervention,
  Network,
  type NeuronModel,
  namedInterventions,
  type ParameterValues,
  parametersUnder,
} from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { receptorTests } from '../support/receptor-drives.ts';

const drugs = Object.entries<NamedIntervention>(namedInterventions).filter(([, { model }]) =>
  Object.hasOwn(receptorTests, model),
);

/** Variables of a driven model at the end of its test. */
async function ends(
  engine: EngineCase,
  name: string,
  params: ParameterValues,
  variables: readonly string[],
): Promise<readonly number[]> {
  const model = findModel(name) as NeuronModel;
  const drive = receptorTests[name];
  if (drive === undefined) throw new Error(`no drive for ${name}`);
  const net = new Network({ dt: `${drive.dtMs} ms` });
  const options = model.with({ ...drive.params, ...params });
  const population = net.population('model', 1, {
    ...options,
    ...(model.eqs.includes('(slow)') ? { slow: `${drive.dtMs} ms` } : {}),
    initial: { ...options.initial, ...drive.initial },
  });
  net.record.state(population, variables);
  return simulate(net, engine, drive.durationMs + drive.dtMs, (simulation) =>
    variables.map((variable) => samples(simulation, variable).at(-1) as number),
  );
}

it('there are drugs on all kinds of receptors', () => {
  expect(new Set(drugs.map(([, { model }]) => model))).toEqual(new Set(Object.keys(receptorTests)));
});

describe('signs', () => {
  it.each(drugs)('%s', async (_, drug) => {
    const variables = Object.keys(drug.signs);
    expect(variables.length).toBeGreaterThan(0);
    const engine = engines[1] as EngineCase;
    const model = findModel(drug.model) as NeuronModel;
    const control = await ends(engine, drug.model, {}, variables);
    const treated = await ends(engine, drug.model, parametersUnder(model, drug), variables);
    for (const [k, variable] of variables.entries()) {
      expect(control[k], variable).toBeGreaterThan(0);
      const ratio = (treated[k] as number) / (control[k] as number);
      if (drug.signs[variable] === 'rises') expect(ratio, variable).toBeGreaterThan(1.05);
      else expect(ratio, variable).toBeLessThan(0.95);
    }
  });
});

describe('sizes', () => {
  it.each(engines)('$name: reuptake inhibitor, 55.5 to 121 nM (T16b)', async (engine) => {
    const { dopamineTerminal } = models;
    const drug = namedInterventions['reuptake-inhibitor'];
    const [control] = await ends(engine, drug.model, {}, ['da']);
    const [treated] = await ends(engine, drug.model, parametersUnder(dopamineTerminal, drug), [
      'da',
    ]);
    expect(Math.abs((control as number) * 1e6 - 55.503)).toBeLessThan(0.05);
    expect(Math.abs((treated as number) * 1e6 - 121.276)).toBeLessThan(0.12);
  });

  it.each(engines)('$name: magnesium moves the block as its formula does', async (engine) => {
    const [open] = await ends(engine, 'nmda', { mg: '5 mM' }, ['block_nmda']);
    const wanted = 1 / (1 + (Math.exp(0.062 * 65) * 5) / 3.57);
    expect(Math.abs((open as number) - wanted)).toBeLessThan(1e-5);
  });

  it.each(engines)('$name: a drug acts in a neuron from a moment on', async (engine) => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.spikeList('source', 1, { indices: [0, 0], timesMs: [10, 110] });
    const cell = net.population('cell', 1, extend(models.lifCondExp, models.ampa).with());
    const plain = models.staticSynapse.with({}, { g_exc: 's_ampa' });
    net
      .projection('p', source, cell, { ...plain, initial: { weight: '1 nS' } })
      .connect({ rule: 'all-to-all' });
    net.record.state(cell, ['g_ampa']);
    const drug = namedInterventions['ampa-antagonist'];
    for (const change of drug.changes) net.intervene({ at: '50 ms', owner: 'cell', ...change });
    await simulate(net, engine, 130, (simulation) => {
      const g = samples(simulation, 'g_ampa');
      const [before, after] = [Math.max(...g.subarray(0, 500)), Math.max(...g.subarray(1000))];
      const peak = (alpha: number) => (alpha / (alpha + 0.19)) * (1 - Math.exp(-(alpha + 0.19)));
      expect(Math.abs(before - peak(1.1))).toBeLessThan(1e-5);
      expect(Math.abs(after - peak(0.11))).toBeLessThan(1e-5);
    });
  });
});
