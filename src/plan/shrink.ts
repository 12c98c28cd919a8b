/** What people can do about a network that does not fit: only what helps, with how much it saves. Text for errors. */
import { describeBytes } from './memory.ts';
import type { Plan } from './plan.ts';

/** All that a WebAssembly memory can address. */
export const CPU_BYTES = 2 ** 32;

/**
 * The end of a message, one sentence: synapses made again for every spike where these would take less, fewer neurons, the
 * other engine where the network would fit there. `engine` is the one that it does not fit.
 */
export function waysToShrink(plan: Plan, engine: 'cpu' | 'gpu'): string {
  const ways: string[] = [];
  const saved = proceduralSaves(plan);
  if (saved > 0) {
    ways.push(
      `let synapses be made again for every spike (synapses: "procedural"), which saves ${describeBytes(saved)}`,
    );
  }
  ways.push('use fewer neurons or sparser connections');
  const needed = plan.memory.reduce((sum, { bytes }) => sum + bytes, 0);
  if (engine === 'gpu' && needed < CPU_BYTES) {
    ways.push(`use the CPU engine (engine: "cpu"), which has room for ${describeBytes(CPU_BYTES)}`);
  }
  if (engine === 'cpu' && plan.precision === 'f32') {
    ways.push('use the GPU engine (engine: "gpu") where the GPU has that much memory');
  }
  const [first = '', ...others] = ways;
  const text = others.length === 0 ? first : `${ways.slice(0, -1).join('; ')}; or ${ways.at(-1)}`;
  return `To make it fit, ${text}.`;
}

/** Bytes of synapses that engines make and store, and could make again instead. */
function proceduralSaves(plan: Plan): number {
  const cell = plan.precision === 'f64' ? 8 : 4;
  return (
    4 * (plan.synapseWords - plan.synapses.length) +
    cell * (plan.synapseCells - plan.synapseState.length)
  );
}
