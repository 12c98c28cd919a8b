/** The picture of the biomedical bench: a comparison as its page shows it, of a network small enough for a test. */
import { expect, it } from 'vitest';
import { compareIntervention } from '../../../src/biomedical/index.ts';
import { linesOf, type Tick, ticksOf, unmatched } from '../../../src/biomedical/rasters.ts';
import { buildExample } from '../../support/examples.ts';
import { matches } from '../../support/picture-files.ts';
import { type Axis, curves, dots, type Panel, picture } from '../../support/pictures.ts';

it('biomedical.svg', async () => {
  const [at, until, end] = [300, 600, 900];
  const comparison = await compareIntervention(buildExample('cuba', { neurons: 1000 }), {
    engine: 'cpu',
    threads: 1,
    interventions: [
      { at: `${at} ms`, until: `${until} ms`, owner: '', parameter: 'w_inh', factor: 0.5 },
    ],
    duration: `${end} ms`,
    to: `${until} ms`,
    doses: [0.25, 0.5, 0.75],
  });
  const { example, dt_ms: dtMs, doses } = comparison;
  if (example === null) throw new Error('there are no spikes');
  const lines = linesOf(example);
  const control = ticksOf(example.control, lines);
  const intervention = ticksOf(example.intervention, lines);
  const within = Math.round(1 / dtMs);
  // Before it begins both are one run.
  const missing = unmatched(control, intervention, within);
  const added = unmatched(intervention, control, within);
  expect(Math.min(...[...missing, ...added].map(({ step }) => step)) * dtMs).toBeGreaterThan(at);

  const most = 60;
  const points = (ticks: readonly Tick[]) =>
    ticks
      .filter(({ line }) => line < most)
      .map(({ step, line }) => [step * dtMs, line + 0.5] as const);
  const raster = (title: string, blue: readonly Tick[], orange: readonly Tick[]): Panel => ({
    title,
    range: [0, most],
    ticks: [0, 20, 40, 60],
    series: [
      { name: 'control', colour: 0, points: points(blue) },
      { name: 'intervention', colour: 1, points: points(orange) },
    ],
  });
  const time: Axis = { title: 'time, ms', range: [0, end], ticks: [0, at, until] };
  const response = (detector: string) => {
    const found = doses.map(({ dose, rows }) => {
      const row = rows.find((one) => one.detector === detector);
      if (row === undefined) throw new Error(`no ${detector}`);
      return { dose, ...row };
    });
    return [
      {
        name: 'mean, s.d. of 10 seeds',
        colour: 1,
        drawn: 'bars',
        points: found.map(({ dose, mean }) => [dose, mean] as const),
        spread: found.map(({ deviation }) => deviation),
      },
    ] as const;
  };
  const drawn = picture(
    'Control beside intervention with the same seed, their difference, and dose and response',
    dots(
      time,
      [
        raster('control', control, []),
        raster('inhibition × 0.5, 300 to 600 ms', [], intervention),
        raster('spikes that only one has', missing, added),
      ],
      { yTitle: 'neuron', height: 130, size: 1.6 },
    ),
    curves({ title: 'dose', range: [-0.05, 1.05], ticks: [0, 0.25, 0.5, 0.75, 1] }, [
      {
        title: 'rate, Hz',
        range: [0, 12],
        ticks: [0, 4, 8, 12],
        height: 90,
        series: response('neurons rate'),
      },
      {
        title: 'synchrony',
        range: [0, 0.22],
        ticks: [0, 0.1, 0.2],
        height: 90,
        series: response('neurons synchrony'),
      },
    ]),
  );
  matches('biomedical.md', 'biomedical.svg', drawn);
});
