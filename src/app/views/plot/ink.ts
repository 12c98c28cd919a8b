/** Colours of a plot, from the page's CSS variables: read again when the theme changes, by whoever draws. */

export interface Ink {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly strong: string;
  readonly accent: string;
  readonly panel: string;
  readonly excitatory: string;
  readonly inhibitory: string;
}

export function readInk(element: Element): Ink {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: of('--text'),
    quiet: of('--quiet'),
    grid: of('--line'),
    strong: of('--strong-line'),
    accent: of('--accent'),
    panel: of('--panel'),
    excitatory: of('--excitatory'),
    inhibitory: of('--inhibitory'),
  };
}

/** A colour (#rrggbb) with an opacity of 0 … 1. */
export function faded(hex: string, opacity: number): string {
  const alpha = Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0');
  return `${hex}${alpha}`;
}

/** Calls when the page changes its theme. Returns what ends it. */
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
