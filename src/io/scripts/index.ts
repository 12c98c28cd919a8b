/** `wetware/io/scripts`: networks as scripts of other simulators and of the fluent API, and Brian 2 scripts read. */
export type { Script } from './python-text.ts';
export { type BrianScript, fromBrian2, type ScriptProblem } from './read-brian2.ts';
export type { ScriptOptions } from './script-options.ts';
export { toBrian2 } from './write-brian2.ts';
export { toPyNN } from './write-pynn.ts';
export { toTypeScript } from './write-typescript.ts';
