/**
 * Traces what reaches each neuron of a NIR graph: from which sources, through which weights and delays, and which
 * constant. Stateless nodes vanish here.
 */
import { listNames } from '../../language/messages.ts';
import { addMaps, applyMap, composeMaps, diagonalMap, type LinearMap } from './linear-map.ts';
import { type FlatGraph, type NirNode, refuseNir } from './nir-graph.ts';
import { NEURON_FIELDS, type NeuronKind } from './nir-neurons.ts';
import { checkShape, OPERATIONS, shapeOf, sizeOf } from './nir-operations.ts';

/** What arrives somewhere: a sum over sources, plus a constant. */
export interface Signal {
  readonly shape: readonly number[];
  readonly sources: ReadonlyMap<string, LinearMap>;
  readonly bias: Float64Array | null;
}

/** A node that stays: an input, a neuron or an output. */
export interface TracedNode {
  readonly name: string;
  readonly node: NirNode;
  readonly shape: readonly number[];
  /** null for inputs. */
  readonly input: Signal | null;
}

const isNeuron = (type: string): type is NeuronKind =>
  Object.hasOwn(NEURON_FIELDS, type) && type !== 'Output';

/** Where signals start: inputs and neurons. */
const isSource = (type: string): boolean => type === 'Input' || isNeuron(type);

/** The nodes that stay, in the order of the file. */
export function traceSignals(graph: FlatGraph): readonly TracedNode[] {
  checkTypes(graph);
  const before = new Map<string, string[]>([...graph.nodes.keys()].map((name) => [name, []]));
  for (const [from, to] of graph.edges) before.get(to)?.push(from);
  const tracer: Tracer = { graph, before, outputs: new Map() };
  resolve(tracer);
  const traced: TracedNode[] = [];
  for (const [name, node] of graph.nodes) {
    if (!isSource(node.type) && node.type !== 'Output') continue;
    const { shape } = tracer.outputs.get(name) as Signal;
    const input = node.type === 'Input' ? null : signalInto(tracer, name, shape);
    traced.push({ name, node, shape, input });
  }
  return traced;
}

function checkTypes(graph: FlatGraph): void {
  for (const [name, { type }] of graph.nodes) {
    if (isSource(type) || Object.hasOwn(OPERATIONS, type)) continue;
    const known = [...Object.keys(NEURON_FIELDS), ...Object.keys(OPERATIONS), 'Input', 'NIRGraph'];
    const names = [...new Set(known)].filter((one) => one !== 'Port').toSorted();
    refuseNir(
      `node "${name}"`,
      `the type ${type} is not supported. Supported: ${listNames(names, 40)}.`,
    );
  }
}

interface Tracer {
  readonly graph: FlatGraph;
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** What leaves each node that has been resolved. */
  readonly outputs: Map<string, Signal>;
}

/** Finds what leaves every node: sources first, then each node whose predecessors are known. */
function resolve(tracer: Tracer): void {
  const waiting = new Map(tracer.graph.nodes);
  while (waiting.size > 0) {
    let progress = false;
    for (const [name, node] of waiting) {
      const output = resolveNode(tracer, name, node, false);
      if (output === null) continue;
      tracer.outputs.set(name, output);
      waiting.delete(name);
      progress = true;
    }
    if (!progress) resolveOneSource(tracer, waiting);
  }
}

/** Neurons that feed each other and say no size have the size that is written: one. */
function resolveOneSource(tracer: Tracer, waiting: Map<string, NirNode>): void {
  for (const [name, node] of waiting) {
    const output = isSource(node.type) ? resolveNode(tracer, name, node, true) : null;
    if (output === null) continue;
    tracer.outputs.set(name, output);
    waiting.delete(name);
    return;
  }
  refuseNir('edges', `a loop without a neuron: ${listNames([...waiting.keys()], 6)}.`);
}

function resolveNode(tracer: Tracer, name: string, node: NirNode, isLast: boolean): Signal | null {
  const where = `node "${name}" (${node.type})`;
  if (isSource(node.type)) {
    const shape = sourceShape(tracer, name, node, isLast);
    if (shape === null) return null;
    const map = diagonalMap(sizeOf(checkShape(shape, where)));
    return { shape, sources: new Map([[name, map]]), bias: null };
  }
  const known = (tracer.before.get(name) ?? []).every((one) => tracer.outputs.has(one));
  if (!known) return null;
  const input = signalInto(tracer, name);
  const operation = OPERATIONS[node.type]?.(node, input.shape, where);
  if (operation === undefined) return refuseNir(where, 'internal: no such operation');
  const sources = [...input.sources].map(
    ([source, map]) => [source, composeMaps(map, operation.map)] as const,
  );
  const carried = input.bias === null ? null : applyMap(operation.map, input.bias);
  return {
    shape: operation.shape,
    sources: new Map(sources),
    bias: addVectors(carried, operation.bias),
  };
}

/** The shape of the largest parameter, or of what comes in where all parameters are single numbers. */
function sourceShape(
  tracer: Tracer,
  name: string,
  node: NirNode,
  isLast: boolean,
): readonly number[] | null {
  const where = `node "${name}" (${node.type})`;
  if (node.type === 'Input') return shapeOf(node, 'shape', where);
  let own: readonly number[] = [1];
  for (const field of node.fields.values()) {
    if (typeof field !== 'string' && sizeOf(field.shape) > sizeOf(own)) own = field.shape;
  }
  if (sizeOf(own) > 1 || isLast) return own;
  const before = tracer.before.get(name) ?? [];
  if (before.length === 0) return own;
  const known = before.find((one) => tracer.outputs.has(one));
  return known === undefined ? null : (tracer.outputs.get(known) as Signal).shape;
}

/** The sum of what the predecessors of a node give. */
function signalInto(tracer: Tracer, name: string, shape?: readonly number[]): Signal {
  const where = `node "${name}"`;
  const before = tracer.before.get(name) ?? [];
  const parts = before.map((one) => tracer.outputs.get(one) as Signal);
  const wanted = shape ?? parts[0]?.shape;
  if (wanted === undefined) return refuseNir(where, 'nothing leads to this node.');
  const sources = new Map<string, LinearMap>();
  let bias: Float64Array | null = null;
  for (const [k, part] of parts.entries()) {
    if (sizeOf(part.shape) !== sizeOf(wanted)) {
      refuseNir(
        where,
        `"${before[k]}" gives ${part.shape.join(' x ')} values, expected ${wanted.join(' x ')}.`,
      );
    }
    for (const [source, map] of part.sources) {
      const other = sources.get(source);
      sources.set(source, other === undefined ? map : addMaps(other, map));
    }
    bias = addVectors(bias, part.bias);
  }
  const order = [...tracer.graph.nodes.keys()].filter((source) => sources.has(source));
  const ordered = order.map((source) => [source, sources.get(source) as LinearMap] as const);
  return { shape: wanted, sources: new Map(ordered), bias };
}

function addVectors(a: Float64Array | null, b: Float64Array | null): Float64Array | null {
  if (a === null || b === null) return a ?? b;
  return a.map((value, k) => value + (b[k] as number));
}
