/**
 * Brian 2 scripts of networks: the deterministic networks of tests/parity/brian2, written as scripts and run by Brian 2,
 * give the recorded spikes, step by step; the random ones of Brette et al. 2007 the same rates. Needs a Python with Brian 2.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Example, examples } from '../../../src/examples/index.ts';
import { NetworkError } from '../../../src/index.ts';
import { toBrian2 } from '../../../src/io/scripts/index.ts';
import type { NetworkDocument } from '../../../src/network/document.ts';
import { Network } from '../../../src/network/network.ts';
import type { Brian2Record } from '../../parity/brian2/case.ts';
import { cases } from '../../parity/brian2/cases.ts';
import { describePython, meanRate, runPython } from '../../support/brian2-python.ts';

/** What the scripts below add to theirs: the spikes of every monitor, in the order of their names in the script. */
const RUN_ALL = `
import contextlib, io, json, sys
import brian2, numpy
brian2.prefs.codegen.target = 'numpy'
results = {}
for name, text in SCRIPTS.items():
    brian2.start_scope()
    space = {'__name__': name}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, name, 'exec'), space)
    except Exception as error:
        while error.__cause__:
            error = error.__cause__
        results[name] = repr(error)
        continue
    monitors = [one for one in space.values() if isinstance(one, brian2.SpikeMonitor)]
    results[name] = []
    for monitor in monitors:
        steps = numpy.rint(numpy.asarray(monitor.t) / float(brian2.defaultclock.dt)).astype(int)
        order = numpy.lexsort((numpy.asarray(monitor.i), steps))
        results[name].append({'steps': steps[order].tolist(), 'neurons': numpy.asarray(monitor.i)[order].tolist()})
print(json.dumps(results))
`;

type Spikes = { steps: number[]; neurons: number[] };

function runScripts(
  python: string,
  scripts: Readonly<Record<string, string>>,
): Record<string, Spikes[] | string> {
  const text = `import json\nSCRIPTS = json.loads(${JSON.stringify(JSON.stringify(scripts))})\n${RUN_ALL}`;
  return JSON.parse(runPython(python, text).trim().split('\n').at(-1) ?? '{}');
}

/** Values change between its two runs, which a document does not say. */
const NOT_SAID = new Set(['two_runs']);

describePython('networks written for Brian 2', 'brian2', (python) => {
  it('give the spikes of the hand-written scripts', { timeout: 600_000 }, () => {
    const chosen = Object.entries(cases).filter(([name]) => !NOT_SAID.has(name));
    const scripts = Object.fromEntries(
      chosen.map(([name, build]) => {
        const { network, durationMs } = build();
        return [name, toBrian2(network.document, { duration: `${durationMs} ms` }).text];
      }),
    );
    const found = runScripts(python, scripts);
    for (const [name] of chosen) {
      const url = new URL(`../../brian2/${name}.json`, import.meta.url);
      const record = JSON.parse(readFileSync(url, 'utf8')) as Brian2Record;
      expect([name, found[name]]).toEqual([name, Object.values(record.spikes)]);
    }
  });

  // Rates of a network differ by seed: standard deviations are 4 % for cuba and 7 % for coba, in Brian 2 as here. Means of
  // three there and ten here leave 3 % and 5 % to chance.
  it.each(['cuba', 'coba'] as const)(
    '%s fires as often as here, within 10 %',
    { timeout: 900_000 },
    async (name) => {
      const scripts = Object.fromEntries(
        [1, 2, 3].map((seed) => {
          const { text, notes } = toBrian2((examples[name] as Example).build({}, { seed }));
          expect(notes).toEqual([]);
          return [`${seed}`, text];
        }),
      );
      const found = Object.values(runScripts(python, scripts)) as Spikes[][];
      const count = found.reduce((sum, [spikes]) => sum + (spikes?.steps.length ?? 0), 0);
      const rate = count / 3 / 4000;
      const own = await meanRate(name);
      expect(Math.abs(rate / own - 1), `Brian 2 ${rate} Hz, here ${own} Hz`).toBeLessThan(0.1);
    },
  );
});

it('what Brian 2 has no word for is refused by name', () => {
  const net = new Network();
  const slow = net.population('a', 1, { eqs: 'dv/dt = -v/second : 1 (slow)' });
  net.record.spikes(slow);
  expect(() => toBrian2(net.document)).toThrow(NetworkError);
  expect(() => toBrian2(net.document)).toThrow(/Population "a".*Brian 2.*v is \(slow\)/);
  const bits = new Network();
  bits.population('b', 1, { eqs: 'n : integer', onStep: 'n = shift_left(n, 1)' });
  expect(() => toBrian2(bits.document)).toThrow(/no function shift_left/);
});

it('nothing of a document becomes code of the script', () => {
  const evil = `'''\nimport os\nos.system("x")\n'''`;
  const net = new Network({ name: `a'''; import os` });
  const group = net.population(`g'); import os; ('`, 2, {
    eqs: `v : 1 # ${evil.replaceAll('\n', '\n# ')}`,
    threshold: 'v > 1',
    reset: `v = 0 # ${evil.split('\n')[0]}\nv = 0`,
  });
  net
    .projection(`p'''`, group, group, {
      onPre: `v_post += 1 # ''' ${evil.split('\n')[0]}\nv_post += 1`,
    })
    .connect({ rule: 'all-to-all' });
  const { text } = toBrian2(net.document as NetworkDocument);
  const code = text.split('\n').slice(1).join('\n');
  expect(code).not.toMatch(/import os|os\.system/);
});
