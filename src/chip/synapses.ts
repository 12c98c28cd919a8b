/**
 * The synapses of a compiled network as a chip would see them: rows, targets, delays in steps, and the variables that are
 * weights. Reads what the plan stores; makes and changes nothing.
 */
import { NetworkError } from '../errors.ts';
import type { Statement, Value } from '../language/kernel.ts';
import { parseEquations } from '../language/parse.ts';
import type { NetworkDocument, ProjectionDocument } from '../network/document.ts';
import { type CompiledNetwork, compileValid } from '../plan/compile.ts';
import type { DeliverKernel, Plan, ProjectionSlot } from '../plan/plan.ts';

/** Most synapses that a study lists one by one. */
export const MOST_SYNAPSES = 20_000_000;

/** A synapse variable that is a weight: what spikes add is proportional to it. */
export interface WeightVariable {
  readonly name: string;
  /** As declared: "siemens", "volt", "integer". */
  readonly unit: string;
  readonly isInteger: boolean;
  /** Whether spikes change it. */
  readonly isPlastic: boolean;
  /** Values in internal units, in the order of rows. */
  readonly values: Float64Array;
  /** Number, as people count them, of the synapse at each place; null where it is the place. */
  readonly order: Uint32Array | null;
}

/** A projection, synapse by synapse. */
export interface ChipProjection {
  readonly document: ProjectionDocument;
  readonly name: string;
  /** Names of the populations. */
  readonly source: string;
  readonly target: string;
  /** Global number of the first neuron of each end. */
  readonly sourceFirst: number;
  readonly targetFirst: number;
  readonly sourceCount: number;
  readonly targetCount: number;
  readonly synapses: number;
  /** Synapses of row r (of source neuron r) are rows[r] … rows[r + 1] - 1. */
  readonly rows: Uint32Array;
  /** By synapse, counted in the target end. */
  readonly targets: Uint32Array;
  /** By synapse, in steps; one number where all are the same. */
  readonly delays: Uint16Array | Uint32Array | number;
  readonly weights: readonly WeightVariable[];
  /** Variables that every synapse stores, weights included. */
  readonly storedVariables: number;
}

/** A network with all its synapses listed. */
export interface ListedNetwork {
  readonly document: NetworkDocument;
  readonly compiled: CompiledNetwork;
  /** Projections onto populations that carry spikes and have synapses, in document order. */
  readonly projections: readonly ChipProjection[];
  /** What of the network is not looked at, each in a sentence. */
  readonly notes: readonly string[];
}

/** Compiles a valid document and lists its synapses. Throws NetworkError where there are more than MOST_SYNAPSES. */
export function listSynapses(document: NetworkDocument): ListedNetwork {
  const compiled = compileValid(document, {
    synapses: 'host',
    onCounted: ({ estimate }) => refuseTooMany(estimate({ engine: 'cpu', threads: 1 }).synapses),
  });
  const fields = new Set((document.fields ?? []).map(({ name }) => name));
  const projections: ChipProjection[] = [];
  const notes: string[] = [];
  for (const projection of document.projections) {
    const { name, target } = projection;
    if (fields.has(target.population)) {
      notes.push(`${name} deposits into the field ${target.population}: chips have none.`);
      continue;
    }
    const found = slotOf(compiled.plan, name);
    const count = compiled.projections.find((one) => one.name === name)?.synapses ?? 0;
    if (found === null) {
      if (count > 0) notes.push(`${name} carries no spikes (a summed variable): chips have none.`);
      continue;
    }
    projections.push(listProjection(compiled, projection, found));
  }
  return { document, compiled, projections, notes };
}

function refuseTooMany(synapses: number): void {
  if (synapses <= MOST_SYNAPSES) return;
  throw new NetworkError(
    `The network has ${synapses} synapses; a chip study lists them one by one, up to ${MOST_SYNAPSES}. Make it smaller.`,
    { path: 'projections', value: synapses },
  );
}

interface FoundSlot {
  readonly kernel: DeliverKernel;
  readonly slot: ProjectionSlot;
}

/** The first pathway of presynaptic spikes; null where there is none, or there are no synapses. */
function slotOf(plan: Plan, name: string): FoundSlot | null {
  for (const kernel of plan.deliver) {
    if (kernel.trigger !== 'pre') continue;
    const slot = kernel.projections.find((one) => one.name === name);
    if (slot !== undefined) return { kernel, slot };
  }
  return null;
}

function listProjection(
  compiled: CompiledNetwork,
  document: ProjectionDocument,
  { kernel, slot }: FoundSlot,
): ChipProjection {
  const { plan } = compiled;
  const { sourceFirst, sourceCount, targetFirst, targetCount } = slot;
  const rows = plan.rows.slice(slot.rows, slot.rows + sourceCount + 1);
  const synapses = rows[sourceCount] as number;
  const { targets, delays } = unpack(plan, kernel, slot, synapses);
  const variables = storedVariables(compiled, document);
  return {
    document,
    name: document.name,
    source: document.source.population,
    target: document.target.population,
    sourceFirst,
    targetFirst,
    sourceCount,
    targetCount,
    synapses,
    rows,
    targets,
    delays,
    weights: weightsOf(compiled, document.name, variables, synapses),
    storedVariables: variables.length,
  };
}

/** Targets and delays of all synapses, whatever their packing (see DeliverKernel). */
function unpack(
  plan: Plan,
  { packing }: DeliverKernel,
  { synapseBase, delayBase, delaySteps }: ProjectionSlot,
  count: number,
): Pick<ChipProjection, 'targets' | 'delays'> {
  const words = plan.synapses.subarray(synapseBase);
  const half = (e: number): number => ((words[e >>> 1] as number) >>> (16 * (e & 1))) & 0xffff;
  switch (packing) {
    case 'target':
      return { targets: words.slice(0, count), delays: delaySteps };
    case 'target16':
      return {
        targets: Uint32Array.from({ length: count }, (_, e) => half(e)),
        delays: delaySteps,
      };
    case 'target+delay':
      return {
        targets: Uint32Array.from({ length: count }, (_, e) => (words[e] as number) & 0xffffff),
        delays: Uint16Array.from({ length: count }, (_, e) => (words[e] as number) >>> 24),
      };
    case 'target16+delay8': {
      const bytes = plan.synapses.subarray(delayBase);
      return {
        targets: Uint32Array.from({ length: count }, (_, e) => half(e)),
        delays: Uint16Array.from(
          { length: count },
          (_, e) => ((bytes[e >>> 2] as number) >>> (8 * (e & 3))) & 0xff,
        ),
      };
    }
    case 'wide':
      return {
        targets: Uint32Array.from({ length: count }, (_, e) => words[2 * e] as number),
        delays: Uint32Array.from({ length: count }, (_, e) => words[2 * e + 1] as number),
      };
    case 'generated':
      throw new Error('internal: synapses that nobody stores');
  }
}

// ---- Which variables are weights ----

interface StoredSynapseVariable {
  readonly name: string;
  readonly unit: string;
  readonly first: number;
}

/** The variables that every synapse stores and the document declares, with their place in the plan. */
function storedVariables(
  compiled: CompiledNetwork,
  { name: projection, eqs }: ProjectionDocument,
): StoredSynapseVariable[] {
  if (eqs === undefined) return [];
  return parseEquations({ name: 'eqs', text: eqs }).flatMap(({ kind, name, unit, flags }) => {
    const isStored = kind !== 'subexpression' && !flags.includes('presynaptic');
    if (!isStored || name === 'lastupdate') return [];
    return [{ name, unit, first: compiled.synapseCellOf(projection, name).first }];
  });
}

function weightsOf(
  compiled: CompiledNetwork,
  projection: string,
  variables: readonly StoredSynapseVariable[],
  count: number,
): WeightVariable[] {
  const factors = new Set<number>();
  const written = new Set<number>();
  for (const kernel of compiled.plan.deliver) {
    const slot = kernel.projections.find(({ name }) => name === projection);
    if (slot === undefined) continue;
    for (const index of factorsOfAmounts(kernel.body)) factors.add(slot.synapseCells[index] ?? -1);
    kernel.synapseVariables.forEach((one, index) => {
      if (one.written) written.add(slot.synapseCells[index] ?? -1);
    });
  }
  const found = variables.filter(({ first }) => factors.has(first));
  // Beside a weight of that name, other factors are parameters of the synapse (a release probability).
  const named = found.filter(({ name }) => name === 'weight');
  return (named.length > 0 ? named : found).map(({ name, unit, first }) => {
    const { type, order } = compiled.synapseCellOf(projection, name);
    return {
      name,
      unit,
      isInteger: type === 'i32',
      isPlastic: written.has(first),
      values: Float64Array.from(compiled.plan.synapseState.subarray(first, first + count)),
      order,
    };
  });
}

/** Indices of the synapse variables to which some amount is proportional, or a summand of it. */
function factorsOfAmounts(body: readonly Statement[]): ReadonlySet<number> {
  const locals = new Map<string, Value>();
  const found = new Set<number>();
  const visit = (value: Value): void => {
    switch (value.op) {
      case 'get':
        if (value.place.side === 'synapse') found.add(value.place.index);
        return;
      case 'local': {
        const meaning = locals.get(value.name);
        if (meaning !== undefined) visit(meaning);
        return;
      }
      case 'unary':
        if (['neg', 'to_f32', 'to_i32'].includes(value.operation)) visit(value.a);
        return;
      case 'binary':
        if (['add', 'sub', 'mul', 'div', 'shift_left'].includes(value.operation)) visit(value.a);
        if (['add', 'sub', 'mul'].includes(value.operation)) visit(value.b);
        return;
      case 'select':
        visit(value.a);
        visit(value.b);
    }
  };
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'let') locals.set(statement.name, statement.value);
      else if (statement.kind === 'add') visit(statement.value);
      else if (statement.kind === 'if') walk(statement.body);
    }
  };
  walk(body);
  return found;
}
