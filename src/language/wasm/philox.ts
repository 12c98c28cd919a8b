/**
 * Philox-4x32-10 in WebAssembly, for four elements at a time and for one. Twin of src/language/philox.ts,
 * with 64-bit products instead of 16-bit halves.
 */
import type { Code, WasmFunction, WasmModule } from './encoder.ts';

export const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
export const ROUNDS = 10;

/** Bytes 0–3 of each 64-bit product of two vectors: the low halves in lane order; then bytes 4–7, the high halves. */
export const LOW_HALVES = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27] as const;
export const HIGH_HALVES = LOW_HALVES.map((byte) => byte + 4);

/**
 * Everything of Philox that depends on the key alone: the two words of each round's key, then the multipliers. Code for
 * vectors reads it from memory, because V8 would build every constant anew where it is used, of three instructions.
 */
export function philoxTable(seed: number, stream: number): Uint32Array {
  const table = new Uint32Array(PHILOX_TABLE_WORDS);
  for (let round = 0; round < ROUNDS; round++) {
    table[2 * round] = seed + Math.imul(round, KEY_STEPS[0]);
    table[2 * round + 1] = stream + Math.imul(round, KEY_STEPS[1]);
  }
  table.set(MULTIPLIERS, 2 * ROUNDS);
  return table;
}

/** Words of a `philoxTable`. */
export const PHILOX_TABLE_WORDS = 2 * ROUNDS + 2;

/** Locals of the counter, whose last word is 0, and of the key. */
export interface PhiloxInput {
  /** v128: four elements. */
  readonly element: number;
  /** i32. */
  readonly step: number;
  /** i32: address of the `philoxTable` of the key. */
  readonly table: number;
  /** A number, not a local. */
  readonly group: number;
}

/**
 * Writes the draws of four elements into the code at hand and returns the v128 locals of the four words. Not a function
 * to call: that way compilers leave out what only words that nobody reads would take. The first two rounds are written
 * for what they are about, one product of vectors instead of four. (Brunel's network, which draws one word per neuron
 * and step, takes 0.48 s instead of 0.62 s for 0.3 s, together with the scan of thresholds in emit.ts.)
 */
export function writeVectorPhilox(
  owner: WasmFunction,
  code: Code,
  input: PhiloxInput,
): readonly number[] {
  return new VectorPhilox(owner, code, input).write();
}

class VectorPhilox {
  readonly #owner: WasmFunction;
  readonly #code: Code;
  readonly #input: PhiloxInput;
  readonly #multipliers: readonly [number, number];

  constructor(owner: WasmFunction, code: Code, input: PhiloxInput) {
    this.#owner = owner;
    this.#code = code;
    this.#input = input;
    const multiplier = (index: 0 | 1): number => {
      const local = owner.local('v128', `multiplier${index}`);
      this.#fromTable(2 * ROUNDS + index).set(local);
      return local;
    };
    this.#multipliers = [multiplier(0), multiplier(1)];
  }

  /** Pushes a word of the table, spread over the lanes. */
  #fromTable(word: number): Code {
    return this.#code.get(this.#input.table).op('v128.load32_splat', 4 * word);
  }

  write(): readonly number[] {
    let words = this.#firstRounds();
    for (let round = 2; round < ROUNDS; round++) {
      const [x0, x1, x2, x3] = words;
      const first = this.#multiply(0, x0);
      const second = this.#multiply(1, x2);
      words = [
        this.#keep('x0', () => this.#half(second, HIGH_HALVES).get(x1).op('v128.xor'), 0, round),
        this.#keep('x1', () => this.#half(second, LOW_HALVES)),
        this.#keep('x2', () => this.#half(first, HIGH_HALVES).get(x3).op('v128.xor'), 1, round),
        this.#keep('x3', () => this.#half(first, LOW_HALVES)),
      ];
    }
    return words;
  }

  /** Rounds 0 and 1, where half of the words are the same in all lanes: those are computed as scalars. */
  #firstRounds(): [number, number, number, number] {
    const code = this.#code;
    const { element, step, group, table } = this.#input;
    const ofGroup = BigInt(MULTIPLIERS[1]) * BigInt(group);
    const groupLow = Number(ofGroup & 0xffffffffn);
    const ofElement = this.#multiply(0, element);
    const y2 = this.#keep('x2', () => this.#half(ofElement, HIGH_HALVES), 1, 0);
    const ofStep = this.#owner.local('i64', 'product0');
    code.get(step).get(table).op('i32.load', 0).op('i32.xor');
    code
      .i32(Number(ofGroup >> 32n))
      .op('i32.xor')
      .op('i64.extend_i32_u');
    code.op('i64.const', MULTIPLIERS[0]).op('i64.mul').set(ofStep);
    const second = this.#multiply(1, y2);
    const x0 = this.#keep(
      'x0',
      () => {
        this.#half(second, HIGH_HALVES);
        if (group === 0) return code;
        return code.op('v128.const', groupLow, groupLow, groupLow, groupLow).op('v128.xor');
      },
      0,
      1,
    );
    const x1 = this.#keep('x1', () => this.#half(second, LOW_HALVES));
    const x2 = this.#keep(
      'x2',
      () => {
        this.#half(ofElement, LOW_HALVES).get(ofStep).op('i64.const', 32).op('i64.shr_u');
        return code.op('i32.wrap_i64').op('i32x4.splat').op('v128.xor');
      },
      1,
      1,
    );
    const x3 = this.#keep('x3', () => code.get(ofStep).op('i32.wrap_i64').op('i32x4.splat'));
    return [x0, x1, x2, x3];
  }

  /** Puts a word, xor the key of the round where one is named, into a local. */
  #keep(name: string, push: () => Code, key?: 0 | 1, round = 0): number {
    const code = this.#code;
    push();
    if (key !== undefined) this.#fromTable(2 * round + key).op('v128.xor');
    const local = this.#owner.local('v128', name);
    code.set(local);
    return local;
  }

  #multiply(index: 0 | 1, word: number): Products {
    return multiplyWords(this.#owner, this.#code, word, this.#multipliers[index]);
  }

  #half(products: Products, bytes: readonly number[]): Code {
    return pushHalves(this.#code, products, bytes);
  }
}

/** Locals with two 64-bit products each. */
export type Products = readonly [number, number];

/** The products of four words and four multipliers, all in locals. */
export function multiplyWords(
  owner: WasmFunction,
  code: Code,
  words: number,
  multipliers: number,
): Products {
  const product = (half: 'low' | 'high'): number => {
    const local = owner.local('v128', `product_${half}`);
    code.get(words).get(multipliers).op(`i64x2.extmul_${half}_i32x4_u`).set(local);
    return local;
  };
  return [product('low'), product('high')];
}

/** Pushes one half, LOW_HALVES or HIGH_HALVES, of each of four products. */
export function pushHalves(code: Code, [low, high]: Products, bytes: readonly number[]): Code {
  return code
    .get(low)
    .get(high)
    .op('i8x16.shuffle', ...bytes);
}

/** Adds the function (element, step, group, seed, stream) -> four i32 words. */
export function addScalarPhilox(module: WasmModule): WasmFunction {
  const philox = module.function(
    'philox',
    [
      ['element', 'i32'],
      ['step', 'i32'],
      ['group', 'i32'],
      ['seed', 'i32'],
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
    code.get(3).i32(Math.imul(round, KEY_STEPS[0])).op('i32.add').op('i32.xor').set(x0);
    code.get(products[1]).op('i32.wrap_i64').set(x1);
    high(0).get(x3).op('i32.xor');
    code.get(4).i32(Math.imul(round, KEY_STEPS[1])).op('i32.add').op('i32.xor').set(x2);
    code.get(products[0]).op('i32.wrap_i64').set(x3);
  }
  for (const word of [x0, x1, x2, x3]) code.get(word);
  return philox;
}
