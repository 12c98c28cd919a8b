/** Traced nodes of a NIR graph as populations, projections, timed arrays and recordings of a network document. */
import type {
  PopulationDocument,
  ProjectionDocument,
  RecordingDocument,
  TimedArrayDocument,
  ValueSpec,
} from '../../network/document.ts';
import { applyMap, isComplete, isIdentity, isOneToOne, type LinearMap } from './linear-map.ts';
import { refuseNir } from './nir-graph.ts';
import {
  inputVariable,
  NEURON_FIELDS,
  type NeuronFacts,
  type NeuronKind,
  neuronText,
  SPIKING,
} from './nir-neurons.ts';
import { arrayOf, broadcast, sizeOf } from './nir-operations.ts';
import type { TracedNode } from './nir-signals.ts';
import type { NirInput, NirOptions, NirParts } from './read-nir.ts';

/** Most numbers of one timed array: rows of the signal times elements of the target. */
const MOST_SIGNAL_VALUES = 2 ** 24;

interface Building {
  readonly options: NirOptions;
  readonly nodes: ReadonlyMap<string, TracedNode>;
  readonly populations: PopulationDocument[];
  readonly projections: ProjectionDocument[];
  readonly recordings: RecordingDocument[];
  readonly timedArrays: Record<string, TimedArrayDocument>;
}

/** The parts of the document, in the order of the nodes. */
export function populationsOf(traced: readonly TracedNode[], options: NirOptions): NirParts {
  const nodes = new Map(traced.map((node) => [node.name, node]));
  const building: Building = {
    options,
    nodes,
    populations: [],
    projections: [],
    recordings: [],
    timedArrays: {},
  };
  for (const node of traced) {
    if (node.node.type === 'Input') addInput(node, building);
    else if (node.node.type === 'Output') addOutput(node, building);
    else addNeurons(node, node.node.type as NeuronKind, building);
  }
  return building;
}

const signalOf = (name: string, { options }: Building): NirInput | undefined =>
  Object.hasOwn(options.inputs ?? {}, name) ? options.inputs?.[name] : undefined;

/** An input is a spike list, unless a signal was given for it. */
function addInput({ name, shape }: TracedNode, building: Building): void {
  const given = signalOf(name, building);
  if (given !== undefined && 'values' in given) return;
  const { indices = [], timesMs = [] } = given ?? {};
  building.populations.push({ kind: 'spikes', name, size: sizeOf(shape), indices, timesMs });
}

/** An output records its source, or reads out the weighted sum of what comes in. */
function addOutput(node: TracedNode, building: Building): void {
  const { name, input } = node;
  const [only] = [...(input?.sources ?? [])];
  const target = only === undefined ? undefined : building.nodes.get(only[0]);
  const isPlain = input?.sources.size === 1 && input.bias === null && target !== undefined;
  const type = target?.node.type ?? '';
  const isSignal = type === 'Input' && 'values' in (signalOf(target?.name ?? '', building) ?? {});
  if (!isPlain || only === undefined || !isIdentity(only[1]) || isSignal) {
    addNeurons(node, 'Output', building);
    building.recordings.push(stateRecording(name, name));
  } else if (SPIKING.has(type) || type === 'Input') {
    building.recordings.push({ kind: 'spikes', name, target: { population: target.name } });
  } else {
    building.recordings.push(stateRecording(name, target.name));
  }
}

const stateRecording = (name: string, population: string): RecordingDocument => ({
  kind: 'state',
  name,
  target: { population },
  variables: ['v'],
});

function addNeurons(
  { name, node, shape, input }: TracedNode,
  kind: NeuronKind,
  building: Building,
) {
  const where = `node "${name}" (${node.type})`;
  const params: Record<string, number | string> = {};
  const initial: Record<string, ValueSpec> = {};
  const perNeuron = new Set<string>();
  const give = (field: string, values: Float64Array, unit: string): void => {
    if (values.every((value) => value === values[0])) {
      params[field] = unit === '1' ? (values[0] as number) : `${values[0]} ${unit}`;
    } else {
      perNeuron.add(field);
      initial[field] = { values: [...values], unit };
    }
  };
  const subtractsThreshold = building.options.reset === 'subtract' && SPIKING.has(kind);
  for (const [field, { unit, missing }] of Object.entries(NEURON_FIELDS[kind])) {
    if (field === 'v_reset' && subtractsThreshold) continue;
    const isThere = missing === undefined || node.fields.has(field);
    const array = isThere ? arrayOf(node, field, where) : undefined;
    const values =
      array === undefined ? new Float64Array(1).fill(missing ?? 0) : broadcast(array, shape, where);
    if (unit === 'second' && values.some((value) => value <= 0)) {
      refuseNir(where, `${field} must be above 0 s.`);
    }
    give(field, values, unit);
  }
  const bias = input?.bias ?? null;
  const hasBias = bias?.some((value) => value !== 0) ?? false;
  if (hasBias && bias !== null) give('bias', bias, '1');
  const drives: string[] = [];
  let hasSpikes = false;
  for (const [source, map] of input?.sources ?? []) {
    const drive = connect(source, name, kind, map, drives.length, building);
    if (drive === null) hasSpikes = true;
    else drives.push(drive);
  }
  const facts: NeuronFacts = { kind, hasSpikes, hasBias, drives, perNeuron, subtractsThreshold };
  building.populations.push({
    kind: 'neurons',
    name,
    size: sizeOf(shape),
    ...neuronText(facts),
    params,
    initial,
    model: `NIR ${kind}`,
  });
}

/** Joins a source to a target; null where it sends spikes, else the term of the current that it gives. */
function connect(
  source: string,
  target: string,
  kind: NeuronKind,
  map: LinearMap,
  index: number,
  building: Building,
): string | null {
  const { type } = (building.nodes.get(source) as TracedNode).node;
  const given = type === 'Input' ? signalOf(source, building) : undefined;
  if (given !== undefined && 'values' in given) {
    return addSignal(source, map, given, building);
  }
  if (type === 'Input' || SPIKING.has(type)) {
    building.projections.push(spikeProjection(source, target, kind, map));
    return null;
  }
  if (map.delay !== null) {
    refuseNir(
      `from "${source}" to "${target}"`,
      `a Delay of the values of ${type} is not supported, only of spikes.`,
    );
  }
  const variable = `drive_${index}`;
  building.projections.push({
    ...connection(source, target, map),
    eqs: `weight : 1 (constant)\n${variable}_post = weight*v_pre : 1 (summed)`,
    initial: { weight: weightsOf(map) },
  });
  return variable;
}

function spikeProjection(
  source: string,
  target: string,
  kind: NeuronKind,
  map: LinearMap,
): ProjectionDocument {
  const delay = map.delay;
  const values = delay === null ? [] : [...delay];
  const isEqual = values.every((value) => value === values[0]);
  const delays = isEqual ? `${values[0]} second` : { values, unit: 'second' };
  return {
    ...connection(source, target, map),
    eqs: 'weight : 1 (constant)',
    onPre: `${inputVariable(kind)} += weight`,
    ...(values.length > 0 && { delay: delays }),
    initial: { weight: weightsOf(map) },
  };
}

function connection(source: string, target: string, map: LinearMap) {
  return {
    name: `${source} to ${target}`,
    source: { population: source },
    target: { population: target },
    params: {},
    connect: ruleOf(map),
  };
}

function ruleOf(map: LinearMap): ProjectionDocument['connect'] {
  if (isOneToOne(map)) return { rule: 'one-to-one' };
  if (isComplete(map)) return { rule: 'all-to-all' };
  const pre = new Array<number>(map.target.length);
  for (let row = 0; row < map.sources; row++) {
    pre.fill(row, map.first[row], map.first[row + 1]);
  }
  return { rule: 'list', pre, post: [...map.target] };
}

function weightsOf(map: LinearMap): ValueSpec {
  const isEqual = map.weight.length > 0 && map.weight.every((weight) => weight === map.weight[0]);
  return isEqual ? (map.weight[0] as number) : { values: [...map.weight], unit: '1' };
}

/** What a signal becomes at its target, as a timed array. */
function addSignal(
  source: string,
  map: LinearMap,
  signal: Extract<NirInput, { values: unknown }>,
  building: Building,
): string {
  const where = `input "${source}"`;
  if (map.delay !== null) refuseNir(where, 'a Delay of a signal is not supported, only of spikes.');
  if (signal.values.length * map.targets > MOST_SIGNAL_VALUES) {
    refuseNir(where, `the signal is too long: at most ${MOST_SIGNAL_VALUES} values at one target.`);
  }
  const values: number[] = [];
  for (const [k, row] of signal.values.entries()) {
    if (!Array.isArray(row) || row.length !== map.sources) {
      refuseNir(where, `row ${k} of the signal must have ${map.sources} values.`);
    }
    for (const value of applyMap(map, row)) values.push(value);
  }
  const name = `signal_${Object.keys(building.timedArrays).length}`;
  building.timedArrays[name] = { dt: signal.dt, unit: '1', columns: map.targets, values };
  return map.targets === 1 ? `${name}(t)` : `${name}(t, i)`;
}
