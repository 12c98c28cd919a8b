/** Answers to the calls of the page, over the one network of this worker. What each part does is in its own file. */
import { NetworkError } from '../../index.ts';
import type { Handlers } from '../rpc.ts';
import { type Built, buildNetwork } from './build.ts';
import { checkpointData } from './checkpoints.ts';
import { describeNetwork } from './describe.ts';
import { createRunningNetwork, type RunningNetwork } from './network.ts';
import type {
  NetworkInfo,
  SimulationCalls,
  SimulationEvents,
  StartRequest,
  StepRange,
} from './protocol.ts';
import type { SpikeSlice } from './spike-log.ts';
import { populationStatistics, respondersOf, type StatisticsInput } from './statistics.ts';
import { connectivityOf, synapseHistogramOf } from './synapses.ts';

export type Emit = <K extends keyof SimulationEvents & string>(
  name: K,
  data: SimulationEvents[K],
  transfer?: readonly Transferable[],
) => void;

export function createHandlers(emit: Emit): Handlers<SimulationCalls> {
  let running: RunningNetwork | null = null;
  const network = (): RunningNetwork => {
    if (!running) throw new Error('internal: no network was built.');
    return running;
  };

  async function start(request: StartRequest): Promise<NetworkInfo> {
    let arrived: SpikeSlice[] = [];
    const takeSpikes = (): SpikeSlice[] => {
      const taken = arrived;
      arrived = [];
      return taken;
    };
    const built = await buildNetwork(
      request,
      {
        onSpikes: (steps, neurons) => void arrived.push({ steps, neurons }),
        onSamples: (samples) => running?.probes.samples(samples),
        onWarning: (message) => emit('warning', { message }),
      },
      (progress) => emit('building', progress),
    );
    const resumed = await resume(built, request);
    const { simulation, document } = built;
    running = createRunningNetwork(simulation, document, takeSpikes, emit);
    await running.setProbes(request.probes);
    // What cannot be taken up is run again: the same network gives the same run.
    const step = resumed ? 0 : (request.checkpoint?.step ?? request.fromStep ?? 0);
    await running.catchUp(step);
    return describeNetwork(simulation, request.document ?? document, built.texts);
  }

  /** Goes on from the checkpoint of a request, where it has one that fits. */
  async function resume({ simulation }: Built, { checkpoint }: StartRequest): Promise<boolean> {
    const data = checkpointData(checkpoint);
    if (data === null) return false;
    try {
      await simulation.resume(data.state);
      return true;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return false;
    }
  }

  /** Kept spikes of a range, as far as it has been simulated. */
  function spikesOf(range: StepRange): StatisticsInput {
    const { simulation, log, loggedStep } = network();
    const from = Math.max(0, range.from, log.keptFrom);
    const to = Math.max(from, Math.min(range.to, loggedStep));
    const { populations, dtMs } = simulation;
    return { populations, dtMs, range: { from, to }, spikes: log.slices(from, to) };
  }

  /** Which synapses there are does not change while a network lives: they are counted once. */
  const counted = new Map<string, Promise<Float64Array>>();
  const once = (key: string, count: () => Promise<Float64Array>): Promise<Float64Array> => {
    const known = counted.get(key) ?? count();
    counted.set(key, known);
    known.catch(() => counted.delete(key));
    return known;
  };
  return {
    start,
    attachRaster: (canvas, view) => network().attachRaster(canvas, view),
    setRaster: (view) => network().setRaster(view),
    play: (options) => network().loop.play(options),
    pause: () => network().loop.pause(),
    ready: () => network().ready(),
    setVisible(isVisible, inBackground) {
      const { loop } = network();
      const isSuspended = !isVisible && !inBackground;
      if (loop.suspend(isSuspended)) emit('suspended', { isSuspended });
    },
    async setParameter(owner, name, value) {
      await network().simulation.setParameter(owner, name, value);
      network().silence.restart();
    },
    async setValues(owner, variable, value) {
      await network().simulation.set(owner, variable, value);
      network().silence.restart();
    },
    setProbes: (probes) => network().setProbes(probes),
    values: (owner, variable, unit) =>
      network().simulation.get(owner, variable, unit === '' ? undefined : unit),
    positions(population) {
      const positions = network().simulation.positions(population);
      if (positions !== null) return positions;
      throw new NetworkError(`Population "${population}" has no positions.`, {
        path: `population "${population}"`,
      });
    },
    activity: (since) => network().lastSpikes.read(since, network().simulation.step),
    statistics: ({ range, neurons }) =>
      populationStatistics({ ...spikesOf(range), ...(neurons && { neurons }) }),
    responders: (range, most) => respondersOf(spikesOf(range), most),
    spikes({ from, to }) {
      const { log } = network();
      return { ...log.copy(from, to), dropped: log.dropped };
    },
    trace: (recording) => network().simulation.state(recording),
    connectivity: (projection, bins) =>
      once(`${bins} ${projection}`, () =>
        connectivityOf(network().simulation, projection, bins),
      ).then((counts) => counts.slice()),
    synapseHistogram: (projection, variable, bins) =>
      synapseHistogramOf(network().simulation, projection, variable, bins),
    summary: () => network().simulation.summary(),
    spikeHash: () => network().simulation.spikeHash(),
    checkpoint: () => network().checkpoints.take(),
  };
}
