/** `wetware chip`, in-process: what it prints and writes, and how it refuses; the page holds together. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChipReport, models, Network } from '../../../src/index.ts';
import { commandLine } from '../../support/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-chip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => commandLine(['chip', ...args, '--engine', 'cpu']);
const cuba = ['cuba', '--set', 'neurons=200', '--duration', '50 ms'];

/** A network whose names are markup, with drawn weights. */
function hostile(): string {
  const net = new Network({ name: '<script>alert(1)</script>', seed: 4 });
  const drive = net.poissonPopulation('<b>drive', 20, { rate: '60 Hz' });
  const cells = net.population('cells & co', 30, models.lifDelta.with());
  net
    .projection("it's", drive, cells, {
      eqs: 'weight : volt (constant)',
      onPre: 'v += weight',
      delay: '1 ms',
      initial: { weight: { lognormal: { mean: '6 mV', sd: '4 mV' } } },
    })
    .connect({ rule: 'all-to-all' });
  const path = join(folder, 'hostile.json');
  writeFileSync(path, JSON.stringify(net));
  return path;
}

describe('chip', () => {
  it('prints tables and what stands out', async () => {
    const { code, out, err } = await run(...cuba, '--seeds', '1..2', '--neurons-per-core', '64');
    expect([code, err]).toEqual([0, '']);
    for (const text of [
      'Weights in few bits',
      'Cores',
      'Links',
      'Hot neurons',
      'What stands out',
    ]) {
      expect(out).toContain(text);
    }
    expect(out).toMatch(/2 seeds of 50 ms/);
    expect(out).toMatch(/any number of bits holds them exactly/);
    expect(out).toMatch(/synaptic operations of 23\.6 pJ: .* µJ/);
  });

  it('claims nothing of weights where no spike has any', async () => {
    const { code, out } = await run('gap-junction', '--duration', '5 ms');
    expect(code).toBe(0);
    expect(out).not.toMatch(/any number of bits/);
  });

  it('is one JSON object with --json, with the numbers asked for', async () => {
    const { code, out } = await run(
      hostile(),
      ...[
        '--bits',
        '4,8',
        '--seeds',
        '4,5',
        '--duration',
        '100 ms',
        '--picojoules',
        '10',
        '--json',
      ],
    );
    expect(code).toBe(0);
    const report = JSON.parse(out) as ChipReport;
    expect(report.quantisation.map(({ bits }) => bits)).toEqual([8, 4]);
    expect(report.seeds).toEqual([4, 5]);
    expect(report.energy.microjoules).toBeCloseTo(report.energy.operations * 10e-6, 12);
  });

  it('writes a page and a file', async () => {
    const out = join(folder, 'results');
    const { code } = await run(
      hostile(),
      '--bits',
      '8,1',
      '--duration',
      '100 ms',
      '--out',
      out,
      '--quiet',
    );
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(join(out, 'chip.json'), 'utf8')) as ChipReport;
    expect(report.cores).toHaveLength(2);
    const page = readFileSync(join(out, 'chip.html'), 'utf8');
    // Names are text, whatever they hold.
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const tag of ['svg', 'section', 'table', 'figure', 'g', 'div']) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      const closed = page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0;
      expect([tag, closed]).toEqual([tag, opened]);
    }
    expect(page.match(/class="core/g)).toHaveLength(2 + 1);
    for (const line of report.findings) expect(line).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says that nothing happened where nothing did', async () => {
    const net = new Network({ name: 'silent' });
    net.population('cells', 3, models.lifDelta.with());
    const path = join(folder, 'silent.json');
    writeFileSync(path, JSON.stringify(net));
    const { code, out } = await run(path, '--duration', '10 ms', '--out', join(folder, 'silent'));
    expect(code).toBe(0);
    expect(out).toMatch(/No spike reached a synapse/);
    const page = readFileSync(join(folder, 'silent', 'chip.html'), 'utf8');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    [['--bits', '8,x'], /--bits must be such as 8,6,4,1/],
    [['--bits', '25'], /--bits must be such as/],
    [['--neurons-per-core', '0'], /--neurons-per-core must be a whole number/],
    [['--picojoules', '-1'], /--picojoules must be a number from 0 on/],
    [['--seed', '1', '--seeds', '1..2'], /exclude each other/],
    [['--duration', '0 ms'], /duration must be a time above 0/],
    [['--precision', 'f64'], /Unknown option of wetware chip/],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await run(...cuba, ...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
