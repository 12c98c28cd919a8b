/** What the page is told of a network that was built. Reads the simulation; changes nothing. */
import {
  accelerationsText,
  DIMENSIONS,
  describeAdapter,
  type FieldDocument,
  parseQuantity,
  type Quantity,
  type Simulation,
  type VariableDescription,
} from '../../index.ts';
import { signOfPopulation } from '../build/signs.ts';
import type {
  FieldInfo,
  NetworkInfo,
  PopulationInfo,
  ProjectionInfo,
  VariableInfo,
} from './protocol.ts';

export interface Texts {
  readonly title: string;
  readonly citation: string;
  readonly note: string;
}

export async function describeNetwork(
  simulation: Simulation,
  document: NetworkInfo['document'],
  texts: Texts,
): Promise<NetworkInfo> {
  const summary = simulation.summary();
  const found = await describeAdapter();
  return {
    document,
    ...texts,
    populations: populationsOf(simulation),
    projections: projectionsOf(simulation),
    fields: (simulation.document.fields ?? []).map((field) => fieldOf(field, simulation)),
    neurons: summary.neurons,
    synapses: summary.synapses,
    dtMs: summary.dt_ms,
    memoryBytes: summary.memory_bytes,
    engine: summary.engine,
    adapter: summary.adapter ? summary.adapter.description || summary.adapter.vendor : null,
    webgpu: found ? (found.description.isFallback ? 'software' : 'hardware') : 'none',
    exactArithmetic: summary.exact_arithmetic,
    compileSeconds: summary.compile_s,
    buildSeconds: summary.build_s,
    accelerations: accelerationsText(summary.slow_time),
    warnings: summary.warnings,
  };
}

function populationsOf(simulation: Simulation): PopulationInfo[] {
  return simulation.populations.map((layout, index): PopulationInfo => {
    const positions = simulation.document.populations[index]?.positions;
    return {
      ...layout,
      variables: simulation.variables(layout.name).map(variableInfo),
      space: positions === undefined ? 0 : dimensionsOf(positions),
      sign: signOfPopulation(simulation.document, layout.name),
    };
  });
}

function projectionsOf(simulation: Simulation): ProjectionInfo[] {
  return simulation.projections.map(({ name, synapses, procedural }, index): ProjectionInfo => {
    const document = simulation.document.projections[index];
    return {
      name,
      source: document?.source.population ?? '',
      target: document?.target.population ?? '',
      synapses,
      procedural,
      // What synapses compute is of their pathways, and cannot be looked at.
      variables: simulation
        .variables(name)
        .filter(({ kind }) => kind !== 'subexpression')
        .filter(({ flags }) => !flags.includes('summed'))
        .map(variableInfo),
    };
  });
}

function fieldOf(field: FieldDocument, simulation: Simulation): FieldInfo {
  const where = `Field "${field.name}"`;
  const length = (quantity: Quantity): number =>
    parseQuantity(quantity, where, DIMENSIONS.length).value;
  const edge = (axis: number): number => {
    const { spacing, grid } = field;
    const list = Array.isArray(spacing) ? (spacing as readonly Quantity[]) : null;
    // An axis that the grid does not name has the first edge.
    const own = list === null ? (spacing as Quantity) : list[axis < grid.length ? axis : 0];
    return length(own as Quantity);
  };
  const corner = (axis: number): number => length(field.origin?.[axis] ?? '0 um');
  return {
    name: field.name,
    grid: [field.grid[0] ?? 1, field.grid[1] ?? 1, field.grid[2] ?? 1],
    spacingUm: [edge(0), edge(1), edge(2)],
    originUm: [corner(0), corner(1), corner(2)],
    variables: simulation.variables(field.name).map(variableInfo),
  };
}

export const variableInfo = ({
  name,
  unit,
  flags,
  isStored,
}: VariableDescription): VariableInfo => ({
  name,
  unit,
  slow: flags.includes('slow'),
  stored: isStored,
});

function dimensionsOf(positions: object): 2 | 3 {
  if ('box' in positions) return (positions.box as readonly unknown[]).length > 2 ? 3 : 2;
  if ('grid' in positions) return (positions.grid as readonly number[]).length > 2 ? 3 : 2;
  return 'z' in positions ? 3 : 2;
}
