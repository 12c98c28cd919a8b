/** What the outline, the picture and the inspector do to the project: edits with their labels, and the selection after. */
import type { NetworkDocument } from '../../index.ts';
import type { App, Selection } from '../state/app.ts';
import type { Added } from './edits/add.ts';
import { copyPart } from './edits/copy.ts';
import { findPart, KIND_WORDS, type PartReference } from './edits/parts.ts';
import { removePart } from './edits/remove.ts';
import { renamePart } from './edits/rename.ts';

/** The selection, or the network where what was selected is gone. */
export function selectionIn(document: NetworkDocument | null, selection: Selection): Selection {
  if (selection.kind === 'network' || document === null) return { kind: 'network' };
  return findPart(document, selection.kind, selection.name) === null
    ? { kind: 'network' }
    : selection;
}

/** Adds something and selects it; `add` returns null where nothing can be added. */
export function add(
  app: App,
  kind: PartReference['kind'],
  make: (document: NetworkDocument) => Added | null,
): void {
  const { document } = app.project.value;
  const added = document === null ? null : make(document);
  if (added === null) return;
  app.edit(`Add ${KIND_WORDS[kind]} ${added.name}`, () => added.document);
  app.selection.value = { kind, name: added.name };
}

export function copy(app: App, part: PartReference): void {
  const { document } = app.project.value;
  const copied = document === null ? null : copyPart(document, part);
  if (copied === null) return;
  app.edit(`Copy ${part.name}`, () => copied.document);
  app.selection.value = { kind: part.kind, name: copied.name };
}

export function remove(app: App, part: PartReference): void {
  app.edit(`Delete ${part.name}`, (document) => removePart(document, part.kind, part.name));
  if (part.kind === 'population') {
    const { probes } = app.project.value.view;
    const left = probes.filter(({ population }) => population !== part.name);
    if (left.length < probes.length) app.setView({ probes: left });
  }
  app.selection.value = { kind: 'network' };
}

export function rename(app: App, part: PartReference, name: string): void {
  if (name === part.name) return;
  app.edit(`Rename ${part.name}`, (document) => renamePart(document, part.kind, part.name, name));
  if (part.kind === 'population') {
    const { probes } = app.project.value.view;
    if (probes.some(({ population }) => population === part.name)) {
      app.setView({
        probes: probes.map((probe) =>
          probe.population === part.name ? { ...probe, population: name } : probe,
        ),
      });
    }
  }
  app.selection.value = { kind: part.kind, name };
}
