/**
 * How the entries of a row lie in memory, by packing: code that reads targets and delays one by one or four at a time.
 * What is done with an entry is the business of deliver.ts.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { HIGH_HALVES, LOW_HALVES } from '../language/wasm/philox.ts';
import type { DeliverKernel } from '../plan/plan.ts';

/** Whether synapses of one row have delays of their own. */
export function hasMixedDelays({ trigger, packing, projections }: DeliverKernel): boolean {
  if (trigger === 'post' || packing === 'target' || packing === 'target16') return false;
  if (packing !== 'generated') return true;
  return projections.some(({ generate }) => generate !== null && generate.delay !== null);
}

/** The largest target of packing 'target+delay'. */
const TARGET_MASK = 0xffffff;
const DELAY_SHIFT = 24;

/** Bytes of the part of an entry that holds its target (or its pair, for trigger post), as a power of two. */
function targetShift({ trigger, packing }: DeliverKernel): 1 | 2 | 3 {
  if (trigger === 'post' || packing === 'wide') return 3;
  return packing === 'target16' || packing === 'target16+delay8' ? 1 : 2;
}

/** Bytes from one delay to the next where delays have places of their own, as a power of two; else null. */
function delayShift({ packing }: DeliverKernel): 0 | 2 | null {
  if (packing === 'target16+delay8') return 0;
  return packing === 'generated' ? 2 : null;
}

export class Entries {
  readonly #owner: WasmFunction;
  readonly #code: Code;
  readonly #kernel: DeliverKernel;
  readonly #targets: number;
  readonly #delays: number;
  readonly #shift: 1 | 2 | 3;
  readonly #delayShift: 0 | 2 | null;
  readonly #cursor: number;
  readonly #delayCursor: number;
  readonly #end: number;

  /** Locals with the addresses of the target and of the delay of entry 0. `usesDelays`: `pushDelay` will be called. */
  constructor(
    owner: WasmFunction,
    kernel: DeliverKernel,
    places: { readonly targets: number; readonly delays: number; readonly usesDelays: boolean },
  ) {
    this.#owner = owner;
    this.#code = owner.code;
    this.#kernel = kernel;
    this.#targets = places.targets;
    this.#delays = places.delays;
    this.#shift = targetShift(kernel);
    this.#delayShift = places.usesDelays ? delayShift(kernel) : null;
    this.#cursor = owner.local('i32', 'entry');
    this.#delayCursor = owner.local('i32', 'delay_entry');
    this.#end = owner.local('i32', 'entries_end');
  }

  /** Pushes the address of an entry, given the local with its number. */
  pushAddress(entry: number): Code {
    return this.#code.get(entry).i32(this.#shift).op('i32.shl').get(this.#targets).op('i32.add');
  }

  #pushDelayAddress(entry: number): Code {
    return this.#code
      .get(entry)
      .i32(this.#delayShift ?? 0)
      .op('i32.shl')
      .get(this.#delays)
      .op('i32.add');
  }

  /** Pushes the delay of an entry, given the local with its number. */
  pushDelayOf(entry: number): void {
    this.#delayAt(
      () => this.pushAddress(entry),
      () => this.#pushDelayAddress(entry),
    );
  }

  #delayAt(pushEntry: () => void, pushDelayEntry: () => void): void {
    const code = this.#code;
    switch (this.#kernel.packing) {
      case 'wide':
        pushEntry();
        code.op('i32.load', 4);
        return;
      case 'target+delay':
        pushEntry();
        code.op('i32.load', 0).i32(DELAY_SHIFT).op('i32.shr_u');
        return;
      case 'target16+delay8':
        pushDelayEntry();
        code.op('i32.load8_u', 0);
        return;
      case 'generated':
        pushDelayEntry();
        code.op('i32.load', 0);
        return;
      default:
        throw new Error('internal: this packing has no delays');
    }
  }

  // ---- One by one ----

  /** Goes to the entry whose number is in `begin`, and will stop before that in `end`. Pushes whether there is one. */
  open(begin: number, end: number): Code {
    if (this.#delayShift !== null) this.#pushDelayAddress(begin).set(this.#delayCursor);
    this.pushAddress(end).set(this.#end);
    return this.pushAddress(begin).tee(this.#cursor).get(this.#end).op('i32.lt_u');
  }

  /** Pushes the target; for trigger post the presynaptic neuron. */
  pushTarget(): Code {
    const code = this.#code.get(this.#cursor);
    if (this.#shift === 1) return code.op('i32.load16_u', 0);
    code.op('i32.load', 0);
    return this.#kernel.packing === 'target+delay' && this.#kernel.trigger === 'pre'
      ? code.i32(TARGET_MASK).op('i32.and')
      : code;
  }

  /** Pushes the number of the synapse, for trigger post. */
  pushSynapse(): Code {
    return this.#code.get(this.#cursor).op('i32.load', 4);
  }

  pushDelay(): void {
    this.#delayAt(
      () => this.#code.get(this.#cursor),
      () => this.#code.get(this.#delayCursor),
    );
  }

  /** Goes on; pushes whether there is another entry. */
  next(): Code {
    const code = this.#code;
    if (this.#delayShift !== null) {
      code
        .get(this.#delayCursor)
        .i32(1 << this.#delayShift)
        .op('i32.add')
        .set(this.#delayCursor);
    }
    code
      .get(this.#cursor)
      .i32(1 << this.#shift)
      .op('i32.add')
      .tee(this.#cursor);
    return code.get(this.#end).op('i32.lt_u');
  }

  // ---- By fours ----

  /** Pushes the target of one of the four entries from the number in a local on. */
  pushLane(first: number, lane: number): Code {
    this.pushAddress(first);
    return this.#shift === 1
      ? this.#code.op('i32.load16_u', 2 * lane)
      : this.#code.op('i32.load', 4 * lane);
  }

  /** Loads targets and delays of the four entries from the number in a local on; returns their locals. */
  loadFour(first: number): { readonly targets: number; readonly delays: number } {
    const code = this.#code;
    const targets = this.#owner.local('v128', 'targets');
    const delays = this.#owner.local('v128', 'delays');
    switch (this.#kernel.packing) {
      case 'target+delay':
        this.pushAddress(first).op('v128.load', 0).tee(targets).i32(DELAY_SHIFT);
        code.op('i32x4.shr_u').set(delays);
        code
          .get(targets)
          .i32(32 - DELAY_SHIFT)
          .op('i32x4.shl');
        code
          .i32(32 - DELAY_SHIFT)
          .op('i32x4.shr_u')
          .set(targets);
        break;
      case 'wide': {
        const second = this.#owner.local('v128', 'pairs');
        this.pushAddress(first).op('v128.load', 0).set(delays);
        this.pushAddress(first).op('v128.load', 16).set(second);
        code
          .get(delays)
          .get(second)
          .op('i8x16.shuffle', ...LOW_HALVES)
          .set(targets);
        code
          .get(delays)
          .get(second)
          .op('i8x16.shuffle', ...HIGH_HALVES)
          .set(delays);
        break;
      }
      case 'target16+delay8':
        this.pushAddress(first).op('v128.load64_zero', 0).op('i32x4.extend_low_i16x8_u');
        code.set(targets);
        this.#pushDelayAddress(first).op('v128.load32_zero', 0).op('i16x8.extend_low_i8x16_u');
        code.op('i32x4.extend_low_i16x8_u').set(delays);
        break;
      case 'generated':
        this.pushAddress(first).op('v128.load', 0).set(targets);
        this.#pushDelayAddress(first).op('v128.load', 0).set(delays);
        break;
      default:
        throw new Error('internal: this packing has no delays');
    }
    return { targets, delays };
  }
}
