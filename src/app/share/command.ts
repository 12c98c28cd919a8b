/** The command line that repeats what the page shows. Pure. */
import { type Project, seedOf } from '../state/project.ts';

/** A word as a POSIX shell takes it. */
export const quotedWord = (word: string): string =>
  /^[\w.=:/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * `npx wetware run …`, for an example with its values, for all else with the file that was saved as `file`. `seeds`: how
 * many seeds from that of the project on; 1 for one run.
 */
export function commandLine(
  project: Pick<Project, 'source' | 'document' | 'run'>,
  { file, durationMs, seeds }: { file: string; durationMs: number; seeds: number },
): string {
  const { source, run } = project;
  const seed = seedOf(project);
  const words = ['npx', 'wetware', 'run'];
  if (source.kind === 'example') {
    words.push(source.name);
    for (const [key, value] of Object.entries(source.values))
      words.push('--set', `${key}=${value}`);
  } else words.push(file);
  if (seeds > 1) words.push('--seeds', `${seed}..${seed + seeds - 1}`);
  else words.push('--seed', String(seed));
  words.push('--duration', `${durationMs} ms`);
  if (run.engine !== 'auto') words.push('--engine', run.engine);
  words.push('--out', 'results/');
  return words.map(quotedWord).join(' ');
}
