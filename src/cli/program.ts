/**
 * The command line without the process: arguments in, exit code out. Failures become one message on standard error;
 * only faults of our own show a stack.
 */
import { DeviceError, NetworkError, version } from '../index.ts';
import { check } from './check.ts';
import { chip } from './chip.ts';
import { compare } from './compare.ts';
import { convert } from './convert.ts';
import { info } from './info.ts';
import { list } from './list.ts';
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';
import { EXIT, RunError, UsageError } from './usage.ts';
import { type Request, readArguments } from './verbs.ts';

/** Runs one command; resolves to its exit code and never rejects. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await perform(readArguments(args, version), terminal);
  } catch (error) {
    const { message, code } = failureOf(error);
    terminal.err(`${message}\n`);
    return code;
  }
}

async function perform(request: Request, terminal: Terminal): Promise<number> {
  switch (request.verb) {
    case 'text':
      terminal.out(request.text);
      return EXIT.fine;
    case 'run':
      return run(request.target, request.options, terminal);
    case 'check':
      return check(request.target, request.options, terminal);
    case 'compare':
      return compare(request.target, request.options, terminal);
    case 'chip':
      return chip(request.target, request.options, terminal);
    case 'convert':
      return convert(request.target, request.output, request.options, terminal);
    case 'list':
      return list(request.options, terminal);
    case 'info':
      return info(request.options, terminal, version);
  }
}

function failureOf(error: unknown): { message: string; code: number } {
  if (error instanceof RunError) return { message: error.message, code: EXIT.failed };
  if (error instanceof DeviceError) {
    const code = error.reason === 'no-adapter' ? EXIT.noGpu : EXIT.failed;
    return { message: error.message, code };
  }
  if (error instanceof UsageError || error instanceof NetworkError) {
    return { message: error.message, code: EXIT.misuse };
  }
  // Files and folders: Node's own messages name the path and the reason.
  if (error instanceof Error && 'syscall' in error) {
    return { message: error.message, code: EXIT.failed };
  }
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: fault, code: EXIT.failed };
}
