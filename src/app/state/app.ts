/**
 * The page's one state: the project (document and view), what its simulation says, and the actions that change either.
 * Everything on the screen follows from it. Signals only; who draws is in shell/ and views/, who simulates in session.ts.
 */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { NetworkDocument } from '../../index.ts';
import type { Failure, NetworkInfo, Progress } from '../simulation/protocol.ts';
import { createHistory, type History } from './history.ts';
import type { Project, ProjectContent, ProjectSource, RunSettings, ViewState } from './project.ts';
import { createSession, type Session } from './session.ts';

/** `building` also while an old network still runs: then `info` is that of the old one. */
export type Phase = 'building' | 'paused' | 'running' | 'failed';

/** What is selected in the outline and shown in the inspector. */
export type Selection =
  | { readonly kind: 'network' }
  | {
      readonly kind:
        | 'population'
        | 'projection'
        | 'input'
        | 'field'
        | 'recording'
        | 'intervention'
        | 'timedArray';
      readonly name: string;
    };

/** An interval of time that all plots show, ms; null follows the run. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something to say once: a copied link, a refused file. */
export interface Notice {
  readonly text: string;
  readonly kind: 'done' | 'warning' | 'failure';
  /** What can be done about it: "Undo". */
  readonly action?: { readonly title: string; readonly act: () => void };
}

/** An address that could not be opened; the page shows something else meanwhile. */
export interface BadAddress {
  /** As it stood there, to copy. */
  readonly address: string;
  readonly message: string;
}

export interface App {
  readonly project: ReadonlySignal<Project>;
  readonly session: Session;
  readonly history: History;
  readonly selection: Signal<Selection>;
  /** Shared cursor of all plots, ms of simulated time; null without. */
  readonly cursorMs: Signal<number | null>;
  readonly timeWindow: Signal<TimeWindow | null>;
  readonly notice: Signal<Notice | null>;
  readonly badAddress: Signal<BadAddress | null>;
  /** Global numbers of neurons picked by lasso, search or a click; empty: none. */
  readonly picked: Signal<Uint32Array>;
  /** Which sheet is open over the page: the gallery, sharing, … or '' . Names are those of shell/sheets.ts. */
  readonly sheet: Signal<string>;
  /** Files that were dropped or chosen, until they are opened or put away. */
  readonly files: Signal<readonly File[]>;
  readonly dark: ReadonlySignal<boolean>;

  /**
   * Changes the document, as one step of undo. Parameters take effect in the running network; everything else builds a
   * new one beside it and swaps it in. `merge`: successive changes with the same key are one step (a slider).
   */
  edit(label: string, change: (document: NetworkDocument) => NetworkDocument, merge?: string): void;
  /** Changes where the document comes from: other values of the example. One step of undo. */
  setSource(label: string, source: ProjectSource): void;
  /** Another seed: the same network, other draws. One step of undo. */
  setSeed(seed: number): void;
  /** Opens another project, with what can be undone in it; the one before stays in the list of projects. */
  open(project: Project, saved?: ReturnType<History['save']>): void;
  setRun(change: Partial<RunSettings>): void;
  setView(change: Partial<ViewState>): void;
  undo(): void;
  redo(): void;
}

export interface AppOptions {
  readonly project: Project;
  /** Makes a worker for a network; tests put their own. */
  readonly createWorker: () => Worker;
}

export function createApp({ project: first, createWorker }: AppOptions): App {
  const project = signal(first);
  const prefersDark = signal(false);
  if (typeof matchMedia === 'function') {
    const query = matchMedia('(prefers-color-scheme: dark)');
    prefersDark.value = query.matches;
    query.addEventListener('change', () => {
      prefersDark.value = query.matches;
    });
  }
  const session = createSession(createWorker, {
    project: () => project.value,
    built(document) {
      // Not an edit: the example's document is what its values mean.
      if (project.value.document === null) project.value = { ...project.value, document };
    },
  });
  const history = createHistory();
  const cursorMs = signal<number | null>(null);
  const timeWindow = signal<TimeWindow | null>(null);
  const picked = signal<Uint32Array>(new Uint32Array(0));

  const put = (content: ProjectContent): void => {
    const before = project.value;
    project.value = { ...before, ...content };
    session.follow(before, project.value);
  };
  const contentOf = ({ source, document }: Project): ProjectContent => ({ source, document });
  const change = (label: string, content: ProjectContent, merge = ''): void => {
    history.push({ label, before: contentOf(project.value), after: content, merge });
    put(content);
  };

  return {
    project,
    session,
    history,
    selection: signal<Selection>({ kind: 'network' }),
    cursorMs,
    timeWindow,
    notice: signal<Notice | null>(null),
    badAddress: signal<BadAddress | null>(null),
    picked,
    sheet: signal(''),
    files: signal<readonly File[]>([]),
    dark: computed(() =>
      project.value.view.theme === 'auto' ? prefersDark.value : project.value.view.theme === 'dark',
    ),
    edit(label, edit, merge) {
      const { source, document } = project.value;
      if (document === null) return;
      const edited = edit(document);
      if (edited === document) return;
      const edits: ProjectSource =
        source.kind === 'example' ? { kind: 'document', origin: `from ${source.name}` } : source;
      change(label, { source: edits, document: edited }, merge);
    },
    setSource: (label, source) => change(label, { source, document: null }),
    setSeed(seed) {
      const { source, document } = project.value;
      const label = `Seed ${seed}`;
      if (source.kind === 'example') change(label, { source: { ...source, seed }, document: null });
      else if (document) change(label, { source, document: { ...document, seed } });
    },
    open(next, saved = { past: [], future: [] }) {
      // At once, so that nobody sees one project with the undo of another.
      batch(() => {
        history.load(saved);
        project.value = next;
        // Those were of another network.
        timeWindow.value = null;
        cursorMs.value = null;
        picked.value = new Uint32Array(0);
      });
      session.start(next);
    },
    setRun(next) {
      const before = project.value;
      project.value = { ...before, run: { ...before.run, ...next } };
      session.follow(before, project.value);
    },
    setView(next) {
      const before = project.value;
      project.value = { ...before, view: { ...before.view, ...next } };
      session.follow(before, project.value);
    },
    undo() {
      const content = history.undo();
      if (content) put(content);
    },
    redo() {
      const content = history.redo();
      if (content) put(content);
    },
  };
}

export type { Failure, NetworkInfo, Progress };
