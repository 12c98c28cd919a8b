/**
 * Whether a grid is fine enough, and not too fine, for its clock. One step of diffusion moves the share k = D* dt/dx² of a
 * difference along every axis. In three dimensions with equal k it is positive (no concentration below 0 out of positive
 * ones) and accurate only up to k = 1/6; in general the sum of k over the axes is at most 1/2. Far below, in single
 * precision the loss of a lone voxel is a few of its last bits, and what it gives is no longer what its neighbours get.
 */
import { NetworkError } from '../errors.ts';

/** A grid and its clock. */
export interface DiffusionClock {
  /** Of the field. */
  readonly name: string;
  readonly grid: readonly [number, number, number];
  /** µm */
  readonly spacing: readonly [number, number, number];
  readonly everyMs: number;
  /** Step of the network, of which everyMs is a multiple. */
  readonly dtMs: number;
}

/** Largest sum of k over the axes: k = 1/6 along three. A last bit more, for quotients that are exact on paper. */
const LARGEST = 0.5 * (1 + 1e-9);
/** Smallest: 2 * sum of k is the share that a voxel loses; with 24 bits it is rounded by a part in a thousand. */
const SMALLEST = 2 ** -15;

/**
 * Refuses a diffusion coefficient (in tissue, µm²/ms) for which the field is too fine or too coarse for its clock; says
 * which clock would do. Throws NetworkError.
 */
export function checkDiffusion(clock: DiffusionClock, variable: string, coefficient: number): void {
  const { name, grid, spacing, everyMs, dtMs } = clock;
  const where = `Field "${name}": diffusion of "${variable}"`;
  const fail = (message: string): never => {
    throw new NetworkError(`${where}: ${message}`, {
      path: `field "${name}"`,
      value: coefficient,
    });
  };
  if (!(coefficient >= 0)) fail(`must be at least 0, got ${coefficient} um**2/ms.`);
  const axes = spacing.filter((_, axis) => (grid[axis] as number) > 1);
  const perMs = coefficient * axes.reduce((sum, edge) => sum + 1 / edge ** 2, 0);
  // Nothing diffuses.
  if (perMs === 0) return;
  const sum = perMs * everyMs;
  const mean = short(sum / axes.length);
  const limit = `1/${2 * axes.length}`;
  if (sum > LARGEST) {
    const steps = Math.floor(LARGEST / perMs / dtMs);
    const remedy =
      steps >= 1
        ? `Use every: "${short(steps * dtMs)} ms" or less`
        : `Not even one step of the network (${dtMs} ms) is short enough: use a smaller dt`;
    const factor = Math.sqrt(sum / LARGEST);
    fail(
      `the grid is too fine for every = ${short(everyMs)} ms: D* every/dx**2 is ${mean}, and must be at most ${limit}. ` +
        `${remedy}, or voxels ${short(factor, 'up')} times as large.`,
    );
  }
  if (sum >= SMALLEST) return;
  const least = Math.ceil(SMALLEST / perMs / dtMs) * dtMs;
  const most = Math.floor(LARGEST / perMs / dtMs) * dtMs;
  const factor = Math.sqrt(SMALLEST / sum);
  fail(
    `the grid is too coarse for every = ${short(everyMs)} ms: D* every/dx**2 is ${mean}, so little that single precision ` +
      `loses it. Use every from "${short(least, 'up')} ms" to "${short(most)} ms", or voxels ${short(factor, 'up')} times as small.`,
  );
}

/** Three digits, rounded so that what is advised does do. */
function short(value: number, direction: 'down' | 'up' = 'down'): string {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  const digits = value / unit;
  const near = Math.round(digits);
  const isWhole = Math.abs(digits - near) < 1e-6;
  const rounded = isWhole ? near : direction === 'up' ? Math.ceil(digits) : Math.floor(digits);
  return String(Number((rounded * unit).toPrecision(6)));
}
