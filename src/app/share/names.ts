/** What files are called, and what is known of where their numbers come from. Pure. */
import { version } from '../../index.ts';
import type { App } from '../state/app.ts';
import { referencesOf } from '../state/arrays.ts';
import { type Project, seedOf } from '../state/project.ts';

/** "cuba-seed2": of letters that every file system takes. */
export function stemOf(project: Project): string {
  const name =
    project.document?.name ?? (project.source.kind === 'example' ? project.source.name : '');
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${plain || 'network'}-seed${seedOf(project)}`;
}

/** Whether a document has lists that are kept apart, and is a zip as a file. */
export const isLarge = ({ document }: Project): boolean => referencesOf(document).size > 0;

/** What the document is called when it is saved. */
export const fileOf = (project: Project): string =>
  `${stemOf(project)}.wetware.${isLarge(project) ? 'zip' : 'json'}`;

/** What is worth knowing about results, as texts; null before there is a network. */
export function provenanceOf(app: App): Record<string, string> | null {
  const info = app.session.info.value;
  if (info === null) return null;
  return {
    model: info.title,
    ...(info.citation !== '' && { citation: info.citation }),
    seed: String(info.document.seed),
    dt_ms: String(info.dtMs),
    neurons: String(info.neurons),
    synapses: String(info.synapses),
    engine: info.engine,
    ...(info.adapter !== null && { adapter: info.adapter }),
    wetware: version,
  };
}
