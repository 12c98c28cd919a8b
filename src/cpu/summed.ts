/**
 * Writes the function of one summed variable: for every target neuron, the sum of a value over its synapses, in the
 * order of its column, into a variable of the neuron. Twin of shaders/summed.wgsl.
 */
import { Emitter, Scope } from '../language/wasm/emit.ts';
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { SummedKernel } from '../plan/plan.ts';
import type { Context } from './context.ts';

import { createRowSurroundings, type RowLocals } from './row.ts';
import { addressOf } from './segments.ts';

/** Names of what the function is called with after the step; see `argumentsOf` in projections.ts. */
export function summedParameters(kernel: SummedKernel): readonly string[] {
  return [
    ...['rows', 'synapses', 'constants', 'seed', 'stream', 'neurons', 'degrees_in', 'degrees_out'],
    ...kernel.synapseVariables.map((_, index) => `synapse.${index}`),
    ...kernel.preVariables.map((_, index) => `pre.${index}`),
    ...kernel.postVariables.map((_, index) => `post.${index}`),
  ];
}

/** Adds the function. Parameters: the step, then `summedParameters`. */
export function addSummed(context: Context, kernel: SummedKernel): WasmFunction {
  const names = summedParameters(kernel);
  const owner = context.module.function(`summed_${kernel.name}`, [
    ['step', 'i32'],
    ...names.map((name) => [name, 'i32'] as const),
  ]);
  const { code } = owner;
  const { layout } = context;
  const shape = context.isDouble ? 'f64' : 'f32';
  const local = (name: string): number => owner.local('i32', name);
  const parameter = (name: string): number => names.indexOf(name) + 1;
  const row: RowLocals = {
    step: 0,
    pre: local('pre_index'),
    post: local('post_index'),
    synapse: local('synapse'),
    slot: 0,
    ring: 0,
    four: null,
    parameter,
  };
  const [entry, end, address] = [local('entry'), local('entries_end'), local('row_address')];
  const sum = owner.local(shape, 'sum');
  const result = addressOf(layout.stateSegments, kernel.resultCell, layout.cellBytes);
  const entryAddress = (offset: number): void => {
    code.get(address).op('i32.load', offset).i32(3).op('i32.shl');
    code.get(parameter('synapses')).op('i32.add');
  };
  // The neurons are shared out evenly, whatever the kernels they belong to: threads have met before and meet after.
  const last = local('neurons_end');
  const pushNeurons = (): Code => code.get(parameter('neurons'));
  code.op('block');
  context.threads.pushShare(code, pushNeurons, 1).set(last);
  context.threads.pushShare(code, pushNeurons, 0).tee(row.post);
  code.get(last).op('i32.ge_u').op('br_if', 0);
  code.loop(() => {
    const before = code.part();
    const surroundings = createRowSurroundings({
      context,
      owner,
      kernel: { ...kernel, inputs: [] },
      written: new Set(),
      common: new Set(),
      isStepInvariant: true,
      rowSide: 'post',
      row,
      shape,
    });
    const emitter = new Emitter(shape, owner, surroundings, before, context.host);
    code.get(parameter('rows')).get(row.post).i32(2).op('i32.shl').op('i32.add').set(address);
    entryAddress(0);
    code.set(entry);
    entryAddress(4);
    code.set(end);
    code.op(`${shape}.const`, 0).set(sum);
    code.op('block').op('loop');
    code.get(entry).get(end).op('i32.ge_u').op('br_if', 1);
    code.get(entry).op('i32.load', 0).set(row.pre).get(entry).op('i32.load', 4).set(row.synapse);
    const scope = new Scope();
    emitter.statements(code, kernel.body, scope);
    code.get(sum);
    emitter.value(code, kernel.value, scope);
    code.named(`${shape}.add`).set(sum);
    code.get(entry).i32(8).op('i32.add').set(entry).op('br', 0).op('end').op('end');
    code.get(row.post).i32(layout.cellBytes).op('i32.mul').get(sum).named(`${shape}.store`, result);
    code.get(row.post).i32(1).op('i32.add').tee(row.post);
    code.get(last).op('i32.lt_u');
  });
  code.op('end');
  return owner;
}
