/**
 * Presynaptic state. What is flagged (presynaptic) is equal for all synapses of a source neuron, so it is kept once per
 * neuron: as hidden variables of the source population, "projection.variable", which its neurons advance when they
 * spike. Pathways that run at emission read them there.
 *
 *     onPre: u += U*(1 - u)          the neuron, when it spikes:      u <- u exp(-D/tau) + …
 *            g += w*u*x                                               (each value that a pathway reads stays stored)
 *            x -= u*x                every synapse, at emission:      g += w * u_of_neuron * x_before_of_neuron
 *
 * A variable that a pathway reads between two changes is stored in that version too: "projection.x@1". Says what runs
 * where, and lowers the neuron's part; whether a projection can be treated so is decided in lower-projection.ts.
 */
import type {
  CheckedPathway,
  CheckedProjection,
  SymbolReference,
  TypedAssignment,
  TypedExpression,
  ValueType,
} from './ast.ts';
import {
  type EventMeanings,
  eventDrivenUpdate,
  isEventDriven,
  isPresynaptic,
  LAST_UPDATE,
} from './event-driven.ts';
import { RANDOM } from './functions.ts';
import * as ir from './kernel.ts';
import type { Body } from './lower-term.ts';
import { type Resolution, resolve, resolveBinary } from './resolve.ts';
import { elapsed, symbol, type Term } from './term.ts';

/** What the neurons of the source population do for a projection when they spike. */
export interface PresynapticProgram {
  /** The projection; names of hidden variables begin with it. */
  readonly owner: string;
  readonly model: CheckedProjection;
  /** The pathway that changes presynaptic variables, or null. */
  readonly writer: CheckedPathway | null;
  /** Hidden variables: the declared ones, then versions that pathways read. */
  readonly variables: readonly ir.StoredVariable[];
}

/** Types of hidden variables by name, noted when they are read. */
export type HiddenTypes = Map<string, ValueType>;

/** Whether a neuron variable of that name is hidden: no name that people write has a dot. */
export const isHiddenName = (name: string): boolean => name.includes('.');

/** Whether a symbol is a hidden variable of the source neuron. */
export const isHidden = (reference: SymbolReference): boolean =>
  reference.role === 'variable' && reference.side === 'pre' && isHiddenName(reference.name);

/** The presynaptic variables of a projection. */
export const presynapticOf = (model: CheckedProjection): CheckedProjection['variables'] =>
  model.variables.filter(isPresynaptic);

/** The pathway whose statements change presynaptic variables; event-driven ones are advanced by the first of a spike. */
export function writerOf(model: CheckedProjection): CheckedPathway | null {
  const names = new Set(presynapticOf(model).map(({ name }) => name));
  const pre = model.pathways.filter(({ trigger }) => trigger === 'pre');
  const changing = pre.find(({ statements }) =>
    statements.some(({ target }) => isSynapseVariable(target) && names.has(target.name)),
  );
  const [first = null] = model.variables.some((v) => isPresynaptic(v) && isEventDriven(v))
    ? pre
    : [];
  return changing ?? first;
}

const isSynapseVariable = (
  reference: SymbolReference,
): reference is Extract<SymbolReference, { role: 'variable' }> =>
  reference.role === 'variable' && reference.side === 'synapse';

// ---- What depends on what ----

/**
 * What an expression depends on: `free`: parameters only. `presynaptic`: presynaptic variables and the time since the
 * last spike too. `neuron`: also variables of the source neuron, or draws: presynaptic statements may read these, locals
 * that synapses share may not hold them. `synaptic`: anything else.
 */
export type Dependence = 'free' | 'presynaptic' | 'neuron' | 'synaptic';

const ORDER: readonly Dependence[] = ['free', 'presynaptic', 'neuron', 'synaptic'];

const most = (all: readonly Dependence[]): Dependence =>
  ORDER[Math.max(0, ...all.map((one) => ORDER.indexOf(one)))] as Dependence;

/** Dependence of an expression; `locals` has that of locals so far. `blame` hears what makes it synaptic. */
export function dependenceOf(
  model: Pick<CheckedProjection, 'variables'>,
  expression: TypedExpression,
  locals: ReadonlyMap<string, Dependence>,
  blame: (part: TypedExpression) => void = () => {},
): Dependence {
  const of = (part: TypedExpression): Dependence => dependenceOf(model, part, locals, blame);
  switch (expression.kind) {
    case 'number':
    case 'boolean':
      return 'free';
    case 'symbol': {
      const found = ofSymbol(model, expression.symbol, locals);
      if (found === 'synaptic') blame(expression);
      return found;
    }
    case 'unary':
      return of(expression.operand);
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '-' && isSpecial(left, 't') && isSpecial(right, 'lastupdate')) {
        return 'presynaptic';
      }
      return most([of(left), of(right)]);
    }
    case 'call': {
      const own: Dependence = RANDOM.has(expression.name) ? 'neuron' : 'free';
      return most([own, ...expression.arguments.map(of)]);
    }
    case 'table':
      blame(expression);
      return 'synaptic';
  }
}

const isSpecial = (part: TypedExpression, name: string): boolean =>
  part.kind === 'symbol' && part.symbol.role === 'special' && part.symbol.name === name;

function ofSymbol(
  model: Pick<CheckedProjection, 'variables'>,
  reference: SymbolReference,
  locals: ReadonlyMap<string, Dependence>,
): Dependence {
  switch (reference.role) {
    case 'parameter':
      return 'free';
    case 'local':
      return locals.get(reference.name) ?? 'synaptic';
    case 'special':
      return reference.name === 'dt' ? 'free' : 'synaptic';
    case 'variable': {
      if (reference.side === 'pre') return 'neuron';
      if (reference.side !== 'synapse') return 'synaptic';
      const declared = model.variables.find(({ name }) => name === reference.name);
      if (declared === undefined) return 'synaptic';
      if (isPresynaptic(declared)) return 'presynaptic';
      return declared.kind === 'subexpression' && declared.expression !== null
        ? dependenceOf(model, declared.expression, new Map())
        : 'synaptic';
    }
    default:
      return 'synaptic';
  }
}

/** Dependence of locals while statements run from top to bottom. */
export class LocalDependences {
  readonly all = new Map<string, Dependence>();
  readonly #model: Pick<CheckedProjection, 'variables'>;

  constructor(model: Pick<CheckedProjection, 'variables'>) {
    this.#model = model;
  }

  /** Follows a statement; returns the dependence of the local that it writes, null where it writes none. */
  follow({ target, operator, value }: TypedAssignment): Dependence | null {
    if (target.role !== 'local') return null;
    const right = dependenceOf(this.#model, value, this.all);
    const old = operator === '=' ? [] : [this.all.get(target.name) ?? 'synaptic'];
    const found = most([right, ...old]);
    this.all.set(target.name, found);
    return found;
  }
}

// ---- Versions ----

/** Names of the hidden variables that hold a presynaptic variable, or a local made of such, after each change. */
class Versions {
  readonly #program: Pick<PresynapticProgram, 'owner' | 'model' | 'writer'>;
  readonly #last = new Map<string, number>();
  #counts = new Map<string, number>();

  constructor(program: Pick<PresynapticProgram, 'owner' | 'model' | 'writer'>) {
    this.#program = program;
    const { writer, model } = program;
    if (writer === null) return;
    this.events();
    const locals = new LocalDependences(model);
    for (const statement of writer.statements) this.step(statement, locals);
    for (const [key, count] of this.#counts) this.#last.set(key, count);
    this.#counts = new Map();
  }

  /** The equations are advanced. */
  events(): void {
    for (const v of presynapticOf(this.#program.model)) if (isEventDriven(v)) this.#next(v.name);
  }

  /** Follows a statement; returns the key of what it changes, null where that is nothing presynaptic. */
  step(statement: TypedAssignment, locals: LocalDependences): string | null {
    const key = changedBy(this.#program.model, statement, locals);
    if (key !== null) this.#next(key);
    return key;
  }

  /** All changes of the spike are done. */
  finish(): void {
    this.#counts = new Map(this.#last);
  }

  /** Hidden variable with the value of now. */
  cell(key: string): string {
    const count = this.#counts.get(key) ?? 0;
    const isLocal = key.startsWith('local ');
    const { owner } = this.#program;
    const name = `${owner}.${key.replace('local ', '')}`;
    return isLocal || count !== (this.#last.get(key) ?? 0) ? `${name}@${count}` : name;
  }

  #next(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

/** What a statement changes for all synapses of the neuron: a variable's name, or "local name"; null for nothing. */
function changedBy(
  model: CheckedProjection,
  statement: TypedAssignment,
  locals: LocalDependences,
): string | null {
  const { target } = statement;
  const local = locals.follow(statement);
  if (target.role === 'local') return local === 'presynaptic' ? `local ${target.name}` : null;
  if (!isSynapseVariable(target)) return null;
  return presynapticOf(model).some(({ name }) => name === target.name) ? target.name : null;
}

/** What presynaptic names mean to a pathway that runs at emission: hidden variables of the source neuron. */
export class EmissionNames {
  readonly #program: PresynapticProgram;
  readonly #isWriter: boolean;
  readonly #versions: Versions;
  readonly #locals: LocalDependences;
  readonly #types: HiddenTypes;

  constructor(program: PresynapticProgram, pathway: CheckedPathway, types: HiddenTypes) {
    this.#program = program;
    this.#types = types;
    const { model, writer } = program;
    this.#isWriter = pathway === writer;
    this.#versions = new Versions(program);
    this.#locals = new LocalDependences(model);
    const order = model.pathways.indexOf(pathway);
    const isBehind = writer !== null && order > model.pathways.indexOf(writer);
    if (isBehind || pathway.trigger === 'post') this.#versions.finish();
  }

  /** Gives presynaptic variables their meaning at the beginning of the pathway. */
  begin(current: Map<string, Term>): void {
    if (this.#isWriter) this.#versions.events();
    for (const { name, type } of presynapticOf(this.#program.model)) {
      this.#mean(name, type, current);
    }
  }

  /** Follows a statement; true where the neuron has carried it out. */
  takes(statement: TypedAssignment, current: Map<string, Term>): boolean {
    if (!this.#isWriter) return false;
    const key = this.#versions.step(statement, this.#locals);
    if (key === null) return false;
    const before = current.get(key)?.type;
    const isKept = statement.operator === '=' || before === statement.value.type;
    const local = isKept && statement.operator !== '/=' ? statement.value.type : 'float';
    this.#mean(key, key.startsWith('local ') ? local : (before ?? 'float'), current);
    return true;
  }

  #mean(key: string, type: ValueType, current: Map<string, Term>): void {
    const name = this.#versions.cell(key);
    this.#types.set(name, type);
    current.set(key, symbol({ role: 'variable', name, side: 'pre' }, type));
  }
}

// ---- The neuron's part ----

/** What a run of the neuron's part needs to know. */
export interface NeuronRun {
  /** What is done with a new value: keep it as it is, or give it a local. */
  readonly hold: (hint: string, value: Term) => Term;
  readonly draws: Map<string, number>;
  /** Meaning of a variable of the neuron itself. */
  readonly neuron: (reference: SymbolReference, type: ValueType) => Term | undefined;
  /** Name of a parameter of the projection. */
  readonly parameter: (name: string) => string;
}

/** What lowering the neuron's part needs of its population. */
export interface NeuronSide extends Omit<NeuronRun, 'hold'> {
  /** Statements in the making; its places know synapse variables by their hidden names. */
  readonly body: Body;
  readonly place: (hidden: string) => { readonly place: ir.Place; readonly type: 'f32' | 'i32' };
  /** The step of the last spike, as it is stored. */
  readonly lastSpike: ir.Value;
}

/** Adds what a neuron does for the projection when it spikes, before the step of this spike is stored. */
export function lowerPresynaptic(program: PresynapticProgram, side: NeuronSide): void {
  if (program.writer === null) return;
  const { body } = side;
  body.comment(`presynaptic state of ${program.owner}`);
  // Before its first spike a neuron has been quiet since the beginning.
  const last = ir.binary('max', side.lastSpike, ir.integer(0));
  body.define(elapsed(LAST_UPDATE), body.name('interval', ir.sub(ir.special('step'), last)));
  const hold = (hint: string, value: Term): Term => body.local(hint, value);
  for (const [hidden, term] of runPresynaptic(program, { ...side, hold })) {
    const { place, type } = side.place(hidden);
    body.set(place, body.stored(term, type));
  }
}

/** What a spike makes of the hidden variables, by name; those that it leaves alone are left out. */
export function runPresynaptic(
  program: PresynapticProgram,
  run: NeuronRun,
): ReadonlyMap<string, Term> {
  const { owner, model, writer } = program;
  const kept = new Map<string, Term>();
  if (writer === null) return kept;
  const current = new Map<string, Term>();
  const meanings = neuronMeanings(program, run, current);
  const versions = new Versions(program);
  const assign = (key: string, value: Term): void => {
    const held = run.hold(key.replace('local ', ''), value);
    current.set(key, held);
    const cell = versions.cell(key);
    if (program.variables.some(({ name }) => name === cell)) kept.set(cell, held);
  };
  for (const { name } of presynapticOf(model)) {
    // Pathways may read what was there before the spike, and this is where it goes.
    const isRead = program.variables.some((one) => one.name === versions.cell(name));
    if (isRead && versions.cell(name).includes('@')) assign(name, meanings.read(name));
  }
  const events = presynapticOf(model)
    .filter(isEventDriven)
    .map((v) => ({ key: v.name, value: eventDrivenUpdate(v, model, meanings) }));
  versions.events();
  for (const { key, value } of events) assign(key, value);
  const locals = new LocalDependences(model);
  for (const statement of writer.statements) {
    const { target, operator, value } = statement;
    const key = versions.step(statement, locals) ?? sharedLocal(statement, locals);
    if (key === null) continue;
    const right = resolve(value, meanings.resolution(`${owner} ${writer.name}`));
    const old = operator === '=' ? right : (current.get(key) ?? meanings.read(target.name));
    assign(key, operator === '=' ? right : resolveBinary(operator.slice(0, -1), old, right));
  }
  return kept;
}

/** A local of parameters only, which presynaptic statements may read as well as others. */
function sharedLocal({ target }: TypedAssignment, locals: LocalDependences): string | null {
  if (target.role !== 'local') return null;
  return locals.all.get(target.name) === 'free' ? `local ${target.name}` : null;
}

function neuronMeanings(
  { model }: PresynapticProgram,
  run: NeuronRun,
  current: ReadonlyMap<string, Term>,
): EventMeanings {
  const read = (name: string): Term => {
    const changed = current.get(name);
    if (changed !== undefined) return changed;
    const declared = model.variables.find((v) => v.name === name);
    if (declared === undefined) throw new Error(`internal: unknown synapse variable ${name}`);
    if (declared.kind === 'subexpression' && declared.expression !== null) {
      return resolve(declared.expression, resolution('eqs'));
    }
    return symbol({ role: 'variable', name, side: 'synapse' }, declared.type);
  };
  const meaning = (reference: SymbolReference, type: ValueType): Term | undefined => {
    switch (reference.role) {
      case 'local':
        return current.get(`local ${reference.name}`);
      case 'parameter':
        return symbol({ ...reference, name: run.parameter(reference.name) }, type);
      case 'variable':
        if (reference.side === 'synapse') return read(reference.name);
        return run.neuron({ ...reference, side: 'own' }, type);
      default:
        return undefined;
    }
  };
  const resolution = (block: string): Resolution => ({ block, draws: run.draws, symbol: meaning });
  return { read, resolution };
}
