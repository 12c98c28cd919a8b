/**
 * Cables of compartments: an axon or a dendrite as a population whose neighbours pull at each other through gap junctions of
 * the cytoplasm's resistance. Here are the compartments and the geometry; a neuron of few compartments, coupled inside one
 * neuron, is in compartments.ts.
 */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { DIMENSIONS, type Dimension, parseQuantity, parseUnit } from '../language/units.ts';
import { defineModel, type ModelParameter } from './model.ts';

const area: ModelParameter = {
  value: '1000 um2',
  above: '0 um2',
  doc: 'Membrane of the compartment.',
};

/**
 * A piece of squid axon (Hodgkin & Huxley 1952): hh-squid with a current from its neighbours.
 *
 *     c_m dv/dt = i_gap/area + i_offset + i_pulse - g_na m^3 h (v - e_na) - g_k n^4 (v - e_k) - g_leak (v - e_leak)
 *
 * i_pulse is an electrode of its own: `pulse` from `pulse_start` for `pulse_length`, which may differ by compartment. `i_gap` [pA] is for models.gapJunction to write; `cable` gives the areas and the conductance. State: v [mV], gates m, h, n,
 * at their steady state at first. `phi` scales all rates: 3^((T - 6.3 °C)/10). Checked against T7
 * (tests/physics/cable.test.ts).
 */
export const axonCompartment = defineModel({
  name: 'axon-compartment',
  title: 'Compartment of a Hodgkin–Huxley axon',
  source: 'Hodgkin & Huxley 1952, J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764',
  aliases: {},
  eqs: `
    dm/dt = phi*(alpha_m*(1 - m) - beta_m*m) : 1
    dh/dt = phi*(alpha_h*(1 - h) - beta_h*h) : 1
    dn/dt = phi*(alpha_n*(1 - n) - beta_n*n) : 1
    dv/dt = (i_gap/area + i_offset + i_pulse - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) - g_leak*(v - e_leak))/c_m : volt
    i_gap : amp
    i_pulse = pulse*int(t >= pulse_start and t < pulse_start + pulse_length) : amp/metre**2
    alpha_m = 1/exprel(-(v + 40*mV)/(10*mV))/ms : hertz
    beta_m = 4*exp(-(v + 65*mV)/(18*mV))/ms : hertz
    alpha_h = 0.07*exp(-(v + 65*mV)/(20*mV))/ms : hertz
    beta_h = 1/(1 + exp(-(v + 35*mV)/(10*mV)))/ms : hertz
    alpha_n = 0.1/exprel(-(v + 55*mV)/(10*mV))/ms : hertz
    beta_n = 0.125*exp(-(v + 65*mV)/(80*mV))/ms : hertz
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'exponential_symmetric',
  params: {
    area,
    c_m: { value: '1 uF/cm2', above: '0 uF/cm2', doc: 'Membrane capacitance per area.' },
    g_na: { value: '120 mS/cm2', min: '0 mS/cm2', doc: 'Largest sodium conductance.' },
    g_k: { value: '36 mS/cm2', min: '0 mS/cm2', doc: 'Largest potassium conductance.' },
    g_leak: { value: '0.3 mS/cm2', min: '0 mS/cm2', doc: 'Leak conductance.' },
    e_na: { value: '50 mV', doc: 'Sodium reversal potential.' },
    e_k: { value: '-77 mV', doc: 'Potassium reversal potential.' },
    e_leak: { value: '-54.387 mV', doc: 'Leak reversal potential.' },
    phi: {
      value: 1,
      above: 0,
      doc: 'Temperature factor of all rates; 1 at 6.3 °C, 3.82 at 18.5 °C.',
    },
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: { value: '0 uA/cm2', doc: 'Constant current per area.' },
    pulse: { value: '0 uA/cm2', doc: 'Current of the electrode, per area.' },
    pulse_start: { value: '0 ms', min: '0 ms', doc: 'When the electrode is switched on.' },
    pulse_length: { value: '0.5 ms', min: '0 ms', doc: 'How long it is on.' },
  },
  initial: {
    v: '-65*mV',
    m: 'alpha_m/(alpha_m + beta_m)',
    h: 'alpha_h/(alpha_h + beta_h)',
    n: 'alpha_n/(alpha_n + beta_n)',
  },
  advice:
    'A time step below largestStepMs of `cable`, and compartments of at most half the length constant of the front of a spike (0.5 mm for the squid).',
});

/**
 * A piece of passive membrane, for dendrites and cable theory.
 *
 *     c_m dv/dt = (i_gap + i_offset)/area - g_leak (v - e_leak)
 *
 * State: v [mV]. Checked against the closed form of a finite cable (T7).
 */
export const passiveCompartment = defineModel({
  name: 'passive-compartment',
  title: 'Compartment of a passive cable',
  source: 'Rall 1959, Exp Neurol 1:491, doi:10.1016/0014-4886(59)90046-9',
  aliases: {},
  eqs: `
    dv/dt = ((i_gap + i_offset)/area - g_leak*(v - e_leak))/c_m : volt
    i_gap : amp
  `,
  method: 'exponential_euler',
  params: {
    area,
    c_m: { value: '1 uF/cm2', above: '0 uF/cm2', doc: 'Membrane capacitance per area.' },
    g_leak: { value: '0.1 mS/cm2', min: '0 mS/cm2', doc: 'Leak conductance.' },
    e_leak: { value: '-70 mV', doc: 'Leak reversal potential.' },
    i_offset: { value: '0 pA', doc: 'Current into the compartment.' },
  },
  initial: { v: 'e_leak' },
  advice: 'A time step below largestStepMs of `cable`.',
});

/** An unbranched cable with sealed ends. */
export interface CableOptions {
  /** From end to end, such as "12 cm". */
  readonly length: string;
  readonly diameter: string;
  /** Of the cytoplasm, such as "35.4 ohm*cm". */
  readonly resistivity: string;
  /** Whole number, 2 to 100,000. */
  readonly compartments: number;
  /** Per area of membrane; default "1 uF/cm2". Only for largestStepMs. */
  readonly capacitance?: string;
}

/** What a population of compartments needs to be that cable. */
export interface Cable {
  /** Membrane of each compartment, for the parameter `area`. Those at the ends are half as long. */
  readonly area: { readonly values: readonly number[]; readonly unit: string };
  /**
   * First value of `weight` of the gap junctions between neighbours, such as "1200*nS"; these are
   * connect({ rule: 'pairwise', condition: 'abs(i - j) == 1' }).
   */
  readonly weight: string;
  /** Distance of neighbours, in um. */
  readonly spacingUm: number;
  /** Time step above which the coupling is unstable, in ms; a third of it makes errors of space and time cancel. */
  readonly largestStepMs: number;
}

/**
 * The geometry of an unbranched cable: nodes at the ends and in equal distances between them, so that potentials are those
 * at the nodes and errors go with the square of the distance.
 *
 *     weight = pi d^2/(4 r_i dx),   area = pi d dx (half at the ends),   largest step = 2 c_m r_i dx^2/d
 *
 * Throws NetworkError for lengths that are not positive, other units, and fewer than 2 compartments.
 */
export function cable(options: CableOptions): Cable {
  const known = ['length', 'diameter', 'resistivity', 'compartments', 'capacitance'];
  if (!isPlainObject(options)) {
    throw new TypeError(
      `cable: options must be an object such as { length: "12 cm", diameter: "476 um", resistivity: "35.4 ohm*cm", compartments: 241 }, got ${describeValue(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`cable: unknown option "${unknown}". Known: ${known.join(', ')}.`);
  }
  const { compartments, capacitance = '1 uF/cm2' } = options;
  if (!(Number.isInteger(compartments) && compartments >= 2 && compartments <= 100_000)) {
    throw new NetworkError(
      `cable: compartments must be a whole number from 2 to 100000, got ${describeValue(compartments)}.`,
      { path: 'cable', value: compartments },
    );
  }
  const length = positive('length', options.length, DIMENSIONS.length);
  const diameter = positive('diameter', options.diameter, DIMENSIONS.length);
  const resistivity = positive(
    'resistivity',
    options.resistivity,
    parseUnit('ohm*metre').dimension,
  );
  const perArea = positive('capacitance', capacitance, parseUnit('farad/metre2').dimension);
  const spacingUm = length / (compartments - 1);
  const whole = Math.PI * diameter * spacingUm;
  const values = Array.from({ length: compartments }, (_, k) =>
    k === 0 || k === compartments - 1 ? whole / 2 : whole,
  );
  const conductance = (Math.PI * diameter ** 2) / (4 * resistivity * spacingUm);
  return {
    area: { values, unit: 'um2' },
    weight: `${conductance}*nS`,
    spacingUm,
    largestStepMs: (perArea * whole) / (2 * conductance),
  };
}

/** The value of a quantity above 0, in internal units. */
function positive(name: string, given: string, dimension: Dimension): number {
  const { value } = parseQuantity(given, `cable: ${name}`, dimension);
  if (value > 0) return value;
  throw new NetworkError(`cable: ${name} must be above 0, got ${describeValue(given)}.`, {
    path: `cable, ${name}`,
    value: given,
  });
}
