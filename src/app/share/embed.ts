/** HTML that puts a network into another page: text to copy, with every value escaped. Pure. */
import { escapeText } from '../../report/index.ts';
import type { Project } from '../state/project.ts';

/** Where the element comes from. */
export const ELEMENT_SCRIPT = 'https://cdn.jsdelivr.net/npm/wetware/dist/element.js';

/** Controls that an element may show. */
export const EMBED_CONTROLS = ['play', 'reset', 'rate', 'time', 'title'] as const;

export interface EmbedOptions {
  readonly controls: readonly string[];
  readonly height: number;
  readonly autoplay: boolean;
  /** Address of a document file beside the page, for networks that are no examples. */
  readonly src: string;
  /** Address of the app, for a link to it; '' without. */
  readonly page: string;
}

export function embedCode(
  { source, run, view }: Pick<Project, 'source' | 'run' | 'view'>,
  { controls, height, autoplay, src, page }: EmbedOptions,
): string {
  const attributes: (readonly [string, string] | string)[] = [];
  if (source.kind === 'example') {
    attributes.push(['example', source.name]);
    const values = new URLSearchParams(source.values).toString();
    if (values !== '') attributes.push(['values', values]);
    attributes.push(['seed', String(source.seed)]);
  } else attributes.push(['src', src]);
  if (run.engine !== 'auto') attributes.push(['engine', run.engine]);
  if (view.windowMs !== 1000) attributes.push(['window', String(view.windowMs)]);
  if (autoplay) attributes.push('autoplay');
  attributes.push(['controls', controls.join(',')], ['height', String(height)]);
  if (page !== '') attributes.push(['page', page]);
  const written = attributes.map((one) =>
    typeof one === 'string' ? one : `${one[0]}="${escapeText(one[1])}"`,
  );
  return [
    `<script type="module" src="${ELEMENT_SCRIPT}"></script>`,
    `<wetware-network ${written.join(' ')}></wetware-network>`,
  ].join('\n');
}
