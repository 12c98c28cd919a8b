/**
 * Operations on two literals, done here because WGSL evaluates them while compiling and refuses overflow, division by
 * zero and NaN as errors. Same arithmetic as at run time: f32 rounding, wrapping i32. Not an optimiser: only what would
 * otherwise be a WGSL constant expression.
 */
import type { BinaryOperation, Scalar, UnaryOperation, Value } from './kernel.ts';

type Literal = Extract<Value, { op: 'literal' }>;

const literalOf = (type: Scalar, value: number | boolean): Literal => ({
  op: 'literal',
  type,
  value: type === 'f32' ? Math.fround(Number(value)) : type === 'i32' ? Number(value) | 0 : value,
});

const view = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  view.setInt32(0, bits);
  return view.getFloat32(0);
}

function bitsOf(value: number): number {
  view.setFloat32(0, value);
  return view.getInt32(0);
}

/** Truncates toward zero and saturates; NaN gives 0. */
function toInteger(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-2147483648, Math.min(2147483647, Math.trunc(value)));
}

export function foldUnary(operation: UnaryOperation, a: Literal): Literal {
  const x = a.type === 'f32' ? Math.fround(Number(a.value)) : Number(a.value);
  switch (operation) {
    case 'neg':
      return literalOf(a.type, -x);
    case 'abs':
      return literalOf(a.type, Math.abs(x));
    case 'floor':
      return literalOf('f32', Math.floor(x));
    case 'ceil':
      return literalOf('f32', Math.ceil(x));
    case 'sqrt':
      return literalOf('f32', Math.sqrt(x));
    case 'not':
      return literalOf('bool', !a.value);
    case 'to_f32':
      return literalOf('f32', x);
    case 'to_i32':
      return literalOf('i32', toInteger(x));
    case 'bits_of':
      return literalOf('i32', bitsOf(x));
    case 'from_bits':
      return literalOf('f32', fromBits(x));
  }
}

const COMPARISONS: Partial<Record<BinaryOperation, (x: number, y: number) => boolean>> = {
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  gt: (x, y) => x > y,
  ge: (x, y) => x >= y,
  and: (x, y) => x !== 0 && y !== 0,
  or: (x, y) => x !== 0 || y !== 0,
};

export function foldBinary(operation: BinaryOperation, a: Literal, b: Literal): Literal {
  const isFloat = a.type === 'f32';
  const x = isFloat ? Math.fround(Number(a.value)) : Number(a.value);
  const y = isFloat ? Math.fround(Number(b.value)) : Number(b.value);
  const compare = COMPARISONS[operation];
  if (compare !== undefined) return literalOf('bool', compare(x, y));
  switch (operation) {
    case 'add':
      return literalOf(a.type, x + y);
    case 'sub':
      return literalOf(a.type, x - y);
    case 'mul':
      return literalOf(a.type, isFloat ? x * y : Math.imul(x, y));
    case 'div':
      return literalOf('f32', x / y);
    case 'min':
      return literalOf(a.type, Math.min(x, y));
    case 'max':
      return literalOf(a.type, Math.max(x, y));
    case 'bit_and':
      return literalOf('i32', x & y);
    case 'bit_or':
      return literalOf('i32', x | y);
    case 'shift_left':
      return literalOf('i32', x << y);
    case 'shift_right':
      return literalOf('i32', x >> y);
    case 'rem':
      return literalOf('i32', x % y);
    default:
      throw new Error(`internal: cannot fold ${operation}`);
  }
}
