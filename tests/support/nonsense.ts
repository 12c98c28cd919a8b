/**
 * The test that every argument replaced by nonsense gives an error of ours: a list of nonsense, and what the error must
 * be. Each test file brings its own calls.
 */
import { describe, expect, it } from 'vitest';
import * as wetware from '../../src/index.ts';

export const NONSENSE: readonly (readonly [name: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['NaN', Number.NaN],
  ['-1', -1],
  ['1.5', 1.5],
  ['1e300', 1e300],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['empty text', ''],
  ['abc', 'abc'],
  ['5 bananas', '5 bananas'],
  ['constructor', 'constructor'],
  ['true', true],
  ['{}', {}],
  ['{ a: 1 }', { a: 1 }],
  ['[]', []],
  ['[1]', [1]],
  ['[null]', [null]],
  ['function', () => 0],
  ['symbol', Symbol('nonsense')],
  ['bigint', 5n],
  ['Date', new Date(0)],
  ['Map', new Map()],
];

/** A call with one argument or option replaced. */
export interface Call {
  /** As one would write it, with x in the place of the nonsense. */
  readonly call: string;
  readonly run: (x: never) => unknown;
  /** Nonsense that is a legal value here. */
  readonly fine?: readonly string[];
}

/** One of our errors, with a sentence that says what was wrong. */
function isOurs(error: unknown): boolean {
  if (error instanceof wetware.NetworkError || error instanceof wetware.DeviceError) return true;
  const isBuiltIn = error instanceof RangeError || error instanceof TypeError;
  return isBuiltIn && /must be|takes an object|nknown option|was made by/.test(error.message);
}

/** Tests each call with each piece of nonsense. */
export function describeNonsense(calls: readonly Call[]): void {
  describe.each(calls)('$call', ({ run, fine = [] }) => {
    it.each(NONSENSE)('x = %s', async (name, value) => {
      let failure: unknown = null;
      let result: unknown = null;
      try {
        result = await run(value as never);
      } catch (error) {
        failure = error ?? 'nothing';
      }
      if (result !== null && typeof result === 'object' && 'destroy' in result) {
        (result as wetware.Simulation).destroy();
      }
      if (fine.includes(name)) {
        expect(failure).toBeNull();
        return;
      }
      expect(failure).not.toBeNull();
      expect(isOurs(failure), String(failure)).toBe(true);
      expect((failure as Error).message).not.toMatch(/\[object|internal/);
      expect((failure as Error).message.length).toBeGreaterThan(20);
    });
  });
}
