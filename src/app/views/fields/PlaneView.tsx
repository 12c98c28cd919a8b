/**
 * A plane of voxels on the page: drawn when it or its place changes; the pointer or the arrow keys read voxels, a drag
 * draws the line of the profile, a click lays it across.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { onTheme, readInk } from '../plot/ink.ts';
import { type Drawn, drawPlane, type Frame, frameOf, placeAt } from './picture.ts';
import type { Place } from './slice.ts';

export interface PlaneViewProps extends Pick<Drawn, 'plane' | 'grid' | 'scale' | 'map' | 'smooth'> {
  readonly label: string;
  readonly line: { readonly from: Place; readonly to: Place } | null;
  /** Voxel that is read, or null. */
  readonly cursor: Place | null;
  onCursor(place: Place | null): void;
  onLine(line: { readonly from: Place; readonly to: Place }): void;
  /** What is drawn, for saving. */
  readonly handle: { current: HTMLCanvasElement | null };
}

export function PlaneView(props: PlaneViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = props.handle;
  const latest = useRef(props);
  latest.current = props;
  const frame = useRef<Frame | null>(null);
  const [, refresh] = useState(0);
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const again = (): void => refresh((count) => count + 1);
    const sizes = new ResizeObserver(again);
    sizes.observe(element);
    const themes = onTheme(again);
    const unbind = bindPointer(element, frame, latest);
    return () => {
      sizes.disconnect();
      themes();
      unbind();
    };
  }, []);
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const room = (place.current as HTMLDivElement).clientWidth;
    const { plane, grid } = props;
    const pixelRatio = Math.min(2, devicePixelRatio || 1);
    const made = frameOf(plane, grid, room, Math.max(220, Math.min(520, innerHeight * 0.5)));
    frame.current = made;
    element.width = Math.round(made.canvasWidth * pixelRatio);
    element.height = Math.round(made.canvasHeight * pixelRatio);
    element.style.height = `${made.canvasHeight}px`;
    const context = element.getContext('2d');
    if (context) drawPlane(context, { ...props, frame: made, ink: readInk(element), pixelRatio });
  });
  return (
    <div
      ref={place}
      class="fields-plane"
      role="application"
      aria-roledescription="slice of a field"
      aria-label={`${props.label}. Arrow keys read voxels, Enter lays the line of the profile through one.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: voxels are read with keys.
      tabIndex={0}
    >
      <canvas ref={canvas} role="img" aria-label={props.label} />
    </div>
  );
}

function bindPointer(
  element: HTMLElement,
  frame: { readonly current: Frame | null },
  latest: { readonly current: PlaneViewProps },
): () => void {
  let began: Place | null = null;
  let beganAt = { x: 0, y: 0 };
  let isLine = false;
  const at = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const placeOf = (event: PointerEvent): Place | null => {
    const { x, y } = at(event);
    return frame.current && placeAt(frame.current, latest.current.plane, x, y);
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    began = placeOf(event);
    beganAt = at(event);
    isLine = false;
    if (began) element.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const now = placeOf(event);
    latest.current.onCursor(now);
    if (!began || !now) return;
    const { x, y } = at(event);
    isLine ||= Math.hypot(x - beganAt.x, y - beganAt.y) > 6;
    if (isLine) latest.current.onLine({ from: began, to: now });
  };
  const onUp = (event: PointerEvent): void => {
    const now = placeOf(event);
    if (began && now && !isLine) {
      latest.current.onCursor(now);
      latest.current.onLine(across(latest.current, now));
    }
    began = null;
  };
  const onLeave = (): void => {
    if (!began && document.activeElement !== element) latest.current.onCursor(null);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !pressed(event, latest.current)) return;
    event.preventDefault();
    // Arrows move in time elsewhere on the page.
    event.stopPropagation();
  };
  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onUp);
  element.addEventListener('pointerleave', onLeave);
  element.addEventListener('keydown', onKey);
  return () => {
    element.removeEventListener('pointerdown', onDown);
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerup', onUp);
    element.removeEventListener('pointerleave', onLeave);
    element.removeEventListener('keydown', onKey);
  };
}

/** From edge to edge through a place: to the right, or upwards where the plane is higher than wide. */
function across({ plane: { width, height } }: PlaneViewProps, { u, v }: Place) {
  const row = Math.floor(v) + 0.5;
  const column = Math.floor(u) + 0.5;
  return width >= height
    ? { from: { u: 0, v: row }, to: { u: width, v: row } }
    : { from: { u: column, v: 0 }, to: { u: column, v: height } };
}

function pressed({ key }: KeyboardEvent, props: PlaneViewProps): boolean {
  const { plane, cursor } = props;
  const now = cursor ?? { u: plane.width / 2, v: plane.height / 2 };
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move) {
    const along = (value: number, by: number, count: number): number =>
      Math.min(count - 1, Math.max(0, Math.floor(value) + (cursor ? by : 0))) + 0.5;
    props.onCursor({
      u: along(now.u, move[0], plane.width),
      v: along(now.v, move[1], plane.height),
    });
  } else if (key === 'Enter' && cursor) props.onLine(across(props, cursor));
  else if (key === 'Escape' && cursor) props.onCursor(null);
  else return false;
  return true;
}
