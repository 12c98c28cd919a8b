/** The sheet of past projects: open, rename, duplicate and delete what this browser keeps. */
import './projects.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatBytes } from '../shell/format.ts';
import { whyNotKept } from './autosave.ts';
import { cardOf, whenText } from './card.ts';
import { heldElsewhere } from './hold.ts';
import { messageOf } from './opening.ts';
import { copyOf, dropArraysOf, openKept, projectStore } from './projects.ts';
import type { KeptProject, ProjectCard, ProjectStore } from './store.ts';

interface Listed {
  readonly store: ProjectStore;
  readonly cards: readonly ProjectCard[];
  /** Open in other tabs. */
  readonly elsewhere: ReadonlySet<string>;
}

/** A project that was deleted and may come back. */
interface Deleted {
  readonly kept: KeptProject;
  readonly card: ProjectCard;
}

export default function Projects() {
  const app = useApp();
  const { id: openId } = app.project.value;
  const [listed, setListed] = useState<Listed | null>(null);
  const [problem, setProblem] = useState('');
  const [deleted, setDeleted] = useState<Deleted | null>(null);
  const gone = useRef<KeptProject[]>([]);

  const list = async (): Promise<void> => {
    const store = await projectStore();
    if (store === null) return setProblem(whyNotKept(null));
    const [cards, elsewhere] = await Promise.all([store.cards(), heldElsewhere()]);
    const shown = cards.filter(({ isEdited, id }) => isEdited || id === openId);
    setListed({ store, cards: shown, elsewhere });
  };
  const act = async (action: (store: ProjectStore) => Promise<void>): Promise<void> => {
    try {
      if (listed) await action(listed.store);
      await list();
    } catch (error) {
      setProblem(error instanceof DOMException ? whyNotKept(error) : messageOf(error));
    }
  };
  useEffect(() => {
    void act(async () => undefined);
    // Nothing of what was deleted can come back when the sheet is closed.
    return () => {
      const open = { project: app.project.value, history: app.history.save() };
      dropArraysOf(gone.current, open).catch(() => undefined);
    };
  }, []);

  const remove = (card: ProjectCard): Promise<void> =>
    act(async (store) => {
      const kept = await store.read(card.id);
      await store.remove([card.id]);
      setDeleted(kept && { kept, card });
      if (kept) gone.current.push(kept);
    });
  const restore = ({ kept, card }: Deleted): Promise<void> =>
    act(async (store) => {
      const { name, ...rest } = card;
      await store.save(kept, rest);
      await store.rename(card.id, name);
      gone.current = gone.current.filter((one) => one !== kept);
      setDeleted(null);
    });
  const duplicate = (card: ProjectCard): Promise<void> =>
    act(async (store) => {
      const kept = await store.read(card.id);
      if (!kept) return;
      const copy = { ...kept, project: copyOf(kept.project) };
      await store.save(copy, { ...cardOf(copy, card.title, Date.now()), isEdited: true });
      await store.rename(copy.project.id, `Copy of ${card.name || card.title}`);
    });
  const open = (card: ProjectCard): Promise<void> =>
    act(async () => {
      if (await openKept(app, card.id)) app.sheet.value = '';
    });

  if (problem !== '') return <p role="alert">{problem}</p>;
  if (!listed) return <p class="quiet">Looking…</p>;
  return (
    <>
      <p class="quiet small">
        Every change is kept in this browser at once, with its undo. Nothing is sent anywhere.
      </p>
      {deleted && (
        <p class="project-deleted" role="status">
          Deleted “{deleted.card.name || deleted.card.title}”.{' '}
          <button type="button" id="restore" onClick={() => void restore(deleted)}>
            Undo
          </button>
        </p>
      )}
      {listed.cards.length === 0 && (
        <p>No projects yet. Change anything about a network, and it is kept here.</p>
      )}
      <ul class="projects">
        {listed.cards.map((card) => (
          <Row
            key={card.id}
            card={card}
            isOpen={card.id === openId}
            isElsewhere={listed.elsewhere.has(card.id)}
            open={() => void open(card)}
            duplicate={() => void duplicate(card)}
            remove={() => void remove(card)}
            rename={(name) => void act((store) => store.rename(card.id, name))}
          />
        ))}
      </ul>
    </>
  );
}

function Row({
  card,
  isOpen,
  isElsewhere,
  open,
  duplicate,
  remove,
  rename,
}: {
  card: ProjectCard;
  isOpen: boolean;
  isElsewhere: boolean;
  open: () => void;
  duplicate: () => void;
  remove: () => void;
  rename: (name: string) => void;
}) {
  const [isNaming, setNaming] = useState(false);
  const shown = card.name || card.title;
  const done = (name: string): void => {
    setNaming(false);
    const trimmed = name.trim().slice(0, 120);
    if (trimmed !== shown) rename(trimmed === card.title ? '' : trimmed);
  };
  return (
    <li class="project" aria-current={isOpen ? 'true' : undefined}>
      <div class="project-what">
        {isNaming ? (
          <input
            type="text"
            aria-label={`New name of ${shown}`}
            value={shown}
            maxLength={120}
            ref={(input) => input?.focus()}
            onBlur={({ currentTarget }) => done(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') done(event.currentTarget.value);
              if (event.key !== 'Escape') return;
              // Only the name is given up, not the sheet.
              event.preventDefault();
              event.stopPropagation();
              setNaming(false);
            }}
          />
        ) : (
          <h3>{shown}</h3>
        )}
        <p class="quiet small numbers">
          {isOpen && <strong>open now · </strong>}
          {isElsewhere && <strong>open in another tab · </strong>}
          {card.origin} · {whenText(card.savedAt, Date.now())}
          {card.bytes > 0 && ` · ${formatBytes(card.bytes)}`}
        </p>
      </div>
      <div class="project-actions">
        {!isOpen && (
          <button type="button" class="project-open" onClick={open}>
            {isElsewhere ? 'Open a copy' : 'Open'}
          </button>
        )}
        <button type="button" class="project-rename" onClick={() => setNaming(true)}>
          Rename
        </button>
        <button type="button" class="project-duplicate" onClick={duplicate}>
          Duplicate
        </button>
        {!isOpen && !isElsewhere && (
          <button type="button" class="project-delete" onClick={remove}>
            Delete
          </button>
        )}
      </div>
    </li>
  );
}
