/**
 * Finds the places where a WGSL compiler may rewrite float arithmetic although every single operation is exact. WGSL
 * allows reassociation, and drivers use it: 1 + (x + y) becomes (1 + x) + y, (a*b + c*d) + e becomes a*b + (c*d + e),
 * a*b + a*c becomes a*(b + c), x/3 becomes x*(1/3), (x + y) - x becomes y. Seen on Mesa and on SwiftShader
 * (SPIRV-Tools), which compute all else exactly. At these places the emitter passes one operand through `opaque`, an
 * integer operation that compilers cannot see through.
 *
 * Of no use on devices that fuse a*b + c into one rounding; there the emitter is told to leave the fences out.
 */
import type { BinaryOperation, Place, Value } from './kernel.ts';

/** What a value looks like to a compiler that sees through names. */
type Shape = 'literal' | 'sum' | 'product' | 'root' | 'other';

/** Which operands of an operation go through `opaque`. */
export interface Fencing {
  readonly a: boolean;
  readonly b: boolean;
}

const NONE: Fencing = { a: false, b: false };

/** Follows the definitions of one body as it is emitted. */
export class Fences {
  readonly #locals = new Map<string, Shape>();
  readonly #places = new Map<string, Shape>();
  /** Strict products, quotients and roots are opaque already, and a second fence would cancel the first. */
  readonly #isStrict: boolean;

  constructor(isStrict: boolean) {
    this.#isStrict = isStrict;
  }

  define(name: string, value: Value): void {
    this.#locals.set(name, this.#shape(value));
  }

  assign(place: Place, value: Value): void {
    this.#places.set(placeKey(place), this.#shape(value));
  }

  /** After code that may or may not have run, nothing is known of what it assigned. */
  forgetAssignments(): void {
    this.#places.clear();
  }

  /** Whether a value is arithmetic that a compiler could merge with arithmetic around it. */
  isArithmetic(value: Value): boolean {
    const shape = this.#shape(value);
    return shape === 'sum' || shape === 'product';
  }

  /** Which operands to hide from the compiler in `aValue operation bValue`, of floats. */
  around(operation: BinaryOperation, aValue: Value, bValue: Value): Fencing {
    const a = this.#shape(aValue);
    const b = this.#shape(bValue);
    switch (operation) {
      case 'add':
      case 'sub':
        return a === 'product' && b === 'product'
          ? { a: true, b: false }
          : { a: a === 'sum', b: b === 'sum' };
      case 'mul':
        if (a === 'root' && b === 'root') return { a: true, b: false };
        if (isPowerOfTwo(aValue) || isPowerOfTwo(bValue)) return NONE;
        return { a: a === 'product', b: b === 'product' };
      case 'div':
        if (isPowerOfTwo(bValue)) return NONE;
        return { a: a === 'product', b: b === 'product' || b === 'literal' };
      case 'min':
      case 'max':
        return NONE;
      default:
        return { a: a === 'sum', b: b === 'sum' };
    }
  }

  #shape(value: Value): Shape {
    switch (value.op) {
      case 'literal':
        return 'literal';
      case 'local':
        return this.#locals.get(value.name) ?? 'other';
      case 'get':
        return this.#places.get(placeKey(value.place)) ?? 'other';
      case 'unary':
        if (value.operation === 'neg') return this.#shape(value.a);
        return value.operation === 'sqrt' && !this.#isStrict ? 'root' : 'other';
      case 'binary':
        if (value.type !== 'f32') return 'other';
        if (value.operation === 'add' || value.operation === 'sub') return 'sum';
        if (this.#isStrict) return 'other';
        return value.operation === 'mul' || value.operation === 'div' ? 'product' : 'other';
      default:
        return 'other';
    }
  }
}

/** Scaling by a power of two is exact wherever a compiler moves it. */
function isPowerOfTwo(value: Value): boolean {
  if (value.op !== 'literal') return false;
  const magnitude = Math.abs(Number(value.value));
  return magnitude !== 0 && Number.isInteger(Math.log2(magnitude));
}

function placeKey(place: Place): string {
  return `${place.side} ${place.index}`;
}
