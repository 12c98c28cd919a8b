/** Pictures of networks: what their examples give today, made small enough for a test. */
import { it } from 'vitest';
import {
  chipReport,
  type Network,
  type NetworkDocument,
  type Simulation,
} from '../../../src/index.ts';
import { drawnCuba, drawnLayer } from '../../support/chip-networks.ts';
import { simulate } from '../../support/engines.ts';
import { buildExample } from '../../support/examples.ts';
import { engine, follow, matches } from '../../support/picture-files.ts';
import {
  type Axis,
  curves,
  dots,
  type HeatMap,
  heatMaps,
  type Look,
  type Panel,
  picture,
  type Series,
} from '../../support/pictures.ts';

const SECOND = 1000;

/** Spikes of a population: times in ms and neurons, counted from its first. */
function spikesOf(simulation: Simulation, population: string): { ms: number; neuron: number }[] {
  const found = simulation.populations.find(({ name }) => name === population);
  if (found === undefined) throw new Error(`there is no population ${population}`);
  const { steps, neurons } = simulation.allSpikes();
  return [...neurons].flatMap((neuron, k) => {
    const own = neuron - found.first;
    if (own < 0 || own >= found.size) return [];
    return [{ ms: (steps[k] as number) * simulation.dtMs, neuron: own }];
  });
}

/** Rate of `size` neurons in Hz, in bins, at the middle of each. */
function rates(
  spikes: readonly { ms: number }[],
  size: number,
  [from, to]: readonly [number, number],
  binMs: number,
): [number, number][] {
  const counts = Array<number>(Math.round((to - from) / binMs)).fill(0);
  for (const { ms } of spikes) {
    const bin = Math.floor((ms - from) / binMs);
    if (bin in counts) counts[bin] = (counts[bin] as number) + 1;
  }
  return counts.map((count, k) => [from + (k + 0.5) * binMs, (count * SECOND) / (size * binMs)]);
}

it('striatum.svg', async () => {
  const size = 32;
  const end = 3.6 * SECOND;
  const document = buildExample('striatum', { size });
  const drawn = await simulate(document, engine, end, (simulation) => {
    const layer = simulation.state('dopamine layer');
    const [c, samples] = [layer.values.C as Float64Array, layer.timesMs.length];
    const at = (ms: number): Float64Array => {
      const sample = layer.timesMs.findIndex((time) => time >= ms - 1e-6);
      return Float64Array.from({ length: size * size }, (_, cell) => {
        return (c[cell * samples + sample] as number) * 1e6;
      });
    };
    const maps: HeatMap[] = [
      { title: 'tonic (0.9 s)', columns: size, values: at(900) },
      { title: 'burst (1.25 s)', columns: size, values: at(1250) },
      { title: 'pause (2.2 s)', columns: size, values: at(2200) },
    ];
    const mean = [...layer.timesMs].map((time) => {
      const values = at(time);
      return [time / SECOND, values.reduce((sum, one) => sum + one, 0) / values.length] as const;
    });
    const occupied = (kind: string, k: Look): Series => {
      const { values, timesMs } = simulation.state(`${kind} occupancy`);
      const all = values[`occ_${kind}`] as Float64Array;
      const neurons = all.length / timesMs.length;
      const points = [...timesMs].map((time, sample) => {
        let sum = 0;
        for (let n = 0; n < neurons; n++) sum += all[n * timesMs.length + sample] as number;
        return [time / SECOND, sum / neurons] as const;
      });
      return { name: `${kind.toUpperCase()}`, colour: k, points };
    };
    const rate = (kind: string, k: Look): Series => {
      const { size: count = 1 } = simulation.populations.find(({ name }) => name === kind) ?? {};
      const found = rates(spikesOf(simulation, kind), count, [300, end], 100);
      const points = found.map(([time, hz]) => [time / SECOND, hz] as const);
      return { name: `${kind.toUpperCase()} neurons`, colour: k, points };
    };
    const axis: Axis = {
      title: 'time, s',
      range: [0.3, end / SECOND],
      ticks: [0.5, 1, 1.5, 2, 2.5, 3, 3.5],
      bands: [
        [1, 1.3, 'burst'],
        [2, 3, 'pause'],
      ],
    };
    const panels: Panel[] = [
      {
        title: 'dopamine, mean of a layer, nM',
        range: [0, 80],
        ticks: [0, 40, 80],
        series: [{ name: '', colour: 0, points: mean }],
      },
      {
        title: 'receptors occupied, share',
        range: [0, 0.8],
        ticks: [0, 0.4, 0.8],
        series: [occupied('d1', 0), occupied('d2', 1)],
      },
      {
        title: 'rate in bins of 0.1 s, Hz',
        range: [0, 15],
        ticks: [0, 5, 10, 15],
        series: [rate('d1', 0), rate('d2', 1)],
      },
    ];
    return picture(
      'A sheet of striatum: dopamine in space, receptors and rates',
      heatMaps(
        maps,
        [1, 3, 5, 10, 20, 40, 80],
        'nM',
        'dopamine in a layer of 32 x 32 voxels of 12 um',
      ),
      curves(axis, panels),
    );
  });
  matches('striatum.md', 'striatum.svg', drawn);
});

it('cortical-homeostasis.svg', async () => {
  const [neurons, acceleration, at, end] = [400, 720, 10 * SECOND, 120 * SECOND];
  const excitatory = 0.8 * neurons;
  const hours = (ms: number): number => (ms * acceleration) / 3_600_000;
  const lines: Series[] = [];
  const rasters: Panel[] = [];
  const raster = (
    title: string,
    spikes: readonly { ms: number; neuron: number }[],
    from: number,
  ): Panel => ({
    title,
    range: [0, 60],
    ticks: [0, 20, 40, 60],
    series: [
      {
        name: '',
        colour: 0,
        points: spikes
          .filter(({ ms, neuron }) => neuron < 60 && ms >= from && ms < from + 2 * SECOND)
          .map(({ ms, neuron }) => [(ms - from) / SECOND, neuron + 0.5] as const),
      },
    ],
  });
  for (const [k, [name, factor]] of [
    ['inward × 0.6', 0.6] as const,
    ['inward × 0.2', 0.2] as const,
  ].entries()) {
    const document = buildExample('homeostasis', { neurons, factor, acceleration, at: `${at} ms` });
    await simulate(document, engine, end, (simulation) => {
      const spikes = spikesOf(simulation, 'excitatory');
      const points = rates(spikes, excitatory, [0, end], 2 * SECOND);
      lines.push({
        name,
        colour: k as Look,
        points: points.map(([ms, hz]) => [hours(ms), hz] as const),
      });
      if (k === 0) rasters.push(raster('before', spikes, at - 2 * SECOND));
      rasters.push(raster(`${name}, in the end`, spikes, end - 2 * SECOND));
    });
  }
  const axis: Axis = {
    title: 'slow time, h (accelerated 720 times)',
    range: [0, hours(end)],
    ticks: [0, 5, 10, 15, 20],
    bands: [[hours(at), hours(end), 'block']],
  };
  const seconds: Axis = { title: 'time, s', range: [0, 2], ticks: [0, 0.5, 1, 1.5] };
  const drawn = picture(
    'A network that regulates its conductances under two blocks',
    curves(axis, [
      {
        title: 'rate of excitatory neurons, Hz',
        range: [0, 7],
        ticks: [0, 2.5, 5],
        height: 100,
        series: lines,
      },
    ]),
    dots(seconds, rasters, { yTitle: 'neuron', height: 120, size: 1.6 }),
  );
  matches('cortical-homeostasis.md', 'cortical-homeostasis.svg', drawn);
});

it('gene-to-spike.svg', async () => {
  const [neurons, acceleration, atHours, endHours] = [400, 720, 4, 16];
  const document: NetworkDocument = buildExample('gene-to-spike', {
    neurons,
    acceleration,
    intervention: 'ampt',
    at: `${atHours} h`,
  });
  const fastMs = (hours: number): number => (hours * 3_600_000) / acceleration;
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
  const points: Record<string, [number, number][]> = {};
  const read = [
    ['midbrain', 'ca', 'nM'],
    ['midbrain', 'pcreb', '1'],
    ['midbrain', 'mrna', '1'],
    ['midbrain', 'vda', 'uM'],
    ['dopamine', 'concentration', 'nM'],
    ['d2', 'occ_d2', '1'],
  ] as const;
  const sampled = Array.from({ length: endHours * 10 }, (_, k) => fastMs((k + 1) / 10));
  const kinds = { midbrain: 'midbrain', d1: 'D1 neurons', d2: 'D2 neurons' };
  const ratesOf = (simulation: Simulation): readonly Series[] =>
    Object.entries(kinds).map(([population, name], k) => {
      const { size = 1 } = simulation.populations.find((one) => one.name === population) ?? {};
      const spikes = spikesOf(simulation, population);
      const found = rates(spikes, size, [0, fastMs(endHours)], fastMs(0.5));
      const points = found.map(([ms, hz]) => [(ms * acceleration) / 3_600_000, hz] as const);
      return { name, colour: k as Look, points };
    });
  let lines: readonly Series[] = [];
  await follow(document, sampled, async (simulation, time) => {
    const hours = (time * acceleration) / 3_600_000;
    for (const [owner, variable, unit] of read) {
      const value = mean(await simulation.get(owner, variable, unit));
      points[variable] = [...(points[variable] ?? []), [hours, value]];
    }
    if (hours > endHours - 0.05) lines = ratesOf(simulation);
  });
  const axis: Axis = {
    title: 'slow time, h (accelerated 720 times)',
    range: [0, endHours],
    ticks: [0, 4, 8, 12, 16],
    bands: [[atHours, endHours, 'enzyme × 0.1']],
  };
  const panel = (
    title: string,
    variable: string,
    range: Panel['range'],
    ticks: Panel['ticks'],
  ): Panel => ({
    title,
    range,
    ticks,
    height: 56,
    series: [{ name: '', colour: 0, points: points[variable] ?? [] }],
  });
  const drawn = picture(
    'From genes to spikes and back, when the enzyme is blocked',
    curves(axis, [
      panel('vesicular dopamine, uM', 'vda', [0, 90], [0, 40, 80]),
      panel('dopamine in the field, mean, nM', 'concentration', [0, 16], [0, 5, 10, 15]),
      panel('D2 receptors occupied, share', 'occ_d2', [0, 0.7], [0, 0.3, 0.6]),
      {
        title: 'rates, Hz',
        range: [0, 12],
        ticks: [0, 5, 10],
        height: 90,
        series: lines,
      },
      panel('calcium of midbrain neurons, mean, nM', 'ca', [110, 170], [120, 140, 160]),
      panel('phosphorylated CREB, share', 'pcreb', [0.6, 0.75], [0.6, 0.65, 0.7, 0.75]),
      panel('mRNA, molecules', 'mrna', [26, 31], [26, 28, 30]),
    ]),
  );
  matches('gene-to-spike.md', 'gene-to-spike.svg', drawn);
});

it('chip.svg', async () => {
  const study = (network: (seed: number) => Network) =>
    chipReport(network, {
      bits: [8, 4, 2, 1],
      seeds: [1, 2, 3, 4, 5, 6],
      duration: '300 ms',
      engine: 'cpu',
      threads: 1,
    });
  const studies = {
    'nothing feeds back': await study(drawnLayer),
    'CUBA, chaotic': await study((seed) => drawnCuba(seed, 1000)),
  };
  const series = (of: 'rateShift' | 'distance', factor = 1): Series[] =>
    Object.entries(studies).map(([name, { quantisation }], k) => ({
      name,
      colour: k as Look,
      drawn: 'bars',
      // A little apart, so that both can be seen.
      points: quantisation.map((one) => [one.bits + 0.12 * k, one[of].mean * factor] as const),
      spread: quantisation.map((one) => one[of].standardError * factor),
    }));
  const axis: Axis = {
    title: 'bits of a weight',
    range: [0.5, 8.5],
    ticks: [1, 2, 4, 8],
  };
  const drawn = picture(
    'Two networks with weights in few bits',
    curves(axis, [
      {
        title: 'shift of the rate, %',
        range: [-35, 35],
        ticks: [-30, -15, 0, 15, 30],
        height: 110,
        series: series('rateShift', 100),
      },
      {
        title: 'van Rossum distance to full precision',
        range: [0, 0.8],
        ticks: [0, 0.4, 0.8],
        height: 110,
        series: series('distance'),
      },
    ]),
  );
  matches('chip.md', 'chip.svg', drawn);
});
