/**
 * Mouse, touch, wheel and keys over the cloud, as changes of the camera. A drag turns (in two dimensions: moves), with
 * Shift or the right button it moves; two fingers zoom and move; the wheel zooms where the picture has the focus, so that
 * the page can be scrolled past it.
 */

export interface Gestures {
  turn(dx: number, dy: number): void;
  move(dx: number, dy: number): void;
  zoom(factor: number, x?: number, y?: number): void;
  fit(): void;
  /** The pointer is there, in CSS pixels of the element; null when it left. */
  hover(at: { readonly x: number; readonly y: number } | null): void;
  /** Clicked or tapped there. */
  choose(x: number, y: number, add: boolean): void;
}

/** A press that moves less than this is a click, pixels. */
const CLICK_REACH = 4;
const KEY_PIXELS = 40;

interface Finger {
  x: number;
  y: number;
}

/** Returns what unbinds them. */
export function bindGestures(element: HTMLElement, act: Gestures): () => void {
  const fingers = new Map<number, Finger>();
  let travelled = 0;

  const place = ({ clientX, clientY }: MouseEvent): Finger => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 2) return;
    fingers.set(event.pointerId, place(event));
    travelled = fingers.size > 1 ? Number.POSITIVE_INFINITY : 0;
    element.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const before = fingers.get(event.pointerId);
    const now = place(event);
    if (!before) {
      if (event.pointerType === 'mouse') act.hover(now);
      return;
    }
    const dx = now.x - before.x;
    const dy = now.y - before.y;
    travelled += Math.hypot(dx, dy);
    if (fingers.size === 2) pinch(fingers, event.pointerId, now, act);
    else if (travelled > CLICK_REACH) {
      if (event.shiftKey || (event.buttons & 2) !== 0) act.move(dx, dy);
      else act.turn(dx, dy);
    }
    fingers.set(event.pointerId, now);
  };
  const onUp = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId)) return;
    const { x, y } = place(event);
    if (travelled <= CLICK_REACH && event.type === 'pointerup' && event.button === 0) {
      act.choose(x, y, event.shiftKey);
    }
  };
  const onLeave = (): void => act.hover(null);
  const onWheel = (event: WheelEvent): void => {
    const isFocused = element.ownerDocument.activeElement === element || element.matches(':focus');
    if (!event.ctrlKey && !isFocused) return;
    event.preventDefault();
    const { x, y } = place(event);
    // Pinching on a touchpad comes as a wheel with Ctrl, in smaller steps.
    act.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), x, y);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !pressed(event, act)) return;
    event.preventDefault();
    // These keys move in time elsewhere on the page.
    event.stopPropagation();
  };
  const onMenu = (event: Event): void => event.preventDefault();

  const bound: readonly (readonly [string, (event: never) => void])[] = [
    ['pointerdown', onDown],
    ['pointermove', onMove],
    ['pointerup', onUp],
    ['pointercancel', onUp],
    ['pointerleave', onLeave],
    ['wheel', onWheel],
    ['keydown', onKey],
    ['contextmenu', onMenu],
  ];
  for (const [name, listener] of bound) {
    element.addEventListener(name, listener as EventListener, { passive: false });
  }
  return () => {
    for (const [name, listener] of bound) {
      element.removeEventListener(name, listener as EventListener);
    }
  };
}

/** Two fingers: their distance zooms about their middle, their middle moves. */
function pinch(
  fingers: ReadonlyMap<number, Finger>,
  moved: number,
  now: Finger,
  act: Gestures,
): void {
  const before = fingers.get(moved) as Finger;
  const other = [...fingers].find(([id]) => id !== moved)?.[1];
  if (!other) return;
  const length = (a: Finger): number => Math.max(10, Math.hypot(a.x - other.x, a.y - other.y));
  act.zoom(length(now) / length(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  act.move((now.x - before.x) / 2, (now.y - before.y) / 2);
}

function pressed({ key, shiftKey }: KeyboardEvent, act: Gestures): boolean {
  const arrows: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined;
  if (arrow) {
    const [dx, dy] = arrow;
    if (shiftKey) act.move(dx * KEY_PIXELS, dy * KEY_PIXELS);
    else act.turn(dx * KEY_PIXELS, dy * KEY_PIXELS);
  } else if (key === '+' || key === '=') act.zoom(1.25);
  else if (key === '-' || key === '−') act.zoom(0.8);
  else if (key === '0' || key === 'Home') act.fit();
  else return false;
  return true;
}
