/**
 * A cortical network whose neurons regulate their conductances by their calcium, and a channel that is blocked: the
 * controllers bring the rate back, and with it either the old activity or a pathological rhythm.
 */
import {
  extend,
  models,
  Network,
  type NeuronModel,
  type Population,
  type SynapseModelOptions,
} from '../index.ts';
import { defineExample } from './example.ts';

/** Synapses that reach a neuron, from excitatory and inhibitory neurons; kept whatever the size of the network. */
const IN_DEGREE = { exc: 60, inh: 20 } as const;

/** Use, recovery [ms] and facilitation [ms] by the two ends, as in Tsodyks et al. 2000 and Maass et al. 2002. */
const DYNAMICS = {
  ee: [0.5, 800, 1],
  ei: [0.2, 100, 1000],
  ie: [0.25, 700, 20],
  ii: [0.32, 144, 60],
} as const;

/** Weights at full resources, nS. */
const WEIGHT_NS = { ee: 1.4, ei: 0.8, ie: 3, ii: 3 } as const;

/** mRNA, uM, and channels per mRNA where the unblocked network holds its target: it starts settled. */
const SETTLED = { mrna: 0.88, g_in: 0.4, g_kca: 0.5, g_ampa: 1 } as const;

/** Time constants of mRNA and of channels, hours of biology. */
const TAU_HOURS = 1;

/** What can be blocked, by its name in the example: the parameter that says how much is open. */
const CHANNELS = { inward: 'open_in', potassium: 'open_kca' } as const;

/** One more conductance under the neuron's controller: mRNA that integrates the error of calcium, channels that follow. */
const regulate = (neuron: NeuronModel, name: string, supplies: readonly string[]): NeuronModel =>
  extend(neuron, models.conductanceControl, {
    replace: {
      calcium: 'mean(ca)',
      g: name,
      mrna: `mrna_${name}`,
      translation: `translation_${name}`,
      // Those of all controllers are the same parameters.
      ca_target: 'ca_target',
      tau_m: 'tau_m_rna',
      tau_g: 'tau_channel',
    },
    supplies,
  });

/** The excitatory neuron: an inward and a potassium conductance and its AMPA receptors are regulated together. */
const REGULATED = [
  ['g_in', ['g_in']] as const,
  ['g_kca', ['g_kca']] as const,
  ['g_ampa', []] as const,
].reduce<NeuronModel>(
  (neuron, [name, supplies]) => regulate(neuron, name, supplies),
  models.lifCalcium,
);

const RANDOM_START = 'v_reset + rand()*(v_thresh - v_reset)';

/** The network of this size, nothing blocked. */
function network(neurons: number, acceleration: number, seed: number): Network {
  const net = new Network({ name: 'homeostasis', dt: '0.5 ms', seed });
  const excitatoryCount = Math.round(0.8 * neurons);
  const perMrna = ([name, each]: readonly [string, number]) =>
    [`translation_${name}`, `${each} uS/mm2/uM`] as const;
  const first = ([name, each]: readonly [string, number]) =>
    [
      [`mrna_${name}`, `${SETTLED.mrna}*uM`],
      [name, `${each * SETTLED.mrna}*usiemens/mm2`],
    ] as const;
  const { mrna: _, ...channels } = SETTLED;
  const options = REGULATED.with(
    {
      ca_target: '0.15 uM',
      tau_m_rna: `${TAU_HOURS} h`,
      tau_channel: `${TAU_HOURS} h`,
      ...Object.fromEntries(Object.entries(channels).map(perMrna)),
    },
    { receptors: 'g_ampa/(1*usiemens/mm2)' },
  );
  const excitatory = net.population('excitatory', excitatoryCount, {
    ...options,
    slow: '100 ms',
    acceleration,
    initial: {
      ...options.initial,
      v: RANDOM_START,
      ca: 'ca_target',
      ...Object.fromEntries(Object.entries(channels).flatMap(first)),
    },
  });
  const interneurons = models.lifCalcium.with({ tau_m: '10 ms', g_in: '0.5 uS/mm2' });
  const inhibitory = net.population('inhibitory', neurons - excitatoryCount, {
    ...interneurons,
    initial: { ...interneurons.initial, v: RANDOM_START },
  });
  connect(net, excitatory, inhibitory);
  for (const target of [excitatory, inhibitory]) {
    net.poissonInput(`background_${target.name}`, target, {
      variable: 'g_exc',
      n: 100,
      rate: '1 Hz',
      weight: '1.5*nS',
    });
  }
  net.record.spikes(excitatory);
  net.record.spikes(inhibitory);
  return net;
}

/** Four projections, each with its own short-term plasticity. */
function connect(net: Network, excitatory: Population, inhibitory: Population): void {
  const ends = { e: excitatory, i: inhibitory } as const;
  for (const [name, [use, recovery, facilitation]] of Object.entries(DYNAMICS)) {
    const [from, to] = [...name].map((end) => ends[end as keyof typeof ends]);
    if (from === undefined || to === undefined) continue;
    const isExcitatory = from === excitatory;
    const synapse: SynapseModelOptions = models.tsodyksMarkram.with(
      { u_0: use, tau_rec: `${recovery} ms`, tau_fac: `${facilitation} ms` },
      isExcitatory ? {} : { g_exc: 'g_inh' },
    );
    const weight = WEIGHT_NS[name as keyof typeof WEIGHT_NS];
    // Resources of a source that fires at about 4 Hz; full ones would begin with a burst.
    const resources = 1 / (1 + use * 0.004 * recovery);
    net
      .projection(`${from.name}->${to.name}`, from, to, {
        ...synapse,
        initial: { x_syn: resources, weight: `${weight}*nS` },
        delay: '1.5 ms',
      })
      .connect({
        rule: 'fixed-in-degree',
        k: Math.min(from.size, isExcitatory ? IN_DEGREE.exc : IN_DEGREE.inh),
      });
  }
}

/** See src/models/systems/cortical-homeostasis.md for what was measured. */
export const homeostasis = defineExample({
  name: 'homeostasis',
  title: 'Cortical network that regulates its conductances, and a channel block',
  citation:
    'Controllers of O\u2019Leary, Williams, Franci & Marder 2014, Neuron 82:809, doi:10.1016/j.neuron.2014.04.002; short-term plasticity of Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50; the question of Fr\u00f6hlich, Bazhenov & Sejnowski 2008, J Neurosci 28:1709',
  note: 'Slow time runs `acceleration` times as fast as the network: with 360, ten seconds are an hour of regulation, and 300 s are 30 hours. Excitatory neurons hold their calcium, and so their rate, at 5 Hz. A mild block of the inward current (factor 0.6) is made up for. A strong one (0.2) silences the network; what brings the rate back are the receptors that are regulated with the blocked channel, and they bring it back as synchronous population bursts. A block of the calcium-gated potassium current (channel=potassium factor=0) is an outburst first, and ends at the old rate with more irregular spikes. The network and its numbers are ours; no experiment is reproduced.',
  parameters: {
    neurons: {
      kind: 'number',
      default: 10_000,
      min: 100,
      max: 1_000_000,
      integer: true,
      doc: 'Neurons, 80 % of them excitatory. Each keeps its 80 synapses.',
    },
    channel: {
      kind: 'choice',
      default: 'inward',
      choices: ['inward', 'potassium'],
      doc: 'Which channel of the excitatory neurons is blocked: the persistent inward or the calcium-gated potassium channel.',
    },
    factor: {
      kind: 'number',
      default: 0.2,
      min: 0,
      max: 1,
      doc: 'What the block leaves of the current: 0.6 is mild, 0.2 strong, 1 no block.',
    },
    at: {
      kind: 'quantity',
      default: '20 s',
      min: '0 s',
      max: '100000 s',
      doc: 'When the block begins, in time of the network.',
    },
    until: {
      kind: 'quantity',
      default: '0 s',
      min: '0 s',
      max: '100000 s',
      doc: 'When it ends; 0 s for never.',
    },
    acceleration: {
      kind: 'number',
      default: 360,
      min: 1,
      max: 3600,
      doc: 'By how much regulation runs ahead of the network. 360 leaves time constants of 10 s; where the network settles does not depend on it.',
    },
  },
  defaultDuration: '300 s',
  build({ neurons, channel, factor, at, until, acceleration }, seed) {
    const net = network(neurons, acceleration, seed);
    if (factor < 1) {
      net.intervene({
        name: 'block',
        at,
        ...(Number.parseFloat(until) > 0 ? { until } : {}),
        owner: 'excitatory',
        parameter: CHANNELS[channel as keyof typeof CHANNELS],
        factor,
      });
    }
    return net.document;
  },
});
