/**
 * Lowering of a population: from a checked model to the statements of its update kernel in the rotated order of
 * language.md §8 (`begin` applies what arrived at the step before and its resets, `advance` integrates, then the spike
 * test). The statements depend on the text only, never on parameter values, so populations of equal text share code.
 */
import { NetworkError } from '../errors.ts';
import type {
  CheckedPopulation,
  SymbolReference,
  TypedAssignment,
  TypedExpression,
  ValueType,
  Variable,
} from './ast.ts';
import { choose, difference, sum } from './combine.ts';
import { ConstantPool, type HostConstants } from './constants.ts';
import { type ExactMethod, exactMethod } from './exact.ts';
import { chooseMethod, type MethodChoice } from './integrate.ts';
import * as ir from './kernel.ts';
import { Body, type BodyContext } from './lower-term.ts';
import { updatesBy } from './methods.ts';
import { type BinomialTable, binomialTable, type PoissonInputSpec } from './poisson-input.ts';
import { lowerPresynaptic, type PresynapticProgram } from './presynaptic.ts';
import { planRefractoriness, type Refractoriness } from './refractory.ts';
import { drawSlot, resolve, resolveBinary } from './resolve.ts';
import { settle } from './settle.ts';
import { hasSlowEquations, type SlowClock, SlowEquations } from './slow.ts';
import type { Update } from './step.ts';
import { heldInResets, storedVariables } from './stored.ts';
import { heldName, isHeld, populationResolution, slowSystemOf, systemOf } from './system.ts';
import { contains, localTerm, type Term, variable } from './term.ts';

export interface PopulationOptions {
  readonly dtMs: number;
  /** "auto", a name of METHOD_NAMES, or two as in "rk4, slow euler". */
  readonly method: string;
  readonly precision: 'f32' | 'f64';
  /** Variables that synapses add to, in the order of the kernel's inputs. */
  readonly inputs: readonly string[];
  readonly poissonInputs: readonly PoissonInputSpec[];
  /** Timed array name to table number. */
  readonly tables: Readonly<Record<string, number>>;
  /** Variables that projections read: stored as they are, never relative to rest. */
  readonly keepAbsolute: ReadonlySet<string>;
  /** The clock of slow equations; for models that have some. */
  readonly slow?: SlowClock;
  /** What the neurons keep and do for projections when they spike. Default none. */
  readonly presynaptic?: readonly PresynapticProgram[];
}

/** Name of a parameter of a projection among those of its source population, whose program `k` uses it. */
export const presynapticParameter = (k: number, name: string): string =>
  `presynaptic ${k}: ${name}`;

/** How a recording reads something: `body` first, then `value`, always a float in internal units (booleans 0 or 1). */
export interface Readable {
  readonly body: readonly ir.Statement[];
  readonly value: ir.Value;
}

/** A population ready for emission; statement lists are those of UpdateKernel. */
export interface LoweredPopulation {
  readonly variables: readonly ir.StoredVariable[];
  /** Per variable: constant subtracted from the stored value, or -1. */
  readonly offsets: readonly number[];
  readonly begin: readonly ir.Statement[];
  readonly advance: readonly ir.Statement[];
  readonly spiked: ir.Value | null;
  readonly onSpike: readonly ir.Statement[];
  readonly late: readonly ir.Statement[];
  readonly constants: HostConstants;
  /** Binomial tables 0, 1, … of this population. */
  readonly tables: readonly BinomialTable[];
  /** By name: variables, subexpressions, and lastspike [ms] and not_refractory where they exist. */
  readonly readable: Readonly<Record<string, Readable>>;
  /** First values of bookkeeping variables (integers). */
  readonly initialBookkeeping: Readonly<Record<string, number>>;
  readonly report: MethodChoice;
  /** How slow equations are integrated, where there are some, and their clock. */
  readonly slow: (MethodChoice & SlowClock) | null;
  readonly usesDraws: boolean;
}

/**
 * Lowers a population.
 * Errors: NetworkError when the method does not apply or a construct is not supported.
 */
export function lowerPopulation(model: CheckedPopulation, o: PopulationOptions): LoweredPopulation {
  return new PopulationLowering(model, o).run();
}

/** Steps before the start at which neurons count as having spiked last: 10^4 s, as far as an i32 holds. */
const stepsBeforeStart = (dtMs: number): number => Math.min(Math.round(1e7 / dtMs), 1_000_000_000);

/** The state shared by the parts of one lowering. */
class PopulationLowering {
  readonly #model: CheckedPopulation;
  readonly #options: PopulationOptions;
  readonly #pool: ConstantPool;
  readonly #draws = new Map<string, number>();
  readonly #names = new Set<string>();
  readonly #choice: MethodChoice;
  readonly #exact: ExactMethod | null;
  readonly #stored: ir.StoredVariable[];
  readonly #refractory: Refractoriness;
  /** Locals of the subexpressions that are held over the step, in `advance`. */
  readonly #held: { readonly term: Term; readonly value: ir.Value }[] = [];
  /** Those that resets read, and so are stored. */
  readonly #storedHeld: ReadonlySet<string>;
  readonly #slow: SlowEquations | null;

  constructor(model: CheckedPopulation, options: PopulationOptions) {
    refuseUnsupported(model);
    this.#model = model;
    this.#options = options;
    this.#pool = new ConstantPool(options.dtMs);
    for (const noise of model.noise) drawSlot(this.#draws, `noise:${noise}`);
    this.#choice = chooseMethod(model, options.method);
    this.#exact =
      this.#choice.method === 'exact'
        ? exactMethod(systemOf(model, this.#draws), options.keepAbsolute)
        : null;
    this.#storedHeld = heldInResets(model);
    const refractory = planRefractoriness(model, options.inputs, (expression) =>
      resolve(expression, this.#resolution('refractory')),
    );
    const needsInterval = this.#programs.some(({ writer }) => writer !== null);
    this.#refractory = needsInterval ? { ...refractory, storesLastSpike: true } : refractory;
    this.#slow = hasSlowEquations(model)
      ? new SlowEquations({
          clock: slowClockOf(options),
          method: options.method,
          draws: this.#draws,
          taken: model.variables.map(({ name }) => name),
          system: (mean) => slowSystemOf(model, this.#draws, this.#absolute, mean),
          hasFastEquations: systemOf(model, new Map()).length > 0,
        })
      : null;
    this.#stored = [
      ...storedVariables(model, this.#storedHeld, this.#refractory),
      ...(this.#slow?.sums ?? []),
      ...this.#programs.flatMap(({ variables }) => variables),
    ];
  }

  get #programs(): readonly PresynapticProgram[] {
    return this.#options.presynaptic ?? [];
  }

  run(): LoweredPopulation {
    const begin = this.#begin();
    const { advance, spiked } = this.#advance();
    const onSpike = this.#onSpike();
    const late = this.#late();
    const readable = this.#readable();
    const offsets = this.#stored.map(({ name }) => {
      const rest = this.#exact?.rest.get(name);
      return rest === undefined ? -1 : this.#pool.index(rest);
    });
    const bookkeeping: { lastspike?: number; not_refractory?: number } = {};
    if (this.#refractory.storesLastSpike)
      bookkeeping.lastspike = -stepsBeforeStart(this.#options.dtMs);
    if (this.#refractory.storesFlag) bookkeeping.not_refractory = 1;
    return {
      variables: this.#stored,
      offsets,
      begin,
      advance,
      spiked,
      onSpike,
      late,
      constants: this.#pool.finish(),
      tables: this.#options.poissonInputs.map((input) => binomialTable(input, this.#options.dtMs)),
      readable,
      initialBookkeeping: { ...bookkeeping },
      report: this.#choice,
      slow: this.#slow === null ? null : { ...this.#slow.choice, ...slowClockOf(this.#options) },
      usesDraws: this.#draws.size > 0,
    };
  }

  /** Absolute value of a variable from its stored value. */
  #absolute = (name: string, stored: Term): Term => {
    const rest = this.#exact?.rest.get(name);
    return rest === undefined ? stored : sum(stored, rest);
  };

  #resolution(block: string): ReturnType<typeof populationResolution> {
    return populationResolution(this.#model, this.#draws, block, this.#absolute);
  }

  #place(name: string): { place: ir.Place; type: 'f32' | 'i32' } {
    const index = this.#stored.findIndex((stored) => stored.name === name);
    const found = this.#stored[index];
    if (found === undefined) throw new Error(`internal: ${name} is not stored`);
    return { place: { side: 'own', index, name }, type: found.type };
  }

  #context(step: 'current' | 'previous', notRefractory?: () => ir.Value): BodyContext {
    return {
      pool: this.#pool,
      place: (symbol: SymbolReference) => this.#place(symbol.name),
      tables: this.#options.tables,
      step,
      ...(notRefractory === undefined ? {} : { notRefractory }),
      names: this.#names,
    };
  }

  // ---- begin: arrivals of the step before, then its resets ----

  #begin(): ir.Statement[] {
    const state = this.#refractory;
    const body = new Body(this.#context('previous'));
    const { inputs } = this.#options;
    if (inputs.length > 0) body.comment('arrivals of the step before');
    let accepting: ir.Value | null = null;
    inputs.forEach((name, input) => {
      const { place, type } = this.#place(name);
      const float: ir.Value = { op: 'arrived', type: 'f32', input };
      // Sums of whole numbers are whole, and below 2^24 (plan/scales.ts).
      const arrived = type === 'i32' ? ir.unary('to_i32', float) : float;
      const old = ir.get(place, type);
      if (this.#isClamped(name)) {
        // The spike test of that step counts: a neuron that spiked then refuses at once.
        accepting ??= body.name('accepting', this.#acceptingBefore(body));
        const amount = body.name(`${name}_in`, arrived);
        body.set(place, ir.select(accepting, ir.add(old, amount), old));
      } else body.set(place, ir.add(old, arrived));
    });
    if (this.#model.reset.length > 0 && state.storesLastSpike) {
      const spikedBefore = ir.binary(
        'eq',
        ir.get(this.#place('lastspike').place, 'i32'),
        ir.sub(ir.special('step'), ir.integer(1)),
      );
      const inner = this.#reset(body);
      body.comment(
        `reset: ${this.#model.blocks.reset?.text.trim().replace(/\s*\n\s*/g, '; ') ?? ''}`,
      );
      body.statements.push({ kind: 'if', condition: spikedBefore, body: inner, rare: true });
    }
    return body.statements;
  }

  #isClamped(name: string): boolean {
    if (this.#model.refractory === null) return false;
    const found = this.#model.variables.find((v) => v.name === name);
    return found?.flags.includes('unless refractory') ?? false;
  }

  /** not_refractory as the step before left it, its spike test included. */
  #acceptingBefore(body: Body): ir.Value {
    return this.#refractory.flagAt(body, (name) => this.#place(name).place, 'previous');
  }

  #reset(outer: Body): readonly ir.Statement[] {
    const body = new Body(
      this.#context('previous', () => ir.truth(false)),
      outer,
    );
    this.#assign(body, this.#model.reset, 'reset', {
      read: (name, stored) => this.#absolute(name, this.#heldAsVariable(name, stored)),
      writes: (_, next) => next,
      shares: false,
    });
    return body.statements;
  }

  /**
   * Runs assignments of the block of that name from top to bottom, then stores what they have written. `read`: a variable
   * that none of them has written yet; `writes`: what becomes of a variable (absolute values).
   */
  #assign(
    body: Body,
    assignments: readonly TypedAssignment[],
    block: string,
    how: {
      readonly read: (name: string, stored: Term) => Term;
      readonly writes: (name: string, next: Term, old: Term) => Term;
      /** Whether parts that occur twice in a statement are worth a local. */
      readonly shares: boolean;
    },
  ): void {
    const current = new Map<string, Term>();
    const written: string[] = [];
    const resolution = populationResolution(
      this.#model,
      this.#draws,
      block,
      (name, stored) => current.get(name) ?? how.read(name, stored),
    );
    const withLocals = {
      ...resolution,
      symbol: (reference: SymbolReference, type: ValueType): Term | undefined =>
        reference.role === 'local'
          ? current.get(`local ${reference.name}`)
          : resolution.symbol?.(reference, type),
    };
    for (const { target, operator, value } of assignments) {
      if (target.role !== 'variable' && target.role !== 'local') {
        throw new NetworkError(`${block} cannot write ${target.name}.`, { value: target.name });
      }
      const isLocal = target.role === 'local';
      const key = isLocal ? `local ${target.name}` : target.name;
      const right = resolve(value, withLocals);
      const old = current.get(key) ?? this.#ownTerm(target.name, isLocal);
      const given = operator === '=' ? right : resolveBinary(operator.slice(0, -1), old, right);
      const next = isLocal ? given : how.writes(target.name, given, old);
      const rest = isLocal ? undefined : this.#exact?.rest.get(target.name);
      const stored = rest === undefined ? next : difference(next, rest);
      if (how.shares) body.share([stored]);
      const held = body.local(target.name, stored);
      current.set(key, rest === undefined ? held : sum(held, rest));
      if (!isLocal && !written.includes(target.name)) written.push(target.name);
    }
    for (const name of written) {
      const { place, type } = this.#place(name);
      const rest = this.#exact?.rest.get(name);
      const absolute = current.get(name) as Term;
      body.set(
        place,
        body.stored(rest === undefined ? absolute : difference(absolute, rest), type),
      );
    }
  }

  #ownTerm(name: string, isLocal: boolean): Term {
    if (isLocal) return localTerm(name); // replaced by `=` before any use; the checker has seen to it
    const type = this.#model.variables.find((v) => v.name === name)?.type ?? 'float';
    return this.#absolute(name, variable(name, type));
  }

  #heldAsVariable(name: string, stored: Term): Term {
    return this.#storedHeld.has(name) ? variable(name, stored.type) : stored;
  }

  // ---- advance: refractory condition, integration, spike test ----

  #advance(): { advance: ir.Statement[]; spiked: ir.Value | null } {
    let active: ir.Value | null = null;
    const context = this.#context('current', () => active ?? ir.truth(true));
    const body = new Body(context);
    this.#holdSubexpressions(body);
    const state = this.#refractory;
    if (state.kind !== 'none') {
      body.comment(`refractory: ${this.#model.blocks.refractory?.text.trim() ?? ''}`);
      active = body.name(
        'active',
        state.advance(body, (name) => this.#place(name).place),
      );
    }
    const activeTerm = active === null ? null : localOf(active);
    if (this.#choice.method !== 'none') body.comment(`integration: ${this.#choice.method}`);
    const updates = this.#updates(body, activeTerm).filter(({ name, next }) => next.text !== name);
    body.share(updates.map((update) => update.next));
    const values = updates.map(({ name, next }) => ({
      name,
      value: body.name(name, body.float(next)),
    }));
    const after = new Body(context);
    for (const { name, value } of values) {
      body.set(this.#place(name).place, value);
      after.define(variable(name), value);
    }
    const statements = this.#onStep(context, values, activeTerm);
    // What the statements have changed, the test must read again.
    const test = statements === null ? after : new Body(context);
    const spiked = this.#spiked(test, active);
    const settled =
      this.#options.precision === 'f32' ? settle(updates, (name) => this.#place(name).place) : [];
    const advance = [...settled, ...body.statements, ...(statements ?? []), ...test.statements];
    return { advance, spiked };
  }

  /** The statements of every step, which see what integration has made of the state; null where there are none. */
  #onStep(
    context: BodyContext,
    integrated: readonly { readonly name: string; readonly value: ir.Value }[],
    active: Term | null,
  ): readonly ir.Statement[] | null {
    const { onStep, blocks } = this.#model;
    if (onStep.length === 0) return null;
    const body = new Body(context);
    for (const { name, value } of integrated) body.define(variable(name), value);
    for (const { term, value } of this.#held) body.define(term, value);
    body.comment(`every step: ${blocks.onStep?.text.trim().replace(/\s*\n\s*/g, '; ') ?? ''}`);
    this.#assign(body, onStep, 'onStep', {
      read: this.#absolute,
      writes: (name, next, old) =>
        active !== null && this.#isClamped(name) ? choose(active, next, old) : next,
      shares: true,
    });
    return body.statements;
  }

  #updates(body: Body, active: Term | null): readonly Update[] {
    if (this.#exact !== null) return this.#exact.updates(active);
    const { method } = this.#choice;
    if (method === 'none' || method === 'exact') return [];
    const system = systemOf(this.#model, this.#draws);
    return updatesBy(method, { system, body, active, draws: this.#draws });
  }

  /** Subexpressions that are constant over dt: evaluated once, before anything changes. */
  #holdSubexpressions(body: Body): void {
    const held = this.#model.variables.filter(isHeld);
    this.#holdAll(
      body,
      held.map((v) => localTerm(heldName(v.name), v.type)),
    );
    for (const v of held) {
      const term = localTerm(heldName(v.name), v.type);
      const value = body.value(term);
      this.#held.push({ term, value });
      if (!this.#storedHeld.has(v.name)) continue;
      const { place, type } = this.#place(v.name);
      const isTruth = type === 'i32' && value.type === 'bool';
      body.set(place, isTruth ? ir.unary('to_i32', value) : value);
    }
  }

  /** Gives the held subexpressions that `terms` need a local each, those that they need in turn first. */
  #holdAll(body: Body, terms: readonly Term[], done = new Set<string>()): void {
    for (const held of this.#model.variables.filter(isHeld)) {
      const name = heldName(held.name);
      const isNeeded = terms.some((term) => contains(term, (part) => part.text === name));
      if (!isNeeded || done.has(name)) continue;
      done.add(name);
      const definition = resolve(held.expression as TypedExpression, this.#resolution('eqs'));
      this.#holdAll(body, [definition], done);
      const isFloat = held.type === 'float';
      const value = body.name(held.name, isFloat ? body.float(definition) : body.value(definition));
      body.define(localTerm(name, held.type), value);
    }
  }

  #spiked(body: Body, active: ir.Value | null): ir.Value | null {
    if (this.#model.threshold === null) return null;
    for (const { term, value } of this.#held) body.define(term, value);
    const threshold = resolve(this.#model.threshold, this.#resolution('threshold'));
    body.share([threshold]);
    const over = body.value(threshold);
    return active === null ? over : ir.and(over, active);
  }

  #onSpike(): ir.Statement[] {
    if (this.#model.threshold === null) return [];
    const statements = this.#programs.flatMap((program, k) => this.#presynaptic(program, k));
    const set = (name: string, value: ir.Value): void => {
      statements.push({ kind: 'set', place: this.#place(name).place, value });
    };
    if (this.#refractory.storesLastSpike) set('lastspike', ir.special('step'));
    if (this.#refractory.storesFlag) set('not_refractory', ir.integer(0));
    return statements;
  }

  /** What a neuron that spikes does for a projection. */
  #presynaptic(program: PresynapticProgram, k: number): readonly ir.Statement[] {
    const { owner, writer } = program;
    if (writer === null) return [];
    const body = new Body({
      ...this.#context('current', () => ir.truth(false)),
      place: (reference) => {
        const isShared = 'side' in reference && reference.side === 'synapse';
        return this.#place(isShared ? `${owner}.${reference.name}` : reference.name);
      },
    });
    const resolution = this.#resolution(`presynaptic ${owner}`);
    lowerPresynaptic(program, {
      body,
      place: (hidden) => this.#place(hidden),
      lastSpike: ir.get(this.#place('lastspike').place, 'i32'),
      draws: this.#draws,
      neuron: (reference, type) => resolution.symbol?.(reference, type),
      parameter: (name) => presynapticParameter(k, name),
    });
    return body.statements;
  }

  // ---- late: Poisson inputs, after the spike test ----

  #late(): ir.Statement[] {
    const { poissonInputs } = this.#options;
    const body = new Body(this.#context('current'));
    let accepting: ir.Value | null = null;
    poissonInputs.forEach((input, k) => {
      body.comment(`Poisson input of ${input.variable}`);
      const { place, type } = this.#place(input.variable);
      const slot = drawSlot(this.#draws, `poisson:${k}`);
      const count: ir.Value = { op: 'binomial', type: 'i32', slot, table: k };
      const weight = resolve(input.weight, this.#resolution(`poisson ${k}`));
      const amount =
        type === 'i32'
          ? ir.mul(count, body.value(weight))
          : ir.mul(ir.unary('to_f32', count), body.float(weight));
      const old = ir.get(place, type);
      const next = ir.add(old, body.name(`${input.variable}_poisson`, amount));
      const conditions: ir.Value[] = [];
      if (this.#isClamped(input.variable)) {
        accepting ??= body.name(
          'accepting',
          this.#refractory.flagAt(body, (name) => this.#place(name).place, 'current'),
        );
        conditions.push(accepting);
      }
      const index = ir.special('index');
      if (input.from !== undefined) conditions.push(ir.binary('ge', index, ir.integer(input.from)));
      if (input.to !== undefined) conditions.push(ir.binary('lt', index, ir.integer(input.to)));
      const [first, ...others] = conditions;
      const value = first === undefined ? next : ir.select(others.reduce(ir.and, first), next, old);
      body.set(place, value);
    });
    this.#slow?.append(body, (name) => this.#place(name).place);
    return body.statements;
  }

  // ---- what recordings read ----

  #readable(): Record<string, Readable> {
    const result: Record<string, Readable> = {};
    const state = this.#refractory;
    const read = (name: string, term: (body: Body) => ir.Value): void => {
      const body = new Body(
        this.#context('current', () =>
          state.kind === 'none' ? ir.truth(true) : this.#acceptingBefore(body),
        ),
      );
      const value = term(body);
      const float = value.type === 'f32' ? value : ir.unary('to_f32', value);
      result[name] = { body: body.statements, value: float };
    };
    for (const declared of this.#model.variables) {
      read(declared.name, (body) => {
        const term = this.#meaningOf(declared);
        this.#holdAll(body, [term]);
        body.share([term]);
        return body.value(term);
      });
    }
    for (const { name, type } of this.#programs.flatMap(({ variables }) => variables)) {
      // Versions between two changes of a spike are nobody's business.
      if (!name.includes('@')) read(name, () => ir.get(this.#place(name).place, type));
    }
    if (state.kind !== 'none') {
      const lastspike: SymbolReference = { role: 'special', name: 'lastspike', side: 'own' };
      read('lastspike', (body) => body.value(symbolTerm(lastspike)));
      read('not_refractory', (body) => this.#acceptingBefore(body));
    }
    return result;
  }

  #meaningOf(declared: Variable): Term {
    const reference: SymbolReference = { role: 'variable', name: declared.name, side: 'own' };
    const meaning = this.#resolution('eqs').symbol?.(reference, declared.type);
    if (meaning === undefined) throw new Error(`internal: ${declared.name} has no meaning`);
    return meaning;
  }
}

const symbolTerm = (reference: SymbolReference): Term => ({
  kind: 'symbol',
  symbol: reference,
  type: 'float',
  host: false,
  text: reference.name,
});

/** The term behind a value that is a local (or a truth). */
function localOf(value: ir.Value): Term | null {
  return value.op === 'local' ? localTerm(value.name, 'boolean') : null;
}

/** The clock that a population with slow equations must have. */
function slowClockOf({ slow }: PopulationOptions): SlowClock {
  if (slow === undefined) throw new Error('internal: slow equations without a clock');
  return slow;
}

function refuseUnsupported(model: CheckedPopulation): void {
  for (const { name, flags } of model.variables) {
    for (const flag of ['shared', 'summed', 'event-driven', 'clock-driven'] as const) {
      if (flags.includes(flag)) {
        throw new NetworkError(`(${flag}) is not supported in populations yet: ${name}`, {
          value: flag,
        });
      }
    }
  }
}
