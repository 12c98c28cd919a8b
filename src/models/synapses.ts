/**
 * Synapse models: static, short-term plasticity (Tsodyks–Markram, with and without the time course of the current),
 * pair-based spike-timing-dependent plasticity, excitatory and inhibitory. Written for a conductance g_exc; replace the names for other targets.
 */
import { defineSynapse } from './model.ts';

const weightDoc =
  'The weight of a synapse is its variable `weight`: give its initial value, it is 0 otherwise.';

/**
 * A synapse of constant weight (NEST static_synapse, PyNN StaticSynapse).
 *
 *     g_exc += weight
 */
export const staticSynapse = defineSynapse({
  name: 'static',
  title: 'Constant weight',
  source: 'definition',
  aliases: { nest: 'static_synapse', pynn: 'StaticSynapse' },
  eqs: 'weight : siemens (constant)',
  onPre: 'g_exc += weight',
  params: {},
  initial: {},
  advice: weightDoc,
});

/**
 * Short-term plasticity (Tsodyks & Markram; PyNN TsodyksMarkramSynapse, NEST tsodyks2_synapse).
 *
 *     between spikes  u decays to 0 with tau_fac, x recovers to 1 with tau_rec
 *     at a spike      u += u_0 (1 - u);  g_exc += weight u x;  x -= u x
 *
 * in this order; the first spike finds u = 0, x = 1, so its release is u_0. For no facilitation make tau_fac short
 * (0.001 ms), which is the limit 0. x_syn is what the last spike found, u_syn the part of it that it used: what x has lost
 * by that is left to the next spike, so that these two numbers are all there is to keep: 8 bytes per source neuron and
 * projection, or per synapse where u_0, tau_rec or tau_fac differ between synapses.
 */
export const tsodyksMarkram = defineSynapse({
  name: 'tsodyks-markram',
  title: 'Short-term depression and facilitation',
  source:
    'Tsodyks, Pawelzik & Markram 1998, Neural Comput 10:821, doi:10.1162/089976698300017502; defaults of Markram, Wang & Tsodyks 1998 through Maass et al. 2002, doi:10.1162/089976602760407955 (E to E)',
  aliases: { nest: 'tsodyks2_synapse', pynn: 'TsodyksMarkramSynapse' },
  eqs: `
    weight : siemens (constant)
    x_syn : 1 (presynaptic)
    u_syn : 1 (presynaptic)
  `,
  onPre: `
    x_syn = 1 - (1 - x_syn*(1 - u_syn))*exp(-(t - lastupdate)/tau_rec)
    u_syn = u_0 + (1 - u_0)*u_syn*exp(-(t - lastupdate)/tau_fac)
    g_exc += weight*u_syn*x_syn
  `,
  params: {
    u_0: {
      value: 0.5,
      above: 0,
      max: 1,
      doc: 'Use of resources by a first spike.',
      nest: 'U',
      pynn: 'U',
    },
    tau_rec: {
      value: '1100 ms',
      above: '0 ms',
      doc: 'Recovery from depression.',
      nest: 'tau_rec',
      pynn: 'tau_rec',
    },
    tau_fac: {
      value: '50 ms',
      above: '0 ms',
      doc: 'Decay of facilitation.',
      nest: 'tau_fac',
      pynn: 'tau_facil',
    },
  },
  initial: { x_syn: 1 },
  advice: weightDoc,
});

/**
 * Short-term plasticity with the inactivation of the synaptic current in the resource cycle (NEST tsodyks_synapse).
 *
 *     y' = -y/tau_psc,  x' = z/tau_rec with z = 1 - x - y,  u' = -u/tau_fac
 *     at a spike  u += u_0 (1 - u);  r = u x;  y += r, x -= r, g_exc += weight r
 *
 * x_syn, y_syn are what the last spike found and u_syn what it used of x_syn; the next one completes its changes and
 * advances all three exactly to its own time. x and y are coupled, their combination x + k y with
 * k = tau_psc/(tau_psc - tau_rec) is not, so tau_psc must differ from tau_rec. 12 bytes per source neuron and projection,
 * or per synapse where parameters differ between synapses.
 */
export const tsodyks = defineSynapse({
  name: 'tsodyks',
  title: 'Short-term plasticity with the time course of the current',
  source:
    'Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50, doi:10.1523/JNEUROSCI.20-01-j0003.2000; defaults of NEST tsodyks_synapse',
  aliases: { nest: 'tsodyks_synapse' },
  eqs: `
    weight : siemens (constant)
    x_syn : 1 (presynaptic)
    y_syn : 1 (presynaptic)
    u_syn : 1 (presynaptic)
  `,
  onPre: `
    recovery = exp(-(t - lastupdate)/tau_rec)
    inactivation = exp(-(t - lastupdate)/tau_psc)
    release = u_syn*x_syn
    active = y_syn + release
    x_syn = clip(1 - (1 - x_syn + release)*recovery + tau_psc/(tau_psc - tau_rec)*active*(recovery - inactivation), 0, 1)
    y_syn = active*inactivation
    u_syn = u_0 + (1 - u_0)*u_syn*exp(-(t - lastupdate)/tau_fac)
    g_exc += weight*u_syn*x_syn
  `,
  params: {
    u_0: { value: 0.5, above: 0, max: 1, doc: 'Use of resources by a first spike.', nest: 'U' },
    tau_psc: {
      value: '3 ms',
      above: '0 ms',
      doc: 'Inactivation; the decay of the synaptic current.',
      nest: 'tau_psc',
    },
    tau_rec: {
      value: '800 ms',
      above: '0 ms',
      doc: 'Recovery from inactivation.',
      nest: 'tau_rec',
    },
    tau_fac: {
      value: '0.001 ms',
      above: '0 ms',
      doc: 'Decay of facilitation; the default is short enough for none.',
      nest: 'tau_fac',
    },
  },
  initial: { x_syn: 1 },
  advice: weightDoc,
});

/**
 * Additive pair-based spike-timing-dependent plasticity, all pairs (NEST stdp_synapse with mu 0, PyNN SpikePairRule
 * with AdditiveWeightDependence).
 *
 *     post after pre by D:  weight += a_plus  w_max exp(-D/tau_plus)
 *     pre after post by D:  weight -= a_minus w_max exp(-D/tau_minus)
 *
 * clipped to 0 … w_max. A spike acts with the weight before its own change.
 */
export const stdpPair = defineSynapse({
  name: 'stdp-pair',
  title: 'Pair-based spike-timing-dependent plasticity',
  source: 'Song, Miller & Abbott 2000, Nat Neurosci 3:919, doi:10.1038/78829',
  aliases: { nest: 'stdp_synapse', pynn: 'STDPMechanism' },
  eqs: `
    weight : siemens
    dtrace_plus/dt = -trace_plus/tau_plus : 1 (event-driven)
    dtrace_minus/dt = -trace_minus/tau_minus : 1 (event-driven)
  `,
  onPre: `
    g_exc += weight
    trace_plus += 1
    weight = clip(weight - a_minus*w_max*trace_minus, 0*siemens, w_max)
  `,
  onPost: `
    trace_minus += 1
    weight = clip(weight + a_plus*w_max*trace_plus, 0*siemens, w_max)
  `,
  params: {
    w_max: { value: '0.1 nS', isWeight: true, doc: 'Largest weight.', nest: 'Wmax', pynn: 'w_max' },
    a_plus: {
      value: 0.01,
      min: 0,
      doc: 'Potentiation by one pair, in w_max.',
      nest: 'lambda',
      pynn: 'A_plus',
    },
    a_minus: { value: 0.0105, min: 0, doc: 'Depression by one pair, in w_max.', pynn: 'A_minus' },
    tau_plus: {
      value: '20 ms',
      above: '0 ms',
      doc: 'Window of potentiation.',
      nest: 'tau_plus',
      pynn: 'tau_plus',
    },
    tau_minus: {
      value: '20 ms',
      above: '0 ms',
      doc: 'Window of depression.',
      nest: 'tau_minus',
      pynn: 'tau_minus',
    },
  },
  initial: { weight: 'rand()*w_max' },
  bound: 'w_max',
  advice: weightDoc,
});

/**
 * Inhibitory plasticity that balances excitation (Vogels & Sprekeler; PyNN Vogels2011Rule, NEST
 * vogels_sprekeler_synapse).
 *
 *     pre spike   weight += eta (trace_minus - 2 rho_0 tau_stdp)
 *     post spike  weight += eta trace_plus
 *
 * clipped to 0 … w_max; both traces decay with tau_stdp. Drives the target's rate to rho_0. Acts on g_inh.
 */
export const inhibitoryStdp = defineSynapse({
  name: 'inhibitory-stdp',
  title: 'Inhibitory plasticity towards a target rate',
  source:
    'Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011, Science 334:1569, doi:10.1126/science.1211095',
  aliases: { nest: 'vogels_sprekeler_synapse', pynn: 'Vogels2011Rule' },
  eqs: `
    weight : siemens
    dtrace_plus/dt = -trace_plus/tau_stdp : 1 (event-driven)
    dtrace_minus/dt = -trace_minus/tau_stdp : 1 (event-driven)
  `,
  onPre: `
    trace_plus += 1
    weight = clip(weight + eta*(trace_minus - 2*rho_0*tau_stdp), 0*siemens, w_max)
    g_inh += weight
  `,
  onPost: `
    trace_minus += 1
    weight = clip(weight + eta*trace_plus, 0*siemens, w_max)
  `,
  params: {
    w_max: { value: '100 nS', isWeight: true, doc: 'Largest weight.', nest: 'Wmax', pynn: 'w_max' },
    eta: {
      value: '0.01 nS',
      isWeight: true,
      doc: 'Learning rate: change of weight by one trace.',
      nest: 'eta',
      pynn: 'eta',
    },
    rho_0: {
      value: '3 Hz',
      min: '0 Hz',
      doc: 'Target rate of the postsynaptic neuron.',
      pynn: 'rho',
    },
    tau_stdp: {
      value: '20 ms',
      above: '0 ms',
      doc: 'Decay of both traces.',
      nest: 'tau',
      pynn: 'tau',
    },
  },
  initial: {},
  bound: 'w_max',
  advice: weightDoc,
});
