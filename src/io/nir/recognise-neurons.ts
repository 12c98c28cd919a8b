/** Recognises in a population the equations of a NIR type, and gives its parameters as NIR stores them. */
import { NetworkError } from '../../errors.ts';
import { parseQuantity, parseUnit } from '../../language/units.ts';
import type { NeuronPopulationDocument, Quantity } from '../../network/document.ts';
import type { NirArray } from './nir-graph.ts';
import {
  NEURON_FIELDS,
  type NeuronFacts,
  type NeuronKind,
  neuronText,
  SPIKING,
} from './nir-neurons.ts';
import { obstaclesOfNeurons } from './refusals.ts';

export interface RecognisedNeurons {
  readonly kind: NeuronKind;
  readonly fields: ReadonlyMap<string, NirArray>;
  /** Constant current of each neuron; null where there is none. */
  readonly bias: Float64Array | null;
}

/** Throws NetworkError for populations that are none of NIR's. */
export function recogniseNeurons(
  population: NeuronPopulationDocument,
  shared: Readonly<Record<string, Quantity>>,
): RecognisedNeurons {
  const facts = factsOf(population);
  if (facts === undefined) {
    const kinds = Object.keys(NEURON_FIELDS).filter((kind) => kind !== 'Output');
    const obstacles = obstaclesOfNeurons(population);
    const model = population.model === undefined ? '' : ` (${population.model})`;
    const why = obstacles.length === 0 ? '' : ` It has ${obstacles.join('; ')}.`;
    throw new NetworkError(
      `Population "${population.name}"${model} cannot be written as NIR: its equations are none of ` +
        `${kinds.join(', ')} as readNir writes them.${why}`,
      { path: `population "${population.name}"` },
    );
  }
  const { kind, subtractsThreshold, perNeuron } = facts;
  const [stranger] = Object.keys(population.initial).filter((name) => !perNeuron.has(name));
  if (stranger !== undefined) {
    throw new NetworkError(
      `Population "${population.name}" cannot be written as NIR: NIR has no first value of ${stranger}.`,
      { path: `population "${population.name}"`, value: stranger },
    );
  }
  const fields = new Map<string, NirArray>();
  for (const [field, { unit }] of Object.entries(NEURON_FIELDS[kind])) {
    // Files have no word for reset by subtraction; those without v_reset are read either way.
    if (field === 'v_reset' && subtractsThreshold) continue;
    fields.set(field, {
      shape: [population.size],
      values: valuesOf(population, field, unit, shared),
    });
  }
  const bias = facts.hasBias ? valuesOf(population, 'bias', '1', shared) : null;
  return { kind, fields, bias };
}

/** What the text shows; undefined where no type makes this text. */
function factsOf(population: NeuronPopulationDocument): NeuronFacts | undefined {
  const { eqs, threshold, reset, method, refractory, onStep, params, initial } = population;
  if (refractory !== undefined || onStep !== undefined) return undefined;
  const lines = eqs.split('\n').map((line) => line.trim());
  const perNeuron = new Set(
    lines.flatMap((line) => /^(\w+) : \w+ \(constant\)$/.exec(line)?.[1] ?? []),
  );
  const common = {
    hasSpikes: lines.includes('dx/dt = -x/dt : 1'),
    hasBias: Object.hasOwn(params, 'bias') || Object.hasOwn(initial, 'bias'),
    drives: lines.flatMap((line) => /^(drive_\d+) : 1$/.exec(line)?.[1] ?? []),
    perNeuron,
    subtractsThreshold: reset === 'v -= v_threshold',
  };
  for (const kind of Object.keys(NEURON_FIELDS) as NeuronKind[]) {
    const facts: NeuronFacts = { kind, ...common };
    const text = neuronText(facts);
    const isSame =
      text.eqs === lines.join('\n') &&
      text.threshold === threshold &&
      text.reset === reset &&
      text.method === method;
    if (isSame && (SPIKING.has(kind) || !common.subtractsThreshold)) return facts;
  }
  return undefined;
}

/** The parameter of every neuron, in its NIR unit. */
function valuesOf(
  population: NeuronPopulationDocument,
  name: string,
  unit: string,
  shared: Readonly<Record<string, Quantity>>,
): Float64Array {
  const where = `Population "${population.name}": ${name}`;
  const { dimension, factor } = parseUnit(unit);
  const given = population.initial[name];
  if (typeof given === 'object' && 'values' in given) {
    const scale = parseUnit(given.unit).factor / factor;
    // Equal units are no conversion: the numbers stay what they are.
    return Float64Array.from(given.values, (value) =>
      given.unit === unit ? value : value * scale,
    );
  }
  const quantity =
    typeof given === 'string' || typeof given === 'number'
      ? given
      : (population.params[name] ?? shared[name]);
  if (quantity === undefined) {
    throw new NetworkError(`${where} must have a value that NIR can hold.`, { path: where });
  }
  const own =
    unit === '1' ? undefined : new RegExp(`^([-+.\\deE]+) ${unit}$`).exec(String(quantity))?.[1];
  const value =
    own === undefined ? parseQuantity(quantity, where, dimension).value / factor : Number(own);
  return new Float64Array(population.size).fill(value);
}
