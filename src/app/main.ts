/**
 * The page: one store, one worker, and the views that draw from them. A seed of the full app: no routing, no editor,
 * nothing that the library could do instead.
 */
import { examples } from '../examples/index.ts';
import { type PopulationStyle, rgbOf, stylesOf } from './colours.ts';
import { bindControls } from './controls.ts';
import { createExplorer, type Explorer } from './explorer.ts';
import { createLiveRaster, type LiveRaster } from './live-raster.ts';
import type { FromWorker, NetworkInfo, ToWorker } from './protocol.ts';
import { createRatePlot, type RatePlot } from './rates.ts';
import { createSpikeLog } from './spike-log.ts';
import { type AppState, createStore, hashOfRequest, requestFromHash } from './state.ts';
import { byId, showBands, showState } from './views.ts';

const WINDOW_MS = 1000;

const store = createStore({
  request: requestFromHash(location.hash),
  phase: 'building',
  network: null,
  message: 'Loading',
  failure: null,
  step: 0,
  realtimeFactor: Number.NaN,
  rates: [],
  spikes: 0,
});

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const log = createSpikeLog();
let pictures: { raster: LiveRaster; rates: RatePlot; styles: PopulationStyle[] } | null = null;
let explorer: Explorer | null = null;
/** A person's pause survives a reload of the network; the first load plays at once. */
let playWhenReady = true;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const send = (message: ToWorker): void => worker.postMessage(message);

function load(change: Partial<AppState['request']> = {}, fromStep = 0): void {
  const request = { ...store.get().request, ...change };
  history.replaceState(null, '', hashOfRequest(request));
  closeExplorer();
  log.clear();
  store.set({
    request,
    phase: 'building',
    message: 'Building',
    failure: null,
    step: 0,
    spikes: 0,
    rates: [],
  });
  send({ kind: 'load', ...request, fromStep });
}

function buildPictures(network: NetworkInfo): void {
  pictures?.rates.destroy();
  const dark = prefersDark.matches;
  const styles = stylesOf(
    network.populations.map((population) => population.name),
    dark,
  );
  const canvas = byId<HTMLCanvasElement>('live');
  canvas.width = Math.max(64, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.height = Math.max(64, Math.round(canvas.clientHeight * devicePixelRatio));
  const css = getComputedStyle(document.documentElement);
  const ink = {
    text: css.getPropertyValue('--quiet').trim(),
    grid: css.getPropertyValue('--line').trim(),
  };
  const background = rgbOf(css.getPropertyValue('--background').trim());
  const windowSteps = Math.round(WINDOW_MS / network.dtMs);
  const raster = createLiveRaster(canvas, network.populations, styles, windowSteps, background);
  const rates = createRatePlot(byId('rates'), network, styles, WINDOW_MS, ink);
  pictures = { raster, rates, styles };
  showBands(raster.bands, styles, canvas.height);
  // Spikes that are still in the log fill the new pictures after a resize or a change of theme.
  const { steps, neurons } = log.read();
  raster.add(steps, neurons, store.get().step);
  rates.add(steps, neurons, store.get().step);
  raster.draw();
}

function receive(message: FromWorker): void {
  switch (message.kind) {
    case 'building':
      store.set({ phase: 'building', message: message.message });
      return;
    case 'ready':
      store.set({
        phase: 'paused',
        network: message,
        message: '',
        step: message.step,
        realtimeFactor: Number.NaN,
      });
      buildPictures(message);
      if (playWhenReady) play();
      return;
    case 'progress':
      progress(message);
      return;
    case 'stopped':
      if (store.get().phase === 'running') store.set({ phase: 'paused' });
      return;
    case 'failed':
      store.set({ phase: 'failed', failure: message.reason, message: message.message });
  }
}

/** Wall and simulated milliseconds of about the last second, older ones fading out. */
const recent = { wallMs: 0, simulatedMs: 0 };

function realtimeFactor(wallMs: number, simulatedMs: number): number {
  const kept = Math.exp(-wallMs / 1000);
  recent.wallMs = recent.wallMs * kept + wallMs;
  recent.simulatedMs = recent.simulatedMs * kept + simulatedMs;
  return recent.wallMs / recent.simulatedMs;
}

function progress(message: Extract<FromWorker, { kind: 'progress' }>): void {
  const { network, spikes } = store.get();
  if (!network || !pictures) return;
  log.add(message.spikeSteps, message.spikeNeurons);
  pictures.raster.add(message.spikeSteps, message.spikeNeurons, message.step);
  pictures.rates.add(message.spikeSteps, message.spikeNeurons, message.step);
  store.set({
    step: message.step,
    realtimeFactor: realtimeFactor(message.wallMs, message.steps * network.dtMs),
    spikes: spikes + message.spikeSteps.length,
  });
  requestAnimationFrame(() => {
    pictures?.raster.draw();
    pictures?.rates.draw();
    store.set({ rates: pictures?.rates.means() ?? [] });
    send({ kind: 'drawn' });
  });
}

function play(): void {
  if (store.get().phase !== 'paused') return;
  playWhenReady = true;
  store.set({ phase: 'running' });
  send({ kind: 'play' });
}

function pause(): void {
  playWhenReady = false;
  store.set({ phase: 'paused' });
  send({ kind: 'pause' });
}

function closeExplorer(): void {
  explorer?.destroy();
  explorer = null;
  for (const id of ['explorer', 'fit', 'png']) byId(id).hidden = true;
}

async function explore(): Promise<void> {
  const { network, phase } = store.get();
  if (!network || !pictures) return;
  if (phase === 'running') pause();
  const { steps, neurons, dropped } = log.read();
  const note = byId('explore-note');
  if (steps.length === 0) {
    note.textContent = 'Nothing has fired yet: play first, then look.';
    return;
  }
  for (const id of ['explorer', 'fit', 'png']) byId(id).hidden = false;
  explorer ??= await createExplorer(byId('explorer'), prefersDark.matches);
  await explorer.show({ network, styles: pictures.styles, steps, neurons });
  note.textContent =
    `${steps.length.toLocaleString('en')} spikes` +
    (dropped > 0 ? `; ${dropped.toLocaleString('en')} older ones are no longer kept here` : '') +
    '. Scroll to zoom in time, drag to move.';
}

async function savePng(): Promise<void> {
  if (!explorer) return;
  const url = URL.createObjectURL(await explorer.exportPng());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${store.get().request.example}-raster.png`;
  link.click();
  URL.revokeObjectURL(url);
}

function rebuildPictures(): void {
  const { network } = store.get();
  if (!network) return;
  const wasOpen = explorer !== null;
  closeExplorer();
  buildPictures(network);
  pictures?.rates.draw();
  if (wasOpen) void explore();
}

worker.onmessage = (event: MessageEvent<FromWorker>) => receive(event.data);
worker.onerror = (event) =>
  store.set({
    phase: 'failed',
    failure: 'internal',
    message: event.message || 'The simulation worker did not start.',
  });

bindControls({
  examples: Object.values(examples).filter((example) => !example.needsData),
  state: store.get,
  togglePlay: () => (store.get().phase === 'running' ? pause() : play()),
  step: () => {
    if (store.get().phase === 'running') pause();
    send({ kind: 'step' });
  },
  reset: () => load(),
  load,
  // Where the run broke off; a network that never ran starts at 0.
  recover: () => load({ engine: 'cpu' }, store.get().step),
  explore: () => void explore(),
  fit: () => void explorer?.resetZoom(),
  savePng: () => void savePng(),
});
store.subscribe(showState);
prefersDark.addEventListener('change', rebuildPictures);
let resizing: ReturnType<typeof setTimeout> | undefined;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(rebuildPictures, 150);
});
load();
