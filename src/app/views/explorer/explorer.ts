/**
 * The raster explorer: what was recorded, as points in regl-scatterplot, with zoom on time only, axes in ms, population
 * colours and PNG export. Loaded when it is first opened. The moving picture is live-raster.ts, not this.
 */
import type { PopulationStyle } from '../../colours.ts';
import type { NetworkInfo } from '../../simulation/protocol.ts';

export interface ExplorerData {
  readonly network: NetworkInfo;
  readonly styles: readonly PopulationStyle[];
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

export interface Explorer {
  readonly show: (data: ExplorerData) => Promise<void>;
  readonly resetZoom: () => Promise<void>;
  /** The points with their axes, as one picture. */
  readonly exportPng: () => Promise<Blob>;
  /** Shown time interval in ms. */
  readonly view: () => readonly [number, number];
  readonly destroy: () => void;
}

const MARGIN = { left: 84, bottom: 34, top: 6, right: 8 };

export async function createExplorer(element: HTMLElement, dark: boolean): Promise<Explorer> {
  const { default: createScatterplot } = await import('regl-scatterplot');
  const points = element.appendChild(document.createElement('canvas'));
  const axes = element.appendChild(document.createElement('canvas'));
  points.className = 'explorer-points';
  axes.className = 'explorer-axes';
  const plotWidth = Math.max(120, element.clientWidth - MARGIN.left - MARGIN.right);
  const plotHeight = Math.max(80, element.clientHeight - MARGIN.top - MARGIN.bottom);
  Object.assign(points.style, { left: `${MARGIN.left}px`, top: `${MARGIN.top}px` });
  const background = dark ? '#11151a' : '#ffffff';
  const scatterplot = createScatterplot({
    canvas: points,
    width: plotWidth,
    height: plotHeight,
    aspectRatio: plotWidth / plotHeight,
    backgroundColor: background,
    pointSize: 2,
    opacity: 0.85,
    lassoOnLongPress: false,
    mouseMode: 'panZoom',
  });
  const camera = scatterplot.get('camera') as unknown as {
    config(options: Record<string, unknown>): void;
    view: Float32Array;
  };
  camera.config({ isZoom: [true, false], isPan: [true, false], isRotate: false });

  let range: [number, number] = [0, 1];
  let neurons = 1;
  let styles: readonly PopulationStyle[] = [];
  let network: NetworkInfo | null = null;

  /** The camera maps x in [-1, 1] by scale and shift, in units of half the plot height times the aspect ratio. */
  const visible = (): [number, number] => {
    const [scale = 1] = camera.view;
    const shift = camera.view[12] ?? 0;
    const toMs = (x: number): number => range[0] + ((x + 1) / 2) * (range[1] - range[0]);
    return [toMs((-1 - shift) / scale), toMs((1 - shift) / scale)];
  };
  const drawAxes = (): void => {
    if (network) paintAxes(axes, element, visible(), network, styles, neurons, dark);
  };
  const subscription = scatterplot.subscribe('view', drawAxes);

  return {
    async show(data) {
      ({ network, styles } = data);
      neurons = data.network.neurons;
      const first = data.steps[0] ?? 0;
      const last = data.steps[data.steps.length - 1] ?? first + 1;
      range = [first * network.dtMs, Math.max(first + 1, last) * network.dtMs];
      scatterplot.set({ colorBy: 'valueA', pointColor: styles.map((style) => style.colour) });
      await scatterplot.draw(pointsOf(data), { zDataType: 'categorical' });
      drawAxes();
    },
    async resetZoom() {
      await scatterplot.zoomToOrigin();
      drawAxes();
    },
    async exportPng() {
      const canvas = document.createElement('canvas');
      canvas.width = axes.width;
      canvas.height = axes.height;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('internal: no 2-D canvas');
      const ratio = axes.width / element.clientWidth;
      context.fillStyle = background;
      context.fillRect(0, 0, canvas.width, canvas.height);
      const pixels = await scatterplot.export({});
      const picture = document.createElement('canvas');
      picture.width = pixels.width;
      picture.height = pixels.height;
      picture.getContext('2d')?.putImageData(pixels, 0, 0);
      context.drawImage(
        picture,
        MARGIN.left * ratio,
        MARGIN.top * ratio,
        plotWidth * ratio,
        plotHeight * ratio,
      );
      context.drawImage(axes, 0, 0);
      return new Promise((resolve, reject) => {
        canvas.toBlob((blob) =>
          blob ? resolve(blob) : reject(new Error('The picture is empty.')),
        );
      });
    },
    view: visible,
    destroy() {
      scatterplot.unsubscribe(subscription);
      scatterplot.destroy();
      points.remove();
      axes.remove();
    },
  };
}

/** Time to x and neuron to y, both in [-1, 1] (neuron 0 on top); z is the population. */
function pointsOf({ network, steps, neurons }: ExplorerData): {
  x: number[];
  y: number[];
  z: number[];
} {
  const first = steps[0] ?? 0;
  const span = Math.max(1, (steps[steps.length - 1] ?? 1) - first);
  const count = steps.length;
  const x = new Array<number>(count);
  const y = new Array<number>(count);
  const z = new Array<number>(count);
  let population = 0;
  for (let k = 0; k < count; k++) {
    const neuron = neurons[k] as number;
    population = network.populations.findIndex((p) => neuron < p.first + p.size);
    x[k] = (((steps[k] as number) - first) / span) * 2 - 1;
    y[k] = 1 - (2 * (neuron + 0.5)) / network.neurons;
    z[k] = population;
  }
  return { x, y, z };
}

function paintAxes(
  canvas: HTMLCanvasElement,
  element: HTMLElement,
  [from, to]: readonly [number, number],
  network: NetworkInfo,
  styles: readonly PopulationStyle[],
  neurons: number,
  dark: boolean,
): void {
  const ratio = devicePixelRatio;
  const width = element.clientWidth;
  const height = element.clientHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(ratio, ratio);
  context.font = '12px system-ui, sans-serif';
  context.fillStyle = dark ? '#c9d1d9' : '#24292f';
  context.strokeStyle = dark ? '#3d444d' : '#d0d7de';
  const plotWidth = width - MARGIN.left - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  // Seconds above ten seconds, milliseconds below.
  const unit = to > 10_000 ? { name: 's', ms: 1000 } : { name: 'ms', ms: 1 };
  context.textAlign = 'center';
  for (const tick of ticks(from / unit.ms, to / unit.ms, Math.max(2, plotWidth / 110))) {
    const x = MARGIN.left + ((tick * unit.ms - from) / (to - from)) * plotWidth;
    context.beginPath();
    context.moveTo(x, bottom);
    context.lineTo(x, bottom + 5);
    context.stroke();
    context.fillText(Number(tick.toPrecision(8)).toString(), x, bottom + 17);
  }
  context.fillText(`time (${unit.name})`, MARGIN.left + plotWidth / 2, height - 3);
  context.textAlign = 'right';
  let lastLabel = Number.NEGATIVE_INFINITY;
  network.populations.forEach((population, index) => {
    const style = styles[index] as PopulationStyle;
    const middle = (population.first + population.size / 2) / neurons;
    const y = MARGIN.top + middle * (bottom - MARGIN.top);
    if (y - lastLabel < 12) return;
    lastLabel = y;
    context.fillStyle = style.colour;
    context.fillText(`${population.name} ${style.mark}`, MARGIN.left - 6, y + 4);
  });
}

/** Round numbers inside [from, to], about `wanted` of them. */
export function ticks(from: number, to: number, wanted: number): number[] {
  const rough = (to - from) / Math.max(1, wanted);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const out: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) out.push(k * step);
  return out;
}
