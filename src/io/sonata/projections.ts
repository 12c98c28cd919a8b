/** From edge populations to projections of a network document: synapse models, signs, delays, split where needed. */
import type {
  ConnectRule,
  ProjectionDocument,
  Quantity,
  ValueSpec,
} from '../../network/document.ts';
import { type FileSource, isObject, readJsonFile } from '../file-source.ts';
import { unreadable } from '../unreadable.ts';
import { type Cells, WETWARE_TEMPLATE } from './cells.ts';
import type { EdgePopulation } from './edges.ts';

/** What projections need to know of the network. */
export interface ProjectionContext {
  readonly source: FileSource;
  readonly components: Readonly<Record<string, string>>;
  readonly dtMs: number;
  note(text: string): void;
}

/** The projections of an edge population onto cells. */
export async function projectionsOf(
  edges: EdgePopulation,
  cells: Cells,
  context: ProjectionContext,
): Promise<ProjectionDocument[]> {
  const templates = new Set(edges.types.map(({ row }) => row.model_template ?? 'static_synapse'));
  const dynamics = await readDynamics(edges, context);
  if (templates.has(WETWARE_TEMPLATE)) return [ownProjection(edges, dynamics)];
  for (const template of templates) {
    if (/^(?:nest:|nrn:)?static_synapse$/i.test(template)) continue;
    const problem = `edges "${edges.name}" have model_template "${template}", which cannot be run here.`;
    throw unreadable({ file: edges.file }, problem, 'What can: static_synapse, or none.', template);
  }
  const weights = signed(edges, dynamics);
  const delays = delaysOf(edges, cells, context);
  if (!cells.hasTwoInputs) return [projection(edges, edges.name, null, weights, delays, cells, 1)];
  const parts = ([1, -1] as const).flatMap((sign) => {
    const chosen = rowsWhere(weights, (weight) => (sign > 0 ? weight >= 0 : weight < 0));
    if (chosen.length === 0) return [];
    const all = chosen.length === weights.length;
    const name = all ? edges.name : `${edges.name} ${sign > 0 ? 'exc' : 'inh'}`;
    return [projection(edges, name, all ? null : chosen, weights, delays, cells, sign)];
  });
  return parts;
}

type Dynamics = readonly Readonly<Record<string, unknown>>[];

async function readDynamics(
  { types, file }: EdgePopulation,
  { source, components }: ProjectionContext,
): Promise<Dynamics> {
  const folder = components.synaptic_models_dir;
  return Promise.all(
    types.map(({ row }) => {
      const name = row.dynamics_params;
      if (name === undefined) return {};
      if (!/^[\w][\w .-]*$/.test(name)) {
        throw unreadable({ file }, `dynamics_params "${name}" is no file name.`);
      }
      if (folder === undefined) {
        const problem = `no folder "synaptic_models_dir" for ${name}.`;
        throw unreadable({ file }, problem, 'The circuit must name it.');
      }
      return readJsonFile(source, folder === '' ? name : `${folder}/${name}`);
    }),
  );
}

/** Weights with the signs of their synapse models. */
function signed({ file, name, types, typeOf, weight }: EdgePopulation, dynamics: Dynamics) {
  const signs = dynamics.map((content, index) => {
    const { level_of_detail: level = 'instanteneous', sign = 1, ...others } = content;
    const [unknown] = Object.keys(others);
    const what = types[index]?.row.dynamics_params;
    // The misspelling is the format's.
    if (unknown !== undefined || !/^instant[ae]neous$/.test(String(level))) {
      const found = unknown === undefined ? `level_of_detail "${String(level)}"` : `"${unknown}"`;
      const problem = `edges "${name}": ${what} has ${found}, which cannot be run here.`;
      throw unreadable({ file }, problem, 'What can: sign, and level_of_detail "instanteneous".');
    }
    if (sign !== 1 && sign !== -1) throw unreadable({ file }, `${what}: sign must be 1 or -1.`);
    return sign;
  });
  if (signs.every((sign) => sign === 1)) return weight;
  return weight.map((one, edge) => one * (signs[typeOf[edge] as number] as number));
}

/** Delays in ms as the network needs them. */
function delaysOf(
  { name, delayMs }: EdgePopulation,
  { isEarly }: Cells,
  { dtMs, note }: ProjectionContext,
): Float64Array {
  if (!isEarly) return delayMs;
  const late = delayMs.filter((delay) => delay < dtMs * 0.999).length;
  if (late > 0) {
    note(`${name}: ${late} edges have no delay; what they carry acts one step (${dtMs} ms) late.`);
  }
  return delayMs.map((delay) => Math.max(0, delay - dtMs));
}

function projection(
  edges: EdgePopulation,
  name: string,
  chosen: Uint32Array | null,
  weights: Float64Array,
  delays: Float64Array,
  cells: Cells,
  sign: 1 | -1,
): ProjectionDocument {
  const { onPre, unit, factor } = cells.synapse(sign);
  const pick = (values: Float64Array): Float64Array =>
    chosen === null ? values : Float64Array.from(chosen, (edge) => values[edge] as number);
  const ofWeights = pick(weights).map((weight) => weight * factor);
  const ofDelays = pick(delays);
  const [weight = 0] = ofWeights;
  const [delay = 0] = ofDelays;
  const isOneWeight = ofWeights.every((one) => one === weight);
  const isOneDelay = ofDelays.every((one) => one === delay);
  const dimension = { '1': '1', mV: 'volt', pA: 'amp', nS: 'siemens' }[unit] ?? '1';
  return {
    name,
    source: { population: edges.source.name },
    target: { population: edges.target.name },
    ...(isOneWeight ? {} : { eqs: `weight : ${dimension} (constant)` }),
    onPre,
    delay: isOneDelay ? `${delay} ms` : { values: ofDelays, unit: 'ms' },
    params: isOneWeight ? { weight: unit === '1' ? weight : `${weight} ${unit}` } : {},
    initial: isOneWeight ? {} : { weight: { values: ofWeights, unit } },
    connect: listRule(edges, chosen),
  };
}

function listRule({ pre, post }: EdgePopulation, chosen: Uint32Array | null): ConnectRule {
  if (chosen === null) return { rule: 'list', pre, post };
  return {
    rule: 'list',
    pre: chosen.map((edge) => pre[edge] as number),
    post: chosen.map((edge) => post[edge] as number),
  };
}

function rowsWhere(values: Float64Array, holds: (value: number) => boolean): Uint32Array {
  const rows: number[] = [];
  for (const [row, value] of values.entries()) if (holds(value)) rows.push(row);
  return Uint32Array.from(rows);
}

/** A projection that wetware wrote: equations in the JSON file of its only type. */
function ownProjection(edges: EdgePopulation, dynamics: Dynamics): ProjectionDocument {
  const { file, name, pre, post, attributes, delayMs } = edges;
  const [content, ...others] = dynamics;
  if (content === undefined || others.length > 0) {
    throw unreadable({ file }, `edges "${name}" must have one type.`);
  }
  const { projection: model, units, slices, delays } = content;
  if (!isObject(model) || !isObject(units) || !isObject(slices)) {
    throw unreadable({ file }, `edges "${name}": their parameters are not what wetware writes.`);
  }
  const initial: Record<string, ValueSpec> = {
    ...(isObject(model.initial) ? (model.initial as Record<string, ValueSpec>) : {}),
  };
  for (const [variable, unit] of Object.entries(units)) {
    const values = attributes.get(variable);
    if (values === undefined || typeof unit !== 'string') {
      throw unreadable({ file }, `edges "${name}" have no values of "${variable}".`);
    }
    initial[variable] = { values, unit };
  }
  const firstOf = (slice: unknown): number =>
    isObject(slice) && typeof slice.from === 'number' ? slice.from : 0;
  const shift = (rows: Uint32Array, first: number): Uint32Array =>
    first === 0 ? rows : rows.map((row) => row - first);
  // Every field is checked as part of the document; here they only find their places.
  return {
    ...(model as Partial<ProjectionDocument>),
    ...(delays === 'own' && { delay: { values: delayMs, unit: 'ms' } }),
    name,
    source: { population: edges.source.name, ...(isObject(slices.source) ? slices.source : {}) },
    target: { population: edges.target.name, ...(isObject(slices.target) ? slices.target : {}) },
    params: (isObject(model.params) ? model.params : {}) as Record<string, Quantity>,
    initial,
    connect: {
      rule: 'list',
      pre: shift(pre, firstOf(slices.source)),
      post: shift(post, firstOf(slices.target)),
    },
  };
}
