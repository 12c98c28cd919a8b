/** The explorer's plot on the page: the scatter plot with time axis, names of populations, the shared cursor, and PNG. */
import { effect, untracked } from '@preact/signals';
import { type PopulationStyle, stylesOf } from '../../colours.ts';
import type { NetworkInfo } from '../../simulation/protocol.ts';
import type { App, TimeWindow } from '../../state/app.ts';
import { readInk } from '../plot/ink.ts';
import { axisTicks, axisTitle, labelsThatFit } from '../raster/axis.ts';
import { explorerBands, LINES, pointsOf } from './points.ts';
import { createScatter } from './scatter.ts';
import { visibleTime } from './visible-time.ts';

const MARGIN = { left: 92, bottom: 38, top: 6, right: 14 };
/** A name has that much room, CSS pixels. */
const NAME = MARGIN.left - 26;
const FONT = '12px system-ui, sans-serif';

export interface ExplorerPlot {
  show(window: TimeWindow, steps: Uint32Array, neurons: Uint32Array): Promise<void>;
  setStyles(styles: readonly PopulationStyle[], dark: boolean): void;
  setLasso(isLasso: boolean): void;
  reset(): Promise<void>;
  /** Points and axes. */
  picture(): Promise<Blob | null>;
  destroy(): void;
}

export interface ExplorerPlotOptions {
  readonly app: App;
  readonly info: NetworkInfo;
  /** Neurons of the spikes inside the lasso, one for each spike. */
  onLasso(neurons: Uint32Array): void;
}

/** Throws NoScatter where the browser cannot draw it. */
export function createExplorerPlot(
  element: HTMLElement,
  { app, info, onLasso }: ExplorerPlotOptions,
): ExplorerPlot {
  const points = document.createElement('canvas');
  const axes = document.createElement('canvas');
  const cursor = document.createElement('div');
  points.className = 'explorer-points';
  points.setAttribute('role', 'img');
  points.setAttribute(
    'aria-label',
    'Spikes as points: time from left to right, neurons from top to bottom',
  );
  axes.className = 'explorer-axes';
  cursor.className = 'explorer-cursor';
  const room = (): { width: number; height: number } => ({
    width: Math.max(120, element.clientWidth - MARGIN.left - MARGIN.right),
    height: Math.max(80, element.clientHeight - MARGIN.top - MARGIN.bottom),
  });
  let drawn: TimeWindow = { fromMs: 0, toMs: 1 };
  let neurons = new Uint32Array(0);
  let styles: readonly PopulationStyle[] = stylesOf(info.populations, app.dark.peek());
  const panel = (): string => readInk(element).panel;
  const scatter = createScatter({
    canvas: points,
    ...room(),
    background: panel(),
    onView: () => {
      drawAxes();
      showCursor();
    },
    onSelect: (indices) => onLasso(Uint32Array.from(indices, (k) => neurons[k] as number)),
  });
  element.replaceChildren(points, axes, cursor);
  Object.assign(points.style, { left: `${MARGIN.left}px`, top: `${MARGIN.top}px` });

  const seen = (): TimeWindow => visibleTime(drawn, scatter.visible());
  const drawAxes = (): void => {
    const { clientWidth: width, clientHeight: height } = element;
    const ratio = devicePixelRatio;
    axes.width = Math.round(width * ratio);
    axes.height = Math.round(height * ratio);
    const context = axes.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    paintAxes(context, { width, height, window: seen(), styles, element, info });
  };
  const showCursor = (): void => {
    const ms = app.cursorMs.peek();
    const { fromMs, toMs } = seen();
    cursor.hidden = ms === null || ms < fromMs || ms > toMs;
    if (ms === null || cursor.hidden) return;
    const x = MARGIN.left + ((ms - fromMs) / (toMs - fromMs)) * room().width;
    cursor.style.transform = `translateX(${x.toFixed(1)}px)`;
  };
  const onMove = ({ clientX }: PointerEvent): void => {
    const { left, width } = points.getBoundingClientRect();
    const { fromMs, toMs } = seen();
    app.cursorMs.value = fromMs + ((clientX - left) / width) * (toMs - fromMs);
  };
  const onLeave = (): void => {
    app.cursorMs.value = null;
  };
  points.addEventListener('pointermove', onMove);
  points.addEventListener('pointerleave', onLeave);
  const endCursor = effect(() => {
    app.cursorMs.value;
    untracked(showCursor);
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { width, height } = room();
      scatter.resize(width, height);
      drawAxes();
    }, 150);
  });
  observer.observe(element);

  return {
    async show(window, steps, ids) {
      drawn = window;
      neurons = ids.slice();
      const made = pointsOf(info.populations, info.dtMs, window, steps, ids);
      if (steps.length > 0)
        await scatter.draw(
          made,
          styles.map(({ colour }) => colour),
        );
      await scatter.reset();
      drawAxes();
    },
    setStyles(next) {
      styles = next;
      scatter.setBackground(panel());
      scatter.setColours(styles.map(({ colour }) => colour));
      drawAxes();
    },
    setLasso: scatter.setLasso,
    async reset() {
      await scatter.reset();
      drawAxes();
    },
    async picture() {
      const canvas = document.createElement('canvas');
      canvas.width = axes.width;
      canvas.height = axes.height;
      const context = canvas.getContext('2d');
      if (!context) return null;
      const ratio = axes.width / element.clientWidth;
      context.fillStyle = panel();
      context.fillRect(0, 0, canvas.width, canvas.height);
      const pixels = await scatter.pixels();
      const picture = document.createElement('canvas');
      picture.width = pixels.width;
      picture.height = pixels.height;
      picture.getContext('2d')?.putImageData(pixels, 0, 0);
      const { width, height } = room();
      context.drawImage(
        picture,
        MARGIN.left * ratio,
        MARGIN.top * ratio,
        width * ratio,
        height * ratio,
      );
      context.drawImage(axes, 0, 0);
      return new Promise((resolve) => canvas.toBlob(resolve));
    },
    destroy() {
      clearTimeout(timer);
      observer.disconnect();
      endCursor();
      scatter.destroy();
      element.replaceChildren();
    },
  };
}

interface Painted {
  readonly width: number;
  readonly height: number;
  readonly window: TimeWindow;
  readonly styles: readonly PopulationStyle[];
  readonly element: HTMLElement;
  readonly info: NetworkInfo;
}

function paintAxes(context: CanvasRenderingContext2D, painted: Painted): void {
  const { width, height, window, element } = painted;
  const ink = readInk(element);
  const bottom = height - MARGIN.bottom;
  const across = width - MARGIN.left - MARGIN.right;
  context.font = FONT;
  context.fillStyle = ink.quiet;
  context.strokeStyle = ink.strong;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(MARGIN.left - 0.5, MARGIN.top);
  context.lineTo(MARGIN.left - 0.5, bottom + 0.5);
  context.lineTo(width - MARGIN.right, bottom + 0.5);
  context.stroke();
  context.textAlign = 'center';
  for (const { place, text } of axisTicks(window, Math.max(2, Math.floor(across / 90)))) {
    const x = MARGIN.left + place * across;
    context.beginPath();
    context.moveTo(x, bottom);
    context.lineTo(x, bottom + 5);
    context.stroke();
    context.fillText(text, x, bottom + 18);
  }
  context.fillText(axisTitle(window), MARGIN.left + across / 2, height - 4);
  paintNames(context, painted, bottom - MARGIN.top);
}

function paintNames(
  context: CanvasRenderingContext2D,
  { styles, info, element }: Painted,
  down: number,
): void {
  const ink = readInk(element);
  const bands = explorerBands(info.populations);
  context.textAlign = 'right';
  for (const { band, middle } of labelsThatFit(bands, LINES / down)) {
    const style = styles[bands.indexOf(band)];
    const y = MARGIN.top + middle + 4;
    context.fillStyle = style?.colour ?? ink.text;
    context.fillText(style?.mark ?? '', MARGIN.left - 8, y);
    context.fillStyle = ink.text;
    context.fillText(shortened(context, band.population), MARGIN.left - 22, y);
  }
}

/** As much of a name as fits, with an ellipsis. */
function shortened(context: CanvasRenderingContext2D, name: string): string {
  if (context.measureText(name).width <= NAME) return name;
  let length = name.length - 1;
  while (length > 1 && context.measureText(`${name.slice(0, length)}…`).width > NAME) length--;
  return `${name.slice(0, length)}…`;
}
