import { describe, expect, it, test } from 'vitest';
import { examples } from '../../../src/examples/index.ts';
import { checkNetwork, compileNetwork, Network, type NetworkDocument } from '../../../src/index.ts';

const document = (change: (net: Network) => void): NetworkDocument => {
  const net = new Network({ name: 'n', dt: '0.1 ms', seed: 1 });
  change(net);
  return net.document;
};

const pair = (eqs: string, onPre: string): NetworkDocument => {
  const right = document((net) => {
    const a = net.population('a', 10, { eqs: 'dv/dt = -v/tau : volt', params: { tau: '5 ms' } });
    const b = net.population('b', 10, {
      eqs: 'dv/dt = -v/tau : volt',
      threshold: 'v > 1*mV',
      reset: 'v = 0*mV',
      params: { tau: '20 ms' },
    });
    net.projection('s', b, a, { onPre: 'v += 1*mV' }).connect({ rule: 'all-to-all' });
  });
  const [a, b] = right.populations;
  const [s] = right.projections;
  return {
    ...right,
    populations: [{ ...a, eqs } as never, b as never],
    projections: [{ ...s, onPre } as never],
  };
};

const faultsOf = (network: NetworkDocument) =>
  checkNetwork(network).owners.flatMap(({ kind, name, problems }) =>
    problems.map(({ code, block, line, column, length }) => [
      kind,
      name,
      code,
      block,
      line,
      column,
      length,
    ]),
  );

describe('what is wrong', () => {
  it('is told of every owner, with its place', () => {
    const network = pair('dv/dt = -v/tau_x : volt\nw : vol', 'v += w2');
    expect(faultsOf(network)).toEqual([
      ['population', 'a', 'unknown-name', 'eqs', 1, 12, 5],
      ['population', 'a', expect.any(String), 'eqs', 2, 5, 3],
    ]);
    // The projection is looked at when its ends are right.
    expect(faultsOf(pair('dv/dt = -v/tau : volt', 'v += w2\nv += 5*ms'))).toEqual([
      ['projection', 's', 'unknown-name', 'onPre', 1, 6, 2],
      ['projection', 's', expect.any(String), 'onPre', 2, 6, 4],
    ]);
  });

  it('is found beside text that cannot be read', () => {
    const network = pair('dv/dt = -v/tau : volt\ndw/dt = ) : 1\nx = tau_y : second', 'v += 1*mV');
    const names = faultsOf(network).map(([, name, code]) => `${name} ${code}`);
    expect(names).toContain('a unknown-name');
    expect(names).toHaveLength(2);
  });

  it('of two populations that cannot be read is told of both', () => {
    const network = pair('dv/dt = -v/ : volt', 'v += 1*mV');
    const [a, b] = network.populations;
    const both = { ...network, populations: [a as never, { ...b, reset: 'v 0' } as never] };
    expect(faultsOf(both).map(([kind, name, , block]) => [kind, name, block])).toEqual([
      ['population', 'a', 'eqs'],
      ['population', 'b', 'reset'],
    ]);
  });

  it('beside texts is told with its owner or as what is wrong with the network', () => {
    const network = pair('dv/dt = -v/tau : volt', 'v += 1*mV');
    const [a, b] = network.populations;
    const withMethod = {
      ...network,
      populations: [{ ...a, method: 'nonsense' } as never, b as never],
    };
    const [owner] = checkNetwork(withMethod).owners;
    expect(owner?.problems.map(({ block }) => block)).toEqual(['method']);
    const { owners, others, dtMs } = checkNetwork({ ...network, dt: '5 mV' });
    expect(others).toHaveLength(1);
    expect(owners.every(({ problems, method }) => problems.length === 0 && method === null)).toBe(
      true,
    );
    expect(dtMs).toBe(0);
    expect(checkNetwork({ nonsense: 1 } as never).others).toHaveLength(1);
  });

  it('is what compiling refuses', () => {
    for (const network of [
      pair('dv/dt = -v/tau_x : volt', 'v += 1*mV'),
      pair('dv/dt = -v/tau : volt', 'v = 1'),
      { ...pair('dv/dt = -v/tau : volt', 'v += 1*mV'), dt: '0 ms' },
    ]) {
      const { owners, others } = checkNetwork(network);
      expect(owners.some(({ message }) => message !== '') || others.length > 0).toBe(true);
      expect(() => compileNetwork(network)).toThrow();
    }
  });
});

describe('what is right', () => {
  test('integrators are those of the compiled network, for every example', () => {
    for (const example of Object.values(examples).filter(({ needsData }) => !needsData)) {
      const network = example.build({}, { seed: 1 });
      const { owners, others } = checkNetwork(network);
      expect([example.name, others, owners.filter(({ message }) => message !== '')]).toEqual([
        example.name,
        [],
        [],
      ]);
      if (network.populations.reduce((sum, { size }) => sum + size, 0) > 5000) continue;
      const compiled = compileNetwork(network);
      for (const { name, method } of compiled.populations) {
        const owner = owners.find((one) => one.kind === 'population' && one.name === name);
        const isIntegrated = method !== null && method.method !== 'none';
        expect(owner?.method?.method).toBe(isIntegrated ? method.method : undefined);
        expect(owner?.variables).toEqual(compiled.variablesOf(name));
      }
    }
  });

  test('the fastest time constant is that of the equations', () => {
    const { owners } = checkNetwork(
      pair('dv/dt = -v/tau : volt\ndw/dt = (1 - w)/(2*ms) : 1', 'v += 1*mV'),
    );
    expect(owners[0]?.fastest).toEqual({ variable: 'w', ms: 2 });
    expect(owners[1]?.fastest?.ms).toBeCloseTo(20, 9);
  });

  test('a nonlinear one is taken at first values', () => {
    // x' = -x² + 1/ms at x0 = 4: slope -2 x0 /ms, time constant 1/8 ms.
    const network = document((net) => {
      net.population('p', 3, { eqs: 'dx/dt = (1 - x**2)/ms : 1', initial: { x: '4' } });
    });
    expect(checkNetwork(network).owners[0]?.fastest?.ms).toBeCloseTo(0.125, 9);
  });

  test('growth has none', () => {
    const network = document((net) => {
      net.population('p', 3, { eqs: 'dx/dt = x/(3*ms) : 1' });
    });
    expect(checkNetwork(network).owners[0]?.fastest).toBeNull();
  });
});
