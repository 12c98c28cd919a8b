/** A project in a line of the list: what it is called, where it is from, how large it is. Pure. */
import type { NetworkDocument } from '../../index.ts';
import { type ArrayReference, isReference } from '../state/arrays.ts';
import type { KeptProject, ProjectCard } from './store.ts';

export function cardOf(
  { project, history }: KeptProject,
  title: string,
  now: number,
): Omit<ProjectCard, 'name'> {
  const { id, source, document } = project;
  return {
    id,
    title: title || (document?.name ?? (source.kind === 'example' ? source.name : 'a network')),
    origin: source.kind === 'example' ? `example ${source.name}` : source.origin,
    savedAt: now,
    bytes: document === null ? 0 : bytesOf(document),
    isEdited: source.kind === 'document' || history.past.length + history.future.length > 0,
  };
}

const sizes = new WeakMap<NetworkDocument, number>();

/** Length of the document as text, and of the lists that it refers to. */
export function bytesOf(document: NetworkDocument): number {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  let apart = 0;
  const text = JSON.stringify(document, (_, value: unknown) => {
    if (isReference(value)) apart += value.length * bytesPerElement(value);
    return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
  });
  sizes.set(document, text.length + apart);
  return text.length + apart;
}

const bytesPerElement = ({ type }: ArrayReference): number =>
  Number(/\d+/.exec(type)?.[0] ?? 8) / 8;

/** "just now", "5 minutes ago", "yesterday", a date. */
export function whenText(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? 'an hour ago' : `${hours} hours ago`;
  if (hours < 48) return 'yesterday';
  return new Date(then).toLocaleDateString('en', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}
