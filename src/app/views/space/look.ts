/** How the panel Space looks: its defaults, and what a project says, made safe. Plain data. */
import type { NetworkInfo, VariableInfo } from '../../simulation/protocol.ts';
import type { Probe, SpaceLook } from '../../state/project.ts';
import type { Bounds, Camera, Vector } from './camera.ts';
import { fittingCamera } from './camera.ts';

export const DEFAULT_LOOK: SpaceLook = {
  camera: null,
  colour: '',
  map: 'viridis',
  fadeMs: 30,
  size: 1,
  hidden: [],
};

export const FADE_MS = { least: 1, most: 3000 } as const;
export const SIZE = { least: 0.3, most: 4 } as const;

const within = (value: unknown, least: number, most: number, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value)
    ? Math.min(most, Math.max(least, value))
    : otherwise;

/** What a project says may come from a link: anything that makes no sense becomes the default. */
export function lookOf(look: Partial<SpaceLook> | undefined): SpaceLook {
  if (typeof look !== 'object' || look === null) return DEFAULT_LOOK;
  const { camera, colour, map, hidden } = look;
  return {
    camera: camera && isCamera(camera) ? camera : null,
    colour: typeof colour === 'string' ? colour : '',
    map: map === 'cividis' ? 'cividis' : 'viridis',
    fadeMs: within(look.fadeMs, FADE_MS.least, FADE_MS.most, DEFAULT_LOOK.fadeMs),
    size: within(look.size, SIZE.least, SIZE.most, 1),
    hidden: Array.isArray(hidden) ? hidden.filter((name) => typeof name === 'string') : [],
  };
}

function isCamera(camera: NonNullable<SpaceLook['camera']>): boolean {
  const { yaw, pitch, zoom, centre } = camera;
  return (
    [yaw, pitch, zoom].every(Number.isFinite) &&
    Array.isArray(centre) &&
    centre.length === 3 &&
    centre.every(Number.isFinite)
  );
}

/** The camera of a look, on this cloud. */
export function cameraOf(
  { camera }: SpaceLook,
  bounds: Bounds,
  width: number,
  height: number,
): Camera {
  const fitting = fittingCamera(bounds, width, height);
  if (!camera) return fitting;
  const centre = camera.centre.map((value, axis) =>
    within(value, bounds.min[axis] as number, bounds.max[axis] as number, 0),
  );
  return {
    yaw: bounds.flat ? 0 : camera.yaw,
    pitch: bounds.flat ? fitting.pitch : within(camera.pitch, -Math.PI / 2, Math.PI / 2, 0.5),
    zoom: within(camera.zoom, 0.2, 200, 1),
    centre: centre as unknown as Vector,
  };
}

export interface ColourChoice extends VariableInfo {
  /** Populations that have it, in this unit. */
  readonly populations: readonly string[];
}

/** Stored variables, by which neurons can be coloured: one entry per name, with the unit of the first population that has it. */
export function colourChoices({ populations }: NetworkInfo): readonly ColourChoice[] {
  const found = new Map<string, { variable: VariableInfo; populations: string[] }>();
  for (const { name, variables } of populations) {
    for (const variable of variables.filter(({ stored }) => stored)) {
      const entry = found.get(variable.name);
      if (!entry) found.set(variable.name, { variable, populations: [name] });
      else if (entry.variable.unit === variable.unit) entry.populations.push(name);
    }
  }
  return [...found.values()].map(({ variable, populations: names }) => ({
    ...variable,
    populations: names,
  }));
}

const MOST_PROBES = 8;

/** Probes with one neuron more, or with it alone in its population; the oldest gives way where there are too many. */
export function withProbe(
  probes: readonly Probe[],
  population: string,
  neuron: number,
  add: boolean,
): readonly Probe[] {
  const before = add
    ? (probes.find((probe) => probe.population === population)?.neurons ?? [])
    : [];
  if (before.includes(neuron)) return probes;
  const neurons = [...before, neuron].slice(-MOST_PROBES).sort((a, b) => a - b);
  return [...probes.filter((probe) => probe.population !== population), { population, neurons }];
}
