/**
 * The state of a run between the memory of the CPU engine and cells of the plan: where engines of other kinds, threads or
 * versions have it elsewhere, these mean the same. Looks at no step.
 */
import type { Plan } from '../plan/plan.ts';
import {
  type Cells,
  cellsFor,
  firstPending,
  inputCellsOf,
  PendingSpikes,
  type PlanState,
} from '../plan/plan-state.ts';
import type { Layout } from './layout.ts';
import type { Memory } from './memory.ts';
import type { Segment } from './segments.ts';

/** What the memory holds; `step` steps are done, resets included. */
export function readPlanState(
  plan: Plan,
  layout: Layout,
  memory: Memory,
  step: number,
  withSynapses: boolean,
): PlanState {
  memory.sumCopies();
  const state = cellsFor(plan, plan.state.length);
  const synapseState = withSynapses ? cellsFor(plan, plan.synapseCells) : null;
  const inputs = cellsFor(plan, inputCellsOf(plan));
  eachRun(plan, layout, memory, { state, synapseState, inputs }, (cells, own, cell, place, count) =>
    cells.set(own.subarray(place, place + count), cell),
  );
  return { step, state, synapseState, inputs, spikes: readSpikes(plan, layout, memory, step) };
}

/** Puts a state in place of what the memory holds. */
export function writePlanState(
  plan: Plan,
  layout: Layout,
  memory: Memory,
  { step, spikes, ...lists }: PlanState,
): void {
  memory.clearInputs();
  eachRun(plan, layout, memory, lists, (cells, own, cell, place, count) =>
    own.set(cells.subarray(cell, cell + count), place),
  );
  writeSpikes(plan, layout, memory, spikes);
  for (const [k, { steps }] of plan.generators.entries()) {
    const placed = layout.generators[k];
    const past = steps.findIndex((at) => at >= step);
    if (placed) memory.words[placed.cursor / 4] = past < 0 ? steps.length : past;
  }
  memory.changed();
}

/** Cells `cell` … of a list of the plan are those from `place` on in memory. */
type Visit = (cells: Cells, own: Cells, cell: number, place: number, count: number) => void;

function eachRun(
  plan: Plan,
  layout: Layout,
  memory: Memory,
  { state, synapseState, inputs }: Pick<PlanState, 'state' | 'synapseState' | 'inputs'>,
  visit: Visit,
): void {
  const { cellBytes, ring, slotBytes } = layout;
  const own = memory.cells as Cells;
  const go = (cells: Cells, runs: readonly Segment[], firstCell: number, base: number): void => {
    for (const { cell, count, address } of runs) {
      visit(cells, own, firstCell + cell, (base + address) / cellBytes, count);
    }
  };
  go(state, memory.runsOf('state'), 0, 0);
  if (synapseState !== null) go(synapseState, memory.runsOf('synapseState'), 0, 0);
  for (let slot = 0; slot < plan.ringSlots; slot++) {
    go(inputs, layout.inputSegments, slot * plan.inputCells, ring + slot * slotBytes);
  }
  go(inputs, layout.depositSegments, plan.ringSlots * plan.inputCells, ring);
}

function readSpikes(
  plan: Plan,
  layout: Layout,
  { words }: Memory,
  step: number,
): PlanState['spikes'] {
  const pending = new PendingSpikes(plan);
  for (let at = firstPending(plan, step); at < step; at++) {
    for (const [population, { first }] of plan.populations.entries()) {
      const { counts, lists } = spikesOf(plan, layout, at, population);
      const count = words[counts] as number;
      for (let k = 0; k < count; k++) pending.add(at, first + (words[lists + k] as number));
    }
  }
  return pending.sorted();
}

function writeSpikes(
  plan: Plan,
  layout: Layout,
  { words }: Memory,
  { steps, neurons }: PlanState['spikes'],
): void {
  const counts = layout.spikeCounts / 4;
  words.fill(0, counts, counts + plan.spikeSlots * plan.populations.length);
  for (const [k, step] of steps.entries()) {
    const neuron = neurons[k] as number;
    const population = plan.populations.findIndex(
      ({ first, count }) => neuron >= first && neuron < first + count,
    );
    const place = spikesOf(plan, layout, step, population);
    const before = words[place.counts] as number;
    words[place.lists + before] = neuron - (plan.populations[population]?.first ?? 0);
    words[place.counts] = before + 1;
  }
}

/** Words of the count of a population's spikes in a step, and of their list. */
function spikesOf(
  plan: Plan,
  { spikeCounts, spikeLists }: Layout,
  step: number,
  population: number,
): { counts: number; lists: number } {
  const slot = step % plan.spikeSlots;
  const first = plan.populations[population]?.first ?? 0;
  return {
    counts: spikeCounts / 4 + slot * plan.populations.length + population,
    lists: spikeLists / 4 + slot * plan.neuronCount + first,
  };
}
