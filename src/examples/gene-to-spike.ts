/**
 * The whole chain in one run: activity → calcium → kinase → CREB → gene → enzyme → vesicular dopamine → release into a
 * field → receptors → excitability → activity. Every link is a model of the library; `extend` joins them.
 */
import {
  DIMENSIONS,
  extend,
  type InterventionDocument,
  linkFields,
  models,
  Network,
  type NeuronModel,
  type Population,
  parseQuantity,
} from '../index.ts';
import { defineExample } from './example.ts';

/** Voxels of 20 um, 16 deep; as wide and high as the density of neurons asks for. */
const FIELD = { spacingUm: 20, depth: 16, widthOf10000: 32, every: '20 ms' } as const;

const RANDOM_START = 'v_reset + rand()*(v_thresh - v_reset)';

/** Striatal dopamine of Ejdrup et al. 2024: release sites per um3, molecules of a vesicle, chance of release. */
const RELEASE = { sitesPerUm3: 0.04, molecules: 3000, probability: 0.06 } as const;

/** Voxels into which the axon of a dopamine neuron releases, each for many of its sites. */
const ARBOUR = 64;

/** Inhibitory synapses onto a neuron: within the striatum, and from the striatum onto dopamine neurons. */
const IN_DEGREE = { lateral: 30, nigral: 40 } as const;

/** Where the untouched network settles: spikes per second, dopamine of vesicles, and the way to the enzyme. */
const REST = {
  rateHz: 4,
  vesicularUm: 81,
  camk: 0.49,
  pcreb: 0.657,
  mrna: 28.07,
  protein: 74_500,
} as const;

/**
 * The dopamine neuron: calcium of its spikes drives the gene of tyrosine hydroxylase, the enzyme fills vesicles, spikes
 * empty them.
 */
const DOPAMINE_NEURON = extend(
  extend(models.lifCalcium, models.geneCascade, {
    replace: { calcium: 'mean(ca)', environment: 'environment(t)' },
  }),
  models.dopamineSynthesis,
  {
    replace: {
      vmax_th: 'vmax_per_enzyme*protein',
      fire: 'released_share*(mean(ca) - ca_rest)/(ca_spike*tau_ca)',
    },
  },
);

/** The two kinds of striatal neurons: factor on excitation at full occupancy of their receptors, cortical weight in nS. */
const STRIATUM = {
  d1: { level: 'occ_d1', maxMod: 6, cortexNs: 0.54 },
  d2: { level: 'occ_d2', maxMod: 0.6, cortexNs: 0.68 },
} as const;

/** A striatal neuron, which has receptors in the field; one kind of them acts on its excitation. */
const striatalNeuron = (level: string): NeuronModel =>
  extend(extend(models.lifCalcium, models.dopamineOccupancy), models.modulation, {
    replace: { modulated: 'receptors', base: '1', level, siemens: '1' },
    supplies: ['receptors'],
  });

/** From the kinase to vesicles, as recorded of some dopamine neurons. */
const SLOW_VARIABLES = ['camk', 'pcreb', 'mrna', 'protein', 'vda'];

/** What is done to the network, beside what the environment does: owner, parameter and factor. */
const INTERVENTIONS = {
  none: [],
  'knock-down': [['midbrain', 'k_drive', 0.5]],
  ampt: [['midbrain', 'vmax_per_enzyme', 0.1]],
  reserpine: [['midbrain', 'vmax_vmat', 0.1]],
  cocaine: [
    ['dopamine', 'km', 3],
    ['midbrain', 'km_dat', 3],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [string, string, number])[]>>;

/** Dopamine neurons with their gene and their pools, which run on slow time. */
function midbrainOf(net: Network, count: number, acceleration: number): Population {
  const options = DOPAMINE_NEURON.with({
    i_offset: '325 pA',
    g_kca: '0.5 uS/mm2',
    // A spike lets in 0.02 uM on the mean, for which these are the working points.
    k_calcium: '0.13 uM',
    k_creb: 0.6,
    // Autoreceptors compare the mean of all extracellular space; what one neuron releases in 0.1 s is no such mean.
    autoreceptor: 0,
  });
  const midbrain = net.population('midbrain', count, {
    ...options,
    params: {
      ...options.params,
      vmax_per_enzyme: `${125 / REST.protein} uM/h`,
      released_share: 1 / (3600 * REST.rateHz),
    },
    acceleration,
    initial: {
      ...options.initial,
      v: RANDOM_START,
      ca: 'ca_rest + 0.08*uM',
      camk: REST.camk,
      pcreb: REST.pcreb,
      mrna: REST.mrna,
      protein: REST.protein,
    },
  });
  net.poissonInput('background->midbrain', midbrain, {
    variable: 'g_exc',
    n: 20,
    rate: '2 Hz',
    weight: '1.5*nS',
  });
  return midbrain;
}

/** Neurons with D1 and neurons with D2 receptors, spread in the field. */
function striatumOf(net: Network, count: number, box: readonly string[]): readonly Population[] {
  const half = Math.round(count / 2);
  return Object.entries(STRIATUM).map(([name, { level, maxMod, cortexNs }], k) => {
    const options = striatalNeuron(level).with({ max_mod: maxMod });
    const striatal = net.population(name, k === 0 ? half : count - half, {
      ...linkFields(options, { dopamine: 'dopamine.concentration' }),
      slow: FIELD.every,
      positions: { box },
    });
    striatal.set({ v: RANDOM_START });
    net.poissonInput(`cortex->${name}`, striatal, {
      variable: 'g_exc',
      n: 200,
      rate: '8 Hz',
      weight: `${cortexNs}*nS`,
    });
    return striatal;
  });
}

/** Inhibition in the striatum, D2 onto D1 the strongest, and from D1 onto dopamine neurons. */
function inhibit(net: Network, midbrain: Population, d1: Population, d2: Population): void {
  const synapses: readonly (readonly [Population, Population, number, number])[] = [
    [d1, d1, IN_DEGREE.lateral, 0.5],
    [d2, d2, IN_DEGREE.lateral, 0.5],
    [d2, d1, IN_DEGREE.lateral, 0.8],
    [d1, midbrain, IN_DEGREE.nigral, 0.6],
  ];
  for (const [source, target, k, weight] of synapses) {
    const synapse = models.staticSynapse.with({}, { g_exc: 'g_inh' });
    net
      .projection(`${source.name}->${target.name}`, source, target, {
        ...synapse,
        initial: { weight: `${weight}*nS` },
        delay: '2 ms',
      })
      .connect({ rule: 'fixed-in-degree', k: Math.min(k, source.size) });
  }
}

/** The field, and what each spike of a dopamine neuron releases into the voxels of its axon. */
function releaseInto(net: Network, midbrain: Population, width: number): void {
  const grid = [width, width, FIELD.depth];
  const volume = width * width * FIELD.depth * FIELD.spacingUm ** 3;
  const sites = (RELEASE.sitesPerUm3 * volume) / midbrain.size;
  const field = net.field('dopamine', {
    grid,
    spacing: `${FIELD.spacingUm} um`,
    every: FIELD.every,
    eqs: 'dconcentration/dt = -vmax*concentration/(km + concentration) : mM',
    diffusion: { concentration: '763 um**2/second' },
    tortuosity: 1.54,
    volumeFraction: 0.21,
    params: { vmax: '4.5 uM/second', km: '0.21 uM' },
    initial: { concentration: '11*nM' },
  });
  net
    .projection('release', midbrain, field, {
      onPre:
        'concentration += molecules*vda_pre/vda_rest/avogadro_constant/voxel_volume/volume_fraction',
      params: {
        molecules: (sites * RELEASE.probability * RELEASE.molecules) / ARBOUR,
        vda_rest: `${REST.vesicularUm} uM`,
      },
    })
    .connect({ rule: 'fixed-out-degree', k: ARBOUR });
}

const millisecondsOf = (text: string): number => parseQuantity(text, 'at', DIMENSIONS.time).value;

/** See src/models/systems/gene-to-spike.md for the chain, its clocks and what was measured. */
export const geneToSpike = defineExample({
  name: 'gene-to-spike',
  title: 'From genes to spikes and back: the whole chain of a dopamine system',
  citation:
    'Best, Nijhout & Reed 2009, Theor Biol Med Model 6:21, doi:10.1186/1742-4682-6-21 (pools); Ejdrup et al. 2024, eLife 14:RP105214, doi:10.7554/eLife.105214 (release, uptake, receptors); Schwanh\u00e4usser et al. 2011, Nature 473:337, doi:10.1038/nature10098 (expression)',
  note: 'Slow time, that of genes and pools in the midbrain, runs `acceleration` times as fast as the network: with 20, the 180 s of a run are one hour of it; `at` is slow time. Field, receptors and spikes run at their own pace. The loop is closed: more enzyme means more dopamine, fewer spikes of D2 and more of D1 neurons, which inhibit the midbrain and so its gene. Tyrosine hydroxylase changes over days: for the environment take acceleration=720 and --duration "240 s", two days; vesicles then follow within seconds, and where they settle is the same. Receptor effects, connections and working points of the gene are ours; a dopamine neuron stands for the release sites of its share of the volume.',
  parameters: {
    neurons: {
      kind: 'number',
      default: 10_000,
      min: 200,
      max: 1_000_000,
      integer: true,
      doc: 'Neurons: a tenth in the midbrain, the others in the striatum, half of them with D1 receptors.',
    },
    environment: {
      kind: 'number',
      default: 1,
      min: 0,
      max: 10,
      doc: 'Factor on the gene from `at` on: what stress, enrichment or a drug does to its transcription.',
    },
    intervention: {
      kind: 'choice',
      default: 'ampt',
      choices: ['none', 'knock-down', 'ampt', 'reserpine', 'cocaine'],
      doc: "What is done from `at` on: half of the CREB-driven transcription, a tenth of the enzyme's activity, a tenth of the vesicular transporter, or a blocked reuptake transporter.",
    },
    at: {
      kind: 'quantity',
      default: '15 min',
      min: '0 s',
      max: '10000 h',
      doc: 'When, in slow time.',
    },
    acceleration: {
      kind: 'number',
      default: 20,
      min: 1,
      max: 3600,
      doc: 'By how much slow time runs ahead of the network. At 20 vesicles still take 150 s; where the network settles does not depend on it.',
    },
  },
  defaultDuration: '180 s',
  build({ neurons, environment, intervention, at, acceleration }, seed) {
    const net = new Network({ name: 'gene-to-spike', dt: '0.5 ms', seed });
    const atMs = Math.max(0.5, millisecondsOf(at) / acceleration);
    net.timedArray('environment', { dt: `${atMs} ms`, unit: '1', values: [1, environment] });
    const width = Math.max(2, Math.round(FIELD.widthOf10000 * Math.sqrt(neurons / 10_000)));
    const side = `${width * FIELD.spacingUm} um`;
    const midbrain = midbrainOf(net, Math.round(neurons / 10), acceleration);
    releaseInto(net, midbrain, width);
    const box = [side, side, `${FIELD.depth * FIELD.spacingUm} um`];
    const [d1, d2] = striatumOf(net, neurons - midbrain.size, box);
    if (d1 === undefined || d2 === undefined) throw new Error('internal: two kinds of receptors');
    inhibit(net, midbrain, d1, d2);
    for (const [owner, parameter, factor] of INTERVENTIONS[
      intervention as keyof typeof INTERVENTIONS
    ]) {
      const change: InterventionDocument = {
        name: intervention,
        at: `${atMs} ms`,
        owner,
        parameter,
        factor,
      };
      net.intervene(change);
    }
    for (const population of [midbrain, d1, d2]) net.record.spikes(population);
    net.record.state(midbrain.slice(0, Math.min(20, midbrain.size)), SLOW_VARIABLES, {
      name: 'slow',
      every: '1 s',
    });
    return net.document;
  },
});
