/**
 * The device that GPU tests share. Without an adapter the tests skip with a loud line, or fail under REQUIRE_GPU=1.
 * Any validation error that nobody caught fails the test file.
 */
import { afterAll, describe, expect } from 'vitest';
import { DeviceError } from '../../src/errors.ts';
import { type GpuAccess, MAP_READ, requestGpu, USAGE } from '../../src/gpu/device.ts';
import type { Shader } from '../../src/gpu/shaders.ts';

let access: GpuAccess | null = null;
const uncaptured: string[] = [];
try {
  access = await requestGpu();
  access.device.addEventListener('uncapturederror', (event) => {
    uncaptured.push(event.error.message);
  });
} catch (error) {
  if (!(error instanceof DeviceError) || process.env.REQUIRE_GPU === '1') throw error;
  process.stderr.write(`\n!!! GPU TESTS SKIPPED: ${error.message}\n\n`);
}

/** The shared device; null where the machine has none. */
export const gpu: GpuAccess | null = access;

/** A describe block that needs the device. */
export function describeGpu(title: string, body: (device: GPUDevice) => void): void {
  const found = gpu;
  if (found === null) {
    describe.skip(`${title} (no WebGPU adapter)`, () => undefined);
    return;
  }
  describe(title, () => {
    body(found.device);
    afterAll(() => {
      expect(uncaptured).toEqual([]);
    });
  });
}

/** Runs one dispatch of a shader over the given buffers, by binding name, and returns the named one. */
export async function runShader(
  device: GPUDevice,
  shader: Shader,
  buffers: Readonly<Record<string, Uint32Array>>,
  result: string,
  workgroups: number,
): Promise<Uint32Array> {
  const module = device.createShaderModule({ code: shader.code });
  const layout = device.createBindGroupLayout({
    entries: shader.bindings.map(({ binding, type }) => ({
      binding,
      visibility: 4,
      buffer: { type },
    })),
  });
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const made = new Map<string, GPUBuffer>();
  for (const { name, type } of shader.bindings) {
    const data = buffers[name];
    if (data === undefined) throw new Error(`no data for binding ${name}`);
    const usage = type === 'uniform' ? USAGE.uniform : USAGE.storage;
    const buffer = device.createBuffer({
      size: Math.max(16, data.byteLength),
      usage: usage | USAGE.copySource | USAGE.copyTarget,
    });
    device.queue.writeBuffer(buffer, 0, data as Uint32Array<ArrayBuffer>);
    made.set(name, buffer);
  }
  const source = made.get(result);
  const length = buffers[result]?.byteLength ?? 0;
  if (source === undefined) throw new Error(`no buffer ${result}`);
  const staging = device.createBuffer({ size: length, usage: USAGE.mapRead | USAGE.copyTarget });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = shader.bindings.map(({ binding, name }) => ({
    binding,
    resource: { buffer: made.get(name) as GPUBuffer },
  }));
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(workgroups);
  pass.end();
  encoder.copyBufferToBuffer(source, 0, staging, 0, length);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_READ);
  const values = new Uint32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  for (const buffer of made.values()) buffer.destroy();
  return values;
}
