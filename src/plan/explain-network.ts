/** What was made of every text of a network, for people; nothing parses it. The models' part is language/explain.ts. */
import { explain, explainClocked, explainPathway, explainSum } from '../language/explain.ts';
import type { PlacedProjection } from './deliver-kernels.ts';
import { memoryReport } from './memory.ts';
import type { Plan } from './plan.ts';
import type { PopulationPart } from './populations.ts';

/** Populations with integrator, constants and statements; projections with their pathways; memory by buffer. */
export function explainNetwork(
  plan: Pick<Plan, 'memory'>,
  populations: readonly PopulationPart[],
  projections: readonly PlacedProjection[],
): string {
  const parts = [
    ...populations.map(({ document, model, lowered, field }) => {
      const head =
        field === null
          ? `Population "${document.name}" (${document.size})`
          : `Field "${document.name}" (voxels: ${field.grid.join(' x ')}, every ${field.every} steps)`;
      return model === null || lowered === null
        ? `${head}: given spikes`
        : `${head}\n\n${explain(model, lowered)}`;
    }),
    ...projections.map(({ part, count, way }) => {
      const how = way === 'procedural' ? ', procedural' : '';
      const head = `Projection "${part.document.name}" (synapses: ${count}${how})`;
      const pathways = part.pathways.map(({ checked, lowered }) =>
        explainPathway(checked.name, lowered),
      );
      return [
        head,
        ...part.clocked.map(explainClocked),
        ...pathways,
        ...part.summed.map(explainSum),
      ].join('\n\n');
    }),
    `Memory\n\n${memoryReport(plan)}`,
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n\n')}\n`;
}
