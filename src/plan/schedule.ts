/**
 * What one window does, in order, and how long it may be. In Brian's slots (language.md §8), rotated by half a step:
 *
 *     finish     synapses (arrivals of the step before are applied), resets of the step before
 *     summed     groups, order -1
 *     update     the same as finish unless that was done; start (sampling); groups; thresholds; Poisson inputs
 *     generate   thresholds of spike lists
 *     clocked    groups: clock-driven synapse equations, which read neurons that have been integrated, before resets
 *     deliver    synapses: pathways of presynaptic spikes, then of postsynaptic ones
 *     field      fields whose interval ends with the window: diffusion, then deposits and reaction
 */
import type {
  ClockedKernel,
  DeliverKernel,
  FieldKernel,
  ScheduleStep,
  SummedKernel,
  UpdateKernel,
} from './plan.ts';

/** Longest window: what a window keeps per step stays small. */
const LONGEST_WINDOW = 64;
/** Largest spike ring in cells. */
const SPIKE_RING_CELLS = 2 ** 24;

interface Kernels {
  readonly update: readonly UpdateKernel[];
  readonly summed: readonly SummedKernel[];
  readonly clocked: readonly ClockedKernel[];
  readonly deliver: readonly DeliverKernel[];
  readonly fields: readonly FieldKernel[];
  readonly generatorCount: number;
}

/** The dispatches of one window. */
export function schedule({
  update,
  summed,
  clocked,
  deliver,
  fields,
  generatorCount,
}: Kernels): ScheduleStep[] {
  return [
    ...(summed.length > 0 ? all('finish', update) : []),
    ...all('summed', summed),
    ...all('update', update),
    ...(generatorCount > 0 ? [{ kind: 'generate' } as const] : []),
    ...all('clocked', clocked),
    ...all('deliver', deliver),
    ...all('field', fields),
  ];
}

function all(
  kind: 'finish' | 'summed' | 'update' | 'clocked' | 'deliver' | 'field',
  kernels: readonly unknown[],
): ScheduleStep[] {
  return kernels.map((_, kernel) => ({ kind, kernel }));
}

/** Steps from `step` until the next run of a field has happened; Infinity without fields. No window may be longer. */
export function untilFields(fields: readonly { readonly every: number }[], step: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { every } of fields) least = Math.min(least, every - (step % every));
  return least;
}

/** What the lengths depend on; kernels have it. */
export interface KernelDelays {
  readonly update: readonly { readonly inputs: readonly unknown[] }[];
  readonly summed: readonly unknown[];
  readonly clocked: readonly unknown[];
  readonly deliver: readonly {
    readonly mode: DeliverKernel['mode'];
    readonly projections: readonly { readonly delayRange: readonly [number, number] }[];
    readonly inputs: readonly { readonly accumulates?: true }[];
  }[];
  /** Longest window in which source neurons keep their presynaptic state: see presynaptic.ts. Default any. */
  readonly longestWindow?: number;
}

/** Whether all that a kernel does is to deposit, when spikes are emitted. */
const onlyDeposits = ({ mode, inputs }: KernelDelays['deliver'][number]): boolean =>
  mode === 'scatter' &&
  inputs.length > 0 &&
  inputs.every(({ accumulates }) => accumulates === true);

/** Lengths of windows and rings, in steps. */
export interface Lengths {
  readonly windowSteps: number;
  readonly ringSlots: number;
  readonly spikeSlots: number;
}

/**
 * A spike of step s with delay d is applied at the beginning of step s+d+1 (after the threshold test of s+d), so W
 * steps may be integrated before spikes are delivered if W <= d+1 for every delay: spikes of the steps s … s+W-1 then
 * touch the slots from s+d on, and the update of these steps has taken the slots up to s+W-2. Kernels that run at the
 * arrival of a spike, sums and clock-driven synapses need every step of their own. Where synapses read what a spike has left behind in its
 * neuron, no neuron may spike twice in a window. Deposits in fields are of no step and limit nothing.
 */
export function lengthsOf(
  { update, summed, clocked, deliver, longestWindow = LONGEST_WINDOW }: KernelDelays,
  neuronCount: number,
): Lengths {
  const ranges = (mode: DeliverKernel['mode']): readonly (readonly [number, number])[] =>
    deliver
      .filter((kernel) => kernel.mode === mode && !onlyDeposits(kernel))
      .flatMap(({ projections }) => projections.map(({ delayRange }) => delayRange));
  const scattered = ranges('scatter');
  const arriving = ranges('arrival');
  const isStepwise = summed.length > 0 || clocked.length > 0 || arriving.length > 0;
  const affordable = Math.max(1, Math.floor(SPIKE_RING_CELLS / Math.max(neuronCount, 1)));
  const windowSteps = isStepwise
    ? 1
    : Math.min(LONGEST_WINDOW, longestWindow, affordable, ...scattered.map(([least]) => least + 1));
  const longest = Math.max(0, ...scattered.map(([, most]) => most));
  const hasInputs = update.some(({ inputs }) => inputs.length > 0);
  return {
    windowSteps,
    ringSlots: hasInputs ? longest + windowSteps : 1,
    spikeSlots: Math.max(windowSteps, ...arriving.map(([, most]) => most + 1)),
  };
}
