/** Runs the commands of peers and reads what they print. The protocol itself is in peers.ts. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  checkDescription,
  checkEntries,
  checkResult,
  measurementWords,
  type Peer,
  type PeerDescription,
  type PeerEntry,
  type PeerRequest,
  type PeerResult,
} from './peers.ts';
import type { Workload } from './workloads.ts';

/** Reads a file of peers. Throws TypeError that says what is wrong in it. */
export function readPeers(file: string): PeerEntry[] {
  return checkEntries(JSON.parse(readFileSync(file, 'utf8')), file);
}

/** The peer behind an entry, by the first of its commands that answers, or the reason why there is none. */
export async function findPeer(entry: PeerEntry, folder: string): Promise<Peer | string> {
  const reasons: string[] = [];
  for (const words of entry.commands) {
    const command = words.map((word) =>
      word.startsWith('$') ? (process.env[word.slice(1)] ?? '') : word,
    );
    if (command.includes('')) continue;
    const answer = await run(command, ['--describe'], folder, null);
    if (answer.code === 0) {
      const found = checkDescription(JSON.parse(lastLine(answer.output)), entry.name);
      return {
        ...found,
        measure: (workload, request, signal) =>
          measurePeer(found, command, workload, request, folder, signal),
      };
    }
    reasons.push(lastLine(answer.errors) || `${command[0]} does not start`);
  }
  return `${entry.name} is not installed here: ${[...new Set(reasons)].join('; ')}`;
}

/** Runs a peer on a workload. Throws Error with the last line that it printed when it fails, or what its answer lacks. */
async function measurePeer(
  { peer }: PeerDescription,
  command: readonly string[],
  workload: Workload,
  request: PeerRequest,
  folder: string,
  signal: AbortSignal,
): Promise<PeerResult> {
  const answer = await run(command, measurementWords(workload, request), folder, signal);
  if (answer.code !== 0) {
    throw new Error(lastLine(answer.errors) || `${peer} ended with code ${answer.code}`);
  }
  return checkResult(JSON.parse(lastLine(answer.output)));
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim() ?? '';

interface Answer {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(
  [command = '', ...first]: readonly string[],
  words: readonly string[],
  folder: string,
  signal: AbortSignal | null,
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      ...(signal && { signal }),
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    child.on('error', () => resolve({ code: -1, output, errors }));
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}
