/**
 * Runs a simulation in pieces short enough that a pause and the picture follow at once, at the pace that was asked for,
 * and tells the page what each brought. Draws no faster than the screen.
 */
import type { Simulation } from '../../index.ts';
import { failureOf } from '../state/session.ts';
import type { Emit } from './handlers.ts';
import { type Failure, RATE_BIN_MS } from './protocol.ts';

/** Wall time of one piece. */
const PIECE_MS = 24;

interface Spikes {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

export interface RunLoop {
  play(options: { readonly pace: 'fast' | number; readonly steps?: number }): void;
  pause(): void;
  redraw(): void;
  /** Runs up to a step without showing it. */
  catchUp(step: number): Promise<void>;
}

interface Parts {
  readonly simulation: Simulation;
  readonly emit: Emit;
  takeSpikes(): readonly Spikes[];
  draw(): void;
}

export function createRunLoop({ simulation, emit, takeSpikes, draw }: Parts): RunLoop {
  let playing = false;
  let pace: 'fast' | number = 'fast';
  let left = Number.POSITIVE_INFINITY;
  let pieceSteps = 1;
  let spikes = 0;
  let paceFrom = { wallMs: 0, step: 0 };
  const rates = createRateBins(simulation);

  async function piece(): Promise<void> {
    const steps = Math.min(pieceSteps, left);
    const began = performance.now();
    const from = simulation.step;
    await simulation.runSteps(steps);
    const wallMs = performance.now() - began;
    left -= steps;
    // Aim at PIECE_MS, growing slowly and shrinking at once.
    pieceSteps = Math.max(
      1,
      Math.round(Math.min(pieceSteps * 2, (steps * PIECE_MS) / Math.max(0.2, wallMs))),
    );
    const taken = takeSpikes();
    for (const { steps: times } of taken) spikes += times.length;
    emit('progress', {
      step: simulation.step,
      steps: simulation.step - from,
      wallMs,
      spikes,
      ...rates.take(taken, simulation.step),
      probes: [],
      probeSpikes: { steps: new Uint32Array(0), neurons: new Uint32Array(0) },
    });
    draw();
  }

  /** Waits until simulated time may go on, at a pace that is a factor of real time. */
  async function keepPace(): Promise<void> {
    const aheadMs =
      pace === 'fast'
        ? 0
        : ((simulation.step - paceFrom.step) * simulation.dtMs) / pace -
          (performance.now() - paceFrom.wallMs);
    // Lets messages in between pieces, also when there is nothing to wait for.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(50, aheadMs))));
  }

  async function run(): Promise<void> {
    try {
      while (playing && left > 0) {
        if (pace !== 'fast') {
          const dueMs = (performance.now() - paceFrom.wallMs) * pace;
          const due = Math.floor(dueMs / simulation.dtMs) - (simulation.step - paceFrom.step);
          if (due < 1) {
            await keepPace();
            continue;
          }
          pieceSteps = Math.min(pieceSteps, due);
        }
        await piece();
        await keepPace();
      }
    } catch (error) {
      playing = false;
      emit('failed', { ...failureOf(error), step: simulation.step } satisfies Failure);
      return;
    }
    playing = false;
    emit('stopped', { step: simulation.step });
  }

  return {
    play(options) {
      pace = options.pace;
      left = options.steps ?? Number.POSITIVE_INFINITY;
      if (options.steps !== undefined) pieceSteps = Math.min(pieceSteps, options.steps);
      paceFrom = { wallMs: performance.now(), step: simulation.step };
      if (playing) return;
      playing = true;
      void run();
    },
    pause() {
      playing = false;
    },
    redraw: draw,
    async catchUp(step) {
      await simulation.runSteps(step - simulation.step, {
        onProgress: ({ fraction }) =>
          emit('building', {
            message: `Catching up, ${Math.round(fraction * 100)} %`,
            fraction,
          }),
      });
      takeSpikes();
    },
  };
}

/** Counts spikes of populations into bins; keeps the newest bin, which is still filling. */
function createRateBins(simulation: Simulation) {
  const { populations } = simulation;
  const count = populations.length;
  const stepsPerBin = Math.max(1, Math.round(RATE_BIN_MS / simulation.dtMs));
  const neurons = populations.reduce((most, { first, size }) => Math.max(most, first + size), 0);
  const populationOf = new Uint16Array(neurons);
  populations.forEach(({ first, size }, index) => {
    populationOf.fill(index, first, first + size);
  });
  let firstBin = 0;
  let open = new Uint32Array(count);
  return {
    take(taken: readonly Spikes[], step: number): { firstBin: number; rateCounts: Uint32Array } {
      const lastBin = Math.floor(step / stepsPerBin);
      const rateCounts = new Uint32Array((lastBin - firstBin + 1) * count);
      rateCounts.set(open);
      for (const { steps, neurons: ids } of taken) {
        for (let k = 0; k < steps.length; k++) {
          const bin = Math.floor((steps[k] as number) / stepsPerBin) - firstBin;
          const place = bin * count + (populationOf[ids[k] as number] as number);
          rateCounts[place] = (rateCounts[place] as number) + 1;
        }
      }
      open = rateCounts.slice(rateCounts.length - count);
      const began = firstBin;
      firstBin = lastBin;
      return { firstBin: began, rateCounts };
    },
  };
}
