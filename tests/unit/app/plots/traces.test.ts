import { describe, expect, it } from 'vitest';
import type { ProbeSamples } from '../../../../src/app/simulation/protocol.ts';
import { formatNeurons, parseNeurons } from '../../../../src/app/views/traces/neuron-list.ts';
import { clickTimes } from '../../../../src/app/views/traces/sound.ts';
import { createSpikeTimes } from '../../../../src/app/views/traces/spike-times.ts';
import { inUnit, thresholdOf } from '../../../../src/app/views/traces/threshold.ts';
import { createTraceRing } from '../../../../src/app/views/traces/trace-ring.ts';
import { Network } from '../../../../src/index.ts';

/** Samples whose value says where it belongs: step + variable/10 + neuron/100. */
function samplesOf(from: number, to: number, neurons = [3, 7]): ProbeSamples {
  const variables = ['v', 'w'].map((name) => ({ name, unit: 'mV', slow: false, stored: true }));
  const steps = Uint32Array.from({ length: to - from }, (_, k) => from + k);
  const values = new Float32Array(steps.length * 2 * neurons.length);
  let at = 0;
  for (const step of steps) {
    for (let variable = 0; variable < 2; variable++) {
      for (let neuron = 0; neuron < neurons.length; neuron++) {
        values[at++] = step * 100 + variable * 10 + neuron;
      }
    }
  }
  return { population: 'exc', neurons, variables, steps, values };
}

describe('samples of picked neurons', () => {
  it('are lists by variable and neuron', () => {
    const ring = createTraceRing(samplesOf(0, 0));
    ring.add(samplesOf(5, 8));
    expect(ring.steps()).toEqual(Float64Array.of(5, 6, 7));
    expect(ring.values(0, 0)).toEqual(Float32Array.of(500, 600, 700));
    expect(ring.values(1, 1)).toEqual(Float32Array.of(511, 611, 711));
  });

  it('are bounded: the newest remain, in one piece', () => {
    const ring = createTraceRing(samplesOf(0, 0));
    for (let from = 0; from < 400_000; from += 997) ring.add(samplesOf(from, from + 997));
    const steps = ring.steps();
    expect(steps.length).toBe(1 << 17);
    const last = steps.at(-1) as number;
    for (const k of [0, 1, 50_000, steps.length - 1]) {
      expect(steps[k]).toBe(last - steps.length + 1 + k);
      expect(ring.values(1, 0)[k]).toBe(Math.fround((steps[k] as number) * 100 + 10));
    }
  });

  it('take a piece longer than they hold', () => {
    const ring = createTraceRing(samplesOf(0, 0));
    ring.add(samplesOf(0, 200_000));
    expect(ring.steps().length).toBe(1 << 17);
    expect(ring.steps().at(-1)).toBe(199_999);
  });

  it('begin anew for other neurons', () => {
    const ring = createTraceRing(samplesOf(0, 2));
    expect(ring.matches(samplesOf(2, 4))).toBe(true);
    expect(ring.matches(samplesOf(2, 4, [3, 8]))).toBe(false);
  });

  it('have spikes, of which the newest remain', () => {
    const spikes = createSpikeTimes(100);
    for (let step = 0; step < 1000; step += 2) {
      spikes.add(Uint32Array.of(step, step + 1), Uint32Array.of(step % 7, 1));
    }
    const found: [number, number][] = [];
    spikes.each(990, 996, (step, neuron) => found.push([step, neuron]));
    expect(found).toEqual([
      [990, 3],
      [991, 1],
      [992, 5],
      [993, 1],
      [994, 0],
      [995, 1],
    ]);
    let kept = 0;
    spikes.each(0, 1000, () => kept++);
    expect(kept).toBeGreaterThanOrEqual(100);
    expect(kept).toBeLessThanOrEqual(200);
  });
});

describe('lists of neurons', () => {
  it('are read as people type them', () => {
    expect(parseNeurons('0, 3, 10-12', 100).neurons).toEqual([0, 3, 10, 11, 12]);
    expect(parseNeurons(' 7 7;5 ', 100).neurons).toEqual([5, 7]);
  });

  it('say what is wrong', () => {
    expect(parseNeurons('', 100).problem).toContain('0 to 99');
    expect(parseNeurons('100', 100).problem).toContain('no neuron 100');
    expect(parseNeurons('1.5', 100).problem).toContain('"1.5"');
    expect(parseNeurons('9-5', 100).problem).toContain('backwards');
    expect(parseNeurons('0-8', 100).problem).toContain('At most 8');
    expect(parseNeurons('0-4294967295', 2 ** 28).problem).not.toBe('');
    expect(parseNeurons('-1', 100).neurons).toBeNull();
  });

  it('are written so that they can be read again', () => {
    for (const neurons of [[0], [0, 1], [0, 1, 2], [4, 6, 7, 8, 20]]) {
      expect(parseNeurons(formatNeurons(neurons), 100).neurons).toEqual(neurons);
    }
    expect(formatNeurons([0, 1, 2, 5])).toBe('0-2, 5');
  });
});

describe('thresholds', () => {
  const of = (threshold: string, params: Record<string, string | number> = {}) => {
    const network = new Network({ params: { v_c: '-48 mV' } });
    network.population('n', 10, { eqs: 'dv/dt = -v/(10*ms) : volt', threshold, params });
    const document = network.toJSON();
    const population = document.populations[0];
    if (!population) throw new Error('no population');
    return thresholdOf(document, population, () => 'mV');
  };

  it('are parameters or plain quantities', () => {
    expect(of('v > v_thresh', { v_thresh: '-50 mV' })).toEqual({ variable: 'v', level: -50 });
    expect(of('v > v_c')).toEqual({ variable: 'v', level: -48 });
    expect(of('v >= 30*mV')).toEqual({ variable: 'v', level: 30 });
    expect(of('v > 0.02*volt')).toEqual({ variable: 'v', level: 20 });
  });

  it('have no level where it is none that all share', () => {
    expect(of('v > -50*mV + 2*mV')).toEqual({ variable: 'v', level: null });
    expect(of('rand() < 0.1')).toBeNull();
  });

  it('are converted between prefixes, and never between dimensions', () => {
    expect(inUnit('-65 mV', 'mV')).toBe(-65);
    expect(inUnit('-0.065*volt', 'mV')).toBe(-65);
    expect(inUnit('3 nS', 'pS')).toBe(3000);
    expect(inUnit('1.5', '')).toBe(1.5);
    expect(inUnit('3 nS', 'mV')).toBeNull();
    expect(inUnit('v_rest + 3*mV', 'mV')).toBeNull();
  });
});

describe('clicks', () => {
  it('are spread over the time that the piece took', () => {
    const clicks = clickTimes([100, 150], 100, 100, 0.1, 5, 0);
    expect(clicks.map(({ at }) => at)).toEqual([5, 5.05]);
  });

  it('are bounded in number, whatever fires', () => {
    const steps = Array.from({ length: 5000 }, (_, k) => k);
    const clicks = clickTimes(steps, 0, 5000, 10, 1, 0);
    expect(clicks.length).toBeLessThanOrEqual(13);
    for (let k = 1; k < clicks.length; k++) {
      const gap = (clicks[k]?.at ?? 0) - (clicks[k - 1]?.at ?? 0);
      expect(gap).toBeGreaterThanOrEqual(0.012 - 1e-12);
    }
    // The next piece waits for the last click of this one.
    expect(clickTimes([0], 0, 1, 0.01, 1, 1.5)).toEqual([]);
  });
});
