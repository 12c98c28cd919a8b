/** Pictures of membranes and receptors: what their examples give today. */
import { it } from 'vitest';
import { simulate, stepsByNeuron } from '../../support/engines.ts';
import { buildExample } from '../../support/examples.ts';
import { engine, matches } from '../../support/picture-files.ts';
import {
  type Axis,
  BLUE,
  curves,
  dots,
  type Look,
  ORANGE,
  type Panel,
  picture,
  type Series,
} from '../../support/pictures.ts';

it('release-chain.svg', async () => {
  const drawn = await simulate(buildExample('release-chain'), engine, 15, (simulation) => {
    const { values: terminal, timesMs } = simulation.state('terminal state');
    const { values: target } = simulation.state('target state');
    const series = (
      name: string,
      colour: Look,
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
    return picture('One action potential in a terminal', curves(axis, panels));
  });
  matches('release.md', 'release-chain.svg', drawn);
});

it('receptors.svg', async () => {
  const drawn = await simulate(buildExample('receptors'), engine, 600, (simulation) => {
    const series = (
      name: string,
      colour: Look,
      recording: string,
      variable: string,
      factor = 1,
      every = 10,
    ): Series => {
      const { values, timesMs } = simulation.state(recording);
      return {
        name,
        colour,
        points: [...timesMs].flatMap((time, k) =>
          // The train in detail, what follows less so.
          k % (time < 150 ? every : 100) === 0
            ? [[time, (values[variable]?.[k] as number) * factor] as const]
            : [],
        ),
      };
    };
    const panels: readonly Panel[] = [
      {
        title: 'glutamate in its cleft, mM',
        range: [0, 1.1],
        ticks: [0, 1],
        series: [series('glutamate', BLUE, 'glutamate', 'glutamate', 1, 1)],
      },
      {
        title: 'its receptors: current at -65 mV per nS, pA',
        range: [0, 40],
        ticks: [0, 30],
        series: [
          series('AMPA', BLUE, 'glutamate', 'i_ampa'),
          series('NMDA, tenfold', ORANGE, 'glutamate', 'i_nmda', 10),
        ],
      },
      {
        title: 'receptors of GABA: current, pA',
        range: [-16, 0],
        ticks: [-15, 0],
        series: [
          series('GABA-A', BLUE, 'gaba', 'i_gaba_a'),
          series('GABA-B', ORANGE, 'gaba', 'i_gaba_b'),
        ],
      },
      {
        title: 'receptors of acetylcholine: share open',
        range: [0, 1],
        ticks: [0, 1],
        series: [
          series('nicotinic', BLUE, 'acetylcholine', 'i_nicotinic', 1 / 65),
          series('muscarinic', ORANGE, 'acetylcholine', 'open_muscarinic'),
        ],
      },
      {
        title: 'dopamine around its terminals, nM',
        range: [0, 500],
        ticks: [0, 400],
        series: [series('dopamine', BLUE, 'dopamine', 'level', 1e6)],
      },
      {
        title: 'its receptors: share occupied',
        range: [0, 1],
        ticks: [0, 1],
        series: [
          series('D1', BLUE, 'dopamine', 'occ_d1'),
          series('D2', ORANGE, 'dopamine', 'occ_d2'),
        ],
      },
      {
        title: 'a neuron with the first two, mV',
        range: [-75, -50],
        ticks: [-70, -60, -50],
        series: [series('v', BLUE, 'neuron', 'v')],
      },
    ];
    const axis: Axis = {
      title: 'time, ms',
      range: [0, 600],
      ticks: [0, 100, 200, 300, 400, 500, 600],
    };
    return picture('Ten spikes at 100 Hz, and every receptor', curves(axis, panels));
  });
  matches('receptors.md', 'receptors.svg', drawn);
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
        { name: 'first spike', colour: BLUE, points: spike(0) },
        { name: 'second spike', colour: ORANGE, points: spike(1) },
      ],
    });
  }
  const axis = { title: 'along the axon, cm', range: [0, 12], ticks: [0, 4, 8] } as const;
  const drawn = picture('Spikes on a squid axon', dots(axis, panels, { yTitle: 'time, ms' }));
  matches('neuron.md', 'axon.svg', drawn);
});
