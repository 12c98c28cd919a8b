/** The list of tables of a plan: equal ones are there once. Makes no tables. */
import type { TableSlot } from './plan.ts';

/** Number of an equal table among those there are, else of this one, which is added. */
export function tableNumber(tables: TableSlot[], table: TableSlot): number {
  const known = tables.findIndex((one) => isEqual(one, table));
  return known >= 0 ? known : tables.push(table) - 1;
}

function isEqual(a: TableSlot, b: TableSlot): boolean {
  if (a.kind !== b.kind) return false;
  const others = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).every(([key, value]) => isSame(value, others.get(key)));
}

/** Numbers, texts, and lists of numbers. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isList(a) || !isList(b) || a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

const isList = (value: unknown): value is ArrayLike<number> => ArrayBuffer.isView(value);
