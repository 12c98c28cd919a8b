/** Keeps samples and spikes of the probed neurons, whichever panel is open, so that their past is there when it is. */
import { effect, type Signal, signal } from '@preact/signals';
import type { App } from '../../state/app.ts';
import { perApp } from '../plot/per-app.ts';
import { soundOf } from './sound.ts';
import { createSpikeTimes, type SpikeTimes } from './spike-times.ts';
import { createTraceRing, type TraceRing } from './trace-ring.ts';

export interface Traces {
  /** By population; a new list whenever other neurons are probed. */
  readonly rings: Signal<readonly TraceRing[]>;
  spikes: SpikeTimes;
}

export const tracesOf = perApp((app: App): Traces => {
  const traces: Traces = { rings: signal([]), spikes: createSpikeTimes() };
  app.session.onRestart(() => {
    traces.rings.value = [];
    traces.spikes = createSpikeTimes();
  });
  app.session.onProgress(({ probes, probeSpikes }) => {
    traces.spikes.add(probeSpikes.steps, probeSpikes.neurons);
    for (const samples of probes) {
      if (samples.steps.length === 0) continue;
      const rings = traces.rings.peek();
      const found = rings.find(({ population }) => population === samples.population);
      if (found?.matches(samples)) found.add(samples);
      else {
        const ring = createTraceRing(samples);
        ring.add(samples);
        traces.rings.value = found
          ? rings.map((other) => (other === found ? ring : other))
          : [...rings, ring];
      }
    }
  });
  // Populations that nobody probes any more.
  effect(() => {
    const { probes } = app.project.value.view;
    const kept = traces.rings
      .peek()
      .filter(({ population }) => probes.some((probe) => probe.population === population));
    if (probes.length > 0 && kept.length < traces.rings.peek().length) traces.rings.value = kept;
  });
  return traces;
});

export const collect = (app: App): void => {
  tracesOf(app);
  soundOf(app);
};
