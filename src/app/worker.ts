/**
 * The simulation's own thread: builds the network that the page asks for, runs it in short pieces, and sends the
 * spikes of each piece. Knows nothing of pictures. The page sets the pace: at most a few pieces may be undrawn.
 */
import { examples } from '../examples/index.ts';
import {
  accelerationsText,
  createSimulation,
  DeviceError,
  describeAdapter,
  NetworkError,
  type Simulation,
} from '../index.ts';
import type { FromWorker, LoadRequest, NetworkInfo, ToWorker } from './protocol.ts';

/** Wall time of one piece: short enough that pause and pictures follow at once. */
const PIECE_MS = 24;
const MOST_UNDRAWN = 2;

const send = (message: FromWorker, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

let simulation: Simulation | null = null;
let playing = false;
let loop: Promise<void> = Promise.resolve();
let undrawn = 0;
let wake: () => void = () => {};
let pieceSteps = 1;
/** Loads, one after the other; a newer request ends the one under way. */
let loads: Promise<void> = Promise.resolve();
let newest = new AbortController();
/** Spikes of the piece that is running. */
let arrived: { steps: Uint32Array; neurons: Uint32Array }[] = [];

function failureOf(error: unknown): Extract<FromWorker, { kind: 'failed' }> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DeviceError) {
    return { kind: 'failed', reason: error.reason === 'lost' ? 'lost' : 'device', message };
  }
  return {
    kind: 'failed',
    reason: error instanceof NetworkError ? 'network' : 'internal',
    message,
  };
}

async function load(
  request: LoadRequest & { readonly fromStep?: number },
  signal: AbortSignal,
): Promise<void> {
  await loop;
  if (signal.aborted) return;
  simulation?.destroy();
  simulation = null;
  arrived = [];
  undrawn = 0;
  pieceSteps = 1;
  const example = Object.hasOwn(examples, request.example) ? examples[request.example] : undefined;
  if (!example) {
    throw new NetworkError(
      `There is no example "${request.example}". Known: ${Object.keys(examples).join(', ')}.`,
      { path: 'example', value: request.example },
    );
  }
  send({ kind: 'building', message: `Building ${example.title}` });
  const started = performance.now();
  const document = await example.build(request.values, { seed: request.seed });
  simulation = await createSimulation(document, {
    engine: request.engine,
    keepSpikes: false,
    onSpikes: (steps, neurons) => arrived.push({ steps, neurons }),
  });
  const info = describe(
    simulation,
    example,
    await webgpuHere(),
    (performance.now() - started) / 1000,
  );
  if (!(await catchUp(simulation, request.fromStep ?? 0, signal))) return;
  send({ kind: 'ready', ...info, step: simulation.step });
}

/** The same seed gives the same spikes, so a run that broke off is taken up by running to where it was. */
async function catchUp(built: Simulation, step: number, signal: AbortSignal): Promise<boolean> {
  if (step === 0) return true;
  await built.runSteps(step, {
    signal,
    onProgress: ({ fraction }) =>
      send({ kind: 'building', message: `Catching up, ${Math.round(fraction * 100)} %` }),
  });
  arrived = [];
  return !signal.aborted;
}

async function webgpuHere(): Promise<NetworkInfo['webgpu']> {
  const found = await describeAdapter();
  if (!found) return 'none';
  return found.description.isFallback ? 'software' : 'hardware';
}

function describe(
  built: Simulation,
  example: { readonly title: string; readonly citation: string },
  webgpu: NetworkInfo['webgpu'],
  buildSeconds: number,
): NetworkInfo {
  const summary = built.summary();
  return {
    title: example.title,
    citation: example.citation,
    populations: built.populations.map(({ name, size, first }) => ({ name, size, first })),
    neurons: summary.neurons,
    synapses: summary.synapses,
    dtMs: summary.dt_ms,
    memoryBytes: summary.memory_bytes,
    engine: summary.engine,
    adapter: summary.adapter ? summary.adapter.description || summary.adapter.vendor : null,
    webgpu,
    buildSeconds,
    accelerations: accelerationsText(summary.slow_time),
    warnings: summary.warnings,
  };
}

async function runPiece(steps: number): Promise<void> {
  const running = simulation;
  if (!running) return;
  const started = performance.now();
  await running.runSteps(steps);
  const wallMs = performance.now() - started;
  // Aim at PIECE_MS, growing slowly and shrinking at once.
  pieceSteps = Math.max(
    1,
    Math.round(Math.min(pieceSteps * 2, (steps * PIECE_MS) / Math.max(0.2, wallMs))),
  );
  const { spikeSteps, spikeNeurons } = joinArrived();
  undrawn++;
  send({ kind: 'progress', step: running.step, steps, wallMs, spikeSteps, spikeNeurons }, [
    spikeSteps.buffer as ArrayBuffer,
    spikeNeurons.buffer as ArrayBuffer,
  ]);
}

function joinArrived(): { spikeSteps: Uint32Array; spikeNeurons: Uint32Array } {
  const total = arrived.reduce((sum, piece) => sum + piece.steps.length, 0);
  const spikeSteps = new Uint32Array(total);
  const spikeNeurons = new Uint32Array(total);
  let at = 0;
  for (const piece of arrived) {
    spikeSteps.set(piece.steps, at);
    spikeNeurons.set(piece.neurons, at);
    at += piece.steps.length;
  }
  arrived = [];
  return { spikeSteps, spikeNeurons };
}

async function play(): Promise<void> {
  while (playing) {
    if (undrawn > MOST_UNDRAWN) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    await runPiece(pieceSteps);
    // Lets messages in between pieces.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  send({ kind: 'stopped' });
}

async function receive(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'load': {
      playing = false;
      newest.abort();
      newest = new AbortController();
      const { signal } = newest;
      wake();
      loads = loads.then(() => load(message, signal)).catch(fail);
      return loads;
    }
    case 'play':
      if (playing || !simulation) return;
      playing = true;
      loop = play().catch(fail);
      return;
    case 'pause':
      playing = false;
      wake();
      return;
    case 'step':
      if (playing) return;
      return runPiece(1);
    case 'drawn':
      undrawn = Math.max(0, undrawn - 1);
      wake();
  }
}

function fail(error: unknown): void {
  playing = false;
  send(failureOf(error));
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  receive(event.data).catch(fail);
};
