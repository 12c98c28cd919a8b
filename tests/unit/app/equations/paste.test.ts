import { describe, expect, it, test } from 'vitest';
import { SCRIPT_EXAMPLE } from '../../../../src/app/equations/script-example.ts';
import {
  type BareOptions,
  isScript,
  NO_OPTIONS,
} from '../../../../src/app/tools/bare-equations.ts';
import { LONGEST_PASTE, readText } from '../../../../src/app/tools/paste.ts';
import { compileNetwork, parseQuantity } from '../../../../src/index.ts';

const options = (change: Partial<BareOptions>): BareOptions => ({ ...NO_OPTIONS, ...change });

test('nothing is nothing', () => {
  expect(readText(' \n', NO_OPTIONS)).toMatchObject({
    kind: 'nothing',
    problems: [],
    document: null,
  });
});

test('too much is refused before it is read', () => {
  const { document, problems } = readText('x'.repeat(LONGEST_PASTE + 1), NO_OPTIONS);
  expect(document).toBeNull();
  expect(problems[0]?.message).toMatch(/at most 500000/);
});

test('scripts are told from equations', () => {
  expect(isScript('from brian2 import *')).toBe(true);
  expect(isScript('G = NeuronGroup(1, eqs)')).toBe(true);
  expect(isScript('dv/dt = -v/tau : volt')).toBe(false);
  expect(isScript("eqs = '''\ndv/dt = -v/tau : volt\n'''")).toBe(false);
});

describe('a script', () => {
  it('is summed up', () => {
    const { kind, document, problems, summary, duration } = readText(SCRIPT_EXAMPLE, NO_OPTIONS);
    expect([kind, problems, duration]).toEqual(['script', [], '1 second']);
    expect(document?.populations.map(({ size }) => size)).toEqual([4000]);
    expect(summary?.populations).toEqual([
      { name: 'P', text: '4,000 neurons, exact, as the model asks for' },
    ]);
    expect(summary?.projections.map(({ text }) => text)).toEqual([
      'P[0:3200] → P, with probability 0.02',
      'P[3200:4000] → P, with probability 0.02',
    ]);
    expect(summary?.parameters).toContainEqual({ name: 'we', value: '1.62 mV' });
  });

  it('has its problems under carets in its own lines', () => {
    const wrong = SCRIPT_EXAMPLE.replace('dge/dt = -ge/taue : volt', 'dge/dt = -ge/taue : siemens');
    const { document, problems } = readText(wrong, NO_OPTIONS);
    expect(document).toBeNull();
    const lines = wrong.split('\n');
    const [first] = problems;
    const source = lines[(first?.line ?? 0) - 1] ?? '';
    expect(source).toMatch(/^dv\/dt/);
    const marked = source.slice((first?.column ?? 0) - 1).slice(0, first?.length);
    expect(marked).toBe('gi');
    expect(first?.message).toBe('gi is in volt, but the left part is in siemens');
    const [shown = '', caret = ''] = first?.excerpt.split('\n') ?? [];
    expect(shown.slice(caret.indexOf('^'), caret.length)).toBe('gi');
  });

  it('may have what is not supported, by line', () => {
    const text = `${SCRIPT_EXAMPLE}\n@network_operation\ndef f():\n    pass\n`;
    const { document, problems } = readText(text, NO_OPTIONS);
    expect(document).not.toBeNull();
    const line = text.split('\n').indexOf('@network_operation') + 1;
    expect(problems.map((problem) => problem.line)).toEqual([line]);
    expect(problems[0]?.excerpt).toBe('');
  });

  it('is never run', () => {
    const text =
      'from brian2 import *\nimport os\nos.system("x")\nG = NeuronGroup(1, "dv/dt = -v/(5*ms) : 1")';
    expect(() => readText(text, NO_OPTIONS)).not.toThrow();
  });
});

describe('equations alone', () => {
  it('may use names that every object has', () => {
    const { missing } = readText('dv/dt = (constructor - v)/tau : volt', NO_OPTIONS);
    expect(missing.find(({ name }) => name === 'constructor')?.guess).toMatch(/^-?\d+ mV$/);
  });

  const eqs = 'dv/dt = (E_L - v + R*I)/tau_m : volt\ndw/dt = (a*(v - E_L) - w)/tau_w : amp';

  it('are a population that can be compiled; units of unknown names fit', () => {
    const { document, missing, problems } = readText(
      eqs,
      options({ threshold: 'v > V_t', reset: 'v = V_r', size: 7 }),
    );
    expect(problems).toEqual([]);
    expect(missing.map(({ name }) => name).sort()).toEqual(
      ['E_L', 'I', 'R', 'V_r', 'V_t', 'a', 'tau_m', 'tau_w'].sort(),
    );
    const guess = (name: string) => missing.find((one) => one.name === name)?.guess ?? '';
    const conductance = parseQuantity('1 nS', 'a').dimension;
    expect(parseQuantity(guess('a'), 'a').dimension).toEqual(conductance);
    expect(parseQuantity(guess('tau_w'), 'tau_w').dimension).toEqual(
      parseQuantity('1 ms', 't').dimension,
    );
    expect(document?.populations[0]).toMatchObject({ size: 7, initial: { v: 'V_r' } });
    expect(() => compileNetwork(document as never)).not.toThrow();
  });

  it('keep what was given', () => {
    const { document } = readText(eqs, options({ params: { tau_m: '33 ms' } }));
    expect(document?.populations[0]).toMatchObject({ params: { tau_m: '33 ms' } });
  });

  it('with wrong values say so', () => {
    const { document, problems } = readText(eqs, options({ params: { tau_m: '33 mV' } }));
    expect(document).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  });

  it('may be in quotes, and keep their lines', () => {
    const text = `eqs = '''\ndv/dt = -v/tau : volt\ndw/dt = -w/tau : vol\n'''`;
    const { problems } = readText(text, NO_OPTIONS);
    expect(problems.map(({ line, column, length }) => [line, column, length])).toEqual([
      [3, 18, 3],
    ]);
  });

  it('may have synapses', () => {
    const { document, problems } = readText(
      'dv/dt = -v/tau : volt',
      options({ threshold: 'v > 1*mV', reset: 'v = 0*mV', onPre: 'v += w_s', p: 0.2 }),
    );
    expect(problems).toEqual([]);
    expect(document?.projections[0]).toMatchObject({ connect: { p: 0.2 }, onPre: 'v += w_s' });
  });
});
