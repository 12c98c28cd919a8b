/**
 * A plane of voxels as a picture with axes in µm: where everything goes, and drawing it on a 2-D canvas. Knows the
 * plane and its colours; pointers are in PlaneView.tsx.
 */
import type { Ink } from '../plot/ink.ts';
import { type ColourMapName, colourAt } from '../space/colour-maps.ts';
import { fractionOf, ticksOf, type ValueScale } from '../space/value-scale.ts';
import { AXIS_NAMES, type Grid, type Place, type Plane } from './slice.ts';

/** Where the plane is in the canvas, CSS pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the canvas. */
  readonly canvasWidth: number;
  readonly canvasHeight: number;
}

const MARGIN = { left: 54, right: 12, top: 10, bottom: 38 } as const;

/** The largest picture with the proportions of the plane in so much room. */
export function frameOf(plane: Plane, grid: Grid, room: number, highest: number): Frame {
  const [right, up] = plane.axes;
  const ratio = (plane.height * grid.spacingUm[up]) / (plane.width * grid.spacingUm[right]);
  const width = Math.max(40, Math.min(room - MARGIN.left - MARGIN.right, highest / ratio));
  // A line of voxels is still a strip that can be seen.
  const height = Math.max(14, width * ratio);
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width,
    height,
    canvasWidth: room,
    canvasHeight: height + MARGIN.top + MARGIN.bottom,
  };
}

/** Column and row, and parts of them, at a place on the canvas; null outside. */
export function placeAt(frame: Frame, plane: Plane, x: number, y: number): Place | null {
  const u = ((x - frame.left) / frame.width) * plane.width;
  const v = (1 - (y - frame.top) / frame.height) * plane.height;
  return u >= 0 && v >= 0 && u < plane.width && v < plane.height ? { u, v } : null;
}

/** Its colours, one pixel per voxel, highest row first. */
export function pixelsOf(
  plane: Plane,
  scale: ValueScale,
  map: ColourMapName,
): {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
} {
  const { width, height, values } = plane;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = values[(height - 1 - row) * width + column] as number;
      const at = 4 * (row * width + column);
      const colour = colourAt(map, fractionOf(value, scale));
      // Nothing to show (no logarithm, no number): transparent.
      if (!colour) continue;
      [data[at], data[at + 1], data[at + 2]] = colour;
      data[at + 3] = 255;
    }
  }
  return { data, width, height };
}

export interface Drawn {
  readonly frame: Frame;
  readonly plane: Plane;
  readonly grid: Grid;
  readonly scale: ValueScale;
  readonly map: ColourMapName;
  readonly smooth: boolean;
  readonly line: { readonly from: Place; readonly to: Place } | null;
  readonly cursor: Place | null;
  readonly ink: Ink;
  readonly pixelRatio: number;
}

export function drawPlane(context: CanvasRenderingContext2D, drawn: Drawn): void {
  const { frame, plane, scale, map, smooth, ink, pixelRatio } = drawn;
  const { data, width, height } = pixelsOf(plane, scale, map);
  const voxels = new OffscreenCanvas(width, height);
  voxels.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, frame.canvasWidth, frame.canvasHeight);
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(voxels, frame.left, frame.top, frame.width, frame.height);
  context.strokeStyle = ink.strong;
  context.lineWidth = 1;
  context.strokeRect(frame.left - 0.5, frame.top - 0.5, frame.width + 1, frame.height + 1);
  drawAxis(context, drawn, 0);
  drawAxis(context, drawn, 1);
  if (drawn.line) drawLine(context, drawn, drawn.line);
  if (drawn.cursor) drawCursor(context, drawn, drawn.cursor);
}

/** Ticks in µm and the name of the axis; the first axis goes to the right, the second upwards. */
function drawAxis(
  context: CanvasRenderingContext2D,
  { frame, plane, grid, ink }: Drawn,
  which: 0 | 1,
): void {
  const axis = plane.axes[which];
  const count = which === 0 ? plane.width : plane.height;
  const from = grid.originUm?.[axis] ?? 0;
  const scale = { min: from, max: from + count * grid.spacingUm[axis], log: false };
  const pixels = which === 0 ? frame.width : frame.height;
  context.font = '12px system-ui, sans-serif';
  context.fillStyle = ink.quiet;
  context.strokeStyle = ink.strong;
  context.textAlign = which === 0 ? 'center' : 'right';
  context.textBaseline = which === 0 ? 'top' : 'middle';
  const bottom = frame.top + frame.height;
  // Too low for several ticks: the ends only.
  for (const { fraction, text } of ticksOf(
    scale,
    Math.max(1, Math.min(7, Math.floor(pixels / 50))),
  )) {
    const x = which === 0 ? frame.left + fraction * frame.width : frame.left - 7;
    const y = which === 0 ? bottom + 7 : bottom - fraction * frame.height;
    context.beginPath();
    context.moveTo(which === 0 ? x : frame.left - 5, which === 0 ? bottom + 1 : y);
    context.lineTo(which === 0 ? x : frame.left - 1, which === 0 ? bottom + 5 : y);
    context.stroke();
    context.fillText(text, x, y);
  }
  const name = `${AXIS_NAMES[axis]} (µm)`;
  if (which === 0) {
    context.fillText(name, frame.left + frame.width / 2, bottom + 22);
    return;
  }
  context.save();
  context.translate(12, frame.top + frame.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  if (frame.height >= 50) context.fillText(name, 0, 0);
  context.restore();
}

const onCanvas = ({ frame, plane }: Drawn, { u, v }: Place): { x: number; y: number } => ({
  x: frame.left + (u / plane.width) * frame.width,
  y: frame.top + (1 - v / plane.height) * frame.height,
});

/** Light on dark, so that it is seen on every colour. */
function twice(context: CanvasRenderingContext2D, draw: () => void): void {
  for (const [style, width] of [
    ['#000000', 3.5],
    ['#ffffff', 1.5],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    draw();
  }
}

function drawLine(
  context: CanvasRenderingContext2D,
  drawn: Drawn,
  line: { readonly from: Place; readonly to: Place },
): void {
  const from = onCanvas(drawn, line.from);
  const to = onCanvas(drawn, line.to);
  twice(context, () => {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    context.beginPath();
    context.arc(from.x, from.y, 4, 0, 2 * Math.PI);
    context.stroke();
  });
}

function drawCursor(context: CanvasRenderingContext2D, drawn: Drawn, place: Place): void {
  const { u, v } = { u: Math.floor(place.u), v: Math.floor(place.v) };
  const low = onCanvas(drawn, { u, v });
  const high = onCanvas(drawn, { u: u + 1, v: v + 1 });
  twice(context, () => {
    context.strokeRect(low.x - 1, high.y - 1, high.x - low.x + 2, low.y - high.y + 2);
  });
}
