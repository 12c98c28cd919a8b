/**
 * Cuts through a field: the plane of voxels that is looked at, values along a line in it, and what they come to.
 * Values of a field have x fastest. Pictures have their first row on top; planes have y (or z) upwards.
 */
import type { FieldInfo } from '../../simulation/protocol.ts';

export type Axis = 0 | 1 | 2;
export const AXIS_NAMES = ['x', 'y', 'z'] as const;

/** Voxels of a field, and where they are. */
export interface Grid extends Pick<FieldInfo, 'grid' | 'spacingUm'> {
  /** Corner of the grid; 0 when left out. */
  readonly originUm?: readonly [number, number, number];
}

/** What of a field is looked at: the plane across an axis, at a voxel along it. */
export interface Cut {
  readonly across: Axis;
  readonly index: number;
}

/** A plane of voxels. */
export interface Plane {
  /** Axes to the right and upwards. */
  readonly axes: readonly [Axis, Axis];
  readonly width: number;
  readonly height: number;
  /** Row by row, the lowest first. */
  readonly values: Float64Array;
}

/** Axes along which there is more than one voxel. */
export const longAxes = ({ grid }: Grid): readonly Axis[] =>
  ([0, 1, 2] as const).filter((axis) => grid[axis] > 1);

/** The cut to begin with: across the shortest axis of a volume, the one plane of a sheet; in the middle. */
export function firstCut({ grid, spacingUm }: Grid): Cut {
  const length = (axis: Axis): number => grid[axis] * spacingUm[axis];
  const flat = ([2, 1, 0] as const).find((axis) => grid[axis] === 1);
  const across =
    flat ??
    ([2, 1, 0] as const).reduce((best, axis) => (length(axis) < length(best) ? axis : best));
  return { across, index: Math.floor(grid[across] / 2) };
}

/** Axes of the plane: to the right and upwards. */
export const planeAxes = (across: Axis): readonly [Axis, Axis] =>
  across === 0 ? [1, 2] : across === 1 ? [0, 2] : [0, 1];

export function cutPlane(
  values: ArrayLike<number>,
  grid: readonly [number, number, number],
  { across, index }: Cut,
): Plane {
  const axes = planeAxes(across);
  const strides = [1, grid[0], grid[0] * grid[1]] as const;
  const [width, height] = [grid[axes[0]], grid[axes[1]]];
  const at = Math.min(grid[across] - 1, Math.max(0, index)) * strides[across];
  const found = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      found[row * width + column] = values[
        at + row * strides[axes[1]] + column * strides[axes[0]]
      ] as number;
    }
  }
  return { axes, width, height, values: found };
}

/** x, y and z of the voxel in a column and row of a cut. */
export function voxelOf(
  { across, index }: Cut,
  column: number,
  row: number,
): readonly [number, number, number] {
  const [right, up] = planeAxes(across);
  const voxel: [number, number, number] = [0, 0, 0];
  voxel[across] = index;
  voxel[right] = column;
  voxel[up] = row;
  return voxel;
}

/** Middle of a voxel, µm. */
export const middleUm = (
  { spacingUm, originUm = [0, 0, 0] }: Grid,
  voxel: readonly [number, number, number],
): readonly [number, number, number] => [
  originUm[0] + (voxel[0] + 0.5) * spacingUm[0],
  originUm[1] + (voxel[1] + 0.5) * spacingUm[1],
  originUm[2] + (voxel[2] + 0.5) * spacingUm[2],
];

export interface Moments {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Over all finite values; NaN without any. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let [sum, count] = [0, 0];
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return { mean: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { mean: sum / count, min, max };
}

/** A place in a plane, in voxels from its lower left corner: 0.5 is the middle of the first. */
export interface Place {
  readonly u: number;
  readonly v: number;
}

export interface Profile {
  /** Along the line, µm. */
  readonly distances: Float64Array;
  readonly values: Float64Array;
}

/**
 * Values along a line in a plane, between the middles of voxels linearly, beyond the outer middles as they are. Two
 * samples per voxel.
 */
export function profileAlong(
  plane: Plane,
  spacingUm: readonly [number, number, number],
  from: Place,
  to: Place,
): Profile {
  const voxels = Math.max(Math.abs(to.u - from.u), Math.abs(to.v - from.v));
  const count = Math.max(2, Math.ceil(2 * voxels) + 1);
  const length = Math.hypot(
    (to.u - from.u) * spacingUm[plane.axes[0]],
    (to.v - from.v) * spacingUm[plane.axes[1]],
  );
  const distances = new Float64Array(count);
  const values = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const part = k / (count - 1);
    distances[k] = part * length;
    values[k] = valueAt(plane, {
      u: from.u + part * (to.u - from.u),
      v: from.v + part * (to.v - from.v),
    });
  }
  return { distances, values };
}

function valueAt({ values, width, height }: Plane, { u, v }: Place): number {
  const column = Math.min(width - 1, Math.max(0, u - 0.5));
  const row = Math.min(height - 1, Math.max(0, v - 0.5));
  const left = Math.min(Math.max(0, width - 2), Math.floor(column));
  const low = Math.min(Math.max(0, height - 2), Math.floor(row));
  const right = Math.min(width - 1, left + 1);
  const high = Math.min(height - 1, low + 1);
  const at = (x: number, y: number): number => values[y * width + x] as number;
  const along = column - left;
  const above = row - low;
  return (
    (1 - above) * ((1 - along) * at(left, low) + along * at(right, low)) +
    above * ((1 - along) * at(left, high) + along * at(right, high))
  );
}
