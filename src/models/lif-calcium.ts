/** The leaky integrate-and-fire neuron to which genes, pools and controllers of conductances are joined. */
import { defineModel } from './model.ts';
import {
  cM,
  eRevExc,
  eRevInh,
  iOffset,
  peaks,
  tauM,
  tauRefrac,
  tauSynExc,
  tauSynInh,
  vReset,
  vRest,
  vThresh,
} from './parameters.ts';

/**
 * Leaky integrate-and-fire neuron with calcium and two channels: lif-cond-exp with what chemistry and genes need.
 *
 *     dv/dt = (v_rest - v)/tau_m + (i_syn + i_in + i_kca + i_offset)/c_m
 *     i_syn = receptors g_exc (e_rev_exc - v) + g_inh (e_rev_inh - v)
 *     i_in  = open_in g_in area (e_in - v)                                  persistent inward (cation) channels
 *     i_kca = open_kca g_kca area ca/(ca + k_kca) (e_k - v)                 calcium-gated potassium channels
 *     dca/dt = (ca_rest - ca)/tau_ca,   ca += ca_spike at each spike
 *
 * Both channels are absent by default. `g_in`, `g_kca` (per area) and `receptors` are there to be regulated: `extend` with
 * conductanceControl supplies them; `open_…` block a channel and leave its regulation alone. Mean calcium above rest is
 * ca_spike tau_ca times the rate, so it measures activity. Exponential Euler. Synapses add to g_exc or g_inh [nS].
 *
 * State: v [mV], ca [uM], g_exc, g_inh [nS]. Calcium is that of a cell body, not of a nanodomain at a channel.
 * Checked: mean calcium against the rate (tests/physics/homeostasis-network.test.ts).
 */
export const lifCalcium = defineModel({
  name: 'lif-calcium',
  title: 'Leaky integrate-and-fire with calcium, calcium-gated potassium and a persistent current',
  source:
    'Leak and synapses: Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159, doi:10.1023/B:JCNS.0000014108.03012.81; calcium and calcium-gated potassium in the form of Liu & Wang 2001, J Comput Neurosci 10:25, doi:10.1023/A:1008916026143; values are ours, of cortical order',
  aliases: {},
  eqs: `
    dv/dt = (v_rest - v)/tau_m + (i_syn + i_in + i_kca + i_offset)/c_m : volt (unless refractory)
    i_syn = receptors*g_exc*(e_rev_exc - v) + g_inh*(e_rev_inh - v) : amp
    i_in = open_in*g_in*area*(e_in - v) : amp
    i_kca = open_kca*g_kca*area*ca/(ca + k_kca)*(e_k - v) : amp
    dg_exc/dt = -g_exc/tau_syn_exc : siemens
    dg_inh/dt = -g_inh/tau_syn_inh : siemens
    dca/dt = (ca_rest - ca)/tau_ca : mmolar
  `,
  threshold: 'v > v_thresh',
  reset: 'v = v_reset\nca += ca_spike',
  refractory: 'tau_refrac',
  params: {
    c_m: cM('250 pF'),
    tau_m: tauM('20 ms'),
    v_rest: vRest('-70 mV'),
    v_reset: vReset('-60 mV'),
    v_thresh: vThresh('-50 mV'),
    tau_refrac: tauRefrac('3 ms'),
    i_offset: iOffset('0 pA'),
    e_rev_exc: eRevExc('0 mV'),
    e_rev_inh: eRevInh('-75 mV'),
    tau_syn_exc: tauSynExc('5 ms'),
    tau_syn_inh: tauSynInh('10 ms'),
    receptors: {
      value: 1,
      min: 0,
      doc: 'Excitatory receptors, as a multiple of what weights mean.',
    },
    area: { value: '0.025 mm2', above: '0 mm2', doc: 'Membrane area: 250 pF at 1 uF/cm2.' },
    g_in: { value: '0 uS/mm2', min: '0 uS/mm2', doc: 'Persistent inward conductance, per area.' },
    open_in: {
      value: 1,
      min: 0,
      doc: 'Persistent inward channels that are not blocked: 0 is a full block, 1 none.',
    },
    e_in: { value: '-20 mV', doc: 'Reversal potential of the persistent inward current.' },
    g_kca: {
      value: '0 uS/mm2',
      min: '0 uS/mm2',
      doc: 'Calcium-gated potassium conductance, per area, when all channels are open.',
    },
    open_kca: {
      value: 1,
      min: 0,
      doc: 'Calcium-gated potassium channels that are not blocked: 0 is a full block, 1 none.',
    },
    k_kca: { value: '0.5 uM', above: '0 uM', doc: 'Calcium that opens half of them.' },
    e_k: { value: '-90 mV', doc: 'Potassium reversal potential.' },
    ca_rest: { value: '0.05 uM', above: '0 uM', doc: 'Calcium without spikes.' },
    tau_ca: { value: '200 ms', above: '0 ms', doc: 'Clearance of calcium.' },
    ca_spike: { value: '0.1 uM', min: '0 uM', doc: 'Calcium that a spike lets in.' },
  },
  initial: { v: 'v_rest', ca: 'ca_rest' },
  inputs: peaks('conductance', 'g_exc', 'g_inh'),
});
