/** NeuroML's synapses as equation text that a target population carries once per kind of synapse it receives. */
import { numberOf, positiveOf, pynnOf, quantityOf } from './quantities.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** One kind of synapse at one target. */
export interface SynapseText {
  /** Equation lines of the target. */
  readonly lines: readonly string[];
  readonly params: Readonly<Record<string, string | number>>;
  /** The current it makes, an expression. */
  readonly current: string;
  /** The variable that a spike adds weight*gain to. */
  readonly input: string;
  readonly gain: string | number;
}

type MakeSynapse = (synapse: XmlElement, name: string) => SynapseText;

/** The shapes: a jump that decays, or y that feeds it with a rate chosen so that the peak is the weight. */
type Shape =
  | { readonly tau: string | number }
  | { readonly tau: string | number; readonly tauRise: string | number; readonly rate: string };

function shaped(variable: string, name: string, unit: string, shape: Shape) {
  const tau = { [`tau_${name}`]: shape.tau };
  if (!('rate' in shape)) {
    return {
      lines: [`d${variable}/dt = -${variable}/tau_${name} : ${unit}`],
      params: tau,
      input: variable,
    };
  }
  const input = `y_${name}`;
  return {
    lines: [
      `d${variable}/dt = ${input}*rate_${name} - ${variable}/tau_${name} : ${unit}`,
      `d${input}/dt = -${input}/tau_rise_${name} : ${unit}`,
    ],
    params: { ...tau, [`tau_rise_${name}`]: shape.tauRise, [`rate_${name}`]: shape.rate },
    input,
  };
}

/** A conductance of that shape. */
function conductance(
  name: string,
  shape: Shape,
  reversal: string | number,
  gain: string | number,
): SynapseText {
  const { lines, params, input } = shaped(`g_${name}`, name, 'siemens', shape);
  return {
    lines,
    params: { ...params, [`erev_${name}`]: reversal },
    current: `g_${name}*(erev_${name} - v)`,
    input,
    gain,
  };
}

function current(name: string, shape: Shape, gain: string | number): SynapseText {
  const { lines, params, input } = shaped(`i_${name}`, name, 'amp', shape);
  return { lines, params, current: `i_${name}`, input, gain };
}

/** t/tau exp(1 - t/tau): peak 1 at tau. */
function alpha(tauMs: number, synapse: XmlElement): Shape {
  if (!(tauMs > 0)) refuseElement(synapse, 'must have a time constant above 0.');
  const tau = `${tauMs} ms`;
  return { tau, tauRise: tau, rate: `${Math.E / tauMs} kHz` };
}

/** The difference of two exponentials with peak 1. */
function twoExponentials(synapse: XmlElement): Shape {
  const rise = numberOf(synapse, 'tauRise', 'time');
  const decay = numberOf(synapse, 'tauDecay', 'time');
  if (!(rise > 0 && decay > 0)) refuseElement(synapse, 'must have time constants above 0.');
  if (rise === decay) return alpha(rise, synapse);
  const peak = (Math.log(decay / rise) * rise * decay) / (decay - rise);
  const factor = 1 / (Math.exp(-peak / decay) - Math.exp(-peak / rise));
  const rate = (factor * (decay - rise)) / (rise * decay);
  return { tau: `${decay} ms`, tauRise: `${rise} ms`, rate: `${rate} kHz` };
}

const pynnTau = (synapse: XmlElement): string => {
  if (!(numberOf(synapse, 'tau_syn', 'none') > 0))
    refuseElement(synapse, 'must have tau_syn above 0.');
  return pynnOf(synapse, 'tau_syn', 'ms');
};

/** Synapses by the name of their element. */
export const SYNAPSES: Readonly<Record<string, MakeSynapse>> = {
  alphaCondSynapse: (synapse, name) =>
    conductance(
      name,
      alpha(numberOf(synapse, 'tau_syn', 'none'), synapse),
      pynnOf(synapse, 'e_rev', 'mV'),
      '1 uS',
    ),
  alphaCurrSynapse: (synapse, name) =>
    current(name, alpha(numberOf(synapse, 'tau_syn', 'none'), synapse), '1 nA'),
  alphaCurrentSynapse: (synapse, name) =>
    current(
      name,
      alpha(numberOf(synapse, 'tau', 'time'), synapse),
      quantityOf(synapse, 'ibase', 'current'),
    ),
  alphaSynapse: (synapse, name) =>
    conductance(
      name,
      alpha(numberOf(synapse, 'tau', 'time'), synapse),
      quantityOf(synapse, 'erev', 'voltage'),
      quantityOf(synapse, 'gbase', 'conductance'),
    ),
  expCondSynapse: (synapse, name) =>
    conductance(name, { tau: pynnTau(synapse) }, pynnOf(synapse, 'e_rev', 'mV'), '1 uS'),
  expCurrSynapse: (synapse, name) => current(name, { tau: pynnTau(synapse) }, '1 nA'),
  expOneSynapse: (synapse, name) =>
    conductance(
      name,
      { tau: positiveOf(synapse, 'tauDecay', 'time') },
      quantityOf(synapse, 'erev', 'voltage'),
      quantityOf(synapse, 'gbase', 'conductance'),
    ),
  expTwoSynapse: (synapse, name) =>
    conductance(
      name,
      twoExponentials(synapse),
      quantityOf(synapse, 'erev', 'voltage'),
      quantityOf(synapse, 'gbase', 'conductance'),
    ),
};
