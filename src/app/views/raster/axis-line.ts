/** The time axis under the raster as elements that are moved, not made again, while the run goes on. */
import type { TimeWindow } from '../../state/app.ts';
import { axisTicks } from './axis.ts';

/** CSS pixels that a tick wants. */
const ROOM = 84;

export interface AxisLine {
  show(window: TimeWindow): void;
}

export function createAxisLine(element: HTMLElement): AxisLine {
  const ticks: { mark: HTMLElement; text: HTMLElement }[] = [];
  let shown = '';
  const tickAt = (k: number): { mark: HTMLElement; text: HTMLElement } => {
    const found = ticks[k];
    if (found) return found;
    const mark = document.createElement('i');
    const text = document.createElement('span');
    element.append(mark, text);
    const made = { mark, text };
    ticks.push(made);
    return made;
  };
  return {
    show(window) {
      const width = element.clientWidth;
      const key = `${window.fromMs} ${window.toMs} ${width}`;
      if (key === shown || width === 0) return;
      shown = key;
      const wanted = axisTicks(window, Math.max(2, Math.floor(width / ROOM)));
      wanted.forEach(({ place, text }, k) => {
        const tick = tickAt(k);
        const x = place * width;
        tick.mark.style.transform = `translateX(${x.toFixed(1)}px)`;
        if (tick.text.textContent !== text) tick.text.textContent = text;
        // Texts at the ends stay inside.
        const half = text.length * 3.7;
        const inside = Math.min(width - half, Math.max(half, x));
        tick.text.style.transform = `translateX(calc(${inside.toFixed(1)}px - 50%))`;
      });
      ticks.forEach(({ mark, text }, k) => {
        mark.hidden = text.hidden = k >= wanted.length;
      });
    },
  };
}
