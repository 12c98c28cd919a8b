/**
 * What tells one network from another for as long as a run may go on in a second simulation of it: a short text that is
 * equal for equal plans. Parameters may differ, as they may change while a network runs; what is recorded may, too.
 */
import type { NetworkDocument } from '../network/document.ts';
import type { Plan } from './plan.ts';

/** Raised whenever the meaning of saved states changes. */
const FORMAT = 1;

/**
 * Of a plan and its document, hexadecimal. Equal where state, synapses, delays, code and random numbers are the same;
 * unequal networks have equal ones by accident only (53 bits). Reads the numbers of all rows and lists once.
 */
export function identityOf(plan: Plan, { populations, projections }: NetworkDocument): string {
  const digest = new Digest();
  const { warnings: _, memory: __, synapses: ___, synapseState: ____, ...rest } = plan;
  digest.add({
    format: FORMAT,
    plan: {
      ...rest,
      // Values change while a network runs; how many there are does not.
      state: plan.state.length,
      constants: plan.constants.length,
      populations: plan.populations.map(({ recordSpikes: _, ...slot }) => slot),
      generators: plan.generators.map(({ recordSpikes: _, ...slot }) => slot),
      update: plan.update.map(({ sampler: _, probe: __, members, ...kernel }) => ({
        ...kernel,
        members: members.map(({ recordSpikes: _, ...member }) => member),
      })),
    },
    positions: populations.map((one) => one.positions ?? null),
    synapses: projections.map(({ connect, delay }) => ({ connect, delay: delay ?? null })),
  });
  return digest.text;
}

/** Two independent sums over everything that is added, in order. */
class Digest {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  /** Adds a value of any depth; properties that are undefined or functions do not count. */
  add(value: unknown): void {
    if (ArrayBuffer.isView(value)) this.#addBytes(value);
    else if (Array.isArray(value)) this.#addList(value);
    else if (typeof value === 'object' && value !== null) {
      this.#word(3);
      for (const [key, one] of Object.entries(value)) {
        if (one === undefined) continue;
        this.#addText(key);
        this.add(one);
      }
      this.#word(4);
    } else if (typeof value === 'number') this.#addNumber(value);
    else this.#addText(String(value));
  }

  #addList(list: readonly unknown[]): void {
    this.#word(1);
    this.#word(list.length);
    for (const one of list) this.add(one);
  }

  #addText(text: string): void {
    this.#word(text.length);
    for (let k = 0; k < text.length; k++) this.#word(text.charCodeAt(k));
  }

  #addNumber(value: number): void {
    NUMBER.setFloat64(0, value);
    this.#word(NUMBER.getUint32(0));
    this.#word(NUMBER.getUint32(4));
  }

  #addBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    this.#word(2);
    this.#word(byteLength);
    const words = Math.floor(byteLength / 4);
    if (byteOffset % 4 === 0) {
      const view = new Uint32Array(buffer, byteOffset, words);
      for (let k = 0; k < words; k++) this.#word(view[k] as number);
    } else {
      const view = new DataView(buffer, byteOffset, byteLength);
      for (let k = 0; k < words; k++) this.#word(view.getUint32(4 * k, true));
    }
    const rest = new Uint8Array(buffer, byteOffset + 4 * words, byteLength - 4 * words);
    for (const byte of rest) this.#word(byte);
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 2654435761);
    this.#b = Math.imul(this.#b ^ word, 1597334677);
    this.#a = (this.#a << 13) | (this.#a >>> 19);
    this.#b = (this.#b << 17) | (this.#b >>> 15);
  }

  /** Of what was added so far. */
  get text(): string {
    const a = mixed(this.#a, this.#b);
    const b = mixed(this.#b, this.#a);
    return [a, b].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}

const NUMBER = new DataView(new ArrayBuffer(8));

function mixed(a: number, b: number): number {
  const once = Math.imul(a ^ (a >>> 16), 2246822507);
  return (once ^ Math.imul(b ^ (b >>> 13), 3266489909)) >>> 0;
}
