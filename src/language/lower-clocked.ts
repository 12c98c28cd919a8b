/**
 * Lowering of clock-driven synapse equations: differential equations of a projection that advance for every synapse, each
 * step or, flagged (slow), once per slow step. They go through the integrators of populations; only where names lead is
 * different. Event-driven variables are read as they have become since the last event, neurons as they are at the ends.
 * Knows nothing of rows, and of events only how to look at them.
 */
import type { CheckedPopulation, CheckedProjection } from './ast.ts';
import { ConstantPool, type HostConstants } from './constants.ts';
import { eventDrivenUpdate, isClockDriven, isEventDriven } from './event-driven.ts';
import { exactMethod } from './exact.ts';
import { chooseFastMethod, type MethodChoice } from './integrate.ts';
import type * as ir from './kernel.ts';
import { Body, type BodyContext } from './lower-term.ts';
import { updatesBy } from './methods.ts';
import { drawSlot } from './resolve.ts';
import { settle } from './settle.ts';
import { type SlowClock, SlowEquations } from './slow.ts';
import type { Update } from './step.ts';
import { Meanings, SynapsePlaces } from './synapse-names.ts';
import { isSlow, type System, splitNoise } from './system.ts';
import { variable } from './term.ts';
import { needsOf } from './wasm/walk.ts';

/** What lowering needs to know. */
export interface ClockedOptions {
  readonly dtMs: number;
  readonly precision: 'f32' | 'f64';
  /** As that of a population: "auto", a name, or two as in "rk4, slow euler". */
  readonly method: string;
  /** The clock of (slow) equations. */
  readonly slow: SlowClock;
  /** Timed array name to table number. */
  readonly tables: Readonly<Record<string, number>>;
  readonly pre: CheckedPopulation | null;
  readonly post: CheckedPopulation | null;
  /** What a synapse stores apart from sums for means. */
  readonly declared: readonly ir.StoredVariable[];
}

/** Equations of one clock, ready for emission; lists are those of ClockedKernel. */
export interface LoweredClocked {
  /** Steps between two runs. */
  readonly every: number;
  readonly synapseVariables: readonly (ir.StoredVariable & { readonly written: boolean })[];
  readonly preVariables: readonly ir.StoredVariable[];
  readonly postVariables: readonly ir.StoredVariable[];
  readonly body: readonly ir.Statement[];
  readonly constants: HostConstants;
  readonly report: MethodChoice;
  /** By how much the time of these equations runs ahead. */
  readonly acceleration: number;
}

/** The clock-driven equations of a projection. */
export interface ClockedEquations {
  /** Those of every step, then the slow ones; none where the projection has no such equations. */
  readonly kernels: readonly LoweredClocked[];
  /** Stored variables that sum up what slow equations read the means of; they start at 0. */
  readonly sums: readonly ir.StoredVariable[];
}

/**
 * Lowers the clock-driven equations of a projection.
 * Errors: NetworkError when the method does not apply.
 */
export function lowerClocked(model: CheckedProjection, o: ClockedOptions): ClockedEquations {
  const own = model.variables.filter(isClockDriven);
  if (own.length === 0) return { kernels: [], sums: [] };
  const draws = new Map<string, number>();
  for (const noise of model.noise) drawSlot(draws, `noise:${noise}`);
  const meanings = meaningsOf(model, o, draws);
  const resolution = meanings.resolution('eqs');
  const fast = splitNoise(
    own.filter((v) => !isSlow(v)),
    model.noise,
    resolution,
  );
  const slowOnes = own.filter(isSlow);
  const slow =
    slowOnes.length === 0
      ? null
      : new SlowEquations({
          clock: o.slow,
          method: o.method,
          draws,
          taken: [...model.variables.map(({ name }) => name), 'lastupdate'],
          system: (mean) => splitNoise(slowOnes, model.noise, { ...resolution, mean }),
          hasFastEquations: fast.length > 0,
        });
  const sums = slow?.sums ?? [];
  const writing = (options: ClockedOptions): Writing => new Writing(options, sums);
  const kernels: LoweredClocked[] = [];
  if (fast.length > 0 || sums.length > 0) kernels.push(everyStep(fast, slow, draws, writing(o), o));
  if (slow !== null) kernels.push(everySlowStep(slow, slowOnes, writing(o), o));
  return { kernels, sums };
}

/** Whether equations read a neuron at that end, or its number. */
export function readsEnd(
  { preVariables, postVariables, body }: LoweredClocked,
  side: 'pre' | 'post',
): boolean {
  const variables = side === 'pre' ? preVariables : postVariables;
  return variables.length > 0 || needsOf(body).specials.has(`${side}_index`);
}

/** Names as equations see them: event-driven variables at the time of the step. */
function meaningsOf(
  model: CheckedProjection,
  { pre, post }: ClockedOptions,
  draws: Map<string, number>,
): Meanings {
  const meanings = new Meanings(model, pre, post, draws);
  const now = model.variables
    .filter(isEventDriven)
    .map((v) => [v.name, eventDrivenUpdate(v, model, meanings)] as const);
  for (const [name, value] of now) meanings.current.set(name, value);
  return meanings;
}

/** The equations of every step, and what they add to the sums of slow ones. */
function everyStep(
  system: System,
  slow: SlowEquations | null,
  draws: Map<string, number>,
  to: Writing,
  { method, precision }: ClockedOptions,
): LoweredClocked {
  const choice = chooseFastMethod(system, method);
  const { body, placeOf } = to;
  if (choice.method !== 'none') body.comment(`integration: ${choice.method}`);
  const updates = updatesOf(system, choice, body, draws).filter(
    ({ name, next }) => next.text !== name,
  );
  body.share(updates.map(({ next }) => next));
  const values = updates.map(({ name, next }) => ({
    name,
    value: body.name(name, body.float(next)),
  }));
  const after = to.further();
  for (const { name, value } of values) {
    body.set(placeOf(name), value);
    after.define(variable(name), value);
  }
  slow?.accumulate(after, placeOf);
  const settled = precision === 'f32' ? settle(updates, placeOf) : [];
  return to.finish([...settled, ...body.statements, ...after.statements], {
    every: 1,
    report: choice,
    acceleration: 1,
  });
}

/** The equations of the slow step. */
function everySlowStep(
  slow: SlowEquations,
  own: readonly { readonly name: string }[],
  to: Writing,
  { slow: clock, precision }: ClockedOptions,
): LoweredClocked {
  const { body, placeOf } = to;
  slow.advance(body, placeOf);
  const settled = precision === 'f32' ? settle(own, placeOf, true) : [];
  return to.finish([...settled, ...body.statements], {
    every: clock.steps,
    report: slow.choice,
    acceleration: clock.acceleration,
  });
}

function updatesOf(
  system: System,
  { method }: MethodChoice,
  body: Body,
  draws: Map<string, number>,
): readonly Update[] {
  if (method === 'none') return [];
  if (method !== 'exact') return updatesBy(method, { system, body, active: null, draws });
  return exactMethod(system, new Set(system.map(({ name }) => name))).updates(null);
}

/** The parts of a kernel while it is written. */
class Writing {
  readonly body: Body;
  readonly #pool: ConstantPool;
  readonly #places: SynapsePlaces;
  readonly #context: BodyContext;

  constructor(
    { dtMs, tables, pre, post, declared }: ClockedOptions,
    sums: readonly ir.StoredVariable[],
  ) {
    this.#pool = new ConstantPool(dtMs);
    this.#places = new SynapsePlaces([...declared, ...sums], pre, post);
    this.#context = {
      pool: this.#pool,
      place: (reference) => this.#places.place(reference),
      tables,
      step: 'current',
      names: new Set(),
    };
    this.body = new Body(this.#context);
  }

  readonly placeOf = (name: string): ir.Place =>
    this.#places.place({ role: 'variable', name, side: 'synapse' }).place;

  /** A body that comes behind: sees stored variables as the first one leaves them. */
  further(): Body {
    return new Body(this.#context);
  }

  finish(
    body: readonly ir.Statement[],
    of: Pick<LoweredClocked, 'every' | 'report' | 'acceleration'>,
  ): LoweredClocked {
    const written = new Set<string>();
    collectWritten(body, written);
    return {
      ...of,
      synapseVariables: this.#places.synapse.map((v) => ({ ...v, written: written.has(v.name) })),
      preVariables: this.#places.pre,
      postVariables: this.#places.post,
      body,
      constants: this.#pool.finish(),
    };
  }
}

function collectWritten(body: readonly ir.Statement[], written: Set<string>): void {
  for (const statement of body) {
    if (statement.kind === 'set') written.add(statement.place.name);
    else if (statement.kind === 'if') collectWritten(statement.body, written);
  }
}
