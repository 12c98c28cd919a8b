/** What of which field is shown and how: chosen in the panel, kept while the page is open. */
import { signal } from '@preact/signals';
import { perApp } from '../plot/per-app.ts';
import type { ColourMapName } from '../space/colour-maps.ts';
import type { Cut, Place } from './slice.ts';

export interface FieldLook {
  /** Names; '' is the first. */
  readonly field: string;
  readonly variable: string;
  /** null: firstCut of slice.ts. */
  readonly cut: Cut | null;
  readonly map: ColourMapName;
  readonly log: boolean;
  /** Colours of a range of one's own; null follows the values. */
  readonly fixed: { readonly min: number; readonly max: number } | null;
  /** Colours between voxels are mixed; else every voxel is a rectangle. */
  readonly smooth: boolean;
  /** Line of the profile in the plane; null: across its middle. */
  readonly line: { readonly from: Place; readonly to: Place } | null;
}

export const fieldLook = perApp(() =>
  signal<FieldLook>({
    field: '',
    variable: '',
    cut: null,
    map: 'cividis',
    log: false,
    fixed: null,
    smooth: false,
    line: null,
  }),
);
