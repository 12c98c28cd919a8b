/**
 * What statements about one element can read that does not depend on what the element is: the step, the time, its
 * number, draws, timed arrays. For neurons (update.ts), voxels (field-react.ts) and synapses (row.ts), four at a time or
 * one.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { writeVectorPhilox } from '../language/wasm/philox.ts';
import type { Plan } from '../plan/plan.ts';
import { type Context, pushTime } from './context.ts';

/** Where an element is. */
export interface Element {
  readonly context: Context;
  readonly owner: WasmFunction;
  /** Whether four are computed at a time. */
  readonly isVector: boolean;
  /** Local with the step. */
  readonly step: number;
  /** Pushes the number of the element, or of the first of four. */
  readonly pushIndex: (code: Code) => void;
}

/** Pushes the number of the element, or the four numbers. */
function pushIndex(code: Code, { isVector, pushIndex: push }: Element): void {
  push(code);
  if (isVector) code.op('i32x4.splat').op('v128.const', 0, 1, 2, 3).op('i32x4.add');
}

/** Pushes `step`, `time` or `index`; throws for what only some elements have. */
export function pushSpecial(code: Code, name: string, element: Element): void {
  const { context, step, isVector } = element;
  switch (name) {
    case 'step':
      code.get(step);
      if (isVector) code.op('i32x4.splat');
      return;
    case 'time':
      pushTime(code, context, step);
      if (isVector) code.op('f32x4.splat');
      return;
    case 'index':
      pushIndex(code, element);
      return;
    default:
      throw new Error(`internal: ${name} means nothing here`);
  }
}

/** The key of the draws: for vectors the local with the address of its `philoxTable`, else its two words, pushed. */
export interface DrawKey {
  /** Left out where elements are always drawn one by one. */
  readonly table?: () => number;
  readonly push: (code: Code) => void;
}

/** Makes the four words of a group of draws; returns their locals. */
export function makeDraws(
  code: Code,
  group: number,
  element: Element,
  key: DrawKey,
): readonly number[] {
  const { context, owner, step, isVector } = element;
  pushIndex(code, element);
  if (isVector) {
    if (key.table === undefined) throw new Error('internal: these draws are made one by one');
    const elements = owner.local('v128', 'element');
    code.set(elements);
    return writeVectorPhilox(owner, code, { element: elements, step, table: key.table(), group });
  }
  const words = [0, 1, 2, 3].map((word) => owner.local('i32', `draw${4 * group + word}`));
  code.get(step).i32(group);
  key.push(code);
  code.call(context.scalarPhilox);
  for (const word of words.toReversed()) code.set(word);
  return words;
}

/** A timed array and where its values lie. */
export function timedArray(
  { plan, layout }: Pick<Context, 'plan' | 'layout'>,
  table: number,
): Extract<Plan['tables'][number], { kind: 'timed' }> & { readonly address: number } {
  const slot = plan.tables[table];
  const placed = layout.tables[table];
  if (slot?.kind !== 'timed' || !placed) throw new Error('internal: not a timed array');
  return { ...slot, address: placed.address };
}
