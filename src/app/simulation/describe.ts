/** What the page is told of a network that was built. Reads the simulation; changes nothing. */
import { accelerationsText, describeAdapter, type Simulation } from '../../index.ts';
import type { NetworkInfo, PopulationInfo, ProjectionInfo, VariableInfo } from './protocol.ts';

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
  const layouts = new Map(simulation.populations.map((layout) => [layout.name, layout]));
  const populations = simulation.document.populations.map((population): PopulationInfo => {
    const layout = layouts.get(population.name);
    const { positions } = population;
    return {
      name: population.name,
      size: population.size,
      first: layout?.first ?? 0,
      method: layout?.method ?? null,
      variables: population.kind === 'neurons' ? variablesOf(population.eqs) : [],
      space: positions === undefined ? 0 : dimensionsOf(positions),
    };
  });
  const projections = simulation.document.projections.map(
    ({ name, source, target, eqs = '' }): ProjectionInfo => ({
      name,
      source: source.population,
      target: target.population,
      synapses: Number.NaN,
      variables: variablesOf(eqs),
    }),
  );
  const found = await describeAdapter();
  return {
    document,
    ...texts,
    populations,
    projections,
    fields: [],
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

function dimensionsOf(positions: object): 2 | 3 {
  if ('box' in positions) return (positions.box as readonly unknown[]).length > 2 ? 3 : 2;
  if ('grid' in positions) return (positions.grid as readonly number[]).length > 2 ? 3 : 2;
  return 'z' in positions ? 3 : 2;
}

/** Names and units of the variables that equations declare, one per line "dv/dt = … : volt (flags)". */
function variablesOf(eqs: string): VariableInfo[] {
  const found: VariableInfo[] = [];
  for (const line of eqs.split('\n')) {
    const match =
      /^\s*(?:d(\w+)\/d\w+\s*=.*|(\w+)\s*):\s*([^(:#]+?)\s*(\(([^)]*)\))?\s*(#.*)?$/.exec(line);
    if (!match) continue;
    const [, differential, plain, unit = '1', , flags = ''] = match;
    found.push({
      name: (differential ?? plain) as string,
      unit: unit === '1' ? '' : unit,
      slow: /\bslow\b/.test(flags),
    });
  }
  return found;
}
