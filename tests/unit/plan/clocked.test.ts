/** What the plan holds of clock-driven synapse equations, and what is refused. */
import { describe, expect, test } from 'vitest';
import { Network, type ProjectionOptions } from '../../../src/index.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';

function compiled(options: ProjectionOptions) {
  const net = new Network({ dt: '0.1 ms' });
  const source = net.population('source', 3, { eqs: 'v : 1', threshold: 'v > 1', reset: 'v = 0' });
  const target = net.population('target', 2, { eqs: 'dv/dt = -v/ms : 1' });
  net.projection('p', source, target, options).connect({ rule: 'all-to-all' });
  return compileNetwork(net.document);
}

describe('kernels', () => {
  test('one for each clock, behind the updates, in windows of one step', () => {
    const { plan } = compiled({
      eqs: 'dx/dt = -x/ms : 1 (clock-driven)\ndy/dt = (mean(x) - y)/second : 1 (slow)',
      onPre: 'v_post += 1',
      delay: '5 ms',
      slow: '3 ms',
    });
    expect(plan.clocked.map(({ every, count }) => [every, count])).toEqual([
      [1, 6],
      [30, 6],
    ]);
    expect(plan.windowSteps).toBe(1);
    expect(plan.schedule.map(({ kind }) => kind)).toEqual([
      ...plan.update.map(() => 'update'),
      'clocked',
      'clocked',
      'deliver',
    ]);
  });

  test('neurons at the ends are stored where equations read them', () => {
    const ends = (eqs: string) => compiled({ eqs }).plan.clocked[0]?.ends ?? null;
    expect(ends('dx/dt = -x/ms : 1')).toEqual({ pre: -1, post: -1 });
    const { plan } = compiled({ eqs: 'dx/dt = (v_pre + j - x)/ms : 1' });
    const { pre = -1, post = -1 } = plan.clocked[0]?.ends ?? {};
    expect([...plan.synapses.subarray(pre, pre + 6)]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...plan.synapses.subarray(post, post + 6)]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('a projection without synapses has none', () => {
    const net = new Network();
    const cells = net.population('cells', 2, { eqs: 'v : 1' });
    net
      .projection('none', cells, cells, { eqs: 'dx/dt = -x/ms : 1' })
      .connect({ rule: 'list', pre: [], post: [] });
    expect(compileNetwork(net.document).plan.clocked).toEqual([]);
  });

  test('are explained', () => {
    const { explain } = compiled({
      eqs: 'dy/dt = -y/second : 1 (slow)',
      slow: '3 ms',
      acceleration: 4,
    });
    expect(explain()).toContain(
      'Equations of every synapse, every 30 steps, their time runs 4 times as fast, by exact (',
    );
  });
});

describe('refused', () => {
  test.each([
    [{ eqs: 'dx/dt = -x*x/ms : 1', method: 'exact' }, /equation of x is not linear/],
    [{ eqs: 'dx/dt = -x/ms : 1', method: 'rk5' }, /unknown method/],
    [{ eqs: 'dx/dt = -x/ms : 1 (slow)', slow: '0.25 ms' }, /slow must be a multiple of dt/],
    [{ eqs: 'dx/dt = -x/ms : 1 (slow)', acceleration: 0 }, /acceleration must be a number > 0/],
    [{ eqs: 'dx/dt = -mean(x)/ms : 1' }, /mean\(\) is known to slow equations only/],
    [{ eqs: 'dx/dt = -x/ms : 1 (slow, event-driven)' }, /exclude each other/],
    [{ eqs: 'dx/dt = -x/ms : 1 (presynaptic, clock-driven)' }, /exclude each other/],
    [
      { eqs: 'dx/dt = -x/ms : 1\ndc/dt = (x - c)/ms : 1 (event-driven)', onPre: 'c += 1' },
      /cannot be event-driven: it reads another differential variable/,
    ],
  ])('%j', (options, message) => {
    expect(() => compiled(options)).toThrow(message);
  });
});
