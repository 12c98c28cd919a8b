/** A Python that has Brian 2 or PyNN, and scripts run by it. Tests that need one say loudly that they are skipped without. */
import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';
import { type Example, examples } from '../../src/examples/index.ts';
import { runMany } from '../../src/index.ts';

const wanted = process.env.BRIAN2_PYTHON ?? '/usr/bin/python3';

function hasModule(python: string, name: string): boolean {
  try {
    execFileSync(python, ['-W', 'ignore', '-c', `import ${name}`], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** Path of a Python that can import the module, or null. BRIAN2_PYTHON names another one than Debian's. */
export function pythonWith(name: string): string | null {
  return hasModule(wanted, name) ? wanted : null;
}

/** `describe` for what needs a Python with this module. */
export function describePython(name: string, module: string, body: (python: string) => void): void {
  const python = pythonWith(module);
  if (python !== null) {
    describe(name, () => body(python));
    return;
  }
  console.warn(
    `SKIPPED: ${name}: ${wanted} has no ${module}. Install it, or name a Python that has it in BRIAN2_PYTHON.`,
  );
  describe.skip(name, () => body(''));
}

/** Runs Python text and returns what it prints. */
export function runPython(python: string, text: string): string {
  return execFileSync(python, ['-W', 'ignore', '-'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Rate of an example over its first second in Hz, mean of the seeds 1 to 10. */
export async function meanRate(name: 'cuba' | 'coba'): Promise<number> {
  const seeds = Array.from({ length: 10 }, (_, k) => k + 1);
  const example = examples[name] as Example;
  const network = example.build({}, { seed: 1 });
  const { runs } = await runMany(network, { seeds, duration: '1 s', engine: 'cpu' });
  return runs.reduce((sum, { summary }) => sum + summary.rate_hz, 0) / runs.length;
}
