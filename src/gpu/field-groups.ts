/**
 * Fields that run together: those with the same clock share their dispatches. Where the copies lie that diffusion
 * writes; nothing in them outlives a run, so all groups have the same cells. Numbers only.
 */
import type { FieldKernel, Plan } from '../plan/plan.ts';

/** The fields of one clock, by number in Plan.fields. */
export interface FieldGroup {
  readonly every: number;
  readonly fields: readonly number[];
}

/** Groups in order of their first fields. */
export function fieldGroups({ fields }: Plan): readonly FieldGroup[] {
  return [...new Set(fields.map(({ every }) => every))].map((every) => ({
    every,
    fields: fields.flatMap((field, k) => (field.every === every ? [k] : [])),
  }));
}

/** First cell of the copies of each field, and cells in all. */
export function fieldCopies(plan: Plan): {
  readonly bases: readonly number[];
  readonly cells: number;
} {
  const bases = plan.fields.map(() => 0);
  let cells = 0;
  for (const { fields } of fieldGroups(plan)) {
    let base = 0;
    for (const k of fields) {
      bases[k] = base;
      base += copiedCells(plan.fields[k] as FieldKernel);
    }
    cells = Math.max(cells, base);
  }
  return { bases, cells };
}

const copiedCells = ({ count, diffusion }: FieldKernel): number =>
  count * diffusion.filter((factors) => factors !== null).length;
