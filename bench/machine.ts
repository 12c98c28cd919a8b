/** Where numbers come from: processor, memory, runtime, commit. Never the name of the host. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  /** Commit of the working tree, with "+" when it has changes. */
  readonly git: string;
}

export function describeMachine(folder: string): Machine {
  const cores = os.cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown processor',
    cores: cores.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
    git: commitOf(folder),
  };
}

/** "intel-xeon-2-cores", for file names. */
export function machineName({ cpu, cores }: Machine): string {
  const words = cpu.replace(/\((R|TM)\)|processor|cpu/gi, ' ').replace(/@.*/, '');
  return `${words} ${cores} cores`
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '');
}

function commitOf(folder: string): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
    return git('rev-parse', '--short=12', 'HEAD') + (isClean ? '' : '+');
  } catch {
    return 'unknown';
  }
}
