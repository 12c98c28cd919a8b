/** The WebAssembly emitter computes, to the bit and in every shape, what the reference interpreter computes. */
import { describe, expect, test } from 'vitest';
import {
  type BinaryOperation,
  binary,
  call,
  integer,
  literal,
  local,
  type PortableFunction,
  type Scalar,
  type Statement,
  select,
  special,
  truth,
  unary,
  type Value,
} from '../../src/language/kernel.ts';
import { drawWord, uniformOf } from '../../src/language/philox.ts';
import {
  compute,
  type Element,
  exactly,
  expected,
  FLOATS,
  INTEGERS,
  makeElements,
  SHAPES,
  type Shape,
  type Task,
} from '../support/compute.ts';

const [x0, x1, x2] = FLOATS as [Value, Value, Value];
const [k0, k1, k2] = INTEGERS as [Value, Value, Value];

async function compare(task: Task, shape: Shape, labels: readonly string[] = []): Promise<void> {
  const found = await compute(task, shape);
  for (const [variable, want] of expected(task, shape).entries()) {
    for (const [element, value] of want.entries()) {
      const where = `${labels[variable - 6] ?? `variable ${variable}`} of ${task.elements[element]}`;
      expect(exactly(found[variable]?.[element] ?? Number.NaN), where).toBe(exactly(value));
    }
  }
}

/** Prints a value, for messages. */
function labelOf(value: Value): string {
  switch (value.op) {
    case 'unary':
      return `${value.operation}(${labelOf(value.a)})`;
    case 'binary':
      return `${value.operation}(${labelOf(value.a)}, ${labelOf(value.b)})`;
    case 'get':
      return value.place.name;
    default:
      return value.op;
  }
}

const ELEMENTS = makeElements(67);

describe.each(SHAPES)('operations in shape %s', (shape) => {
  const both = (operation: BinaryOperation): Value[] => [
    binary(operation, x0, x1),
    binary(operation, k0, k1),
  ];
  const unaries = [
    ...[x0, k0].flatMap((a) => [unary('neg', a), unary('abs', a)]),
    unary('floor', x0),
    unary('ceil', x0),
    unary('sqrt', x0),
    unary('to_i32', x0),
    unary('to_f32', k0),
    unary('to_f32', binary('lt', x0, x1)),
    unary('to_i32', binary('lt', x0, x1)),
    unary('not', binary('eq', k0, k1)),
    ...(shape === 'f64' ? [] : [unary('from_bits', binary('bit_and', k0, integer(0x7f7fffff)))]),
  ];
  const binaries = [
    ...both('add'),
    ...both('sub'),
    ...both('mul'),
    binary('div', x0, x1),
    ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).flatMap(both),
    ...(['min', 'max', 'bit_and', 'bit_or', 'shift_left', 'shift_right'] as const).map(
      (operation) => binary(operation, k0, k1),
    ),
    binary('rem', binary('bit_and', k0, integer(0x7fffffff)), integer(7)),
    binary('shift_left', k0, integer(3)),
    binary('shift_right', k0, integer(35)),
    ...(['and', 'or', 'eq', 'ne'] as const).map((operation) =>
      binary(operation, binary('lt', x0, x1), binary('gt', k0, k1)),
    ),
    select(binary('lt', x0, x1), x1, x2),
    select(binary('lt', k0, k1), k1, k2),
    select(truth(true), x0, x1),
    select(binary('le', x0, x1), binary('lt', k0, k1), truth(true)),
  ];

  test('unary', () =>
    compare({ elements: ELEMENTS, values: unaries }, shape, unaries.map(labelOf)));

  test('binary', () =>
    compare({ elements: ELEMENTS, values: binaries }, shape, binaries.map(labelOf)));

  // The IR leaves NaN open here, and WGSL the sign of zero.
  test('min and max of floats', async () => {
    const elements = ELEMENTS.filter(([a, b]) => !Number.isNaN(a) && !Number.isNaN(b));
    const task = { elements, values: [binary('min', x0, x1), binary('max', x0, x1)] };
    const found = await compute(task, shape);
    for (const [variable, want] of expected(task, shape).entries()) {
      expect(found[variable]?.map((value) => value + 0)).toEqual(want.map((value) => value + 0));
    }
  });

  test('bit patterns of floats', async () => {
    if (shape === 'f64') return;
    const elements = ELEMENTS.filter(([a]) => !Number.isNaN(a));
    await compare({ elements, values: [unary('bits_of', x0)] }, shape);
  });

  test('constants, literals, step, time, index', () =>
    compare(
      {
        elements: ELEMENTS,
        constants: [0.1, -3e-5],
        step: 3,
        values: [
          { op: 'constant', type: 'f32', index: 0, name: 'a' },
          binary('mul', { op: 'constant', type: 'f32', index: 1, name: 'b' }, literal(-0)),
          literal(0.3),
          special('step'),
          special('time'),
          special('index'),
        ],
      },
      shape,
    ));
});

describe.each(SHAPES)('functions in shape %s', (shape) => {
  const domains: Readonly<Record<PortableFunction, readonly [number, number]>> = {
    exp: [-110, 100],
    expm1: [-40, 100],
    exprel: [-60, 100],
    log: [-1, 1e3],
    log1p: [-2, 50],
    sin: [-300, 300],
    cos: [-300, 300],
    tan: [-30, 30],
    tanh: [-12, 12],
    sinh: [-95, 95],
    cosh: [-95, 95],
    arcsin: [-1.1, 1.1],
    arccos: [-1.1, 1.1],
    arctan: [-1e4, 1e4],
    pow: [-3, 20],
    normal_quantile: [2 ** -24, 1 - 2 ** -24],
  };

  test.each(Object.entries(domains))('%s', (name, [low, high]) => {
    const elements = [...Array(150).keys()].map((element): Element => {
      const at = (draw: number): number => uniformOf(drawWord(3, 4, element, 0, draw));
      const plain = low + (high - low) * at(0);
      return [element === 0 ? low : element === 1 ? 0 : plain, 8 * at(1) - 4, 0, 0, 0, 0];
    });
    const args = name === 'pow' ? [x0, x1] : [x0];
    const within = name === 'normal_quantile' ? elements.filter((e) => e[0] !== 0) : elements;
    return compare({ elements: within, values: [call(name as PortableFunction, ...args)] }, shape);
  });
});

describe('draws and tables', () => {
  const draw = (kind: 'uniform' | 'normal', slot: number): Value => ({
    op: 'draw',
    type: 'f32',
    kind,
    slot,
  });
  const draws = [draw('uniform', 0), draw('normal', 1), draw('uniform', 7), draw('normal', 2)];

  test.each(SHAPES)('draws in shape %s', (shape) =>
    compare({ elements: ELEMENTS, values: draws, step: 5 }, shape),
  );

  test.each(['f32x4', 'f64'] as const)('binomial numbers in shape %s', (shape) => {
    const thresholds = [0x10000000, 0x40000000, 0x80000000, 0xf0000000, 0xffffff00];
    const values = [0, 1, 6].map(
      (slot): Value => ({ op: 'binomial', type: 'i32', slot, table: 0 }),
    );
    const tables = [{ kind: 'binomial', thresholds: Uint32Array.from(thresholds) }] as const;
    return compare({ elements: ELEMENTS, values, tables }, shape);
  });

  test.each(SHAPES)('timed arrays in shape %s', async (shape) => {
    const values = Float64Array.from({ length: 12 }, (_, cell) => cell * 1.1 - 3);
    const tables = [{ kind: 'timed', stepsPerRow: 2, rows: 4, columns: 3, values }] as const;
    const read = (halfSteps: -2 | 0 | 1 | 2, column: Value | null): Value => ({
      op: 'table',
      type: 'f32',
      table: 0,
      halfSteps,
      column,
    });
    const reads = ([0, 1, 2] as const).flatMap((half) => [read(half, null), read(half, k0)]);
    for (const step of [0, 1, 2, 3, 7, 30]) {
      await compare({ elements: ELEMENTS, values: reads, tables, step }, shape);
      const reset = { elements: ELEMENTS, values: [read(-2, null)], tables };
      // Before the first row there is the first row.
      if (step > 0) await compare({ ...reset, step }, shape);
      else expect((await compute(reset, shape))[6]?.[0]).toBeCloseTo(-3);
    }
  });
});

/** Bodies at random: nested conditions, assignments, locals. */
class Generator {
  readonly #seed: number;
  #draw = 0;
  #names = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  #below(limit: number): number {
    return drawWord(this.#seed, 5, 0, 0, this.#draw++) % limit;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  body(depth: number, outer: readonly Value[]): Statement[] {
    const locals = [...outer];
    const statements: Statement[] = [];
    for (let index = 0; index < 3; index++) {
      const kind = this.#below(3);
      if (kind === 0) {
        const name = `local_${this.#names++}`;
        const type = this.#pick<Scalar>(['f32', 'i32', 'bool']);
        statements.push({ kind: 'let', name, value: this.value(type, 3, locals) });
        locals.push(local(name, type));
      } else if (kind === 1 || depth === 0) {
        const isFloat = this.#below(2) === 0;
        const target = this.#pick(isFloat ? FLOATS : INTEGERS);
        if (target.op !== 'get') continue;
        const value = this.value(isFloat ? 'f32' : this.#pick(['i32', 'bool']), 3, locals);
        statements.push({ kind: 'set', place: target.place, value });
      } else {
        const condition = this.value('bool', 2, locals);
        const rare = this.#below(2) === 0;
        statements.push({ kind: 'if', condition, rare, body: this.body(depth - 1, locals) });
      }
    }
    return statements;
  }

  value(type: Scalar, depth: number, locals: readonly Value[]): Value {
    const inner = (kind: Scalar): Value => this.value(kind, depth - 1, locals);
    const known = locals.filter((candidate) => candidate.type === type);
    if (depth === 0 || this.#below(5) === 0) {
      if (known.length > 0 && this.#below(2) === 0) return this.#pick(known);
      if (type === 'f32') return this.#pick([...FLOATS, literal(1.25), special('time')]);
      if (type === 'i32') return this.#pick([...INTEGERS, integer(7), special('index')]);
      return truth(this.#below(2) === 0);
    }
    if (this.#below(6) === 0) return select(inner('bool'), inner(type), inner(type));
    if (type === 'f32') {
      if (this.#below(5) === 0) return unary('to_f32', inner(this.#pick(['i32', 'bool'])));
      if (this.#below(4) === 0) return unary(this.#pick(['neg', 'abs', 'floor']), inner('f32'));
      return binary(this.#pick(['add', 'sub', 'mul', 'div']), inner('f32'), inner('f32'));
    }
    if (type === 'i32') {
      if (this.#below(5) === 0) return unary('to_i32', inner(this.#pick(['f32', 'bool'])));
      const operation = this.#pick(['add', 'sub', 'mul', 'min', 'max', 'bit_and'] as const);
      return binary(operation, inner('i32'), inner('i32'));
    }
    const compared = this.#pick<Scalar>(['f32', 'i32']);
    switch (this.#below(4)) {
      case 0:
        return unary('not', inner('bool'));
      case 1:
        return binary(this.#pick(['and', 'or']), inner('bool'), inner('bool'));
      default:
        return binary(
          this.#pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']),
          inner(compared),
          inner(compared),
        );
    }
  }
}

describe.each(SHAPES)('statements in shape %s', (shape) => {
  test('60 bodies at random', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const body = new Generator(seed).body(3, []);
      await compare({ elements: makeElements(23, seed), body }, shape, []);
    }
  });
});
