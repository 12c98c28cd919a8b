/** Shaders fused into one: what is kept once, what gets a number, and that the whole does what the parts do. */
import { describe, expect, test, vi } from 'vitest';
import { createCpuEngine } from '../../../src/cpu/engine.ts';
import { createGpuEngine } from '../../../src/gpu/engine.ts';
import { fuseShaders } from '../../../src/gpu/fuse.ts';
import type { Shader } from '../../../src/gpu/shaders.ts';
import { Network, type NetworkDocument } from '../../../src/index.ts';
import { compileNetwork } from '../../../src/plan/compile.ts';
import { describeGpu } from '../../support/gpu.ts';
import { Collector } from '../../support/plans.ts';
import { DRAWN_DELAY, DRAWN_WEIGHT } from '../../support/synapse-ways.ts';

// A software adapter on a busy machine takes its time.
vi.setConfig({ testTimeout: 600_000 });

function shader(body: string, extra = ''): Shader {
  const code = `@group(0) @binding(0) var<storage, read_write> out: array<u32>;

override workgroup_size: u32 = 64u;
override base: u32 = 0u;

// What is written.
fn offset(x: u32) -> u32 {
  return base + x;
}

fn twice(x: u32) -> u32 {
  return 2u * x;
}
${extra}
@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup_id: vec3u,
  @builtin(num_workgroups) num_workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  ${body}
}
`;
  return {
    name: 'test',
    flags: {},
    code,
    bindings: [{ binding: 0, name: 'out', type: 'storage' }],
    overrides: new Set(['workgroup_size', 'base']),
  };
}

describe('fuseShaders', () => {
  test('one shader stays as it is', () => {
    const one = { shader: shader('out[offset(lane)] = 1u;'), constants: { base: 1 }, groups: 1 };
    expect(fuseShaders([one])).toBe(one);
  });

  test('keeps common declarations once and numbers those that differ, or use what differs', () => {
    const { shader: fused, constants } = fuseShaders([
      {
        shader: shader('out[offset(lane)] = twice(1u);'),
        constants: { workgroup_size: 32, base: 1 },
        groups: 3,
      },
      {
        shader: shader(
          'out[offset(lane)] = own(lane);',
          '\nfn own(x: u32) -> u32 {\n  return x;\n}\n',
        ),
        constants: { workgroup_size: 32, base: 5 },
        groups: 4,
      },
      {
        shader: shader('out[lane] = twice(lane);'),
        constants: { workgroup_size: 32, base: 1 },
        groups: 1,
      },
    ]);
    expect(constants).toEqual({ workgroup_size: 32, base: 1, base_1: 5 });
    expect([...fused.overrides].sort()).toEqual(['base', 'base_1', 'workgroup_size']);
    expect(fused.bindings).toHaveLength(1);
    expect(fused.code).toMatchSnapshot();
  });

  test('refuses bindings of one name and different kinds', () => {
    const plain = shader('out[lane] = 1u;');
    const other = { ...plain, code: plain.code.replace('read_write', 'read') };
    const kernel = (one: Shader) => ({ shader: one, constants: {}, groups: 1 });
    expect(() => fuseShaders([kernel(plain), kernel(other)])).toThrow(/bind out in different ways/);
  });
});

/** Three kinds of neurons and four kinds of projections, none of which can be merged. */
function varied(): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 8 });
  const noisy = net.population('noisy', 90, {
    eqs: 'dv/dt = (24*mV - v)/(20*ms) + 1*mV*xi/sqrt(ms) : volt',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    initial: { v: 'rand()*20*mV' },
  });
  const currents = net.population('currents', 200, {
    eqs: 'dv/dt = (g - v)/(20*ms) : volt (unless refractory)\ndg/dt = -g/(5*ms) : volt',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
  });
  const drive = net.poissonPopulation('drive', 50, { rate: '100 Hz' });
  const w = { eqs: 'w : volt (constant)', initial: { w: DRAWN_WEIGHT }, delay: DRAWN_DELAY };
  const to = (name: string, from: typeof noisy, onto: typeof noisy, options: object, p: number) =>
    net.projection(name, from, onto, options).connect({ rule: 'fixed-probability', p });
  to('stored', noisy, currents, { ...w, onPre: 'g += 4*w', synapses: 'stored' }, 0.2);
  to('made', drive, currents, { ...w, onPre: 'g += 20*w', synapses: 'procedural' }, 0.2);
  to('back', currents, noisy, { onPre: 'v -= 0.1*mV', delay: '1.5 ms' }, 0.1);
  net
    .projection('draws', drive, noisy, { ...w, onPre: 'v += 2*w', synapses: 'procedural' })
    .connect({ rule: 'fixed-out-degree', k: 9 });
  for (const population of [noisy, currents, drive]) net.record.spikes(population);
  return net.document;
}

describeGpu('a varied network', (device) => {
  test('takes two dispatches per window and has the spikes of the CPU engine', async () => {
    const { plan } = compileNetwork(varied());
    expect([plan.update.length, plan.deliver.length]).toEqual([3, 4]);
    const expected = new Collector();
    const cpu = await createCpuEngine(plan, expected);
    await cpu.advance(300);
    cpu.destroy();
    expect(expected.list.length).toBeGreaterThan(300);
    for (const sharesRows of [false, true]) {
      const found = new Collector();
      const engine = await createGpuEngine(plan, found, {
        device,
        workgroupSize: 32,
        delivery: { workgroups: 5, mostLanes: 32, sharesRows },
      });
      await engine.advance(300);
      const { dispatches, windows } = engine.timings();
      engine.destroy();
      expect(dispatches).toBe(2 * windows);
      expect(found.list).toEqual(expected.list);
    }
  });
});
