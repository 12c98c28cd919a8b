/** The frame of the page: header, what is to be said, what is built beside the picture and its panels, sheets over it. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { BadAddress } from '../keep/BadAddress.tsx';
import { bindDrop } from '../start/drop.ts';
import type { App } from '../state/app.ts';
import { RasterView } from '../views/raster/RasterView.tsx';
import { Banner } from './Banner.tsx';
import { useApp } from './context.ts';
import { Failed } from './Failed.tsx';
import { Header } from './Header.tsx';
import { bindKeys } from './keys.ts';
import { Lazy, type Load } from './lazy.tsx';
import { Panels } from './Panels.tsx';
import { SheetOver } from './SheetOver.tsx';
import { Silent } from './Silent.tsx';
import { Status } from './Status.tsx';
import { tellWaited } from './waited.ts';

const loadOutline: Load = () => import('../build/Outline.tsx');
const loadPicture: Load = () => import('../build/Picture.tsx');
const loadQuickControls: Load = () => import('../build/QuickControls.tsx');
const loadInspector: Load = () => import('../build/Inspector.tsx');
const loadLesson: Load = () => import('../lessons/LessonStrip.tsx');

/** Whether there is room for what is built beside the picture; the same width as in style/shell.css. */
function useWide(): boolean {
  const [query] = useState(() => matchMedia('(min-width: 1200px)'));
  const [isWide, setWide] = useState(query.matches);
  useEffect(() => {
    const change = (): void => setWide(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return isWide;
}

/** Later than this everything is loaded, whether or not anything was drawn, ms. */
const PATIENCE_MS = 3000;

/** Whether the first network runs: until then nothing that it could wait for is loaded. Stays true. */
function useFirstPicture(app: App): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    if (isThere) return;
    const timer = setTimeout(() => setThere(true), PATIENCE_MS);
    const end = app.session.run.subscribe(({ step }) => {
      if (step > 0) setThere(true);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [app, isThere]);
  return isThere;
}

export function Shell() {
  const app = useApp();
  /** On narrow screens building is opened by a button; on wide ones it is always there. */
  const [isBuilding, setBuilding] = useState(false);
  const [isDropping, setDropping] = useState(false);
  useEffect(() => bindKeys(app), [app]);
  useEffect(() => tellWaited(app), [app]);
  useEffect(() => bindDrop(app, setDropping), [app]);
  const dark = app.dark.value;
  // Before the next picture: canvases read their colours from the style sheet.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  const title = app.session.info.value?.title;
  useEffect(() => {
    document.title = title ? `${title} – wetware` : 'wetware';
  }, [title]);
  const isWide = useWide();
  const isDrawn = useFirstPicture(app);
  // What is not seen is not loaded either.
  const showsBuild = (isWide || isBuilding) && !app.project.value.view.hidden.includes('build');
  const workspaceClass = `workspace${showsBuild ? ' with-build' : ''}${isBuilding ? ' open-build' : ''}`;
  return (
    <>
      <Header toggleBuild={() => setBuilding(!isBuilding)} />
      <Banner />
      <Failed />
      <BadAddress />
      <Silent />
      <main class={workspaceClass}>
        {showsBuild && (
          <section class="side left" aria-label="Build">
            {isDrawn && <Lazy load={loadPicture} name="Picture" />}
            {isDrawn && <Lazy load={loadOutline} name="Outline" />}
          </section>
        )}
        <section class="stage" aria-label="Simulation">
          <Status />
          {app.project.value.view.lesson !== '' && <Lazy load={loadLesson} name="Lesson" />}
          {isDrawn && !app.project.value.view.hidden.includes('sliders') && (
            <Lazy load={loadQuickControls} name="Quick controls" />
          )}
          <RasterView />
          <Panels isReady={isDrawn} />
        </section>
        {showsBuild && (
          <section class="side right" aria-label="Selected thing">
            {isDrawn && <Lazy load={loadInspector} name="Inspector" />}
          </section>
        )}
      </main>
      <SheetOver />
      {isDropping && <div class="drop-over">Drop to open</div>}
    </>
  );
}
