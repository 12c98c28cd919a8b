/** How a network is to be simulated: the options that people give, and their checks. Chooses nothing. */
import { describeValue, isPlainObject } from './language/argument.ts';
import { suggest } from './language/messages.ts';
import type { CompileOptions } from './plan/compile.ts';
import { checkProbes } from './plan/compile-options.ts';
import type { EngineChoice, EngineShape } from './plan/engine-memory.ts';
import type { NetworkEstimate } from './plan/estimate.ts';
import type { ProbeOptions } from './plan/probes.ts';
import type { SampleListener } from './recording/probes.ts';
import type { SpikeListener } from './recording/recorder.ts';

/** How to simulate; never what. All optional. */
export interface SimulationOptions {
  /**
   * - "gpu": WebGPU on whatever adapter there is; DeviceError "no-adapter" when there is none.
   * - "cpu": WebAssembly, on this thread and `threads` - 1 more.
   * - "auto" (default): "gpu" when there is a real one, else "cpu" with a warning that says so.
   */
  readonly engine?: 'auto' | 'gpu' | 'cpu';
  /** "f32" (default), or "f64": the CPU engine's oracle, scalar and slower. */
  readonly precision?: 'f32' | 'f64';
  /**
   * How synapses exist; results do not depend on it.
   * - "stored": in memory.
   * - "procedural": made again whenever a neuron spikes, where that is possible (ProjectionDocument says where); a warning
   *   names the others.
   * - "auto" (default): stored, but the largest projections procedural where all would take more than `synapseBytes`. What
   *   a projection says itself comes first.
   * - "host": stored, and made on this thread rather than by the engine; slower, for comparison.
   */
  readonly synapses?: 'auto' | 'stored' | 'procedural' | 'host';
  /** Memory that "auto" lets stored synapses take, in bytes; default 2^30. */
  readonly synapseBytes?: number;
  /**
   * Threads of the CPU engine, 1 to 64; results do not depend on it. Default: as many as the machine has, where the
   * network is large enough to gain by it and the page may share memory, else 1.
   */
  readonly threads?: number;
  /** How many of the machine's threads the default number of threads leaves alone, for a page or others; default 0. */
  readonly spareThreads?: number;
  /** WebGPU device to use; the caller keeps owning it. Without one the engine requests its own. */
  readonly device?: GPUDevice;
  /** Part of an adapter's name, to choose among several (Node only). */
  readonly adapter?: string;
  /** Threads per workgroup, a power of two up to 256; default 64. Results do not depend on it. */
  readonly workgroupSize?: number;
  /** Forbids contraction and inexact division on any GPU, so that all devices give the same bits; slower. Default false. */
  readonly strict?: boolean;
  /** Called once for each warning, also for those found later. */
  readonly onWarning?: (message: string) => void;
  /**
   * Called while the network is built, which takes seconds where it is large: with its size before anything is allocated,
   * when the synapses of a projection have been made, and before the engine allocates. What it throws ends the building.
   */
  readonly onBuild?: (progress: BuildProgress) => void;
  /**
   * Called with every batch of spikes (steps, global neuron numbers), in order, between batches of steps; the arrays are
   * yours. The run waits for a promise that it returns, and fails with its failure.
   */
  readonly onSpikes?: SpikeListener;
  /**
   * Whether to keep spikes for spikes(), allSpikes() and rate(); default true. False where onSpikes takes them: then
   * memory does not grow with the run, and summary() and spikeHash() still tell of every spike.
   */
  readonly keepSpikes?: boolean;
  /**
   * Whether onSpikes also gets spikes of populations that no recording asks for, for programs that show everything;
   * default false. They are in no other result: spikes(), summary() and spikeHash() are of recorded ones.
   */
  readonly watchSpikes?: boolean;
  /**
   * Populations some of whose neurons may be looked at while the network runs; setProbes of the simulation chooses which,
   * at any time. Costs nothing while no neuron is chosen, and never changes a spike. Default none.
   */
  readonly probes?: readonly ProbeOptions[];
  /**
   * Called with the samples of the neurons that probes look at, between batches of steps; nothing of them is kept. The
   * run waits for a promise that it returns, and fails with its failure.
   */
  readonly onSamples?: SampleListener;
}

/**
 * Where building a network stands, in this order:
 * - "estimate": everything is checked and counted, nothing large allocated yet;
 * - "synapses": `done` of `all` projections have their synapses, or will get them from the engine;
 * - "engine": code and memory of the engine come next, and the synapses that it makes itself.
 */
export type BuildProgress =
  | { readonly phase: 'estimate'; readonly estimate: NetworkEstimate }
  | { readonly phase: 'synapses'; readonly done: number; readonly all: number }
  | { readonly phase: 'engine' };

const OPTION_NAMES = [
  'engine',
  'precision',
  'synapses',
  'synapseBytes',
  'threads',
  'device',
  'adapter',
  'workgroupSize',
  'strict',
  'onWarning',
  'onBuild',
  'onSpikes',
  'keepSpikes',
  'watchSpikes',
  'spareThreads',
  'probes',
  'onSamples',
];

/** What of the options the plan needs; `choose` says what will run it, for the estimate of its memory. */
export function compileOptionsOf(
  { precision = 'f32', synapses, synapseBytes, onBuild, probes, watchSpikes }: SimulationOptions,
  choose: (shape: EngineShape) => EngineChoice = () => ({ engine: 'cpu', threads: 1 }),
): CompileOptions {
  return {
    precision,
    ...(onBuild && {
      onCounted: ({ shape, estimate }) =>
        onBuild({ phase: 'estimate', estimate: estimate(choose(shape)) }),
      onProgress: (done: number, all: number) => onBuild({ phase: 'synapses', done, all }),
    }),
    ...(synapses !== undefined && { synapses }),
    ...(synapseBytes !== undefined && { synapseBytes }),
    ...(probes !== undefined && { probes }),
    ...(watchSpikes !== undefined && { watchSpikes }),
  };
}

/** Throws RangeError for options that are none; `where` begins the messages, `more` names options of the caller's own. */
export function checkSimulationOptions(
  options: SimulationOptions,
  where: string,
  more: readonly string[] = [],
): void {
  const names = [...OPTION_NAMES, ...more];
  const fail = (what: string, allowed: string, got: unknown): never => {
    throw new RangeError(`${where}: ${what} must be ${allowed}, got ${describeValue(got)}.`);
  };
  if (!isPlainObject(options)) fail('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const meant = suggest(name, names);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new RangeError(`${where}: unknown option "${name}".${hint} Known: ${names.join(', ')}.`);
  }
  const { engine = 'auto', precision = 'f32', workgroupSize = 64 } = options;
  if (!['auto', 'gpu', 'cpu'].includes(engine)) fail('engine', '"auto", "gpu" or "cpu"', engine);
  if (!['f32', 'f64'].includes(precision)) fail('precision', '"f32" or "f64"', precision);
  const isPower = Number.isInteger(workgroupSize) && (workgroupSize & (workgroupSize - 1)) === 0;
  if (!isPower || workgroupSize < 1 || workgroupSize > 256) {
    fail('workgroupSize', 'a power of two from 1 to 256', workgroupSize);
  }
  const { synapses = 'auto', synapseBytes = 0, threads = 1 } = options;
  if (!['auto', 'stored', 'procedural', 'host'].includes(synapses)) {
    fail('synapses', '"auto", "stored", "procedural" or "host"', synapses);
  }
  if (typeof synapseBytes !== 'number' || !(synapseBytes >= 0)) {
    fail('synapseBytes', 'a number from 0 on', synapseBytes);
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    fail('threads', 'a whole number from 1 to 64', threads);
  }
  const { spareThreads = 0 } = options;
  if (!Number.isInteger(spareThreads) || spareThreads < 0 || spareThreads > 64) {
    fail('spareThreads', 'a whole number from 0 to 64', spareThreads);
  }
  const { adapter, strict, keepSpikes, watchSpikes } = options;
  if (adapter !== undefined && typeof adapter !== 'string') fail('adapter', 'a text', adapter);
  for (const [name, flag] of Object.entries({ strict, keepSpikes, watchSpikes })) {
    if (flag !== undefined && typeof flag !== 'boolean') fail(name, 'true or false', flag);
  }
  if (options.probes !== undefined) checkProbes(options.probes, fail);
  const { onWarning, onBuild, onSpikes, onSamples, device } = options;
  for (const [name, callback] of Object.entries({ onWarning, onBuild, onSpikes, onSamples })) {
    if (callback !== undefined && typeof callback !== 'function')
      fail(name, 'a function', callback);
  }
  if (device !== undefined && typeof device?.createBuffer !== 'function') {
    fail('device', 'a GPUDevice', device);
  }
  if (precision === 'f64' && engine === 'gpu') {
    throw new RangeError(
      `${where}: GPUs compute in f32; precision "f64" is the CPU engine's. Use engine "cpu".`,
    );
  }
}
