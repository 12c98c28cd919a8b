/**
 * Which neurons `begin` must run for, and which must look at the ring of inputs. In most steps most neurons receive
 * nothing and did not spike, and `begin` leaves them as they are. So with one step to a window, deliveries and spikes
 * leave a mark per vector of four neurons, and `begin` visits marked vectors only: ring slots are neither read nor
 * cleared where nothing arrived, and no branch of the main loop depends on the data. (CUBA, 16 % of vectors marked: 3.2
 * instead of 6.0 ns per vector and step, deliveries included.)
 *
 * Where `begin` must run for all, marks still spare large rings: 37 slots of the fly's brain are 40 MB, of which hardly
 * anything is not 0. Where spikes are few, vectors without a mark are not looked for there. (Fly-brain-sized network on
 * two threads: 0.115 instead of 0.143 ms a step.)
 *
 * Marks are bytes parallel to the ring of inputs, one for each 16 bytes of it: the mark of what is at `address` is at
 * `address / 16 + layout.marks`. Set means all bits set. A mark too many costs time and changes nothing.
 */
import type { Statement, Value } from '../language/kernel.ts';
import type { Code } from '../language/wasm/encoder.ts';
import { needsOf } from '../language/wasm/walk.ts';
import type { Plan, UpdateKernel } from '../plan/plan.ts';

/** Bytes of a vector, which share one mark. */
export const VECTOR_BYTES = 16;
/** Vectors whose marks are looked at together: the bits of an i64. Their state stays in the L1 cache. */
export const CHUNK_VECTORS = 64;

/** Rings that fit the cache of a processor are looked at for nothing. */
const SMALLEST_RING_BYTES = 1 << 21;
/** Mean number of synapses of a neuron beyond which arrivals are no exception. */
const MOST_SYNAPSES = 200;

/** Whether vectors without a mark are not looked for in the ring. */
export function looksAtMarks(plan: Plan, ringBytes: number): boolean {
  return (
    plan.precision === 'f32' &&
    ringBytes >= SMALLEST_RING_BYTES &&
    plan.synapseCount <= MOST_SYNAPSES * plan.neuronCount
  );
}

/** Bytes of the marks of so many bytes of ring; the marks of a whole chunk are read at once, also of the last one. */
export function markBytes(ringBytes: number): number {
  return ringBytes / VECTOR_BYTES + CHUNK_VECTORS;
}

/**
 * Whether `begin` of a kernel leaves neurons alone to which nothing arrived and that did not spike, once -0 has become
 * 0 in the variables that receive input: then it is made of `x = x + arrived` and of resets.
 */
export function canSkipBegin(plan: Plan, kernel: UpdateKernel): boolean {
  if (plan.precision === 'f64' || plan.windowSteps > 1 || kernel.inputs.length === 0) return false;
  const index = plan.update.indexOf(kernel);
  if (plan.schedule.some((step) => step.kind === 'finish' && step.kernel === index)) return false;
  const amounts = new Set<string>();
  for (const statement of kernel.begin) {
    if (statement.kind === 'let') {
      if (isAmount(statement.value, amounts)) amounts.add(statement.name);
    } else if (statement.kind === 'set') {
      if (!isArrival(statement, amounts)) return false;
    } else if (statement.kind === 'if') {
      if (!isReset(kernel, statement.condition)) return false;
    } else if (statement.kind !== 'comment') return false;
  }
  return !receiving(kernel).some((variable) => isReadByPathways(plan, kernel, variable));
}

/** The variables that `begin` adds arrivals to. */
export function receiving({ begin }: UpdateKernel): readonly number[] {
  const places = begin.flatMap((statement) =>
    statement.kind === 'set' ? [statement.place.index] : [],
  );
  return [...new Set(places)];
}

function isAmount(value: Value, amounts: ReadonlySet<string>): boolean {
  return value.op === 'arrived' || (value.op === 'local' && amounts.has(value.name));
}

/** x = x + arrived. (Where refractory neurons refuse input, theirs would have to keep -0.) */
function isArrival(
  { place, value }: Extract<Statement, { kind: 'set' }>,
  amounts: ReadonlySet<string>,
): boolean {
  if (value.op !== 'binary' || value.operation !== 'add') return false;
  const { a: old, b: amount } = value;
  return old.op === 'get' && old.place.index === place.index && isAmount(amount, amounts);
}

/** Whether a condition is that of a spike in the step before. */
function isReset(kernel: UpdateKernel, condition: Value): boolean {
  const last = spikeStepOf(condition);
  if (last?.op !== 'get') return false;
  const { index } = last.place;
  const elsewhere = needsOf([...kernel.begin, ...kernel.advance, ...kernel.late]).written;
  const isSetBySpikes = kernel.onSpike.some(
    (statement) =>
      statement.kind === 'set' && statement.place.index === index && isStep(statement.value),
  );
  return isSetBySpikes && !elsewhere.has(`own.${index}`);
}

/** `lastspike` in lastspike == step - 1 or step - lastspike == 1; null in any other condition. */
function spikeStepOf(condition: Value): Value | null {
  if (condition.op !== 'binary' || condition.operation !== 'eq') return null;
  const { a, b } = condition;
  if (isStepMinus(b) && isOne(b.b)) return a;
  return isStepMinus(a) && isOne(b) ? a.b : null;
}

function isStepMinus(value: Value): value is Extract<Value, { op: 'binary' }> {
  return value.op === 'binary' && value.operation === 'sub' && isStep(value.a);
}

function isOne(value: Value): boolean {
  return value.op === 'literal' && value.value === 1;
}

function isStep(value: Value): boolean {
  return value.op === 'special' && value.name === 'step' && value.type === 'i32';
}

/** Pathways that run at arrival would see 0 where `begin` has not yet made it of -0. */
function isReadByPathways(plan: Plan, kernel: UpdateKernel, variable: number): boolean {
  const first = kernel.stateBase + variable * kernel.count;
  const isHere = (cell: number): boolean => cell >= first && cell < first + kernel.count;
  return plan.deliver.some(({ projections }) =>
    projections.some(({ preCells, postCells }) => [...preCells, ...postCells].some(isHere)),
  );
}

/** Marks the vector in the ring whose address, plus `offset`, is on the stack. */
export function mark(code: Code, marks: number, offset = 0): Code {
  code.i32(4).op('i32.shr_u').i32(-1);
  return code.op('i32.store8', marks + offset / VECTOR_BYTES);
}
