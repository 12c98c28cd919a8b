/** The fluent API builds plain documents that round-trip; documents are validated with messages that help. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import type { NetworkDocument } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import { ms, mV } from '../../../src/network/quantities.ts';
import { validateDocument } from '../../../src/network/validate.ts';

function cuba(): Network {
  const net = new Network({ name: 'cuba', dt: '0.1 ms', seed: 7, params: { w_e: '1.62 mV' } });
  const P = net.population('neurons', 4000, {
    eqs: `dv/dt = (g - (v - E_L))/tau_m : volt (unless refractory)
          dg/dt = -g/tau_e : volt`,
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '5 ms',
    params: { tau_m: ms(20), tau_e: ms(5), E_L: mV(-49), V_t: '-50 mV', V_r: '-60 mV' },
  });
  P.set({ v: 'V_r + rand()*(V_t - V_r)' });
  const [E, I] = P.split(3200) as [typeof P, typeof P];
  net
    .projection('E', E, P, { onPre: 'g += w_e', synapses: 'procedural' })
    .connect({ rule: 'fixed-probability', p: 0.02 });
  net
    .projection('I', I, P, { onPre: 'g -= 9*mV', delay: '1.5 ms' })
    .connect({ rule: 'fixed-in-degree', k: 16 });
  net.poissonInput('bg', E, { variable: 'g', n: 10, rate: '5 Hz', weight: 'w_e' });
  net.timedArray('stim', { dt: '1 ms', unit: 'mV', values: new Float32Array([0, 1, 2]) });
  net.record.spikes(P);
  net.record.state(E, ['v', 'g'], { neurons: Uint32Array.of(0, 3), every: '1 ms' });
  net.record.rate(I);
  return net;
}

/** The message of the NetworkError that a call throws. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('Network', () => {
  it('builds a document that is JSON and round-trips exactly', () => {
    const { document } = cuba();
    const parsed = JSON.parse(JSON.stringify(document)) as unknown;
    expect(parsed).toEqual(document);
    expect(validateDocument(parsed)).toEqual(document);
    expect(Network.fromDocument(document).document).toEqual(document);
  });

  it('keeps typed arrays as they are, and writes them as lists', () => {
    const net = new Network();
    const P = net.population('P', 3, { eqs: 'v : 1\nu : 1' });
    P.set({ u: { values: Float32Array.of(0.5, 1, 2), unit: '1' } });
    const pre = Uint32Array.of(0, 1, 2, 2);
    net
      .projection('p', P, P, {
        onPre: 'v += 1',
        delay: { values: Uint8Array.of(1, 2, 3, 4), unit: 'ms' },
      })
      .connect({ rule: 'list', pre, post: Uint16Array.of(2, 1, 0, 0) });
    pre[0] = 99;
    const { document } = net;
    expect(document.projections[0]?.connect).toMatchObject({ pre: Uint32Array.of(0, 1, 2, 2) });
    expect(Network.fromDocument(document).document).toEqual(document);
    const parsed = JSON.parse(JSON.stringify(document)) as NetworkDocument;
    expect(parsed.projections[0]?.connect).toEqual({
      rule: 'list',
      pre: [0, 1, 2, 2],
      post: [2, 1, 0, 0],
    });
    expect(parsed.projections[0]?.delay).toEqual({ values: [1, 2, 3, 4], unit: 'ms' });
    expect(validateDocument(parsed)).toBe(parsed);
    expect(JSON.stringify(Network.fromDocument(document))).toBe(JSON.stringify(document));
  });

  it('all rules, distributions and positions round-trip', () => {
    const net = new Network();
    const positions = {
      grid: [3, 3],
      spacing: ['1 um', '2 um'],
      periodic: ['3 um', '6 um'],
    } as const;
    const P = net.population('P', 9, { eqs: 'v : volt', positions });
    const S = net.spikeList('S', 9, {
      indices: [],
      timesMs: [],
      positions: { box: ['1 mm', '1 mm'] },
    });
    const rules = [
      { rule: 'fixed-out-degree', k: 3, multapses: false },
      { rule: 'fixed-total-number', n: 5, multapses: true, autapses: false },
      { rule: 'pairwise', condition: 'i < j', p: 0.5 },
      { rule: 'small-world', k: 4, p: 0.1 },
    ] as const;
    const weights = [
      { normal: { mean: '1 mV', sd: '1 mV', max: '0 mV', outside: 'clip' } },
      { lognormal: { mean: '-1 mV', sd: '1 mV' } },
      { uniform: { min: '1 mV', max: '2 mV' } },
      { exponential: { mean: '1 mV', max: '5 mV', outside: 'redraw' } },
    ] as const;
    for (const [k, rule] of rules.entries()) {
      const initial = { w: weights[k] as (typeof weights)[number] };
      net
        .projection(`p${k}`, k === 0 ? S : P, P, { eqs: 'w : volt', onPre: 'v += w', initial })
        .connect(rule);
    }
    const parsed = JSON.parse(JSON.stringify(net)) as NetworkDocument;
    expect(parsed).toEqual(net.document);
    expect(Network.fromDocument(parsed).document).toEqual(net.document);
  });

  it('refuses rules that cannot be carried out', () => {
    const attempt = (rule: object, size = 10): string => {
      const net = new Network();
      const P = net.population('P', size, { eqs: 'v : 1' });
      return messageOf(() => net.projection('p', P, P, { onPre: 'v += 1' }).connect(rule as never));
    };
    expect(attempt({ rule: 'fixed-out-degree', k: 10, multapses: false, autapses: false })).toBe(
      'Projection "p": connect: k must be at most 9 without multapses, got 10. Allow multapses, or use a smaller k.',
    );
    expect(attempt({ rule: 'fixed-total-number', n: 101, multapses: false })).toContain(
      'n must be at most 100 without multapses, got 101.',
    );
    expect(attempt({ rule: 'fixed-out-degree', k: 1, autapses: false }, 1)).toContain(
      'The only target of some source is that neuron itself.',
    );
    expect(attempt({ rule: 'small-world', k: 3, p: 0.1 })).toContain('k must be even');
    expect(attempt({ rule: 'small-world', k: 2, p: 0.1 }, 3)).toContain('at least 4 neurons');
    expect(attempt({ rule: 'pairwise' })).toContain('given a condition, a probability p, or both');
    expect(attempt({ rule: 'pairwise', condition: 'i <' })).toContain('condition');
    expect(attempt({ rule: 'pairwise', p: 1.5 })).toContain('a probability from 0 to 1');
  });

  it('refers to slices by range and names recordings after them', () => {
    const { document } = cuba();
    expect(document.projections.map(({ source }) => source)).toEqual([
      { population: 'neurons', from: 0, to: 3200 },
      { population: 'neurons', from: 3200, to: 4000 },
    ]);
    expect(document.projections[0]?.target).toEqual({ population: 'neurons' });
    expect(document.recordings.map(({ name }) => name)).toEqual([
      'neurons spikes',
      'neurons[0:3200] state',
      'neurons[3200:4000] rate',
    ]);
    expect(document.timedArrays.stim?.values).toEqual([0, 1, 2]);
  });

  it('keeps its own copies', () => {
    const params = { tau: '10 ms' };
    const net = new Network();
    net.population('P', 1, { eqs: 'dv/dt = -v/tau : volt', params });
    params.tau = 'rubbish';
    expect(net.document.populations[0]).toMatchObject({ params: { tau: '10 ms' } });
  });

  it('makes Poisson populations of constant, varying and listed rates', () => {
    const net = new Network();
    net.poissonPopulation('a', 2, { rate: '15 Hz' });
    net.poissonPopulation('b', 2, { rate: '(10 + i)*Hz' });
    net.poissonPopulation('c', 2, { rate: { values: [1, 2], unit: 'Hz' } });
    const eqs = net.document.populations.map((one) => (one.kind === 'neurons' ? one.eqs : null));
    expect(eqs).toEqual(['', 'rate = (10 + i)*Hz : Hz', 'rate : Hz (constant)']);
  });

  it('says where, what and what to do', () => {
    const { document } = cuba();
    const broken = (change: (copy: Record<string, never>) => void): string => {
      const copy = JSON.parse(JSON.stringify(document)) as Record<string, never>;
      change(copy);
      return messageOf(() => validateDocument(copy));
    };
    expect(
      broken((copy: Record<string, unknown>) => {
        copy.recording = [];
      }),
    ).toBe(
      'The network document: unknown key "recording". Did you mean "recordings"? Known: format, ' +
        'version, name, dt, seed, params, timedArrays, populations, projections, inputs, recordings, fields, interventions.',
    );
    expect(
      broken((copy: { projections?: { source: { population: string } }[] }) => {
        if (copy.projections?.[0]) copy.projections[0].source.population = 'neuron';
      }),
    ).toBe(
      'Projection "E": source: population must be the name of a population, got "neuron". Did you ' +
        'mean "neurons"? Populations: neurons.',
    );
    expect(
      broken((copy: { projections?: { delay?: string }[] }) => {
        if (copy.projections?.[1]) copy.projections[1].delay = '1.5 *';
      }),
    ).toContain('delay');
    expect(
      broken((copy: { projections?: { synapses?: string }[] }) => {
        if (copy.projections?.[1]) copy.projections[1].synapses = 'procedurel';
      }),
    ).toContain(
      'Projection "I": synapses must be "auto" or "stored" or "procedural", got "procedurel". Did you mean "procedural"?',
    );
  });

  it('shows the line and place of syntax errors', () => {
    const net = new Network();
    const message = messageOf(() => net.population('P', 1, { eqs: 'dv/dt = -v/tau' }));
    expect(message).toContain('In population "P":');
    expect(message).toContain('expected ": unit" here');
  });

  it('refuses two spikes of a neuron in one step', () => {
    const net = new Network();
    const list = { indices: [1, 0, 1], timesMs: [1.02, 1, 1.05] };
    expect(messageOf(() => net.spikeList('S', 2, list))).toBe(
      'Population "S": neuron 1 has more than one spike in the time step at 1 ms (dt = 0.1 ms). ' +
        'Remove the double spike or choose a smaller dt.',
    );
  });

  it('refuses populations of another network and taken names', () => {
    const a = new Network();
    const b = new Network();
    const P = a.population('P', 1, { eqs: '' });
    expect(messageOf(() => b.record.spikes(P))).toContain('belongs to another network');
    expect(messageOf(() => a.population('P', 1, { eqs: '' }))).toContain('is taken');
  });

  it('refuses a projection that was never connected, or twice', () => {
    const net = new Network();
    const P = net.population('P', 2, { eqs: 'v : 1' });
    const projection = net.projection('p', P, P, { onPre: 'v += 1' });
    expect(messageOf(() => net.document)).toContain('must be connected');
    projection.connect({ rule: 'one-to-one' });
    expect(messageOf(() => projection.connect({ rule: 'one-to-one' }))).toContain('called before');
  });

  it('knows the words of other simulators', () => {
    const net = new Network();
    const eqs = 'v : 1';
    const population = (options: object) =>
      messageOf(() => net.population('Q', 1, options as never));
    expect(population({ equations: eqs })).toContain('"equations". Did you mean "eqs"?');
    expect(population({ model: 'v : 1' })).toContain('equations belong into "eqs"');
    expect(population({ eqs, namespace: {} })).toContain('Did you mean "params"?');
    expect(population({ name: 'lif', with: () => ({}) })).toContain('Call .with() on it');
    const P = net.population('P', 2, { eqs });
    const projection = (options: object) =>
      messageOf(() => net.projection('q', P, P, options as never));
    expect(projection({ on_pre: 'v += 1' })).toContain('Did you mean "onPre"?');
    expect(projection({ model: 'w : 1' })).toContain('equations belong into "eqs"');
    expect(projection({ delay: { pre: '1 ms' } })).toContain('{ byPathway: { pre: "1 ms" } }');
    const unconnected = net.projection('p', P, P, { onPre: 'v += 1' });
    expect(messageOf(() => unconnected.connect({ p: 0.1 } as never))).toContain(
      '"rule" is missing. Did you mean { rule: "fixed-probability", p }?',
    );
    expect(messageOf(() => unconnected.connect({ i: [0], j: [1] } as never))).toContain(
      '{ rule: "list", pre, post }',
    );
  });

  it('refuses properties that would set nothing', () => {
    const net = new Network();
    const P = net.population('P', 1, { eqs: 'v : 1' });
    expect(() => Object.assign(P, { v: 3 })).toThrow(TypeError);
    expect(() => Object.assign(net, { dt: '1 ms' })).toThrow(TypeError);
  });

  it('survives hostile documents', () => {
    const cyclic: Record<string, unknown> = { format: 'wetware', version: 1 };
    cyclic.params = cyclic;
    expect(messageOf(() => validateDocument(cyclic))).toContain('missing');
    const polluted = JSON.parse('{"__proto__": {"x": 1}, "format": "wetware", "version": 1}');
    expect(() => validateDocument(polluted)).toThrow(NetworkError);
    const document = JSON.parse(JSON.stringify(cuba())) as NetworkDocument & {
      populations: { size: number }[];
    };
    (document.populations[0] as { size: number }).size = 1e12;
    expect(messageOf(() => validateDocument(document))).toContain('size');
  });
});
