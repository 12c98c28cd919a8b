/** Published kinds of models are accepted, or refused by naming the construct. */
import { describe, expect, it } from 'vitest';
import { checkPopulation, checkProjection } from '../../../src/language/check.ts';
import { POPULATIONS, PROJECTIONS, postModel, SCOPE } from './corpus.ts';

/** The error message, or '' when the model is accepted. */
function refusal(check: () => unknown): string {
  try {
    check();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('corpus', () => {
  it('has at least 60 models', () => {
    expect(POPULATIONS.length + PROJECTIONS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(POPULATIONS)('population: $name', ({ refused, name: _, ...text }) => {
    const message = refusal(() => checkPopulation(text, SCOPE));
    if (refused === undefined) expect(message).toBe('');
    else expect(message).toContain(refused);
  });

  it.each(PROJECTIONS)('projection: $name', ({ refused, eqs, onPre, onPost }) => {
    const text = {
      eqs,
      onPre: onPre === undefined ? {} : { pre: onPre },
      onPost: onPost === undefined ? {} : { post: onPost },
    };
    const model = postModel();
    const scope = { params: {}, networkParams: {}, timedArrays: {}, targetParams: SCOPE.params };
    const message = refusal(() => checkProjection(text, { pre: model, post: model }, scope));
    if (refused === undefined) expect(message).toBe('');
    else expect(message).toContain(refused);
  });
});
