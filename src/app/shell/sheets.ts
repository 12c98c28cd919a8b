/** Sheets that open over the page, each loaded when first opened: a name, a title, a component. */
import type { Load } from './lazy.tsx';

export interface Sheet {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  /** Takes most of the screen. */
  readonly wide?: boolean;
}

export const sheets: readonly Sheet[] = [
  { name: 'help', title: 'Keys and hints', load: () => import('./Help.tsx') },
];
