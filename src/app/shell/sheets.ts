/** Sheets that open over the page, each loaded when first opened: a name, a title, a component, and where its door is. */
import type { Load } from './lazy.tsx';

export interface Sheet {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  /** Menu of the header that opens it: what one can begin with, keep and give away, and all else. */
  readonly menu: 'open' | 'share' | 'more';
  /** Takes most of the screen. */
  readonly wide?: boolean;
}

export const sheets: readonly Sheet[] = [
  {
    name: 'gallery',
    title: 'Examples',
    menu: 'open',
    wide: true,
    load: () => import('../start/Gallery.tsx'),
  },
  {
    name: 'open',
    title: 'Open files',
    menu: 'open',
    wide: true,
    load: () => import('../start/OpenFiles.tsx'),
  },
  {
    name: 'paste',
    title: 'Paste from Brian 2',
    menu: 'open',
    wide: true,
    load: () => import('../equations/Paste.tsx'),
  },
  {
    name: 'projects',
    title: 'Projects',
    menu: 'open',
    load: () => import('../keep/Projects.tsx'),
  },
  { name: 'share', title: 'Link', menu: 'share', load: () => import('../share/Link.tsx') },
  {
    name: 'figure',
    title: 'Figure',
    menu: 'share',
    wide: true,
    load: () => import('../share/figure/Figure.tsx'),
  },
  { name: 'export', title: 'Export', menu: 'share', load: () => import('../share/Export.tsx') },
  {
    name: 'lessons',
    title: 'Lessons',
    menu: 'more',
    load: () => import('../lessons/Lessons.tsx'),
  },
  { name: 'help', title: 'Keys and hints', menu: 'more', load: () => import('./Help.tsx') },
];
