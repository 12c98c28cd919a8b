/** The look of the panel Space as a word in a link, and back: "turn:-0.5,0.5;zoom:1.7;at:389,389,97;colour:v". */
import type { SpaceLook } from './project.ts';

/** Parts that are as by default are left out; '' when all are. */
export function spaceText(look: SpaceLook | undefined): string {
  if (!look) return '';
  const { camera, colour, map, fadeMs, size, hidden } = look;
  const parts: string[] = [];
  if (camera) {
    parts.push(`turn:${camera.yaw.toFixed(3)},${camera.pitch.toFixed(3)}`);
    parts.push(`zoom:${short(camera.zoom)}`, `at:${camera.centre.map(short).join(',')}`);
  }
  if (colour !== '') parts.push(`colour:${encodeURIComponent(colour)}`);
  if (map !== 'viridis') parts.push(`map:${map}`);
  if (fadeMs !== 30) parts.push(`fade:${short(fadeMs)}`);
  if (size !== 1) parts.push(`size:${short(size)}`);
  if (hidden.length > 0) parts.push(`hide:${hidden.map(encodeURIComponent).join(',')}`);
  return parts.join(';');
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** null for what says nothing that is understood. */
export function readSpaceText(text: string): SpaceLook | null {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [key, value, ...rest] = part.split(':');
    if (key === undefined || value === undefined || rest.length > 0) return null;
    parts.set(key, value);
  }
  const numbers = (key: string): number[] => (parts.get(key) ?? '').split(',').map(toNumber);
  const one = (key: string, otherwise: number): number =>
    parts.has(key) ? toNumber(parts.get(key) as string) : otherwise;
  const [yaw, pitch] = numbers('turn');
  const [x, y, z] = numbers('at');
  const camera = parts.has('turn')
    ? ({ yaw, pitch, zoom: one('zoom', 1), centre: [x, y, z] } as SpaceLook['camera'])
    : null;
  const [fadeMs, size] = [one('fade', 30), one('size', 1)];
  const map = parts.get('map') ?? 'viridis';
  const all = camera ? [camera.yaw, camera.pitch, camera.zoom, ...camera.centre] : [];
  if (![...all, fadeMs, size].every(Number.isFinite)) return null;
  if (map !== 'viridis' && map !== 'cividis') return null;
  try {
    return {
      camera,
      colour: decodeURIComponent(parts.get('colour') ?? ''),
      map,
      fadeMs,
      size,
      hidden: (parts.get('hide') ?? '').split(',').filter(Boolean).map(decodeURIComponent),
    };
  } catch {
    // An escape that is none.
    return null;
  }
}

const toNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
