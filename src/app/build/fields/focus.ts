/** Gives the focus to an element when it appears, and not again when it is drawn anew. */
const seen = new WeakSet<HTMLElement>();

export function focusOnce(element: HTMLElement | null): void {
  if (!element || seen.has(element)) return;
  seen.add(element);
  element.focus();
}
