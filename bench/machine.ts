/** Where numbers come from: processor, memory, runtime, commit. Never the name of the host. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { Machine } from './record.ts';

export function describeMachine(): Machine {
  const cores = os.cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown processor',
    cores: os.availableParallelism(),
    memory_bytes: os.totalmem(),
    platform: `${os.platform()} ${os.arch()}`,
    runtime: `Node ${process.versions.node}`,
  };
}

/** "intel-xeon-2-cores", for names of folders. */
export function machineName({ cpu, cores }: Pick<Machine, 'cpu' | 'cores'>): string {
  const words = cpu.replace(/\((R|TM)\)|processor|cpu/gi, ' ').replace(/@.*/, '');
  return `${words} ${cores} cores`
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Commit of the working tree, with "+" when it has changes; "unknown" outside of one. */
export function commitOf(folder: string): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
    return git('rev-parse', '--short=12', 'HEAD') + (isClean ? '' : '+');
  } catch {
    return 'unknown';
  }
}
