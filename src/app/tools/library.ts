/**
 * The model library as the inspector and the add menu show it, and checks of what is typed: quantities against their
 * kind of unit and range, documents as a whole.
 */
import {
  DIMENSIONS,
  findModel,
  type Model,
  models,
  type NetworkDocument,
  NetworkError,
  type NeuronPopulationDocument,
  parseQuantity,
  type Quantity,
  validateDocument,
} from '../../index.ts';
import { readArray } from '../state/array-store.ts';
import { attach } from '../state/arrays.ts';

/** A model in a list. */
export interface ModelCard {
  readonly name: string;
  readonly title: string;
  readonly kind: 'neuron' | 'synapse';
  /** A part of a neuron, without a threshold of its own: of use only inside equations. */
  readonly isFragment: boolean;
  /** Its names in NEST, PyNN and Brian 2, for the search. */
  readonly aliases: readonly string[];
}

/** A row of a model's table, with its range in the unit of the default. */
export interface ParameterRow {
  readonly value: Quantity;
  readonly doc: string;
  readonly min: Quantity | null;
  readonly max: Quantity | null;
  /** Exclusive lower bound. */
  readonly above: Quantity | null;
  /** The bounds as numbers in the unit of `value`; null without. */
  readonly low: number | null;
  readonly high: number | null;
  /** "NEST C_m, PyNN cm". */
  readonly elsewhere: string;
  readonly source: string;
}

export interface ModelTable extends ModelCard {
  readonly source: string;
  readonly advice: string;
  readonly params: Readonly<Record<string, ParameterRow>>;
  /** Variables that synapses add to, with what one unit of weight does. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What a quantity must be. */
export interface QuantityRule {
  /** In messages. */
  readonly name: string;
  /** A quantity of the right kind of unit, or the name of a kind ("time"); anything when left out. */
  readonly like?: Quantity;
  readonly min?: Quantity | null;
  readonly max?: Quantity | null;
  readonly above?: Quantity | null;
}

/** Population options of a model, as the document has them. */
export type ModelPopulation = Omit<NeuronPopulationDocument, 'kind' | 'name' | 'size'>;

export interface LibraryCalls {
  libraryModels(): readonly ModelCard[];
  /** null for a name that no model has. */
  describeModel(name: string): ModelTable | null;
  populationOfModel(name: string): ModelPopulation;
  /** What a parameter name means wherever the library uses it: names that mean one thing only. */
  parameterMeanings(): Readonly<Record<string, string>>;
  /** '' when the text is such a quantity, else what is wrong with it. */
  checkQuantity(text: Quantity, rule: QuantityRule): string;
  /** null for a well-formed document; names in equations are looked at when it is built. */
  checkDocument(
    document: NetworkDocument,
  ): { readonly message: string; readonly path: string } | null;
}

export const libraryTools = {
  libraryModels: (): readonly ModelCard[] => Object.values(models).map(cardOf),
  describeModel(name: string): ModelTable | null {
    const model = modelNamed(name);
    if (model === null) return null;
    const inputs = model.kind === 'neuron' ? (model.inputs ?? {}) : {};
    return {
      ...cardOf(model),
      source: model.source,
      advice: model.advice ?? '',
      params: Object.fromEntries(
        Object.entries(model.params).map(([key, row]) => [key, rowOf(key, row)]),
      ),
      inputs,
    };
  },
  populationOfModel(name: string): ModelPopulation {
    const model = findModel(name);
    if (model.kind !== 'neuron') {
      throw new NetworkError(`${name} is a synapse model.`, { path: 'model', value: name });
    }
    return model.with() as ModelPopulation;
  },
  parameterMeanings(): Readonly<Record<string, string>> {
    const found = new Map<string, string[]>();
    for (const { params } of Object.values(models)) {
      for (const [name, { doc }] of Object.entries(params)) {
        found.set(name, [...(found.get(name) ?? []), doc]);
      }
    }
    // What only one model has may mean anything elsewhere.
    const clear = [...found].filter(([, docs]) => docs.length > 1 && new Set(docs).size === 1);
    return Object.fromEntries(clear.map(([name, docs]) => [name, docs[0] ?? '']));
  },
  checkQuantity(text: Quantity, rule: QuantityRule): string {
    try {
      return quantityProblem(text, rule);
    } catch (error) {
      if (error instanceof NetworkError) return error.message;
      throw error;
    }
  },
  async checkDocument(
    document: NetworkDocument,
  ): Promise<{ message: string; path: string } | null> {
    try {
      validateDocument(await attach(document, readArray));
      return null;
    } catch (error) {
      if (error instanceof NetworkError) return { message: error.message, path: error.path };
      throw error;
    }
  },
};

/** Joined models ("lif+gene-cascade") have no table of their own: null. */
function modelNamed(name: string): Model | null {
  return Object.values(models).find((model) => model.name === name) ?? null;
}

function cardOf(model: Model): ModelCard {
  const { nest = [], pynn = [], brian = [] } = model.aliases;
  return {
    name: model.name,
    title: model.title,
    kind: model.kind,
    isFragment: model.kind === 'neuron' && model.threshold === undefined,
    aliases: [nest, pynn, brian].flat(),
  };
}

function rowOf(name: string, row: Model['params'][string]): ParameterRow {
  const { value, doc, min = null, max = null, above = null, nest, pynn, symbol, source } = row;
  const one = unitSize(value);
  const bound = (limit: Quantity | null): number | null =>
    limit === null ? null : Number((parseQuantity(limit, name).value / one).toPrecision(12));
  return {
    value,
    doc,
    min,
    max,
    above,
    low: bound(min ?? above),
    high: bound(max),
    elsewhere: [nest && `NEST ${nest}`, pynn && `PyNN ${pynn}`, symbol && `symbol ${symbol}`]
      .filter(Boolean)
      .join(', '),
    source: source ?? '',
  };
}

/** Internal value of one of a quantity's unit. */
function unitSize(value: Quantity): number {
  const unit =
    typeof value === 'string' ? value.replace(/^\s*[-+]?[\d.]+(e[-+]?\d+)?\s*/i, '') : '';
  return unit === '' ? 1 : parseQuantity(`1 ${unit}`, 'unit').value;
}

function quantityProblem(text: Quantity, { name, like, min, max, above }: QuantityRule): string {
  const dimension =
    like === undefined
      ? undefined
      : typeof like === 'string' && Object.hasOwn(DIMENSIONS, like)
        ? DIMENSIONS[like as keyof typeof DIMENSIONS]
        : parseQuantity(like, name).dimension;
  const { value } = parseQuantity(text, name, dimension);
  const at = (limit: Quantity): number => parseQuantity(limit, name).value;
  if (min != null && value < at(min)) return `${name} must be at least ${min}.`;
  if (above != null && value <= at(above)) return `${name} must be above ${above}.`;
  if (max != null && value > at(max)) return `${name} must be at most ${max}.`;
  return '';
}
