/** A folder on disk as a source of files, for tests of readers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileSource } from '../../src/io/file-source.ts';

export function folderSource(folder: URL): FileSource {
  const root = fileURLToPath(folder);
  return {
    readBytes: async (name) => new Uint8Array(readFileSync(join(root, name))),
    list: async () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  };
}

/** A folder of the reference data, see reference.ts. */
export const dataFolder = (name: string): URL =>
  new URL(`../../../shared/data/${name}/`, import.meta.url);
