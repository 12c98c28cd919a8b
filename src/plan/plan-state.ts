/**
 * A run at a moment between two steps, in cells of its plan: what every engine of one precision saves and loads, so that
 * a run may go on elsewhere to the bit. Which spikes belong to it, and checks of what comes from outside. Pure.
 */
import type { Plan } from './plan.ts';

/**
 * Cells as engines hold them: in f32 mode the bit patterns of f32 and i32 cells, in f64 mode numbers. Resets of the last
 * step have been done.
 */
export interface PlanState {
  /** Steps done. */
  readonly step: number;
  readonly state: Cells;
  /** null where no synapse has changed since the engine was created. */
  readonly synapseState: Cells | null;
  /** The ring of inputs, slot by slot, and behind it the deposits in fields. In f32 mode fixed point. */
  readonly inputs: Cells;
  /** Spikes that have not arrived everywhere yet, ascending by step, then global neuron number. */
  readonly spikes: { readonly steps: Uint32Array; readonly neurons: Uint32Array };
}

/** Uint32Array in f32 mode, Float64Array in f64 mode. */
export type Cells = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Cells of the ring of inputs and of deposits. */
export const inputCellsOf = ({ ringSlots, inputCells, depositCells }: Plan): number =>
  ringSlots * inputCells + depositCells;

/** Room for so many cells. */
export const cellsFor = ({ precision }: Plan, count: number): Cells =>
  precision === 'f64' ? new Float64Array(count) : new Uint32Array(count);

/** How long a spike may be under way to a pathway that runs at its arrival, in steps; 0 without such pathways. */
export function longestArrivalDelay(plan: Plan): number {
  let longest = 0;
  for (const kernel of plan.deliver) {
    if (kernel.mode !== 'arrival') continue;
    for (const { delaySteps, delayRange } of kernel.projections) {
      longest = Math.max(longest, delaySteps, delayRange[1]);
    }
  }
  return longest;
}

/** The first step whose spikes may still have to arrive somewhere, before step `step`. */
export const firstPending = (plan: Plan, step: number): number =>
  Math.max(0, step - longestArrivalDelay(plan));

/** Collects pending spikes, in any order, and sorts them. */
export class PendingSpikes {
  readonly #ranges: readonly (readonly [number, number])[];
  readonly #found: [number, number][] = [];

  constructor(plan: Plan) {
    this.#ranges = plan.deliver
      .filter(({ mode }) => mode === 'arrival')
      .flatMap(({ trigger, projections }) =>
        projections.map((one): [number, number] =>
          trigger === 'pre'
            ? [one.sourceFirst, one.sourceFirst + one.sourceCount]
            : [one.targetFirst, one.targetFirst + one.targetCount],
        ),
      );
  }

  /** Counts when some pathway that runs at arrival starts from the neuron. */
  add(step: number, neuron: number): void {
    if (this.#ranges.some(([first, end]) => neuron >= first && neuron < end)) {
      this.#found.push([step, neuron]);
    }
  }

  sorted(): PlanState['spikes'] {
    this.#found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return {
      steps: Uint32Array.from(this.#found, ([step]) => step),
      neurons: Uint32Array.from(this.#found, ([, neuron]) => neuron),
    };
  }
}

/** Throws RangeError for what cannot be a state of a run of the plan. */
export function checkPlanState(plan: Plan, given: PlanState): void {
  const fail = (what: string): never => {
    throw new RangeError(`This is no state of this network: ${what}.`);
  };
  const { step, state, synapseState, inputs, spikes } = given;
  if (!Number.isSafeInteger(step) || step < 0 || step >= 2 ** 31) fail(`its step is ${step}`);
  const check = (name: string, cells: Cells, count: number): void => {
    const type = plan.precision === 'f64' ? Float64Array : Uint32Array;
    if (!(cells instanceof type)) fail(`its ${name} is no ${type.name}`);
    if (cells.length !== count) fail(`its ${name} has ${cells.length} cells, not ${count}`);
  };
  check('state', state, plan.state.length);
  if (synapseState !== null) check('synapse state', synapseState, plan.synapseCells);
  check('ring of inputs', inputs, inputCellsOf(plan));
  const isList = (list: unknown): boolean => list instanceof Uint32Array;
  if (!isList(spikes?.steps) || !isList(spikes.neurons)) fail('its spikes are no lists');
  const { steps, neurons } = spikes;
  if (steps.length !== neurons.length) fail('its spikes have other neurons than steps');
  const first = firstPending(plan, step);
  for (const [k, at] of steps.entries()) {
    const neuron = neurons[k] as number;
    const isInside = at >= first && at < step && neuron < plan.neuronCount;
    const isSorted =
      k === 0 ||
      at > (steps[k - 1] as number) ||
      (at === steps[k - 1] && neuron > (neurons[k - 1] as number));
    if (!isInside || !isSorted) fail(`spike ${k} is of neuron ${neuron} at step ${at}`);
  }
}
