/** The live raster on the page: names of populations beside it, time below, and what it shows in words. */
import './raster.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { stylesOf } from '../../colours.ts';
import { useApp } from '../../shell/context.ts';
import { formatNumber, formatTime } from '../../shell/format.ts';
import type { RasterView as View } from '../../simulation/protocol.ts';
import { axisTitle, type BandLabel, labelsThatFit } from './axis.ts';
import { createStage, type Stage } from './stage.ts';
import { createRateSummary } from './summary.ts';

/** Between two spoken summaries. */
const SUMMARY_MS = 5000;

export function RasterView() {
  const app = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const reading = useRef<HTMLDivElement>(null);
  const selection = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    const elements = {
      frame: frame.current as HTMLElement,
      picture: picture.current as HTMLElement,
      marks: marks.current as HTMLCanvasElement,
      cursor: cursor.current as HTMLElement,
      reading: reading.current as HTMLElement,
      selection: selection.current as HTMLElement,
      axis: axis.current as HTMLElement,
    };
    const made = createStage(app, elements, setView);
    stage.current = made;
    return () => made.stop();
  }, [app]);
  return (
    <section class="raster" aria-label="Spike raster">
      <div class="raster-names">{view && <Names view={view} />}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a picture that is pointed at, not a group of fields */}
      <div
        class="raster-frame"
        ref={frame}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows up and down pick neurons
        tabIndex={0}
        aria-label="Spikes. Arrows up and down pick a neuron, left and right move in time, plus and minus zoom, 0 follows the run."
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.stopPropagation();
          stage.current?.movePick(event.key === 'ArrowDown' ? 1 : -1);
        }}
      >
        <div class="raster-picture" ref={picture} />
        <canvas class="raster-marks" ref={marks} />
        <div class="raster-selection" ref={selection} hidden />
        <div class="raster-cursor" ref={cursor} hidden />
        <div class="raster-reading numbers" ref={reading} hidden />
        <Following />
      </div>
      <Title />
      <div class="raster-axis numbers" ref={axis} aria-hidden="true" />
      <Summary />
    </section>
  );
}

/** Names of populations with their marks; of many only those that fit, all have titles. */
function Names({ view }: { view: View }) {
  const app = useApp();
  const { bands, pixelRatio } = view;
  const known = new Map(app.session.info.value?.populations.map((one) => [one.name, one]));
  const styles = stylesOf(
    bands.map(({ population }) => known.get(population) ?? population),
    app.dark.value,
  );
  const labels = labelsThatFit(bands, pixelRatio);
  return (
    <>
      {labels.map(({ band, middle, hasSize }: BandLabel) => {
        const style = styles[bands.indexOf(band)];
        const size = sizeOf(band.size);
        return (
          <div
            key={band.population}
            class="raster-name"
            style={{ top: `${middle}px` }}
            title={`${band.population}: ${size}, the first on top`}
          >
            <span class="raster-text">
              <span class="raster-population">{band.population}</span>
              {hasSize && <Size size={band.size} />}
            </span>
            <span aria-hidden="true" style={{ color: style?.colour ?? '' }}>
              {style?.mark}
            </span>
          </div>
        );
      })}
      {/* Gives the column its width. */}
      <div class="raster-widths" aria-hidden="true">
        {labels.map(({ band, hasSize }) => (
          <span key={band.population}>
            {band.population} ▲
            <br />
            {hasSize && <Size size={band.size} />}
          </span>
        ))}
      </div>
    </>
  );
}

/** In narrow places without its unit, which the title has. */
function Size({ size }: { size: number }) {
  return (
    <span class="raster-size quiet">
      {formatNumber(size)}
      <span class="raster-unit"> {size === 1 ? 'neuron' : 'neurons'}</span>
    </span>
  );
}

const sizeOf = (size: number): string =>
  `${formatNumber(size)} ${size === 1 ? 'neuron' : 'neurons'}`;

/** The axis has a unit, which changes at ten seconds. */
function Title() {
  const { session } = useApp();
  const title = useSignal('time (ms)');
  useEffect(
    () =>
      session.raster.subscribe((shown) => {
        if (shown) title.value = axisTitle(shown);
      }),
    [session, title],
  );
  return (
    <div class="raster-title" aria-hidden="true">
      {title.value}
    </div>
  );
}

/** Where the picture stands still: the way back to the run; and what it cannot show. */
function Following() {
  const app = useApp();
  const gone = useSignal('');
  useEffect(
    () =>
      app.session.raster.subscribe((shown) => {
        const isGone = shown !== null && shown.keptFromMs > shown.fromMs + 1;
        gone.value = isGone ? formatTime(shown.keptFromMs, 0) : '';
      }),
    [app, gone],
  );
  const isFixed = app.timeWindow.value !== null;
  return (
    <>
      {isFixed && (
        <button
          type="button"
          class="raster-follow small"
          title="Follow the run again (0, or double click)"
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => {
            app.timeWindow.value = null;
          }}
        >
          Follow ▸
        </button>
      )}
      {gone.value !== '' && (
        <p class="raster-gone small">Spikes before {gone.value} are no longer kept.</p>
      )}
    </>
  );
}

/** Rates in a sentence every five seconds, for screen readers. */
function Summary() {
  const { session } = useApp();
  const info = session.info.value;
  const text = useSignal('');
  useEffect(() => {
    if (!info) return;
    text.value = '';
    const summary = createRateSummary(info.populations, info.dtMs);
    const end = session.onProgress(summary.add);
    const timer = setInterval(() => {
      const taken = summary.take();
      if (taken !== '') text.value = taken;
    }, SUMMARY_MS);
    return () => {
      end();
      clearInterval(timer);
    };
  }, [session, info, text]);
  return (
    <p id="live-summary" class="visually-hidden" role="status">
      {text.value}
    </p>
  );
}
