/** Draws the cloud on a 2-D canvas, pixel by pixel, where there is no WebGL2. Same picture, without shapes of points. */
import { brightness, type Cloud } from './cloud.ts';
import { colourAt } from './colour-maps.ts';
import {
  LEAST_BRIGHTNESS,
  mix,
  NO_VALUE,
  type Painter,
  type PointLook,
  REST,
  type Rgb,
  type Scene,
  sizeAt,
} from './painter.ts';
import { fractionOf } from './value-scale.ts';

const WHITE: Rgb = [255, 255, 255];

export function createCanvasPainter(canvas: HTMLCanvasElement, cloud: Cloud): Painter {
  const context = canvas.getContext('2d', { alpha: false });
  let image: ImageData | null = null;
  return {
    activityChanged: () => undefined,
    paint(scene) {
      if (!context || canvas.width === 0 || canvas.height === 0) return;
      if (image?.width !== canvas.width || image.height !== canvas.height) {
        image = context.createImageData(canvas.width, canvas.height);
      }
      paintInto(image, cloud, scene);
      context.putImageData(image, 0, 0);
    },
    destroy: () => undefined,
  };
}

/** The picture of a scene, as pixels. */
export function paintInto(
  image: Pick<ImageData, 'data' | 'width' | 'height'>,
  cloud: Cloud,
  scene: Scene,
): void {
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(pixelOf(scene.background));
  // Neurons at rest first: those that spiked lie over them.
  for (const active of scene.values ? [false] : [false, true]) {
    for (const [index, { first, size, placed }] of cloud.populations.entries()) {
      const look = scene.looks[index];
      if (!placed || !look?.shown) continue;
      const colours = fadingColours(look, scene);
      for (let neuron = first; neuron < first + size; neuron++) {
        const pixel = scene.values
          ? valuePixel(scene.values.values[neuron] as number, scene)
          : pixelAtTime(cloud.lastSpike[neuron] as number, cloud.step, active, colours, scene);
        if (pixel !== null) putPoint(pixels, image, cloud, scene, neuron, pixel, active ? 1.4 : 1);
      }
    }
  }
}

const pixelOf = ([red, green, blue]: Rgb): number =>
  // Little-endian RGBA, as on every platform with a browser.
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/** Pixels of 64 brightnesses from rest to the moment of a spike. */
function fadingColours({ rgb }: PointLook, { background, dark }: Scene): Uint32Array {
  const rest = mix(background, rgb, dark ? REST.dark : REST.light);
  const spike = dark ? mix(rgb, WHITE, 0.55) : rgb;
  return Uint32Array.from({ length: 64 }, (_, k) => pixelOf(mix(rest, spike, k / 63)));
}

function pixelAtTime(
  lastSpike: number,
  step: number,
  active: boolean,
  colours: Uint32Array,
  { fadeSteps }: Scene,
): number | null {
  const glow = brightness(lastSpike, step, fadeSteps);
  if (glow > LEAST_BRIGHTNESS !== active) return null;
  return colours[active ? Math.round(63 * glow) : 0] as number;
}

function valuePixel(value: number, { values }: Scene): number {
  if (!values) return 0;
  return pixelOf(colourAt(values.map, fractionOf(value, values.scale)) ?? NO_VALUE);
}

function putPoint(
  pixels: Uint32Array,
  { width, height }: Pick<ImageData, 'width' | 'height'>,
  cloud: Cloud,
  { lens, pixelRatio, size, zoom }: Scene,
  neuron: number,
  pixel: number,
  growth: number,
): void {
  const { right, up, toward, centre } = lens;
  const dx = (cloud.places[3 * neuron] as number) - centre[0];
  const dy = (cloud.places[3 * neuron + 1] as number) - centre[1];
  const dz = (cloud.places[3 * neuron + 2] as number) - centre[2];
  const depth = toward[0] * dx + toward[1] * dy + toward[2] * dz;
  const nearness = 1 / Math.max(0.05, 1 - depth / lens.distance);
  const scale = lens.pixelsPerUm * nearness * pixelRatio;
  const half = (sizeAt(size, zoom) * growth * pixelRatio * nearness) / 2;
  const x = width / 2 + scale * (right[0] * dx + right[1] * dy + right[2] * dz);
  const y = height / 2 - scale * (up[0] * dx + up[1] * dy + up[2] * dz);
  const fromX = Math.max(0, Math.round(x - half));
  const toX = Math.min(width, Math.max(fromX + 1, Math.round(x + half)));
  const fromY = Math.max(0, Math.round(y - half));
  const toY = Math.min(height, Math.max(fromY + 1, Math.round(y + half)));
  if (x + half < 0 || y + half < 0) return;
  for (let row = fromY; row < toY; row++) {
    pixels.fill(pixel, row * width + fromX, row * width + toX);
  }
}
