/**
 * Places for populations that have none: each a disc of evenly spread points, its area in proportion to its size, in
 * rows in the order of the document. A drawing, not anatomy: lengths are in spacings of points, and mean nothing.
 */

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Turn from one point of a sunflower to the next (Vogel 1979, doi:10.1016/0025-5564(79)90080-4). */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
/** Width of the whole over its height that is aimed at. */
const ASPECT = 1.8;

/** Discs from the upper left, y upwards, that do not touch. */
export function placeDiscs(sizes: readonly number[]): readonly Disc[] {
  // Area per point is π, so that a disc of n points has the radius √n.
  const radii = sizes.map((size) => Math.sqrt(Math.max(1, size)));
  const largest = Math.max(1, ...radii);
  const gap = 0.35 * largest;
  const area = radii.reduce((sum, radius) => sum + (2 * radius + gap) ** 2, 0);
  const widest = Math.max(Math.sqrt(area * ASPECT), 2 * largest + gap);
  const discs: Disc[] = [];
  let row: { index: number; x: number }[] = [];
  let x = 0;
  let y = 0;
  const finishRow = (): void => {
    const height = Math.max(0, ...row.map(({ index }) => radii[index] as number));
    for (const { index, x: at } of row) {
      discs[index] = { x: at, y: y - height, radius: radii[index] as number };
    }
    y -= 2 * height + gap;
    x = 0;
    row = [];
  };
  for (const [index, radius] of radii.entries()) {
    if (row.length > 0 && x + 2 * radius > widest) finishRow();
    row.push({ index, x: x + radius });
    x += 2 * radius + gap;
  }
  finishRow();
  return discs;
}

/** Writes x, y, 0 of `size` points of a disc into `places` from neuron `first` on. */
export function fillDisc(disc: Disc, first: number, size: number, places: Float32Array): void {
  for (let k = 0; k < size; k++) {
    const radius = disc.radius * Math.sqrt((k + 0.5) / size);
    const angle = k * GOLDEN_ANGLE;
    const at = 3 * (first + k);
    places[at] = disc.x + radius * Math.cos(angle);
    places[at + 1] = disc.y + radius * Math.sin(angle);
    places[at + 2] = 0;
  }
}
