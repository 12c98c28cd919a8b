/** Somebody comes back to a page that waited while it was hidden: that it did, and how it need not. Once per page. */
import type { App } from '../state/app.ts';

/** Returns what ends it. */
export function tellWaited(app: App): () => void {
  let waited = false;
  let isTold = false;
  return app.session.suspended.subscribe((isSuspended) => {
    if (isSuspended) waited = app.session.phase.peek() === 'running';
    else if (waited && !isTold) {
      isTold = true;
      app.notice.value = {
        text: 'The run waited while this page was hidden, and goes on.',
        kind: 'done',
        action: {
          title: 'Keep running in the background',
          act: () => app.setRun({ inBackground: true }),
        },
      };
    }
  });
}
