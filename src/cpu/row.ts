/**
 * What the statements of a pathway or a summed variable see: the two ends of a synapse, its variables and the inputs
 * that it adds to. Says where these are in memory; which synapses run is the business of deliver.ts and summed.ts.
 */
import type { Place, StoredVariable, Value } from '../language/kernel.ts';
import type { Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Shape } from '../language/wasm/operations.ts';
import { type Context, pushTime } from './context.ts';
import { type DrawKey, type Element, makeDraws, timedArray } from './element.ts';
import { mark } from './touched.ts';

/** Locals that say which synapse is at hand. */
export interface RowLocals {
  /** The step of arrival. */
  readonly step: number;
  readonly pre: number;
  readonly post: number;
  /** Number of the synapse; of the first of four in shape f32x4. */
  readonly synapse: number;
  /** Address of the ring slot that amounts are added to; in shape f32x4 where all four have the same. */
  readonly slot: number;
  /** Address of the ring, behind whose slots deposits in fields are. */
  readonly ring: number;
  /** Where four neighbouring synapses add to, for shape f32x4; null where that shape is not used. */
  readonly four: FourTargets | null;
  /** Local of a parameter that differs between projections. */
  readonly parameter: (name: string) => number;
}

/** The places that four neighbouring synapses add to. */
export interface FourTargets {
  /** Pushes the target of one of them, 0…3. */
  readonly pushTarget: (lane: number) => void;
  /**
   * Where delays differ, v128: addresses of the presynaptic neuron and of the targets in their ring slots, less what
   * inputs add. null where all are in the slot `RowLocals.slot`.
   */
  readonly cells: { readonly pre: number; readonly post: number } | null;
}

/** The part of a deliver or summed kernel that statements can reach. */
export interface RowKernel {
  readonly synapseVariables: readonly StoredVariable[];
  readonly preVariables: readonly StoredVariable[];
  readonly postVariables: readonly StoredVariable[];
  readonly inputs: readonly {
    readonly side: 'pre' | 'post';
    readonly proven: boolean;
    readonly accumulates?: true;
  }[];
}

export interface RowParts {
  readonly context: Context;
  readonly owner: WasmFunction;
  readonly kernel: RowKernel;
  /** Places that the body writes, `${side}.${index}`. */
  readonly written: ReadonlySet<string>;
  /** Synapse variables with one value for all synapses of a projection, which is parameter `value.${index}`. */
  readonly common: ReadonlySet<number>;
  readonly isStepInvariant: boolean;
  /** The end that all synapses of a row share. */
  readonly rowSide: 'pre' | 'post';
  readonly row: RowLocals;
  readonly shape: Shape;
}

export function createRowSurroundings(parts: RowParts): Surroundings {
  const { context, owner, row, shape, rowSide } = parts;
  const { layout } = context;
  const isVector = shape === 'f32x4';
  const specialInvariant = new Set<string>([
    ...(parts.isStepInvariant ? ['step', 'time'] : []),
    ...(rowSide === 'pre' ? ['pre_index', 'degree_out'] : ['post_index', 'degree_in']),
  ]);
  const isInvariant = (leaf: Value): boolean => {
    if (leaf.op === 'constant') return true;
    if (leaf.op === 'special') return specialInvariant.has(leaf.name);
    if (leaf.op === 'table') return parts.isStepInvariant;
    if (leaf.op !== 'get') return false;
    if (leaf.place.side === 'synapse') return parts.common.has(leaf.place.index);
    if (leaf.place.side !== rowSide) return false;
    return !parts.written.has(`${leaf.place.side}.${leaf.place.index}`);
  };
  const synapse: Element = {
    context,
    owner,
    isVector,
    step: row.step,
    pushIndex: (code) => code.get(row.synapse),
  };
  const key: DrawKey = {
    push: (code) => code.get(row.parameter('seed')).get(row.parameter('stream')),
  };
  return {
    get: (code, place) => pushVariable(code, parts, place),
    set: (code, place) => popVariable(code, parts, place),
    constant: (code, index) => {
      code.get(row.parameter('constants'));
      if (isVector) code.op('v128.load32_splat', index * layout.cellBytes);
      else code.named(`${shape}.load`, index * layout.cellBytes);
    },
    special: (code, name) => {
      pushSpecial(code, parts, name);
      if (isVector) code.op(name === 'time' ? 'f32x4.splat' : 'i32x4.splat');
    },
    step: (code) => code.get(row.step),
    draws: (code, group) => {
      return makeDraws(code, group, synapse, key);
    },
    binomial: () => {
      throw new Error('internal: binomial draws belong to populations');
    },
    table: (table) => timedArray(context, table),
    arrived: () => {
      throw new Error('internal: a pathway takes no arrivals');
    },
    movesAmounts: (input) => parts.kernel.inputs[input]?.proven === true,
    amount: (code, input) => convertAmount(code, parts, input),
    add: (code, input) => (isVector ? addFour(code, parts, input) : addOne(code, parts, input)),
    isInvariant,
  };
}

function variableOf({ kernel }: RowParts, { side, index, name }: Place): StoredVariable {
  const lists = { pre: kernel.preVariables, post: kernel.postVariables };
  const list = side === 'synapse' ? kernel.synapseVariables : side === 'own' ? [] : lists[side];
  const variable = list[index];
  if (!variable) throw new Error(`internal: ${name} is no variable of this pathway`);
  return variable;
}

/** Pushes the address of a variable of the synapse at hand or of one of its ends. */
function pushAddress(code: Code, { row, context }: RowParts, { side, index }: Place): void {
  const element = side === 'synapse' ? row.synapse : side === 'pre' ? row.pre : row.post;
  code
    .get(element)
    .i32(context.layout.cellBytes === 8 ? 3 : 2)
    .op('i32.shl');
  code.get(row.parameter(`${side}.${index}`)).op('i32.add');
}

function pushVariable(code: Code, parts: RowParts, place: Place): void {
  const isInteger = variableOf(parts, place).type === 'i32';
  if (place.side === 'synapse' && parts.common.has(place.index)) {
    if (parts.shape === 'f64') throw new Error('internal: in double precision synapses are stored');
    code.get(parts.row.parameter(`value.${place.index}`));
    if (parts.shape === 'f32x4') code.op(isInteger ? 'i32x4.splat' : 'f32x4.splat');
    return;
  }
  pushAddress(code, parts, place);
  if (parts.shape === 'f32x4') {
    if (place.side === 'synapse') code.op('v128.load', 0);
    else code.op('v128.load32_splat', 0);
  } else if (parts.shape === 'f64') {
    code.op('f64.load', 0);
    if (isInteger) code.op('i32.trunc_sat_f64_s');
  } else code.op(isInteger ? 'i32.load' : 'f32.load', 0);
}

function popVariable(code: Code, parts: RowParts, place: Place): void {
  if (parts.shape === 'f32x4') throw new Error('internal: synapses are written one by one');
  const isInteger = variableOf(parts, place).type === 'i32';
  const value = parts.owner.local(isInteger ? 'i32' : parts.shape, place.name);
  code.set(value);
  pushAddress(code, parts, place);
  code.get(value);
  if (parts.shape === 'f64') {
    if (isInteger) code.op('f64.convert_i32_s');
    code.op('f64.store', 0);
  } else code.op(isInteger ? 'i32.store' : 'f32.store', 0);
}

/** Pushes one scalar; the caller spreads it over the lanes. */
function pushSpecial(code: Code, { row, context }: RowParts, name: string): void {
  const degree = (addresses: string, element: number): Code =>
    code
      .get(element)
      .i32(2)
      .op('i32.shl')
      .get(row.parameter(addresses))
      .op('i32.add')
      .op('i32.load', 0);
  switch (name) {
    case 'step':
      code.get(row.step);
      return;
    case 'time':
      pushTime(code, context, row.step);
      return;
    case 'index':
      code.get(row.synapse);
      return;
    case 'pre_index':
      code.get(row.pre);
      return;
    case 'post_index':
      code.get(row.post);
      return;
    case 'degree_in':
      degree('degrees_in', row.post);
      return;
    case 'degree_out':
      degree('degrees_out', row.pre);
      return;
  }
}

/** value * 2^k, rounded half to even; amounts beyond the limit of a guarded input are reported. */
function convertAmount(code: Code, parts: RowParts, input: number): void {
  const { shape, row, owner, kernel, context } = parts;
  if (shape === 'f64') return;
  const isVector = shape === 'f32x4';
  const side = kernel.inputs[input]?.side ?? 'post';
  const push = (name: string): void => {
    code.get(row.parameter(`${name}${input}`));
    if (isVector) code.op('f32x4.splat');
  };
  push('factor');
  code.named(`${shape}.mul`).named(`${shape}.nearest`);
  if (kernel.inputs[input]?.proven === false) {
    if (isVector) throw new Error('internal: guarded inputs are reached one by one');
    const whole = owner.local('f32', 'whole');
    code.tee(whole).named(`${shape}.abs`);
    push('limit');
    code.named(`${shape}.le`);
    code.op('i32.eqz');
    code.if(() => {
      code.get(row.parameter('input_code')).i32(input).op('i32.add').get(row.step);
      code.get(side === 'pre' ? row.pre : row.post).get(row.parameter(`${side}_first`));
      code.op('i32.add').call(context.overflow);
    });
    code.get(whole);
  }
  code.op(isVector ? 'i32x4.trunc_sat_f32x4_s' : 'i32.trunc_sat_f32_s');
}

function addOne(code: Code, { context, row, kernel, owner, shape }: RowParts, input: number): void {
  const isDouble = shape === 'f64';
  const type = isDouble ? 'f64' : 'i32';
  const address = owner.local('i32', 'target_address');
  const amount = owner.local(type, 'amount');
  code.set(amount);
  code.get(kernel.inputs[input]?.side === 'pre' ? row.pre : row.post);
  code.i32(isDouble ? 3 : 2).op('i32.shl');
  // A sum of its own, so that compilers move it out of the loop.
  const isDeposit = kernel.inputs[input]?.accumulates === true;
  code
    .get(isDeposit ? row.ring : row.slot)
    .get(row.parameter(`input${input}`))
    .op('i32.add');
  code.op('i32.add').tee(address);
  code.get(address).named(`${type}.load`, 0).get(amount).named(`${type}.add`);
  code.named(`${type}.store`, 0);
  if (!isDeposit && context.layout.marks !== null) mark(code.get(address), context.layout.marks);
}

/** Adds four whole numbers to the targets of four neighbouring synapses. */
function addFour(code: Code, { context, row, kernel, owner }: RowParts, input: number): void {
  const { four } = row;
  if (four === null) throw new Error('internal: synapses are not reached by fours here');
  const side = kernel.inputs[input]?.side ?? 'post';
  const isDeposit = kernel.inputs[input]?.accumulates === true;
  const amounts = owner.local('v128', 'amounts');
  const address = owner.local('i32', 'target_address');
  code.set(amounts);
  const pushAddressOf = pushLaneAddress(code, { row, owner, four, side, input, isDeposit });
  for (let lane = 0; lane < 4; lane++) {
    pushAddressOf(lane).tee(address);
    code.get(address).op('i32.load', 0).get(amounts).op('i32x4.extract_lane', lane);
    code.op('i32.add').op('i32.store', 0);
    if (!isDeposit && context.layout.marks !== null) mark(code.get(address), context.layout.marks);
  }
}

/** Prepares the addresses that four synapses add to and returns what pushes one of them. */
function pushLaneAddress(
  code: Code,
  of: {
    readonly row: RowLocals;
    readonly owner: WasmFunction;
    readonly four: FourTargets;
    readonly side: 'pre' | 'post';
    readonly input: number;
    readonly isDeposit: boolean;
  },
): (lane: number) => Code {
  const { row, owner, four, side, input, isDeposit } = of;
  if (four.cells !== null && !isDeposit) {
    const addresses = owner.local('v128', 'addresses');
    code
      .get(four.cells[side])
      .get(row.parameter(`input${input}`))
      .op('i32x4.splat');
    code.op('i32x4.add').set(addresses);
    return (lane) => code.get(addresses).op('i32x4.extract_lane', lane);
  }
  const base = owner.local('i32', 'input_address');
  code
    .get(isDeposit ? row.ring : row.slot)
    .get(row.parameter(`input${input}`))
    .op('i32.add')
    .set(base);
  return (lane) => {
    if (side === 'pre') code.get(row.pre);
    else four.pushTarget(lane);
    return code.i32(2).op('i32.shl').get(base).op('i32.add');
  };
}
