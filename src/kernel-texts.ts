/** The shaders of a network for people to read. The GPU engine's code is loaded when it is asked for. */
import type { KernelText } from './gpu/kernel-texts.ts';
import { describeValue, isPlainObject } from './language/argument.ts';
import type { CompiledNetwork } from './plan/compile.ts';

export type { KernelText } from './gpu/kernel-texts.ts';

/**
 * The WGSL of every kernel that the GPU engine would run for a compiled network of precision f32, not yet released. No
 * GPU is needed. Throws RangeError for other precisions, TypeError for what is no compiled
 * network.
 */
export async function kernelTexts(network: CompiledNetwork): Promise<KernelText[]> {
  const { plan } = network ?? {};
  if (!isPlainObject(plan)) {
    throw new TypeError(
      `kernelTexts: the network must be a compiled one, got ${describeValue(network)}.`,
    );
  }
  if (plan.precision !== 'f32') throw new RangeError('GPUs compute in f32: compile for that.');
  const { kernelTextsOf } = await import('./gpu/kernel-texts.ts');
  return kernelTextsOf(plan);
}
