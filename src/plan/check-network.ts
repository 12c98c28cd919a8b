/**
 * A network checked for editors: what is wrong with every text, all of it and not only the first, and where nothing is
 * wrong, how each part will be integrated and what that means for the time step. Counts and makes no synapses, so that it
 * can follow somebody who types. Compiling is compile.ts.
 */
import { NetworkError, type Problem } from '../errors.ts';
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

/** Checks a document. Never throws for what is in it. */
export function checkNetwork(document: NetworkDocument): NetworkCheck {
  const failed = (error: NetworkError): NetworkCheck => ({
    owners: [],
    others: [{ path: error.path, message: error.message }],
    warnings: [],
    dtMs: 0,
  });
  let context: Context;
  try {
    context = makeContext(validateDocument(document), 'f32');
  } catch (error) {
    if (error instanceof NetworkError) return failed(error);
    throw error;
  }
  const faults = faultsInTexts(context);
  const others: { path: string; message: string }[] = [];
  let parts: NetworkParts | null = null;
  if (faults.size === 0) {
    const whole = attempt(() => {
      parts = partsOf(context);
    });
    if (whole !== null) noteElsewhere(document, whole, faults, others);
  }
  return {
    owners: ownersOf(document).map(({ kind, name }) => ({
      kind,
      name,
      ...(faults.get(keyOf(kind, name)) ?? NO_FAULT),
      ...learnt(parts, kind, name),
    })),
    others,
    warnings: parts === null ? [] : [...context.warnings],
    dtMs: context.dtMs,
  };
}

type Kind = OwnerCheck['kind'];

const keyOf = (kind: Kind, name: string): string => `${kind} ${name}`;

function ownersOf({ populations, fields = [], projections }: NetworkDocument) {
  const list = (kind: Kind, all: readonly { readonly name: string }[]) =>
    all.map(({ name }) => ({ kind, name }));
  return [
    ...list('population', populations),
    ...list('field', fields),
    ...list('projection', projections),
  ];
}

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

/** An error of the whole network, where its path says whose it is. */
function noteElsewhere(
  document: NetworkDocument,
  { path, message, problems }: NetworkError,
  faults: Map<string, Fault>,
  others: { path: string; message: string }[],
): void {
  const [, word = '', name = ''] = /^(population|projection|field) "(.*?)"/i.exec(path) ?? [];
  const kind = word.toLowerCase() as Kind;
  const isKnown = ownersOf(document).some((one) => one.kind === kind && one.name === name);
  if (isKnown) faults.set(keyOf(kind, name), { message, problems });
  else others.push({ path, message });
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
