/**
 * The populations of a NeuroML network while it is read: cells or spike sources, and what has been attached to them. At
 * the end each becomes a population of the document.
 */
import { NetworkError } from '../../errors.ts';
import type { PopulationDocument, PositionsDocument, ValueSpec } from '../../network/document.ts';
import { CELLS, type CellText } from './cells.ts';
import { componentOf, type Model } from './load.ts';
import type { Names } from './names.ts';
import { numberOf, positiveOf, quantityOf } from './quantities.ts';
import { SYNAPSES, type SynapseText } from './synapses.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** A population being built. */
export interface Building {
  readonly name: string;
  readonly size: number;
  readonly component: XmlElement;
  /** Index by instance id, where instances were listed. */
  readonly indexOf: ReadonlyMap<string, number> | null;
  readonly positions: PositionsDocument | null;
  /** null for spike sources. */
  readonly cell: CellText | null;
  /** Synapses by the id of their component. */
  readonly synapses: Map<string, SynapseText>;
  /** Currents beside those of synapses, and lines, parameters and first values that they need. */
  readonly terms: string[];
  readonly lines: string[];
  readonly params: Record<string, string | number>;
  readonly initial: Record<string, ValueSpec>;
}

const MOST_CELLS = 2 ** 24;
const MOST_SPIKES = 2 ** 24;

/** Spike sources by the name of their element: the threshold of a population without state, or a list. */
const SOURCES = new Set([
  'spikeArray',
  'spikeGenerator',
  'spikeGeneratorPoisson',
  'SpikeSourcePoisson',
  'timedSynapticInput',
  'poissonFiringSynapse',
  'transientPoissonFiringSynapse',
]);

/** Reads `<population>`. */
export function readPopulation(element: XmlElement, model: Model, names: Names): Building {
  const name = element.attributes.get('id') ?? refuseElement(element, 'needs an id.');
  const component = componentOf(model, element.attributes.get('component'), element);
  const instances = element.children.filter((child) => child.name === 'instance');
  const size = instances.length > 0 ? instances.length : numberOf(element, 'size', 'none');
  if (!Number.isInteger(size) || size < 1 || size > MOST_CELLS) {
    refuseElement(element, `must have 1 to ${MOST_CELLS} cells.`);
  }
  const indexOf =
    instances.length === 0
      ? null
      : new Map(instances.map((instance, k) => [instance.attributes.get('id') ?? String(k), k]));
  const make = Object.hasOwn(CELLS, component.name) ? CELLS[component.name] : undefined;
  if (make === undefined && !SOURCES.has(component.name)) {
    const known = [
      ...Object.keys(CELLS),
      'spikeArray',
      'spikeGenerator',
      'spikeGeneratorPoisson',
      'SpikeSourcePoisson',
    ];
    refuseElement(
      component,
      `cannot be simulated: only point neurons are. Supported: ${known.join(', ')}.`,
    );
  }
  const channelOf = {
    component: (id: string | undefined, by: XmlElement) => componentOf(model, id, by),
    nameOf: (id: string) => names.of(id, 'channel'),
  };
  const cell = make?.(component, channelOf) ?? null;
  return {
    ...newBuilding(name, size, component, cell),
    indexOf,
    positions: positionsOf(instances),
  };
}

/** Where listed cells are, in um; null where some instance does not say. */
function positionsOf(instances: readonly XmlElement[]): PositionsDocument | null {
  const places = instances.flatMap(({ children }) =>
    children.filter((child) => child.name === 'location'),
  );
  if (instances.length === 0 || places.length !== instances.length) return null;
  const along = (axis: string): ValueSpec => ({
    values: places.map((place) => numberOf(place, axis, 'none')),
    unit: 'um',
  });
  return { x: along('x'), y: along('y'), z: along('z') };
}

/** A population without attachments. */
export function newBuilding(
  name: string,
  size: number,
  component: XmlElement,
  cell: CellText | null,
): Building {
  return {
    name,
    size,
    component,
    indexOf: null,
    positions: null,
    cell,
    synapses: new Map(),
    terms: [],
    lines: [],
    params: {},
    initial: {},
  };
}

/** Whether a population sends spikes. */
export const sendsSpikes = ({ cell }: Building): boolean =>
  cell === null || cell.threshold !== undefined;

/** The synapse of a kind at a population, attached when first asked for. */
export function synapseAt(
  target: Building,
  synapse: XmlElement,
  by: XmlElement,
  names: Names,
): SynapseText {
  const id = synapse.attributes.get('id') ?? '';
  const known = target.synapses.get(id);
  if (known !== undefined) return known;
  if (target.cell?.accepts !== 'current') {
    refuseElement(by, `attaches a synapse to <${target.component.name}>, which takes none.`);
  }
  const make = Object.hasOwn(SYNAPSES, synapse.name) ? SYNAPSES[synapse.name] : undefined;
  if (make === undefined) {
    return refuseElement(
      synapse,
      `is not a synapse that is supported. Supported: ${Object.keys(SYNAPSES).join(', ')}.`,
    );
  }
  const text = make(synapse, names.of(id, 'synapse'));
  target.synapses.set(id, text);
  return text;
}

/** The finished population. */
export function populationOf(building: Building): PopulationDocument {
  const { positions } = building;
  return { ...documentOf(building), ...(positions !== null && { positions }) };
}

function documentOf(building: Building): PopulationDocument {
  const { name, size, component, cell } = building;
  if (cell === null) return sourceOf(building);
  const synapses = [...building.synapses.values()];
  const terms = [...synapses.map(({ current }) => current), ...building.terms];
  const unit = cell.accepts === 'number' ? '1' : 'amp';
  const lines = [
    ...cell.lines.map((line) => (terms.length > 0 ? line : withoutInput(line))),
    ...(terms.length > 0 ? [`i_in = ${terms.join(' + ')} : ${unit}`] : []),
    ...synapses.flatMap((synapse) => synapse.lines),
    ...building.lines,
  ];
  const { threshold, reset, refractory } = cell;
  // Exponential Euler would feed a synapse's second variable one step late; the files' steps are fine enough for this.
  const method = cell.method ?? (synapses.length > 0 ? 'rk4' : undefined);
  return {
    kind: 'neurons',
    name,
    size,
    eqs: lines.join('\n'),
    ...(threshold !== undefined && { threshold }),
    ...(reset !== undefined && { reset }),
    ...(refractory !== undefined && { refractory }),
    ...(method !== undefined && { method }),
    params: Object.assign(
      {},
      cell.params,
      ...synapses.map(({ params }) => params),
      building.params,
    ),
    initial: { ...cell.initial, ...building.initial },
    model: component.name,
  };
}

const withoutInput = (line: string): string => line.replace(' + i_in', '');

/** A population that only sends spikes. */
function sourceOf({ name, size, component }: Building): PopulationDocument {
  switch (component.name) {
    case 'spikeArray':
    case 'timedSynapticInput':
      return spikeList(name, size, component);
    case 'spikeGenerator':
      return clock(name, size, component, {
        threshold: 't_in_timesteps > 0 and t_in_timesteps % timestep(period, dt) == 0',
        params: { period: positiveOf(component, 'period', 'time') },
      });
    case 'spikeGeneratorPoisson':
    case 'poissonFiringSynapse':
      return clock(name, size, component, {
        threshold: 'rand() < rate*dt',
        params: { rate: quantityOf(component, 'averageRate', 'rate') },
      });
    default:
      return windowedPoisson(name, size, component);
  }
}

function windowedPoisson(name: string, size: number, component: XmlElement): PopulationDocument {
  const isPynn = component.name === 'SpikeSourcePoisson';
  return clock(name, size, component, {
    threshold:
      'rand() < rate*dt and t_in_timesteps >= timestep(start, dt) and t_in_timesteps < timestep(start + duration, dt)',
    params: {
      rate: quantityOf(component, isPynn ? 'rate' : 'averageRate', 'rate'),
      start: quantityOf(component, isPynn ? 'start' : 'delay', 'time'),
      duration: quantityOf(component, 'duration', 'time'),
    },
  });
}

function clock(
  name: string,
  size: number,
  component: XmlElement,
  rule: { threshold: string; params: Record<string, string | number> },
): PopulationDocument {
  return { kind: 'neurons', name, size, eqs: '', ...rule, initial: {}, model: component.name };
}

function spikeList(name: string, size: number, component: XmlElement): PopulationDocument {
  const times = component.children
    .filter((child) => child.name === 'spike')
    .map((spike) => numberOf(spike, 'time', 'time'));
  if (times.length * size > MOST_SPIKES) {
    throw new NetworkError(`Population "${name}": more than ${MOST_SPIKES} spikes.`, {
      path: name,
    });
  }
  const indices: number[] = [];
  const timesMs: number[] = [];
  for (const time of times) {
    for (let k = 0; k < size; k++) {
      indices.push(k);
      timesMs.push(time);
    }
  }
  return { kind: 'spikes', name, size, indices, timesMs };
}
