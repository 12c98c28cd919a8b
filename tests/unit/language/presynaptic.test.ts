/**
 * Presynaptic variables: what may change them, where they are kept, which versions pathways read, and that all of it gives
 * what synapses of their own would.
 */
import { describe, expect, it } from 'vitest';
import { createSimulation, Network } from '../../../src/index.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { singleEngines } from '../../support/engines.ts';

interface Texts {
  readonly eqs: string;
  readonly onPre: string | Readonly<Record<string, string>>;
  readonly onPost?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly delay?: string;
  readonly initial?: Readonly<Record<string, number>>;
  readonly bound?: number;
}

/** Two neurons that fire every 4 and 7 ms onto two others, which fire too; all to all. */
function network({ delay = '1 ms', ...texts }: Texts, source = 'neurons'): Network {
  const net = new Network({ dt: '0.1 ms', seed: 9 });
  const neurons = net.population('neurons', 2, {
    eqs: 'dv/dt = rate : 1\nrate : 1/second (constant)\ncharge : 1',
    threshold: 'v > 1 and t < 35*ms',
    reset: 'v = 0; charge += 1',
    refractory: '2 ms',
    initial: { rate: '(1 + i)/(7*ms)', v: 0.3 },
  });
  const list = net.spikeList('list', 2, {
    indices: [0, 1, 0, 1, 0],
    timesMs: [1, 2, 6, 12, 15],
  });
  const target = net.population('target', 2, {
    eqs: 'dv/dt = 1/(9*ms) : 1\ng : 1',
    threshold: 'v > 1',
    reset: 'v = 0',
  });
  net
    .projection('p', source === 'list' ? list : neurons, target, {
      ...texts,
      delay: typeof texts.onPre === 'string' && texts.onPost === undefined ? delay : '1 ms',
    } as never)
    .connect({ rule: 'all-to-all' });
  return net;
}

const hidden = (net: Network): string[] =>
  compileNetwork(net.document)
    .plan.update.flatMap(({ variables }) => variables.map(({ name }) => name))
    .filter((name) => name.startsWith('p.'));

const modes = (net: Network): string[] =>
  compileNetwork(net.document).plan.deliver.map(({ mode }) => mode);

async function run(net: Network, options = singleEngines[0]?.options): Promise<number[]> {
  const simulation = await createSimulation(net, options);
  try {
    await simulation.run('40 ms');
    return Array.from(await simulation.get('target', 'g'));
  } finally {
    simulation.destroy();
  }
}

describe('what may change them', () => {
  it.each([
    ['x : 1 (presynaptic)\nw : 1', 'x += w; g += x', /w.*\n.*the same for all synapses/s],
    ['x : 1 (presynaptic)', 'x += v_post; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic)', 'x += v; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic)', 'x += j; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic)', 'x += t/second; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic)\nw : 1', 'q = w; x += q; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic)\nw : 1\ns = w*x : 1', 'x += s; g += x', /the same for all synapses/],
    ['x : 1 (presynaptic, shared)', 'g += x', /exclude each other/],
    ['x : 1 (presynaptic)\nx : 1', 'g += x', /defined twice/],
  ])('%s with %s is refused', (eqs, onPre, message) => {
    expect(() => compileNetwork(network({ eqs, onPre }).document)).toThrow(message);
  });

  it('one pathway of presynaptic spikes', () => {
    const eqs = 'x : 1 (presynaptic)';
    const two = { a: 'x += 1', b: 'x += 1; g += x' };
    expect(() => compileNetwork(network({ eqs, onPre: two }).document)).toThrow(
      'Change it in pathway a',
    );
    const post = { eqs, onPre: 'x += 1; g += x', onPost: 'x = 0' };
    expect(() => compileNetwork(network(post).document)).toThrow(
      /one pathway of presynaptic spikes/,
    );
  });

  it('an equation that has no closed form', () => {
    const eqs = 'dx/dt = x*(1 - x)/(5*ms) : 1 (presynaptic)';
    expect(() => compileNetwork(network({ eqs, onPre: 'g += x' }).document)).toThrow(
      'not linear in x',
    );
  });

  it('in populations there are none', () => {
    const net = new Network({ dt: '0.1 ms' });
    net.population('neurons', 1, { eqs: 'x : 1 (presynaptic)' });
    expect(() => compileNetwork(net.document)).toThrow('in the equations of a projection');
  });

  it('lastupdate beside variables that other spikes advance', () => {
    const eqs = 'x : 1 (presynaptic)\ndy/dt = -y/(5*ms) : 1 (event-driven)';
    const onPre = 'x = exp(-(t - lastupdate)/(5*ms)); y += 1; g += x*y';
    expect(() => compileNetwork(network({ eqs, onPre }).document)).toThrow(
      /lastupdate is the last event of any kind/,
    );
  });
});

describe('where they are kept', () => {
  it.each([
    ['read as they end', 'x += 1; g += x', ['p.x']],
    ['read before a change', 'x += 1; g += x; x *= 0.5', ['p.x', 'p.x@1']],
    ['read before any change', 'g += x; x += 1', ['p.x', 'p.x@0']],
    ['read twice', 'x += 1; g += x; x += 1; g += x; x += 1', ['p.x', 'p.x@1', 'p.x@2']],
    ['through a local', 'q = x + 1; x = 0.5*q; g += q', ['p.x', 'p.q@1']],
    ['a local of parameters is a constant', 'q = 2*a; x += q; g += q*x', ['p.x']],
    ['not read at all', 'x += 1; g += 1', ['p.x']],
  ])('%s', (_, onPre, names) => {
    const net = network({ eqs: 'x : 1 (presynaptic)', onPre, params: { a: '0.5' } });
    expect(hidden(net)).toEqual(names);
    expect(modes(net)).toEqual(['scatter']);
  });

  it.each([
    ['by a spike list', { onPre: 'x += 1; g += x' }, 'list'],
    ['with a weight that spikes change', { onPre: 'x += 1; w += 0.1; g += w*x' }, 'neurons'],
    ['with a variable of the target', { onPre: 'x += 1; g += v_post*x' }, 'neurons'],
    [
      'where postsynaptic spikes read them',
      { onPre: 'x += 1; g += x', onPost: 'w = x' },
      'neurons',
    ],
  ] as const)('in every synapse: %s', (_, texts, source) => {
    const net = network({ eqs: 'x : 1 (presynaptic)\nw : 1', ...texts }, source);
    expect(hidden(net)).toEqual([]);
    expect(modes(net)).toContain('arrival');
  });

  it('what grows without end is checked at each addition', () => {
    const provenFor = (onPre: string): boolean[] => {
      const net = network({ eqs: 'x : 1 (presynaptic)\ny : 1 (presynaptic)', onPre });
      const { deliver } = compileNetwork(net.document).plan;
      return deliver.flatMap(({ inputs }) => inputs.map(({ proven }) => proven));
    };
    expect(provenFor('x += 1; g += x')).toEqual([false]);
    expect(provenFor('x -= 1; g += x')).toEqual([false]);
    expect(provenFor('x += 1; y = clip(x, 0, 3); g += y')).toEqual([true]);
    expect(provenFor('x = 0.5*x*exp(-(t - lastupdate)/ms) + 0.5; g += x')).toEqual([true]);
  });

  it('not in synapses that would read the neuron too late', () => {
    const eqs = 'x : 1 (presynaptic)\nw : 1';
    for (const value of ['v_pre', 'rand()', 'binomial(3, 0.5)']) {
      const net = network({ eqs, onPre: `x = ${value}; w += 0.1; g += w*x` });
      expect(() => compileNetwork(net.document)).toThrow('Remove (presynaptic)');
    }
  });
});

describe('the same as in every synapse', () => {
  // Every text once with the flag and once without; those without say themselves when they were last updated.
  const texts: readonly (readonly [string, Texts])[] = [
    ['read before and after', { eqs: 'x : 1 FLAG', onPre: 'x += 1; g += x; x *= 0.5; g += x' }],
    ['read before', { eqs: 'x : 1 FLAG', onPre: 'g += x; x += 1' }],
    [
      'an equation',
      {
        eqs: 'dx/dt = (2 - x)/(5*ms) : 1 FLAG\ndy/dt = -y/(3*ms) : 1 FLAG',
        onPre: 'y += x; g += x*y; x = 0.1*x; q = x + y; g -= 0.1*q',
        // Steady: without the flag time begins with the simulation, not a delay later.
        initial: { x: 2 },
      },
    ],
    [
      'a subexpression and parameters',
      {
        eqs: 'x : 1 FLAG\na : 1 FLAG\nz = a + b*x : 1',
        onPre: 'x = 0.5*z; a += b; g += z',
        params: { b: '0.25' },
      },
    ],
    [
      'pathways before and behind',
      {
        eqs: 'x : 1 FLAG',
        onPre: { a: 'g += x', b: 'x += 1; g += 10*x', c: 'g += 100*x' },
        bound: 2000,
      },
    ],
    [
      'plastic weights beside them',
      {
        eqs: 'dx/dt = (1 - x)/(5*ms) : 1 FLAG\nw : 1',
        onPre: 'g += w*x; x *= 0.5',
        onPost: 'w += 0.1',
        initial: { x: 1 },
      },
    ],
  ];

  it.each(
    texts.flatMap(([name, text]) => ['neurons', 'list'].map((source) => ({ name, text, source }))),
  )('$name, from $source', async ({ text, source }) => {
    for (const { options } of singleEngines) {
      const results: number[][] = [];
      for (const flag of ['(presynaptic)', '']) {
        const isEquation = /^d\w+\/dt/;
        const eqs = text.eqs
          .split('\n')
          .map((line) =>
            line.replace('FLAG', flag === '' && isEquation.test(line) ? '(event-driven)' : flag),
          )
          .join('\n');
        results.push(await run(network({ ...text, eqs }, source), options));
      }
      const [shared, own] = results as [number[], number[]];
      expect(Math.max(...own)).toBeGreaterThan(0);
      for (const [k, g] of own.entries()) {
        expect(Math.abs((shared[k] as number) - g)).toBeLessThan(1e-5 * Math.abs(g));
      }
    }
  });

  it('intervals do not depend on delays, first ones included', async () => {
    const eqs = 'x : 1 (presynaptic)';
    const onPre = 'x = (t - lastupdate)/ms; g += x';
    const totals = new Set<string>();
    for (const source of ['neurons', 'list']) {
      for (const delay of ['0 ms', '0.5 ms', '3 ms']) {
        const g = await run(network({ eqs, onPre, delay }, source));
        totals.add(`${source} ${g.map((one) => one.toFixed(3)).join()}`);
      }
    }
    // The sum of the intervals of each neuron up to its last spike, both together.
    expect([...totals].filter((one) => one.startsWith('list'))).toEqual(['list 27.000,27.000']);
    expect(totals.size).toBe(2);
  });
});

describe('what neurons may read', () => {
  it('their own variables as they spike, and draws: one for all their synapses', async () => {
    for (const { options } of singleEngines) {
      const net = network({
        eqs: 'c : 1 (presynaptic)\nr : 1 (presynaptic)',
        onPre: 'c = charge_pre; r = rand(); g += r + 0*c',
      });
      const simulation = await createSimulation(net, options);
      await simulation.run('40 ms');
      // Resets follow the spike: the count that a spike sees lacks it.
      const charge = await simulation.get('neurons', 'charge');
      const seen = await simulation.get('p', 'c');
      expect(Array.from(seen)).toEqual(Array.from(charge, (count) => count - 1));
      const [a, b] = await simulation.get('target', 'g');
      expect(a).toBe(b);
      const drawn = await simulation.get('p', 'r');
      expect(drawn[0]).not.toBe(drawn[1]);
      simulation.destroy();
    }
  });
});
