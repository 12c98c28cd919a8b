/**
 * Carries out the interventions of a network: at the boundary between two steps parameters and variables get the values
 * that the document wants for the step to come. What these are is a function of the step and of the values without
 * interventions, so that runs may be cut anywhere, gone back to and changed by hand. Looks no names up.
 */
import type { EngineState } from './engine-state.ts';
import {
  byParameter,
  type CompiledIntervention,
  changedElement,
  changedValue,
  keyOf,
  namingCause,
} from './plan/interventions.ts';

/** All interventions on one parameter or variable. */
interface Group {
  readonly key: string;
  readonly all: readonly CompiledIntervention[];
  readonly owner: string;
  readonly parameter: string;
  readonly isVariable: boolean;
}

/** What a group has done so far. */
interface Progress {
  /** Values without interventions: of a parameter, or of a variable while one is in effect. */
  readonly base: number | Float64Array | null;
  /** Which interventions are in effect in the engine, by number. */
  readonly inEffect: string;
  /** A step at which these are in effect. */
  readonly step: number;
}

/** A group that gets other values, and what it will have done then. */
interface Due {
  readonly group: Group;
  readonly progress: Progress;
}

/** Where all groups are, to come back to. */
export type InterventionMark = ReadonlyMap<string, Progress>;

const NONE = '';

/** The interventions of one network in its engine. */
export class Interventions {
  readonly #state: EngineState;
  readonly #groups: readonly Group[];
  readonly #boundaries: readonly number[];
  #progress = new Map<string, Progress>();

  constructor(state: EngineState) {
    this.#state = state;
    const { interventions } = state.compiled;
    this.#groups = [...byParameter(interventions)].map(([key, all]) => {
      const { owner, parameter, table } = all[0] as CompiledIntervention;
      return { key, all, owner, parameter, isVariable: table === null };
    });
    this.#boundaries = interventions
      .flatMap(({ first, end }) => [first, end])
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    for (const { key, owner, parameter, isVariable } of this.#groups) {
      const base = isVariable ? null : state.compiled.parameterOf(owner, parameter);
      this.#progress.set(key, { base, inEffect: NONE, step: -1 });
    }
  }

  /** Steps from `step` to the next change; Infinity when there is none. */
  until(step: number): number {
    const next = this.#boundaries.find((boundary) => boundary > step);
    return next === undefined ? Number.POSITIVE_INFINITY : next - step;
  }

  /** Gives everything the values of step `step`, which is the next to be run. */
  async apply(step: number): Promise<void> {
    const due = this.#groups.flatMap((group): Due[] => {
      const inEffect = namesInEffect(group, step);
      const progress = this.#progress.get(group.key) as Progress;
      return inEffect === progress.inEffect ? [] : [{ group, progress: { ...progress, inEffect } }];
    });
    try {
      const parameters = due.filter(({ group }) => !group.isVariable);
      if (parameters.length > 0) await this.#applyToParameters(parameters, step);
      for (const one of due) if (one.group.isVariable) await this.#applyToVariable(one, step);
    } catch (error) {
      const all = due.flatMap(({ group }) => group.all);
      throw namingCause(error, all, step);
    }
  }

  /** Whether a variable has values that interventions have given it. */
  isInEffect(owner: string, variable: string): boolean {
    return (this.#progress.get(keyOf(owner, variable))?.inEffect ?? NONE) !== NONE;
  }

  /** Someone has changed a parameter by hand: that is its value without interventions from now on. */
  async parameterChanged(owner: string, name: string): Promise<void> {
    const key = keyOf(owner, name);
    const group = this.#groups.find((one) => one.key === key && !one.isVariable);
    const progress = this.#progress.get(key);
    if (group === undefined || progress === undefined) return;
    const base = this.#state.compiled.parameterOf(owner, name);
    const { inEffect, step } = progress;
    if (inEffect === NONE) this.#progress.set(key, { ...progress, base });
    else await this.#applyToParameters([{ group, progress: { ...progress, base } }], step);
  }

  /** As parameterChanged, for a variable. */
  async variableChanged(owner: string, name: string): Promise<void> {
    const key = keyOf(owner, name);
    const group = this.#groups.find((one) => one.key === key && one.isVariable);
    const progress = this.#progress.get(key);
    if (group === undefined || progress === undefined || progress.inEffect === NONE) return;
    await this.#applyToVariable({ group, progress: { ...progress, base: null } }, progress.step);
  }

  /** Where everything is now. */
  mark(): InterventionMark {
    return new Map(this.#progress);
  }

  /** Goes on from a mark of the same network in another engine, when all values and parameters are there. */
  resume(mark: InterventionMark): void {
    for (const { key, all, owner, parameter, isVariable } of this.#groups) {
      const progress = mark.get(key);
      if (progress === undefined)
        throw new RangeError('These interventions are of another network.');
      this.#progress.set(key, progress);
      const { base, inEffect, step } = progress;
      if (!isVariable) continue;
      const values = inEffect === NONE ? null : this.#changedValues(all, base, step);
      this.#state.compiled.putValues(owner, parameter, values);
    }
  }

  /** Goes back to a mark, when all values and parameters go back too. */
  restore(mark: InterventionMark): void {
    this.#progress = new Map(mark);
  }

  async #applyToParameters(due: readonly Due[], step: number): Promise<void> {
    const values = due.map(({ group: { all, owner, parameter }, progress: { base } }) => ({
      owner,
      name: parameter,
      value: changedValue(all, base as number, step),
    }));
    const [first, ...others] = new Set(values.map(({ owner }) => owner));
    // Those of the network reach everything.
    const reached = others.length === 0 ? (first as string) : '';
    await this.#state.changeParameters(reached, () => this.#state.compiled.putParameters(values));
    for (const { group, progress } of due) this.#progress.set(group.key, { ...progress, step });
  }

  /** Values of a variable under interventions, computed when asked for. */
  #changedValues(
    all: readonly CompiledIntervention[],
    base: Progress['base'],
    step: number,
  ): () => Float64Array {
    const [{ owner, parameter }] = all as readonly [CompiledIntervention];
    const isOfAll = all.every(({ neurons }) => neurons === null);
    const isWhole = this.#state.place(owner, parameter).cell.type === 'i32';
    const changed = (value: number, k: number): number =>
      isOfAll ? changedValue(all, value, step) : changedElement(all, k, value, step);
    return () =>
      (base as Float64Array).map(isWhole ? (value, k) => Math.trunc(changed(value, k)) : changed);
  }

  async #applyToVariable({ group, progress }: Due, step: number): Promise<void> {
    const { key, all, owner, parameter } = group;
    const { inEffect } = progress;
    const place = this.#state.place(owner, parameter);
    const base = (progress.base ?? (await this.#state.read(place))) as Float64Array;
    const values = this.#changedValues(all, base, step);
    const isOver = inEffect === NONE;
    this.#state.compiled.putValues(owner, parameter, isOver ? null : values);
    await this.#state.write(place, isOver ? base : values());
    this.#progress.set(key, { base: isOver ? null : base, inEffect, step });
  }
}

const namesInEffect = ({ all }: Group, step: number): string =>
  all.flatMap(({ first, end }, k) => (step >= first && step < end ? [k] : [])).join();
