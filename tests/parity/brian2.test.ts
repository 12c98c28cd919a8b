/**
 * The same networks in Brian 2 and here: every script of tests/brian2 was run by Brian 2 and its output recorded; these
 * tests build the same network with the public API and want the same spikes in the same steps and the same traces.
 *
 * With BRIAN2_PYTHON=/usr/bin/python3 (a Python that has brian2) the scripts are run again, and the recorded output must
 * be what they give.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSimulation } from '../../src/create-simulation.ts';
import type { Simulation } from '../../src/simulation.ts';
import type { Brian2Case, Brian2Record } from './brian2/case.ts';
import { cases } from './brian2/cases.ts';

/** Largest difference of a trace in f64, relative to its largest value. */
const TRACE_TOLERANCE = 1e-9;
/** The same in f32, for cases whose spikes all fall in the same steps. */
const SINGLE_TRACE_TOLERANCE = 1e-3;

const folder = fileURLToPath(new URL('../brian2/', import.meta.url));

function readRecord(name: string): Brian2Record {
  return JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Brian2Record;
}

/** Runs a case on the CPU engine and hands the finished simulation to `look`. */
async function finished(
  { network, durationMs, run }: Brian2Case,
  precision: 'f32' | 'f64',
  look: (simulation: Simulation) => Promise<void>,
): Promise<void> {
  const simulation = await createSimulation(network, { engine: 'cpu', precision });
  try {
    if (run) await run(simulation);
    else await simulation.run(`${durationMs} ms`);
    await look(simulation);
  } finally {
    simulation.destroy();
  }
}

/** Fails with the place of the worst difference, relative to the largest value of `expected`. */
function expectClose(
  what: string,
  values: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): void {
  expect(values.length, `${what}: samples`).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const errors = expected.map((value, k) => Math.abs((values[k] ?? Number.NaN) - value) / scale);
  const worst = errors.findIndex((error) => !(error <= tolerance));
  const found = `sample ${worst} is ${values[worst]}, Brian 2 has ${expected[worst]}`;
  expect(worst, `${what}: ${found}`).toBe(-1);
}

function expectTraces(
  simulation: Simulation,
  { traces = {} }: Brian2Case,
  record: Brian2Record,
  tolerance: number,
): void {
  for (const [name, [recording, variable]] of Object.entries(traces)) {
    const { values, timesMs } = simulation.state(recording);
    const samples = timesMs.length;
    const found = values[variable];
    for (const [row, expected] of (record.traces[name]?.values ?? []).entries()) {
      const part = found?.subarray(row * samples, (row + 1) * samples) ?? [];
      expectClose(`${name}, row ${row}`, part, expected, tolerance);
    }
  }
}

async function expectFinals(
  simulation: Simulation,
  { finals = {} }: Brian2Case,
  record: Brian2Record,
  tolerance: number,
): Promise<void> {
  for (const [name, [owner, variable]] of Object.entries(finals)) {
    const values = await simulation.get(owner, variable);
    expectClose(`final ${name}`, values, record.finals[name]?.values ?? [], tolerance);
  }
}

type Pairs = readonly (readonly [step: number, neuron: number])[];

function pairs(steps: ArrayLike<number>, neurons: ArrayLike<number>, untilStep = Infinity): Pairs {
  return Array.from(steps, (step, k) => [step, neurons[k] ?? -1] as const).filter(
    ([step]) => step < untilStep,
  );
}

/** Spikes in the order of neurons, so that runs whose spikes differ by a step can be laid side by side. */
function byNeuron(spikes: Pairs): Pairs {
  return [...spikes].sort(([a, i], [b, j]) => i - j || a - b);
}

describe('the comparison itself', () => {
  it('has a network here for every recorded script, and nothing else', () => {
    const recorded = readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.replace('.json', ''));
    expect(Object.keys(cases).sort()).toEqual(recorded.sort());
  });

  it('looks at everything that was recorded, by Brian 2.5.1', () => {
    for (const [name, build] of Object.entries(cases)) {
      const record = readRecord(name);
      const { spikes = {}, traces = {}, finals = {} } = build();
      expect(record.brian2, name).toBe('2.5.1');
      expect(Object.keys(spikes).sort(), name).toEqual(Object.keys(record.spikes).sort());
      expect(Object.keys(traces).sort(), name).toEqual(Object.keys(record.traces).sort());
      expect(Object.keys(finals).sort(), name).toEqual(Object.keys(record.finals).sort());
    }
  });

  const python = process.env.BRIAN2_PYTHON;
  it.runIf(python)('has recorded output that is current', { timeout: 600_000 }, () => {
    execFileSync(python ?? '', [`${folder}record.py`, '--check'], { stdio: 'pipe' });
  });
});

describe.each(Object.entries(cases))('%s', (name, build) => {
  const record = readRecord(name);

  it('gives the spikes and traces of Brian 2 in f64', async () => {
    const one = build();
    await finished(one, 'f64', async (simulation) => {
      for (const [label, recording] of Object.entries(one.spikes ?? {})) {
        const { steps, neurons } = simulation.spikes(recording);
        const expected = record.spikes[label];
        expect(pairs(steps, neurons), label).toEqual(
          pairs(expected?.steps ?? [], expected?.neurons ?? []),
        );
      }
      expectTraces(simulation, one, record, TRACE_TOLERANCE);
      await expectFinals(simulation, one, record, TRACE_TOLERANCE);
    });
  });

  it('stays close to Brian 2 in f32', async () => {
    const one = build();
    const { untilMs = one.durationMs, steps: slack = 1, trace } = one.single ?? {};
    const untilStep = Math.round(untilMs / record.dtMs);
    await finished({ ...one, durationMs: untilMs }, 'f32', async (simulation) => {
      let areSame = untilMs === one.durationMs;
      for (const [label, recording] of Object.entries(one.spikes ?? {})) {
        const { steps, neurons } = simulation.spikes(recording);
        const expected = record.spikes[label];
        const wanted = byNeuron(pairs(expected?.steps ?? [], expected?.neurons ?? [], untilStep));
        const found = byNeuron(pairs(steps, neurons));
        expect(found.length, `${label}: spikes`).toBe(wanted.length);
        for (const [k, [step, neuron]] of found.entries()) {
          const [wantedStep, wantedNeuron] = wanted[k] ?? [-1, -1];
          expect(neuron, `${label}: neuron of spike ${k}`).toBe(wantedNeuron);
          expect(Math.abs(step - wantedStep), `${label}: spike ${k}`).toBeLessThanOrEqual(slack);
          areSame &&= step === wantedStep;
        }
      }
      if (areSame) expectTraces(simulation, one, record, trace ?? SINGLE_TRACE_TOLERANCE);
    });
  });
});
