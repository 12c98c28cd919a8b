/**
 * Words of rows by WebAssembly, on the host: what `fillRowWords` in draws.ts gives, a tenth of a microsecond for four of
 * them in JavaScript, in a tenth of that. Only where there is WebAssembly with vectors; the words are the same anyway.
 */
import { WasmModule } from '../language/wasm/encoder.ts';
import { PHILOX_TABLE_WORDS, philoxTable } from '../language/wasm/philox.ts';
import { ROW_WORDS, RowPhilox } from '../language/wasm/philox-rows.ts';

/** Writes sixteen words at a time to memory, from the block in `block` on, until `end`. */
type Fill = (row: number, block: number, end: number) => void;

/** Where words begin, in bytes: behind the table of the key. */
const FIRST = 16 * Math.ceil((4 * PHILOX_TABLE_WORDS) / 16);
const PAGE_BYTES = 2 ** 16;
/** Words that fit beside it. */
const MOST = Math.floor((PAGE_BYTES - FIRST) / (4 * ROW_WORDS)) * ROW_WORDS;
const BLOCK_WORDS = 4;

/** The words of one key at a time. */
export class BulkWords {
  readonly #fill: Fill;
  readonly #key: Uint32Array;
  readonly #words: Uint32Array;
  #seed = 0;
  #stream = 0;

  private constructor(fill: Fill, memory: ArrayBuffer) {
    this.#fill = fill;
    this.#key = new Uint32Array(memory, 0, PHILOX_TABLE_WORDS);
    this.#words = new Uint32Array(memory, FIRST, MOST);
    this.#key.set(philoxTable(0, 0));
  }

  /** null where WebAssembly or its vectors are missing or not allowed. */
  static create(): BulkWords | null {
    try {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const module = new WebAssembly.Module(writeModule());
      const { fill } = new WebAssembly.Instance(module, { host: { memory } }).exports;
      return new BulkWords(fill as Fill, memory.buffer);
    } catch {
      return null;
    }
  }

  /** Writes the words of blocks `firstBlock` … of a row to `out`, from place `at` on. */
  write(
    out: Uint32Array,
    at: number,
    row: number,
    firstBlock: number,
    blocks: number,
    seed: number,
    stream: number,
  ): void {
    if (seed !== this.#seed || stream !== this.#stream) {
      this.#key.set(philoxTable(seed, stream));
      [this.#seed, this.#stream] = [seed, stream];
    }
    const end = BLOCK_WORDS * blocks;
    for (let done = 0; done < end; done += MOST) {
      const some = Math.min(MOST, end - done);
      this.#fill(row, firstBlock + done / BLOCK_WORDS, FIRST + 4 * some);
      if (some === MOST) out.set(this.#words, at + done);
      else if (some > ROW_WORDS) out.set(this.#words.subarray(0, some), at + done);
      else for (let k = 0; k < some; k++) out[at + done + k] = this.#words[k] as number;
    }
  }
}

function writeModule(): Uint8Array<ArrayBuffer> {
  const module = new WasmModule();
  const owner = module.function('fill', [
    ['row', 'i32'],
    ['block', 'i32'],
    ['end', 'i32'],
  ]);
  const [row, block, end] = [0, 1, 2];
  const { code } = owner;
  const key = owner.local('i32', 'key');
  const out = owner.local('i32', 'out');
  code.i32(FIRST).set(out);
  const philox = new RowPhilox(owner, { key, row, block });
  code.loop(() => {
    for (const [k, four] of philox.next().entries()) {
      code
        .get(out)
        .get(four)
        .op('v128.store', 16 * k);
    }
    code
      .get(out)
      .i32(4 * ROW_WORDS)
      .op('i32.add')
      .tee(out)
      .get(end)
      .op('i32.lt_u');
  });
  module.export(owner);
  return module.encode({ pages: 1, isShared: false });
}
