/**
 * Pointers over the raster, in terms of time and rows: dragging with a mouse chooses an interval, with a finger it pans;
 * two fingers and the wheel zoom, a click picks, a double click follows the run again. Knows nothing of the app.
 */

/** A click waits that long for a second one. */
const DOUBLE_MS = 230;
/** A pointer that moved less was not dragged, CSS pixels. */
const STILL = 5;

export interface RasterGestures {
  /** The pointer is there, CSS pixels from the top left; null: it has left. */
  hover(at: { readonly x: number; readonly y: number } | null): void;
  /** An interval is being chosen between these pixels; null: no longer. */
  selecting(range: { readonly from: number; readonly to: number } | null): void;
  /** It was chosen. */
  select(from: number, to: number): void;
  /** By so many pixels, to later times. */
  pan(pixels: number): void;
  /** `factor` below 1 shows less. */
  zoom(factor: number, x: number): void;
  /** `adds`: to what is picked already. */
  pick(y: number, adds: boolean): void;
  follow(): void;
}

/** Returns what unbinds them. */
export function bindGestures(element: HTMLElement, to: RasterGestures): () => void {
  const ends: (() => void)[] = [];
  const on = <K extends keyof HTMLElementEventMap>(
    name: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ): void => {
    element.addEventListener(name, listener, { passive: false });
    ends.push(() => element.removeEventListener(name, listener));
  };
  const placeOf = ({ clientX, clientY }: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return {
      x: Math.min(box.width, Math.max(0, clientX - box.left)),
      y: Math.min(box.height - 0.5, Math.max(0, clientY - box.top)),
    };
  };
  /** Pointers that are down, where they were last. */
  const down = new Map<number, { x: number; y: number }>();
  let beganAt = { x: 0, y: 0 };
  let wasDragged = false;
  let picking: ReturnType<typeof setTimeout> | undefined;

  const lift = (event: PointerEvent): void => {
    down.delete(event.pointerId);
    to.selecting(null);
  };
  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    down.set(event.pointerId, at);
    beganAt = at;
    wasDragged = down.size > 1;
  });
  on('pointermove', (event) => {
    const at = placeOf(event);
    const before = down.get(event.pointerId);
    if (!before || event.pointerType === 'mouse') to.hover(at);
    if (!before) return;
    if (down.size > 1) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other) pinch(before, at, other);
    } else if (event.pointerType === 'mouse' || event.pointerType === 'pen') {
      wasDragged ||= Math.abs(at.x - beganAt.x) > STILL;
      if (wasDragged) to.selecting(ordered(beganAt.x, at.x));
    } else {
      wasDragged ||= Math.abs(at.x - beganAt.x) > STILL;
      if (wasDragged) to.pan(before.x - at.x);
    }
    down.set(event.pointerId, at);
  });
  const pinch = (before: { x: number }, at: { x: number }, other: { x: number }): void => {
    const apart = Math.max(20, Math.abs(before.x - other.x));
    const now = Math.max(20, Math.abs(at.x - other.x));
    to.zoom(apart / now, (at.x + other.x) / 2);
  };
  on('pointerup', (event) => {
    if (!down.has(event.pointerId)) return;
    const at = placeOf(event);
    const isOne = down.size === 1;
    lift(event);
    if (isOne && wasDragged) {
      const { from, to: end } = ordered(beganAt.x, at.x);
      if (event.pointerType !== 'touch') to.select(from, end);
    } else if (isOne && !wasDragged && Math.abs(at.y - beganAt.y) <= STILL) {
      clearTimeout(picking);
      picking = setTimeout(() => to.pick(at.y, event.shiftKey), DOUBLE_MS);
    }
  });
  on('pointercancel', lift);
  on('pointerleave', () => {
    if (down.size === 0) to.hover(null);
  });
  on('dblclick', () => {
    clearTimeout(picking);
    to.follow();
  });
  on('wheel', (event) => {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (event.shiftKey || Math.abs(sideways) > Math.abs(event.deltaY)) to.pan(sideways);
    else {
      const turned = Math.max(-50, Math.min(50, event.deltaY));
      to.zoom(Math.exp(turned * 0.006), placeOf(event).x);
    }
  });
  return () => {
    clearTimeout(picking);
    for (const end of ends) end();
  };
}

const ordered = (one: number, other: number): { from: number; to: number } => ({
  from: Math.min(one, other),
  to: Math.max(one, other),
});
