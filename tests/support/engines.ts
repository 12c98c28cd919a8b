/**
 * The engines that physics tests run on, through the public API: the CPU engine's f64 oracle, the CPU engine in f32, and
 * the GPU engine where there is a device (see gpu.ts for what happens where there is none).
 */
import {
  createSimulation,
  type Network,
  type NetworkDocument,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';
import { gpu } from './gpu.ts';

export interface EngineCase {
  readonly name: string;
  readonly options: SimulationOptions;
  /** Whether it computes in f64. */
  readonly isDouble: boolean;
}

const cpu64: EngineCase = {
  name: 'CPU f64',
  options: { engine: 'cpu', precision: 'f64' },
  isDouble: true,
};
const cpu32: EngineCase = { name: 'CPU f32', options: { engine: 'cpu' }, isDouble: false };
const gpu32: EngineCase[] =
  gpu === null
    ? []
    : [{ name: 'GPU f32', options: { engine: 'gpu', device: gpu.device }, isDouble: false }];

/** For describe.each / it.each. */
export const engines: readonly EngineCase[] = [cpu64, cpu32, ...gpu32];

/** The two f32 engines, for cases where the oracle adds nothing. */
export const singleEngines: readonly EngineCase[] = [cpu32, ...gpu32];

/** Runs a network for some milliseconds, hands the finished simulation to `look`, and frees it. */
export async function simulate<T>(
  network: Network | NetworkDocument,
  engine: EngineCase,
  durationMs: number,
  look: (simulation: Simulation) => T | Promise<T>,
): Promise<T> {
  const simulation = await createSimulation(network, engine.options);
  try {
    await simulation.run(`${durationMs} ms`);
    return await look(simulation);
  } finally {
    simulation.destroy();
  }
}

/** Spike steps of each of `count` neurons of a recording. */
export function stepsByNeuron(
  simulation: Simulation,
  count: number,
  recording?: string,
): number[][] {
  const { steps, neurons } = simulation.spikes(recording);
  const trains: number[][] = Array.from({ length: count }, () => []);
  for (const [k, neuron] of neurons.entries()) trains[neuron]?.push(steps[k] ?? 0);
  return trains;
}

/** A recorded variable of one neuron: its samples in internal units. */
export function samples(simulation: Simulation, variable: string, neuron = 0): Float64Array {
  const { values, timesMs } = simulation.state();
  const all = values[variable];
  if (all === undefined) throw new Error(`${variable} was not recorded`);
  return all.subarray(neuron * timesMs.length, (neuron + 1) * timesMs.length);
}
