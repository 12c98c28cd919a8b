/** What draws the cloud: the contract of its two painters, WebGL2 and 2-D canvas. */
import type { Lens } from './camera.ts';
import type { ColourMapName } from './colour-maps.ts';
import type { ValueScale } from './value-scale.ts';

export type Rgb = readonly [number, number, number];

/** Everything a picture depends on besides the cloud. */
export interface Scene {
  readonly lens: Lens;
  readonly zoom: number;
  readonly pixelRatio: number;
  /** 0…255. */
  readonly background: Rgb;
  readonly dark: boolean;
  /** The camera follows the hand: a painter that is slow may leave out neurons until it rests. */
  readonly moving: boolean;
  /** By population of the cloud. */
  readonly looks: readonly PointLook[];
  /** Diameter of points in the middle, CSS pixels. */
  readonly size: number;
  readonly fadeSteps: number;
  /** Colour by a variable; null: by activity. */
  readonly values: ValueLook | null;
}

export interface PointLook {
  readonly shown: boolean;
  readonly rgb: Rgb;
  readonly mark: '▲' | '●';
}

export interface ValueLook {
  /** By global neuron number; NaN where there is none. */
  readonly values: Float32Array;
  readonly scale: ValueScale;
  readonly map: ColourMapName;
}

export interface Painter {
  /** Last spikes of the cloud have changed. */
  activityChanged(): void;
  paint(scene: Scene): void;
  destroy(): void;
}

/** Of neurons without a value, and how much of its colour a resting neuron has. */
export const NO_VALUE: Rgb = [128, 128, 128];
export const REST = { dark: 0.4, light: 0.34 } as const;
/** Below this brightness a neuron counts as resting. */
export const LEAST_BRIGHTNESS = 0.02;

/** How wide points are drawn by default: a share of the room that each has, between a dot and a disc, CSS pixels. */
export function defaultSize(neurons: number, width: number, height: number): number {
  return Math.min(9, Math.max(1.6, 0.5 * Math.sqrt((width * height) / Math.max(1, neurons))));
}

/** Points grow more slowly than the picture: near by, one sees them apart. */
export const sizeAt = (size: number, zoom: number): number =>
  Math.min(28, size * Math.sqrt(Math.max(1, zoom)));

export const mix = (from: Rgb, to: Rgb, part: number): Rgb => [
  from[0] + (to[0] - from[0]) * part,
  from[1] + (to[1] - from[1]) * part,
  from[2] + (to[2] - from[2]) * part,
];
