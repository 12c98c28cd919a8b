/**
 * Draws the cloud on a 2-D canvas, pixel by pixel, where there is no WebGL2 or only a software one, which takes ten times
 * as long for large clouds. The same picture, with squares for points. What does not change from picture to picture is
 * kept: where every neuron is on the screen, and the picture of all of them at rest.
 */

import type { Lens } from './camera.ts';
import { brightness, type Cloud } from './cloud.ts';
import { colourTable } from './colour-maps.ts';
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
  type ValueLook,
} from './painter.ts';
import { fractionOf } from './value-scale.ts';

const WHITE: Rgb = [255, 255, 255];
/** Shades from rest to the moment of a spike. */
const SHADES = 64;
/** Multiples of it modulo one are evenly spread. */
const GOLDEN = 0.6180339887;
/** Not on the screen. */
const NOWHERE = -32768;

export function createCanvasPainter(canvas: HTMLCanvasElement, cloud: Cloud): Painter {
  const context = canvas.getContext('2d', { alpha: false });
  const paint = createPixels(cloud);
  let image: ImageData | null = null;
  return {
    activityChanged: () => undefined,
    paint(scene) {
      if (!context || canvas.width === 0 || canvas.height === 0) return;
      if (image?.width !== canvas.width || image.height !== canvas.height) {
        image = context.createImageData(canvas.width, canvas.height);
      }
      paint(new Uint32Array(image.data.buffer), image.width, image.height, scene);
      context.putImageData(image, 0, 0);
    },
    destroy: () => undefined,
  };
}

type Pixels = (pixels: Uint32Array, width: number, height: number, scene: Scene) => void;

/** While the camera moves, about so many neurons are drawn: the hand is followed, and what rests is drawn in full. */
const MOST_MOVING = 40_000;

/** Paints scenes of a cloud into pixels, row by row from the top. */
export function createPixels(cloud: Cloud): Pixels {
  const places = createPlaces(cloud.neurons);
  let rest = new Uint32Array(0);
  let restKey = '';
  return (pixels, width, height, scene) => {
    const stride = scene.moving ? Math.max(1, Math.round(cloud.neurons / MOST_MOVING)) : 1;
    const moved = places.project(cloud, scene, width, height, stride);
    const { values } = scene;
    if (values) {
      pixels.fill(pixelOf(scene.background));
      places.clearDepth(pixels.length);
      restKey = '';
      const colours = valueColours(values);
      for (const { first, size } of shownOf(cloud, scene)) {
        for (let neuron = first; neuron < first + size; neuron += stride) {
          const pixel = colours[valueIndex(values, neuron)] as number;
          places.put(pixels, width, height, neuron, 0, pixel);
        }
      }
      return;
    }
    const key = JSON.stringify([scene.background, scene.dark, scene.looks]);
    if (moved || key !== restKey || rest.length !== pixels.length) {
      restKey = key;
      pixels.fill(pixelOf(scene.background));
      places.clearDepth(pixels.length);
      for (const { first, size, colours } of shownOf(cloud, scene)) {
        const pixel = colours[0] as number;
        for (let neuron = first; neuron < first + size; neuron += stride) {
          places.put(pixels, width, height, neuron, 0, pixel);
        }
      }
      if (rest.length !== pixels.length) rest = new Uint32Array(pixels.length);
      rest.set(pixels);
    } else pixels.set(rest);
    // Those that spiked lately shine through the others, not through each other.
    places.clearDepth(pixels.length);
    const { step, lastSpike } = cloud;
    const oldest = step + scene.fadeSteps * Math.log(LEAST_BRIGHTNESS);
    for (const { first, size, colours } of shownOf(cloud, scene)) {
      for (let neuron = first; neuron < first + size; neuron += stride) {
        const last = lastSpike[neuron] as number;
        if (last === 0 || last < oldest) continue;
        const glow = brightness(last, step, scene.fadeSteps);
        const pixel = colours[Math.round((SHADES - 1) * glow)] as number;
        places.put(pixels, width, height, neuron, glow > 0.5 ? 1 : 0, pixel);
      }
    }
  };
}

function* shownOf({ populations }: Cloud, scene: Scene) {
  for (const [index, { first, size, placed }] of populations.entries()) {
    const look = scene.looks[index];
    if (placed && look?.shown) yield { first, size, colours: fadingColours(look, scene) };
  }
}

/** Where neurons are on the screen, computed anew when the camera has moved. */
function createPlaces(neurons: number) {
  const lefts = new Int16Array(neurons);
  const tops = new Int16Array(neurons);
  const sides = new Uint8Array(neurons);
  /** How near to the eye, 1 … 255. */
  const nears = new Uint8Array(neurons);
  /** By pixel: how near what is drawn there is. */
  let drawn = new Uint8Array(0);
  let shown = '';
  return {
    clearDepth(pixels: number): void {
      if (drawn.length !== pixels) drawn = new Uint8Array(pixels);
      else drawn.fill(0);
    },
    /** Whether anything has moved. */
    project(cloud: Cloud, scene: Scene, width: number, height: number, stride: number): boolean {
      const { lens, size, zoom, pixelRatio } = scene;
      const key = JSON.stringify([lens, size, zoom, pixelRatio, width, height, stride]);
      if (key === shown) return false;
      shown = key;
      const side = sizeAt(size, zoom) * pixelRatio;
      // Populations begin anywhere in the stride.
      for (const { first, size: count } of cloud.populations) {
        for (let neuron = first; neuron < first + count; neuron += stride) {
          placeOne(cloud.places, neuron, lens, width, height, side);
        }
      }
      return true;
    },
    /** A square in its place, `more` pixels wider on every side. */
    put(
      pixels: Uint32Array,
      width: number,
      height: number,
      neuron: number,
      more: number,
      pixel: number,
    ): void {
      const left = lefts[neuron] as number;
      if (left === NOWHERE) return;
      const top = tops[neuron] as number;
      const side = sides[neuron] as number;
      const near = nears[neuron] as number;
      const toX = Math.min(width, left + side + more);
      const toY = Math.min(height, top + side + more);
      const fromX = Math.max(0, left - more);
      for (let row = Math.max(0, top - more); row < toY; row++) {
        const start = row * width;
        for (let at = start + fromX; at < start + toX; at++) {
          if (near < (drawn[at] as number)) continue;
          drawn[at] = near;
          pixels[at] = pixel;
        }
      }
    },
  };

  function placeOne(
    all: Float32Array,
    neuron: number,
    { right, up, toward, centre, distance, radius, pixelsPerUm, width: seen }: Lens,
    width: number,
    height: number,
    side: number,
  ): void {
    const dx = (all[3 * neuron] as number) - centre[0];
    const dy = (all[3 * neuron + 1] as number) - centre[1];
    const dz = (all[3 * neuron + 2] as number) - centre[2];
    const depth = toward[0] * dx + toward[1] * dy + toward[2] * dz;
    const nearness = 1 / Math.max(0.05, 1 - depth / distance);
    const scale = (pixelsPerUm * nearness * width) / seen;
    const wide = Math.max(1, Math.min(100, Math.round(side * nearness)));
    const x = width / 2 + scale * (right[0] * dx + right[1] * dy + right[2] * dz) - wide / 2;
    const y = height / 2 - scale * (up[0] * dx + up[1] * dy + up[2] * dz) - wide / 2;
    const isOutside = x + wide < 0 || y + wide < 0 || x > width || y > height;
    lefts[neuron] = isOutside ? NOWHERE : Math.round(x);
    tops[neuron] = isOutside ? 0 : Math.round(y);
    sides[neuron] = wide;
    // Without depth, chance decides and not the order of populations.
    const order =
      distance === Number.POSITIVE_INFINITY ? (neuron * GOLDEN) % 1 : 0.5 + depth / (2 * radius);
    nears[neuron] = 1 + Math.round(254 * Math.min(1, Math.max(0, order)));
  }
}

const pixelOf = ([red, green, blue]: Rgb): number =>
  // Little-endian RGBA, as on every platform with a browser.
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

function fadingColours({ rgb }: PointLook, { background, dark }: Scene): Uint32Array {
  const rest = mix(background, rgb, dark ? REST.dark : REST.light);
  const spike = dark ? mix(rgb, WHITE, 0.55) : rgb;
  return Uint32Array.from({ length: SHADES }, (_, k) =>
    pixelOf(mix(rest, spike, k / (SHADES - 1))),
  );
}

/** Pixels of the colour map, then that of no value. */
function valueColours({ map }: ValueLook): Uint32Array {
  const table = new Uint32Array(colourTable(map).slice().buffer);
  return Uint32Array.from({ length: 257 }, (_, k) =>
    k < 256 ? (table[k] as number) : pixelOf(NO_VALUE),
  );
}

function valueIndex({ values, scale }: ValueLook, neuron: number): number {
  const fraction = fractionOf(values[neuron] as number, scale);
  return Number.isNaN(fraction) ? 256 : Math.round(255 * Math.min(1, Math.max(0, fraction)));
}
