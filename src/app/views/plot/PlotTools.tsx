/** What can be done with a plot: its picture as PNG, its numbers as CSV, exactly as shown. */
import type { ComponentChildren } from 'preact';
import type uPlot from 'uplot';
import { useApp } from '../../shell/context.ts';
import { copyCsv, saveCsv, savePng } from './save.ts';
import type { Column } from './table.ts';

interface Props {
  /** Of the files, without ending. */
  readonly name: string;
  readonly plots: () => readonly (uPlot | null)[];
  /** The numbers that are shown. */
  readonly columns: () => readonly Column[];
  /** Choices of the panel, before the buttons. */
  readonly children?: ComponentChildren;
}

export function PlotTools({ name, plots, columns, children }: Props) {
  const app = useApp();
  const file = (): string => {
    const title = app.session.info.value?.document.name ?? 'network';
    return `${title.replace(/[^\w-]+/g, '-')}-${name}`;
  };
  const made = (): uPlot[] => plots().filter((plot): plot is uPlot => plot !== null);
  const background = (): string =>
    getComputedStyle(document.documentElement).getPropertyValue('--panel').trim();
  return (
    <div class="plot-tools">
      <div class="plot-choices">{children}</div>
      <div class="plot-saving">
        <button
          type="button"
          class="plain small"
          title="Save the picture, as shown"
          onClick={() => savePng(file(), made(), background())}
        >
          PNG
        </button>
        <button
          type="button"
          class="plain small"
          title="Save the numbers, as shown"
          onClick={() => saveCsv(file(), columns())}
        >
          CSV
        </button>
        <button
          type="button"
          class="plain small"
          title="Copy the numbers, as shown"
          onClick={() => copyCsv(app, columns())}
        >
          Copy
        </button>
      </div>
    </div>
  );
}
