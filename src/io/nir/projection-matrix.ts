/** A projection of a document as NIR's matrix of weights, with its delays before or after it. */
import { NetworkError } from '../../errors.ts';
import { DIMENSIONS, parseQuantity, parseUnit } from '../../language/units.ts';
import type {
  NetworkDocument,
  ProjectionDocument,
  SliceReference,
} from '../../network/document.ts';
import { inputVariable, SPIKING } from './nir-neurons.ts';
import type { RecognisedNeurons } from './recognise-neurons.ts';
import { obstaclesOfSynapses } from './refusals.ts';

export interface ProjectionMatrix {
  readonly source: string;
  readonly target: string;
  readonly rows: number;
  readonly columns: number;
  /** Weights of a one-to-one projection between whole populations. */
  readonly diagonal: Float64Array | null;
  /** Weights [target][source]. */
  readonly dense: () => Float64Array;
  /** Seconds, per source and per target. */
  readonly delayBefore: Float64Array | null;
  readonly delayAfter: Float64Array | null;
}

/** Largest matrix that is written, numbers. */
const MOST_WEIGHTS = 2 ** 26;

/** Throws NetworkError where NIR cannot say it. */
export function matrixOf(
  projection: ProjectionDocument,
  document: NetworkDocument,
  neurons: ReadonlyMap<string, RecognisedNeurons>,
): ProjectionMatrix {
  const refuse = (problem: string): never => {
    const path = `projection "${projection.name}"`;
    throw new NetworkError(`Projection "${projection.name}" cannot be written as NIR: ${problem}`, {
      path,
    });
  };
  const sizeOf = ({ population }: SliceReference): number =>
    document.populations.find(({ name }) => name === population)?.size ?? 0;
  const { source, target } = projection;
  const [columns, rows] = [sizeOf(source), sizeOf(target)];
  checkModel(projection, neurons, refuse);
  const { pre, post } = pairsOf(projection, columns, rows, refuse);
  const weights = valuesOf(projection.initial.weight, pre.length, '1', 'weight', refuse);
  const delays = delaysOf(projection, pre.length, refuse);
  const before = perElement(delays, pre, columns);
  const after = before === null ? perElement(delays, post, rows) : null;
  if (delays !== null && before === null && after === null) {
    refuse('delays must depend on the source alone, or on the target alone.');
  }
  const isUniform = delays?.every((value) => value === delays[0]) ?? false;
  const isWhole = columns === rows && pre.length === rows;
  const diagonal = isWhole && pre.every((one, k) => one === k && post[k] === k) ? weights : null;
  return {
    source: source.population,
    target: target.population,
    rows,
    columns,
    diagonal,
    dense: () => {
      if (rows * columns > MOST_WEIGHTS) {
        refuse(
          `a matrix of ${rows} x ${columns} is larger than ${MOST_WEIGHTS}; NIR has no sparse ones.`,
        );
      }
      const matrix = new Float64Array(rows * columns);
      for (const [k, column] of pre.entries()) {
        const at = (post[k] as number) * columns + column;
        matrix[at] = (matrix[at] as number) + (weights[k] as number);
      }
      return matrix;
    },
    delayBefore: isUniform ? null : before,
    delayAfter: isUniform ? new Float64Array(rows).fill(delays?.[0] ?? 0) : after,
  };
}

type Refuse = (problem: string) => never;

function checkModel(
  projection: ProjectionDocument,
  neurons: ReadonlyMap<string, RecognisedNeurons>,
  refuse: Refuse,
): void {
  const { source, target, eqs, onPre, onPost, params } = projection;
  const from = neurons.get(source.population)?.kind;
  const to = neurons.get(target.population)?.kind;
  if (to === undefined) refuse('its target is a spike list.');
  const isSpikes = from === undefined || SPIKING.has(from);
  const isPlain = isSpikes
    ? eqs === 'weight : 1 (constant)' && onPre === `${inputVariable(to)} += weight`
    : onPre === undefined &&
      /^weight : 1 \(constant\)\ndrive_\d+_post = weight\*v_pre : 1 \(summed\)$/.test(eqs ?? '');
  const hasParameters = Object.keys(params).length > 0;
  if (isPlain && onPost === undefined && !hasParameters) return;
  const obstacles = obstaclesOfSynapses(projection);
  if (obstacles.length > 0) refuse(`${obstacles.join('; ')}. NIR has constant weights only.`);
  if (hasParameters) refuse('it has parameters. NIR has constant weights only.');
  refuse('its synapses are not those that readNir writes.');
}

function pairsOf(projection: ProjectionDocument, columns: number, rows: number, refuse: Refuse) {
  const { connect, source, target } = projection;
  const [firstPre, firstPost] = [source.from ?? 0, target.from ?? 0];
  const sources = (source.to ?? columns) - firstPre;
  const targets = (target.to ?? rows) - firstPost;
  if (connect.rule === 'list') {
    return {
      pre: Array.from(connect.pre, (one) => one + firstPre),
      post: Array.from(connect.post, (one) => one + firstPost),
    };
  }
  const excludesSelf = 'autapses' in connect && connect.autapses === false;
  if ((connect.rule !== 'one-to-one' && connect.rule !== 'all-to-all') || excludesSelf) {
    return refuse(`the rule ${connect.rule} is not a list. List the synapses.`);
  }
  if (sources * targets > MOST_WEIGHTS) return refuse(`more than ${MOST_WEIGHTS} synapses.`);
  const isAll = connect.rule === 'all-to-all';
  const count = isAll ? sources * targets : sources;
  return {
    pre: Array.from({ length: count }, (_, k) => firstPre + (isAll ? Math.floor(k / targets) : k)),
    post: Array.from({ length: count }, (_, k) => firstPost + (isAll ? k % targets : k)),
  };
}

/** Values of synapses in a unit; texts must be quantities. */
function valuesOf(
  spec: unknown,
  count: number,
  unit: string,
  what: string,
  refuse: Refuse,
): Float64Array {
  const { factor, dimension } = parseUnit(unit);
  if (typeof spec === 'object' && spec !== null && 'values' in spec && 'unit' in spec) {
    const given = spec as { values: ArrayLike<number>; unit: string };
    const scale = given.unit === unit ? 1 : parseUnit(given.unit).factor / factor;
    return Float64Array.from(given.values, (value) => value * scale);
  }
  if (typeof spec !== 'string' && typeof spec !== 'number') {
    return refuse(`${what} must be a number or a list.`);
  }
  const own = new RegExp(`^([-+.\\deE]+) ${unit}$`).exec(String(spec))?.[1];
  const value =
    own === undefined ? parseQuantity(spec, what, dimension).value / factor : Number(own);
  return new Float64Array(count).fill(value);
}

function delaysOf(
  { delay }: ProjectionDocument,
  count: number,
  refuse: Refuse,
): Float64Array | null {
  if (delay === undefined) return null;
  if (typeof delay === 'object' && 'byPathway' in delay) return refuse('delays by pathway.');
  if (
    delay === 0 ||
    (typeof delay === 'string' && parseQuantity(delay, 'delay', DIMENSIONS.time).value === 0)
  ) {
    return null;
  }
  return valuesOf(delay, count, 'second', 'delay', refuse);
}

/** One value per element where synapses of an element agree; null where they do not, or there are none. */
function perElement(
  values: Float64Array | null,
  elements: readonly number[],
  size: number,
): Float64Array | null {
  if (values === null) return null;
  const found = new Float64Array(size).fill(Number.NaN);
  for (const [k, element] of elements.entries()) {
    const value = values[k] as number;
    if (!Number.isNaN(found[element]) && found[element] !== value) return null;
    found[element] = value;
  }
  return found.map((value) => (Number.isNaN(value) ? 0 : value));
}
