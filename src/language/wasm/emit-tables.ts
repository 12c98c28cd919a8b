/**
 * Code that reads tables: the number of successes of a binomial draw, from a table of thresholds, and values of timed
 * arrays. Part of the emitter of values (emit.ts), which says how to push what they are asked with.
 */
import type { Value } from '../kernel.ts';
import type { Surroundings } from './emit.ts';
import type { Code, WasmType } from './encoder.ts';
import { emitBinary, type Shape } from './operations.ts';

/** Tables of thresholds in memory are filled up to a multiple of it with the largest of words. */
export const THRESHOLDS_AT_ONCE = 8;

/** A timed array in memory: cells of the engine's float, row after row. */
export interface TimedTable {
  readonly address: number;
  readonly stepsPerRow: number;
  readonly rows: number;
  readonly columns: number;
}

/** What this code needs of the emitter. */
export interface TableParts {
  readonly code: Code;
  readonly shape: Shape;
  readonly surroundings: Pick<Surroundings, 'binomial' | 'step' | 'table'>;
  /** A new local. */
  readonly local: (type: WasmType, name: string) => number;
  readonly push: (value: Value) => void;
  readonly pushInteger: (value: number) => void;
  /** Pushes a random word. */
  readonly pushWord: (slot: number) => void;
}

/**
 * Counts the thresholds that the word reaches. They ascend and the count is small, so a scan from the first ends
 * early; by eights, so that it nearly always ends in the same place and no wrong guess of the processor waits for the
 * word. What fills up the last eight counts only for a word that reaches everything.
 */
export function emitBinomial(parts: TableParts, value: Extract<Value, { op: 'binomial' }>): void {
  const { code, shape } = parts;
  const { address, length } = parts.surroundings.binomial(value.table);
  const isVector = shape === 'f32x4';
  const type = isVector ? 'v128' : 'i32';
  const word = parts.local(type, 'word');
  const count = parts.local(type, 'count');
  const cursor = parts.local('i32', 'threshold');
  const end = parts.local('i32', 'thresholds_end');
  const reaches = (threshold: number): Code => {
    code.get(word).get(cursor);
    code.op(isVector ? 'v128.load32_splat' : 'i32.load', 4 * threshold);
    return code.op(isVector ? 'i32x4.ge_u' : 'i32.ge_u');
  };
  parts.pushWord(value.slot);
  code.set(word);
  parts.pushInteger(0);
  code.set(count).get(address).tee(cursor);
  code.get(length).i32(2).op('i32.shl').op('i32.add').set(end);
  code.op('block').op('loop');
  code.get(cursor).get(end).op('i32.ge_u').op('br_if', 1);
  code.get(count);
  // A mask is minus one where it holds.
  for (let threshold = 0; threshold < THRESHOLDS_AT_ONCE; threshold++) {
    reaches(threshold).op(isVector ? 'i32x4.sub' : 'i32.add');
  }
  code.set(count);
  reaches(THRESHOLDS_AT_ONCE - 1);
  if (isVector) code.op('v128.any_true');
  code.op('i32.eqz').op('br_if', 1);
  code
    .get(cursor)
    .i32(4 * THRESHOLDS_AT_ONCE)
    .op('i32.add')
    .set(cursor);
  code.op('br', 0).op('end').op('end').get(count).get(length);
  if (isVector) code.op('i32x4.splat').op('i32x4.min_s');
  else emitBinary(code, shape, 'min', 'i32', temporaryOf(parts));
}

/** Pushes a value of a timed array; columns beyond the last are the last one. */
export function emitTable(parts: TableParts, value: Extract<Value, { op: 'table' }>): void {
  const { code, shape } = parts;
  const table = parts.surroundings.table(value.table);
  const cellBytes = shape === 'f64' ? 8 : 4;
  const row = parts.local('i32', 'row');
  emitTableRow(parts, table, value.halfSteps);
  code
    .i32(table.columns * cellBytes)
    .op('i32.mul')
    .set(row);
  if (value.column === null) {
    code.get(row);
    if (shape === 'f32x4') code.op('v128.load32_splat', table.address);
    else code.named(`${shape}.load`, table.address);
    return;
  }
  parts.push(value.column);
  const last = table.columns - 1;
  if (shape !== 'f32x4') {
    parts.pushInteger(0);
    emitBinary(code, shape, 'max', 'i32', temporaryOf(parts));
    code.i32(last);
    emitBinary(code, shape, 'min', 'i32', temporaryOf(parts));
    code.i32(cellBytes).op('i32.mul').get(row).op('i32.add');
    code.named(`${shape}.load`, table.address);
    return;
  }
  const columns = parts.local('v128', 'columns');
  parts.pushInteger(0);
  code.op('i32x4.max_s');
  parts.pushInteger(last);
  code.op('i32x4.min_s').set(columns);
  parts.pushInteger(0);
  for (let lane = 0; lane < 4; lane++) {
    code.get(columns).op('i32x4.extract_lane', lane).i32(2).op('i32.shl').get(row).op('i32.add');
    code.op('f32.load', table.address).op('f32x4.replace_lane', lane);
  }
}

/** Pushes min((2*step + halfSteps) / (2*stepsPerRow), rows - 1): half a step never changes the quotient. */
function emitTableRow(parts: TableParts, table: TimedTable, halfSteps: -2 | 0 | 1 | 2): void {
  const { code, surroundings } = parts;
  surroundings.step(code);
  if (halfSteps === 2) code.i32(1).op('i32.add');
  if (halfSteps === -2) {
    surroundings.step(code);
    code.i32(0).op('i32.ne').op('i32.sub');
  }
  const quotient = parts.local('i32', 'quotient');
  code.i32(table.stepsPerRow).op('i32.div_u').tee(quotient);
  code
    .i32(table.rows - 1)
    .get(quotient)
    .i32(table.rows - 1)
    .op('i32.lt_u')
    .op('select');
}

function temporaryOf({ local }: TableParts): (type: WasmType) => number {
  return (type) => local(type, 'temporary');
}
