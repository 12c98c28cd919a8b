/**
 * Philox-4x32-10 as WebAssembly functions, for four elements at a time and for one. Twin of src/language/philox.ts,
 * with 64-bit products instead of 16-bit halves.
 */
import type { Code, WasmFunction, WasmModule } from './encoder.ts';

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/** Bytes 0–3 of each 64-bit product of two vectors: the low halves in lane order; then bytes 4–7, the high halves. */
const LOW_HALVES = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27] as const;
const HIGH_HALVES = LOW_HALVES.map((byte) => byte + 4);

/**
 * Adds the function (element v128, step i32, group i32, stream i32) -> four v128 of words: counter
 * (element, step, group, 0), key (seed, stream).
 */
export function addVectorPhilox(module: WasmModule, seed: number): WasmFunction {
  const philox = module.function(
    'philox_f32x4',
    [
      ['element', 'v128'],
      ['step', 'i32'],
      ['group', 'i32'],
      ['stream', 'i32'],
    ],
    ['v128', 'v128', 'v128', 'v128'],
  );
  const { code } = philox;
  const local = (name: string): number => philox.local('v128', name);
  const [x0, x1, x2, x3] = [local('x0'), local('x1'), local('x2'), local('x3')];
  // In locals, because V8 would build every v128.const anew, of four instructions.
  const spread = (name: string, word: number): number => {
    const constant = local(name);
    code.op('v128.const', word, word, word, word).set(constant);
    return constant;
  };
  const multipliers = MULTIPLIERS.map((word, index) => spread(`multiplier${index}`, word));
  const steps = KEY_STEPS.map((word, index) => spread(`key_step${index}`, word));
  const keys = [spread('key0', seed), local('key1')] as const;
  code.get(3).op('i32x4.splat').set(keys[1]);
  code.get(0).set(x0);
  code.get(1).op('i32x4.splat').set(x1);
  code.get(2).op('i32x4.splat').set(x2);
  code.op('v128.const', 0, 0, 0, 0).set(x3);
  const low = [local('product0_low'), local('product1_low')] as const;
  const high = [local('product0_high'), local('product1_high')] as const;
  const halves = (index: 0 | 1, bytes: readonly number[]): Code =>
    code
      .get(low[index])
      .get(high[index])
      .op('i8x16.shuffle', ...bytes);
  const multiply = (index: 0 | 1, source: number): void => {
    const multiplier = multipliers[index] as number;
    code.get(source).get(multiplier).op('i64x2.extmul_low_i32x4_u').set(low[index]);
    code.get(source).get(multiplier).op('i64x2.extmul_high_i32x4_u').set(high[index]);
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, key] of round === 0 ? [] : keys.entries()) {
      const step = steps[index] as number;
      code.get(key).get(step).op('i32x4.add').set(key);
    }
    multiply(0, x0);
    multiply(1, x2);
    halves(1, HIGH_HALVES).get(x1).op('v128.xor').get(keys[0]).op('v128.xor').set(x0);
    halves(1, LOW_HALVES).set(x1);
    halves(0, HIGH_HALVES).get(x3).op('v128.xor').get(keys[1]).op('v128.xor').set(x2);
    halves(0, LOW_HALVES).set(x3);
  }
  for (const word of [x0, x1, x2, x3]) code.get(word);
  return philox;
}

/** Adds the function (element, step, group, stream) -> four i32 words. */
export function addScalarPhilox(module: WasmModule, seed: number): WasmFunction {
  const philox = module.function(
    'philox',
    [
      ['element', 'i32'],
      ['step', 'i32'],
      ['group', 'i32'],
      ['stream', 'i32'],
    ],
    ['i32', 'i32', 'i32', 'i32'],
  );
  const { code } = philox;
  const [x0, x1, x2, x3] = [0, 1, 2, philox.local('i32', 'x3')] as const;
  const products = [philox.local('i64', 'product0'), philox.local('i64', 'product1')] as const;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, source] of [x0, x2].entries()) {
      code
        .get(source)
        .op('i64.extend_i32_u')
        .op('i64.const', MULTIPLIERS[index] as number);
      code.op('i64.mul').set(products[index] as number);
    }
    const high = (index: 0 | 1): Code =>
      code.get(products[index]).op('i64.const', 32).op('i64.shr_u').op('i32.wrap_i64');
    high(1).get(x1).op('i32.xor');
    code
      .i32((seed + round * KEY_STEPS[0]) | 0)
      .op('i32.xor')
      .set(x0);
    code.get(products[1]).op('i32.wrap_i64').set(x1);
    high(0).get(x3).op('i32.xor');
    code.get(3).i32(Math.imul(round, KEY_STEPS[1])).op('i32.add').op('i32.xor').set(x2);
    code.get(products[0]).op('i32.wrap_i64').set(x3);
  }
  for (const word of [x0, x1, x2, x3]) code.get(word);
  return philox;
}
