/** Undo and redo over contents of a project. */
import { describe, expect, it } from 'vitest';
import { createHistory } from '../../../../src/app/state/history.ts';
import type { ProjectContent } from '../../../../src/app/state/project.ts';

const content = (name: string): ProjectContent => ({
  source: { kind: 'document', origin: name },
  document: null,
});
const entry = (k: number, merge = '') => ({
  label: `edit ${k}`,
  before: content(`${k - 1}`),
  after: content(`${k}`),
  merge,
});

describe('history', () => {
  it('goes back and forth, and forgets what was undone with the next edit', () => {
    const history = createHistory();
    expect(history.undo()).toBeNull();
    history.push(entry(1));
    history.push(entry(2));
    expect(history.undoable.value).toBe('edit 2');
    expect(history.undo()).toEqual(content('1'));
    expect(history.redoable.value).toBe('edit 2');
    expect(history.redo()).toEqual(content('2'));
    history.undo();
    history.push(entry(3));
    expect(history.redo()).toBeNull();
    expect(history.undo()).toEqual(content('2'));
  });

  it('makes one step of what belongs together, but not across an undo', () => {
    const history = createHistory();
    history.push(entry(1));
    for (const k of [2, 3, 4]) history.push(entry(k, 'slider w'));
    expect(history.undo()).toEqual(content('1'));
    expect(history.redo()).toEqual(content('4'));
    history.undo();
    history.redo();
    history.push(entry(5, 'slider w'));
    expect(history.undo()).toEqual(content('4'));
  });

  it('keeps a hundred steps, and survives being saved', () => {
    const history = createHistory();
    for (let k = 1; k <= 130; k++) history.push(entry(k));
    const again = createHistory();
    again.load(structuredClone(history.save()));
    let steps = 0;
    let last: ProjectContent | null = null;
    for (let found = again.undo(); found; found = again.undo()) {
      last = found;
      steps++;
    }
    expect(steps).toBe(100);
    expect(last).toEqual(content('30'));
  });
});
