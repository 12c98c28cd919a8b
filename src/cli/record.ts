/** What `--record` adds to a network: spikes of all or some populations, state variables. */
import type { NetworkDocument } from '../index.ts';
import { suggest } from '../index.ts';
import { UsageError } from './usage.ts';

type Recording = NetworkDocument['recordings'][number];

/**
 * "spikes": of every population; "POPULATION": its spikes; "POPULATION.VARIABLE": the variable of all its neurons,
 * every step. A network that records no spikes at all gets "spikes".
 */
export function addRecordings(
  document: NetworkDocument,
  requests: readonly string[],
): NetworkDocument {
  const hasSpikes = document.recordings.some(({ kind }) => kind === 'spikes');
  const wanted = hasSpikes || requests.includes('spikes') ? requests : ['spikes', ...requests];
  const recordings: Recording[] = [...document.recordings];
  const add = (recording: Recording): void => {
    if (!recordings.some((one) => sameThing(one, recording))) recordings.push(recording);
  };
  for (const request of wanted) {
    for (const recording of recordingsOf(request, document)) add(recording);
  }
  return { ...document, recordings };
}

function recordingsOf(request: string, document: NetworkDocument): Recording[] {
  const names = document.populations.map(({ name }) => name);
  const spikesOf = (population: string): Recording => ({
    kind: 'spikes',
    name: `${population} spikes`,
    target: { population },
  });
  if (request === 'spikes') return names.map(spikesOf);
  if (names.includes(request)) return [spikesOf(request)];
  const dot = request.lastIndexOf('.');
  const population = request.slice(0, dot);
  const variable = request.slice(dot + 1);
  if (dot > 0 && names.includes(population)) {
    const name = `${population}.${variable}`;
    return [{ kind: 'state', name, target: { population }, variables: [variable] }];
  }
  const found = dot > 0 ? population : request;
  const meant = suggest(found, names);
  throw new UsageError(
    `--record ${request}: there is no population "${found}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} ` +
      `Known: ${names.join(', ')}; or "spikes" for all.`,
  );
}

/** Whether a recording of the whole population is there already, under whatever name. */
function sameThing(a: Recording, b: Recording): boolean {
  if (a.name === b.name) return true;
  const isWhole = a.target.from === undefined && a.target.to === undefined;
  return (
    a.kind === 'spikes' &&
    b.kind === 'spikes' &&
    isWhole &&
    a.target.population === b.target.population
  );
}
