/**
 * Writes the part of the module that runs windows: clears the spike lists, goes through the plan's schedule, records
 * spikes, and stops at the step asked for or when a fault was reported. Nothing of a window is left to JavaScript.
 *
 * With several threads all of them run this code (see threads-code.ts). They meet where one needs what another has
 * done: after spikes have been listed, between sums and between deliveries that may touch the same variables, and at
 * the end of the window. What the host must be asked for, the first thread does.
 */
import type { Callable, Code, WasmFunction } from '../language/wasm/encoder.ts';
import type { DeliverKernel, Plan, ScheduleStep } from '../plan/plan.ts';
import { addBuilds } from './build.ts';
import { addWindowed } from './chunks.ts';
import { addClocked } from './clocked.ts';
import { type Context, DRAIN, remainder } from './context.ts';
import { addDeliver, type DeliverFunction } from './deliver.ts';
import { hasMixedDelays } from './entries.ts';
import { FieldRun } from './field-run.ts';
import { addGather } from './gather.ts';
import { addGenerate } from './generators.ts';
import { BLOCK, CONTROL, GATE, type KernelLayout, LANES, NONE, samplersOf } from './layout.ts';
import { addProbed } from './probed.ts';
import { argumentOf, type ProjectionArguments, rowPopulations } from './projections.ts';
import { addRecord } from './record.ts';
import { addSummed, summedParameters } from './summed.ts';
import { COMMAND } from './threads-code.ts';
import { addUpdate, type UpdateFunction } from './update.ts';

/** An input as numbered in reports of overflow: kernel.inputs[input] of the kernel. */
export interface InputCode {
  readonly kernel: DeliverKernel;
  readonly input: number;
}

/**
 * Writes everything. The module then exports `run(first, last) -> step reached`, `finish(step)` and `share(job, count,
 * grain)`, and with several threads `work()`, which all but the first run.
 */
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
  /** With `begin`, all steps of a window; null for kernels that the schedule finishes. */
  readonly #updates: readonly (UpdateFunction | null)[];
  /** `begin` alone, and all the rest; null for kernels without a `begin`. */
  readonly #begins: readonly (UpdateFunction | null)[];
  readonly #begunUpdates: readonly (UpdateFunction | null)[];
  readonly #summed: readonly WasmFunction[];
  readonly #clocked: readonly WasmFunction[];
  readonly #deliveries: readonly (readonly Delivery[])[];
  readonly #fields: readonly FieldRun[];
  readonly #inputCodes: InputCode[] = [];

  constructor(context: Context) {
    this.#context = context;
    const { plan, layout } = context;
    const isFinished = (kernel: number): boolean =>
      plan.schedule.some((step) => step.kind === 'finish' && step.kernel === kernel);
    const hasBegin = ({ kernel }: KernelLayout): boolean => kernel.begin.length > 0;
    this.#updates = layout.kernels.map((kernel, index) => {
      if (isFinished(index) && hasBegin(kernel)) return null;
      const whole = addProbed(context, kernel, 'whole');
      return plan.windowSteps > 1 ? addWindowed(context, kernel, whole) : whole;
    });
    this.#begins = layout.kernels.map((kernel) =>
      hasBegin(kernel) ? addUpdate(context, kernel, 'begin') : null,
    );
    this.#begunUpdates = layout.kernels.map((kernel) =>
      hasBegin(kernel) ? addProbed(context, kernel, 'begun') : null,
    );
    this.#summed = plan.summed.map((kernel) => addSummed(context, kernel));
    this.#clocked = layout.clocked.map((clocked) => addClocked(context, clocked));
    this.#deliveries = plan.deliver.map((kernel) => this.#addDeliveries(kernel));
    this.#fields = layout.fields.map((field) => new FieldRun(context, field));
    addBuilds(context);
  }

  #addDeliveries(kernel: DeliverKernel): readonly Delivery[] {
    const deliver = addDeliver(this.#context, kernel);
    const rowSide = kernel.trigger;
    const isMixed = hasMixedDelays(kernel);
    const inputSides = kernel.inputs.map(({ side, accumulates }) =>
      accumulates === true ? 'field' : side,
    );
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
    const { module, threads, jobs } = this.#context;
    const windows = this.#addWindows(this.#addWindow());
    module.export(this.#addRun(windows));
    module.export(this.#addFinish());
    const { share, part } = threads.addShare(module, jobs);
    module.export(share);
    const work = threads.addWork(
      module,
      new Map([
        [COMMAND.run, windows],
        [COMMAND.share, part],
      ]),
    );
    if (work) module.export(work);
    return this.#inputCodes;
  }

  /** run(first, last) -> step reached: the windows, on all threads. */
  #addRun(windows: WasmFunction): WasmFunction {
    const { module, threads } = this.#context;
    const parameters = [['first', 'i32'] as const, ['last', 'i32'] as const];
    const run = module.function('run', parameters, ['i32']);
    const { code } = run;
    threads.command(code, COMMAND.run, [() => code.get(0), () => code.get(1)]);
    code.get(0).get(1).call(windows).set(0);
    threads.meet(code);
    code.get(0);
    return run;
  }

  /**
   * windows(first, last) -> step reached: windows from step `first` until `last` or a fault. A window that finds
   * `begin` of its first step done has one step.
   */
  #addWindows(window: Callable): WasmFunction {
    const { module, plan } = this.#context;
    const parameters = [['first', 'i32'] as const, ['last', 'i32'] as const];
    const windows = module.function('windows', parameters, ['i32']);
    const { code } = windows;
    const steps = windows.local('i32', 'steps');
    code.op('block').op('loop');
    code.get(0).get(1).op('i32.ge_u').op('br_if', 1);
    code.i32(this.#context.layout.gate).op('i32.load', GATE.stop).op('br_if', 1);
    const longest = windows.local('i32', 'longest');
    code.i32(1).i32(plan.windowSteps).i32(0).op('i32.load', CONTROL.begun).op('select');
    code.set(longest);
    this.#endAtFields(code, longest);
    code.get(1).get(0).op('i32.sub').tee(steps).get(longest);
    code.get(steps).get(longest).op('i32.lt_u').op('select').set(steps);
    code.get(0).get(steps).call(window);
    code.get(0).get(steps).op('i32.add').set(0);
    code.op('br', 0).op('end').op('end').get(0);
    return windows;
  }

  /** Shortens a window that would go on behind a run of a field; the first step is in local 0. */
  #endAtFields(code: Code, longest: number): void {
    for (const every of new Set(this.#context.plan.fields.map((field) => field.every))) {
      const push = (): Code => remainder(code.i32(every), 0, every).op('i32.sub');
      push();
      code.get(longest);
      push();
      code.get(longest).op('i32.lt_u').op('select').set(longest);
    }
  }

  /** finish(step): `begin` of that step for all kernels, by the thread that calls it while the others wait. */
  #addFinish(): WasmFunction {
    const finish = this.#context.module.function('finish', [['step', 'i32']]);
    for (const index of this.#begins.keys()) this.#callBegin(finish.code, index, 'all');
    return finish;
  }

  /** The step is in local 0. */
  #callBegin(code: Code, kernel: number, neurons: 'all' | 'own'): void {
    const begin = this.#begins[kernel];
    const layout = this.#context.layout.kernels[kernel];
    if (begin && layout) this.#callUpdate(code, begin, layout, neurons, () => code.get(0));
  }

  /** For all neurons of the kernel, or for those of the thread. */
  #callUpdate(
    code: Code,
    update: UpdateFunction,
    layout: KernelLayout,
    neurons: 'all' | 'own',
    pushHead: () => void,
  ): void {
    const { threads } = this.#context;
    const { cellBytes } = this.#context.layout;
    for (const member of layout.members) {
      if (member.member.count === 0) continue;
      const call = (pushRange: () => void): void => {
        pushHead();
        for (const value of update.arguments(member)) code.i32(value);
        pushRange();
        code.call(update.function);
      };
      if (!update.isRanged) call(() => {});
      else if (neurons === 'all' || threads.count === 1) {
        const begin = member.paddedFirst * cellBytes;
        call(() => code.i32(begin).i32(begin + member.member.count * cellBytes));
      } else {
        const pushRange = (): void => {
          threads.pushBlock(code).op('i32.load', member.range);
          threads.pushBlock(code).op('i32.load', member.range + 4);
        };
        pushRange();
        code.op('i32.lt_u').if(() => call(pushRange));
      }
    }
  }

  /** window(first, steps). */
  #addWindow(): WasmFunction {
    const { module, plan, threads } = this.#context;
    const record = addRecord(this.#context);
    const gather = threads.count > 1 ? addGather(this.#context) : null;
    const generate = plan.generators.length > 0 ? addGenerate(this.#context) : null;
    const window = module.function('window', [
      ['first', 'i32'],
      ['steps', 'i32'],
    ]);
    const { code } = window;
    const begun = window.local('i32', 'begun');
    code.i32(0).get(0).op('i32.store', CONTROL.step);
    code.i32(0).op('i32.load', CONTROL.begun).set(begun);
    this.#eachStep(window, (step) => this.#clearSpikes(code, step));
    for (const [index, phase] of phasesBefore(plan.schedule).entries()) {
      if (index > 0) threads.meet(code);
      for (const step of phase) this.#schedule(code, step, begun, generate);
    }
    threads.meet(code, () => {
      if (gather) this.#eachStep(window, (step) => code.get(step).call(gather));
    });
    threads.first(code, () => {
      if (record) this.#eachStep(window, (step) => code.get(step).call(record));
      this.#closeWindow(code);
    });
    for (const [index, phase] of deliveryPhases(plan).entries()) {
      if (index > 0) threads.meet(code);
      threads.beginClaims(code);
      this.#eachStep(window, (step) => {
        for (const kernel of phase) this.#deliver(code, kernel, step);
      });
    }
    this.#runFields(code);
    threads.meet(code, () => this.#decide(code));
    return window;
  }

  /** The fields whose interval ends with the window, each thread a part of them. */
  #runFields(code: Code): void {
    for (const field of this.#fields) {
      const { every } = field.kernel;
      const pushEnd = (): Code => code.get(0).get(1).op('i32.add');
      pushEnd().i32(every).op('i32.rem_u').op('i32.eqz');
      code.if(() => {
        this.#context.threads.meet(code);
        field.call(code, () => {
          pushEnd().i32(every).op('i32.sub');
          pushEnd().i32(1).op('i32.sub');
        });
      });
    }
  }

  /** Counts the window, and lets the host empty the sample buffers when one might not hold those of the next window. */
  #closeWindow(code: Code): void {
    const { layout, drain, plan } = this.#context;
    code.i32(0).get(0).get(1).op('i32.add').op('i32.store', CONTROL.step);
    code.i32(0).i32(0).op('i32.store', CONTROL.begun);
    code.i32(0).i32(0).op('i32.load', CONTROL.windows).i32(1).op('i32.add');
    code.op('i32.store', CONTROL.windows);
    for (const { every, placed } of samplersOf(layout)) {
      code
        .get(0)
        .get(1)
        .op('i32.add')
        .i32(plan.windowSteps - 1)
        .op('i32.add');
      code.i32(every).op('i32.div_u');
      code.i32(0).op('i32.load', placed.firstAddress).op('i32.sub');
      code.i32(placed.capacity).op('i32.ge_s');
      if (placed.activeAddress !== null) {
        code.i32(0).op('i32.load', placed.activeAddress).op('i32.and');
      }
      code.if(() => code.i32(DRAIN.samples).call(drain));
    }
  }

  /** No window follows one in which a thread has reported a fault. */
  #decide(code: Code): void {
    const { layout } = this.#context;
    code.i32(layout.gate);
    for (let thread = 0; thread < layout.threads; thread++) {
      for (const report of [BLOCK.fault, BLOCK.overflow]) {
        const address = layout.blocks + thread * layout.blockBytes + report;
        code.i32(0).op('i32.load', address);
        if (thread > 0 || report !== BLOCK.fault) code.op('i32.and');
      }
    }
    code.i32(NONE).op('i32.ne').op('i32.store', GATE.stop);
  }

  #schedule(code: Code, step: ScheduleStep, begun: number, generate: Callable | null): void {
    const { plan, layout } = this.#context;
    switch (step.kind) {
      case 'finish':
        code.get(begun).op('i32.eqz');
        code.if(() => this.#callBegin(code, step.kernel, 'own'));
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
        const call = (update: UpdateFunction, isWindow = false): void =>
          this.#callUpdate(code, update, kernel, 'own', () => {
            code.get(0);
            if (isWindow) code.get(1);
          });
        const whole = this.#updates[step.kernel];
        const rest = this.#begunUpdates[step.kernel];
        if (whole && rest) {
          code.get(begun).if(
            () => call(rest),
            () => call(whole, plan.windowSteps > 1),
          );
        } else if (whole) call(whole, plan.windowSteps > 1);
        else if (rest) call(rest);
        return;
      }
      case 'generate':
        if (!generate) return;
        this.#context.threads.first(code, () =>
          code.get(0).get(0).get(1).op('i32.add').call(generate),
        );
        return;
      case 'clocked':
        this.#advanceSynapses(code, step.kernel);
        return;
      case 'deliver':
      case 'field':
        throw new Error('internal: deliveries and fields come last');
    }
  }

  /** Clock-driven equations of synapses, each thread a part of them; windows have one step. */
  #advanceSynapses(code: Code, index: number): void {
    const { threads } = this.#context;
    const kernel = this.#context.plan.clocked[index];
    const equations = this.#clocked[index];
    if (!kernel || !equations) throw new Error('internal: no such clock-driven equations');
    const { every, count } = kernel;
    const fours = Math.ceil(count / LANES);
    const call = (): void => {
      code.get(0);
      for (const next of [0, 1] as const) threads.pushShare(code, () => code.i32(fours), next);
      code.call(equations);
    };
    if (every === 1) call();
    else {
      code.get(0).i32(1).op('i32.add').i32(every).op('i32.rem_u').op('i32.eqz');
      code.if(call);
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

  /** Clears the counts of a step: the first thread those of populations, each thread those of its parts. */
  #clearSpikes(code: Code, step: number): void {
    const { plan, layout, threads } = this.#context;
    const bytes = plan.populations.length * 4;
    const clear = (pushCounts: () => void): void => {
      remainder(code, step, plan.spikeSlots).i32(bytes).op('i32.mul');
      pushCounts();
      code.op('i32.add').i32(0).i32(bytes).op('memory.fill');
    };
    threads.first(code, () => clear(() => code.i32(layout.spikeCounts)));
    if (threads.count === 1) return;
    clear(() => threads.pushBlock(code).i32(layout.partCounts).op('i32.add'));
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
}

/**
 * The steps of a schedule in front of the deliveries, in phases after which threads have to meet: what one kernel
 * integrates concerns no other one, but a sum reads what all kernels have finished and may read another sum, and synapses
 * read what neurons have become.
 */
function phasesBefore(schedule: readonly ScheduleStep[]): ScheduleStep[][] {
  const phases: ScheduleStep[][] = [];
  for (const step of schedule) {
    if (step.kind === 'deliver' || step.kind === 'field') continue;
    const phase = phases.at(-1);
    // Synapses of one number are always the same thread's, so that slow equations may follow fast ones.
    const isIndependent = phase?.[0]?.kind === step.kind && step.kind !== 'summed';
    if (phase && (isIndependent || step.kind === 'generate')) phase.push(step);
    else phases.push([step]);
  }
  return phases;
}

/**
 * Deliver kernels in phases: those of a phase only add to inputs, in whatever order, or are one kernel that may also
 * write variables, where synapses of different rows have nothing in common.
 */
function deliveryPhases({ schedule, deliver }: Plan): number[][] {
  const phases: number[][] = [];
  let isOpen = false;
  for (const step of schedule) {
    if (step.kind !== 'deliver') continue;
    const isScatter = deliver[step.kernel]?.mode === 'scatter';
    if (isOpen && isScatter) phases.at(-1)?.push(step.kernel);
    else phases.push([step.kernel]);
    isOpen = isScatter;
  }
  return phases;
}
