/** Files and clipboard: how a plot's picture and numbers leave the page. */
import type uPlot from 'uplot';
import type { App } from '../../state/app.ts';
import { type Column, csvOf } from './table.ts';

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveCsv(name: string, columns: readonly Column[]): void {
  saveFile(`${name}.csv`, new Blob([csvOf(columns)], { type: 'text/csv' }));
}

export async function copyCsv(app: App, columns: readonly Column[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(csvOf(columns));
    app.notice.value = { kind: 'done', text: 'Copied what is shown, as a table (CSV).' };
  } catch {
    app.notice.value = {
      kind: 'warning',
      text: 'The browser does not let the page use the clipboard here. Save the CSV file instead.',
    };
  }
}

/** The plots below each other, on the background of the panel, in the pixels of the screen. */
export async function savePng(
  name: string,
  plots: readonly uPlot[],
  background: string,
): Promise<void> {
  const canvases = plots.map(({ ctx }) => ctx.canvas).filter(({ width }) => width > 0);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, ...canvases.map(({ width }) => width));
  canvas.height = canvases.reduce((sum, { height }) => sum + height, 0) || 1;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  let top = 0;
  for (const one of canvases) {
    context.drawImage(one, 0, top);
    top += one.height;
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) saveFile(`${name}.png`, blob);
}
