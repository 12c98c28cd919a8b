/**
 * From a network to a simulation that can run: validates, compiles, chooses an engine, allocates. All or nothing: when
 * something fails, nothing is left allocated.
 */
import type { CreateEngine, Engine, EngineOptions } from './engine.ts';
import { DeviceError } from './errors.ts';
import { describeValue, isPlainObject } from './language/argument.ts';
import { suggest } from './language/messages.ts';
import type { NetworkDocument } from './network/document.ts';

import type { Network } from './network/network.ts';
import { validateDocument } from './network/validate.ts';
import { compileValid } from './plan/compile.ts';
import type { Plan } from './plan/plan.ts';
import { Recorder, type SpikeListener } from './recording/recorder.ts';
import { Simulation } from './simulation.ts';

/** How to simulate; never what. All optional. */
export interface SimulationOptions {
  /**
   * - "gpu": WebGPU on whatever adapter there is; DeviceError "no-adapter" when there is none.
   * - "cpu": WebAssembly on this thread.
   * - "auto" (default): "gpu" when there is a real one, else "cpu" with a warning that says so.
   */
  readonly engine?: 'auto' | 'gpu' | 'cpu';
  /** "f32" (default), or "f64": the CPU engine's oracle, scalar and slower. */
  readonly precision?: 'f32' | 'f64';
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
   * Called with every batch of spikes (steps, global neuron numbers), in order, between batches of steps; the arrays are
   * yours. The run waits for a promise that it returns, and fails with its failure.
   */
  readonly onSpikes?: SpikeListener;
  /**
   * Whether to keep spikes for spikes(), allSpikes() and rate(); default true. False where onSpikes takes them: then
   * memory does not grow with the run, and summary() and spikeHash() still tell of every spike.
   */
  readonly keepSpikes?: boolean;
}

const OPTION_NAMES = [
  'engine',
  'precision',
  'device',
  'adapter',
  'workgroupSize',
  'strict',
  'onWarning',
  'onSpikes',
  'keepSpikes',
];

/**
 * Creates a simulation of a network (the fluent object or a plain document). Resolves when everything is compiled and
 * allocated; `destroy()` the result when done. Throws NetworkError for a wrong description, DeviceError when the machine
 * cannot run it.
 */
export async function createSimulation(
  network: Network | NetworkDocument,
  options: SimulationOptions = {},
): Promise<Simulation> {
  checkOptions(options);
  const document = validateDocument(isFluent(network) ? network.document : network);
  const warnings: string[] = [];
  const kind = await chooseEngine(options, warnings);
  const began = performance.now();
  const compiled = compileValid(document, { precision: options.precision ?? 'f32' });
  const compiledAt = performance.now();
  const recorder = new Recorder(compiled.plan, options.keepSpikes ?? true, options.onSpikes);
  const { engine, fallback } = await createEngine(kind, options, compiled.plan, recorder);
  if (fallback !== null) warnings.push(fallback);
  return new Simulation({
    compiled,
    engine,
    recorder,
    warnings: [...compiled.plan.warnings, ...warnings],
    onWarning: options.onWarning,
    compileSeconds: (compiledAt - began) / 1000,
    buildSeconds: (performance.now() - compiledAt) / 1000,
  });
}

/** Told apart by shape, because a page may have loaded the library twice. */
function isFluent(network: Network | NetworkDocument): network is Network {
  return typeof network === 'object' && network !== null && 'document' in network;
}

function checkOptions(options: SimulationOptions): void {
  const fail = (what: string, allowed: string, got: unknown): never => {
    throw new RangeError(
      `createSimulation: ${what} must be ${allowed}, got ${describeValue(got)}.`,
    );
  };
  if (!isPlainObject(options)) fail('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (OPTION_NAMES.includes(name)) continue;
    const meant = suggest(name, OPTION_NAMES);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new RangeError(
      `createSimulation: unknown option "${name}".${hint} Known: ${OPTION_NAMES.join(', ')}.`,
    );
  }
  const { engine = 'auto', precision = 'f32', workgroupSize = 64 } = options;
  if (!['auto', 'gpu', 'cpu'].includes(engine)) fail('engine', '"auto", "gpu" or "cpu"', engine);
  if (!['f32', 'f64'].includes(precision)) fail('precision', '"f32" or "f64"', precision);
  const isPower = Number.isInteger(workgroupSize) && (workgroupSize & (workgroupSize - 1)) === 0;
  if (!isPower || workgroupSize < 1 || workgroupSize > 256) {
    fail('workgroupSize', 'a power of two from 1 to 256', workgroupSize);
  }
  const { adapter, strict, keepSpikes } = options;
  if (adapter !== undefined && typeof adapter !== 'string') fail('adapter', 'a text', adapter);
  for (const [name, flag] of Object.entries({ strict, keepSpikes })) {
    if (flag !== undefined && typeof flag !== 'boolean') fail(name, 'true or false', flag);
  }
  const { onWarning, onSpikes, device } = options;
  for (const [name, callback] of Object.entries({ onWarning, onSpikes })) {
    if (callback !== undefined && typeof callback !== 'function')
      fail(name, 'a function', callback);
  }
  if (device !== undefined && typeof device?.createBuffer !== 'function') {
    fail('device', 'a GPUDevice', device);
  }
  if (precision === 'f64' && engine === 'gpu') {
    throw new RangeError(
      'createSimulation: GPUs compute in f32; precision "f64" is the CPU engine\'s. Use engine "cpu".',
    );
  }
}

type Choice = 'gpu' | 'cpu' | 'gpu-else-cpu';

/** What "auto" means here; says in a warning why it is not a GPU. */
async function chooseEngine(options: SimulationOptions, warnings: string[]): Promise<Choice> {
  const { engine = 'auto', precision, device, adapter } = options;
  if (engine !== 'auto') return engine;
  if (precision === 'f64') return 'cpu';
  if (device) return 'gpu-else-cpu';
  const { describeAdapter } = await import('./gpu/device.ts');
  const found = await describeAdapter(adapter === undefined ? {} : { adapter });
  if (found && !found.description.isFallback) return 'gpu-else-cpu';
  warnings.push(
    found
      ? `The only graphics adapter is software (${found.description.description || found.description.vendor}); running on the CPU engine, which is faster.`
      : 'There is no WebGPU here; running on the CPU engine.',
  );
  return 'cpu';
}

/** With "gpu-else-cpu", a network that the GPU is too small for runs on the CPU, and `fallback` says why. */
async function createEngine(
  choice: Choice,
  options: SimulationOptions,
  plan: Plan,
  recorder: Recorder,
): Promise<{ engine: Engine; fallback: string | null }> {
  const engineOptions = engineOptionsOf(options);
  if (choice === 'cpu') {
    return { engine: await (await cpuEngine())(plan, recorder, engineOptions), fallback: null };
  }
  const { createGpuEngine } = await import('./gpu/engine.ts');
  try {
    return { engine: await createGpuEngine(plan, recorder, engineOptions), fallback: null };
  } catch (error) {
    if (choice === 'gpu' || !(error instanceof DeviceError)) throw error;
    const engine = await (await cpuEngine())(plan, recorder, engineOptions);
    return { engine, fallback: `Running on the CPU engine instead of the GPU: ${error.message}` };
  }
}

async function cpuEngine(): Promise<CreateEngine> {
  return (await import('./cpu/engine.ts')).createCpuEngine;
}

function engineOptionsOf(options: SimulationOptions): EngineOptions {
  const { device, adapter, workgroupSize, strict } = options;
  return {
    ...(device && { device }),
    ...(adapter !== undefined && { adapter }),
    ...(workgroupSize !== undefined && { workgroupSize }),
    ...(strict !== undefined && { strict }),
  };
}
