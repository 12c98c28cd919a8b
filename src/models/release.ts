/**
 * Transmitter release beyond the mean: vesicles one by one (quantal, stochastic), and facilitation and recovery driven by
 * residual calcium. Written for a conductance g_exc, as synapses.ts, where the mean-field model (Tsodyks–Markram) is.
 */
import { defineSynapse } from './model.ts';

/**
 * Binomial release of vesicles (Fuhrmann et al. 2002, Loebel et al. 2009; NEST quantal_stp_synapse). Of n_sites release
 * sites n_docked hold a vesicle.
 *
 *     between spikes  u_syn decays to 0 with tau_fac
 *     at a spike      each empty site has been filled again with probability 1 - exp(-D/tau_rec), D since the last spike;
 *                     u_syn += u_0 (1 - u_syn);  each docked vesicle is released with probability u_syn;
 *                     g_exc += weight for each
 *
 * The mean over trials is the Tsodyks–Markram synapse of weight n_sites*weight, spike by spike. Every synapse draws for
 * itself, so it keeps n_docked, u_syn and the time of its last spike (12 bytes beside its weight), spikes act when they
 * arrive, and windows have one step. The draws depend on seed, synapse and step only.
 */
export const quantal = defineSynapse({
  name: 'quantal',
  title: 'Stochastic release of single vesicles, with depression and facilitation',
  source:
    'Fuhrmann, Segev, Markram & Tsodyks 2002, J Neurophysiol 87:140, doi:10.1152/jn.00258.2001; Loebel, Silberberg, Helbig, Markram, Tsodyks & Richardson 2009, Front Comput Neurosci 3:27, doi:10.3389/neuro.10.027.2009; as NEST quantal_stp_synapse',
  aliases: { nest: 'quantal_stp_synapse' },
  eqs: `
    weight : siemens (constant)
    n_docked : integer
    du_syn/dt = -u_syn/tau_fac : 1 (event-driven)
  `,
  onPre: `
    n_docked += binomial(n_sites - n_docked, -expm1(-(t - lastupdate)/tau_rec))
    u_syn += u_0*(1 - u_syn)
    n_released = binomial(n_docked, u_syn)
    n_docked -= n_released
    g_exc += weight*n_released
  `,
  params: {
    n_sites: {
      value: 5,
      min: 1,
      max: 32,
      doc: 'Release sites; a whole number.',
      nest: 'n',
    },
    u_0: {
      value: 0.5,
      above: 0,
      max: 1,
      doc: 'Release probability of a vesicle at a first spike.',
      nest: 'U',
    },
    tau_rec: {
      value: '800 ms',
      above: '0 ms',
      doc: 'Refilling of an empty site.',
      nest: 'tau_rec',
    },
    tau_fac: {
      value: '0.001 ms',
      above: '0 ms',
      doc: 'Decay of facilitation; the default is short enough for none.',
      nest: 'tau_fac',
    },
  },
  initial: { n_docked: 'int(n_sites)' },
  advice:
    'The conductance of one vesicle is the variable `weight`: give its initial value, it is 0 otherwise.',
});

/**
 * Residual calcium that facilitates release and speeds recovery (Dittman, Kreitzer & Regehr 2000).
 *
 *     response = weight F D
 *     F = f_1 + (1 - f_1)/(1 + K_F/CaX_F),   CaX_F' = -CaX_F/tau_f, + 1 after each spike
 *     D' = (1 - D) k_recov, less D F at each spike
 *     k_recov = k_0 + (k_max - k_0)/(1 + K_D/CaX_D),   CaX_D' = -CaX_D/tau_d, + 1 after each spike
 *
 * Calcium is in steps of one spike (the paper's Delta_F, Delta_D), and K_F follows from f_1 and the paired-pulse ratio rho
 * of two spikes in immediate succession: 1 + K_F = (1 - f_1)/(rho f_1/(1 - f_1) - f_1). Between spikes D is advanced in
 * closed form,
 *
 *     1 - D(T) = (1 - D) exp(-k_0 T) [(K_D + CaX_D exp(-T/tau_d))/(K_D + CaX_D)]^(tau_d (k_max - k_0)).
 *
 * f_syn and d_syn are F and D as the last spike found them. 16 bytes per source neuron and projection, or per synapse where
 * parameters differ between synapses. The defaults are those of the Schaffer collateral; parallel fibre: rho 3.1, f_1 0.05;
 * climbing fibre, which does not facilitate: f_1 0.35, rho 0.651, k_0 0.7 Hz, k_max 20 Hz.
 */
export const residualCalcium = defineSynapse({
  name: 'residual-calcium',
  title: 'Facilitation and recovery of release by residual calcium',
  source:
    'Dittman, Kreitzer & Regehr 2000, J Neurosci 20:1374, doi:10.1523/JNEUROSCI.20-04-01374.2000',
  aliases: {},
  eqs: `
    weight : siemens (constant)
    ca_f : 1 (presynaptic)
    ca_d : 1 (presynaptic)
    f_syn : 1 (presynaptic)
    d_syn : 1 (presynaptic)
  `,
  onPre: `
    k_f = (1 - f_1)/(rho*f_1/(1 - f_1) - f_1) - 1
    lost = clip(ca_d*expm1(-(t - lastupdate)/tau_d)/(k_d + ca_d), -0.9999999, 0)
    slowing = exp(tau_d*(k_max - k_0)*log1p(lost))
    d_syn = 1 - (1 - d_syn*(1 - f_syn))*exp(-k_0*(t - lastupdate))*slowing
    ca_f = ca_f*exp(-(t - lastupdate)/tau_f)
    f_syn = f_1 + (1 - f_1)*clip(ca_f/(ca_f + k_f), 0, 1)
    g_exc += weight*f_syn*d_syn
    ca_f += 1
    ca_d = ca_d*exp(-(t - lastupdate)/tau_d) + 1
  `,
  params: {
    rho: {
      value: 2.2,
      above: 0,
      doc: 'Second response over first at no interval: above 1 - f_1, below (1 - f_1)/f_1.',
    },
    f_1: {
      value: 0.24,
      above: 0,
      max: 0.99,
      doc: 'Part of the vesicles that a spike releases without residual calcium.',
    },
    tau_f: { value: '100 ms', above: '0 ms', doc: 'Decay of the calcium that facilitates.' },
    tau_d: { value: '50 ms', above: '0 ms', doc: 'Decay of the calcium that speeds recovery.' },
    k_0: { value: '2 Hz', min: '0 Hz', doc: 'Recovery at rest.' },
    k_max: { value: '30 Hz', min: '0 Hz', doc: 'Recovery in saturating calcium.' },
    k_d: {
      value: 2,
      above: 0,
      doc: 'Calcium at which recovery is half way up, in steps of one spike.',
    },
  },
  initial: { d_syn: 1 },
  advice:
    'The weight of a synapse is its variable `weight`: give its initial value, it is 0 otherwise. It is the response that releasing all vesicles would have.',
});
