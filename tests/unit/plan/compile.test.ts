/** Documents become the plans that they should: merged kernels, layout, windows, schedules, inputs, recordings. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { Network, type PopulationOptions } from '../../../src/network/network.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { memoryReport } from '../../../src/plan/memory.ts';
import type { DeliverKernel, ProjectionSlot } from '../../../src/plan/plan.ts';
import { storedRow } from '../../support/stored-rows.ts';

const LIF: PopulationOptions = {
  eqs: `dv/dt = (v_rest - v)/tau + i_syn/c : volt (unless refractory)
        di_syn/dt = -i_syn/tau_syn : amp`,
  threshold: 'v > v_thresh',
  reset: 'v = v_rest',
  refractory: '2 ms',
  method: 'exact',
  params: { tau: '10 ms', tau_syn: '0.5 ms', c: '250 pF', v_rest: '-65 mV', v_thresh: '-50 mV' },
};

function lif(params: Record<string, string> = {}): PopulationOptions {
  return { ...LIF, params: { ...LIF.params, ...params } };
}

/** Eight populations, 64 projections, drawn weights and delays, Poisson background: the microcircuit in small. */
function smallCircuit(): Network {
  const net = new Network({ params: { w_ext: '87.8 pA' } });
  const populations = Array.from({ length: 8 }, (_, k) =>
    net.population(`P${k}`, 10 + k, lif({ v_rest: `${-65 - k} mV` })),
  );
  for (const [s, source] of populations.entries()) {
    for (const [t, target] of populations.entries()) {
      const mean = s % 2 === 0 ? 87.8 : -351.2;
      net
        .projection(`${s} to ${t}`, source, target, {
          eqs: 'w : amp (constant)',
          onPre: 'i_syn += w',
          initial: { w: { normal: { mean: `${mean} pA`, sd: '8 pA' } } },
          delay: { normal: { mean: '1.5 ms', sd: '0.75 ms', min: '0.1 ms' } },
        })
        .connect({ rule: 'fixed-total-number', n: s === 0 && t === 7 ? 1 : 40 });
    }
  }
  for (const [k, population] of populations.entries()) {
    net.poissonInput(`bg ${k}`, population, {
      variable: 'i_syn',
      n: 1000 + 100 * k,
      rate: '8 Hz',
      weight: k === 0 ? '87.8 pA' : `${80 + k} pA`,
    });
    net.record.spikes(population);
  }
  return net;
}

const bare = (name: string, size: number, net: Network) => net.population(name, size, lif());

describe('merging', () => {
  it('eight populations and 64 projections of equal code are one update and one delivery', () => {
    const { plan } = compileNetwork(smallCircuit().document);
    expect(plan.update).toHaveLength(1);
    expect(plan.deliver).toHaveLength(1);
    expect(plan.deliver[0]).toMatchObject({ mode: 'scatter', packing: 'target16+delay8' });
    expect(plan.deliver[0]?.projections).toHaveLength(64);
    expect(plan.schedule).toEqual([
      { kind: 'update', kernel: 0 },
      { kind: 'deliver', kernel: 0 },
    ]);
    expect(plan.synapseCount).toBe(63 * 40 + 1);
    expect(plan.neuronCount).toBe(108);
    expect(plan.warnings).toEqual(['Network: parameter w_ext is never used']);
  });

  it('members differ in constants, tables and streams', () => {
    const { plan } = compileNetwork(smallCircuit().document);
    const members = plan.update[0]?.members ?? [];
    expect(members.map(({ globalFirst }) => globalFirst)).toEqual([0, 10, 21, 33, 46, 60, 75, 91]);
    expect(members.map(({ tables }) => tables)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(members.map(({ stream }) => stream)).size).toBe(8);
    const block = (members[1]?.constants ?? 0) - (members[0]?.constants ?? 0);
    // v_reset - rest value is 0 in all of them.
    expect(plan.constants[block]).toBeCloseTo(plan.constants[0] as number, 10);
    expect(members.map(({ constants }) => constants)).toEqual(members.map((_, k) => k * block));
  });

  it('names of variables do not matter to synapses, and parameters may differ in name', () => {
    const net = new Network({ params: { w_e: '1 mV', w_i: '-2 mV' } });
    const eqs = 'dv/dt = (g_e + g_i - v)/(10*ms) : volt\ng_e : volt\ng_i : volt';
    const P = net.population('P', 10, { eqs, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
    net.projection('e', P, P, { onPre: 'g_e += w_e' }).connect({ rule: 'all-to-all' });
    net.projection('i', P, P, { onPre: 'g_i += w_i' }).connect({ rule: 'all-to-all' });
    const { deliver } = compileNetwork(net.document).plan;
    expect(deliver).toHaveLength(1);
    expect(deliver[0]?.projections.map(({ inputs }) => inputs[0]?.cell)).toEqual([0, 10]);
  });

  it('different code stays apart, and pathways of one projection keep their order', () => {
    const net = new Network();
    const P = net.population('P', 4, { eqs: 'v : 1', threshold: 'v > 1', reset: 'v = 0' });
    const double = { a: 'w += 1', b: 'w *= 2' };
    const swapped = { a: 'w *= 2', b: 'w += 1' };
    for (const [name, onPre] of Object.entries({ double, swapped })) {
      net.projection(name, P, P, { eqs: 'w : 1', onPre }).connect({ rule: 'all-to-all' });
    }
    const { deliver } = compileNetwork(net.document).plan;
    const order = deliver.map(({ projections }) => projections.map(({ name }) => name));
    expect(order).toEqual([['double'], ['double', 'swapped'], ['swapped']]);
  });
});

describe('layout', () => {
  it('slices: rows, targets and cells are relative to the slice', () => {
    const net = new Network();
    bare('A', 5, net);
    const B = bare('B', 10, net);
    net
      .projection('p', B.slice(2, 4), B.slice(6, 10), { onPre: 'i_syn += 1*pA' })
      .connect({ rule: 'list', pre: [1, 0, 1], post: [3, 0, 2] });
    const { plan } = compileNetwork(net.document);
    const slot = plan.deliver[0]?.projections[0] as ProjectionSlot;
    expect(slot).toMatchObject({
      sourceFirst: 7,
      sourceCount: 2,
      targetFirst: 11,
      targetCount: 4,
      delaySteps: 0,
      delayRange: [0, 0],
    });
    expect([...plan.rows]).toEqual([0, 1, 3]);
    // Three half words.
    expect([...plan.synapses]).toEqual([0 | (3 << 16), 2]);
    // A and B share a kernel: neuron 6 of B is local neuron 11.
    expect(slot.inputs[0]?.cell).toBe(11);
    expect(plan.inputCells).toBe(15);
  });

  it('state: absolute first values less the rest value, variable by variable', () => {
    const net = new Network();
    const P = net.population('P', 3, { ...lif(), initial: { i_syn: '2 pA' } });
    P.set({ v: 'v_rest + i*mV' });
    const compiled = compileNetwork(net.document);
    const { first, count, offset, type } = compiled.cellOf('P', 'v');
    expect({ count, offset, type }).toEqual({ count: 3, offset: -65, type: 'f32' });
    expect([...compiled.plan.state.subarray(first, first + 3)]).toEqual([0, 1, 2]);
    const current = compiled.cellOf('P', 'i_syn');
    expect(compiled.plan.state[current.first]).toBe(2);
    expect(compiled.cellOf('P', 'lastspike')).toMatchObject({ type: 'i32', factor: 0.1 });
  });

  it('variables that synapses read are stored as they are', () => {
    const net = new Network();
    const P = bare('P', 3, net);
    net
      .projection('p', P, P, { eqs: 'x : volt', onPre: 'x = v_post' })
      .connect({ rule: 'all-to-all' });
    expect(compileNetwork(net.document).cellOf('P', 'v').offset).toBe(0);
  });

  it('initial expressions read variables set before, and draw numbers of their own', () => {
    const net = new Network({ seed: 3 });
    net.population('P', 100, {
      eqs: 'a : 1\nb : 1\nc = 2*a : 1\nd : 1',
      initial: { a: 'rand()', b: 'rand()', d: 'c + 1' },
    });
    const { plan } = compileNetwork(net.document);
    const [a, b, d] = [0, 1, 2].map((v) => plan.state.subarray(v * 100, v * 100 + 100));
    expect(a).not.toEqual(b);
    expect(d).toEqual(a?.map((value) => 2 * value + 1));
    for (const value of a ?? []) expect(value >= 0 && value < 1).toBe(true);
  });

  it('weights may depend on both ends, and listed values follow the list', () => {
    const net = new Network();
    const eqs = 'x : 1\nv : 1';
    const P = net.population('P', 3, { eqs, initial: { x: { values: [1, 2, 4], unit: '1' } } });
    net
      .projection('p', P, P, {
        eqs: 'w : 1\nu : 1',
        onPre: 'v += w',
        initial: { w: 'x_pre*10 + x_post + i + j', u: { values: [7, 8, 9], unit: '1' } },
      })
      .connect({ rule: 'list', pre: [2, 0, 1], post: [0, 1, 2] });
    const compiled = compileNetwork(net.document);
    const read = (name: string): number[] => {
      const { first, count } = compiled.synapseCellOf('p', name);
      return [...compiled.plan.synapseState.subarray(first, first + count)];
    };
    expect(read('w')).toEqual([13, 27, 43]);
    expect(read('u')).toEqual([8, 9, 7]);
    expect(compiled.synapseCellOf('p', 'u').order).toEqual(Uint32Array.of(1, 2, 0));
  });

  it('degrees become synapse variables', () => {
    const net = new Network();
    const P = net.population('P', 3, { eqs: 'v : 1' });
    net
      .projection('p', P, P, { onPre: 'v += 1.0/N_incoming + 10*N_outgoing' })
      .connect({ rule: 'list', pre: [0, 0, 1], post: [2, 1, 2] });
    const { plan } = compileNetwork(net.document);
    expect(plan.deliver[0]?.synapseVariables.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'N_incoming i32',
      'N_outgoing i32',
    ]);
    expect([...plan.synapseState]).toEqual([2, 1, 2, 2, 2, 1]);
    expect(JSON.stringify(plan.deliver[0]?.body)).not.toContain('degree');
    expect(plan.deliver[0]?.mode).toBe('scatter');
  });
});

describe('windows and schedules', () => {
  const withDelay = (delay: string, onPre = 'i_syn += 1*pA') => {
    const net = new Network();
    const P = bare('P', 4, net);
    net.projection('p', P, P, { onPre, delay }).connect({ rule: 'all-to-all' });
    return compileNetwork(net.document).plan;
  };

  it('a window is one step longer than the smallest delay, and ends at 64', () => {
    expect(withDelay('0 ms')).toMatchObject({ windowSteps: 1, ringSlots: 1, spikeSlots: 1 });
    expect(withDelay('0.1 ms')).toMatchObject({ windowSteps: 2, ringSlots: 3, spikeSlots: 2 });
    expect(withDelay('1.8 ms')).toMatchObject({ windowSteps: 19, ringSlots: 37 });
    expect(withDelay('50 ms')).toMatchObject({ windowSteps: 64, ringSlots: 564 });
  });

  it('plastic synapses run at arrival, from the ring of spikes', () => {
    const net = new Network();
    const P = bare('P', 4, net);
    net
      .projection('stdp', P, P, {
        eqs: 'w : amp\ndapre/dt = -apre/(20*ms) : 1 (event-driven)',
        onPre: 'apre += 1\ni_syn += w',
        onPost: 'w = clip(w + apre*pA, 0*pA, 10*pA)',
        delay: { values: Array.from({ length: 16 }, (_, k) => (k * 7) % 5), unit: 'ms' },
      })
      .connect({ rule: 'list', pre: list(16, (k) => k >> 2), post: list(16, (k) => k & 3) });
    const { plan } = compileNetwork(net.document);
    expect(plan.windowSteps).toBe(1);
    expect(plan.spikeSlots).toBe(41);
    expect(plan.deliver.map(({ mode, trigger }) => `${mode} ${trigger}`)).toEqual([
      'arrival pre',
      'arrival post',
    ]);
    const [kernel] = plan.deliver as [DeliverKernel];
    const [slot] = kernel.projections as [ProjectionSlot];
    // Delays of 7k mod 5 ms for k = 4*row … 4*row + 3.
    const rows = Array.from({ length: 4 }, (_, row) => storedRow(plan, kernel, slot, row));
    expect(rows.map(({ delays }) => delays)).toEqual([
      [0, 10, 20, 40],
      [0, 20, 30, 40],
      [0, 10, 20, 30],
      [0, 10, 30, 40],
    ]);
  });

  it('sums over synapses come between resets and integration', () => {
    const net = new Network();
    const P = net.population('P', 3, { eqs: 'dv/dt = i_gap/(10*ms) : 1\ni_gap : 1' });
    net
      .projection('gap', P, P, { eqs: 'i_gap_post = v_pre - v_post : 1 (summed)' })
      .connect({ rule: 'all-to-all', autapses: false });
    const { plan } = compileNetwork(net.document);
    expect(plan.schedule.map(({ kind }) => kind)).toEqual(['finish', 'summed', 'update']);
    expect(plan.windowSteps).toBe(1);
    const sum = plan.summed[0];
    expect(sum?.resultCell).toBe(2 * 3);
    expect(plan.update[0]?.variables[2]?.name).toBe('i_gap_post');
    expect(plan.rows).toEqual(Uint32Array.of(0, 2, 4, 6));
    expect([...plan.synapses]).toEqual([1, 2, 2, 4, 0, 0, 2, 5, 0, 1, 1, 3]);
  });

  it('spike lists are generators, sorted by step, then neuron', () => {
    const net = new Network();
    const S = net.spikeList('S', 3, { indices: [2, 1, 0], timesMs: [1.0, 0.3, 1.0] });
    const P = bare('P', 3, net);
    net.projection('p', S, P, { onPre: 'i_syn += 1*pA' }).connect({ rule: 'one-to-one' });
    net.record.spikes(S);
    const { plan } = compileNetwork(net.document);
    expect(plan.generators).toEqual([
      {
        population: 0,
        globalFirst: 0,
        count: 3,
        recordSpikes: true,
        steps: Uint32Array.of(3, 10, 10),
        indices: Uint32Array.of(1, 0, 2),
      },
    ]);
    expect(plan.schedule.map(({ kind }) => kind)).toEqual(['update', 'generate', 'deliver']);
    expect(plan.populations[0]?.kernel).toBe(-1);
  });
});

describe('inputs, arrays and recordings', () => {
  it('Poisson inputs of slices carry their range', () => {
    const net = new Network();
    const P = bare('P', 10, net);
    const options = { variable: 'i_syn', n: 100, rate: '10 Hz', weight: '5 pA' };
    net.poissonInput('all', P, options);
    net.poissonInput('some', P.slice(3, 7), options);
    const { plan } = compileNetwork(net.document);
    const late = JSON.stringify(plan.update[0]?.late);
    expect(late).toContain('"value":3');
    expect(late).toContain('"value":7');
    expect(plan.tables).toHaveLength(2);
    for (const table of plan.tables) {
      if (table.kind !== 'binomial') throw new Error('not a binomial table');
      const mean = table.thresholds.reduce((sum, word) => sum + 1 - word / 2 ** 32, 0);
      expect(mean).toBeCloseTo(100 * 0.01 * 0.1, 7);
    }
  });

  it('timed arrays come first among the tables', () => {
    const net = new Network();
    net.timedArray('stim', { dt: '0.5 ms', unit: 'nA', columns: 2, values: [1, 2, 3, 4] });
    net.population('P', 2, { eqs: 'dv/dt = stim(t, i)/pF : volt' });
    const { plan } = compileNetwork(net.document);
    expect(plan.tables).toEqual([
      {
        kind: 'timed',
        stepsPerRow: 5,
        rows: 2,
        columns: 2,
        values: Float64Array.of(1000, 2000, 3000, 4000),
      },
    ]);
  });

  it('state recordings share one sampler and know their rows', () => {
    const net = new Network();
    const A = bare('A', 4, net);
    const B = bare('B', 4, net);
    net.record.state(A, ['v'], { neurons: [3], every: '1 ms', name: 'a' });
    net.record.state(B.slice(1, 3), ['i_syn', 'v'], { every: '1.5 ms', name: 'b' });
    const { plan, recordings } = compileNetwork(net.document);
    const sampler = plan.update[0]?.sampler;
    expect(sampler).toMatchObject({ every: 5, rows: 3 });
    expect([...(sampler?.rowOf ?? [])]).toEqual([-1, -1, -1, 0, -1, 1, 2, -1]);
    expect(recordings.map(({ trace }) => trace)).toEqual([
      { kernel: 0, variables: ['v'], valueOf: [0], rowOf: [0], neurons: [3], every: 10 },
      {
        kernel: 0,
        variables: ['i_syn', 'v'],
        valueOf: [1, 0],
        rowOf: [1, 2],
        neurons: [0, 1],
        every: 15,
      },
    ]);
  });

  it('memory is listed by buffer', () => {
    const { plan } = compileNetwork(smallCircuit().document);
    const bytes = Object.fromEntries(plan.memory.map((one) => [one.name, one.bytes]));
    // 63 projections of 40 synapses in 20 words for targets and 10 for delays, one of a single synapse.
    expect(bytes.synapses).toBe(4 * (63 * 30 + 2));
    expect(bytes['synapse state']).toBe(4 * 2521);
    expect(bytes.inputs).toBe(4 * 108 * plan.ringSlots);
    expect(memoryReport(plan).split('\n').at(-1)).toMatch(/^total +\d/);
  });
});

describe('errors', () => {
  const messageOf = (build: (net: Network) => void): string => {
    const net = new Network();
    build(net);
    try {
      compileNetwork(net.document);
    } catch (error) {
      if (error instanceof NetworkError) return error.message;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  it.each<[string, (net: Network) => void, string]>([
    [
      'an initial value of a variable that does not exist',
      (net) => net.population('P', 1, { ...lif(), initial: { i_sin: '1 pA' } }),
      'population "P" has no variable "i_sin". Did you mean "i_syn"? Variables: i_syn, v.',
    ],
    [
      'an initial value in the wrong unit',
      (net) => net.population('P', 1, { ...lif(), initial: { v: '1 pA' } }),
      'initial value of "v" must be a voltage',
    ],
    [
      'a delay that is no time',
      (net) => {
        const P = bare('P', 2, net);
        net
          .projection('p', P, P, { onPre: 'i_syn += 1*pA', delay: '1.5 mV' })
          .connect({ rule: 'all-to-all' });
      },
      'Projection "p": delay must be a time',
    ],
    [
      'a delay of a pathway that does not exist',
      (net) => {
        const P = bare('P', 2, net);
        net
          .projection('p', P, P, {
            onPre: 'i_syn += 1*pA',
            delay: { byPathway: { prt: '1 ms' } },
          })
          .connect({ rule: 'all-to-all' });
      },
      'there is no pathway "prt". Did you mean "pre"? Pathways: pre.',
    ],
    [
      'a Poisson weight that differs between neurons',
      (net) =>
        net.poissonInput('bg', bare('P', 2, net), {
          variable: 'i_syn',
          n: 1,
          rate: '1 Hz',
          weight: 'i*pA',
        }),
      'weight must be the same for all neurons',
    ],
    [
      'a recording of an unknown variable',
      (net) => net.record.state(bare('P', 2, net), ['vm'], { name: 'trace' }),
      'Recording "trace": population "P" has no variable "vm". Did you mean "v"?',
    ],
    [
      'values of the wrong number',
      (net) => {
        const P = bare('P', 20, net);
        net
          .projection('p', P, P, {
            eqs: 'w : amp',
            onPre: 'i_syn += w',
            initial: { w: { values: [1], unit: 'pA' } },
          })
          .connect({ rule: 'fixed-probability', p: 0.5 });
      },
      '1 values were given for',
    ],
    [
      'a constant that is not finite',
      (net) => net.population('P', 1, lif({ c: '0 pF' })),
      'with these parameters. Check for divisions by zero. Parameters that are 0: c.',
    ],
    [
      'two sums into one variable',
      (net) => {
        const P = net.population('P', 3, { eqs: 'v : 1\nx : 1' });
        for (const name of ['a', 'b']) {
          net
            .projection(name, P, P, { eqs: 'x_post = v_pre : 1 (summed)' })
            .connect({ rule: 'all-to-all' });
        }
      },
      '"x" of population "P" is summed by projection "a" already',
    ],
    [
      'a timed array that does not fit the time step',
      (net) => {
        net.timedArray('stim', { dt: '0.25 ms', unit: '1', values: [1] });
        net.population('P', 1, { eqs: 'v = stim(t) : 1' });
      },
      'Timed array "stim": dt must be a multiple of the time step (0.1 ms), got "0.25 ms".',
    ],
  ])('%s', (_, build, expected) => {
    expect(messageOf(build)).toContain(expected);
  });

  it('warns of unused parameters and of rates that are too high', () => {
    const net = new Network({ params: { forgotten: '1 mV' } });
    net.population('P', 1, lif({ c_m: '1 pF' }));
    net.poissonPopulation('fast', 1, { rate: '2 kHz' });
    const { warnings } = compileNetwork(net.document).plan;
    expect(warnings).toHaveLength(3);
    expect(warnings.join('\n')).toMatch(/Population "P": parameter c_m is never used/);
    expect(warnings.join('\n')).toMatch(/Network: parameter forgotten is never used/);
    expect(warnings.join('\n')).toMatch(/Population "fast": rate \* dt is 0.2: more than 0.1/);
  });
});

function list(length: number, value: (k: number) => number): number[] {
  return Array.from({ length }, (_, k) => value(k));
}
