/**
 * Which populations of a network are one of NEST's point neurons with static synapses, and their parameters under
 * NEST's names and units. Decided by comparing texts with the model library, so that nothing else is taken for one.
 */
import { DIMENSIONS, type Dimension, parseQuantity } from '../../language/units.ts';
import { findModel } from '../../models/index.ts';
import type { NeuronModel } from '../../models/model.ts';
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  NumberList,
  ProjectionDocument,
} from '../../network/document.ts';
import { NEST_INPUTS } from './cells.ts';

/** A population in NEST's terms. */
export interface NestForm {
  /** NEST's name, "iaf_psc_exp". */
  readonly name: string;
  /** Values in NEST's units: mV, ms, pF, pA, nS. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Weights and delays of the projections that lead to it. */
  readonly edges: ReadonlyMap<string, NestEdges>;
}

/** One number for all, or one per synapse. */
export interface NestEdges {
  readonly weights: number | NumberList;
  readonly delaysMs: number | NumberList;
}

/** The populations that have such a form. */
export function nestForms(document: NetworkDocument): ReadonlyMap<string, NestForm> {
  const forms = new Map<string, NestForm>();
  for (const population of document.populations) {
    if (population.kind !== 'neurons') continue;
    const form = formOf(population, document);
    if (form !== null) forms.set(population.name, form);
  }
  return forms;
}

function formOf(population: NeuronPopulationDocument, document: NetworkDocument): NestForm | null {
  const { model: modelName, name } = population;
  const found = [...NEST_INPUTS.keys()].find((nest) => findModel(nest).name === modelName);
  const model = found === undefined ? undefined : findModel(found);
  if (found === undefined || model?.kind !== 'neuron' || !hasTexts(population, model)) return null;
  if (document.inputs.some(({ target }) => target.population === name)) return null;
  const parameters = parametersOf(population, model);
  if (parameters === null) return null;
  const edges = new Map<string, NestEdges>();
  for (const projection of document.projections) {
    if (projection.target.population !== name) continue;
    const one = edgesOf(projection, found);
    if (one === null) return null;
    edges.set(projection.name, one);
  }
  return { name: found, parameters, edges };
}

function hasTexts(population: NeuronPopulationDocument, model: NeuronModel): boolean {
  const texts = ['eqs', 'onStep', 'threshold', 'reset', 'refractory'] as const;
  const own = model.with();
  return texts.every((text) => own[text] === population[text]);
}

/** null where a parameter or first value is not one number for all. */
function parametersOf(
  { params, initial }: NeuronPopulationDocument,
  model: NeuronModel,
): Record<string, number> | null {
  const parameters: Record<string, number> = {};
  for (const [own, value] of Object.entries(params)) {
    const nest = model.params[own]?.nest;
    if (nest === undefined) return null;
    parameters[nest] = parseQuantity(value, own).value;
  }
  for (const [variable, value] of Object.entries(initial)) {
    if (value === model.initial?.[variable]) continue;
    const number = variable === 'v' ? constant(value, DIMENSIONS.voltage) : null;
    if (number === null) return null;
    parameters.V_m = number;
  }
  return parameters;
}

function constant(value: unknown, dimension: Dimension): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  try {
    return parseQuantity(value, 'value', dimension).value;
  } catch {
    return null;
  }
}

/** null where a projection is no static synapse onto a whole population. */
function edgesOf(projection: ProjectionDocument, nest: string): NestEdges | null {
  const { eqs, onPre, onPost, params, initial, delay = '0 ms' } = projection;
  const inputs = NEST_INPUTS.get(nest);
  // A bound leaves room for weights to change while the network runs here; it says nothing of the synapses.
  const isPlain = typeof onPre === 'string' && onPost === undefined;
  const match = isPlain ? /^\s*(\w+)\s*\+=\s*(w|weight)\s*$/.exec(onPre) : null;
  if (inputs === undefined || match === null) return null;
  const [, variable, weight = 'weight'] = match;
  const isInhibitory = variable === inputs.inhibitory && inputs.inhibitory !== inputs.excitatory;
  if (variable !== inputs.excitatory && !isInhibitory) return null;
  const sign = isInhibitory && inputs.isConductance ? -1 : 1;
  const isOne = eqs === undefined && Object.keys(params).join() === weight;
  const isOwn =
    new RegExp(`^\\s*${weight}\\s*:\\s*\\w+\\s*\\(constant\\)\\s*$`).test(eqs ?? '') &&
    Object.keys(params).length === 0;
  const spec = isOne ? params[weight] : isOwn ? initial[weight] : undefined;
  const weights = numbersOf(spec);
  const delaysMs = numbersOf(delay);
  if (weights === null || delaysMs === null) return null;
  const signed = scaled(weights, sign);
  // NEST takes the sign of a weight for the kind of synapse.
  const isConsistent =
    inputs.excitatory === inputs.inhibitory ||
    [signed].flat().every((one) => {
      const list = typeof one === 'number' ? [one] : Array.from(one);
      return list.every((weight) => (isInhibitory ? weight < 0 : weight >= 0));
    });
  return isConsistent ? { weights: signed, delaysMs } : null;
}

/** Values in internal units, which are NEST's; null where they are drawn or expressions. */
function numbersOf(spec: unknown): number | NumberList | null {
  try {
    if (typeof spec === 'string' || typeof spec === 'number') return parseQuantity(spec, 'w').value;
    if (typeof spec !== 'object' || spec === null || !('values' in spec)) return null;
    const { values, unit } = spec as { values: NumberList; unit: string };
    return scaled(values, unit === '1' ? 1 : parseQuantity(`1 ${unit}`, 'w').value);
  } catch {
    return null;
  }
}

function scaled<T extends number | NumberList>(values: T, factor: number): number | NumberList {
  if (typeof values === 'number') return values * factor;
  return factor === 1 ? values : Float64Array.from(values as NumberList, (one) => one * factor);
}
