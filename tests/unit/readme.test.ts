/** What the README shows is run here as it stands, so that it cannot rot; only times are shorter. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/program.ts';
import * as wetware from '../../src/index.ts';

const readme = readFileSync('README.md', 'utf8');

/** The code blocks of one language, without their fences. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(pattern)].map(([, code = '']) => code);
}

type Body = (
  library: typeof wetware,
  console: { log(...values: unknown[]): void },
) => Promise<wetware.Network>;

/** The example as a function of the library and the console; resolves to the network that it calls `net`. */
function exampleOf(code: string): Body {
  const imported = /^import \{ ([\w, ]+) \} from 'wetware';$/m.exec(code);
  if (imported === null) throw new Error('the example imports nothing from wetware');
  const body = code.replace(imported[0], `const { ${imported[1]} } = library;`);
  const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;
  return new AsyncFunction('library', 'console', `${body}\nreturn net;`);
}

const examples = blocks('ts');
const commands = blocks('sh').flatMap((block) =>
  [...block.matchAll(/^node dist\/cli\.js (.*?)(?:\s+#.*)?$/gm)].map(([, line = '']) => line),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetware-readme-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README', () => {
  it('has one example in code, and commands', () => {
    expect(examples.length).toBe(1);
    expect(commands.length).toBeGreaterThan(2);
  });

  it('shows an example that runs, and whose network is the document of the commands', async () => {
    const printed: unknown[][] = [];
    const example = exampleOf(examples[0] as string);
    const net = await example(wetware, { log: (...values) => printed.push(values) });
    const [[rate, neurons]] = printed as [[number, Uint32Array]];
    // CUBA as in Brette et al. 2007, from another start; tests/physics holds the rate over seeds.
    expect(rate).toBeGreaterThan(4);
    expect(rate).toBeLessThan(8);
    expect(neurons.length).toBe(Math.round(rate * 4000));
    writeFileSync(join(folder, 'my-network.wetware.json'), JSON.stringify(net));
  });

  it.each(commands.map((command) => [command]))('%s', async (command) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word,
    );
    const args = words.map((word = '') =>
      /^(my-network|results)/.test(word) ? join(folder, word) : word.replace(/^1 s$/, '20 ms'),
    );
    const short = args[0] === 'run' && !args.includes('--duration');
    let errors = '';
    const terminal = {
      out: () => {},
      err: (text: string) => {
        errors += text;
      },
      isInteractive: false,
      hasColour: false,
      onInterrupt: () => () => {},
    };
    expect(await main([...args, ...(short ? ['--duration', '20 ms'] : [])], terminal), errors).toBe(
      0,
    );
  });

  it('links to files and folders that there are', () => {
    const links = [...readme.matchAll(/(?<!!)\[[^\]]*\]\((?!http)([^)#]+)\)/g)];
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter(([, path = '']) => !existsSync(path)).map(([link]) => link)).toEqual([]);
  });
});
