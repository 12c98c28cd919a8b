/**
 * What the panel Neurons remembers while another panel is open: which neurons are named, how responders are ordered, the
 * last trials. Not in the project: everything that changes the network is in its document.
 */
import { type Signal, signal } from '@preact/signals';
import type { PopulationInfo } from '../simulation/protocol.ts';
import type { App } from '../state/app.ts';
import type { NeuronLabels } from '../state/project.ts';
import { callTool } from '../tools/client.ts';
import type { NeuronEdit, NeuronGroups } from '../tools/connectome.ts';
import type { TrialsResult } from '../tools/responders.ts';
import { perApp } from '../views/plot/per-app.ts';

export interface TrialsState {
  /** null while nothing runs. */
  readonly progress: { readonly message: string; readonly fraction: number | null } | null;
  readonly result: TrialsResult | null;
  readonly failure: string;
}

interface PanelState {
  readonly text: Signal<string>;
  readonly rate: Signal<string>;
  /** Of neurons that are named by number. */
  readonly population: Signal<string>;
  readonly extent: Signal<'shown' | 'run'>;
  readonly trials: Signal<TrialsState>;
  readonly trialsAsked: Signal<{ readonly duration: string; readonly count: number }>;
  /** Ends the trials that run. */
  cancel: () => void;
}

export const panelState = perApp(
  (): PanelState => ({
    text: signal(''),
    rate: signal('150 Hz'),
    population: signal(''),
    extent: signal<'shown' | 'run'>('run'),
    trials: signal<TrialsState>({ progress: null, result: null, failure: '' }),
    trialsAsked: signal({ duration: '1 s', count: 5 }),
    cancel: () => undefined,
  }),
);

/** Ids of the neurons of the project, where it has any. */
export function labelsIn(app: App): NeuronLabels | null {
  const { source } = app.project.value;
  return source.kind === 'document' ? (source.labels ?? null) : null;
}

/** Activates, silences or takes back, as one step of undo. Rejects with why it cannot be done. */
export async function editNeurons(app: App, label: string, edit: NeuronEdit): Promise<void> {
  for (;;) {
    const { document } = app.project.value;
    if (document === null) return;
    const edited = await callTool('editNeurons', [document, edit]);
    // Somebody may have changed something else meanwhile.
    if (app.project.value.document !== document) continue;
    app.edit(label, () => edited);
    return;
  }
}

const NO_GROUPS: NeuronGroups = { activated: [], silenced: [] };
const groupsStore = perApp(() => ({ of: null as unknown, value: signal<NeuronGroups>(NO_GROUPS) }));

/** What is activated and silenced in the document of now; asks for it when the document has changed. */
export function groupsIn(app: App): NeuronGroups {
  const store = groupsStore(app);
  const { document } = app.project.value;
  if (document !== null && store.of !== document) {
    store.of = document;
    callTool('neuronGroups', [document]).then(
      (groups) => {
        if (store.of === document) store.value.value = groups;
      },
      () => {
        // A list that is no longer kept: the network could not be built either, and says so.
        if (store.of === document) store.value.value = NO_GROUPS;
      },
    );
  }
  return store.value.value;
}

/** Populations of Poisson sources that make neurons fire. */
export const sourcesIn = (app: App): ReadonlySet<string> =>
  new Set(groupsIn(app).activated.map(({ source }) => source));

/** Populations of the running network whose neurons one may want to pick: all but those sources. */
export function targetsIn(app: App): readonly PopulationInfo[] {
  const sources = sourcesIn(app);
  return app.session.info.value?.populations.filter(({ name }) => !sources.has(name)) ?? [];
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
