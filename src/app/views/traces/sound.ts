/**
 * A short click for every spike of the probed neurons, higher for later ones in the list. At most so many a second that
 * they remain clicks. Browsers let a page sound only after somebody touched it.
 */
import { effect } from '@preact/signals';
import type { Progress } from '../../simulation/protocol.ts';
import type { App } from '../../state/app.ts';
import { perApp } from '../plot/per-app.ts';

/** Between two clicks, seconds. */
const LEAST_BETWEEN = 0.012;
/** Clicks lie at most so far ahead, so that they stop with the run. */
const MOST_AHEAD = 0.15;
const CLICK_SECONDS = 0.012;

/**
 * When clicks are heard: spikes of a piece of the run spread over the wall time that it took, those too close to the one
 * before left out. `free` is when the last click allows the next. Pure.
 */
export function clickTimes(
  steps: ArrayLike<number>,
  firstStep: number,
  pieceSteps: number,
  pieceSeconds: number,
  now: number,
  free: number,
): { readonly at: number; readonly spike: number }[] {
  const clicks: { at: number; spike: number }[] = [];
  const length = Math.min(pieceSeconds, MOST_AHEAD);
  let next = Math.max(now, free);
  for (let spike = 0; spike < steps.length; spike++) {
    const at = now + (((steps[spike] as number) - firstStep) / Math.max(1, pieceSteps)) * length;
    if (at < next || at > now + MOST_AHEAD) continue;
    clicks.push({ at, spike });
    next = at + LEAST_BETWEEN;
  }
  return clicks;
}

/** Starts with the next touch of the page, where it may not sound yet. Once for each app. */
export const soundOf = perApp((app: App) => {
  let context: AudioContext | null = null;
  let click: AudioBuffer | null = null;
  let free = 0;

  const start = (): void => {
    if (!app.project.peek().view.sound) return;
    context ??= new AudioContext({ latencyHint: 'interactive' });
    click ??= createClick(context);
    void context.resume();
  };
  addEventListener('pointerdown', start);
  addEventListener('keydown', start);
  effect(() => {
    if (app.project.value.view.sound) return;
    void context?.suspend();
  });

  app.session.onProgress(({ step, steps, wallMs, probes, probeSpikes }: Progress) => {
    if (!context || !click || context.state !== 'running' || !app.project.peek().view.sound) return;
    const first = step - steps;
    for (const { at, spike } of clickTimes(
      probeSpikes.steps,
      first,
      steps,
      wallMs / 1000,
      context.currentTime,
      free,
    )) {
      const source = context.createBufferSource();
      source.buffer = click;
      source.playbackRate.value = 2 ** (placeOf(app, probes, probeSpikes.neurons[spike]) / 6);
      source.connect(context.destination);
      source.start(at);
      free = at + LEAST_BETWEEN;
    }
  });
  return { start };
});

/** Place of a neuron among those probed. */
function placeOf(app: App, probes: Progress['probes'], neuron = 0): number {
  let before = 0;
  for (const { population, neurons } of probes) {
    const first =
      app.session.info.peek()?.populations.find(({ name }) => name === population)?.first ?? 0;
    const place = neurons.indexOf(neuron - first);
    if (place >= 0) return before + place;
    before += neurons.length;
  }
  return 0;
}

/** A decaying tone with a sharp beginning, as an electrode on a loudspeaker sounds. */
function createClick(context: AudioContext): AudioBuffer {
  const length = Math.round(context.sampleRate * CLICK_SECONDS);
  const buffer = context.createBuffer(1, length, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let k = 0; k < length; k++) {
    const t = k / context.sampleRate;
    samples[k] = 0.35 * Math.sin(2 * Math.PI * 900 * t) * Math.exp(-t / 0.002);
  }
  return buffer;
}
