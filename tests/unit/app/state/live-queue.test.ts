/** Live changes: in order, one at a time, the newest of each parameter only. */
import { describe, expect, it } from 'vitest';
import type { LiveChange } from '../../../../src/app/state/changes.ts';
import { createLiveQueue } from '../../../../src/app/state/live-queue.ts';

/** A worker that answers when it is told to. */
function slowWorker() {
  const sent: string[] = [];
  const answers: { resolve: (value?: unknown) => void; reject: (error: Error) => void }[] = [];
  const refused: unknown[] = [];
  const queue = createLiveQueue(
    ({ name, value }) => {
      sent.push(`${name}=${value}`);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    (error) => refused.push(error),
  );
  const settle = async (error?: Error): Promise<void> => {
    const answer = answers.shift();
    if (error) answer?.reject(error);
    else answer?.resolve();
    await new Promise((done) => setTimeout(done));
  };
  return { queue, sent, refused, settle };
}

const change = (name: string, value: number): LiveChange => ({ owner: '', name, value });

describe('the queue of live changes', () => {
  it('sends one at a time, and skips values that are no longer wanted', async () => {
    const { queue, sent, settle } = slowWorker();
    for (const value of [1, 2, 3]) queue.add([change('a', value), change('b', value)]);
    expect(sent).toEqual(['a=1']);
    await settle();
    await settle();
    await settle();
    expect(sent).toEqual(['a=1', 'b=3', 'a=3']);
    queue.add([change('a', 4)]);
    expect(sent.at(-1)).toBe('a=4');
  });

  it('forgets what waits when one is refused, and goes on with later ones', async () => {
    const { queue, sent, refused, settle } = slowWorker();
    queue.add([change('a', 1), change('b', 1)]);
    await settle(new Error('too large'));
    expect(refused).toHaveLength(1);
    expect(sent).toEqual(['a=1']);
    queue.add([change('b', 2)]);
    expect(sent).toEqual(['a=1', 'b=2']);
  });

  it('is silent about answers of a network that was replaced', async () => {
    const { queue, sent, refused, settle } = slowWorker();
    queue.add([change('a', 1), change('b', 1)]);
    queue.clear();
    queue.add([change('c', 1)]);
    await settle(new Error('ended'));
    expect(refused).toEqual([]);
    await settle();
    expect(sent).toEqual(['a=1', 'c=1']);
  });
});
