/**
 * The moving raster: a picture of spike density over a time window, one pixel column per few steps, kept as a ring of
 * columns so that a frame costs the new spikes and not the old ones. Populations are bands whose height follows their
 * size. Not an archive: see spike-log.ts for what can be explored afterwards.
 */
import type { PopulationStyle } from './colours.ts';
import type { PopulationInfo } from './protocol.ts';

export interface Band {
  readonly name: string;
  /** Pixel rows from the top of the canvas. */
  readonly top: number;
  readonly height: number;
}

export interface LiveRaster {
  readonly bands: readonly Band[];
  /** Counts spikes and moves the window to `step`. */
  readonly add: (steps: Uint32Array, neurons: Uint32Array, step: number) => void;
  readonly draw: () => void;
}

const GAP = 3;

/** Bands fill the height; small populations keep at least a few rows so that they can be seen. */
export function layoutBands(populations: readonly PopulationInfo[], height: number): Band[] {
  const free = height - GAP * (populations.length - 1);
  const least = Math.max(2, Math.min(14, Math.floor(free / populations.length)));
  // Square roots keep a thousand-neuron population visible beside a twenty-thousand one.
  const shares = populations.map((population) => Math.sqrt(population.size));
  const sum = shares.reduce((a, b) => a + b, 0);
  const spare = Math.max(0, free - least * populations.length);
  let top = 0;
  return populations.map((population, index) => {
    const isLast = index === populations.length - 1;
    const rows = least + Math.floor((spare * (shares[index] as number)) / sum);
    const band = {
      name: population.name,
      top,
      height: isLast ? Math.max(least, height - top) : rows,
    };
    top += band.height + GAP;
    return band;
  });
}

export function createLiveRaster(
  canvas: HTMLCanvasElement,
  populations: readonly PopulationInfo[],
  styles: readonly PopulationStyle[],
  windowSteps: number,
  background: readonly [number, number, number],
): LiveRaster {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('internal: no 2-D canvas');
  const { width, height } = canvas;
  const bands = layoutBands(populations, height);
  const stepsPerColumn = Math.max(1, Math.round(windowSteps / width));
  const rowOf = rowTable(populations, bands);
  const counts = new Uint16Array(width * height);
  const image = context.createImageData(width, height);
  const colours = rowColours(bands, styles, height);
  /** Newest column counted since the start of the run; its place in the ring is its remainder by width. */
  let head = -1;
  let dirtyFrom = 0;

  const paintColumn = (column: number): void => {
    for (let row = 0; row < height; row++) {
      const count = counts[row * width + column] as number;
      const at = (row * width + column) * 4;
      // One spike is already bright; more saturate.
      const light = count === 0 ? 0 : 1 - 0.25 ** count;
      for (let channel = 0; channel < 3; channel++) {
        const from = background[channel] as number;
        const to = colours[row * 3 + channel] as number;
        image.data[at + channel] = from + (to - from) * light;
      }
      image.data[at + 3] = 255;
    }
  };

  const advanceTo = (column: number): void => {
    const first = Math.max(head + 1, column - width + 1);
    for (let fresh = first; fresh <= column; fresh++) {
      const place = fresh % width;
      for (let row = 0; row < height; row++) counts[row * width + place] = 0;
    }
    head = Math.max(head, column);
  };

  for (let column = 0; column < width; column++) paintColumn(column);

  return {
    bands,
    add(steps, neurons, step) {
      for (let k = 0; k < steps.length; k++) {
        const column = Math.floor((steps[k] as number) / stepsPerColumn);
        if (column > head) advanceTo(column);
        if (column <= head - width) continue;
        // Two pixels high: one alone is lost on a fine screen.
        const top = rowOf[neurons[k] as number] as number;
        for (const row of [top, top + 1]) {
          const cell = row * width + (column % width);
          counts[cell] = Math.min(65535, (counts[cell] as number) + 1);
        }
        dirtyFrom = Math.min(dirtyFrom, column);
      }
      const now = Math.floor(Math.max(0, step - 1) / stepsPerColumn);
      if (now > head) advanceTo(now);
    },
    draw() {
      for (let column = Math.max(dirtyFrom, head - width + 1, 0); column <= head; column++) {
        paintColumn(column % width);
      }
      dirtyFrom = head;
      const split = (head + 1) % width;
      if (head < width) {
        context.putImageData(image, 0, 0);
        return;
      }
      // The ring's oldest column is drawn at the left edge.
      context.putImageData(image, -split, 0, split, 0, width - split, height);
      context.putImageData(image, width - split, 0, 0, 0, split, height);
    },
  };
}

function rowTable(populations: readonly PopulationInfo[], bands: readonly Band[]): Uint16Array {
  const neurons = populations.reduce((sum, population) => sum + population.size, 0);
  const rows = new Uint16Array(neurons);
  populations.forEach((population, index) => {
    const band = bands[index] as Band;
    for (let k = 0; k < population.size; k++) {
      rows[population.first + k] = band.top + Math.floor((k * (band.height - 1)) / population.size);
    }
  });
  return rows;
}

function rowColours(
  bands: readonly Band[],
  styles: readonly PopulationStyle[],
  height: number,
): Uint8Array {
  const colours = new Uint8Array(height * 3);
  bands.forEach((band, index) => {
    const rgb = (styles[index] as PopulationStyle).rgb;
    for (let row = band.top; row < Math.min(height, band.top + band.height); row++) {
      colours.set(rgb, row * 3);
    }
  });
  return colours;
}
