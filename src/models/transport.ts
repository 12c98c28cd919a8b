/** Transport of cargo along microtubules: the sushi belt of Williams et al., and a chain of stages for point neurons. */
import { NetworkError } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import { defineModel, type ModelParameter, type NeuronModel } from './model.ts';

/** Most compartments of a belt: its propagator has the square of them as constants. */
const MOST_COMPARTMENTS = 64;

/** Numbers 1 … n. */
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k + 1);

/** What a belt does beside moving cargo. */
export interface BeltOptions {
  /** Name of the model; "sushi-belt" when omitted. */
  readonly name?: string;
  /** Whether cargo can be taken off the belt: variables s_1 …, rates c_1 … and d_1 …, decay gamma; default false. */
  readonly capture?: boolean;
}

/**
 * A neuron with a belt of `compartments` compartments (2 to 64), between which motors carry cargo (Williams et al. 2016).
 *
 *     u_i' = a_(i-1) u_(i-1) + b_i u_(i+1) - (a_i + b_(i-1)) u_i - c_i u_i + d_i s_i
 *     s_i' = c_i u_i - d_i s_i - gamma s_i
 *
 * a_i and b_i are the rates of the link between i and i+1, forward and backward; both ends are closed. In steady state
 * u_(i+1)/u_i = a_i/b_i: any profile can be demanded (`beltRates`), and c_i in proportion to demand delivers it. Random
 * walks of width D = (a + b) h²/2 and speed v = (a - b) h for compartments of length h; the defaults are 1 um/s for
 * h = 10 um.
 *
 * One belt is one neuron, so that all compartments move together by their propagator, which is exact for any step, keeps
 * the total, and costs compartments² multiplications per slow step. State: u_1 … (and s_1 …), numbers of cargo.
 * Throws NetworkError for a number of compartments out of range. Checked against T22 (tests/physics/transport.test.ts).
 */
export function transportBelt(compartments: number, options: BeltOptions = {}): NeuronModel {
  if (!isPlainObject(options)) {
    throw new TypeError(
      `transportBelt: options must be an object such as { capture: true }, got ${describeValue(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((key) => !['name', 'capture'].includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`transportBelt: unknown option "${unknown}". Known: name, capture.`);
  }
  const { name = 'sushi-belt', capture = false } = options;
  if (typeof capture !== 'boolean') {
    throw new TypeError(
      `transportBelt: capture must be true or false, got ${describeValue(capture)}.`,
    );
  }
  if (!(Number.isInteger(compartments) && compartments >= 2 && compartments <= MOST_COMPARTMENTS)) {
    throw new NetworkError(
      `transportBelt: compartments must be a whole number from 2 to ${MOST_COMPARTMENTS}, got ${describeValue(compartments)}.`,
      { path: 'transportBelt', value: compartments },
    );
  }
  const lines = upTo(compartments).flatMap((i) => beltEquations(i, compartments, capture));
  return defineModel({
    name,
    title: `Sushi belt: transport of cargo through ${compartments} compartments`,
    source:
      'Williams, O\u2019Donnell, Sejnowski & O\u2019Leary 2016, eLife 5:e20556, doi:10.7554/eLife.20556',
    aliases: {},
    eqs: lines.join('\n'),
    method: 'slow exact',
    params: {
      ...Object.fromEntries(upTo(compartments - 1).flatMap(linkRows)),
      ...(capture ? captureRows(compartments) : {}),
    },
    initial: { u_1: 1 },
    advice: 'Exact for any slow step.',
  });
}

/** The equations of compartment i of n. */
function beltEquations(i: number, n: number, capture: boolean): readonly string[] {
  const terms = [
    ...(i > 1 ? [`a_${i - 1}*u_${i - 1} - b_${i - 1}*u_${i}`] : []),
    ...(i < n ? [`b_${i}*u_${i + 1} - a_${i}*u_${i}`] : []),
    ...(capture ? [`d_${i}*s_${i} - c_${i}*u_${i}`] : []),
  ];
  const belt = `du_${i}/dt = ${terms.join(' + ')} : 1 (slow)`;
  if (!capture) return [belt];
  return [belt, `ds_${i}/dt = c_${i}*u_${i} - d_${i}*s_${i} - gamma*s_${i} : 1 (slow)`];
}

const linkRows = (i: number): readonly (readonly [string, ModelParameter])[] => [
  [`a_${i}`, { value: '0.4 1/second', min: '0 1/second', doc: `Forward, from ${i} to ${i + 1}.` }],
  [`b_${i}`, { value: '0.3 1/second', min: '0 1/second', doc: `Backward, from ${i + 1} to ${i}.` }],
];

const captureRows = (n: number): Readonly<Record<string, ModelParameter>> => ({
  ...Object.fromEntries(
    upTo(n).flatMap((i) => [
      [`c_${i}`, { value: '0 1/second', min: '0 1/second', doc: `Capture in compartment ${i}.` }],
      [`d_${i}`, { value: '0 1/second', min: '0 1/second', doc: `Return to the belt at ${i}.` }],
    ]),
  ),
  gamma: { value: '0 1/second', min: '0 1/second', doc: 'Decay of what is captured.' },
});

/** A belt of 20 compartments without capture; `transportBelt` makes others. */
export const sushiBelt = transportBelt(20);

/**
 * The rates a_1 …, b_1 … of a belt whose steady profile is `target` (one number above 0 per compartment): a = rate r/(1 + r),
 * b = rate/(1 + r) with r = target_(i+1)/target_i, so that a + b is `rate`, a quantity such as "1 1/second". For
 * `transportBelt(n).with(beltRates(target, '1 1/second'))`. Throws NetworkError for other targets.
 */
export function beltRates(
  target: readonly number[],
  rate: string,
): Readonly<Record<string, string>> {
  const isProfile =
    Array.isArray(target) &&
    target.length >= 2 &&
    target.every((value) => typeof value === 'number' && Number.isFinite(value) && value > 0);
  if (!isProfile) {
    throw new NetworkError(
      `beltRates: target must be a list of two and more numbers above 0, got ${describeValue(target)}.`,
      { path: 'beltRates', value: target },
    );
  }
  const perMs = parseQuantity(rate, 'beltRates: rate', DIMENSIONS.rate).value;
  if (!(perMs > 0)) {
    throw new NetworkError(`beltRates: rate must be above 0, got ${describeValue(rate)}.`, {
      path: 'beltRates',
      value: rate,
    });
  }
  return Object.fromEntries(
    upTo(target.length - 1).flatMap((i) => {
      const ratio = (target[i] as number) / (target[i - 1] as number);
      return [
        [`a_${i}`, `${(perMs * ratio) / (1 + ratio)} 1/ms`],
        [`b_${i}`, `${perMs / (1 + ratio)} 1/ms`],
      ];
    }),
  );
}

/**
 * Transport of a gene product to a point neuron's far end, as a chain of four stages.
 *
 *     arrived_i' = 4 speed/distance (arrived_(i-1) - arrived_i),   arrived_0 = cargo
 *
 * What arrives is what was sent, delayed by distance/speed on average with a standard deviation of half of that (a Gamma
 * distribution of order four). State: arrived_1 … arrived_4, of which the last is the far end's. To couple: replace
 * `cargo` by a protein. Checked against T22b (tests/physics/transport.test.ts).
 */
export const transportDelay = defineModel({
  name: 'transport-delay',
  title: 'Delay of axonal transport',
  source:
    'Gamma chain, own choice; speeds: Brown 2003, J Cell Biol 160:817, doi:10.1083/jcb.200212017',
  aliases: {},
  eqs: `
    darrived_1/dt = 4*speed/distance*(cargo - arrived_1) : 1 (slow)
    darrived_2/dt = 4*speed/distance*(arrived_1 - arrived_2) : 1 (slow)
    darrived_3/dt = 4*speed/distance*(arrived_2 - arrived_3) : 1 (slow)
    darrived_4/dt = 4*speed/distance*(arrived_3 - arrived_4) : 1 (slow)
  `,
  params: {
    cargo: { value: 1, doc: 'What is sent; replace it by the variable that is transported.' },
    distance: { value: '1 cm', above: '0 cm', doc: 'Way along the axon.' },
    speed: {
      value: '1 um/second',
      above: '0 um/second',
      doc: 'Mean speed: fast transport 200 to 400 mm/d, slow 0.2 to 8 mm/d.',
    },
  },
});
