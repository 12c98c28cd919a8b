/** What is said of names and values that cannot be read, set or changed in a network that is compiled. Text only. */
import { NetworkError } from '../errors.ts';
import { listNames, suggest } from '../language/messages.ts';
import type { Dimension } from '../language/units.ts';
import type { ProjectionPart } from './projections.ts';

/** Something that equations declare or an engine stores. */
export interface Named {
  readonly name: string;
  readonly kind?: string;
  readonly dimension?: Dimension;
}

/** Of a changed parameter without which nothing bounds an amount. */
export const unbounded = ({ document, path }: ProjectionPart, amount: string): NetworkError =>
  new NetworkError(
    `Projection "${document.name}": with this value nothing bounds ${amount}. Set the value in the network and create ` +
      'the simulation again.',
    { path },
  );

/** Of a variable that is not stored; subexpressions can be recorded. */
export function notStored(
  where: string,
  name: string,
  stored: readonly Named[],
  declared: readonly Named[],
): NetworkError {
  const names = stored.map((one) => one.name);
  const isComputed = declared.some((one) => one.name === name && one.kind === 'subexpression');
  const near = suggest(name, names);
  const hint = isComputed
    ? ` "${name}" is computed from others and not stored: record it instead.`
    : near === undefined
      ? ''
      : ` Did you mean "${near}"?`;
  return new NetworkError(
    `${where} has no stored variable "${name}".${hint} Stored: ${listNames(names) || 'none'}.`,
    { path: where, value: name },
  );
}

/** Of a name that is none. */
export function unknown(kind: string, name: string, names: readonly string[]): NetworkError {
  const near = suggest(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new NetworkError(
    `There is no ${kind} "${name}".${hint} Known: ${listNames(names) || 'none'}.`,
    { path: kind, value: name },
  );
}
