/**
 * The WGSL of a plan's kernels, for people: the same texts that the engine compiles, each kernel by itself. Needs no
 * device. Which kernels share a dispatch, and with what numbers, is dispatches.ts.
 */
import type { Plan } from '../plan/plan.ts';
import { clockedShader } from './clocked-kernels.ts';
import { diffuseShader, fillsQuads, reactShader } from './field-kernels.ts';
import { generateShader, updateShader } from './kernels.ts';
import type { KernelContext } from './names.ts';
import { placeSynapses } from './parts.ts';
import { planWords } from './plan-words.ts';
import type { Shader } from './shaders.ts';
import { deliverShader, summedShader } from './synapse-kernels.ts';

/** A kernel and its text. */
export interface KernelText {
  /** "update neurons", "deliver exc onPre". */
  readonly name: string;
  readonly code: string;
}

/** Words of one buffer that devices grant at least; where there are more synapses, kernels are dispatched several times. */
const MOST_WORDS = 2 ** 25;

/** All kernels of a plan, in the order in which a window dispatches them. */
export function kernelTextsOf(plan: Plan): KernelText[] {
  const context: KernelContext = {
    words: planWords(plan, placeSynapses(plan, MOST_WORDS)),
    arithmetic: 'ordered',
  };
  const isOneStep = plan.windowSteps === 1;
  const opener = plan.update.findIndex(({ spiked }) => spiked !== null);
  const opensFirst = plan.generators.length > 0;
  const whole = { splitsColumns: false, isContinued: false };
  const text = (name: string, shader: Shader | null): KernelText[] =>
    shader === null ? [] : [{ name, code: shader.code }];
  return [
    ...(opensFirst ? text('generate', generateShader(true)) : []),
    ...plan.summed.flatMap((kernel) => text(kernel.name, summedShader(kernel, whole, context))),
    ...plan.update.flatMap((kernel, k) => {
      const variant = { opensWindow: !opensFirst && k === opener, isOneStep };
      return text(kernel.name, updateShader(kernel, variant, context));
    }),
    ...plan.clocked.flatMap((kernel) => text(kernel.name, clockedShader(kernel, context))),
    ...plan.deliver.flatMap((kernel) => {
      const variant = { sharesRows: false, splitsColumns: false };
      return text(kernel.name, deliverShader(kernel, variant, context));
    }),
    ...plan.fields.flatMap((kernel) => {
      const isQuads = fillsQuads(kernel);
      return [
        ...text(`${kernel.name}, diffusion`, diffuseShader(kernel, isQuads, context)),
        ...text(`${kernel.name}, reaction`, reactShader(kernel, isQuads, context)),
      ];
    }),
  ];
}
