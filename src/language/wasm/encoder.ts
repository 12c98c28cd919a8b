/**
 * A small WebAssembly encoder: functions are lists of instructions, a module is functions over one imported memory,
 * which threads may share, and both can be had as bytes or as readable text. Knows the binary format and nothing of
 * neurons; it does not check types, the browser's validator does.
 */
import { encodingOf, type Opcode, signed, unsigned } from './opcodes.ts';

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

const TYPE_BYTES: Readonly<Record<WasmType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

interface Instruction {
  readonly name: string;
  readonly immediates: readonly number[];
  readonly comment?: string;
}

/** A function that can be called: its index in the module, imports first. */
export interface Callable {
  readonly index: number;
  readonly name: string;
}

/** A variable of one instance of the module, of type i32: imported ones never change, others start at 0. */
export interface WasmGlobal {
  readonly index: number;
  readonly name: string;
}

/**
 * A growing list of instructions. Parts may be nested and filled later, which is how work that a loop does not change
 * is written in front of the loop while the loop is being written.
 */
export class Code {
  readonly #parts: (Instruction | Code)[] = [];

  /** Appends one instruction; memory instructions take the static offset as immediate. */
  op(name: Opcode, ...immediates: readonly number[]): this {
    this.#parts.push({ name, immediates });
    return this;
  }

  /** Appends an instruction whose name was put together, such as `${shape}.add`. */
  named(name: string, ...immediates: readonly number[]): this {
    encodingOf(name);
    this.#parts.push({ name, immediates });
    return this;
  }

  /** A line of the text form that means nothing to the machine. */
  comment(text: string): this {
    for (const line of text.split('\n')) {
      this.#parts.push({ name: 'comment', immediates: [], comment: line.trim() });
    }
    return this;
  }

  get(local: number): this {
    return this.op('local.get', local);
  }

  set(local: number): this {
    return this.op('local.set', local);
  }

  tee(local: number): this {
    return this.op('local.tee', local);
  }

  /** Pushes an i32 given as any integer of 32 bits, signed or not. */
  i32(value: number): this {
    return this.op('i32.const', value | 0);
  }

  call(target: Callable): this {
    this.#parts.push({ name: 'call', immediates: [target.index], comment: target.name });
    return this;
  }

  getGlobal(source: WasmGlobal): this {
    this.#parts.push({ name: 'global.get', immediates: [source.index], comment: source.name });
    return this;
  }

  setGlobal(target: WasmGlobal): this {
    this.#parts.push({ name: 'global.set', immediates: [target.index], comment: target.name });
    return this;
  }

  /** Appends a part that is written later. */
  part(): Code {
    const inner = new Code();
    this.#parts.push(inner);
    return inner;
  }

  /** `if` without a result; the condition is on the stack. */
  if(write: () => void, otherwise?: () => void): this {
    this.op('if');
    write();
    if (otherwise) {
      this.op('else');
      otherwise();
    }
    return this.op('end');
  }

  /** Repeats until `write` leaves 0 on the stack; always runs once. */
  loop(write: () => void): this {
    this.op('loop');
    write();
    return this.op('br_if', 0).op('end');
  }

  *instructions(): Generator<Instruction> {
    for (const part of this.#parts) {
      if (part instanceof Code) yield* part.instructions();
      else yield part;
    }
  }
}

/** One function being written. Locals 0…parameters-1 are the parameters. */
export class WasmFunction implements Callable {
  readonly index: number;
  readonly name: string;
  readonly parameters: readonly WasmType[];
  readonly results: readonly WasmType[];
  readonly code = new Code();
  readonly #locals: WasmType[] = [];
  readonly #names: string[];

  constructor(
    index: number,
    name: string,
    parameters: readonly (readonly [string, WasmType])[],
    results: readonly WasmType[],
  ) {
    this.index = index;
    this.name = name;
    this.parameters = parameters.map(([, type]) => type);
    this.#names = parameters.map(([label]) => label);
    this.results = results;
  }

  /** A new local; the name is for the text form and need not be unique. */
  local(type: WasmType, name: string): number {
    this.#locals.push(type);
    return this.#names.push(name) - 1;
  }

  /** Body with its size, as the code section holds it. */
  encode(): number[] {
    const bytes: number[] = [];
    const runs: { type: WasmType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    bytes.push(...unsigned(runs.length));
    for (const { type, count } of runs) bytes.push(...unsigned(count), TYPE_BYTES[type]);
    for (const instruction of this.code.instructions()) encodeInstruction(instruction, bytes);
    bytes.push(0x0b);
    return sized(bytes);
  }

  /** The function in the manner of the WebAssembly text format, one instruction a line. */
  text(): string {
    const named = (local: number): string => `$${local}_${this.#names[local] ?? ''}`;
    const parameters = this.parameters.map((type, local) => `(param ${named(local)} ${type})`);
    const results = this.results.map((type) => `(result ${type})`);
    const lines = [`(func $${this.name} ${[...parameters, ...results].join(' ')}`];
    let depth = 1;
    for (const { name, immediates, comment } of this.code.instructions()) {
      if (name === 'end' || name === 'else') depth--;
      const indent = '  '.repeat(depth);
      if (name === 'comment') lines.push(`${indent};; ${comment ?? ''}`);
      else if (name === 'call' || name.startsWith('global.')) {
        lines.push(`${indent}${name} $${comment ?? ''}`);
      } else if (name.startsWith('local.')) {
        lines.push(`${indent}${name} ${named(immediates[0] ?? 0)}`);
      } else lines.push(`${indent}${[name, ...immediates].join(' ')}`);
      if (name === 'loop' || name === 'if' || name === 'block' || name === 'else') depth++;
    }
    return `${lines.join('\n')})`;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

function littleEndian(count: number): number[] {
  return Array.from({ length: count }, (_, byte) => scratch.getUint8(byte));
}

/**
 * Alignment of an access as a power of two. A hint for all but atomic accesses, where it must be that of the type: ours
 * are of words. Vectors may start at any cell.
 */
function alignmentOf(name: string): number {
  if (name.endsWith('store8') || name.endsWith('load8_u')) return 0;
  if (name.endsWith('store16') || name.endsWith('load16_u')) return 1;
  return name.startsWith('f64') ? 3 : 2;
}

function encodeInstruction({ name, immediates }: Instruction, bytes: number[]): void {
  if (name === 'comment') return;
  const encoding = encodingOf(name);
  bytes.push(...encoding.bytes);
  const first = immediates[0] ?? 0;
  switch (encoding.immediate) {
    case 'none':
      return;
    case 'index':
      bytes.push(...unsigned(first));
      return;
    case 'signed':
      bytes.push(...signed(first));
      return;
    case 'f32':
      scratch.setFloat32(0, first, true);
      bytes.push(...littleEndian(4));
      return;
    case 'f64':
      scratch.setFloat64(0, first, true);
      bytes.push(...littleEndian(8));
      return;
    case 'memory':
      bytes.push(alignmentOf(name), ...unsigned(first));
      return;
    case 'block':
      bytes.push(0x40);
      return;
    case 'lane':
    case 'bytes':
      bytes.push(...immediates);
      return;
    case 'words':
      for (let word = 0; word < 4; word++) {
        scratch.setUint32(0, (immediates[word] ?? 0) >>> 0, true);
        bytes.push(...littleEndian(4));
      }
      return;
    case 'zero':
      bytes.push(0);
      return;
    case 'zeros':
      bytes.push(0, 0);
      return;
  }
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

const utf8 = new TextEncoder();

function text(value: string): number[] {
  return sized([...utf8.encode(value)]);
}

interface Signature {
  readonly parameters: readonly WasmType[];
  readonly results: readonly WasmType[];
}

/** Size of the imported memory. */
export interface MemoryLimits {
  /** Smallest size in units of 64 KiB. */
  readonly pages: number;
  /** Whether threads share it; the largest size then is `pages` too. */
  readonly isShared: boolean;
}

/** A module: imported functions, numbers and memory (`host.memory`), then functions, some of them exported. */
export class WasmModule {
  readonly #imports: (Callable & Signature)[] = [];
  readonly #importedGlobals: WasmGlobal[] = [];
  readonly #globals: WasmGlobal[] = [];
  readonly #functions: WasmFunction[] = [];
  readonly #exports: WasmFunction[] = [];

  /** Imports `host.<name>`. All imports come before the first function. */
  import(name: string, parameters: readonly WasmType[], results: readonly WasmType[]): Callable {
    if (this.#functions.length > 0) throw new Error('internal: imports come before functions');
    const imported = { index: this.#imports.length, name, parameters, results };
    this.#imports.push(imported);
    return imported;
  }

  /** Imports the whole number `host.<name>`, which never changes. All imports come before the first variable. */
  importGlobal(name: string): WasmGlobal {
    if (this.#globals.length > 0) throw new Error('internal: imports come before variables');
    const imported = { index: this.#importedGlobals.length, name };
    this.#importedGlobals.push(imported);
    return imported;
  }

  /** A variable of each instance, an i32 that starts at 0. */
  global(name: string): WasmGlobal {
    const added = { index: this.#importedGlobals.length + this.#globals.length, name };
    this.#globals.push(added);
    return added;
  }

  function(
    name: string,
    parameters: readonly (readonly [string, WasmType])[],
    results: readonly WasmType[] = [],
  ): WasmFunction {
    const index = this.#imports.length + this.#functions.length;
    const added = new WasmFunction(index, name, parameters, results);
    this.#functions.push(added);
    return added;
  }

  export(exported: WasmFunction): void {
    this.#exports.push(exported);
  }

  encode(memory: MemoryLimits): Uint8Array<ArrayBuffer> {
    const signatures: Signature[] = [...this.#imports, ...this.#functions];
    const types = signatures.map(({ parameters, results }) => [
      0x60,
      ...sizedTypes(parameters),
      ...sizedTypes(results),
    ]);
    const functions = this.#functions.map(({ index }) => unsigned(index));
    // Each an i32 that changes, first 0.
    const globals = this.#globals.map(() => [TYPE_BYTES.i32, 0x01, 0x41, 0x00, 0x0b]);
    const exports = this.#exports.map(({ index, name }) => [
      ...text(name),
      0x00,
      ...unsigned(index),
    ]);
    const bodies = this.#functions.map((body) => body.encode());
    const parts = [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, types),
      ...section(2, this.#encodeImports(memory)),
      ...section(3, functions),
      ...(globals.length > 0 ? section(6, globals) : []),
      ...section(7, exports),
      ...section(10, bodies),
    ];
    return concatenate(parts);
  }

  #encodeImports({ pages, isShared }: MemoryLimits): number[][] {
    const entry = (name: string, ...kind: readonly number[]): number[] => [
      ...text('host'),
      ...text(name),
      ...kind,
    ];
    const limits = isShared
      ? [0x03, ...unsigned(pages), ...unsigned(pages)]
      : [0, ...unsigned(pages)];
    return [
      ...this.#imports.map(({ index, name }) => entry(name, 0x00, ...unsigned(index))),
      ...this.#importedGlobals.map(({ name }) => entry(name, 0x03, TYPE_BYTES.i32, 0x00)),
      entry('memory', 0x02, ...limits),
    ];
  }

  text(): string {
    const imports = this.#imports.map(
      ({ name, parameters, results }) =>
        `(import "host" "${name}" (func $${name} (param ${parameters.join(' ')}) (result ${results.join(' ')})))`,
    );
    const globals = [
      ...this.#importedGlobals.map(({ name }) => `(import "host" "${name}" (global $${name} i32))`),
      ...this.#globals.map(({ name }) => `(global $${name} (mut i32) i32.const 0)`),
    ];
    return [...imports, ...globals, ...this.#functions.map((body) => body.text())].join('\n\n');
  }
}

function sizedTypes(types: readonly WasmType[]): number[] {
  return sized(types.map((type) => TYPE_BYTES[type]));
}

/** Section header, then its entries; entries stay separate because a code section can be long. */
function section(id: number, entries: readonly (readonly number[])[]): (readonly number[])[] {
  const count = unsigned(entries.length);
  const length = entries.reduce((sum, entry) => sum + entry.length, count.length);
  return [[id, ...unsigned(length), ...count], ...entries];
}

function concatenate(parts: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
