/**
 * Writes networks as NIR graphs, where NIR can say them: populations with the equations that `readNir` makes (LIF, IF,
 * CubaLIF, LI, I, CubaLI, Threshold), spike lists as inputs, and projections whose synapses are listed, one-to-one or
 * all-to-all. Everything else is refused by name. Files hold no spikes, no time step and no seed.
 */
import { NetworkError } from '../../errors.ts';
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  ProjectionDocument,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { graphToBytes } from './nir-file.ts';
import type { NirArray, NirGraph, NirNode } from './nir-graph.ts';
import { matrixOf, type ProjectionMatrix } from './projection-matrix.ts';
import { type RecognisedNeurons, recogniseNeurons } from './recognise-neurons.ts';

/**
 * The bytes of a `.nir` file with this network. Names of populations become names of nodes; each recording of a whole
 * population becomes an Output node. Reading it gives the same populations and projections.
 *
 * @throws NetworkError naming the first thing that NIR cannot say.
 */
export async function writeNir(document: NetworkDocument): Promise<Uint8Array> {
  return graphToBytes(graphOfNetwork(document));
}

interface Writing {
  readonly nodes: Map<string, NirNode>;
  readonly edges: [string, string][];
  readonly neurons: ReadonlyMap<string, RecognisedNeurons>;
  /** Constant currents that still need an Affine node to carry them. */
  readonly biases: Map<string, Float64Array>;
}

const refuse = (what: string, problem: string): never => {
  throw new NetworkError(`${what} cannot be written as NIR: ${problem}`, { path: what });
};

/** The graph that `writeNir` stores. */
export function graphOfNetwork(value: NetworkDocument): NirGraph {
  const document = validateDocument(value);
  const [input] = document.inputs;
  if (input !== undefined) refuse(`Poisson input "${input.name}"`, 'NIR has no random input.');
  const [field] = document.fields ?? [];
  if (field !== undefined)
    refuse(`Field "${field.name}"`, 'NIR has no space, and nothing diffuses in it.');
  if ((document.interventions ?? []).length > 0) {
    refuse('The network', 'it has interventions, and NIR files do not change while they run.');
  }
  const [array] = Object.keys(document.timedArrays);
  if (array !== undefined) refuse(`Timed array "${array}"`, 'NIR has none. Leave out the signal.');
  const neurons = new Map<string, RecognisedNeurons>();
  const biases = new Map<string, Float64Array>();
  for (const population of document.populations) {
    if (population.kind !== 'neurons') continue;
    const found = recogniseNeurons(population as NeuronPopulationDocument, document.params);
    neurons.set(population.name, found);
    if (found.bias !== null) biases.set(population.name, found.bias);
  }
  const writing: Writing = { nodes: new Map(), edges: [], neurons, biases };
  for (const { name, size, kind } of document.populations) {
    if (/^\.*$|\//.test(name)) refuse(`Population "${name}"`, 'its name is no name in HDF5 files.');
    const found = neurons.get(name);
    if (kind === 'spikes') writing.nodes.set(name, port('Input', size));
    else if (found?.kind === 'Output') writing.nodes.set(name, port('Output', size));
    else if (found !== undefined)
      writing.nodes.set(name, { type: found.kind, fields: found.fields });
  }
  for (const projection of document.projections) addProjection(projection, document, writing);
  const [left] = writing.biases.keys();
  if (left !== undefined) {
    refuse(`Population "${left}"`, 'it has a constant current but no projection to carry it.');
  }
  addOutputs(document, writing);
  return { nodes: writing.nodes, edges: writing.edges };
}

function port(type: 'Input' | 'Output', size: number): NirNode {
  return { type, fields: new Map([['shape', array([1], Float64Array.of(size))]]) };
}

const array = (shape: readonly number[], values: Float64Array): NirArray => ({ shape, values });

/** A name for a helper node that nothing else has. */
function freeName(writing: Writing, name: string): string {
  const plain = name.replaceAll('/', '_');
  let free = plain;
  for (let k = 2; writing.nodes.has(free); k++) free = `${plain} ${k}`;
  return free;
}

/** Source - [Delay] - weights - [Delay] - target. */
function addProjection(
  projection: ProjectionDocument,
  document: NetworkDocument,
  writing: Writing,
): void {
  const matrix = matrixOf(projection, document, writing.neurons);
  const { source, target } = matrix;
  const chain: NirNode[] = [];
  if (matrix.delayBefore !== null) chain.push(delayNode(matrix.delayBefore));
  const bias = writing.biases.get(target) ?? null;
  writing.biases.delete(target);
  const weights = weightNode(matrix, bias);
  if (weights !== null) chain.push(weights);
  if (matrix.delayAfter !== null) chain.push(delayNode(matrix.delayAfter));
  let from = source;
  for (const node of chain) {
    const name = freeName(writing, `${projection.name} ${node.type}`);
    writing.nodes.set(name, node);
    writing.edges.push([from, name]);
    from = name;
  }
  writing.edges.push([from, target]);
}

const delayNode = (seconds: Float64Array): NirNode => ({
  type: 'Delay',
  fields: new Map([['delay', array([seconds.length], seconds)]]),
});

function weightNode(matrix: ProjectionMatrix, bias: Float64Array | null): NirNode | null {
  const { diagonal, rows, columns } = matrix;
  if (diagonal !== null && bias === null) {
    if (diagonal.every((weight) => weight === 1)) return null;
    return { type: 'Scale', fields: new Map([['scale', array([rows], diagonal)]]) };
  }
  const weight = array([rows, columns], matrix.dense());
  if (bias === null) return { type: 'Linear', fields: new Map([['weight', weight]]) };
  return {
    type: 'Affine',
    fields: new Map([
      ['weight', weight],
      ['bias', array([rows], bias)],
    ]),
  };
}

/** Recordings of whole populations; where there are none, populations that lead nowhere. */
function addOutputs(document: NetworkDocument, writing: Writing): void {
  const sizes = new Map(document.populations.map(({ name, size }) => [name, size]));
  const add = (name: string, population: string): void => {
    const output = freeName(writing, name);
    writing.nodes.set(output, port('Output', sizes.get(population) ?? 1));
    writing.edges.push([population, output]);
  };
  const isReadout = (name: string): boolean => writing.neurons.get(name)?.kind === 'Output';
  let hasOutput = document.populations.some(({ name }) => isReadout(name));
  for (const { kind, name, target } of document.recordings) {
    const isWhole = target.from === undefined && target.to === undefined;
    if (kind === 'rate' || !isWhole || isReadout(target.population)) continue;
    add(name, target.population);
    hasOutput = true;
  }
  if (hasOutput) return;
  const leading = new Set(writing.edges.map(([from]) => from));
  for (const { name } of document.populations) {
    if (!leading.has(name) && !isReadout(name)) add(`${name} output`, name);
  }
}
