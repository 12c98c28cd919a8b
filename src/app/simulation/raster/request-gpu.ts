/** The device that the raster draws with: its own, so that neither the run nor the picture takes the other down. */
import type { RasterGpu } from './host.ts';

/**
 * A device with the limits that every device has. null where a GPU would not help: without WebGPU, and on software
 * adapters unless the run is on one, too.
 */
export async function requestRasterGpu(engine: 'gpu' | 'cpu'): Promise<RasterGpu | null> {
  const { gpu } = navigator;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  if (engine === 'cpu' && isSoftware(adapter.info)) return null;
  const device = await adapter.requestDevice({ label: 'wetware raster' });
  return { device, format: gpu.getPreferredCanvasFormat() };
}

const isSoftware = ({
  vendor,
  architecture,
  description,
  isFallbackAdapter,
}: GPUAdapterInfo): boolean =>
  isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader/i.test(`${vendor} ${architecture} ${description}`);
