/**
 * Finds out by trying whether a device computes exactly what the kernel IR says: single operations correctly rounded,
 * a*b + c not fused, nothing reordered. Then the GPU and the CPU engine agree to the bit. Once per device.
 */
import type { WgslArithmetic } from '../language/emit-wgsl.ts';
import {
  add,
  binary,
  div,
  get,
  integer,
  literal,
  mul,
  special,
  sub,
  unary,
  type Value,
} from '../language/kernel.ts';
import { MAP_READ, USAGE } from './device.ts';
import { argument, evaluateShader } from './evaluate.ts';
import { pipelineFor } from './pipelines.ts';
import { bitsOfFloat } from './plan-words.ts';

interface Probe {
  readonly value: Value;
  expected(a: number, b: number, c: number): number;
}

const f = Math.fround;
const [a, b, c] = [get(argument(0)), get(argument(1)), get(argument(2))] as const;

/** Each tells one way of computing from another on almost every triple. */
const PROBES: readonly Probe[] = [
  { value: add(mul(a, b), c), expected: (x, y, z) => f(f(x * y) + z) },
  { value: sub(mul(a, b), mul(b, c)), expected: (x, y, z) => f(f(x * y) - f(y * z)) },
  { value: div(a, b), expected: (x, y) => f(x / y) },
  { value: div(a, literal(3)), expected: (x) => f(x / 3) },
  { value: unary('sqrt', unary('abs', a)), expected: (x) => f(Math.sqrt(Math.abs(x))) },
  { value: sub(add(a, b), a), expected: (x, y) => f(f(x + y) - x) },
  { value: add(literal(0.25), add(a, b)), expected: (x, y) => f(0.25 + f(x + y)) },
  {
    value: add(add(mul(a, b), mul(c, a)), b),
    expected: (x, y, z) => f(f(f(x * y) + f(z * x)) + y),
  },
];
const TRIPLES = 64 * PROBES.length;

const known = new WeakMap<GPUDevice, Map<WgslArithmetic, Promise<boolean>>>();

/** Whether kernels emitted with that kind of arithmetic are exact on the device. */
export function isExact(device: GPUDevice, arithmetic: WgslArithmetic): Promise<boolean> {
  const ofDevice = known.get(device) ?? new Map<WgslArithmetic, Promise<boolean>>();
  known.set(device, ofDevice);
  let answer = ofDevice.get(arithmetic);
  if (answer === undefined) {
    answer = tryOut(device, arithmetic);
    ofDevice.set(arithmetic, answer);
  }
  return answer;
}

async function tryOut(device: GPUDevice, arithmetic: WgslArithmetic): Promise<boolean> {
  // Triple i tries probe i mod n: selects evaluate all and keep one.
  const number = special('index');
  const turn = sub(number, mul(integer(PROBES.length), quotient(number, PROBES.length)));
  const value = PROBES.reduce<Value>(
    (rest, probe, index) => ({
      op: 'select',
      type: 'f32',
      condition: binary('eq', turn, integer(index)),
      a: probe.value,
      b: rest,
    }),
    literal(0),
  );
  const shader = evaluateShader(value, { arithmetic });
  const { pipeline, layout } = await pipelineFor(device, 'arithmetic probe', shader, {});
  const triples = Float32Array.from({ length: 3 * TRIPLES }, (_, k) => {
    const x = Math.sin(k * 12.9898) * 43758.5453;
    return (x - Math.floor(x) + 0.01) * (k % 2 === 0 ? 3 : -0.7);
  });
  const data: Readonly<Record<string, Uint32Array<ArrayBuffer>>> = {
    batch: new Uint32Array(8),
    window: new Uint32Array(4),
    plan_words: new Uint32Array(4),
    arguments: new Uint32Array(triples.buffer),
    results: new Uint32Array(TRIPLES),
  };
  const buffers: GPUBuffer[] = [];
  const create = (label: string, size: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ label: `probe ${label}`, size, usage });
    buffers.push(buffer);
    return buffer;
  };
  try {
    let results: GPUBuffer | null = null;
    const entries = shader.bindings.map(({ binding, name, type }) => {
      const words = data[name] ?? new Uint32Array(4);
      const usage = type === 'uniform' ? USAGE.uniform : USAGE.storage;
      const buffer = create(name, words.byteLength, usage | USAGE.copySource | USAGE.copyTarget);
      device.queue.writeBuffer(buffer, 0, words);
      if (name === 'results') results = buffer;
      return { binding, resource: { buffer } };
    });
    const staging = create('staging', 4 * TRIPLES, USAGE.mapRead | USAGE.copyTarget);
    const encoder = device.createCommandEncoder({ label: 'arithmetic probe' });
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }), [0]);
    pass.dispatchWorkgroups(Math.ceil(TRIPLES / 64));
    pass.end();
    if (results !== null) encoder.copyBufferToBuffer(results, 0, staging, 0, 4 * TRIPLES);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_READ);
    const found = new Uint32Array(staging.getMappedRange());
    return found.every((bits, i) => {
      const [x = 0, y = 0, z = 0] = triples.subarray(3 * i, 3 * i + 3);
      return bitsOfFloat(PROBES[i % PROBES.length]?.expected(x, y, z) ?? 0) === bits;
    });
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}

/** number / n for small numbers, from operations that the IR has. */
function quotient(number: Value, n: number): Value {
  return binary('shift_right', mul(number, integer(Math.ceil(65536 / n))), integer(16));
}
