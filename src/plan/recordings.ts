/**
 * Recordings: which populations report spikes, and the one sampler per update kernel that serves all state recordings
 * of its populations.
 */
import { NetworkError } from '../errors.ts';
import type { LoweredPopulation } from '../language/lower.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { NetworkDocument, Quantity, RecordingDocument } from '../network/document.ts';
import type { FieldPart } from './fields.ts';
import type { FieldKernel, Sampler, UpdateKernel } from './plan.ts';
import type { PopulationPart } from './populations.ts';

/** Where the numbers of a state recording are: see Sampler. */
export interface CompiledTrace {
  readonly kernel: number;
  readonly variables: readonly string[];
  /** Index in the sampler's values, by variable. */
  readonly valueOf: readonly number[];
  /** Row in the sampler, by neuron. */
  readonly rowOf: readonly number[];
  /** Index of each neuron in the population or slice that is recorded. */
  readonly neurons: readonly number[];
  /** Steps between samples; a multiple of the sampler's own interval. */
  readonly every: number;
}

/** A recording and where to find what it records. Neurons from … to-1 of the population. */
export interface CompiledRecording {
  readonly kind: RecordingDocument['kind'];
  readonly name: string;
  readonly population: string;
  readonly from: number;
  readonly to: number;
  /** State recordings of populations only. */
  readonly trace?: CompiledTrace;
  /** State recordings of fields only. */
  readonly voxels?: CompiledVoxels;
}

/** Where the numbers of a recording of a field are: read from the state, no engine samples them. */
export interface CompiledVoxels {
  readonly variables: readonly string[];
  /** Cell in Plan.state of voxel 0, by variable. */
  readonly cells: readonly number[];
  /** The voxels that are recorded. */
  readonly neurons: readonly number[];
  /** Steps between samples. */
  readonly every: number;
}

type StateRecording = Extract<RecordingDocument, { readonly kind: 'state' }>;

/** A network with its populations. */
interface Recorded {
  readonly document: NetworkDocument;
  readonly parts: readonly PopulationPart[];
  readonly fields: readonly FieldPart[];
}

/** The populations whose spikes are recorded, by index; rates are made of spikes. */
export function spikingPopulations(
  networks: readonly Omit<Recorded, 'fields'>[],
): ReadonlySet<number> {
  const indices = networks.flatMap(({ document, parts }) => {
    const recorded = document.recordings.filter(({ kind }) => kind !== 'state');
    const names = new Set(recorded.map(({ target }) => target.population));
    return parts.filter((part) => names.has(part.document.name)).map(({ index }) => index);
  });
  return new Set(indices);
}

/** A recording of state with everything that does not depend on other recordings. */
interface Wish {
  readonly document: StateRecording;
  readonly part: PopulationPart;
  readonly kernel: number;
  /** Local index in the kernel of each neuron. */
  readonly locals: readonly number[];
  readonly neurons: readonly number[];
  readonly every: number;
}

/** Gives the kernels their samplers, and says where each recording of each network finds its numbers. */
export function compileRecordings(
  networks: readonly Recorded[],
  dtMs: number,
  kernels: readonly UpdateKernel[],
  fieldOf: (part: FieldPart) => FieldKernel,
): { readonly samplers: readonly (Sampler | null)[]; readonly recordings: CompiledRecording[][] } {
  const wished = networks.map(({ document, parts, fields }) =>
    document.recordings.map((recording) => {
      const field = fields.find((one) => one.document.name === recording.target.population);
      const base = placeOf(recording, [...parts, ...fields]);
      if (recording.kind !== 'state') return { ...base, wish: null };
      return field === undefined
        ? { ...base, wish: wishOf(recording, dtMs, parts, kernels) }
        : { ...base, wish: null, voxels: voxelsFor(recording, dtMs, field, fieldOf(field)) };
    }),
  );
  const wishes: Wish[][] = kernels.map(() => []);
  for (const { wish } of wished.flat()) if (wish !== null) wishes[wish.kernel]?.push(wish);
  const shared = kernels.map((kernel, index) => {
    const own = wishes[index] as Wish[];
    return own.length === 0 ? null : samplerFor(kernel, own);
  });
  const compiled = ({ wish, ...base }: (typeof wished)[number][number]): CompiledRecording =>
    wish === null ? base : { ...base, trace: traceOf(wish, shared[wish.kernel] as SharedSampler) };
  return {
    samplers: shared.map((one) => one?.sampler ?? null),
    recordings: wished.map((list) => list.map(compiled)),
  };
}

function placeOf(
  { kind, name, target }: RecordingDocument,
  parts: readonly PopulationPart[],
): Omit<CompiledRecording, 'trace'> {
  const size = parts.find((part) => part.document.name === target.population)?.document.size;
  const { population, from = 0, to = size ?? 0 } = target;
  return { kind, name, population, from, to };
}

function voxelsFor(
  { name, variables, neurons, every }: StateRecording,
  dtMs: number,
  part: FieldPart,
  { stateBase, count, variables: stored }: FieldKernel,
): CompiledVoxels {
  const names = stored.map((one) => one.name);
  const cells = variables.map((variable) => {
    const v = names.indexOf(variable);
    if (v >= 0) return stateBase + v * count;
    const near = suggest(variable, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `Recording "${name}": ${part.path} has no variable "${variable}".${hint} It can record: ${listNames(names)}.`,
      { path: `recording "${name}"`, value: variable },
    );
  });
  return {
    variables,
    cells,
    neurons:
      neurons === undefined ? Array.from({ length: count }, (_, k) => k) : Array.from(neurons),
    every: every === undefined ? part.field.every : stepsOf(name, every, dtMs),
  };
}

function stepsOf(recording: string, every: Quantity, dtMs: number): number {
  const where = `Recording "${recording}": every`;
  const interval = parseQuantity(every, where, DIMENSIONS.time).value;
  return Math.max(1, Math.round(interval / dtMs));
}

function wishOf(
  document: StateRecording,
  dtMs: number,
  parts: readonly PopulationPart[],
  kernels: readonly UpdateKernel[],
): Wish {
  const part = parts.find((one) => one.document.name === document.target.population);
  if (part?.lowered == null) throw new Error('internal: a recording without a population');
  for (const name of document.variables) checkReadable(document.name, name, part, part.lowered);
  const kernel = kernels.findIndex(({ members }) =>
    members.some(({ population }) => population === part.index),
  );
  const member = kernels[kernel]?.members.find(({ population }) => population === part.index);
  if (member === undefined) throw new Error('internal: a population without a kernel');
  const { from = 0, to = part.document.size } = document.target;
  const neurons =
    document.neurons === undefined
      ? Array.from({ length: to - from }, (_, k) => k)
      : Array.from(document.neurons);
  const interval =
    document.every === undefined
      ? dtMs
      : parseQuantity(document.every, `Recording "${document.name}": every`, DIMENSIONS.time).value;
  return {
    document,
    part,
    kernel,
    neurons,
    locals: neurons.map((neuron) => member.localFirst + from + neuron),
    every: Math.max(1, Math.round(interval / dtMs)),
  };
}

function checkReadable(
  recording: string,
  name: string,
  part: PopulationPart,
  { readable }: LoweredPopulation,
): void {
  if (Object.hasOwn(readable, name)) return;
  const names = Object.keys(readable);
  const near = suggest(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new NetworkError(
    `Recording "${recording}": ${part.path} has no variable "${name}".${hint} ` +
      `It can record: ${listNames(names) || 'nothing'}.`,
    { path: `recording "${recording}"`, value: name },
  );
}

/** A sampler together with the names of its values. */
interface SharedSampler {
  readonly sampler: Sampler;
  readonly names: readonly string[];
}

/** One sampler for several recordings: all their neurons, all their variables, at a common interval. */
function samplerFor(kernel: UpdateKernel, wishes: readonly Wish[]): SharedSampler {
  const rowOf = new Int32Array(kernel.count).fill(-1);
  for (const { locals } of wishes) for (const local of locals) rowOf[local] = 0;
  let rows = 0;
  for (let local = 0; local < kernel.count; local++) if (rowOf[local] === 0) rowOf[local] = rows++;
  const names = [...new Set(wishes.flatMap(({ document }) => document.variables))];
  // Populations of one kernel read their variables by the same code: merging has seen to it.
  const readable = wishes[0]?.part.lowered?.readable ?? {};
  const reads = names.map((name) => {
    const read = readable[name];
    if (read === undefined) throw new Error(`internal: ${name} cannot be read`);
    return read;
  });
  const sampler: Sampler = {
    every: wishes.map(({ every }) => every).reduce(greatestCommonDivisor),
    rows,
    rowOf,
    values: reads.map(({ value }) => value),
    body: reads.flatMap(({ body }) => body),
  };
  return { sampler, names };
}

function traceOf(
  { document, kernel, locals, neurons, every }: Wish,
  { sampler, names }: SharedSampler,
): CompiledTrace {
  return {
    kernel,
    variables: document.variables,
    valueOf: document.variables.map((name) => names.indexOf(name)),
    rowOf: locals.map((local) => sampler.rowOf[local] as number),
    neurons,
    every,
  };
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
