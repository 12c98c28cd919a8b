/**
 * Writes the part of the module that runs windows: clears the spike lists, goes through the plan's schedule, records
 * spikes, and stops at the step asked for or when a fault was reported. Nothing of a window is left to JavaScript.
 */
import type { Callable, Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { DeliverKernel, ScheduleStep } from '../plan/plan.ts';
import { type Context, DRAIN, remainder } from './context.ts';
import { addDeliver, type DeliverFunction } from './deliver.ts';
import { CONTROL, type KernelLayout, NONE } from './layout.ts';
import { argumentOf, type ProjectionArguments, rowPopulations } from './projections.ts';
import { addRecord } from './record.ts';
import { addSummed, summedParameters } from './summed.ts';
import { addUpdate, type UpdateFunction } from './update.ts';

/** An input as numbered in reports of overflow: kernel.inputs[input] of the kernel. */
export interface InputCode {
  readonly kernel: DeliverKernel;
  readonly input: number;
}

/** Writes everything. The module then exports `run(first, last) -> step reached` and `finish(step)`. */
export function writeModule(context: Context): readonly InputCode[] {
  return new DriverWriter(context).write();
}

/** One projection of a deliver kernel with its function. */
interface Delivery {
  readonly kernel: DeliverKernel;
  readonly deliver: DeliverFunction;
  readonly of: ProjectionArguments;
}

class DriverWriter {
  readonly #context: Context;
  /** With `begin`; null for kernels that the schedule finishes. */
  readonly #updates: readonly (UpdateFunction | null)[];
  /** `begin` alone, and all the rest; null for kernels without a `begin`. */
  readonly #begins: readonly (UpdateFunction | null)[];
  readonly #begunUpdates: readonly (UpdateFunction | null)[];
  readonly #summed: readonly WasmFunction[];
  readonly #deliveries: readonly (readonly Delivery[])[];
  readonly #inputCodes: InputCode[] = [];

  constructor(context: Context) {
    this.#context = context;
    const { plan, layout } = context;
    const isFinished = (kernel: number): boolean =>
      plan.schedule.some((step) => step.kind === 'finish' && step.kernel === kernel);
    const hasBegin = ({ kernel }: KernelLayout): boolean => kernel.begin.length > 0;
    this.#updates = layout.kernels.map((kernel, index) =>
      isFinished(index) && hasBegin(kernel) ? null : addUpdate(context, kernel, 'whole'),
    );
    this.#begins = layout.kernels.map((kernel) =>
      hasBegin(kernel) ? addUpdate(context, kernel, 'begin') : null,
    );
    this.#begunUpdates = layout.kernels.map((kernel) =>
      hasBegin(kernel) ? addUpdate(context, kernel, 'begun') : null,
    );
    this.#summed = plan.summed.map((kernel) => addSummed(context, kernel));
    this.#deliveries = plan.deliver.map((kernel) => this.#addDeliveries(kernel));
  }

  #addDeliveries(kernel: DeliverKernel): readonly Delivery[] {
    const deliver = addDeliver(this.#context, kernel);
    const rowSide = kernel.trigger;
    const isMixed = rowSide === 'pre' && kernel.packing !== 'target';
    const inputSides = kernel.inputs.map(({ side }) => side);
    return kernel.projections.flatMap((projection) => {
      const inputCode = this.#inputCodes.length;
      this.#inputCodes.push(...kernel.inputs.map((_, input) => ({ kernel, input })));
      const shared = { projection, rowSide, isMixed, inputCode, inputSides };
      return rowPopulations(this.#context.plan, projection, rowSide).map((population) => ({
        kernel,
        deliver,
        of: { ...shared, population },
      }));
    });
  }

  write(): readonly InputCode[] {
    const { module } = this.#context;
    const window = this.#addWindow();
    module.export(this.#addRun(window));
    module.export(this.#addFinish());
    return this.#inputCodes;
  }

  /**
   * run(first, last): windows from step `first` until `last` or a fault. A window that finds `begin` of its first step
   * done has one step.
   */
  #addRun(window: Callable): WasmFunction {
    const { module, plan } = this.#context;
    const parameters = [['first', 'i32'] as const, ['last', 'i32'] as const];
    const run = module.function('run', parameters, ['i32']);
    const { code } = run;
    const steps = run.local('i32', 'steps');
    code.op('block').op('loop');
    code.get(0).get(1).op('i32.ge_u').op('br_if', 1);
    code.i32(0).op('i32.load', CONTROL.fault).i32(0).op('i32.load', CONTROL.overflow);
    code.op('i32.and').i32(NONE).op('i32.ne').op('br_if', 1);
    const longest = run.local('i32', 'longest');
    code.i32(1).i32(plan.windowSteps).i32(0).op('i32.load', CONTROL.begun).op('select');
    code.set(longest).get(1).get(0).op('i32.sub').tee(steps).get(longest);
    code.get(steps).get(longest).op('i32.lt_u').op('select').set(steps);
    code.get(0).get(steps).call(window);
    code.get(0).get(steps).op('i32.add').set(0);
    code.op('br', 0).op('end').op('end').get(0);
    return run;
  }

  /** finish(step): `begin` of that step for all kernels. */
  #addFinish(): WasmFunction {
    const finish = this.#context.module.function('finish', [['step', 'i32']]);
    for (const index of this.#begins.keys()) this.#callBegin(finish.code, index, 0);
    return finish;
  }

  #callBegin(code: Code, kernel: number, step: number): void {
    const begin = this.#begins[kernel];
    const layout = this.#context.layout.kernels[kernel];
    if (begin && layout) this.#callUpdate(code, begin, layout, () => code.get(step).i32(1));
  }

  #callUpdate(code: Code, update: UpdateFunction, layout: KernelLayout, head: () => void): void {
    for (const member of layout.members) {
      if (member.member.count === 0) continue;
      head();
      for (const value of update.arguments(member)) code.i32(value);
      code.call(update.function);
    }
  }

  /** window(first, steps). */
  #addWindow(): WasmFunction {
    const { plan } = this.#context;
    const record = addRecord(this.#context);
    const generate = plan.generators.length > 0 ? this.#addGenerate() : null;
    const window = this.#context.module.function('window', [
      ['first', 'i32'],
      ['steps', 'i32'],
    ]);
    const { code } = window;
    const begun = window.local('i32', 'begun');
    code.i32(0).get(0).op('i32.store', CONTROL.step);
    code.i32(0).op('i32.load', CONTROL.begun).set(begun);
    this.#eachStep(window, (step) => this.#clearSpikes(code, step));
    this.#makeRoomForSamples(code);
    for (const group of groupDeliveries(plan.schedule)) {
      if (group.kind === 'deliver') {
        this.#eachStep(window, (step) => {
          for (const kernel of group.kernels) this.#deliver(code, kernel, step);
        });
      } else this.#schedule(code, group.step, begun, generate);
    }
    if (record) this.#eachStep(window, (step) => code.get(step).call(record));
    code.i32(0).i32(0).op('i32.store', CONTROL.begun);
    code.i32(0).i32(0).op('i32.load', CONTROL.windows).i32(1).op('i32.add');
    code.op('i32.store', CONTROL.windows);
    return window;
  }

  #schedule(code: Code, step: ScheduleStep, begun: number, generate: Callable | null): void {
    const { plan, layout } = this.#context;
    switch (step.kind) {
      case 'finish':
        code.get(begun).op('i32.eqz');
        code.if(() => this.#callBegin(code, step.kernel, 0));
        return;
      case 'summed': {
        const kernel = plan.summed[step.kernel];
        const summed = this.#summed[step.kernel];
        if (!kernel || !summed) throw new Error('internal: no such summed variable');
        const { projection } = kernel;
        const rowSide = 'post' as const;
        const none = { isMixed: false, inputCode: 0, inputSides: [], population: null };
        const of = { projection, rowSide, ...none };
        code.get(0);
        for (const name of summedParameters(kernel)) code.i32(argumentOf(this.#context, of, name));
        code.call(summed);
        return;
      }
      case 'update': {
        const kernel = layout.kernels[step.kernel];
        if (!kernel) throw new Error('internal: no such update kernel');
        const call = (update: UpdateFunction): void =>
          this.#callUpdate(code, update, kernel, () => code.get(0).get(1));
        const whole = this.#updates[step.kernel];
        const rest = this.#begunUpdates[step.kernel];
        if (whole && rest) {
          code.get(begun).if(
            () => call(rest),
            () => call(whole),
          );
        } else if (whole ?? rest) call((whole ?? rest) as UpdateFunction);
        return;
      }
      case 'generate':
        if (generate) code.get(0).get(0).get(1).op('i32.add').call(generate);
        return;
      case 'deliver':
        throw new Error('internal: deliveries are grouped');
    }
  }

  /** Writes code for every step of the window, given the local with the step. */
  #eachStep(window: WasmFunction, write: (step: number) => void): void {
    if (this.#context.plan.windowSteps === 1) {
      write(0);
      return;
    }
    const { code } = window;
    const step = window.local('i32', 'step');
    code.get(0).set(step);
    code.loop(() => {
      write(step);
      code.get(step).i32(1).op('i32.add').tee(step).get(0).op('i32.sub').get(1).op('i32.lt_u');
    });
  }

  #clearSpikes(code: Code, step: number): void {
    const { plan, layout } = this.#context;
    const bytes = plan.populations.length * 4;
    remainder(code, step, plan.spikeSlots).i32(bytes).op('i32.mul');
    code.i32(layout.spikeCounts).op('i32.add').i32(0).i32(bytes).op('memory.fill');
  }

  /** Lets the host empty the sample buffers when one might not hold the samples of this window. */
  #makeRoomForSamples(code: Code): void {
    const { layout, drain } = this.#context;
    for (const { kernel, sampler } of layout.kernels) {
      if (kernel.sampler === null || sampler === null) continue;
      code.get(0).get(1).op('i32.add').i32(1).op('i32.sub').i32(kernel.sampler.every);
      code.op('i32.div_u').i32(0).op('i32.load', sampler.firstAddress).op('i32.sub');
      code.i32(sampler.capacity).op('i32.ge_s');
      code.if(() => code.i32(DRAIN.samples).call(drain));
    }
  }

  #deliver(code: Code, kernel: number, step: number): void {
    const { plan, layout } = this.#context;
    for (const delivery of this.#deliveries[kernel] ?? []) {
      const call = (): void => {
        code.get(step);
        for (const { name, type } of delivery.deliver.parameters) {
          const value = argumentOf(this.#context, delivery.of, name);
          if (type === 'f32') code.op('f32.const', value);
          else code.i32(value);
        }
        code.call(delivery.deliver.function);
      };
      if (delivery.kernel.mode === 'arrival') call();
      else {
        remainder(code, step, plan.spikeSlots)
          .i32(plan.populations.length * 4)
          .op('i32.mul');
        const count = argumentOf(this.#context, delivery.of, 'count');
        code.op('i32.load', layout.spikeCounts + count).if(call);
      }
    }
  }

  /** generate(first, end): given spikes of the steps first … end-1. */
  #addGenerate(): WasmFunction {
    const { module, plan, layout } = this.#context;
    const names = ['steps', 'indices', 'count', 'cursor', 'counts', 'lists', 'end'];
    const emit = module.function(
      'generate_population',
      names.map((name) => [name, 'i32'] as const),
    );
    writeGenerator(emit, this.#context);
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

type Group =
  | { readonly kind: 'deliver'; readonly kernels: readonly number[] }
  | { readonly kind: 'other'; readonly step: ScheduleStep };

/** Deliveries that follow one another run step by step, so that sums do not depend on how steps fall into windows. */
function groupDeliveries(schedule: readonly ScheduleStep[]): Group[] {
  const groups: Group[] = [];
  let kernels: number[] | null = null;
  for (const step of schedule) {
    if (step.kind !== 'deliver') {
      groups.push({ kind: 'other', step });
      kernels = null;
    } else if (kernels === null) {
      kernels = [step.kernel];
      groups.push({ kind: 'deliver', kernels });
    } else kernels.push(step.kernel);
  }
  return groups;
}
