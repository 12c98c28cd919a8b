/**
 * The leaky integrate-and-fire model of the fly brain of Shiu et al. 2024, shared by the examples on fly connectomes.
 * Equations and parameters; connections come from data.
 */

/** Paper of the model. */
export const SHIU = 'Shiu et al. 2024, Nature 634:210, doi:10.1038/s41586-024-07763-9';

/** Both variables are frozen while refractory, and input that arrives then is lost. */
export const flyNeuron = {
  eqs: `dv/dt = (v_rest - v + g)/tau_m : volt (unless refractory)
dg/dt = -g/tau_syn : volt (unless refractory)`,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset; g = 0*mV',
  refractory: 'tau_refrac',
  method: 'exact',
  params: {
    v_rest: '-52 mV',
    v_reset: '-52 mV',
    v_thresh: '-45 mV',
    tau_m: '20 ms',
    tau_syn: '5 ms',
    tau_refrac: '2.2 ms',
  },
  initial: { v: 'v_rest' },
} as const;

/** A connection of n_syn synapses (negative when inhibitory), each of weight w_syn. */
export const flySynapse = {
  eqs: 'n_syn : 1 (constant)',
  onPre: 'g += n_syn*w_syn',
  delay: '1.8 ms',
} as const;

/** Weight of one synapse in the published model. */
export const W_SYN = '0.275 mV';

/** What one event of the published Poisson drive adds to v: 250 synapses, enough to fire at once. */
export const KICK = '68.75 mV';
