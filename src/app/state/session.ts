/**
 * The running network: which worker builds and which one runs, what they say, and what a changed project asks of them.
 * A changed topology is built by a second worker while the first goes on; when it is ready they change places. Draws
 * nothing; the canvas of the raster is handed through.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { NetworkDocument } from '../../index.ts';
import { Closed, connect, type Remote } from '../rpc.ts';
import type {
  Failure,
  NetworkInfo,
  PortableCheckpoint,
  Progress,
  RasterView,
  SilentReport,
  SimulationCalls,
  SimulationEvents,
} from '../simulation/protocol.ts';
import { liveChanges } from './changes.ts';
import { failureOf } from './failure.ts';
import { createLiveQueue } from './live-queue.ts';
import type { Probe, Project, RunSettings } from './project.ts';

type Simulator = Remote<SimulationCalls, SimulationEvents>;

/** `idle` before the first network. A network may run while the next one is `building`. */
export type SessionPhase = 'idle' | 'paused' | 'running' | 'failed';

/** What changes with every piece of the run. */
export interface RunState {
  readonly step: number;
  readonly timeMs: number;
  /** Wall time over simulated time of the last second or so; below 1 is faster than real time. NaN before. */
  readonly realtimeFactor: number;
  readonly spikes: number;
}

export interface Session {
  readonly phase: ReadonlySignal<SessionPhase>;
  /** What is being built, beside or before what runs; null when nothing is. */
  readonly building: ReadonlySignal<{ message: string; fraction: number | null } | null>;
  /** The network that runs or ran; null before the first. */
  readonly info: ReadonlySignal<NetworkInfo | null>;
  /** Why it does not run, or why the network that was asked for could not be built (then the last good one goes on). */
  readonly failure: ReadonlySignal<Failure | null>;
  readonly warnings: ReadonlySignal<readonly string[]>;
  readonly run: ReadonlySignal<RunState>;
  readonly raster: ReadonlySignal<SimulationEvents['drawn'] | null>;
  /** Why nothing fires, and what to raise; null while something does. */
  readonly silent: ReadonlySignal<SilentReport | null>;
  /** Spikes that are no longer kept, and from when on all are; null while all are. */
  readonly kept: ReadonlySignal<SimulationEvents['kept'] | null>;
  /** The run waits because the page is hidden (and is not to go on in the background). */
  readonly suspended: ReadonlySignal<boolean>;
  /** Every progress of the network that runs, for plots that count along. Returns what ends it. */
  onProgress(listener: (progress: Progress) => void): () => void;
  /** Called when another network took over, or it was reset: plots begin anew. Returns what ends it. */
  onRestart(listener: (info: NetworkInfo) => void): () => void;
  /**
   * Asked when the running network cannot take a changed parameter, before it is built anew: whoever returns true has
   * edited the project so that it is. Returns what ends it.
   */
  onRefused(listener: () => boolean): () => void;

  play(): void;
  pause(): void;
  toggle(): void;
  /** Some more steps, then pause. */
  step(steps?: number): void;
  /** Up to that step as fast as possible, exactly, then pause; from the start again when the run is beyond it. */
  runTo(step: number): void;
  /** Back to the start: the project's network, built anew with the values it has now. */
  reset(): void;
  /** Ends what is being built. */
  cancel(): void;
  /** Puts the failure out of sight; where nothing runs, tries again. */
  dismiss(): void;
  /** Goes on after a failure, on another engine or from a checkpoint. */
  recover(options: {
    engine?: 'auto' | 'gpu' | 'cpu';
    checkpoint?: PortableCheckpoint | null;
    fromStep?: number;
  }): void;
  /** Asks the worker that runs; rejects with Closed when it is replaced meanwhile. */
  call: Simulator['call'];
  /** The raster's canvas wants to look like this; a new canvas is asked for by `canvas` whenever a worker takes over. */
  setRaster(view: RasterView): void;
  /** A fresh canvas for the worker that is about to take over; the view puts it on the page when `info` changes. */
  onCanvas(make: () => { canvas: OffscreenCanvas; view: RasterView } | null): void;

  /** Builds and runs a project. */
  start(project: Project, options?: { readonly paused?: boolean }): void;
  /** Ends everything. */
  close(): void;
  /** Does what a changed project asks for: nothing, live parameters, or a new network. */
  follow(before: Project, after: Project): void;
}

interface Host {
  project(): Project;
  /** The document of an example, once it is built. */
  built(document: NetworkDocument): void;
}

const NO_RUN: RunState = { step: 0, timeMs: 0, realtimeFactor: Number.NaN, spikes: 0 };

export function createSession(createWorker: () => Worker, host: Host): Session {
  const phase = signal<SessionPhase>('idle');
  const building = signal<{ message: string; fraction: number | null } | null>(null);
  const info = signal<NetworkInfo | null>(null);
  const failure = signal<Failure | null>(null);
  const warnings = signal<readonly string[]>([]);
  const run = signal<RunState>(NO_RUN);
  const raster = signal<SimulationEvents['drawn'] | null>(null);
  const suspended = signal(false);
  const silent = signal<SilentReport | null>(null);
  const kept = signal<SimulationEvents['kept'] | null>(null);
  const progressListeners = new Set<(progress: Progress) => void>();
  const restartListeners = new Set<(info: NetworkInfo) => void>();
  const refusedListeners = new Set<() => boolean>();

  /** The one that runs, and the one that is being built. */
  let current: Simulator | null = null;
  let next: Simulator | null = null;
  let makeCanvas: () => { canvas: OffscreenCanvas; view: RasterView } | null = () => null;
  /** A person's pause survives a rebuild; the first network plays at once. */
  let wantsToPlay = true;
  /** Step at which runTo() is to stop. */
  let target: number | null = null;
  /** The project's document as the network has it that runs, with what was changed since; null before there is one. */
  let has: NetworkDocument | null = null;
  /** Warnings about what is being built. */
  let early: string[] = [];
  const speed = createSpeedometer();

  const isCurrent = (worker: Simulator): boolean => worker === current;

  function listen(worker: Simulator): void {
    worker.on('building', (event) => {
      if (worker === next) building.value = event;
    });
    worker.on('progress', (event) => {
      if (!isCurrent(worker) || !info.value) return;
      const { dtMs } = info.value;
      run.value = {
        step: event.step,
        timeMs: event.step * dtMs,
        realtimeFactor: speed(event.wallMs, event.steps * dtMs),
        spikes: event.spikes,
      };
      for (const listener of progressListeners) listener(event);
      whenDrawn(() => quietly(worker.call('ready', [])));
    });
    worker.on('suspended', ({ isSuspended }) => {
      if (isCurrent(worker)) suspended.value = isSuspended;
    });
    worker.on('silent', ({ report }) => {
      if (isCurrent(worker)) silent.value = report;
    });
    worker.on('kept', (event) => {
      if (isCurrent(worker)) kept.value = event;
    });
    worker.on('drawn', (event) => {
      if (isCurrent(worker)) raster.value = event;
    });
    worker.on('canvasLost', () => {
      if (isCurrent(worker)) offerCanvas(worker);
    });
    worker.on('stopped', ({ step }) => {
      if (!isCurrent(worker)) return;
      if (phase.value === 'running') phase.value = 'paused';
      // The target is that of the network that is being built.
      if (next !== null) return;
      const wanted = target;
      target = null;
      // A piece that was under way went further than what was asked for.
      if (wanted !== null && step > wanted) api.runTo(wanted);
    });
    worker.on('warning', ({ message }) => {
      if (isCurrent(worker)) warnings.value = [...warnings.value, message];
      else if (worker === next) early.push(message);
    });
    worker.on('failed', (event) => {
      if (!isCurrent(worker)) return;
      failure.value = event;
      phase.value = 'failed';
    });
  }

  function build(
    project: Project,
    options: {
      engine?: 'auto' | 'gpu' | 'cpu';
      fromStep?: number;
      checkpoint?: PortableCheckpoint;
    } = {},
  ): void {
    next?.close();
    const worker = connect<SimulationCalls, SimulationEvents>(createWorker(), (error) => {
      if (!isCurrent(worker)) return;
      worker.close();
      failure.value = failureOf(error);
      phase.value = 'failed';
    });
    next = worker;
    early = [];
    listen(worker);
    building.value = { message: 'Building', fraction: null };
    const { source, document, run: settings, view } = project;
    worker
      .call('start', [
        {
          source,
          document,
          engine: options.engine ?? settings.engine,
          probes: view.probes,
          ...(options.fromStep !== undefined && { fromStep: options.fromStep }),
          ...(options.checkpoint && { checkpoint: options.checkpoint }),
        },
      ])
      .then(
        (built) => worker === next && takeOver(worker, built, view.probes, options),
        (error: unknown) => worker === next && refuse(worker, error),
      );
  }

  function takeOver(
    worker: Simulator,
    built: NetworkInfo,
    probes: readonly Probe[],
    from: { fromStep?: number; checkpoint?: PortableCheckpoint },
  ): void {
    current?.close();
    live.clear();
    current = worker;
    next = null;
    building.value = null;
    failure.value = null;
    warnings.value = [...new Set([...built.warnings, ...early])];
    has = built.document;
    const step = from.checkpoint?.step ?? from.fromStep ?? 0;
    run.value = { ...NO_RUN, step, timeMs: step * built.dtMs };
    raster.value = null;
    silent.value = null;
    kept.value = null;
    info.value = built;
    phase.value = 'paused';
    host.built(built.document);
    for (const listener of restartListeners) listener(built);
    offerCanvas(worker);
    // What was changed while it was built.
    catchUp(worker);
    if (host.project().view.probes !== probes) {
      quietly(worker.call('setProbes', [host.project().view.probes]));
    }
    suspended.value = false;
    tellVisible();
    if (target !== null) {
      phase.value = 'running';
      quietly(worker.call('play', [{ pace: 'fast', until: target }]));
    } else if (wantsToPlay) play();
  }

  function offerCanvas(worker: Simulator): void {
    const offer = makeCanvas();
    if (!offer) return;
    quietly(worker.call('attachRaster', [offer.canvas, offer.view], [offer.canvas]));
  }

  /** A run that nobody sees waits, unless it is to go on in the background. */
  function tellVisible(): void {
    if (typeof document === 'undefined' || !current) return;
    const { inBackground } = host.project().run;
    quietly(current.call('setVisible', [!document.hidden, inBackground]));
  }
  if (typeof document !== 'undefined') {
    document.addEventListener('visibilitychange', tellVisible);
  }

  function catchUp(worker: Simulator): void {
    const { document } = host.project();
    if (document === null || has === null) return;
    const changes = liveChanges(has, document);
    // A run that is taken up is of the last good network, which the project may be ahead of.
    if (changes === null) return;
    has = document;
    const made = changes.map(({ owner, name, value }) =>
      worker.call('setParameter', [owner, name, value]),
    );
    Promise.all(made).catch((error) => isCurrent(worker) && refuseChange(error));
  }

  /** What cannot change in a running network (a scale would overflow) is built anew. */
  function refuseChange(error: unknown): void {
    if (error instanceof Closed || [...refusedListeners].some((listener) => listener())) return;
    build(host.project());
  }

  function refuse(worker: Simulator, error: unknown): void {
    worker.close();
    next = null;
    building.value = null;
    if (error instanceof Closed) return;
    failure.value = failureOf(error);
    // The last good network goes on.
    if (current === null) phase.value = 'failed';
  }

  function play(): void {
    wantsToPlay = true;
    target = null;
    if (!current || phase.value !== 'paused') return;
    phase.value = 'running';
    quietly(current.call('play', [{ pace: paceOf(host.project().run.pace, info.value) }]));
  }

  function pause(): void {
    wantsToPlay = false;
    target = null;
    if (!current || phase.value !== 'running') return;
    phase.value = 'paused';
    quietly(current.call('pause', []));
  }

  const live = createLiveQueue(
    ({ owner, name, value }) =>
      current ? current.call('setParameter', [owner, name, value]) : Promise.resolve(),
    refuseChange,
  );

  const api: Session = {
    phase,
    building,
    info,
    failure,
    warnings,
    run,
    raster,
    silent,
    kept,
    suspended,
    onProgress(listener) {
      progressListeners.add(listener);
      return () => progressListeners.delete(listener);
    },
    onRestart(listener) {
      restartListeners.add(listener);
      return () => restartListeners.delete(listener);
    },
    onRefused(listener) {
      refusedListeners.add(listener);
      return () => refusedListeners.delete(listener);
    },
    play,
    pause,
    toggle: () => (phase.value === 'running' ? pause() : play()),
    step(steps = 1) {
      if (!current || phase.value !== 'paused') return;
      wantsToPlay = false;
      phase.value = 'running';
      quietly(current.call('play', [{ pace: 'fast', steps }]));
    },
    runTo(step) {
      if (!current || phase.value === 'failed') return;
      wantsToPlay = false;
      target = step;
      if (step < run.value.step) return build(host.project());
      phase.value = 'running';
      quietly(current.call('play', [{ pace: 'fast', until: step }]));
    },
    reset: () => build(host.project()),
    cancel() {
      next?.close();
      next = null;
      target = null;
      building.value = null;
    },
    dismiss() {
      failure.value = null;
      if (phase.value === 'failed') build(host.project());
    },
    recover({ engine, checkpoint, fromStep }) {
      wantsToPlay = true;
      const project = host.project();
      // A checkpoint is of the network as it was built: what was edited since is in it, and set again in takeOver.
      const built = checkpoint ? info.value?.document : undefined;
      build(built ? { ...project, document: built } : project, {
        ...(engine && { engine }),
        ...(checkpoint && { checkpoint }),
        ...(fromStep !== undefined && !checkpoint && { fromStep }),
      });
    },
    call(name, parameters, transfer) {
      if (!current) return Promise.reject(new Closed());
      return current.call(name, parameters, transfer);
    },
    setRaster(view) {
      if (current) quietly(current.call('setRaster', [view]));
    },
    onCanvas(make) {
      makeCanvas = make;
      // A view that comes when something runs already.
      if (current) offerCanvas(current);
    },
    start(project, { paused = false } = {}) {
      wantsToPlay = !paused;
      target = null;
      build(project);
    },
    close() {
      if (typeof document !== 'undefined') {
        document.removeEventListener('visibilitychange', tellVisible);
      }
      next?.close();
      current?.close();
      next = null;
      current = null;
      phase.value = 'idle';
    },
    follow(before, after) {
      if (before.view.probes !== after.view.probes && current) {
        quietly(current.call('setProbes', [after.view.probes]));
      }
      if (before.run.pace !== after.run.pace && current && phase.value === 'running') {
        quietly(current.call('play', [{ pace: paceOf(after.run.pace, info.value) }]));
      }
      if (before.run.inBackground !== after.run.inBackground) tellVisible();
      if (before.run.engine !== after.run.engine) return build(after);
      if (before.source === after.source && before.document === after.document) return;
      // What runs may be behind the project: a build was refused or cancelled.
      const made = next === null ? has : before.document;
      if (made === null || after.document === null) return build(after);
      const changes = liveChanges(made, after.document);
      const isOver = next === null && phase.value === 'failed';
      if (changes === null || isOver) return build(after);
      // What is being built gets the new values when it takes over (catchUp).
      if (next !== null) return;
      has = after.document;
      failure.value = null;
      live.add(changes);
    },
  };
  return api;
}

/** Once the page has drawn; at once where it draws nothing. */
function whenDrawn(act: () => void): void {
  if (typeof requestAnimationFrame === 'function' && !document.hidden) requestAnimationFrame(act);
  else act();
}

/** What `auto` means for a network. */
export function paceOf(pace: RunSettings['pace'], info: NetworkInfo | null): 'fast' | number {
  if (pace !== 'auto') return pace;
  const owners = info ? [...info.populations, ...info.projections] : [];
  const isSlow = owners.some(({ variables }) => variables.some(({ slow }) => slow));
  return isSlow ? 'fast' : 1;
}

/** Rejections that tell nothing new: the worker was replaced, or said so in an event. */
function quietly(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** Wall over simulated time of about the last second, older ones fading out. */
function createSpeedometer(): (wallMs: number, simulatedMs: number) => number {
  let wall = 0;
  let simulated = 0;
  return (wallMs, simulatedMs) => {
    const kept = Math.exp(-wallMs / 1000);
    wall = wall * kept + wallMs;
    simulated = simulated * kept + simulatedMs;
    return wall / simulated;
  };
}
