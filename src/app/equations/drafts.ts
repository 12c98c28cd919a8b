/**
 * Texts that somebody is changing and that are not the network's yet: what changed, the document that it would give, and
 * what the tools worker says of that. Checked a moment after the last key; only the newest answer counts.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { NetworkDocument, Quantity } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import type { App, Selection } from '../state/app.ts';
import { callTool } from '../tools/client.ts';
import type { EquationsReport, OwnerReport } from '../tools/equations.ts';
import { ownerIn, textsOf, withParameters, withTexts } from './texts.ts';

/** How long nobody types before a text is checked, ms. */
const PAUSE_MS = 250;

/** Changed texts by key, and parameters that they need. */
interface Changes {
  readonly texts: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, Quantity>>;
}

const NOTHING: Changes = { texts: {}, params: {} };

/** By owner: all editors of one share its changes, which outlive them while the page is open. */
const kept = new WeakMap<App, Map<string, Signal<Changes>>>();

function changesOf(app: App, key: string): Signal<Changes> {
  const all = kept.get(app) ?? new Map<string, Signal<Changes>>();
  kept.set(app, all);
  const known = all.get(key) ?? signal(NOTHING);
  all.set(key, known);
  return known;
}

export interface Draft {
  readonly isChanged: boolean;
  /** The document with the changes; the project's where there are none. */
  readonly document: NetworkDocument | null;
  /** Of the newest text; null while it is being checked for the first time. */
  readonly report: EquationsReport | null;
  readonly own: OwnerReport | null;
  /** The report is of an older text. */
  readonly isChecking: boolean;
  change(key: string, text: string): void;
  addParameter(name: string, value: Quantity): void;
  revert(): void;
  /** Makes them the network's, and runs it, as soon as they are known to be right. */
  apply(): void;
}

const isReportOf =
  (owner: Selection) =>
  (report: OwnerReport): boolean =>
    owner.kind === report.kind && owner.name === report.name;

export function useDraft(owner: Selection): Draft {
  const app = useApp();
  const saved = app.project.value.document;
  const key = owner.kind === 'network' ? '' : `${owner.kind} ${owner.name}`;
  const shared = changesOf(app, `${app.project.value.id} ${key}`);
  const changes = shared.value;
  const [checked, setChecked] = useState<{ of: NetworkDocument; report: EquationsReport } | null>(
    null,
  );
  const wantsApply = useRef(false);
  const isFirst = useRef(true);
  const put = (next: Changes): void => {
    shared.value = next;
  };
  const document = useMemo(
    () => (saved === null ? null : changedDocument(saved, owner, changes)),
    [saved, key, changes],
  );
  useEffect(() => {
    if (document === null) return;
    let isOld = false;
    const timer = setTimeout(
      () => {
        isFirst.current = false;
        callTool('checkEquations', [document]).then(
          (report) => {
            if (!isOld) setChecked({ of: document, report });
          },
          // The worker is gone, or a list is no longer kept: what is wrong is shown where the network is built.
          () => undefined,
        );
      },
      isFirst.current ? 0 : PAUSE_MS,
    );
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [document]);
  const report = checked?.report ?? null;
  const own = report?.owners.find(isReportOf(owner)) ?? null;
  const isChanged = saved !== null && document !== saved;
  const isChecking = checked?.of !== document;
  const make = (): void => {
    wantsApply.current = false;
    if (document === null || owner.kind === 'network') return;
    if (isChanged) app.edit(`Equations of ${owner.name}`, () => document);
    put(NOTHING);
    app.session.play();
  };
  useEffect(() => {
    if (!wantsApply.current || isChecking) return;
    if (isRight(own)) make();
    else wantsApply.current = false;
  });
  return {
    isChanged,
    document,
    report,
    own,
    isChecking,
    change: (text, value) =>
      put({ ...shared.value, texts: { ...shared.value.texts, [text]: value } }),
    addParameter: (name, value) =>
      put({ ...shared.value, params: { ...shared.value.params, [name]: value } }),
    revert: () => put(NOTHING),
    apply() {
      if (isChecking) wantsApply.current = true;
      else if (isRight(own)) make();
    },
  };
}

const isRight = (own: OwnerReport | null): boolean =>
  own !== null && own.problems.length === 0 && own.message === '';

/** The document with the changes; itself where they change nothing. */
function changedDocument(
  document: NetworkDocument,
  owner: Selection,
  { texts, params }: Changes,
): NetworkDocument {
  if (ownerIn(document, owner) === undefined) return document;
  const before = new Map(textsOf(document, owner).map(({ key, text }) => [key, text]));
  const changed = Object.entries(texts).filter(([key, text]) => before.get(key) !== text);
  const withNew = withParameters(document, owner, params);
  return changed.length === 0 ? withNew : withTexts(withNew, owner, Object.fromEntries(changed));
}
