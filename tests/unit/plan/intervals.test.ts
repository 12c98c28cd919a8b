/** Bounds of expressions: never too narrow, exact where every variable occurs once, and none where there is none. */
import { describe, expect, it } from 'vitest';
import {
  call,
  choose,
  compare,
  difference,
  modulo,
  negate,
  power,
  product,
  quotient,
  sum,
} from '../../../src/language/combine.ts';
import { constantEnvironment } from '../../../src/language/constants.ts';
import { compileHost, elementEnvironment } from '../../../src/language/host.ts';
import { number, symbol, type Term } from '../../../src/language/term.ts';
import { type Interval, intervalOf } from '../../../src/plan/intervals.ts';

const of = (name: string): Term => symbol({ role: 'variable', name, side: 'synapse' });
const [w, u] = [of('w'), of('u')];
const J = symbol({ role: 'parameter', name: 'J', scope: 'own' });
const parameters = { J: -3 };

function bounds(term: Term, ranges: Readonly<Record<string, Interval>>): Interval | null {
  return intervalOf(term, {
    environment: constantEnvironment(parameters, 0.1),
    of: ({ name }) => ranges[name] ?? null,
  });
}

/** Largest and smallest value at points of a grid over the ranges, ends included. */
function sampled(term: Term, ranges: Readonly<Record<string, Interval>>): Interval {
  const value = compileHost(term);
  const at: Record<string, number> = {};
  const environment = elementEnvironment({
    parameters,
    dtMs: 0.1,
    seed: 1,
    stream: 0,
    read: ({ name }) => at[name] as number,
  });
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const points = 60;
  const grid = ([from, to]: Interval = [0, 0]): number[] =>
    Array.from({ length: points + 1 }, (_, k) => from + ((to - from) * k) / points);
  for (at.w of grid(ranges.w)) {
    for (at.u of grid(ranges.u)) {
      const found = value(environment);
      low = Math.min(low, found);
      high = Math.max(high, found);
    }
  }
  return [low, high];
}

const RANGES: readonly Readonly<Record<string, Interval>>[] = [
  { w: [0.5, 2], u: [1, 3] },
  { w: [-2, 1], u: [0.25, 0.5] },
  { w: [-3, -1], u: [2, 2] },
  { w: [-1, 4], u: [-3, 2] },
];

describe('bounds', () => {
  const TIGHT: Readonly<Record<string, Term>> = {
    'w + u': sum(w, u),
    'w - u': difference(w, u),
    '-w': negate(w),
    'J*w': product(J, w),
    'w*u': product(w, u),
    'w/J': quotient(w, J),
    'w**2': power(w, number(2)),
    'w**3': power(w, number(3)),
    'exp(w)*u': product(call('exp', w), u),
    'abs(w)': call('abs', w),
    'floor(w) + u': sum(call('floor', w), u),
    'clip(w, -1, u)': call('clip', w, number(-1), u),
    'tanh(w*u)': call('tanh', product(w, u)),
    'J*w + 2*u': sum(product(J, w), product(number(2), u)),
  };
  for (const [text, term] of Object.entries(TIGHT)) {
    it(`${text}: exact`, () => {
      for (const ranges of RANGES) {
        const [low, high] = sampled(term, ranges);
        const found = bounds(term, ranges) as Interval;
        // The grid may miss a turning point: 0 is not on all of them.
        expect(found[0]).toBeLessThanOrEqual(low);
        expect(found[1]).toBeGreaterThanOrEqual(high);
        expect(found[0]).toBeGreaterThanOrEqual(low - 0.02 * Math.max(1, high - low));
        expect(found[1]).toBeLessThanOrEqual(high + 0.02 * Math.max(1, high - low));
      }
    });
  }

  const WIDE: Readonly<Record<string, Term>> = {
    'w*w - w': difference(product(w, w), w),
    'sin(w)*u': product(call('sin', w), u),
    'u if w > 1 else -u': choose(compare('>', w, number(1)), u, negate(u)),
    'exp(-w**2)*w': product(call('exp', negate(power(w, number(2)))), w),
  };
  for (const [text, term] of Object.entries(WIDE)) {
    it(`${text}: not too narrow`, () => {
      for (const ranges of RANGES) {
        const [low, high] = sampled(term, ranges);
        const found = bounds(term, ranges) as Interval;
        expect(found[0]).toBeLessThanOrEqual(low);
        expect(found[1]).toBeGreaterThanOrEqual(high);
      }
    });
  }

  it('none where values are infinite, unknown or not numbers', () => {
    const ranges = { w: [-1, 1] } as const;
    expect(bounds(quotient(J, w), ranges)).toBeNull();
    expect(bounds(call('log', w), ranges)).toBeNull();
    expect(bounds(call('sqrt', w), ranges)).toBeNull();
    expect(bounds(power(w, number(0.5)), ranges)).toBeNull();
    expect(bounds(power(w, number(-1)), ranges)).toBeNull();
    expect(bounds(call('exp', product(number(1e4), w)), ranges)).toBeNull();
    expect(bounds(call('tan', w), ranges)).toBeNull();
    expect(bounds(modulo(w, number(3)), ranges)).toBeNull();
    expect(bounds(sum(w, u), ranges)).toBeNull();
    expect(bounds(quotient(J, sum(w, number(2))), ranges)).toEqual([-3, -1]);
  });

  it('what is clipped lies between its bounds, whatever it is', () => {
    const infinite = number(Number.POSITIVE_INFINITY);
    expect(bounds(call('clip', u, number(0), number(1)), {})).toEqual([0, 1]);
    expect(bounds(call('clip', quotient(J, w), J, number(2)), { w: [-1, 1] })).toEqual([-3, 2]);
    // A bound of infinity is none.
    expect(bounds(call('clip', w, number(0), infinite), { w: [-1, 4] })).toEqual([0, 4]);
    expect(bounds(call('clip', u, number(0), infinite), {})).toBeNull();
    expect(bounds(call('clip', w, u, number(1)), { w: [0, 1] })).toBeNull();
  });
});
