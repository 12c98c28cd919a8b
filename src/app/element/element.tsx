/**
 * `<wetware-network>`: a network that runs inside any page, for lessons, books and notebooks. Loading this file defines
 * the element; it starts when it is first seen and pauses when it is not.
 *
 *     <script type="module" src="https://cdn.jsdelivr.net/npm/wetware/dist/element.js"></script>
 *     <wetware-network example="coba" autoplay controls="play,reset,rate" height="320"></wetware-network>
 *
 * Attributes: `src` (address of a document, https or same origin) or `example` (name, default "coba"); `values` for the
 * example ("neurons=1000&g=5"); `seed`; `engine` (auto, gpu, cpu); `window` (ms shown, default 1000); `autoplay`;
 * `controls` (of title, play, reset, rate, time; all when left out, none for ""); `height` in pixels (default 320);
 * `theme` (auto, dark, light); `page` (address of the app, for a link to the same network).
 *
 * Events (none bubble): `ready` when the network is built, `spikes` with each piece of the run ({ timeMs, steps, neurons,
 * count }: times and numbers of probed neurons, and how many fired in all since the event before), `failure`
 * ({ message }). Methods: play(), pause(), reset(), ready(), setParameter(owner, name, value).
 */
import { render } from 'preact';
import { AppContext } from '../shell/context.ts';
import { type App, createApp } from '../state/app.ts';
import { exampleProject, newProject, type Project, type RunSettings } from '../state/project.ts';
import { fetchDocument } from '../state/remote.ts';
import base from '../style/base.css?inline';
import shell from '../style/shell.css?inline';
import raster from '../views/raster/raster.css?inline';
import { CONTROLS, type Control, Embedded } from './Embedded.tsx';
import own from './element.css?inline';
import { createSimulationWorker } from './worker-anywhere.ts';

const OBSERVED = ['src', 'example', 'values', 'seed', 'engine', 'window', 'theme', 'controls'];

/** The looks, parsed once for all elements of a page. */
let sheet: CSSStyleSheet | null = null;

function looks(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([base, shell, raster, own].join('\n'));
  }
  return sheet;
}

export class WetwareNetwork extends HTMLElement {
  static readonly observedAttributes = OBSERVED;

  #app: App | null = null;
  #isSeen = false;
  #isStarting = false;
  #wasRunning = false;
  /** Counts starts and stops: what a start waited for may come too late. */
  #turn = 0;
  #endTheme = (): void => undefined;
  #spikes = 0;
  #ends: (() => void)[] = [];

  connectedCallback(): void {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [looks()];
    }
    this.style.height = `${Math.max(80, Number(this.getAttribute('height') ?? 320) || 320)}px`;
    const observer = new IntersectionObserver((entries) => {
      const isSeen = entries.at(-1)?.isIntersecting ?? false;
      if (isSeen !== this.#isSeen) this.#seen(isSeen);
    });
    observer.observe(this);
    this.#ends.push(() => observer.disconnect());
  }

  disconnectedCallback(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#stop();
    this.#isSeen = false;
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if ((this.#app || this.#isStarting) && before !== after) {
      this.#stop();
      void this.#start();
    }
  }

  play(): void {
    this.#app?.session.play();
  }

  pause(): void {
    this.#app?.session.pause();
  }

  reset(): void {
    this.#app?.session.reset();
  }

  /** Resolves when the network is built, which begins when the element is first seen. */
  async ready(): Promise<void> {
    if (this.#app?.session.info.value) return;
    await new Promise((resolve) => this.addEventListener('ready', resolve, { once: true }));
  }

  /** Changes a parameter of the network, once it is built; rejects with what is wrong. */
  async setParameter(owner: string, name: string, value: string | number): Promise<void> {
    await this.ready();
    await this.#app?.session.call('setParameter', [owner, name, value]);
  }

  #seen(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen && !this.#app) {
      if (!this.#isStarting) void this.#start();
    } else if (isSeen && this.#wasRunning) this.play();
    else if (!isSeen && this.#app) {
      const phase = this.#app.session.phase.value;
      // Before its first network it is idle.
      this.#wasRunning = phase === 'running' || (phase === 'idle' && this.#playsAtOnce());
      this.pause();
    }
  }

  #playsAtOnce(): boolean {
    return this.hasAttribute('autoplay');
  }

  #stop(): void {
    this.#turn++;
    this.#isStarting = false;
    this.#endTheme();
    this.#app?.session.close();
    this.#app = null;
    if (this.shadowRoot) render(null, this.shadowRoot);
  }

  async #start(): Promise<void> {
    const turn = ++this.#turn;
    this.#isStarting = true;
    let project: Project;
    try {
      project = await this.#project();
      if (turn !== this.#turn) return;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#isStarting = false;
      this.#tell('failure', { message: error instanceof Error ? error.message : String(error) });
      if (this.shadowRoot) {
        render(<p role="alert">{error instanceof Error ? error.message : ''}</p>, this.shadowRoot);
      }
      return;
    }
    this.#isStarting = false;
    const app = createApp({ project, createWorker: createSimulationWorker });
    this.#app = app;
    this.#spikes = 0;
    const showTheme = (): void => {
      this.dataset.theme = app.dark.value ? 'dark' : 'light';
    };
    showTheme();
    this.#endTheme = app.dark.subscribe(showTheme);
    app.session.onRestart(() => this.#tell('ready', {}));
    app.session.onProgress(({ step, spikes, probeSpikes }) => {
      const dtMs = app.session.info.value?.dtMs ?? 0;
      this.#tell('spikes', { timeMs: step * dtMs, count: spikes - this.#spikes, ...probeSpikes });
      this.#spikes = spikes;
    });
    app.session.failure.subscribe(
      (failure) => failure && this.#tell('failure', { message: failure.message }),
    );
    render(
      <AppContext.Provider value={app}>
        <Embedded controls={this.#controls()} link={this.#link()} />
      </AppContext.Provider>,
      this.shadowRoot as ShadowRoot,
    );
    // It may be out of sight again.
    this.#wasRunning = this.#playsAtOnce();
    app.session.start(project, { paused: !(this.#isSeen && this.#wasRunning) });
  }

  async #project(): Promise<Project> {
    const engine = this.getAttribute('engine');
    const run: Partial<RunSettings> =
      engine === 'gpu' || engine === 'cpu' ? { engine } : { engine: 'auto' };
    const windowMs = Number(this.getAttribute('window')) || 1000;
    const theme = this.getAttribute('theme');
    const view = {
      windowMs: Math.min(60_000, Math.max(10, windowMs)),
      theme: theme === 'dark' || theme === 'light' ? theme : 'auto',
    } as const;
    const src = this.getAttribute('src');
    if (src !== null) {
      const document = await fetchDocument(src, window.document.baseURI);
      return newProject({ source: { kind: 'document', origin: src }, document }, run, view);
    }
    const seed = Number(this.getAttribute('seed') ?? 1);
    const values = Object.fromEntries(new URLSearchParams(this.getAttribute('values') ?? ''));
    const project = exampleProject(this.getAttribute('example') ?? 'coba', values, seed);
    return { ...project, run: { ...project.run, ...run }, view: { ...project.view, ...view } };
  }

  #controls(): readonly Control[] {
    const named = this.getAttribute('controls');
    if (named === null) return CONTROLS;
    const words = named.split(',').map((word) => word.trim());
    return CONTROLS.filter((control) => words.includes(control));
  }

  /** The same network in the app, where the page says where that is. */
  #link(): string {
    const page = this.getAttribute('page');
    if (page === null) return '';
    const src = this.getAttribute('src');
    const hash = new URLSearchParams(this.getAttribute('values') ?? '');
    if (src !== null) hash.set('src', new URL(src, window.document.baseURI).href);
    else hash.set('example', this.getAttribute('example') ?? 'coba');
    const seed = this.getAttribute('seed');
    if (seed !== null) hash.set('seed', seed);
    const url = new URL(page, window.document.baseURI);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
    url.hash = hash.toString();
    return url.href;
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

if (!customElements.get('wetware-network')) {
  customElements.define('wetware-network', WetwareNetwork);
}
