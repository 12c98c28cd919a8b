/** Positions of neurons: which form they have, and a beginning for another. */
import type { PositionsDocument } from '../../../index.ts';

export type PositionForm = 'none' | 'grid' | 'box' | 'values';

export function positionForm(positions: PositionsDocument | undefined): PositionForm {
  if (positions === undefined) return 'none';
  if ('grid' in positions) return 'grid';
  return 'box' in positions ? 'box' : 'values';
}

/** Columns and rows of exactly so many places, as near to a square as there are. */
export function nearestGrid(size: number): readonly [number, number] {
  let rows = Math.floor(Math.sqrt(size));
  while (rows > 1 && size % rows !== 0) rows--;
  return [size / Math.max(1, rows), Math.max(1, rows)];
}

export function usualPositions(form: PositionForm, size: number): PositionsDocument | undefined {
  switch (form) {
    case 'none':
      return undefined;
    case 'grid':
      return { grid: nearestGrid(size), spacing: '20 um' };
    case 'box':
      return { box: ['1 mm', '1 mm'] };
    case 'values':
      return { x: 'rand()*1000*um', y: 'rand()*1000*um' };
  }
}
