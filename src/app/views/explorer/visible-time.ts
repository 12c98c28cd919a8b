/** Which time a zoomed plot shows. Pure. */
import type { TimeWindow } from '../../state/app.ts';

/** The time that is seen of the time that was drawn. */
export function visibleTime(drawn: TimeWindow, [from, to]: readonly [number, number]): TimeWindow {
  const length = drawn.toMs - drawn.fromMs;
  return { fromMs: drawn.fromMs + from * length, toMs: drawn.fromMs + to * length };
}
