/** Equations that are pasted without a script: told apart from one, taken out of their quotes, and made a network of one population. */
import type { NetworkDocument, Quantity } from '../../index.ts';

/** What equations alone do not say. */
export interface BareOptions {
  readonly size: number;
  readonly threshold: string;
  readonly reset: string;
  readonly refractory: string;
  /** Statement of recurrent synapses, "g += 1*nS"; '' for none. */
  readonly onPre: string;
  /** Probability of a synapse, 0 … 1. */
  readonly p: number;
  readonly params: Readonly<Record<string, Quantity>>;
}

export const NO_OPTIONS: BareOptions = {
  size: 100,
  threshold: '',
  reset: '',
  refractory: '',
  onPre: '',
  p: 0.1,
  params: {},
};

/** Whether a text is a script, which makes objects and imports modules. */
export function isScript(text: string): boolean {
  return /^\s*(from\s+\w|import\s+\w)|\b(NeuronGroup|Synapses|PoissonGroup|SpikeGeneratorGroup|Network)\s*\(/m.test(
    text,
  );
}

/** The equations, the line of the text (from 1) on which they begin, and what was left out. */
export function bareEquations(text: string): {
  readonly eqs: string;
  readonly firstLine: number;
  readonly notes: readonly string[];
} {
  const quoted = /("""|''')([\s\S]*?)\1/.exec(text);
  if (quoted === null) return { eqs: text, firstLine: 1, notes: [] };
  const before = text.slice(0, quoted.index + 3);
  const rest = (text.slice(0, quoted.index) + text.slice(quoted.index + quoted[0].length)).trim();
  const isOnly = /^(?:\w+\s*=\s*)?(?:Equations\(\s*)?\)?$/.test(rest);
  return {
    eqs: quoted[2] ?? '',
    firstLine: before.split('\n').length,
    notes: isOnly ? [] : ['only the equations in quotes are read; all else is passed over.'],
  };
}

/** A population of its own for equations. */
export function bareDocument(
  eqs: string,
  { size, threshold, reset, refractory, onPre, p, params }: BareOptions,
): NetworkDocument {
  const target = { population: 'neurons' };
  const given = { threshold, reset, refractory };
  const texts = Object.fromEntries(Object.entries(given).filter(([, text]) => text.trim() !== ''));
  return {
    format: 'wetware',
    version: 1,
    name: 'Pasted equations',
    dt: '0.1 ms',
    seed: 1,
    params: {},
    timedArrays: {},
    populations: [
      {
        kind: 'neurons',
        name: 'neurons',
        size,
        eqs,
        ...texts,
        params,
        initial: initialFrom(eqs, reset),
      },
    ],
    projections:
      onPre.trim() === ''
        ? []
        : [
            {
              name: 'synapses',
              source: target,
              target,
              onPre,
              params: {},
              initial: {},
              connect: { rule: 'fixed-probability', p, autapses: false },
            },
          ],
    inputs: [],
    recordings: threshold.trim() === '' ? [] : [{ kind: 'spikes', name: 'spikes', target }],
  };
}

/** A variable begins where a spike puts it, if one does, by a plain assignment. */
function initialFrom(eqs: string, reset: string): Record<string, string> {
  const initial: Record<string, string> = {};
  for (const statement of reset.split(/[;\n]/)) {
    const [, name = '', value = ''] =
      /^\s*([A-Za-z_]\w*)\s*=(?!=)\s*(.+?)\s*$/.exec(statement) ?? [];
    const isState = new RegExp(`^\\s*d${name}\\s*/\\s*dt`, 'm').test(eqs);
    if (name !== '' && isState && !/\brandn?\(/.test(value)) initial[name] = value;
  }
  return initial;
}
