/**
 * NeuroML's point neurons as equation text: the abstract cells, those of PyNN, and (channels.ts) conductance-based cells
 * of one compartment. Equations and first values are those of NeuroML 2's own definitions.
 */
import { type ChannelOf, conductanceCell } from './channels.ts';
import { numberOf, positiveOf, pynnOf, quantityOf } from './quantities.ts';
import type { XmlElement } from './xml.ts';

/** A cell without what is attached to it. */
export interface CellText {
  /** Equation lines; "i_in" stands for the sum of the attached currents. */
  readonly lines: readonly string[];
  readonly params: Readonly<Record<string, string | number>>;
  readonly initial: Readonly<Record<string, string | number>>;
  readonly threshold?: string;
  readonly reset?: string;
  readonly refractory?: string;
  readonly method?: string;
  /** What can be attached: currents, currents without unit (Izhikevich 2003), or nothing. */
  readonly accepts: 'current' | 'number' | 'nothing';
}

type MakeCell = (cell: XmlElement, channelOf: ChannelOf) => CellText;

type Parameters = Record<string, string | number>;

/**
 * A refractory period as parts of a cell: nothing where it is 0. NeuroML's simulators start these cells in it, so v
 * stays where it is for that long.
 */
function refractoryOf(name: string, period: string, params: Parameters) {
  if (Number.parseFloat(period) <= 0) return { start: '', clamp: '', refractory: {} };
  params[name] = period;
  return {
    start: `int(t_in_timesteps >= timestep(${name}, dt))*`,
    clamp: ' (unless refractory)',
    refractory: { refractory: name },
  };
}

const NOT_REFRACTORY = { start: '', clamp: '', refractory: {} };

const iafTau =
  (hasRefractory: boolean): MakeCell =>
  (cell) => {
    const params: Parameters = {
      leakReversal: quantityOf(cell, 'leakReversal', 'voltage'),
      thresh: quantityOf(cell, 'thresh', 'voltage'),
      reset: quantityOf(cell, 'reset', 'voltage'),
      tau: positiveOf(cell, 'tau', 'time'),
    };
    const { start, clamp, refractory } = hasRefractory
      ? refractoryOf('refract', String(quantityOf(cell, 'refract', 'time')), params)
      : NOT_REFRACTORY;
    return {
      lines: [`dv/dt = ${start}(leakReversal - v)/tau : volt${clamp}`],
      params,
      initial: { v: 'reset' },
      threshold: 'v > thresh',
      reset: 'v = reset',
      ...refractory,
      accepts: 'nothing',
    };
  };

const iaf =
  (hasRefractory: boolean): MakeCell =>
  (cell) => {
    const params: Parameters = {
      leakConductance: quantityOf(cell, 'leakConductance', 'conductance'),
      leakReversal: quantityOf(cell, 'leakReversal', 'voltage'),
      thresh: quantityOf(cell, 'thresh', 'voltage'),
      reset: quantityOf(cell, 'reset', 'voltage'),
      C: positiveOf(cell, 'C', 'capacitance'),
    };
    const { start, clamp, refractory } = hasRefractory
      ? refractoryOf('refract', String(quantityOf(cell, 'refract', 'time')), params)
      : NOT_REFRACTORY;
    return {
      lines: [`dv/dt = ${start}(leakConductance*(leakReversal - v) + i_in)/C : volt${clamp}`],
      params,
      initial: { v: 'reset' },
      threshold: 'v > thresh',
      reset: 'v = reset',
      ...refractory,
      accepts: 'current',
    };
  };

const izhikevich: MakeCell = (cell) => ({
  lines: [
    'dv/dt = (0.04*v**2/mV + 5*v + (140 - U + i_in)*mV)/ms : volt',
    'dU/dt = a*(b*v/mV - U)/ms : 1',
  ],
  params: {
    v0: quantityOf(cell, 'v0', 'voltage'),
    thresh: quantityOf(cell, 'thresh', 'voltage'),
    a: numberOf(cell, 'a', 'none'),
    b: numberOf(cell, 'b', 'none'),
    c: numberOf(cell, 'c', 'none'),
    d: numberOf(cell, 'd', 'none'),
  },
  initial: { v: 'v0', U: 'b*v0/mV' },
  threshold: 'v > thresh',
  reset: 'v = c*mV; U += d',
  method: 'rk4',
  accepts: 'number',
});

const izhikevich2007: MakeCell = (cell) => ({
  lines: ['dv/dt = (k*(v - vr)*(v - vt) + i_in - u)/C : volt', 'du/dt = a*(b*(v - vr) - u) : amp'],
  params: {
    v0: quantityOf(cell, 'v0', 'voltage'),
    C: positiveOf(cell, 'C', 'capacitance'),
    k: quantityOf(cell, 'k', 'conductancePerVoltage'),
    vr: quantityOf(cell, 'vr', 'voltage'),
    vt: quantityOf(cell, 'vt', 'voltage'),
    vpeak: quantityOf(cell, 'vpeak', 'voltage'),
    a: quantityOf(cell, 'a', 'rate'),
    b: quantityOf(cell, 'b', 'conductance'),
    c: quantityOf(cell, 'c', 'voltage'),
    d: quantityOf(cell, 'd', 'current'),
  },
  initial: { v: 'v0' },
  threshold: 'v > vpeak',
  reset: 'v = c; u += d',
  method: 'rk4',
  accepts: 'current',
});

const adEx: MakeCell = (cell) => {
  const params: Parameters = {
    C: positiveOf(cell, 'C', 'capacitance'),
    gL: quantityOf(cell, 'gL', 'conductance'),
    EL: quantityOf(cell, 'EL', 'voltage'),
    VT: quantityOf(cell, 'VT', 'voltage'),
    thresh: quantityOf(cell, 'thresh', 'voltage'),
    reset: quantityOf(cell, 'reset', 'voltage'),
    delT: positiveOf(cell, 'delT', 'voltage'),
    tauw: positiveOf(cell, 'tauw', 'time'),
    a: quantityOf(cell, 'a', 'conductance'),
    b: quantityOf(cell, 'b', 'current'),
  };
  const { start, clamp, refractory } = refractoryOf(
    'refract',
    String(quantityOf(cell, 'refract', 'time', 0)),
    params,
  );
  return {
    lines: [
      `dv/dt = ${start}(gL*(EL - v) + gL*delT*exp((v - VT)/delT) + i_in - w)/C : volt${clamp}`,
      'dw/dt = (a*(v - EL) - w)/tauw : amp',
    ],
    params,
    initial: { v: 'EL' },
    threshold: 'v > thresh',
    reset: 'v = reset; w += b',
    ...refractory,
    method: 'exponential_rosenbrock',
    accepts: 'current',
  };
};

const fitzHughNagumo: MakeCell = (cell) => ({
  lines: ['dV/dt = (V - V**3/3 - W + I)/second : 1', 'dW/dt = 0.08*(V + 0.7 - 0.8*W)/second : 1'],
  params: { I: numberOf(cell, 'I', 'none') },
  initial: {},
  method: 'rk4',
  accepts: 'nothing',
});

/** What PyNN's integrate-and-fire cells have in common. */
function pynnParameters(cell: XmlElement): Parameters {
  return {
    c_m: pynnOf(cell, 'cm', 'nF'),
    tau_m: pynnOf(cell, 'tau_m', 'ms'),
    v_rest: pynnOf(cell, 'v_rest', 'mV'),
    v_thresh: pynnOf(cell, 'v_thresh', 'mV'),
    v_reset: pynnOf(cell, 'v_reset', 'mV'),
    v_init: pynnOf(cell, 'v_init', 'mV'),
    i_offset: pynnOf(cell, 'i_offset', 'nA'),
  };
}

const pynnIf: MakeCell = (cell) => {
  const params = pynnParameters(cell);
  const { start, clamp, refractory } = refractoryOf(
    'tau_refrac',
    pynnOf(cell, 'tau_refrac', 'ms'),
    params,
  );
  return {
    lines: [`dv/dt = ${start}((v_rest - v)/tau_m + (i_offset + i_in)/c_m) : volt${clamp}`],
    params,
    initial: { v: 'v_init' },
    threshold: 'v > v_thresh',
    reset: 'v = v_reset',
    ...refractory,
    accepts: 'current',
  };
};

const pynnEif: MakeCell = (cell) => {
  const params: Parameters = {
    ...pynnParameters(cell),
    v_spike: pynnOf(cell, 'v_spike', 'mV'),
    tau_w: pynnOf(cell, 'tau_w', 'ms'),
    a: pynnOf(cell, 'a', 'uS'),
    b: pynnOf(cell, 'b', 'nA'),
  };
  const { start, clamp, refractory } = refractoryOf(
    'tau_refrac',
    pynnOf(cell, 'tau_refrac', 'ms'),
    params,
  );
  // delta_T = 0 is the limit: no exponential below v_thresh, a spike above.
  const isSharp = numberOf(cell, 'delta_T', 'none') === 0;
  if (!isSharp) params.delta_T = pynnOf(cell, 'delta_T', 'mV');
  else delete params.v_spike;
  const rise = isSharp ? '' : ' + delta_T*exp((v - v_thresh)/delta_T)';
  return {
    lines: [
      `dv/dt = ${start}((v_rest - v${rise})/tau_m + (i_offset + i_in - w)/c_m) : volt${clamp}`,
      'dw/dt = (a*(v - v_rest) - w)/tau_w : amp',
    ],
    params,
    initial: { v: 'v_init' },
    threshold: isSharp ? 'v > v_thresh' : 'v > v_spike',
    reset: 'v = v_reset; w += b',
    ...refractory,
    method: 'exponential_rosenbrock',
    accepts: 'current',
  };
};

/** NeuroML's definition sends no spikes. */
const pynnHh: MakeCell = (cell) => ({
  lines: [
    'dv/dt = (g_leak*(e_rev_leak - v) + gbar_Na*m**3*h*(e_rev_Na - v) + gbar_K*n**4*(e_rev_K - v) + i_offset + i_in)/c_m : volt',
    'dm/dt = alpha_m*(1 - m) - beta_m*m : 1',
    'dh/dt = alpha_h*(1 - h) - beta_h*h : 1',
    'dn/dt = alpha_n*(1 - n) - beta_n*n : 1',
    'alpha_m = 1.28/exprel((13*mV - v + v_offset)/(4*mV))/ms : hertz',
    'beta_m = 1.4/exprel((v - v_offset - 40*mV)/(5*mV))/ms : hertz',
    'alpha_h = 0.128*exp((17*mV - v + v_offset)/(18*mV))/ms : hertz',
    'beta_h = 4/(1 + exp((40*mV - v + v_offset)/(5*mV)))/ms : hertz',
    'alpha_n = 0.16/exprel((15*mV - v + v_offset)/(5*mV))/ms : hertz',
    'beta_n = 0.5*exp((10*mV - v + v_offset)/(40*mV))/ms : hertz',
  ],
  params: {
    c_m: pynnOf(cell, 'cm', 'nF'),
    g_leak: pynnOf(cell, 'g_leak', 'uS'),
    gbar_Na: pynnOf(cell, 'gbar_Na', 'uS'),
    gbar_K: pynnOf(cell, 'gbar_K', 'uS'),
    e_rev_leak: pynnOf(cell, 'e_rev_leak', 'mV'),
    e_rev_Na: pynnOf(cell, 'e_rev_Na', 'mV'),
    e_rev_K: pynnOf(cell, 'e_rev_K', 'mV'),
    v_offset: pynnOf(cell, 'v_offset', 'mV'),
    v_init: pynnOf(cell, 'v_init', 'mV'),
    i_offset: pynnOf(cell, 'i_offset', 'nA'),
  },
  initial: { v: 'v_init' },
  method: 'rk4',
  accepts: 'current',
});

/** The cells by the name of their element. */
export const CELLS: Readonly<Record<string, MakeCell>> = {
  adExIaFCell: adEx,
  cell: conductanceCell,
  EIF_cond_alpha_isfa_ista: pynnEif,
  EIF_cond_exp_isfa_ista: pynnEif,
  fitzHughNagumoCell: fitzHughNagumo,
  HH_cond_exp: pynnHh,
  iafCell: iaf(false),
  iafRefCell: iaf(true),
  iafTauCell: iafTau(false),
  iafTauRefCell: iafTau(true),
  IF_cond_alpha: pynnIf,
  IF_cond_exp: pynnIf,
  IF_curr_alpha: pynnIf,
  IF_curr_exp: pynnIf,
  izhikevichCell: izhikevich,
  izhikevich2007Cell: izhikevich2007,
  pointCellCondBased: conductanceCell,
};
