/**
 * Code that makes rows of synapses from Philox counters: the targets of a row by its rule, and the numbers that every
 * synapse has (delay, weight, …) from tables of quantiles, sixteen at a time. The same functions serve deliveries that
 * make rows again for every spike and building, which makes them once. Twin of plan/connect-rows.ts and
 * plan/quantiles.ts, to the bit; what becomes of a row is the business of deliver.ts and build.ts.
 */
import { bitsOf } from '../language/wasm/emit.ts';
import type { Code, WasmFunction, WasmModule } from '../language/wasm/encoder.ts';
import {
  pushHighWords,
  pushInterleaved,
  pushUnpaired,
  ROW_WORDS,
  RowPhilox,
} from '../language/wasm/philox-rows.ts';
import { NUMBER, QUANTILES, ROWS, RULES } from './generate-layout.ts';

/** What a number is made into: f32, a whole number that is not negative (a delay), or any whole number. */
export type NumberKind = 'float' | 'delay' | 'integer';

/** Bit pattern of 2^23: added to a whole number below that, it leaves the number in the low bits. */
const WHOLE_BITS = bitsOf(2 ** 23);
/** No target has this number. */
const NOBODY = 0x7fffffff;

/** Writes the functions that are asked for, each once. */
export class RowFunctions {
  readonly #module: WasmModule;
  readonly #numbers = new Map<NumberKind, WasmFunction>();
  #targets: WasmFunction | null = null;

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /**
   * (description, row, out, words) -> number of synapses: writes the targets of a row, in order of creation. At `out`
   * there is room for ROW_WORDS more; at `words` for ROW_WORDS.
   */
  get targets(): WasmFunction {
    this.#targets ??= this.#addTargets();
    return this.#targets;
  }

  /**
   * (number, row, first, out, end): writes numbers `first` … of a row to out … end-1, rounded up to whole blocks of
   * ROW_WORDS; `first` is a multiple of that.
   */
  numbers(kind: NumberKind): WasmFunction {
    const known = this.#numbers.get(kind);
    if (known !== undefined) return known;
    const added = this.#addNumbers(kind);
    this.#numbers.set(kind, added);
    return added;
  }

  #function(names: readonly string[], results: readonly 'i32'[] = []): WasmFunction {
    const [name = '', ...parameters] = names;
    return this.#module.function(
      name,
      parameters.map((parameter) => [parameter, 'i32'] as const),
      results,
    );
  }

  #addTargets(): WasmFunction {
    const draws = this.#addDraws();
    const gaps = this.#addGaps();
    const all = this.#addAll();
    const owner = this.#function(['row_targets', 'description', 'row', 'out', 'words'], ['i32']);
    const { code } = owner;
    const [description, row, out, words] = [0, 1, 2, 3] as const;
    const length = owner.local('i32', 'length');
    const self = owner.local('i32', 'self');
    const width = owner.local('i32', 'width');
    const field = (offset: number): Code => code.get(description).op('i32.load', offset);
    const isRule = (rule: (typeof RULES)[number]): Code =>
      field(ROWS.rule).i32(RULES.indexOf(rule)).op('i32.eq');
    // The row itself among the targets, where it is to be passed over; else nobody.
    field(ROWS.selfShift).get(row).op('i32.add').i32(NOBODY);
    field(ROWS.skipsSelf).op('select').set(self);
    field(ROWS.targetCount).set(width);
    code.get(self).i32(NOBODY).get(self).get(width).op('i32.lt_u').op('select').set(self);
    isRule('gaps');
    code.if(() => {
      code.get(description).get(row).get(out).get(words).get(self).call(gaps).op('return');
    });
    isRule('one-to-one');
    code.if(() => {
      code.get(out).get(row).op('i32.store', 0);
      code.get(row).get(self).op('i32.ne').op('return');
    });
    code.get(width).get(self).i32(NOBODY).op('i32.ne').op('i32.sub').set(width);
    isRule('all-to-all');
    code.if(() => {
      code.get(out).get(width).get(self).call(all);
      code.get(width).op('return');
    });
    field(ROWS.length).tee(length).i32(-1).op('i32.eq');
    code.if(() => {
      const offset = owner.local('i32', 'offset');
      field(ROWS.offsets).get(row).i32(2).op('i32.shl').op('i32.add').tee(offset);
      code.op('i32.load', 4).get(offset).op('i32.load', 0).op('i32.sub').set(length);
    });
    code.get(length).if(() => {
      code.get(description).i32(ROWS.key).op('i32.add').get(row).get(out);
      code.get(out).get(length).i32(2).op('i32.shl').op('i32.add');
      code.get(width).get(self).call(draws);
    });
    code.get(length);
    return owner;
  }

  /** (out, count, self): all numbers from 0 on, without `self`. */
  #addAll(): WasmFunction {
    const owner = this.#function(['row_all', 'out', 'count', 'self']);
    const { code } = owner;
    const [out, count, self] = [0, 1, 2] as const;
    const end = owner.local('i32', 'end');
    const numbers = owner.local('v128', 'numbers');
    const before = this.#splat(owner, () => code.get(self).i32(1).op('i32.sub'));
    const four = this.#splat(owner, () => code.i32(4));
    code.get(out).get(count).i32(2).op('i32.shl').op('i32.add').set(end);
    code.op('v128.const', 0, 1, 2, 3).set(numbers);
    code.op('block').op('loop').get(out).get(end).op('i32.ge_u').op('br_if', 1);
    code.get(out).get(numbers).get(numbers).get(before).op('i32x4.gt_s').op('i32x4.sub');
    code.op('v128.store', 0).get(numbers).get(four).op('i32x4.add').set(numbers);
    code.get(out).i32(16).op('i32.add').set(out).op('br', 0).op('end').op('end');
    return owner;
  }

  /** (key, row, out, end, width, self): targets drawn with replacement from `width`, those from `self` on moved up. */
  #addDraws(): WasmFunction {
    const names = ['row_draws', 'key', 'row', 'out', 'end', 'width', 'self'];
    const owner = this.#function(names);
    const { code } = owner;
    const [key, row, out, end, width, self] = [0, 1, 2, 3, 4, 5] as const;
    const widths = this.#splat(owner, () => code.get(width));
    const before = this.#splat(owner, () => code.get(self).i32(1).op('i32.sub'));
    const drawn = owner.local('v128', 'drawn');
    const philox = new RowPhilox(owner, { key, row, block: owner.local('i32', 'block') });
    code.loop(() => {
      for (const [k, words] of philox.next().entries()) {
        pushHighWords(code, words, widths).set(drawn);
        code.get(out).get(drawn).get(drawn).get(before).op('i32x4.gt_s').op('i32x4.sub');
        code.op('v128.store', 16 * k);
      }
      advance(code, out, end);
    });
    return owner;
  }

  /** (description, row, out, words, self) -> count: from one target to the next by gaps. */
  #addGaps(): WasmFunction {
    const raw = this.#addWords();
    const names = ['row_gaps', 'description', 'row', 'out', 'words', 'self'];
    const owner = this.#function(names, ['i32']);
    const { code } = owner;
    const [description, row, out, words, self] = [0, 1, 2, 3, 4] as const;
    const local = (name: string): number => owner.local('i32', name);
    const field = (offset: number): number => {
      const loaded = local('field');
      code.get(description).op('i32.load', offset).set(loaded);
      return loaded;
    };
    const [thresholds, guide] = [field(ROWS.thresholds), field(ROWS.guide)];
    const [most, count] = [field(ROWS.gapCount), field(ROWS.targetCount)];
    const [place, target, block, cursor, word, gap, last] = [
      local('place'),
      local('target'),
      local('block'),
      local('cursor'),
      local('word'),
      local('gap'),
      local('last_threshold'),
    ];
    const threshold = (index: () => Code): Code => {
      code.get(thresholds);
      return index().i32(2).op('i32.shl').op('i32.add').op('i32.load', 0);
    };
    threshold(() => code.get(most).i32(1).op('i32.sub')).set(last);
    code.get(out).set(place);
    const finish = (): void => {
      code.get(place).get(out).op('i32.sub').i32(2).op('i32.shr_u').op('return');
    };
    code.op('loop');
    code.get(description).i32(ROWS.key).op('i32.add').get(row).get(block).get(words).call(raw);
    code
      .get(block)
      .i32(ROW_WORDS / 4)
      .op('i32.add')
      .set(block)
      .get(words)
      .set(cursor);
    code.loop(() => {
      code.get(cursor).op('i32.load', 0).tee(word).get(last).op('i32.ge_u');
      code.if(
        // Nothing is found that far; the next word decides.
        () => code.get(target).get(most).op('i32.add').set(target),
        () => {
          code.get(word).i32(22).op('i32.shr_u').i32(1).op('i32.shl').get(guide).op('i32.add');
          code.op('i32.load16_u', 0).set(gap);
          // Once without a branch: of most words nobody can foresee on which side of a threshold they are.
          code.get(gap).get(word);
          threshold(() => code.get(gap))
            .op('i32.ge_u')
            .op('i32.add')
            .set(gap);
          code.op('block').op('loop').get(word);
          threshold(() => code.get(gap))
            .op('i32.lt_u')
            .op('br_if', 1);
          code.get(gap).i32(1).op('i32.add').set(gap).op('br', 0).op('end').op('end');
          code.get(target).get(gap).op('i32.add').tee(target).get(count).op('i32.ge_u');
          code.if(finish);
          code.get(place).get(target).op('i32.store', 0).get(place);
          code.get(target).get(self).op('i32.ne').i32(2).op('i32.shl').op('i32.add').set(place);
          code.get(target).i32(1).op('i32.add').set(target);
        },
      );
      code.get(target).get(count).op('i32.ge_u').if(finish);
      code.get(cursor).i32(4).op('i32.add').tee(cursor);
      code
        .get(words)
        .i32(4 * ROW_WORDS)
        .op('i32.add')
        .op('i32.lt_u');
    });
    code.op('br', 0).op('end').op('unreachable');
    return owner;
  }

  /** (key, row, block, out): sixteen words. */
  #addWords(): WasmFunction {
    const owner = this.#function(['row_words', 'key', 'row', 'block', 'out']);
    const { code } = owner;
    const words = new RowPhilox(owner, { key: 0, row: 1, block: 2 }).next();
    for (const [k, four] of words.entries())
      code
        .get(3)
        .get(four)
        .op('v128.store', 16 * k);
    return owner;
  }

  #addNumbers(kind: NumberKind): WasmFunction {
    const names = [`row_${kind}s`, 'number', 'row', 'first', 'out', 'end'];
    const owner = this.#function(names);
    const { code } = owner;
    const [number, row, first, out, end] = [0, 1, 2, 3, 4] as const;
    const table = owner.local('i32', 'table');
    code.get(number).op('i32.load', NUMBER.table).tee(table).op('i32.eqz');
    code.if(() => {
      const constant = owner.local('v128', 'constant');
      code.get(number).op('v128.load32_splat', NUMBER.constant).set(constant);
      code.loop(() => {
        for (let k = 0; k < 4; k++)
          code
            .get(out)
            .get(constant)
            .op('v128.store', 16 * k);
        advance(code, out, end);
      });
      code.op('return');
    });
    code.get(first).i32(2).op('i32.shr_u').set(first);
    code.get(number).i32(NUMBER.key).op('i32.add').set(number);
    const quantiles = new Quantiles(owner, table);
    const bias = kind === 'delay' ? this.#splat(owner, () => code.i32(WHOLE_BITS)) : -1;
    const philox = new RowPhilox(owner, { key: number, row, block: first });
    code.loop(() => {
      for (const [k, words] of philox.next().entries()) {
        code.get(out);
        quantiles.push(words);
        if (kind === 'integer') code.op('i32x4.trunc_sat_f32x4_s');
        else if (kind === 'delay') {
          // Delays are below 2^20.
          code.op('f32x4.trunc').get(bias).op('f32x4.add').get(bias).op('i32x4.sub');
        }
        code.op('v128.store', 16 * k);
      }
      advance(code, out, end);
    });
    return owner;
  }

  /** A new local with a word in all lanes. */
  #splat(owner: WasmFunction, push: () => void): number {
    const local = owner.local('v128', 'splat');
    push();
    owner.code.op('i32x4.splat').set(local);
    return local;
  }
}

/** Goes on by sixteen words; leaves on the stack whether there are more. */
function advance(code: Code, out: number, end: number): Code {
  code
    .get(out)
    .i32(4 * ROW_WORDS)
    .op('i32.add')
    .tee(out);
  return code.get(end).op('i32.lt_u');
}

/**
 * Looks up quantiles, four words at a time. A word, mirrored if its upper bit is set, becomes a float, whose exponent
 * and six leading bits name the cell and whose next twelve bits are the position in it.
 */
class Quantiles {
  readonly #owner: WasmFunction;
  readonly #code: Code;
  readonly #cells: number;
  readonly #smallest: number;
  readonly #least: number;
  readonly #most: number;

  constructor(owner: WasmFunction, table: number) {
    this.#owner = owner;
    this.#code = owner.code;
    const code = this.#code;
    // The upper half is in front; a float below 1 stands for 0 and has the first cell.
    const first = QUANTILES.cells + QUANTILES.halfBytes - (126 << 9);
    code.get(table).i32(first).op('i32.add').op('i32x4.splat');
    this.#cells = this.#into('v128', 'cells');
    code.i32(126 << 23).op('i32x4.splat');
    this.#smallest = this.#into('v128', 'smallest');
    code.get(table).op('v128.load32_splat', QUANTILES.least);
    this.#least = this.#into('v128', 'least');
    code.get(table).op('v128.load32_splat', QUANTILES.most);
    this.#most = this.#into('v128', 'most');
  }

  /** Pushes the values of four words in a local. */
  push(words: number): void {
    const code = this.#code;
    code.get(words).i32(31).op('i32x4.shr_s');
    const isUpper = this.#into('v128', 'is_upper');
    code.get(words).get(isUpper).op('v128.xor');
    const below = this.#into('v128', 'below');
    // Clears what could round the float up into the nineteen bits that count.
    code.get(below).get(below).i32(19).op('i32x4.shr_u').op('v128.andnot');
    code.op('f32x4.convert_i32x4_s').get(this.#smallest).op('i32x4.max_s');
    const bits = this.#into('v128', 'bits');
    code.get(bits).i32(17).op('i32x4.shr_u').i32(3).op('i32x4.shl');
    code.get(isUpper).i32(14).op('i32x4.shl').op('i32x4.add').get(this.#cells).op('i32x4.add');
    const cells = this.#into('v128', 'cell');
    const pairs = [0, 1, 2, 3].map((lane) => {
      code.get(cells).op('i32x4.extract_lane', lane).op('v128.load64_zero', 0);
      return this.#into('v128', 'pair');
    }) as [number, number, number, number];
    pushInterleaved(code, pairs[0], pairs[1]);
    const first = this.#into('v128', 'pairs');
    pushInterleaved(code, pairs[2], pairs[3]);
    const joined = [first, this.#into('v128', 'pairs')] as const;
    pushUnpaired(code, joined, 0);
    code.get(bits).i32(15).op('i32x4.shl').i32(20).op('i32x4.shr_u');
    code.op('f32x4.convert_i32x4_s');
    pushUnpaired(code, joined, 1).op('f32x4.mul').op('f32x4.add');
    code.get(this.#least).op('f32x4.pmax').get(this.#most).op('f32x4.pmin');
  }

  #into(type: 'i32' | 'v128', name: string): number {
    const local = this.#owner.local(type, name);
    this.#code.set(local);
    return local;
  }
}
