/** Every operator and function: the emitted statements against evaluation on the host, in f64 and in f32. */
import { describe, expect, test } from 'vitest';
import { compileHost, elementEnvironment } from '../../../src/language/host.ts';
import { resolve } from '../../../src/language/resolve.ts';
import { checked, Neuron } from '../../support/lowering.ts';

const PARAMS = { a: '3', b: '0.5', c: '-2' };
const NAMES = 'x : 1\ny : 1\nk : integer\nflag : boolean\n';
const STATE = { x: 1.75, y: -2.5, k: 7, flag: 1 };

const EXPRESSIONS = [
  'x + y - a*b/c',
  '-x**2',
  'x**3 + x**5 + x**7 + x**8',
  'y**9 + y**10',
  'x**-2 + abs(y)**0.5 + x**1.5 + a**x',
  'x % a + y % a + x % c',
  'x // b + y // a',
  'k // 2 + k % 3 + (k + 1)/2',
  '49 // (k*7) + (0 - k) // 2 + (0 - k) % 2',
  'int(x) + int(y) + int(flag) + int(x > y)',
  'int(x > y and flag) + int(x > y or not flag)',
  'int(k == 7) + int(k != 7) + int(k >= 8) + int(flag == True)',
  'floor(y) + ceil(x) + sign(y) + sign(x) + abs(y)',
  'clip(x, -1, 1) + clip(y, -1, 1) + clip(x, -inf, 1) + clip(y, 0, inf)',
  'exp(x) + log(x) + log10(x) + sqrt(x)',
  'sin(x) + cos(y) + tan(x/3)',
  'sinh(x) + cosh(y) + tanh(x)',
  'arcsin(x/3) + arccos(y/3) + arctan(x)',
  'expm1(x) + log1p(x) + exprel(y) + exprel(x - 1.75)',
  '(x - a)*(x - a)*exp(x - a) + exp(x - a)/(x - a)',
  '1/(x*y)/b',
  'x + x - x + a - a',
  'timestep(x*ms, dt)',
  'dt/ms*x',
  'N + i + x',
];

describe.each(['f64', 'f32'] as const)('%s', (precision) => {
  test.each(EXPRESSIONS)('%s', (text) => {
    const eqs = `${NAMES}f = ${text} : 1`;
    const neuron = new Neuron({ eqs }, { params: PARAMS, precision });
    for (const [name, value] of Object.entries(STATE)) neuron.set(name, value);
    const expression = checked({ eqs }, { params: PARAMS }).variables.find(
      (v) => v.name === 'f',
    )?.expression;
    const environment = elementEnvironment({
      parameters: { a: 3, b: 0.5, c: -2, N: 1 },
      dtMs: 0.1,
      seed: 1,
      stream: 1,
      read: (symbol) => STATE[symbol.name as keyof typeof STATE],
    });
    const term = resolve(expression as NonNullable<typeof expression>, { draws: new Map() });
    const expected = compileHost(term)(environment);
    const scale = Math.max(1, Math.abs(expected)) * (precision === 'f64' ? 1e-12 : 5e-6);
    expect(Math.abs(neuron.read('f') - expected)).toBeLessThan(scale);
  });
});

test('time shared by stages: rk4 reads a timed array at half and full steps', () => {
  const neuron = new Neuron(
    { eqs: 'dx/dt = I(t)*tanh(1 + 0*x)/ms : 1' },
    {
      method: 'rk4',
      timedArrays: { I: { dimension: [0, 0, 0, 0, 0, 0, 0], columns: 1 } },
      tables: { I: 0 },
      interpreterTables: [{ kind: 'timed', stepsPerRow: 1, rows: 2, columns: 1, values: [1, 4] }],
    },
  );
  neuron.advance();
  neuron.begin();
  // k1 = 1, k2 = k3 = 1 (still the first row at half a step), k4 = 4.
  expect(neuron.read('x')).toBeCloseTo((0.1 * Math.tanh(1) * (1 + 4 + 4)) / 6, 12);
});
