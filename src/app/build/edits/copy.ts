/** A second one of a thing, right behind it, under a new name. */
import type { NetworkDocument } from '../../../index.ts';
import { appendPart, findPart, freshName, type PartReference } from './parts.ts';

export interface Copied {
  readonly document: NetworkDocument;
  /** Name of the copy. */
  readonly name: string;
}

/**
 * The document with a copy. A population comes without its projections and inputs; projections, inputs, recordings and
 * interventions act on what the original acts on. null where there is no such thing.
 */
export function copyPart(document: NetworkDocument, { kind, name }: PartReference): Copied | null {
  const part = findPart(document, kind, name);
  if (part === null) return null;
  if (kind === 'timedArray') {
    const fresh = freshName(document, kind, name);
    return { document: appendPart(document, kind, fresh, part as never), name: fresh };
  }
  const given = (part as { readonly name?: string }).name ?? 'intervention';
  const fresh = freshName(document, kind, given);
  const copy = { ...part, name: fresh };
  return { document: appendPart(document, kind, fresh, copy as never), name: fresh };
}
