/**
 * Where a WebGPU device comes from: the browser's navigator.gpu, or Dawn in Node through the optional package
 * `webgpu`. The only file that knows either, and only when called. Not a wrapper: it hands out the plain GPUDevice.
 */
import type { AdapterDescription } from '../engine.ts';
import { DeviceError } from '../errors.ts';

/** The constants of the WebGPU specification that we use, because Node has no global GPUBufferUsage. */
export const USAGE = {
  mapRead: 0x0001,
  copySource: 0x0004,
  copyTarget: 0x0008,
  uniform: 0x0040,
  storage: 0x0080,
} as const;
export const MAP_READ = 0x0001;
export const COMPUTE_STAGE = 0x0004;

export interface RequestOptions {
  /** Part of an adapter's name. Node only; the browser chooses by itself. */
  readonly adapter?: string;
  /** Whether to ask for the limits of the adapter, not only for those that every adapter grants. Default true. */
  readonly raisesLimits?: boolean;
}

export interface GpuAccess {
  readonly device: GPUDevice;
  readonly description: AdapterDescription;
}

/** Limits raised to what the adapter has; everything else stays at WebGPU's default. */
const RAISED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** What `create` of the package gives, by options. Kept for ever: a device whose GPU object is collected can crash. */
const nodeGpus = new Map<string, GPU>();

/**
 * Requests a device, with the adapter's real limits unless told otherwise. The caller owns it and destroys it.
 * Throws DeviceError "no-adapter" with what to do when there is no WebGPU here.
 */
export async function requestGpu(options: RequestOptions = {}): Promise<GpuAccess> {
  const adapter = await requestAdapter(options);
  const requiredLimits: Record<string, number> = {};
  const raised = options.raisesLimits === false ? [] : RAISED_LIMITS;
  for (const limit of raised) requiredLimits[limit] = adapter.limits[limit];
  try {
    const device = await adapter.requestDevice({ label: 'wetware', requiredLimits });
    return { device, description: describe(adapter.info, isFallback(adapter)) };
  } catch (error) {
    throw new DeviceError(
      `The graphics adapter "${adapter.info.description}" gave no device: ${messageOf(error)}. ` +
        'Close other programs that use the GPU, or choose the CPU engine.',
      { reason: 'no-adapter' },
    );
  }
}

/** The adapter that `requestGpu` would use, with its limits, or null without WebGPU. Allocates nothing. */
export async function describeAdapter(
  options: RequestOptions = {},
): Promise<{ description: AdapterDescription; limits: Readonly<Record<string, number>> } | null> {
  let adapter: GPUAdapter;
  try {
    adapter = await requestAdapter(options);
  } catch (error) {
    if (error instanceof DeviceError && options.adapter === undefined) return null;
    throw error;
  }
  const limits: Record<string, number> = {};
  for (const limit of RAISED_LIMITS) limits[limit] = adapter.limits[limit];
  return { description: describe(adapter.info, isFallback(adapter)), limits };
}

/** Description of a device that somebody else requested. */
export function describeDevice(device: GPUDevice): AdapterDescription {
  return describe(device.adapterInfo, device.adapterInfo.isFallbackAdapter);
}

async function requestAdapter(options: RequestOptions): Promise<GPUAdapter> {
  const builtIn: GPU | undefined = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (builtIn === undefined && !isNode()) {
    throw new DeviceError(
      'This browser has no WebGPU. Use a current Chrome, Edge, Firefox or Safari, or the CPU engine.',
      { reason: 'no-adapter' },
    );
  }
  const gpu = builtIn ?? (await nodeGpu(options.adapter));
  let adapter: GPUAdapter | null = null;
  let reason = '';
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    reason = messageOf(error);
  }
  if (adapter !== null) return adapter;
  const remedy = isNode()
    ? 'Install a Vulkan driver (on a machine without a GPU: mesa-vulkan-drivers 25 or newer, which brings ' +
      'lavapipe), or use the CPU engine.'
    : "Check that hardware acceleration is on in the browser's settings, or use the CPU engine.";
  const wanted = options.adapter === undefined ? '' : ` whose name contains "${options.adapter}"`;
  throw new DeviceError(
    `No WebGPU adapter${wanted} was found${reason === '' ? '' : `: ${reason}`}. ${remedy}`,
    { reason: 'no-adapter' },
  );
}

/** Dawn's GPU object in Node, made once for each adapter name. */
async function nodeGpu(adapter: string | undefined): Promise<GPU> {
  const key = adapter ?? '';
  const known = nodeGpus.get(key);
  if (known !== undefined) return known;
  let dawn: typeof import('webgpu');
  try {
    // A variable, so that bundlers leave the optional package alone.
    const packageName = 'webgpu';
    dawn = await import(/* @vite-ignore */ packageName);
  } catch (error) {
    throw new DeviceError(
      `WebGPU in Node needs the package "webgpu" (0.6.2 or newer): npm install webgpu. (${messageOf(error)})`,
      { reason: 'no-adapter' },
    );
  }
  const gpu = dawn.create(adapter === undefined ? [] : [`adapter=${adapter}`]);
  nodeGpus.set(key, gpu);
  return gpu;
}

/**
 * The error for a device that is lost, or null while it is not. For after a failure: the news of the loss may come a
 * turn later than what fails because of it.
 */
export async function lossOf(device: GPUDevice): Promise<DeviceError | null> {
  const soon = new Promise<null>((resolve) => setTimeout(resolve, 0, null));
  const info = await Promise.race([device.lost, soon]);
  return info === null ? null : lostError(info);
}

export function lostError(info: GPUDeviceLostInfo): DeviceError {
  const reason = info.message === '' ? info.reason : info.message;
  return new DeviceError(
    `The GPU device was lost (${reason}). Start the simulation again, or go on with the CPU engine.`,
    { reason: 'lost' },
  );
}

/**
 * Whether waiting for a buffer to be mapped keeps a processor busy: Dawn in Node polls without pause as long as
 * something is pending, which takes the machine away from a software adapter. Browsers wait properly.
 */
export function pollsWhileMapping(): boolean {
  return isNode();
}

function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}

/** Older implementations have the flag on the adapter, newer ones in its info. */
function isFallback(adapter: GPUAdapter): boolean {
  const older = adapter as GPUAdapter & { readonly isFallbackAdapter?: boolean };
  return adapter.info.isFallbackAdapter ?? older.isFallbackAdapter ?? false;
}

/** Software drivers of Mesa and Chromium do not always call themselves fallbacks. */
function describe(
  info: GPUAdapterInfo,
  isFallbackAdapter: boolean | undefined,
): AdapterDescription {
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description,
    isFallback: (isFallbackAdapter ?? false) || /llvmpipe|lavapipe|swiftshader/i.test(text),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
