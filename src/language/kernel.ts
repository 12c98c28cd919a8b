/**
 * Kernel IR: what every model becomes before code is emitted. A kernel body is a list of typed statements about ONE
 * element (a neuron or a synapse); loops, buffers, rings and spike emission belong to the engines. Both emitters walk
 * this IR and nothing else, so that WGSL and WebAssembly perform the same operations in the same order.
 *
 * Not an optimiser and not an algebra system: lowering (lower.ts) has already substituted subexpressions, folded
 * constants and split off what the host computes.
 */

/** `f32` means the engine's float: f32, or f64 in the oracle mode of the CPU engine. */
export type Scalar = 'f32' | 'i32' | 'bool';

export type UnaryOperation =
  | 'neg'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'sqrt' // f32 -> f32; neg and abs also i32 -> i32
  | 'not' // bool -> bool
  | 'to_f32' // i32 or bool -> f32
  | 'to_i32' // f32 (truncates toward zero, saturates) or bool -> i32
  | 'bits_of' // f32 -> i32, the bit pattern; only in portable functions, never in f64 mode
  | 'from_bits'; // i32 -> f32

export type BinaryOperation =
  | 'add'
  | 'sub'
  | 'mul' // f32 or i32
  | 'div' // f32
  | 'min'
  | 'max' // f32 or i32; arguments are never NaN where the result matters
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge' // f32 or i32 -> bool
  | 'and'
  | 'or' // bool
  | 'bit_and'
  | 'bit_or'
  | 'shift_left'
  | 'shift_right' // i32; shift_right is arithmetic
  | 'rem'; // i32, a >= 0 and b a literal > 0

/** Our own functions (portable.ts): the same polynomials in both emitters; f64 mode uses the host's Math. */
export type PortableFunction =
  | 'exp'
  | 'log'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'tanh'
  | 'sinh'
  | 'cosh'
  | 'arcsin'
  | 'arccos'
  | 'arctan'
  | 'exprel'
  | 'expm1'
  | 'log1p'
  | 'pow'
  | 'normal_quantile'; // inverse of the standard normal distribution function, argument in (0, 1)

/**
 * A function of our own in terms of the operations above, so that every emitter performs the same ones. `body` holds
 * only `let` statements over locals; the argument is the local of that name.
 */
export interface PortableDefinition {
  readonly name: PortableFunction;
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
  readonly result: Value;
}

/**
 * Where a variable of the element lives. `index` counts the variables of that side in the kernel's own list
 * (`UpdateKernel.variables`, `DeliverKernel.synapseVariables`, `preVariables`, `postVariables`).
 */
export interface Place {
  readonly side: 'own' | 'pre' | 'post' | 'synapse';
  readonly index: number;
  /** For readable code and messages. */
  readonly name: string;
}

export type Value =
  | { readonly op: 'literal'; readonly type: Scalar; readonly value: number | boolean }
  | { readonly op: 'get'; readonly type: Scalar; readonly place: Place }
  | { readonly op: 'local'; readonly type: Scalar; readonly name: string }
  /** Entry `index` of the member's block of host-computed constants, rounded from f64 to the engine's float. */
  | { readonly op: 'constant'; readonly type: 'f32'; readonly index: number; readonly name: string }
  /**
   * `step`: the integer step being computed (in a pathway: the step of arrival). `time`: to_f32(step) * dt in ms.
   * `index`: element index in its own population or projection. `pre_index`, `post_index`: population indices of a
   * synapse's ends. `degree_in`, `degree_out`: N_incoming, N_outgoing.
   */
  | {
      readonly op: 'special';
      readonly type: 'f32' | 'i32';
      readonly name:
        | 'step'
        | 'time'
        | 'index'
        | 'pre_index'
        | 'post_index'
        | 'degree_in'
        | 'degree_out';
    }
  | {
      readonly op: 'unary';
      readonly type: Scalar;
      readonly operation: UnaryOperation;
      readonly a: Value;
    }
  | {
      readonly op: 'binary';
      readonly type: Scalar;
      readonly operation: BinaryOperation;
      readonly a: Value;
      readonly b: Value;
    }
  /** condition ? a : b, both evaluated. */
  | {
      readonly op: 'select';
      readonly type: Scalar;
      readonly condition: Value;
      readonly a: Value;
      readonly b: Value;
    }
  | {
      readonly op: 'call';
      readonly type: 'f32';
      readonly name: PortableFunction;
      readonly arguments: readonly Value[];
    }
  /**
   * Draw number `slot` of this element and step: word = philox4x32_10(counter = (element, step, slot >> 2, 0),
   * key = (seed, stream))[slot & 3]. `uniform`: (word >> 8) * 2^-24, in [0, 1). `normal`:
   * normal_quantile(((word >> 9) + 0.5) * 2^-23). `binomial`: how many of the `length` ascending u32 thresholds that
   * start at constant `table` (bit patterns, not numbers) are <= word; type i32.
   */
  | {
      readonly op: 'draw';
      readonly type: 'f32';
      readonly kind: 'uniform' | 'normal';
      readonly slot: number;
    }
  | {
      readonly op: 'binomial';
      readonly type: 'i32';
      readonly slot: number;
      /**
       * Which of the population's own threshold tables: Plan.tables[UpdateMember.tables + table]. Counted per
       * population, so that populations with different rates still run the same code.
       */
      readonly table: number;
    }
  /**
   * A timed array: row = min((2*step + halfSteps) / (2*stepsPerRow), rows-1) (integer division), column = `column` or
   * 0, clamped to the table; value = tables[table][row*columns + column]. halfSteps is -2 in resets, which run in
   * `begin` of the step after (then the numerator may be negative: row 0).
   */
  | {
      readonly op: 'table';
      readonly type: 'f32';
      readonly table: number;
      readonly halfSteps: -2 | 0 | 1 | 2;
      readonly column: Value | null;
    }
  /**
   * Takes and clears what arrived for input `input` at the step before: the ring slot (step-1), as a float already
   * multiplied by 2^-scale. Occurs only in `begin` of an update kernel, once per input; and in `body` of a field kernel, where it takes what has been deposited since the field ran.
   */
  | { readonly op: 'arrived'; readonly type: 'f32'; readonly input: number }
  /**
   * State of something else, a field: cell member.gathers[slot] + index of Plan.state. Only in update kernels; `index`
   * is an i32 within what it reads.
   */
  | { readonly op: 'gather'; readonly type: 'f32'; readonly slot: number; readonly index: Value };

export type Statement =
  /** A new immutable local; names are unique in a body and valid identifiers in WGSL. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Value }
  | { readonly kind: 'set'; readonly place: Place; readonly value: Value }
  /**
   * Adds to an input accumulator of the neuron at that side: fixed point, to_i32(round_half_even(value * 2^scale)) in
   * f32 mode; plain addition in f64 mode. `input` indexes DeliverKernel.inputs. Only in deliver kernels.
   */
  | { readonly kind: 'add'; readonly input: number; readonly value: Value }
  /**
   * Runs `body` for the elements where `condition` holds. `rare`: worth a branch that skips the body when it holds
   * nowhere (spike handling); otherwise emit straight-line code with selects. `let` inside stays inside.
   */
  | {
      readonly kind: 'if';
      readonly condition: Value;
      readonly body: readonly Statement[];
      readonly rare: boolean;
    }
  /** Where this line came from; printed as a comment in emitted code. */
  | { readonly kind: 'comment'; readonly text: string };

/** A variable stored per element. `i32` covers integers, booleans (0/1) and steps. */
export interface StoredVariable {
  readonly name: string;
  readonly type: 'f32' | 'i32';
}

// ---- Shorthands, so that lowering reads like the formulas it writes. ----

export const literal = (value: number): Value => ({ op: 'literal', type: 'f32', value });
export const integer = (value: number): Value => ({ op: 'literal', type: 'i32', value });
export const truth = (value: boolean): Value => ({ op: 'literal', type: 'bool', value });
export const local = (name: string, type: Scalar = 'f32'): Value => ({ op: 'local', type, name });
export const get = (place: Place, type: Scalar = 'f32'): Value => ({ op: 'get', type, place });
export const special = (
  name: 'step' | 'time' | 'index' | 'pre_index' | 'post_index' | 'degree_in' | 'degree_out',
): Value => ({ op: 'special', type: name === 'time' ? 'f32' : 'i32', name });

export function unary(operation: UnaryOperation, a: Value): Value {
  const type: Scalar =
    operation === 'to_f32' || operation === 'from_bits'
      ? 'f32'
      : operation === 'to_i32' || operation === 'bits_of'
        ? 'i32'
        : operation === 'not'
          ? 'bool'
          : a.type;
  return { op: 'unary', type, operation, a };
}

export function binary(operation: BinaryOperation, a: Value, b: Value): Value {
  const isComparison = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(operation);
  return { op: 'binary', type: isComparison ? 'bool' : a.type, operation, a, b };
}

export const add = (a: Value, b: Value): Value => binary('add', a, b);
export const sub = (a: Value, b: Value): Value => binary('sub', a, b);
export const mul = (a: Value, b: Value): Value => binary('mul', a, b);
export const div = (a: Value, b: Value): Value => binary('div', a, b);
export const and = (a: Value, b: Value): Value => binary('and', a, b);
export const select = (condition: Value, a: Value, b: Value): Value => ({
  op: 'select',
  type: a.type,
  condition,
  a,
  b,
});
export const call = (name: PortableFunction, ...args: readonly Value[]): Value => ({
  op: 'call',
  type: 'f32',
  name,
  arguments: args,
});
