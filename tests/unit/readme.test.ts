/** What the README shows is run here as it stands, so that it cannot rot; only times are shorter. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as wetware from '../../src/index.ts';
import { commandLine } from '../support/command-line.ts';

const readme = readFileSync('README.md', 'utf8');

/** The code blocks of one language, without their fences. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(pattern)].map(([, code = '']) => code);
}

type Body = (
  library: typeof wetware,
  console: { log(...values: unknown[]): void },
  load: (module: string) => Promise<unknown>,
) => Promise<wetware.Network | undefined>;

/** The modules that examples import beside the library, from the sources. */
function load(module: string): Promise<unknown> {
  switch (module) {
    case 'wetware/io':
      return import('../../src/io/index.ts');
    case 'wetware/io/node':
      return import('../../src/io/node.ts');
    case 'wetware/io/results':
      return import('../../src/io/results.ts');
    default:
      return import(/* @vite-ignore */ module);
  }
}

/** The example as a function of the library and the console; resolves to the network that it calls `net`. */
function exampleOf(code: string): Body {
  const imported = /^import \{ ([\w, ]+) \} from 'wetware';$/m.exec(code);
  if (imported === null) throw new Error('the example imports nothing from wetware');
  // Every other import is dynamic, from the sources.
  const body = code
    .replace(imported[0], `const { ${imported[1]} } = library;`)
    .replace(/^import \{ ([\w, ]+) \} from '([\w/:]+)';$/gm, (_, names: string, module: string) => {
      const values = names.split(', ').filter((name) => !name.startsWith('type '));
      return `const { ${values.join(', ')} } = await load('${module}');`;
    })
    // Types of variables: there is one.
    .replace(/: SpikeStream \| undefined/g, '');
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;
  const result = /\bnet\b/.test(body) ? 'net' : 'undefined';
  return new AsyncFunction('library', 'console', 'load', `${body}\nreturn ${result};`);
}

const examples = blocks('ts');
const commands = blocks('sh').flatMap((block) =>
  [...block.matchAll(/^node dist\/cli\.js (.*?)(?:\s+#.*)?$/gm)].map(([, line = '']) => line),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-readme-'));
  const rows = Array.from({ length: 200 }, (_, k) => `${k % 20},${(k * 7) % 20},${(k % 5) * 20}\n`);
  writeFileSync(join(folder, 'connections.csv'), `pre,post,weight\n${rows.join('')}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('has five examples in code, and commands', () => {
    expect(examples.length).toBe(5);
    expect(commands.length).toBeGreaterThan(6);
  });

  it('shows a field, whose tonic level follows from release and uptake', async () => {
    const printed: unknown[][] = [];
    const example = exampleOf(examples[3] as string);
    await example(wetware, { log: (...values) => printed.push(values) }, load);
    const [[bound, { timesMs, values }]] = printed as [
      [Float64Array, { timesMs: Float64Array; values: Record<string, Float64Array> }],
    ];
    // 92.7 nM/s are released, so that C is 4.86 nM, of which receptors with 1 uM bind 0.0048; 15 % as for T16.
    const mean = bound.reduce((sum, value) => sum + value, 0) / bound.length;
    expect(Math.abs(mean / 0.0048 - 1)).toBeLessThan(0.15);
    expect(timesMs.length).toBe(10);
    expect(values.C?.length).toBe(10 * 256);
  });

  it('shows probes, synapses and a run that is taken up elsewhere', async () => {
    const printed: unknown[][] = [];
    const example = exampleOf(examples[4] as string);
    await example(wetware, { log: (...values) => printed.push(values) }, load);
    const samples = printed.slice(0, -1) as [number[], Uint32Array, Float32Array][];
    const steps = samples.flatMap(([, some]) => [...some]);
    // From 50 ms on, every millisecond of 25.
    expect(steps).toEqual(Array.from({ length: 25 }, (_, k) => 500 + 10 * k));
    for (const [neurons, some, values] of samples) {
      expect(neurons).toEqual([3, 141]);
      expect(values.length).toBe(2 * some.length);
    }
    const [longest, here, there] = printed.at(-1) as [number, string, string];
    expect(longest).toBeCloseTo(2, 9);
    expect(here).toMatch(/^[0-9a-f]{64}$/);
    expect(there).toBe(here);
  });

  it('shows an example that runs, and whose network is the document of the commands', async () => {
    const printed: unknown[][] = [];
    const example = exampleOf(examples[0] as string);
    const net = await example(wetware, { log: (...values) => printed.push(values) }, load);
    const [[rate, neurons]] = printed as [[number, Uint32Array]];
    // CUBA as in Brette et al. 2007, from another start; tests/physics holds the rate over seeds.
    expect(rate).toBeGreaterThan(4);
    expect(rate).toBeLessThan(8);
    expect(neurons.length).toBe(Math.round(rate * 4000));
    writeFileSync(join(folder, 'my-network.wetware.json'), JSON.stringify(net));
  });

  it('shows neurons of the library, whose rate rises when half of their inhibition is blocked', async () => {
    const printed: unknown[][] = [];
    const example = exampleOf(examples[1] as string);
    await example(wetware, { log: (...values) => printed.push(values) }, load);
    const [[rates]] = printed as [[Float64Array]];
    expect(rates.length).toBe(10);
    const mean = (from: number, to: number): number =>
      rates.slice(from, to).reduce((sum, rate) => sum + rate, 0) / (to - from);
    expect(mean(5, 8)).toBeGreaterThan(1.2 * mean(2, 5));
    expect(mean(8, 10)).toBeLessThan(0.9 * mean(5, 8));
  });

  it.each(commands.map((command) => [command]))('%s', async (command) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word,
    );
    const args = words.map((word = '') =>
      /^(my-network|results|connections|circuit|\w+\.py$)/.test(word)
        ? join(folder, word)
        : word.replace(/^1 s$/, '20 ms'),
    );
    const short = args[0] === 'run' && !args.includes('--duration');
    const { code, err } = await commandLine([...args, ...(short ? ['--duration', '20 ms'] : [])]);
    expect(code, err).toBe(0);
  });

  it('shows an example that reads files and streams spikes', async () => {
    const printed: unknown[][] = [];
    const place = (name: string): string => JSON.stringify(join(folder, name));
    const code = (examples[2] as string)
      .replace("'circuit'", place('circuit'))
      .replace("'spikes.parquet'", place('spikes.parquet'));
    await exampleOf(code)(wetware, { log: (...values) => printed.push(values) }, load);
    const [[notes, spikes, count]] = printed as [[string[], number, number]];
    expect(notes).toEqual([]);
    expect(spikes).toBeGreaterThan(0);
    expect(count).toBe(spikes);
    const { openParquet } = await import('../../src/io/parquet-read.ts');
    const bytes = new Uint8Array(readFileSync(join(folder, 'spikes.parquet')));
    expect((await openParquet(bytes, 'spikes.parquet')).rows).toBe(spikes);
  });

  it('links to files and folders that there are', () => {
    const links = [...readme.matchAll(/(?<!!)\[[^\]]*\]\((?!http)([^)#]+)\)/g)];
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter(([, path = '']) => !existsSync(path)).map(([link]) => link)).toEqual([]);
  });
});
