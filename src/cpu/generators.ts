/**
 * Writes the spike generators: populations whose spikes are given and come from memory, step by step. Integrates
 * nothing.
 */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';
import { type Context, remainder } from './context.ts';

/** Adds generate(first, end): given spikes of the steps first … end-1. */
export function addGenerate(context: Context): WasmFunction {
  const { module, plan, layout } = context;
  const names = ['steps', 'indices', 'count', 'cursor', 'counts', 'lists', 'end'];
  const emit = module.function(
    'generate_population',
    names.map((name) => [name, 'i32'] as const),
  );
  writeGenerator(emit, context);
  const generate = module.function('generate', [
    ['first', 'i32'],
    ['end', 'i32'],
  ]);
  for (const { steps, indices, count, cursor, population } of layout.generators) {
    const first = plan.populations[population]?.first ?? 0;
    const counts = layout.spikeCounts + population * 4;
    const lists = layout.spikeLists + first * 4;
    for (const value of [steps, indices, count, cursor, counts, lists]) generate.code.i32(value);
    generate.code.get(1).call(emit);
  }
  return generate;
}

/** Emits the spikes of one generator from its cursor to the end step. */
function writeGenerator(emit: WasmFunction, { plan }: Context): void {
  const { code } = emit;
  const [steps, indices, count, cursor, counts, lists, end] = [0, 1, 2, 3, 4, 5, 6] as const;
  const next = emit.local('i32', 'next');
  const step = emit.local('i32', 'step');
  const place = emit.local('i32', 'place');
  const countAddress = emit.local('i32', 'count_address');
  const entry = (list: number): Code =>
    code.get(list).get(next).i32(2).op('i32.shl').op('i32.add').op('i32.load', 0);
  code.get(cursor).op('i32.load', 0).set(next);
  code.op('block').op('loop');
  code.get(next).get(count).op('i32.ge_u').op('br_if', 1);
  entry(steps).tee(step).get(end).op('i32.ge_u').op('br_if', 1);
  remainder(code, step, plan.spikeSlots)
    .i32(plan.populations.length * 4)
    .op('i32.mul');
  code.get(counts).op('i32.add').tee(countAddress).op('i32.load', 0).set(place);
  remainder(code, step, plan.spikeSlots).i32(plan.neuronCount).op('i32.mul');
  code.get(place).op('i32.add').i32(2).op('i32.shl').get(lists).op('i32.add');
  entry(indices).op('i32.store', 0);
  code.get(countAddress).get(place).i32(1).op('i32.add').op('i32.store', 0);
  code.get(next).i32(1).op('i32.add').set(next).op('br', 0).op('end').op('end');
  code.get(cursor).get(next).op('i32.store', 0);
}
