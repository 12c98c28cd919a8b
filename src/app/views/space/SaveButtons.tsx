/** Picture as PNG and numbers as CSV of a view that is not a plot of uPlot: exactly what is shown. */
import { useApp } from '../../shell/context.ts';
import type { App } from '../../state/app.ts';
import { saveFile } from '../plot/save.ts';

interface Props {
  /** Of the files, without ending and name of the network. */
  readonly name: string;
  /** What is drawn, from the lowest layer; null or empty while there is nothing. */
  readonly layers: () => readonly HTMLCanvasElement[] | null;
  /** What is shown as a table, CSV text. */
  readonly csv: () => string;
}

export function SaveButtons({ name, layers, csv }: Props) {
  const app = useApp();
  const file = (): string => {
    const title = app.session.info.value?.document.name ?? 'network';
    return `${title}-${name}`.replace(/[^\w-]+/g, '-');
  };
  const buttons = [
    ['PNG', 'Save the picture, as shown', () => void savePicture(file(), layers() ?? [])],
    ['CSV', 'Save the numbers, as shown', () => saveText(`${file()}.csv`, csv())],
    ['Copy', 'Copy the numbers, as shown', () => void copyText(app, csv())],
  ] as const;
  return (
    <div class="plot-saving">
      {buttons.map(([text, title, act]) => (
        <button key={text} type="button" class="plain small" title={title} onClick={act}>
          {text}
        </button>
      ))}
    </div>
  );
}

const saveText = (name: string, text: string): void =>
  saveFile(name, new Blob([text], { type: 'text/csv' }));

async function copyText(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.notice.value = { kind: 'done', text: 'Copied what is shown, as a table (CSV).' };
  } catch {
    app.notice.value = {
      kind: 'warning',
      text: 'The browser does not let the page use the clipboard here. Save the CSV file instead.',
    };
  }
}

async function savePicture(name: string, layers: readonly HTMLCanvasElement[]): Promise<void> {
  const [lowest] = layers;
  if (!lowest) return;
  const canvas = document.createElement('canvas');
  canvas.width = lowest.width;
  canvas.height = lowest.height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue('--panel').trim();
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of layers) context.drawImage(layer, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) saveFile(`${name}.png`, blob);
}
