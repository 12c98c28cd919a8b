/**
 * The synapses of one projection, made: rows and targets, delays, first values. In two steps, so that the arrays of the
 * plan can be allocated once, in their final size, and filled in place: `countSynapses` for all projections first, then
 * `makeSynapses` for one after the other.
 */
import { NetworkError } from '../errors.ts';
import { streamOf } from '../language/philox.ts';
import { presynapticOf, writerOf } from '../language/presynaptic.ts';
import type { ConnectRule, ValueSpec } from '../network/document.ts';
import { inDegrees, sortRowsByDelay, type Targets, type Words } from './columns.ts';
import { type Connected, connect, type Ends } from './connect.ts';
import type { Context } from './context.ts';
import { type DelayDraws, type Delays, delayKey, delaySteps, drawnDelays } from './delays.ts';
import type { DrawKey } from './draws.ts';
import { type InitialValue, type Obstacle, type RowRecipe, recipeOf } from './generated.ts';
import { pairRule } from './pairs.ts';
import { isHosted, sourceValues, spread } from './presynaptic.ts';
import { type ProjectionPart, prepareInitial, projectionParameters } from './projections.ts';
import { readSynapse } from './read-synapse.ts';
import { type Elements, evaluate, type Floats, type Values, varies } from './values.ts';
import { voxelsOfNeurons } from './voxels.ts';

/** The synapses of a projection, counted; targets, delays and values are yet to be made. */
export interface CountedSynapses {
  readonly part: ProjectionPart;
  readonly ends: Ends;
  /** Of what the rule draws. */
  readonly random: DrawKey;
  readonly connected: Connected;
  /** By `delayKey` of pathways: made, or to be drawn. */
  readonly delays: ReadonlyMap<string, Delays | DelayDraws>;
  /** In the order in which they are evaluated. */
  readonly initial: readonly InitialValue[];
  /** How rows are made where any of them can be made alone, or why not. */
  readonly recipe: RowRecipe | Obstacle;
}

/** The synapses of a projection while the plan is made. */
export interface Synapses {
  readonly count: number;
  readonly rows: Uint32Array;
  /** Plain target indices, in order of rows. */
  readonly targets: Targets;
  /**
   * Number of each synapse as people count them, by source, then creation (for an explicit list: by position in it);
   * null where that is its own number.
   */
  readonly order: Uint32Array | null;
  /** First value of every stored variable. */
  readonly values: ReadonlyMap<string, Values>;
  /** Delays by `delayKey` of pathways. */
  readonly delays: ReadonlyMap<string, Delays>;
  readonly elements: Elements;
}

/** Counts the synapses of a projection, and makes the delays that decide how synapses are packed. */
export function countSynapses(context: Context, part: ProjectionPart): CountedSynapses {
  const { document, source, target } = part;
  const ends: Ends = {
    sourceCount: source.count,
    targetCount: target.count,
    sourceFirst: source.part.first + source.from,
    targetFirst: target.part.first + target.from,
  };
  const random = { seed: context.seed, stream: streamOf('connect', document.name) };
  const pairs = pairRule(context, part);
  const connecting = { rule: ruleOf(part), ends, random, pairs };
  const connected = connect(connecting, `Projection "${document.name}"`);
  const delays = countDelays(context, part, connected);
  const initial = Object.entries(document.initial)
    .filter(([name]) => !isHosted(part, name))
    .map(([name, spec]) => ({
      name,
      ...prepareInitial(context, part, name, spec, 'initial value'),
    }));
  const recipe = recipeOf({ part, connected, delays, initial });
  return { part, ends, random, connected, delays, initial, recipe };
}

/** The rule; where it is "voxel", the pairs that follow from the positions of the sources. */
function ruleOf({ document, source, target }: ProjectionPart): ConnectRule {
  const { field } = target.part;
  if (document.connect.rule !== 'voxel' || field === null) return document.connect;
  const where = `Projection "${document.name}"`;
  const voxels = voxelsOfNeurons(source.part, { field }, where);
  const post = voxels.subarray(source.from, source.from + source.count);
  return { rule: 'list', pre: Int32Array.from(post, (_, k) => k), post };
}

function countDelays(
  context: Context,
  part: ProjectionPart,
  connected: Connected,
): Map<string, Delays | DelayDraws> {
  const delays = new Map<string, Delays | DelayDraws>();
  const warn = (message: string): void => {
    context.warnings.add(message);
  };
  let elements: Elements | null = null;
  for (const pathway of part.pathways) {
    const key = delayKey(pathway);
    const { delay, delayWanted } = pathway;
    if (delays.has(key)) continue;
    if (delay.kind === 'distribution') {
      delays.set(key, drawnDelays(delay.distribution, delayWanted));
      continue;
    }
    if (varies(delay)) elements ??= creationElements(context, part, connected);
    const values = evaluate(
      delay,
      delayWanted,
      elements ?? emptyElements(context, part, connected),
    );
    delays.set(key, delaySteps(values, context.dtMs, delayWanted.where, warn));
  }
  return delays;
}

/** Elements for delays that depend on the pair or on the place in a list: targets in order of creation. */
function creationElements(context: Context, part: ProjectionPart, connected: Connected): Elements {
  const isList = part.document.connect.rule === 'list';
  const targets = new Uint32Array(connected.count);
  const listed = isList ? new Uint32Array(connected.count) : null;
  connected.fill(targets, listed);
  return elementsOf(context, part, { connected, targets, origin: null, listed, values: new Map() });
}

const emptyElements = (context: Context, part: ProjectionPart, connected: Connected): Elements =>
  elementsOf(context, part, {
    connected,
    targets: new Uint32Array(0),
    origin: null,
    listed: null,
    values: new Map(),
  });

function elementsOf(
  context: Context,
  part: ProjectionPart,
  made: {
    readonly connected: Connected;
    readonly targets: Targets;
    readonly origin: Uint32Array | null;
    readonly listed: Uint32Array | null;
    readonly values: ReadonlyMap<string, Values>;
  },
): Elements {
  const { connected, targets, origin, listed, values } = made;
  return {
    count: connected.count,
    origin,
    listed,
    synapses: { rows: connected.rows, targets },
    parameters: projectionParameters(context, part, connected.count),
    read: (symbol, k, pre, post) => readSynapse(part, values, symbol, k, pre, post),
  };
}

/** Where the parts of a projection are to be made; arrays of their own where nothing is said. */
export interface Room {
  readonly targets?: Targets;
  /** Place for the steps of drawn delays, by key of pathways. */
  readonly stepsOf?: (key: string) => Words | undefined;
  /** Place for the values of a variable. */
  readonly valuesOf?: (name: string) => Floats;
  /** Make `order`; most never ask. */
  readonly needsOrder?: boolean;
}

/** Makes what `countSynapses` has counted. */
export function makeSynapses(
  context: Context,
  { part, connected, delays: counted, initial }: CountedSynapses,
  { targets = new Uint32Array(connected.count), stepsOf, valuesOf, needsOrder = false }: Room = {},
): Synapses {
  const { document } = part;
  const { rows, count } = connected;
  const isList = document.connect.rule === 'list';
  const needsListed =
    isList && (needsOrder || initial.some(({ prepared }) => prepared.kind === 'list'));
  const listed = needsListed ? new Uint32Array(count) : null;
  connected.fill(targets, listed);
  const values = new Map<string, Values>();
  const drawing = elementsOf(context, part, { connected, targets, origin: null, listed, values });
  const delays = new Map<string, Delays>();
  for (const [key, one] of counted) {
    delays.set(key, 'draw' in one ? one.draw(drawing, stepsOf?.(key)) : one);
  }
  const varying = sortingDelays(part, delays);
  let origin: Uint32Array | null = null;
  if (varying !== null) {
    const needsOrigin = needsOrder || initial.some(({ prepared }) => varies(prepared));
    if (needsOrigin) origin = Uint32Array.from(targets, (_, k) => k);
    const keys = varying.slice();
    sortRowsByDelay(rows, keys, [targets, varying, origin, listed]);
  }
  const elements = { ...drawing, origin };
  addDegrees(part, rows, targets, values);
  addArrivalTimes(part, delays, values);
  for (const { name, prepared, wanted } of initial) {
    values.set(
      name,
      isShared(part, name)
        ? spread(
            sourceValues(part, name, document.initial[name] as ValueSpec, 'initial value'),
            rows,
          )
        : evaluate(prepared, wanted, elements, valuesOf?.(name)),
    );
  }
  const order = needsOrder ? (isList ? listed : origin) : null;
  return { count, rows, targets, order, values, delays, elements };
}

/** The per-synapse delays by which rows must be sorted, or null. */
function sortingDelays(part: ProjectionPart, delays: ReadonlyMap<string, Delays>): Words | null {
  const varying = new Set<Words>();
  let isSorted = false;
  for (const pathway of part.pathways) {
    const { steps } = delays.get(delayKey(pathway)) as Delays;
    if (typeof steps === 'number') continue;
    varying.add(steps);
    isSorted ||= pathway.lowered.mode === 'arrival';
  }
  if (varying.size > 1) {
    throw new NetworkError(
      `Projection "${part.document.name}": only one pathway may have delays that differ between synapses. ` +
        'Give the others one delay each, or use two projections.',
      { path: part.path, value: part.document.delay },
    );
  }
  const [only] = varying;
  return isSorted && only !== undefined ? only : null;
}

/** Whether synapses keep a variable that is the same for all of a source neuron. */
const isShared = ({ model }: ProjectionPart, name: string): boolean =>
  model.variables.some((one) => one.name === name && one.flags.includes('presynaptic'));

/** Where synapses keep presynaptic variables, times of arrival count: time 0 of the source is its delay later. */
function addArrivalTimes(
  part: ProjectionPart,
  delays: ReadonlyMap<string, Delays>,
  values: Map<string, Values>,
): void {
  const { model, presynaptic } = part;
  if (presynaptic !== null) return;
  const writer = writerOf(model);
  if (writer === null || presynapticOf(model).length === 0) return;
  const pathway = part.pathways.find(({ checked }) => checked === writer);
  const steps = pathway === undefined ? 0 : (delays.get(delayKey(pathway))?.steps ?? 0);
  const { dtMs } = part.context;
  values.set(
    'lastupdate',
    typeof steps === 'number' ? steps * dtMs : Float64Array.from(steps, (one) => one * dtMs),
  );
}

/** Degrees that code reads, as values of synapse variables. */
function addDegrees(
  { degrees, target }: ProjectionPart,
  rows: Uint32Array,
  targets: Targets,
  values: Map<string, Values>,
): void {
  for (const { kind, stored } of degrees) {
    const list = new Float64Array(targets.length);
    if (kind === 'degree_in') {
      const incoming = inDegrees(targets, target.count);
      for (let e = 0; e < list.length; e++) list[e] = incoming[targets[e] as number] as number;
    } else {
      for (let r = 0; r + 1 < rows.length; r++) {
        const [begin, end] = [rows[r] as number, rows[r + 1] as number];
        list.fill(end - begin, begin, end);
      }
    }
    values.set(stored.name, list);
  }
}
