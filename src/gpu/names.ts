/**
 * What the shaders of all roles have in common: the names of variables and constants in one of them, loads, tables.
 * Text only.
 */
import { identifierOf } from '../language/constants.ts';
import type { WgslArithmetic, WgslSurroundings } from '../language/emit-wgsl.ts';
import type { Place, StoredVariable } from '../language/kernel.ts';
import { wgslName } from '../language/wgsl-words.ts';
import { placeKey, type Uses } from './kernel-uses.ts';
import type { PlanWords } from './plan-words.ts';
import { reservedWords } from './shaders.ts';

export interface KernelContext {
  readonly words: PlanWords;
  readonly arithmetic: WgslArithmetic;
}

/** Names of variables and constants in one shader, none of them taken by WGSL or by the template. */
export class Names {
  readonly taken: Set<string>;
  readonly #places = new Map<string, string>();
  readonly #constants = new Map<number, string>();

  constructor(role: string) {
    this.taken = reservedWords(role);
  }

  addPlace(key: string, name: string): string {
    // What neurons keep for a projection is named after it, and projections are named as people like.
    const unique = this.#unique(isIdentifier(name) ? name : identifierOf(name));
    this.#places.set(key, unique);
    return unique;
  }

  addConstants(uses: Uses): void {
    for (const [index, name] of uses.constants) {
      this.#constants.set(index, this.#unique(isIdentifier(name) ? name : `constant_${index}`));
    }
  }

  place(place: Place): string {
    const name = this.#places.get(placeKey(place));
    if (name === undefined) throw new Error(`internal: no variable ${place.side} ${place.name}`);
    return name;
  }

  constant(index: number): string {
    const name = this.#constants.get(index);
    if (name === undefined) throw new Error(`internal: no constant ${index}`);
    return name;
  }

  /** One line per constant, read once from `base` on. */
  constantLines(base: string, indent: string): string[] {
    return [...this.#constants].map(
      ([index, name]) => `${indent}let ${name} = constants[${base} + ${index}u];`,
    );
  }

  #unique(name: string): string {
    const unique = wgslName(name, this.taken);
    this.taken.add(unique);
    return unique;
  }
}

const isIdentifier = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** A stored variable from the cell that holds its bits. */
export const loaded = (variable: StoredVariable, cell: string): string =>
  `bitcast<${variable.type}>(${cell})`;

/** Where timed arrays lie. */
export function timedArrayIn(context: KernelContext): WgslSurroundings['timedArray'] {
  return (index) => {
    const table = context.words.timedArrays[index];
    if (!table) throw new Error(`internal: table ${index} is no timed array`);
    return table;
  };
}

/** For what the IR can name but a role cannot have. */
export function refuse(what: string): () => never {
  return () => {
    throw new Error(`internal: ${what} cannot occur here`);
  };
}
