/**
 * What parameters were when the network was opened: the default of those that no library model knows. The example's own
 * document where it came from one, else the oldest that can be gone back to.
 */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { NetworkDocument } from '../../index.ts';
import type { App } from '../state/app.ts';
import type { HistoryEntry } from '../state/history.ts';

/** Pure part: the document to compare with. */
export function baselineIn(
  past: readonly HistoryEntry[],
  now: NetworkDocument | null,
): NetworkDocument | null {
  for (let k = past.length - 1; k >= 0; k--) {
    const { before, after } = past[k] as HistoryEntry;
    if (after.source.kind === 'example') return now;
    if (before.source.kind === 'example') return before.document ?? now;
  }
  return past[0]?.before.document ?? now;
}

const kept = new WeakMap<App, ReadonlySignal<NetworkDocument | null>>();

export function baselineOf(app: App): NetworkDocument | null {
  let baseline = kept.get(app);
  if (!baseline) {
    baseline = computed(() => baselineIn(app.history.save().past, app.project.value.document));
    kept.set(app, baseline);
  }
  return baseline.value;
}
