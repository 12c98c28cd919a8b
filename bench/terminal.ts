/** Messages of the bench on standard error: lines that stay, and one line of progress that is rewritten. */

export interface Terminal {
  /** A line that stays. */
  say(text: string): void;
  /** The line of progress; only at a terminal. */
  show(text: string): void;
}

/** `stream`: usually standard error. */
export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const isInteractive = stream.isTTY === true;
  const clear = isInteractive ? '\r\x1b[K' : '';
  return {
    say: (text) => void stream.write(`${clear}${text}\n`),
    show(text) {
      if (!isInteractive) return;
      stream.write(`${clear}${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
    },
  };
}
