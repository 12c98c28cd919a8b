/** The shaders of a network for people to read. The GPU engine's code is loaded when it is asked for. */
import type { KernelText } from './gpu/kernel-texts.ts';
import type { CompiledNetwork } from './plan/compile.ts';

export type { KernelText } from './gpu/kernel-texts.ts';

/**
 * The WGSL of every kernel that the GPU engine would run for a compiled network of precision f32, not yet released. No
 * GPU is needed. Throws RangeError for other precisions.
 */
export async function kernelTexts({ plan }: CompiledNetwork): Promise<KernelText[]> {
  if (plan.precision !== 'f32') throw new RangeError('GPUs compute in f32: compile for that.');
  const { kernelTextsOf } = await import('./gpu/kernel-texts.ts');
  return kernelTextsOf(plan);
}
