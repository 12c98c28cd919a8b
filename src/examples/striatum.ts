/**
 * A sheet of striatum: medium spiny neurons at the density of the tissue in a field of dopamine, which dopamine neurons
 * release tonically, in bursts and not at all in a pause, and which transporters clear.
 */
import {
  DIMENSIONS,
  extend,
  linkFields,
  models,
  Network,
  type NeuronModel,
  type Population,
  parseQuantity,
} from '../index.ts';
import { defineExample } from './example.ts';

/** Voxels of the sheet: as wide and high as asked for, this deep. 64 x 64 x 16 of them hold 10,000 neurons. */
const DEPTH = 16;
const SPACING_UM = 12.158;
/** Neurons per cubic millimetre, and share of fast-spiking interneurons. */
const DENSITY_PER_MM3 = 84_900;
const FSI_SHARE = 0.01;

/** Dopamine of the dorsal striatum, Ejdrup et al. 2024. */
const DOPAMINE = {
  sitesPerUm3: 0.04,
  molecules: 3000,
  probability: 0.06,
  diffusion: '763 um**2/second',
  tortuosity: 1.54,
  volumeFraction: 0.21,
  kmUm: 0.21,
} as const;

/** Dopamine neurons whose axons share the release sites of the sheet, and sites that stand in one of its voxels. */
const AXONS = 150;
const SITES_AT_ONCE = 24;

/** Molecules in a litre of one nanomolar. */
const PER_NANOMOLAR_UM3 = 6.02214076e23 * 1e-9 * 1e-15;

const FIRST = { tonicHz: 4, burstHz: 20, burstMs: 300, pauseMs: 1000 } as const;

/** The two kinds of medium spiny neurons, with the receptors that hear of dopamine. */
const KINDS: Readonly<Record<'d1' | 'd2', NeuronModel>> = {
  d1: extend(models.msnD1, models.dopamineOccupancy),
  d2: extend(models.msnD2, models.dopamineOccupancy),
};

/** Mean-field level of dopamine in nM: release balances uptake. */
export function tonicLevel(
  rateHz: number,
  vmaxUmPerSecond: number,
  kmUm: number = DOPAMINE.kmUm,
): number {
  const { sitesPerUm3, molecules, probability, volumeFraction } = DOPAMINE;
  const release =
    (sitesPerUm3 * rateHz * probability * molecules) / (PER_NANOMOLAR_UM3 * volumeFraction);
  return (kmUm * 1000 * release) / (vmaxUmPerSecond * 1000 - release);
}

/** The rate of all dopamine neurons over time, in steps of 50 ms: tonic, a burst, a pause. */
function addRates(net: Network, burstAt: number, pauseAt: number): void {
  const stepMs = 50;
  const { tonicHz, burstHz, burstMs, pauseMs } = FIRST;
  const endMs = Math.max(burstAt + burstMs, pauseAt + pauseMs) + stepMs;
  const within = (ms: number, from: number, length: number): boolean =>
    ms >= from && ms < from + length;
  const values = Array.from({ length: Math.ceil(endMs / stepMs) + 1 }, (_, k) => {
    const ms = k * stepMs;
    if (within(ms, burstAt, burstMs)) return burstHz;
    return within(ms, pauseAt, pauseMs) ? 0 : tonicHz;
  });
  net.timedArray('dopamine_rate', { dt: `${stepMs} ms`, unit: 'Hz', values });
}

/** The dopamine field and the axons that release into it. Each axon has sites in many voxels, each for several. */
function addDopamine(net: Network, size: number, vmax: string): void {
  const { sitesPerUm3, molecules, probability, diffusion, tortuosity, volumeFraction, kmUm } =
    DOPAMINE;
  const vmaxUm = parseQuantity(vmax, 'vmax').value * 1e6;
  const axons = net.poissonPopulation('axons', AXONS, { rate: 'dopamine_rate(t)' });
  const field = net.field('dopamine', {
    grid: [size, size, DEPTH],
    spacing: `${SPACING_UM} um`,
    every: '10 ms',
    eqs: 'dC/dt = -vmax*C/(km + C) : mM',
    diffusion: { C: diffusion },
    tortuosity,
    volumeFraction,
    params: { vmax, km: `${kmUm} uM` },
    initial: { C: `${tonicLevel(FIRST.tonicHz, vmaxUm)}*nM` },
  });
  const sites = sitesPerUm3 * size * size * DEPTH * SPACING_UM ** 3;
  net
    .projection('release', axons, field, {
      onPre:
        'C += molecules*binomial(sites, probability)/avogadro_constant/voxel_volume/volume_fraction',
      params: { molecules, sites: SITES_AT_ONCE, probability },
    })
    .connect({ rule: 'fixed-out-degree', k: Math.round(sites / (AXONS * SITES_AT_ONCE)) });
  net.record.spikes(axons);
  net.record.field(field, ['C'], { name: 'dopamine layer', z: DEPTH / 2, every: '50 ms' });
}

/** The neurons of the sheet: half of the spiny ones with D1, half with D2 receptors, and interneurons. */
function addNeurons(net: Network, size: number): Record<'d1' | 'd2' | 'fsi', Population> {
  const edge = size * SPACING_UM;
  const depth = DEPTH * SPACING_UM;
  const neurons = Math.round(DENSITY_PER_MM3 * edge * edge * depth * 1e-9);
  const interneurons = Math.max(1, Math.round(FSI_SHARE * neurons));
  const half = Math.ceil((neurons - interneurons) / 2);
  const positions = { box: [`${edge} um`, `${edge} um`, `${depth} um`] };
  const spiny = (kind: 'd1' | 'd2', count: number): Population => {
    const phi = kind === 'd1' ? { phi_1: 'occ_d1' } : { phi_2: 'occ_d2' };
    const options = linkFields(KINDS[kind].with({}, phi), { dopamine: 'dopamine.C' });
    const initial = { ...options.initial, v: 'v_rest + rand()*20*mV' };
    return net.population(kind, count, { ...options, initial, slow: '10 ms', positions });
  };
  const fsi = () => net.population('fsi', interneurons, { ...models.fsi.with(), positions });
  return { d1: spiny('d1', half), d2: spiny('d2', neurons - interneurons - half), fsi: fsi() };
}

/** Striatum with dopamine in space; see src/models/systems/striatum.md for what was measured. */
export const striatum = defineExample({
  name: 'striatum',
  title: 'A sheet of striatum in a field of dopamine',
  citation:
    'Humphries, Lepora, Wood & Gurney 2009, doi:10.3389/neuro.10.026.2009 (neurons); Ejdrup et al. 2024, eLife 14:RP105214, doi:10.7554/eLife.105214 (dopamine in space); networks of the two: ours',
  note: 'All dopamine neurons fire at 4 Hz, burst at 20 Hz for 0.3 s at 1 s, and are silent from 2 s to 3 s. Look at the layer of the field, at the occupancy of the receptors (D1 follows in 50 ms, D2 in seconds), and at the rates: a burst doubles that of D1 neurons; of D2 neurons it weakens AMPA currents, but lowers the rheobase too. blocker=3 is cocaine-like. A dopamine axon stands for many: 150 share all release sites of the sheet, 24 sites at a time in one voxel, so that vesicles are released one by one and the mean agrees with the density of sites. The first 0.3 s are a start from silence. Cortical input and connections are ours.',
  parameters: {
    size: {
      kind: 'number',
      default: 64,
      min: 4,
      max: 512,
      integer: true,
      doc: 'Width and height of the sheet in voxels of 12 um, 16 of them deep; 64 is 10,000 neurons.',
    },
    burst: {
      kind: 'quantity',
      default: '1 s',
      min: '0 s',
      max: '1 h',
      doc: 'When all dopamine neurons fire at 20 Hz for 0.3 s.',
    },
    pause: {
      kind: 'quantity',
      default: '2 s',
      min: '0 s',
      max: '1 h',
      doc: 'When they are silent for 1 s.',
    },
    blocker: {
      kind: 'number',
      default: 1,
      min: 1,
      max: 1000,
      doc: 'Factor on the half-saturation of the dopamine transporter, 1 + I/Ki of a competitive blocker; 3 is cocaine-like.',
    },
    at: {
      kind: 'quantity',
      default: '0 s',
      min: '0 s',
      max: '1 h',
      doc: 'When the blocker begins.',
    },
    vmax: {
      kind: 'quantity',
      default: '4.5 uM/second',
      min: '0.5 uM/second',
      max: '50 uM/second',
      doc: 'Largest rate of dopamine uptake: 4 to 6 in the dorsal striatum, 2 in the ventral.',
    },
  },
  defaultDuration: '4 s',
  build({ size, burst, pause, blocker, at, vmax }, seed) {
    const net = new Network({ name: 'striatum', dt: '0.1 ms', seed });
    const ms = (time: string): number => parseQuantity(time, 'time', DIMENSIONS.time).value;
    addRates(net, ms(burst), ms(pause));
    addDopamine(net, size, vmax);
    const { d1, d2, fsi } = addNeurons(net, size);
    connect(net, d1, d2, fsi);
    if (blocker !== 1) {
      net.intervene({
        name: 'blocker',
        at,
        owner: 'dopamine',
        parameter: 'km',
        factor: blocker,
      });
    }
    for (const population of [d1, d2, fsi]) net.record.spikes(population);
    for (const population of [d1, d2]) {
      net.record.state(
        population.slice(0, Math.min(100, population.size)),
        [`occ_${population.name}`],
        {
          name: `${population.name} occupancy`,
          every: '10 ms',
        },
      );
    }
    return net.document;
  },
});

/** Cortical excitation, inhibition by neighbours and interneurons. */
function connect(net: Network, d1: Population, d2: Population, fsi: Population): void {
  const cortex = net.poissonPopulation('cortex', 4000, { rate: '5 Hz' });
  net.record.spikes(cortex);
  const excitatory = { onPre: 'g_ampa += w; g_nmda += 0.5*w' };
  for (const target of [d1, d2, fsi]) {
    net
      .projection(`cortex->${target.name}`, cortex, target, {
        ...excitatory,
        params: { w: target === fsi ? '0.4 nS' : '0.31 nS' },
        delay: '5 ms',
      })
      .connect({ rule: 'fixed-probability', p: 0.05 });
  }
  const inhibitory = { onPre: 'g_gaba += w', delay: '1 ms' };
  for (const source of [d1, d2]) {
    for (const target of [d1, d2]) {
      net
        .projection(`${source.name}->${target.name}`, source, target, {
          ...inhibitory,
          params: { w: '4.36 nS' },
        })
        .connect({ rule: 'pairwise', p: '0.2*exp(-(distance/(100*um))**2)', autapses: false });
    }
  }
  for (const target of [d1, d2]) {
    net
      .projection(`fsi->${target.name}`, fsi, target, { ...inhibitory, params: { w: '5 nS' } })
      .connect({ rule: 'pairwise', p: '0.5*exp(-(distance/(150*um))**2)' });
  }
}
