/**
 * Makes one list of the spikes that several threads have listed, each of its own part of a population. Parts come in
 * order of neurons and lie in the list where their first neuron would, so that moving them together is all. Not needed
 * with one thread.
 */
import type { WasmFunction } from '../language/wasm/encoder.ts';
import { type Context, remainder } from './context.ts';

/** Adds gather(step) for all populations that integrate and spike; one thread runs it while the others wait. */
export function addGather(context: Context): WasmFunction {
  const { module, plan, layout } = context;
  const gatherOne = addGatherOne(context);
  const gather = module.function('gather', [['step', 'i32']]);
  const { code } = gather;
  const counts = gather.local('i32', 'counts');
  const lists = gather.local('i32', 'lists');
  remainder(code, 0, plan.spikeSlots)
    .i32(plan.populations.length * 4)
    .op('i32.mul')
    .set(counts);
  remainder(code, 0, plan.spikeSlots)
    .i32(plan.neuronCount * 4)
    .op('i32.mul')
    .set(lists);
  for (const { kernel, members } of layout.kernels) {
    if (kernel.spiked === null) continue;
    for (const { member, paddedFirst, range } of members) {
      if (member.count === 0) continue;
      code
        .get(counts)
        .i32(member.population * 4)
        .op('i32.add');
      code
        .get(lists)
        .i32(layout.spikeLists + member.globalFirst * 4)
        .op('i32.add');
      code
        .i32(layout.blocks + range)
        .i32(paddedFirst * layout.cellBytes)
        .call(gatherOne);
    }
  }
  return gather;
}

/**
 * Adds (offset among counts, list, address of the first thread's range, byte offset of the first neuron in a variable).
 */
function addGatherOne({ module, layout }: Context): WasmFunction {
  const names = ['count', 'list', 'range', 'origin'];
  const gather = module.function(
    'gather_population',
    names.map((name) => [name, 'i32'] as const),
  );
  const { code } = gather;
  const [count, list, range, origin] = [0, 1, 2, 3] as const;
  const local = (name: string): number => gather.local('i32', name);
  const [part, last, left, source, target] = [
    local('part'),
    local('last_part'),
    local('left'),
    local('source'),
    local('target'),
  ];
  code.get(list).set(target);
  code
    .get(count)
    .i32(layout.blocks + layout.partCounts)
    .op('i32.add')
    .tee(part);
  code
    .i32(layout.threads * layout.blockBytes)
    .op('i32.add')
    .set(last);
  code.loop(() => {
    code.get(part).op('i32.load', 0).tee(left);
    code.if(() => {
      code
        .get(range)
        .op('i32.load', 0)
        .get(origin)
        .op('i32.sub')
        .get(list)
        .op('i32.add')
        .set(source);
      code.loop(() => {
        code.get(target).get(source).op('i32.load', 0).op('i32.store', 0);
        code.get(target).i32(4).op('i32.add').set(target);
        code.get(source).i32(4).op('i32.add').set(source);
        code.get(left).i32(1).op('i32.sub').tee(left);
      });
    });
    code.get(range).i32(layout.blockBytes).op('i32.add').set(range);
    code.get(part).i32(layout.blockBytes).op('i32.add').tee(part).get(last).op('i32.lt_u');
  });
  code.get(count).get(target).get(list).op('i32.sub').i32(2).op('i32.shr_u');
  code.op('i32.store', layout.spikeCounts);
  return gather;
}
