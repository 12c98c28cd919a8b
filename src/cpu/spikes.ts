/**
 * Lists the neurons that spiked, inside an update function: their numbers go to the list of the step, ascending. Each
 * thread lists those of its part of a population, from the place in the list that the first neuron of the part has in
 * the population, and counts by itself; see gather.ts for how parts become one.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { type Context, type Position, remainder } from './context.ts';

export interface SpikeParts {
  readonly context: Context;
  readonly owner: WasmFunction;
  readonly position: Position;
  /** Locals: the step, neurons of the population, its number, the number of its first neuron. */
  readonly step: number;
  readonly count: number;
  readonly population: number;
  readonly global: number;
  /**
   * Locals: where the range of the thread stands in its block, and byte offset in a variable of the population's first
   * neuron. null with one thread.
   */
  readonly part: { readonly range: number; readonly origin: number } | null;
}

export class SpikeList {
  readonly #parts: SpikeParts;
  readonly #countAddress: number;
  readonly #list: number;
  readonly #place: number;

  constructor(parts: SpikeParts) {
    this.#parts = parts;
    this.#countAddress = parts.owner.local('i32', 'spike_count');
    this.#list = parts.owner.local('i32', 'spike_list');
    this.#place = parts.owner.local('i32', 'place');
  }

  /** Finds the count and the list of the step. */
  find(code: Code): void {
    const { context, step, population, global, part } = this.#parts;
    const { layout, plan, threads } = context;
    remainder(code, step, plan.spikeSlots).i32(plan.populations.length).op('i32.mul');
    code.get(population).op('i32.add').i32(2).op('i32.shl');
    if (part === null) code.i32(layout.spikeCounts).op('i32.add');
    else threads.pushBlock(code).op('i32.add').i32(layout.partCounts).op('i32.add');
    code.set(this.#countAddress);
    remainder(code, step, plan.spikeSlots).i32(plan.neuronCount).op('i32.mul');
    code.get(global).op('i32.add').i32(2).op('i32.shl');
    code.i32(layout.spikeLists).op('i32.add');
    // A neuron takes four bytes there, too.
    if (part !== null) {
      threads.pushBlock(code).get(part.range).op('i32.add').op('i32.load', 0);
      code.get(part.origin).op('i32.sub').op('i32.add');
    }
    code.set(this.#list);
  }

  /** Appends the current neuron. */
  appendOne(code: Code): void {
    this.#loadPlace(code);
    this.#append(code, () => this.#parts.position.pushNeuron(code));
    this.#storePlace(code);
  }

  /** Appends the neurons of the lanes set in a local of four bits, those that exist. */
  appendLanes(code: Code, bits: number): void {
    const { owner, position, count } = this.#parts;
    // Lanes past the last neuron compute, but nobody sees it.
    const rest = owner.local('i32', 'rest');
    const neuron = owner.local('i32', 'neuron');
    code.get(count);
    position.pushNeuron(code).tee(neuron).op('i32.sub').set(rest);
    code.i32(15).i32(1).get(rest).op('i32.shl').i32(1).op('i32.sub');
    code.get(rest).i32(3).op('i32.gt_u').op('select').get(bits).op('i32.and').tee(bits);
    code.if(() => {
      this.#loadPlace(code);
      code.loop(() => {
        this.#append(code, () => code.get(neuron).get(bits).op('i32.ctz').op('i32.add'));
        code.get(bits).get(bits).i32(1).op('i32.sub').op('i32.and').tee(bits);
      });
      this.#storePlace(code);
    });
  }

  #append(code: Code, pushNeuron: () => void): void {
    code.get(this.#list).get(this.#place).i32(2).op('i32.shl').op('i32.add');
    pushNeuron();
    code.op('i32.store', 0);
    code.get(this.#place).i32(1).op('i32.add').set(this.#place);
  }

  #loadPlace(code: Code): void {
    code.get(this.#countAddress).op('i32.load', 0).set(this.#place);
  }

  #storePlace(code: Code): void {
    code.get(this.#countAddress).get(this.#place).op('i32.store', 0);
  }
}
