/**
 * Philox words of rows in WebAssembly, sixteen at a time: word k of row r is word k mod 4 of counter (r, k div 4, 0, 0),
 * as plan/draws.ts has it. Twin of `fillRowWords` there. What a row's words are used for is the caller's business.
 */
import type { Code, WasmFunction } from './encoder.ts';
import {
  HIGH_HALVES,
  LOW_HALVES,
  MULTIPLIERS,
  multiplyWords,
  type Products,
  pushHalves,
  ROUNDS,
} from './philox.ts';

/** Words that are made together: four counters, one in each lane. */
export const ROW_WORDS = 16;

const lanes = (...numbers: readonly number[]): number[] =>
  numbers.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
/** Lanes of two vectors, those of the second numbered from 4 on. */
const INTERLEAVE_LOW = lanes(0, 4, 1, 5);
const INTERLEAVE_HIGH = lanes(2, 6, 3, 7);
const JOIN_LOW = lanes(0, 1, 4, 5);
const JOIN_HIGH = lanes(2, 3, 6, 7);

/** Locals: the address of the `philoxTable` of the key, the row, and the block (k div 4) to begin with. */
export interface RowPhiloxInput {
  readonly key: number;
  readonly row: number;
  readonly block: number;
}

/**
 * Writes code into a function: what the words of a row have in common when it is constructed, in front of a loop, and
 * sixteen words with every `next()`, inside. The first rounds are written for what they are about: half of what they
 * multiply is the same in all lanes of all blocks.
 */
export class RowPhilox {
  readonly #owner: WasmFunction;
  readonly #code: Code;
  readonly #key: number;
  readonly #blocks: number;
  readonly #four: number;
  readonly #multipliers: readonly [number, number];
  /** Words of the state that are the same in all lanes, keys of their rounds included. */
  readonly #common: readonly [number, number, number, number, number];

  constructor(owner: WasmFunction, { key, row, block }: RowPhiloxInput) {
    this.#owner = owner;
    this.#code = owner.code;
    this.#key = key;
    const code = this.#code;
    this.#multipliers = [0, 1].map((index) => {
      this.#splat(() => code.get(key).op('i32.load', 4 * (2 * ROUNDS + index)));
      return this.#into('v128', 'multiplier');
    }) as [number, number];
    this.#splat(() => code.get(block));
    code.op('v128.const', 0, 1, 2, 3).op('i32x4.add');
    this.#blocks = this.#into('v128', 'blocks');
    this.#splat(() => code.i32(4));
    this.#four = this.#into('v128', 'four');
    this.#common = this.#firstRounds(row);
  }

  /** Rounds 0 to 2 of what does not depend on the block. */
  #firstRounds(row: number): [number, number, number, number, number] {
    const code = this.#code;
    const product = (index: 0 | 1, word: number): number => {
      code.get(word).op('i64.extend_i32_u').op('i64.const', MULTIPLIERS[index]).op('i64.mul');
      return this.#into('i64', 'product');
    };
    const low = (wide: number): Code => code.get(wide).op('i32.wrap_i64');
    const high = (wide: number): Code =>
      code.get(wide).op('i64.const', 32).op('i64.shr_u').op('i32.wrap_i64');
    const withKey = (round: number, half: 0 | 1): Code =>
      code
        .get(this.#key)
        .op('i32.load', 4 * (2 * round + half))
        .op('i32.xor');
    const common = (push: () => void): number => {
      this.#splat(push);
      return this.#into('v128', 'common');
    };
    const ofRow = product(0, row);
    high(ofRow);
    withKey(0, 1);
    const second = product(1, this.#into('i32', 'x2'));
    high(second);
    withKey(1, 0);
    const third = product(0, this.#into('i32', 'x0'));
    return [
      common(() => code.get(this.#key).op('i32.load', 0)),
      common(() => {
        low(ofRow);
        withKey(1, 1);
      }),
      common(() => {
        low(second);
        withKey(2, 0);
      }),
      common(() => {
        high(third);
        withKey(2, 1);
      }),
      common(() => low(third)),
    ];
  }

  /** The next sixteen words, four to a local, in order. */
  next(): readonly [number, number, number, number] {
    const code = this.#code;
    const [key0, first2, second0, second2, second3] = this.#common;
    code.get(this.#blocks).get(key0).op('v128.xor');
    const ofBlock = this.#multiply(0, this.#into('v128', 'x0'));
    this.#half(ofBlock, HIGH_HALVES).get(first2).op('v128.xor');
    const ofSecond = this.#multiply(1, this.#into('v128', 'x2'));
    this.#half(ofSecond, HIGH_HALVES).get(second0).op('v128.xor');
    const x0 = this.#into('v128', 'x0');
    this.#half(ofSecond, LOW_HALVES);
    const x1 = this.#into('v128', 'x1');
    this.#half(ofBlock, LOW_HALVES).get(second2).op('v128.xor');
    const x2 = this.#into('v128', 'x2');
    let words: readonly [number, number, number, number] = [x0, x1, x2, second3];
    for (let round = 3; round < ROUNDS; round++) words = this.#round(words, round);
    code.get(this.#blocks).get(this.#four).op('i32x4.add').set(this.#blocks);
    return this.#transpose(words);
  }

  #round(
    [x0, x1, x2, x3]: readonly [number, number, number, number],
    round: number,
  ): [number, number, number, number] {
    const first = this.#multiply(0, x0);
    const second = this.#multiply(1, x2);
    const withKey = (half: 0 | 1): void => {
      this.#code
        .get(this.#key)
        .op('v128.load32_splat', 4 * (2 * round + half))
        .op('v128.xor');
    };
    this.#half(second, HIGH_HALVES).get(x1).op('v128.xor');
    withKey(0);
    const y0 = this.#into('v128', 'x0');
    this.#half(second, LOW_HALVES);
    const y1 = this.#into('v128', 'x1');
    this.#half(first, HIGH_HALVES).get(x3).op('v128.xor');
    withKey(1);
    const y2 = this.#into('v128', 'x2');
    this.#half(first, LOW_HALVES);
    return [y0, y1, y2, this.#into('v128', 'x3')];
  }

  /** From one word of four blocks in each local to four words of one block. */
  #transpose([x0, x1, x2, x3]: readonly [number, number, number, number]): [
    number,
    number,
    number,
    number,
  ] {
    const shuffled = (a: number, b: number, bytes: readonly number[]): number => {
      this.#code
        .get(a)
        .get(b)
        .op('i8x16.shuffle', ...bytes);
      return this.#into('v128', 'words');
    };
    const [low01, high01] = [shuffled(x0, x1, INTERLEAVE_LOW), shuffled(x0, x1, INTERLEAVE_HIGH)];
    const [low23, high23] = [shuffled(x2, x3, INTERLEAVE_LOW), shuffled(x2, x3, INTERLEAVE_HIGH)];
    return [
      shuffled(low01, low23, JOIN_LOW),
      shuffled(low01, low23, JOIN_HIGH),
      shuffled(high01, high23, JOIN_LOW),
      shuffled(high01, high23, JOIN_HIGH),
    ];
  }

  #splat(push: () => void): void {
    push();
    this.#code.op('i32x4.splat');
  }

  /** Pops into a new local. */
  #into(type: 'i32' | 'i64' | 'v128', name: string): number {
    const local = this.#owner.local(type, name);
    this.#code.set(local);
    return local;
  }

  #multiply(index: 0 | 1, word: number): Products {
    return multiplyWords(this.#owner, this.#code, word, this.#multipliers[index]);
  }

  #half(products: Products, bytes: readonly number[]): Code {
    return pushHalves(this.#code, products, bytes);
  }
}

/** Pushes the high words of the products of four words and four numbers, both in locals. */
export function pushHighWords(code: Code, words: number, numbers: number): Code {
  for (const half of ['low', 'high'] as const) {
    code.get(words).get(numbers).op(`i64x2.extmul_${half}_i32x4_u`);
  }
  return code.op('i8x16.shuffle', ...HIGH_HALVES);
}

/** Pushes the even (0) or odd (1) words of four pairs, one pair in the low half of each of four locals. */
export function pushUnpaired(code: Code, pairs: readonly [number, number], which: 0 | 1): Code {
  return code
    .get(pairs[0])
    .get(pairs[1])
    .op('i8x16.shuffle', ...(which === 0 ? JOIN_LOW : JOIN_HIGH));
}

/** Pushes the two pairs in the low halves of two locals as even words, then odd words. */
export function pushInterleaved(code: Code, a: number, b: number): Code {
  return code
    .get(a)
    .get(b)
    .op('i8x16.shuffle', ...INTERLEAVE_LOW);
}
