/** What is kept of a project and when, with a store that remembers what it was given. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAutosave } from '../../../../src/app/keep/autosave.ts';
import { bytesOf, cardOf, whenText } from '../../../../src/app/keep/card.ts';
import { arraysOf } from '../../../../src/app/keep/projects.ts';
import type { KeptProject, ProjectCard } from '../../../../src/app/keep/store.ts';
import { createApp } from '../../../../src/app/state/app.ts';
import { exampleProject, newProject } from '../../../../src/app/state/project.ts';
import type { Example } from '../../../../src/examples/example.ts';
import { examples } from '../../../../src/examples/index.ts';

const document = (examples.cuba as Example).build();

/** Browser events that a test sends. */
const listeners = new Map<string, () => void>();

function setUp(save: (kept: KeptProject) => Promise<void> = async () => undefined) {
  const app = createApp({
    project: newProject({ source: { kind: 'document', origin: 'a file' }, document }),
    createWorker: () => ({ postMessage: () => undefined, terminate: () => undefined }) as never,
  });
  const saved: { kept: KeptProject; card: Omit<ProjectCard, 'name'> }[] = [];
  const autosave = startAutosave(app, {
    save(kept, card) {
      saved.push({ kept, card });
      return save(kept);
    },
  });
  return { app, saved, autosave };
}

const rename = (name: string) => (before: typeof document) => ({ ...before, name });

beforeEach(() => {
  vi.useFakeTimers();
  const target = {
    visibilityState: 'visible',
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: () => undefined,
  };
  vi.stubGlobal('document', target);
  vi.stubGlobal('addEventListener', target.addEventListener);
  vi.stubGlobal('removeEventListener', target.removeEventListener);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  listeners.clear();
});

describe('autosave', () => {
  it('keeps project and undo 300 ms after the last of several changes', () => {
    const { app, saved } = setUp();
    app.edit('One', rename('one'));
    vi.advanceTimersByTime(200);
    app.edit('Two', rename('two'));
    vi.advanceTimersByTime(299);
    expect(saved).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(saved).toHaveLength(1);
    expect(saved[0]?.kept.project.document?.name).toBe('two');
    expect(saved[0]?.kept.history.past.map(({ label }) => label)).toEqual(['One', 'Two']);
  });

  it('keeps at once when the page goes away, and once', () => {
    const { app, saved } = setUp();
    app.edit('One', rename('one'));
    listeners.get('pagehide')?.();
    expect(saved.at(-1)?.kept.project.document?.name).toBe('one');
    vi.advanceTimersByTime(1000);
    expect(saved).toHaveLength(1);
  });

  it('keeps the project before, whole, when another is opened', () => {
    const { app, saved } = setUp();
    const { id } = app.project.value;
    app.edit('One', rename('one'));
    app.open(exampleProject('coba'));
    expect(saved).toHaveLength(1);
    expect(saved[0]?.kept.project.id).toBe(id);
    expect(saved[0]?.kept.history.past).toHaveLength(1);
    vi.advanceTimersByTime(300);
    expect(saved[1]?.kept.history.past).toEqual([]);
    expect(saved[1]?.card.isEdited).toBe(false);
  });

  it('says once that there is no room, and tries again', async () => {
    let isFull = true;
    const { app, saved } = setUp(async () => {
      if (isFull) throw new DOMException('', 'QuotaExceededError');
    });
    app.edit('One', rename('one'));
    await vi.advanceTimersByTimeAsync(300);
    expect(app.notice.value).toMatchObject({
      kind: 'failure',
      text: expect.stringMatching(/no room/),
    });
    app.notice.value = null;
    app.edit('Two', rename('two'));
    await vi.advanceTimersByTimeAsync(300);
    expect(app.notice.value).toBeNull();
    isFull = false;
    listeners.get('pagehide')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(saved.at(-1)?.kept.project.document?.name).toBe('two');
  });
});

describe('a project in the list', () => {
  it('has title, origin and size, with the lists that are kept apart', () => {
    const project = newProject({ source: { kind: 'document', origin: 'flies.parquet' }, document });
    const history = { past: [], future: [] };
    const card = cardOf({ project, history }, 'Flies', 5);
    expect(card).toMatchObject({
      title: 'Flies',
      origin: 'flies.parquet',
      savedAt: 5,
      isEdited: true,
    });
    expect(card.bytes).toBe(JSON.stringify(document).length);
    const reference = { array: 'aa', type: 'Float64Array', length: 1000 };
    const large = { ...document, params: { list: reference } } as never;
    expect(bytesOf(large)).toBe(JSON.stringify(large).length + 8000);
  });

  it('keeps the lists that it can go back to', () => {
    const list = (array: string) => ({ array, type: 'Float32Array', length: 3 });
    const content = (array: string) => ({
      source: {
        kind: 'document',
        origin: '',
        labels: { population: 'a', ids: list(`${array}-ids`) },
      },
      document: { x: list(array) },
    });
    const kept = {
      project: content('now'),
      history: {
        past: [{ label: '', merge: '', before: content('before'), after: content('now') }],
        future: [{ label: '', merge: '', before: content('now'), after: content('after') }],
      },
    } as never;
    expect([...arraysOf(kept, new Set())].sort()).toEqual([
      'after',
      'after-ids',
      'before',
      'before-ids',
      'now',
      'now-ids',
    ]);
  });

  it('says when in words', () => {
    const hour = 3_600_000;
    expect(whenText(0, 20_000)).toBe('just now');
    expect(whenText(0, 60_000)).toBe('a minute ago');
    expect(whenText(0, 5 * 60_000)).toBe('5 minutes ago');
    expect(whenText(0, hour)).toBe('an hour ago');
    expect(whenText(0, 30 * hour)).toBe('yesterday');
    expect(whenText(0, 100 * hour)).toMatch(/1970/);
  });
});
