/** Every argument of running many, replaced by nonsense: an error of ours that says where and what. */
import {
  type ManyOptions,
  type ManyRunSummary,
  Network,
  runMany,
  runTable,
  runTableToCsv,
  withParameters,
} from '../../../src/index.ts';
import { type Call, describeNonsense } from '../../support/nonsense.ts';

function network(): Network {
  const net = new Network({ params: { drive: '2 mV' } });
  const cells = net.population('cells', 2, { eqs: 'dv/dt = drive/ms : volt' });
  net.record.spikes(cells);
  return net;
}

const options = { duration: '1 ms', engine: 'cpu' } as const satisfies ManyOptions;
const { document } = network();

const CALLS: readonly Call[] = [
  { call: 'runMany(x, options)', run: (x) => runMany(x, options) },
  { call: 'runMany(net, x)', run: (x) => runMany(network(), x) },
  ...(
    [
      ['duration', []],
      ['seeds', ['undefined', '[1]']],
      ['vary', ['undefined', '{}']],
      ['atOnce', ['undefined', '1e300']],
      ['memoryBytes', ['undefined', '1.5', '1e300', 'Infinity']],
      ['signal', ['undefined']],
      ['onProgress', ['undefined', 'function']],
      ['onRun', ['undefined', 'function']],
      ['keep', ['undefined', 'true']],
      ['engine', ['undefined']],
      ['onSpikes', []],
    ] as const
  ).map(
    ([option, fine]): Call => ({
      call: `runMany(net, { ${option}: x })`,
      run: (x) => runMany(network(), { ...options, [option]: x }),
      fine,
    }),
  ),
  {
    call: 'vary: { drive: x }',
    run: (x) => runMany(network(), { ...options, vary: { drive: x } }),
  },
  {
    call: 'vary: { drive: [x] }',
    run: (x) => runMany(network(), { ...options, vary: { drive: [x] } }),
  },
  {
    call: 'runMany(() => x, options)',
    run: (x) => runMany(() => x, options),
  },
  { call: 'withParameters(x, {})', run: (x) => withParameters(x, {}) },
  { call: 'withParameters(d, x)', run: (x) => withParameters(document, x), fine: ['{}'] },
  { call: 'withParameters(d, { drive: x })', run: (x) => withParameters(document, { drive: x }) },
  { call: 'runTable(x)', run: (x) => runTable(x), fine: ['[]'] },
  { call: 'runTable([x])', run: (x) => runTable([x as ManyRunSummary]) },
  { call: 'runTableToCsv(x)', run: (x) => runTableToCsv(x) },
];

describeNonsense(CALLS);
