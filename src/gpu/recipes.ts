/**
 * Recipes of rows as words for lib/recipe.wgsl, and the tables that they use. Twin of that file: same word numbers. Makes
 * no synapses.
 */
import type { StoredVariable } from '../language/kernel.ts';
import type { GeneratedRows, GeneratedValue, ProjectionSlot, TableSlot } from '../plan/plan.ts';

/** Words of a recipe before those of the variables, and words of each variable. */
export const RECIPE_VALUES = 13;
export const VALUE_WORDS = 4;
const NONE = 0xffffffff;

const RULES: Readonly<Record<GeneratedRows['rule'], number>> = {
  'one-to-one': 0,
  'all-to-all': 1,
  gaps: 2,
  draws: 3,
};

/** First words of tables and their lengths, by table number. */
export type TableWords = readonly { readonly first: number; readonly length: number }[];

/** The words of a projection's recipe. `bits` gives the bit pattern of an f32. */
export function recipeWords(
  { sourceFirst, targetFirst, targetCount, delaySteps }: ProjectionSlot,
  recipe: GeneratedRows,
  variables: readonly StoredVariable[],
  tables: TableWords,
  bits: (value: number) => number,
): number[] {
  const { rule, seed, stream, autapses, length } = recipe;
  const gaps = tables[recipe.table];
  if (rule === 'gaps' && gaps === undefined) throw new Error('internal: a recipe without its gaps');
  const delay = recipe.delay ?? { kind: 'constant', value: delaySteps };
  const values = variables.map(({ name, type }, index) => {
    const value = recipe.values[index];
    if (value === undefined) throw new Error(`internal: no value of ${name} in a recipe`);
    return valueWords(value, type === 'i32', tables, bits);
  });
  return [
    RULES[rule],
    seed >>> 0,
    stream >>> 0,
    (sourceFirst - targetFirst) >>> 0,
    autapses ? 1 : 0,
    targetCount,
    length < 0 ? NONE : length,
    gaps?.first ?? 0,
    gaps?.length ?? 0,
    ...valueWords(delay, true, tables, bits),
    ...values.flat(),
  ];
}

function valueWords(
  value: GeneratedValue,
  isWhole: boolean,
  tables: TableWords,
  bits: (value: number) => number,
): number[] {
  const flag = isWhole ? 1 : 0;
  if (value.kind === 'constant') {
    return [0, 0, isWhole ? value.value >>> 0 : bits(value.value), flag];
  }
  const table = tables[value.table];
  if (table === undefined) throw new Error('internal: a drawn value without its table');
  return [value.stream >>> 0, table.first, 0, flag];
}

/** A table of gaps: thresholds, then the first candidates, two in a word. */
export function gapWords({
  thresholds,
  guide,
}: Extract<TableSlot, { readonly kind: 'gaps' }>): Uint32Array {
  const words = new Uint32Array(thresholds.length + guide.length / 2);
  words.set(thresholds);
  for (let h = 0; h < guide.length; h += 2) {
    words[thresholds.length + h / 2] = (guide[h] as number) | ((guide[h + 1] as number) << 16);
  }
  return words;
}

/** The largest f32: stands for infinity, which shaders must not see. */
const LARGEST = 2 ** 128 - 2 ** 104;

/** A table of quantiles: starts, slopes, bounds. */
export function quantileWords({
  starts,
  slopes,
  least,
  most,
}: Extract<TableSlot, { readonly kind: 'quantiles' }>): Uint32Array {
  const values = new Float32Array(starts.length + slopes.length + 2);
  values.set(starts);
  values.set(slopes, starts.length);
  values.set([Math.max(least, -LARGEST), Math.min(most, LARGEST)], starts.length + slopes.length);
  return new Uint32Array(values.buffer);
}
