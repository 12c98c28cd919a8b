/**
 * What names mean in synapse code, and where the variables live: those of the synapse, and those of the neurons at its
 * two ends with their subexpressions substituted. Used by lower-projection.ts only.
 */
import { NetworkError } from '../errors.ts';
import type { CheckedPopulation, CheckedProjection, SymbolReference } from './ast.ts';
import type { Place, StoredVariable } from './kernel.ts';
import type { HiddenTypes } from './presynaptic.ts';
import { type Resolution, resolve } from './resolve.ts';
import { symbol, type Term } from './term.ts';

/** Lists the variables that a kernel reaches, in order of first use. */
export class SynapsePlaces {
  readonly synapse: StoredVariable[] = [];
  readonly pre: StoredVariable[] = [];
  readonly post: StoredVariable[] = [];
  readonly #declared: readonly StoredVariable[];
  readonly #ends: Readonly<Record<'pre' | 'post', CheckedPopulation | null>>;
  readonly #hidden: HiddenTypes;

  /** `hidden`: types of the presynaptic variables that the source neurons keep. */
  constructor(
    declared: readonly StoredVariable[],
    pre: CheckedPopulation | null,
    post: CheckedPopulation | null,
    hidden: HiddenTypes = new Map(),
  ) {
    this.#hidden = hidden;
    this.#declared = declared;
    this.#ends = { pre, post };
  }

  /** Where a variable lives; the first call for a variable adds it to the list of its side. */
  place(reference: SymbolReference): { place: Place; type: 'f32' | 'i32' } {
    const side = sideOf(reference);
    const { name } = reference;
    const list = this[side];
    let index = list.findIndex((v) => v.name === name);
    if (index < 0) index = list.push({ name, type: this.#typeOf(side, name) }) - 1;
    const { type } = list[index] as StoredVariable;
    return { place: { side, index, name }, type };
  }

  #typeOf(side: 'pre' | 'post' | 'synapse', name: string): 'f32' | 'i32' {
    if (name === 'lastspike' || name === 'lastupdate') return 'i32';
    if (side === 'synapse') {
      const declared = this.#declared.find((v) => v.name === name);
      if (declared === undefined) throw new Error(`internal: unknown synapse variable ${name}`);
      return declared.type;
    }
    const hidden = this.#hidden.get(name);
    if (hidden !== undefined) return hidden === 'float' ? 'f32' : 'i32';
    const declared = this.#ends[side]?.variables.find((v) => v.name === name);
    if (declared === undefined)
      throw new Error(`internal: unknown neuron variable ${name}_${side}`);
    return declared.type === 'float' ? 'f32' : 'i32';
  }
}

function sideOf(reference: SymbolReference): 'pre' | 'post' | 'synapse' {
  const side = 'side' in reference ? reference.side : 'synapse';
  return side === 'own' ? 'synapse' : side;
}

/** Meaning of names while the statements of a pathway run: `current` holds what they have changed so far. */
export class Meanings {
  /** Current values of synapse variables by name, and of locals by `local name`. */
  readonly current = new Map<string, Term>();
  readonly #projection: CheckedProjection;
  readonly #ends: Readonly<Record<'pre' | 'post', CheckedPopulation | null>>;
  readonly #draws: Map<string, number>;

  constructor(
    projection: CheckedProjection,
    pre: CheckedPopulation | null,
    post: CheckedPopulation | null,
    draws: Map<string, number>,
  ) {
    this.#projection = projection;
    this.#ends = { pre, post };
    this.#draws = draws;
  }

  /** How expressions of the text block `block` are resolved now. */
  resolution(block: string): Resolution {
    return {
      block,
      draws: this.#draws,
      symbol: (reference) => this.#meaning(reference),
    };
  }

  /** Current value of a synapse variable. */
  read(name: string): Term {
    const changed = this.current.get(name);
    if (changed !== undefined) return changed;
    const declared = this.#projection.variables.find((v) => v.name === name);
    if (declared === undefined) throw new Error(`internal: unknown synapse variable ${name}`);
    if (declared.kind === 'subexpression' && declared.expression !== null) {
      return resolve(declared.expression, this.resolution('eqs'));
    }
    return symbol({ role: 'variable', name, side: 'synapse' }, declared.type);
  }

  #meaning(reference: SymbolReference): Term | undefined {
    switch (reference.role) {
      case 'local':
        return this.current.get(`local ${reference.name}`);
      case 'special':
        return this.#special(reference);
      case 'variable':
        if (reference.name === 'lastupdate' && sideOf(reference) === 'synapse') {
          return this.#lastUpdate();
        }
        return reference.side === 'pre' || reference.side === 'post'
          ? this.#neuron(reference.name, reference.side)
          : this.read(reference.name);
      default:
        return undefined;
    }
  }

  #special(reference: Extract<SymbolReference, { role: 'special' }>): Term | undefined {
    if (reference.name === 'not_refractory') {
      throw new NetworkError('not_refractory of a neuron is not supported in synapses yet', {
        value: 'not_refractory',
      });
    }
    const counts = ['i', 'j', 'N_incoming', 'N_outgoing', 't_in_timesteps'];
    // The side tells synapse code from neuron code: i is the presynaptic index here.
    if (counts.includes(reference.name)) {
      return symbol({ role: 'special', name: reference.name, side: 'synapse' }, 'integer');
    }
    return reference.name === 'lastupdate' ? this.#lastUpdate() : undefined;
  }

  #lastUpdate(): Term {
    return (
      this.current.get('lastupdate') ??
      symbol({ role: 'special', name: 'lastupdate', side: 'synapse' })
    );
  }

  /** A variable or subexpression of the neuron at one end. */
  #neuron(name: string, side: 'pre' | 'post'): Term {
    const declared = this.#ends[side]?.variables.find((v) => v.name === name);
    if (declared === undefined)
      throw new Error(`internal: unknown neuron variable ${name}_${side}`);
    if (declared.flags.includes('constant over dt')) {
      throw new NetworkError(
        `(constant over dt) variables cannot be read in synapses yet: ${name}`,
        {
          value: name,
        },
      );
    }
    if (declared.kind !== 'subexpression' || declared.expression === null) {
      return symbol({ role: 'variable', name, side }, declared.type);
    }
    return resolve(declared.expression, {
      block: `${side} eqs`,
      draws: this.#draws,
      symbol: (reference, type) => {
        if (reference.role === 'variable') return this.#neuron(reference.name, side);
        // Parameters of the neuron's population, even where the projection has one of the same name.
        if (reference.role === 'parameter') {
          return symbol({ ...reference, name: `${side}.${reference.name}` }, type);
        }
        if (reference.role === 'special' && reference.name === 'i') {
          return symbol(
            { role: 'special', name: side === 'pre' ? 'i' : 'j', side: 'synapse' },
            'integer',
          );
        }
        if (reference.role === 'special' && reference.name === 'N') {
          return symbol({ ...reference, name: `N_${side}` }, 'integer');
        }
        if (reference.role === 'special' && reference.name === 'lastspike') {
          return symbol({ ...reference, side });
        }
        return reference.role === 'special' ? this.#special(reference) : undefined;
      },
    });
  }
}
