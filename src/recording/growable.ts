/**
 * Typed arrays that grow, for recordings of unknown length: capacity doubles, so appending costs one copy per element
 * on average. Not a general collection.
 */

/** u32 numbers appended in blocks. */
export class GrowableU32 {
  #values: Uint32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  append(block: Uint32Array): void {
    const needed = this.#length + block.length;
    if (needed > this.#values.length) {
      const grown = new Uint32Array(Math.max(needed, this.#values.length * 2));
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    this.#values.set(block, this.#length);
    this.#length = needed;
  }

  /** What has been appended; a view that later appends may leave behind. */
  view(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }
}
