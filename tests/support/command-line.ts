/** The command line, run in this process: what it prints, and how it ends. */
import { main } from '../../src/cli/program.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line; `interruptAfterMs` presses Ctrl-C. */
export async function commandLine(
  args: readonly string[],
  how: { readonly isInteractive?: boolean; readonly interruptAfterMs?: number | undefined } = {},
): Promise<CommandResult> {
  let out = '';
  let err = '';
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isInteractive: how.isInteractive ?? false,
    hasColour: false,
    onInterrupt(callback) {
      if (how.interruptAfterMs === undefined) return () => {};
      const timer = setTimeout(callback, how.interruptAfterMs);
      return () => clearTimeout(timer);
    },
  });
  return { code, out, err };
}
