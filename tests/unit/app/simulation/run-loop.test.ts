/** The loop that runs a simulation in pieces: exact steps, one loop at a time, never ahead of its pace. */
import { describe, expect, it } from 'vitest';
import { createRunLoop, createYield } from '../../../../src/app/simulation/run-loop.ts';

/** A simulation whose steps take as long as the test says. */
function setUp(stepMs = 0) {
  const pieces: number[] = [];
  const stops: unknown[] = [];
  const yielding = createYield();
  let running = 0;
  let mostAtOnce = 0;
  let failAt = Number.POSITIVE_INFINITY;
  let stopped = (): void => undefined;
  const simulation = {
    step: 0,
    dtMs: 0.1,
    async runSteps(steps: number): Promise<void> {
      mostAtOnce = Math.max(mostAtOnce, ++running);
      const until = performance.now() + steps * stepMs;
      do await yielding();
      while (performance.now() < until);
      running--;
      if (simulation.step + steps > failAt) throw new Error('it failed');
      simulation.step += steps;
    },
  };
  const loop = createRunLoop({
    simulation,
    onPiece: (steps) => void pieces.push(steps),
    onStop(error) {
      stops.push(error);
      stopped();
    },
  });
  return {
    simulation,
    loop,
    pieces,
    stops,
    mostAtOnce: () => mostAtOnce,
    failAt(step: number) {
      failAt = step;
    },
    ended: () =>
      new Promise<void>((resolve) => {
        stopped = resolve;
      }),
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the run loop', () => {
  it('does exactly the steps that are asked for, in pieces that grow', async () => {
    const { loop, simulation, pieces, ended, stops } = setUp(0.01);
    const end = ended();
    loop.play({ pace: 'fast', steps: 5000 });
    await end;
    expect(simulation.step).toBe(5000);
    expect(pieces[0]).toBe(1);
    expect(pieces.length).toBeGreaterThan(3);
    expect(stops).toEqual([null]);
    expect(loop.isPlaying).toBe(false);
    const next = ended();
    loop.play({ pace: 'fast', until: 5001 });
    await next;
    expect(simulation.step).toBe(5001);
  });

  it('is one loop, however fast somebody pauses and plays', async () => {
    const { loop, mostAtOnce, stops, ended } = setUp(0.1);
    for (let k = 0; k < 20; k++) {
      loop.play({ pace: 'fast' });
      loop.pause();
      loop.play({ pace: 'fast' });
      await later(2);
    }
    const end = ended();
    loop.pause();
    await end;
    expect(mostAtOnce()).toBe(1);
    // Nobody was told of pauses that were over before their piece was.
    expect(stops).toEqual([null]);
  });

  it('is never ahead of its pace', async () => {
    const { loop, simulation, ended } = setUp();
    const began = performance.now();
    loop.play({ pace: 0.5 });
    for (let k = 0; k < 20; k++) {
      await later(7);
      // Simulated time at half of real time; a step of rounding.
      expect(simulation.step * 0.1).toBeLessThanOrEqual((performance.now() - began) * 0.5 + 0.1);
    }
    expect(simulation.step).toBeGreaterThan(0);
    const end = ended();
    loop.pause();
    await end;
  });

  it('takes a single step when a step is longer than a frame', async () => {
    const { loop, pieces, ended } = setUp();
    loop.play({ pace: 0.002 });
    await later(180);
    const end = ended();
    loop.pause();
    await end;
    // 0.1 ms at 1/500 of real time: a step every 50 ms.
    expect(new Set(pieces)).toEqual(new Set([1]));
  });

  it('waits while it is suspended, and may be paused meanwhile', async () => {
    const { loop, simulation, ended } = setUp();
    expect(loop.suspend(true)).toBe(true);
    expect(loop.suspend(true)).toBe(false);
    loop.play({ pace: 'fast' });
    await later(20);
    expect(simulation.step).toBe(0);
    const end = ended();
    loop.pause();
    await end;
    expect(simulation.step).toBe(0);
    loop.suspend(false);
    loop.play({ pace: 'fast', steps: 3 });
    await ended();
    expect(simulation.step).toBe(3);
  });

  it('tells of a failure once, and can be played again', async () => {
    const { loop, simulation, stops, ended, failAt } = setUp();
    failAt(10);
    const end = ended();
    loop.play({ pace: 'fast' });
    await end;
    expect(stops).toEqual([expect.objectContaining({ message: 'it failed' })]);
    expect(loop.isPlaying).toBe(false);
    failAt(Number.POSITIVE_INFINITY);
    const next = ended();
    loop.play({ pace: 'fast', steps: 7 });
    const from = simulation.step;
    await next;
    expect(simulation.step).toBe(from + 7);
  });
});
