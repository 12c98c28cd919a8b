/** The inputs of a NeuroML network: currents become terms of their target, spiking inputs become populations. */
import {
  addProjection,
  cellAt,
  type NetworkBuilding,
  noPairs,
  populationNamed,
} from './connections.ts';
import { CURRENTS, currentOf } from './currents.ts';
import { componentOf } from './load.ts';
import { type Building, newBuilding } from './populations.ts';
import { numberOf } from './quantities.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** Inputs of one component to one population: how many, or how strong, at each cell. */
interface Group {
  readonly target: Building;
  readonly component: XmlElement;
  readonly by: XmlElement;
  readonly cells: number[];
  readonly weights: number[];
}

const SPIKING_INPUTS = [
  'poissonFiringSynapse',
  'transientPoissonFiringSynapse',
  'timedSynapticInput',
];

/** All `<explicitInput>` and `<inputList>` of a network. */
export function readInputs(network: NetworkBuilding, elements: readonly XmlElement[]): void {
  const groups = new Map<string, Group>();
  const groupOf = (target: Building, component: XmlElement, by: XmlElement): Group => {
    const key = JSON.stringify([target.name, component.attributes.get('id')]);
    const group = groups.get(key) ?? { target, component, by, cells: [], weights: [] };
    groups.set(key, group);
    return group;
  };
  for (const element of elements) {
    if (element.name === 'explicitInput') {
      const component = componentOf(network.model, element.attributes.get('input'), element);
      const { population, index } = cellAt(
        network,
        element.attributes.get('target'),
        element,
        null,
      );
      addInput(groupOf(population, component, element), index, 1);
    } else readList(network, element, groupOf);
  }
  for (const group of groups.values()) {
    if (SPIKING_INPUTS.includes(group.component.name)) addSpikingInput(network, group);
    else addCurrent(network, group);
  }
}

function readList(
  network: NetworkBuilding,
  element: XmlElement,
  groupOf: (target: Building, component: XmlElement, by: XmlElement) => Group,
): void {
  const component = componentOf(network.model, element.attributes.get('component'), element);
  const target = populationNamed(network, element.attributes.get('population'), element);
  const group = groupOf(target, component, element);
  for (const input of element.children) {
    if (input.name === 'notes' || input.name === 'property') continue;
    if (input.name !== 'input' && input.name !== 'inputW') {
      refuseElement(input, 'is not supported here. Supported: input, inputW.');
    }
    const { index } = cellAt(network, input.attributes.get('target'), input, target);
    addInput(group, index, numberOf(input, 'weight', 'none', 1));
  }
}

function addInput(group: Group, cell: number, weight: number): void {
  group.cells.push(cell);
  group.weights.push(weight);
}

function addCurrent(
  network: NetworkBuilding,
  { target, component, by, cells, weights }: Group,
): void {
  if (!Object.hasOwn(CURRENTS, component.name)) {
    const known = [...Object.keys(CURRENTS), ...SPIKING_INPUTS].join(', ');
    refuseElement(component, `is not an input that is supported. Supported: ${known}.`);
  }
  const name = network.names.of(component.attributes.get('id') ?? 'input', 'input');
  const { expression, params, hasUnit } = currentOf(component, name);
  const accepts = target.cell?.accepts ?? 'nothing';
  if (accepts !== (hasUnit ? 'current' : 'number')) {
    refuseElement(
      by,
      `gives <${component.name}> to <${target.component.name}>, which does not take it.`,
    );
  }
  Object.assign(target.params, params);
  const strength = new Array<number>(target.size).fill(0);
  for (const [k, cell] of cells.entries()) {
    strength[cell] = (strength[cell] as number) + (weights[k] as number);
  }
  if (strength.every((value) => value === 1)) {
    target.terms.push(expression);
    return;
  }
  target.lines.push(`n_${name} : 1 (constant)`);
  target.initial[`n_${name}`] = { values: strength, unit: '1' };
  target.terms.push(`n_${name}*${expression}`);
}

/** One source of spikes per input. */
function addSpikingInput(
  network: NetworkBuilding,
  { target, component, by, cells, weights }: Group,
): void {
  const id = component.attributes.get('id') ?? component.name;
  const name = `${id} at ${target.name}`;
  const source = newBuilding(name, Math.max(cells.length, 1), component, null);
  const synapse = componentOf(network.model, component.attributes.get('synapse'), component);
  const pairs = noPairs();
  for (const [k, cell] of cells.entries()) {
    pairs.pre.push(k);
    pairs.post.push(cell);
    pairs.weight.push(weights[k] as number);
    pairs.delay.push(0);
  }
  network.populations.set(name, source);
  addProjection(network, name, source, target, synapse, pairs, by);
}
