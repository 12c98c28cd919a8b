/** The integrators that the inspector offers are those of the language. */
import { expect, it } from 'vitest';
import { METHODS } from '../../../../src/app/build/inspect/Method.tsx';
import { METHOD_NAMES } from '../../../../src/language/integrate.ts';

it('offers every method once; `linear` is another name of exact', () => {
  const [, ...offered] = METHODS;
  expect(offered).toEqual(METHOD_NAMES.filter((name) => name !== 'linear'));
});
