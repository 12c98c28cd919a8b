/** Runs the scripts in peers/brian2, where a Python with Brian 2 and a C++ compiler are installed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Spread, spreadOf } from './statistics.ts';
import type { Workload } from './workloads.ts';

/** What peers/brian2/standalone.py prints. Seconds; `simulate_s` is the main loop alone. */
interface PeerOutput {
  readonly brian2: string;
  readonly neurons: number;
  readonly synapses: number;
  readonly spikes: number | null;
  readonly compile_s: number;
  readonly simulate_s: readonly number[];
  readonly flags: string;
  readonly threads: number;
}

export interface PeerMeasurement extends PeerOutput {
  readonly simulate: Spread;
}

/** A Python that can import brian2: BRIAN2_PYTHON, else /usr/bin/python3, else python3; null when none can. */
export async function findBrian2(): Promise<string | null> {
  const candidates = [process.env.BRIAN2_PYTHON, '/usr/bin/python3', 'python3'];
  for (const python of candidates) {
    if (python === undefined || python === '') continue;
    const { code } = await run(python, ['-W', 'ignore', '-c', 'import brian2']);
    if (code === 0 && (await run('g++', ['--version'])).code === 0) return python;
  }
  return null;
}

/** Throws with what Python printed when the script fails. */
export async function measureBrian2(
  python: string,
  folder: string,
  { brian2, durationMs }: Workload,
  repetitions: number,
): Promise<PeerMeasurement> {
  if (!brian2) throw new Error('internal: this workload has no peer');
  const script = join(folder, 'bench', 'peers', 'brian2', brian2.script);
  const words = ['--neurons', brian2.neurons, '--duration-ms', durationMs];
  const { code, output, errors } = await run(python, [
    '-W',
    'ignore',
    script,
    ...words.map(String),
    '--repetitions',
    String(repetitions),
  ]);
  const line = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{')) throw new Error(`${brian2.script} failed:\n${errors}`);
  const measured = JSON.parse(line) as PeerOutput;
  return { ...measured, simulate: spreadOf(measured.simulate_s) };
}

function run(
  command: string,
  words: readonly string[],
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
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
