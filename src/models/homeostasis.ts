/** Conductances that a neuron regulates by its own calcium: the cell of Liu et al. under O'Leary's controller. */
import { defineModel, type ModelParameter } from './model.ts';

/** The seven regulated channels: name in equations, reversal potential, and the time constant of their mRNA in ms. */
const CHANNELS = [
  ['nav', 'Fast sodium', 666],
  ['cat', 'Transient calcium', 55555],
  ['cas', 'Slow calcium', 45454],
  ['a', 'Transient potassium', 5000],
  ['kca', 'Calcium-gated potassium', 1250],
  ['kd', 'Delayed-rectifier potassium', 2000],
  ['h', 'Hyperpolarisation-activated', 125000],
] as const;

/** The names of the regulated channels, as they end those of variables and parameters: `g_nav`, `open_nav`, … */
export const REGULATED_CHANNELS: readonly string[] = CHANNELS.map(([name]) => name);

type Rows = Readonly<Record<string, ModelParameter>>;

/** Rows of every channel: how much of it is open to current, and the time constant of its mRNA. */
const channelRows: Rows = Object.fromEntries(
  CHANNELS.flatMap(([name, title, tau]) => [
    [
      `open_${name}`,
      {
        value: 1,
        min: 0,
        doc: `${title} channels that are not blocked: 0 is a full block, 1 none.`,
      },
    ],
    [
      `tau_m_${name}`,
      { value: `${tau} ms`, above: '0 ms', doc: `${title} channel: time constant of its mRNA.` },
    ],
  ]),
);

/** mRNA integrates the calcium error and never becomes negative; conductance follows it. */
const controller = (name: string): string => `
    dmrna_${name}/dt = (ca_target - mean(ca))*int(mrna_${name} > 0*mM or mean(ca) < ca_target)/tau_m_${name} : mmolar (slow)
    dg_${name}/dt = (translation*clip(mrna_${name}, 0*mM, inf)/area - g_${name})/tau_g : siemens/metre**2 (slow)`;

/**
 * One-compartment neuron with the eight currents of Liu et al. 1998, of which seven are regulated by integral control
 * of calcium (O'Leary et al. 2014).
 *
 *     c_m dv/dt = i_offset - sum of currents,   i = open g m^p h (v - e)
 *     tau_ca dca/dt = ca_rest - f_ca area (i_cat + i_cas) - ca
 *     tau_m_i dmrna_i/dt = ca_target - <ca>  (mrna_i >= 0),   tau_g dg_i/dt = translation mrna_i/area - g_i
 *
 * The controllers run on the slow clock, on the mean of calcium over a slow step. The differences
 * (mrna_i - mrna_i(0)) tau_m_i are equal for all channels as long as no mrna_i is held at 0; so the ratios of the
 * conductances are those of 1/tau_m_i whatever happens. `open_…` block a channel without touching its regulation.
 *
 * State: v [mV], ca and mrna_… [uM], g_… [uS/mm2], gates m_…, h_…. Start with m = 0, h = 1, as the source. The time
 * constants of the source compress hours to seconds; `acceleration` compresses further, without moving fixed points.
 * Checked against T21, T21b and T21c of the reference values (tests/physics/homeostasis.test.ts).
 */
export const calciumHomeostasis = defineModel({
  name: 'calcium-homeostasis',
  title: 'Neuron whose conductances are regulated by calcium',
  source:
    'O\u2019Leary, Williams, Franci & Marder 2014, Neuron 82:809, doi:10.1016/j.neuron.2014.04.002; currents of Liu, Golowasch, Marder & Abbott 1998, J Neurosci 18:2309, doi:10.1523/JNEUROSCI.18-07-02309.1998',
  aliases: {},
  eqs: `
    i_leak = g_leak*(v - e_leak) : amp/metre**2
    i_nav = open_nav*g_nav*m_nav**3*h_nav*(v - e_na) : amp/metre**2
    i_cat = open_cat*g_cat*m_cat**3*h_cat*(v - e_ca) : amp/metre**2
    i_cas = open_cas*g_cas*m_cas**3*h_cas*(v - e_ca) : amp/metre**2
    i_a = open_a*g_a*m_a**3*h_a*(v - e_k) : amp/metre**2
    i_kca = open_kca*g_kca*m_kca**4*(v - e_k) : amp/metre**2
    i_kd = open_kd*g_kd*m_kd**4*(v - e_k) : amp/metre**2
    i_h = open_h*g_h*m_h*(v - e_h) : amp/metre**2
    e_ca = nernst*log(ca_out/ca) : volt
    dm_nav/dt = (1/(1 + exp(-(v + 25.5*mV)/(5.29*mV))) - m_nav)/(1.32*ms - 1.26*ms/(1 + exp(-(v + 120*mV)/(25*mV)))) : 1
    dh_nav/dt = (1/(1 + exp((v + 48.9*mV)/(5.18*mV))) - h_nav)/(0.67*ms/(1 + exp(-(v + 62.9*mV)/(10*mV)))*(1.5 + 1/(1 + exp((v + 34.9*mV)/(3.6*mV))))) : 1
    dm_cat/dt = (1/(1 + exp(-(v + 27.1*mV)/(7.2*mV))) - m_cat)/(21.7*ms - 21.3*ms/(1 + exp(-(v + 68.1*mV)/(20.5*mV)))) : 1
    dh_cat/dt = (1/(1 + exp((v + 32.1*mV)/(5.5*mV))) - h_cat)/(105*ms - 89.8*ms/(1 + exp(-(v + 55*mV)/(16.9*mV)))) : 1
    dm_cas/dt = (1/(1 + exp(-(v + 33*mV)/(8.1*mV))) - m_cas)/(1.4*ms + 7*ms/(exp((v + 27*mV)/(10*mV)) + exp(-(v + 70*mV)/(13*mV)))) : 1
    dh_cas/dt = (1/(1 + exp((v + 60*mV)/(6.2*mV))) - h_cas)/(60*ms + 150*ms/(exp((v + 55*mV)/(9*mV)) + exp(-(v + 65*mV)/(16*mV)))) : 1
    dm_a/dt = (1/(1 + exp(-(v + 27.2*mV)/(8.7*mV))) - m_a)/(11.6*ms - 10.4*ms/(1 + exp(-(v + 32.9*mV)/(15.2*mV)))) : 1
    dh_a/dt = (1/(1 + exp((v + 56.9*mV)/(4.9*mV))) - h_a)/(38.6*ms - 29.2*ms/(1 + exp(-(v + 38.9*mV)/(26.5*mV)))) : 1
    dm_kca/dt = (ca/(ca + 3*uM)/(1 + exp(-(v + 28.3*mV)/(12.6*mV))) - m_kca)/(90.3*ms - 75.1*ms/(1 + exp(-(v + 46*mV)/(22.7*mV)))) : 1
    dm_kd/dt = (1/(1 + exp(-(v + 12.3*mV)/(11.8*mV))) - m_kd)/(7.2*ms - 6.4*ms/(1 + exp(-(v + 28.3*mV)/(19.2*mV)))) : 1
    dm_h/dt = (1/(1 + exp((v + 70*mV)/(6*mV))) - m_h)/(272*ms + 1499*ms/(1 + exp(-(v + 42.2*mV)/(8.73*mV)))) : 1
    dca/dt = (ca_rest - f_ca*area*(i_cat + i_cas) - ca)/tau_ca : mmolar
    dv/dt = (i_offset - i_leak - i_nav - i_cat - i_cas - i_a - i_kca - i_kd - i_h)/c_m : volt${REGULATED_CHANNELS.map(controller).join('')}
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'exponential_sequential',
  slow: '10 ms',
  params: {
    c_m: {
      value: '10 nF/mm2',
      above: '0 nF/mm2',
      doc: 'Membrane capacitance per area.',
      symbol: 'C',
    },
    area: { value: '0.0628 mm2', above: '0 mm2', doc: 'Membrane area.', symbol: 'A' },
    g_leak: { value: '0.099 uS/mm2', min: '0 uS/mm2', doc: 'Leak; not regulated.' },
    e_leak: { value: '-50 mV', doc: 'Leak reversal potential.' },
    e_na: { value: '30 mV', doc: 'Sodium reversal potential.', symbol: 'E_Na' },
    e_k: { value: '-80 mV', doc: 'Potassium reversal potential.', symbol: 'E_K' },
    e_h: { value: '-20 mV', doc: 'Reversal potential of the h current.', symbol: 'E_h' },
    nernst: {
      value: '12.24 mV',
      above: '0 mV',
      doc: 'RT/2F at 11 \u00b0C, which makes the calcium reversal potential from concentrations.',
    },
    ca_out: {
      value: '3000 uM',
      above: '0 uM',
      doc: 'Calcium outside.',
      symbol: 'Ca_o',
    },
    ca_rest: {
      value: '0.05 uM',
      above: '0 uM',
      doc: 'Calcium inside without current.',
      symbol: 'Ca_0',
    },
    tau_ca: { value: '200 ms', above: '0 ms', doc: 'Clearance of calcium.', symbol: 'tau_Ca' },
    f_ca: {
      value: '1.496 uM/nA',
      min: '0 uM/nA',
      doc: 'Calcium that a current holds up against clearance.',
      symbol: 'f',
    },
    ca_target: {
      value: '7 uM',
      above: '0 uM',
      doc: 'Mean calcium that the controllers hold.',
      symbol: 'Ca_T',
    },
    tau_g: {
      value: '5000 ms',
      above: '0 ms',
      doc: 'Time in which conductances follow their mRNA.',
    },
    translation: {
      value: '1 uS/uM',
      min: '0 uS/uM',
      doc: 'Conductance of the whole membrane per mRNA. The division by area is what sets the gain of the loop.',
    },
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: { value: '0 nA/mm2', doc: 'Constant current into the cell, per area.' },
    ...channelRows,
  },
  initial: {
    v: '-60*mV',
    ca: '0.05*uM',
    h_nav: 1,
    h_cat: 1,
    h_cas: 1,
    h_a: 1,
    ...Object.fromEntries(
      REGULATED_CHANNELS.map((name) => [`g_${name}`, '(0.1 + 0.1*rand())*usiemens/mm2']),
    ),
  },
  advice:
    'dt 0.1 ms, slow step 10 ms; 500 s of model time settle the controller. In single precision slow steps below 1 ms lose what they add.',
});

/**
 * The controller of one conductance, to be joined to any neuron that has calcium.
 *
 *     tau_m dmrna/dt = ca_target - calcium  (mrna >= 0),   tau_g dg/dt = translation mrna - g
 *
 *     extend(neuron, conductanceControl, {
 *       replace: { calcium: 'mean(ca)', g: 'g_na', mrna: 'mrna_na', tau_m: 'tau_m_na' }, supplies: ['g_na'] })
 *
 * Holds the mean of calcium at ca_target where more of the conductance means more calcium; several of them in one neuron
 * keep the ratios of 1/tau_m. State: mrna [uM], g [uS/mm2]. Checked: tests/physics/homeostasis.test.ts.
 */
export const conductanceControl = defineModel({
  name: 'conductance-control',
  title: 'A conductance regulated by calcium',
  source:
    'O\u2019Leary, Williams, Franci & Marder 2014, Neuron 82:809, doi:10.1016/j.neuron.2014.04.002',
  aliases: {},
  eqs: `
    dmrna/dt = (ca_target - calcium)*int(mrna > 0*mM or calcium < ca_target)/tau_m : mmolar (slow)
    dg/dt = (translation*clip(mrna, 0*mM, inf) - g)/tau_g : siemens/metre**2 (slow)
  `,
  params: {
    calcium: {
      value: '0.05 uM',
      min: '0 uM',
      doc: 'Calcium; in a neuron replace it by mean(ca).',
    },
    ca_target: { value: '7 uM', above: '0 uM', doc: 'Mean calcium that the controller holds.' },
    tau_m: { value: '666 ms', above: '0 ms', doc: 'Time constant of the mRNA.' },
    tau_g: {
      value: '5000 ms',
      above: '0 ms',
      doc: 'Time in which the conductance follows its mRNA.',
    },
    translation: {
      value: '16 uS/mm2/uM',
      min: '0 uS/mm2/uM',
      doc: 'Conductance per area and mRNA: 1 uS/uM on 0.0628 mm2.',
    },
  },
});
