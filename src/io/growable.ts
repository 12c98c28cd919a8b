/** Typed arrays that grow while a file of unknown length is read. */

type Numbers = Uint32Array | Float64Array;

/** A growing column of numbers. */
export class Column<T extends Numbers> {
  #values: T;
  #length = 0;
  readonly #make: (length: number) => T;

  /** `make` allocates; `expected` is how many entries to have room for at first. */
  constructor(make: (length: number) => T, expected = 1024) {
    this.#make = make;
    this.#values = make(Math.max(16, expected));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(Math.ceil(this.#values.length * 1.5));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The entries so far, without a copy. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  /** The entries, in memory of just their size. */
  take(): T {
    if (this.#length === this.#values.length) return this.#values;
    return this.#values.slice(0, this.#length) as T;
  }
}
