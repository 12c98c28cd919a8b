/**
 * Compute pipelines from shaders, each compiled once per device and text, with explicit layouts and with errors that
 * show the numbered source. Knows nothing of plans.
 */
import { DeviceError } from '../errors.ts';
import { COMPUTE_STAGE } from './device.ts';
import type { Shader } from './shaders.ts';

export interface Pipeline {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly shader: Shader;
}

/** The binding that differs from window to window. */
export const DYNAMIC_BINDING = 'window';

const compiled = new WeakMap<GPUDevice, Map<string, Promise<Pipeline>>>();

/**
 * The pipeline of a shader with these override constants; `constants` may name more than the shader has. Throws
 * DeviceError "compile" with the messages and the numbered source.
 */
export function pipelineFor(
  device: GPUDevice,
  label: string,
  shader: Shader,
  constants: Readonly<Record<string, number>>,
): Promise<Pipeline> {
  const used = Object.entries(constants).filter(([name]) => shader.overrides.has(name));
  const key = JSON.stringify(used) + shader.code;
  let ofDevice = compiled.get(device);
  if (ofDevice === undefined) {
    ofDevice = new Map();
    compiled.set(device, ofDevice);
  }
  let pipeline = ofDevice.get(key);
  if (pipeline === undefined) {
    pipeline = compile(device, label, shader, Object.fromEntries(used));
    ofDevice.set(key, pipeline);
  }
  return pipeline;
}

async function compile(
  device: GPUDevice,
  label: string,
  shader: Shader,
  constants: Record<string, number>,
): Promise<Pipeline> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: shader.code });
  const layout = device.createBindGroupLayout({
    label,
    entries: shader.bindings.map(({ binding, name, type }) => ({
      binding,
      visibility: COMPUTE_STAGE,
      buffer: { type, hasDynamicOffset: name === DYNAMIC_BINDING },
    })),
  });
  const created = device
    .createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main', constants },
    })
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const [scope, pipeline] = await Promise.all([device.popErrorScope(), created]);
  if (scope === null && !(pipeline instanceof Error))
    return { name: label, pipeline, layout, shader };
  const info = await module.getCompilationInfo().catch(() => ({ messages: [] }));
  const messages = info.messages.map((m) => `${m.lineNum}:${m.linePos} ${m.type}: ${m.message}`);
  if (scope !== null) messages.push(scope.message);
  if (pipeline instanceof Error) messages.push(pipeline.message);
  const flags = Object.entries(shader.flags)
    .filter(([, isSet]) => isSet)
    .map(([flag]) => flag);
  throw new DeviceError(
    `The GPU refused shader "${label}" (${shader.name}${flags.length > 0 ? `, ${flags.join(', ')}` : ''}):\n` +
      `${messages.join('\n')}\n${numbered(shader.code)}`,
    { reason: 'compile' },
  );
}

function numbered(code: string): string {
  return code
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(4)}  ${line}`)
    .join('\n');
}
