/**
 * Every argument of what simulates, analyses and writes files, replaced by nonsense: an error of ours that says where
 * and what, never one of the JavaScript engine. (The fluent API has its own: network/nonsense.test.ts.)
 */
import { afterAll, beforeAll } from 'vitest';
import * as wetware from '../../src/index.ts';
import { type Call, describeNonsense } from '../support/nonsense.ts';

let simulation: wetware.Simulation;
beforeAll(async () => {
  simulation = await wetware.createSimulation(network(), { engine: 'cpu' });
  await simulation.run('10 ms');
});
afterAll(() => simulation.destroy());

function network(): wetware.Network {
  const net = new wetware.Network({ params: { drive: '2 mV' } });
  const cells = net.population('cells', 5, {
    eqs: 'dv/dt = drive/ms : volt',
    threshold: 'v > 5*mV',
    reset: 'v = 0*mV',
  });
  net
    .projection('S', cells, cells, { eqs: 'w : volt', onPre: 'v_post += w' })
    .connect({ rule: 'one-to-one' });
  net.record.spikes(cells, { name: 'spikes' });
  net.record.rate(cells, { name: 'rate' });
  net.record.state(cells, ['v'], { name: 'v' });
  return net;
}

const spikes = { steps: Uint32Array.of(1, 5, 9), neurons: Uint32Array.of(0, 0, 0) };
const counts = { size: 1, totalSteps: 10, dtMs: 1, binMs: 2 };
const populations = [{ name: 'a', first: 0 }];
const table = wetware.spikeTable(spikes, populations, 0.1);

const OPTIONAL = ['undefined', '{}'];
/** Times in ms, too large to mean anything but finite. */
const TIMES = ['1.5', '1e300'];

const CALLS: readonly Call[] = [
  { call: 'createSimulation(x)', run: (x) => wetware.createSimulation(x) },
  {
    call: 'createSimulation(net, x)',
    run: (x) => wetware.createSimulation(network(), x),
    fine: OPTIONAL,
  },
  ...(
    [
      ['engine', []],
      ['precision', []],
      ['synapses', []],
      ['synapseBytes', ['1.5', '1e300', 'Infinity']],
      ['threads', []],
      ['device', []],
      ['adapter', ['empty text', 'abc', '5 bananas', 'constructor']],
      ['workgroupSize', []],
      ['strict', ['true']],
      ['onWarning', ['function']],
      ['onBuild', ['function']],
      ['onSpikes', ['function']],
      ['keepSpikes', ['true']],
      ['watchSpikes', ['true']],
      ['spareThreads', []],
      ['probes', ['[]']],
      ['onSamples', ['function']],
    ] as const
  ).map(
    ([option, fine]): Call => ({
      call: `createSimulation(net, { ${option}: x })`,
      run: async (x) => {
        const made = await wetware.createSimulation(network(), { engine: 'cpu', [option]: x });
        made.destroy();
      },
      fine: ['undefined', ...fine],
    }),
  ),
  { call: 'run(x)', run: (x) => simulation.run(x) },
  { call: 'run(time, x)', run: (x) => simulation.run('0 ms', x), fine: OPTIONAL },
  {
    call: 'run(time, { onProgress: x })',
    run: (x) => simulation.run('0 ms', { onProgress: x }),
    fine: ['undefined', 'function'],
  },
  {
    call: 'run(time, { signal: x })',
    run: (x) => simulation.run('0 ms', { signal: x }),
    fine: ['undefined'],
  },
  { call: 'runSteps(x)', run: (x) => simulation.runSteps(x) },
  { call: 'spikes(x)', run: (x) => simulation.spikes(x), fine: ['undefined'] },
  { call: 'state(x)', run: (x) => simulation.state(x), fine: ['undefined'] },
  { call: 'rate(x)', run: (x) => simulation.rate(x), fine: ['undefined'] },
  { call: 'rate(name, x)', run: (x) => simulation.rate('rate', x), fine: OPTIONAL },
  { call: 'toThreshold(x)', run: (x) => simulation.toThreshold(x as string) },
  { call: 'variables(x)', run: (x) => simulation.variables(x as string) },
  { call: 'get(x, v)', run: (x) => simulation.get(x, 'v') },
  { call: 'get(cells, x)', run: (x) => simulation.get('cells', x) },
  { call: 'get(cells, v, x)', run: (x) => simulation.get('cells', 'v', x), fine: ['undefined'] },
  { call: 'set(x, v, 0)', run: (x) => simulation.set(x, 'v', '0*mV') },
  { call: 'set(cells, x, 0)', run: (x) => simulation.set('cells', x, '0*mV') },
  { call: 'set(cells, v, x)', run: (x) => simulation.set('cells', 'v', x) },
  {
    call: 'setParameter(x, drive, 1 mV)',
    run: (x) => simulation.setParameter(x, 'drive', '1 mV'),
    fine: ['empty text'],
  },
  { call: 'setParameter("", x, 1 mV)', run: (x) => simulation.setParameter('', x, '1 mV') },
  { call: 'setParameter("", drive, x)', run: (x) => simulation.setParameter('', 'drive', x) },
  { call: 'setProbes(x)', run: (x) => simulation.setProbes(x), fine: ['[]'] },
  { call: 'setProbes([x])', run: (x) => simulation.setProbes([x]) },
  {
    call: 'setProbes([{ population: x }])',
    run: (x) => simulation.setProbes([{ population: x, neurons: [] }]),
  },
  { call: 'synapses(x)', run: (x) => simulation.synapses(x) },
  { call: 'synapses(S, x)', run: (x) => simulation.synapses('S', x), fine: OPTIONAL },
  {
    call: 'synapses(S, { variables: [x] })',
    run: (x) => simulation.synapses('S', { variables: [x] }),
  },
  {
    call: 'synapses(S, { pathway: x })',
    run: (x) => simulation.synapses('S', { pathway: x }),
    fine: ['undefined'],
  },
  {
    call: 'synapses(S, { most: x })',
    run: (x) => simulation.synapses('S', { most: x }),
    fine: ['undefined', '1e300'],
  },
  { call: 'positions(x)', run: (x) => simulation.positions(x) },
  { call: 'resume(x)', run: (x) => simulation.resume(x) },
  { call: 'restore(x)', run: (x) => simulation.restore(x) },
  { call: 'spikeHash(x)', run: (x) => wetware.spikeHash(x) },
  { call: 'populationRate(x)', run: (x) => wetware.populationRate(x, 1, 10, 1) },
  { call: 'populationRate(s, x)', run: (x) => wetware.populationRate(spikes, x, 10, 1) },
  { call: 'populationRate(s, 1, x)', run: (x) => wetware.populationRate(spikes, 1, x, 1) },
  {
    call: 'populationRate(s, 1, 10, x)',
    run: (x) => wetware.populationRate(spikes, 1, 10, x),
    fine: TIMES,
  },
  { call: 'meanRate(x)', run: (x) => wetware.meanRate(x, 1, 1) },
  { call: 'meanRate(1, x)', run: (x) => wetware.meanRate(1, x, 1) },
  { call: 'meanRate(1, 1, x)', run: (x) => wetware.meanRate(1, 1, x), fine: TIMES },
  { call: 'interSpikeIntervals(x)', run: (x) => wetware.interSpikeIntervals(x, 1, 1) },
  { call: 'interSpikeIntervals(s, x)', run: (x) => wetware.interSpikeIntervals(spikes, x, 1) },
  { call: 'meanCvIsi(s, 1, x)', run: (x) => wetware.meanCvIsi(spikes, 1, x), fine: TIMES },
  {
    call: 'coefficientOfVariation(x)',
    run: (x) => wetware.coefficientOfVariation(x),
    fine: ['[]', '[1]'],
  },
  {
    call: 'interSpikeIntervals(s, 1, x)',
    run: (x) => wetware.interSpikeIntervals(spikes, 1, x),
    fine: TIMES,
  },
  { call: 'meanCvIsi(x)', run: (x) => wetware.meanCvIsi(x, 1, 1) },
  { call: 'meanCvIsi(s, x)', run: (x) => wetware.meanCvIsi(spikes, x, 1) },
  ...(['size', 'totalSteps', 'dtMs'] as const).map(
    (key): Call => ({
      call: `fanoFactor(s, { ${key}: x })`,
      run: (x) => wetware.fanoFactor(spikes, { ...counts, [key]: x }),
      fine: key === 'dtMs' ? ['1.5'] : [],
    }),
  ),
  { call: 'populationFanoFactor(x)', run: (x) => wetware.populationFanoFactor(x, counts) },
  { call: 'meanPairwiseCorrelation(x)', run: (x) => wetware.meanPairwiseCorrelation(x, counts) },
  {
    call: 'meanPairwiseCorrelation(s, { most: x })',
    run: (x) => wetware.meanPairwiseCorrelation(spikes, { ...counts, most: x }),
    fine: ['undefined'],
  },
  {
    call: 'populationRate(s, 1, 10, 1, x)',
    run: (x) => wetware.populationRate(spikes, 1, 10, 1, x),
    fine: OPTIONAL,
  },
  ...(['binMs', 'widthMs'] as const).map(
    (key): Call => ({
      call: `populationRate(…, { ${key}: x })`,
      run: (x) => wetware.populationRate(spikes, 1, 10, 1, { [key]: x }),
      fine: ['undefined', ...TIMES],
    }),
  ),
  {
    call: 'populationRate(…, { window: x })',
    run: (x) => wetware.populationRate(spikes, 1, 10, 1, { window: x }),
    fine: ['undefined'],
  },
  { call: 'fanoFactor(x)', run: (x) => wetware.fanoFactor(x, counts) },
  { call: 'fanoFactor(s, x)', run: (x) => wetware.fanoFactor(spikes, x) },
  {
    call: 'fanoFactor(s, { binMs: x })',
    run: (x) => wetware.fanoFactor(spikes, { ...counts, binMs: x }),
    fine: ['1.5'],
  },
  { call: 'populationFanoFactor(s, x)', run: (x) => wetware.populationFanoFactor(spikes, x) },
  { call: 'meanPairwiseCorrelation(s, x)', run: (x) => wetware.meanPairwiseCorrelation(spikes, x) },
  { call: 'powerSpectrum(x)', run: (x) => wetware.powerSpectrum(x, 1) },
  {
    call: 'powerSpectrum(signal, x)',
    run: (x) => wetware.powerSpectrum(new Float64Array(64), x),
    fine: TIMES,
  },
  {
    call: 'powerSpectrum(signal, 1, x)',
    run: (x) => wetware.powerSpectrum(new Float64Array(64), 1, x),
    fine: ['undefined'],
  },
  { call: 'spikeTable(x)', run: (x) => wetware.spikeTable(x, populations, 1) },
  { call: 'spikeTable(s, x)', run: (x) => wetware.spikeTable(spikes, x, 1), fine: ['[]'] },
  {
    call: 'spikeTable(s, p, x)',
    run: (x) => wetware.spikeTable(spikes, populations, x),
    fine: TIMES,
  },
  { call: 'spikesToCsv(x)', run: (x) => [...wetware.spikesToCsv(x)] },
  { call: 'tracesToCsv(x)', run: (x) => [...wetware.tracesToCsv(x)] },
  { call: 'spikesToParquet(x)', run: (x) => wetware.spikesToParquet(x) },
  { call: 'spikesToParquet(t, x)', run: (x) => wetware.spikesToParquet(table, x), fine: OPTIONAL },
];

describeNonsense(CALLS);
