/** Whatever the text, the language answers with a model or with a NetworkError that has a place for every problem. */
import { describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/errors.ts';
import { checkPopulation, checkProjection, checkValue } from '../../../src/language/check.ts';
import { parseEquations, parseExpression, parseStatements } from '../../../src/language/parse.ts';
import { eqs } from '../../../src/language/substitute.ts';
import { DIMENSIONS, parseQuantity, parseUnit, readQuantity } from '../../../src/language/units.ts';
import { POPULATIONS, PROJECTIONS, postModel, SCOPE } from './corpus.ts';

/** xorshift32, so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const PIECES =
  'v w x I t dt i N xi xi_1 dv/dt dw/dt = == + - * / // % ** ( ) , : ; \n mV ms 1 2.5 .5 1e-3 1e400 volt siemens boolean ' +
  'integer exp( clip( rand() randn() int( I_stim( not and or True False < > <= >= != += -= *= (shared) (constant) ' +
  '(summed) (event-driven) (unless refractory) v_post v_pre g_post # ^ & | [ ] { } ? ! " \' \u00b5 \u{1f9e0} \ud800 \t \r ' +
  '__proto__ constructor toString hasOwnProperty lastspike not_refractory lastupdate if else lambda _x 0x1 1_0 inf pi e';

const pieces = PIECES.split(' ').map((piece) => (piece === '' ? ' ' : piece));

function randomText(random: (below: number) => number): string {
  const count = 1 + random(40);
  let text = '';
  for (let k = 0; k < count; k++)
    text += (random(3) === 0 ? ' ' : '') + pieces[random(pieces.length)];
  return text;
}

function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let k = 0; k <= random(4); k++) {
    const at = random(result.length + 1);
    const length = random(6);
    const insert = random(2) === 0 ? (pieces[random(pieces.length)] ?? '') : '';
    result = result.slice(0, at) + insert + result.slice(at + (random(2) === 0 ? length : 0));
  }
  return result;
}

/** Runs `action`; a NetworkError is fine if it is complete, anything else fails the test. */
function answer(action: () => unknown, text: string): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof NetworkError))
      throw new Error(`threw ${error} for ${JSON.stringify(text.slice(0, 300))}`);
    expect(error.message.length, text).toBeGreaterThan(10);
    for (const problem of error.problems) {
      expect(problem.code, text).toMatch(/^[a-z-]+$/);
      expect(problem.line, text).toBeGreaterThan(0);
      expect(problem.column, text).toBeGreaterThan(0);
      expect(problem.length, text).toBeGreaterThan(0);
      expect(error.message, text).toContain(problem.message);
    }
  }
}

const model = postModel();

function askEverything(text: string): void {
  const ends = { pre: model, post: model };
  const scope = { ...SCOPE, targetParams: {} };
  const block = { name: 'eqs', text };
  const actions: (() => unknown)[] = [
    () => parseEquations(block),
    () => parseExpression(block),
    () => parseStatements(block),
    () => checkPopulation({ eqs: text }, SCOPE),
    () =>
      checkPopulation({ eqs: 'v : volt', threshold: text, reset: text, refractory: text }, SCOPE),
    () => checkProjection({ eqs: text, onPre: { pre: text }, onPost: { post: text } }, ends, scope),
    () => checkValue({ name: 'set v', text }, DIMENSIONS.voltage, 'float', model, SCOPE),
    () => parseUnit(text),
    () => readQuantity(text),
    () => parseQuantity(text, 'here', DIMENSIONS.time),
    () => eqs(text, { v: 'u', x: '2*mV' }),
  ];
  for (const action of actions) answer(action, text);
}

describe('fuzzing', () => {
  it('random texts', () => {
    const random = generator(20250101);
    for (let k = 0; k < 800; k++) askEverything(randomText(random));
  });

  it('mutated models', () => {
    const random = generator(7);
    const texts = [
      ...POPULATIONS.flatMap(({ eqs: text, threshold, reset }) => [
        text,
        threshold ?? '',
        reset ?? '',
      ]),
      ...PROJECTIONS.flatMap(({ eqs: text, onPre }) => [text ?? '', onPre ?? '']),
    ].filter((text) => text !== '');
    for (let k = 0; k < 1500; k++) askEverything(mutate(texts[random(texts.length)] ?? '', random));
  });

  it.each([
    ['parentheses', '('.repeat(50_000)],
    ['closed parentheses', `${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['signs', `${'-'.repeat(50_000)}1`],
    ['nots', `${'not '.repeat(50_000)}True`],
    ['powers', `2${'**2'.repeat(50_000)}`],
    ['sums', `1${'+1'.repeat(50_000)}`],
    ['calls', 'exp('.repeat(50_000)],
    ['comparisons', `1${'<1'.repeat(5_000)}`],
    ['juxtaposition', '1 '.repeat(5_000)],
    ['lines', 'x : 1\n'.repeat(1_000)],
    ['a long name', 'x'.repeat(200_000)],
    ['nothing', ''],
    ['blanks', ' \n\t\r\n'],
  ])('%s do not overflow the stack', (_, text) => {
    askEverything(text);
  });
});
