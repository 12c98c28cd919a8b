/**
 * What a run asks of a chip: messages and synaptic operations per link between cores, fan-in and fan-out, how full each delay
 * slot is, what the hottest neurons do, and the energy of it all. Counts what has happened; predicts nothing.
 */
import { type CoreMap, largestOf } from './cores.ts';
import type { ChipProjection, ListedNetwork } from './synapses.ts';

/** Spikes of a run by global neuron number, ascending by step. */
export interface RunSpikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
  /** How many steps the run had. */
  readonly stepCount: number;
}

/** A projection as wires. */
export interface ProjectionTraffic {
  readonly name: string;
  readonly synapses: number;
  /** Synapses of a source neuron, and of a target neuron. */
  readonly fanOut: { readonly mean: number; readonly most: number };
  readonly fanIn: { readonly mean: number; readonly most: number };
  /** Spikes of its source neurons, and synapses that these reached. */
  readonly spikes: number;
  readonly operations: number;
}

/** From a core, or from input outside (-1), to a core. */
export interface Link {
  readonly from: number;
  readonly to: number;
  /** Spikes sent over it: one per spike, however many synapses it has there. */
  readonly messages: number;
  /** Synapses that these reach. */
  readonly operations: number;
}

/** What a core has to do. */
export interface CoreLoad {
  /** Spikes of its neurons. */
  readonly spikes: number;
  /** Messages from other cores and from outside. */
  readonly messagesIn: number;
  /** Synaptic operations, and the most in one step. */
  readonly operations: number;
  readonly mostInStep: number;
}

/** Input under way. Slot d holds what arrives in d steps. */
export interface DelaySlot {
  readonly delaySteps: number;
  /** Synaptic events in it, averaged over the run, and the most at one time. */
  readonly meanPending: number;
  readonly mostPending: number;
  /** Events that began there: spikes times synapses of that delay. */
  readonly events: number;
}

/** A neuron that stands out. */
export interface HotNeuron {
  readonly population: string;
  readonly neuron: number;
  /** -1 for input from outside. */
  readonly core: number;
  readonly spikes: number;
  readonly fanOut: number;
  readonly fanIn: number;
  /** Synaptic operations that its spikes caused, and that it received. */
  readonly caused: number;
  readonly received: number;
}

export interface ChipTraffic {
  readonly durationMs: number;
  readonly spikes: number;
  readonly operations: number;
  /** Spikes sent from core to another core, or from outside to a core. */
  readonly messages: number;
  readonly projections: readonly ProjectionTraffic[];
  readonly cores: readonly CoreLoad[];
  /** Links that carried anything, busiest first. */
  readonly links: readonly Link[];
  readonly slots: readonly DelaySlot[];
  /** Neurons whose spikes cause most operations, and those that receive most; ten each. */
  readonly hotSources: readonly HotNeuron[];
  readonly hotTargets: readonly HotNeuron[];
  /** Largest fan-out and fan-in over all projections together. */
  readonly mostFanOut: number;
  readonly mostFanIn: number;
}

const HOTTEST = 10;

/** Counts the traffic of a run. O(synapses + spikes times what a spike reaches). */
export function chipTraffic(network: ListedNetwork, map: CoreMap, spikes: RunSpikes): ChipTraffic {
  return new Counting(network, map, spikes).finish();
}

/** Synapses of source neurons, merged by target core and delay. */
interface Bundles {
  /** Bundles of neuron g are first[g] … first[g + 1] - 1. */
  readonly first: Uint32Array;
  readonly core: Int32Array;
  readonly delay: Uint32Array;
  readonly count: Uint32Array;
}

class Counting {
  readonly #network: ListedNetwork;
  readonly #map: CoreMap;
  readonly #spikes: RunSpikes;
  /** By global neuron number. */
  readonly #counts: Float64Array;
  readonly #fanOut: Float64Array;
  readonly #fanIn: Float64Array;
  readonly #received: Float64Array;
  readonly #delays: number;

  constructor(network: ListedNetwork, map: CoreMap, spikes: RunSpikes) {
    this.#network = network;
    this.#map = map;
    this.#spikes = spikes;
    const { neuronCount } = network.compiled.plan;
    this.#counts = new Float64Array(neuronCount);
    for (const neuron of spikes.neurons) this.#counts[neuron] = this.#of(this.#counts, neuron) + 1;
    this.#fanOut = new Float64Array(neuronCount);
    this.#fanIn = new Float64Array(neuronCount);
    this.#received = new Float64Array(neuronCount);
    this.#delays = Math.max(0, ...network.projections.map(({ delays }) => largestOf(delays))) + 1;
  }

  #of(values: Float64Array, k: number): number {
    return values[k] as number;
  }

  finish(): ChipTraffic {
    const projections = this.#network.projections.map((one) => this.#projection(one));
    const bundles = this.#bundles();
    const links = this.#links(bundles);
    const { slots, mostInStep } = this.#slots(bundles);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const cores = this.#map.cores.map((_, core): CoreLoad => {
      const incoming = links.filter(({ to }) => to === core);
      return {
        spikes: this.#spikesOf(core),
        messagesIn: sum(incoming.filter(({ from }) => from !== core).map((one) => one.messages)),
        operations: sum(incoming.map(({ operations }) => operations)),
        mostInStep: mostInStep[core] as number,
      };
    });
    const operations = sum(projections.map((one) => one.operations));
    const caused = this.#counts.map((count, g) => count * this.#of(this.#fanOut, g));
    return {
      durationMs: this.#spikes.stepCount * this.#network.compiled.plan.dtMs,
      spikes: this.#spikes.neurons.length,
      operations,
      messages: sum(links.filter(({ from, to }) => from !== to).map(({ messages }) => messages)),
      projections,
      cores,
      links,
      slots,
      hotSources: this.#hottest(caused, caused),
      hotTargets: this.#hottest(this.#received, caused),
      mostFanOut: this.#fanOut.reduce((a, b) => Math.max(a, b), 0),
      mostFanIn: this.#fanIn.reduce((a, b) => Math.max(a, b), 0),
    };
  }

  #spikesOf(core: number): number {
    return this.#counts.reduce(
      (sum, count, g) => sum + (this.#map.coreOf[g] === core ? count : 0),
      0,
    );
  }

  /** Fans and operations of a projection; adds to those of its neurons. */
  #projection(projection: ChipProjection): ProjectionTraffic {
    const { name, rows, targets, sourceFirst, sourceCount, targetFirst, targetCount } = projection;
    const fanIn = new Uint32Array(targetCount);
    let [mostOut, spikes, operations] = [0, 0, 0];
    for (let row = 0; row < sourceCount; row++) {
      const [from, to] = [rows[row] as number, rows[row + 1] as number];
      const count = this.#of(this.#counts, sourceFirst + row);
      mostOut = Math.max(mostOut, to - from);
      spikes += count;
      operations += count * (to - from);
      this.#fanOut[sourceFirst + row] = this.#of(this.#fanOut, sourceFirst + row) + to - from;
      for (let e = from; e < to; e++) {
        const target = targets[e] as number;
        fanIn[target] = (fanIn[target] as number) + 1;
        const g = targetFirst + target;
        this.#received[g] = this.#of(this.#received, g) + count;
      }
    }
    let mostIn = 0;
    fanIn.forEach((count, target) => {
      mostIn = Math.max(mostIn, count);
      this.#fanIn[targetFirst + target] = this.#of(this.#fanIn, targetFirst + target) + count;
    });
    return {
      name,
      synapses: projection.synapses,
      fanOut: { mean: projection.synapses / sourceCount, most: mostOut },
      fanIn: { mean: projection.synapses / targetCount, most: mostIn },
      spikes,
      operations,
    };
  }

  /** Merges the synapses of every neuron that spiked. */
  #bundles(): Bundles {
    const { neuronCount } = this.#network.compiled.plan;
    const kinds = this.#map.cores.length * this.#delays;
    const counts = new Uint32Array(kinds);
    const first = new Uint32Array(neuronCount + 1);
    const core: number[] = [];
    const delay: number[] = [];
    const count: number[] = [];
    for (let g = 0; g < neuronCount; g++) {
      if (this.#of(this.#counts, g) > 0) {
        const touched = this.#reached(g, counts);
        for (const kind of touched) {
          core.push(Math.floor(kind / this.#delays));
          delay.push(kind % this.#delays);
          count.push(counts[kind] as number);
          counts[kind] = 0;
        }
      }
      first[g + 1] = core.length;
    }
    return {
      first,
      core: Int32Array.from(core),
      delay: Uint32Array.from(delay),
      count: Uint32Array.from(count),
    };
  }

  /** Counts the synapses of neuron g by core and delay; gives the kinds that there are. */
  #reached(g: number, counts: Uint32Array): number[] {
    const touched: number[] = [];
    for (const projection of this.#network.projections) {
      const row = g - projection.sourceFirst;
      if (row < 0 || row >= projection.sourceCount) continue;
      const { rows, targets, delays, targetFirst } = projection;
      for (let e = rows[row] as number; e < (rows[row + 1] as number); e++) {
        const core = this.#map.coreOf[targetFirst + (targets[e] as number)] as number;
        const kind =
          core * this.#delays + (typeof delays === 'number' ? delays : (delays[e] as number));
        if (counts[kind] === 0) touched.push(kind);
        counts[kind] = (counts[kind] as number) + 1;
      }
    }
    return touched;
  }

  #links({ first, core, count }: Bundles): Link[] {
    const cores = this.#map.cores.length;
    const messages = new Float64Array((cores + 1) * cores);
    const operations = new Float64Array((cores + 1) * cores);
    const last = new Int32Array(cores).fill(-1);
    for (let g = 0; g + 1 < first.length; g++) {
      const spikes = this.#of(this.#counts, g);
      // Row 0 is what comes from outside.
      const row = ((this.#map.coreOf[g] as number) + 1) * cores;
      for (let k = first[g] as number; k < (first[g + 1] as number); k++) {
        const to = core[k] as number;
        const at = row + to;
        operations[at] = this.#of(operations, at) + spikes * (count[k] as number);
        if (last[to] === g) continue;
        last[to] = g;
        messages[at] = this.#of(messages, at) + spikes;
      }
    }
    return Array.from(messages, (sent, at) => ({
      from: Math.floor(at / cores) - 1,
      to: at % cores,
      messages: sent,
      operations: this.#of(operations, at),
    }))
      .filter((link) => link.messages > 0)
      .sort((a, b) => b.messages - a.messages);
  }

  /**
   * Runs through the steps: what a spike sends goes into the slot of its delay, and every slot moves on by one with every
   * step. Pending counts are taken after the spikes of a step.
   */
  #slots({ first, core, delay, count }: Bundles): { slots: DelaySlot[]; mostInStep: Float64Array } {
    const { steps, neurons, stepCount } = this.#spikes;
    const size = this.#delays;
    const cores = this.#map.cores.length;
    const pending = new Float64Array(size);
    const total = new Float64Array(size);
    const most = new Float64Array(size);
    const events = new Float64Array(size);
    // By core: a ring of what arrives in which step.
    const arriving = new Float64Array(cores * size);
    const mostInStep = new Float64Array(cores);
    let next = 0;
    for (let step = 0; step < stepCount; step++) {
      pending.copyWithin(0, 1);
      pending[size - 1] = 0;
      for (; next < steps.length && steps[next] === step; next++) {
        const g = neurons[next] as number;
        for (let k = first[g] as number; k < (first[g + 1] as number); k++) {
          const slot = delay[k] as number;
          const amount = count[k] as number;
          pending[slot] = this.#of(pending, slot) + amount;
          events[slot] = this.#of(events, slot) + amount;
          const at = (core[k] as number) * size + ((step + slot) % size);
          arriving[at] = this.#of(arriving, at) + amount;
        }
      }
      for (let slot = 0; slot < size; slot++) {
        const here = this.#of(pending, slot);
        total[slot] = this.#of(total, slot) + here;
        if (here > this.#of(most, slot)) most[slot] = here;
      }
      for (let one = 0; one < cores; one++) {
        const at = one * size + (step % size);
        mostInStep[one] = Math.max(this.#of(mostInStep, one), this.#of(arriving, at));
        arriving[at] = 0;
      }
    }
    const slots = Array.from(pending, (_, delaySteps) => ({
      delaySteps,
      meanPending: stepCount === 0 ? 0 : this.#of(total, delaySteps) / stepCount,
      mostPending: this.#of(most, delaySteps),
      events: this.#of(events, delaySteps),
    }));
    return { slots, mostInStep };
  }

  #hottest(by: Float64Array, caused: Float64Array): HotNeuron[] {
    const order = Array.from(by.keys()).filter((g) => this.#of(by, g) > 0);
    order.sort((a, b) => this.#of(by, b) - this.#of(by, a) || a - b);
    return order.slice(0, HOTTEST).map((g) => {
      const { populations } = this.#network.compiled;
      const home = populations.find(({ first, size }) => g >= first && g < first + size);
      return {
        population: home?.name ?? '',
        neuron: g - (home?.first ?? 0),
        core: this.#map.coreOf[g] as number,
        spikes: this.#of(this.#counts, g),
        fanOut: this.#of(this.#fanOut, g),
        fanIn: this.#of(this.#fanIn, g),
        caused: this.#of(caused, g),
        received: this.#of(this.#received, g),
      };
    });
  }
}
