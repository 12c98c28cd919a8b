/** Pictures of what is slow or spread in space: conductances, tagging, transport, fields. */
import { it } from 'vitest';
import {
  beltRates,
  createSimulation,
  models,
  Network,
  type Simulation,
  transportBelt,
} from '../../../src/index.ts';
import { samples, simulate, stepsByNeuron } from '../../support/engines.ts';
import { buildExample } from '../../support/examples.ts';
import { engine, follow, growingTimes, matches } from '../../support/picture-files.ts';
import {
  type Axis,
  curves,
  type HeatMap,
  heatMaps,
  type Look,
  type Panel,
  picture,
  type Series,
} from '../../support/pictures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Channels of the picture, with their names there. */
const CHANNELS = [
  ['nav', 'sodium'],
  ['kd', 'potassium, delayed'],
  ['kca', 'potassium, Ca-gated'],
  ['a', 'potassium, transient'],
  ['cas', 'calcium, slow'],
] as const;

/** Calcium over its target, 7 uM, as means between slow times that follow `fromMs`. */
function means(
  simulation: Simulation,
  timesMs: readonly number[],
  fromMs: number,
  acceleration: number,
): [number, number][] {
  const trace = samples(simulation, 'ca');
  const sampleAt = (ms: number): number => Math.round((fromMs + ms) / acceleration / 10);
  return timesMs.map((time, k) => {
    const values = trace.subarray(sampleAt(timesMs[k - 1] ?? 0), sampleAt(time));
    return [time, values.reduce((sum, one) => sum + one, 0) / values.length / 7e-3];
  });
}

it('homeostasis.svg', async () => {
  // Slow time, five times as fast as spikes: 300 s to settle, 300 s of a block.
  const [acceleration, settled] = [5, 300 * SECOND];
  const net = new Network({ dt: '0.1 ms', seed: 1 });
  const cells = net.population('cells', 1, { ...models.calciumHomeostasis.with(), acceleration });
  net.record.spikes(cells);
  net.record.state(cells, ['ca'], { every: '10 ms' });
  net.intervene({
    at: `${settled / acceleration} ms`,
    owner: 'cells',
    parameter: 'open_kca',
    factor: 0,
  });
  const phase = () => ({
    conductances: CHANNELS.map((): [number, number][] => []),
    calcium: [] as [number, number][],
  });
  const phases = [phase(), phase()] as const;
  let spikes: readonly number[] = [];
  const growing = growingTimes(500, settled, 16, 50);
  const times = [...growing, ...growing.map((time) => settled + time)];
  await follow(
    net,
    times.map((time) => time / acceleration),
    async (simulation, fastMs) => {
      const time = fastMs * acceleration;
      const found = phases[time > settled ? 1 : 0];
      const since = time > settled ? time - settled : time;
      for (const [k, [channel]] of CHANNELS.entries()) {
        const [g = Number.NaN] = await simulation.get('cells', `g_${channel}`, 'uS/mm2');
        found.conductances[k]?.push([since, g]);
      }
      if (time < 2 * settled) return;
      spikes = stepsByNeuron(simulation, 1)[0] ?? [];
      for (const [k, { calcium }] of phases.entries()) {
        calcium.push(...means(simulation, growing, k * settled, acceleration));
      }
    },
  );
  const axis = (title: string): Axis => ({
    title,
    range: [500, settled],
    isLog: true,
    ticks: [
      [SECOND, '1 s'],
      [10 * SECOND, '10 s'],
      [100 * SECOND, '100 s'],
    ],
  });
  const panels = ({ conductances, calcium }: (typeof phases)[0]): Panel[] => [
    {
      title: 'conductances, uS/mm2',
      range: [0.1, 10_000],
      isLog: true,
      ticks: [0.1, 1, 10, 100, 1000, 10_000],
      height: 110,
      series: CHANNELS.map(([, name], k) => ({
        name,
        colour: k as Look,
        points: conductances[k] as [number, number][],
      })),
    },
    {
      title: 'mean calcium over its target',
      range: [0.1, 10],
      isLog: true,
      ticks: [0.1, 1, 10],
      height: 56,
      series: [{ name: '', colour: 0, points: calcium }],
    },
  ];
  const train = (title: string, from: number): Panel => {
    const spikeAt = spikes.flatMap((step): Series['points'] => {
      const time = step * 0.1 - from;
      return time < 0 || time >= SECOND ? [] : [0, 1, 0].map((y) => [time, y] as const);
    });
    const points: Series['points'] = [[0, 0], ...spikeAt, [SECOND, 0]];
    return {
      title,
      range: [0, 1],
      ticks: [],
      height: 22,
      series: [{ name: '', colour: 0, points }],
    };
  };
  const drawn = picture(
    'Conductances that calcium regulates, and a block of one of them',
    curves(axis('slow time from the start'), panels(phases[0])),
    curves(axis('slow time since calcium-gated potassium channels are blocked'), panels(phases[1])),
    curves({ title: 'time, ms', range: [0, SECOND], ticks: [0, 250, 500, 750, 1000] }, [
      train('spikes before the block', settled / acceleration - SECOND),
      train('spikes at its begin', settled / acceleration),
      train('spikes in the end', (2 * settled) / acceleration - SECOND),
    ]),
  );
  matches('homeostasis.md', 'homeostasis.svg', drawn);
});

it('tagging.svg', async () => {
  const names = ['STET', 'WTET', 'SLFS', 'WLFS'];
  const stimulated = 1202 * SECOND;
  const drawn = await simulate(buildExample('tagging'), engine, 1260 * SECOND, (simulation) => {
    const { values, timesMs } = simulation.state();
    // Behind the stimulation, slow time runs 500 times as fast.
    const timeOf = (ms: number): number =>
      ms <= stimulated ? ms : stimulated + 500 * (ms - stimulated);
    const curve = (neuron: number, name: string, valueAt: (sample: number) => number): Series => {
      let next = 200;
      const points: [number, number][] = [];
      for (const [k, ms] of timesMs.entries()) {
        const time = timeOf(ms);
        if (time < next) continue;
        next = time * 1.01;
        points.push([time, valueAt(neuron * timesMs.length + k)]);
      }
      return { name, colour: neuron as Look, points };
    };
    const of = (variable: string, factor = 1) =>
      names.map((name, n) => curve(n, name, (at) => (values[variable]?.[at] as number) * factor));
    const weights = names.map((name, n) =>
      curve(n, name, (at) => (values.early?.[at] as number) + (values.late?.[at] as number)),
    );
    const axis: Axis = {
      title: 'time since stimulation begins',
      range: [SECOND, 8 * HOUR],
      isLog: true,
      ticks: [
        [SECOND, '1 s'],
        [10 * SECOND, '10 s'],
        [MINUTE, '1 min'],
        [10 * MINUTE, '10 min'],
        [HOUR, '1 h'],
        [8 * HOUR, '8 h'],
      ],
      bands: [[SECOND, stimulated, 'stimulation']],
    };
    const panels: Panel[] = [
      { title: 'early weight h, mV', range: [0, 10], ticks: [0, 4.2, 10], series: of('early') },
      { title: 'protein p', range: [0, 1], ticks: [0, 0.5, 1], series: of('protein') },
      { title: 'late weight h_0 z, mV', range: [-3, 5], ticks: [-2, 0, 2, 4], series: of('late') },
      { title: 'weight w, mV', range: [0, 12], ticks: [0, 4.2, 10], series: weights },
    ];
    return picture('Synaptic tagging and capture under four protocols', curves(axis, panels));
  });
  matches('tagging.md', 'tagging.svg', drawn);
});

/** What is on a belt, or captured beside it, at some times; shares in per cent by compartment. */
async function profiles(
  model: ReturnType<typeof transportBelt>,
  params: Readonly<Record<string, string>>,
  times: readonly (readonly [name: string, seconds: number])[],
  variable: string,
  count: number,
): Promise<Series[]> {
  const net = new Network({ dt: '1 s' });
  net.population('belt', 1, { ...model.with(params), slow: '1 s' });
  const series: Series[] = [];
  for (const [k, [name, seconds]] of times.entries()) {
    await follow(net, [seconds * SECOND], async (simulation) => {
      const points: [number, number][] = [];
      for (let i = 1; i <= count; i++) {
        const [value = Number.NaN] = await simulation.get('belt', `${variable}_${i}`);
        points.push([i, 100 * value]);
      }
      series.push({ name, colour: k as Look, points });
    });
  }
  return series;
}

it('transport.svg', async () => {
  const count = 20;
  const target = Array.from({ length: count }, (_, i) => Math.exp(-i / 8));
  const all = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
  const percent = (values: readonly number[]): Series['points'] =>
    values.map((value, i) => [i + 1, (100 * value) / all(values)] as const);
  const uniform = Array.from({ length: count }, (_, i) => (4 / 3) ** i);
  const times = [
    ['after 10 s', 10],
    ['30 s', 30],
    ['100 s', 100],
    ['1000 s', 1000],
  ] as const;
  const closed = (values: readonly number[], name: string): Series => ({
    name,
    colour: 4,
    drawn: 'marks',
    points: percent(values),
  });
  const belt = models.sushiBelt;
  const forward = await profiles(belt, {}, times, 'u', count);
  const designed = await profiles(belt, beltRates(target, '1 1/second'), times, 'u', count);
  // Even transport, and capture in proportion to the demand: far from the soma there is more.
  const demand = target.toReversed();
  const catching = transportBelt(count, { name: 'belt-with-capture', capture: true });
  const even = Object.fromEntries(
    demand.slice(1).flatMap((_, i) => [
      [`a_${i + 1}`, '0.5 1/second'],
      [`b_${i + 1}`, '0.5 1/second'],
    ]),
  );
  const captured: Series[] = [];
  for (const [k, [name, rate]] of [
    ['fast capture', 10] as const,
    ['slow capture', 0.01] as const,
  ].entries()) {
    const capture = Object.fromEntries(
      demand.map((value, i) => [`c_${i + 1}`, `${(rate * value) / all(demand)} 1/second`]),
    );
    const [found] = await profiles(catching, { ...even, ...capture }, [[name, 50_000]], 's', count);
    if (found !== undefined) captured.push({ ...found, colour: k as Look });
  }
  const axis: Axis = {
    title: 'compartment, from the soma on',
    range: [0.5, 20.5],
    ticks: [1, 5, 10, 15, 20],
  };
  const panel = (title: string, high: number, series: readonly Series[]): Panel => ({
    title,
    range: [0, high],
    ticks: [0, 10, 20, 30].filter((tick) => tick <= high),
    height: 100,
    series,
  });
  const drawn = picture(
    'Cargo on a belt of twenty compartments',
    curves(axis, [
      panel('a = 0.4/s, b = 0.3/s: cargo, %', 30, [
        ...forward,
        closed(uniform, 'steady, closed form'),
      ]),
      panel('rates for a target: cargo, %', 30, [...designed, closed(target, 'target')]),
      panel('captured in the end, %', 40, [...captured, closed(demand, 'demand')]),
    ]),
  );
  matches('transport.md', 'transport.svg', drawn);
});

const SIZE = 41;
const D_STAR = 763 / 1.54 ** 2;

/** Dopamine in a cube of 41³ µm³; C in mM. */
function cube(every: string, eqs: string, params: Readonly<Record<string, string>> = {}) {
  const net = new Network({ dt: every });
  const field = net.field('dopamine', {
    grid: [SIZE, SIZE, SIZE],
    spacing: '1 um',
    every,
    eqs,
    params,
    diffusion: { C: '763 um**2/second' },
    tortuosity: 1.54,
    volumeFraction: 0.21,
  });
  const middle = { values: [SIZE / 2], unit: 'um' };
  return { net, field, positions: { x: middle, y: middle, z: middle } };
}

const RELEASE = 'C += Q/avogadro_constant/voxel_volume/volume_fraction';
/** Molecules per µm³ of extracellular space in nM. */
const NANOMOLAR = 1 / (6.02214076e23 * 1e-9 * 1e-15) / 0.21;

it('space.svg', async () => {
  const { net, field, positions } = cube('0.2 ms', 'C : mM');
  const source = net.spikeList('source', 1, { indices: [0], timesMs: [0], positions });
  net
    .projection('release', source, field, { onPre: RELEASE, params: { Q: '3000' } })
    .connect({ rule: 'voxel' });
  const maps: HeatMap[] = [];
  const spread: Series[] = [];
  const closed: Series[] = [];
  const middle = (SIZE - 1) / 2;
  const distances = Array.from({ length: 13 }, (_, r) => r);
  for (const [k, ms] of [10, 20, 40].entries()) {
    // What is deposited in the first step has spread for none when that step ends.
    await follow(
      net,
      [ms],
      async (simulation) => {
        const values = await simulation.get('dopamine', 'C', 'nM');
        const layer = values.subarray(SIZE * SIZE * middle, SIZE * SIZE * (middle + 1));
        maps.push({ title: `after ${ms} ms`, columns: SIZE, values: layer });
        const along = distances.map(
          (r) => [r, layer[middle * SIZE + middle + r] as number] as const,
        );
        spread.push({ name: `${ms} ms`, colour: k as Look, points: along });
        const seconds = ms / 1000;
        const law = distances.map((r) => {
          const width = 4 * D_STAR * seconds;
          return [
            r,
            (3000 * NANOMOLAR * Math.exp(-(r ** 2) / width)) / (Math.PI * width) ** 1.5,
          ] as const;
        });
        closed.push({
          name: `${ms} ms, closed form`,
          colour: k as Look,
          drawn: 'marks',
          points: law,
        });
      },
      0.2,
    );
  }
  const steady = await steadySource();
  const axis: Axis = {
    title: 'distance from the source, um',
    range: [0, 12],
    ticks: [0, 2, 4, 6, 8, 10, 12],
  };
  const drawn = picture(
    'Dopamine from a point, in space',
    heatMaps(
      maps,
      [0.03, 0.1, 0.3, 1, 3, 10, 30],
      'nM',
      '3000 molecules: a slice of 41 x 41 voxels of 1 um',
    ),
    curves(axis, [
      {
        title: '3000 molecules: concentration, nM',
        range: [0.1, 1000],
        isLog: true,
        ticks: [0.1, 1, 10, 100, 1000],
        height: 120,
        series: [...spread, ...closed],
      },
      {
        title: '720 molecules/s, uptake 4.1 uM/s: concentration, nM',
        range: [0.001, 10],
        isLog: true,
        ticks: [0.001, 0.01, 0.1, 1, 10],
        height: 100,
        series: steady,
      },
    ]),
  );
  matches('space.md', 'space.svg', drawn);
});

/** A steady source with uptake, and its closed form for little dopamine. */
async function steadySource(): Promise<Series[]> {
  const { net, field, positions } = cube('0.5 ms', 'dC/dt = -Vmax*C/(Km + C) : mM', {
    Vmax: '4.1 uM/second',
    Km: '0.21 uM',
  });
  const source = net.population('source', 1, {
    eqs: '',
    threshold: 'i >= 0',
    refractory: '0 ms',
    positions,
  });
  net
    .projection('release', source, field, { onPre: RELEASE, params: { Q: '0.36' } })
    .connect({ rule: 'voxel' });
  const simulation = await createSimulation(net, engine.options);
  await simulation.run('300 ms');
  const values = await simulation.get('dopamine', 'C', 'nM');
  simulation.destroy();
  const middle = (SIZE - 1) / 2;
  const found = Array.from({ length: 12 }, (_, k) => {
    const r = k + 1;
    return [r, values[middle + r + SIZE * (middle + SIZE * middle)] as number] as const;
  });
  const reach = Math.sqrt((D_STAR * 0.21) / 4.1);
  const law = found.map(([r]) => {
    const free = (720 * NANOMOLAR) / (4 * Math.PI * D_STAR * r);
    return [r, free * Math.exp(-r / reach)] as const;
  });
  return [
    { name: 'steady', colour: 0, points: found },
    { name: 'closed form', colour: 0, drawn: 'marks', points: law },
  ];
}
