/**
 * The Potjans–Diesmann microcircuit: the neurons under one square millimetre of early sensory cortex, four layers of an
 * excitatory and an inhibitory population each, 77,169 neurons and 0.3 billion synapses at full size. Its numbers are
 * in microcircuit-data.ts; here are its rules, scaling included.
 */
import { Network, type Population } from '../index.ts';
import { defineExample } from './example.ts';
import {
  CONNECTION_PROBABILITY,
  type MicrocircuitPopulation,
  NEURON,
  POPULATIONS,
  SYNAPSE,
} from './microcircuit-data.ts';

/** One text for all populations and one statement for all synapses, so that each kind runs as one piece of work. */
const EQUATIONS = `dv/dt = (v_rest - v)/tau_m + (i_syn + i_dc)/c_m : volt (unless refractory)
di_syn/dt = -i_syn/tau_syn : amp`;
const ON_PRE = 'i_syn += strength*w';

/** Current amplitude, pA, that gives a postsynaptic potential of `psp` mV at its peak. */
function currentOf(psp: number): number {
  const { tauM, tauSyn, cM } = NEURON;
  const ratio = tauM / tauSyn;
  const rise = ratio ** (tauM / (tauSyn - tauM)) - ratio ** (tauSyn / (tauSyn - tauM));
  return (psp * cM) / (((tauM * tauSyn) / (tauSyn - tauM)) * rise);
}

/**
 * From this scale on synapses are made again for every spike, not stored: then they would take more than 1 GB. (Choices
 * of a simulation, `synapses: 'stored'`, come before it.)
 */
const PROCEDURAL_FROM = 0.7;

/** Number of synapses of the full model: so many draws with replacement give the published probability. */
function fullSynapseCount(target: number, source: number): number {
  const p = CONNECTION_PROBABILITY[target]?.[source] ?? 0;
  const pairs = countOf(target) * countOf(source);
  // Not log1p: the published counts are those of this formula in double precision.
  return Math.round(Math.log(1 - p) / Math.log((pairs - 1) / pairs));
}

const countOf = (population: number): number => POPULATIONS[population]?.neurons ?? 0;

const isExcitatory = (population: number): boolean => population % 2 === 0;

/** Mean weight of the full model, pA. */
function fullWeight(target: number, source: number): number {
  const isDoubled = target === 0 && source === 2;
  return currentOf(SYNAPSE.psp) * (isExcitatory(source) ? (isDoubled ? 2 : 1) : SYNAPSE.g);
}

/**
 * Current, pA, that makes up for the mean input lost when in-degrees are scaled by `scale` and weights by
 * 1/sqrt(scale): the mean of the full model, from its published rates, times 1 - sqrt(scale).
 */
function compensation(target: number, scale: number): number {
  const external =
    currentOf(SYNAPSE.psp) * (POPULATIONS[target]?.external ?? 0) * SYNAPSE.externalHz;
  const recurrent = POPULATIONS.map(({ rateHz }, source) => {
    const inDegree = fullSynapseCount(target, source) / countOf(target);
    return fullWeight(target, source) * inDegree * rateHz;
  });
  const total = recurrent.reduce((sum, part) => sum + part, external);
  return 0.001 * NEURON.tauSyn * (1 - Math.sqrt(scale)) * total;
}

function addPopulation(net: Network, index: number, scale: number, dc: number): Population {
  const { name, neurons, initialMv } = POPULATIONS[index] as MicrocircuitPopulation;
  const [mean, sd] = initialMv;
  return net.population(name, Math.max(1, Math.round(neurons * scale)), {
    eqs: EQUATIONS,
    threshold: 'v > v_thresh',
    reset: 'v = v_reset',
    refractory: 'tau_refrac',
    method: 'exact',
    params: {
      v_rest: `${NEURON.vRest} mV`,
      v_thresh: `${NEURON.vThresh} mV`,
      v_reset: `${NEURON.vReset} mV`,
      tau_m: `${NEURON.tauM} ms`,
      c_m: `${NEURON.cM} pF`,
      tau_syn: `${NEURON.tauSyn} ms`,
      tau_refrac: `${NEURON.tauRefrac} ms`,
      i_dc: `${dc} pA`,
    },
    initial: { v: { normal: { mean: `${mean} mV`, sd: `${sd} mV` } } },
  });
}

/** The cortical microcircuit, at any scale. */
export const microcircuit = defineExample({
  name: 'microcircuit',
  title: 'Cortical microcircuit: 8 populations, 4 layers, up to 77,169 neurons',
  citation: 'Potjans & Diesmann 2014, Cereb Cortex 24:785, doi:10.1093/cercor/bhs358',
  note: 'At scale 1 every in-degree is that of the full model and nothing is corrected: 298,880,968 synapses, made again for every spike (24 MB instead of 2 GB). Its rates are those of the published PyNEST version, 0.90, 2.97, 4.41, 5.88, 7.57, 8.63, 1.11, 7.83 Hz (one run; microcircuit-PD14-model), within 2 %. Below scale 1 weights grow with 1/sqrt(scale) and a constant current keeps the mean input (the published rule): rates stay roughly, correlations do not. External input comes without its delay of 1.5 ms, which does not change its statistics.',
  parameters: {
    scale: {
      kind: 'number',
      default: 0.1,
      min: 0.005,
      max: 1,
      doc: 'Scales neurons and in-degrees alike; synapses go with its square.',
    },
    input: {
      kind: 'choice',
      default: 'poisson',
      choices: ['poisson', 'dc'],
      doc: 'Background: independent Poisson spikes, or a constant current of the same mean.',
    },
  },
  defaultDuration: '1 s',
  build({ scale, input }, seed) {
    const growth = 1 / Math.sqrt(scale);
    const externalPa = currentOf(SYNAPSE.psp) * growth;
    const params = input === 'poisson' ? { w_ext: `${externalPa} pA` } : {};
    const net = new Network({ name: 'microcircuit', seed, params });
    const populations = POPULATIONS.map(({ external }, index) => {
      const sources = external * scale;
      const background =
        input === 'dc' ? 0.001 * NEURON.tauSyn * SYNAPSE.externalHz * sources * externalPa : 0;
      return addPopulation(net, index, scale, compensation(index, scale) + background);
    });
    for (const [target, post] of populations.entries()) {
      for (const [source, pre] of populations.entries()) {
        const count = Math.round(fullSynapseCount(target, source) * scale * scale);
        if (count === 0) continue;
        const mean = fullWeight(target, source) * growth;
        const sd = `${Math.abs(mean) * SYNAPSE.weightSd} pA`;
        const delay = isExcitatory(source) ? SYNAPSE.delayExc : SYNAPSE.delayInh;
        net
          .projection(`${pre.name} to ${post.name}`, pre, post, {
            ...(scale >= PROCEDURAL_FROM && { synapses: 'procedural' as const }),
            eqs: 'w : amp (constant)',
            onPre: ON_PRE,
            params: { strength: 1 },
            initial: {
              w: { normal: { mean: `${mean} pA`, sd, [mean > 0 ? 'min' : 'max']: '0 pA' } },
            },
            delay: {
              normal: {
                mean: `${delay} ms`,
                sd: `${delay * SYNAPSE.delaySd} ms`,
                min: '0.1 ms',
              },
            },
          })
          .connect({ rule: 'fixed-total-number', n: count });
      }
    }
    for (const [index, population] of populations.entries()) {
      if (input === 'poisson') {
        net.poissonInput(`background ${population.name}`, population, {
          variable: 'i_syn',
          n: Math.round((POPULATIONS[index]?.external ?? 0) * scale),
          rate: `${SYNAPSE.externalHz} Hz`,
          weight: 'w_ext',
        });
      }
      net.record.spikes(population);
    }
    return net.document;
  },
});
