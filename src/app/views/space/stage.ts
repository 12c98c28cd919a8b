/**
 * The cloud on the page: two canvases, a camera that follows the hand, and a loop that asks the worker what has spiked
 * since and paints at most once per frame, only while it can be seen. The camera lives here and not in the worker,
 * because it must follow the hand also while the worker computes a long piece.
 */
import { rgbOf, stylesOf } from '../../colours.ts';
import type { App } from '../../state/app.ts';
import type { SpaceLook } from '../../state/project.ts';
import { onTheme } from '../plot/ink.ts';
import {
  type Camera,
  fitted,
  fittingCamera,
  type Lens,
  lensOf,
  orbit,
  pan,
  zoomAt,
} from './camera.ts';
import { createCanvasPainter } from './canvas-painter.ts';
import { addActivity, type Cloud } from './cloud.ts';
import { bindGestures } from './gestures.ts';
import { createGlPainter } from './gl-painter.ts';
import { cameraOf } from './look.ts';
import { drawOverlay, readInk } from './overlay.ts';
import { defaultSize, type Painter, type ValueLook } from './painter.ts';
import { pickNeuron } from './pick.ts';

export interface Stage {
  setLook(look: SpaceLook): void;
  /** Colours by value; null: by activity. */
  setValues(values: ValueLook | null): void;
  setPicked(neurons: Uint32Array): void;
  /** Everything in the picture, or seen from one side. */
  lookFrom(side: 'corner' | 'above' | 'front'): void;
  /** Asks for what has spiked since. */
  refresh(): void;
  /** Draws, and gives what was drawn: only until the end of the task, since WebGL keeps nothing longer. */
  layers(): readonly HTMLCanvasElement[];
  readonly painter: 'webgl2' | 'canvas';
  destroy(): void;
}

export interface StageEvents {
  /** The pointer is over a neuron, at CSS pixels of the stage; -1: over none. */
  hovered(neuron: number, x: number, y: number): void;
  chosen(neuron: number, add: boolean): void;
  /** The camera came to rest. */
  moved(camera: Camera): void;
  /** What the cloud knows of spikes has changed. */
  active(): void;
}

const PICK_REACH = 9;
/** Pictures per second where people ask for little motion. */
const CALM_MS = 500;
/** After that long without a move the camera rests. */
const REST_MS = 300;

export function createStage(
  app: App,
  element: HTMLElement,
  cloud: Cloud,
  first: SpaceLook,
  events: StageEvents,
): Stage {
  const [picture, writing] = [canvasIn(element), canvasIn(element)];
  picture.className = 'space-picture';
  writing.className = 'space-writing';
  const writer = writing.getContext('2d');
  let painter: Painter | null = createGlPainter(picture, cloud);
  const kind = painter ? 'webgl2' : 'canvas';
  painter ??= createCanvasPainter(picture, cloud);

  let look = first;
  const wide = (): number => element.clientWidth || 1;
  const high = (): number => element.clientHeight || 1;
  let camera = cameraOf(look, cloud.bounds, wide(), high());
  let values: ValueLook | null = null;
  let picked = app.picked.value;
  let pointer: { x: number; y: number } | null = null;
  let hovered = -1;
  let isAimNew = false;
  let moving = false;
  let ink = readInk(element);
  let visible = false;
  let frame = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  const lens = (): Lens => lensOf(camera, cloud.bounds, wide(), high());
  const isShown = (index: number): boolean =>
    !look.hidden.includes(cloud.populations[index]?.name ?? '');

  function request(): void {
    if (frame === 0 && visible && !ended) frame = requestAnimationFrame(draw);
  }

  function draw(): void {
    frame = 0;
    const pixelRatio = Math.min(2, devicePixelRatio || 1);
    const seen = lens();
    for (const canvas of [picture, writing]) fitCanvas(canvas, seen, pixelRatio);
    const styles = stylesOf(cloud.populations, app.dark.value);
    const shownCount = cloud.populations.reduce(
      (sum, { size, placed }, index) => sum + (placed && isShown(index) ? size : 0),
      0,
    );
    painter?.paint({
      lens: seen,
      zoom: camera.zoom,
      pixelRatio,
      background: rgbOf(ink.background),
      dark: app.dark.value,
      moving,
      looks: styles.map(({ rgb, mark }, index) => ({ rgb, mark, shown: isShown(index) })),
      size: look.size * defaultSize(shownCount, seen.width, seen.height),
      fadeSteps: look.fadeMs / (app.session.info.value?.dtMs ?? 1),
      values,
    });
    // Every point is looked at: only where the pointer has moved, or the camera has come to rest.
    if (pointer && isAimNew) hover(pointer.x, pointer.y, seen);
    isAimNew = false;
    if (writer) drawOverlay(writer, cloud, seen, { ink, pixelRatio, picked, hovered, isShown });
  }

  function hover(x: number, y: number, seen: Lens): void {
    const found = pickNeuron(cloud, seen, isShown, x, y, PICK_REACH);
    if (found >= 0 || hovered >= 0) events.hovered(found, x, y);
    hovered = found;
  }

  function unhover(): void {
    if (hovered >= 0) events.hovered(-1, 0, 0);
    hovered = -1;
  }

  function setCamera(next: Camera): void {
    camera = next;
    moving = true;
    unhover();
    request();
    clearTimeout(resting);
    resting = setTimeout(() => {
      moving = false;
      isAimNew = true;
      request();
      events.moved(camera);
    }, REST_MS);
  }

  const move = (dx: number, dy: number): void =>
    setCamera(pan(camera, lens(), cloud.bounds, dx, dy));

  const unbind = bindGestures(element, {
    turn: (dx, dy) => (cloud.bounds.flat ? move(dx, dy) : setCamera(orbit(camera, dx, dy))),
    move,
    zoom: (factor, x, y) => setCamera(zoomAt(camera, lens(), cloud.bounds, factor, x, y)),
    fit: () => setCamera(fittingCamera(cloud.bounds, wide(), high())),
    hover(at) {
      pointer = at;
      isAimNew = true;
      if (at === null) unhover();
      request();
    },
    choose: (x, y, add) =>
      events.chosen(pickNeuron(cloud, lens(), isShown, x, y, PICK_REACH + 5), add),
  });

  const pulls = createPulls(app, cloud, calm, () => {
    painter?.activityChanged();
    events.active();
    request();
  });

  const sight = new IntersectionObserver((entries) => {
    visible = entries.at(-1)?.isIntersecting ?? false;
    pulls.setVisible(visible);
    request();
  });
  sight.observe(element);
  const sizes = new ResizeObserver(request);
  sizes.observe(element);
  const themes = onTheme(() => {
    ink = readInk(element);
    request();
  });
  const onLost = (event: Event): void => event.preventDefault();
  const onRestored = (): void => {
    painter = createGlPainter(picture, cloud);
    request();
  };
  picture.addEventListener('webglcontextlost', onLost);
  picture.addEventListener('webglcontextrestored', onRestored);

  return {
    painter: kind,
    setLook(next) {
      // A camera that we reported ourselves is not to be taken back to where it was.
      if (next.camera !== look.camera && next.camera !== null) {
        camera = cameraOf(next, cloud.bounds, wide(), high());
      }
      look = next;
      request();
    },
    setValues(next) {
      values = next;
      request();
    },
    setPicked(neurons) {
      picked = neurons;
      request();
    },
    lookFrom(side) {
      const pitch = { above: Math.PI / 2, front: 0 };
      setCamera(
        side === 'corner'
          ? fittingCamera(cloud.bounds, wide(), high())
          : fitted(0, pitch[side], cloud.bounds, wide(), high()),
      );
    },
    refresh: pulls.ask,
    layers() {
      cancelAnimationFrame(frame);
      draw();
      return [picture, writing];
    },
    destroy() {
      ended = true;
      cancelAnimationFrame(frame);
      clearTimeout(resting);
      pulls.stop();
      unbind();
      sight.disconnect();
      sizes.disconnect();
      themes();
      painter?.destroy();
      picture.remove();
      writing.remove();
    },
  };
}

/**
 * Asks for spikes while the network runs: the next question after the answer to the last one, and none while nobody
 * looks. A network at rest is asked once.
 */
function createPulls(app: App, cloud: Cloud, calm: MediaQueryList, came: () => void) {
  let visible = false;
  let asking = false;
  let wanted = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function ask(): Promise<void> {
    if (asking || !visible || !wanted || stopped) return;
    asking = true;
    wanted = false;
    try {
      const activity = await app.session.call('activity', [cloud.step]);
      if (!stopped && addActivity(cloud, activity)) came();
    } catch {
      // The worker was replaced: another cloud takes over.
      stopped = true;
    }
    timer = setTimeout(
      () => {
        asking = false;
        void ask();
      },
      calm.matches ? CALM_MS : 0,
    );
  }
  const want = (): void => {
    wanted = true;
    void ask();
  };
  const unlisten = app.session.onProgress(want);
  return {
    setVisible(next: boolean) {
      visible = next;
      if (visible) void ask();
    },
    ask: want,
    stop() {
      stopped = true;
      clearTimeout(timer);
      unlisten();
    },
  };
}

function canvasIn(element: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  element.append(canvas);
  return canvas;
}

function fitCanvas(canvas: HTMLCanvasElement, { width, height }: Lens, pixelRatio: number): void {
  const wide = Math.max(1, Math.round(width * pixelRatio));
  const high = Math.max(1, Math.round(height * pixelRatio));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
}
