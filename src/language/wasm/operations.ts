/**
 * The instruction, or the few instructions, of each unary and binary operation of the kernel IR in each shape. Operands
 * are on the stack; comparisons leave a mask (f32x4) or 0/1 (f32, f64). One table for all three shapes, so that they
 * cannot drift apart.
 */
import type { BinaryOperation, Scalar, UnaryOperation } from '../kernel.ts';
import type { Code, WasmType } from './encoder.ts';

/** How many elements at a time, in which precision: four in single, one in single, one in double. */
export type Shape = 'f32x4' | 'f32' | 'f64';

type Temporary = (type: WasmType) => number;

/** Masks of shape f32x4 become numbers in emit.ts, which has the constants for that. */
export function emitUnary(
  code: Code,
  shape: Shape,
  operation: UnaryOperation,
  type: Scalar,
  temporary: Temporary,
): void {
  const isVector = shape === 'f32x4';
  switch (operation) {
    case 'neg':
      if (type === 'f32') code.named(`${shape}.neg`);
      else if (isVector) code.op('i32x4.neg');
      else code.i32(-1).op('i32.mul');
      return;
    case 'abs':
      if (type === 'f32') code.named(`${shape}.abs`);
      else if (isVector) code.op('i32x4.abs');
      else emitIntegerAbs(code, temporary);
      return;
    case 'floor':
    case 'ceil':
    case 'sqrt':
      code.named(`${shape}.${operation}`);
      return;
    case 'not':
      code.op(isVector ? 'v128.not' : 'i32.eqz');
      return;
    case 'to_f32':
      if (!isVector) code.named(`${shape}.convert_i32_s`);
      else code.op('f32x4.convert_i32x4_s');
      return;
    case 'to_i32':
      if (type === 'f32') {
        if (isVector) code.op('i32x4.trunc_sat_f32x4_s');
        else code.named(`i32.trunc_sat_${shape}_s`);
      }
      return;
    case 'bits_of':
    case 'from_bits':
      if (shape === 'f64') throw new Error('internal: bit patterns exist in single precision only');
      if (!isVector) {
        code.op(operation === 'bits_of' ? 'i32.reinterpret_f32' : 'f32.reinterpret_i32');
      }
      return;
  }
}

/** (x ^ s) - s with s = x >> 31. */
function emitIntegerAbs(code: Code, temporary: Temporary): void {
  const x = temporary('i32');
  const sign = temporary('i32');
  code.tee(x).get(x).i32(31).op('i32.shr_s').tee(sign).op('i32.xor').get(sign).op('i32.sub');
}

/** Signed integer comparisons carry a suffix, those of floats and equality do not. */
function comparison(shape: Shape, operation: string, type: Scalar): string {
  if (type === 'f32') return `${shape}.${operation}`;
  const prefix = shape === 'f32x4' ? 'i32x4' : 'i32';
  const isOrder = operation !== 'eq' && operation !== 'ne';
  return `${prefix}.${operation}${isOrder ? '_s' : ''}`;
}

export function emitBinary(
  code: Code,
  shape: Shape,
  operation: BinaryOperation,
  type: Scalar,
  temporary: Temporary,
): void {
  const isVector = shape === 'f32x4';
  const integers = isVector ? 'i32x4' : 'i32';
  switch (operation) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      code.named(`${type === 'f32' ? shape : integers}.${operation}`);
      return;
    case 'min':
    case 'max':
      emitExtreme(code, shape, operation, type, temporary);
      return;
    case 'eq':
    case 'ne':
      if (type === 'bool' && isVector) {
        code.op('v128.xor');
        if (operation === 'eq') code.op('v128.not');
      } else code.named(comparison(shape, operation, type));
      return;
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      code.named(comparison(shape, operation, type));
      return;
    case 'and':
    case 'bit_and':
      code.op(isVector ? 'v128.and' : 'i32.and');
      return;
    case 'or':
    case 'bit_or':
      code.op(isVector ? 'v128.or' : 'i32.or');
      return;
    case 'shift_left':
      code.op(isVector ? 'i32x4.shl' : 'i32.shl');
      return;
    case 'shift_right':
      code.op(isVector ? 'i32x4.shr_s' : 'i32.shr_s');
      return;
    case 'rem':
      if (isVector) emitRemainders(code, temporary);
      else code.op('i32.rem_u');
      return;
  }
}

/** Lane by lane: there is no such instruction. It occurs where the step decides, so it is computed once for all neurons. */
function emitRemainders(code: Code, temporary: Temporary): void {
  const a = temporary('v128');
  const b = temporary('v128');
  code.set(b).tee(a);
  for (let lane = 0; lane < 4; lane++) {
    code.get(a).op('i32x4.extract_lane', lane).get(b).op('i32x4.extract_lane', lane);
    code.op('i32.rem_u').op('i32x4.replace_lane', lane);
  }
}

/**
 * min(a, b) = b < a ? b : a and max(a, b) = a < b ? b : a, as WGSL defines them: one instruction on most machines,
 * unlike WebAssembly's own min and max, which treat NaN and the sign of zero specially.
 */
function emitExtreme(
  code: Code,
  shape: Shape,
  operation: 'min' | 'max',
  type: Scalar,
  temporary: Temporary,
): void {
  if (shape === 'f32x4') {
    if (type === 'f32') code.op(operation === 'min' ? 'f32x4.pmin' : 'f32x4.pmax');
    else code.op(operation === 'min' ? 'i32x4.min_s' : 'i32x4.max_s');
    return;
  }
  const a = temporary(type === 'f32' ? shape : 'i32');
  const b = temporary(type === 'f32' ? shape : 'i32');
  code.set(b).set(a).get(b).get(a);
  if (operation === 'min') code.get(b).get(a);
  else code.get(a).get(b);
  code.named(comparison(shape, 'lt', type)).op('select');
}
