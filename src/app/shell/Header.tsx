/** Name, transport, engine, seed, and the doors to the sheets. */
import { seedOf } from '../state/project.ts';
import { useApp } from './context.ts';
import { sheets } from './sheets.ts';

export function Header() {
  const app = useApp();
  const { hidden } = app.project.value.view;
  return (
    <header class="header">
      <h1>wetware</h1>
      <Transport />
      {!hidden.includes('engine') && <Engine />}
      <nav aria-label="Sheets">
        {sheets
          .filter(({ name }) => !hidden.includes(name))
          .map(({ name, title }) => (
            <button
              key={name}
              type="button"
              onClick={() => {
                app.sheet.value = name;
              }}
            >
              {title}
            </button>
          ))}
      </nav>
    </header>
  );
}

function Transport() {
  const app = useApp();
  const { session } = app;
  const phase = session.phase.value;
  const isReady = phase === 'running' || phase === 'paused';
  return (
    <fieldset class="transport" aria-label="Run">
      <button
        id="play"
        type="button"
        class="primary"
        title="Space"
        disabled={!isReady}
        onClick={session.toggle}
      >
        {phase === 'running' ? 'Pause' : 'Play'}
      </button>
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
      <button id="reset" type="button" title="Back to the start" onClick={session.reset}>
        Reset
      </button>
    </fieldset>
  );
}

const PACES: readonly (readonly [string, string])[] = [
  ['fast', 'as fast as possible'],
  ['1', 'real time'],
  ['0.1', 'a tenth of real time'],
  ['0.01', 'a hundredth'],
  ['0.001', 'a thousandth'],
];

function Engine() {
  const app = useApp();
  const { run } = app.project.value;
  const seed = seedOf(app.project.value);
  return (
    <>
      <label>
        Speed{' '}
        <select
          id="pace"
          value={String(run.pace)}
          onChange={({ currentTarget: { value } }) =>
            app.setRun({ pace: value === 'fast' ? 'fast' : Number(value) })
          }
        >
          {PACES.map(([value, text]) => (
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
    </>
  );
}
