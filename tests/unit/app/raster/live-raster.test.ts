import { describe, expect, it } from 'vitest';
import type { RasterView } from '../../../../src/app/simulation/protocol.ts';
import { linesOf } from '../../../../src/app/simulation/raster/layout.ts';
import {
  createLiveRaster,
  STORED_PER_FRAME,
} from '../../../../src/app/simulation/raster/live-raster.ts';
import type { Painter, Picture } from '../../../../src/app/simulation/raster/raster.ts';
import { createSpikeLog } from '../../../../src/app/simulation/spike-log.ts';
import { arrayPainter, litLines, spikesOf, viewOf, WIDTH } from './view.ts';

const follow = (windowMs: number) => ({ follow: true, windowMs, turnsPages: false }) as const;
const fixed = (fromMs: number, toMs: number) => ({ follow: false, fromMs, toMs }) as const;

/** Counts what a painter is asked to do; paints nothing. */
function countingPainter() {
  const work = { spikes: 0, cleared: 0, ticks: 0, paints: 0, begun: 0 };
  let last: Picture | null = null;
  const painter: Painter = {
    mostTicks: 1 << 20,
    isBusy: false,
    resize: () => undefined,
    begin: () => void work.begun++,
    show: () => undefined,
    clear(_slot, count) {
      work.cleared += count;
    },
    add(_first, slices) {
      for (const { steps } of slices) work.spikes += steps.length;
    },
    paint(picture) {
      work.paints++;
      last = picture;
      if (picture.ticks > 0) work.ticks += picture.endSpike - picture.firstSpike;
    },
    destroy: () => undefined,
  };
  return { painter, work, picture: () => last as unknown as Picture };
}

function setUp(view: RasterView, kept = 10_000_000) {
  const source = createSpikeLog(kept, 1 << 16);
  const painter = arrayPainter(source);
  const raster = createLiveRaster({ source, painter, dtMs: 0.1, now: () => 0 }, view);
  return { source, painter, raster };
}

describe('the picture', () => {
  it('shows a spike in the row of its neuron and the column of its time, in both ways', () => {
    for (const count of [1, 20_000]) {
      const view = viewOf([400, 100], follow(200));
      const { source, painter, raster } = setUp(view);
      // One neuron of 500 fires; many others fire elsewhere in time, which makes it a density.
      source.add(Uint32Array.of(1005), Uint32Array.of(450));
      const busy = spikesOf(1500, 1900, count / 400, 400);
      if (count > 1) source.add(busy.steps, busy.ids);
      const { shown } = raster.draw(2000);
      expect(shown).toMatchObject({ mode: count > 1 ? 'density' : 'ticks', fromMs: 0, toMs: 200 });
      const x = Math.floor((1005 / 2000) * WIDTH);
      const [top, lines] = linesOf(view.bands, 450, 1) as [number, number];
      expect(litLines(painter.picture(), x)).toEqual(
        Array.from({ length: lines }, (_, k) => top + k),
      );
      expect(litLines(painter.picture(), x - 3)).toEqual([]);
      expect(litLines(painter.picture(), x + 3)).toEqual([]);
    }
  });

  it('scrolls: after a quarter of the window everything is a quarter further left', () => {
    const view = viewOf([300], follow(200));
    const { source, painter, raster } = setUp(view);
    const { steps, ids } = spikesOf(0, 2500, 20, 300);
    source.add(steps.subarray(0, 40_000), ids.subarray(0, 40_000));
    raster.draw(2000);
    const before = painter.picture();
    source.add(steps.subarray(40_000), ids.subarray(40_000));
    const { shown } = raster.draw(2500);
    expect(shown).toMatchObject({ mode: 'density', fromMs: 50, toMs: 250 });
    const after = painter.picture();
    for (let line = 0; line < view.height; line++) {
      for (let x = 0; x < 150; x++) {
        expect(after[line * WIDTH + x]).toBe(before[line * WIDTH + x + 50]);
      }
    }
  });

  it('is the same whether spikes came in many frames or all at once', () => {
    const view = viewOf([300, 40], follow(150));
    const { steps, ids } = spikesOf(0, 4000, 10, 340);
    const whole = setUp(view);
    whole.source.add(steps, ids);
    whole.raster.draw(4000);
    const pieces = setUp(view);
    for (let step = 0; step < 4000; step += 37) {
      const [from, to] = [step * 10, Math.min(4000, step + 37) * 10];
      pieces.source.add(steps.subarray(from, to), ids.subarray(from, to));
      pieces.raster.draw(Math.min(4000, step + 37));
    }
    expect(pieces.painter.picture()).toEqual(whole.painter.picture());
  });

  it('zoomed in shows exact ticks at their times, also long into a run', () => {
    const late = 4_000_000_000;
    const view = viewOf([50], fixed((late + 100) / 10, (late + 140) / 10));
    const { source, painter, raster } = setUp(view);
    source.add(Uint32Array.of(late + 90, late + 110, late + 111), Uint32Array.of(3, 20, 21));
    const { shown } = raster.draw(late + 200);
    expect(shown.mode).toBe('ticks');
    // 5 pixels a step; ticks are wider where steps are far apart, and never reach the next step.
    expect(litLines(painter.picture(), 49)).toEqual([]);
    expect(litLines(painter.picture(), 50).length).toBeGreaterThan(0);
    expect(litLines(painter.picture(), 54)).toEqual([]);
    const [top] = linesOf(view.bands, 21, 1) as [number, number];
    expect(litLines(painter.picture(), 55)[0]).toBe(top);
  });

  it('turns pages instead of scrolling when asked to: a new page is empty', () => {
    const view = viewOf([100], { follow: true, windowMs: 100, turnsPages: true });
    const { source, painter, raster } = setUp(view);
    const { steps, ids } = spikesOf(0, 1000, 30, 100);
    source.add(steps, ids);
    expect(raster.draw(1000).shown).toMatchObject({ fromMs: 0, toMs: 100, mode: 'density' });
    const more = spikesOf(1000, 1500, 30, 100);
    source.add(more.steps, more.ids);
    expect(raster.draw(1500).shown).toMatchObject({ fromMs: 100, toMs: 200, mode: 'density' });
    expect(litLines(painter.picture(), 10).length).toBeGreaterThan(10);
    expect(litLines(painter.picture(), 150)).toEqual([]);
  });

  it('fades from ticks to density in 150 ms, and not at all for those who asked for calm', () => {
    for (const isCalm of [false, true]) {
      const source = createSpikeLog();
      const { painter, picture } = countingPainter();
      let now = 0;
      const raster = createLiveRaster(
        { source, painter, dtMs: 0.1, now: () => now },
        viewOf([100], follow(100), { isCalm }),
      );
      source.add(Uint32Array.of(1), Uint32Array.of(1));
      raster.draw(10);
      expect(picture()).toMatchObject({ ticks: 1, density: 0 });
      const { steps, ids } = spikesOf(10, 500, 40, 100);
      source.add(steps, ids);
      now = 75;
      expect(raster.draw(500).isSettled).toBe(isCalm);
      expect(picture().ticks).toBe(isCalm ? 0 : 0.5);
      now = 150;
      expect(raster.draw(500).isSettled).toBe(true);
      expect(picture()).toMatchObject({ ticks: 0, density: 1 });
    }
  });

  it('says from when spikes are kept, and shows nothing before', () => {
    const { source, raster } = setUp(viewOf([100], fixed(0, 400)), 1000);
    const { steps, ids } = spikesOf(0, 4000, 50, 100);
    source.add(steps, ids);
    const { shown } = raster.draw(4000);
    expect(shown.keptFromMs).toBeCloseTo(source.keptFrom * 0.1, 9);
    expect(source.keptFrom).toBeGreaterThan(0);
  });
});

/** Work of a hundred frames of a run with so many spikes stored before. */
function workWith(stored: number) {
  const source = createSpikeLog(10_000_000);
  const { painter, work } = countingPainter();
  const view = viewOf([80_000, 20_000], follow(1000), { width: 1200, height: 600 });
  const perStep = 1000;
  const last = stored / perStep;
  for (let step = 0; step < last; step += 100) {
    const { steps, ids } = spikesOf(step, step + 100, perStep, 100_000);
    source.add(steps, ids);
  }
  const raster = createLiveRaster({ source, painter, dtMs: 0.1, now: () => 0 }, view);
  // Until it has counted what it shows.
  let frames = 0;
  let most = 0;
  for (let isSettled = false; !isSettled; frames++) {
    const before = work.spikes;
    isSettled = raster.draw(last).isSettled;
    most = Math.max(most, work.spikes - before);
  }
  const before = { ...work };
  for (let frame = 1; frame <= 100; frame++) {
    const { steps, ids } = spikesOf(last + frame - 1, last + frame, perStep, 100_000);
    source.add(steps, ids);
    raster.draw(last + frame);
  }
  return {
    frames,
    most,
    spikes: work.spikes - before.spikes,
    cleared: work.cleared - before.cleared,
    ticks: work.ticks - before.ticks,
    begun: work.begun - before.begun,
  };
}

describe('the work of a frame', () => {
  it('does not grow with the spikes that are stored: 10^5 and 10^7', () => {
    const few = workWith(100_000);
    const many = workWith(10_000_000);
    // The new spikes, each once, and the columns that were entered.
    expect(few.spikes).toBe(100_000);
    expect(many.spikes).toBe(few.spikes);
    expect(many.cleared).toBe(few.cleared);
    expect(many.ticks).toBe(few.ticks);
    expect(many.begun).toBe(0);
    // A window of ten million is counted over some frames, none of which counts more than it may.
    expect(many.most).toBeLessThanOrEqual(STORED_PER_FRAME);
    expect(many.frames).toBeLessThanOrEqual(10_000_000 / STORED_PER_FRAME + 2);
  });

  it('never draws more ticks than a share of the pixels', () => {
    const source = createSpikeLog();
    const { painter, picture } = countingPainter();
    const view = viewOf([100], follow(100));
    const raster = createLiveRaster({ source, painter, dtMs: 0.1, now: () => 0 }, view);
    for (let step = 0; step < 3000; step += 10) {
      const { steps, ids } = spikesOf(step, step + 10, Math.ceil(step / 100), 100);
      source.add(steps, ids);
      raster.draw(step + 10);
      const { ticks, firstSpike, endSpike } = picture();
      const most = 0.12 * view.width * view.height;
      if (ticks > 0) expect(endSpike - firstSpike).toBeLessThanOrEqual(Math.max(2000, most));
    }
    expect(picture().ticks).toBe(0);
  });

  it('keeps the picture before while a large window is counted, and zooming changes what is shown', () => {
    const source = createSpikeLog();
    const { painter, work } = countingPainter();
    const raster = createLiveRaster(
      { source, painter, dtMs: 0.1, now: () => 0 },
      viewOf([1000], follow(10)),
    );
    const { steps, ids } = spikesOf(0, 20_000, 100, 1000);
    source.add(steps, ids);
    while (!raster.draw(20_000).isSettled);
    const before = work.spikes;
    raster.setView(viewOf([1000], fixed(0, 2000)));
    const first = raster.draw(20_000);
    expect(first.isSettled).toBe(false);
    expect(first.shown).toMatchObject({ fromMs: 0, toMs: 2000 });
    let frames = 1;
    while (!raster.draw(20_000).isSettled) frames++;
    expect(frames).toBe(Math.ceil(2_000_000 / STORED_PER_FRAME) - 1);
    expect(work.spikes - before).toBe(2_000_000);
    expect(work.begun).toBe(2);
  });
});
