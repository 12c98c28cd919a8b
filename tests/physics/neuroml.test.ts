/**
 * NeuroML and LEMS examples against the spike times that their authors' tests expect, which several simulators reach:
 * every spike present, times within 0.5 %.
 */
import { describe, expect, it } from 'vitest';
import { parseQuantity, type Simulation } from '../../src/index.ts';
import { importNeuroml } from '../../src/io/neuroml/read-neuroml.ts';
import { type EngineCase, engines, simulate } from '../support/engines.ts';
import { dataReader, describeReference, reference } from '../support/reference.ts';

interface Expected {
  readonly cases: readonly {
    readonly model: string;
    readonly observables: Readonly<
      Record<
        string,
        {
          readonly spike_times: readonly number[];
          readonly columns: readonly [number, number];
          readonly scaling: readonly [number, number];
          readonly detection_threshold?: number;
        }
      >
    >;
  }[];
}

/** Which variable of which population each observable is, with the factor from our unit to the column's. */
const PLACES: Readonly<
  Record<string, readonly [population: string, variable: string, neuron?: number]>
> = {
  'LEMS_c302_A_Pharyngeal.xml TestOneCell': ['I5', 'v'],
  'LEMS_2007Cells.xml rs': ['RS_pop', 'v'],
  'LEMS_NML2_Ex0_IaF.xml iafTauPop0': ['iafTauPop', 'v'],
  'LEMS_NML2_Ex0_IaF.xml iafTauRefPop0': ['iafTauRefPop', 'v'],
  'LEMS_NML2_Ex0_IaF.xml iafPop0': ['iafPop', 'v'],
  'LEMS_NML2_Ex0_IaF.xml iafRefPop0': ['iafRefPop', 'v'],
  'LEMS_NML2_Ex1_HH.xml v': ['hhpop', 'v'],
  'LEMS_NML2_Ex21_CurrentBasedSynapses.xml spikes': ['iafPop', 'v'],
  'LEMS_NML2_Ex3_Net.xml syn1': ['hh2pop', 'v', 0],
  'LEMS_NML2_Ex3_Net.xml syn2': ['hh2pop', 'v', 1],
  'LEMS_NML2_Ex5_DetCell.xml v': ['hhpop', 'v'],
  'LEMS_NML2_Ex5_DetCell.xml m': ['hhpop', 'm_naChans'],
  'LEMS_NML2_Ex9_FN.xml V': ['fnPop1', 'V'],
  'LEMS_NML2_Ex9_FN.xml W': ['fnPop1', 'W'],
};

/** Times at which a recorded variable rises through a value; those of its maxima where no value is given. */
function events(simulation: Simulation, place: string, threshold: number | undefined): number[] {
  const [population, variable, neuron = 0] = PLACES[place] ?? [];
  if (population === undefined || variable === undefined) throw new Error(`no place for ${place}`);
  const { timesMs, values, neurons } = simulation.state(`${population} traces`);
  const row = neurons.indexOf(neuron);
  const samples = values[variable]?.subarray(row * timesMs.length, (row + 1) * timesMs.length);
  if (samples === undefined || row < 0) throw new Error(`${place}: ${variable} is not recorded`);
  const found: number[] = [];
  for (let k = 1; k < samples.length - 1; k++) {
    const [before, now, after] = samples.subarray(k - 1, k + 2) as unknown as [
      number,
      number,
      number,
    ];
    const isEvent =
      threshold === undefined
        ? before < now && now >= after
        : before <= threshold && now > threshold;
    if (isEvent) found.push(timesMs[k] as number);
  }
  return found;
}

async function run(engine: EngineCase, path: string): Promise<Record<string, number[]>> {
  const read = dataReader('neuroml');
  const { document, duration = '0 ms', warnings } = await importNeuroml(read, path);
  expect(warnings).toEqual([]);
  const [file = ''] = path.split('/').slice(-1);
  const { cases } = reference<Expected>('neuroml_expected.json');
  const observables = cases.find(({ model }) => model.endsWith(`/${file}`))?.observables ?? {};
  return simulate(document, engine, parseQuantity(duration, 'duration').value, (simulation) => {
    const times: Record<string, number[]> = {};
    for (const [name, { detection_threshold: threshold, scaling }] of Object.entries(observables)) {
      const place = `${file} ${name}`;
      // Voltages are millivolts here; the file's columns are volts, times the scaling.
      const isVoltage = PLACES[place]?.[1] === 'v';
      const factor = isVoltage ? 1000 / scaling[1] : 1;
      times[name] = events(
        simulation,
        place,
        threshold === undefined ? undefined : threshold * factor,
      );
    }
    return times;
  });
}

describeReference('NeuroML examples', () => {
  const { cases } = reference<Expected>('neuroml_expected.json');
  describe.each(engines)('$name', (engine) => {
    it.each(
      cases.map(
        ({ model, observables }) => [model.split('/').slice(3).join('/'), observables] as const,
      ),
    )('%s', async (path, observables) => {
      // Twenty populations one by one are slow on a software adapter, and add nothing.
      if (engine.options.engine === 'gpu' && path.startsWith('c302')) return;
      const found = await run(engine, path);
      for (const [name, { spike_times: expected }] of Object.entries(observables)) {
        const times = found[name] ?? [];
        expect(times, name).toHaveLength(expected.length);
        for (const [k, time] of expected.entries()) {
          expect(Math.abs((times[k] as number) - time) / time, `${name}, spike ${k}`).toBeLessThan(
            0.005,
          );
        }
      }
    });
  });
});
