/**
 * Conditions of a whole network by name: epilepsy, a drug, a lesion. A condition says what changes by its role (weights of
 * inhibition, potassium channels, dopamine uptake) and by how much; where that is in a network is found by the names of
 * its parameters, which are those of the library, or said by the caller. Tables and a search; runs nothing.
 */
import { documentOf } from '../create-simulation.ts';
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import { type NamedIntervention, namedInterventions } from '../models/interventions.ts';
import type { InterventionDocument, NetworkDocument, Quantity } from '../network/document.ts';
import type { Network } from '../network/network.ts';
import { checkOptions } from '../recording/check.ts';
import type { Sign } from './options.ts';
import { type Place, placesIn, type Role, roleDocs, roles } from './roles.ts';

/** A role, multiplied by a factor or given a value. */
export type RoleChange =
  | { readonly role: Role; readonly factor: number }
  | { readonly role: Role; readonly value: string | number };

/** A named change of a network. */
export interface Condition {
  /** One line: what it is in a clinic or a laboratory. */
  readonly title: string;
  /** Each a list of ways to say the same, the best first: those whose role is given, or else the first that a network has. */
  readonly changes: readonly (readonly RoleChange[])[];
  /** What detectors should do against control, by the end of their names. */
  readonly signs: Readonly<Record<string, Sign>>;
  /** What the numbers rest on, or what to mind. */
  readonly note?: string;
}

const INHIBITION_OFF: readonly RoleChange[] = [
  { role: 'gaba-a-blocked', value: 1 },
  { role: 'inhibition', factor: 0 },
];

/** Networks' conditions; interventions on single models (`namedInterventions`) are conditions too, under their names. */
export const conditions = {
  epilepsy: {
    title: 'Epilepsy-like: excitation × 1.5, inhibition × 0.5',
    changes: [
      [{ role: 'excitation', factor: 1.5 }],
      [
        { role: 'gaba-a-blocked', value: 0.5 },
        { role: 'inhibition', factor: 0.5 },
      ],
    ],
    signs: { rate: 'rises', synchrony: 'rises' },
    note: 'Where one parameter is the weight of all excitatory synapses, those onto inhibitory neurons change too. More release (U of short-term plasticity) is an intervention to add.',
  },
  'gaba-a-block': {
    title: 'GABA-A block (picrotoxin-like): no inhibition',
    changes: [INHIBITION_OFF],
    signs: { rate: 'rises' },
    note: 'Recurrent networks run away, as in a seizure.',
  },
  benzodiazepine: {
    title: 'Benzodiazepine-like: GABA stays bound for longer, unbinding × 0.7',
    changes: [
      [
        { role: 'gaba-a-unbinding', factor: 0.7 },
        { role: 'inhibitory-decay', factor: 1 / 0.7 },
      ],
    ],
    signs: { rate: 'falls' },
  },
  tetrodotoxin: {
    title: 'Tetrodotoxin: no sodium current',
    changes: [[{ role: 'sodium', factor: 0 }]],
    signs: { rate: 'falls' },
  },
  '4-aminopyridine': {
    title: '4-Aminopyridine-like: half of the potassium current',
    changes: [[{ role: 'potassium', factor: 0.5 }]],
    signs: {},
    note: 'Broad spikes and more release; the rate may rise, or fall where cells stay depolarised.',
  },
  'calcium-block': {
    title: 'Calcium block (cadmium-like): half of the calcium channels',
    changes: [[{ role: 'calcium', factor: 0.5 }]],
    signs: {},
  },
  parkinson: {
    title:
      'Parkinson-like lesion: a fifth of the dopamine terminals is left, release and uptake × 0.2',
    changes: [
      [{ role: 'dopamine-release', factor: 0.2 }],
      [{ role: 'dopamine-uptake', factor: 0.2 }],
    ],
    signs: { phasic: 'falls' },
    note: 'The tonic level hardly changes, as release and uptake go down together; a dose of 0.625 leaves half of the terminals.',
  },
  'transporter-block': {
    title: 'Transporter block (cocaine-like): half-saturation of dopamine uptake × 3',
    changes: [[{ role: 'dopamine-affinity', factor: 3 }]],
    signs: { tonic: 'rises' },
  },
  'acetylcholine-loss': {
    title: 'Alzheimer-like loss of acetylcholine: choline uptake × 0.2',
    changes: [[{ role: 'choline-uptake', factor: 0.2 }]],
    signs: { 'ach_ves mean': 'falls' },
  },
} as const satisfies Readonly<Record<string, Condition>>;

/** When and where a condition acts. */
export interface ConditionOptions {
  /** Default "0 ms", and no end. */
  readonly at?: Quantity;
  readonly until?: Quantity;
  /** Where a role is, where names do not tell: { inhibition: ['basket->pyramidal.w'] }; "owner.parameter", or the name of a network parameter. */
  readonly roles?: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** A condition in a network: spread it into the options of compareIntervention. */
export interface NetworkCondition {
  readonly name: string;
  readonly interventions: readonly InterventionDocument[];
  readonly signs: Readonly<Record<string, Sign>>;
}

/**
 * The interventions of a condition, or of one of namedInterventions, in a network.
 *
 *     const epilepsy = conditionIn(network, 'epilepsy', { at: '300 ms' });
 *     await compareIntervention(network, { ...epilepsy, duration: '1 s' });
 *
 * Throws NetworkError for an unknown name, and where the network has nothing that the condition changes; the message says
 * what was looked for and what the network has.
 */
export function conditionIn(
  network: Network | NetworkDocument,
  name: string,
  options: ConditionOptions = {},
): NetworkCondition {
  const document = documentOf(network);
  checkOptions(options, 'conditionIn: options', ['at', 'until', 'roles']);
  const { at = '0 ms', until, roles: given = {} } = options;
  for (const [key, time] of Object.entries({ at, until })) {
    if (time !== undefined) parseQuantity(time, `conditionIn: ${key}`, DIMENSIONS.time);
  }
  checkRoles(given);
  const places = placesIn(document);
  const { title, signs, changes } = meaningOf(document, name, given, places);
  const interventions = changes.map(({ owner, parameter, change }) => ({
    name,
    at,
    ...(until !== undefined && { until }),
    owner,
    parameter,
    ...('factor' in change ? { factor: change.factor } : { value: change.value }),
  }));
  return { name: title, interventions, signs };
}

function checkRoles(given: unknown): void {
  checkOptions(given, 'conditionIn: roles', Object.keys(roleDocs));
  for (const [role, texts] of Object.entries(given as object)) {
    if (Array.isArray(texts)) continue;
    throw new TypeError(
      `conditionIn: roles.${role} must be a list such as ["owner.parameter"], got ${describeValue(texts)}.`,
    );
  }
}

interface Change {
  readonly owner: string;
  readonly parameter: string;
  readonly change: { readonly factor: number } | { readonly value: string | number };
}

interface Meaning {
  readonly title: string;
  readonly signs: Readonly<Record<string, Sign>>;
  readonly changes: readonly Change[];
}

function meaningOf(
  document: NetworkDocument,
  name: string,
  given: NonNullable<ConditionOptions['roles']>,
  places: readonly Place[],
): Meaning {
  if (typeof name !== 'string') {
    throw new TypeError(
      `conditionIn: name must be a text such as "epilepsy", got ${describeValue(name)}.`,
    );
  }
  if (Object.hasOwn(conditions, name)) {
    const condition: Condition = conditions[name as keyof typeof conditions];
    const changes = condition.changes.flatMap((ways) => found(document, name, ways, given, places));
    return { title: condition.title, signs: condition.signs, changes };
  }
  if (Object.hasOwn(namedInterventions, name)) {
    return ofModel(document, name, places);
  }
  const known = [...Object.keys(conditions), ...Object.keys(namedInterventions)];
  const meant = suggest(name, known);
  throw new NetworkError(
    `Unknown condition "${name}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Known: ${listNames(known, 60)}.`,
    { path: 'condition', value: name },
  );
}

/** Where a change is: in all places that are said, or else in those of the first way that finds any. */
function found(
  document: NetworkDocument,
  name: string,
  ways: readonly RoleChange[],
  given: NonNullable<ConditionOptions['roles']>,
  places: readonly Place[],
): Change[] {
  const changesOf = (change: RoleChange, all: readonly Place[]): Change[] =>
    all.map(({ owner, parameter }) => ({ owner, parameter, change }));
  const said = ways.flatMap((change) => {
    const texts = given[change.role] ?? [];
    return changesOf(
      change,
      texts.map((text) => placeOf(text, change.role, places)),
    );
  });
  if (said.length > 0) return said;
  for (const change of ways) {
    const changes = changesOf(change, roles[change.role](places));
    if (changes.length > 0) return changes;
  }
  const wanted = ways.map(({ role }) => `${role} (${roleDocs[role]})`).join(', or ');
  throw new NetworkError(
    `Condition "${name}": ${document.name} has nothing that looks like ${wanted}. Say where it is by its role, such as ` +
      `{ ${JSON.stringify(ways[0]?.role)}: ["owner.parameter"] }. Known: ${knownPlaces(places)}.`,
    { path: `condition "${name}"`, value: document.name },
  );
}

function placeOf(text: string, role: Role, places: readonly Place[]): Place {
  const names = places.map(nameOfPlace);
  const place = places[names.indexOf(text)];
  if (place !== undefined) return place;
  const meant = typeof text === 'string' ? suggest(text, names) : undefined;
  throw new NetworkError(
    `Role ${role}: there is no parameter ${describeValue(text)}.${meant === undefined ? '' : ` Did you mean "${meant}"?`} Known: ${knownPlaces(places)}.`,
    { path: `role ${role}`, value: text },
  );
}

const nameOfPlace = ({ owner, parameter }: Place): string =>
  owner === '' ? parameter : `${owner}.${parameter}`;

const knownPlaces = (places: readonly Place[]): string =>
  listNames(places.map(nameOfPlace), 40) || 'none';

/** An intervention on a library model, wherever the network has all of its parameters. */
function ofModel(document: NetworkDocument, name: string, places: readonly Place[]): Meaning {
  const { title, changes, signs, model } = namedInterventions[
    name as keyof typeof namedInterventions
  ] as NamedIntervention;
  const owners = [...new Set(places.map(({ owner }) => owner))].filter((owner) =>
    changes.every(({ parameter }) =>
      places.some((place) => place.owner === owner && place.parameter === parameter),
    ),
  );
  if (owners.length === 0) {
    const wanted = changes.map(({ parameter }) => `"${parameter}"`).join(' and ');
    throw new NetworkError(
      `Condition "${name}" changes ${wanted} of the model ${model}, which nothing in ${document.name} has. Known: ${knownPlaces(places)}.`,
      { path: `condition "${name}"`, value: document.name },
    );
  }
  return {
    title,
    signs: Object.fromEntries(
      Object.entries(signs).map(([variable, sign]) => [`${variable} mean`, sign]),
    ),
    changes: owners.flatMap((owner) =>
      changes.map((change) => ({ owner, parameter: change.parameter, change })),
    ),
  };
}
