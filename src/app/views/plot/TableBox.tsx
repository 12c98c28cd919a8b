/** A table beside a plot; where it is too wide or too long it scrolls for itself, also by keyboard. */
import type { ComponentChildren } from 'preact';

export function TableBox({
  label,
  children,
  limited = false,
}: {
  label: string;
  children: ComponentChildren;
  /** As high as the plot at most. */
  limited?: boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class={limited ? 'plot-table limited' : 'plot-table'} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
