/**
 * Writes the code that builds stored synapses in the engine's memory, before the first step: for each projection that
 * the plan leaves to the engine, a job (see Context.jobs) that makes any range of its rows from counters and packs
 * them. Rows are as generate.ts makes them; deliveries do not know who has built what they read.
 */
import type { WasmFunction } from '../language/wasm/encoder.ts';
import type { DeliverKernel, ProjectionSlot } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { hasMixedDelays } from './entries.ts';
import type { NumberKind } from './generate.ts';
import { CHUNK, numberOffset, SCRATCH, scratchNumber } from './generate-layout.ts';

/** Synapses that a thread builds at a time: some tenths of a millisecond. */
const SYNAPSES_AT_ONCE = 1 << 15;

/** A job of the module: `share(job, rows, grain)` builds a projection. */
export interface BuildJob {
  readonly job: number;
  readonly rows: number;
  readonly grain: number;
}

/** Adds the jobs that build what the plan leaves to the engine. */
export function addBuilds(context: Context): void {
  const { plan, jobs, builds, module } = context;
  for (const kernel of plan.deliver) {
    if (kernel.packing === 'generated') continue;
    const made = kernel.projections.filter(({ generate }) => generate !== null);
    if (made.length === 0) continue;
    const build = new BuildWriter(context, kernel);
    for (const projection of made) {
      const owner = module.function(`build_${projection.name}`, [
        ['begin', 'i32'],
        ['end', 'i32'],
      ]);
      for (const argument of build.argumentsOf(projection)) owner.code.i32(argument);
      owner.code.get(0).get(1).call(build.function);
      const job = jobs.push({ name: owner.name, function: owner }) - 1;
      const rows = projection.sourceCount;
      const synapses = plan.rows[projection.rows + rows] ?? 0;
      const grain = Math.ceil((SYNAPSES_AT_ONCE * rows) / Math.max(synapses, 1));
      builds.push({ job, rows, grain: Math.max(1, Math.min(grain, rows)) });
    }
  }
}

/** Builds rows of the projections of one kernel. */
class BuildWriter {
  readonly function: WasmFunction;
  readonly #context: Context;
  readonly #kernel: DeliverKernel;
  readonly #isMixed: boolean;
  /** Synapse variables that are stored, for any of the projections. */
  readonly #stored: readonly number[];
  readonly #parameters: readonly string[];

  constructor(context: Context, kernel: DeliverKernel) {
    this.#context = context;
    this.#kernel = kernel;
    this.#isMixed = hasMixedDelays(kernel);
    this.#stored = [...kernel.synapseVariables.keys()].filter((index) =>
      kernel.projections.every(({ synapseCells }) => (synapseCells[index] ?? -1) >= 0),
    );
    const names = ['description', 'rows', 'synapses', 'delays'];
    this.#parameters = [...names, ...this.#stored.map((index) => `synapse.${index}`)];
    this.function = context.module.function(
      `build_${kernel.name}`,
      [...this.#parameters, 'begin', 'end'].map((name) => [name, 'i32'] as const),
    );
    this.#write();
  }

  /** What the function is called with in front of the range of rows. */
  argumentsOf(projection: ProjectionSlot): readonly number[] {
    const { layout } = this.#context;
    const { rows, synapseBase, delayBase, synapseCells } = projection;
    return [
      layout.generate.descriptions.get(projection) ?? 0,
      layout.rows + rows * 4,
      layout.synapses + synapseBase * 4,
      layout.synapses + Math.max(0, delayBase) * 4,
      ...this.#stored.map((index) => layout.synapseState + (synapseCells[index] ?? 0) * 4),
    ];
  }

  #local(name: string): number {
    return this.function.local('i32', name);
  }

  #parameter(name: string): number {
    return [...this.#parameters, 'begin', 'end'].indexOf(name);
  }

  #write(): void {
    const { code } = this.function;
    const { layout, threads, rows } = this.#context;
    const row = this.#parameter('begin');
    const [room, length, entry] = [
      this.#local('room'),
      this.#local('length'),
      this.#local('entry'),
    ];
    const offsets = this.#local('offsets');
    threads.pushBlock(code).i32(layout.scratch).op('i32.add').set(room);
    code.op('block').op('loop').get(row).get(this.#parameter('end')).op('i32.ge_u').op('br_if', 1);
    code.get(this.#parameter('description')).get(row);
    code.get(room).i32(layout.generate.targets).op('i32.add');
    code.get(room).i32(SCRATCH.words).op('i32.add').call(rows.targets).set(length);
    code.get(this.#parameter('rows')).get(row).i32(2).op('i32.shl').op('i32.add').set(offsets);
    code.get(offsets).op('i32.load', 0).set(entry);
    // The plan has reserved room for rows of these lengths; any other would overwrite the next one.
    code.get(offsets).op('i32.load', 4).get(entry).op('i32.sub').get(length).op('i32.ne');
    code.if(() => code.op('unreachable'));
    this.#writeRow({ row, room, length, entry });
    code.get(row).i32(1).op('i32.add').set(row).op('br', 0).op('end').op('end');
  }

  /** Makes delays and values of a row by chunks, and packs each chunk. */
  #writeRow(of: {
    readonly row: number;
    readonly room: number;
    readonly length: number;
    readonly entry: number;
  }): void {
    const { code } = this.function;
    const { layout } = this.#context;
    const [done, bytes, cursor] = [
      this.#local('done'),
      this.#local('chunk_bytes'),
      this.#local('cursor'),
    ];
    const targets = this.#local('targets');
    code.i32(0).set(done);
    code.get(of.room).i32(layout.generate.targets).op('i32.add').set(targets);
    code.op('block').op('loop').get(done).get(of.length).op('i32.ge_u').op('br_if', 1);
    code.get(of.length).get(done).op('i32.sub').tee(bytes).i32(CHUNK).get(bytes).i32(CHUNK);
    code.op('i32.lt_u').op('select').i32(2).op('i32.shl').set(bytes);
    const numbers = (kind: NumberKind, index: number): void => {
      code.get(this.#parameter('description')).i32(numberOffset(index)).op('i32.add');
      code.get(of.row).get(done);
      const place = scratchNumber(index);
      code.get(of.room).i32(place).op('i32.add');
      code.get(of.room).i32(place).op('i32.add').get(bytes).op('i32.add');
      code.call(this.#context.rows.numbers(kind));
    };
    if (this.#isMixed) numbers('delay', 0);
    for (const index of this.#stored) {
      const isFloat = this.#kernel.synapseVariables[index]?.type === 'f32';
      numbers(isFloat ? 'float' : 'integer', 1 + index);
    }
    code.i32(0).set(cursor);
    code.loop(() => {
      this.#packOne(of.entry, {
        pushTarget: () => code.get(targets).get(cursor).op('i32.add').op('i32.load', 0),
        pushNumber: (index) =>
          code.get(of.room).get(cursor).op('i32.add').op('i32.load', scratchNumber(index)),
      });
      code.get(of.entry).i32(1).op('i32.add').set(of.entry);
      code.get(cursor).i32(4).op('i32.add').tee(cursor).get(bytes).op('i32.lt_u');
    });
    code.get(targets).get(bytes).op('i32.add').set(targets);
    code.get(done).i32(CHUNK).op('i32.add').set(done).op('br', 0).op('end').op('end');
  }

  /** Stores one synapse, whose number is in `entry`. */
  #packOne(
    entry: number,
    from: { readonly pushTarget: () => void; readonly pushNumber: (index: number) => void },
  ): void {
    const { code } = this.function;
    const address = (name: string, shift: number): void => {
      code.get(entry).i32(shift).op('i32.shl').get(this.#parameter(name)).op('i32.add');
    };
    const { packing } = this.#kernel;
    switch (packing) {
      case 'target16':
      case 'target16+delay8':
        address('synapses', 1);
        from.pushTarget();
        code.op('i32.store16', 0);
        break;
      case 'wide':
        address('synapses', 3);
        from.pushTarget();
        code.op('i32.store', 0);
        address('synapses', 3);
        from.pushNumber(0);
        code.op('i32.store', 4);
        break;
      default:
        address('synapses', 2);
        from.pushTarget();
        if (packing === 'target+delay') {
          from.pushNumber(0);
          code.i32(24).op('i32.shl').op('i32.or');
        }
        code.op('i32.store', 0);
    }
    if (packing === 'target16+delay8') {
      address('delays', 0);
      from.pushNumber(0);
      code.op('i32.store8', 0);
    }
    for (const index of this.#stored) {
      address(`synapse.${index}`, 2);
      from.pushNumber(1 + index);
      code.op('i32.store', 0);
    }
  }
}
