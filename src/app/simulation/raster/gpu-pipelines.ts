/** Pipelines and layouts of the raster's shaders. Nothing is inferred from shader text; nothing else is made here. */
import countCode from './raster-count.wgsl?raw';
import densityCode from './raster-density.wgsl?raw';
import frameCode from './raster-frame.wgsl?raw';
import ticksCode from './raster-ticks.wgsl?raw';

/** Constants of the WebGPU specification, which Node has no globals for. */
const VERTEX = 1;
const FRAGMENT = 2;
const COMPUTE = 4;

export interface RasterPipelines {
  readonly count: GPUComputePipeline;
  readonly density: GPURenderPipeline;
  readonly ticks: GPURenderPipeline;
  readonly layouts: Readonly<Record<'count' | 'density' | 'ticks', GPUBindGroupLayout>>;
}

/** Rejects with what the shaders or the device refuse. */
export async function createPipelines(
  device: GPUDevice,
  format: GPUTextureFormat,
): Promise<RasterPipelines> {
  const layoutOf = (
    name: string,
    visibility: number[],
    types: GPUBufferBindingType[],
  ): GPUBindGroupLayout =>
    device.createBindGroupLayout({
      label: `raster ${name}`,
      entries: types.map((type, binding) => ({
        binding,
        visibility: visibility[binding] ?? (visibility[0] as number),
        buffer: { type },
      })),
    });
  const read = 'read-only-storage';
  const layouts = {
    count: layoutOf('count', [COMPUTE], ['uniform', read, read, read, 'storage']),
    density: layoutOf('density', [FRAGMENT], ['uniform', read, read, read]),
    ticks: layoutOf(
      'ticks',
      [VERTEX | FRAGMENT, VERTEX, VERTEX, VERTEX, VERTEX],
      ['uniform', read, read, read, read],
    ),
  };
  const module = (name: string, code: string): GPUShaderModule =>
    device.createShaderModule({ label: `raster ${name}`, code });
  const pipelineLayout = (name: keyof typeof layouts): GPUPipelineLayout =>
    device.createPipelineLayout({
      label: `raster ${name}`,
      bindGroupLayouts: [layouts[name]],
    });
  const render = (
    name: 'density' | 'ticks',
    code: string,
    blend?: GPUBlendState,
  ): Promise<GPURenderPipeline> => {
    const shader = module(name, `${frameCode}\n${code}`);
    return device.createRenderPipelineAsync({
      label: `raster ${name}`,
      layout: pipelineLayout(name),
      vertex: { module: shader, entryPoint: 'corner' },
      fragment: {
        module: shader,
        entryPoint: 'paint',
        targets: [{ format, ...(blend && { blend }) }],
      },
    });
  };
  const over: GPUBlendComponent = {
    srcFactor: 'src-alpha',
    dstFactor: 'one-minus-src-alpha',
    operation: 'add',
  };
  const [count, density, ticks] = await Promise.all([
    device.createComputePipelineAsync({
      label: 'raster count',
      layout: pipelineLayout('count'),
      compute: { module: module('count', countCode), entryPoint: 'main' },
    }),
    render('density', densityCode),
    render('ticks', ticksCode, { color: over, alpha: over }),
  ]);
  return { count, density, ticks, layouts };
}
