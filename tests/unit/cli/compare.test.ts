/** `wetware compare`, in-process: what it prints and writes, and how it refuses; the page holds together. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { models, Network } from '../../../src/index.ts';
import { commandLine } from '../../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => commandLine(['compare', ...args, '--engine', 'cpu']);
const cuba = ['cuba', '--set', 'neurons=200', '--duration', '150 ms', '--seeds', '1..10'];

/** A network whose names are markup, and whose drive has a level. */
function hostile(): string {
  const net = new Network({ name: '<script>alert(1)</script>', dt: '0.5 ms' });
  const cells = net.population('<b>cells & co', 20, {
    ...models.lifDelta.with({ v_rest: '-50 mV', v_thresh: '-51 mV', v_reset: '-60 mV' }),
    initial: { v: '(-60 + 9*rand())*mV' },
  });
  net
    .projection("it's", cells, cells, { onPre: 'v -= w_inh', params: { w_inh: '0.2 mV' } })
    .connect({ rule: 'fixed-probability', p: 0.3 });
  const path = join(folder, 'hostile.json');
  writeFileSync(path, JSON.stringify(net));
  return path;
}

describe('compare', () => {
  it('prints a table of detectors, what chance does, and what it is not', async () => {
    const { code, out, err } = await run(...cuba, '--condition', 'gaba-a-block', '--at', '50 ms');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^cuba: GABA-A block/);
    expect(out).toMatch(/10 seeds of 150 ms, with and without, cpu; 50 ms to 150 ms/);
    expect(out).toMatch(/neurons rate \[Hz\] .* flagged, rises as expected/);
    expect(out).toMatch(/of 12 detectors with \|z\| > 3, by chance 0\.2/);
    expect(out).toMatch(/not clinical\.\n$/);
  });

  it('takes interventions as run does, and is one JSON object with --json', async () => {
    const { code, out } = await run(
      ...cuba,
      ...['--intervene', 'w_exc*1.2@50ms', '--intervene', 'neurons.tau_m=15ms@80ms..120ms'],
      ...['--json', '--from', '20 ms', '--doses', '0.5'],
    );
    expect(code).toBe(0);
    const result = JSON.parse(out) as {
      window_ms: number[];
      interventions: object[];
      doses: { dose: number }[];
      rows: { detector: string; z: number | string | null }[];
    };
    expect(result.window_ms).toEqual([20, 150]);
    expect(result.interventions).toEqual([
      { owner: '', parameter: 'w_exc', factor: 1.2, at: '50 ms' },
      { owner: 'neurons', parameter: 'tau_m', value: '15 ms', at: '80 ms', until: '120 ms' },
    ]);
    expect(result.doses.map(({ dose }) => dose)).toEqual([0, 0.5, 1]);
    expect(result.rows.some(({ detector }) => detector === 'neurons cv')).toBe(true);
  });

  it('writes a page, tables and JSON; names that are markup stay text', async () => {
    const out = join(folder, 'out');
    const { code, err } = await run(
      hostile(),
      ...['--condition', 'gaba-a-block', '--at', '100 ms', '--duration', '300 ms', '--out', out],
      ...['--detect', '<b>cells & co.v:mV', '--seeds', '1..10', '--doses', '0.25,0.5'],
    );
    expect([code, err]).toEqual([0, '']);
    const page = readFileSync(join(out, 'comparison.html'), 'utf8');
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<b>');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).toContain('research and education; not clinical');
    expect(page).not.toMatch(/https?:|NaN|undefined|Infinity/);
    for (const text of [
      'Detectors',
      'With intervention',
      'Difference',
      'Rates',
      'Dose and response',
    ]) {
      expect(page).toContain(text);
    }
    // Until the intervention nothing differs: no tick of the difference raster is left of it.
    const difference = /without a partner.*?<svg.*?<\/svg>/s.exec(page)?.[0] ?? '';
    const places = [...difference.matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x));
    expect(places.length).toBeGreaterThan(10);
    expect(Math.min(...places)).toBeGreaterThanOrEqual((1000 * 100) / 300);
    const detectors = readFileSync(join(out, 'detectors.csv'), 'utf8').trimEnd().split('\n');
    expect(detectors).toHaveLength(1 + 12 + 6);
    const runs = readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\n');
    expect(runs).toHaveLength(1 + 18 * 10);
    expect(JSON.parse(readFileSync(join(out, 'comparison.json'), 'utf8'))).toHaveProperty('rows');
  });

  it('measures levels against a target, in a window of its own', async () => {
    const { code, out } = await run(
      ...cuba,
      ...['--intervene', 'w_inh*0@50ms..100ms', '--from', '60 ms', '--to', '100 ms'],
      ...['--detect', 'neurons.v:mV=-60', '--detect', 'neurons.g_exc=1 mV', '--json'],
    );
    expect(code).toBe(0);
    const { window_ms, rows } = JSON.parse(out) as {
      window_ms: number[];
      rows: { detector: string; control: { mean: number } }[];
    };
    expect(window_ms).toEqual([60, 100]);
    const mean = (name: string) =>
      rows.find(({ detector }) => detector === name)?.control.mean as number;
    expect(mean('neurons.v error')).toBeCloseTo((mean('neurons.v mean') + 60) / -60, 10);
    expect(mean('neurons.g_exc error')).toBeCloseTo(mean('neurons.g_exc mean') - 1, 10);
  });

  it('says in its help what it writes', async () => {
    const { out } = await commandLine(['compare', '--help']);
    expect(out).toMatch(/--out <folder> +Write comparison\.html/);
    expect(out).not.toMatch(/--vary|summary\.json/);
  });

  it('says what runs ahead, and what the run is too short for', async () => {
    const { code, out, err } = await run(
      ...['homeostasis', '--set', 'neurons=100', '--duration', '60 ms', '--seeds', '1,2'],
      ...[
        '--intervene',
        'excitatory.open_kca*0.5@20ms',
        '--intervene',
        'excitatory.open_kca*0.5@70ms',
      ],
    );
    expect(code).toBe(0);
    expect(out).toMatch(/\nSlow time runs ahead: \S+ x \d+\n/);
    expect(err).toMatch(/the run ends at 60 ms, so that this changes nothing/);
  });

  it('warns of few seeds', async () => {
    const { code, err } = await run(
      ...['cuba', '--set', 'neurons=100', '--duration', '100 ms', '--seeds', '1,2'],
      ...['--intervene', 'w_inh*0@50ms'],
    );
    expect(code).toBe(0);
    expect(err).toMatch(/z-scores of 2 control runs mean little/);
  });

  it('ends with a failure when it is stopped', async () => {
    const args = [
      'compare',
      'coba',
      '--duration',
      '20 s',
      '--condition',
      'epilepsy',
      '--engine',
      'cpu',
    ];
    const { code, err } = await commandLine(args, { interruptAfterMs: 1500 });
    expect(code).toBe(1);
    expect(err).toMatch(/stopped/);
  });
});

describe('refuses', () => {
  it.each([
    [[], /needs what to do: --condition NAME, or --intervene/],
    [['--at', '1 ms'], /--at belongs to --condition/],
    [['--condition', 'epilepsi'], /Did you mean "epilepsy"/],
    [['--condition', 'tetrodotoxin'], /nothing that looks like sodium/],
    [['--condition', 'epilepsy', '--at', '5 mV'], /--at/],
    [['--condition', 'epilepsy', '--role', 'inhibition'], /--role is such as/],
    [['--condition', 'epilepsy', '--role', 'inhibitio=w_inh'], /Did you mean "inhibition"/],
    [['--condition', 'epilepsy', '--role', 'inhibition=w_in'], /Did you mean "w_inh"/],
    [['--condition', 'epilepsy', '--doses', '1,-1'], /--doses must be numbers from 0 on/],
    [['--condition', 'epilepsy', '--detect', 'neurons'], /--detect is such as/],
    [['--condition', 'epilepsy', '--detect', 'neuron.v'], /Did you mean "neurons"/],
    [['--condition', 'epilepsy', '--detect', 'neurons.v:nM'], /is a voltage, not a concentration/],
    [['--condition', 'epilepsy', '--detect', 'neurons.v:mV=7 nM'], /unit|target/],
    [['--intervene', 'w_exc*0.5@1ms', '--doses', '3'], /Dose 3 of w_exc × 0.5 .* at dose 2/],
    [['--condition', 'epilepsy', '--to', '0 ms'], /nothing is left to look at/],
    [['--condition', 'epilepsy', '--at', '1 s'], /nothing is left to look at/],
    [['--intervene', 'w_in*0@1ms'], /Did you mean "w_inh"/],
    [['--intervene', 'w_inh'], /is no intervention/],
    [['--condition', 'epilepsy', '--record', 'spikes'], /Unknown option of wetware compare/],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(...cuba, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});
