/** Values that somebody gives: concentrations below zero and pools over capacity are refused before anything runs. */
import { describe, expect, it } from 'vitest';
import {
  compileNetwork,
  createSimulation,
  models,
  Network,
  NetworkError,
  type ValueSpec,
} from '../../../src/index.ts';

function terminals(
  model: keyof typeof models & ('acetylcholineSynthesis' | 'glutamateCycle' | 'dopamineSynthesis'),
  initial: Readonly<Record<string, ValueSpec>>,
  params: Readonly<Record<string, string>> = {},
): Network {
  const net = new Network();
  const options = models[model].with(params);
  net.population('terminals', 3, { ...options, initial: { ...options.initial, ...initial } });
  return net;
}

const compile = (net: Network) => compileNetwork(net.document);

describe('concentrations and pools', () => {
  it('of all models are within their limits by default', () => {
    for (const name of ['acetylcholineSynthesis', 'glutamateCycle', 'dopamineSynthesis'] as const) {
      expect(() => compile(terminals(name, {}))).not.toThrow();
    }
  });

  it.each<readonly [Parameters<typeof terminals>, string]>([
    [
      ['acetylcholineSynthesis', { choline_in: '-1*uM' }],
      'Population "terminals": the value of "choline_in" is negative (-0.001 mM, neuron 0); concentrations are at least 0.',
    ],
    [
      ['dopamineSynthesis', { vda: { values: [81, 80, -1], unit: 'uM' } }],
      'Population "terminals": the value of "vda" is negative (-0.001 mM, neuron 2); concentrations are at least 0.',
    ],
    [
      ['acetylcholineSynthesis', { ach_ves: '4*mM', total: '5*mM' }],
      'Population "terminals": the initial value of "ach_ves" is 4 mM, neuron 0, above its limit ach_max = 3 mM.',
    ],
    [
      ['acetylcholineSynthesis', {}, { ach_max: '2 mM' }],
      'Population "terminals": the initial value of "ach_ves" is 2.5 mM, neuron 0, above its limit ach_max = 2 mM.',
    ],
    [
      ['acetylcholineSynthesis', { total: '2*mM' }],
      'Population "terminals": the initial value of "ach_in" is -0.572 mM, neuron 0, below its limit 0 mM.',
    ],
    [
      ['glutamateCycle', { glu_ves: '10*mM + 1*uM*i', total: '30*mM' }],
      'Population "terminals": the initial value of "glu_ves" is 10.001 mM, neuron 1, above its limit glu_max = 10 mM.',
    ],
  ])('are refused outside: %j', (given, message) => {
    expect(() => compile(terminals(...given))).toThrow(NetworkError);
    expect(() => compile(terminals(...given))).toThrow(message);
  });

  it('are refused when they are set', async () => {
    using simulation = await createSimulation(terminals('acetylcholineSynthesis', {}), {
      engine: 'cpu',
    });
    await expect(simulation.set('terminals', 'ach_ves', '3.5*mM')).rejects.toThrow(
      'the value of "ach_ves" is 3.5 mM, neuron 0, above its limit ach_max = 3 mM',
    );
    await expect(simulation.set('terminals', 'ach_cleft', '-1*nM')).rejects.toThrow('is negative');
    await simulation.set('terminals', 'ach_ves', '3*mM');
    expect([...(await simulation.get('terminals', 'ach_ves', 'mM'))]).toEqual([3, 3, 3]);
  });
});

describe('limits in equations', () => {
  const population =
    (eqs: string, initial: Readonly<Record<string, ValueSpec>> = {}) =>
    () => {
      const net = new Network();
      net.population('P', 4, { eqs, params: { cap: '5 mV', n: 3 }, initial });
      compile(net);
    };

  it('read parameters, variables and functions, on both sides', () => {
    const eqs = `
      dv/dt = -v/(1*ms) : volt (at least -2*cap, unless refractory, at most clip(w, 0*mV, cap))
      w : volt (constant)
      k : integer (at most int(n))`;
    expect(population(eqs, { v: '4*mV', w: '4*mV', k: '3' })).not.toThrow();
    expect(population(eqs, { v: '4*mV', w: '3*mV + 1*mV*int(i < 2)' })).toThrow(
      'the initial value of "v" is 4 mV, neuron 2, above its limit clip(w, 0*mV, cap) = 3 mV',
    );
    expect(population(eqs, { v: '-11*mV', w: '0*mV' })).toThrow(
      '"v" is -11 mV, neuron 0, below its limit -2*cap = -10 mV',
    );
    expect(population(eqs, { k: '4' })).toThrow('"k" is 4, neuron 0, above its limit int(n) = 3');
  });

  it.each([
    ['v : volt (at most)', 'an expression is missing here'],
    ['v : volt (at most 3*nA)', /nA|amp|current/],
    ['v : volt (at most cap, at most 2*cap)', 'a limit is given twice'],
    ['v : volt (at most cap', 'this "(" is not closed'],
    ['v : volt (at mots cap)', 'unknown flag'],
    ['v : volt (at most rand()*mV)', 'a limit cannot be random'],
    ['v : volt (at most kap)', 'kap'],
  ])('%s is refused with its place', (eqs, message) => {
    expect(population(eqs)).toThrow(NetworkError);
    expect(population(eqs)).toThrow(message);
  });

  it('belong to populations and fields only', () => {
    const net = new Network();
    const P = net.population('P', 1, { eqs: 'v : volt' });
    net
      .projection('p', P, P, { eqs: 'w : volt (at most 1*mV)', onPre: 'v += w' })
      .connect({ rule: 'one-to-one' });
    expect(() => compile(net)).toThrow('Limits belong to variables of populations and fields');
  });

  it('change nothing that is computed', async () => {
    const run = async (flags: string) => {
      const net = new Network();
      net.population('P', 1, { eqs: `dv/dt = -v/(5*ms) : volt ${flags}`, initial: { v: '1*mV' } });
      using simulation = await createSimulation(net, { engine: 'cpu' });
      await simulation.run('3 ms');
      return (await simulation.get('P', 'v'))[0];
    };
    expect(await run('(at most 1*mV, at least 0*mV)')).toBe(await run(''));
  });
});
