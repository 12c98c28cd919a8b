/** Which engine runs a plan: what people asked for, or what there is. The engines are loaded only when chosen. */
import type { CreateEngine, Engine, EngineOptions, RecordingSink } from './engine.ts';
import { DeviceError } from './errors.ts';
import type { EngineShape } from './plan/engine-memory.ts';
import type { Plan } from './plan/plan.ts';
import type { SimulationOptions } from './simulation-options.ts';

/** "gpu-else-cpu": the CPU where the GPU turns out to be too small. */
export type EngineChoice = 'gpu' | 'cpu' | 'gpu-else-cpu';

/** What "auto" means here; says in a warning why it is not a GPU. */
export async function chooseEngine(
  options: SimulationOptions,
  warnings: string[],
): Promise<EngineChoice> {
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

/** Tells what will run a network of a shape, for the estimate of its memory. */
export async function engineFor(
  choice: EngineChoice,
  { threads, spareThreads }: SimulationOptions,
): Promise<(shape: EngineShape) => { engine: 'cpu' | 'gpu'; threads: number }> {
  if (choice !== 'cpu') return () => ({ engine: 'gpu', threads: 1 });
  const { chooseThreads } = await import('./cpu/threads.ts');
  return (shape) => ({ engine: 'cpu', threads: chooseThreads(shape, threads, spareThreads).count });
}

/** With "gpu-else-cpu", a network that the GPU is too small for runs on the CPU, and `fallback` says why. */
export async function createEngine(
  choice: EngineChoice,
  options: SimulationOptions,
  plan: Plan,
  sink: RecordingSink,
): Promise<{ engine: Engine; fallback: string | null }> {
  const engineOptions = engineOptionsOf(options);
  if (choice === 'cpu') {
    return { engine: await (await cpuEngine())(plan, sink, engineOptions), fallback: null };
  }
  const { createGpuEngine } = await import('./gpu/engine.ts');
  try {
    return { engine: await createGpuEngine(plan, sink, engineOptions), fallback: null };
  } catch (error) {
    if (choice === 'gpu' || !(error instanceof DeviceError)) throw error;
    const engine = await (await cpuEngine())(plan, sink, engineOptions);
    return { engine, fallback: `Running on the CPU engine instead of the GPU: ${error.message}` };
  }
}

async function cpuEngine(): Promise<CreateEngine> {
  return (await import('./cpu/engine.ts')).createCpuEngine;
}

function engineOptionsOf(options: SimulationOptions): EngineOptions {
  const { device, adapter, workgroupSize, strict, threads, spareThreads } = options;
  return {
    ...(device && { device }),
    ...(adapter !== undefined && { adapter }),
    ...(workgroupSize !== undefined && { workgroupSize }),
    ...(strict !== undefined && { strict }),
    ...(threads !== undefined && { threads }),
    ...(spareThreads !== undefined && { spareThreads }),
  };
}
