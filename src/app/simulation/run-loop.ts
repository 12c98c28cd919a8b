/**
 * Runs a simulation in pieces short enough that a pause and the picture follow at once, at the pace that was asked for.
 * Says after every piece what it brought; who tells the page, and how often, is progress.ts.
 */
import type { Simulation } from '../../index.ts';

/** Wall time of one piece. */
const PIECE_MS = 24;
/** Simulated time of a piece at a pace, as wall time: about a frame. */
const FRAME_MS = 16;
/** Further behind its pace than this, a run no longer hurries: it goes on from where it is. */
const MOST_BEHIND_MS = 250;

export interface RunLoop {
  readonly isPlaying: boolean;
  /** `steps`: so many more; `until`: up to that step of the run. */
  play(options: {
    readonly pace: 'fast' | number;
    readonly steps?: number;
    readonly until?: number;
  }): void;
  pause(): void;
  /** A run that nobody sees waits, and goes on when it is seen again. Returns whether that is a change. */
  suspend(isSuspended: boolean): boolean;
}

export interface LoopParts {
  readonly simulation: Pick<Simulation, 'step' | 'dtMs' | 'runSteps'>;
  /** After every piece. `wallMs`: what its steps took. */
  onPiece(steps: number, wallMs: number): void | Promise<void>;
  /** The run has ended: paused, steps done, or failed with an error. */
  onStop(error: unknown): void;
}

export function createRunLoop({ simulation, onPiece, onStop }: LoopParts): RunLoop {
  const yielding = createYield();
  let playing = false;
  /** A loop is under way; after pause() it ends with its piece, unless play() comes first. */
  let looping = false;
  let suspended = false;
  let pace: 'fast' | number = 'fast';
  let left = Number.POSITIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  let pieceSteps = 1;
  let paceFrom = { wallMs: 0, step: 0 };
  /** Ends a wait early: something changed. */
  let wake = (): void => undefined;

  const restartPace = (): void => {
    paceFrom = { wallMs: performance.now(), step: simulation.step };
  };

  async function piece(most: number): Promise<void> {
    const steps = Math.min(pieceSteps, left, until - simulation.step, most);
    const began = performance.now();
    await simulation.runSteps(steps);
    const wallMs = performance.now() - began;
    left -= steps;
    // Aim at PIECE_MS, growing slowly and shrinking at once.
    const aim = (steps * PIECE_MS) / Math.max(0.2, wallMs);
    pieceSteps = Math.max(1, Math.round(Math.min(pieceSteps * 2, aim)));
    await onPiece(steps, wallMs);
  }

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Steps that may be done now; 0 when there is time to wait for, in `waitMs`. */
  function due(): { readonly steps: number; readonly waitMs: number } {
    if (pace === 'fast') return { steps: Number.POSITIVE_INFINITY, waitMs: 0 };
    const stepMs = simulation.dtMs / pace;
    const elapsed = performance.now() - paceFrom.wallMs;
    const steps = Math.floor(elapsed / stepMs) - (simulation.step - paceFrom.step);
    if (steps * stepMs > MOST_BEHIND_MS) {
      restartPace();
      return { steps: Math.max(1, Math.floor(FRAME_MS / stepMs)), waitMs: 0 };
    }
    const worth = Math.min(
      left,
      until - simulation.step,
      Math.max(1, Math.floor(FRAME_MS / stepMs)),
    );
    if (steps >= worth) return { steps, waitMs: 0 };
    const next = (simulation.step - paceFrom.step + worth) * stepMs;
    return { steps: 0, waitMs: Math.max(1, next - elapsed) };
  }

  async function run(): Promise<void> {
    looping = true;
    try {
      while (playing && left > 0 && simulation.step < until) {
        if (suspended) {
          await wait(Number.POSITIVE_INFINITY);
          restartPace();
          continue;
        }
        const { steps, waitMs } = due();
        if (steps > 0) await piece(steps);
        // Also lets messages in, where there is nothing to wait for.
        await (waitMs > 0 ? wait(waitMs) : yielding());
      }
    } catch (error) {
      playing = looping = false;
      onStop(error);
      return;
    }
    playing = looping = false;
    onStop(null);
  }

  return {
    get isPlaying() {
      return playing;
    },
    play(options) {
      pace = options.pace;
      left = options.steps ?? Number.POSITIVE_INFINITY;
      until = options.until ?? Number.POSITIVE_INFINITY;
      restartPace();
      wake();
      playing = true;
      if (!looping) void run();
    },
    pause() {
      playing = false;
      wake();
    },
    suspend(isSuspended) {
      if (suspended === isSuspended) return false;
      suspended = isSuspended;
      wake();
      return true;
    },
  };
}

/** Lets waiting messages be handled; timers of 0 ms would wait 4 ms each. */
export function createYield(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  // In Node an open port would keep the process.
  (port1 as { unref?: () => void }).unref?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
