/**
 * How the synapses of each projection come to exist: made by the host, made by the engine in its own memory, or never
 * stored. Decided from wishes and sizes, when synapses have been counted; the network is the same in every way.
 */
import { NetworkError } from '../errors.ts';
import type { ProjectionDocument } from '../network/document.ts';
import type { CountedSynapses } from './synapses.ts';

/** "host": all rules. "device" and "procedural" need a recipe (generated.ts). */
export type Way = 'host' | 'device' | 'procedural';

/** What is wished for. */
export interface Wishes {
  /** "host": stored, and always made by the host. */
  readonly synapses: 'auto' | 'stored' | 'procedural' | 'host';
  /** Bytes of stored synapses that "auto" tries to keep to. */
  readonly synapseBytes: number;
}

/** 1 GiB. */
export const DEFAULT_SYNAPSE_BYTES = 2 ** 30;

/** A way for every projection. `bytesOf` tells what a projection takes when it is stored. */
export function chooseWays(
  counted: readonly CountedSynapses[],
  wishes: Wishes,
  bytesOf: (one: CountedSynapses) => number,
): Way[] {
  const choices = counted.map((one) => choiceOf(one, wishes));
  if (wishes.synapses === 'procedural') checkSome(counted, choices);
  const bytes = counted.map((one, k) => (choices[k] === 'procedural' ? 0 : bytesOf(one)));
  let total = bytes.reduce((sum, some) => sum + some, 0);
  const bySize = counted
    .map((_, k) => k)
    .filter((k) => choices[k] === 'either')
    .sort((a, b) => (bytes[b] as number) - (bytes[a] as number));
  for (const k of bySize) {
    if (total <= wishes.synapseBytes) break;
    choices[k] = 'procedural';
    total -= bytes[k] as number;
  }
  return counted.map((one, k) =>
    choices[k] === 'procedural' ? 'procedural' : storedWay(one, wishes),
  );
}

/** Engines build what they can; on the host, what code does not read is there all the same. */
const storedWay = ({ part, connected, recipe }: CountedSynapses, { synapses }: Wishes): Way =>
  synapses !== 'host' &&
  part.context.precision === 'f32' &&
  connected.count > 0 &&
  recipe.kind === 'recipe' &&
  recipe.unread === null
    ? 'device'
    : 'host';

type Choice = 'stored' | 'procedural' | 'either';

/** What does not depend on sizes. */
function choiceOf({ part, connected, recipe }: CountedSynapses, { synapses }: Wishes): Choice {
  const { context, document } = part;
  const wish = synapses === 'auto' ? (document.synapses ?? 'auto') : synapses;
  if (wish === 'host' || wish === 'stored' || connected.count === 0) return 'stored';
  const reason = context.precision === 'f64' ? DOUBLE : reasonOf(recipe);
  if (reason === null) return wish === 'auto' ? 'either' : 'procedural';
  if (wish === 'procedural' && synapses === 'auto' && context.precision === 'f32') {
    throw cannotBe(document, reason);
  }
  if (wish === 'procedural') {
    context.warnings.add(
      `Projection "${document.name}" is not procedural but stored, because ${reason}.`,
    );
  }
  return 'stored';
}

const DOUBLE = 'in 64 bits all synapses are stored';

const reasonOf = (recipe: CountedSynapses['recipe']): string | null =>
  recipe.kind === 'obstacle' ? recipe.reason : null;

function cannotBe({ name }: ProjectionDocument, reason: string): NetworkError {
  return new NetworkError(
    `Projection "${name}": synapses cannot be "procedural", because ${reason}. Use "stored" or "auto", or a projection ` +
      'whose rows can be made again: one-to-one, all-to-all, fixed-probability, or fixed-out-degree and ' +
      'fixed-total-number with multapses, with constants or distributions as values and delays, and code that ' +
      'neither changes nor sums synapses.',
    { path: `projection "${name}": synapses`, value: 'procedural' },
  );
}

/** A whole network was wished to be procedural: at least something must be. */
function checkSome(counted: readonly CountedSynapses[], choices: readonly Choice[]): void {
  const filled = counted.filter(({ connected }) => connected.count > 0);
  const [first] = filled;
  if (first === undefined || choices.includes('procedural')) return;
  const { part, recipe } = first;
  const reason = part.context.precision === 'f64' ? DOUBLE : reasonOf(recipe);
  throw cannotBe(part.document, reason ?? 'internal');
}
