/** The frame of the page: header, what went wrong, the picture, panels, what is built, sheets over it. */
import { useEffect } from 'preact/hooks';
import { panels } from '../views/panels.ts';
import { RasterView } from '../views/raster/RasterView.tsx';
import { Banner } from './Banner.tsx';
import { useApp } from './context.ts';
import { Failed } from './Failed.tsx';
import { Header } from './Header.tsx';
import { bindKeys } from './keys.ts';
import { Lazy } from './lazy.tsx';
import { SheetOver } from './SheetOver.tsx';
import { Status } from './Status.tsx';

export function Shell() {
  const app = useApp();
  useEffect(() => bindKeys(app), [app]);
  const { theme } = app.project.value.view;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <>
      <Header />
      <Banner />
      <Failed />
      <main class="workspace">
        <section class="stage" aria-label="Simulation">
          <Status />
          <RasterView />
          <Panels />
        </section>
      </main>
      <SheetOver />
    </>
  );
}

function Panels() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  const shown = panels.filter((panel) => panel.shows?.(info) ?? true);
  const open = shown.find((panel) => panel.name === app.project.value.view.panel) ?? shown[0];
  return (
    <section class="panels" aria-label="Panels">
      <div role="tablist" aria-label="Panels" class="tabs">
        {shown.map((panel) => (
          <button
            key={panel.name}
            type="button"
            role="tab"
            id={`tab-${panel.name}`}
            aria-selected={panel === open}
            aria-controls="panel"
            onClick={() => app.setView({ panel: panel.name })}
          >
            {panel.title}
          </button>
        ))}
      </div>
      {open && (
        <div id="panel" role="tabpanel" aria-labelledby={`tab-${open.name}`} key={open.name}>
          <Lazy load={open.load} name={open.title} />
        </div>
      )}
    </section>
  );
}
