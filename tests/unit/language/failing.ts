/** Provokes errors of the language and compares them word for word; shared by the tests of messages. */
import { expect } from 'vitest';
import { NetworkError, type Problem } from '../../../src/errors.ts';
import type { CheckedPopulation } from '../../../src/language/ast.ts';
import { checkPopulation, checkProjection, type Scope } from '../../../src/language/check.ts';
import { DIMENSIONS } from '../../../src/language/units.ts';
import { dimensions } from './corpus.ts';

export const timedArrays = {
  I_t: { dimension: DIMENSIONS.current, columns: 1 },
  I_ti: { dimension: DIMENSIONS.current, columns: 3 },
};

export const UNITS = {
  E_L: 'volt',
  E_e: 'volt',
  V_r: 'volt',
  V_t: 'volt',
  g_L: 'siemens',
  C_m: 'farad',
  tau_m: 'second',
  sigma: 'volt/second**0.5',
  sigma2: 'volt/second**0.5',
};

export function scopeOf(units: Readonly<Record<string, string>>): Scope {
  return { params: dimensions(units), networkParams: {}, timedArrays };
}

/** What was thrown by `action`. */
export function failure(action: () => unknown): NetworkError {
  try {
    action();
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export type Texts = Parameters<typeof checkPopulation>[0];

export const population = (
  text: Texts,
  units: Readonly<Record<string, string>> = UNITS,
): NetworkError => failure(() => checkPopulation(text, scopeOf(units)));

export const target: CheckedPopulation = checkPopulation(
  {
    eqs: `dv/dt = (E_L - v)/tau_m : volt (unless refractory)
      g : siemens
      I_gap : amp
      count : integer
      u = 2*v : volt`,
    threshold: 'v > V_t',
    reset: 'v = V_r',
    refractory: '2 ms',
  },
  scopeOf(UNITS),
);

export const source: CheckedPopulation = checkPopulation({ eqs: 'q : 1' }, scopeOf({}));

export const projection = (
  text: { eqs?: string; onPre?: string },
  ends: { pre: CheckedPopulation | null; post: CheckedPopulation | null } = {
    pre: source,
    post: target,
  },
): NetworkError => {
  const { eqs, onPre } = text;
  const scope = { ...scopeOf({}), targetParams: dimensions(UNITS) };
  const paths = onPre === undefined ? {} : { pre: onPre };
  return failure(() => checkProjection({ eqs, onPre: paths }, ends, scope));
};

/** The part of the source that the caret marks. */
export const marked = ({ source: line, column, length }: Problem): string =>
  line.slice(column - 1, column - 1 + length);

export interface Expected {
  readonly code: string;
  readonly marks: string;
  readonly hint: string;
  readonly text: string;
}

export function expectOne(error: NetworkError, expected: Expected): void {
  expect(error.message).toBe(expected.text.replace(/^\n/, '').trimEnd());
  expect(error.problems.map((problem) => problem.code)).toEqual([expected.code]);
  const [problem] = error.problems;
  if (problem === undefined) throw new Error('no problem');
  expect(marked(problem)).toBe(expected.marks);
  expect(problem.hint).toBe(expected.hint);
}

/** Name, what is wrong, texts, code, marked part of the source, hint. */
export type ErrorCase = readonly [
  name: string,
  kind: 'population' | 'projection' | 'spike list',
  given: Texts | Parameters<typeof projection>[0],
  code: string,
  marks: string,
  hint: string,
];

/** The error of a case. */
export function errorOf([, kind, given]: ErrorCase): NetworkError {
  if (kind === 'population') return population({ eqs: '', ...given });
  return kind === 'projection' ? projection(given) : projection(given, { pre: null, post: null });
}

/** Compares code, place and hint of a case, which must be the only problem. */
export function expectCase(errorCase: ErrorCase): void {
  const [, , , code, marks, hint] = errorCase;
  const { problems } = errorOf(errorCase);
  expect(
    problems.map((problem) => ({ code: problem.code, marks: marked(problem), hint: problem.hint })),
  ).toEqual([{ code, marks, hint }]);
}

/** The full texts of all cases, for a snapshot that people can review. */
export function texts(cases: readonly ErrorCase[]): string {
  return cases.map((errorCase) => `# ${errorCase[0]}\n${errorOf(errorCase).message}\n`).join('\n');
}
