/**
 * PyNN scripts of networks: the cells that equations of any wording are, weights in PyNN's units, refusals; and rates of
 * the networks of Brette et al. 2007 where a Python has PyNN with its Brian 2 back-end.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Example, examples } from '../../../src/examples/index.ts';
import { toPyNN, toTypeScript } from '../../../src/io/scripts/index.ts';
import { Network } from '../../../src/network/network.ts';
import { describePython, meanRate, pythonWith } from '../../support/brian2-python.ts';

const document = (name: string) => (examples[name] as Example).build({}, { seed: 3 });

/** Runs or compiles a script in a file of its own. */
function withFile<T>(text: string, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wetware-pynn-'));
  try {
    const file = join(folder, 'net.pynn.py');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('cells', () => {
  it('are recognised by what equations say: currents as voltages are currents through 1 nF', () => {
    const { text, notes } = toPyNN(document('cuba'));
    // 1.62 mV / 20 ms * 1 nF = 0.081 nA, -9 mV / 20 ms * 1 nF = -0.45 nA.
    expect(text).toContain(
      'IF_curr_exp(tau_m=20, v_rest=-49, v_thresh=-50, v_reset=-60, tau_refrac=5, cm=1, tau_syn_E=5, tau_syn_I=10)',
    );
    expect(text).toContain("StaticSynapse(weight=0.081, delay=0.1), receptor_type='excitatory'");
    expect(text).toContain("StaticSynapse(weight=-0.45, delay=0.1), receptor_type='inhibitory'");
    expect(notes).toEqual(['delays below a time step are one step (0.1 ms) in PyNN.']);
  });

  it('have their own capacitance where equations have one, conductances in µS', () => {
    const { text } = toPyNN(document('coba'));
    expect(text).toMatch(/IF_cond_exp\(.*cm=0\.2, .*e_rev_E=0, e_rev_I=-80\)/);
    expect(text).toContain('weight=0.006,');
    expect(text).toContain("gsyn_inh=RandomDistribution('normal', (0.2, 0.12), rng=rng)");
  });

  it('take lists of weights and delays as columns', () => {
    const net = new Network({ params: { tau: '10 ms' } });
    const cells = net.population('cells', 2, {
      eqs: 'dv/dt = -v/tau : volt',
      threshold: 'v > 10*mV',
      reset: 'v = 0*mV',
    });
    const source = net.spikeList('source', 2, { indices: [0, 1], timesMs: [1, 2] });
    net
      .projection('input', source, cells, {
        eqs: 'w : volt',
        onPre: 'v_post += w',
        initial: { w: { values: [1, 2], unit: 'mV' } },
        delay: '1 ms',
      })
      .connect({ rule: 'list', pre: [0, 1], post: [1, 0] });
    const { text } = toPyNN(net.document);
    expect(text).toContain('IF_curr_delta(');
    expect(text).toMatch(/zip\(\s*\[0, 1\],\s*\[1, 0\],\s*\[1, 2\],\s*\[1\] \* 2\)/);
  });

  it.each([
    ['cobahh', /none of PyNN's integrate-and-fire cells: .* is not linear/],
    ['izhikevich', /none of PyNN's integrate-and-fire cells: it has noise/],
  ])('%s is refused by name', (name, message) => {
    expect(() => toPyNN(document(name))).toThrow(message);
  });
});

describePython('Python reads PyNN scripts', 'py_compile', (python) => {
  it.each(['cuba', 'coba', 'brunel', 'microcircuit', 'vogels-abbott'])('%s compiles', (name) => {
    withFile(toPyNN(document(name)).text, (file) =>
      execFileSync(python, ['-m', 'py_compile', file], { stdio: 'pipe' }),
    );
  });
});

// PYTHONPATH may lead to PyNN, where it is not installed in the system.
describePython('PyNN runs them', 'pyNN.brian2', () => {
  // Means of three seeds there and ten here, as for Brian 2.
  it.each(['cuba', 'coba'] as const)(
    '%s fires as often as here, within 10 %',
    { timeout: 1_800_000 },
    async (name) => {
      const python = pythonWith('pyNN.brian2') as string;
      const rates = [1, 2, 3].map((seed) => {
        const { text } = toPyNN((examples[name] as Example).build({}, { seed }));
        const output = withFile(text, (file) =>
          execFileSync(python, ['-W', 'ignore', file, 'brian2'], {
            encoding: 'utf8',
            stdio: 'pipe',
          }),
        );
        return Number(/spikes, ([\d.]+) per neuron/.exec(output)?.[1]);
      });
      const rate = rates.reduce((sum, one) => sum + one, 0) / rates.length;
      const own = await meanRate(name);
      expect(Math.abs(rate / own - 1), `PyNN ${rate} Hz, here ${own} Hz`).toBeLessThan(0.1);
    },
  );
});

describe('TypeScript', () => {
  const AsyncFunction = (async () => {}).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<void>;

  it.each([
    'cuba',
    'coba',
    'brunel',
    'microcircuit',
    'striatum',
    'homeostasis',
    'two-neurons',
    'gene-to-spike',
  ])('%s: the module builds the same document', async (name) => {
    const wanted = document(name);
    const { text, notes } = toTypeScript(wanted);
    expect(notes).toEqual([]);
    let built: Network | undefined;
    const createSimulation = (net: Network) => {
      built = net;
      return { run: () => {}, summary: () => ({}), destroy: () => {} };
    };
    const body = text.replace(/^import .*\n/, '');
    await new AsyncFunction('Network', 'createSimulation', 'console', body)(
      Network,
      createSimulation,
      {
        log: () => {},
      },
    );
    expect(JSON.parse(JSON.stringify(built))).toEqual(JSON.parse(JSON.stringify(wanted)));
  });
});
