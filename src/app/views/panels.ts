/** Panels under the raster, each loaded when first shown. Order is that of the tabs. */
import type { Load } from '../shell/lazy.tsx';
import type { NetworkInfo } from '../simulation/protocol.ts';
import type { App } from '../state/app.ts';
import { hasSlowVariables } from './slow/slow-variables.ts';

export interface Panel {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  /** Whether there is anything to show of a network; always when left out. */
  readonly shows?: (info: NetworkInfo) => boolean;
  /**
   * Loads what collects from the start of a run, also while another panel is open. Called with every network; it begins
   * once for each app.
   */
  readonly collect?: () => Promise<{ collect(app: App): void }>;
}

export const panels: readonly Panel[] = [
  {
    name: 'rates',
    title: 'Rates',
    load: () => import('./rates/Rates.tsx'),
    collect: () => import('./rates/collect.ts'),
  },
  {
    name: 'traces',
    title: 'Traces',
    load: () => import('./traces/Traces.tsx'),
    collect: () => import('./traces/collect.ts'),
  },
  { name: 'statistics', title: 'Statistics', load: () => import('./histograms/Histograms.tsx') },
  { name: 'spectrum', title: 'Spectrum', load: () => import('./spectrum/Spectrum.tsx') },
  { name: 'explore', title: 'Explore', load: () => import('./explorer/Explorer.tsx') },
  {
    name: 'weights',
    title: 'Weights',
    load: () => import('./weights/Weights.tsx'),
    shows: ({ projections }) => projections.length > 0,
  },
  {
    name: 'slow',
    title: 'Slow',
    load: () => import('./slow/Slow.tsx'),
    collect: () => import('./slow/collect.ts'),
    shows: hasSlowVariables,
  },
  { name: 'neurons', title: 'Neurons', load: () => import('../responders/Neurons.tsx') },
  { name: 'space', title: 'Space', load: () => import('./space/SpaceView.tsx') },
  {
    name: 'fields',
    title: 'Fields',
    load: () => import('./fields/Fields.tsx'),
    shows: ({ fields }) => fields.length > 0,
  },
  {
    name: 'connectivity',
    title: 'Connectivity',
    load: () => import('./matrix/Connectivity.tsx'),
    shows: ({ projections }) => projections.length > 0,
  },
  { name: 'equations', title: 'Equations', load: () => import('../equations/EquationsPanel.tsx') },
  { name: 'code', title: 'Code', load: () => import('../equations/Code.tsx') },
];
