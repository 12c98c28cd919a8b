/**
 * Equations in the style of published models, written for these tests: what people type must be accepted, or refused by
 * the name of what is missing.
 */
import type { CheckedPopulation } from '../../../src/language/ast.ts';
import { checkPopulation, type Scope } from '../../../src/language/check.ts';
import { type Dimension, parseUnit } from '../../../src/language/units.ts';

/** A population of the corpus; `refused` is a piece of the message when it must not be accepted. */
export interface CorpusPopulation {
  readonly name: string;
  readonly eqs: string;
  readonly threshold?: string;
  readonly reset?: string;
  readonly refractory?: string;
  readonly refused?: string;
}

/** A projection of the corpus, onto the model of `postModel`. */
export interface CorpusProjection {
  readonly name: string;
  readonly eqs?: string;
  readonly onPre?: string;
  readonly onPost?: string;
  readonly refused?: string;
}

/** Dimensions by unit text. */
export function dimensions(units: Readonly<Record<string, string>>): Record<string, Dimension> {
  return Object.fromEntries(
    Object.entries(units).map(([name, unit]) => [name, parseUnit(unit).dimension]),
  );
}

/** The parameters that the corpus uses, under the names that papers give them. */
export const SCOPE: Scope = {
  params: dimensions({
    C: 'farad',
    C_m: 'farad',
    Cs: 'farad',
    Cd: 'farad',
    c_area: 'farad/metre**2',
    g_L: 'siemens',
    g_Na: 'siemens',
    g_K: 'siemens',
    g_A: 'siemens',
    g_Ca: 'siemens',
    g_M: 'siemens',
    g_h: 'siemens',
    g_c: 'siemens',
    gl_area: 'siemens/metre**2',
    gna_area: 'siemens/metre**2',
    gk_area: 'siemens/metre**2',
    area: 'metre**2',
    E_L: 'volt',
    E_Na: 'volt',
    E_K: 'volt',
    E_Ca: 'volt',
    E_e: 'volt',
    E_i: 'volt',
    E_h: 'volt',
    V_T: 'volt',
    V_t: 'volt',
    V_r: 'volt',
    V_half: 'volt',
    k_s: 'volt',
    D_T: 'volt',
    V_cut: 'volt',
    tau_m: 'second',
    tau_e: 'second',
    tau_i: 'second',
    tau_w: 'second',
    tau_rise: 'second',
    tau_decay: 'second',
    tau_ref: 'second',
    tau_n: 'second',
    tau_t: 'second',
    tau_pre: 'second',
    tau_post: 'second',
    tau_f: 'second',
    tau_d: 'second',
    tau_u: 'second',
    tau_Ca: 'second',
    a: 'siemens',
    b: 'amp',
    R: 'ohm',
    I_0: 'amp',
    mu: 'volt',
    sigma: 'volt',
    s_I: 'amp',
    alpha: 'hertz',
    rate_max: 'hertz',
    rate_0: 'hertz',
    w_e: 'volt',
    w_i: 'volt',
    w_max: '1',
    A_plus: '1',
    A_minus: '1',
    eta: '1',
    U_0: '1',
    w_c: 'siemens',
    J_v: 'volt',
    Mg: 'mM',
    theta_0: 'volt',
    d_theta: 'volt',
    tau_theta: 'second',
    izh_a: '1',
    izh_b: '1',
    izh_c: '1',
    izh_d: '1',
    freq: 'hertz',
    n_0: '1',
    temperature: 'kelvin',
    Ca_in: 'mM',
    Ca_out: 'mM',
  }),
  networkParams: dimensions({ g_scale: '1', E_exc: 'volt' }),
  timedArrays: {
    I_stim: { dimension: parseUnit('amp').dimension, columns: 1 },
    I_each: { dimension: parseUnit('amp').dimension, columns: 10 },
    stim_rate: { dimension: parseUnit('hertz').dimension, columns: 1 },
  },
};

export const POPULATIONS: readonly CorpusPopulation[] = [
  {
    name: 'leaky integrate-and-fire',
    eqs: 'dv/dt = (E_L - v)/tau_m : volt',
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'leaky integrate-and-fire, refractory',
    eqs: 'dv/dt = (E_L - v + R*I)/tau_m : volt (unless refractory)\nI : amp',
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '5 ms',
  },
  {
    name: 'voltage-jump synapses with exponential currents (CUBA)',
    eqs: `
      dv/dt  = (ge + gi - (v - E_L))/tau_m : volt (unless refractory)
      dge/dt = -ge/tau_e : volt   # excitation
      dgi/dt = -gi/tau_i : volt   # inhibition
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '5*ms',
  },
  {
    name: 'conductance synapses (COBA)',
    eqs: `
      dv/dt = (-(v - E_L) - ge*(v - E_e) - gi*(v - E_i))/tau_m : volt (unless refractory)
      dge/dt = -ge*(1./tau_e) : 1
      dgi/dt = -gi*(1./tau_i) : 1
    `,
    threshold: 'v > -50*mV',
    reset: 'v = -60*mV',
    refractory: 'tau_ref',
  },
  {
    name: 'exponential integrate-and-fire',
    eqs: 'dv/dt = (g_L*(E_L - v) + g_L*D_T*exp((v - V_T)/D_T) + I)/C : volt\nI : amp (constant)',
    threshold: 'v > V_T + 5*D_T',
    reset: 'v = V_r',
  },
  {
    name: 'adaptive exponential',
    eqs: `
      dvm/dt = (g_L*(E_L - vm) + g_L*D_T*exp((vm - V_T)/D_T) + I - w)/C : volt
      dw/dt = (a*(vm - E_L) - w)/tau_w : amp
      I : amp
    `,
    threshold: 'vm > V_cut',
    reset: 'vm = V_r; w += b',
  },
  {
    name: 'adaptive exponential, clipped exponent, multi-line',
    eqs: `
      dv/dt = (g_L*(E_L - v)
               + g_L*D_T*exp(clip((v - V_T)/D_T, -inf, 20))
               - w
               + I_stim(t)
              )/C : volt (unless refractory)
      dw/dt = (a*(v - E_L) - w)/tau_w : amp
    `,
    threshold: 'v > V_cut',
    reset: 'v = V_r\nw = w + b',
    refractory: '2*ms',
  },
  {
    name: 'quadratic integrate-and-fire',
    eqs: 'dv/dt = (alpha/volt*(v - E_L)*(v - V_T) + I/C) : volt\nI : amp',
    threshold: 'v >= V_cut',
    reset: 'v = V_r',
  },
  {
    name: 'Izhikevich without units',
    eqs: `
      dv/dt = (0.04*v**2 + 5*v + 140 - u + I)/ms : 1
      du/dt = izh_a*(izh_b*v - u)/ms : 1
      I : 1
    `,
    threshold: 'v >= 30',
    reset: 'v = izh_c; u += izh_d',
  },
  {
    name: 'Izhikevich with units',
    eqs: `
      dv/dt = (0.04/ms/mV)*v**2 + (5/ms)*v + 140*mV/ms - u + I/C : volt
      du/dt = (0.02/ms)*(0.2/ms*v - u) : volt/second
      I : amp
    `,
    threshold: 'v > 30*mV',
    reset: 'v = -65*mV; u += 8*volt/second',
  },
  {
    name: 'Izhikevich with per-neuron parameters',
    eqs: `
      dv/dt = (0.04*v**2 + 5*v + 140 - u + I)/ms : 1
      du/dt = a_*(b_*v - u)/ms : 1
      I = 5*noise : 1
      noise = randn() : 1 (constant over dt)
      a_ : 1 (constant)
      b_ : 1 (constant)
      c_ : 1 (constant)
      d_ : 1 (constant)
    `,
    threshold: 'v >= 30',
    reset: 'v = c_; u += d_',
  },
  {
    name: 'Hodgkin-Huxley per area',
    eqs: `
      dv/dt = (gl_area*(E_L - v) - gna_area*m**3*h*(v - E_Na) - gk_area*n**4*(v - E_K) + I/area)/c_area : volt
      dm/dt = alpham*(1 - m) - betam*m : 1
      dn/dt = alphan*(1 - n) - betan*n : 1
      dh/dt = alphah*(1 - h) - betah*h : 1
      alpham = (0.32/mV)*4*mV/exprel((13*mV - v + V_T)/(4*mV))/ms : Hz
      betam = (0.28/mV)*5*mV/exprel((v - V_T - 40*mV)/(5*mV))/ms : Hz
      alphah = 0.128*exp((17*mV - v + V_T)/(18*mV))/ms : Hz
      betah = 4./(1 + exp((40*mV - v + V_T)/(5*mV)))/ms : Hz
      alphan = (0.032/mV)*5*mV/exprel((15*mV - v + V_T)/(5*mV))/ms : Hz
      betan = .5*exp((10*mV - v + V_T)/(40*mV))/ms : Hz
      I : amp
    `,
    threshold: 'v > -40*mV',
    refractory: 'v > -40*mV',
  },
  {
    name: 'Hodgkin-Huxley, singular rates written out',
    eqs: `
      dv/dt = (I - g_L*(v - E_L) - g_Na*m**3*h*(v - E_Na) - g_K*n**4*(v - E_K))/C : volt
      dm/dt = 0.1/mV*(-v - 40*mV)/(exp((-v - 40*mV)/(10*mV)) - 1)/ms*(1 - m) - 4*exp((-v - 65*mV)/(18*mV))/ms*m : 1
      dh/dt = 0.07*exp((-v - 65*mV)/(20*mV))/ms*(1 - h) - 1/(exp(-0.1/mV*(v + 35*mV)) + 1)/ms*h : 1
      dn/dt = 0.01/mV*(-v - 55*mV)/(exp((-v - 55*mV)/(10*mV)) - 1)/ms*(1 - n) - 0.125*exp((-v - 65*mV)/(80*mV))/ms*n : 1
      I = I_0*int(t > 10*ms) : amp
    `,
    threshold: 'v > 0*mV',
    refractory: 'v > 0*mV',
  },
  {
    name: 'Morris-Lecar',
    eqs: `
      dv/dt = (I - g_L*(v - E_L) - g_Ca*m_inf*(v - E_Ca) - g_K*w*(v - E_K))/C : volt
      dw/dt = (w_inf - w)/tau : 1
      m_inf = 0.5*(1 + tanh((v + 1.2*mV)/(18*mV))) : 1
      w_inf = 0.5*(1 + tanh((v - 2*mV)/(30*mV))) : 1
      tau = tau_n/cosh((v - 2*mV)/(60*mV)) : second
      I : amp
    `,
    threshold: 'v > 0*mV',
    refractory: 'v > 0*mV',
  },
  {
    name: 'FitzHugh-Nagumo',
    eqs: 'dx/dt = (x - x**3/3 - y + 0.5)/ms : 1\ndy/dt = 0.08*(x + 0.7 - 0.8*y)/ms : 1',
  },
  {
    name: 'Hindmarsh-Rose',
    eqs: `
      dx/dt = (y - x**3 + 3*x**2 - z + 2)/ms : 1
      dy/dt = (1 - 5*x**2 - y)/ms : 1
      dz/dt = 0.005*(4*(x + 1.6) - z)/ms : 1
    `,
    threshold: 'x > 1',
    refractory: 'x > 1',
  },
  {
    name: 'Wang-Buzsaki interneuron',
    eqs: `
      dv/dt = (I - I_L - I_Na - I_K)/C : volt
      I_L = g_L*(v - E_L) : amp
      I_Na = g_Na*m_inf**3*h*(v - E_Na) : amp
      I_K = g_K*n**4*(v - E_K) : amp
      m_inf = am/(am + bm) : 1
      am = -0.1/mV*(v + 35*mV)/(exp(-0.1/mV*(v + 35*mV)) - 1)/ms : Hz
      bm = 4*exp(-(v + 60*mV)/(18*mV))/ms : Hz
      dh/dt = 5*(ah*(1 - h) - bh*h) : 1
      ah = 0.07*exp(-(v + 58*mV)/(20*mV))/ms : Hz
      bh = 1/(exp(-0.1/mV*(v + 28*mV)) + 1)/ms : Hz
      dn/dt = 5*(an*(1 - n) - bn*n) : 1
      an = -0.01/mV*(v + 34*mV)/(exp(-0.1/mV*(v + 34*mV)) - 1)/ms : Hz
      bn = 0.125*exp(-(v + 44*mV)/(80*mV))/ms : Hz
      I : amp (constant)
    `,
    threshold: 'v > 0*mV',
    refractory: 'v > 0*mV',
  },
  {
    name: 'Connor-Stevens A current',
    eqs: `
      dv/dt = (I - g_L*(v - E_L) - g_A*x**3*y*(v - E_K))/C : volt
      dx/dt = (xinf - x)/tx : 1
      dy/dt = (yinf - y)/ty : 1
      xinf = (0.0761*exp((v + 94.22*mV)/(31.84*mV))/(1 + exp((v + 1.17*mV)/(28.93*mV))))**(1/3) : 1
      yinf = (1/(1 + exp((v + 53.3*mV)/(14.54*mV))))**4 : 1
      tx = 0.3632*ms + 1.158*ms/(1 + exp((v + 55.96*mV)/(20.12*mV))) : second
      ty = 1.24*ms + 2.678*ms/(1 + exp((v + 50*mV)/(16.027*mV))) : second
      I : amp
    `,
  },
  {
    name: 'M current and h current',
    eqs: `
      dv/dt = (g_L*(E_L - v) + g_M*p*(E_K - v) + g_h*r*(E_h - v))/C_m : volt
      dp/dt = (1/(1 + exp(-(v - V_half)/k_s)) - p)/tau_w : 1
      dr/dt = (1/(1 + exp((v - V_half)/k_s)) - r)/(tau_w*2) : 1
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'calcium and AHP',
    eqs: `
      dv/dt = (g_L*(E_L - v) - g_K*Ca/(Ca + 30*uM)*(v - E_K) + I)/C : volt
      dCa/dt = -Ca/tau_Ca : mM
      I : amp
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r; Ca += 1*uM',
  },
  {
    name: 'two compartments',
    eqs: `
      dVs/dt = (-g_L*(Vs - E_L) + g_c*(Vd - Vs)/n_0 + I_s)/Cs : volt
      dVd/dt = (-g_L*(Vd - E_L) + g_c*(Vs - Vd)/(1 - n_0) + I_d)/Cd : volt
      I_s : amp
      I_d : amp
    `,
    threshold: 'Vs > V_t',
    reset: 'Vs = V_r',
  },
  {
    name: 'alpha synapse',
    eqs: `
      dv/dt = (E_L - v + R*I)/tau_m : volt
      dI/dt = (x - I)/tau_e : amp
      dx/dt = -x/tau_e : amp
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'double-exponential conductance',
    eqs: `
      dv/dt = (g_L*(E_L - v) + g*(E_e - v))/C : volt
      dg/dt = (s*norm - g)/tau_decay : siemens
      ds/dt = -s/tau_rise : siemens
      norm = (tau_decay/tau_rise)**(tau_rise/(tau_decay - tau_rise)) : 1
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'NMDA with magnesium block',
    eqs: `
      dv/dt = (g_L*(E_L - v) + I_nmda)/C : volt
      I_nmda = g_nmda*(E_e - v)/(1 + Mg/(3.57*mM)*exp(-0.062*v/mV)) : amp
      dg_nmda/dt = -g_nmda/tau_decay : siemens
    `,
  },
  {
    name: 'additive noise',
    eqs: 'dv/dt = (mu - v)/tau_m + sigma*sqrt(2/tau_m)*xi : volt',
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'noise written as tau**-.5',
    eqs: 'dv/dt = (mu - v)/tau_m + sigma*xi*tau_m**-.5 : volt (unless refractory)',
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '2*ms',
  },
  {
    name: 'several noise terms',
    eqs: `
      dv/dt = (g_L*(E_L - v) + I)/C + sigma*xi_v/sqrt(tau_m) : volt
      dI/dt = -I/tau_e + s_I*sqrt(2/tau_e)*xi_I : amp
    `,
  },
  {
    name: 'multiplicative noise',
    eqs: 'dx/dt = -x/tau_m + x*xi/sqrt(tau_m) : 1',
  },
  {
    name: 'Ornstein-Uhlenbeck conductances',
    eqs: `
      dv/dt = (g_L*(E_L - v) + ge*(E_e - v) + gi*(E_i - v))/C : volt
      dge/dt = (g_A - ge)/tau_e + sqrt(2*s_e**2/tau_e)*xi_e : siemens
      dgi/dt = (g_M - gi)/tau_i + sqrt(2*s_i**2/tau_i)*xi_i : siemens
      s_e : siemens (constant)
      s_i : siemens (constant)
    `,
  },
  {
    name: 'Poisson group',
    eqs: 'rates : Hz',
    threshold: 'rand() < rates*dt',
  },
  {
    name: 'Poisson group of a shared rate without variables',
    eqs: '',
    threshold: 'rand() < rate_0*dt',
  },
  {
    name: 'inhomogeneous Poisson group',
    eqs: 'rate = rate_max*(1 + sin(2*pi*freq*t))/2 : Hz',
    threshold: 'rand() < rate*dt',
  },
  {
    name: 'Poisson group driven by a timed array',
    eqs: 'phase : 1',
    threshold: 'rand() < stim_rate(t)*dt',
  },
  {
    name: 'timed array per neuron',
    eqs: 'dv/dt = (E_L - v + R*I_each(t, i % 10))/tau_m : volt',
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'tuned input',
    eqs: `
      dv/dt = (drive - v)/tau_m : volt
      drive = 20*mV*exp(-(2*pi*i/N - theta)**2/(2*0.5**2)) : volt
      theta : 1 (constant)
    `,
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'adaptive threshold',
    eqs: `
      dv/dt = (E_L - v + R*I)/tau_m : volt
      dvt/dt = (theta_0 - vt)/tau_t : volt
      I : amp
    `,
    threshold: 'v > vt',
    reset: 'v = V_r; vt += 3*mV',
  },
  {
    name: 'refractory period as a variable drawn in reset',
    eqs: 'dv/dt = (E_L - v)/tau_m : volt (unless refractory)\nref : second',
    threshold: 'v > V_t',
    reset: 'v = V_r\nref = clip(2*ms + 0.5*ms*randn(), 0*ms, inf)',
    refractory: 'ref',
  },
  {
    name: 'refractory condition with lastspike',
    eqs: 'dv/dt = (E_L - v)/tau_m : volt (unless refractory)',
    threshold: 'v > V_t and (t - lastspike) > 1*ms',
    reset: 'v = V_r',
    refractory: '(t - lastspike) < 3*ms or v < V_r',
  },
  {
    name: 'random refractory expression',
    eqs: 'dv/dt = (E_L - v)/tau_m : volt (unless refractory)',
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '(1 + 2*rand())*ms',
    refused: 'random numbers in refractory are not supported yet',
  },
  {
    name: 'boolean and integer state',
    eqs: `
      dv/dt = int(active)*(E_L - v)/tau_m : volt
      active : boolean
      spike_count : integer
    `,
    threshold: 'v > V_t and active',
    reset: 'v = V_r; spike_count += 1; active = spike_count < 5',
  },
  {
    name: 'lastspike in a current',
    eqs: 'dv/dt = (E_L - v)/tau_m - J_v/ms*exp(-(t - lastspike)/tau_w) : volt (unless refractory)',
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '1*ms',
  },
  {
    name: 'timestep function',
    eqs: 'dv/dt = (E_L - v)/tau_m*int(timestep(t, dt) % 2 == 0) : volt\nlate = t_in_timesteps >= 100 : boolean',
  },
  {
    name: 'shared parameter and shared subexpression',
    eqs: `
      dv/dt = (E_L - v + R*I)/tau_m : volt
      I_all : amp (shared)
      I = I_all*gain : amp (shared)
      gain : 1 (shared, constant)
    `,
  },
  {
    name: 'gap-junction current',
    eqs: 'dv/dt = (g_L*(E_L - v) + I_gap)/C : volt\nI_gap : amp # sum over synapses',
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'constant-field current with physical constants',
    eqs: `
      dv/dt = -P*area*4*(v*faraday_constant**2)/(gas_constant*temperature)*(Ca_in - Ca_out)/C : volt
      P : metre/second (constant)
    `,
  },
  {
    name: 'Nernst potential',
    eqs: 'E = gas_constant*(zero_celsius + 36*kelvin)/faraday_constant*log(Ca_out/Ca_in) : volt\ndv/dt = (E - v)/tau_m : volt',
  },
  {
    name: 'soft rectification and clip',
    eqs: `
      dr/dt = (-r + rate_max*clip(x, 0, 1))/tau_m : Hz
      x = log1p(exp(I/I_0)) : 1
      I : amp
    `,
  },
  {
    name: 'resonate-and-fire',
    eqs: `
      dx/dt = -x/tau_m - 2*pi*freq*y : 1
      dy/dt = 2*pi*freq*x - y/tau_m : 1
    `,
    threshold: 'y > 1',
    reset: 'x = 0; y = 1',
  },
  {
    name: 'reset with locals and compound operators',
    eqs: 'dv/dt = (E_L - v)/tau_m : volt\nw : 1',
    threshold: 'v > V_t',
    reset: 'excess = v - V_t\nv = V_r + 0.5*excess\nw *= 0.9; w //= 1; w **= 2',
  },
  {
    name: 'network parameters and units in prefix form',
    eqs: 'dv/dt = (g_scale*g*(E_exc - v))/C : mV\ndg/dt = -g/tau_e : nS',
    threshold: 'v > V_t',
    reset: 'v = V_r',
  },
  {
    name: 'Unix comments, tabs and Windows newlines',
    eqs: '# a model\r\n\tdv/dt = -v/tau_m : volt # leak\r\n\r\n\tw : 1\t(constant) # weight\r\n',
  },
  { name: 'linked variable', eqs: 'I : amp (linked)' },
  {
    name: 'poisson()',
    eqs: 'x = poisson(3) : 1 (constant over dt)',
    refused: '`poisson` is not supported yet',
  },
  { name: 'indexing', eqs: 'x = w[0] : 1', refused: 'indexing is not supported' },
  {
    name: 'conditional expression',
    eqs: 'x = 1 if t > 1*ms else 0 : 1',
    refused: '"if" is not part of the language',
  },
  {
    name: 'matrix power of a unit',
    eqs: 'dv/dt = v**tau_m : volt',
    refused: 'an exponent is a number without unit',
  },
];

/** The target population of all projections of the corpus. */
export function postModel(): CheckedPopulation {
  return checkPopulation(
    {
      eqs: `
        dv/dt = (g_L*(E_L - v) + ge*(E_e - v) + I_gap + I_syn)/C : volt (unless refractory)
        dge/dt = -ge/tau_e : siemens
        dgi/dt = -gi/tau_i : siemens
        dx/dt = -x/tau_post : 1
        I_gap : amp
        I_syn : amp
        S_tot : 1
        I_leak = g_L*(E_L - v) : amp
        label : integer (constant)
      `,
      threshold: 'v > V_t',
      reset: 'v = V_r; x += 1',
      refractory: '2*ms',
    },
    SCOPE,
  );
}

export const PROJECTIONS: readonly CorpusProjection[] = [
  { name: 'static, fixed weight', onPre: 'v_post += J_v' },
  { name: 'static, unsuffixed', onPre: 'ge += w_c' },
  { name: 'weight per synapse', eqs: 'w : siemens', onPre: 'ge_post += w' },
  { name: 'constant weight per synapse', eqs: 'w : siemens (constant)', onPre: 'gi -= w' },
  {
    name: 'pair STDP, event-driven',
    eqs: `
      w : 1
      dapre/dt = -apre/tau_pre : 1 (event-driven)
      dapost/dt = -apost/tau_post : 1 (event-driven)
    `,
    onPre: 'ge_post += w*w_c\napre += A_plus\nw = clip(w + apost, 0, w_max)',
    onPost: 'apost += A_minus\nw = clip(w + apre, 0, w_max)',
  },
  {
    name: 'pair STDP, multiplicative',
    eqs: 'w : 1\ndr/dt = -r/tau_pre : 1 (event-driven)',
    onPre: 'ge += w*nS; r += 1; w -= eta*w*x_post',
    onPost: 'w += eta*(w_max - w)*r',
  },
  {
    name: 'triplet STDP',
    eqs: `
      w : 1
      dr1/dt = -r1/tau_pre : 1 (event-driven)
      dr2/dt = -r2/tau_d : 1 (event-driven)
      do1/dt = -o1/tau_post : 1 (event-driven)
      do2/dt = -o2/tau_f : 1 (event-driven)
    `,
    onPre: 'ge += w*w_c; w = clip(w - o1*(A_minus + eta*r2), 0, w_max); r1 += 1; r2 += 1',
    onPost: 'w = clip(w + r1*(A_plus + eta*o2), 0, w_max); o1 += 1; o2 += 1',
  },
  {
    name: 'voltage-dependent plasticity',
    eqs: 'w : 1\ndxbar/dt = -xbar/tau_pre : 1 (event-driven)',
    onPre: 'ge += w*w_c; xbar += 1; w -= eta*int(v_post > V_T)*(v_post - V_T)/mV',
  },
  {
    name: 'inhibitory plasticity',
    eqs: `
      w : 1
      dapre/dt = -apre/tau_pre : 1 (event-driven)
      dapost/dt = -apost/tau_post : 1 (event-driven)
    `,
    onPre: 'apre += 1.\nw = clip(w + (apost - alpha*tau_post*2)*eta, 0, w_max)\ngi_post += w*nS',
    onPost: 'apost += 1.\nw = clip(w + apre*eta, 0, w_max)',
  },
  {
    name: 'short-term plasticity, event-driven',
    eqs: `
      w : siemens
      du/dt = (U_0 - u)/tau_f : 1 (event-driven)
      dR_/dt = (1 - R_)/tau_d : 1 (event-driven)
    `,
    onPre: 'u += U_0*(1 - u); r = u*R_; ge += w*r; R_ -= r',
  },
  {
    name: 'short-term plasticity by hand',
    eqs: 'u : 1\nR_ : 1\nw : siemens\nlastupdate : second',
    onPre: `
      u = U_0 + (u - U_0)*exp(-(t - lastupdate)/tau_f)
      R_ = 1 + (R_ - 1)*exp(-(t - lastupdate)/tau_d)
      u += U_0*(1 - u)
      released = u*R_
      R_ -= released
      ge_post += w*released
      lastupdate = t
    `,
  },
  {
    name: 'lastupdate of event-driven equations',
    eqs: 'dA/dt = -A/tau_pre : 1 (event-driven)\nw : 1',
    onPre: 'A += 1; w += int(t - lastupdate > 1*ms)',
  },
  {
    name: 'gap junction',
    eqs: 'w : siemens\nI_gap_post = w*(v_pre - v_post) : amp (summed)',
  },
  {
    name: 'graded synapse',
    eqs: `
      w : siemens
      I_syn_post = w/(1 + exp(-(v_pre - V_half)/k_s))*(E_e - v_post) : amp (summed)
    `,
  },
  {
    name: 'NMDA as a summed clock-driven variable',
    eqs: `
      S_tot_post = s*w : 1 (summed)
      ds/dt = -s/tau_decay + alpha*y*(1 - s) : 1 (clock-driven)
      dy/dt = -y/tau_rise : 1 (clock-driven)
      w : 1 (constant)
    `,
    onPre: 'y += 1',
  },
  {
    name: 'clock-driven without flag',
    eqs: 'dg/dt = -g/tau_e : siemens\nI_syn_post = g*(E_e - v_post) : amp (summed)',
    onPre: 'g += w_c',
  },
  {
    name: 'stochastic release',
    eqs: 'w : siemens\np : 1 (constant)',
    onPre: 'ge += w*int(rand() < p)',
  },
  {
    name: 'weight from distance',
    eqs: 'w : siemens',
    onPre: 'ge += w*exp(-((i - j)/50.0)**2)/N_incoming',
  },
  {
    name: 'normalised weights and degrees',
    onPre: 'ge += w_c/sqrt(N_incoming) + 0*nS*N_outgoing*N_pre*N_post',
  },
  {
    name: 'homeostasis through a pre variable',
    eqs: 'w : 1',
    onPre: 'ge += w*w_c; w += eta*(x_pre - x_post)',
    onPost: 'x_pre += 0.1',
  },
  {
    name: 'reads a neuron subexpression',
    eqs: 'seen : amp',
    onPre: 'seen = I_leak_post + I_leak_pre',
  },
  {
    name: 'reads lastspike of both sides',
    eqs: 'w : 1',
    onPre: 'w -= A_minus*exp((lastspike_post - t)/tau_post)*int(not_refractory_post)',
    onPost: 'w += A_plus*exp((lastspike_pre - t)/tau_pre)',
  },
  {
    name: 'boolean flag per synapse',
    eqs: 'enabled : boolean\nhits : integer\nw : siemens',
    onPre: 'ge += int(enabled)*w; hits += 1; enabled = hits < 10',
  },
  {
    name: 'overwrites the neuron',
    onPre: 'v_post = V_r',
    refused: 'result depends on the order of synapses',
  },
  {
    name: 'summed over the source',
    eqs: 'I_gap_pre = w_c*(v_post - v_pre) : amp (summed)',
    refused: '(summed)` is not supported yet',
  },
  {
    name: 'noise in a synapse',
    eqs: 'dw/dt = -w/tau_w + xi/sqrt(tau_w) : 1 (clock-driven)',
  },
  {
    name: 'adds to an integer of the neuron',
    eqs: 'w : 1',
    onPre: 'label += 1',
    refused: 'declared (constant)',
  },
];
