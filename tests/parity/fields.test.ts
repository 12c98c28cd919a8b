/**
 * One run of a field after the other, done here in plain JavaScript by the words of FieldKernel in plan.ts, against what
 * engines do: to the bit in single precision, for grids of all kinds of rows, layers and edges.
 */
import { describe, expect, it } from 'vitest';
import { compileNetwork, createSimulation, Network } from '../../src/index.ts';
import { drawWord } from '../../src/language/philox.ts';
import type { FieldKernel, Plan } from '../../src/plan/plan.ts';
import { type EngineCase, singleEngines } from '../support/engines.ts';
import { interpret, type Surroundings } from '../support/interpret.ts';

const f = Math.fround;

/** Runs a field of a plan once, its interval beginning at `step`; `state` holds all cells of the plan. */
function runField(plan: Plan, kernel: FieldKernel, state: Float64Array, step: number): void {
  const { count, stateBase, variables, constants } = kernel;
  const before = state.slice(stateBase, stateBase + variables.length * count);
  const diffused = before.slice();
  for (const [v, factors] of kernel.diffusion.entries()) {
    if (factors === null) continue;
    const values = before.subarray(v * count, (v + 1) * count);
    for (let n = 0; n < count; n++) {
      const next = f(diffuse(plan, kernel, values, factors, n));
      diffused[v * count + n] = Math.abs(next) < 2 ** -126 ? 0 : next;
    }
  }
  for (let n = 0; n < count; n++) {
    const values = new Map(
      variables.map((_, v) => [`own.${v}`, diffused[v * count + n] as number]),
    );
    const surroundings: Surroundings = {
      variables: values,
      constants: plan.constants.subarray(constants),
      specials: { step, index: n, time: f(f(step) * f(plan.dtMs)) },
      draw: (slot) => drawWord(kernel.seed, kernel.stream, n, step, slot),
      tables: plan.tables,
      arrived: () => 0,
    };
    interpret(kernel.body, surroundings);
    for (const v of variables.keys()) {
      state[stateBase + v * count + n] = f(values.get(`own.${v}`) as number);
    }
  }
}

/** The voxel and what flows into it, every operation rounded. */
function diffuse(
  plan: Plan,
  { grid, edges, constants }: FieldKernel,
  values: Float64Array,
  factors: readonly number[],
  n: number,
): number {
  const here = values[n] as number;
  let flow: number | null = null;
  let stride = 1;
  for (const [axis, along] of grid.entries()) {
    const place = Math.floor(n / stride) % along;
    const neighbour = (direction: 1 | -1): number => {
      const next = place + direction;
      if (next >= 0 && next < along) return values[n + direction * stride] as number;
      if (edges === 'absorbing') return 0;
      return edges === 'reflecting'
        ? here
        : (values[n - direction * (along - 1) * stride] as number);
    };
    const factor = factors[axis] as number;
    if (factor >= 0) {
      const k = f(plan.constants[constants + factor] as number);
      const difference = f(f(neighbour(-1) - here) + f(neighbour(1) - here));
      const part = f(k * difference);
      flow = flow === null ? part : f(flow + part);
    }
    stride *= along;
  }
  return flow === null ? here : f(here + flow);
}

describe.each(singleEngines)('faults in fields, $name', (engine) => {
  it('a concentration that runs away is named, with voxel and step', async () => {
    const net = new Network({ dt: '0.5 ms' });
    net.population('neurons', 3, { eqs: 'dv/dt = -v/(10*ms) : volt' });
    for (const name of ['calm', 'wild']) {
      net.field(name, {
        grid: [4, 3, 2],
        spacing: '10 um',
        every: '2 ms',
        eqs: 'dC/dt = k*C*C/mM : mM',
        method: 'euler',
        params: { k: name === 'wild' ? '1 /ms' : '0 /ms' },
        initial: { C: name === 'wild' ? 'int(i == 17)*1e30*mM' : '1*mM' },
      });
    }
    const simulation = await createSimulation(net, engine.options);
    // The first run squares 1e30.
    await expect(simulation.run('10 ms')).rejects.toThrow(
      'Field "wild": C of voxel 17 is not a finite number any more at step 3 (t = 1.5 ms)',
    );
    simulation.destroy();
  });
});

/** Engines, and threads that share out layers of which there may be fewer than threads. */
const ways: readonly Pick<EngineCase, 'name' | 'options'>[] = [
  ...singleEngines,
  ...[2, 3].map((threads) => ({
    name: `CPU f32, ${threads} threads`,
    options: { engine: 'cpu', threads } as const,
  })),
];

const GRIDS: readonly (readonly number[])[] = [
  [1],
  [8],
  [4, 7],
  [4, 2, 9],
  [2, 1, 3],
  [3, 2, 2],
  [4, 3],
  [5, 3, 2],
  [8, 1, 4],
  [8, 2, 6],
  [12, 4, 3],
  [11, 2, 3],
];

describe.each(ways)('fields to the bit, $name', (engine) => {
  describe.each(['reflecting', 'absorbing', 'periodic'] as const)('%s edges', (edges) => {
    it.each(GRIDS.map((grid) => [grid.join(' x '), grid] as const))(
      '%s voxels',
      async (_, grid) => {
        const net = new Network({ dt: '0.5 ms', seed: 5 });
        net.timedArray('pulse', { dt: '4 ms', unit: '1', values: [1, 3, 0.5] });
        net.field('dopamine', {
          grid,
          spacing: ['3 um', '4 um', '5 um'].slice(0, grid.length),
          every: '2 ms',
          eqs: `
          dC/dt = -Vmax*C/(Km + C)*pulse(t) + k*B + 0.001*uM/ms**0.5*xi : mM
          dB/dt = -k*B*(1 + sin(t/(3*ms))) : mM
          dstill/dt = k*C - still/(5*ms) : mM`,
          diffusion: { C: '0.5 um**2/ms', B: 'D' },
          tortuosity: 1.3,
          edges,
          method: 'euler',
          params: { Vmax: '4.1 uM/second', Km: '0.21 uM', k: '3/second', D: '1 um**2/ms' },
          initial: { C: 'rand()*uM', B: '(1 + i)*1e-35*uM' },
        });
        net.poissonPopulation('clock', 1, { rate: '1 Hz' });
        const { plan } = compileNetwork(net.document);
        const state = plan.state.map((value) => f(value));
        const [kernel] = plan.fields as [FieldKernel];
        const simulation = await createSimulation(net, engine.options);
        for (let k = 0; k < 5; k++) {
          runField(plan, kernel, state, k * kernel.every);
          await simulation.run('2 ms');
          for (const [v, { name }] of kernel.variables.entries()) {
            const first = kernel.stateBase + v * kernel.count;
            const found = await simulation.get('dopamine', name);
            expect([...found], `${name}, run ${k}`).toEqual([
              ...state.subarray(first, first + kernel.count),
            ]);
          }
        }
        simulation.destroy();
      },
    );
  });
});
