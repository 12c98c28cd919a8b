/**
 * Lets the event loop run between batches, so that a page stays alive and an abort arrives. Without the 1–4 ms that
 * timers wait at least.
 */

/** Resolves in a later turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // A message channel would keep a Node process alive, and browsers have no setImmediate.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }
  });
}
