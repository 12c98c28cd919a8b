/**
 * The scatter plot of the explorer: regl-scatterplot, zoomed on time only, with axes of our own. regl writes code and
 * evaluates it, which the page does not allow: its code comes with the page instead (regl-code.js, recorded by
 * tests/support/record-regl-code.mjs). Where it would need other code, creation fails, and the panel says so.
 */
import createRegl from '@plotly/regl';
import createScatterplot, { createRenderer, createSpatialIndex } from 'regl-scatterplot';
import type { SpikePoints } from './points.ts';
import { reglCode } from './regl-code.js';

/** Code that regl writes, by its hash. */
export type ReglCode = Record<string, (...linked: unknown[]) => unknown>;

export interface Scatter {
  draw(points: SpikePoints, colours: readonly string[]): Promise<void>;
  resize(width: number, height: number): void;
  /** Part of the drawn time that is seen, 0 … 1 at the ends. */
  visible(): readonly [from: number, to: number];
  reset(): Promise<void>;
  setLasso(isLasso: boolean): void;
  setBackground(colour: string): void;
  setColours(colours: readonly string[]): void;
  /** The points alone. */
  pixels(): Promise<ImageData>;
  /** What regl wrote so far. */
  code(): ReglCode;
  destroy(): void;
}

export interface ScatterOptions {
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  readonly background: string;
  onView(): void;
  /** Indices of points inside the lasso; empty: none. */
  onSelect(points: readonly number[]): void;
}

/** What regl-scatterplot needs to draw without losing anything. */
const EXTENSIONS = [
  'OES_texture_float',
  'OES_element_index_uint',
  'WEBGL_color_buffer_float',
  'EXT_float_blend',
];
/** Above that many points their index is built beside the page. */
const MOST_AT_ONCE = 100_000;

export class NoScatter extends Error {
  override readonly name = 'NoScatter';
}

/** Throws NoScatter where the browser cannot draw it. */
export function createScatter(options: ScatterOptions): Scatter {
  const { canvas, width, height } = options;
  const drawing = document.createElement('canvas');
  const gl = drawing.getContext('webgl', { antialias: true, preserveDrawingBuffer: true });
  if (!gl) throw new NoScatter('This browser has no WebGL, which the explorer draws with.');
  const missing = EXTENSIONS.filter((name) => !gl.getExtension(name));
  if (missing.includes('OES_texture_float')) {
    throw new NoScatter('The graphics of this browser have no floating-point textures.');
  }
  const cachedCode: ReglCode = { ...reglCode };
  const settings = {
    gl,
    extensions: EXTENSIONS.filter((name) => !missing.includes(name)),
    cachedCode,
  };
  let regl: ReturnType<typeof createRegl> | null = null;
  try {
    regl = createRegl(settings);
    // The types are those of regl itself, of which this is an edition.
    const renderer = createRenderer({ regl: regl as never, canvas: drawing });
    renderer.resize(width, height);
    const plot = createScatterplot({
      renderer,
      canvas,
      width,
      height,
      aspectRatio: width / height,
      backgroundColor: options.background,
      pointSize: 2,
      pointScaleMode: 'constant',
      pointSizeSelected: 2,
      pointOutlineWidth: 1,
      opacity: 0.85,
      lassoOnLongPress: false,
      lassoInitiator: false,
      mouseMode: 'panZoom',
    });
    return wrap({ plot, renderer, regl, code: cachedCode }, options);
  } catch (error) {
    regl?.destroy();
    throw evaluated(error);
  }
}

/** What a page that evaluates nothing says when it would have to. */
function evaluated(error: unknown): unknown {
  if (!(error instanceof EvalError)) return error;
  return new NoScatter(
    'The graphics of this browser want code that the page does not bring. The raster and the statistics show the same spikes.',
  );
}

interface Parts {
  readonly plot: ReturnType<typeof createScatterplot>;
  readonly renderer: ReturnType<typeof createRenderer>;
  readonly regl: ReturnType<typeof createRegl>;
  readonly code: ReglCode;
}

function wrap(
  { plot, renderer, regl, code }: Parts,
  { onView, onSelect }: ScatterOptions,
): Scatter {
  // dom-2d-camera takes these options, and its view is a matrix; its types know of neither.
  const camera = plot.get('camera') as unknown as {
    config(options: Record<string, unknown>): void;
    view: Float32Array;
  };
  camera.config({ isZoom: [true, false], isPan: [true, false], isRotate: false });
  const view = plot.subscribe('view', onView);
  const select = plot.subscribe('select', ({ points }) => onSelect(points));
  const deselect = plot.subscribe('deselect', () => onSelect([]));
  const subscriptions = [
    () => plot.unsubscribe(view),
    () => plot.unsubscribe(select),
    () => plot.unsubscribe(deselect),
  ];
  return {
    async draw({ x, y, z }, colours) {
      await plot.set({
        colorBy: 'valueA',
        pointColor: [...colours],
      });
      const points = { x, y, z };
      const spatialIndex =
        x.length > MOST_AT_ONCE ? await createSpatialIndex(points, true) : undefined;
      await plot.draw(points, {
        zDataType: 'categorical',
        ...(spatialIndex && { spatialIndex }),
      });
    },
    resize(width, height) {
      renderer.resize(width, height);
      void plot.set({ width, height, aspectRatio: width / height });
    },
    visible() {
      // The camera maps x in [-1, 1] by scale and shift.
      const [scale = 1] = camera.view;
      const shift = camera.view[12] ?? 0;
      return [((-1 - shift) / scale + 1) / 2, ((1 - shift) / scale + 1) / 2];
    },
    async reset() {
      await plot.zoomToOrigin();
    },
    setLasso: (isLasso) => void plot.set({ mouseMode: isLasso ? 'lasso' : 'panZoom' }),
    setBackground: (colour) => void plot.set({ backgroundColor: colour }),
    setColours: (colours) => void plot.set({ pointColor: [...colours] }),
    // With options it resolves to pixels; its types say so only of the call without.
    pixels: () => plot.export({}) as unknown as Promise<ImageData>,
    code: () => code,
    destroy() {
      for (const end of subscriptions) end();
      plot.destroy();
      regl.destroy();
    },
  };
}
