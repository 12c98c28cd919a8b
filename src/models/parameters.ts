/**
 * Rows that many parameter tables share, so that a quantity has one name, one meaning and one set of aliases. Not a
 * model: each row takes its default from the model that uses it.
 */
import type { ModelParameter } from './model.ts';

/** Membrane capacitance. */
export const cM = (value: string): ModelParameter => ({
  value,
  above: '0 pF',
  doc: 'Membrane capacitance.',
  nest: 'C_m',
  pynn: 'cm',
});

/** Membrane time constant. */
export const tauM = (value: string): ModelParameter => ({
  value,
  above: '0 ms',
  doc: 'Membrane time constant.',
  nest: 'tau_m',
  pynn: 'tau_m',
});

/** Resting potential, to which the membrane relaxes without input. */
export const vRest = (value: string): ModelParameter => ({
  value,
  doc: 'Resting (leak reversal) potential.',
  nest: 'E_L',
  pynn: 'v_rest',
});

/** Potential after a spike. */
export const vReset = (value: string): ModelParameter => ({
  value,
  doc: 'Potential after a spike.',
  nest: 'V_reset',
  pynn: 'v_reset',
});

/** Spike threshold. */
export const vThresh = (value: string): ModelParameter => ({
  value,
  doc: 'Spike threshold: a spike when v is above it.',
  nest: 'V_th',
  pynn: 'v_thresh',
});

/** Absolute refractory period. */
export const tauRefrac = (value: string): ModelParameter => ({
  value,
  min: '0 ms',
  doc: 'Refractory period: at least this long between two spikes. NEST counts from the end of the spike step: its 2 ms is our 2 ms plus one step.',
  nest: 't_ref',
  pynn: 'tau_refrac',
});

/** Constant current. */
export const iOffset = (value: string): ModelParameter => ({
  value,
  doc: 'Constant current into the cell.',
  nest: 'I_e',
  pynn: 'i_offset',
});

/** Decay of excitatory input. */
export const tauSynExc = (value: string): ModelParameter => ({
  value,
  above: '0 ms',
  doc: 'Time constant of excitatory input.',
  nest: 'tau_syn_ex',
  pynn: 'tau_syn_E',
});

/** Decay of inhibitory input. */
export const tauSynInh = (value: string): ModelParameter => ({
  value,
  above: '0 ms',
  doc: 'Time constant of inhibitory input.',
  nest: 'tau_syn_in',
  pynn: 'tau_syn_I',
});

/** Reversal potential of excitation. */
export const eRevExc = (value: string): ModelParameter => ({
  value,
  doc: 'Reversal potential of excitatory input.',
  nest: 'E_ex',
  pynn: 'e_rev_E',
});

/** Reversal potential of inhibition. */
export const eRevInh = (value: string): ModelParameter => ({
  value,
  doc: 'Reversal potential of inhibitory input.',
  nest: 'E_in',
  pynn: 'e_rev_I',
});

/** Two synaptic conductances, with the defaults of NEST's iaf_cond_exp and aeif_cond_exp. */
export const conductances = {
  e_rev_exc: eRevExc('0 mV'),
  e_rev_inh: eRevInh('-85 mV'),
  tau_syn_exc: tauSynExc('0.2 ms'),
  tau_syn_inh: tauSynInh('2 ms'),
} as const;

/** What one unit of weight does to the variables of two currents or two conductances; `exc` and `inh` name them. */
export const peaks = (
  kind: 'current' | 'conductance',
  exc: string,
  inh: string,
): Readonly<Record<string, string>> => {
  const [unit, sign] = kind === 'current' ? ['amp', 'negative'] : ['siemens', 'positive'];
  return {
    [exc]: `peak of the excitatory ${kind}, in ${unit}`,
    [inh]: `peak of the inhibitory ${kind} (${sign}), in ${unit}`,
  };
};
