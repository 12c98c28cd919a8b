/**
 * Folders on disk as sources of files. What a file names is looked for under a root and nowhere else, also not through
 * links.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FileSource } from '../io/file-source.ts';
import { UsageError } from './usage.ts';

/** Largest file that is read. */
const LARGEST_FILE = 2 ** 31 - 1;

/** A file as part of a source. */
export interface Located {
  readonly source: FileSource;
  /** Its name in the source. */
  readonly name: string;
}

/**
 * The source of a file and what belongs to it: the folder `root`, by default the working directory when the file is
 * under it, else the folder of the file.
 */
export async function locate(path: string, root: string | undefined): Promise<Located> {
  const file = await realpath(path);
  const folder = dirname(file);
  const base = await realpath(root ?? process.cwd());
  const isUnder = file.startsWith(base.endsWith(sep) ? base : base + sep);
  if (root !== undefined && !isUnder) {
    throw new UsageError(`--root must be a folder that holds ${path}, got "${root}".`);
  }
  const top = isUnder ? base : folder;
  return { source: folderSource(top, folder), name: nameIn(top, file) };
}

const nameIn = (top: string, path: string): string => relative(top, path).split(sep).join('/');

function folderSource(top: string, folder: string): FileSource {
  return {
    async readBytes(name) {
      const path = await realpath(resolve(top, name));
      if (path !== top && !path.startsWith(top.endsWith(sep) ? top : top + sep)) {
        throw new UsageError(`it is a link out of ${top}; --root FOLDER allows a larger one`);
      }
      const found = await stat(path);
      if (!found.isFile()) throw new UsageError(`${basename(path)} is not a file`);
      if (found.size > LARGEST_FILE) throw new UsageError(`it has ${found.size} bytes`);
      return new Uint8Array(await readFile(path));
    },
    async list() {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ name }) => nameIn(top, join(folder, name)));
    },
  };
}
