/** The live raster on the page: a canvas that the worker draws on, labels of populations beside it, time below. */
import './raster.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rgbOf, stylesOf } from '../../colours.ts';
import { useApp } from '../../shell/context.ts';
import { formatTime } from '../../shell/format.ts';
import type { NetworkInfo, RasterView as View } from '../../simulation/protocol.ts';
import { layoutBands } from '../../simulation/raster/layout.ts';
import type { App } from '../../state/app.ts';

export function RasterView() {
  const app = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View | null>(null);
  useEffect(() => bindRaster(app, frame.current as HTMLDivElement, setView), [app]);
  const dark = app.dark.value;
  const { windowMs } = app.project.value.view;
  const window = app.timeWindow.value;
  useEffect(() => {
    const info = app.session.info.value;
    if (!info || !frame.current) return;
    const next = viewOf(app, info, frame.current);
    setView(next);
    app.session.setRaster(next);
  }, [app, dark, windowMs, window]);
  const shown = app.session.raster.value;
  return (
    <section class="raster" aria-label="Spike raster">
      <div class="bands">
        {view?.bands.map((band) => (
          <span
            key={band.population}
            class="band"
            style={{ top: `${(band.top + band.height / 2) / view.pixelRatio}px` }}
          >
            {band.population}
          </span>
        ))}
      </div>
      <div
        class="raster-frame"
        ref={frame}
        role="img"
        aria-label="Raster of spikes; rates are in the panel Rates"
      />
      <div class="time-axis" aria-hidden="true">
        {shown &&
          [0, 0.25, 0.5, 0.75, 1].map((part) => (
            <span key={part}>
              {formatTime(Math.round(shown.fromMs + part * (shown.toMs - shown.fromMs)), 0)}
            </span>
          ))}
      </div>
    </section>
  );
}

function viewOf(app: App, info: NetworkInfo, element: HTMLElement): View {
  const pixelRatio = Math.min(2, globalThis.devicePixelRatio || 1);
  const width = Math.max(64, Math.round(element.clientWidth * pixelRatio));
  const height = Math.max(64, Math.round(element.clientHeight * pixelRatio));
  const styles = stylesOf(
    info.populations.map(({ name }) => name),
    app.dark.value,
  );
  const css = getComputedStyle(element);
  const window = app.timeWindow.value;
  return {
    width,
    height,
    pixelRatio,
    bands: layoutBands(
      info.populations,
      styles.map(({ rgb }) => rgb),
      height,
    ),
    background: rgbOf(css.getPropertyValue('--background').trim()),
    isCalm: false,
    window: window
      ? { follow: false, ...window }
      : { follow: true, windowMs: app.project.value.view.windowMs, turnsPages: false },
  };
}

/** A new canvas whenever a worker takes over; the same worker is told of other sizes. */
function bindRaster(app: App, element: HTMLDivElement, show: (view: View) => void): () => void {
  app.session.onCanvas(() => {
    const info = app.session.info.value;
    if (!info) return null;
    const canvas = document.createElement('canvas');
    canvas.id = 'live';
    element.replaceChildren(canvas);
    const view = viewOf(app, info, element);
    canvas.width = view.width;
    canvas.height = view.height;
    show(view);
    return { canvas: canvas.transferControlToOffscreen(), view };
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const info = app.session.info.value;
      if (!info) return;
      const view = viewOf(app, info, element);
      show(view);
      app.session.setRaster(view);
    }, 150);
  });
  observer.observe(element);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}
