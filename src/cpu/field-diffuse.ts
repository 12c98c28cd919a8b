/**
 * Writes the diffusion of a field: one step of the heat equation on its grid, from the state of each variable that
 * diffuses to its copy, row by row along x, four voxels at a time where rows are long enough. The operations are those
 * that FieldKernel in plan.ts names, in their order; rows may be shared out between threads.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Context } from './context.ts';
import { type FieldLayout, VOXELS_AT_ONCE } from './field-layout.ts';

/** Smaller numbers become 0 in single precision: processors are slow with them. */
const SMALLEST_NORMAL = 2 ** -126;

/** Adds diffuse(first row, row behind the last), for all variables; null when none diffuses. Row r is y + ny*z. */
export function addDiffusion(context: Context, field: FieldLayout): WasmFunction | null {
  if (field.copies.every((copy) => copy === null)) return null;
  return new DiffusionWriter(context, field).write();
}

/** Which ends of a row a piece of code is about. */
interface Ends {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

class DiffusionWriter {
  readonly #context: Context;
  readonly #field: FieldLayout;
  readonly #function: WasmFunction;
  readonly #code: Code;
  readonly #isVector: boolean;
  readonly #shape: 'f32x4' | 'f32' | 'f64';
  readonly #cellBytes: number;
  readonly #row: number;
  /** Locals: byte offset of the row; addresses of the row, of its neighbours along y and z, and of its copy. */
  readonly #offset: number;
  readonly #here: number;
  readonly #sides: readonly (readonly [number, number] | null)[];
  readonly #out: number;
  /** Locals: byte offset in the row, the voxels, what flows into them. */
  readonly #x: number;
  readonly #voxel: number;
  readonly #flow: number;
  /** Locals of kx, ky, kz. */
  readonly #factors: readonly number[];

  constructor(context: Context, field: FieldLayout) {
    const { isDouble } = context;
    const [nx, ny, nz] = field.kernel.grid;
    this.#context = context;
    this.#field = field;
    this.#isVector = !isDouble && nx >= VOXELS_AT_ONCE;
    this.#shape = isDouble ? 'f64' : this.#isVector ? 'f32x4' : 'f32';
    this.#cellBytes = context.layout.cellBytes;
    this.#function = context.module.function(`diffuse_${field.kernel.name}`, [
      ['row', 'i32'],
      ['rows_end', 'i32'],
    ]);
    this.#code = this.#function.code;
    this.#row = 0;
    const address = (name: string): number => this.#function.local('i32', name);
    const value = (name: string): number =>
      this.#function.local(this.#shape === 'f32x4' ? 'v128' : this.#shape, name);
    this.#offset = address('offset');
    this.#here = address('here');
    this.#sides = [
      null,
      ny === 1 ? null : [address('below_y'), address('above_y')],
      nz === 1 ? null : [address('below_z'), address('above_z')],
    ];
    this.#out = address('out');
    this.#x = address('x');
    this.#voxel = value('voxel');
    this.#flow = value('flow');
    this.#factors = ['kx', 'ky', 'kz'].map(value);
  }

  write(): WasmFunction {
    const code = this.#code;
    const [nx] = this.#field.kernel.grid;
    code.op('block').op('loop');
    code.get(this.#row).get(1).op('i32.ge_u').op('br_if', 1);
    code
      .get(this.#row)
      .i32(nx * this.#cellBytes)
      .op('i32.mul')
      .set(this.#offset);
    for (const [variable, copy] of this.#field.copies.entries()) {
      if (copy !== null) this.#writeRow(variable, copy);
    }
    code.get(this.#row).i32(1).op('i32.add').set(this.#row).op('br', 0).op('end').op('end');
    return this.#function;
  }

  #writeRow(variable: number, copy: number): void {
    const code = this.#code;
    const { kernel, stateAddress, stride } = this.#field;
    const state = stateAddress + variable * stride;
    const [nx, ny, nz] = kernel.grid;
    this.#loadFactors(variable);
    code.get(this.#offset).i32(state).op('i32.add').set(this.#here);
    code.get(this.#offset).i32(copy).op('i32.add').set(this.#out);
    const along = nx * this.#cellBytes;
    const place = (axis: 1 | 2, count: number, step: number, pushIndex: () => void): void => {
      const pair = this.#sides[axis];
      if (!pair) return;
      this.#placeSide(pair[0], pushIndex, 0, -step, (count - 1) * step);
      this.#placeSide(pair[1], pushIndex, count - 1, step, -(count - 1) * step);
    };
    place(1, ny, along, () => code.get(this.#row).i32(ny).op('i32.rem_u'));
    place(2, nz, along * ny, () => code.get(this.#row).i32(ny).op('i32.div_u'));
    this.#writeVoxels(nx);
  }

  #loadFactors(variable: number): void {
    const { kernel } = this.#field;
    const { layout } = this.#context;
    for (const [axis, constant] of (kernel.diffusion[variable] ?? []).entries()) {
      if (constant < 0) continue;
      const address = layout.constants + (kernel.constants + constant) * this.#cellBytes;
      this.#code.i32(address);
      if (this.#isVector) this.#code.op('v128.load32_splat', 0);
      else this.#code.named(`${this.#shape}.load`, 0);
      this.#code.set(this.#factors[axis] as number);
    }
  }

  /** Sets a local to the neighbouring row; of the row whose index along the axis is `edge`, to what is behind the edge. */
  #placeSide(
    local: number,
    pushIndex: () => void,
    edge: number,
    step: number,
    around: number,
  ): void {
    const code = this.#code;
    switch (this.#field.kernel.edges) {
      case 'reflecting':
        code.get(this.#here);
        break;
      case 'absorbing':
        code.i32(this.#field.zeros);
        break;
      case 'periodic':
        code.get(this.#here).i32(around).op('i32.add');
    }
    code.get(this.#here).i32(step).op('i32.add');
    pushIndex();
    code.i32(edge).op('i32.eq').op('select').set(local);
  }

  #writeVoxels(nx: number): void {
    const code = this.#code;
    const at = (x: number): void => {
      code.i32(x * this.#cellBytes).set(this.#x);
    };
    const atOnce = this.#isVector ? VOXELS_AT_ONCE : 1;
    // The last vector of a row may overlap the one before: then both write the same numbers.
    const last = nx - atOnce;
    at(0);
    this.#writePiece({ isFirst: true, isLast: last === 0 });
    if (last > atOnce) {
      at(atOnce);
      code.loop(() => {
        this.#writePiece({ isFirst: false, isLast: false });
        code
          .get(this.#x)
          .i32(atOnce * this.#cellBytes)
          .op('i32.add')
          .tee(this.#x);
        code.i32(last * this.#cellBytes).op('i32.lt_u');
      });
    }
    if (last > 0) {
      at(last);
      this.#writePiece({ isFirst: false, isLast: true });
    }
  }

  /** The voxels at x. */
  #writePiece(ends: Ends): void {
    const code = this.#code;
    const [nx] = this.#field.kernel.grid;
    this.#load(this.#here);
    code.set(this.#voxel);
    let isFirst = true;
    const addFlow = (axis: number, pushBelow: () => void, pushAbove: () => void): void => {
      if (!isFirst) code.get(this.#flow);
      code.get(this.#factors[axis] as number);
      for (const [index, push] of [pushBelow, pushAbove].entries()) {
        push();
        code.get(this.#voxel).named(`${this.#shape}.sub`);
        if (index > 0) code.named(`${this.#shape}.add`);
      }
      code.named(`${this.#shape}.mul`);
      if (!isFirst) code.named(`${this.#shape}.add`);
      code.set(this.#flow);
      isFirst = false;
    };
    if (nx > 1) {
      addFlow(
        0,
        () => this.#pushAlongRow(-1, ends.isFirst),
        () => this.#pushAlongRow(1, ends.isLast),
      );
    }
    for (const [axis, pair] of this.#sides.entries()) {
      if (!pair) continue;
      addFlow(
        axis,
        () => this.#load(pair[0]),
        () => this.#load(pair[1]),
      );
    }
    this.#store(isFirst);
  }

  /** Pushes c + flow to the copy. */
  #store(isStill: boolean): void {
    const code = this.#code;
    const shape = this.#shape;
    code.get(this.#out).get(this.#x).op('i32.add').get(this.#voxel);
    if (!isStill) code.get(this.#flow).named(`${shape}.add`);
    if (shape === 'f32x4') {
      code.tee(this.#voxel).get(this.#voxel).op('f32x4.abs');
      code.op('f32.const', SMALLEST_NORMAL).op('f32x4.splat').op('f32x4.lt').op('v128.andnot');
      code.op('v128.store', 0);
      return;
    }
    if (shape === 'f32') {
      code.set(this.#voxel).op('f32.const', 0).get(this.#voxel);
      code.get(this.#voxel).op('f32.abs').op('f32.const', SMALLEST_NORMAL).op('f32.lt');
      code.op('select');
    }
    code.named(`${shape}.store`, 0);
  }

  /** Pushes the voxels at x of the row at the address in a local, `shift` bytes on. */
  #load(row: number, shift = 0): void {
    const code = this.#code;
    code.get(row).get(this.#x).op('i32.add');
    if (shift < 0) code.i32(shift).op('i32.add');
    code.named(this.#isVector ? 'v128.load' : `${this.#shape}.load`, Math.max(0, shift));
  }

  /** Pushes the neighbours along x; at the end of a row, the outermost one is what is behind the edge. */
  #pushAlongRow(direction: 1 | -1, isEnd: boolean): void {
    const shift = direction * this.#cellBytes;
    if (!isEnd) {
      this.#load(this.#here, shift);
      return;
    }
    if (!this.#isVector) {
      this.#pushBehind(direction);
      return;
    }
    this.#load(this.#here, shift);
    this.#pushBehind(direction);
    this.#code.op('f32x4.replace_lane', direction < 0 ? 0 : VOXELS_AT_ONCE - 1);
  }

  /** Pushes one number: what is behind the end of the row. */
  #pushBehind(direction: 1 | -1): void {
    const code = this.#code;
    const scalar = this.#shape === 'f64' ? 'f64' : 'f32';
    const last = (this.#field.kernel.grid[0] - 1) * this.#cellBytes;
    switch (this.#field.kernel.edges) {
      case 'reflecting':
        code.get(this.#here).named(`${scalar}.load`, direction < 0 ? 0 : last);
        return;
      case 'absorbing':
        code.named(`${scalar}.const`, 0);
        return;
      case 'periodic':
        code.get(this.#here).named(`${scalar}.load`, direction < 0 ? last : 0);
    }
  }
}
