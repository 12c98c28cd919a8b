/**
 * What is written over the cloud: the box around it, directions, the scale bar, names of discs, rings around picked
 * neurons. On a 2-D canvas of its own, so that lines and letters are sharp; draws nothing per neuron.
 */
import { type Ink as PlotInk, readInk as readPlotInk } from '../plot/ink.ts';
import { boxEdges, type Lens, type Projected, project, scaleBar } from './camera.ts';
import type { Cloud } from './cloud.ts';
import { placeOf } from './pick.ts';
import { formatValue } from './value-scale.ts';

export interface Ink extends PlotInk {
  readonly background: string;
}

export const readInk = (element: Element): Ink => ({
  ...readPlotInk(element),
  background: getComputedStyle(element).getPropertyValue('--background').trim(),
});

export interface Written {
  readonly ink: Ink;
  readonly pixelRatio: number;
  /** Global numbers. */
  readonly picked: Uint32Array;
  /** Under the pointer; -1 without. */
  readonly hovered: number;
  readonly isShown: (population: number) => boolean;
}

/** More rings than this would hide the neurons. */
const MOST_RINGS = 400;
const FONT = '12px system-ui, sans-serif';

export function drawOverlay(
  context: CanvasRenderingContext2D,
  cloud: Cloud,
  lens: Lens,
  written: Written,
): void {
  context.setTransform(written.pixelRatio, 0, 0, written.pixelRatio, 0, 0);
  context.clearRect(0, 0, lens.width, lens.height);
  context.font = FONT;
  context.lineWidth = 1;
  if (cloud.anatomical) {
    drawBox(context, cloud, lens, written.ink);
    drawDirections(context, cloud, lens, written.ink);
    drawScaleBar(context, lens, written.ink);
  } else drawNames(context, cloud, lens, written);
  drawRings(context, cloud, lens, written);
}

function drawBox(context: CanvasRenderingContext2D, { bounds }: Cloud, lens: Lens, ink: Ink): void {
  context.strokeStyle = ink.strong;
  context.globalAlpha = 0.45;
  context.beginPath();
  for (const [from, to] of boxEdges(bounds)) {
    const a = project(lens, ...from);
    const b = project(lens, ...to);
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Three arrows at the lower left, as long as they are seen from here. */
function drawDirections(
  context: CanvasRenderingContext2D,
  { bounds }: Cloud,
  lens: Lens,
  ink: Ink,
): void {
  const length = 26;
  const from = { x: 42, y: lens.height - 42 };
  const names = bounds.flat ? ['x', 'y'] : ['x', 'y', 'z'];
  context.strokeStyle = ink.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  names.forEach((name, axis) => {
    const alongX = lens.right[axis] as number;
    const alongY = -(lens.up[axis] as number);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(from.x + length * alongX, from.y + length * alongY);
    context.stroke();
    // An axis that points at the eye has its name beside its end.
    const reach = (length + 10) / Math.max(0.35, Math.hypot(alongX, alongY));
    const toX = from.x + Math.hypot(alongX, alongY) * reach * alongX;
    const toY = from.y + Math.hypot(alongX, alongY) * reach * alongY;
    write(context, name, toX, toY, ink);
  });
}

function drawScaleBar(context: CanvasRenderingContext2D, lens: Lens, ink: Ink): void {
  const { um, pixels } = scaleBar(lens, Math.min(160, lens.width / 3));
  const right = lens.width - 16;
  const y = lens.height - 16;
  context.strokeStyle = ink.text;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(right - pixels, y);
  context.lineTo(right, y);
  context.stroke();
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  write(context, lengthText(um), right, y - 4, ink);
}

/** µm below a millimetre, mm above. */
export const lengthText = (um: number): string =>
  um >= 1000 ? `${formatValue(um / 1000)} mm` : `${formatValue(um)} µm`;

function drawNames(
  context: CanvasRenderingContext2D,
  { populations }: Cloud,
  lens: Lens,
  { ink, isShown }: Written,
): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  for (const [index, { name, disc }] of populations.entries()) {
    if (!disc || !isShown(index)) continue;
    const top = project(lens, disc.x, disc.y + disc.radius, 0);
    write(context, name, top.x, top.y - 5, ink);
  }
}

function drawRings(
  context: CanvasRenderingContext2D,
  cloud: Cloud,
  lens: Lens,
  { ink, picked, hovered }: Written,
): void {
  const ring = (neuron: number, radius: number): Projected | null => {
    if (neuron < 0 || neuron >= cloud.neurons) return null;
    const at = placeOf(cloud, lens, neuron);
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.stroke();
    return at;
  };
  context.strokeStyle = ink.text;
  context.lineWidth = 1.5;
  for (const neuron of picked.subarray(0, MOST_RINGS)) ring(neuron, 7);
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  ring(hovered, 9);
  context.lineWidth = 1;
}

/** With a halo, so that it reads on points. */
function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  ink: Ink,
): void {
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = ink.background;
  context.strokeText(text, x, y);
  context.lineWidth = 1;
  context.fillStyle = ink.text;
  context.fillText(text, x, y);
  context.strokeStyle = ink.text;
}
