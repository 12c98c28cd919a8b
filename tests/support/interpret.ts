/**
 * Reference interpreter of kernel IR for one element: the yardstick for both emitters. f32 mode rounds with
 * Math.fround after every operation; f64 mode computes in doubles and uses the host's functions. Slow and plain on
 * purpose: one case per operation, no tricks.
 */
import type {
  BinaryOperation,
  Place,
  PortableFunction,
  Statement,
  UnaryOperation,
  Value,
} from '../../src/language/kernel.ts';
import { uniformOf } from '../../src/language/philox.ts';
import { PORTABLE, PORTABLE_F64 } from '../../src/language/portable.ts';

export type Result = number | boolean;

/** What a body can reach. Everything may be left out that the body does not use. */
export interface Surroundings {
  readonly precision?: 'f32' | 'f64';
  /** Stored variables by `${side}.${index}`; read and written. */
  readonly variables?: {
    get(key: string): number | undefined;
    set(key: string, value: number): unknown;
  };
  readonly constants?: ArrayLike<number>;
  readonly specials?: Readonly<Partial<Record<SpecialName, number>>>;
  /** Word number `slot` of this element and step (see philox.ts). */
  readonly draw?: (slot: number) => number;
  /** Tables in plan order. */
  readonly tables?: readonly InterpreterTable[];
  /** Number of the population's first binomial table (UpdateMember.tables); default 0. */
  readonly firstTable?: number;
  readonly arrived?: (input: number) => number;
  readonly add?: (input: number, value: number) => void;
  /** What `gather` reads. */
  readonly gather?: (slot: number, index: number) => number;
}

export type InterpreterTable =
  | {
      readonly kind: 'timed';
      readonly stepsPerRow: number;
      readonly rows: number;
      readonly columns: number;
      readonly values: ArrayLike<number>;
    }
  | { readonly kind: 'binomial'; readonly thresholds: ArrayLike<number> }
  /** Tables that synapses are made from: no statement reads them. */
  | { readonly kind: 'gaps' | 'quantiles' };

type SpecialName = Extract<Value, { op: 'special' }>['name'];
type Locals = Map<string, Result>;

export const placeKey = (place: Pick<Place, 'side' | 'index'>): string =>
  `${place.side}.${place.index}`;

/** Runs `body`; returns its locals (those of an `if` stay inside). */
export function interpret(
  body: readonly Statement[],
  surroundings: Surroundings = {},
  locals: Locals = new Map(),
): Locals {
  for (const statement of body) {
    switch (statement.kind) {
      case 'comment':
        break;
      case 'let':
        if (locals.has(statement.name)) throw new Error(`local ${statement.name} is set twice`);
        locals.set(statement.name, evaluate(statement.value, surroundings, locals));
        break;
      case 'set':
        surroundings.variables?.set(
          placeKey(statement.place),
          numeric(evaluate(statement.value, surroundings, locals)),
        );
        break;
      case 'add':
        if (!surroundings.add) throw new Error('this body adds to inputs; give `add`');
        surroundings.add(statement.input, numeric(evaluate(statement.value, surroundings, locals)));
        break;
      case 'if':
        if (evaluate(statement.condition, surroundings, locals)) {
          interpret(statement.body, surroundings, new Map(locals));
        }
        break;
    }
  }
  return locals;
}

/** The value of one expression. */
export function evaluate(
  value: Value,
  surroundings: Surroundings = {},
  locals: Locals = new Map(),
): Result {
  const round = surroundings.precision === 'f64' ? (x: number): number => x : Math.fround;
  const of = (inner: Value): Result => evaluate(inner, surroundings, locals);
  switch (value.op) {
    case 'literal':
      return value.type === 'f32' ? round(numeric(value.value)) : value.value;
    case 'get': {
      const stored = surroundings.variables?.get(placeKey(value.place));
      if (stored === undefined) throw new Error(`no variable ${value.place.name}`);
      return value.type === 'bool' ? stored !== 0 : value.type === 'f32' ? round(stored) : stored;
    }
    case 'local': {
      const found = locals.get(value.name);
      if (found === undefined) throw new Error(`local ${value.name} is read before it is set`);
      return found;
    }
    case 'constant':
      return round(at(surroundings.constants, value.index, 'constant'));
    case 'special': {
      const found = surroundings.specials?.[value.name];
      if (found === undefined) throw new Error(`no special ${value.name}`);
      return value.type === 'f32' ? round(found) : found;
    }
    case 'unary':
      return unaryResult(value.operation, value.a.type, of(value.a), round);
    case 'binary':
      return binaryResult(value.operation, value.a.type, of(value.a), of(value.b), round);
    case 'select':
      return of(value.condition) ? of(value.a) : of(value.b);
    case 'call': {
      const args = value.arguments.map((argument) => numeric(of(argument)));
      return callPortable(value.name, args, surroundings.precision ?? 'f32');
    }
    case 'draw': {
      const word = drawn(surroundings, value.slot);
      if (value.kind === 'uniform') return uniformOf(word);
      const probability = ((word >>> 9) + 0.5) * 2 ** -23;
      return callPortable('normal_quantile', [probability], surroundings.precision ?? 'f32');
    }
    case 'binomial': {
      const table = surroundings.tables?.[(surroundings.firstTable ?? 0) + value.table];
      if (table?.kind !== 'binomial') throw new Error(`no binomial table ${value.table}`);
      const word = drawn(surroundings, value.slot);
      let count = 0;
      while (count < table.thresholds.length && at(table.thresholds, count, 'threshold') <= word) {
        count++;
      }
      return count;
    }
    case 'table': {
      const table = surroundings.tables?.[value.table];
      if (table?.kind !== 'timed') throw new Error(`no timed array ${value.table}`);
      const step = surroundings.specials?.step ?? 0;
      const raw = Math.floor((2 * step + value.halfSteps) / (2 * table.stepsPerRow));
      const row = Math.max(0, Math.min(raw, table.rows - 1));
      const wanted = value.column === null ? 0 : numeric(of(value.column));
      const column = Math.min(Math.max(wanted, 0), table.columns - 1);
      return round(at(table.values, row * table.columns + column, 'table'));
    }
    case 'arrived':
      if (!surroundings.arrived) throw new Error('this body reads arrivals; give `arrived`');
      return round(surroundings.arrived(value.input));
    case 'gather':
      if (!surroundings.gather) throw new Error('this body reads fields; give `gather`');
      return round(surroundings.gather(value.slot, numeric(of(value.index))));
  }
}

/** A portable function: its IR in f32 mode, the host's function in f64 mode. */
export function callPortable(
  name: PortableFunction,
  args: readonly number[],
  precision: 'f32' | 'f64' = 'f32',
): number {
  if (precision === 'f64') return PORTABLE_F64[name](args[0] ?? 0, args[1] ?? 0);
  const { parameters, body, result } = PORTABLE[name];
  const locals: Locals = new Map();
  for (const [index, parameter] of parameters.entries()) {
    locals.set(parameter, Math.fround(args[index] ?? 0));
  }
  interpret(body, {}, locals);
  return numeric(evaluate(result, {}, locals));
}

function numeric(result: Result): number {
  return typeof result === 'number' ? result : result ? 1 : 0;
}

function at(values: ArrayLike<number> | undefined, index: number, what: string): number {
  const value = values?.[index];
  if (value === undefined) throw new Error(`no ${what} ${index}`);
  return value;
}

function drawn(surroundings: Surroundings, slot: number): number {
  if (!surroundings.draw) throw new Error('this body draws; give `draw`');
  return surroundings.draw(slot);
}

const floatCell = new Float32Array(1);
const bitCell = new Int32Array(floatCell.buffer);

function unaryResult(
  operation: UnaryOperation,
  type: Value['type'],
  result: Result,
  round: (x: number) => number,
): Result {
  const a = numeric(result);
  switch (operation) {
    case 'neg':
      return type === 'i32' ? -a | 0 : -a;
    case 'abs':
      return type === 'i32' ? Math.abs(a) | 0 : Math.abs(a);
    case 'floor':
      return Math.floor(a);
    case 'ceil':
      return Math.ceil(a);
    case 'sqrt':
      return round(Math.sqrt(a));
    case 'not':
      return !result;
    case 'to_f32':
      return round(a);
    case 'to_i32':
      return Number.isNaN(a) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(a))) + 0;
    case 'bits_of':
      floatCell[0] = a;
      return bitCell[0] ?? 0;
    case 'from_bits':
      bitCell[0] = a;
      return floatCell[0] ?? 0;
  }
}

function binaryResult(
  operation: BinaryOperation,
  type: Value['type'],
  left: Result,
  right: Result,
  round: (x: number) => number,
): Result {
  const a = numeric(left);
  const b = numeric(right);
  const isInteger = type === 'i32';
  switch (operation) {
    case 'add':
      return isInteger ? (a + b) | 0 : round(a + b);
    case 'sub':
      return isInteger ? (a - b) | 0 : round(a - b);
    case 'mul':
      return isInteger ? Math.imul(a, b) : round(a * b);
    case 'div':
      return round(a / b);
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'and':
      return left === true && right === true;
    case 'or':
      return left === true || right === true;
    case 'bit_and':
      return a & b;
    case 'bit_or':
      return a | b;
    case 'shift_left':
      return a << b;
    case 'shift_right':
      return a >> b;
    case 'rem':
      return a % b;
  }
}
