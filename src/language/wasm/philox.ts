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
  const [x0, x1, x2, x3] = ['x0', 'x1', 'x2', 'x3'].map((name) => philox.local('v128', name));
  const wide = [0, 1].flatMap((index) =>
    ['low', 'high'].map((half) => philox.local('v128', `product${index}_${half}`)),
  );
  code.get(0).set(x0 as number);
  code
    .get(1)
    .op('i32x4.splat')
    .set(x1 as number);
  code
    .get(2)
    .op('i32x4.splat')
    .set(x2 as number);
  code.op('v128.const', 0, 0, 0, 0).set(x3 as number);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, source] of [x0, x2].entries()) {
      const multiplier = MULTIPLIERS[index] as number;
      for (const [half, name] of (['low', 'high'] as const).entries()) {
        code.get(source as number).op('v128.const', multiplier, multiplier, multiplier, multiplier);
        code.op(`i64x2.extmul_${name}_i32x4_u`).set(wide[2 * index + half] as number);
      }
    }
    const halves = (index: number, bytes: readonly number[]): Code =>
      code
        .get(wide[2 * index] as number)
        .get(wide[2 * index + 1] as number)
        .op('i8x16.shuffle', ...bytes);
    const seedKey = (seed + round * KEY_STEPS[0]) | 0;
    halves(1, HIGH_HALVES)
      .get(x1 as number)
      .op('v128.xor');
    code
      .op('v128.const', seedKey, seedKey, seedKey, seedKey)
      .op('v128.xor')
      .set(x0 as number);
    halves(1, LOW_HALVES).set(x1 as number);
    halves(0, HIGH_HALVES)
      .get(x3 as number)
      .op('v128.xor');
    code.get(3).i32(Math.imul(round, KEY_STEPS[1])).op('i32.add').op('i32x4.splat');
    code.op('v128.xor').set(x2 as number);
    halves(0, LOW_HALVES).set(x3 as number);
  }
  for (const word of [x0, x1, x2, x3]) code.get(word as number);
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
