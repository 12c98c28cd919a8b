/** Lowering of projections: delivery mode, amounts, event-driven equations, summed variables, refusals. */
import { describe, expect, test } from 'vitest';
import type { CheckedPathway, CheckedProjection } from '../../../src/language/ast.ts';
import { checkProjection, type ProjectionText } from '../../../src/language/check.ts';
import { describeStatements, describeValue } from '../../../src/language/explain.ts';
import { compileHost, elementEnvironment } from '../../../src/language/host.ts';
import {
  type LoweredPathway,
  lowerPathway,
  lowerSummed,
  synapseVariables,
} from '../../../src/language/lower-projection.ts';
import { drawWord } from '../../../src/language/philox.ts';
import type { Dimension } from '../../../src/language/units.ts';
import { parseQuantity } from '../../../src/language/units.ts';
import { interpret, placeKey } from '../../support/interpret.ts';
import { checked, values } from '../../support/lowering.ts';

const NEURON = checked(
  {
    eqs: `dv/dt = (E - v + R*g*double)/tau : volt
          g : amp
          gap : amp
          double = 2 : 1`,
    threshold: 'v > 0*mV',
    reset: 'v = E',
    refractory: '2*ms',
  },
  { params: { E: '-70 mV', R: '0.1 Gohm', tau: '10 ms' } },
);

type Params = Readonly<Record<string, string | number>>;

function project(text: ProjectionText, params: Params = {}): CheckedProjection {
  const dimensions: Record<string, Dimension> = {};
  for (const [name, value] of Object.entries(params)) {
    dimensions[name] = parseQuantity(value, name).dimension;
  }
  const scope = { params: dimensions, networkParams: {}, timedArrays: {}, targetParams: {} };
  return checkProjection(text, { pre: NEURON, post: NEURON }, scope);
}

const OPTIONS = { dtMs: 0.1, precision: 'f64', tables: {}, pre: NEURON, post: NEURON } as const;

const pathwayOf = (model: CheckedProjection, name: string): CheckedPathway =>
  model.pathways.find((pathway) => pathway.name === name) as CheckedPathway;

const lower = (text: ProjectionText, params: Params = {}, name = 'pre'): LoweredPathway => {
  const model = project(text, params);
  return lowerPathway(model, pathwayOf(model, name), OPTIONS);
};

/** One synapse in the interpreter. */
class Synapse {
  readonly variables = new Map<string, number>();
  readonly added: number[] = [];
  readonly #model: CheckedProjection;
  readonly #params: Params;
  readonly #neuron: Readonly<Record<string, number>>;

  constructor(text: ProjectionText, params: Params, neuron: Readonly<Record<string, number>> = {}) {
    this.#model = project(text, params);
    this.#params = params;
    this.#neuron = neuron;
    for (const { name } of synapseVariables(this.#model)) this.variables.set(name, 0);
  }

  /** Runs a pathway at a step; returns what it added, by input. */
  run(name: string, step: number): Record<string, number> {
    const pathway = lowerPathway(this.#model, pathwayOf(this.#model, name), OPTIONS);
    const cells = new Map<string, number>();
    const variableOf = (index: number): string => pathway.synapseVariables[index]?.name ?? '';
    pathway.synapseVariables.forEach((v, index) => {
      cells.set(placeKey({ side: 'synapse', index }), this.variables.get(v.name) as number);
    });
    for (const side of ['pre', 'post'] as const) {
      pathway[`${side}Variables`].forEach((v, index) => {
        cells.set(placeKey({ side, index }), this.#neuron[`${v.name}_${side}`] as number);
      });
    }
    const added: Record<string, number> = {};
    interpret(pathway.body, {
      precision: 'f64',
      variables: cells,
      constants: pathway.constants.compute(values(this.#params)),
      specials: { step, time: step * 0.1, pre_index: 3, post_index: 5, degree_in: 4 },
      draw: (slot) => drawWord(1, 2, 7, step, slot),
      add: (input, value) => {
        const key = pathway.inputs[input]?.name as string;
        added[key] = (added[key] ?? 0) + value;
      },
    });
    pathway.synapseVariables.forEach((_, index) => {
      this.variables.set(
        variableOf(index),
        cells.get(placeKey({ side: 'synapse', index })) as number,
      );
    });
    return added;
  }
}

describe('delivery', () => {
  test('fixed weights scatter at emission, and the host knows the amount', () => {
    const pathway = lower({ eqs: 'w : amp', onPre: { pre: 'g += 2*w' } });
    expect(pathway.mode).toBe('scatter');
    expect(pathway.inputs).toEqual([{ name: 'g', side: 'post' }]);
    expect(pathway.synapseVariables).toEqual([{ name: 'w', type: 'f32', written: false }]);
    expect(describeStatements(pathway.body)).toBe('let to_g_1 = 2 * w\ninput 0 += to_g_1');
    const [amount] = pathway.amounts;
    expect(amount?.static).toBe(true);
    const environment = elementEnvironment({
      parameters: {},
      dtMs: 0.1,
      seed: 1,
      stream: 1,
      read: () => 21,
    });
    expect(compileHost(amount?.expression as never)(environment)).toBe(42);
  });

  test('-= has a negative amount; a parameter is a host constant', () => {
    const pathway = lower({ onPre: { pre: 'g -= J' } }, { J: '3 pA' });
    expect(pathway.mode).toBe('scatter');
    expect(describeStatements(pathway.body)).toBe('input 0 += minus_J');
    expect(pathway.constants.compute({ J: 3 })).toEqual(Float64Array.of(-3));
  });

  test.each([
    ['a write to the synapse', { eqs: 'w : amp', onPre: { pre: 'g += w; w *= 0.5' } }],
    [
      'a variable that another pathway writes',
      { eqs: 'w : amp', onPre: { pre: 'g += w' }, onPost: { post: 'w *= 0.5' } },
    ],
    ['a neuron variable', { eqs: 'w : siemens', onPre: { pre: 'g += w*(v_pre - v_post)' } }],
    ['a draw', { eqs: 'w : amp', onPre: { pre: 'g += w*int(rand() < 0.5)' } }],
    ['an addition to the source', { eqs: 'w : amp', onPre: { pre: 'g_pre += w' } }],
    ['time', { eqs: 'w : amp', onPre: { pre: 'g += w*int(t > 5*ms)' } }],
  ])('%s makes it wait for the arrival', (_, text) => {
    expect(lower(text).mode).toBe('arrival');
  });

  test('post pathways arrive; both sides can be read', () => {
    const text = { eqs: 'w : siemens', onPost: { post: 'g_pre += w*(v_pre - v_post)' } };
    const pathway = lower(text, {}, 'post');
    expect(pathway.mode).toBe('arrival');
    expect(pathway.trigger).toBe('post');
    expect(pathway.preVariables).toEqual([{ name: 'v', type: 'f32' }]);
    const synapse = new Synapse(text, {}, { v_pre: -50, v_post: -60 });
    synapse.variables.set('w', 2);
    expect(synapse.run('post', 4)).toEqual({ g: 20 });
  });

  test('subexpressions of neurons, indices, degrees, lastspike', () => {
    const text = {
      eqs: 'w : amp',
      onPre: { pre: 'g += w*double_post*(i + j)/N_incoming*timestep(t - lastspike_post, dt)' },
    };
    const pathway = lower(text);
    expect(pathway.needsDegrees).toBe(true);
    expect(pathway.postVariables).toEqual([{ name: 'lastspike', type: 'i32' }]);
    const synapse = new Synapse(text, {}, { lastspike_post: 90 });
    synapse.variables.set('w', 1);
    expect(synapse.run('pre', 100).g).toBeCloseTo(((2 * (3 + 5)) / 4) * 10, 12);
  });

  test('two pathways never share a draw', () => {
    const text = {
      eqs: 'w : amp',
      onPre: { a: 'g += w*rand()', b: 'g += w*rand()' },
    };
    const synapse = new Synapse(text, {});
    synapse.variables.set('w', 1);
    expect(synapse.run('a', 1).g).not.toBe(synapse.run('b', 1).g);
  });

  test('amounts depend on parameters only through constants: equal statements for equal text', () => {
    const text = { onPre: { pre: 'g += J' } };
    expect(lower(text, { J: '3 pA' }).body).toEqual(lower(text, { J: '-7 pA' }).body);
  });
});

describe('event-driven equations', () => {
  const STDP: ProjectionText = {
    eqs: `w : amp
          dApre/dt = -Apre/tau_1 : amp (event-driven)
          dApost/dt = -Apost/tau_2 : amp (event-driven)`,
    onPre: { pre: 'g += w; Apre += dA; w = clip(w + Apost, 0*pA, w_max)' },
    onPost: { post: 'Apost -= dA*ratio; w = clip(w + Apre, 0*pA, w_max)' },
  };
  const PARAMS = {
    tau_1: '20 ms',
    tau_2: '30 ms',
    dA: '0.1 pA',
    ratio: '1.05',
    w_max: '10 pA',
  };

  test('pair STDP follows the closed form', () => {
    const synapse = new Synapse(STDP, PARAMS);
    synapse.variables.set('w', 5);
    expect(synapse.run('pre', 100)).toEqual({ g: 5 });
    synapse.run('post', 150); // 5 ms later: potentiation
    const up = 0.1 * Math.exp(-5 / 20);
    expect(synapse.variables.get('w')).toBeCloseTo(5 + up, 12);
    synapse.run('pre', 250); // 10 ms after the post spike: depression
    const down = 0.105 * Math.exp(-10 / 30);
    expect(synapse.variables.get('w')).toBeCloseTo(5 + up - down, 12);
    expect(synapse.variables.get('Apre')).toBeCloseTo(0.1 * Math.exp(-15 / 20) + 0.1, 12);
    expect(synapse.variables.get('lastupdate')).toBe(250);
  });

  test('Tsodyks-Markram with a constant term', () => {
    const text: ProjectionText = {
      eqs: `w : amp
            dx/dt = (1 - x)/tau_rec : 1 (event-driven)
            du/dt = -u/tau_facil : 1 (event-driven)`,
      onPre: { pre: 'u += U*(1 - u); g += w*u*x; x -= u*x' },
    };
    const params = { tau_rec: '100 ms', tau_facil: '50 ms', U: '0.4' };
    const synapse = new Synapse(text, params);
    synapse.variables.set('w', 2).set('x', 1);
    expect(synapse.run('pre', 10).g).toBeCloseTo(2 * 0.4, 12);
    const u = 0.4 * Math.exp(-20 / 50);
    const used = u + 0.4 * (1 - u);
    const x = 1 + (0.6 - 1) * Math.exp(-20 / 100);
    expect(synapse.run('pre', 210).g).toBeCloseTo(2 * used * x, 12);
    expect(synapse.variables.get('x')).toBeCloseTo(x - used * x, 12);
  });

  test('the manual form: lastupdate declared by the user is a step', () => {
    const text: ProjectionText = {
      eqs: 'w : amp\nu : 1\nlastupdate : second',
      onPre: { pre: 'u = u*exp(-(t - lastupdate)/tauf); u += 1; g += w*u; lastupdate = t' },
    };
    const synapse = new Synapse(text, { tauf: '50 ms' });
    synapse.variables.set('w', 1);
    synapse.run('pre', 100);
    expect(synapse.variables.get('lastupdate')).toBe(100);
    expect(synapse.run('pre', 200).g).toBeCloseTo(1 + Math.exp(-10 / 50), 12);
  });

  test.each([
    ['dx/dt = -x*x/ms : 1 (event-driven)', 'not linear in x'],
    ['dx/dt = (v_post/mV - x)/ms : 1 (event-driven)', 'changes between events'],
    ['dx/dt = (y - x)/ms : 1 (event-driven)\ndy/dt = -y/ms : 1', 'another differential variable'],
  ])('%s is refused', (eqs, text) => {
    expect(() => lower({ eqs, onPre: { pre: 'x += 1' } })).toThrow(text);
  });
});

describe('summed variables', () => {
  test('gap junction', () => {
    const model = project({ eqs: 'w : siemens\ngap_post = w*(v_pre - v_post) : amp (summed)' });
    const summed = lowerSummed(model, 'gap_post', OPTIONS);
    expect(summed.target).toBe('gap');
    expect(describeValue(summed.value)).toBe('w * (v_pre - v_post)');
    expect(summed.preVariables).toEqual([{ name: 'v', type: 'f32' }]);
    expect(summed.synapseVariables).toEqual([{ name: 'w', type: 'f32' }]);
  });
});
