/**
 * A network checked for editors: what is wrong with every text, all of it and not only the first, and where nothing is
 * wrong, how each part will be integrated and what that means for the time step. Counts and makes no synapses, so that it
 * can follow somebody who types. Compiling is compile.ts.
 */
import { NetworkError, type Problem } from '../errors.ts';
import { describeValue, isPlainObject } from '../language/argument.ts';
import type { CheckedPopulation } from '../language/ast.ts';
import { checkPopulation, checkProjection, type Scope } from '../language/check.ts';
import type { MethodChoice } from '../language/integrate.ts';
import type { NetworkDocument } from '../network/document.ts';
import { validateDocument } from '../network/validate.ts';
import { type Context, makeContext, readParameters } from './context.ts';
import { type NetworkParts, partsOf } from './count-networks.ts';
import { FIELD_DIMENSIONS } from './fields.ts';
import type { PopulationPart } from './populations.ts';
import { fastestOf, type TimeConstant } from './time-constants.ts';
import { type VariableDescription, variablesOf } from './variables.ts';

/** A population, projection or field, checked. */
export interface OwnerCheck {
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
  /** In its texts, each with its place. */
  readonly problems: readonly Problem[];
  /** All that is wrong, as the command line prints it; '' where nothing is. */
  readonly message: string;
  /** The integrator and why; null without differential equations that are integrated in steps, and where anything is wrong. */
  readonly method: MethodChoice | null;
  /** That of its (slow) equations. */
  readonly slowMethod: MethodChoice | null;
  /** The fastest change of an equation by its own variable, at first values; null where there is none. */
  readonly fastest: TimeConstant | null;
  /** Empty where anything in the network is wrong. */
  readonly variables: readonly VariableDescription[];
}

export interface NetworkCheck {
  /** Populations, then fields, then projections, in the order of the document; none where it is no document at all. */
  readonly owners: readonly OwnerCheck[];
  /** What is wrong beside texts, one message each. */
  readonly others: readonly { readonly path: string; readonly message: string }[];
  readonly warnings: readonly string[];
  /** 0 where the time step cannot be read. */
  readonly dtMs: number;
}

interface Fault {
  readonly message: string;
  readonly problems: readonly Problem[];
}

const NO_FAULT: Fault = { message: '', problems: [] };

/** Checks a document. Throws TypeError for what is no object, and never for what is in it. */
export function checkNetwork(document: NetworkDocument): NetworkCheck {
  if (!isPlainObject(document)) {
    throw new TypeError(
      `checkNetwork: the document must be an object, got ${describeValue(document)}.`,
    );
  }
  const faults = new Map<string, Fault>();
  const others: { path: string; message: string }[] = [];
  const note = (error: NetworkError): void => noteElsewhere(document, error, faults, others);
  const malformed = structureFault(document);
  let context: Context | null = null;
  let parts: NetworkParts | null = null;
  const failed = attempt(() => {
    if (malformed !== null) throw malformed;
    const made = makeContext(document, 'f32');
    context = made;
    for (const [key, fault] of faultsInTexts(made)) faults.set(key, fault);
    if (faults.size === 0) parts = partsOf(made);
  });
  if (failed !== null) note(failed);
  const { dtMs = 0, warnings = new Set<string>() } = context ?? {};
  return {
    owners: ownersOf(document).map(({ kind, name }) => ({
      kind,
      name,
      ...(faults.get(keyOf(kind, name)) ?? NO_FAULT),
      ...learnt(parts, kind, name),
    })),
    others,
    warnings: parts === null ? [] : [...warnings],
    dtMs,
  };
}

/**
 * What is wrong with the document beside its texts, or null: those that cannot be read are taken out one by one, because
 * the checks of texts find that, and more, themselves.
 */
function structureFault(document: NetworkDocument): NetworkError | null {
  let first: NetworkError | null = null;
  let rest = document;
  for (;;) {
    const error = attempt(() => validateDocument(rest));
    if (error === null) return null;
    const isInText = error.problems.some(({ block }) => TEXTS.test(block));
    // Without its texts a document may be wrong in ways in which it is not.
    if (!isInText) return first ?? error;
    first ??= error;
    const owner = ownerAt(document, error.path);
    const next = owner === null ? rest : withoutTexts(rest, owner);
    if (next === rest) return first;
    rest = next;
  }
}

const TEXTS = /^(eqs|onStep|threshold|reset|refractory|onPre|onPost)\b/;

function withoutTexts(document: NetworkDocument, owner: Owner): NetworkDocument {
  let isChanged = false;
  const blank = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((one) => {
      if (one?.name !== owner.name) return one;
      const entries = Object.entries(one).filter(([key, text]) => {
        const isGone = TEXTS.test(key) && text !== '';
        isChanged ||= isGone;
        return !isGone;
      });
      const eqs = owner.kind === 'projection' ? {} : { eqs: '' };
      return { ...Object.fromEntries(entries), ...eqs } as unknown as T;
    });
  const { populations, projections, fields = [] } = document;
  const changed = {
    population: { populations: blank(owner.kind === 'population' ? populations : []) },
    projection: { projections: blank(owner.kind === 'projection' ? projections : []) },
    field: { fields: blank(owner.kind === 'field' ? fields : []) },
  };
  return isChanged ? { ...document, ...changed[owner.kind] } : document;
}

type Kind = OwnerCheck['kind'];

interface Owner {
  readonly kind: Kind;
  readonly name: string;
}

const keyOf = (kind: Kind, name: string): string => `${kind} ${name}`;

/** None where it is no document at all. */
function ownersOf({ populations, fields = [], projections }: NetworkDocument): Owner[] {
  const list = (kind: Kind, all: readonly { readonly name: string }[]): Owner[] =>
    named(all).map(({ name }) => ({ kind, name }));
  return [
    ...list('population', populations),
    ...list('field', fields),
    ...list('projection', projections),
  ];
}

/** What has a name in what should be a list of such. */
const named = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
  Array.isArray(list) ? list.filter((one: T | null) => isPlainObject(one) && 'name' in one) : [];

function attempt(step: () => void): NetworkError | null {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
}

/** What is wrong in the texts of every owner by itself. Projections between ends that are wrong are not looked at. */
function faultsInTexts(context: Context): Map<string, Fault> {
  const { populations, fields = [], projections } = context.document;
  const faults = new Map<string, Fault>();
  const models = new Map<string, CheckedPopulation | null>();
  const scopes = new Map<string, Scope>();
  const check = (kind: Kind, name: string, step: () => void): void => {
    const error = attempt(step);
    if (error === null) return;
    faults.set(keyOf(kind, name), { message: error.message, problems: error.problems });
  };
  for (const population of populations) {
    const { name } = population;
    if (population.kind === 'spikes') {
      models.set(name, null);
      continue;
    }
    check('population', name, () => {
      const scope = scopeOf(context, population.params, `Population "${name}"`);
      scopes.set(name, scope);
      models.set(name, checkPopulation(population, scope, `population "${name}"`));
    });
  }
  for (const { name, eqs, params } of fields) {
    check('field', name, () => {
      const { params: own, ...rest } = scopeOf(context, params, `Field "${name}"`);
      const scope = { ...rest, params: { ...own, ...FIELD_DIMENSIONS } };
      scopes.set(name, scope);
      models.set(name, checkPopulation({ eqs }, scope, `field "${name}"`));
    });
  }
  for (const { name, source, target, params, eqs, onPre, onPost } of projections) {
    const pre = models.get(source.population);
    const post = models.get(target.population);
    if (pre === undefined || post === undefined) continue;
    check('projection', name, () => {
      const scope = scopeOf(context, params, `Projection "${name}"`);
      const targetParams = scopes.get(target.population)?.params ?? {};
      checkProjection(
        { eqs, onPre: byPathway(onPre, 'pre'), onPost: byPathway(onPost, 'post') },
        { pre, post },
        { ...scope, targetParams },
        `projection "${name}"`,
      );
    });
  }
  return faults;
}

function byPathway(
  texts: string | Readonly<Record<string, string>> | undefined,
  unnamed: string,
): Readonly<Record<string, string>> {
  return typeof texts === 'string' ? { [unnamed]: texts } : (texts ?? {});
}

const scopeOf = (
  context: Context,
  params: Parameters<typeof readParameters>[0],
  where: string,
): Scope => ({
  params: readParameters(params, where).dimensions,
  networkParams: context.network.dimensions,
  timedArrays: context.timedArrays,
});

/** The owner that a path begins with, `population "exc"`; null for anything else. */
function ownerAt(document: NetworkDocument, path: string): Owner | null {
  const [, word = '', name = ''] = /^(population|projection|field) "(.*?)"/i.exec(path) ?? [];
  const kind = word.toLowerCase();
  return ownersOf(document).find((one) => one.kind === kind && one.name === name) ?? null;
}

/** An error of the whole network, where its path says whose it is. */
function noteElsewhere(
  document: NetworkDocument,
  { path, message, problems }: NetworkError,
  faults: Map<string, Fault>,
  others: { path: string; message: string }[],
): void {
  const owner = ownerAt(document, path);
  if (owner === null) others.push({ path, message });
  else faults.set(keyOf(owner.kind, owner.name), { message, problems });
}

type Learnt = Pick<OwnerCheck, 'method' | 'slowMethod' | 'fastest' | 'variables'>;

function learnt(parts: NetworkParts | null, kind: Kind, name: string): Learnt {
  if (parts === null) return { method: null, slowMethod: null, fastest: null, variables: [] };
  const populations: readonly PopulationPart[] = [...parts.parts, ...parts.fields];
  const projections = parts.projections.map((part) => ({ part, way: 'host' as const }));
  const variables = variablesOf(name, populations, projections);
  if (kind === 'projection') {
    const part = parts.projections.find(({ document }) => document.name === name);
    const [clocked] = part?.clocked ?? [];
    return { method: clocked?.report ?? null, slowMethod: null, fastest: null, variables };
  }
  const part = populations.find(({ document }) => document.name === name);
  const report = part?.lowered?.report ?? null;
  const isIntegrated = report !== null && report.method !== 'none';
  return {
    method: isIntegrated ? report : null,
    slowMethod: part?.lowered?.slow ?? null,
    fastest: part === undefined || !isIntegrated ? null : fastestOf(parts.context, part),
    variables,
  };
}
