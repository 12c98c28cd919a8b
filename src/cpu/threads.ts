/**
 * The threads of the CPU engine: how many there are, starting and ending them, in Node (`worker_threads`) and in a
 * browser (Web Workers, where the page is cross-origin isolated). What they do is in the generated code, see
 * threads-code.ts.
 */
import type { Value } from '../language/kernel.ts';
import { visitValues } from '../language/wasm/walk.ts';
import type { Plan, UpdateKernel } from '../plan/plan.ts';
import { GATE, type Layout } from './layout.ts';
import { type ThreadNumbers, threadNumbers } from './threads-code.ts';

const MOST_THREADS = 64;
/** By default no more than that: a thread more takes a copy of the ring of inputs more. */
const MOST_BY_DEFAULT = 16;
/** By default every thread has as much to do in a window, in nanoseconds; two meetings cost a tenth of it. */
const LEAST_NS = 8000;
/**
 * Nanoseconds of one operation on one neuron (CUBA of 40,000 neurons: 27 µs a step, COBAHH of 4,000: 60), and of what
 * stands for many.
 */
const OPERATION_NS = 0.03;
const OPERATIONS: Partial<Record<Value['op'], number>> = { call: 40, draw: 60, binomial: 40 };
/** Nanoseconds of a step for one synapse, at some 10 spikes a second and steps of 0.1 ms. */
const SYNAPSE_NS = 0.001;
/** How long a worker may take to start. */
const START_MS = 20_000;

/** What the script of a thread is given. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly numbers: ThreadNumbers;
  /** Address of a word that the thread sets to 1 when it fails. */
  readonly broken: number;
}

/** The parts of both kinds of worker that are needed here. */
interface AnyWorker {
  postMessage(message: unknown, transfer: readonly MessagePort[]): void;
  terminate(): unknown;
  // In Node:
  unref?(): void;
  on?(event: 'error', listener: (error: unknown) => void): void;
  // In a browser:
  onerror?: (event: ErrorEvent) => void;
}

/** No worker could be started. Never leaves this folder. */
export class WorkersError extends Error {}

/** Node's own modules, where this is Node. No import, so that bundlers for pages find nothing. */
function builtin<Name extends 'node:worker_threads' | 'node:os'>(name: Name) {
  return typeof process === 'undefined' ? undefined : process.getBuiltinModule?.(name);
}

/** What of a plan decides how many threads are worth while; known before there is a plan. */
type Work = Pick<Plan, 'precision' | 'synapseCount' | 'windowSteps'> & {
  readonly update: readonly Pick<UpdateKernel, 'count' | 'begin' | 'advance' | 'late'>[];
};

/**
 * How many threads run a plan: as many as were wanted (1…64), where that is possible; by default as many as the machine
 * has but for `spare`, or fewer where the network is too small to gain by them. Warnings say why there are fewer than were wanted.
 */
export function chooseThreads(
  plan: Work,
  wanted: number | undefined,
  spare = 0,
): { readonly count: number; readonly warnings: readonly string[] } {
  const isValid = Number.isInteger(wanted) && (wanted ?? 0) >= 1 && (wanted ?? 0) <= MOST_THREADS;
  if (wanted !== undefined && !isValid) {
    throw new RangeError(
      `threads must be a whole number from 1 to ${MOST_THREADS}, got ${String(wanted)}.`,
    );
  }
  if (plan.precision === 'f64') {
    const isLess = wanted !== undefined && wanted > 1;
    return {
      count: 1,
      warnings: isLess ? [`Running on one thread, not ${wanted}: precision "f64" has one.`] : [],
    };
  }
  const count = wanted ?? defaultThreads(plan, spare);
  if (count === 1 || canShare()) return { count, warnings: [] };
  const reason =
    'this page is not cross-origin isolated, so that browsers allow it no shared memory. Serve it with the headers ' +
    'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp to use more.';
  return { count: 1, warnings: [`Running on one thread, not ${count}: ${reason}`] };
}

function defaultThreads(plan: Work, spare: number): number {
  const useful = Math.floor((stepNs(plan) * plan.windowSteps) / LEAST_NS);
  return Math.max(1, Math.min(useful, availableThreads() - spare, MOST_BY_DEFAULT));
}

/** Roughly how long one thread takes for a step. */
function stepNs(plan: Work): number {
  let ns = plan.synapseCount * SYNAPSE_NS;
  for (const { count, begin, advance, late } of plan.update) {
    let operations = 0;
    visitValues([...begin, ...advance, ...late], ({ op }) => {
      operations += OPERATIONS[op] ?? 1;
    });
    ns += count * operations * OPERATION_NS;
  }
  return ns;
}

function availableThreads(): number {
  const system = builtin('node:os');
  return system ? system.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** Whether memory may be shared between threads here. */
function canShare(): boolean {
  return builtin('node:worker_threads') !== undefined || globalThis.crossOriginIsolated === true;
}

/** Whether this thread may sleep: not when it draws a page. */
export function maySleep(): boolean {
  return builtin('node:worker_threads') !== undefined || typeof document === 'undefined';
}

/** The threads beside the one that asks for them. They sleep until the first one has something to do. */
export class Workers {
  readonly #workers: readonly AnyWorker[];

  private constructor(workers: readonly AnyWorker[]) {
    this.#workers = workers;
  }

  /** Resolves when all threads but the first are there. Throws WorkersError, with none left, when one does not come. */
  static async start(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    layout: Layout,
  ): Promise<Workers> {
    const workers: AnyWorker[] = [];
    const broken = layout.gate + GATE.broken;
    try {
      const started: Promise<void>[] = [];
      for (let thread = 1; thread < layout.threads; thread++) {
        const numbers = threadNumbers(layout, thread, true);
        started.push(startWorker({ module, memory, numbers, broken }, workers));
      }
      await Promise.all(started);
    } catch (error) {
      for (const worker of workers) worker.terminate();
      throw new WorkersError(error instanceof Error ? error.message : String(error));
    }
    // Only while they start do they keep a Node process alive.
    for (const worker of workers) worker.unref?.();
    return new Workers(workers);
  }

  /** Ends the threads, wherever they are. */
  end(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

/** What is common to the constructors of Node and of browsers. */
type WorkerConstructor = new (
  script: URL,
  options: { readonly type: 'module'; readonly execArgv: readonly string[] },
) => AnyWorker;

/** Starts one thread and enters it into a list; resolves when it is about to wait for commands. */
async function startWorker(start: ThreadStart, workers: AnyWorker[]): Promise<void> {
  // Each takes more options than it is given here, of types that have nothing in common.
  const Worker = (builtin('node:worker_threads')?.Worker ??
    globalThis.Worker) as unknown as WorkerConstructor;
  // Written like this, bundlers know that the script belongs to a worker. Node would pass on flags that it refuses there.
  const worker = new Worker(new URL('./threads-worker.js', import.meta.url), {
    type: 'module',
    execArgv: [],
  });
  workers.push(worker);
  const { port1: port, port2: theirs } = new MessageChannel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: unknown): void =>
        reject(new Error(`a worker failed: ${String(reason)}`));
      port.onmessage = ({ data }) => (data === null ? resolve() : fail(data));
      if (worker.on) worker.on('error', fail);
      else worker.onerror = (event) => fail(event.message || 'its script did not load');
      timer = setTimeout(() => fail('it did not start in time'), START_MS);
      worker.postMessage({ ...start, port: theirs }, [theirs]);
    });
  } finally {
    clearTimeout(timer);
    port.close();
  }
}
