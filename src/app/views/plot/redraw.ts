/**
 * When a plot is drawn: after something changed, in an animation frame, not more often than the eye needs, and only while
 * its element can be seen.
 */

/** Thirty pictures a second are smooth for curves that scroll, and leave time for everything else. */
const LEAST_MS = 30;

export interface Redraw {
  /** Something changed. */
  request(): void;
  stop(): void;
}

export function createRedraw(element: Element, draw: () => void): Redraw {
  let frame = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let wanted = true;
  let visible = false;

  const onFrame = (now: number): void => {
    frame = 0;
    if (!wanted || !visible) return;
    if (now - drawnAt < LEAST_MS) {
      schedule();
      return;
    }
    wanted = false;
    drawnAt = now;
    draw();
  };
  const schedule = (): void => {
    // Frames stop by themselves in a hidden tab.
    if (frame === 0 && visible) frame = requestAnimationFrame(onFrame);
  };
  const observer = new IntersectionObserver((entries) => {
    visible = entries.at(-1)?.isIntersecting ?? false;
    if (wanted) schedule();
  });
  observer.observe(element);
  return {
    request() {
      wanted = true;
      schedule();
    },
    stop() {
      cancelAnimationFrame(frame);
      frame = 0;
      wanted = false;
      visible = false;
      observer.disconnect();
    },
  };
}
