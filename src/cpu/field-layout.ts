/**
 * Where fields lie in the memory of the CPU engine: state and copies padded to whole vectors, deposits behind the slots
 * of every copy of the ring, a row of zeros that stands for what is beyond absorbing edges.
 */
import { PHILOX_TABLE_WORDS } from '../language/wasm/philox.ts';
import type { FieldKernel, Plan } from '../plan/plan.ts';
import type { Segment } from './segments.ts';

/** Voxels of a vector. */
export const VOXELS_AT_ONCE = 4;

export interface FieldLayout {
  readonly kernel: FieldKernel;
  readonly stateAddress: number;
  /** Bytes from one variable to the next. */
  readonly stride: number;
  /** By variable: address of its diffused copy, or null. */
  readonly copies: readonly (number | null)[];
  /** How diffusion and reaction pass through the field together, or null where they do one after the other. */
  readonly sweep: SweepLayout | null;
  /** Offset, in a copy of the ring, of the deposits of each input. */
  readonly depositOffsets: readonly number[];
  /** Address of a row of zeros. */
  readonly zeros: number;
  /** Address of the `philoxTable` of its stream. */
  readonly philox: number;
}

/**
 * A sweep goes through layers of the field, planes or (in two dimensions) rows. What a layer becomes has to wait until both
 * layers beside it have been seen: each thread has three buffers, in which every variable that diffuses has a layer.
 */
export interface SweepLayout {
  /** Layers of the field, and bytes of one in a variable. */
  readonly layers: number;
  readonly layerBytes: number;
  /** Variables that diffuse. */
  readonly diffusing: readonly number[];
  /** Address of the first buffer of the first thread, and bytes of a buffer. */
  readonly buffers: number;
  readonly bufferBytes: number;
}

/** Buffers of a thread: the layers that it came to first, and last or last but one by turns. */
export const SWEEP_BUFFERS = 3;

/** What can be placed before it is known where the ring is. */
export interface FieldsLayout {
  readonly fields: readonly FieldLayout[];
  /** Bytes of the deposits in a copy of the ring. */
  readonly depositBytes: number;
  /** Address of deposits relative to the ring, by cell. */
  readonly depositSegments: readonly Segment[];
  readonly stateSegments: readonly Segment[];
}

/** Places the fields of a plan. `firstDeposit`: offset in a copy of the ring behind its slots. */
export function placeFields(
  { fields, precision }: Plan,
  firstDeposit: number,
  take: (bytes: number) => number,
): FieldsLayout {
  const cellBytes = precision === 'f64' ? 8 : 4;
  const strideOf = ({ count }: FieldKernel): number =>
    Math.ceil(count / VOXELS_AT_ONCE) * VOXELS_AT_ONCE * cellBytes;
  const stateSegments: Segment[] = [];
  const depositSegments: Segment[] = [];
  const longestRow = Math.max(0, ...fields.map(({ grid }) => grid[0]));
  const zeros = fields.length === 0 ? 0 : take((longestRow + VOXELS_AT_ONCE) * cellBytes);
  let offset = firstDeposit;
  const placed = fields.map((kernel): FieldLayout => {
    const stride = strideOf(kernel);
    const { count, stateBase, variables, inputs } = kernel;
    const stateAddress = take(stride * variables.length);
    for (const [v, { type }] of variables.entries()) {
      const address = stateAddress + v * stride;
      stateSegments.push({ cell: stateBase + v * count, count, address, type });
    }
    const depositOffsets = inputs.map(({ base }) => {
      const address = offset;
      depositSegments.push({ cell: base, count, address, type: 'f32' });
      offset += stride;
      return address;
    });
    const philox = take(PHILOX_TABLE_WORDS * 4);
    return { kernel, stateAddress, stride, depositOffsets, zeros, philox, copies: [], sweep: null };
  });
  return { fields: placed, depositBytes: offset - firstDeposit, depositSegments, stateSegments };
}

/** Gives fields their copies, which all share: nothing in them outlives a run of a field. */
export function placeCopies(
  { precision }: Plan,
  fields: readonly FieldLayout[],
  threads: number,
  take: (bytes: number) => number,
): FieldLayout[] {
  const sweeps = fields.map(({ kernel }) => (precision === 'f64' ? null : sweepOf(kernel)));
  const bytesOf = ({ kernel, stride }: FieldLayout, index: number): number => {
    const sweep = sweeps[index];
    if (sweep) return threads * SWEEP_BUFFERS * sweep.bufferBytes;
    return stride * kernel.diffusion.filter((one) => one !== null).length;
  };
  const bytes = Math.max(0, ...fields.map(bytesOf));
  const address = bytes === 0 ? 0 : take(bytes);
  return fields.map((field, index) => {
    const sweep = sweeps[index];
    if (sweep) return { ...field, sweep: { ...sweep, buffers: address } };
    let next = address;
    const copies = field.kernel.diffusion.map((constants) => {
      if (constants === null) return null;
      const place = next;
      next += field.stride;
      return place;
    });
    return { ...field, copies };
  });
}

/** A sweep takes whole vectors along x; null for other fields, and where nothing diffuses. */
function sweepOf({ grid, diffusion }: FieldKernel): Omit<SweepLayout, 'buffers'> | null {
  const [nx, ny, nz] = grid;
  const diffusing = diffusion.flatMap((constants, v) => (constants === null ? [] : [v]));
  if (nx % VOXELS_AT_ONCE !== 0 || diffusing.length === 0) return null;
  const layerBytes = 4 * nx * (nz > 1 ? ny : 1);
  return {
    layers: nz > 1 ? nz : ny,
    layerBytes,
    diffusing,
    bufferBytes: diffusing.length * layerBytes,
  };
}
