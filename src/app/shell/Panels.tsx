/** The tabs under the raster; one panel is open. */
import { useEffect } from 'preact/hooks';
import { panels } from '../views/panels.ts';
import { useApp } from './context.ts';
import { Lazy } from './lazy.tsx';

/** Collecting begins at once; what draws is loaded when `isReady`. */
export function Panels({ isReady }: { isReady: boolean }) {
  const app = useApp();
  const info = app.session.info.value;
  useEffect(() => {
    for (const { collect, shows } of panels) {
      // What could not be loaded is said by its panel, when somebody opens it.
      if (collect && info && (shows?.(info) ?? true)) {
        collect().then(
          (module) => module.collect(app),
          () => undefined,
        );
      }
    }
  }, [app, info]);
  if (!info || app.project.value.view.hidden.includes('panels')) return null;
  const shown = panels.filter((panel) => panel.shows?.(info) ?? true);
  const open = shown.find((panel) => panel.name === app.project.value.view.panel) ?? shown[0];
  if (!open) return null;
  const select = (name: string): void => {
    app.setView({ panel: name });
    document.getElementById(`tab-${name}`)?.focus();
  };
  const move = (by: number): void => {
    const next = shown[(shown.indexOf(open) + by + shown.length) % shown.length];
    if (next) select(next.name);
  };
  return (
    <section class="panels" aria-label="Panels">
      <div
        role="tablist"
        aria-label="Panels"
        class="tabs"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
          event.preventDefault();
          event.stopPropagation();
          move(event.key === 'ArrowRight' ? 1 : -1);
        }}
      >
        {shown.map((panel) => (
          <button
            key={panel.name}
            type="button"
            role="tab"
            id={`tab-${panel.name}`}
            aria-selected={panel === open}
            aria-controls="panel"
            tabIndex={panel === open ? 0 : -1}
            onClick={() => select(panel.name)}
          >
            {panel.title}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${open.name}`} key={open.name}>
        {isReady && <Lazy load={open.load} name={open.title} />}
      </div>
    </section>
  );
}
