/** Every operation that the emitter writes gives, on the device, the bits that the reference interpreter gives. */
import { describe, expect, test } from 'vitest';
import { argument, type EvaluateOptions, evaluateShader } from '../../src/gpu/evaluate.ts';
import {
  type BinaryOperation,
  binary,
  call,
  get,
  integer,
  literal,
  local,
  type PortableFunction,
  type Scalar,
  select,
  special,
  type UnaryOperation,
  unary,
  type Value,
} from '../../src/language/kernel.ts';
import { philox } from '../../src/language/philox.ts';
import { PORTABLE } from '../../src/language/portable.ts';
import { describeGpu, gpu, runShader } from '../support/gpu.ts';
import { evaluate, interpret, type Surroundings } from '../support/interpret.ts';

const STRICT: EvaluateOptions = { arithmetic: 'strict' };
const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);
const bitsOf = (x: number): number => {
  floats[0] = x;
  return words[0] as number;
};
const fromBits = (bits: number): number => {
  words[0] = bits;
  return floats[0] as number;
};

/** Bit patterns of awkward floats, then of all exponents with random fractions; no subnormals, which devices flush. */
function floatSamples(count: number): number[] {
  const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 1e-30, -1e-30, 3.4e38, -3.4e38];
  special.push(
    2 ** 23,
    2 ** 24 + 2,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    1.17549435e-38,
    88.3,
    -87.3,
    0.99999994,
  );
  const out = new Uint32Array(4);
  const samples = special.map(Math.fround);
  for (let i = 0; samples.length < count; i++) {
    philox(i, 0, 0, 0, 1, 2, out);
    const x = fromBits(out[0] as number);
    if (Number.isFinite(x) && Math.abs(x) >= 2 ** -126) samples.push(x);
    if (i % 2 === 0) samples.push(Math.fround(((out[1] as number) / 2 ** 32 - 0.5) * 200));
    if (i % 4 === 0) samples.push(Math.fround((out[2] as number) / 2 ** 32));
  }
  return samples;
}

const intSamples = [
  0,
  1,
  -1,
  2,
  3,
  7,
  -8,
  31,
  100,
  -100,
  65536,
  2147483647,
  -2147483648,
  1 << 23,
  123456789,
];

/** All rotations of the samples as triples. */
function triples(samples: readonly number[], toBits: (x: number) => number): Uint32Array {
  const n = samples.length;
  const result = new Uint32Array(3 * n * 3);
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < n; i++) {
      const place = 3 * (round * n + i);
      result[place] = toBits(samples[i] as number);
      result[place + 1] = toBits(samples[(i * 7 + round * 3 + 1) % n] as number);
      result[place + 2] = toBits(samples[(i * 13 + round * 5 + 2) % n] as number);
    }
  }
  return result;
}

interface Comparison extends EvaluateOptions {
  readonly plan?: Uint32Array;
  readonly surroundings?: (triple: number) => Surroundings;
}

/** Results that differ, as text; at most ten. Subnormal results count as zero, zeros and NaNs as equal. */
async function differences(
  device: GPUDevice,
  value: Value,
  args: Uint32Array,
  options: Comparison = {},
): Promise<string[]> {
  const count = args.length / 3;
  const results = await runShader(
    device,
    evaluateShader(value, options),
    {
      batch: new Uint32Array([0, 1, 0, 0, 0, 0]),
      window: new Uint32Array(2),
      plan_words: options.plan ?? new Uint32Array(1),
      arguments: args,
      results: new Uint32Array(count),
    },
    'results',
    Math.ceil(count / 64),
  );
  const typeOf = (index: number): Scalar => options.types?.[index] ?? 'f32';
  const found: string[] = [];
  for (let i = 0; i < count && found.length < 10; i++) {
    const read = (k: number): number => {
      const bits = args[3 * i + k] as number;
      return typeOf(k) === 'i32' ? bits | 0 : fromBits(bits);
    };
    const given = [read(0), read(1), read(2)];
    const variables = new Map(given.map((x, k) => [`own.${k}`, x]));
    const surroundings = { variables, ...options.surroundings?.(i) };
    const locals = interpret(options.body ?? [], surroundings);
    const expected = evaluate(value, surroundings, locals);
    const actual = results[i] as number;
    const same =
      value.type === 'f32'
        ? sameFloat(Number(expected), fromBits(actual))
        : (Number(expected) | 0) === (actual | 0);
    if (!same) {
      const shown = value.type === 'f32' ? fromBits(actual) : actual | 0;
      found.push(`(${given.join(', ')}): expected ${expected}, got ${shown}`);
    }
  }
  return found;
}

function sameFloat(expected: number, actual: number): boolean {
  const flush = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  return flush(expected) === flush(actual);
}

const [a, b, c] = [get(argument(0)), get(argument(1)), get(argument(2))] as const;
const [i, j] = [get(argument(0), 'i32'), get(argument(1), 'i32')] as const;
const integers: EvaluateOptions = { types: ['i32', 'i32', 'i32'] };

const add = (x: Value, y: Value): Value => binary('add', x, y);
const sub = (x: Value, y: Value): Value => binary('sub', x, y);
const mul = (x: Value, y: Value): Value => binary('mul', x, y);
const div = (x: Value, y: Value): Value => binary('div', x, y);
const lit = literal;
const root = unary('sqrt', unary('abs', a));
const moderateSamples = floatSamples(9000).filter((x) => Math.abs(x) < 1e3 && Math.abs(x) > 1e-3);

/** Expressions that compilers like to rewrite. */
const TEMPTING: Readonly<Record<string, Value>> = {
  'a*b + c': add(mul(a, b), c),
  'a - (b - c/(a*b))': sub(a, sub(b, div(c, mul(a, b)))),
  'a/3': div(a, lit(3)),
  '3/a*b': mul(div(lit(3), a), b),
  'a*(1/b)': mul(a, div(lit(1), b)),
  '0.3*(a*b)': mul(lit(0.3), mul(a, b)),
  '0.3*a*b': mul(mul(lit(0.3), a), b),
  '0.3*(a*0.7)': mul(lit(0.3), mul(a, lit(0.7))),
  'a/0.3*0.7': mul(div(a, lit(0.3)), lit(0.7)),
  '0.3 + (a + b)': add(lit(0.3), add(a, b)),
  '0.3 - (a - 0.7)': sub(lit(0.3), sub(a, lit(0.7))),
  'a - 0.3 - b': sub(sub(a, lit(0.3)), b),
  'a*b + a*c': add(mul(a, b), mul(a, c)),
  'a*b - a*c': sub(mul(a, b), mul(a, c)),
  'a*b + c*0.3 + b': add(add(mul(a, b), mul(c, lit(0.3))), b),
  '(a*b - c) + (c*b + a*a)': add(sub(mul(a, b), c), add(mul(c, b), mul(a, a))),
  'a + (b + c)': add(a, add(b, c)),
  'a + c*(b - a)': add(a, mul(c, sub(b, a))),
  'a*(1 - c) + b*c': add(mul(a, sub(lit(1), c)), mul(b, c)),
  'a + b - a': sub(add(a, b), a),
  'a - b + b': add(sub(a, b), b),
  'a*b/b': div(mul(a, b), b),
  'a/b*b': mul(div(a, b), b),
  'sqrt(a)*sqrt(a)': mul(root, root),
  '1/sqrt(a)': div(lit(1), root),
  'b/sqrt(a)': div(b, root),
  'a + b + c + b': add(add(add(a, b), c), b),
  'a + b < a': unary('to_f32', binary('lt', add(a, b), a)),
  'a - b > 0': unary('to_f32', binary('gt', sub(a, b), lit(0))),
  'a + 0.3 < 0.7': unary('to_f32', binary('lt', add(a, lit(0.3)), lit(0.7))),
  'select(a < b, a + 0.3, b) + 0.7': add(select(binary('lt', a, b), add(a, lit(0.3)), b), lit(0.7)),
  '0.3*exp(a/100)': mul(lit(0.3), call('exp', div(a, lit(100)))),
};

describeGpu('emitted WGSL on the device', (device) => {
  const floatArgs = triples(floatSamples(4000), bitsOf);
  const intArgs = triples(intSamples, (x) => x >>> 0);

  test.each<UnaryOperation>(['neg', 'abs', 'floor', 'ceil', 'to_i32', 'bits_of'])(
    'f32 %s',
    async (operation) => {
      expect(await differences(device, unary(operation, a), floatArgs)).toEqual([]);
    },
  );

  test('sqrt of positive numbers', async () => {
    const value = unary('sqrt', unary('abs', a));
    expect(await differences(device, value, floatArgs)).toEqual([]);
    expect(await differences(device, value, floatArgs, STRICT)).toEqual([]);
  });

  test.each<BinaryOperation>([
    ...(['add', 'sub', 'mul', 'div', 'min', 'max'] as const),
    ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
  ])('f32 %s', async (operation) => {
    expect(await differences(device, binary(operation, a, b), floatArgs)).toEqual([]);
    expect(await differences(device, binary(operation, a, b), floatArgs, STRICT)).toEqual([]);
  });

  test.each(Object.entries(TEMPTING))('%s keeps its shape', async (_, value) => {
    const args = triples(moderateSamples, bitsOf);
    expect(await differences(device, value, args)).toEqual([]);
    expect(await differences(device, value, args, STRICT)).toEqual([]);
  });

  test.each<BinaryOperation>([
    ...(['add', 'sub', 'mul', 'min', 'max', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const),
    ...(['bit_and', 'bit_or', 'shift_left', 'shift_right'] as const),
  ])('i32 %s', async (operation) => {
    const isShift = operation.startsWith('shift');
    const right = isShift ? binary('bit_and', j, integer(31)) : j;
    expect(await differences(device, binary(operation, i, right), intArgs, integers)).toEqual([]);
  });

  test('i32 rem', async () => {
    const positive = binary('bit_and', i, integer(0x7fffffff));
    expect(
      await differences(device, binary('rem', positive, integer(100)), intArgs, integers),
    ).toEqual([]);
  });

  test('i32 conversions', async () => {
    for (const operation of ['to_f32', 'neg', 'abs', 'from_bits'] as const) {
      expect(await differences(device, unary(operation, i), intArgs, integers)).toEqual([]);
    }
  });

  test('logic and select', async () => {
    const isBetween = binary(
      'and',
      binary('lt', a, b),
      unary('not', binary('or', binary('gt', c, a), binary('eq', a, b))),
    );
    expect(await differences(device, isBetween, floatArgs)).toEqual([]);
    const value = select(isBetween, a, unary('to_f32', isBetween));
    expect(await differences(device, value, floatArgs)).toEqual([]);
    expect(await differences(device, unary('to_i32', isBetween), floatArgs)).toEqual([]);
  });

  test.each(Object.keys(PORTABLE) as PortableFunction[])('portable %s', async (name) => {
    const value = PORTABLE[name].parameters.length === 2 ? call(name, a, b) : call(name, a);
    const unit = call(name, unary('abs', a), b);
    const oneArgument = call(name, binary('div', a, binary('add', literal(1), unary('abs', a))));
    const scaled = PORTABLE[name].parameters.length === 2 ? unit : oneArgument;
    const args = triples(floatSamples(20_000), bitsOf);
    if (name !== 'normal_quantile') expect(await differences(device, value, args)).toEqual([]);
    if (name !== 'normal_quantile') expect(await differences(device, scaled, args)).toEqual([]);
    const inUnit = binary('mul', binary('add', scaledToUnit(a), literal(1)), literal(0.4999));
    if (name === 'normal_quantile') {
      expect(await differences(device, call(name, inUnit), args)).toEqual([]);
      expect(await differences(device, call(name, inUnit), args, STRICT)).toEqual([]);
    }
  });

  test('uniform, normal and binomial draws', async () => {
    const word = (triple: number) => ({
      draw: (slot: number): number => {
        const out = new Uint32Array(4);
        philox(triple, triple, slot >>> 2, 0, 42, 7, out);
        return out[slot & 3] as number;
      },
    });
    const args = new Uint32Array(3 * 5000);
    for (const slot of [0, 1, 2, 3, 5, 11]) {
      const uniform: Value = { op: 'draw', type: 'f32', kind: 'uniform', slot };
      const normal: Value = { op: 'draw', type: 'f32', kind: 'normal', slot };
      const both = binary('add', uniform, normal);
      expect(await differences(device, both, args, { surroundings: word })).toEqual([]);
    }
    const thresholds = new Uint32Array([0, 1 << 28, 2 ** 31, 3 * 2 ** 30, 2 ** 32 - 1]);
    const plan = new Uint32Array([0, 0, 4, 5, ...thresholds]);
    const value: Value = { op: 'binomial', type: 'i32', slot: 6, table: 1 };
    const tables = [
      { kind: 'binomial' as const, thresholds: [] },
      { kind: 'binomial' as const, thresholds },
    ];
    const surroundings = (triple: number): Surroundings => ({ ...word(triple), tables });
    expect(await differences(device, value, args, { plan, surroundings })).toEqual([]);
  });

  test('timed arrays', async () => {
    const values = Float32Array.from({ length: 12 }, (_, k) => k * 1.5 - 3);
    const table = { stepsPerRow: 10, rows: 4, columns: 3 };
    const plan = new Uint32Array([0, 0, ...new Uint32Array(values.buffer)]);
    const args = new Uint32Array(3 * 60);
    for (const halfSteps of [0, 1, 2] as const) {
      const column = binary('sub', special('index'), integer(28));
      const value: Value = { op: 'table', type: 'f32', table: 0, halfSteps, column };
      const found = await differences(device, value, args, {
        plan,
        timedArrays: [{ first: 2, ...table }],
        surroundings: (triple) => ({
          specials: { step: triple, index: triple },
          tables: [{ kind: 'timed', ...table, values }],
        }),
      });
      expect(found).toEqual([]);
    }
  });

  test('names that WGSL or the shader keep are still free for users', async () => {
    const names = [
      'target',
      'step',
      'plan_words',
      'exp',
      'vec4u',
      '__x',
      'draws_0',
      'exp_portable',
    ];
    const body = names.map((name, k) => ({
      kind: 'let' as const,
      name,
      value: binary('add', k === 0 ? a : local(names[k - 1] as string), b),
    }));
    const value = binary('add', local('exp_portable'), call('exp', local('target')));
    const args = triples(
      floatSamples(300).filter((x) => Math.abs(x) < 50),
      bitsOf,
    );
    expect(await differences(device, value, args, { body })).toEqual([]);
  });

  test('amounts are rounded half to even', async () => {
    const halves = triples(
      [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.75, 1e30, -1e30].map((x) => x / 1024),
      bitsOf,
    );
    const results = await runShader(
      device,
      evaluateShader(literal(0), { body: [{ kind: 'add', input: 0, value: a }] }),
      {
        batch: new Uint32Array(6),
        window: new Uint32Array(2),
        plan_words: new Uint32Array(1),
        arguments: halves,
        results: new Uint32Array(9),
      },
      'results',
      1,
    );
    expect(results.length).toBe(9);
  });
});

function scaledToUnit(x: Value): Value {
  return binary('div', x, binary('add', literal(1), unary('abs', x)));
}

describe('the GPU of this test run', () => {
  test.skipIf(gpu === null)('is named', () => {
    expect(gpu?.description.description).not.toBe('');
  });
});
