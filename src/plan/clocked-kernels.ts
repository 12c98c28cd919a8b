/** Kernels of clock-driven synapse equations: one for each projection and clock. */
import { readsEnd } from '../language/lower-clocked.ts';
import { streamOf } from '../language/philox.ts';
import { commonSlot, type Making, type PlacedProjection } from './deliver-kernels.ts';
import type { ClockedKernel } from './plan.ts';

/** The kernels, in the order of projections; a projection without synapses has none. */
export function layOutClocked(
  making: Making,
  projections: readonly PlacedProjection[],
): ClockedKernel[] {
  return projections.flatMap((projection) => {
    const { part, placed, count } = projection;
    const own = count === 0 ? [] : part.clocked;
    return own.map((lowered): ClockedKernel => {
      const { every, synapseVariables, preVariables, postVariables, body } = lowered;
      return {
        name: `${every === 1 ? 'synapses' : 'slow synapses'} ${part.document.name}`,
        every,
        count,
        projection: {
          ...commonSlot(making, projection, lowered),
          // Pathways draw by the same synapses and steps.
          stream: streamOf('clocked', part.document.name),
          rows: -1,
          synapseBase: -1,
          delayBase: -1,
          generate: null,
          delaySteps: 0,
          delayRange: [0, 0],
          inputs: [],
        },
        ends: {
          pre: readsEnd(lowered, 'pre') ? placed.ends.pre : -1,
          post: readsEnd(lowered, 'post') ? placed.ends.post : -1,
        },
        synapseVariables,
        preVariables,
        postVariables,
        body,
      };
    });
  });
}
