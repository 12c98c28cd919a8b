/** Concentrations in a unit in which they are neither thousands nor thousandths: "0.00002 mM" is read as "20 nM". */

export interface ShownUnit {
  readonly unit: string;
  /** What a value in the variable's own unit is multiplied by. */
  readonly factor: number;
}

/** Molar, from the largest; what they are in mM. */
const MOLAR: readonly (readonly [string, number])[] = [
  ['M', 1e3],
  ['mM', 1],
  ['µM', 1e-3],
  ['nM', 1e-6],
  ['pM', 1e-9],
];

/** The unit for values up to `most`; `before` stays while they are between a hundredth and ten thousand in it. */
export function unitFor(unit: string, most: number, before: ShownUnit | null): ShownUnit {
  const own = { unit: unit.replace(/^u(?=[A-Z])/, 'µ'), factor: 1 };
  const size = MOLAR.find(([name]) => name === own.unit)?.[1];
  if (size === undefined) return own;
  if (!(most > 0) || !Number.isFinite(most)) return before ?? own;
  const inBefore = before ? most * before.factor : Number.NaN;
  if (before && inBefore >= 0.01 && inBefore < 1e4) return before;
  const fitting = MOLAR.find(([, one]) => (most * size) / one >= 1) ?? MOLAR.at(-1);
  return fitting ? { unit: fitting[0], factor: size / fitting[1] } : own;
}
