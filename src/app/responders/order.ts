/** Rows of who responded, and their order. Pure. */

export interface Row {
  readonly population: string;
  readonly index: number;
  readonly id: string;
  /** null where only means are known. */
  readonly spikes: number | null;
  readonly rateHz: number;
  /** Over trials; null of one run. */
  readonly sdHz: number | null;
}

export type Key = 'id' | 'population' | 'spikes' | 'rateHz' | 'sdHz';

export interface Order {
  readonly key: Key;
  readonly isAscending: boolean;
}

export const BY_RATE: Order = { key: 'rateHz', isAscending: false };

/** Numbers with the largest first at a first press, texts from A. */
export const pressed = (order: Order, key: Key): Order =>
  order.key === key
    ? { key, isAscending: !order.isAscending }
    : { key, isAscending: key === 'id' || key === 'population' };

/** In that order; the same in what is compared stay as they were. Ids of digits compare as numbers, however long. */
export function ordered(rows: readonly Row[], { key, isAscending }: Order): Row[] {
  const sign = isAscending ? 1 : -1;
  return [...rows].sort((a, b) => sign * compare(a, b, key));
}

function compare(a: Row, b: Row, key: Key): number {
  if (key === 'population') return compareTexts(a.population, b.population) || a.index - b.index;
  if (key === 'id') return compareTexts(a.id, b.id) || a.index - b.index;
  return (a[key] ?? 0) - (b[key] ?? 0);
}

function compareTexts(a: string, b: string): number {
  const areNumbers = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (areNumbers && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
