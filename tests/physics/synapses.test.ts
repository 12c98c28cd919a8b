/** Plastic synapses: Tsodyks–Markram against NEST's table and closed-form trains, the STDP window against its formula. */
import { describe, expect, it } from 'vitest';
import { models, Network } from '../../src/index.ts';
import { engines, samples, simulate } from '../support/engines.ts';
import { biologyCases, describeReference, reference } from '../support/reference.ts';

const shortest = (ms: number): string => `${Math.max(ms, 0.001)} ms`;

describeReference('Tsodyks synapse of NEST, depressing', () => {
  it.each(engines)('$name: 47 samples', async (engine) => {
    const file = reference<{
      t_sim_ms: number;
      neuron: Record<string, number>;
      synapse: Record<string, number>;
      presynaptic_spike_times_ms: readonly number[];
      table: readonly (readonly [number, number])[];
    }>('tsodyks_depressing.json');
    const { neuron, synapse } = file;
    const net = new Network({ dt: '0.1 ms' });
    const cell = net.population(
      'cell',
      1,
      models.lifCurrExp.with({
        c_m: `${neuron.C_m_pF} pF`,
        tau_m: `${neuron.tau_m_ms} ms`,
        v_rest: `${neuron.E_L_mV} mV`,
        v_reset: `${neuron.V_reset_mV} mV`,
        v_thresh: `${neuron.V_th_mV} mV`,
        tau_syn_exc: `${neuron.tau_syn_ms} ms`,
      }),
    );
    // NEST's spike at t is ours in step t/dt - 1; a relay adds 1 ms before the synapse's own delay.
    const times = file.presynaptic_spike_times_ms.map((time) => time - 0.1);
    const input = net.spikeList('input', 1, { indices: times.map(() => 0), timesMs: times });
    net
      .projection('synapse', input, cell, {
        ...models.tsodyks.with(
          {
            u_0: synapse.U ?? 0,
            tau_psc: `${synapse.tau_psc_ms} ms`,
            tau_rec: `${synapse.tau_rec_ms} ms`,
            tau_fac: shortest(synapse.tau_fac_ms ?? 0),
          },
          { g_exc: 'i_exc', siemens: 'amp' },
        ),
        initial: { weight: `${synapse.weight_pA}*pA`, x_syn: 1 },
        delay: `${1 + (synapse.synapse_delay_ms ?? 0)} ms`,
      })
      .connect({ rule: 'one-to-one' });
    net.record.state(cell, ['v'], { every: '25 ms' });
    await simulate(net, engine, file.t_sim_ms, (simulation) => {
      const v = samples(simulation, 'v');
      for (const [t, expected] of file.table) {
        const error = Math.abs((v[Math.round(t / 25)] as number) - expected);
        expect(error, `${t} ms`).toBeLessThan(engine.isDouble ? 1e-5 : 1e-4);
      }
    });
  });
});

describeReference('Tsodyks–Markram trains (T9)', () => {
  it.each(engines)('$name: ten spikes at 20 Hz and one after 500 ms', async (engine) => {
    const cases = biologyCases('T9').filter(({ parameters }) => parameters?.U !== undefined);
    expect(cases.length).toBeGreaterThanOrEqual(8);
    const timesMs = [...Array.from({ length: 10 }, (_, k) => 10 + 50 * k), 10 + 450 + 500];
    const net = new Network({ dt: '0.1 ms' });
    const input = net.spikeList('input', 1, { indices: timesMs.map(() => 0), timesMs });
    for (const [k, { parameters }] of cases.entries()) {
      const target = net.population(`target ${k}`, 1, { eqs: 'g_exc : siemens' });
      net
        .projection(`synapse ${k}`, input, target, {
          ...models.tsodyksMarkram.with({
            u_0: parameters?.U?.value ?? 0,
            tau_rec: `${parameters?.tau_rec?.value} ms`,
            tau_fac: shortest(parameters?.tau_fac?.value ?? 0),
          }),
          initial: { weight: '1*nS', x_syn: 1 },
        })
        .connect({ rule: 'one-to-one' });
      net.record.state(target, ['g_exc'], { name: `g ${k}` });
    }
    await simulate(net, engine, 1000, (simulation) => {
      for (const [k, { name, expected }] of cases.entries()) {
        const total = simulation.state(`g ${k}`).values.g_exc as Float64Array;
        const release = timesMs.map((time) => {
          const step = Math.round(time / 0.1);
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
});

describe('STDP pair window in closed form (T24b)', () => {
  it.each(engines)('$name', async (engine) => {
    const differences = [-60, -30, -12.5, -5, -1, -0.1, 0.1, 1, 5, 12.5, 30, 60];
    const net = new Network({ dt: '0.1 ms' });
    const before = net.spikeList('before', 1, { indices: [0], timesMs: [100] });
    // A kick in one step makes the neuron fire in the next.
    const kicks = net.spikeList('kicks', differences.length, {
      indices: differences.map((_, k) => k),
      timesMs: differences.map((difference) => 100 + difference - 0.1),
    });
    const after = net.population('after', differences.length, {
      eqs: 'v : volt\ng_exc : siemens',
      threshold: 'v > 1*mV',
      reset: 'v = 0*mV',
    });
    net.projection('kick', kicks, after, { onPre: 'v += 2*mV' }).connect({ rule: 'one-to-one' });
    net
      .projection('plastic', before, after, {
        ...models.stdpPair.with({ w_max: '1 nS', tau_plus: '15 ms', tau_minus: '25 ms' }),
        initial: { weight: '0.5*nS' },
      })
      .connect({ rule: 'all-to-all' });
    await simulate(net, engine, 200, async (simulation) => {
      const weights = await simulation.get('plastic', 'weight');
      for (const [k, difference] of differences.entries()) {
        const expected =
          difference > 0 ? 0.01 * Math.exp(-difference / 15) : -0.0105 * Math.exp(difference / 25);
        const change = (weights[k] as number) - 0.5;
        expect(Math.abs(change - expected), `${difference} ms`).toBeLessThan(
          engine.isDouble ? 1e-12 : 1e-6,
        );
      }
    });
  });
});
