/**
 * Panel: the spikes of an interval as points that can be zoomed, lassoed and saved. It shows the interval as it was when
 * it was asked for, while the run goes on; the moving picture is the raster.
 */
import './explorer.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { stylesOf } from '../../colours.ts';
import { Closed } from '../../rpc.ts';
import { useApp } from '../../shell/context.ts';
import { formatNumber, formatTime } from '../../shell/format.ts';
import type { NetworkInfo } from '../../simulation/protocol.ts';
import type { TimeWindow } from '../../state/app.ts';
import { saveFile } from '../plot/save.ts';
import { createExplorerPlot, type ExplorerPlot } from './plot.ts';
import { distinct } from './points.ts';

/** Points that are drawn at once; more on demand, for which a page stands still for a moment. */
const FIRST_POINTS = 200_000;
const MOST_POINTS = 1_000_000;

interface Loaded {
  readonly window: TimeWindow;
  readonly shown: number;
  /** Spikes of the interval. */
  readonly all: number;
}

export default function Explorer() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return <ExplorerOf info={info} key={`${info.document.name} ${info.neurons}`} />;
}

function ExplorerOf({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<ExplorerPlot | null>(null);
  const loaded = useSignal<Loaded | null>(null);
  const message = useSignal('Loading spikes…');
  const isLasso = useSignal(false);
  const lassoed = useSignal(0);
  const dark = app.dark.value;
  const styles = stylesOf(info.populations, dark);

  async function load(most: number): Promise<void> {
    const { timeMs } = app.session.run.peek();
    const { windowMs } = app.project.peek().view;
    const fromMs = Math.max(0, timeMs - windowMs);
    const window = app.timeWindow.peek() ?? { fromMs, toMs: Math.max(fromMs + 1, timeMs) };
    message.value = 'Loading spikes…';
    try {
      const range = {
        from: Math.floor(window.fromMs / info.dtMs),
        to: Math.ceil(window.toMs / info.dtMs),
      };
      const { steps, neurons } = await app.session.call('spikes', [range]);
      if (!plot.current) return;
      const all = steps.length;
      const shown = Math.min(most, all);
      // The last ones: what is missing is at the left.
      const some = { steps: steps.subarray(all - shown), neurons: neurons.subarray(all - shown) };
      await plot.current.show(window, some.steps, some.neurons);
      loaded.value = { window, shown, all };
      message.value = all === 0 ? 'No neuron fired in this interval.' : '';
    } catch (error) {
      if (error instanceof Closed) return;
      message.value = error instanceof Error ? error.message : String(error);
    }
  }

  useEffect(() => {
    try {
      plot.current = createExplorerPlot(element.current as HTMLElement, {
        app,
        info,
        onLasso(neurons) {
          lassoed.value = neurons.length;
          app.picked.value = distinct(neurons);
        },
      });
    } catch (error) {
      message.value = error instanceof Error ? error.message : String(error);
      return;
    }
    void load(FIRST_POINTS);
    return () => {
      plot.current?.destroy();
      plot.current = null;
    };
  }, [info]);
  useEffect(() => plot.current?.setStyles(styles, dark), [dark]);
  useEffect(() => plot.current?.setLasso(isLasso.value), [isLasso.value]);

  async function savePng(): Promise<void> {
    const picture = await plot.current?.picture();
    if (picture) saveFile(`${info.document.name.replace(/[^\w-]+/g, '-')}-spikes.png`, picture);
  }
  const state = loaded.value;
  return (
    <div class="explorer">
      <div class="explorer-tools">
        <fieldset>
          <legend class="visually-hidden">What dragging does</legend>
          <button
            type="button"
            aria-pressed={!isLasso.value}
            title="Drag to move in time, turn the wheel to zoom"
            onClick={() => {
              isLasso.value = false;
            }}
          >
            Move
          </button>
          <button
            type="button"
            aria-pressed={isLasso.value}
            title="Draw around spikes to pick their neurons"
            onClick={() => {
              isLasso.value = true;
            }}
          >
            Lasso
          </button>
        </fieldset>
        <button type="button" class="plain" onClick={() => void plot.current?.reset()}>
          Whole interval
        </button>
        <button type="button" class="plain" onClick={() => void load(FIRST_POINTS)}>
          Take spikes again
        </button>
        {state && state.shown < state.all && state.shown < MOST_POINTS && (
          <button type="button" class="plain" onClick={() => void load(MOST_POINTS)}>
            Show {state.all > MOST_POINTS ? 'the last million' : `all ${formatNumber(state.all)}`}
          </button>
        )}
        <button type="button" class="plain" title="Save the picture" onClick={() => void savePng()}>
          PNG
        </button>
      </div>
      <p class="explorer-note small quiet" role="status">
        {message.value !== '' ? message.value : state && noteOf(state)}
        {lassoed.value > 0 && ` ${formatNumber(app.picked.value.length)} neurons picked.`}
      </p>
      <div class="explorer-plot" ref={element} />
    </div>
  );
}

function noteOf({ window, shown, all }: Loaded): string {
  const spikes = `${formatNumber(all)} spikes from ${formatTime(window.fromMs, 0)} to ${formatTime(window.toMs, 0)}`;
  return shown < all ? `${spikes}; the last ${formatNumber(shown)} are drawn.` : `${spikes}.`;
}
