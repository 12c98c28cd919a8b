/**
 * The network of a simulation worker while it lives: runs it, keeps its last spikes, draws its raster, tells the page
 * what pieces of the run brought. Answers no calls itself; handlers.ts does.
 */
import type { NetworkDocument, Simulation } from '../../index.ts';
import type { Probe } from '../state/project.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { runFailure } from './failures.ts';
import type { Emit } from './handlers.ts';
import { createLastSpikes } from './last-spikes.ts';
import { createProbeFeed, type ProbeFeed } from './probe-feed.ts';
import { chooseProbes, globalNumbers } from './probes.ts';
import { createProgress } from './progress.ts';
import { RATE_BIN_MS, type RasterView } from './protocol.ts';
import { createRasterHost } from './raster/host.ts';
import { requestRasterGpu } from './raster/request-gpu.ts';
import { createRateBins } from './rates.ts';
import { createRunLoop, createYield, type RunLoop } from './run-loop.ts';
import { createSilenceWatch, type SilenceWatch } from './silence.ts';
import { createSpikeLog, type SpikeLog, type SpikeSlice } from './spike-log.ts';

/** Spikes that are kept for statistics and pictures; 80 MB. */
const KEPT_SPIKES = 10_000_000;
/** Steps between two messages while a run catches up, as wall time. */
const CATCH_UP_MS = 100;

export interface RunningNetwork {
  readonly simulation: Simulation;
  readonly log: SpikeLog;
  /** Steps whose spikes are in the log; while a piece runs the simulation is ahead. */
  readonly loggedStep: number;
  readonly lastSpikes: ReturnType<typeof createLastSpikes>;
  readonly probes: ProbeFeed;
  readonly loop: RunLoop;
  readonly silence: SilenceWatch;
  readonly checkpoints: Checkpoints;
  attachRaster(canvas: OffscreenCanvas, view: RasterView): Promise<void>;
  setRaster(view: RasterView): void;
  /** The page has shown what it was told. */
  ready(): void;
  /** Whose state and spikes to tell; without any, a few of the first population. */
  setProbes(probes: readonly Probe[]): Promise<void>;
  /** Runs up to a step without showing it. */
  catchUp(step: number): Promise<void>;
}

/** `document`: as the page keeps it. `takeSpikes`: what has arrived since the last call, in order. */
export function createRunningNetwork(
  simulation: Simulation,
  document: NetworkDocument,
  takeSpikes: () => readonly SpikeSlice[],
  emit: Emit,
): RunningNetwork {
  const { populations } = simulation;
  const { neurons, spikes } = simulation.summary();
  const log = createSpikeLog(KEPT_SPIKES, undefined, simulation.step);
  const lastSpikes = createLastSpikes(neurons);
  const probes = createProbeFeed(populations, (population) =>
    simulation.variables(population).map(({ name, unit, factor, flags, isStored }) => ({
      name,
      unit,
      factor,
      slow: flags.includes('slow'),
      stored: isStored,
    })),
  );
  const binSteps = Math.max(1, Math.round(RATE_BIN_MS / simulation.dtMs));
  const progress = createProgress({
    rates: createRateBins(populations, binSteps, { from: simulation.step }),
    probes,
    spikes,
    send: (told) => emit('progress', told, [told.rateCounts.buffer as ArrayBuffer]),
  });
  let loggedStep = simulation.step;
  /** Spikes let go that the page knows of. */
  let toldDropped = 0;
  const raster = createRasterHost({
    source: log,
    dtMs: simulation.dtMs,
    step: () => loggedStep,
    requestGpu: () => requestRasterGpu(simulation.engine),
    onDrawn: (drawn) => emit('drawn', drawn),
    onCanvasLost: (reason) => emit('canvasLost', { reason }),
  });

  const take = (): readonly SpikeSlice[] => {
    const taken = takeSpikes();
    for (const { steps, neurons: ids } of taken) {
      log.add(steps, ids);
      lastSpikes.add(steps, ids);
    }
    lastSpikes.reach(simulation.step);
    loggedStep = simulation.step;
    if (log.dropped > toldDropped) {
      toldDropped = log.dropped;
      emit('kept', { dropped: toldDropped, fromMs: log.keptFrom * simulation.dtMs });
    }
    return taken;
  };

  const checkpoints = createCheckpoints(simulation, document);
  const silence = createSilenceWatch(simulation, (report) => emit('silent', { report }));
  const loop = createRunLoop({
    simulation,
    async onPiece(steps, wallMs) {
      const taken = take();
      progress.add(steps, wallMs, taken);
      progress.tell(simulation.step);
      raster.frame();
      await silence.piece(taken);
      await checkpoints.piece();
    },
    onStop(error) {
      // What happened before an error did happen.
      if (error !== null) progress.add(0, 0, take());
      const failure =
        error === null ? null : runFailure(error, { simulation, checkpoint: checkpoints.last });
      if (failure?.reason !== 'lost') progress.tell(simulation.step, true);
      if (failure !== null) emit('failed', failure);
      else emit('stopped', { step: simulation.step });
    },
  });

  return {
    simulation,
    log,
    get loggedStep() {
      return loggedStep;
    },
    lastSpikes,
    probes,
    loop,
    silence,
    checkpoints,
    attachRaster: raster.attach,
    setRaster: raster.setView,
    ready: () => progress.ready(),
    async setProbes(wanted) {
      const chosen = chooseProbes(wanted, simulation);
      await simulation.setProbes(chosen);
      probes.watch(globalNumbers(chosen, populations));
    },
    async catchUp(step) {
      const yielding = createYield();
      const from = simulation.step;
      let piece = 1;
      while (simulation.step < step) {
        const began = performance.now();
        const steps = Math.min(piece, step - simulation.step);
        await simulation.runSteps(steps);
        // No steps, as it says nothing of the speed.
        progress.add(0, 0, take());
        const fraction = (simulation.step - from) / (step - from);
        emit('building', { message: `Catching up, ${Math.round(100 * fraction)} %`, fraction });
        const wallMs = performance.now() - began;
        piece = Math.max(1, Math.min(2 * piece, Math.round((steps * CATCH_UP_MS) / wallMs)));
        await yielding();
      }
    },
  };
}
