/** What the command line touches of the process it runs in, so that tests can stand in for it. */
export interface Terminal {
  /** Results: standard output. */
  out(text: string): void;
  /** Everything else: standard error. */
  err(text: string): void;
  /** Whether standard error is a terminal, so that a progress line can be rewritten. */
  readonly isInteractive: boolean;
  /** Whether standard error may be coloured. */
  readonly hasColour: boolean;
  /** Calls back at Ctrl-C until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}

/** The process's own streams and signals. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const isInteractive = stderr.isTTY === true;
  // `wetware list | head` closes the pipe early; that is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isInteractive,
    // https://no-color.org: any non-empty value.
    hasColour: isInteractive && !env.NO_COLOR && env.TERM !== 'dumb',
    onInterrupt(callback) {
      process.on('SIGINT', callback);
      return () => void process.off('SIGINT', callback);
    },
  };
}

/** A terminal for messages that may be silenced: errors always pass. */
export interface Messages {
  warn(message: string): void;
  /** What somebody should know of a result, though nothing is wrong. */
  remark(message: string): void;
  /** A line about what is happening; only people at a terminal see it. */
  note(message: string): void;
}

export function messagesTo(terminal: Terminal, quiet: boolean): Messages {
  const label = terminal.hasColour ? '\x1b[33mwarning:\x1b[0m' : 'warning:';
  return {
    warn(message) {
      if (!quiet) terminal.err(`${label} ${message}\n`);
    },
    remark(message) {
      if (!quiet) terminal.err(`note: ${message}\n`);
    },
    note(message) {
      if (!quiet && terminal.isInteractive) terminal.err(`${message}\n`);
    },
  };
}
