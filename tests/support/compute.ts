/**
 * Evaluates kernel IR for many elements on the CPU engine, in each shape of its emitter, so that tests can compare with
 * the reference interpreter. Elements have float variables x0, x1, x2 and integer variables k0, k1, k2.
 */
import { createCpuEngine } from '../../src/cpu/engine.ts';
import { NetworkError } from '../../src/errors.ts';
import type { Statement, StoredVariable, Value } from '../../src/language/kernel.ts';
import { get } from '../../src/language/kernel.ts';
import { drawWord, streamOf } from '../../src/language/philox.ts';
import type { CodeTable, Plan } from '../../src/plan/plan.ts';
import { evaluate, interpret, type Surroundings } from './interpret.ts';
import { Collector, makePlan } from './plans.ts';

export type Shape = 'f32x4' | 'f32' | 'f64';
export const SHAPES: readonly Shape[] = ['f32x4', 'f32', 'f64'];

/** One element: x0, x1, x2, k0, k1, k2. */
export type Element = readonly number[];

export interface Task {
  readonly elements: readonly Element[];
  /** Statements that may set the variables; written for side 'own'. */
  readonly body?: readonly Statement[];
  /** Values computed after the body; floats and integers alike. */
  readonly values?: readonly Value[];
  readonly constants?: readonly number[];
  readonly tables?: readonly CodeTable[];
  /** The step at which the body runs; 0 by default. */
  readonly step?: number;
}

export const FLOATS = [0, 1, 2].map((index) =>
  get({ side: 'own', index, name: `x${index}` }, 'f32'),
);
export const INTEGERS = [0, 1, 2].map((index) =>
  get({ side: 'own', index: index + 3, name: `k${index}` }, 'i32'),
);

const SEED = 77;
const NAME = 'elements';

function variablesOf(values: readonly Value[]): StoredVariable[] {
  const inputs = ['x0', 'x1', 'x2', 'k0', 'k1', 'k2'].map(
    (name): StoredVariable => ({ name, type: name.startsWith('x') ? 'f32' : 'i32' }),
  );
  const results = values.map(
    ({ type }, index): StoredVariable => ({
      name: `result${index}`,
      type: type === 'f32' ? 'f32' : 'i32',
    }),
  );
  return [...inputs, ...results];
}

/** Results [variable][element]: the six variables after the body, then the values. */
export async function compute(task: Task, shape: Shape): Promise<number[][]> {
  const values = task.values ?? [];
  const variables = variablesOf(values);
  const store = values.map(
    (value, index): Statement => ({
      kind: 'set',
      place: { side: 'own', index: 6 + index, name: `result${index}` },
      value,
    }),
  );
  const body = [...(task.body ?? []), ...store];
  const plan =
    shape === 'f32' ? synapsePlan(task, variables, body) : neuronPlan(task, variables, body, shape);
  const engine = await createCpuEngine(plan, new Collector());
  try {
    await engine.advance((task.step ?? 0) + 1);
  } catch (error) {
    // NaN and infinity are among the results that are asked for.
    if (!(error instanceof NetworkError)) throw error;
  }
  const count = task.elements.length;
  const buffer = shape === 'f32' ? 'synapseState' : 'state';
  const cells = await engine.read(buffer, 0, count * variables.length);
  engine.destroy();
  return variables.map((_, index) => [...cells.subarray(index * count, (index + 1) * count)]);
}

function neuronPlan(
  task: Task,
  variables: readonly StoredVariable[],
  body: readonly Statement[],
  shape: Shape,
): Plan {
  return makePlan({
    seed: SEED,
    precision: shape === 'f64' ? 'f64' : 'f32',
    tables: task.tables ?? [],
    groups: [
      {
        variables,
        members: [
          {
            name: NAME,
            count: task.elements.length,
            constants: task.constants ?? [],
            initial: (name, element) => initial(task, variables, name, element),
          },
        ],
        // Only the last step counts: the steps before must not touch the variables.
        advance: atStep(task.step ?? 0, body),
      },
    ],
  });
}

function atStep(step: number, body: readonly Statement[]): readonly Statement[] {
  if (step === 0) return body;
  const condition: Value = {
    op: 'binary',
    type: 'bool',
    operation: 'eq',
    a: { op: 'special', type: 'i32', name: 'step' },
    b: { op: 'literal', type: 'i32', value: step },
  };
  return [{ kind: 'if', rare: true, condition, body }];
}

/** The same statements about synapses, one from and to every neuron, when all sources spike. */
function synapsePlan(
  task: Task,
  variables: readonly StoredVariable[],
  body: readonly Statement[],
): Plan {
  const count = task.elements.length;
  const step = task.step ?? 0;
  const all = [...Array(count).keys()];
  return makePlan({
    seed: SEED,
    tables: task.tables ?? [],
    groups: [
      {
        variables: [{ name: 'v', type: 'f32' }],
        inputs: [{ variable: 'v', scale: 0 }],
        begin: [{ kind: 'let', name: 'taken', value: { op: 'arrived', type: 'f32', input: 0 } }],
        members: [{ name: 'targets', count }],
      },
    ],
    generators: [{ name: 'sources', count, steps: all.map(() => step), indices: all }],
    deliver: [
      {
        name: 'pathway',
        mode: 'arrival',
        synapseVariables: variables.map((variable) => ({ ...variable, written: true })),
        inputs: [],
        projections: [
          {
            name: NAME,
            source: 'sources',
            target: 'targets',
            constants: task.constants ?? [],
            synapses: all.map((element) => ({ pre: element, post: element })),
            initial: (name, element) => initial(task, variables, name, element),
          },
        ],
        body: onSynapses(body),
      },
    ],
  });
}

/** The statements with every variable on side 'synapse'. */
function onSynapses<T>(part: T): T {
  return JSON.parse(JSON.stringify(part, encodeNumber), (key, value: unknown) =>
    key === 'side' && value === 'own' ? 'synapse' : decodeNumber(value),
  ) as T;
}

/** Numbers that JSON does not know. */
function encodeNumber(_: string, value: unknown): unknown {
  const isOdd = typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
  return isOdd ? `number:${Object.is(value, -0) ? '-0' : value}` : value;
}

function decodeNumber(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('number:') ? Number(value.slice(7)) : value;
}

function initial(
  task: Task,
  variables: readonly StoredVariable[],
  name: string,
  element: number,
): number {
  const index = variables.findIndex((variable) => variable.name === name);
  return task.elements[element]?.[index] ?? 0;
}

/** The same with the reference interpreter. */
export function expected(task: Task, shape: Shape): number[][] {
  const values = task.values ?? [];
  const variables = variablesOf(values);
  const precision = shape === 'f64' ? 'f64' : 'f32';
  const purpose = shape === 'f32' ? 'projection' : 'population';
  const results = variables.map((): number[] => []);
  const step = task.step ?? 0;
  for (const [element, cells] of task.elements.entries()) {
    const stored = new Map(
      variables.map(({ type }, index) => {
        const value = cells[index] ?? 0;
        return [`own.${index}`, type === 'f32' && precision === 'f32' ? Math.fround(value) : value];
      }),
    );
    const dt = precision === 'f32' ? Math.fround(0.1) : 0.1;
    const surroundings: Surroundings = {
      precision,
      variables: stored,
      constants: task.constants ?? [],
      tables: task.tables ?? [],
      specials: { step, index: element, time: step * dt },
      draw: (slot) => drawWord(SEED, streamOf(purpose, NAME), element, step, slot),
    };
    const locals = interpret(task.body ?? [], surroundings);
    for (const [index, value] of values.entries()) {
      stored.set(`own.${6 + index}`, Number(evaluate(value, surroundings, locals)));
    }
    for (const [index, list] of results.entries()) list.push(stored.get(`own.${index}`) ?? 0);
  }
  return results;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Exact text of a number: bit pattern, except that all NaN are one. */
export function exactly(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  scratch.setFloat64(0, value);
  return `${value} ${scratch.getBigUint64(0).toString(16)}`;
}

const SPECIAL_FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-45,
  -1e-40,
  2 ** -126,
  1e30,
  -1e30,
  3.4e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  2147483648,
  -2147483648,
  2147483520,
  4294967296,
  0.1,
  -7.3,
  88.5,
  -104,
];
const SPECIAL_INTEGERS = [0, 1, -1, 2, 31, 32, 33, -31, 255, 0x7fffffff, -0x80000000, 1 << 23];

/** Elements from special values and from bit patterns at random; the same every time. */
export function makeElements(count: number, seed = 1): Element[] {
  const word = (element: number, draw: number): number => drawWord(seed, 99, element, 0, draw);
  const float = (element: number, draw: number): number => {
    const random = word(element, draw);
    if (random % 3 === 0) return SPECIAL_FLOATS[(random >>> 8) % SPECIAL_FLOATS.length] ?? 0;
    if (random % 3 === 1) return Math.fround((random / 2 ** 32 - 0.5) * 40);
    scratch.setUint32(0, word(element, draw + 8));
    return scratch.getFloat32(0);
  };
  const integer = (element: number, draw: number): number => {
    const random = word(element, draw);
    if (random % 2 === 0) return SPECIAL_INTEGERS[(random >>> 8) % SPECIAL_INTEGERS.length] ?? 0;
    return word(element, draw + 8) | 0;
  };
  return [...Array(count).keys()].map((element) => [
    float(element, 0),
    float(element, 1),
    float(element, 2),
    integer(element, 3),
    integer(element, 4),
    integer(element, 5),
  ]);
}
