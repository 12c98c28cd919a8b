/**
 * Takes what arrived out of the ring of inputs, inside an update function: finds the slot of a step, and reads and
 * clears what is in it. Of several threads, each may have added to a copy of its own: slots
 * are found in the first copy, and what arrived is the sum over all.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { type Context, type Position, remainder } from './context.ts';
import type { KernelLayout } from './layout.ts';
import { CHUNK_VECTORS, mark, VECTOR_BYTES } from './touched.ts';

export class Arrivals {
  readonly #context: Context;
  readonly #layout: KernelLayout;
  readonly #owner: WasmFunction;
  /** Locals: address of the slot of the step before the current one, and of the current one's. */
  readonly #before: number;
  readonly #current: number;
  /** Locals with what has been taken for each input, after `takeMarked`. */
  #taken: readonly number[] = [];

  constructor(context: Context, layout: KernelLayout, owner: WasmFunction) {
    this.#context = context;
    this.#layout = layout;
    this.#owner = owner;
    this.#before = owner.local('i32', 'arrivals');
    this.#current = owner.local('i32', 'current_slot');
  }

  /** Finds the slot of what arrived at the step before the one in a local. */
  find(code: Code, step: number): void {
    const { ringSlots } = this.#context.plan;
    const before = this.#owner.local('i32', 'before');
    code
      .get(step)
      .i32(ringSlots - 1)
      .op('i32.add')
      .set(before);
    this.#slotOf(code, before, this.#before);
  }

  /** Finds the slot of the step in a local, for `markSpiked`. */
  findCurrent(code: Code, step: number): void {
    this.#slotOf(code, step, this.#current);
  }

  #slotOf(code: Code, step: number, result: number): void {
    const { layout, plan } = this.#context;
    remainder(code, step, plan.ringSlots).i32(layout.slotBytes).op('i32.mul');
    code.i32(layout.ring).op('i32.add').set(result);
  }

  /** Pushes what arrived for an input and leaves zero: a number of the engine's float, or whole numbers in fixed point. */
  take(code: Code, input: number, position: Position): void {
    const known = this.#taken[input];
    if (known === undefined) this.#take(code, input, position.cursor);
    else code.get(known);
  }

  /** Takes what arrived for all inputs where there is a mark, and takes that away; `take` then gives what it was. */
  takeMarked(code: Code, position: Position): void {
    const { inputOffsets } = this.#layout;
    const place = this.#owner.local('i32', 'mark');
    this.#taken = inputOffsets.map(() => this.#owner.local('v128', 'taken'));
    for (const taken of this.#taken) code.op('v128.const', 0, 0, 0, 0).set(taken);
    this.#pushPlace(code, position.cursor, this.#before).i32(4).op('i32.shr_u').set(place);
    const marks = this.#markOffsets;
    for (const [index, offset] of marks.entries()) {
      code.get(place).op('i32.load8_u', offset);
      if (index > 0) code.op('i32.or');
    }
    code.if(() => {
      for (const offset of marks) code.get(place).i32(0).op('i32.store8', offset);
      for (const [input, taken] of this.#taken.entries()) {
        this.#take(code, input, position.cursor);
        code.set(taken);
      }
    });
  }

  #take(code: Code, input: number, cursor: number): void {
    const offset = this.#layout.inputOffsets[input] ?? 0;
    const { isDouble } = this.#context;
    const address = this.#owner.local('i32', 'input');
    const raw = this.#owner.local(isDouble ? 'f64' : 'v128', 'arrived');
    code.get(this.#before).get(cursor).op('i32.add').tee(address);
    if (isDouble) {
      code.op('f64.load', offset).tee(raw).op('f64.const', 0).op('f64.ne');
      code.if(() => code.get(address).op('f64.const', 0).op('f64.store', offset));
    } else {
      const copies = this.#copies.map((copy) => copy + offset);
      for (const [index, copy] of copies.entries()) {
        if (index > 0) code.get(address);
        code.op('v128.load', copy);
        if (index > 0) code.op('i32x4.add');
      }
      code.set(raw);
      // Always cleared: a branch that spares stores costs more in wrong guesses.
      for (const copy of copies) {
        code.get(address).op('v128.const', 0, 0, 0, 0).op('v128.store', copy);
      }
    }
    code.get(raw);
  }

  /** What to add to an address in the first copy of the ring for that in each. */
  get #copies(): readonly number[] {
    const { ringCopies, ringBytes } = this.#context.layout;
    return Array.from({ length: ringCopies }, (_, copy) => copy * ringBytes);
  }

  /** Pushes the address, without the offset of an input, of the ring's vector at a byte offset of a variable. */
  #pushPlace(code: Code, cursor: number, slot: number): Code {
    return code.get(slot).get(cursor).op('i32.add');
  }

  /** Marks neurons that have spiked: `begin` of the next step will look for them. */
  markSpiked(code: Code, position: Position): void {
    const offset = this.#layout.inputOffsets[0] ?? 0;
    mark(this.#pushPlace(code, position.cursor, this.#current), this.#marks, offset);
  }

  get #marks(): number {
    const { marks } = this.#context.layout;
    if (marks === null) throw new Error('internal: this plan has no marks');
    return marks;
  }

  /** What to add to (address in the ring, without the offset of an input) / 16 for that of each mark. */
  get #markOffsets(): readonly number[] {
    return this.#copies.flatMap((copy) =>
      this.#layout.inputOffsets.map((offset) => this.#marks + (copy + offset) / VECTOR_BYTES),
    );
  }

  /**
   * Calls `visit` to write what is done for each marked vector from the cursor on, up to a chunk or the offset in
   * `last`; the visitor's position is the vector. Takes the marks away.
   */
  eachMarked(cursor: number, last: number, touched: Position, visit: () => void): void {
    const { code } = this.#owner;
    const left = this.#owner.local('i64', 'marked');
    const place = this.#owner.local('i32', 'marks');
    const inputs = this.#markOffsets;
    this.#pushPlace(code, cursor, this.#before).i32(4).op('i32.shr_u').set(place);
    for (let part = 0; part < CHUNK_VECTORS / 16; part++) {
      for (const [index, marks] of inputs.entries()) {
        code.get(place).op('v128.load', marks + 16 * part);
        if (index > 0) code.op('v128.or');
      }
      code.op('i8x16.bitmask').op('i64.extend_i32_u');
      if (part > 0) {
        code
          .op('i64.const', 16 * part)
          .op('i64.shl')
          .op('i64.or');
      }
    }
    // Vectors past the last one have neighbours' marks.
    code.op('i64.const', -1).op('i64.const', CHUNK_VECTORS);
    const vectors = this.#owner.local('i32', 'vectors');
    code.get(last).get(cursor).op('i32.sub').i32(15).op('i32.add').i32(4).op('i32.shr_u');
    code.tee(vectors).i32(CHUNK_VECTORS).get(vectors).i32(CHUNK_VECTORS).op('i32.lt_u');
    code.op('select').op('i64.extend_i32_u').op('i64.sub').op('i64.shr_u');
    code.op('i64.and').tee(left).op('i64.eqz').op('i32.eqz');
    code.if(() =>
      code.loop(() => {
        code.get(cursor).get(left).op('i64.ctz').op('i32.wrap_i64').i32(4).op('i32.shl');
        code.op('i32.add').set(touched.cursor);
        visit();
        this.#pushPlace(code, touched.cursor, this.#before).i32(4).op('i32.shr_u').set(place);
        for (const marks of inputs) code.get(place).i32(0).op('i32.store8', marks);
        code.get(left).get(left).op('i64.const', 1).op('i64.sub').op('i64.and').tee(left);
        code.op('i64.eqz').op('i32.eqz');
      }),
    );
  }
}
