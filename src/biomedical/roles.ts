/**
 * Where in a network things are that conditions change: parameters by their roles, found by the names that the library and
 * the examples give them. Reads documents; knows no condition.
 */
import type { NetworkDocument, Quantity } from '../network/document.ts';

/** A parameter, or a variable without an equation of neurons or synapses, which interventions can change. */
export interface Place {
  /** "" for parameters of the network. */
  readonly owner: string;
  readonly parameter: string;
  readonly kind: 'network' | 'population' | 'field' | 'projection';
  /** Of projections: what its source and target look like, and whether it deposits into a field. */
  readonly source: Kind | null;
  readonly target: Kind | 'field' | null;
}

type Kind = 'excitatory' | 'inhibitory' | 'unknown';

/** What roles mean, for messages and help. */
export const roleDocs = {
  excitation: 'weights among excitatory neurons, or of all excitatory synapses',
  inhibition: 'weights of inhibitory synapses',
  'gaba-a-blocked': 'share of GABA-A receptors that is blocked',
  'gaba-a-unbinding': 'unbinding rate of GABA-A receptors',
  'inhibitory-decay': 'time constant of inhibition',
  sodium: 'sodium conductances',
  potassium: 'potassium conductances',
  calcium: 'calcium conductances or permeabilities',
  'dopamine-release': 'dopamine that a spike releases',
  'dopamine-uptake': 'largest rate of dopamine uptake',
  'dopamine-affinity': 'half-saturation of dopamine uptake',
  'choline-uptake': 'largest rate of choline uptake',
} as const;

export type Role = keyof typeof roleDocs;

type Search = (places: readonly Place[]) => readonly Place[];

const named =
  (pattern: RegExp): Search =>
  (places) =>
    places.filter(({ parameter }) => pattern.test(parameter));

const WEIGHT = /^(w|weight|g_max|j)$/;
const SYNAPTIC = (source: Kind, target?: Kind) => (place: Place) =>
  place.kind === 'projection' &&
  place.source === source &&
  (target === undefined || place.target === target) &&
  WEIGHT.test(place.parameter);

/** The first search that finds something. */
const firstOf =
  (...searches: readonly Search[]): Search =>
  (places) =>
    searches.map((search) => search(places)).find(({ length }) => length > 0) ?? [];

/** In fields, "vmax" and "km" say enough. */
const uptake =
  (pattern: RegExp, inField: RegExp): Search =>
  (places) =>
    places.filter(
      ({ kind, parameter }) =>
        pattern.test(parameter) || (kind === 'field' && inField.test(parameter)),
    );

/** How each role is found. */
export const roles: Readonly<Record<Role, Search>> = {
  excitation: firstOf(
    (places) => places.filter(SYNAPTIC('excitatory', 'excitatory')),
    named(/^[wjg]_ee$/),
    named(/^[wj]_exc$/),
    (places) => places.filter(SYNAPTIC('excitatory')),
  ),
  inhibition: firstOf(
    (places) => places.filter(SYNAPTIC('inhibitory')),
    named(/^[wj]_(inh|ie|ii|ei)$/),
  ),
  'gaba-a-blocked': named(/^blocked_gaba_a$/),
  'gaba-a-unbinding': named(/^beta_gaba_a$/),
  'inhibitory-decay': named(/^tau_(syn_inh|inh|gaba|gaba_a)$/),
  sodium: named(/^(g_nav?(_a)?|open_nav)$/),
  potassium: named(/^(g_k(_a|dr|d|v1|v3)?|open_kd)$/),
  calcium: named(/^(p_ca|g_ca|g_ca[ts]|open_ca[ts])$/),
  'dopamine-release': (places) =>
    places.filter(
      ({ target, parameter }) =>
        (target === 'field' && /^(molecules|Q|q)$/.test(parameter)) ||
        /^(gamma|release)$/.test(parameter),
    ),
  'dopamine-uptake': uptake(/^vmax_(dat|uptake)$/, /^vmax$/i),
  'dopamine-affinity': uptake(/^km_(dat|uptake)$/, /^km$/i),
  'choline-uptake': named(/^vmax_haccu$/),
};

/** Everything that interventions can change, as far as texts tell; the engine knows better and refuses the rest. */
export function placesIn(document: NetworkDocument): Place[] {
  const { params, populations, fields = [], projections } = document;
  const of = (
    kind: Place['kind'],
    owner: { readonly name: string; readonly params?: Params; readonly eqs?: string },
    ends: Pick<Place, 'source' | 'target'> = { source: null, target: null },
  ): Place[] =>
    [...Object.keys(owner.params ?? {}), ...variablesOf(owner.eqs ?? '')].map((parameter) => ({
      owner: owner.name,
      parameter,
      kind,
      ...ends,
    }));
  const fieldNames = new Set(fields.map(({ name }) => name));
  return [
    ...of('network', { name: '', params }),
    ...populations.flatMap((one) => (one.kind === 'neurons' ? of('population', one) : [])),
    ...fields.flatMap((one) => of('field', one)),
    ...projections.flatMap((one) => {
      const { population } = one.target;
      const target = fieldNames.has(population) ? 'field' : kindOf(population, '');
      return of('projection', one, { source: kindOf(one.source.population, one.name), target });
    }),
  ];
}

type Params = Readonly<Record<string, Quantity>>;

/** "w : volt (constant)", but no linked ones. */
const variablesOf = (eqs: string): string[] =>
  eqs.split('\n').flatMap((line) => {
    const [, name, flags = ''] = /^\s*([A-Za-z_]\w*)\s*:([^#]*)/.exec(line) ?? [];
    return name === undefined || flags.includes('linked') ? [] : [name];
  });

const EXCITATORY = /^(e|exc|excitatory|pyramidal|pyr|l\d+\/?\d*e)$/i;
const INHIBITORY = /^(i|inh|inhibitory|basket|interneurons?|fsi|pv|msn|d[12]|l\d+\/?\d*i)$/i;

/** By the name of the population, or else by the first word of that of the projection. */
function kindOf(population: string, projection: string): Kind {
  for (const name of [population, /^[A-Za-z\d]+/.exec(projection)?.[0] ?? '']) {
    if (EXCITATORY.test(name)) return 'excitatory';
    if (INHIBITORY.test(name)) return 'inhibitory';
  }
  return 'unknown';
}
