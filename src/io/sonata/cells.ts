/**
 * Which of our models a SONATA population is: point neurons of NEST and NEURON's IntFire1 by their templates, and
 * populations that wetware itself wrote. Others are refused by name. Parameters come from the JSON files that node types
 * name and from the nodes themselves.
 */
import { listNames } from '../../language/messages.ts';
import { parseQuantity, usualUnit } from '../../language/units.ts';
import { findModel, type NeuronModel } from '../../models/index.ts';
import { parameterName } from '../../models/model.ts';
import type { NeuronPopulationDocument, Quantity, ValueSpec } from '../../network/document.ts';
import { type FileSource, isObject, readJsonFile } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';
import type { NodePopulation } from './nodes.ts';

/** Equations and parameters of a population, without its name and size. */
export type CellOptions = Omit<NeuronPopulationDocument, 'kind' | 'name' | 'size'>;

/** A population with a model. */
export interface Cells {
  readonly options: CellOptions;
  /** What a synapse of positive or negative weight does with `w`, and the unit of `w` ("1", "mV", "pA", "nS"). */
  synapse(sign: 1 | -1): { readonly onPre: string; readonly unit: string; readonly factor: 1 | -1 };
  /** Whether positive and negative weights act on different variables. */
  readonly hasTwoInputs: boolean;
  /**
   * Whether input is to arrive one step early, so that a threshold crossed by a spike that arrives is seen in the step
   * of its arrival, as event by event.
   */
  readonly isEarly: boolean;
  /** Parameter that a current clamp adds to; null where there is none. */
  readonly current: string | null;
  /** Our name of a variable that a report asks for. */
  variableOf(name: string): string | null;
}

/** Values by node, or one for all. */
type Parameter = number | readonly number[];

export const WETWARE_TEMPLATE = 'wetware:equations';

/** The model of a population; null for virtual ones, which only emit given spikes. */
export async function readCells(
  source: FileSource,
  population: NodePopulation,
  components: Readonly<Record<string, string>>,
  note: (text: string) => void,
): Promise<Cells | null> {
  const kinds = new Set(population.types.map(({ row }) => row.model_type ?? ''));
  if (kinds.has('virtual')) {
    if (kinds.size === 1) return null;
    throw mixed(population, 'model_type', [...kinds]);
  }
  const templates = new Set(population.types.map(({ row }) => row.model_template ?? ''));
  const [template = ''] = templates;
  if (templates.size > 1) throw mixed(population, 'model_template', [...templates]);
  const dynamics = await readDynamics(source, population, components);
  if (template === WETWARE_TEMPLATE) return ownCells(population, dynamics);
  const [simulator, name = ''] = template.split(':', 2);
  const parameters = byNode(population, dynamics);
  if (template === 'nrn:IntFire1') return intFire1(population, parameters, note);
  const model = simulator === 'nest' ? nestModel(name) : null;
  if (model === null) throw unsupported(population, [...kinds].join(', '), template);
  return nestCells(population, model, parameters);
}

function mixed(population: NodePopulation, what: string, found: readonly string[]): Error {
  return unreadable(
    { file: population.typesFile ?? population.file },
    `population "${population.name}" mixes ${what} ${listNames(found)}.`,
    'One population has one model here: write a population per model.',
  );
}

function unsupported({ typesFile, file, name }: NodePopulation, kind: string, template: string) {
  return unreadable(
    { file: typesFile ?? file },
    `population "${name}" is of model_type "${kind}", model_template "${template}", which cannot be run here.`,
    `What can: virtual, nrn:IntFire1, and nest: with ${[...NEST_INPUTS.keys()].join(', ')}.`,
    template,
  );
}

// ---- Parameters ----

type Dynamics = readonly Readonly<Record<string, unknown>>[];

/** The JSON file of each type. */
async function readDynamics(
  source: FileSource,
  { types, typesFile, file }: NodePopulation,
  components: Readonly<Record<string, string>>,
): Promise<Dynamics> {
  const folder = components.point_neuron_models_dir;
  return Promise.all(
    types.map(async ({ row }) => {
      const name = row.dynamics_params;
      if (name === undefined) return {};
      if (!/^[\w][\w .-]*$/.test(name)) {
        throw unreadable({ file: typesFile ?? file }, `dynamics_params "${name}" is no file name.`);
      }
      if (folder === undefined) {
        const problem = `no folder "point_neuron_models_dir" for ${name}.`;
        throw unreadable({ file: typesFile ?? file }, problem, 'The circuit must name it.');
      }
      return readJsonFile(source, folder === '' ? name : `${folder}/${name}`);
    }),
  );
}

/** Numeric parameters: one value where all nodes agree, else one per node; NaN where a node has none. */
function byNode(
  { typeOf, types, dynamics: own, typesFile, file, size }: NodePopulation,
  dynamics: Dynamics,
): Map<string, Parameter> {
  const names = new Set([...dynamics.flatMap((one) => Object.keys(one)), ...own.keys()]);
  const parameters = new Map<string, Parameter>();
  for (const name of names) {
    const ofTypes = dynamics.map((one, index) => {
      const value = one[name];
      if (value === undefined || typeof value === 'string') return Number.NaN;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      const problem = `type ${types[index]?.id}: parameter "${name}" is no number.`;
      throw unreadable({ file: typesFile ?? file }, problem, '', value);
    });
    const ofNodes = own.get(name);
    const [first = Number.NaN] = ofTypes;
    const isShared = ofNodes === undefined && ofTypes.every((value) => Object.is(value, first));
    if (isShared) {
      if (!Number.isNaN(first)) parameters.set(name, first);
      continue;
    }
    const values = Array.from({ length: size }, (_, node) => {
      const given = ofNodes?.[node] ?? Number.NaN;
      return Number.isNaN(given) ? (ofTypes[typeOf[node] as number] as number) : given;
    });
    parameters.set(name, values);
  }
  return parameters;
}

const scaled = (value: Parameter, factor: number): Parameter =>
  typeof value === 'number' ? value * factor : value.map((one) => one * factor);

// ---- NEURON's IntFire1 ----

/**
 * m decays with tau; an event adds its weight; above 1 the cell spikes and ignores events for refrac, then starts at 0.
 * NEURON does this event by event. On a grid: input is delivered one step early, and m then decays for one step before
 * it is compared, so the threshold does too; both shifts are undone exactly, to the step.
 */
function intFire1(
  population: NodePopulation,
  parameters: Map<string, Parameter>,
  note: (text: string) => void,
): Cells {
  const place = { file: population.typesFile ?? population.file };
  for (const name of parameters.keys()) {
    if (name === 'tau' || name === 'refrac') continue;
    throw unreadable(place, `nrn:IntFire1 has no parameter "${name}".`, 'It has tau and refrac.');
  }
  const inMs = (name: string, standard: number): Parameter => {
    const value = parameters.get(name) ?? standard;
    const values = typeof value === 'number' ? [value] : value;
    const wrong = values.find((one) => !(one > 0));
    if (wrong !== undefined) throw unreadable(place, `nrn:IntFire1: ${name} is ${wrong}.`);
    // The files of the Allen Institute have seconds, NEURON has ms; no cell has a tau of 1 s or one of 1 ms.
    return values.every((one) => one < 1) ? scaled(value, 1000) : value;
  };
  const tau = inMs('tau', 10);
  const refrac = inMs('refrac', 5);
  note(
    `${population.name}: IntFire1 event by event on the time grid, given spikes at the nearest step.`,
  );
  const declared = [
    ...(typeof tau === 'number' ? [] : ['tau : second (constant)']),
    ...(typeof refrac === 'number' ? [] : ['refrac : second (constant)']),
  ];
  return {
    options: {
      eqs: ['dm/dt = -m/tau : 1 (unless refractory)', ...declared].join('\n'),
      threshold: 'm > exp(-dt/tau)',
      reset: 'm = 0',
      refractory: 'refrac - dt',
      params: {
        ...(typeof tau === 'number' && { tau: `${tau} ms` }),
        ...(typeof refrac === 'number' && { refrac: `${refrac} ms` }),
      },
      initial: {
        ...(typeof tau === 'number' ? {} : { tau: { values: tau, unit: 'ms' } }),
        ...(typeof refrac === 'number' ? {} : { refrac: { values: refrac, unit: 'ms' } }),
      },
    },
    synapse: () => ({ onPre: 'm += weight', unit: '1', factor: 1 }),
    hasTwoInputs: false,
    isEarly: true,
    current: null,
    variableOf: (name) => (name === 'm' ? 'm' : null),
  };
}

// ---- NEST's point neurons ----

interface Inputs {
  readonly excitatory: string;
  readonly inhibitory: string;
  /** Whether our inhibitory weights are positive. */
  readonly isConductance: boolean;
}

const currents = (excitatory: string, inhibitory: string): Inputs => ({
  excitatory,
  inhibitory,
  isConductance: false,
});
const conductances = (excitatory: string, inhibitory: string): Inputs => ({
  excitatory,
  inhibitory,
  isConductance: true,
});

/** Variables that synapses act on, by NEST's name of the model. */
export const NEST_INPUTS: ReadonlyMap<string, Inputs> = new Map([
  ['iaf_psc_delta', currents('v', 'v')],
  ['iaf_psc_exp', currents('i_exc', 'i_inh')],
  ['iaf_psc_alpha', currents('y_exc', 'y_inh')],
  ['iaf_cond_exp', conductances('g_exc', 'g_inh')],
  ['iaf_cond_alpha', conductances('y_exc', 'y_inh')],
  ['aeif_cond_exp', conductances('g_exc', 'g_inh')],
]);

function nestModel(name: string): NeuronModel | null {
  if (!NEST_INPUTS.has(name)) return null;
  const model = findModel(name);
  return model.kind === 'neuron' ? model : null;
}

function nestCells(
  population: NodePopulation,
  model: NeuronModel,
  parameters: Map<string, Parameter>,
): Cells {
  const name = [...NEST_INPUTS.keys()].find((nest) => findModel(nest) === model) ?? '';
  const inputs = NEST_INPUTS.get(name) as Inputs;
  const given: Record<string, Quantity | { values: readonly number[]; unit: string }> = {};
  let vm: Parameter | undefined;
  for (const [nest, value] of parameters) {
    if (nest === 'V_m') {
      vm = value;
      continue;
    }
    const own = parameterName(model, nest);
    if (own === undefined) throw unknownParameter(population, name, nest, model);
    const standard = model.params[own]?.value ?? 0;
    const { dimension, value: usual } = parseQuantity(standard, own);
    const unit = usualUnit(dimension);
    given[own] =
      typeof value === 'number'
        ? quantity(value, unit)
        : { values: value.map((one) => (Number.isNaN(one) ? usual : one)), unit: unit || '1' };
  }
  const options = model.with(given);
  const initial: Record<string, ValueSpec> = { ...options.initial };
  if (vm !== undefined) {
    initial.v = typeof vm === 'number' ? quantity(vm, 'mV') : { values: vm, unit: 'mV' };
  }
  const isDelta = inputs.excitatory === 'v';
  const unit = isDelta ? 'mV' : inputs.isConductance ? 'nS' : 'pA';
  return {
    options: { ...options, initial },
    synapse: (sign) => ({
      onPre: `${sign > 0 ? inputs.excitatory : inputs.inhibitory} += weight`,
      unit,
      factor: sign < 0 && inputs.isConductance ? -1 : 1,
    }),
    hasTwoInputs: !isDelta,
    isEarly: false,
    current: parameterName(model, 'I_e') ?? null,
    variableOf: (wanted) => {
      if (wanted === 'V_m') return 'v';
      const ours: Readonly<Record<string, string>> = {
        I_syn_ex: 'i_exc',
        I_syn_in: 'i_inh',
        g_ex: 'g_exc',
        g_in: 'g_inh',
        w: 'w',
      };
      const found = ours[wanted];
      return found !== undefined && options.eqs.includes(`d${found}/dt`) ? found : null;
    },
  };
}

const quantity = (value: number, unit: string): Quantity =>
  unit === '' ? value : `${value} ${unit}`;

function unknownParameter(
  { typesFile, file, name }: NodePopulation,
  nest: string,
  parameter: string,
  model: NeuronModel,
): Error {
  const known = Object.entries(model.params).map(([own, row]) => row.nest ?? own);
  return unreadable(
    { file: typesFile ?? file },
    `population "${name}": nest:${nest} has no parameter "${parameter}" here.`,
    `Known: V_m, ${listNames(known)}.`,
    parameter,
  );
}

// ---- Populations that wetware wrote ----

function ownCells(population: NodePopulation, dynamics: Dynamics): Cells {
  const place = { file: population.typesFile ?? population.file };
  const [content, ...others] = dynamics;
  if (content === undefined || others.length > 0) {
    throw unreadable(place, `population "${population.name}" must have one type.`);
  }
  const text = (key: string): Record<string, string> => {
    const value = content[key];
    if (value === undefined) return {};
    if (typeof value !== 'string') throw unreadable(place, `"${key}" must be a text.`, '', value);
    return { [key]: value };
  };
  const object = (key: string): Readonly<Record<string, unknown>> => {
    const value = content[key] ?? {};
    if (!isObject(value)) throw unreadable(place, `"${key}" must be an object.`, '', value);
    return value;
  };
  const initial: Record<string, ValueSpec> = {
    ...(object('initial') as Record<string, ValueSpec>),
  };
  for (const [name, unit] of Object.entries(object('units'))) {
    const values = population.dynamics.get(name);
    if (values === undefined || typeof unit !== 'string') {
      throw unreadable(place, `population "${population.name}" has no values of "${name}".`);
    }
    initial[name] = { values: Array.from(values), unit };
  }
  return {
    options: {
      eqs: text('eqs').eqs ?? '',
      ...text('threshold'),
      ...text('reset'),
      ...text('refractory'),
      ...text('method'),
      ...text('model'),
      params: object('params') as Record<string, Quantity>,
      initial,
    },
    synapse: () => {
      const problem = `edges to population "${population.name}" need template "${WETWARE_TEMPLATE}".`;
      throw unreadable(place, problem);
    },
    hasTwoInputs: false,
    isEarly: false,
    current: null,
    variableOf: (name) => name,
  };
}
