/** The sheet that is open, as a modal dialog of the browser: focus stays inside, Esc closes. */
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from './context.ts';
import { Lazy } from './lazy.tsx';
import { sheets } from './sheets.ts';

export function SheetOver() {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const sheet = sheets.find(({ name }) => name === app.sheet.value);
  /** Name of the sheet that the dialog shows. */
  const shown = useRef('');
  useEffect(() => {
    shown.current = sheet?.name ?? '';
    if (sheet && !dialog.current?.open) dialog.current?.showModal();
    else if (!sheet) dialog.current?.close();
  }, [sheet]);
  const close = (): void => {
    app.sheet.value = '';
  };
  /** The browser closed it. Its event comes late: what was closed from here may have been followed by another sheet. */
  const closed = (): void => {
    const isStale = dialog.current?.open === true || shown.current !== app.sheet.value;
    if (shown.current !== '' && !isStale) close();
  };
  return (
    <dialog
      ref={dialog}
      class={`sheet${sheet?.wide ? ' wide' : ''}`}
      aria-label={sheet?.title ?? 'Sheet'}
      onClose={closed}
    >
      {sheet && (
        <div class="sheet-inside">
          <div class="sheet-head">
            <h2>{sheet.title}</h2>
            <button type="button" aria-label="Close" onClick={close}>
              ×
            </button>
          </div>
          <div class="sheet-body">
            <Lazy load={sheet.load} name={sheet.title} key={sheet.name} />
          </div>
        </div>
      )}
    </dialog>
  );
}
