/**
 * Two coupled membranes: the presynaptic and the postsynaptic terminal of the equations that wetware started from, with
 * the symbol that did two jobs split into a gap junction and a chemical synapse.
 */
import { Network } from '../index.ts';
import { defineExample } from './example.ts';

/** Times of the presynaptic action potentials, ms. Late enough for the gap junction alone to settle before. */
const RELEASE_MS = [60, 70, 80];

/**
 * Both membranes are one element with two potentials, because the gap junction couples them at every moment: without
 * the chemical part the system is linear and integrated exactly.
 */
const GAP = `dv_1/dt = (v_in - v_1)/tau_1 + i_gap/c_1 : volt
dv_2/dt = (v_out - v_2)/tau_2 - i_gap/c_2 : volt
i_gap = (v_2 - v_1)/r_gap : amp`;

/** Receptors r open while transmitter is there (1 mM for 1 ms after a release) and close with rate beta. */
const GAP_AND_CHEMICAL = `dv_1/dt = (v_in - v_1)/tau_1 + i_gap/c_1 : volt
dv_2/dt = (v_out - v_2)/tau_2 - (i_gap + i_chem)/c_2 : volt
dr/dt = alpha*transmitter(t)*(1 - r) - beta*r : 1
i_gap = (v_2 - v_1)/r_gap : amp
i_chem = g_max*r*(v_2 - e_syn) : amp`;

/** The constants of the founding document, and a set in the range of real cells. */
const CONSTANTS = {
  document: {
    tau_1: '1 ms',
    tau_2: '10 ms',
    c_1: '1 nF',
    c_2: '2 nF',
    r_gap: '1 Mohm',
    v_in: '1 mV',
    v_out: '2 mV',
  },
  physiological: {
    tau_1: '20 ms',
    tau_2: '15 ms',
    c_1: '200 pF',
    c_2: '150 pF',
    r_gap: '1 Gohm',
    v_in: '-55 mV',
    v_out: '-65 mV',
  },
} as const;

const FIRST_VALUES = { document: '0*mV', physiological: '-65*mV' } as const;

const RECEPTOR = {
  document: { g_max: '200 nS', e_syn: '0 mV' },
  physiological: { g_max: '5 nS', e_syn: '0 mV' },
} as const;

/** Kinetics of AMPA receptors, Destexhe, Mainen & Sejnowski 1994. */
const KINETICS = { alpha: '1.1/mM/ms', beta: '0.19/ms' } as const;

/** The equations of the founding document, with what they give. */
export const twoNeurons = defineExample({
  name: 'two-neurons',
  title: 'Two neurons: a gap junction and a chemical synapse',
  citation:
    "Equations of wetware's founding document (unpublished); receptor kinetics of Destexhe, Mainen & Sejnowski 1994, Neural Comput 6:14, doi:10.1162/neco.1994.6.1.14",
  note: 'The founding document claims the output 0.3125; its code prints 20.0; its equations with its constants settle at (8/7, 9/7) = (1.142857, 1.285714) mV. Its I_syn stood for two things: a current through a gap junction, which leaves one cell and enters the other, and a chemical synapse, which acts on the postsynaptic cell only. Its R_post*C_post is 20 ms but its tau_post 10 ms: time constants are used as given. No spikes: look at v_1 (pre) and v_2 (post).',
  parameters: {
    synapse: {
      kind: 'choice',
      default: 'both',
      choices: ['gap', 'both'],
      doc: 'The gap junction alone (linear, integrated exactly), or also the chemical synapse, active from 60 ms.',
    },
    constants: {
      kind: 'choice',
      default: 'document',
      choices: ['document', 'physiological'],
      doc: "The founding document's constants, or those of real cells.",
    },
  },
  defaultDuration: '120 ms',
  build({ synapse, constants }, seed) {
    const hasChemical = synapse === 'both';
    const net = new Network({ name: 'two-neurons', dt: hasChemical ? '0.02 ms' : '0.1 ms', seed });
    const v = FIRST_VALUES[constants];
    if (hasChemical) net.timedArray('transmitter', transmitterPulses());
    const pair = net.population('pair', 1, {
      eqs: hasChemical ? GAP_AND_CHEMICAL : GAP,
      method: hasChemical ? 'rk4' : 'exact',
      params: {
        ...CONSTANTS[constants],
        ...(hasChemical ? { ...RECEPTOR[constants], ...KINETICS } : {}),
      },
      initial: { v_1: v, v_2: v },
    });
    net.record.state(pair, hasChemical ? ['v_1', 'v_2', 'r'] : ['v_1', 'v_2'], { every: '0.1 ms' });
    return net.document;
  },
});

/** Transmitter concentration: 1 mM for 1 ms from each release. */
function transmitterPulses() {
  const values = new Array<number>(Math.max(...RELEASE_MS) + 2).fill(0);
  for (const release of RELEASE_MS) values[release] = 1;
  return { dt: '1 ms', unit: 'mM', values };
}
