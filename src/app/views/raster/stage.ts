/**
 * What lies over and under the picture of the raster: the canvas that the worker draws on, its size and layout, the time
 * axis, the shared cursor, marks of picked neurons, and what pointers do. Works on elements, once for each view; what is
 * written beside the picture is RasterView.tsx.
 */
import { effect, untracked } from '@preact/signals';
import { rgbOf, stylesOf } from '../../colours.ts';
import type { NetworkInfo, PopulationInfo, RasterView } from '../../simulation/protocol.ts';
import { layoutBands, neuronAt } from '../../simulation/raster/layout.ts';
import type { App, TimeWindow } from '../../state/app.ts';
import { panWindow, shownWindow, windowBetween, zoomWindow } from '../plot/time-window.ts';
import { createAxisLine } from './axis-line.ts';
import { bindGestures } from './gestures.ts';
import { drawMarks } from './marks.ts';

/** Device pixels that a canvas has at most: within the limits of every GPU. */
const MOST_WIDTH = 8192;
const MOST_HEIGHT = 2048;
/** A probe has that many neurons at most. */
const MOST_PROBED = 8;

export interface StageElements {
  /** The picture, with everything over it. */
  readonly frame: HTMLElement;
  /** Where the canvas goes. */
  readonly picture: HTMLElement;
  readonly marks: HTMLCanvasElement;
  readonly cursor: HTMLElement;
  readonly reading: HTMLElement;
  readonly selection: HTMLElement;
  readonly axis: HTMLElement;
}

export interface Stage {
  /** Moves the pick to a neighbouring neuron. */
  movePick(by: number): void;
  stop(): void;
}

/** `onLayout`: another size, network or theme. */
export function createStage(
  app: App,
  at: StageElements,
  onLayout: (view: RasterView) => void,
): Stage {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const axis = createAxisLine(at.axis);
  let view: RasterView | null = null;
  let hoveredRow: number | null = null;
  let frame = 0;

  const shown = (): TimeWindow =>
    app.session.raster.peek() ??
    shownWindow(app.timeWindow.peek(), app.session.run.peek().timeMs, windowMs());
  const windowMs = (): number => app.project.peek().view.windowMs;
  const timeAt = (x: number): number => {
    const { fromMs, toMs } = shown();
    return fromMs + (x / at.frame.clientWidth) * (toMs - fromMs);
  };
  const msPerPixel = (): number => timeAt(1) - timeAt(0);

  /** Tells the worker, once a frame at most. */
  const renew = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const info = app.session.info.peek();
      if (!info) return;
      const next = viewOf(app, info, at.frame, calm.matches);
      const isOnlyTime = view !== null && isSameLayout(view, next);
      view = next;
      app.session.setRaster(next);
      if (!isOnlyTime) onLayout(next);
      if (!isOnlyTime) showMarks();
    });
  };
  const showMarks = (): void => {
    const colour = getComputedStyle(at.frame).getPropertyValue('--text').trim();
    if (view) drawMarks(at.marks, view, app.picked.peek(), colour);
  };
  const showCursor = (): void => {
    const ms = app.cursorMs.peek();
    const { fromMs, toMs } = shown();
    const isInside = ms !== null && ms >= fromMs && ms <= toMs;
    at.cursor.hidden = at.reading.hidden = !isInside;
    if (!isInside) return;
    const width = at.frame.clientWidth;
    const x = ((ms - fromMs) / (toMs - fromMs)) * width;
    at.cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
    const text = readingOf(ms, toMs - fromMs, neuronName(hoveredRow));
    if (at.reading.textContent !== text) at.reading.textContent = text;
    const isRight = x > width / 2;
    at.reading.style.transform = `translateX(${x.toFixed(1)}px) translateX(${isRight ? 'calc(-100% - 6px)' : '6px'})`;
  };
  const populationOf = (neuron: number): PopulationInfo | undefined =>
    app.session.info
      .peek()
      ?.populations.find(({ first, size }) => neuron >= first && neuron < first + size);
  const rowAt = (y: number): number | null =>
    view && neuronAt(view.bands, Math.floor(y * view.pixelRatio), view.pixelRatio);
  const neuronName = (neuron: number | null): string => {
    const population = neuron === null ? undefined : populationOf(neuron);
    return population ? `${population.name} ${(neuron as number) - population.first}` : '';
  };
  const pick = (neuron: number | null, adds: boolean): void => {
    const population = neuron === null ? undefined : populationOf(neuron);
    if (neuron === null || !population) {
      app.picked.value = new Uint32Array(0);
      return;
    }
    const before = adds ? [...app.picked.peek()] : [];
    app.picked.value = Uint32Array.from(new Set([...before, neuron])).sort();
    const { probes, panel } = app.project.peek().view;
    const same = adds
      ? (probes.find((one) => one.population === population.name)?.neurons ?? [])
      : [];
    const neurons = [...new Set([neuron - population.first, ...same])].slice(0, MOST_PROBED);
    app.setView({
      // Whoever picks a neuron wants to see it, unless another panel was opened on purpose.
      panel: panel === 'rates' ? 'traces' : panel,
      probes: [
        ...probes.filter((one) => one.population !== population.name),
        { population: population.name, neurons: neurons.sort((a, b) => a - b) },
      ],
    });
  };

  app.session.onCanvas(() => {
    const info = app.session.info.peek();
    if (!info) return null;
    const canvas = document.createElement('canvas');
    canvas.id = 'live';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute(
      'aria-label',
      'Raster of spikes: time from left to right, neurons from top to bottom',
    );
    view = viewOf(app, info, at.frame, calm.matches);
    canvas.width = view.width;
    canvas.height = view.height;
    at.picture.replaceChildren(canvas);
    onLayout(view);
    showMarks();
    return { canvas: canvas.transferControlToOffscreen(), view };
  });

  const ends = [
    bindGestures(at.frame, {
      hover(point) {
        hoveredRow = point && rowAt(point.y);
        app.cursorMs.value = point && timeAt(point.x);
        showCursor();
      },
      selecting(range) {
        at.selection.hidden = range === null;
        if (!range) return;
        at.selection.style.transform = `translateX(${range.from}px)`;
        at.selection.style.width = `${range.to - range.from}px`;
      },
      select(from, to) {
        const chosen = windowBetween(timeAt(from), timeAt(to));
        if (chosen) app.timeWindow.value = chosen;
      },
      pan(pixels) {
        app.timeWindow.value = panWindow(wanted(), msPerPixel() * pixels);
      },
      zoom(factor, x) {
        const part = x / at.frame.clientWidth;
        const from = wanted();
        const about = from.fromMs + part * (from.toMs - from.fromMs);
        app.timeWindow.value = zoomWindow(from, factor, about);
      },
      pick: (y, adds) => pick(rowAt(y), adds),
      follow() {
        app.timeWindow.value = null;
      },
    }),
    effect(() => {
      app.dark.value;
      // The style sheet takes the colours when the frame of the page is rendered, before the next picture.
      const next = requestAnimationFrame(renew);
      return () => cancelAnimationFrame(next);
    }),
    effect(() => {
      app.timeWindow.value;
      app.project.value.view.windowMs;
      untracked(renew);
    }),
    effect(() => {
      const drawn = app.session.raster.value;
      if (drawn) at.frame.dataset.painter = drawn.onGpu ? 'webgpu' : 'canvas';
      if (drawn) at.frame.dataset.mode = drawn.mode;
      untracked(() => {
        axis.show(shown());
        showCursor();
      });
    }),
    effect(() => {
      app.cursorMs.value;
      untracked(showCursor);
    }),
    effect(() => {
      app.picked.value;
      untracked(showMarks);
    }),
  ];
  /** The window as it will be: the worker may not have drawn the last change yet. */
  const wanted = (): TimeWindow => app.timeWindow.peek() ?? shown();

  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      renew();
      axis.show(shown());
    }, 120);
  });
  observer.observe(at.frame);
  calm.addEventListener('change', renew);

  return {
    movePick(by) {
      const info = app.session.info.peek();
      if (!info) return;
      const last = app.picked.peek().at(-1) ?? (by > 0 ? -1 : info.neurons);
      pick(Math.min(info.neurons - 1, Math.max(0, last + by)), false);
    },
    stop() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      observer.disconnect();
      calm.removeEventListener('change', renew);
      for (const end of ends) end();
    },
  };
}

/** How the raster is to look in an element, now. */
function viewOf(app: App, info: NetworkInfo, element: HTMLElement, isCalm: boolean): RasterView {
  const pixelRatio = Math.min(2, globalThis.devicePixelRatio || 1);
  const pixels = (css: number, most: number): number =>
    Math.min(most, Math.max(64, Math.round(css * pixelRatio)));
  const height = pixels(element.clientHeight, MOST_HEIGHT);
  const styles = stylesOf(info.populations, app.dark.peek());
  const window = app.timeWindow.peek();
  const { windowMs } = app.project.peek().view;
  return {
    width: pixels(element.clientWidth, MOST_WIDTH),
    height,
    pixelRatio,
    bands: layoutBands(
      info.populations,
      styles.map(({ rgb }) => rgb),
      height,
      pixelRatio,
    ),
    background: rgbOf(getComputedStyle(element).getPropertyValue('--background').trim()),
    isCalm,
    window: window ? { follow: false, ...window } : { follow: true, windowMs, turnsPages: isCalm },
  };
}

const isSameLayout = (one: RasterView, other: RasterView): boolean =>
  one.width === other.width &&
  one.height === other.height &&
  one.pixelRatio === other.pixelRatio &&
  one.background.join() === other.background.join() &&
  one.bands.length === other.bands.length &&
  one.bands.every(({ population, top, height, rgb }, k) => {
    const band = other.bands[k];
    return (
      band?.population === population &&
      band.top === top &&
      band.height === height &&
      band.rgb.join() === rgb.join()
    );
  });

/** Time with the digits that the window can tell apart, and the neuron there. */
function readingOf(ms: number, lengthMs: number, neuron: string): string {
  const digits = Math.max(0, Math.min(2, Math.ceil(2 - Math.log10(lengthMs))));
  const time = ms < 10_000 ? `${ms.toFixed(digits)} ms` : `${(ms / 1000).toFixed(digits + 3)} s`;
  return neuron === '' ? time : `${time} · ${neuron}`;
}
