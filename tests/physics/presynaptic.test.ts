/**
 * Short-term plasticity kept once per source neuron, (presynaptic), against the published trains and against the same
 * equations kept in every synapse, on every engine.
 */
import { expect, it } from 'vitest';
import { models, Network, type Population } from '../../src/index.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import { engines, simulate } from '../support/engines.ts';
import { biologyCases, describeReference } from '../support/reference.ts';

/** Facilitation that is over at once: shorter than a step, and no division by zero. */
const shortest = (ms: unknown): string => `${Math.max(Number(ms), 0.01)} ms`;

/** Neurons that fire one step after the given times. */
function relays(net: Network, timesMs: readonly number[]): Population {
  const input = net.spikeList('input', 1, { indices: timesMs.map(() => 0), timesMs: [...timesMs] });
  const relay = net.population('relay', 1, { eqs: 'v : 1', threshold: 'v > 1', reset: 'v = 0' });
  net.projection('kick', input, relay, { onPre: 'v += 2' }).connect({ rule: 'one-to-one' });
  return relay;
}

it('windows are no longer than a refractory period, and one step without one', () => {
  const windowOf = (refractory: string | undefined): number => {
    const net = new Network({ dt: '0.1 ms' });
    const source = net.population('source', 2, {
      eqs: 'dv/dt = (2 - v)/(10*ms) : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      ...(refractory === undefined ? {} : { refractory }),
    });
    const target = net.population('target', 2, { eqs: 'g : 1' });
    net
      .projection('synapse', source, target, {
        eqs: 'dx/dt = (1 - x)/(100*ms) : 1 (event-driven, presynaptic)',
        onPre: 'g += x; x -= 0.5*x',
        delay: '4 ms',
      })
      .connect({ rule: 'all-to-all' });
    return compileNetwork(net.document).plan.windowSteps;
  };
  expect(windowOf(undefined)).toBe(1);
  expect(windowOf('1.2 ms')).toBe(12);
  expect(windowOf('20 ms')).toBe(41);
});

it.each([
  ['w : siemens\nx : 1 (presynaptic)', 'x += w/nS; g += w*x', /the same for all synapses/],
  ['w : siemens\nx : 1 (presynaptic)', 'x += t/second; g += w*x', /the same for all synapses/],
])('%s with %s is refused', (eqs, onPre, message) => {
  const net = new Network({ dt: '0.1 ms' });
  const source = net.population('source', 2, { eqs: 'v : 1', threshold: 'v > 1', reset: 'v = 0' });
  const target = net.population('target', 2, { eqs: 'g : siemens' });
  net.projection('synapse', source, target, { eqs, onPre }).connect({ rule: 'all-to-all' });
  expect(() => compileNetwork(net.document)).toThrow(message);
});

describeReference('Tsodyks–Markram trains kept by the source (T9)', () => {
  it.each(engines)('$name: every set, with and without delay', async (engine) => {
    const cases = biologyCases('T9').filter(({ parameters }) => parameters?.U !== undefined);
    expect(cases.length).toBeGreaterThanOrEqual(8);
    const timesMs = [...Array.from({ length: 10 }, (_, k) => 10 + 50 * k), 10 + 450 + 500];
    const net = new Network({ dt: '0.1 ms' });
    const relay = relays(net, timesMs);
    for (const [k, { parameters }] of cases.entries()) {
      const target = net.population(`target ${k}`, 1, { eqs: 'g_exc : siemens' });
      const options = models.tsodyksMarkram.with({
        u_0: parameters?.U?.value ?? 0,
        tau_rec: `${parameters?.tau_rec?.value} ms`,
        tau_fac: shortest(parameters?.tau_fac?.value ?? 0),
      });
      net
        .projection(`synapse ${k}`, relay, target, {
          ...options,
          eqs: options.eqs?.replaceAll('(event-driven)', '(event-driven, presynaptic)') ?? '',
          delay: k % 2 === 0 ? '0 ms' : '2 ms',
          initial: { weight: '1*nS', x_syn: 1 },
        })
        .connect({ rule: 'one-to-one' });
      net.record.state(target, ['g_exc'], { name: `g ${k}` });
    }
    await simulate(net, engine, 1000, (simulation) => {
      for (const [k, { name, expected }] of cases.entries()) {
        const total = simulation.state(`g ${k}`).values.g_exc as Float64Array;
        const release = timesMs.map((time) => {
          const step = Math.round(time / 0.1) + 1 + (k % 2 === 0 ? 0 : 20);
          return (total[step + 1] as number) - (total[step] as number);
        });
        for (const { quantity, value } of expected) {
          if (quantity.startsWith('r of 10 spikes')) {
            for (const [n, r] of (value as readonly number[]).entries()) {
              expect(Math.abs((release[n] as number) - r), `${name}, ${n}`).toBeLessThan(1e-5);
            }
          }
          if (quantity.startsWith('r of a spike 500 ms')) {
            expect(Math.abs((release[10] as number) - (value as number))).toBeLessThan(1e-5);
          }
        }
      }
    });
  });

  it.each(engines)(
    '$name: the same as in every synapse, many neurons, mixed delays',
    async (engine) => {
      const conductances = async (flags: string): Promise<Float64Array> => {
        const net = new Network({ dt: '0.1 ms', seed: 5 });
        const source = net.population('source', 60, {
          ...models.lifCurrExp.with({ tau_refrac: '2 ms' }),
          initial: { v: '(-65 + 15*rand())*mV' },
        });
        net.poissonInput('drive', source, {
          variable: 'i_exc',
          n: 100,
          rate: '80 Hz',
          weight: '60*pA',
        });
        const target = net.population('target', 40, {
          eqs: 'dg_exc/dt = -g_exc/(5*ms) : siemens',
        });
        const options = models.tsodyksMarkram.with({
          u_0: 0.3,
          tau_rec: '200 ms',
          tau_fac: '100 ms',
        });
        net
          .projection('synapse', source, target, {
            ...options,
            eqs: options.eqs?.replaceAll('(event-driven)', `(event-driven${flags})`) ?? '',
            delay: { uniform: { min: '1 ms', max: '5 ms' } },
            initial: { weight: '(1 + rand())*nS', x_syn: 1 },
          })
          .connect({ rule: 'fixed-probability', p: 0.3 });
        net.record.spikes(source);
        return simulate(net, engine, 300, async (simulation) => {
          expect(simulation.spikes().steps.length).toBeGreaterThan(300);
          return simulation.get('target', 'g_exc');
        });
      };
      const own = await conductances('');
      const shared = await conductances(', presynaptic');
      const largest = Math.max(...own);
      expect(largest).toBeGreaterThan(0);
      // Amounts are rounded at 2^-k of the largest sum; the two ways choose k differently.
      for (const [n, g] of own.entries()) {
        expect(Math.abs(g - (shared[n] as number))).toBeLessThan(1e-5 * largest);
      }
    },
  );
});
