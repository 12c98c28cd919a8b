/** How the command line fails and ends. */

/** Wrong use of the command line: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The network was fine but its run was not (a variable became NaN, an input overflowed): exit code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Exit codes, the same for all verbs. */
export const EXIT = { fine: 0, failed: 1, misuse: 2, noGpu: 3 } as const;
