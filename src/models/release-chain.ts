/**
 * The presynaptic terminal step by step: potential, calcium channel, calcium, fusion factor, vesicle, transmitter.
 * Not a synapse for large networks: see release.ts and synapses.ts for those.
 */
import { defineModel } from './model.ts';

/**
 * Terminal from action potential to transmitter pulse (Destexhe, Mainen & Sejnowski 1994).
 *
 *     c_m v'       = i_offset/area - i_na - i_k - g_leak (v - e_leak) - i_ca           Traub-Miles sodium and potassium
 *     i_ca         = o p_ca ghk(v, ca, ca_out),   o' = opening (1 - o) - closing o
 *     ca'          = max(0, -i_ca/(2 F depth)) - pump ca/(ca + km_pump) + (ca_rest - ca)/tau_ca - binding + 4 k_unbind fa
 *     fa'          = binding - k_unbind fa - k_dock fa ves + k_undock va,   binding = k_bind (f_max - fa - va) (ca/uM)^4
 *     va'          = k_dock fa ves - (k_undock + k_fuse) va
 *     transmitter' = n_transmitter k_fuse va - k_clear transmitter
 *
 * ghk is the current of Goldman, Hodgkin and Katz per permeability, with 1/exprel(z) for z/(exp(z) - 1), which is finite
 * at 0 mV. Four calcium ions make a fusion factor active; as published, binding takes one of them from the pool and
 * unbinding gives four back. Factors are conserved: free ones are f_max - fa - va. Calcium is the mean under the membrane
 * (depth 1 um): at an active zone it is 10 to 100 times higher.
 *
 * State: v [mV], gates m, h, n, o, calcium ca, active factors fa, activated vesicles va and transmitter [mM]; i_ca can be
 * recorded like them. Gates start at 0, as in the source, so the first action potential depends on when it is fired.
 * Checked against T12 (tests/physics/release-chain.test.ts).
 */
export const releaseChain = defineModel({
  name: 'release-chain',
  title: 'Terminal: potential, calcium, fusion, transmitter',
  source:
    'Destexhe, Mainen & Sejnowski 1994, J Comput Neurosci 1:195, doi:10.1007/BF00961734 (ModelDB 18198: release.mod, caL3d.mod, HH2.mod)',
  aliases: {},
  eqs: `
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    do/dt = q_ca*(opening*(1 - o) - closing*o) : 1
    dv/dt = (i_offset/area - g_na*m**3*h*(v - e_na) - g_k*n**4*(v - e_k) - g_leak*(v - e_leak) - i_ca)/c_m : volt
    dca/dt = influx - pump*ca/(ca + km_pump) + (ca_rest - ca)/tau_ca - binding + 4*k_unbind*fa : mmolar
    dfa/dt = binding - (k_unbind + k_dock*ves)*fa + k_undock*va : mmolar
    dva/dt = k_dock*ves*fa - (k_undock + k_fuse)*va : mmolar
    dtransmitter/dt = n_transmitter*k_fuse*va - k_clear*transmitter : mmolar
    i_ca = o*p_ca*2*faraday_constant*(ca/exprel(-z_ca) - ca_out/exprel(z_ca)) : amp/metre**2
    z_ca = 2*faraday_constant*v/(gas_constant*temperature) : 1
    influx = -i_ca*int(i_ca < 0*amp/metre**2)/(2*faraday*depth) : mmolar/second
    binding = k_bind*(f_max - fa - va)*(ca/uM)**4 : mmolar/second
    q_ca = 3**((temperature - 295.15*kelvin)/(10*kelvin)) : 1
    opening = r_open/(1 + exp(-(v - v_half)/(10*mV))) : hertz
    closing = r_open/(1 + exp((v - v_half)/(10*mV))) : hertz
    alpha_m = 1.28/exprel((13*mV - v + v_offset)/(4*mV))/ms : hertz
    beta_m = 1.4/exprel((v - v_offset - 40*mV)/(5*mV))/ms : hertz
    alpha_h = 0.128*exp((17*mV - v + v_offset)/(18*mV))/ms : hertz
    beta_h = 4/(1 + exp((40*mV - v + v_offset)/(5*mV)))/ms : hertz
    alpha_n = 0.16/exprel((15*mV - v + v_offset)/(5*mV))/ms : hertz
    beta_n = 0.5*exp((10*mV - v + v_offset)/(40*mV))/ms : hertz
  `,
  threshold: 'v > v_thresh',
  refractory: 'v > v_thresh',
  method: 'exponential_symmetric',
  params: {
    c_m: { value: '1 uF/cm2', above: '0 uF/cm2', doc: 'Membrane capacitance per area.' },
    area: {
      value: '314.159265 um2',
      above: '0 um2',
      doc: 'Membrane: a cylinder 10 um wide and long.',
    },
    g_leak: { value: '0.2 mS/cm2', min: '0 mS/cm2', doc: 'Leak conductance.', symbol: 'g_pas' },
    e_leak: { value: '-70 mV', doc: 'Leak reversal potential.' },
    g_na: { value: '100 mS/cm2', min: '0 mS/cm2', doc: 'Largest sodium conductance.' },
    e_na: { value: '50 mV', doc: 'Sodium reversal potential.' },
    g_k: { value: '30 mS/cm2', min: '0 mS/cm2', doc: 'Largest potassium conductance.' },
    e_k: { value: '-90 mV', doc: 'Potassium reversal potential.' },
    v_offset: {
      value: '-63 mV',
      doc: 'Shift of sodium and potassium gates along v.',
      symbol: 'V_T',
    },
    p_ca: {
      value: '2e-4 cm/second',
      min: '0 cm/second',
      doc: 'Largest calcium permeability.',
      symbol: 'p',
    },
    r_open: {
      value: '1.6/ms',
      above: '0/ms',
      doc: 'Calcium channel: rates at 22 °C.',
      symbol: 'Ra',
    },
    v_half: { value: '5 mV', doc: 'Calcium channel: potential at which half are open.' },
    temperature: {
      value: '309.15 kelvin',
      above: '0 kelvin',
      doc: 'Temperature; rates of the calcium channel change 3-fold per 10 K.',
    },
    ca_out: { value: '2 mM', min: '0 mM', doc: 'Calcium outside.', symbol: 'Ca_o' },
    depth: { value: '1 um', above: '0 um', doc: 'Shell under the membrane that calcium fills.' },
    faraday: {
      value: '96489 coulomb/mole',
      above: '0 coulomb/mole',
      doc: 'Charge per mole in the influx of calcium, as published.',
    },
    pump: { value: '1 uM/ms', min: '0 uM/ms', doc: 'Calcium pump: largest rate.', symbol: 'kt' },
    km_pump: { value: '0.01 uM', above: '0 uM', doc: 'Calcium pump: half rate.', symbol: 'kd' },
    ca_rest: {
      value: '1e-5 uM',
      min: '0 uM',
      doc: 'Calcium to which the slow buffer returns.',
      symbol: 'Ca_inf',
    },
    tau_ca: {
      value: '1e10 ms',
      above: '0 ms',
      doc: 'Return by the slow buffer; the default switches it off.',
      symbol: 'tau_r',
    },
    k_bind: {
      value: '1e4/ms',
      min: '0/ms',
      doc: 'Binding of four calcium ions to a factor, at 1 uM.',
      symbol: 'b_F',
    },
    k_unbind: { value: '0.1/ms', min: '0/ms', doc: 'Unbinding.', symbol: 'u' },
    f_max: { value: '1 uM', min: '0 uM', doc: 'Fusion factors, all states.', symbol: 'Fmax' },
    ves: { value: '10 uM', min: '0 uM', doc: 'Docked vesicles.', symbol: 'Ves' },
    k_dock: {
      value: '1000/mM/ms',
      min: '0/mM/ms',
      doc: 'Binding of an active factor to a vesicle.',
      symbol: 'k1',
    },
    k_undock: { value: '0.1/ms', min: '0/ms', doc: 'The way back.', symbol: 'k2' },
    k_fuse: { value: '4/ms', min: '0/ms', doc: 'Fusion of activated vesicles.', symbol: 'k3' },
    n_transmitter: {
      value: 10_000,
      min: 0,
      doc: 'Transmitter in the cleft per activated vesicle.',
      symbol: 'n_t',
    },
    k_clear: {
      value: '10/ms',
      min: '0/ms',
      doc: 'Clearance of transmitter from the cleft.',
      symbol: 'k_h',
    },
    v_thresh: { value: '0 mV', doc: 'Potential whose upward crossing counts as a spike.' },
    i_offset: { value: '0 pA', doc: 'Current into the terminal.' },
  },
  initial: { v: 'e_leak', ca: '1e-2*uM' },
  advice:
    'Exponential steps there and back: stable at any step; the pulse of transmitter is right to 0.04 % at dt 0.005 ms and to 0.6 % at 0.02 ms. rk4 is more exact at 0.005 ms, and unstable where calcium rises far above 0.2 uM. For a few thousand terminals at most.',
});
