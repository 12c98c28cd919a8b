/** The connections of a NeuroML network: chemical ones as projections, electrical ones as summed variables. */
import type { ConnectRule, ProjectionDocument, ValueSpec } from '../../network/document.ts';
import { componentOf, type Model } from './load.ts';
import type { Names } from './names.ts';
import { type Building, sendsSpikes, synapseAt } from './populations.ts';
import { numberOf, quantityOf } from './quantities.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** A network being read. */
export interface NetworkBuilding {
  readonly model: Model;
  readonly names: Names;
  readonly populations: Map<string, Building>;
  readonly projections: ProjectionDocument[];
}

/** Pairs of cells, with a weight and a delay in ms each. */
interface Pairs {
  readonly pre: number[];
  readonly post: number[];
  readonly weight: number[];
  readonly delay: number[];
}

export const noPairs = (): Pairs => ({ pre: [], post: [], weight: [], delay: [] });

/** The population that an attribute names. */
export function populationNamed(
  network: NetworkBuilding,
  id: string | undefined,
  by: XmlElement,
): Building {
  const found = id === undefined ? undefined : network.populations.get(id);
  if (found !== undefined) return found;
  const known = [...network.populations.keys()].slice(0, 20).join(', ');
  return refuseElement(
    by,
    `names the population "${id ?? ''}", which is not there. Populations: ${known}.`,
  );
}

/** "../pop/3/cell", "../pop[3]", "pop[3]" or "3": a cell, by the id of its instance or its index. */
export function cellAt(
  network: NetworkBuilding,
  text: string | undefined,
  by: XmlElement,
  within: Building | null,
): { readonly population: Building; readonly index: number } {
  const [, named, inBrackets, inPath] =
    /^\s*(?:\.\.\/|\.\/)*(?:([^/[\]]+)(?:\[(\d+)\]|\/([^/]+)(?:\/[^/]*)?))\s*$/.exec(text ?? '') ??
    [];
  const id = inBrackets ?? inPath ?? (within === null ? undefined : text?.trim());
  const population = named === undefined ? within : populationNamed(network, named, by);
  if (id === undefined || population === null || (within !== null && population !== within)) {
    return refuseElement(
      by,
      `names the cell "${(text ?? '').slice(0, 60)}", which is not "../population/index/cell".`,
    );
  }
  const index =
    population.indexOf?.get(id) ?? (population.indexOf === null ? Number(id) : Number.NaN);
  if (!Number.isInteger(index) || index < 0 || index >= population.size) {
    return refuseElement(
      by,
      `names cell ${id.slice(0, 20)} of "${population.name}", which has ${population.size}.`,
    );
  }
  return { population, index };
}

const isContent = ({ name }: XmlElement): boolean =>
  !['notes', 'annotation', 'property'].includes(name);

/** Only compartment 0 exists. */
function checkSegments(connection: XmlElement): void {
  for (const key of ['preSegmentId', 'postSegmentId', 'preSegment', 'postSegment', 'segmentId']) {
    if (Number(connection.attributes.get(key) ?? 0) !== 0) {
      refuseElement(
        connection,
        `has ${key}="${connection.attributes.get(key)}"; cells have one compartment.`,
      );
    }
  }
}

function addPair(pairs: Pairs, pre: number, post: number, connection: XmlElement): void {
  const delay = numberOf(connection, 'delay', 'time', 0);
  if (delay < 0) refuseElement(connection, 'has a negative delay.');
  pairs.pre.push(pre);
  pairs.post.push(post);
  pairs.weight.push(numberOf(connection, 'weight', 'none', 1));
  pairs.delay.push(delay);
}

/** `<projection>` with `<connection>` or `<connectionWD>` in it. */
export function readProjection(network: NetworkBuilding, element: XmlElement): void {
  const { attributes } = element;
  const source = populationNamed(network, attributes.get('presynapticPopulation'), element);
  const target = populationNamed(network, attributes.get('postsynapticPopulation'), element);
  const synapse = componentOf(network.model, attributes.get('synapse'), element);
  const pairs = noPairs();
  for (const connection of element.children.filter(isContent)) {
    if (connection.name !== 'connection' && connection.name !== 'connectionWD') {
      refuseElement(connection, 'is not supported here. Supported: connection, connectionWD.');
    }
    checkSegments(connection);
    const pre = cellAt(network, connection.attributes.get('preCellId'), connection, source);
    const post = cellAt(network, connection.attributes.get('postCellId'), connection, target);
    addPair(pairs, pre.index, post.index, connection);
  }
  const name = attributes.get('id') ?? `${source.name} to ${target.name}`;
  addProjection(network, name, source, target, synapse, pairs, element);
}

/** All `<synapticConnection>` and `<synapticConnectionWD>`, grouped by ends and synapse. */
export function readSynapticConnections(
  network: NetworkBuilding,
  elements: readonly XmlElement[],
): void {
  const groups = new Map<
    string,
    { source: Building; target: Building; by: XmlElement; pairs: Pairs }
  >();
  for (const element of elements) {
    const from = cellAt(network, element.attributes.get('from'), element, null);
    const to = cellAt(network, element.attributes.get('to'), element, null);
    const key = `${from.population.name} to ${to.population.name} (${element.attributes.get('synapse')})`;
    const group = groups.get(key) ?? {
      source: from.population,
      target: to.population,
      by: element,
      pairs: noPairs(),
    };
    groups.set(key, group);
    addPair(group.pairs, from.index, to.index, element);
  }
  for (const [name, { source, target, by, pairs }] of groups) {
    const synapse = componentOf(network.model, by.attributes.get('synapse'), by);
    addProjection(network, name, source, target, synapse, pairs, by);
  }
}

/** A projection through synapses of one kind. */
export function addProjection(
  network: NetworkBuilding,
  name: string,
  source: Building,
  target: Building,
  synapse: XmlElement,
  pairs: Pairs,
  by: XmlElement,
): void {
  if (!sendsSpikes(source)) {
    refuseElement(
      by,
      `starts at "${source.name}", but <${source.component.name}> sends no spikes.`,
    );
  }
  const { input, gain } = synapseAt(target, synapse, by, network.names);
  if (pairs.pre.length === 0) return;
  const delay = delayOf(pairs.delay);
  network.projections.push({
    ...ends(name, source, target),
    eqs: 'weight : 1 (constant)',
    onPre: `${input} += weight*gain`,
    ...(delay !== null && { delay }),
    params: { gain },
    initial: { weight: shared(pairs.weight) ?? { values: pairs.weight, unit: '1' } },
    connect: listOf(pairs),
  });
}

const ends = (name: string, source: Building, target: Building) => ({
  name,
  source: { population: source.name },
  target: { population: target.name },
});

const listOf = ({ pre, post }: Pairs): ConnectRule => ({ rule: 'list', pre, post });

/** The value that all have; undefined where they differ. */
function shared(values: readonly number[]): number | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

function delayOf(delays: readonly number[]): ValueSpec | null {
  const one = shared(delays);
  if (one === 0) return null;
  return one === undefined ? { values: delays, unit: 'ms' } : `${one} ms`;
}

/** `<electricalProjection>`: a gap junction conducts both ways. */
export function readElectricalProjection(network: NetworkBuilding, element: XmlElement): void {
  const { attributes } = element;
  const source = populationNamed(network, attributes.get('presynapticPopulation'), element);
  const target = populationNamed(network, attributes.get('postsynapticPopulation'), element);
  const bySynapse = new Map<string, Pairs>();
  for (const connection of element.children.filter(isContent)) {
    const names = [
      'electricalConnection',
      'electricalConnectionInstance',
      'electricalConnectionInstanceW',
    ];
    if (!names.includes(connection.name)) {
      refuseElement(connection, `is not supported here. Supported: ${names.join(', ')}.`);
    }
    checkSegments(connection);
    const id = connection.attributes.get('synapse') ?? '';
    const pairs = bySynapse.get(id) ?? noPairs();
    bySynapse.set(id, pairs);
    const pre = cellAt(network, connection.attributes.get('preCell'), connection, source);
    const post = cellAt(network, connection.attributes.get('postCell'), connection, target);
    addPair(pairs, pre.index, post.index, connection);
  }
  for (const [id, pairs] of bySynapse) {
    const junction = componentOf(network.model, id, element);
    if (junction.name !== 'gapJunction') {
      refuseElement(
        junction,
        'is not an electrical synapse that is supported. Supported: gapJunction.',
      );
    }
    for (const population of [source, target]) {
      if (population.cell?.accepts !== 'current') {
        refuseElement(element, `joins <${population.component.name}>, which takes no current.`);
      }
    }
    const name = `${attributes.get('id') ?? `${source.name}-${target.name}`}${bySynapse.size > 1 ? ` (${id})` : ''}`;
    const conductance = quantityOf(junction, 'conductance', 'conductance');
    const back = { ...pairs, pre: pairs.post, post: pairs.pre };
    addJunctions(network, name, source, target, pairs, conductance);
    addJunctions(network, `${name}, back`, target, source, back, conductance);
  }
}

function addJunctions(
  network: NetworkBuilding,
  name: string,
  source: Building,
  target: Building,
  pairs: Pairs,
  conductance: string | number,
): void {
  const variable = `i_gap_${target.lines.length}`;
  target.lines.push(`${variable} : amp`);
  target.terms.push(variable);
  network.projections.push({
    ...ends(name, source, target),
    eqs: `weight : 1 (constant)\n${variable}_post = weight*conductance*(v_pre - v_post) : amp (summed)`,
    params: { conductance },
    initial: { weight: shared(pairs.weight) ?? { values: pairs.weight, unit: '1' } },
    connect: listOf(pairs),
  });
}
