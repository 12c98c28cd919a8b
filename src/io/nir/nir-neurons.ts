/**
 * The neurons of NIR as equation text. One function makes the text from a few facts, so that the reader can write it and
 * the writer recognise it.
 *
 * NIR counts voltages and currents without units. A spike that arrives is a current of the size of the weight for one
 * time step, which is what the simulators that exchange these files do. LIF, LI, IF and I are integrated exactly for
 * input held over the step (an Euler step times exprel is that solution); CubaLIF and CubaLI get the charge of the spike
 * at once, and are integrated exactly where all neurons share their parameters.
 */

/** Types of NIR that become neurons. */
export type NeuronKind = 'LIF' | 'IF' | 'CubaLIF' | 'LI' | 'I' | 'CubaLI' | 'Threshold' | 'Output';

/** A parameter of a type: its unit in NIR, and the value where files may leave it out. */
interface NeuronField {
  readonly unit: string;
  readonly missing?: number;
}

const time: NeuronField = { unit: 'second' };
const number: NeuronField = { unit: '1' };

/** The fields of each type. "Output" is a readout of weighted spikes, which NIR leaves to the simulator. */
export const NEURON_FIELDS: Readonly<Record<NeuronKind, Readonly<Record<string, NeuronField>>>> = {
  LIF: {
    tau: time,
    r: number,
    v_leak: number,
    v_threshold: number,
    v_reset: { unit: '1', missing: 0 },
  },
  IF: { r: { unit: 'hertz' }, v_threshold: number, v_reset: { unit: '1', missing: 0 } },
  CubaLIF: {
    tau_mem: time,
    tau_syn: time,
    r: number,
    v_leak: number,
    v_threshold: number,
    v_reset: { unit: '1', missing: 0 },
    w_in: { unit: '1', missing: 1 },
  },
  LI: { tau: time, r: number, v_leak: number },
  I: { r: { unit: 'hertz' } },
  CubaLI: {
    tau_mem: time,
    tau_syn: time,
    r: number,
    v_leak: number,
    w_in: { unit: '1', missing: 1 },
  },
  Threshold: { threshold: number },
  Output: {},
};

export const SPIKING: ReadonlySet<string> = new Set(['LIF', 'IF', 'CubaLIF', 'Threshold']);

/** What of a population shows in its text. */
export interface NeuronFacts {
  readonly kind: NeuronKind;
  /** Whether spikes arrive. */
  readonly hasSpikes: boolean;
  readonly hasBias: boolean;
  /** Terms of the current that other populations or timed arrays give: "drive_0", "signal_0(t, i)". */
  readonly drives: readonly string[];
  /** Parameters that differ between neurons; those of NEURON_FIELDS and "bias". */
  readonly perNeuron: ReadonlySet<string>;
  readonly subtractsThreshold: boolean;
}

export interface NeuronText {
  readonly eqs: string;
  readonly threshold?: string;
  readonly reset?: string;
  readonly method?: string;
}

/** The variable to which arriving spikes add their weight. */
export const inputVariable = (kind: NeuronKind): string => (kind.startsWith('Cuba') ? 's' : 'x');

/** The equations of a population of a NIR type. */
export function neuronText(facts: NeuronFacts): NeuronText {
  const { kind, perNeuron } = facts;
  const declared = facts.drives.filter((drive) => !drive.includes('('));
  const lines = [
    ...dynamicsOf(facts),
    ...declared.map((name) => `${name} : 1`),
    ...Object.entries({ ...NEURON_FIELDS[kind], bias: number })
      .filter(([name]) => perNeuron.has(name))
      .map(([name, { unit }]) => `${name} : ${unit} (constant)`),
  ];
  const eqs = lines.join('\n');
  const method = kind.startsWith('Cuba') ? {} : { method: 'euler' };
  if (kind === 'Threshold') return { eqs, threshold: 'v > threshold', ...method };
  if (!SPIKING.has(kind)) return { eqs, ...method };
  const reset = facts.subtractsThreshold ? 'v -= v_threshold' : 'v = v_reset';
  return { eqs, threshold: 'v > v_threshold', reset, ...method };
}

function dynamicsOf(facts: NeuronFacts): readonly string[] {
  const { kind, hasSpikes, hasBias, drives } = facts;
  const others = [...(hasBias ? ['bias'] : []), ...drives];
  const sum = [...(hasSpikes ? ['x'] : []), ...others].join(' + ');
  const current = `current = ${sum === '' ? '0' : sum} : 1`;
  // An Euler step of this is x = 0: a spike is a current for one step.
  const pulse = hasSpikes ? ['dx/dt = -x/dt : 1'] : [];
  switch (kind) {
    case 'LIF':
    case 'LI':
      return ['dv/dt = (v_leak - v + r*current)/tau*exprel(-dt/tau) : 1', ...pulse, current];
    case 'IF':
    case 'I':
      return ['dv/dt = r*current : 1', ...pulse, current];
    case 'Threshold':
    case 'Output':
      return ['dv/dt = (current - v)/dt : 1', ...pulse, current];
    case 'CubaLIF':
    case 'CubaLI':
      return [
        'dv/dt = (v_leak - v + r*current)/tau_mem : 1',
        // s counts the charge in steps: a spike of weight 1 adds 1 and fades with tau_syn.
        `ds/dt = ${others.length === 0 ? '' : `(${others.join(' + ')})/dt `}-${others.length === 0 ? '' : ' '}s/tau_syn : 1`,
        'current = w_in*s*dt/tau_syn : 1',
      ];
  }
}
