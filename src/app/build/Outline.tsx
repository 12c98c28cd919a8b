/**
 * The outline: everything that the network consists of, as a tree that is also worked by keyboard, with what can be done
 * to the selected thing above it. Its parameters are in Inspector.tsx.
 */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { NetworkDocument } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import { formatNumber } from '../shell/format.ts';
import { Add } from './Add.tsx';
import { copy, remove, rename, selectionIn } from './actions.ts';
import type { PartReference } from './edits/parts.ts';
import { type Dependents, dependents } from './edits/remove.ts';
import { nameProblem } from './edits/rename.ts';
import { focusOnce } from './fields/focus.ts';
import { Icon } from './Icon.tsx';
import { type OutlineGroup, type OutlineRow, outlineOf } from './outline-rows.ts';
import './build.css';

/** Groups longer than this begin closed. */
const LONG = 14;

export default function Outline() {
  const app = useApp();
  const { document } = app.project.value;
  if (document === null) return <p class="quiet small">The network is being built…</p>;
  return <Tree document={document} key={app.project.value.id} />;
}

function Tree({ document }: { document: NetworkDocument }) {
  const app = useApp();
  const groups = outlineOf(document, app.session.info.value);
  /** Groups that a person opened or closed. */
  const toggled = useSignal<Readonly<Record<string, boolean>>>({});
  const renaming = useSignal(false);
  const asking = useSignal<{ part: PartReference; lost: Dependents } | null>(null);
  const adding = useSignal(false);
  const tree = useRef<HTMLDivElement>(null);

  const selection = selectionIn(document, app.selection.value);
  const part: PartReference | null = selection.kind === 'network' ? null : selection;
  const isOpen = ({ kind, rows }: OutlineGroup): boolean =>
    toggled.value[kind] ?? rows.length <= LONG;

  /** All rows that can have the focus, from the top. */
  const visible: readonly (PartReference | OutlineGroup | null)[] = [
    null,
    ...groups.flatMap((group) => [group, ...(isOpen(group) ? group.rows : [])]),
  ];
  const focusRow = (key: string): void => {
    requestAnimationFrame(() =>
      tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus(),
    );
  };
  const select = (row: PartReference | null): void => {
    renaming.value = false;
    asking.value = null;
    app.selection.value = row === null ? { kind: 'network' } : { kind: row.kind, name: row.name };
  };
  const askToDelete = (): void => {
    if (part === null) return;
    const lost = dependents(document, part);
    if (lost.removed.length + lost.readers.length > 0) asking.value = { part, lost };
    else remove(app, part);
  };
  const go = (row: PartReference | OutlineGroup | null): void => {
    if (row === null || !('rows' in row)) select(row);
    focusRow(keyOf(row));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const focused = (event.target as HTMLElement).dataset.row;
    if (focused === undefined) return;
    const at = visible.findIndex((row) => keyOf(row) === focused);
    const row = visible[at];
    const group = row && 'rows' in row ? row : null;
    const { key } = event;
    const isCommand = event.ctrlKey || event.metaKey;
    const move = (to: number): void => {
      const next = visible[Math.max(0, Math.min(visible.length - 1, to))];
      if (next !== undefined) go(next);
    };
    if (key === 'ArrowDown') move(at + 1);
    else if (key === 'ArrowUp') move(at - 1);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(visible.length - 1);
    else if (
      group &&
      (key === 'ArrowRight' || key === 'ArrowLeft' || key === 'Enter' || key === ' ')
    ) {
      const open = key === 'ArrowRight' || (key !== 'ArrowLeft' && !isOpen(group));
      toggled.value = { ...toggled.value, [group.kind]: open };
    } else if (!group && key === 'ArrowLeft') {
      for (let k = at; k >= 0; k--) {
        const above = visible[k];
        if (!above || !('rows' in above)) continue;
        go(above);
        break;
      }
    } else if (group || part === null) return;
    else if (key === 'Delete' || key === 'Backspace') askToDelete();
    else if (isCommand && key.toLowerCase() === 'd') copy(app, part);
    else if (key === 'F2' || key === 'Enter') renaming.value = true;
    else return;
    stop(event, () => undefined);
  };

  return (
    <div class="outline">
      <div class="outline-head">
        <h2>Network</h2>
        <div class="outline-actions" role="toolbar" aria-label="Selected thing">
          <button
            type="button"
            id="add"
            class="primary"
            aria-expanded={adding.value}
            onClick={() => {
              adding.value = !adding.value;
            }}
          >
            Add
          </button>
          <button
            type="button"
            disabled={part === null}
            title="Copy (Ctrl+D)"
            onClick={() => part && copy(app, part)}
          >
            Copy
          </button>
          <button type="button" disabled={part === null} title="Delete (Del)" onClick={askToDelete}>
            Delete
          </button>
        </div>
      </div>
      {adding.value && (
        <Add
          document={document}
          close={() => {
            adding.value = false;
          }}
        />
      )}
      {asking.value && (
        <AskToDelete
          {...asking.value}
          act={() => {
            if (asking.value) remove(app, asking.value.part);
            asking.value = null;
          }}
          keep={() => {
            asking.value = null;
            if (part) focusRow(keyOf(part));
          }}
        />
      )}
      <div role="tree" aria-label="Parts of the network" ref={tree} onKeyDown={onKeyDown}>
        <Row
          rowKey=""
          level={1}
          isSelected={selection.kind === 'network'}
          isFocusable={selection.kind === 'network'}
          select={() => select(null)}
        >
          <Icon name="network" />
          <span class="row-name">{document.name}</span>
          <span class="row-size">{document.dt}</span>
        </Row>
        {groups.map((group) => (
          <Group
            key={group.kind}
            group={group}
            isOpen={isOpen(group)}
            toggle={() => {
              toggled.value = { ...toggled.value, [group.kind]: !isOpen(group) };
            }}
            selected={part}
            isRenaming={renaming.value}
            document={document}
            select={select}
            beginRename={() => {
              renaming.value = true;
            }}
            endRename={(name) => {
              renaming.value = false;
              if (part && name !== null) rename(app, part, name);
              if (part) focusRow(keyOf({ ...part, name: name ?? part.name }));
            }}
          />
        ))}
      </div>
    </div>
  );
}

const keyOf = (row: PartReference | OutlineGroup | null): string =>
  row === null ? '' : 'rows' in row ? `group ${row.kind}` : `${row.kind} ${row.name}`;

function stop(event: Event, act: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  act();
}

interface GroupProps {
  readonly group: OutlineGroup;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly selected: PartReference | null;
  readonly isRenaming: boolean;
  readonly document: NetworkDocument;
  readonly select: (row: OutlineRow) => void;
  readonly beginRename: () => void;
  readonly endRename: (name: string | null) => void;
}

function Group(props: GroupProps) {
  const { group, isOpen, toggle, selected, isRenaming, document, select } = props;
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the tree */}
      <div
        role="treeitem"
        aria-level={1}
        aria-expanded={isOpen}
        aria-selected={false}
        class="group-title"
        tabIndex={-1}
        data-row={keyOf(group)}
        onClick={toggle}
      >
        <span class={isOpen ? 'twist open' : 'twist'} aria-hidden="true" />
        {`${group.title} `}
        <span class="row-size">{formatNumber(group.rows.length)}</span>
      </div>
      {isOpen &&
        group.rows.map((row) => {
          const isSelected = selected?.kind === row.kind && selected.name === row.name;
          return (
            <Row
              key={row.name}
              rowKey={keyOf(row)}
              level={2}
              isSelected={isSelected}
              isFocusable={isSelected}
              title={`${row.name}: ${row.about}`}
              select={() => select(row)}
              rename={props.beginRename}
            >
              <Icon name={row.icon} />
              {isSelected && isRenaming ? (
                <NameField document={document} row={row} end={props.endRename} />
              ) : (
                <span class="row-name">{row.name}</span>
              )}
              <span class="row-size">{row.size}</span>
            </Row>
          );
        })}
    </>
  );
}

interface RowProps {
  readonly rowKey: string;
  readonly level: number;
  readonly isSelected: boolean;
  readonly isFocusable: boolean;
  readonly title?: string;
  readonly select: () => void;
  readonly rename?: () => void;
  readonly children: preact.ComponentChildren;
}

function Row({
  rowKey,
  level,
  isSelected,
  isFocusable,
  title,
  select,
  rename: begin,
  children,
}: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the tree
    <div
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      class="outline-row"
      tabIndex={isFocusable ? 0 : -1}
      data-row={rowKey}
      title={title ?? ''}
      onClick={select}
      onDblClick={begin ?? (() => undefined)}
    >
      {children}
    </div>
  );
}

function NameField({
  document,
  row,
  end,
}: {
  document: NetworkDocument;
  row: OutlineRow;
  end: (name: string | null) => void;
}) {
  const text = useSignal(row.name);
  const isDone = useRef(false);
  const problem = nameProblem(document, row.kind, text.value, row.name);
  const finish = (name: string | null): void => {
    if (isDone.current) return;
    isDone.current = true;
    end(name);
  };
  return (
    <input
      class="row-rename"
      aria-label={`New name of ${row.name}`}
      aria-invalid={problem !== null}
      title={problem ?? ''}
      value={text.value}
      ref={(field) => {
        if (field && globalThis.document.activeElement !== field) field.select();
      }}
      onInput={({ currentTarget }) => {
        text.value = currentTarget.value;
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') finish(null);
        else if (event.key === 'Enter' && problem === null) finish(text.value);
      }}
      onBlur={() => finish(problem === null ? text.value : null)}
    />
  );
}

function AskToDelete({
  part,
  lost,
  act,
  keep,
}: {
  part: PartReference;
  lost: Dependents;
  act: () => void;
  keep: () => void;
}) {
  const { removed, readers } = lost;
  return (
    <div class="outline-ask" role="alertdialog" aria-label={`Delete ${part.name}?`}>
      {removed.length > 0 && (
        <p>
          Deleting <b>{part.name}</b> also deletes{' '}
          {removed.length === 1 ? 'what depends' : `${removed.length} things that depend`} on it:{' '}
          {listed(removed.map(({ kind, name }) => `${kind} ${name}`))}.
        </p>
      )}
      {readers.length > 0 && (
        <p>
          {listed(readers)} read{readers.length === 1 ? 's' : ''} <b>{part.name}</b>, and cannot run
          without it until the equations are changed.
        </p>
      )}
      <div class="actions">
        <button type="button" class="primary" ref={focusOnce} onClick={act}>
          Delete
        </button>
        <button type="button" onClick={keep}>
          Keep
        </button>
      </div>
    </div>
  );
}

const listed = (names: readonly string[]): string =>
  names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
