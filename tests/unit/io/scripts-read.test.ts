/**
 * Brian 2 scripts read: the scripts of tests/brian2, which Brian 2 itself has run, give its spikes and final values,
 * step by step. What is not supported is reported by line; damaged and hostile scripts are read in bounded time.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSimulation } from '../../../src/create-simulation.ts';
import { NetworkError } from '../../../src/errors.ts';
import { type Example, examples } from '../../../src/examples/index.ts';
import { memorySource } from '../../../src/io/file-source.ts';
import { openNetwork } from '../../../src/io/open.ts';
import { fromBrian2, toBrian2 } from '../../../src/io/scripts/index.ts';
import type { NetworkDocument } from '../../../src/network/document.ts';
import type { Brian2Record } from '../../parity/brian2/case.ts';
import { lcg } from '../../parity/brian2/case.ts';
import { cases } from '../../parity/brian2/cases.ts';
import { commandLine } from '../../support/command-line.ts';
import { randomFrom } from '../../support/mutate.ts';

const folder = new URL('../../brian2/', import.meta.url);

/** A script of tests/brian2 with the numbers that its helper module would give written out. */
function script(name: string): string {
  return readFileSync(new URL(`${name}.py`, folder), 'utf8').replace(
    /case\.lcg\((\d+), (\d+)\)/g,
    (_, count: string, seed: string) => `array([${lcg(Number(count), Number(seed)).join(', ')}])`,
  );
}

/** Values change between its two runs, which a document does not say. */
const NOT_SAID = 'two_runs';

describe('the scripts of tests/brian2', () => {
  const names = Object.keys(cases).filter((name) => name !== NOT_SAID);
  it.each(names)('%s gives the spikes and final values of Brian 2', async (name) => {
    const { document, duration, problems } = fromBrian2(script(name));
    expect(problems).toEqual([]);
    const record = JSON.parse(
      readFileSync(new URL(`${name}.json`, folder), 'utf8'),
    ) as Brian2Record;
    const simulation = await createSimulation(document as NetworkDocument, {
      engine: 'cpu',
      precision: 'f64',
    });
    try {
      await simulation.run(duration as string);
      const monitors = (document?.recordings ?? []).filter(({ kind }) => kind === 'spikes');
      expect(monitors.length).toBe(Object.keys(record.spikes).length);
      for (const [k, expected] of Object.values(record.spikes).entries()) {
        const { steps, neurons } = simulation.spikes({ name: monitors[k]?.name ?? '' });
        expect({ steps: Array.from(steps), neurons: Array.from(neurons) }).toEqual(expected);
      }
      for (const [label, [owner, variable]] of Object.entries(cases[name]?.().finals ?? {})) {
        const known = [...(document?.populations ?? []), ...(document?.projections ?? [])];
        const found = known.find((one) => one.name === owner)?.name;
        if (found === undefined) continue;
        const values = await simulation.get(found, variable);
        const wanted = record.finals[label]?.values ?? [];
        const scale = Math.max(...wanted.map(Math.abs), 1e-12);
        for (const [k, value] of wanted.entries()) {
          expect(Math.abs((values[k] as number) - value) / scale).toBeLessThan(1e-9);
        }
      }
    } finally {
      simulation.destroy();
    }
  });

  it('report what a document cannot say, by line', () => {
    const { problems } = fromBrian2(script(NOT_SAID));
    expect(problems.map(({ line }) => line)).toEqual([18, 19]);
    expect(problems[0]?.message).toMatch(/after it has run/);
  });
});

describe('scripts written here', () => {
  const networks: readonly (readonly [string, () => NetworkDocument, string])[] = [
    ...Object.entries(cases).map(
      ([name, build]) =>
        [name, () => build().network.document, `${build().durationMs} ms`] as const,
    ),
    // Those whose names Python can have, too: draws depend on names.
    ...['cuba', 'coba', 'brunel', 'two-neurons'].map((name) => {
      const build = () => (examples[name] as Example).build({}, { seed: 2 });
      return [name, build, '50 ms'] as const;
    }),
  ];

  async function hash(document: NetworkDocument, duration: string): Promise<string> {
    const simulation = await createSimulation(document, { engine: 'cpu', precision: 'f64' });
    try {
      await simulation.run(duration);
      return await simulation.spikeHash();
    } finally {
      simulation.destroy();
    }
  }

  it.each(networks)('%s is the same network when it is read again', async (_, build, duration) => {
    const document = build();
    const again = fromBrian2(toBrian2(document, { duration }).text);
    expect(again.problems).toEqual([]);
    expect(again.duration).toBe(duration);
    expect(await hash(again.document as NetworkDocument, duration)).toBe(
      await hash(document, duration),
    );
  });
});

const CUBA = `from brian2 import *
taum = 20*ms
El = -49*mV
eqs = '''
dv/dt  = (ge + gi - (v - El))/taum : volt (unless refractory)
dge/dt = -ge/(5*ms) : volt
dgi/dt = -gi/(10*ms) : volt
'''
P = NeuronGroup(4000, eqs, threshold='v > -50*mV', reset='v = -60*mV', refractory=5*ms)
P.v = -60*mV + 10*mV*rand(len(P))
Pe, Pi = P[:3200], P[3200:]
we = 1.62*mV
wi = -9*mV
Ce = Synapses(Pe, P, on_pre='ge += we')
Ci = Synapses(Pi, P, on_pre='gi += wi')
Ce.connect('i != j', p=0.02)
Ci.connect(p=0.02)
s_mon = SpikeMonitor(P)
run(1*second)
plot(s_mon.t/ms, s_mon.i, ',k')
xlabel('Time (ms)')
show()
`;

describe('a script as people write it', () => {
  it('becomes a document with the names of the script', () => {
    const { document, duration, notes, problems } = fromBrian2(CUBA);
    expect(problems).toEqual([]);
    expect(duration).toBe('1 second');
    expect(document?.params).toEqual({ El: '-49 mV', taum: '20 ms', we: '1.62 mV', wi: '-9 mV' });
    expect(document?.populations).toMatchObject([
      { name: 'P', size: 4000, method: 'exact', refractory: '5 ms' },
    ]);
    expect(document?.populations[0]).toMatchObject({
      initial: { v: '((-60*mV) + (10*mV * rand()))' },
    });
    expect(document?.projections).toMatchObject([
      { name: 'Ce', source: { population: 'P', from: 0, to: 3200 } },
      { name: 'Ci', connect: { rule: 'fixed-probability', p: 0.02 } },
    ]);
    expect(notes.join('\n')).toMatch(/no seed[\s\S]*lines 20–22: settings, results and pictures/);
  });

  it('opens by its name, and is refused by line where something is not supported', async () => {
    const open = (text: string) =>
      openNetwork(memorySource(new Map([['net.py', new TextEncoder().encode(text)]])), 'net.py');
    const { format, document, duration } = await open(CUBA);
    expect([format, document.populations.length, duration]).toEqual(['brian2', 1, '1 second']);
    const changed = CUBA.replace(
      'run(1*second)',
      '@network_operation\ndef f():\n    P.v = 0*mV\n\nrun(1*second)',
    );
    await expect(open(changed)).rejects.toThrow(/net\.py.*\n {2}line 19: network_operation/);
  });

  it.each([
    ['neuron = SpatialNeuron(morpho)', 10, /SpatialNeuron has no counterpart/],
    ['P.v = unknown(3)', 10, /unknown\(\)/],
    ['def f(x):\n    return x', 10, /a function is not read/],
    ['M = StateMonitor(P, "v")', 10, /record=True/],
    ['S = Synapses(P, P, on_pre="v += 1*mV")', 10, /never connected/],
    ['P.run_regularly("v = 0*mV", dt=1*ms)', 10, /dt= of its own is not read/],
    ['S = Synapses(P, P, on_pre="v += 1*mV")\nS.connect(n=2)', 11, /n other than 1/],
    ['Q = NeuronGroup(2, "dv/dt = -v/tau_unknown : volt")', 10, /unknown name/],
    ['Q = NeuronGroup(2, """\n dv/dt = -v/ms : volt\n dw/dt = -w : volt""")', 12, /volt/],
    ['x = (1*mV + 1*ms)', 10, /units differ/],
    ['x = [1, 2', 10, /"\[" is not closed/],
    ['x = "abc', 10, /does not end/],
  ])('%s is reported in its line', (line, wanted, message) => {
    const head = CUBA.split('\n').slice(0, 9).join('\n');
    const { problems } = fromBrian2(`${head}\n${line}`);
    expect(problems.map((one) => one.line)).toContain(wanted);
    expect(problems.find((one) => one.line === wanted)?.message).toMatch(message);
  });
});

describe('hostile scripts', () => {
  it.each([
    ['repetition', 'x = [0]*10**9'],
    ['range', 'for i in range(10**9):\n    x = 1'],
    ['nested loops', 'y = [[a*b for a in range(2000)] for b in range(2000)]'],
    ['powers', 'x = 9**9**9**9\nP = NeuronGroup(x, "v : 1")'],
    ['doubling text', 'a = "x"\nfor i in range(100):\n    a = a + a\n'],
    ['doubling lists', 'a = [1]\nfor i in range(100):\n    a = a + a\n'],
    ['brackets', '('.repeat(100_000)],
    ['minus', `x = ${'-'.repeat(100_000)}1`],
    ['nots', `x = ${'not '.repeat(100_000)}1`],
    ['powers of powers', `x = ${'2**'.repeat(100_000)}1`],
    ['elifs', `if 0: pass\n${'elif 0: pass\n'.repeat(10_000)}`],
    ['attributes', `x = a${'.b'.repeat(200_000)}`],
    ['imports', 'import os\nos.system("touch here")\n__import__("os").system("x")'],
    [
      'prototype',
      'x = dict(__proto__=1)\nx["__proto__"] = 2\nP = NeuronGroup(1, "v : 1", namespace=x)',
    ],
    ['large group', 'P = NeuronGroup(10**12, "v : 1")\nP.v[3:] = 1\nrun(1*ms)'],
    ['dictionaries', 'a = dict(x=1)\nfor i in range(100000):\n    a["k"] = a'],
  ])('%s', (_, text) => {
    const start = process.cpuUsage();
    try {
      fromBrian2(text);
    } catch (error) {
      expect(error).toBeInstanceOf(NetworkError);
    }
    const { user } = process.cpuUsage(start);
    expect(user).toBeLessThan(20e6);
  });

  const MUTATIONS = 1500;
  it(`${MUTATIONS} damaged scripts throw nothing but NetworkError`, { timeout: 300_000 }, () => {
    const random = randomFrom(11);
    const texts = [
      CUBA,
      ...['delays', 'pathways', 'subgroups', 'stp_manual', 'two_runs'].map(script),
    ];
    const rubbish = [
      '',
      '(',
      ')',
      '[',
      "'''",
      '"',
      '\n',
      '\n    ',
      '*',
      '1e999',
      '-1',
      'None',
      '=',
      ':',
      'for',
      'in',
    ];
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    let whole = 0;
    for (let k = 0; k < MUTATIONS; k++) {
      let text = pick(texts);
      for (let changes = random() * 3; changes >= 0; changes--) {
        const words = [...text.matchAll(/\w+|[^\w\s]|\n/g)];
        const { 0: word, index } = pick(words);
        const other = random() < 0.5 ? pick(rubbish) : pick(words)[0];
        const kept = random() < 0.3 ? word : '';
        text = text.slice(0, index) + kept + other + text.slice(index + word.length);
      }
      const { document, problems } = fromBrian2(text);
      if (document === null) expect(problems.length).toBeGreaterThan(0);
      else if (problems.length === 0) whole++;
    }
    expect(whole).toBeGreaterThan(MUTATIONS / 100);
    expect(whole).toBeLessThan(MUTATIONS);
  });
});

describe('the command line', () => {
  it('runs a script, converts it, and says what it passed over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetware-scripts-'));
    try {
      const file = join(folder, 'net.py');
      writeFileSync(file, CUBA.replaceAll('4000', '400').replaceAll('3200', '320'));
      const args = ['--engine', 'cpu', '--duration', '50 ms', '--json', '--root', folder];
      const ran = await commandLine(['run', file, ...args]);
      expect(ran.code, ran.err).toBe(0);
      expect(ran.err).toMatch(/note: .*settings, results and pictures are passed over/);
      for (const name of ['again.py', 'again.wetware.json', 'again.ts']) {
        const { code, err } = await commandLine([
          'convert',
          file,
          join(folder, name),
          '--root',
          folder,
        ]);
        expect(code, err).toBe(0);
      }
      const hash = JSON.parse(ran.out).spike_hash as string;
      for (const name of ['again.py', 'again.wetware.json']) {
        const again = await commandLine(['run', join(folder, name), ...args]);
        expect(again.code, again.err).toBe(0);
        // Names and draws of the script written by us are the same ones.
        expect([name, JSON.parse(again.out).spike_hash]).toEqual([name, hash]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
