/** Between the reader of a script, which knows Python, and what makes a network of it, which knows Brian 2. Types only. */
import type { CallArguments } from './script-functions.ts';
import type { ScriptValue } from './script-values.ts';

/** Something that could not be read. */
export interface ScriptProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** A part of a list: [from, to), of `length` entries when that is known. */
export interface SliceIndex {
  readonly from: number | null;
  readonly to: number | null;
}

export type ScriptIndex = SliceIndex | { readonly value: ScriptValue };

/** What the simulator's own objects do. `undefined`: they do not have it. */
export interface ScriptHost {
  /** What a name of the simulator is. */
  named(name: string): ScriptValue | undefined;
  construct(name: string, call: CallArguments, line: number): ScriptValue | undefined;
  attribute(object: object, name: string, line: number): ScriptValue;
  setAttribute(object: object, name: string, value: ScriptValue, line: number): void;
  method(object: object, name: string, call: CallArguments, line: number): ScriptValue;
  item(object: object, index: ScriptIndex, line: number): ScriptValue;
  setItem(object: object, index: ScriptIndex, value: ScriptValue, line: number): void;
  /** An object got a name of the script. */
  label(object: object, name: string): void;
  /** A statement that is not read, such as a function of that name; what the name is from now on, where that is known. */
  foreign(what: string, names: readonly string[], line: number): ScriptValue | null;
}
