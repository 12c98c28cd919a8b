/** An address that could not be opened: what is wrong with it, what is shown instead, and the address to copy. */
import { useApp } from '../shell/context.ts';

export function BadAddress() {
  const app = useApp();
  const bad = app.badAddress.value;
  if (!bad) return null;
  const close = (): void => {
    app.badAddress.value = null;
  };
  return (
    <section id="failure" class="failure" role="alert" data-reason="address">
      <h2>This link cannot be opened</h2>
      <p>
        {bad.message} Another network is shown meanwhile. If the link came in a message, it may have
        been cut off: ask for it again, or for the file.
      </p>
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            close();
            app.sheet.value = 'gallery';
          }}
        >
          Choose an example
        </button>
        {/[#&]src=/.test(bad.address) && (
          <button
            type="button"
            onClick={() => {
              close();
              location.hash = new URL(bad.address).hash;
            }}
          >
            Try again
          </button>
        )}
        <button
          type="button"
          onClick={() =>
            navigator.clipboard.writeText(bad.address).then(
              () => {
                app.notice.value = { text: 'The link is copied.', kind: 'done' };
              },
              () => {
                app.notice.value = { text: bad.address, kind: 'warning' };
              },
            )
          }
        >
          Copy the link
        </button>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </section>
  );
}
