/**
 * From a network to a simulation that can run: validates, compiles, chooses an engine, allocates. All or nothing: when
 * something fails, nothing is left allocated.
 */
import { chooseEngine, createEngine, engineFor } from './choose-engine.ts';
import type { NetworkDocument } from './network/document.ts';
import type { Network } from './network/network.ts';
import { validateDocument } from './network/validate.ts';
import { compileValid } from './plan/compile.ts';
import { Recorder } from './recording/recorder.ts';
import { Simulation } from './simulation.ts';
import {
  checkSimulationOptions,
  compileOptionsOf,
  type SimulationOptions,
} from './simulation-options.ts';

export type { BuildProgress, SimulationOptions } from './simulation-options.ts';

/**
 * Creates a simulation of a network (the fluent object or a plain document). Resolves when everything is compiled and
 * allocated; `destroy()` the result when done. Throws NetworkError for a wrong description, DeviceError when the machine
 * cannot run it.
 */
export async function createSimulation(
  network: Network | NetworkDocument,
  options: SimulationOptions = {},
): Promise<Simulation> {
  checkSimulationOptions(options, 'createSimulation');
  const document = documentOf(network);
  const warnings: string[] = [];
  const kind = await chooseEngine(options, warnings);
  const began = performance.now();
  const compiled = compileValid(
    document,
    compileOptionsOf(options, await engineFor(kind, options)),
  );
  const compiledAt = performance.now();
  options.onBuild?.({ phase: 'engine' });
  const { keepSpikes, onSpikes, onSamples } = options;
  const { probes } = compiled;
  const recorded = new Set(
    compiled.recordings.filter(({ kind }) => kind !== 'state').map(({ population }) => population),
  );
  const recorder = new Recorder(compiled.plan, {
    keepSpikes,
    onSpikes,
    probes,
    onSamples,
    recorded,
  });
  const { engine, fallback } = await createEngine(kind, options, compiled.plan, recorder);
  compiled.release();
  if (fallback !== null) warnings.push(fallback);
  return new Simulation({
    compiled,
    engine,
    recorder,
    warnings: [...compiled.plan.warnings, ...warnings, ...(engine.warnings ?? [])],
    onWarning: options.onWarning,
    compileSeconds: (compiledAt - began) / 1000,
    buildSeconds: (performance.now() - compiledAt) / 1000,
  });
}

/** The valid document of a network, however it is given. */
export function documentOf(network: Network | NetworkDocument): NetworkDocument {
  return validateDocument(isFluent(network) ? network.document : network);
}

/** Told apart by shape, because a page may have loaded the library twice. */
function isFluent(network: Network | NetworkDocument): network is Network {
  return typeof network === 'object' && network !== null && 'document' in network;
}
