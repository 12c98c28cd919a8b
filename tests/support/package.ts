/**
 * The package as npm would publish it, built from the working tree, packed, and unpacked into the node_modules of a
 * folder of its own, with the dependencies of this repository beside it. Needs no network.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What package.json says. */
export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** A folder that has the package installed. */
export interface Installed {
  /** The consumer's folder. */
  readonly folder: string;
  /** node_modules/wetware in it. */
  readonly path: string;
  /** Bytes of the archive. */
  readonly packedBytes: number;
  /** Runs a program of this repository's node_modules in the folder; throws with its output when it fails. */
  run(program: string, ...args: string[]): string;
  /** Removes everything. */
  remove(): void;
}

function run(folder: string, program: string, args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

/** Builds, packs and unpacks: some seconds. The page (dist/app) is left out. */
export function installPackage(): Installed {
  const top = mkdtempSync(join(tmpdir(), 'wetware-package-'));
  const staged = join(top, 'staged');
  mkdirSync(staged);
  for (const name of ['package.json', 'README.md', 'LICENSE', 'THIRD-PARTY.md', 'src', 'shaders']) {
    cpSync(join(ROOT, name), join(staged, name), { recursive: true });
  }
  const dist = join(staged, 'dist');
  for (const mode of ['node', 'element']) {
    run(ROOT, 'vite/bin/vite.js', [
      'build',
      '--mode',
      mode,
      '--logLevel',
      'error',
      '--outDir',
      dist,
    ]);
  }
  run(ROOT, 'typescript/bin/tsc', ['-p', 'tsconfig.types.json', '--outDir', join(dist, 'types')]);
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--ignore-scripts'], {
      cwd: staged,
      encoding: 'utf8',
    }),
  ) as [{ filename: string; size: number }];
  const folder = join(top, 'consumer');
  const path = join(folder, 'node_modules', manifest.name);
  mkdirSync(path, { recursive: true });
  execFileSync('tar', ['-xzf', join(staged, packed.filename), '--strip-components=1', '-C', path]);
  for (const name of Object.keys(manifest.dependencies)) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    const source = join(ROOT, 'node_modules', name);
    if (existsSync(source)) symlinkSync(source, place);
  }
  return {
    folder,
    path,
    packedBytes: packed.size,
    run: (program, ...args) => run(folder, program, args),
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}
