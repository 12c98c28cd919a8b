/** Errors as the page keeps them: data with a reason. What they mean to a person is in shell/failures.ts. */
import { toPlain } from '../rpc.ts';
import type { Failure } from '../simulation/protocol.ts';

/** A failure to build, as data. */
export function failureOf(error: unknown): Failure {
  const plain = toPlain(error);
  return {
    reason:
      plain.kind === 'network'
        ? 'network'
        : plain.kind === 'device'
          ? plain.reason === 'lost'
            ? 'lost'
            : 'device'
          : 'internal',
    message: plain.message,
    step: 0,
    path: plain.path ?? '',
    problems: plain.problems ?? [],
    needed: plain.needed ?? 0,
    available: plain.available ?? 0,
    checkpoint: null,
  };
}
