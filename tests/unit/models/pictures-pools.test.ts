/** Pictures of slow chemistry: pools of transmitter under drugs, and a gene, over times that grow. */
import { expect, it } from 'vitest';
import { findIntervention, models, Network, type NeuronModel } from '../../../src/index.ts';
import { follow, growingTimes, matches } from '../../support/picture-files.ts';
import {
  type Axis,
  curves,
  type Look,
  type Panel,
  picture,
  type Series,
} from '../../support/pictures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When drugs are given: pools have come to rest. */
const SETTLED = HOUR;

/** Curves of each variable by arm, over time in ms. */
type Traces = Readonly<Record<string, readonly Series[]>>;

/** A terminal without and one with each of the interventions (by their names in the picture) from `settledMs` on. */
async function underDrugs(
  model: NeuronModel,
  interventions: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
  step: string,
  timesMs: readonly number[],
): Promise<Traces> {
  const net = new Network({ dt: step });
  const arms = ['control', ...Object.keys(interventions)];
  for (const arm of arms) net.population(arm, 1, { ...model.with(), slow: step });
  for (const [owner, name] of Object.entries(interventions)) {
    for (const change of findIntervention(name).changes) {
      net.intervene({ at: `${SETTLED} ms`, owner, ...change });
    }
  }
  const points = new Map<string, [number, number][]>();
  await follow(
    net,
    timesMs,
    async (simulation, time) => {
      for (const arm of arms) {
        for (const [variable, unit] of Object.entries(variables)) {
          const key = `${arm} ${variable}`;
          const [value = Number.NaN] = await simulation.get(arm, variable, unit);
          points.set(key, [...(points.get(key) ?? []), [time, value]]);
        }
      }
    },
    SETTLED,
  );
  const seriesOf = (variable: string): readonly Series[] =>
    arms.map((name, k) => ({
      name,
      colour: k as Look,
      points: points.get(`${name} ${variable}`) ?? [],
    }));
  return Object.fromEntries(Object.keys(variables).map((name) => [name, seriesOf(name)]));
}

/** What the pools leave of a total, curve by curve. */
const rest = (
  total: readonly Series[] | undefined,
  pools: readonly (readonly Series[] | undefined)[],
): readonly Series[] =>
  (total ?? []).map((one, arm) => ({
    ...one,
    points: one.points.map(([time, all], k) => {
      const others = pools.map((pool) => pool?.[arm]?.points[k]?.[1] ?? Number.NaN);
      return [time, others.reduce((left, value) => left - value, all)] as const;
    }),
  }));

const panel = (
  title: string,
  range: Panel['range'],
  ticks: Panel['ticks'],
  series: readonly Series[] | undefined,
  isLog = false,
): Panel => ({ title, range, ticks, series: series ?? [], isLog });

it('dopamine.svg', async () => {
  const { vda, cda, eda } = await underDrugs(
    models.dopamineSynthesis,
    { cocaine: 'cocaine', AMPT: 'ampt', reserpine: 'reserpine', 'MAO inhibitor': 'mao-inhibitor' },
    { vda: 'uM', cda: 'uM', eda: 'nM' },
    '1 s',
    growingTimes(2 * SECOND, 3 * DAY, 16, SECOND),
  );
  const axis: Axis = {
    title: 'time since the drug is there',
    range: [2 * SECOND, 3 * DAY],
    isLog: true,
    ticks: [
      [10 * SECOND, '10 s'],
      [MINUTE, '1 min'],
      [10 * MINUTE, '10 min'],
      [HOUR, '1 h'],
      [10 * HOUR, '10 h'],
      [3 * DAY, '3 d'],
    ],
  };
  const panels = [
    panel('vesicular dopamine, uM', [0, 160], [0, 50, 100], vda),
    panel('cytosolic dopamine, uM', [0.3, 100], [1, 10, 100], cda, true),
    panel('extracellular dopamine, nM', [0.05, 10], [0.1, 1, 10], eda, true),
  ];
  matches(
    'dopamine.md',
    'dopamine.svg',
    picture('Dopamine pools under four drugs', curves(axis, panels)),
  );
});

it('acetylcholine.svg', async () => {
  const { total, ach_ves, ach_cleft, choline_out, choline_in } = await underDrugs(
    models.acetylcholineSynthesis,
    {
      'hemicholinium-3': 'hemicholinium',
      vesamicol: 'vesamicol',
      'esterase inhibitor': 'esterase-inhibitor',
    },
    { total: 'uM', ach_ves: 'uM', ach_cleft: 'uM', choline_out: 'uM', choline_in: 'uM' },
    '10 ms',
    growingTimes(20, 3 * HOUR, 14, 10),
  );
  const cytosol = rest(total, [ach_ves, ach_cleft, choline_out, choline_in]);
  const net = new Network({ dt: '21600 s' });
  net.population('loop', 1, { ...models.cholineLeakage.with(), slow: '21600 s' });
  const amyloid: [number, number][] = [];
  const acetylcholine: [number, number][] = [];
  const quarters = Array.from({ length: 401 }, (_, k) => k * 6 * HOUR);
  await follow(net, quarters, async (simulation, time) => {
    acetylcholine.push([time / DAY, (await simulation.get('loop', 'a', 'mM'))[0] as number]);
    amyloid.push([time / DAY, (await simulation.get('loop', 'b', 'mM'))[0] as number]);
  });
  const axis: Axis = {
    title: 'time since the drug is there',
    range: [20, 3 * HOUR],
    isLog: true,
    ticks: [
      [100, '0.1 s'],
      [SECOND, '1 s'],
      [10 * SECOND, '10 s'],
      [MINUTE, '1 min'],
      [10 * MINUTE, '10 min'],
      [HOUR, '1 h'],
    ],
  };
  const panels = [
    panel('acetylcholine in vesicles, uM', [0, 3000], [0, 1000, 2000, 3000], ach_ves),
    panel('acetylcholine in the cytosol, uM', [0, 3000], [0, 1000, 2000, 3000], cytosol),
    panel('acetylcholine in the cleft, uM', [0.001, 10], [0.001, 0.1, 10], ach_cleft, true),
    panel('choline outside, uM', [0.01, 5000], [0.1, 10, 1000], choline_out, true),
  ];
  const days: Axis = {
    title: 'choline leakage: time, d',
    range: [0, 100],
    ticks: [0, 20, 40, 60, 80, 100],
  };
  const leakage = [
    panel(
      'acetylcholine and amyloid, mM',
      [0, 60],
      [0, 20, 40, 60],
      [
        { name: 'acetylcholine', colour: 0, points: acetylcholine },
        { name: 'amyloid', colour: 1, points: amyloid },
      ],
    ),
  ];
  matches(
    'acetylcholine.md',
    'acetylcholine.svg',
    picture(
      'Acetylcholine pools under three drugs, and choline leakage',
      curves(axis, panels),
      curves(days, leakage),
    ),
  );
});

it('glutamate.svg', async () => {
  const { glu_ves, glu_cleft, glu_astro, gln } = await underDrugs(
    models.glutamateCycle,
    { 'DL-TBOA': 'dl-tboa', 'methionine sulfoximine': 'methionine-sulfoximine' },
    { glu_ves: 'mM', glu_cleft: 'uM', glu_astro: 'mM', gln: 'mM' },
    '10 ms',
    growingTimes(20, 3 * HOUR, 14, 10),
  );
  const axis: Axis = {
    title: 'time since the drug is there',
    range: [20, 3 * HOUR],
    isLog: true,
    ticks: [
      [100, '0.1 s'],
      [SECOND, '1 s'],
      [10 * SECOND, '10 s'],
      [MINUTE, '1 min'],
      [10 * MINUTE, '10 min'],
      [HOUR, '1 h'],
    ],
  };
  const panels = [
    panel('glutamate in vesicles, mM', [0, 10], [0, 5, 10], glu_ves),
    panel('glutamate in the cleft, uM', [0.01, 1000], [0.1, 10, 1000], glu_cleft, true),
    panel('glutamate in the astrocyte, mM', [0, 20], [0, 10, 20], glu_astro),
    panel('glutamine, mM', [0, 2], [0, 1, 2], gln),
  ];
  matches(
    'glutamate.md',
    'glutamate.svg',
    picture('The glutamate cycle under two drugs', curves(axis, panels)),
  );
});

/** The gene after calcium has risen, and when the environment holds it down from 300 h on. */
async function cascade(): Promise<Readonly<Record<string, Series['points']>>> {
  const net = new Network({ dt: '10 s' });
  net.timedArray('stress', { dt: '300 h', unit: '1', values: [1, 0.25] });
  const options = models.geneCascade.with({ calcium: '1 uM' }, { environment: 'stress(t)' });
  const rest = { camk: 0, pcreb: 0, mrna: 2.6, protein: 6893 };
  net.population('cell', 1, { ...options, slow: '10 s', initial: { ...options.initial, ...rest } });
  const times = [
    ...growingTimes(10 * SECOND, 300 * HOUR, 12, 10 * SECOND),
    ...growingTimes(301 * HOUR, 2000 * HOUR, 60, 10 * SECOND),
  ];
  const points: Record<string, [number, number][]> = { camk: [], pcreb: [], mrna: [], protein: [] };
  await follow(net, times, async (simulation, time) => {
    for (const [variable, list] of Object.entries(points)) {
      list.push([time, (await simulation.get('cell', variable))[0] as number]);
    }
  });
  return points;
}

/** Protein of 4000 cells with molecular noise, counted in bins, and what theory says of them. */
async function histogram(binWidth: number): Promise<readonly Series[]> {
  const net = new Network({ dt: '900 s', seed: 20 });
  net.population('cells', 4000, { ...models.geneExpression.with(), slow: '900 s' });
  const [gammaM, gammaP] = [0.0770163533955, 0.0150684169687];
  const mean = ((2 / gammaM) * 40) / gammaP;
  const fano = 1 + 40 / (gammaM + gammaP);
  const counts = new Map<number, number>();
  await follow(net, [300 * HOUR], async (simulation) => {
    for (const value of await simulation.get('cells', 'protein')) {
      const bin = Math.floor(value / binWidth);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    }
  });
  const steps = Array.from({ length: Math.round(60_000 / binWidth) }, (_, k) => {
    const bin = Math.round(40_000 / binWidth) + k;
    const share = (100 * (counts.get(bin) ?? 0)) / 4000;
    return [
      [(bin * binWidth) / 1000, share],
      [((bin + 1) * binWidth) / 1000, share],
    ] as const;
  }).flat();
  const theory = Array.from({ length: 121 }, (_, k) => {
    const protein = 40_000 + k * 500;
    const density = Math.exp(-((protein - mean) ** 2) / (2 * fano * mean));
    return [
      protein / 1000,
      (100 * binWidth * density) / Math.sqrt(2 * Math.PI * fano * mean),
    ] as const;
  });
  return [
    { name: '4000 cells', colour: 0, points: steps },
    { name: `theory, Fano ${fano.toFixed(0)}`, colour: 1, points: theory },
  ];
}

it('expression.svg', async () => {
  const { camk = [], pcreb = [], mrna = [], protein = [] } = await cascade();
  // What the histogram leaves out of its range would be missing from it.
  const cells = await histogram(2000);
  const shares = cells[0]?.points.filter((_, k) => k % 2 === 0) ?? [];
  expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeGreaterThan(99.5);
  const axis: Axis = {
    title: 'time since calcium has risen to 1 uM',
    range: [10 * SECOND, 2000 * HOUR],
    isLog: true,
    ticks: [
      [10 * SECOND, '10 s'],
      [MINUTE, '1 min'],
      [10 * MINUTE, '10 min'],
      [HOUR, '1 h'],
      [10 * HOUR, '10 h'],
      [100 * HOUR, '100 h'],
      [1000 * HOUR, '1000 h'],
    ],
    bands: [[300 * HOUR, 2000 * HOUR, 'environment × 0.25']],
  };
  const one = (name: string, points: Series['points']): Series => ({ name, colour: 0, points });
  const scaled = protein.map(([time, value]) => [time, value / 1000] as const);
  const panels = [
    panel(
      'CaMKIV and phosphorylated CREB, shares',
      [0, 1.05],
      [0, 0.5, 1],
      [one('CaMKIV', camk), { name: 'pCREB', colour: 1, points: pcreb }],
    ),
    panel('mRNA, molecules', [0, 50], [0, 25, 50], [one('', mrna)]),
    panel('protein, 1000 molecules', [0, 120], [0, 50, 100], [one('', scaled)]),
  ];
  const protein1000: Axis = {
    title: 'protein, 1000 molecules',
    range: [40, 100],
    ticks: [40, 50, 60, 70, 80, 90, 100],
  };
  const drawn = picture(
    'From calcium to protein, and its noise',
    curves(axis, panels),
    curves(protein1000, [panel('cells, % in 2000 molecules', [0, 17], [0, 5, 10, 15], cells)]),
  );
  matches('expression.md', 'expression.svg', drawn);
});
