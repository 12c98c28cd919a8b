/** What `--record` adds to a network: spikes of populations, variables of populations and fields; and whether that can be kept. */
import { DIMENSIONS, type NetworkDocument, parseQuantity, suggest } from '../index.ts';
import { formatBytes } from './progress.ts';
import { UsageError } from './usage.ts';

type Recording = NetworkDocument['recordings'][number];

/**
 * "spikes": of every population; "POPULATION": its spikes; "POPULATION.VARIABLE": the variable of all its neurons,
 * every step; "FIELD.VARIABLE": that of all its voxels, whenever its clock ticks. Several variables are separated by
 * commas. "POPULATION[FROM:TO]" and "FIELD[FROM:TO]" are the part FROM … TO-1. A network that records no spikes at all gets
 * "spikes".
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
  const spikesOf = (target: Recording['target'], label: string): Recording => ({
    kind: 'spikes',
    name: `${label} spikes`,
    target,
  });
  if (request === 'spikes') {
    return names.map((population) => spikesOf({ population }, population));
  }
  const fields = (document.fields ?? []).map(({ name }) => name);
  // Names may contain dots and brackets: the longest name that begins the request is meant.
  const population = [...names, ...fields]
    .filter((name) => request === name || /^[.[]/.test(request.slice(name.length)))
    .filter((name) => request.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];
  if (population === undefined) throw unknownPopulation(request, names, fields);
  const found = /^(?:\[(\d+):(\d+)\])?(?:\.(.*))?$/.exec(request.slice(population.length));
  if (found === null) {
    throw new UsageError(
      `--record ${request}: after the population may come [FROM:TO] and .VARIABLE, for example ${population}[0:10].v.`,
    );
  }
  const [, from, to, variables] = found;
  if (fields.includes(population)) return [voxelsOf(request, population, from, to, variables)];
  const target =
    from === undefined ? { population } : { population, from: Number(from), to: Number(to) };
  if (variables === undefined) {
    return [spikesOf(target, from === undefined ? population : request)];
  }
  return [{ kind: 'state', name: request, target, variables: listOf(variables) }];
}

const listOf = (variables: string): string[] => variables.split(',').map((name) => name.trim());

/** A field has no spikes, and its part is a list of voxels. */
function voxelsOf(
  request: string,
  field: string,
  from: string | undefined,
  to: string | undefined,
  variables: string | undefined,
): Recording {
  if (variables === undefined) {
    throw new UsageError(
      `--record ${request}: "${field}" is a field; name a variable of it, for example ${field}.C.`,
    );
  }
  const first = Number(from ?? 0);
  const count = Number(to ?? 0) - first;
  if (from !== undefined && (count < 1 || count > MOST_VOXELS)) {
    throw new UsageError(`--record ${request}: TO must be above FROM, by at most ${MOST_VOXELS}.`);
  }
  return {
    kind: 'state',
    name: request,
    target: { population: field },
    variables: listOf(variables),
    ...(from !== undefined && { neurons: Array.from({ length: count }, (_, k) => first + k) }),
  };
}

/** Most voxels that a part of a field may have. */
const MOST_VOXELS = 2 ** 24;

function unknownPopulation(
  request: string,
  names: readonly string[],
  fields: readonly string[],
): UsageError {
  const found = request.replace(/[.[].*$/, '');
  const meant = suggest(found, [...names, ...fields, 'spikes']);
  const what = fields.length === 0 ? 'population' : 'population or field';
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new UsageError(
    `--record ${request}: there is no ${what} "${found}".${hint} ` +
      `Known: ${[...names, ...fields].join(', ')}; or "spikes" for all.`,
  );
}

/** Whether a recording is there already, under whatever name. */
function sameThing(a: Recording, b: Recording): boolean {
  if (a.name === b.name) return true;
  return (
    a.kind === 'spikes' &&
    b.kind === 'spikes' &&
    a.target.population === b.target.population &&
    a.target.from === b.target.from &&
    a.target.to === b.target.to
  );
}

/** Largest memory of recorded variables, which stay in memory until the end. */
const MOST_TRACE_BYTES = 4 * 2 ** 30;
/** A sample is kept as a double, and once more while its file is made. */
const BYTES_PER_SAMPLE = 16;

/** Refuses to record more of variables than memory can be expected to hold, before a long run. */
export function checkTraces(document: NetworkDocument, steps: number): void {
  const { dt, populations, fields = [], recordings } = document;
  const dtMs = parseQuantity(dt, 'dt', DIMENSIONS.time).value;
  for (const recording of recordings) {
    if (recording.kind !== 'state') continue;
    const { target, variables, neurons, every } = recording;
    const field = fields.find(({ name }) => name === target.population);
    const size =
      field?.grid.reduce((product, length) => product * length, 1) ??
      populations.find(({ name }) => name === target.population)?.size ??
      0;
    const rows = neurons?.length ?? (target.to ?? size) - (target.from ?? 0);
    const interval = every ?? field?.every;
    const stride =
      interval === undefined ? 1 : parseQuantity(interval, 'every', DIMENSIONS.time).value / dtMs;
    const samples = (rows * variables.length * steps) / Math.max(1, stride);
    if (samples * BYTES_PER_SAMPLE <= MOST_TRACE_BYTES) continue;
    throw new UsageError(
      `Recording "${recording.name}" would take ${formatBytes(samples * BYTES_PER_SAMPLE)} of memory ` +
        `(${rows} ${field === undefined ? 'neurons' : 'voxels'}, ${steps} steps); at most ${formatBytes(MOST_TRACE_BYTES)} are kept. ` +
        `Record a part, such as ${target.population}[0:10].${variables[0] ?? 'v'}, or a shorter time.`,
    );
  }
}
