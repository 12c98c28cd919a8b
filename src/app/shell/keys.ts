/** Keys of the page, where no field has the focus. Returns what unbinds them. */
import type { App } from '../state/app.ts';

export function bindKeys(app: App): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const inField =
      target instanceof HTMLElement &&
      (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable);
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape' && app.sheet.value !== '') app.sheet.value = '';
    else if (inField || event.altKey) return;
    else if (isCommand && event.key.toLowerCase() === 'z') {
      if (event.shiftKey) app.redo();
      else app.undo();
    } else if (isCommand && event.key.toLowerCase() === 'y') app.redo();
    else if (isCommand) return;
    else if (event.key === ' ') {
      // A focused button is pressed by the space bar.
      if (target instanceof HTMLButtonElement) return;
      app.session.toggle();
    } else if (event.key === '.') {
      app.session.pause();
      app.session.step();
    } else if (event.key === '?') app.sheet.value = 'help';
    else if (!moveInTime(app, event.key)) return;
    event.preventDefault();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Zoom on time only; all plots share the window. */
export function moveInTime(app: App, key: string): boolean {
  const now = app.session.run.value.timeMs;
  const { windowMs } = app.project.value.view;
  const window = app.timeWindow.value ?? { fromMs: Math.max(0, now - windowMs), toMs: now };
  const span = window.toMs - window.fromMs;
  const middle = (window.fromMs + window.toMs) / 2;
  const put = (fromMs: number, length: number): boolean => {
    const from = Math.max(0, fromMs);
    app.timeWindow.value = { fromMs: from, toMs: from + Math.max(1, length) };
    return true;
  };
  if (key === '0') {
    app.timeWindow.value = null;
    return true;
  }
  if (key === '+' || key === '=') return put(middle - span / 4, span / 2);
  if (key === '-' || key === '−') return put(middle - span, span * 2);
  if (key === 'ArrowLeft') return put(window.fromMs - span / 4, span);
  if (key === 'ArrowRight') return put(window.fromMs + span / 4, span);
  return false;
}
