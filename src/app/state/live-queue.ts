/**
 * Parameters on their way to the running network: one message after the other, and of what waits only the newest value of
 * each parameter, so that a slider that is dragged never gets ahead of the network. Knows nothing of workers.
 */
import type { LiveChange } from './changes.ts';

export interface LiveQueue {
  add(changes: readonly LiveChange[]): void;
  /** Forgets what waits: another network took over. */
  clear(): void;
}

/** `send` resolves when the change was made; `refuse` is told of the first that was not, and what waits is forgotten. */
export function createLiveQueue(
  send: (change: LiveChange) => Promise<unknown>,
  refuse: (error: unknown) => void,
): LiveQueue {
  const waiting = new Map<string, LiveChange>();
  /** Changes when the queue is cleared: answers of before are nobody's then. */
  let turn = 0;
  let isSending = false;

  async function sendAll(): Promise<void> {
    const own = turn;
    isSending = true;
    try {
      for (const [key, change] of waiting) {
        waiting.delete(key);
        await send(change);
        if (own !== turn) return;
      }
      isSending = false;
    } catch (error) {
      if (own !== turn) return;
      isSending = false;
      waiting.clear();
      refuse(error);
    }
  }

  return {
    add(changes) {
      for (const change of changes)
        waiting.set(JSON.stringify([change.owner, change.name]), change);
      if (!isSending && waiting.size > 0) void sendAll();
    },
    clear() {
      turn++;
      isSending = false;
      waiting.clear();
    },
  };
}
