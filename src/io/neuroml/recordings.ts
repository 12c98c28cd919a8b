/** The output columns of a LEMS simulation as recordings. Displays are left out: they are pictures of columns. */
import type { RecordingDocument } from '../../network/document.ts';
import type { NetworkBuilding } from './connections.ts';
import { type Building, populationOf } from './populations.ts';
import type { XmlElement } from './xml.ts';

/** What of one population is wanted. */
interface Wanted {
  readonly variables: Set<string>;
  readonly neurons: Set<number>;
}

/** One recording of states per population, "NAME traces", of every variable and cell that some column shows. */
export function readTraces(
  simulation: XmlElement,
  network: NetworkBuilding,
  warnings: string[],
): readonly RecordingDocument[] {
  const wanted = new Map<string, Wanted>();
  const columns = simulation.children
    .filter(({ name }) => name === 'OutputFile')
    .flatMap(({ children }) => children.filter(({ name }) => name === 'OutputColumn'));
  for (const column of columns) {
    const quantity = column.attributes.get('quantity') ?? '';
    const found = find(quantity, network);
    if (found === null) {
      warnings.push(
        `${column.file}, line ${column.line}: "${quantity.slice(0, 80)}" is not recorded.`,
      );
      continue;
    }
    const { population, index, variable } = found;
    const entry = wanted.get(population.name) ?? { variables: new Set(), neurons: new Set() };
    wanted.set(population.name, entry);
    entry.variables.add(variable);
    entry.neurons.add(index);
  }
  return [...wanted].map(([name, { variables, neurons }]) => ({
    kind: 'state',
    name: `${name} traces`,
    target: { population: name },
    variables: [...variables],
    neurons: [...neurons].sort((a, b) => a - b),
  }));
}

/** "pop[0]/v", "pop/0/cell/v", "pop[0]/channels/channel/gate/q", "pop[0]/synapse/g": the variable that is meant. */
function find(quantity: string, network: NetworkBuilding) {
  const [, name = '', inBrackets, inPath, rest = ''] =
    /^(?:\.\.\/|\.\/)*([^/[\]]+)(?:\[(\d+)\]|\/([^/]+)\/[^/]+)\/(.+)$/.exec(quantity) ?? [];
  const population = network.populations.get(name);
  if (population === undefined || population.cell === null) return null;
  const id = inBrackets ?? inPath ?? '';
  const index = population.indexOf?.get(id) ?? Number(id);
  const variable = variableOf(rest.split('/'), population, network);
  const isThere = Number.isInteger(index) && index >= 0 && index < population.size;
  return variable === null || !isThere ? null : { population, index, variable };
}

function variableOf(
  path: readonly string[],
  population: Building,
  network: NetworkBuilding,
): string | null {
  const last = path.at(-1) ?? '';
  const owner = path.at(-2);
  let variable = last;
  if (last === 'q') {
    variable = `${(owner ?? '').replace(/[^A-Za-z0-9]/g, '')}_${network.names.of(path.at(-4) ?? '', 'channel')}`;
  } else if (owner !== undefined) variable = `${last}_${network.names.of(owner, 'synapse')}`;
  const document = populationOf(population);
  const text = document.kind === 'neurons' ? document.eqs : '';
  return text.split('\n').some((line) => line.startsWith(`d${variable}/dt`)) ? variable : null;
}
