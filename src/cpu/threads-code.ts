/**
 * What generated code does so that several threads may run it: their meeting points, the dealing out of work, their
 * copies of the ring of inputs. With one thread nothing of it is written. Starts no threads: that is threads.ts.
 *
 * All threads run the same code on the same memory, each an instance of its own. They integrate ranges of neurons of
 * their own. Deliveries are shared out by target (splits.ts) or dealt out by spikes: then a thread adds to its own copy
 * of the ring, which needs no atomic additions, and `begin` takes the sum of the copies, of whole numbers, so that it
 * does not matter who delivered what.
 */
import type {
  Callable,
  Code,
  WasmFunction,
  WasmGlobal,
  WasmModule,
} from '../language/wasm/encoder.ts';
import { GATE, type Layout } from './layout.ts';

/** Looks at a word before a thread goes to sleep: some 20 µs, about what it costs to be woken. */
const LOOKS = 20_000;
/** Nanoseconds after which a sleeping thread looks whether another one has failed. */
const SLEEP_NS = 500_000_000;

/** What the first thread tells the others to do. */
export const COMMAND = { run: 1, share: 2 } as const;

/** A piece of work on part of a list: parameters (begin, end), which may run at the same time as other parts. */
export interface Job {
  readonly name: string;
  readonly function: Callable;
}

/** Imported numbers, different in each thread. */
export interface ThreadNumbers {
  /** 0 is the thread that talks to the host. */
  readonly thread: number;
  /** Address of its copy of the ring. */
  readonly ring: number;
  /** Address of its block, see Layout.blocks. */
  readonly block: number;
  /** 1 where the host lets this thread sleep. */
  readonly may_sleep: number;
}

interface Globals {
  readonly thread: WasmGlobal;
  readonly ring: WasmGlobal;
  readonly block: WasmGlobal;
  readonly maySleep: WasmGlobal;
  /** Number of the piece of work that the thread has come to, and of the next one that it does. */
  readonly piece: WasmGlobal;
  readonly ticket: WasmGlobal;
}

/** The numbers to instantiate a thread's code with. */
export function threadNumbers(layout: Layout, thread: number, maySleep: boolean): ThreadNumbers {
  return {
    thread,
    ring: layout.ring + (layout.ringCopies === 1 ? 0 : thread * layout.ringBytes),
    block: layout.blocks + thread * layout.blockBytes,
    may_sleep: maySleep ? 1 : 0,
  };
}

export class ThreadCode {
  readonly count: number;
  readonly #layout: Layout;
  readonly #globals: Globals | null;
  readonly #arrive: WasmFunction | null;
  readonly #release: WasmFunction | null;

  /** Adds imports, variables and functions to a module that has no variables yet. */
  constructor(module: WasmModule, layout: Layout) {
    this.#layout = layout;
    this.count = layout.threads;
    this.#globals = this.count === 1 ? null : addGlobals(module);
    this.#arrive = this.#globals && this.#addArrive(module, this.#globals);
    this.#release = this.#globals && this.#addRelease(module);
  }

  /** Pushes the address of the ring of inputs that this thread adds to. */
  pushRing(code: Code): Code {
    return this.#globals ? code.getGlobal(this.#globals.ring) : code.i32(this.#layout.ring);
  }

  /** Pushes the address of what belongs to this thread, less `offset`, which the next access must add. */
  pushBlock(code: Code): Code {
    return this.#globals ? code.getGlobal(this.#globals.block) : code.i32(this.#layout.blocks);
  }

  /** Of so many things, given by what pushes their number: pushes where the thread's share begins, or with 1, ends. */
  pushShare(code: Code, pushNumber: () => void, next: 0 | 1): Code {
    pushNumber();
    if (!this.#globals) return code.i32(next).op('i32.mul');
    code.getGlobal(this.#globals.thread).i32(next).op('i32.add').op('i32.mul');
    return code.i32(this.count).op('i32.div_u');
  }

  /** Pushes the number of the thread. */
  pushThread(code: Code): Code {
    return this.#globals ? code.getGlobal(this.#globals.thread) : code.i32(0);
  }

  /** Code for the first thread alone. */
  first(code: Code, write: () => void): void {
    if (this.#globals) code.getGlobal(this.#globals.thread).op('i32.eqz').if(write);
    else write();
  }

  /** All threads meet; `write` is done by one of them, after what was before and before what comes after. */
  meet(code: Code, write: () => void = () => {}): void {
    if (!this.#arrive || !this.#release) {
      write();
      return;
    }
    const release = this.#release;
    code.call(this.#arrive).if(() => {
      write();
      code.call(release);
    });
  }

  // ---- Dealing out ----

  /** Begins the dealing out of work, after a meeting. */
  beginClaims(code: Code): void {
    if (!this.#globals) return;
    code.i32(0).setGlobal(this.#globals.piece);
    this.#drawTicket(code);
  }

  /** A piece of work, to which all threads come in the same order: one of them does it, the others skip it. */
  claim(code: Code, work: () => void, skip: () => void): void {
    const globals = this.#globals;
    if (!globals) {
      work();
      return;
    }
    code.getGlobal(globals.piece).getGlobal(globals.ticket).op('i32.eq');
    code.if(() => {
      work();
      this.#drawTicket(code);
    }, skip);
    code.getGlobal(globals.piece).i32(1).op('i32.add').setGlobal(globals.piece);
  }

  #drawTicket(code: Code): void {
    if (!this.#globals) return;
    this.#gate(code).i32(1).op('i32.atomic.rmw.add', GATE.claims).setGlobal(this.#globals.ticket);
  }

  // ---- Meeting ----

  #gate(code: Code): Code {
    return code.i32(this.#layout.gate);
  }

  /** arrive() -> 1 in the last thread to arrive, which must call `release`; 0 in the others, once it has. */
  #addArrive(module: WasmModule, globals: Globals): WasmFunction {
    const arrive = module.function('arrive', [], ['i32']);
    const { code } = arrive;
    const meeting = arrive.local('i32', 'meeting');
    this.#gate(code).op('i32.atomic.load', GATE.meeting).set(meeting);
    this.#gate(code).i32(1).op('i32.atomic.rmw.add', GATE.arrived);
    code.i32(this.count - 1).op('i32.eq');
    code.if(() => code.i32(1).op('return'));
    this.#waitForChange(arrive, globals, GATE.meeting, meeting);
    code.i32(0);
    return arrive;
  }

  /** release(): lets the others go on. */
  #addRelease(module: WasmModule): WasmFunction {
    const release = module.function('release', []);
    const { code } = release;
    this.#gate(code).i32(0).op('i32.atomic.store', GATE.claims);
    this.#gate(code).i32(0).op('i32.atomic.store', GATE.arrived);
    this.#announce(code, GATE.meeting);
    return release;
  }

  /** Increases a word of the gate that others wait for, and wakes those that sleep. */
  #announce(code: Code, word: number): void {
    this.#gate(code).i32(1).op('i32.atomic.rmw.add', word).op('drop');
    this.#gate(code).op('i32.atomic.load', GATE.sleepers);
    code.if(() => this.#gate(code).i32(this.count).op('memory.atomic.notify', word).op('drop'));
  }

  /**
   * Waits until a word of the gate is no longer the one in a local: first looking, because the others are seldom far,
   * then asleep, because they may have lost their processor. Ends in a trap when a thread has failed.
   */
  #waitForChange(owner: WasmFunction, globals: Globals, word: number, known: number): void {
    const { code } = owner;
    const looks = owner.local('i32', 'looks');
    code.i32(LOOKS).set(looks);
    code.op('block').op('loop');
    this.#gate(code).op('i32.atomic.load', word).get(known).op('i32.ne').op('br_if', 1);
    code.get(looks).i32(1).op('i32.sub').tee(looks).op('br_if', 0);
    code.i32(LOOKS).set(looks);
    code.getGlobal(globals.maySleep).if(() => {
      this.#gate(code).i32(1).op('i32.atomic.rmw.add', GATE.sleepers).op('drop');
      this.#gate(code).get(known).op('i64.const', SLEEP_NS);
      code.op('memory.atomic.wait32', word).op('drop');
      this.#gate(code).i32(-1).op('i32.atomic.rmw.add', GATE.sleepers).op('drop');
    });
    this.#gate(code).op('i32.atomic.load', GATE.broken);
    code.if(() => code.op('unreachable'));
    code.op('br', 0).op('end').op('end');
  }

  // ---- Commands ----

  /** Tells the other threads to do something with two numbers, given by what pushes them. */
  command(code: Code, kind: number, numbers: readonly (() => void)[]): void {
    if (!this.#globals) return;
    this.#gate(code).i32(kind).op('i32.store', GATE.kind);
    for (const [index, push] of numbers.entries()) {
      this.#gate(code);
      push();
      code.op('i32.store', GATE.numbers + 4 * index);
    }
    this.#announce(code, GATE.command);
  }

  /**
   * Adds work(), which every thread but the first runs for ever: it waits for commands and does them. `does` says which
   * function does which kind of command; it takes as many of the numbers as it has parameters.
   */
  addWork(module: WasmModule, does: ReadonlyMap<number, WasmFunction>): WasmFunction | null {
    const globals = this.#globals;
    if (!globals) return null;
    const work = module.function('work', []);
    const { code } = work;
    const known = work.local('i32', 'known');
    code.op('loop');
    this.#waitForChange(work, globals, GATE.command, known);
    code.get(known).i32(1).op('i32.add').set(known);
    for (const [kind, target] of does) {
      this.#gate(code).op('i32.load', GATE.kind).i32(kind).op('i32.eq');
      code.if(() => {
        for (const index of target.parameters.keys()) {
          this.#gate(code).op('i32.load', GATE.numbers + 4 * index);
        }
        code.call(target);
        for (const _ of target.results) code.op('drop');
      });
    }
    this.meet(code);
    code.op('br', 0).op('end');
    return work;
  }

  /**
   * Adds share(job, count, grain), which does a job for the numbers 0 … count-1, `grain` at a time, whoever is free the
   * next ones; and what the other threads do meanwhile.
   */
  addShare(
    module: WasmModule,
    jobs: readonly Job[],
  ): { readonly share: WasmFunction; readonly part: WasmFunction } {
    const parameters = ['job', 'count', 'grain'].map((name) => [name, 'i32'] as const);
    const part = module.function('share_part', parameters);
    this.#writePart(part, jobs);
    const share = module.function('share', parameters);
    const pushes = [0, 1, 2].map((index) => () => void share.code.get(index));
    this.command(share.code, COMMAND.share, pushes);
    share.code.get(0).get(1).get(2).call(part);
    this.meet(share.code);
    return { share, part };
  }

  #writePart(part: WasmFunction, jobs: readonly Job[]): void {
    const { code } = part;
    const [job, count, grain] = [0, 1, 2] as const;
    const begin = part.local('i32', 'begin');
    const end = part.local('i32', 'end');
    code.op('block').op('loop');
    if (this.count > 1) {
      this.#gate(code).i32(1).op('i32.atomic.rmw.add', GATE.claims).get(grain).op('i32.mul');
      code.set(begin);
    }
    code.get(begin).get(count).op('i32.ge_u').op('br_if', 1);
    code.get(begin).get(grain).op('i32.add').tee(end).get(count);
    code.get(end).get(count).op('i32.lt_u').op('select').set(end);
    for (const [index, { function: target }] of jobs.entries()) {
      code.get(job).i32(index).op('i32.eq');
      code.if(() => code.get(begin).get(end).call(target));
    }
    if (this.count === 1) code.get(end).set(begin);
    code.op('br', 0).op('end').op('end');
  }
}

function addGlobals(module: WasmModule): Globals {
  return {
    thread: module.importGlobal('thread'),
    ring: module.importGlobal('ring'),
    block: module.importGlobal('block'),
    maySleep: module.importGlobal('may_sleep'),
    piece: module.global('piece'),
    ticket: module.global('ticket'),
  };
}
