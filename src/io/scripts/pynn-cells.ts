/**
 * Which populations are PyNN's integrate-and-fire cells, by what their equations say and not by how they are written:
 * right sides are taken apart into what is linear in the potential and in the variables that synapses add to.
 */
import { affine } from '../../language/algebra.ts';
import type { CheckedPopulation, TypedExpression } from '../../language/ast.ts';
import { constantEnvironment } from '../../language/constants.ts';
import { compileHost } from '../../language/host.ts';
import { resolve } from '../../language/resolve.ts';
import { systemOf } from '../../language/system.ts';
import type { Term } from '../../language/term.ts';
import { DIMENSIONS, sameDimension } from '../../language/units.ts';
import type { NeuronPopulationDocument } from '../../network/document.ts';
import { refuseToWrite } from './python-text.ts';

export type PynnInput = 'excitatory' | 'inhibitory';

/** A population in PyNN's words. */
export interface PynnCell {
  readonly name:
    | 'IF_curr_delta'
    | 'IF_curr_exp'
    | 'IF_curr_alpha'
    | 'IF_cond_exp'
    | 'IF_cond_alpha';
  /** In PyNN's units: ms, mV, nF, nA, µS. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The membrane potential. */
  readonly potential: string;
  readonly inputs: readonly CellInput[];
}

/** A variable that synapses add to. */
export interface CellInput {
  readonly variable: string;
  readonly receptor: PynnInput;
  /** PyNN's weight (nA, µS; mV for delta synapses) of one internal unit of the variable. */
  readonly scale: number;
  /** PyNN's name of its first value; null where there is none. */
  readonly state: { readonly name: string; readonly variable: string } | null;
}

/** What texts of a population may read, in internal units. */
export type Values = Readonly<Record<string, number>>;

/** Capacitance of cells whose equations have none, in pF: weights in volts become currents through it. */
const ANY_CAPACITANCE = 1000;

/** Throws NetworkError, saying why, for a population that is none of them. */
export function pynnCell(
  population: NeuronPopulationDocument,
  model: CheckedPopulation,
  values: Values,
  dtMs: number,
): PynnCell {
  return new Recognition(population, model, values, dtMs).cell();
}

/** A synaptic variable with its decay, and how it enters the equation of the potential: (slope*v + offset)*variable. */
interface Current {
  readonly variable: string;
  readonly written: string;
  readonly isAlpha: boolean;
  readonly tau: number;
  readonly slope: number;
  readonly offset: number;
}

class Recognition {
  readonly #population: NeuronPopulationDocument;
  readonly #model: CheckedPopulation;
  readonly #values: Values;
  readonly #dtMs: number;

  constructor(
    population: NeuronPopulationDocument,
    model: CheckedPopulation,
    values: Values,
    dtMs: number,
  ) {
    this.#population = population;
    this.#model = model;
    this.#values = values;
    this.#dtMs = dtMs;
  }

  #refuse(why: string): never {
    const { name } = this.#population;
    return refuseToWrite(
      'PyNN',
      `Population "${name}"`,
      `its equations are none of PyNN's integrate-and-fire cells: ${why}`,
    );
  }

  /** The value of a term of parameters. */
  #number(term: Term, what: string): number {
    if (!term.host) this.#refuse(`${what} is not the same for all neurons at all times`);
    return compileHost(term)(constantEnvironment(this.#values, this.#dtMs));
  }

  #value(expression: TypedExpression, what: string): number {
    return this.#number(resolve(expression, { draws: new Map() }), what);
  }

  cell(): PynnCell {
    const { onStep, noise, variables } = this.#model;
    if (onStep.length > 0) this.#refuse('it has statements of every step');
    if (noise.length > 0) this.#refuse('it has noise');
    const stored = variables.find(({ kind }) => kind === 'parameter');
    if (stored !== undefined) this.#refuse(`${stored.name} is a variable of every neuron`);
    const { potential, threshold } = this.#threshold();
    const membrane = this.#membrane(potential);
    const parameters: Record<string, number> = {
      tau_m: membrane.tau,
      v_rest: membrane.rest,
      v_thresh: threshold,
      v_reset: this.#reset(potential),
      tau_refrac: this.#refractory(potential),
    };
    return this.#withInputs(potential, parameters, membrane.currents);
  }

  #threshold(): { potential: string; threshold: number } {
    const { threshold } = this.#model;
    if (threshold?.kind !== 'binary' || !['>', '>='].includes(threshold.operator)) {
      return this.#refuse('its threshold is no "v > value"');
    }
    const { left, right } = threshold;
    if (left.kind !== 'symbol' || left.symbol.role !== 'variable') {
      return this.#refuse('its threshold is no "v > value"');
    }
    return { potential: left.symbol.name, threshold: this.#value(right, 'the threshold') };
  }

  #reset(potential: string): number {
    const [only, ...others] = this.#model.reset;
    const isPlain = only !== undefined && others.length === 0 && only.operator === '=';
    if (!isPlain || only.target.name !== potential) {
      return this.#refuse(`its reset is no "${potential} = value"`);
    }
    return this.#value(only.value, 'the reset');
  }

  #refractory(potential: string): number {
    const { refractory, variables } = this.#model;
    if (refractory === null) return 0;
    const clamped = variables.filter(({ flags }) => flags.includes('unless refractory'));
    if (clamped.length !== 1 || clamped[0]?.name !== potential) {
      return this.#refuse(
        `PyNN holds ${potential}, and nothing else, while a neuron is refractory`,
      );
    }
    if (refractory.type === 'boolean') return this.#refuse('its refractory period is a condition');
    return this.#value(refractory, 'the refractory period');
  }

  #membrane(potential: string): { tau: number; rest: number; currents: Current[] } {
    const system = systemOf(this.#model, new Map());
    const own = system.find(({ name }) => name === potential);
    if (own === undefined) return this.#refuse(`${potential} has no equation`);
    const others = new Set(system.flatMap(({ name }) => (name === potential ? [] : [name])));
    const parts = affine(own.drift, others);
    if ('obstacle' in parts) return this.#refuse(`${parts.obstacle.text} is not linear`);
    const alone = new Set([potential]);
    const line = (term: Term): { slope: number; offset: number } => {
      const split = affine(term, alone);
      if ('obstacle' in split) return this.#refuse(`${split.obstacle.text} is not linear`);
      const slope = split.coefficients.get(potential);
      return {
        slope: slope === undefined ? 0 : this.#number(slope, slope.text),
        offset: this.#number(split.constant, split.constant.text),
      };
    };
    const { slope, offset } = line(parts.constant);
    if (!(slope < 0)) return this.#refuse('nothing leaks');
    const currents = [...parts.coefficients].map(([name, term]) => ({
      ...this.#decay(name, others),
      ...line(term),
    }));
    const read = new Set(currents.flatMap(({ variable, written }) => [variable, written]));
    const stranger = [...others].find((name) => !read.has(name));
    if (stranger !== undefined) return this.#refuse(`${stranger} does not act on ${potential}`);
    return { tau: -1 / slope, rest: -offset / slope, currents };
  }

  /** `dg/dt = -g/tau`, or the two equations of an alpha function. */
  #decay(variable: string, others: ReadonlySet<string>): Omit<Current, 'slope' | 'offset'> {
    const system = systemOf(this.#model, new Map());
    const terms = (name: string): ReadonlyMap<string, number> => {
      const drift = system.find((one) => one.name === name)?.drift;
      const parts = drift === undefined ? null : affine(drift, others);
      if (parts === null || 'obstacle' in parts) return this.#refuse(`${name} is not linear`);
      if (this.#number(parts.constant, name) !== 0)
        return this.#refuse(`${name} does not decay to 0`);
      return new Map([...parts.coefficients].map(([key, term]) => [key, this.#number(term, key)]));
    };
    const own = terms(variable);
    const rate = own.get(variable) ?? 0;
    const [source, ...more] = [...own.keys()].filter((name) => name !== variable);
    if (!(rate < 0) || more.length > 0) return this.#refuse(`${variable} does not decay`);
    const tau = -1 / rate;
    if (source === undefined) return { variable, written: variable, isAlpha: false, tau };
    const drive = terms(source);
    const isAlpha =
      drive.size === 1 &&
      Math.abs((drive.get(source) ?? 0) / rate - 1) < 1e-9 &&
      Math.abs(((own.get(source) ?? 0) * tau) / Math.E - 1) < 1e-9;
    if (!isAlpha) return this.#refuse(`${variable} is no alpha function`);
    return { variable, written: source, isAlpha: true, tau };
  }

  #withInputs(
    potential: string,
    parameters: Readonly<Record<string, number>>,
    currents: readonly Current[],
  ): PynnCell {
    const [first] = currents;
    if (first === undefined) {
      const state = null;
      const receptors = ['excitatory', 'inhibitory'] as const;
      const inputs = receptors.map((receptor) => ({
        variable: potential,
        receptor,
        scale: 1,
        state,
      }));
      return { name: 'IF_curr_delta', parameters: { ...parameters, cm: 1 }, potential, inputs };
    }
    if (currents.length > 2) this.#refuse('it has more than two synaptic variables');
    if (currents.some(({ isAlpha }) => isAlpha !== first.isAlpha)) {
      this.#refuse('its synaptic variables have different forms');
    }
    const isConductance = currents.every(({ slope }) => slope !== 0);
    if (!isConductance && currents.some(({ slope }) => slope !== 0)) {
      this.#refuse('it has currents and conductances');
    }
    const [excitatory, inhibitory] = this.#sorted(currents, isConductance);
    const capacitance = this.#capacitance(first, isConductance);
    const input = (one: Current, receptor: PynnInput): CellInput => ({
      variable: one.written,
      receptor,
      // pA to nA, nS to µS.
      scale: ((isConductance ? -one.slope : one.offset) * capacitance) / 1000,
      state: one.isAlpha
        ? null
        : {
            name: `${isConductance ? 'gsyn' : 'isyn'}_${receptor.slice(0, 3)}`,
            variable: one.variable,
          },
    });
    const reversal = (one: Current): number => -one.offset / one.slope;
    const all = {
      ...parameters,
      cm: capacitance / 1000,
      tau_syn_E: excitatory.tau,
      tau_syn_I: inhibitory.tau,
      ...(isConductance && { e_rev_E: reversal(excitatory), e_rev_I: reversal(inhibitory) }),
    };
    const inputs =
      currents.length === 1 && !isConductance
        ? [input(excitatory, 'excitatory'), input(excitatory, 'inhibitory')]
        : currents.length === 1
          ? [input(excitatory, 'excitatory')]
          : [input(excitatory, 'excitatory'), input(inhibitory, 'inhibitory')];
    const kind = isConductance ? 'cond' : 'curr';
    return {
      name: `IF_${kind}_${first.isAlpha ? 'alpha' : 'exp'}`,
      parameters: all,
      potential,
      inputs,
    };
  }

  /** Excitatory, then inhibitory: by reversal potential, or by order. */
  #sorted(currents: readonly Current[], isConductance: boolean): [Current, Current] {
    const [first, second = first] = currents as readonly [Current, Current?];
    if (!isConductance) return [first, second];
    const reversal = ({ slope, offset }: Current): number => -offset / slope;
    return reversal(first) >= reversal(second) ? [first, second] : [second, first];
  }

  /** From the equation where currents or conductances are in it; any where they are voltages. */
  #capacitance({ variable, slope, offset }: Current, isConductance: boolean): number {
    const { dimension } = this.#model.variables.find(({ name }) => name === variable) ?? {};
    const physical = isConductance ? DIMENSIONS.conductance : DIMENSIONS.current;
    if (dimension === undefined || !sameDimension(dimension, physical)) return ANY_CAPACITANCE;
    return isConductance ? -1 / slope : 1 / offset;
  }
}
