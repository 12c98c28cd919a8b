/**
 * Writes the choice between two update functions of a kernel: one that samples the neurons of its probe, for steps in
 * which they are due, and one that knows of no probe, for all others. So a probe costs nothing while nobody looks.
 */
import type { Context } from './context.ts';
import type { KernelLayout } from './layout.ts';
import { addUpdate, type UpdateFunction, type UpdatePart } from './update.ts';

/** Adds the update function of a kernel, its probe included where it has one. */
export function addProbed(
  context: Context,
  layout: KernelLayout,
  part: Exclude<UpdatePart, 'begin'>,
): UpdateFunction {
  const plain = addUpdate(context, layout, part);
  const { probe: placed } = layout;
  const { probe, name } = layout.kernel;
  if (!probe || placed?.activeAddress == null) return plain;
  const probed = addUpdate(context, layout, part, true);
  const { parameters } = plain.function;
  const chosen = context.module.function(
    `${part}_${name}_or_probed`,
    parameters.map((type, index) => [`argument${index}`, type] as const),
  );
  const { code } = chosen;
  const call = (update: UpdateFunction): void => {
    for (const index of parameters.keys()) code.get(index);
    code.call(update.function);
  };
  code.get(0).i32(probe.every).op('i32.rem_u').op('i32.eqz');
  code.i32(0).op('i32.load', placed.activeAddress).op('i32.and');
  code.if(
    () => call(probed),
    () => call(plain),
  );
  return { ...plain, function: chosen };
}
