/** Simulations that a test file makes, destroyed after each of its tests. */
import { afterEach } from 'vitest';
import {
  createSimulation,
  type Network,
  type NetworkDocument,
  type Simulation,
  type SimulationOptions,
} from '../../src/index.ts';

const made: Simulation[] = [];
afterEach(() => {
  for (const simulation of made.splice(0)) simulation.destroy();
});

export async function create(
  network: Network | NetworkDocument,
  options: SimulationOptions,
): Promise<Simulation> {
  const simulation = await createSimulation(network, options);
  made.push(simulation);
  return simulation;
}
