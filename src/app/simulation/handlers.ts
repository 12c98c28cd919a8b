/** Answers to the calls of the page, over the one network of this worker. What each part does is in its own file. */

import { examples } from '../../examples/index.ts';
import { createSimulation, NetworkError, type Simulation } from '../../index.ts';
import type { Handlers } from '../rpc.ts';
import { keepArray, readArray } from '../state/array-store.ts';
import { attach, detach } from '../state/arrays.ts';
import { describeNetwork, type Texts } from './describe.ts';
import { createLastSpikes, type LastSpikes } from './last-spikes.ts';
import type { NetworkInfo, SimulationCalls, SimulationEvents, StartRequest } from './protocol.ts';
import { createCanvasRaster } from './raster/canvas-raster.ts';
import type { LiveRaster } from './raster/raster.ts';
import { createRunLoop, type RunLoop } from './run-loop.ts';
import { createSpikeLog } from './spike-log.ts';

export type Emit = <K extends keyof SimulationEvents & string>(
  name: K,
  data: SimulationEvents[K],
  transfer?: readonly Transferable[],
) => void;

export function createHandlers(emit: Emit): Handlers<SimulationCalls> {
  let simulation: Simulation | null = null;
  let loop: RunLoop | null = null;
  let raster: LiveRaster | null = null;
  const log = createSpikeLog(10_000_000);
  let lastSpikes: LastSpikes | null = null;
  const built = (): Simulation => {
    if (!simulation) throw new Error('internal: no network was built.');
    return simulation;
  };

  async function start(request: StartRequest): Promise<NetworkInfo> {
    const { document, texts } = await documentOf(request);
    const whole = request.document === null ? document : await attach(document, readArray);
    let arrived: { steps: Uint32Array; neurons: Uint32Array }[] = [];
    simulation = await createSimulation(whole, {
      engine: request.engine,
      keepSpikes: false,
      onSpikes: (steps, neurons) => {
        arrived.push({ steps, neurons });
      },
      onWarning: (message) => emit('warning', { message }),
    });
    lastSpikes = createLastSpikes(simulation.summary().neurons);
    loop = createRunLoop({
      simulation,
      emit,
      takeSpikes() {
        const taken = arrived;
        arrived = [];
        for (const { steps, neurons } of taken) {
          log.add(steps, neurons);
          lastSpikes?.add(steps, neurons);
          raster?.add(steps, neurons);
        }
        return taken;
      },
      draw() {
        if (!raster) return;
        const began = performance.now();
        const shown = raster.draw(built().step);
        emit('drawn', { ...shown, frameMs: performance.now() - began });
      },
    });
    if (request.fromStep) await loop.catchUp(request.fromStep);
    const kept =
      request.document === null ? await detach(simulation.document, keepArray) : document;
    return describeNetwork(simulation, kept, texts);
  }

  async function documentOf({
    source,
    document,
  }: StartRequest): Promise<{ document: NetworkInfo['document']; texts: Texts }> {
    if (source.kind === 'document') {
      if (document === null) throw new Error('internal: a project without a document.');
      return { document, texts: { title: document.name, citation: '', note: source.origin } };
    }
    const example = Object.hasOwn(examples, source.name) ? examples[source.name] : undefined;
    if (!example) {
      throw new NetworkError(
        `There is no example "${source.name}". Known: ${Object.keys(examples).join(', ')}.`,
        { path: 'example', value: source.name },
      );
    }
    const { title, citation, note } = example;
    emit('building', { message: `Building ${title}`, fraction: null });
    return {
      document: document ?? example.build(source.values, { seed: source.seed }),
      texts: { title, citation, note },
    };
  }

  const missing = (): never => {
    throw new Error('internal: not answered yet.');
  };
  return {
    start,
    attachRaster(canvas, view) {
      raster?.destroy();
      raster = createCanvasRaster(canvas, view, built().dtMs);
      const kept = log.read();
      raster.add(kept.steps, kept.neurons);
      loop?.redraw();
    },
    setRaster(view) {
      raster?.setView(view);
      const kept = log.read();
      raster?.add(kept.steps, kept.neurons);
      loop?.redraw();
    },
    play: (options) => loop?.play(options),
    pause: () => loop?.pause(),
    setParameter: (owner, name, value) => built().setParameter(owner, name, value),
    setValues: (owner, variable, value) => built().set(owner, variable, value),
    setProbes: () => undefined,
    values: (owner, variable, unit) => built().get(owner, variable, unit),
    positions: missing,
    activity(since) {
      if (!lastSpikes) throw new Error('internal: no network was built.');
      return lastSpikes.read(since, built().step);
    },
    statistics: missing,
    responders: missing,
    spikes: ({ from, to }) => {
      const { steps, neurons, dropped } = log.read();
      const inside = [...steps.keys()].filter(
        (k) => (steps[k] as number) >= from && (steps[k] as number) < to,
      );
      return {
        steps: Uint32Array.from(inside, (k) => steps[k] as number),
        neurons: Uint32Array.from(inside, (k) => neurons[k] as number),
        dropped,
      };
    },
    trace: (recording) => built().state(recording),
    connectivity: missing,
    synapseHistogram: missing,
    summary: () => built().summary(),
    spikeHash: () => built().spikeHash(),
    checkpoint: missing,
  };
}
