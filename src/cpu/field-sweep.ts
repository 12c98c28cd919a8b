/**
 * Writes diffusion and reaction of a field as one pass, where rows are whole vectors: a row diffuses into a buffer and
 * reacts there, so that a large field goes through the cache once. The operations are those of field-diffuse.ts and
 * field-react.ts, in their order.
 *
 * Layers (planes, or rows of a field of two dimensions) are shared out between threads. What a layer becomes waits in a
 * buffer until the next one has been computed from what it was; the first and last layer of a thread wait for all threads.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { Context } from './context.ts';
import { type FieldLayout, type SweepLayout, VOXELS_AT_ONCE } from './field-layout.ts';
import { Reaction } from './field-react.ts';

const SMALLEST_NORMAL = 2 ** -126;
const VECTOR_BYTES = 4 * VOXELS_AT_ONCE;
/** The buffer of the first layer of a thread; the others take turns in 0 and 1. */
const FIRST_BUFFER = 2;
/** Bytes 12 … 27 of two vectors side by side: the last lane of the first, then three of the second. */
const MOVED_UP = [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27] as const;
/** Lanes 1, 2, 3 of the first vector and lane 0 of the second. */
const MOVED_DOWN = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] as const;
/** Lanes 1, 2, 3 and 3 again. */
const MOVED_DOWN_AND_KEPT = [...MOVED_DOWN.slice(0, 12), 12, 13, 14, 15] as const;

/** The two functions of a sweep; threads have to meet between them. */
export interface SweepFunctions {
  /** sweep(first step of the interval, last step, first layer, layer behind the last, address of the thread's buffers). */
  readonly sweep: WasmFunction;
  /** settle(first layer, layer behind the last, address of the thread's buffers): stores what waited for other threads. */
  readonly settle: WasmFunction;
}

/** Adds the functions of a field that is laid out for a sweep. */
export function addSweep(
  context: Context,
  field: FieldLayout,
  layout: SweepLayout,
): SweepFunctions {
  const keep = addKeep(context, field, layout);
  const sweep = new SweepWriter(context, field, layout, keep).write();
  return { sweep, settle: addSettle(context, field, layout, keep) };
}

/** keep(layer, buffer): makes what is in a buffer the state of a layer. */
function addKeep(context: Context, field: FieldLayout, layout: SweepLayout): WasmFunction {
  const keep = context.module.function(`keep_${field.kernel.name}`, [
    ['layer', 'i32'],
    ['buffer', 'i32'],
  ]);
  const { code } = keep;
  const { layerBytes, diffusing } = layout;
  for (const [d, v] of diffusing.entries()) {
    code.get(0).i32(layerBytes).op('i32.mul');
    code.i32(field.stateAddress + v * field.stride).op('i32.add');
    code
      .get(1)
      .i32(d * layerBytes)
      .op('i32.add')
      .i32(layerBytes)
      .op('memory.copy');
  }
  return keep;
}

function addSettle(
  context: Context,
  field: FieldLayout,
  layout: SweepLayout,
  keep: WasmFunction,
): WasmFunction {
  const names = ['layer', 'layers_end', 'buffers'];
  const settle = context.module.function(
    `settle_${field.kernel.name}`,
    names.map((name) => [name, 'i32'] as const),
  );
  const { code } = settle;
  const [first, end, buffers] = [0, 1, 2];
  code.get(first).get(end).op('i32.lt_u');
  code.if(() => {
    code.get(first).get(buffers);
    code
      .i32(FIRST_BUFFER * layout.bufferBytes)
      .op('i32.add')
      .call(keep);
    code.get(end).get(first).op('i32.sub').i32(1).op('i32.gt_u');
    code.if(() => {
      code.get(end).i32(1).op('i32.sub').tee(end);
      pushTurn(code, end, buffers, layout).call(keep);
    });
  });
  return settle;
}

/** Pushes the address of the buffer whose turn it is at a layer. */
function pushTurn(code: Code, layer: number, buffers: number, { bufferBytes }: SweepLayout): Code {
  code.get(layer).i32(1).op('i32.and').i32(bufferBytes).op('i32.mul');
  return code.get(buffers).op('i32.add');
}

/** An axis with neighbours in other rows: y or z. */
interface Side {
  readonly axis: 1 | 2;
  readonly count: number;
  /** Bytes to the next voxel. */
  readonly step: number;
  /** Local with the place of the row along the axis. */
  readonly place: number;
  /** Locals: offsets of the neighbouring voxels in a variable; masks that are 0 beyond absorbing edges. */
  readonly below: number;
  readonly above: number;
  readonly masks: readonly [number, number] | null;
}

class SweepWriter {
  readonly #field: FieldLayout;
  readonly #layout: SweepLayout;
  readonly #keep: WasmFunction;
  readonly #context: Context;
  readonly #function: WasmFunction;
  readonly #code: Code;
  readonly #reaction: Reaction;
  readonly #rowBytes: number;
  /** Parameters. */
  readonly #firstLayer: number;
  readonly #end = 3;
  readonly #buffers = 4;
  /** Locals: the layer, the row in it, offset of the voxels in a variable, of the end of the row; where results go. */
  readonly #layer: number;
  readonly #row: number;
  readonly #cursor: number;
  readonly #rowStart: number;
  readonly #rowEnd: number;
  readonly #out: number;
  readonly #sides: readonly Side[];
  readonly #smallest: number;
  readonly #voxel: number;
  readonly #flow: number;
  /** Local of the voxels before. */
  readonly #before: number;
  /** By variable that diffuses: locals of kx, ky, kz. */
  readonly #factors: readonly (readonly number[])[];

  constructor(context: Context, field: FieldLayout, layout: SweepLayout, keep: WasmFunction) {
    this.#context = context;
    this.#field = field;
    this.#layout = layout;
    this.#keep = keep;
    const names = ['interval', 'step', 'first_layer', 'layers_end', 'buffers'];
    const owner = context.module.function(
      `sweep_${field.kernel.name}`,
      names.map((name) => [name, 'i32'] as const),
    );
    this.#function = owner;
    this.#code = owner.code;
    this.#firstLayer = 2;
    const address = (name: string): number => owner.local('i32', name);
    const vector = (name: string): number => owner.local('v128', name);
    this.#layer = address('layer');
    this.#row = address('row');
    this.#cursor = address('voxels');
    this.#rowStart = address('row_start');
    this.#rowEnd = address('row_end');
    this.#out = address('out');
    const [nx, ny, nz] = field.kernel.grid;
    this.#rowBytes = 4 * nx;
    const side = (axis: 1 | 2, count: number, step: number, place: number): Side[] => {
      if (count === 1) return [];
      const [below, above] = [address(`below_${'xyz'[axis]}`), address(`above_${'xyz'[axis]}`)];
      const isOpen = field.kernel.edges === 'absorbing';
      const masks = isOpen ? ([vector('inside_below'), vector('inside_above')] as const) : null;
      return [{ axis, count, step, place, below, above, masks }];
    };
    this.#sides = [
      ...side(1, ny, this.#rowBytes, nz > 1 ? this.#row : this.#layer),
      ...side(2, nz, this.#rowBytes * ny, this.#layer),
    ];
    this.#smallest = vector('smallest');
    this.#voxel = vector('voxel');
    this.#flow = vector('flow');
    this.#before = vector('before');
    this.#factors = layout.diffusing.map(() => ['kx', 'ky', 'kz'].map(vector));
    this.#reaction = new Reaction(context, field, owner, {
      step: 0,
      last: 1,
      cursor: this.#cursor,
    });
  }

  write(): WasmFunction {
    const code = this.#code;
    const { layerBytes, bufferBytes } = this.#layout;
    code.op('f32.const', SMALLEST_NORMAL).op('f32x4.splat').set(this.#smallest);
    for (const d of this.#factors.keys()) this.#loadFactors(d);
    code.get(this.#firstLayer).set(this.#layer);
    code.get(this.#layer).get(this.#end).op('i32.lt_u');
    code.if(() =>
      code.loop(() => {
        code
          .get(this.#buffers)
          .i32(FIRST_BUFFER * bufferBytes)
          .op('i32.add');
        pushTurn(code, this.#layer, this.#buffers, this.#layout);
        code.get(this.#layer).get(this.#firstLayer).op('i32.eq').op('select').set(this.#out);
        code.get(this.#layer).i32(layerBytes).op('i32.mul').set(this.#cursor);
        this.#writeRows();
        this.#keepPrevious();
        code.get(this.#layer).i32(1).op('i32.add').tee(this.#layer).get(this.#end);
        code.op('i32.lt_u');
      }),
    );
    this.#reaction.report();
    return this.#function;
  }

  /** Interventions may have changed them between two runs. */
  #loadFactors(d: number): void {
    const { kernel } = this.#field;
    const { layout } = this.#context;
    const constants = kernel.diffusion[this.#layout.diffusing[d] as number] ?? [];
    for (const [axis, constant] of constants.entries()) {
      if (constant < 0) continue;
      this.#code.i32(layout.constants + (kernel.constants + constant) * layout.cellBytes);
      this.#code.op('v128.load32_splat', 0).set(this.#factors[d]?.[axis] as number);
    }
  }

  /** The layer before is read no more, unless another thread still reads it, or this one as the first. */
  #keepPrevious(): void {
    const code = this.#code;
    const previous = this.#function.local('i32', 'previous');
    code.get(this.#layer).i32(1).op('i32.sub').tee(previous).get(this.#firstLayer);
    code.op('i32.gt_s').if(() => {
      code.get(previous);
      pushTurn(code, previous, this.#buffers, this.#layout).call(this.#keep);
    });
  }

  /** Every row of a layer diffuses, one variable after the other, then reacts, all of them together. */
  #writeRows(): void {
    const code = this.#code;
    const [, ny, nz] = this.#field.kernel.grid;
    const { diffusing } = this.#layout;
    const rows = nz > 1 ? ny : 1;
    code.i32(0).set(this.#row);
    code.loop(() => {
      code.get(this.#cursor).set(this.#rowStart);
      code.get(this.#cursor).i32(this.#rowBytes).op('i32.add').set(this.#rowEnd);
      for (const d of diffusing.keys()) this.#diffuseRow(d);
      this.#reactRow();
      code.get(this.#row).i32(1).op('i32.add').tee(this.#row).i32(rows).op('i32.lt_u');
    });
  }

  /** One variable of a row, from the state to the buffer. */
  #diffuseRow(d: number): void {
    const code = this.#code;
    code.get(this.#rowStart).set(this.#cursor);
    for (const side of this.#sides) this.#placeSide(side);
    this.#loadBefore(d);
    const write = (isLast: boolean): void => {
      this.#diffuse(d, isLast);
      for (const { below, above } of this.#sides) {
        this.#advance(below);
        this.#advance(above);
      }
      this.#advance(this.#cursor);
      this.#advance(this.#out);
    };
    if (this.#rowBytes > VECTOR_BYTES) {
      code.loop(() => {
        write(false);
        code.get(this.#cursor).i32(VECTOR_BYTES).op('i32.add').get(this.#rowEnd).op('i32.lt_u');
      });
    }
    write(true);
    code.get(this.#out).i32(this.#rowBytes).op('i32.sub').set(this.#out);
  }

  /** All variables of a row, those that diffuse in the buffer. */
  #reactRow(): void {
    const code = this.#code;
    const { diffusing, layerBytes } = this.#layout;
    code.get(this.#rowStart).set(this.#cursor);
    code.loop(() => {
      for (const [v, local] of this.#reaction.variables.entries()) {
        const d = diffusing.indexOf(v);
        if (d < 0) this.#reaction.load(v);
        else
          code
            .get(this.#out)
            .op('v128.load', d * layerBytes)
            .set(local);
      }
      this.#reaction.react();
      for (const [v, local] of this.#reaction.variables.entries()) {
        const d = diffusing.indexOf(v);
        if (!this.#reaction.writes(v)) continue;
        if (d < 0) this.#reaction.store(v);
        else
          code
            .get(this.#out)
            .get(local)
            .op('v128.store', d * layerBytes);
      }
      this.#advance(this.#out);
      this.#advance(this.#cursor);
      code.get(this.#cursor).get(this.#rowEnd).op('i32.lt_u');
    });
  }

  /** To the next voxels. */
  #advance(local: number): void {
    this.#code.get(local).i32(VECTOR_BYTES).op('i32.add').set(local);
  }

  /** Where the neighbours of a row are along an axis; beyond edges, what stands for them. */
  #placeSide({ count, step, place, below, above, masks }: Side): void {
    const code = this.#code;
    const around = this.#field.kernel.edges === 'periodic' ? (count - 1) * step : 0;
    const set = (local: number, shift: number, atEdge: number, edge: number): void => {
      code.get(this.#cursor).i32(atEdge).i32(shift);
      code.get(place).i32(edge).op('i32.eq').op('select').op('i32.add').set(local);
    };
    set(below, -step, around, 0);
    set(above, step, -around, count - 1);
    for (const [mask, edge] of [
      [masks?.[0], 0],
      [masks?.[1], count - 1],
    ] as const) {
      if (mask === undefined) continue;
      code.i32(0).i32(-1).get(place).i32(edge).op('i32.eq').op('select');
      code.op('i32x4.splat').set(mask);
    }
  }

  /** Puts what is before the first voxel of a row into the last lane of a local. */
  #loadBefore(d: number): void {
    const code = this.#code;
    const state = this.#stateOf(d);
    switch (this.#field.kernel.edges) {
      case 'reflecting':
        code.get(this.#cursor).op('v128.load32_splat', state);
        break;
      case 'absorbing':
        code.op('f32.const', 0).op('f32x4.splat');
        break;
      case 'periodic':
        code.get(this.#cursor).op('v128.load32_splat', state + this.#rowBytes - 4);
    }
    code.set(this.#before);
  }

  /** Address of a variable that diffuses. */
  #stateOf(d: number): number {
    return this.#field.stateAddress + (this.#layout.diffusing[d] as number) * this.#field.stride;
  }

  /** What the voxels at the cursor are after diffusion, into the buffer. */
  #diffuse(d: number, isLast: boolean): void {
    const code = this.#code;
    const voxel = this.#voxel;
    const state = this.#stateOf(d);
    code.get(this.#cursor).op('v128.load', state).set(voxel);
    code.get(this.#factors[d]?.[0] as number);
    code.get(this.#before).get(voxel);
    code
      .op('i8x16.shuffle', ...MOVED_UP)
      .get(voxel)
      .op('f32x4.sub');
    this.#pushAfter(state, voxel, isLast);
    code.get(voxel).op('f32x4.sub').op('f32x4.add').op('f32x4.mul').set(this.#flow);
    for (const { axis, below, above, masks } of this.#sides) {
      code.get(this.#flow).get(this.#factors[d]?.[axis] as number);
      for (const [k, neighbours] of [below, above].entries()) {
        code.get(neighbours).op('v128.load', state);
        if (masks) code.get(masks[k] as number).op('v128.and');
        code.get(voxel).op('f32x4.sub');
        if (k > 0) code.op('f32x4.add');
      }
      code.op('f32x4.mul').op('f32x4.add').set(this.#flow);
    }
    code.get(voxel).set(this.#before);
    code.get(voxel).get(this.#flow).op('f32x4.add');
    // Smaller numbers become 0: processors are slow with them.
    code.tee(voxel).get(voxel).op('f32x4.abs').get(this.#smallest).op('f32x4.lt');
    code.op('v128.andnot').set(voxel);
    code
      .get(this.#out)
      .get(voxel)
      .op('v128.store', d * this.#layout.layerBytes);
  }

  /** Pushes the voxels one further along x; at the end of a row, the last of them is what is behind the edge. */
  #pushAfter(state: number, voxel: number, isLast: boolean): void {
    const code = this.#code;
    if (!isLast) {
      code.get(this.#cursor).op('v128.load', state + 4);
      return;
    }
    code.get(voxel);
    switch (this.#field.kernel.edges) {
      case 'reflecting':
        code.get(voxel);
        code.op('i8x16.shuffle', ...MOVED_DOWN_AND_KEPT);
        return;
      case 'absorbing':
        code.op('f32.const', 0).op('f32x4.splat');
        break;
      case 'periodic':
        code.get(this.#rowEnd).i32(this.#rowBytes).op('i32.sub').op('v128.load32_splat', state);
    }
    code.op('i8x16.shuffle', ...MOVED_DOWN);
  }
}
