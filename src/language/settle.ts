/**
 * Lets what decays come to rest. In single precision a variable that decays becomes subnormal after 88 time constants
 * and stays so for 16 more; processors multiply such numbers a hundred times more slowly, and GPUs are free to take them
 * for 0. So every 64 steps numbers below the normal range become 0, on all engines at the same steps.
 */
import type { Place, Statement } from './kernel.ts';
import * as ir from './kernel.ts';

/** How often: seldom enough to cost nothing, often enough beside the 16 time constants. */
const EVERY_STEPS = 64;
/** The smallest normal number of single precision. */
const SMALLEST_NORMAL = 2 ** -126;

/** What comes before the integration of these variables; `always` for those that advance seldom anyway. */
export function settle(
  updates: readonly { readonly name: string }[],
  placeOf: (name: string) => Place,
  always = false,
): readonly Statement[] {
  if (updates.length === 0) return [];
  const phase = ir.binary('rem', ir.special('step'), ir.integer(EVERY_STEPS));
  const body = updates.map(({ name }): Statement => {
    const place = placeOf(name);
    const isTiny = ir.binary('lt', ir.unary('abs', ir.get(place)), ir.literal(SMALLEST_NORMAL));
    return { kind: 'set', place, value: ir.select(isTiny, ir.literal(0), ir.get(place)) };
  });
  const condition = ir.binary('eq', phase, ir.integer(0));
  return [
    { kind: 'comment', text: 'what has decayed comes to rest' },
    ...(always ? body : [{ kind: 'if', condition, body, rare: true } as const]),
  ];
}
