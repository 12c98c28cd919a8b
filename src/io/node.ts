/**
 * `wetware/io/node`: folders on disk as sources of files, for Node only. What a file names is looked for under the root
 * and nowhere else, also not through links.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { NetworkError } from '../errors.ts';
import { describeValue } from '../language/argument.ts';
import type { FileSource } from './file-source.ts';

export type { FileSource } from './file-source.ts';

/** Largest file that is read: Node's own limit. */
const LARGEST_FILE = 2 ** 31 - 1;

/** A file as part of a source. */
export interface LocatedFile {
  readonly source: FileSource;
  /** Its name in the source. */
  readonly name: string;
}

/**
 * The source of a file and what belongs to it: the folder `root`, by default the working directory when the file is
 * under it, else the folder of the file. The source lists the files beside it. Throws NetworkError when one of them is
 * not there, or the file is not under the root.
 */
export async function locateFile(path: string, root?: string): Promise<LocatedFile> {
  checkPath(path, 'locateFile: path');
  if (root !== undefined) checkPath(root, 'locateFile: root');
  const file = await placeOf(path, 'locateFile: path');
  const base = await placeOf(root ?? process.cwd(), 'locateFile: root');
  if (root !== undefined && !isInside(base, file)) {
    throw new NetworkError(`The root must be a folder that holds ${path}, got "${root}".`, {
      path: 'root',
      value: root,
    });
  }
  const top = isInside(base, file) ? base : dirname(file);
  return { source: sourceIn(top, dirname(file)), name: nameIn(top, file) };
}

/** A folder as a source; it lists the files that lie in the folder itself. Throws NetworkError when it is not there. */
export async function folderSource(folder: string): Promise<FileSource> {
  checkPath(folder, 'folderSource: folder');
  const top = await placeOf(folder, 'folderSource: folder');
  return sourceIn(top, top);
}

function checkPath(value: unknown, where: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw new TypeError(
    `${where} must be the path of a file or folder, got ${describeValue(value)}.`,
  );
}

async function placeOf(path: string, where: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NetworkError(`${where} must be there: ${reason}.`, { path: where, value: path });
  }
}

const isInside = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const nameIn = (top: string, path: string): string => relative(top, path).split(sep).join('/');

function sourceIn(top: string, listed: string): FileSource {
  return {
    async readBytes(name) {
      const path = await realpath(resolve(top, name));
      if (!isInside(top, path)) {
        throw new NetworkError(`it is a link out of ${top}; a larger root would allow it`, {
          path: name,
        });
      }
      const found = await stat(path);
      if (!found.isFile())
        throw new NetworkError(`${basename(path)} is not a file`, { path: name });
      if (found.size > LARGEST_FILE) {
        throw new NetworkError(`it has ${found.size} bytes; at most ${LARGEST_FILE} are read`, {
          path: name,
        });
      }
      return new Uint8Array(await readFile(path));
    },
    async list() {
      const entries = await readdir(listed, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => nameIn(top, resolve(listed, entry.name)));
    },
  };
}
