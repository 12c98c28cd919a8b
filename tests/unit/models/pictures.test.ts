/**
 * The pictures of the pages beside the models are what the examples give today. After a change that is meant:
 * `UPDATE_PICTURES=1 npx vitest run tests/unit/models/pictures.test.ts` draws them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type EngineCase, simulate, singleEngines, stepsByNeuron } from '../../support/engines.ts';
import { buildExample } from '../../support/examples.ts';
import {
  BLUE,
  ORANGE,
  type Panel,
  type Series,
  sideBySideDots,
  stackedCurves,
} from '../../support/pictures.ts';

// The CPU engine computes the same bits everywhere.
const engine = singleEngines[0] as EngineCase;

/** Compares a picture with the file, or writes it. */
function matches(file: string, drawn: string): void {
  const path = `src/models/systems/${file}`;
  if (process.env.UPDATE_PICTURES === '1') writeFileSync(path, drawn);
  expect(drawn).toBe(readFileSync(path, 'utf8'));
}

it('release-chain.svg', async () => {
  const drawn = await simulate(buildExample('release-chain'), engine, 15, (simulation) => {
    const { values: terminal, timesMs } = simulation.state('terminal state');
    const { values: target } = simulation.state('target state');
    const series = (
      name: string,
      colour: string,
      values: Float64Array | undefined,
      factor = 1,
    ): Series => ({
      name,
      colour,
      points: [...timesMs].flatMap((time, k) =>
        time >= 4 && k % 2 === 0 ? [[time, (values?.[k] as number) * factor] as const] : [],
      ),
    });
    const panels: readonly Panel[] = [
      {
        title: 'membrane potential, mV',
        range: [-95, 60],
        ticks: [-90, 0, 50],
        series: [series('v', BLUE, terminal.v)],
      },
      {
        title: 'calcium under the membrane (mean), uM',
        range: [0, 0.15],
        ticks: [0, 0.1],
        series: [series('ca', BLUE, terminal.ca, 1000)],
      },
      {
        title: 'fusion factors, uM',
        range: [0, 0.32],
        ticks: [0, 0.2],
        series: [
          series('fa, active', BLUE, terminal.fa, 1000),
          series('va, on vesicles', ORANGE, terminal.va, 1000),
        ],
      },
      {
        title: 'transmitter in the cleft, mM',
        range: [0, 1.2],
        ticks: [0, 1],
        series: [series('transmitter', BLUE, terminal.transmitter)],
      },
      {
        title: 'AMPA receptors, share open',
        range: [0, 0.6],
        ticks: [0, 0.5],
        series: [series('r_ampa', ORANGE, target.r_ampa)],
      },
    ];
    const axis = { title: 'time, ms', range: [4, 15], ticks: [4, 6, 8, 10, 12, 14] } as const;
    return stackedCurves('One action potential in a terminal', axis, panels);
  });
  matches('release-chain.svg', drawn);
});

it('axon.svg', async () => {
  const experiments = [
    ['one end', { start: 'one-end' }],
    ['the middle', { start: 'middle' }],
    ['both ends', { start: 'both-ends' }],
    ['behind a spike', { start: 'behind' }],
  ] as const;
  const panels: Panel[] = [];
  for (const [title, values] of experiments) {
    const trains = await simulate(buildExample('axon', values), engine, 10, (simulation) =>
      stepsByNeuron(simulation, 241),
    );
    const spike = (n: number): Series['points'] =>
      trains.flatMap((steps, k) => {
        const step = steps[n];
        return step === undefined || k % 4 !== 0 ? [] : [[k * 0.05, step * 0.0025] as const];
      });
    panels.push({
      title,
      range: [0, 10],
      ticks: [0, 2, 4, 6, 8, 10],
      series: [
        { name: 'first', colour: BLUE, points: spike(0) },
        { name: 'second', colour: ORANGE, points: spike(1) },
      ],
    });
  }
  const axis = { title: 'along the axon, cm', range: [0, 12], ticks: [0, 4, 8] } as const;
  matches('axon.svg', sideBySideDots('Spikes on a squid axon', axis, panels));
});
