/**
 * Paints the raster with WebGPU: spikes go into a ring on the GPU as they come, a compute pass counts the new ones, and
 * a frame is one or two draws, whose cost does not depend on how many spikes were counted. Within the limits that every
 * device has.
 */
import type { RasterView } from '../protocol.ts';
import type { SpikeSlice } from '../spike-log.ts';
import { type Columns, widthOf } from './columns.ts';
import { createPipelines } from './gpu-pipelines.ts';
import type { RasterRows } from './layout.ts';
import { tickWidth } from './pixels.ts';
import type { Painter, Picture } from './raster.ts';

/** Constants of the WebGPU specification, which Node has no globals for. */
const COPY_TARGET = 0x0008;
const UNIFORM = 0x0040;
const STORAGE = 0x0080;

/** Spikes in the ring: two words each, 8 MiB. */
export const RING = 1 << 20;
const WORKGROUP = 256;

/** Where frames go: a canvas, or a texture in tests. */
export interface Surface {
  readonly format: GPUTextureFormat;
  resize(width: number, height: number): void;
  /** Of the frame that is about to be painted. */
  texture(): GPUTexture;
  destroy(): void;
}

export function canvasSurface(
  canvas: OffscreenCanvas,
  device: GPUDevice,
  format: GPUTextureFormat,
): Surface {
  const context = canvas.getContext('webgpu');
  if (!context) throw new Error('internal: no WebGPU canvas');
  context.configure({ device, format, alphaMode: 'opaque' });
  return {
    format,
    resize(width, height) {
      canvas.width = width;
      canvas.height = height;
    },
    texture: () => context.getCurrentTexture(),
    destroy: () => context.unconfigure(),
  };
}

interface Density {
  readonly columns: Columns;
  readonly counts: GPUBuffer;
  readonly widths: GPUBuffer;
  readonly count: GPUBindGroup;
  readonly density: GPUBindGroup;
}

/** What a layout and a size need. */
interface Laid {
  readonly view: RasterView;
  readonly rows: RasterRows;
  readonly rowOf: GPUBuffer;
  readonly looks: GPUBuffer;
  readonly lines: GPUBuffer;
  readonly ticks: GPUBindGroup;
}

/** Rejects when the device cannot do it; nothing is left behind then. The device stays the caller's. */
export async function createGpuPainter(device: GPUDevice, surface: Surface): Promise<Painter> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const buffer = (label: string, bytes: number, usage: number): GPUBuffer =>
    device.createBuffer({
      label: `raster ${label}`,
      size: Math.max(16, bytes),
      usage: usage | COPY_TARGET,
    });
  const steps = buffer('spike steps', 4 * RING, STORAGE);
  const neurons = buffer('spike neurons', 4 * RING, STORAGE);
  const params = buffer('params', 4 * 8, UNIFORM);
  const frame = buffer('frame', 4 * FRAME_WORDS, UNIFORM);
  const own = [steps, neurons, params, frame];
  const pipelines = await createPipelines(device, surface.format).catch((error: unknown) => error);
  const problem = (await device.popErrorScope()) ?? (await device.popErrorScope());
  if (problem || !isPipelines(pipelines)) {
    for (const one of own) one.destroy();
    throw problem ? new Error(problem.message) : pipelines;
  }
  const { layouts } = pipelines;

  let laid: Laid | null = null;
  let shown: Density | null = null;
  let behind: Density | null = null;
  /** Of densities that were shown, for the next of the same size. */
  let spare: GPUBuffer | null = null;
  /** What the next submission does before it paints. */
  let clears: { buffer: GPUBuffer; offset: number; size: number }[] = [];
  let batch: { first: number; spikes: number; into: Density } | null = null;
  let isBusy = false;

  const group = (name: keyof typeof layouts, buffers: readonly GPUBuffer[]): GPUBindGroup =>
    device.createBindGroup({
      label: `raster ${name}`,
      layout: layouts[name],
      entries: buffers.map((one, binding) => ({ binding, resource: { buffer: one } })),
    });
  const filled = (label: string, words: Uint32Array | Float32Array): GPUBuffer => {
    const made = buffer(label, words.byteLength, STORAGE);
    device.queue.writeBuffer(made, 0, words as Uint32Array<ArrayBuffer>);
    return made;
  };
  const widthsOf = (columns: Columns): GPUBuffer =>
    filled(
      'widths',
      Float32Array.from({ length: columns.count }, (_, slot) => widthOf(columns, slot)),
    );
  const forget = (): void => {
    for (const one of [laid?.rowOf, laid?.looks, laid?.lines]) one?.destroy();
    for (const one of [shown, behind]) {
      one?.counts.destroy();
      one?.widths.destroy();
    }
    spare?.destroy();
    laid = shown = behind = spare = batch = null;
    clears = [];
  };

  return {
    mostTicks: RING,
    resize(view, rows) {
      forget();
      surface.resize(view.width, view.height);
      const rowOf = filled('row of neuron', rows.rowOf);
      const looks = filled('looks of rows', rows.looks);
      const lines = filled('lines', rows.lines);
      const ticks = group('ticks', [frame, steps, neurons, rowOf, looks]);
      laid = { view, rows, rowOf, looks, lines, ticks };
    },
    begin(columns) {
      const { rows, rowOf, lines } = laid as Laid;
      const size = 4 * columns.count * rows.count;
      behind?.widths.destroy();
      let counts: GPUBuffer | null = null;
      for (const one of [behind?.counts, spare]) {
        if (!one) continue;
        clears = clears.filter((clear) => clear.buffer !== one);
        if (counts === null && one.size === Math.max(16, size)) counts = one;
        else one.destroy();
      }
      spare = null;
      if (counts) clears.push({ buffer: counts, offset: 0, size: counts.size });
      else counts = buffer('counts', size, STORAGE);
      batch = null;
      const widths = widthsOf(columns);
      behind = {
        columns,
        counts,
        widths,
        count: group('count', [params, steps, neurons, rowOf, counts]),
        density: group('density', [frame, lines, counts, widths]),
      };
    },
    show() {
      if (!behind) return;
      shown?.widths.destroy();
      spare = shown?.counts ?? null;
      shown = behind;
      behind = null;
    },
    clear(firstSlot, count) {
      const { counts } = (behind ?? shown) as Density;
      const column = 4 * (laid as Laid).rows.count;
      clears.push({ buffer: counts, offset: firstSlot * column, size: count * column });
    },
    add(first, slices) {
      const spikes = upload(device, steps, neurons, first, slices);
      batch = { first, spikes, into: (behind ?? shown) as Density };
    },
    paint(picture) {
      const { view, rows, ticks } = laid as Laid;
      const { density, columns } = shown as Density;
      const encoder = device.createCommandEncoder({ label: 'raster' });
      for (const { buffer: one, offset, size } of clears) encoder.clearBuffer(one, offset, size);
      clears = [];
      if (batch) {
        const { first, spikes, into } = batch;
        const { origin, steps: turn, shift, count } = into.columns;
        const words = [first % RING, spikes, RING, origin, turn, shift, count, rows.count];
        device.queue.writeBuffer(params, 0, Uint32Array.from(words));
        const pass = encoder.beginComputePass({ label: 'raster count' });
        pass.setPipeline(pipelines.count);
        pass.setBindGroup(0, into.count);
        pass.dispatchWorkgroups(Math.ceil(spikes / WORKGROUP));
        pass.end();
        batch = null;
      }
      device.queue.writeBuffer(frame, 0, frameWords(picture, view, columns, rows));
      const pass = encoder.beginRenderPass({
        label: 'raster',
        colorAttachments: [
          { view: surface.texture().createView(), loadOp: 'clear', storeOp: 'store' },
        ],
      });
      pass.setPipeline(pipelines.density);
      pass.setBindGroup(0, density);
      pass.draw(3);
      if (picture.ticks > 0 && picture.endSpike > picture.firstSpike) {
        pass.setPipeline(pipelines.ticks);
        pass.setBindGroup(0, ticks);
        pass.draw(6, picture.endSpike - picture.firstSpike);
      }
      pass.end();
      device.queue.submit([encoder.finish()]);
      isBusy = true;
      const done = (): void => {
        isBusy = false;
      };
      device.queue.onSubmittedWorkDone().then(done, done);
    },
    get isBusy() {
      return isBusy;
    },
    destroy() {
      forget();
      for (const one of own) one.destroy();
      surface.destroy();
    },
  };
}

/** Puts spikes into the ring, at the places of their numbers; returns how many. */
function upload(
  { queue }: GPUDevice,
  steps: GPUBuffer,
  neurons: GPUBuffer,
  first: number,
  slices: readonly SpikeSlice[],
): number {
  let number = first;
  for (const slice of slices) {
    for (let taken = 0; taken < slice.steps.length; ) {
      const place = number % RING;
      const some = Math.min(slice.steps.length - taken, RING - place);
      const put = (target: GPUBuffer, words: Uint32Array): void =>
        queue.writeBuffer(target, 4 * place, words as Uint32Array<ArrayBuffer>, taken, some);
      put(steps, slice.steps);
      put(neurons, slice.neurons);
      taken += some;
      number += some;
    }
  }
  return number - first;
}

/** Words of `struct Frame` in raster-frame.wgsl, rounded up to 16 bytes. */
const FRAME_WORDS = 16;

function frameWords(
  picture: Picture,
  view: RasterView,
  { count }: Columns,
  rows: RasterRows,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(FRAME_WORDS);
  const numbers = new Float32Array(words.buffer);
  const fromStep = Math.floor(picture.from);
  words.set([view.width, view.height, picture.firstSlot]);
  numbers.set(
    [picture.columnScale, picture.columnFrom, picture.exposure, picture.density, picture.ticks],
    3,
  );
  words.set([count, rows.count, fromStep], 8);
  numbers.set([picture.from - fromStep, 1 / picture.stepsPerPixel], 11);
  const tick = tickWidth(picture.stepsPerPixel, view.pixelRatio);
  words.set([tick, picture.firstSpike % RING, RING], 13);
  return words;
}

const isPipelines = (made: unknown): made is Awaited<ReturnType<typeof createPipelines>> =>
  typeof made === 'object' && made !== null && 'layouts' in made;
