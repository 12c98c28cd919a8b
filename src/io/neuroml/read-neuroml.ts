/**
 * Reads NeuroML 2 networks of point neurons, and LEMS files that simulate them, as network documents (Cannon et al. 2014,
 * doi:10.3389/fninf.2014.00079). Component instances only: a LEMS file that defines types of its own is refused where it
 * uses them.
 */
import { NetworkError } from '../../errors.ts';
import type { NetworkDocument, Quantity, RecordingDocument } from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { checkKnownOptions, checkText, refuseArgument } from '../arguments.ts';
import {
  type NetworkBuilding,
  readElectricalProjection,
  readProjection,
  readSynapticConnections,
} from './connections.ts';
import { readInputs } from './inputs.ts';
import { loadModel, type Model, type ReadFile } from './load.ts';
import { Names } from './names.ts';
import { populationOf, readPopulation, sendsSpikes } from './populations.ts';
import { quantityOf } from './quantities.ts';
import { readTraces } from './recordings.ts';
import { refuseElement, type XmlElement } from './xml.ts';

export interface NeuromlOptions {
  /** Id of the network, where the files hold several and no simulation names one. */
  readonly network?: string;
  /** Time step; default that of the simulation, else the network's recommended_dt_ms, else "0.025 ms". */
  readonly dt?: Quantity;
  /** Seed; default 1. */
  readonly seed?: number;
}

/** What a model says. */
export interface NeuromlImport {
  readonly document: NetworkDocument;
  /** Length of the simulation, or the network's recommended duration. */
  readonly duration?: string;
  /** What was left out: columns of output files that have no variable here. */
  readonly warnings: readonly string[];
}

/**
 * The network of a NeuroML or LEMS file. `read` gives the texts of files; `main` is the first one's name, and includes
 * are asked for as paths below the same folder.
 *
 * Cells: iafCell, iafRefCell, iafTauCell, iafTauRefCell, izhikevichCell, izhikevich2007Cell, adExIaFCell,
 * fitzHughNagumoCell, PyNN's IF_*, EIF_* and HH_cond_exp, pointCellCondBased and one-segment cells with Hodgkin–Huxley
 * channels. Synapses: expOne, expTwo and alpha (conductance and current), PyNN's four, gapJunction. Inputs: pulse, sine,
 * ramp and compound currents, spike arrays and generators, Poisson sources. Everything else is refused by name and line.
 */
export async function readNeuroml(
  read: ReadFile,
  main: string,
  options: NeuromlOptions = {},
): Promise<NetworkDocument> {
  return (await importNeuroml(read, main, options)).document;
}

/** As `readNeuroml`, with the length of the simulation and what was left out. */
export async function importNeuroml(
  read: ReadFile,
  main: string,
  options: NeuromlOptions = {},
): Promise<NeuromlImport> {
  if (typeof read !== 'function') {
    refuseArgument('readNeuroml: read', 'a function that reads files', read);
  }
  checkText(main, 'readNeuroml: main');
  checkKnownOptions(options, 'readNeuroml: options', ['network', 'dt', 'seed']);
  const model = await loadModel(read, main);
  const simulation = simulationOf(model);
  const element = networkOf(model, simulation, options, main);
  const network = readNetwork(model, element);
  const warnings: string[] = [];
  const recordings = [
    ...spikeRecordings(network),
    ...(simulation === undefined ? [] : readTraces(simulation, network, warnings)),
  ];
  const document = {
    format: 'wetware',
    version: 1,
    name: element.attributes.get('id') ?? 'neuroml',
    dt:
      options.dt ??
      timeOf(simulation, 'step') ??
      property(element, 'recommended_dt_ms') ??
      '0.025 ms',
    seed: options.seed ?? 1,
    params: {},
    timedArrays: {},
    populations: [...network.populations.values()].map(populationOf),
    projections: network.projections,
    inputs: [],
    recordings,
  };
  const duration = timeOf(simulation, 'length') ?? property(element, 'recommended_duration_ms');
  return {
    document: validateDocument(document),
    ...(duration !== undefined && { duration }),
    warnings,
  };
}

const timeOf = (simulation: XmlElement | undefined, name: string): string | undefined =>
  simulation === undefined ? undefined : String(quantityOf(simulation, name, 'time'));

/** `<property tag="recommended_dt_ms" value="0.025"/>`. */
function property(network: XmlElement, tag: string): string | undefined {
  const found = network.children.find(
    ({ name, attributes }) => name === 'property' && attributes.get('tag') === tag,
  );
  const value = Number(found?.attributes.get('value'));
  return value > 0 && Number.isFinite(value) ? `${value} ms` : undefined;
}

function simulationOf({ simulations, target }: Model): XmlElement | undefined {
  return simulations.find(({ attributes }) => attributes.get('id') === target) ?? simulations[0];
}

function networkOf(
  { networks }: Model,
  simulation: XmlElement | undefined,
  options: NeuromlOptions,
  main: string,
): XmlElement {
  const wanted = options.network ?? simulation?.attributes.get('target');
  const found =
    wanted === undefined && networks.length === 1
      ? networks[0]
      : networks.find(({ attributes }) => attributes.get('id') === wanted);
  if (found !== undefined) return found;
  const names = networks.map(({ attributes }) => attributes.get('id') ?? '').join(', ');
  const what =
    networks.length === 0
      ? 'there is no <network> in the files, only components.'
      : `there is no network "${wanted ?? ''}". Networks: ${names}.`;
  throw new NetworkError(`${main}: ${what}`, { path: main, value: wanted });
}

/** Elements of a network that carry no dynamics here. */
const SILENT = new Set([
  'notes',
  'annotation',
  'property',
  'space',
  'region',
  'extracellularProperties',
]);

function readNetwork(model: Model, element: XmlElement): NetworkBuilding {
  const network: NetworkBuilding = {
    model,
    names: new Names(),
    populations: new Map(),
    projections: [],
  };
  const children = element.children.filter(({ name }) => !SILENT.has(name));
  const take = (...names: string[]): readonly XmlElement[] =>
    children.filter(({ name }) => names.includes(name));
  for (const child of take('population')) {
    const population = readPopulation(child, model, network.names);
    if (network.populations.has(population.name)) refuseElement(child, 'has an id that is taken.');
    network.populations.set(population.name, population);
  }
  for (const child of take('projection')) readProjection(network, child);
  readSynapticConnections(network, take('synapticConnection', 'synapticConnectionWD'));
  for (const child of take('electricalProjection')) readElectricalProjection(network, child);
  readInputs(network, take('explicitInput', 'inputList'));
  const known = new Set(KNOWN);
  for (const child of children) {
    if (!known.has(child.name)) {
      refuseElement(child, `is not supported in a network. Supported: ${KNOWN.join(', ')}.`);
    }
  }
  return network;
}

const KNOWN = [
  'population',
  'projection',
  'synapticConnection',
  'synapticConnectionWD',
  'electricalProjection',
  'explicitInput',
  'inputList',
];

function spikeRecordings(network: NetworkBuilding): readonly RecordingDocument[] {
  return [...network.populations.values()]
    .filter(sendsSpikes)
    .map(({ name }) => ({ kind: 'spikes', name, target: { population: name } }));
}
