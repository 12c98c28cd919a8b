/** Text of the page from the state: figures, table, banner, failure. Pictures are in live-raster, rates, explorer. */
import { type PopulationStyle, stylesOf } from './colours.ts';
import type { Band } from './live-raster.ts';
import type { NetworkInfo } from './protocol.ts';
import type { AppState } from './state.ts';

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`internal: the page has no element "${id}"`);
  return element as T;
}

const number = (value: number): string => value.toLocaleString('en');

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Milliseconds below ten seconds, seconds above. */
export function formatTime(ms: number, digits = 1): string {
  return ms < 10_000 ? `${ms.toFixed(digits)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function formatSpeed(realtimeFactor: number): string {
  if (!Number.isFinite(realtimeFactor)) return '–';
  return realtimeFactor >= 1
    ? `${realtimeFactor.toFixed(1)}× slower than real time`
    : `${(1 / realtimeFactor).toFixed(1)}× faster than real time`;
}

function bannerOf({ network, request }: AppState): string {
  if (!network) return '';
  const notes: string[] = [];
  if (network.engine === 'cpu' && request.engine !== 'cpu' && network.webgpu === 'none') {
    notes.push(
      'To run on the GPU take Chrome or Edge 113, Safari 26 or Firefox 141, or newer; in Chrome, chrome://gpu says why WebGPU is off.',
    );
  }
  if (network.engine === 'gpu' && network.webgpu === 'software') {
    notes.push(
      'WebGPU runs on a software adapter here: right results, but no measure of a GPU’s speed.',
    );
  }
  if (network.accelerations !== '') {
    notes.push(`Slow equations run faster than the network: ${network.accelerations}.`);
  }
  return [...network.warnings, ...notes].join(' ');
}

let shownNetwork: NetworkInfo | null = null;

export function showState(state: AppState): void {
  const { network, phase } = state;
  const play = byId<HTMLButtonElement>('play');
  play.textContent = phase === 'running' ? 'Pause' : 'Play';
  play.disabled = phase === 'building' || phase === 'failed';
  byId<HTMLButtonElement>('step').disabled = play.disabled;
  document.body.dataset.phase = phase;
  byId('title').textContent =
    phase === 'building' ? `${state.message}…` : (network?.title ?? 'wetware');
  showFailure(state);
  const banner = byId('banner');
  banner.textContent = bannerOf(state);
  banner.hidden = banner.textContent === '';
  if (!network) return;
  if (network !== shownNetwork) showNetwork(network);
  const timeMs = state.step * network.dtMs;
  byId('time').textContent = formatTime(timeMs);
  byId('speed').textContent = phase === 'running' ? formatSpeed(state.realtimeFactor) : '–';
  byId('time-axis').replaceChildren(
    ...[-1000, -750, -500, -250, 0].map((offset) => {
      const mark = document.createElement('span');
      mark.textContent = formatTime(Math.round(Math.max(timeMs, 1000) + offset), 0);
      return mark;
    }),
  );
  showRates(state);
}

function showFailure({ phase, failure, message }: AppState): void {
  const box = byId('failure');
  box.hidden = phase !== 'failed';
  if (box.hidden) return;
  const lead = failure === 'lost' ? 'The graphics device was lost while running. ' : '';
  (box.querySelector('p') as HTMLElement).textContent = lead + message;
  byId('recover').hidden = failure !== 'lost' && failure !== 'device';
}

function showNetwork(network: NetworkInfo): void {
  shownNetwork = network;
  byId('citation').textContent = network.citation;
  byId('neurons').textContent = number(network.neurons);
  byId('synapses').textContent = number(network.synapses);
  byId('memory').textContent = formatBytes(network.memoryBytes);
  byId('engine-used').textContent =
    network.engine === 'gpu'
      ? `WebGPU, ${network.adapter ?? 'unnamed adapter'}`
      : 'CPU (WebAssembly SIMD)';
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const styles = stylesOf(
    network.populations.map((population) => population.name),
    dark,
  );
  const rows = network.populations.map((population, index) => {
    const style = styles[index] as PopulationStyle;
    const row = document.createElement('tr');
    const name = row.insertCell();
    const mark = document.createElement('span');
    mark.textContent = `${style.mark} `;
    mark.style.color = style.colour;
    name.append(mark, population.name);
    row.insertCell().textContent = number(population.size);
    row.insertCell().textContent = '–';
    return row;
  });
  (byId('populations').querySelector('tbody') as HTMLElement).replaceChildren(...rows);
}

let summarised = 0;

function showRates({ rates, network, phase }: AppState): void {
  const cells = byId('populations').querySelectorAll('tbody td:last-child');
  rates.forEach((rate, index) => {
    const cell = cells[index];
    if (cell) cell.textContent = rate.toFixed(2);
  });
  // Screen readers hear the rates now and then, not sixty times a second.
  if (
    !network ||
    phase !== 'running' ||
    performance.now() - summarised < 5000 ||
    rates.length === 0
  )
    return;
  summarised = performance.now();
  byId('live-summary').textContent = network.populations
    .map(
      (population, index) =>
        `${population.name} ${(rates[index] ?? 0).toFixed(1)} spikes per second`,
    )
    .join(', ');
}

/** Names beside the raster, at the middle of their bands; names that would overlap are left to the table. */
export function showBands(
  bands: readonly Band[],
  styles: readonly PopulationStyle[],
  height: number,
): void {
  let last = Number.NEGATIVE_INFINITY;
  const shown = byId('bands').clientHeight || height;
  const labels = bands.flatMap((band, index) => {
    const middle = ((band.top + band.height / 2) / height) * shown;
    if (middle - last < 13) return [];
    last = middle;
    const style = styles[index] as PopulationStyle;
    const label = document.createElement('span');
    label.textContent = `${band.name} ${style.mark}`;
    label.style.top = `${middle}px`;
    label.style.color = style.colour;
    return [label];
  });
  byId('bands').replaceChildren(...labels);
}
