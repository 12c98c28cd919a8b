/**
 * Synapses that are not stored: which projections can be made from counters and why others cannot, and that what the
 * plan says of their rows gives exactly the synapses that the host makes.
 */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import type { ConnectRule, ValueSpec } from '../../../src/network/document.ts';
import { Network, type ProjectionOptions } from '../../../src/network/network.ts';
import { type CompileOptions, compileNetwork } from '../../../src/plan/compile.ts';
import type { DeliverKernel, Plan, ProjectionSlot } from '../../../src/plan/plan.ts';
import { type GeneratedRow, generatedRow } from '../../support/generated-rows.ts';
import { storedRow } from '../../support/stored-rows.ts';

const EQS = 'dv/dt = -v/(10*ms) : volt\ng : volt';

/** 50 neurons, and a projection from neurons 3 … 42 to neurons 10 … 49 of them. */
function network(connect: ConnectRule, options: ProjectionOptions = {}, seed = 5): Network {
  const net = new Network({ dt: '0.1 ms', seed });
  const P = net.population('P', 50, { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
  net
    .projection('p', P.slice(3, 43), P.slice(10, 50), {
      eqs: 'w : volt\nu : 1',
      onPre: 'v += w*u',
      ...options,
    })
    .connect(connect);
  return net;
}

const compiled = (net: Network, options: CompileOptions) =>
  compileNetwork(net.document, options).plan;

function only(plan: Plan): { readonly kernel: DeliverKernel; readonly slot: ProjectionSlot } {
  const [kernel] = plan.deliver;
  const [slot] = kernel?.projections ?? [];
  if (kernel === undefined || slot === undefined || plan.deliver.length > 1) {
    throw new Error('not one kernel of one projection');
  }
  return { kernel, slot };
}

/** A row of the only projection as the host has made it. */
function hostRow(plan: Plan, row: number): GeneratedRow {
  const { kernel, slot } = only(plan);
  return storedRow(plan, kernel, slot, row);
}

const RULES: readonly ConnectRule[] = [
  { rule: 'one-to-one' },
  { rule: 'all-to-all' },
  { rule: 'fixed-probability', p: 0.2 },
  { rule: 'fixed-probability', p: 0.01 },
  { rule: 'fixed-probability', p: 1 },
  { rule: 'fixed-out-degree', k: 13 },
  { rule: 'fixed-total-number', n: 777 },
];

const VALUES: readonly { readonly name: string; readonly w: ValueSpec; readonly u: ValueSpec }[] = [
  { name: 'constants', w: '0.3 mV', u: 2 },
  { name: 'one drawn', w: { normal: { mean: '1 mV', sd: '0.1 mV' } }, u: 0.1 },
  {
    name: 'both drawn',
    w: { normal: { mean: '1 mV', sd: '1 mV', min: '0 mV', outside: 'clip' } },
    u: { lognormal: { mean: 1, sd: 2, max: 30 } },
  },
];

const DELAYS: readonly (readonly [string, ValueSpec])[] = [
  ['no delay', '0 ms'],
  ['one delay', '1.5 ms'],
  ['drawn delays', { uniform: { min: '0.2 ms', max: '3 ms' } }],
  ['long drawn delays', { exponential: { mean: '20 ms' } }],
];

describe('rows as the plan describes them are those that the host makes', () => {
  for (const rule of RULES) {
    for (const autapses of [true, false]) {
      it(`${JSON.stringify(rule)}, autapses ${autapses}`, () => {
        for (const { w, u } of VALUES) {
          for (const [, delay] of DELAYS) {
            const net = network({ ...rule, autapses } as ConnectRule, { initial: { w, u }, delay });
            const host = compiled(net, { synapses: 'host' });
            const plan = compiled(net, { synapses: 'procedural' });
            const { kernel, slot } = only(plan);
            expect(kernel.packing).toBe('generated');
            expect(plan.synapseCount).toBe(host.synapseCount);
            expect(plan.synapseWords).toBe(0);
            expect(plan.synapseCells).toBe(0);
            let count = 0;
            let longest = 0;
            for (let row = 0; row < slot.sourceCount; row++) {
              const made = generatedRow(plan, slot, row);
              expect(made).toEqual(hostRow(host, row));
              count += made.targets.length;
              longest = Math.max(longest, made.targets.length);
              for (const delay of made.delays) {
                expect(delay).toBeGreaterThanOrEqual(slot.delayRange[0]);
                expect(delay).toBeLessThanOrEqual(slot.delayRange[1]);
              }
            }
            expect(count).toBe(plan.synapseCount);
            expect(slot.generate?.longest).toBe(longest);
          }
        }
      });
    }
  }

  it('gaps longer than their table', () => {
    const net = new Network({ seed: 3 });
    const P = net.population('P', 100_000, { eqs: 'v : 1' });
    net
      .projection('p', P.slice(0, 20), P, { eqs: 'w : 1\nu : 1', onPre: 'v += w*u' })
      .connect({ rule: 'fixed-probability', p: 1e-4, autapses: false });
    const host = compiled(net, { synapses: 'host' });
    const plan = compiled(net, { synapses: 'procedural' });
    const { slot } = only(plan);
    const gaps = Array.from({ length: 20 }, (_, row) => {
      const made = generatedRow(plan, slot, row);
      expect(made).toEqual(hostRow(host, row));
      return made.targets.map((post, k) => post - (made.targets[k - 1] ?? -1) - 1);
    });
    // A fifth of all gaps of mean 10^4 are longer than 2^14, of about 200.
    expect(gaps.flat().filter((gap) => gap >= 2 ** 14).length).toBeGreaterThan(10);
  });

  it('a plan is the same in every way but for where synapses are', () => {
    const net = network(
      { rule: 'fixed-probability', p: 0.2 },
      { initial: { w: { normal: { mean: '1 mV', sd: '0.1 mV' } }, u: 1 }, delay: '1 ms' },
    );
    const [host, procedural] = (['host', 'procedural'] as const).map((synapses) =>
      compiled(net, { synapses }),
    );
    expect(procedural?.update).toEqual(host?.update);
    expect(procedural?.rows).toEqual(host?.rows);
    expect(procedural?.windowSteps).toBe(host?.windowSteps);
    expect(procedural?.ringSlots).toBe(host?.ringSlots);
    expect(procedural?.deliver[0]?.body).toEqual(host?.deliver[0]?.body);
    expect(procedural?.deliver[0]?.projections[0]?.inputs).toEqual(
      host?.deliver[0]?.projections[0]?.inputs,
    );
  });
});

/** The message with which a procedural projection is refused. */
function refusal(connect: ConnectRule, options: ProjectionOptions = {}): string {
  try {
    compileNetwork(network(connect, { ...options, synapses: 'procedural' }).document);
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('what cannot be procedural', () => {
  const ALL: ConnectRule = { rule: 'all-to-all' };

  it('rules that cannot make a row alone', () => {
    const because = (text: string): string =>
      `Projection "p": synapses cannot be "procedural", because ${text}. Use "stored" or "auto", or`;
    const lists = { rule: 'list', pre: [0], post: [1] } as const;
    expect(refusal({ rule: 'fixed-in-degree', k: 3 })).toContain(
      because('fixed-in-degree draws the sources of each target, not the targets of a source'),
    );
    expect(refusal(lists)).toContain(because('its pairs are a list'));
    expect(refusal({ rule: 'pairwise', p: 0.1 })).toContain('for every pair');
    expect(refusal({ rule: 'small-world', k: 4, p: 0.1 })).toContain('depends on those before');
    expect(refusal({ rule: 'fixed-out-degree', k: 4, multapses: false })).toContain('multapses');
    expect(refusal({ rule: 'fixed-total-number', n: 40, multapses: false })).toContain('multapses');
  });

  it('code that changes, sums or numbers synapses', () => {
    const code = (options: ProjectionOptions): string => refusal(ALL, options);
    expect(code({ onPre: 'v += w\nw += 0.1*mV', eqs: 'w : volt' })).toContain('changes "w"');
    expect(code({ onPre: 'v += w*u', onPost: 'u += 1' })).toContain('changes "u"');
    expect(code({ onPre: 'v += w*u*g_post/mV' })).toContain('until a spike arrives');
    expect(code({ onPre: 'v += w*u*rand()' })).toContain('until a spike arrives');
    expect(code({ onPre: 'v += w*u/N_incoming' })).toContain('it stores "N_incoming"');
    expect(code({ onPre: 'v += 1*mV', eqs: 'g_post = v_pre - v_post : volt (summed)' })).toContain(
      'summed variable',
    );
    expect(code({ onPre: 'v += 1*mV', eqs: 'dx/dt = -x/ms : 1 (clock-driven)' })).toContain(
      'clock-driven equations',
    );
  });

  it('values and delays that are lists or expressions, or could be negative', () => {
    const values = (w: ValueSpec): string => refusal(ALL, { initial: { w } });
    expect(values('i*mV')).toContain('the first values of "w" are a list or an expression');
    expect(values('rand()*mV')).toContain('a list or an expression');
    expect(values('2*1.5*mV')).toBe('accepted');
    const delays = (delay: ValueSpec): string => refusal(ALL, { delay });
    expect(delays('(1 + i)*ms')).toContain('its delays are a list or an expression');
    expect(delays({ normal: { mean: '1 ms', sd: '0.5 ms' } })).toContain('drawn below 0');
    expect(delays({ normal: { mean: '1 ms', sd: '0.5 ms', min: '0 ms' } })).toBe('accepted');
  });

  it('amounts of which no bound is known', () => {
    const amount = (onPre: string): string =>
      refusal(ALL, { onPre, initial: { u: { uniform: { min: -1, max: 1 } } } });
    expect(amount('v += w/u')).toContain('in pathway "pre" cannot be told');
    expect(amount('v += w*exp(-u**2)')).toBe('accepted');
    expect(amount('v += w*u*(i + 2*j)')).toBe('accepted');
  });

  it('single synapses are neither read nor set', () => {
    const net = compileNetwork(network(ALL, { synapses: 'procedural' }).document);
    const message =
      'Projection "p" is procedural: its synapses are made again for every spike, so "w" of single synapses can be ' +
      'neither read nor set. Give the projection synapses: "stored", or change a parameter.';
    expect(() => net.synapseCellOf('p', 'w')).toThrow(message);
    expect(() => net.evaluate('p', 'w', '1 mV')).toThrow(message);
  });
});

describe('what is chosen', () => {
  const drawn = { initial: { w: { normal: { mean: '1 mV', sd: '0.1 mV' } }, u: 1 } } as const;

  /** Packings by projection, for projections of 400, 1600 and 900 synapses of 2 + 8 bytes and one that is a list. */
  function packings(options: CompileOptions): Record<string, string> {
    const net = new Network({ seed: 5 });
    const P = net.population('P', 40, { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
    for (const [name, end] of Object.entries({ small: 20, large: 40, middle: 30 })) {
      const slice = P.slice(0, end);
      net
        .projection(name, slice, slice, { eqs: 'w : volt\nu : 1', onPre: 'v += w*u', ...drawn })
        .connect({ rule: 'all-to-all' });
    }
    net
      .projection('list', P, P, { eqs: 'w : volt\nu : 1', onPre: 'v += w*u' })
      .connect({ rule: 'list', pre: [0, 1], post: [1, 0] });
    const plan = compiled(net, options);
    return Object.fromEntries(
      plan.deliver.flatMap(({ packing, projections }) =>
        projections.map(({ name }) => [name, packing === 'generated' ? 'procedural' : 'stored']),
      ),
    );
  }

  it('stored where all fits, else procedural from the largest on', () => {
    const bytes = { small: 400 * 10, large: 1600 * 10, middle: 900 * 10, list: 2 * 10 };
    const all = bytes.small + bytes.large + bytes.middle + bytes.list;
    const [small, large, middle, list] = Array.from({ length: 4 }, () => 'stored');
    expect(packings({})).toEqual({ small, large, middle, list });
    expect(packings({ synapseBytes: all })).toEqual({ small, large, middle, list });
    expect(packings({ synapseBytes: all - 1 })).toEqual({
      small,
      large: 'procedural',
      middle,
      list,
    });
    expect(packings({ synapseBytes: bytes.small })).toEqual({
      small: 'procedural',
      large: 'procedural',
      middle: 'procedural',
      list,
    });
    expect(packings({ synapseBytes: 0, synapses: 'stored' })).toEqual({
      small,
      large,
      middle,
      list,
    });
  });

  it('a wish for all is granted where it can be, and says where it is not', () => {
    const net = network({ rule: 'list', pre: [0], post: [1] });
    const P = net.population('Q', 4, { eqs: EQS });
    net.projection('q', P, P, { onPre: 'v += 1*mV' }).connect({ rule: 'all-to-all' });
    const plan = compiled(net, { synapses: 'procedural' });
    expect(plan.warnings).toContain(
      'Projection "p" is not procedural but stored, because its pairs are a list.',
    );
    expect(plan.deliver.map(({ packing }) => packing === 'generated')).toEqual([false, true]);
  });

  it('what a projection wishes counts unless the whole network is told otherwise', () => {
    const net = network({ rule: 'all-to-all' }, { synapses: 'procedural' });
    const packing = (options: CompileOptions): boolean =>
      only(compiled(net, options)).kernel.packing === 'generated';
    expect(packing({})).toBe(true);
    expect(packing({ synapses: 'stored' })).toBe(false);
    const stored = network({ rule: 'all-to-all' }, { synapses: 'stored' });
    expect(only(compiled(stored, { synapseBytes: 0 })).kernel.packing).not.toBe('generated');
  });

  it('in 64 bits all is stored', () => {
    const net = network({ rule: 'all-to-all' }, { synapses: 'procedural' });
    const plan = compiled(net, { precision: 'f64' });
    expect(only(plan).kernel.packing).not.toBe('generated');
    expect(plan.warnings).toContain(
      'Projection "p" is not procedural but stored, because in 64 bits all synapses are stored.',
    );
    expect(() => compiled(net, { precision: 'f64', synapses: 'procedural' })).toThrow(
      'because in 64 bits all synapses are stored',
    );
  });

  it('wrong options are told', () => {
    const { document } = network({ rule: 'all-to-all' });
    const compile = (options: object) => () => compileNetwork(document, options);
    expect(compile({ synapses: 'none' })).toThrow('synapses must be "auto", "stored", "proc');
    expect(compile({ synapseBytes: -1 })).toThrow('synapseBytes must be a number from 0 on');
    expect(compile({ synapseBytes: Number.NaN })).toThrow(TypeError);
  });
});

describe('kernels of generated rows', () => {
  it('are shared where rules and kinds of values and delays agree, and tables where they are equal', () => {
    const net = new Network({ seed: 1 });
    const P = net.population('P', 40, { eqs: EQS, threshold: 'v > 1*mV', reset: 'v = 0*mV' });
    const add = (name: string, connect: ConnectRule, mean: string, delay: ValueSpec): void => {
      const w = { normal: { mean, sd: '0.1 mV' } };
      net
        .projection(name, P, P, { eqs: 'w : volt', onPre: 'v += w', initial: { w }, delay })
        .connect(connect);
    };
    const late: ValueSpec = { uniform: { min: '1 ms', max: '2 ms' } };
    add('a', { rule: 'fixed-probability', p: 0.1 }, '1 mV', late);
    add('b', { rule: 'fixed-total-number', n: 100 }, '1 mV', late);
    add('c', { rule: 'fixed-probability', p: 0.1 }, '2 mV', late);
    add('d', { rule: 'fixed-probability', p: 0.2, autapses: false }, '1 mV', late);
    add('e', { rule: 'fixed-probability', p: 0.1 }, '1 mV', '1 ms');
    add('f', { rule: 'fixed-out-degree', k: 3 }, '1 mV', late);
    net
      .projection('g', P, P, { eqs: 'w : volt', onPre: 'v += w', initial: { w: '1 mV' } })
      .connect({ rule: 'fixed-probability', p: 0.1 });
    const plan = compiled(net, { synapses: 'procedural' });
    const members = plan.deliver.map(({ projections }) => projections.map(({ name }) => name));
    expect(members).toEqual([['a', 'c', 'd'], ['b'], ['e'], ['f'], ['g']]);
    // Gaps of 0.1 and 0.2, weights of 1 mV and 2 mV, delays.
    expect(plan.tables.map(({ kind }) => kind).sort()).toEqual([
      'gaps',
      'gaps',
      'quantiles',
      'quantiles',
      'quantiles',
    ]);
  });
});
