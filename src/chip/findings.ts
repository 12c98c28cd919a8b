/** What stands out in a chip study, in sentences: where it would be tight, and how few bits would do. Measures nothing. */
import type { ChipReport, OverSeeds } from './report.ts';

/** Rate shifts up to this count as none. */
const TOLERATED_SHIFT = 0.01;

/** Sentences, bottlenecks first. */
export function findingsOf(report: Omit<ChipReport, 'findings'>): string[] {
  return [
    ...busiestCore(report),
    ...memoryNeeds(report),
    ...slotNeeds(report),
    ...busiestLink(report),
    ...hotNeurons(report),
    ...bitsThatDo(report),
  ];
}

/** Student's t, two-sided 99 %, for 1 … 10 degrees of freedom. */
const STUDENT = [63.66, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169];

/** How many standard errors a mean of so many seeds may be off by chance, once in a hundred studies. */
function studentOf(seeds: number): number {
  if (seeds < 2) return 0;
  const degrees = seeds - 1;
  const [z, listed] = [2.576, STUDENT[degrees - 1]];
  if (listed !== undefined) return listed;
  // Cornish and Fisher's expansion, right to 0.3 % from here on.
  return (
    z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  );
}

const percent = (part: number): string => `${(100 * part).toPrecision(2)} %`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const times = (value: number): string => value.toPrecision(2);

type Findable = Omit<ChipReport, 'findings'>;

function busiestCore({ cores, traffic }: Findable): string[] {
  if (traffic.operations === 0)
    return ['No spike reached a synapse: there is no traffic to report.'];
  const busiest = cores.reduce((a, b) => (b.operations > a.operations ? b : a));
  const share = busiest.operations / traffic.operations;
  const mean = traffic.operations / cores.length;
  const peak = cores.reduce((a, b) => (b.mostInStep > a.mostInStep ? b : a));
  return [
    `Core ${cores.indexOf(busiest)} (${busiest.population} ${busiest.from}\u2026${busiest.to - 1}) does ${percent(share)} of all synaptic operations, ${times(busiest.operations / mean)} times the mean of ${cores.length} core${cores.length === 1 ? '' : 's'}.`,
    `Core ${cores.indexOf(peak)} has most to do in one step: ${whole(peak.mostInStep)} synaptic operations.`,
  ];
}

function memoryNeeds({ cores, settings }: Findable): string[] {
  const { memoryPerCore } = settings;
  const over = cores.filter(({ memory }) => memory.total > memoryPerCore);
  const largest = cores.reduce(
    (a, b) => (b.memory.total > a.memory.total ? b : a),
    cores[0] as (typeof cores)[0],
  );
  if (largest === undefined) return [];
  const need = `core ${cores.indexOf(largest)} needs ${whole(largest.memory.total)} bytes of ${whole(memoryPerCore)}`;
  if (over.length === 0) return [`Every core fits its memory; ${need}.`];
  const few = Math.max(
    1,
    Math.floor((settings.neuronsPerCore * memoryPerCore) / largest.memory.total),
  );
  return [
    `${over.length} of ${cores.length} cores do not fit their memory: ${need}. About ${few} neurons per core would.`,
  ];
}

function slotNeeds({ traffic }: Findable): string[] {
  const hot = traffic.slots.reduce((a, b) => (b.mostPending > a.mostPending ? b : a));
  if (hot.mostPending === 0) return [];
  return [
    `The fullest delay slot is ${hot.delaySteps} step${hot.delaySteps === 1 ? '' : 's'} ahead: ${whole(hot.meanPending)} events on average, at most ${whole(hot.mostPending)}.`,
  ];
}

function busiestLink({ traffic }: Findable): string[] {
  const link = traffic.links.find(({ from, to }) => from !== to);
  if (link === undefined) return [];
  const from = link.from < 0 ? 'input from outside' : `core ${link.from}`;
  return [
    `The busiest link goes from ${from} to core ${link.to}: ${whole(link.messages)} spikes, ${percent(link.messages / traffic.messages)} of all between cores, for ${whole(link.operations)} synaptic operations.`,
  ];
}

function hotNeurons({ traffic }: Findable): string[] {
  const [hot] = traffic.hotSources;
  if (hot === undefined) return [];
  return [
    `The hottest neuron, ${hot.population} ${hot.neuron}, causes ${percent(hot.caused / traffic.operations)} of all operations: ${whole(hot.spikes)} spikes to ${whole(hot.fanOut)} synapses.`,
    `Fan-out is at most ${whole(traffic.mostFanOut)}, fan-in at most ${whole(traffic.mostFanIn)}.`,
  ];
}

/** Whether a mean is within the tolerance, chance allowed for. */
const isWithin = ({ mean, standardError }: OverSeeds, seeds: number): boolean =>
  Math.abs(mean) + studentOf(seeds) * standardError <= TOLERATED_SHIFT;

function bitsThatDo({ quantisation, seeds }: Findable): string[] {
  const weighted = quantisation[0]?.projections ?? [];
  // No projection with weights, as where cells are coupled by summed variables only: nothing to say.
  if (weighted.length === 0) return [];
  if (weighted.every(({ isConstant }) => isConstant)) {
    return ['All weights of a projection are equal: any number of bits holds them exactly.'];
  }
  const enough = quantisation.filter(({ rateShift }) => isWithin(rateShift, seeds.length)).at(-1);
  const beyond = quantisation
    .filter(({ rateShift }) => isBeyond(rateShift, seeds.length))
    .map(({ bits }) => bits);
  const proviso = seeds.length < 2 ? ' (one seed: chance is not told apart)' : '';
  const kept =
    enough === undefined
      ? `With none of these numbers of bits is the mean rate sure to stay within 1 %${proviso}.`
      : `${bitsText([enough.bits])} keep the mean rate within 1 %${proviso}.`;
  const lost = `${bitsText(beyond)} shift the mean rate by more than 1 %${proviso}.`;
  return beyond.length === 0 ? [kept] : [kept, lost];
}

/** Whether a mean is beyond the tolerance, chance allowed for. */
const isBeyond = ({ mean, standardError }: OverSeeds, seeds: number): boolean =>
  Math.abs(mean) - studentOf(seeds) * standardError > TOLERATED_SHIFT;

const bitsText = (bits: readonly number[]): string =>
  `${bits.join(', ')} bit${bits.length === 1 && bits[0] === 1 ? '' : 's'}`;
