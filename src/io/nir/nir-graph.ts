/**
 * A NIR graph as plain data: named nodes with their type and arrays, and edges. Nested graphs are flattened here. Says
 * nothing about what the types mean, and reads no files.
 */
import { NetworkError } from '../../errors.ts';

/** Numbers of any HDF5 type, row-major. A scalar has the shape []. */
export interface NirArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export interface NirNode {
  readonly type: string;
  readonly fields: ReadonlyMap<string, NirArray | string>;
}

/** A graph: names in it are unique; an edge leads from the first name to the second. */
export interface NirGraph {
  readonly nodes: ReadonlyMap<string, NirNode | NirGraph>;
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** A graph without graphs in it. Inputs and outputs of nested graphs have the type "Port": they pass on what comes. */
export interface FlatGraph {
  readonly nodes: ReadonlyMap<string, NirNode>;
  readonly edges: readonly (readonly [from: string, to: string])[];
}

const isGraph = (node: NirNode | NirGraph): node is NirGraph => 'nodes' in node;

/** Refuses a file, saying where. */
export function refuseNir(where: string, problem: string, value?: unknown): never {
  throw new NetworkError(`NIR file, ${where}: ${problem}`, { path: `NIR ${where}`, value });
}

/** Flattens nested graphs: node "b" of graph "a" is "a.b". `onWarning` hears of what was guessed. */
export function flattenGraph(graph: NirGraph, onWarning: (text: string) => void): FlatGraph {
  const nodes = new Map<string, NirNode>();
  const edges: (readonly [string, string])[] = [];
  addGraph(graph, '', { nodes, edges, onWarning });
  return { nodes, edges };
}

interface Flattening {
  readonly nodes: Map<string, NirNode>;
  readonly edges: (readonly [string, string])[];
  readonly onWarning: (text: string) => void;
}

/** Where edges to and from a node of a graph really go. */
interface Ends {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function addGraph(graph: NirGraph, prefix: string, flat: Flattening): Ends {
  const ends = new Map<string, Ends>();
  const inputs: string[] = [];
  const outputs: string[] = [];
  for (const [name, node] of graph.nodes) {
    const full = prefix + name;
    if (isGraph(node)) {
      ends.set(name, addGraph(node, `${full}.`, flat));
      continue;
    }
    if (flat.nodes.has(full)) refuseNir(`node "${full}"`, 'two nodes have this name. Rename one.');
    const isEnd = node.type === 'Input' || node.type === 'Output';
    flat.nodes.set(full, isEnd && prefix !== '' ? { ...node, type: 'Port' } : node);
    ends.set(name, { inputs: [full], outputs: [full] });
    if (node.type === 'Input') inputs.push(full);
    if (node.type === 'Output') outputs.push(full);
  }
  const names = nameRepair(graph, prefix, flat.onWarning);
  for (const [from, to] of graph.edges) {
    const sources = endsOf(names(from), ends, prefix).outputs;
    const targets = endsOf(names(to), ends, prefix).inputs;
    for (const source of sources) for (const target of targets) flat.edges.push([source, target]);
  }
  return { inputs, outputs };
}

function endsOf(name: string, ends: ReadonlyMap<string, Ends>, prefix: string): Ends {
  const found = ends.get(name);
  if (found !== undefined) return found;
  const where = prefix === '' ? 'edges' : `edges of graph "${prefix.slice(0, -1)}"`;
  return refuseNir(where, `there is no node "${name}". Nodes: ${[...ends.keys()].join(', ')}.`);
}

/**
 * Some exporters call the one cell of a nested graph differently in the edges and in the list of nodes. Where exactly one
 * name in the edges has no node and exactly one node has no edge, the two are the same.
 */
function nameRepair(
  graph: NirGraph,
  prefix: string,
  onWarning: (text: string) => void,
): (name: string) => string {
  const named = new Set(graph.edges.flat());
  const strangers = [...named].filter((name) => !graph.nodes.has(name));
  const lonely = [...graph.nodes.keys()].filter((name) => !named.has(name));
  const [stranger] = strangers;
  const [meant] = lonely;
  if (prefix === '' || strangers.length !== 1 || lonely.length !== 1 || meant === undefined) {
    return (name) => name;
  }
  onWarning(
    `NIR file: the edges of graph "${prefix.slice(0, -1)}" name "${stranger}", which does not exist; ` +
      `taken as "${meant}", the only node without an edge.`,
  );
  return (name) => (name === stranger ? meant : name);
}
