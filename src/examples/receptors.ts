/** One train of spikes, four transmitters, and what every receptor of the library makes of it. */
import {
  extend,
  findIntervention,
  models,
  Network,
  type NeuronModel,
  parametersUnder,
  parseQuantity,
  pulseSynapse,
} from '../index.ts';
import { defineExample } from './example.ts';

/** Where the train begins, ms. */
const ONSET_MS = 20;

/** Drugs on receptors of this example, by the fragment that has their parameters. */
const DRUGS: Readonly<Record<string, NeuronModel>> = {
  'ampa-antagonist': models.ampa,
  'nmda-antagonist': models.nmda,
  'magnesium-up': models.nmda,
  'gaba-a-antagonist': models.gabaA,
  benzodiazepine: models.gabaA,
  'gaba-b-antagonist': models.gabaB,
  curare: models.nicotinic,
  atropine: models.muscarinic,
  'd1-antagonist': models.dopamineOccupancy,
  'd2-antagonist': models.dopamineOccupancy,
};

/** A cleft and the receptors in it: the transmitter of the receptors is what the cleft holds. */
const synapse = (receptors: NeuronModel, transmitter: string): NeuronModel =>
  extend(receptors, models.cleft, {
    supplies: [transmitter],
    replace: { transmitter, supply: `supply_${transmitter}`, k_clear: `k_clear_${transmitter}` },
    name: transmitter,
  });

const glutamate = synapse(extend(models.ampaKinetic, models.nmdaKinetic), 'glutamate');
const gaba = synapse(extend(models.gabaAKinetic, models.gabaBKinetic), 'gaba');
const acetylcholine = synapse(extend(models.nicotinic, models.muscarinic), 'acetylcholine');
/** Dopamine is a mean over the tissue, and its receptors follow on a clock of their own. */
const dopamine = extend(models.dopamineOccupancy, models.cleft, {
  replace: { transmitter: 'level' },
  name: 'dopamine',
});
const neuron = extend(models.adex, [
  models.ampaPulse,
  models.nmdaPulse,
  models.gabaAPulse,
  models.gabaBPulse,
]);

/** Synapses under voltage clamp, and a neuron that has them all. */
export const receptors = defineExample({
  name: 'receptors',
  title: 'From a spike to every receptor',
  citation:
    'Destexhe, Mainen & Sejnowski 1994, J Comput Neurosci 1:195, doi:10.1007/BF00961734, and 1998; Jahr & Stevens 1990, doi:10.1523/JNEUROSCI.10-09-03178.1990; dopamine: Ejdrup et al. 2024, eLife 14:RP105214, doi:10.7554/eLife.105214',
  note: 'A terminal of each transmitter fires the same train. Look at glutamate.i_ampa and i_nmda (blocked by magnesium unless you raise the potential), gaba.i_gaba_a and i_gaba_b (needs several spikes), acetylcholine.i_nicotinic and open_muscarinic, dopamine.occ_d1 and occ_d2 (seconds), and at neuron.v, where the first two come together. Try one spike against ten, and the drugs.',
  parameters: {
    spikes: {
      kind: 'number',
      default: 10,
      min: 1,
      max: 100,
      integer: true,
      doc: 'Spikes of the train.',
    },
    rate: {
      kind: 'quantity',
      default: '100 Hz',
      min: '1 Hz',
      max: '400 Hz',
      doc: 'Rate of the train.',
    },
    potential: {
      kind: 'quantity',
      default: '-65 mV',
      min: '-120 mV',
      max: '60 mV',
      doc: 'Potential at which the synapses are clamped.',
    },
    drug: {
      kind: 'choice',
      default: 'none',
      choices: ['none', ...Object.keys(DRUGS)],
      doc: 'A drug, there from the start.',
    },
  },
  defaultDuration: '600 ms',
  build({ spikes, rate, potential, drug }, seed) {
    const net = new Network({ name: 'receptors', dt: '0.05 ms', seed });
    const terminals = ['glutamate', 'gaba', 'acetylcholine', 'dopamine'];
    const intervalMs = 1 / parseQuantity(rate, 'rate').value;
    const times = Array.from({ length: spikes }, (_, k) => ONSET_MS + k * intervalMs);
    const source = net.spikeList('terminals', terminals.length, {
      indices: terminals.flatMap((_, k) => times.map(() => k)),
      timesMs: terminals.flatMap(() => times),
    });
    const from = (transmitter: string) => {
      const k = terminals.indexOf(transmitter);
      return source.slice(k, k + 1);
    };
    const changes = drugOf(drug);
    const underDrug = (
      model: NeuronModel,
      values: Readonly<Record<string, string | number>> = {},
    ) => {
      const own = Object.entries(changes).filter(([name]) => Object.hasOwn(model.params, name));
      return { ...values, ...Object.fromEntries(own) };
    };
    const all = { rule: 'all-to-all' } as const;
    const clamp = { v: potential };

    const cleft = (model: NeuronModel, clearance: string, variables: readonly string[]): void => {
      const { name } = model;
      const options = model.with(underDrug(model, { ...clamp, [`k_clear_${name}`]: clearance }));
      const population = net.population(name, 1, {
        ...options,
        ...(name === 'acetylcholine' ? { method: 'implicit' } : {}),
      });
      const onPre = `${name} += 1*mM`;
      net.projection(`${name}-release`, from(name), population, { onPre }).connect(all);
      net.record.state(population, [name, ...variables], { name });
    };
    cleft(glutamate, '1 1/ms', ['i_ampa', 'i_nmda']);
    cleft(gaba, '1 1/ms', ['i_gaba_a', 'i_gaba_b']);
    cleft(acetylcholine, '3 1/ms', ['i_nicotinic', 'open_muscarinic']);

    const tissue = net.population('dopamine', 1, {
      ...dopamine.with(
        underDrug(dopamine, {
          // Holds the 10 nM that receptors start with.
          supply: '0.18676 uM/second',
          k_clear: '0.04 1/second',
          vmax_uptake: '4.1 uM/second',
          km_uptake: '0.21 uM',
        }),
        { dopamine: 'mean(level)' },
      ),
      slow: '10 ms',
      initial: { level: '10*nM', occ_d1: 10 / 1010, occ_d2: 10 / 17 },
    });
    // All terminals of the tissue at once: 0.04/um3 times 0.06 vesicles of 3000 molecules, in a fifth of the volume.
    net
      .projection('dopamine-release', from('dopamine'), tissue, { onPre: 'level += 57*nM' })
      .connect(all);
    net.record.state(tissue, ['level', 'occ_d1', 'occ_d2'], { name: 'dopamine' });

    const cell = net.population(
      'neuron',
      1,
      neuron.with(underDrug(neuron, { g_max_gaba_b: '20 nS' })),
    );
    net
      .projection(
        'excitation',
        from('glutamate'),
        cell,
        pulseSynapse({ ampa: '20 nS', nmda: '20 nS' }, { delay: '1 ms' }),
      )
      .connect(all);
    net
      .projection(
        'inhibition',
        from('gaba'),
        cell,
        pulseSynapse({ gaba_a: '4 nS', gaba_b: 1 }, { delay: '3 ms' }),
      )
      .connect(all);
    net.record.state(cell, ['v', 'i_ampa', 'i_nmda', 'i_gaba_a', 'i_gaba_b'], {
      name: 'neuron',
    });
    net.record.spikes(cell);
    return net.document;
  },
});

/** Parameters of the drug of that name. */
function drugOf(name: string): Readonly<Record<string, string | number>> {
  const model = DRUGS[name];
  return model === undefined ? {} : parametersUnder(model, findIntervention(name));
}
