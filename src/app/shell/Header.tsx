/** Name, transport, run settings, undo, and the menus that open the sheets. */
import { type RunSettings, seedOf } from '../state/project.ts';
import { useApp } from './context.ts';
import { Menu } from './Menu.tsx';
import { type Sheet, sheets } from './sheets.ts';

export function Header({ toggleBuild }: { toggleBuild: () => void }) {
  const app = useApp();
  const { hidden } = app.project.value.view;
  const isShown = (name: string): boolean => !hidden.includes(name);
  return (
    <header class="header">
      <h1 class="brand">
        <Mark />
        wetware
      </h1>
      <Transport />
      {isShown('engine') && <Settings />}
      <nav class="doors" aria-label="Project">
        {isShown('build') && <UndoRedo />}
        {isShown('build') && (
          <button type="button" id="build" class="build-door" onClick={toggleBuild}>
            Build
          </button>
        )}
        {isShown('gallery') && <Door title="Open" menu="open" />}
        {isShown('share') && <Door title="Share" menu="share" />}
        <Door title="More" menu="more" />
      </nav>
    </header>
  );
}

/** A spike. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2">
      <path d="M1 15h6l2-3 3-10 3 20 2.4-7H23" stroke-linejoin="round" stroke-linecap="round" />
    </svg>
  );
}

function Door({ title, menu }: { title: string; menu: Sheet['menu'] }) {
  const app = useApp();
  const { hidden, theme } = app.project.value.view;
  const items = sheets
    .filter((sheet) => sheet.menu === menu && !hidden.includes(sheet.name))
    .map((sheet) => ({
      title: sheet.title,
      act: () => {
        app.sheet.value = sheet.name;
      },
    }));
  if (menu === 'more') {
    items.push({
      title: 'Compare GPU and CPU',
      // A page of its own: nothing else should run while it measures.
      act: () => {
        app.session.pause();
        location.href =
          './bench/index.html?only=cuba-4000,coba-4000,brunel-1,microcircuit-0.1&repeats=3';
      },
    });
    const next = app.dark.value ? 'light' : 'dark';
    items.push({
      title: next === 'light' ? 'Light colours' : 'Dark colours',
      act: () => app.setView({ theme: next }),
    });
    if (theme !== 'auto') {
      items.push({
        title: 'Colours of the system',
        act: () => app.setView({ theme: 'auto' }),
      });
    }
  }
  return items.length === 0 ? null : <Menu title={title} items={items} />;
}

function UndoRedo() {
  const { history, undo, redo } = useApp();
  const undoable = history.undoable.value;
  const redoable = history.redoable.value;
  return (
    <>
      <button
        type="button"
        id="undo"
        aria-label="Undo"
        title={undoable === null ? 'Nothing to undo' : `Undo: ${undoable} (Ctrl+Z)`}
        disabled={undoable === null}
        onClick={undo}
      >
        ↶
      </button>
      <button
        type="button"
        id="redo"
        aria-label="Redo"
        title={redoable === null ? 'Nothing to redo' : `Redo: ${redoable} (Ctrl+Shift+Z)`}
        disabled={redoable === null}
        onClick={redo}
      >
        ↷
      </button>
    </>
  );
}

/** Play, step and reset; `only` names those that are shown. */
export function Transport({ only = ['play', 'step', 'reset'] }: { only?: readonly string[] }) {
  const { session } = useApp();
  const phase = session.phase.value;
  const isReady = phase === 'running' || phase === 'paused';
  return (
    <fieldset class="transport" aria-label="Run">
      {only.includes('play') && (
        <button
          id="play"
          type="button"
          class="primary"
          title="Play or pause (space)"
          disabled={!isReady}
          onClick={session.toggle}
        >
          {phase === 'running' ? 'Pause' : 'Play'}
        </button>
      )}
      {only.includes('step') && (
        <button
          id="step"
          type="button"
          title="One time step (.)"
          disabled={!isReady}
          onClick={() => {
            session.pause();
            session.step();
          }}
        >
          Step
        </button>
      )}
      {only.includes('reset') && (
        <button id="reset" type="button" title="Back to the start" onClick={session.reset}>
          Reset
        </button>
      )}
    </fieldset>
  );
}

const PACES: readonly (readonly [string, string])[] = [
  ['auto', 'automatic'],
  ['fast', 'as fast as possible'],
  ['1', 'real time'],
  ['0.1', '1/10 of real time'],
  ['0.01', '1/100 of real time'],
  ['0.001', '1/1000 of real time'],
];

/** Also one that is in no list: addresses may ask for any. */
const pacesWith = (pace: RunSettings['pace']): typeof PACES =>
  PACES.some(([value]) => value === String(pace))
    ? PACES
    : [...PACES, [String(pace), `${pace} × real time`]];

function Settings() {
  const app = useApp();
  const { run } = app.project.value;
  const seed = seedOf(app.project.value);
  return (
    <div class="settings">
      <label>
        Speed{' '}
        <select
          id="pace"
          value={String(run.pace)}
          onChange={({ currentTarget: { value } }) =>
            app.setRun({ pace: value === 'fast' || value === 'auto' ? value : Number(value) })
          }
        >
          {pacesWith(run.pace).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        Engine{' '}
        <select
          id="engine"
          value={run.engine}
          onChange={({ currentTarget: { value } }) =>
            app.setRun({ engine: value as typeof run.engine })
          }
        >
          <option value="auto">automatic</option>
          <option value="gpu">WebGPU</option>
          <option value="cpu">CPU</option>
        </select>
      </label>
      <label>
        Seed{' '}
        <input
          id="seed"
          type="number"
          min="0"
          max="4294967295"
          step="1"
          value={seed}
          onChange={({ currentTarget }) => {
            const value = Math.round(Number(currentTarget.value));
            const isSeed = Number.isFinite(value) && value >= 0 && value <= 0xffffffff;
            if (!isSeed) currentTarget.value = String(seed);
            else app.setSeed(value);
          }}
        />
      </label>
      <label title="Goes on while another tab is in front">
        <input
          id="background"
          type="checkbox"
          checked={run.inBackground}
          onChange={({ currentTarget: { checked } }) => app.setRun({ inBackground: checked })}
        />{' '}
        In background
      </label>
    </div>
  );
}
