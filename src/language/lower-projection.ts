/**
 * Lowering of a projection: from checked pathways and summed variables to the statements that run per synapse. Decides
 * whether a pathway may run when the spike is emitted (scatter) or must wait for its arrival. Knows nothing of rows,
 * rings and delays.
 */
import { NetworkError } from '../errors.ts';
import { dependsOn } from './algebra.ts';
import type {
  CheckedPathway,
  CheckedPopulation,
  CheckedProjection,
  SymbolReference,
  TypedExpression,
} from './ast.ts';
import { negate } from './combine.ts';
import { ConstantPool, type HostConstants } from './constants.ts';
import {
  changes,
  eventDrivenUpdate,
  isClockDriven,
  isEventDriven,
  isPresynaptic,
  LAST_UPDATE,
} from './event-driven.ts';
import { RANDOM } from './functions.ts';
import * as ir from './kernel.ts';
import { type LoweredClocked, lowerClocked } from './lower-clocked.ts';
import { Body } from './lower-term.ts';
import {
  dependenceOf,
  EmissionNames,
  type HiddenTypes,
  isHidden,
  isHiddenName,
  LocalDependences,
  type PresynapticProgram,
  presynapticOf,
  writerOf,
} from './presynaptic.ts';
import { resolve, resolveBinary } from './resolve.ts';
import type { SlowClock } from './slow.ts';
import { Meanings, SynapsePlaces } from './synapse-names.ts';
import { contains, type Term } from './term.ts';

/** What lowering a projection needs to know. */
export interface ProjectionOptions {
  readonly dtMs: number;
  readonly precision: 'f32' | 'f64';
  /** Timed array name to table number. */
  readonly tables: Readonly<Record<string, number>>;
  /** Models of the two ends; null for spike lists, which have no variables. */
  readonly pre: CheckedPopulation | null;
  readonly post: CheckedPopulation | null;
  /**
   * What the source neurons keep of presynaptic variables; null where every synapse keeps its own (always at spike
   * lists). Default null.
   */
  readonly hosted?: PresynapticProgram | null;
  /** Integrator of clock-driven equations. Default "auto". */
  readonly method?: string;
  /** Clock of (slow) ones. */
  readonly slow?: SlowClock;
}

/** One addition to a neuron variable, for the bounds of the fixed-point sums. */
export interface Amount {
  /** Index in `LoweredPathway.inputs`. */
  readonly input: number;
  /** What is added, sign included; pass it to `compileHost`. Locals are written out. */
  readonly expression: Term;
  /** Depends only on parameters, indices and synapse variables that nothing writes: the host can evaluate it. */
  readonly static: boolean;
}

/** A pathway ready for emission; lists are those of DeliverKernel. */
export interface LoweredPathway {
  readonly mode: 'scatter' | 'arrival';
  readonly trigger: 'pre' | 'post';
  readonly synapseVariables: readonly (ir.StoredVariable & { readonly written: boolean })[];
  readonly preVariables: readonly ir.StoredVariable[];
  readonly postVariables: readonly ir.StoredVariable[];
  readonly inputs: readonly { readonly name: string; readonly side: 'pre' | 'post' }[];
  readonly body: readonly ir.Statement[];
  readonly constants: HostConstants;
  readonly amounts: readonly Amount[];
  /** Reads N_incoming or N_outgoing. */
  readonly needsDegrees: boolean;
  readonly usesDraws: boolean;
}

/** A summed variable ready for emission; lists are those of SummedKernel. */
export interface LoweredSummed {
  /** Variable of the target population that takes the sum. */
  readonly target: string;
  readonly synapseVariables: readonly ir.StoredVariable[];
  readonly preVariables: readonly ir.StoredVariable[];
  readonly postVariables: readonly ir.StoredVariable[];
  readonly body: readonly ir.Statement[];
  readonly value: ir.Value;
  readonly constants: HostConstants;
}

/**
 * Variables that every synapse of a projection stores, in order: float and whole-number ones as declared, then
 * `lastupdate` (a step, i32) where event-driven equations or the user ask for it.
 */
export function synapseVariables(
  projection: CheckedProjection,
  hosted: PresynapticProgram | null = null,
): readonly ir.StoredVariable[] {
  const stored = projection.variables
    .filter((v) => v.kind !== 'subexpression' && v.name !== 'lastupdate')
    .filter((v) => hosted === null || !isPresynaptic(v))
    .map((v): ir.StoredVariable => ({ name: v.name, type: v.type === 'float' ? 'f32' : 'i32' }));
  return keepsLastUpdate(projection, hosted)
    ? [...stored, { name: 'lastupdate', type: 'i32' }]
    : stored;
}

const keepsLastUpdate = (
  projection: CheckedProjection,
  hosted: PresynapticProgram | null,
): boolean =>
  projection.variables.some((v) =>
    isPresynaptic(v) ? hosted === null : isEventDriven(v) || v.name === 'lastupdate',
  );

/** Names of the synapse variables that pathways or equations change. */
export function writtenSynapseVariables(
  projection: CheckedProjection,
  hosted: PresynapticProgram | null = null,
): ReadonlySet<string> {
  const own = projection.variables.filter((v) => hosted === null || !isPresynaptic(v));
  const written = new Set(own.filter((v) => v.kind === 'differential').map((v) => v.name));
  if (own.some((v) => isEventDriven(v) || isPresynaptic(v))) written.add('lastupdate');
  const names = new Set(own.map(({ name }) => name));
  for (const pathway of projection.pathways) {
    for (const { target } of pathway.statements) {
      if (target.role === 'local' || target.role === 'parameter') continue;
      if (target.role === 'special') written.add(target.name);
      else if (target.role === 'variable' && target.side === 'synapse' && names.has(target.name)) {
        written.add(target.name);
      }
    }
  }
  return written;
}

function refuseUnsupported(projection: CheckedProjection): void {
  for (const { name, flags } of projection.variables) {
    for (const flag of ['constant over dt', 'shared', 'linked'] as const) {
      if (flags.includes(flag)) {
        throw new NetworkError(`(${flag}) is not supported in synapses yet: ${name}`, {
          value: flag,
        });
      }
    }
  }
}

/** The parts of a lowering that pathways and summed variables share. */
interface Tools {
  readonly pool: ConstantPool;
  readonly places: SynapsePlaces;
  readonly body: Body;
  /** Types of the hidden variables that are read. */
  readonly hidden: HiddenTypes;
}

function toolsFor(projection: CheckedProjection, o: ProjectionOptions): Tools {
  refuseUnsupported(projection);
  const pool = new ConstantPool(o.dtMs);
  const hosted = o.hosted ?? null;
  const hidden: HiddenTypes = new Map();
  const declared = synapseVariables(projection, hosted);
  const places = new SynapsePlaces(declared, o.pre, o.post, hidden);
  const body = new Body({
    pool,
    place: (reference) => places.place(reference),
    tables: o.tables,
    step: 'current',
    names: new Set(),
  });
  return { pool, places, body, hidden };
}

/**
 * Lowers one pathway of a projection.
 * Errors: NetworkError for writes whose result depends on the order of synapses, event-driven equations that are not
 * linear, and constructs that are not supported yet.
 */
export function lowerPathway(
  projection: CheckedProjection,
  pathway: CheckedPathway,
  o: ProjectionOptions,
): LoweredPathway {
  const tools = toolsFor(projection, o);
  const draws = drawsBefore(projection, pathway);
  const drawsOfOthers = draws.size;
  const pure = analyse(projection, pathway, o, draws);
  refuseOrderDependence(pathway, pure.additions);
  const { inputs, addStatements } = emit(projection, pathway, o, tools, draws);
  const hosted = o.hosted ?? null;
  const written = writtenSynapseVariables(projection, hosted);
  // What source neurons keep is at emission what the spike has made of it.
  const isStatic = (term: Term): boolean =>
    !contains(term, (part) => changes(part, written) && !isHiddenTerm(part));
  const writesHere = pathway.statements.some(
    ({ target }) =>
      target.role === 'special' ||
      ('side' in target && target.side === 'synapse' && written.has(target.name)),
  );
  const eventDriven = projection.variables.some((v) => isEventDriven(v) && written.has(v.name));
  const scatters =
    pathway.trigger === 'pre' &&
    !writesHere &&
    !eventDriven &&
    pure.additions.every((addition) => addition.side === 'post' && isStatic(addition.amount));
  const inputIndex = (name: string, side: string): number =>
    inputs.findIndex((input) => input.name === name && input.side === side);
  return {
    mode: scatters ? 'scatter' : 'arrival',
    trigger: pathway.trigger,
    synapseVariables: tools.places.synapse.map((v) => ({ ...v, written: written.has(v.name) })),
    preVariables: tools.places.pre,
    postVariables: tools.places.post,
    inputs,
    body: [...tools.body.statements, ...addStatements],
    constants: tools.pool.finish(),
    amounts: pure.additions.map(({ name, side, amount }) => ({
      input: inputIndex(name, side),
      expression: amount,
      static: isStatic(amount),
    })),
    needsDegrees: readsDegrees(tools.body.statements) || readsDegrees(addStatements),
    usesDraws: draws.size > drawsOfOthers,
  };
}

const isHiddenTerm = (part: Term): boolean => part.kind === 'symbol' && isHidden(part.symbol);

const readsDegrees = (statements: readonly ir.Statement[]): boolean =>
  /"degree_(in|out)"/.test(JSON.stringify(statements));

/** Draw numbers of the pathways that come before this one are taken, so that no two pathways share a draw. */
function drawsBefore(projection: CheckedProjection, pathway: CheckedPathway): Map<string, number> {
  const draws = new Map<string, number>();
  for (const other of projection.pathways) {
    if (other === pathway) break;
    for (const { value } of other.statements) {
      for (let k = countDraws(value); k > 0; k--)
        draws.set(`other pathway ${draws.size}`, draws.size);
    }
  }
  return draws;
}

function countDraws(expression: TypedExpression): number {
  switch (expression.kind) {
    case 'unary':
      return countDraws(expression.operand);
    case 'binary':
      return countDraws(expression.left) + countDraws(expression.right);
    case 'call': {
      const own = RANDOM.has(expression.name) ? 1 : 0;
      return expression.arguments.reduce((total, part) => total + countDraws(part), own);
    }
    default:
      return 0;
  }
}

// ---- Running the statements symbolically ----

interface Addition {
  readonly name: string;
  readonly side: 'pre' | 'post';
  readonly amount: Term;
}

/** What a run of the statements does with a new value: keep it as it is, or give it a local. */
type Hold = (hint: string, value: Term) => Term;

interface RunResult {
  readonly additions: readonly Addition[];
  /** New values of synapse variables (and lastupdate), in order of first writing. */
  readonly written: ReadonlyMap<string, Term>;
}

/** Runs event-driven updates and statements from top to bottom on terms. */
function runStatements(
  projection: CheckedProjection,
  pathway: CheckedPathway,
  meanings: Meanings,
  hold: Hold,
  add: (addition: Addition) => void,
  emission: EmissionNames | null,
): RunResult {
  const written = new Map<string, Term>();
  const additions: Addition[] = [];
  const assign = (name: string, value: Term): void => {
    const held = hold(name, value);
    meanings.current.set(name, held);
    written.set(name, held);
  };
  // All from values before the event: simultaneous, like every state update.
  emission?.begin(meanings.current);
  const events = projection.variables
    .filter((v) => isEventDriven(v) && !(emission !== null && isPresynaptic(v)))
    .map((v) => ({ name: v.name, value: eventDrivenUpdate(v, projection, meanings) }));
  for (const { name, value } of events) assign(name, value);
  for (const statement of pathway.statements) {
    if (emission?.takes(statement, meanings.current) === true) continue;
    const { target, operator, value } = statement;
    const right = resolve(value, meanings.resolution(pathway.name));
    if (target.role === 'variable' && target.side !== 'synapse') {
      const addition = neuronWrite(target, operator, right);
      additions.push(addition);
      add(addition);
    } else if (target.role === 'local') {
      const key = `local ${target.name}`;
      const old = meanings.current.get(key) ?? right;
      const next = operator === '=' ? right : resolveBinary(operator.slice(0, -1), old, right);
      meanings.current.set(key, hold(target.name, next));
    } else if (target.name === 'lastupdate') {
      if (operator !== '=' || right.kind !== 'time') {
        throw new NetworkError('lastupdate can only be set to t', { value: 'lastupdate' });
      }
      meanings.current.set('lastupdate', right);
      written.set('lastupdate', right);
    } else {
      const old = meanings.read(target.name);
      assign(
        target.name,
        operator === '=' ? right : resolveBinary(operator.slice(0, -1), old, right),
      );
    }
  }
  const keepsTime = emission === null && writerOf(projection) === pathway;
  if (events.length > 0 || keepsTime) written.set('lastupdate', NOW);
  return { additions, written };
}

const NOW: Term = { kind: 'time', halfSteps: 0, type: 'float', host: false, text: 't' };

function neuronWrite(
  target: Extract<SymbolReference, { role: 'variable' }>,
  operator: string,
  right: Term,
): Addition {
  const side = target.side === 'pre' ? 'pre' : 'post';
  if (operator === '+=') return { name: target.name, side, amount: right };
  if (operator === '-=') return { name: target.name, side, amount: negate(right) };
  throw new NetworkError(
    `Result depends on the order of synapses: ${target.name}_${side} ${operator} …. Only += and -= of values not written here are allowed.`,
    { value: `${target.name} ${operator}` },
  );
}

function refuseOrderDependence(pathway: CheckedPathway, additions: readonly Addition[]): void {
  const targets = new Set(additions.map(({ name, side }) => `${name}_${side}`));
  for (const { name, side, amount } of additions) {
    if (!dependsOn(amount, targets)) continue;
    throw new NetworkError(
      `Pathway ${pathway.name}: result depends on the order of synapses, because the amount added to ${name}_${side} (${amount.text}) reads a neuron variable that this pathway writes. Only += and -= of values not written here are allowed.`,
      { value: amount.text },
    );
  }
}

/** How a pathway sees presynaptic variables that the source neurons keep; null where synapses have their own. */
const emissionOf = (
  pathway: CheckedPathway,
  { hosted = null }: ProjectionOptions,
  hidden: HiddenTypes,
): EmissionNames | null => (hosted === null ? null : new EmissionNames(hosted, pathway, hidden));

/** The additions with everything written out. */
function analyse(
  projection: CheckedProjection,
  pathway: CheckedPathway,
  o: ProjectionOptions,
  draws: Map<string, number>,
): RunResult {
  const meanings = new Meanings(projection, o.pre, o.post, draws);
  return runStatements(
    projection,
    pathway,
    meanings,
    (_, value) => value,
    () => {},
    emissionOf(pathway, o, new Map()),
  );
}

function emit(
  projection: CheckedProjection,
  pathway: CheckedPathway,
  o: ProjectionOptions,
  { body, places, hidden }: Tools,
  draws: Map<string, number>,
): { inputs: LoweredPathway['inputs']; addStatements: ir.Statement[] } {
  const meanings = new Meanings(projection, o.pre, o.post, draws);
  const inputs: { name: string; side: 'pre' | 'post' }[] = [];
  const addStatements: ir.Statement[] = [];
  const run = runStatements(
    projection,
    pathway,
    meanings,
    (hint, value) => body.local(hint, value),
    ({ name, side, amount }) => {
      let input = inputs.findIndex((known) => known.name === name && known.side === side);
      if (input < 0) input = inputs.push({ name, side }) - 1;
      // Named before anything is stored, so that it is the value at this statement.
      const value = body.name(`to_${name}`, body.float(amount));
      addStatements.push({ kind: 'add', input, value });
    },
    emissionOf(pathway, o, hidden),
  );
  for (const [name, term] of run.written) {
    if (name === 'lastupdate') body.set(places.place(LAST_UPDATE).place, ir.special('step'));
    else {
      const { place, type } = places.place({ role: 'variable', name, side: 'synapse' });
      body.set(place, body.stored(term, type));
    }
  }
  return { inputs, addStatements };
}

/**
 * Lowers the summed variable `name` (as declared, "Igap_post", or without the suffix).
 * Errors: NetworkError when it sums over the presynaptic side.
 */
export function lowerSummed(
  projection: CheckedProjection,
  name: string,
  o: ProjectionOptions,
): LoweredSummed {
  const declared = projection.variables.find(
    (v) => v.flags.includes('summed') && (v.name === name || v.name === `${name}_post`),
  );
  if (declared?.expression == null) throw new Error(`internal: no summed variable ${name}`);
  if (declared.name.endsWith('_pre')) {
    throw new NetworkError(
      `Sums over the presynaptic side are not supported yet: ${declared.name}`,
      {
        value: declared.name,
      },
    );
  }
  const { pool, places, body } = toolsFor(projection, o);
  const meanings = new Meanings(projection, o.pre, o.post, new Map());
  const term = resolve(declared.expression, meanings.resolution('eqs'));
  body.share([term]);
  const value = body.float(term);
  return {
    target: declared.name.replace(/_post$/, ''),
    synapseVariables: places.synapse,
    preVariables: places.pre,
    postVariables: places.post,
    body: body.statements,
    value,
    constants: pool.finish(),
  };
}

const EVERY_STEP: SlowClock = { steps: 1, acceleration: 1 };

/** A projection ready for emission. */
export interface LoweredProjection {
  /** In the order of the model's pathways. */
  readonly pathways: readonly LoweredPathway[];
  readonly summed: readonly LoweredSummed[];
  /** Clock-driven equations, by clock. */
  readonly clocked: readonly LoweredClocked[];
  /** What every synapse stores. */
  readonly variables: readonly ir.StoredVariable[];
  /** Synapse variables that some code changes. */
  readonly written: ReadonlySet<string>;
  /** What the source neurons keep and do; null where there is nothing, or synapses have it. */
  readonly presynaptic: PresynapticProgram | null;
}

/**
 * Lowers a whole projection, named `owner`. Presynaptic variables are kept by the source neurons where all pathways that
 * read them run at emission and no equation is clock-driven; else every synapse has its own, with the same values.
 * Errors: those of lowerPathway, lowerSummed and lowerClocked.
 */
export function lowerProjection(
  model: CheckedProjection,
  owner: string,
  o: ProjectionOptions,
): LoweredProjection {
  const hosted = hostedBy(model, owner, o);
  const options = { ...o, hosted };
  const summedNames = model.variables
    .filter(({ flags }) => flags.includes('summed'))
    .map(({ name }) => name);
  if (hosted === null) refuseNeuronState(model);
  const declared = synapseVariables(model, hosted);
  const { method = 'auto', slow = EVERY_STEP } = o;
  const { kernels, sums } = lowerClocked(model, { ...o, method, slow, declared });
  return {
    pathways: model.pathways.map((pathway) => lowerPathway(model, pathway, options)),
    summed: summedNames.map((name) => lowerSummed(model, name, options)),
    clocked: kernels,
    variables: [...declared, ...sums],
    written: new Set([...writtenSynapseVariables(model, hosted), ...sums.map(({ name }) => name)]),
    presynaptic: hosted,
  };
}

/** The neurons' part, where they can have one. */
function hostedBy(
  model: CheckedProjection,
  owner: string,
  o: ProjectionOptions,
): PresynapticProgram | null {
  const shared = presynapticOf(model);
  if (shared.length === 0 || o.pre?.threshold == null) return null;
  if (model.variables.some((v) => v.flags.includes('summed') || isClockDriven(v))) return null;
  const meanings = new Meanings(model, o.pre, o.post, new Map());
  for (const v of shared.filter(isEventDriven)) eventDrivenUpdate(v, model, meanings);
  const declared = shared
    .filter(({ kind }) => kind !== 'subexpression')
    .map(
      ({ name, type }): ir.StoredVariable => ({
        name: `${owner}.${name}`,
        type: type === 'float' ? 'f32' : 'i32',
      }),
    );
  const draft = { owner, model, writer: writerOf(model), variables: declared };
  const versions = new Map<string, ir.StoredVariable>();
  for (const pathway of model.pathways) {
    const { mode, preVariables } = lowerPathway(model, pathway, { ...o, hosted: draft });
    const read = preVariables.filter(({ name }) => isHiddenName(name));
    if (mode === 'arrival' && read.length > 0) return null;
    for (const one of read) versions.set(one.name, one);
  }
  for (const { name } of declared) versions.delete(name);
  return { ...draft, variables: [...declared, ...versions.values()] };
}

/** Synapses that keep presynaptic variables change them at arrival, when their neuron may be another one already. */
function refuseNeuronState(model: CheckedProjection): void {
  const writer = writerOf(model);
  if (writer === null) return;
  const names = new Set(presynapticOf(model).map(({ name }) => name));
  const locals = new LocalDependences(model);
  for (const statement of writer.statements) {
    locals.follow(statement);
    const { target, value } = statement;
    if (target.role !== 'variable' || !names.has(target.name)) continue;
    if (dependenceOf(model, value, locals.all) !== 'neuron') continue;
    throw new NetworkError(
      `${target.name} is (presynaptic) and made of variables of the source neuron or of draws, which is possible only where the source is a population and every pathway that reads ${target.name} can run when the spike is emitted: it may add amounts of constants and presynaptic variables to the target, and change nothing else. Remove (presynaptic), or what keeps the pathway until the spike arrives.`,
      { value: target.name },
    );
  }
}
