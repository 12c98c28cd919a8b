/** Named interventions on pools and genes: every change names a parameter, and every sign is what the model does (T28). */
import { describe, expect, it } from 'vitest';
import {
  findIntervention,
  findModel,
  type NamedIntervention,
  Network,
  type NeuronModel,
  namedInterventions,
  parseQuantity,
} from '../../src/index.ts';
import { type EngineCase, engines, samples, simulate } from '../support/engines.ts';
import { receptorTests } from '../support/receptor-drives.ts';

const all = Object.entries<NamedIntervention>(namedInterventions);

/** Parameter values of a model under an intervention. */
function changed(model: NeuronModel, { changes }: NamedIntervention) {
  return Object.fromEntries(
    changes.map((change) => {
      if ('value' in change) return [change.parameter, change.value];
      const { value } = model.params[change.parameter] ?? { value: Number.NaN };
      if (typeof value === 'number') return [change.parameter, value * change.factor];
      const [, amount = '', unit = ''] = /^([\d.]+)(.*)$/.exec(value) ?? [];
      return [change.parameter, `${Number(amount) * change.factor}${unit}`];
    }),
  );
}

it.each(all)('%s changes parameters of its model, within their ranges', (_, intervention) => {
  const model = findModel(intervention.model) as NeuronModel;
  const values = changed(model, intervention);
  expect(Object.keys(values).length).toBeGreaterThan(0);
  expect(() => model.with(values)).not.toThrow();
  for (const [name, value] of Object.entries(values)) {
    expect(model.params, name).toHaveProperty(name);
    const { value: before } = model.params[name] as { value: string | number };
    const number = (one: string | number) => parseQuantity(one, name).value;
    expect(number(value as string)).not.toBe(number(before));
  }
  for (const variable of Object.keys(intervention.signs)) {
    expect(model.eqs).toMatch(new RegExp(`(^|\\n)d?${variable}(/dt)? =`));
  }
});

// Blocked channels take 900 s of spiking: tests/physics/homeostasis.test.ts has them. Receptors need transmitter:
// tests/physics/receptor-drugs.test.ts has those. The chain of release needs a spike: release-chain.test.ts.
const elsewhere = ['calcium-homeostasis', 'release-chain', ...Object.keys(receptorTests)];
const slow = all.filter(([, { model }]) => !elsewhere.includes(model));

describe('signs', () => {
  it.each(slow)('%s', async (_, intervention) => {
    const model = findModel(intervention.model) as NeuronModel;
    // Genes take hundreds of hours, pools three.
    const isGene = intervention.model === 'gene-cascade';
    const [step, hours] = isGene ? ['10 min', 500] : ['100 ms', 3];
    const base = isGene ? { calcium: '2 uM' } : {};
    const end = async (values: object): Promise<Record<string, number>> => {
      const net = new Network({ dt: step });
      const options = model.with({ ...base, ...values });
      const population = net.population('model', 1, { ...options, slow: step });
      const variables = Object.keys(intervention.signs);
      net.record.state(population, variables, { every: isGene ? '1 h' : '1 min' });
      return simulate(net, engines[1] as EngineCase, hours * 3_600_000, (simulation) =>
        Object.fromEntries(
          variables.map((variable) => [variable, samples(simulation, variable).at(-1) as number]),
        ),
      );
    };
    const [control, treated] = [await end({}), await end(changed(model, intervention))];
    for (const [variable, sign] of Object.entries(intervention.signs)) {
      const ratio = (treated[variable] as number) / (control[variable] as number);
      if (sign === 'rises') expect(ratio, variable).toBeGreaterThan(1.05);
      else expect(ratio, variable).toBeLessThan(0.95);
    }
  });
});

it('are found by name, with a suggestion', () => {
  expect(findIntervention('reserpine').model).toBe('dopamine-synthesis');
  expect(() => findIntervention('reserpin')).toThrow(/Did you mean "reserpine"\? Known: .*cocaine/);
  expect(() => findIntervention(3 as never)).toThrow(TypeError);
});
