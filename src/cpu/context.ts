/**
 * What all generators of the CPU engine's code share: the plan, its layout, the module being written, its helper
 * functions. Data only.
 */
import type { PortableFunction } from '../language/kernel.ts';
import {
  type Callable,
  type Code,
  type WasmFunction,
  WasmModule,
  type WasmType,
} from '../language/wasm/encoder.ts';
import { addScalarPhilox } from '../language/wasm/philox.ts';
import type { Plan } from '../plan/plan.ts';
import type { BuildJob } from './build.ts';
import { RowFunctions } from './generate.ts';
import { BLOCK, type Layout } from './layout.ts';
import { type Job, ThreadCode } from './threads-code.ts';

export interface Context {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly module: WasmModule;
  readonly isDouble: boolean;
  /** Host functions of the f64 mode. */
  readonly host: ReadonlyMap<PortableFunction, Callable>;
  /** Imported, (what): the host empties the spike record (DRAIN.spikes) or the sample buffers (DRAIN.samples). */
  readonly drain: Callable;
  readonly threads: ThreadCode;
  /** Work that the host may ask for, on all threads: see `share` of the module. Numbered by their place here. */
  readonly jobs: Job[];
  /** What the host must ask for before the first step: projections to be built. */
  readonly builds: BuildJob[];
  /** Functions that make rows of synapses. */
  readonly rows: RowFunctions;
  readonly scalarPhilox: WasmFunction;
  /** (0, step, neuron): reports a state variable that is not finite. */
  readonly fault: WasmFunction;
  /** (input code, step, neuron): reports an amount that was too large. */
  readonly overflow: WasmFunction;
}

/** Which neurons a piece of an update function is about. */
export class Position {
  /** Local: byte offset of the neurons in a variable. */
  readonly cursor: number;
  readonly #isDouble: boolean;
  readonly #origin: number;

  /** `origin`: local with the byte offset of the population's first neuron. */
  constructor(isDouble: boolean, cursor: number, origin: number) {
    this.#isDouble = isDouble;
    this.cursor = cursor;
    this.#origin = origin;
  }

  /** Pushes the number, in its population, of the first of the neurons. */
  pushNeuron(code: Code): Code {
    code.get(this.cursor).get(this.#origin).op('i32.sub');
    return code.i32(this.#isDouble ? 3 : 2).op('i32.shr_u');
  }
}

/** What generated code asks the host to empty. */
export const DRAIN = { spikes: 0, samples: 1 } as const;

/** The host functions that the f64 mode may call, in the order of import. */
export const HOST_FUNCTIONS: readonly PortableFunction[] = [
  'exp',
  'log',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sinh',
  'cosh',
  'arcsin',
  'arccos',
  'arctan',
  'exprel',
  'expm1',
  'log1p',
  'pow',
  'normal_quantile',
];

export function createContext(plan: Plan, layout: Layout): Context {
  const module = new WasmModule();
  const isDouble = plan.precision === 'f64';
  const host = new Map<PortableFunction, Callable>();
  for (const name of isDouble ? HOST_FUNCTIONS : []) {
    const parameters: WasmType[] = name === 'pow' ? ['f64', 'f64'] : ['f64'];
    host.set(name, module.import(name, parameters, ['f64']));
  }
  const drain = module.import('drain', ['i32'], []);
  const threads = new ThreadCode(module, layout);
  return {
    plan,
    layout,
    module,
    isDouble,
    host,
    drain,
    threads,
    jobs: [],
    builds: [],
    rows: new RowFunctions(module),
    scalarPhilox: addScalarPhilox(module),
    fault: addReport(module, threads, 'fault', BLOCK.fault),
    overflow: addReport(module, threads, 'overflow', BLOCK.overflow),
  };
}

/**
 * Adds (code, step, neuron), which keeps, in the thread's block, the report with the smallest step, of those the lowest
 * neuron, of those the smallest code: which one does not depend on what came first.
 */
function addReport(
  module: WasmModule,
  threads: ThreadCode,
  name: string,
  offset: number,
): WasmFunction {
  const report = module.function(name, [
    ['code', 'i32'],
    ['step', 'i32'],
    ['neuron', 'i32'],
  ]);
  const { code } = report;
  const [number, step, neuron] = [0, 1, 2] as const;
  const known = (word: number): Code => threads.pushBlock(code).op('i32.load', offset + 4 * word);
  /** Pushes whether (local, ...rest) come before the known words, in that order. */
  const isBefore = ([local, word]: readonly [number, number], rest: () => void): void => {
    code.get(local);
    known(word).op('i32.lt_u').get(local);
    known(word).op('i32.eq');
    rest();
    code.op('i32.and').op('i32.or');
  };
  isBefore([step, 0], () =>
    isBefore([neuron, 1], () => {
      code.get(number);
      known(2).op('i32.lt_u');
    }),
  );
  code.if(() => {
    for (const [word, local] of [step, neuron, number].entries()) {
      threads
        .pushBlock(code)
        .get(local)
        .op('i32.store', offset + 4 * word);
    }
  });
  return report;
}

/** Pushes (value mod divisor) for a u32 local and a positive constant. */
export function remainder(code: Code, local: number, divisor: number): Code {
  if (divisor === 1) return code.i32(0);
  return code.get(local).i32(divisor).op('i32.rem_u');
}

/** Pushes the time in ms of the step in a local, as the engine's float: the step as a float, times dt. */
export function pushTime(code: Code, { isDouble, plan }: Context, step: number): Code {
  code.get(step);
  return isDouble
    ? code.op('f64.convert_i32_u').op('f64.const', plan.dtMs).op('f64.mul')
    : code.op('f32.convert_i32_u').op('f32.const', plan.dtMs).op('f32.mul');
}
