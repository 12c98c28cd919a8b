/** The encoder writes the binary format; the engine's own WebAssembly reads it back. */
import { describe, expect, it } from 'vitest';
import { philox } from '../../../src/language/philox.ts';
import { WasmModule, type WasmType } from '../../../src/language/wasm/encoder.ts';
import { encodingOf, signed, unsigned } from '../../../src/language/wasm/opcodes.ts';
import {
  addScalarPhilox,
  philoxTable,
  writeVectorPhilox,
} from '../../../src/language/wasm/philox.ts';

async function instantiate(
  module: WasmModule,
): Promise<Record<string, (...args: number[]) => number>> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(module.encode({ pages: 1, isShared: false }), {
    host: { memory },
  });
  const words = new Uint32Array(memory.buffer);
  return {
    ...(instance.exports as Record<string, (...args: number[]) => number>),
    word: (index = 0) => words[index] ?? 0,
  };
}

describe('LEB128', () => {
  it('unsigned', () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(127)).toEqual([127]);
    expect(unsigned(128)).toEqual([0x80, 1]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it('signed', () => {
    expect(signed(0)).toEqual([0]);
    expect(signed(-1)).toEqual([0x7f]);
    expect(signed(63)).toEqual([63]);
    expect(signed(64)).toEqual([0xc0, 0]);
    expect(signed(-64)).toEqual([0x40]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78]);
  });
});

describe('modules', () => {
  it('refuses instructions that it does not know', () => {
    expect(() => encodingOf('f32x4.dance')).toThrow('internal: no WebAssembly instruction');
  });

  it('runs functions that call one another, with locals, loops and branches', async () => {
    const module = new WasmModule();
    const square = module.function('square', [['x', 'i32']], ['i32']);
    square.code.get(0).get(0).op('i32.mul');
    const sum = module.function('sum', [['count', 'i32']], ['i32']);
    const total = sum.local('i32', 'total');
    sum.code.loop(() => {
      sum.code.get(total).get(0).call(square).op('i32.add').set(total);
      sum.code.get(0).i32(1).op('i32.sub').tee(0);
    });
    sum.code.get(total);
    module.export(sum);
    expect((await instantiate(module)).sum?.(10)).toBe(385);
  });

  it('writes parts in front of what was written before them', async () => {
    const module = new WasmModule();
    const difference = module.function('difference', [], ['i32']);
    const first = difference.code.part();
    difference.code.i32(1).op('i32.sub');
    first.i32(100);
    module.export(difference);
    expect((await instantiate(module)).difference?.()).toBe(99);
  });

  it('keeps floating-point constants', async () => {
    const module = new WasmModule();
    for (const [name, type, value] of [
      ['single', 'f32', Math.fround(0.1)],
      ['double', 'f64', 0.1],
      ['zero', 'f64', -0],
    ] as const) {
      const constant = module.function(name, [], [type as WasmType]);
      constant.code.op(`${type}.const`, value);
      module.export(constant);
    }
    const exports = await instantiate(module);
    expect(exports.single?.()).toBe(Math.fround(0.1));
    expect(exports.double?.()).toBe(0.1);
    expect(exports.zero?.()).toBe(-0);
  });

  it('prints functions for readers', () => {
    const module = new WasmModule();
    const add = module.function('add', [['amount', 'i32']], ['i32']);
    add.code.comment('adds one');
    add.code.get(0).i32(1).op('i32.add');
    expect(module.text()).toBe(
      [
        '(func $add (param $0_amount i32) (result i32)',
        '  ;; adds one',
        '  local.get $0_amount',
        '  i32.const 1',
        '  i32.add)',
      ].join('\n'),
    );
  });
});

describe('Philox', () => {
  const seeds = [0, 1, 0xffffffff];
  const counters = [
    [0, 0, 0, 0],
    [7, 11, 1, 5],
    [0xfffffffe, 0xffffffff, 3, 0xdeadbeef],
  ] as const;

  it.each(seeds)('of one element, seed %i', async (seed) => {
    const module = new WasmModule();
    const words = addScalarPhilox(module);
    const store = module.function('store', [
      ['element', 'i32'],
      ['step', 'i32'],
      ['group', 'i32'],
      ['stream', 'i32'],
    ]);
    const word = store.local('i32', 'word');
    store.code.get(0).get(1).get(2).i32(seed).get(3);
    store.code.call(words);
    for (const index of [3, 2, 1, 0]) {
      store.code
        .set(word)
        .i32(0)
        .get(word)
        .op('i32.store', 4 * index);
    }
    module.export(store);
    const exports = await instantiate(module);
    const out = new Uint32Array(4);
    for (const [element, step, group, stream] of counters) {
      exports.store?.(element, step, group, stream);
      philox(element, step, group, 0, seed, stream, out);
      expect([0, 1, 2, 3].map((index) => exports.word?.(index))).toEqual([...out]);
    }
  });

  it.each(seeds)('of four elements, seed %i', async (seed) => {
    const out = new Uint32Array(4);
    for (const [first, step, group, stream] of counters) {
      const module = new WasmModule();
      const store = module.function('store', [
        ['first', 'i32'],
        ['step', 'i32'],
      ]);
      const { code } = store;
      const element = store.local('v128', 'element');
      code.get(0).op('i32x4.splat').op('v128.const', 0, 1, 2, 3).op('i32x4.add').set(element);
      const table = store.local('i32', 'table');
      for (const [index, word] of philoxTable(seed, stream).entries()) {
        code
          .get(table)
          .i32(word)
          .op('i32.store', 4 * index);
      }
      const words = writeVectorPhilox(store, code, { element, step: 1, table, group });
      for (const [index, word] of words.entries()) {
        code
          .i32(0)
          .get(word)
          .op('v128.store', 16 * index);
      }
      module.export(store);
      const exports = await instantiate(module);
      exports.store?.(first, step);
      for (const lane of [0, 1, 2, 3]) {
        philox(first + lane, step, group, 0, seed, stream, out);
        expect([0, 1, 2, 3].map((index) => exports.word?.(4 * index + lane))).toEqual([...out]);
      }
    }
  });
});
