/** Files dropped anywhere on the page, folders included; they open the sheet "Open files". Reads names, not contents. */
import type { App } from '../state/app.ts';

/** More than this is no network but a mistake. */
const MOST_FILES = 5000;

/** Returns what unbinds it. `isOver` hears when something is dragged over the page. */
export function bindDrop(app: App, isOver: (over: boolean) => void): () => void {
  const hasFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') ?? false;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) isOver(false);
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver(false);
    if (event.dataTransfer) void takeFiles(app, filesOf(event.dataTransfer));
  };
  addEventListener('dragover', over);
  addEventListener('dragleave', leave);
  addEventListener('drop', drop);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('dragleave', leave);
    removeEventListener('drop', drop);
  };
}

/** Shows files in the sheet, or says why not. */
export async function takeFiles(app: App, files: Promise<readonly File[]>): Promise<void> {
  try {
    const found = await files;
    if (found.length === 0) return;
    app.files.value = found;
    app.sheet.value = 'open';
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    app.notice.value = { kind: 'failure', text };
  }
}

/** All files of a drop. Entries must be asked for before anything is awaited. */
export async function filesOf(data: DataTransfer): Promise<readonly File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null || entry.isFile)) return [...data.files];
  const found: File[] = [];
  for (const entry of entries) if (entry) await collect(entry, '', found);
  return found;
}

async function collect(entry: FileSystemEntry, folder: string, found: File[]): Promise<void> {
  if (found.length > MOST_FILES) {
    throw new Error(
      `The folder has more than ${MOST_FILES} files; drop those of the network only.`,
    );
  }
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    Object.defineProperty(file, 'webkitRelativePath', { value: path });
    found.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return;
    for (const inner of part) await collect(inner, path, found);
  }
}
