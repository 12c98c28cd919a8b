/**
 * Runs a plan step by step with the reference interpreter: one neuron, one synapse at a time, fixed-point input as the
 * contract says. Slow and plain on purpose; both engines must do what this does, to the bit.
 */
import type { Statement, StoredVariable, Value } from '../../src/language/kernel.ts';
import { drawWord } from '../../src/language/philox.ts';
import type { DeliverKernel, Plan, ProjectionSlot, UpdateKernel } from '../../src/plan/plan.ts';
import { type GeneratedRow, generatedRow } from './generated-rows.ts';
import { evaluate, type InterpreterTable, interpret, type Surroundings } from './interpret.ts';
import { storedRow } from './stored-rows.ts';

export interface PlanResult {
  /** [step, global neuron], sorted. */
  readonly spikes: (readonly [number, number])[];
  readonly state: Float64Array;
  readonly synapseState: Float64Array;
  /** [kernel][sample][value][row], flat per kernel. */
  readonly samples: number[][];
}

/** State after the resets of the last step; spikes of recorded populations. */
export function runPlan(plan: Plan, steps: number): PlanResult {
  const run = new PlanRun(plan);
  for (let step = 0; step < steps; step++) run.step(step);
  for (const kernel of plan.update) run.begin(kernel, steps);
  run.spikes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return run;
}

class PlanRun implements PlanResult {
  readonly spikes: [number, number][] = [];
  readonly state: Float64Array;
  readonly synapseState: Float64Array;
  readonly samples: number[][];
  readonly #plan: Plan;
  readonly #ring: Int32Array;
  /** Spikes of every step so far, recorded or not. */
  readonly #emitted: number[][] = [];
  readonly #tables: readonly InterpreterTable[];
  readonly #rows = new Map<ProjectionSlot, GeneratedRow[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.state = Float64Array.from(plan.state);
    this.synapseState = new Float64Array(plan.synapseCells);
    this.synapseState.set(plan.synapseState);
    this.#build();
    for (const kernel of plan.update) {
      kernel.variables.forEach(({ type }, index) => {
        for (let n = 0; type === 'f32' && n < kernel.count; n++) {
          const cell = kernel.stateBase + index * kernel.count + n;
          this.state[cell] = Math.fround(this.state[cell] as number);
        }
      });
    }
    this.#ring = new Int32Array(plan.ringSlots * plan.inputCells);
    this.samples = plan.update.map(() => []);
    this.#tables = plan.tables;
  }

  /** Values of the synapses that engines build. */
  #build(): void {
    for (const kernel of this.#plan.deliver) {
      for (const slot of kernel.projections) {
        if (slot.generate === null || kernel.packing === 'generated') continue;
        for (let row = 0; row < slot.sourceCount; row++) {
          const first = this.#plan.rows[slot.rows + row] as number;
          const { values } = this.#row(kernel, slot, row);
          for (const [v, list] of values.entries()) {
            this.synapseState.set(list, (slot.synapseCells[v] as number) + first);
          }
        }
      }
    }
  }

  /** Targets and delays of a row, and what it draws or stores of values. */
  #row(kernel: DeliverKernel, slot: ProjectionSlot, row: number): GeneratedRow {
    const rows = this.#rows.get(slot) ?? [];
    this.#rows.set(slot, rows);
    rows[row] ??=
      slot.generate === null
        ? storedRow(this.#plan, kernel, slot, row)
        : generatedRow(this.#plan, slot, row);
    return rows[row];
  }

  step(step: number): void {
    this.#emitted[step] = [];
    const begun = new Set<number>();
    for (const item of this.#plan.schedule) {
      if (item.kind === 'finish') {
        this.begin(this.#plan.update[item.kernel] as UpdateKernel, step);
        begun.add(item.kernel);
      } else if (item.kind === 'summed') this.#sum(item.kernel, step);
      else if (item.kind === 'update') {
        const kernel = this.#plan.update[item.kernel] as UpdateKernel;
        if (!begun.has(item.kernel)) this.begin(kernel, step);
        this.#advance(item.kernel, kernel, step);
      } else if (item.kind === 'generate') this.#generate(step);
      else if (item.kind === 'clocked') this.#clock(item.kernel, step);
      else if (item.kind === 'field') throw new Error('the interpreter knows no fields');
      else this.#deliver(this.#plan.deliver[item.kernel] as DeliverKernel, step);
    }
  }

  begin(kernel: UpdateKernel, step: number): void {
    this.#each(kernel, step, (surroundings) => interpret(kernel.begin, surroundings));
  }

  #advance(number: number, kernel: UpdateKernel, step: number): void {
    const { sampler } = kernel;
    const block: number[] = [];
    this.#each(kernel, step, (surroundings, n, member) => {
      const row = sampler?.rowOf[n] ?? -1;
      if (sampler && row >= 0 && step % sampler.every === 0) {
        const locals = interpret(sampler.body, surroundings);
        sampler.values.forEach((value, v) => {
          block[v * sampler.rows + row] = Number(evaluate(value, surroundings, locals));
        });
      }
      const locals = interpret(kernel.advance, surroundings);
      if (kernel.spiked && evaluate(kernel.spiked, surroundings, locals)) {
        const neuron = member.globalFirst + n - member.localFirst;
        this.#emitted[step]?.push(neuron);
        if (member.recordSpikes) this.spikes.push([step, neuron]);
        interpret(kernel.onSpike, surroundings, new Map(locals));
      }
      interpret(kernel.late, surroundings, locals);
    });
    this.samples[number]?.push(...block);
  }

  #each(
    kernel: UpdateKernel,
    step: number,
    use: (s: Surroundings, n: number, member: UpdateKernel['members'][number]) => void,
  ): void {
    const plan = this.#plan;
    for (const member of kernel.members) {
      for (let index = 0; index < member.count; index++) {
        const n = member.localFirst + index;
        const cells = new Map(
          kernel.variables.map((_, v) => [`own.${v}`, kernel.stateBase + v * kernel.count + n]),
        );
        const arrived = (input: number): number => {
          const slot = kernel.inputs[input] as UpdateKernel['inputs'][number];
          const old = (step - 1 + plan.ringSlots) % plan.ringSlots;
          const cell = old * plan.inputCells + slot.base + n;
          const amount = this.#ring[cell] as number;
          this.#ring[cell] = 0;
          return Math.fround(amount) * 2 ** -slot.scale;
        };
        use(
          {
            variables: cellMap(cells, this.state),
            constants: plan.constants.subarray(member.constants),
            specials: { step, index, time: Math.fround(step) * Math.fround(plan.dtMs) },
            draw: (slot) => drawWord(member.seed, member.stream, index, step, slot),
            tables: this.#tables.map((table, t) =>
              table.kind === 'timed' ? table : (this.#tables[t + member.tables] ?? table),
            ),
            arrived,
          },
          n,
          member,
        );
      }
    }
  }

  #generate(step: number): void {
    for (const generator of this.#plan.generators) {
      generator.steps.forEach((at, k) => {
        if (at !== step) return;
        const neuron = generator.globalFirst + (generator.indices[k] as number);
        this.#emitted[step]?.push(neuron);
        if (generator.recordSpikes) this.spikes.push([step, neuron]);
      });
    }
  }

  #deliver(kernel: DeliverKernel, step: number): void {
    const { spikeSlots } = this.#plan;
    for (const p of kernel.projections) {
      const [first, count] =
        kernel.trigger === 'pre' ? [p.sourceFirst, p.sourceCount] : [p.targetFirst, p.targetCount];
      const from = kernel.mode === 'arrival' ? Math.max(0, step - spikeSlots) : step;
      for (let emission = from; emission <= step; emission++) {
        for (const neuron of this.#emitted[emission] ?? []) {
          const row = neuron - first;
          if (row < 0 || row >= count) continue;
          if (kernel.trigger === 'pre') this.#deliverRow(kernel, p, row, emission, step);
          else this.#deliverColumn(kernel, p, row, emission, step);
        }
      }
    }
  }

  #deliverRow(
    kernel: DeliverKernel,
    p: ProjectionSlot,
    pre: number,
    emission: number,
    step: number,
  ): void {
    const { targets, delays, values } = this.#row(kernel, p, pre);
    const first = this.#plan.rows[p.rows + pre] as number;
    for (const [k, post] of targets.entries()) {
      const arrival = emission + (delays[k] as number);
      if (kernel.mode === 'arrival' && arrival !== step) continue;
      const own = kernel.packing === 'generated' ? values.map((list) => list[k] as number) : null;
      this.#synapse(kernel, p, arrival, pre, post, first + k, own);
    }
  }

  #deliverColumn(
    kernel: DeliverKernel,
    p: ProjectionSlot,
    post: number,
    emission: number,
    step: number,
  ): void {
    const { rows, synapses } = this.#plan;
    if (emission + p.delaySteps !== step) return;
    for (
      let entry = rows[p.rows + post] as number;
      entry < (rows[p.rows + post + 1] ?? 0);
      entry++
    ) {
      const pre = synapses[p.synapseBase + 2 * entry] as number;
      const synapse = synapses[p.synapseBase + 2 * entry + 1] as number;
      this.#synapse(kernel, p, step, pre, post, synapse, null);
    }
  }

  #synapse(
    kernel: DeliverKernel,
    p: ProjectionSlot,
    arrival: number,
    pre: number,
    post: number,
    synapse: number,
    values: readonly number[] | null,
  ): void {
    const plan = this.#plan;
    interpret(kernel.body, {
      ...this.#ends(kernel, p, arrival, pre, post, synapse, values),
      add: (input, value) => {
        const slot = p.inputs[input] as ProjectionSlot['inputs'][number];
        const element = kernel.inputs[input]?.side === 'pre' ? pre : post;
        const cell = (arrival % plan.ringSlots) * plan.inputCells + slot.cell + element;
        const amount = roundHalfEven(Math.fround(value) * 2 ** slot.scale);
        this.#ring[cell] = (this.#ring[cell] as number) + amount;
      },
    });
  }

  #ends(
    kernel: {
      readonly synapseVariables: readonly StoredVariable[];
      readonly preVariables: readonly StoredVariable[];
      readonly postVariables: readonly StoredVariable[];
    },
    p: ProjectionSlot,
    step: number,
    pre: number,
    post: number,
    synapse: number,
    /** Of synapse variables, where they are not stored. */
    values: readonly number[] | null = null,
  ): Surroundings {
    const plan = this.#plan;
    const cells = new Map<string, number>();
    for (const k of kernel.preVariables.keys())
      cells.set(`pre.${k}`, (p.preCells[k] as number) + pre);
    for (const k of kernel.postVariables.keys()) {
      cells.set(`post.${k}`, (p.postCells[k] as number) + post);
    }
    const synapseCells = new Map<string, number>();
    for (const k of kernel.synapseVariables.keys()) {
      synapseCells.set(`synapse.${k}`, (p.synapseCells[k] as number) + synapse);
    }
    const ends = cellMap(cells, this.state);
    const own =
      values === null
        ? cellMap(synapseCells, this.synapseState)
        : new Map(values.map((value, k) => [`synapse.${k}`, value]));
    const variables = {
      get: (key: string) => (key.startsWith('synapse') ? own : ends).get(key),
      set: (key: string, value: number) => (key.startsWith('synapse') ? own : ends).set(key, value),
    };
    const time = Math.fround(step) * Math.fround(plan.dtMs);
    return {
      variables: variables as Map<string, number>,
      constants: plan.constants.subarray(p.constants),
      specials: { step, time, index: synapse, pre_index: pre, post_index: post },
      draw: (slot) => drawWord(p.seed, p.stream, synapse, step, slot),
      tables: this.#tables,
    };
  }

  #clock(number: number, step: number): void {
    const kernel = this.#plan.clocked[number];
    if (kernel === undefined) throw new Error('no such clocked kernel');
    if ((step + 1) % kernel.every !== 0) return;
    const { ends, projection } = kernel;
    const endOf = (list: number, synapse: number): number =>
      list < 0 ? 0 : (this.#plan.synapses[list + synapse] as number);
    for (let synapse = 0; synapse < kernel.count; synapse++) {
      const [pre, post] = [endOf(ends.pre, synapse), endOf(ends.post, synapse)];
      interpret(kernel.body, this.#ends(kernel, projection, step, pre, post, synapse));
    }
  }

  #sum(number: number, step: number): void {
    const kernel = this.#plan.summed[number];
    if (kernel === undefined) throw new Error('no such summed kernel');
    const { projection: p } = kernel;
    const { rows, synapses } = this.#plan;
    for (let post = 0; post < p.targetCount; post++) {
      let sum = 0;
      const end = rows[p.rows + post + 1] as number;
      for (let entry = rows[p.rows + post] as number; entry < end; entry++) {
        const pre = synapses[p.synapseBase + 2 * entry] as number;
        const synapse = synapses[p.synapseBase + 2 * entry + 1] as number;
        const surroundings = this.#ends(kernel, p, step, pre, post, synapse);
        const locals = interpret(kernel.body as readonly Statement[], surroundings);
        sum = Math.fround(sum + Number(evaluate(kernel.value as Value, surroundings, locals)));
      }
      this.state[kernel.resultCell + post] = sum;
    }
  }
}

/** Variables of one element as the interpreter wants them, living in a plain array. */
function cellMap(
  cells: ReadonlyMap<string, number>,
  memory: Float64Array,
): NonNullable<Surroundings['variables']> {
  return {
    get: (key) => memory[cells.get(key) ?? -1],
    set: (key, value) => {
      memory[cells.get(key) ?? -1] = value;
    },
  };
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, up ? floor + 1 : floor));
}
