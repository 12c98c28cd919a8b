/** WGSL text without a GPU: literals, folding of what WGSL would refuse to evaluate, fences, readable bodies. */
import { describe, expect, test } from 'vitest';
import {
  type WgslArithmetic,
  WgslEmitter,
  wgslFloat,
  wgslInteger,
} from '../../../src/language/emit-wgsl.ts';
import {
  add,
  binary,
  call,
  div,
  get,
  integer,
  literal,
  local,
  mul,
  select,
  sub,
  unary,
  type Value,
} from '../../../src/language/kernel.ts';

const refuse = (): never => {
  throw new Error('not in these tests');
};

function emitter(arithmetic: WgslArithmetic = 'ordered'): WgslEmitter {
  return new WgslEmitter({
    place: ({ name }) => name,
    constant: (_, name) => name,
    special: (name) => name,
    draws: (group) => `philox(${group}u)`,
    timedArray: refuse,
    binomialTable: refuse,
    arrived: (input) => `take_input(${input}u)`,
    add: (input, value) => `add_input(${input}u, ${value});`,
    reserved: new Set(['step', 'v']),
    arithmetic,
  });
}

const own = (index: number, name: string): Value => get({ side: 'own', index, name });
const [x, y, z] = [own(0, 'x'), own(1, 'y'), own(2, 'z')] as const;

describe('literals', () => {
  test.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [1e10, '10000000000.0'],
    [1e30, '1e+30'],
    [-2.5e-20, '-2.5e-20'],
    [1 / 3, '0.33333334'],
    [-0, 'from_bits((-2147483647 - 1))'],
    [Number.POSITIVE_INFINITY, 'from_bits(2139095040)'],
    [1e-40, 'from_bits(71362)'],
  ])('%d is %s', (value, text) => {
    expect(wgslFloat(value)).toBe(text);
  });

  test('every f32 reads back as itself', () => {
    for (let k = 0; k < 20_000; k++) {
      const value = Math.fround(Math.sin(k) * 10 ** ((k % 70) - 35));
      if (Math.abs(value) < 2 ** -126) continue;
      expect(Math.fround(Number(wgslFloat(value)))).toBe(value);
    }
  });

  test('the smallest i32 has a form', () => {
    expect(wgslInteger(-2147483648)).toBe('(-2147483647 - 1)');
    expect(wgslInteger(7)).toBe('7');
  });
});

describe('what WGSL would evaluate while compiling is folded', () => {
  test.each<[Value, string]>([
    [binary('add', integer(2147483647), integer(1)), '(-2147483647 - 1)'],
    [binary('mul', integer(65536), integer(65537)), '65536'],
    [div(literal(1), literal(0)), 'from_bits(2139095040)'],
    [mul(literal(3e38), literal(10)), 'from_bits(2139095040)'],
    [add(literal(0.1), literal(0.2)), '0.3'],
    [binary('lt', literal(1), literal(2)), 'true'],
    [unary('to_i32', literal(1e20)), '2147483647'],
    [unary('bits_of', literal(1)), '1065353216'],
  ])('%#', (value, text) => {
    expect(emitter().expression(value)).toBe(text);
  });
});

describe('expressions', () => {
  test.each<[Value, string, string]>([
    [sub(x, sub(y, z)), 'x - opaque(y - z)', 'x - (y - z)'],
    [add(add(x, y), z), 'opaque(x + y) + z', 'x + y + z'],
    [mul(add(x, y), z), '(x + y) * z', '(x + y) * z'],
    [add(mul(x, y), z), 'x * y + z', 'x * y + z'],
    [add(mul(x, y), mul(x, z)), 'opaque(x * y) + x * z', 'x * y + x * z'],
    [mul(literal(2), mul(x, y)), '2.0 * (x * y)', '2.0 * (x * y)'],
    [div(x, literal(3)), 'x / opaque(3.0)', 'x / 3.0'],
    [call('exp', sub(x, y)), 'exp_portable(opaque(x - y))', 'exp_portable(x - y)'],
    [unary('neg', unary('neg', x)), '-(-x)', '-(-x)'],
    [
      binary('and', binary('gt', x, y), unary('not', binary('eq', y, z))),
      '(x > y) && (!(y == z))',
      '(x > y) && (!(y == z))',
    ],
    [select(binary('lt', x, y), x, y), 'select(y, x, x < y)', 'select(y, x, x < y)'],
  ])('%#', (value, ordered, fast) => {
    expect(emitter('ordered').expression(value)).toBe(ordered);
    expect(emitter('fast').expression(value)).toBe(fast);
  });

  test('strict arithmetic goes through exact functions, and is not hidden twice', () => {
    const text = emitter('strict').expression(mul(literal(0.3), mul(x, div(y, z))));
    expect(text).toBe('exact_product(0.3, exact_product(x, exact_quotient(y, z)))');
  });
});

test('statements: user names, one per line, draws where first needed, fences through names', () => {
  const place = { side: 'own', index: 0, name: 'x' } as const;
  const body = emitter().statements(
    [
      { kind: 'comment', text: 'dv/dt = (I - v)/tau : volt  # leak' },
      { kind: 'let', name: 'v', value: add(x, y) },
      { kind: 'let', name: 'step', value: add(local('v'), z) },
      {
        kind: 'if',
        condition: binary('gt', local('step'), literal(1)),
        rare: true,
        body: [
          { kind: 'set', place, value: { op: 'draw', type: 'f32', kind: 'uniform', slot: 5 } },
          { kind: 'add', input: 0, value: x },
        ],
      },
    ],
    '  ',
  );
  expect(body.split('\n')).toEqual([
    '  // dv/dt = (I - v)/tau : volt   leak',
    '  let v_: f32 = x + y;',
    '  let step_: f32 = opaque(v_) + z;',
    '  if (opaque(step_) > 1.0) {',
    '    let draws_1 = philox(1u);',
    '    x = uniform_of(draws_1.y);',
    '    add_input(0u, x);',
    '  }',
  ]);
});

test('portable functions come once, after those they call', () => {
  const one = emitter();
  one.expression(add(call('tanh', x), call('tanh', y)));
  const text = one.functions();
  expect(text.match(/fn tanh_portable/g)?.length).toBe(1);
  expect(text.indexOf('fn expm1_portable')).toBeLessThan(text.indexOf('fn tanh_portable'));
});
