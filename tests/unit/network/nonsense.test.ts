/** Every argument of every method of the fluent API, replaced by nonsense, gives an error that says where and what. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import type { ConnectRule } from '../../../src/network/document.ts';
import { readIntervention } from '../../../src/network/intervention-text.ts';
import { Network } from '../../../src/network/network.ts';
import * as quantities from '../../../src/network/quantities.ts';
import { validateDocument } from '../../../src/network/validate.ts';
import { NONSENSE } from '../../support/nonsense.ts';

const EQS = 'dv/dt = -v/tau : volt';
const LIF = { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV', params: { tau: '10 ms' } };

function base() {
  const net = new Network();
  const P = net.population('P', 10, LIF);
  return { net, P };
}

/** A call with one argument or option replaced; `fine` names the nonsense that is a legal value there. */
interface Case {
  readonly name: string;
  readonly call: (x: never) => unknown;
  readonly fine?: readonly string[];
}

const NAMES = ['abc', '5 bananas', 'constructor'];
const OPTIONAL = ['undefined'];
const project = (options: object) => {
  const { net, P } = base();
  return net.projection('p', P, P, { onPre: 'v += 1*mV', ...options });
};
const connect = (rule: unknown) => project({}).connect(rule as ConnectRule);

/** Numbers of distributions that are legal as they are; units are checked when the network is compiled. */
const FINE: Readonly<Record<string, readonly string[]>> = {
  'exponential mean': ['-1', '1.5', '1e300'],
  'exponential max': OPTIONAL,
  'exponential outside': OPTIONAL,
  'lognormal min': OPTIONAL,
};

const CASES: readonly Case[] = [
  { name: 'new Network(x)', call: (x) => new Network(x), fine: ['undefined', '{}'] },
  {
    name: 'Network name',
    call: (name) => new Network({ name }),
    fine: [...NAMES, ...OPTIONAL],
  },
  { name: 'Network dt', call: (dt) => new Network({ dt }), fine: OPTIONAL },
  { name: 'Network seed', call: (seed) => new Network({ seed }), fine: OPTIONAL },
  {
    name: 'Network params',
    call: (params) => new Network({ params }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  {
    name: 'Network a parameter',
    call: (a) => new Network({ params: { a } }),
    fine: ['-1', '1.5', '1e300'],
  },
  {
    name: 'population name',
    call: (x) => new Network().population(x, 1, LIF),
    fine: NAMES,
  },
  { name: 'population size', call: (x) => new Network().population('P', x, LIF) },
  { name: 'population options', call: (x) => new Network().population('P', 1, x) },
  {
    name: 'population eqs',
    call: (eqs) => new Network().population('P', 1, { ...LIF, eqs }),
    fine: ['empty text'],
  },
  {
    name: 'population threshold',
    call: (threshold) => new Network().population('P', 1, { eqs: EQS, threshold }),
    fine: [...OPTIONAL, 'abc', 'constructor'],
  },
  {
    name: 'population reset',
    call: (reset) => new Network().population('P', 1, { ...LIF, reset }),
    fine: OPTIONAL,
  },
  {
    name: 'population refractory',
    call: (refractory) => new Network().population('P', 1, { ...LIF, refractory }),
    fine: [...OPTIONAL, 'abc', 'constructor'],
  },
  {
    name: 'population method',
    call: (method) => new Network().population('P', 1, { ...LIF, method }),
    fine: [...OPTIONAL, ...NAMES],
  },
  {
    name: 'population params',
    call: (params) => new Network().population('P', 1, { ...LIF, params }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  {
    name: 'population initial',
    call: (initial) => new Network().population('P', 1, { ...LIF, initial }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  {
    name: 'population initial v',
    call: (v) => new Network().population('P', 1, { ...LIF, initial: { v } }),
    fine: ['-1', '1.5', '1e300', 'abc', 'constructor'],
  },
  {
    name: 'initial values',
    call: (values) =>
      new Network().population('P', 1, { ...LIF, initial: { v: { values, unit: 'mV' } } }),
    fine: ['[1]'],
  },
  {
    name: 'initial unit',
    call: (unit) =>
      new Network().population('P', 1, { ...LIF, initial: { v: { values: [1], unit } } }),
  },
  ...['mean', 'sd', 'min', 'max'].map((key) => ({
    name: `initial normal ${key}`,
    call: (x: never) =>
      new Network().population('P', 1, {
        ...LIF,
        initial: { v: { normal: { mean: '1 mV', sd: '1 mV', [key]: x } } },
      } as never),
    fine: key === 'min' || key === 'max' ? OPTIONAL : [],
  })),
  ...[
    ['lognormal', 'mean'],
    ['lognormal', 'sd'],
    ['lognormal', 'min'],
    ['uniform', 'min'],
    ['uniform', 'max'],
    ['exponential', 'mean'],
    ['exponential', 'max'],
    ['exponential', 'outside'],
  ].map(([kind = '', key = '']) => ({
    name: `initial ${kind} ${key}`,
    call: (x: never) => {
      const good = kind === 'uniform' ? { min: '1 mV', max: '2 mV' } : { mean: '2 mV', sd: '1 mV' };
      const { sd, ...mean } = good as Record<string, string>;
      const base = kind === 'lognormal' ? { ...mean, sd } : mean;
      const v = { [kind]: { ...base, [key]: x } };
      return new Network().population('P', 1, { ...LIF, initial: { v } } as never);
    },
    fine: FINE[`${kind} ${key}`] ?? [],
  })),
  {
    name: 'population positions',
    call: (positions) => new Network().population('P', 4, { ...LIF, positions }),
    fine: OPTIONAL,
  },
  {
    name: 'positions grid',
    call: (grid) => placedAt({ grid, spacing: '1 um' }),
  },
  { name: 'positions spacing', call: (spacing) => placedAt({ grid: [2, 2], spacing }) },
  { name: 'positions box', call: (box) => placedAt({ box }) },
  { name: 'positions of the box', call: (x) => placedAt({ box: [x, '1 mm'] }) },
  { name: 'positions x', call: (x) => placedAt({ x, y: '0 um' }), fine: ['abc', 'constructor'] },
  {
    name: 'positions periodic',
    call: (periodic) => placedAt({ box: ['1 mm', '1 mm'], periodic }),
    fine: OPTIONAL,
  },
  { name: 'slice from', call: (x) => base().P.slice(x), fine: [] },
  { name: 'slice to', call: (x) => base().P.slice(0, x), fine: OPTIONAL },
  { name: 'split', call: (x) => base().P.split(x) },
  { name: 'set', call: (x) => base().P.set(x), fine: ['{}', '{ a: 1 }'] },
  {
    name: 'set v',
    call: (v) => base().P.set({ v }),
    fine: ['-1', '1.5', '1e300', 'abc', 'constructor'],
  },
  { name: 'poissonPopulation name', call: (x) => poisson(x, 1, '5 Hz'), fine: NAMES },
  { name: 'poissonPopulation size', call: (x) => poisson('D', x, '5 Hz') },
  {
    name: 'poissonPopulation rate',
    call: (x) => poisson('D', 1, x),
    fine: ['abc', 'constructor'],
  },
  { name: 'poissonPopulation options', call: (x) => new Network().poissonPopulation('D', 1, x) },
  {
    name: 'poissonPopulation params',
    call: (params) => new Network().poissonPopulation('D', 1, { rate: 'a*Hz', params }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  { name: 'spikeList name', call: (x) => spikes(x, 5, [1], [1]), fine: NAMES },
  { name: 'spikeList size', call: (x) => spikes('S', x, [1], [1]) },
  { name: 'spikeList indices', call: (x) => spikes('S', 5, x, [1]), fine: ['[1]'] },
  { name: 'spikeList timesMs', call: (x) => spikes('S', 5, [1], x), fine: ['[1]'] },
  { name: 'spikeList options', call: (x) => new Network().spikeList('S', 1, x) },
  {
    name: 'projection name',
    call: (x) => base().net.projection(x, base().P, base().P),
  },
  { name: 'projection source', call: (x) => withNet((net, P) => net.projection('p', x, P)) },
  { name: 'projection target', call: (x) => withNet((net, P) => net.projection('p', P, x)) },
  {
    name: 'projection options',
    call: (x) => withNet((net, P) => net.projection('p', P, P, x)),
    fine: ['undefined', '{}'],
  },
  { name: 'projection eqs', call: (eqs) => project({ eqs }), fine: OPTIONAL },
  { name: 'projection onPre', call: (onPre) => project({ onPre }), fine: [...OPTIONAL, '{}'] },
  { name: 'projection pathway', call: (x) => project({ onPre: { x } }) },
  { name: 'projection onPost', call: (onPost) => project({ onPost }), fine: [...OPTIONAL, '{}'] },
  {
    name: 'projection delay',
    call: (delay) => project({ delay }),
    fine: [...OPTIONAL, 'abc', 'constructor'],
  },
  {
    name: 'projection byPathway',
    call: (byPathway) => project({ delay: { byPathway } }),
    fine: ['{}'],
  },
  {
    name: 'projection delay of a pathway',
    call: (pre) => project({ delay: { byPathway: { pre } } }),
    fine: ['abc', 'constructor'],
  },
  {
    name: 'projection params',
    call: (params) => project({ params }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  {
    name: 'projection initial',
    call: (initial) => project({ initial }),
    fine: [...OPTIONAL, '{}', '{ a: 1 }'],
  },
  {
    name: 'projection bound',
    call: (bound) => project({ bound }),
    fine: [...OPTIONAL, '-1', '1.5', '1e300'],
  },
  {
    name: 'projection synapses',
    call: (synapses) => project({ synapses }),
    fine: OPTIONAL,
  },
  { name: 'connect', call: connect },
  { name: 'connect rule', call: (rule) => connect({ rule }) },
  { name: 'connect p', call: (p) => connect({ rule: 'fixed-probability', p }) },
  { name: 'connect k', call: (k) => connect({ rule: 'fixed-in-degree', k }) },
  { name: 'connect n', call: (n) => connect({ rule: 'fixed-total-number', n }) },
  {
    name: 'connect autapses',
    call: (autapses) => connect({ rule: 'all-to-all', autapses }),
    fine: ['undefined', 'true'],
  },
  ...(['fixed-in-degree', 'fixed-out-degree'] as const).map((rule) => ({
    name: `connect multapses of ${rule}`,
    call: (multapses: never) => connect({ rule, k: 2, multapses }),
    fine: ['undefined', 'true'],
  })),
  { name: 'connect out-degree k', call: (k) => connect({ rule: 'fixed-out-degree', k }) },
  { name: 'connect small-world k', call: (k) => connect({ rule: 'small-world', k, p: 0 }) },
  { name: 'connect small-world p', call: (p) => connect({ rule: 'small-world', k: 2, p }) },
  {
    name: 'connect condition',
    call: (condition) => connect({ rule: 'pairwise', condition, p: 1 }),
    fine: ['undefined', 'abc', 'constructor'],
  },
  {
    name: 'connect pairwise p',
    call: (p) => connect({ rule: 'pairwise', condition: 'i != j', p }),
    fine: ['undefined', 'abc', 'constructor'],
  },
  {
    name: 'connect pre',
    call: (pre) => connect({ rule: 'list', pre, post: [1] }),
    fine: ['[1]'],
  },
  {
    name: 'connect post',
    call: (post) => connect({ rule: 'list', pre: [1], post }),
    fine: ['[1]'],
  },
  { name: 'poissonInput name', call: (x) => input(x), fine: NAMES },
  { name: 'poissonInput target', call: (x) => withNet((net) => net.poissonInput('i', x, INPUT)) },
  { name: 'poissonInput options', call: (x) => withNet((n, P) => n.poissonInput('i', P, x)) },
  {
    name: 'poissonInput variable',
    call: (variable) => input('i', { variable }),
    fine: ['abc', 'constructor'],
  },
  { name: 'poissonInput n', call: (n) => input('i', { n }) },
  { name: 'poissonInput rate', call: (rate) => input('i', { rate }) },
  {
    name: 'poissonInput weight',
    call: (weight) => input('i', { weight }),
    fine: ['abc', 'constructor'],
  },
  { name: 'timedArray name', call: (x) => array({}, x ?? null), fine: ['abc', 'constructor'] },
  { name: 'timedArray options', call: (x) => new Network().timedArray('I', x) },
  { name: 'timedArray dt', call: (dt) => array({ dt }) },
  { name: 'timedArray unit', call: (unit) => array({ unit }) },
  { name: 'timedArray columns', call: (columns) => array({ columns }), fine: OPTIONAL },
  { name: 'timedArray values', call: (values) => array({ values }), fine: ['[1]'] },
  { name: 'record.spikes population', call: (x) => base().net.record.spikes(x) },
  {
    name: 'record.spikes options',
    call: (x) => withNet((net, P) => net.record.spikes(P, x)),
    fine: ['undefined', '{}'],
  },
  {
    name: 'record.spikes name',
    call: (name) => withNet((net, P) => net.record.spikes(P, { name })),
    fine: [...NAMES, ...OPTIONAL],
  },
  { name: 'record.rate population', call: (x) => base().net.record.rate(x) },
  { name: 'record.state population', call: (x) => base().net.record.state(x, ['v']) },
  { name: 'record.state variables', call: (x) => withNet((net, P) => net.record.state(P, x)) },
  {
    name: 'record.state a variable',
    call: (x) => withNet((net, P) => net.record.state(P, [x])),
    fine: ['abc', 'constructor'],
  },
  {
    name: 'record.state neurons',
    call: (neurons) => withNet((net, P) => net.record.state(P, ['v'], { neurons })),
    fine: [...OPTIONAL, '[1]'],
  },
  {
    name: 'record.state every',
    call: (every) => withNet((net, P) => net.record.state(P, ['v'], { every })),
    fine: OPTIONAL,
  },
  { name: 'field name', call: (x) => new Network().field(x, FIELD), fine: NAMES },
  { name: 'field options', call: (x) => new Network().field('F', x) },
  ...Object.entries({
    grid: [],
    spacing: [],
    origin: OPTIONAL,
    every: [],
    eqs: ['empty text'],
    diffusion: [...OPTIONAL, '{}'],
    tortuosity: [...OPTIONAL, '1.5', '1e300'],
    volumeFraction: OPTIONAL,
    edges: OPTIONAL,
    method: [...OPTIONAL, 'abc', '5 bananas', 'constructor'],
    params: [...OPTIONAL, '{}', '{ a: 1 }'],
    initial: [...OPTIONAL, '{}', '{ a: 1 }'],
  }).map(([key, fine]) => ({
    name: `field ${key}`,
    call: (x: never) => new Network().field('F', { ...FIELD, [key]: x }),
    fine,
  })),
  {
    name: 'population links',
    call: (links) => new Network().population('P', 1, { ...LIF, links }),
    fine: [...OPTIONAL, '{}'],
  },
  { name: 'record.field target', call: (x) => new Network().record.field(x, ['C']) },
  {
    name: 'record.field variables',
    call: (x) => withField((net, field) => net.record.field(field, x)),
  },
  {
    name: 'record.field z',
    call: (z) => withField((net, field) => net.record.field(field, ['C'], { z })),
    fine: OPTIONAL,
  },
  {
    name: 'record.field voxels',
    call: (voxels) => withField((net, field) => net.record.field(field, ['C'], { voxels })),
    fine: [...OPTIONAL, '[1]'],
  },
  { name: 'intervene', call: (x) => new Network().intervene(x) },
  ...Object.entries<readonly string[]>({
    name: [...OPTIONAL, 'abc', '5 bananas', 'constructor'],
    at: [],
    until: OPTIONAL,
    owner: ['empty text'],
    parameter: ['abc', 'constructor'],
    factor: ['-1', '1.5', '1e300'],
    neurons: [...OPTIONAL, '{}'],
  }).map(([key, fine]) => ({
    name: `intervene ${key}`,
    call: (x: never) =>
      withNet((net) =>
        net.intervene({ at: '1 ms', owner: 'P', parameter: 'tau', factor: 2, [key]: x }),
      ),
    fine,
  })),
  { name: 'readIntervention', call: (x) => readIntervention(x) },
  { name: 'fromDocument', call: (x) => Network.fromDocument(x) },
  { name: 'validateDocument', call: (x) => validateDocument(x) },
  ...Object.entries(quantities).map(([name, make]) => ({
    name,
    call: (x: never) => make(x),
    fine: ['-1', '1.5', '1e300'],
  })),
];

const INPUT = { variable: 'v', n: 10, rate: '5 Hz', weight: '1*mV' };

const FIELD = {
  grid: [4, 4],
  spacing: '10 um',
  origin: ['0 um', '0 um'],
  every: '1 ms',
  eqs: 'dC/dt = -k*C : mM',
  diffusion: { C: '1 um**2/ms' },
  tortuosity: 1.5,
  volumeFraction: 0.2,
  edges: 'periodic' as const,
  method: 'euler',
  params: { k: '1/second' },
  initial: { C: '1 uM' },
};

function withField(use: (net: Network, F: ReturnType<Network['field']>) => unknown): unknown {
  const net = new Network();
  return use(net, net.field('F', FIELD));
}

function withNet(use: (net: Network, P: ReturnType<Network['population']>) => unknown): unknown {
  const { net, P } = base();
  return use(net, P);
}
const placedAt = (positions: object) =>
  new Network().population('P', 4, { ...LIF, positions } as never);
const poisson = (name: string, size: number, rate: string) =>
  new Network().poissonPopulation(name, size, { rate });
const spikes = (name: string, size: number, indices: number[], timesMs: number[]) =>
  new Network().spikeList(name, size, { indices, timesMs });
const input = (name: string, options: object = {}) =>
  withNet((net, P) => net.poissonInput(name, P, { ...INPUT, ...options }));
const array = (options: object, name: string | null = 'I') =>
  new Network().timedArray(name as string, { dt: '1 ms', unit: 'pA', values: [1], ...options });

/** What a call threw, or null. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error ?? 'nothing';
  }
  return null;
}

describe('nonsense in place of', () => {
  it.each(CASES)('$name', ({ call, fine = [] }) => {
    for (const [label, value] of NONSENSE) {
      const error = thrownBy(() => call(value as never));
      if (fine.includes(label)) {
        expect(error, label).toBeNull();
        continue;
      }
      expect(error, label).toBeInstanceOf(NetworkError);
      const { message } = error as NetworkError;
      expect(message.length, label).toBeGreaterThan(20);
      expect(message, label).not.toMatch(/\[object|internal/);
    }
  });
});

describe('every field of a document replaced by nonsense', () => {
  const net = new Network({ params: { J: '1 mV' } });
  const P = net.population('P', 10, {
    ...LIF,
    refractory: '2 ms',
    initial: { v: { normal: { mean: '1 mV', sd: '1 mV', min: '0 mV', outside: 'clip' } } },
    positions: { grid: [5, 2], spacing: '10 um', periodic: ['50 um', '20 um'] },
  });
  const S = net.spikeList('S', 2, { indices: [0, 1], timesMs: [1, 2] });
  net.timedArray('I', { dt: '1 ms', unit: 'pA', values: [1, 2] });
  net
    .projection('p', S, P, { eqs: 'w : volt', onPre: 'v += w', initial: { w: 'J' }, delay: '1 ms' })
    .connect({ rule: 'list', pre: [0, 1], post: [2, 3] });
  net
    .projection('q', P, P, {
      eqs: 'w : volt',
      onPre: 'v += w',
      initial: { w: { lognormal: { mean: '1 mV', sd: '0.5 mV', max: '3 mV' } } },
      delay: { uniform: { min: '1 ms', max: '3 ms' } },
    })
    .connect({ rule: 'pairwise', condition: 'i != j', p: 'exp(-distance/(50*um))' });
  net.poissonInput('bg', P, INPUT);
  net.record.state(P, ['v'], { neurons: [0], every: '1 ms' });
  const F = net.field('F', { ...FIELD, grid: [5, 2], spacing: ['10 um', '10 um'] });
  net.projection('r', P, F, { onPre: 'C += 1*nM' }).connect({ rule: 'voxel' });
  net.population('L', 3, { eqs: 'DA : mM (linked)', links: { DA: 'F.C' } });
  net.record.field(F, ['C'], { voxels: [1, 2], every: '2 ms' });
  net.intervene({
    name: 'block',
    at: '1 ms',
    until: '3 ms',
    owner: 'p',
    parameter: 'w',
    factor: 2,
  });
  net.intervene({ at: '1 ms', owner: '', parameter: 'J', value: '2 mV' });
  const text = JSON.stringify(net);

  const paths: string[][] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (path.length > 0) paths.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) visit(part, [...path, key]);
  };
  visit(JSON.parse(text), []);

  it.each(paths.map((path) => [path.join('.'), path] as const))('%s', (_, path) => {
    for (const [, value] of NONSENSE) {
      const document = JSON.parse(text) as Record<string, unknown>;
      let at = document;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[path.at(-1) as string] = value;
      const error = thrownBy(() => validateDocument(document));
      if (error !== null) expect(error).toBeInstanceOf(NetworkError);
    }
  });

  it('the document itself is fine', () => {
    expect(validateDocument(JSON.parse(text))).toEqual(net.document);
  });
});
