/** The sheet that is open, as a modal dialog of the browser: focus stays inside, Esc closes. */
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from './context.ts';
import { Lazy } from './lazy.tsx';
import { sheets } from './sheets.ts';

export function SheetOver() {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const sheet = sheets.find(({ name }) => name === app.sheet.value);
  useEffect(() => {
    if (sheet && !dialog.current?.open) dialog.current?.showModal();
    else if (!sheet) dialog.current?.close();
  }, [sheet]);
  const close = (): void => {
    app.sheet.value = '';
  };
  return (
    <dialog
      ref={dialog}
      class={`sheet${sheet?.wide ? ' wide' : ''}`}
      aria-label={sheet?.title ?? 'Sheet'}
      // The event comes late: by then another sheet may be open.
      onClose={() => dialog.current?.open || close()}
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
