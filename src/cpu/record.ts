/**
 * Writes the recording of spikes: after a window, the spikes of the recorded populations go from the spike ring to the
 * record, in order of step, population, neuron, which is the order of global neuron numbers. The host empties it.
 */
import type { WasmFunction } from '../language/wasm/encoder.ts';
import { type Context, DRAIN, remainder } from './context.ts';
import { CONTROL } from './layout.ts';

/** Adds record(step); null when no population is recorded. */
export function addRecord(context: Context): WasmFunction | null {
  const { module, plan, layout, drain } = context;
  if (layout.recordedNeurons === 0) return null;
  const copy = addCopy(context);
  const record = module.function('record', [['step', 'i32']]);
  const { code } = record;
  const counts = record.local('i32', 'counts');
  const lists = record.local('i32', 'lists');
  const count = record.local('i32', 'count');
  // Room for as many spikes as a step can have.
  code.i32(0).op('i32.load', CONTROL.recorded);
  code.i32(layout.recordCapacity - layout.recordedNeurons).op('i32.gt_u');
  code.if(() => code.i32(DRAIN.spikes).call(drain));
  remainder(code, 0, plan.spikeSlots)
    .i32(plan.populations.length * 4)
    .op('i32.mul');
  code.i32(layout.spikeCounts).op('i32.add').set(counts);
  remainder(code, 0, plan.spikeSlots)
    .i32(plan.neuronCount * 4)
    .op('i32.mul');
  code.i32(layout.spikeLists).op('i32.add').set(lists);
  for (const [index, { recordSpikes, first }] of plan.populations.entries()) {
    if (!recordSpikes) continue;
    code
      .get(counts)
      .op('i32.load', index * 4)
      .tee(count);
    code.if(() => {
      code
        .get(0)
        .get(lists)
        .i32(first * 4)
        .op('i32.add')
        .get(count)
        .i32(first)
        .call(copy);
    });
  }
  return record;
}

/** copy(step, list, count, first): appends `count` spikes, at least one. */
function addCopy({ module, layout }: Context): WasmFunction {
  const copy = module.function('record_population', [
    ['step', 'i32'],
    ['list', 'i32'],
    ['count', 'i32'],
    ['first', 'i32'],
  ]);
  const { code } = copy;
  const offset = copy.local('i32', 'offset');
  const end = copy.local('i32', 'end');
  code.i32(0).op('i32.load', CONTROL.recorded).i32(2).op('i32.shl').tee(offset);
  code.get(2).i32(2).op('i32.shl').op('i32.add').set(end);
  code.loop(() => {
    code.get(offset).get(0).op('i32.store', layout.recordSteps);
    code.get(offset).get(1).op('i32.load', 0).get(3).op('i32.add');
    code.op('i32.store', layout.recordNeurons);
    code.get(1).i32(4).op('i32.add').set(1);
    code.get(offset).i32(4).op('i32.add').tee(offset).get(end).op('i32.lt_u');
  });
  code.i32(0).get(end).i32(2).op('i32.shr_u').op('i32.store', CONTROL.recorded);
  return copy;
}
