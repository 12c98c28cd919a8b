/**
 * Writes the sampling of state inside an update function: after `begin` of every step that is a multiple of the
 * interval, the values of the sampled neurons go to the sample buffer of the kernel, [sample][value][row].
 */
import { unary, type Value } from '../language/kernel.ts';
import { Emitter, Scope, type Surroundings } from '../language/wasm/emit.ts';
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { SampledValues } from '../plan/plan.ts';
import type { Context, Position } from './context.ts';
import type { SamplerLayout } from './layout.ts';

export interface SamplerParts {
  readonly context: Context;
  readonly owner: WasmFunction;
  readonly code: Code;
  readonly surroundings: Surroundings;
  readonly sampler: SampledValues;
  readonly layout: SamplerLayout;
  /** Local with the step. */
  readonly step: number;
  readonly position: Position;
}

export function writeSampler(parts: SamplerParts): void {
  const { context, owner, code, sampler, layout, step, position } = parts;
  const rows = owner.local(context.isDouble ? 'i32' : 'v128', 'rows');
  const write = (): void => {
    code.get(position.cursor);
    if (context.isDouble) code.i32(1).op('i32.shr_u').op('i32.load', layout.rowsAddress);
    else code.op('v128.load', layout.rowsAddress);
    code.tee(rows);
    // A row of -1 belongs to no sampled neuron.
    if (context.isDouble) code.i32(0).op('i32.ge_s');
    else code.op('v128.const', 0, 0, 0, 0).op('i32x4.ge_s').op('v128.any_true');
    code.if(() => writeValues(parts, rows));
  };
  // Of probes, whoever calls has looked whether a sample is due.
  if (layout.activeAddress !== null) write();
  else code.get(step).i32(sampler.every).op('i32.rem_u').op('i32.eqz').if(write);
}

function writeValues(parts: SamplerParts, rows: number): void {
  const { context, owner, code, sampler, layout, step } = parts;
  const shape = context.isDouble ? 'f64' : 'f32x4';
  // An emitter of its own: what it moves forward must stay inside this branch.
  const emitter = new Emitter(shape, owner, parts.surroundings, code.part(), context.host);
  const scope = new Scope();
  emitter.statements(code, sampler.body, scope);
  const values = sampler.values.map((value) => {
    emitter.value(code, asFloat(value), scope);
    const local = owner.local(emitter.typeOf('f32'), 'sampled');
    code.set(local);
    return local;
  });
  const address = owner.local('i32', 'sample_address');
  const row = owner.local('i32', 'row');
  code.get(step).i32(sampler.every).op('i32.div_u');
  code.i32(0).op('i32.load', layout.firstAddress).op('i32.sub');
  code.i32(layout.sampleBytes).op('i32.mul').i32(layout.dataAddress).op('i32.add').set(address);
  const { cellBytes } = context.layout;
  const writeLane = (lane: number): void => {
    code.get(rows);
    if (!context.isDouble) code.op('i32x4.extract_lane', lane);
    code.tee(row).i32(0).op('i32.ge_s');
    code.if(() => {
      code.get(row).i32(cellBytes).op('i32.mul').get(address).op('i32.add').set(row);
      for (const [index, value] of values.entries()) {
        const offset = index * sampler.rows * cellBytes;
        code.get(row).get(value);
        if (context.isDouble) code.op('f64.store', offset);
        else code.op('f32x4.extract_lane', lane).op('f32.store', offset);
      }
    });
  };
  for (let lane = 0; lane < (context.isDouble ? 1 : 4); lane++) writeLane(lane);
}

function asFloat(value: Value): Value {
  return value.type === 'f32' ? value : unary('to_f32', value);
}
