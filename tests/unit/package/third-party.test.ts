/**
 * THIRD-PARTY.md holds the licence of every library that the page contains or the package needs, word for word:
 * `npx vitest run tests/unit/package/third-party.test.ts -u` writes it again after dependencies have changed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

interface Library {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const read = (folder: string): Library =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Library;

/** Packages that the sources of the page import; types of the browser and the like are none. */
function pageImports(): Set<string> {
  const names = new Set<string>();
  for (const file of readdirSync('src/app', { recursive: true, encoding: 'utf8' })) {
    if (!/\.(tsx?|css)$/.test(file)) continue;
    const text = readFileSync(join('src/app', file), 'utf8');
    for (const [, name = ''] of text.matchAll(
      /(?:from|import|import\(|url\() ?['"]((?:@[\w-]+\/)?[a-z][\w.-]*)(?:\/[^'"]*)?['"]/g,
    )) {
      if (existsSync(join('node_modules', name))) names.add(name);
    }
  }
  return names;
}

/** Everything that installing the package installs, and that the page contains, by name. */
function libraries(): ReadonlyMap<string, { readonly folder: string; readonly library: Library }> {
  const found = new Map<string, { folder: string; library: Library }>();
  const visit = (names: Iterable<string>): void => {
    for (const name of names) {
      const folder = join('node_modules', name);
      // Optional peers may be missing.
      if (found.has(name) || !existsSync(folder)) continue;
      const library = read(folder);
      found.set(name, { folder, library });
      visit(Object.keys({ ...library.dependencies, ...library.peerDependencies }));
    }
  };
  visit(Object.keys(read('.').dependencies ?? {}));
  visit(pageImports());
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function licenceOf(folder: string, { name, license, author }: Library): string {
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.\w+)?$/i.test(one));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim();
  // Without a file: the text that the licence's name stands for.
  expect([name, license]).toEqual([name, 'MIT']);
  const holder = typeof author === 'object' ? author.name : author;
  expect([name, typeof holder]).toEqual([name, 'string']);
  const ours = readFileSync('LICENSE', 'utf8');
  return `MIT License\n\nCopyright (c) ${holder}\n${ours.slice(ours.indexOf('\nPermission')).trimEnd()}`;
}

const HEAD = `# Third-party licences

wetware itself is under the MIT licence (LICENSE). These libraries come with it: the page (dist/app) contains them,
the library and the command line load them from beside the package when a function needs them, except wgsl-preprocessor,
which is part of their code. h5wasm contains the HDF5 library, compiled to WebAssembly.
`;

it('THIRD-PARTY.md is complete', async () => {
  const all = [...libraries().values()];
  const names = all.map(({ library }) => library.name);
  expect(names).toEqual(expect.arrayContaining(['h5wasm', 'preact', 'regl', '@codemirror/view']));
  expect(names).not.toContain('puppeteer');
  const parts = all.map(({ folder, library }) => {
    const { name, version } = library;
    // Lines keep their words; blanks at their ends carry none.
    const text = licenceOf(folder, library).replace(/[ \t\r]+$/gm, '');
    return `## ${name} ${version}\n\n\`\`\`\`text\n${text}\n\`\`\`\`\n`;
  });
  const expected = [HEAD, ...parts].join('\n');
  expect(expected).toContain('NIST-developed software is provided by NIST');
  expect(expected).toContain('The HDF Group');
  expect(existsSync('THIRD-PARTY.md')).toBe(true);
  await expect(expected).toMatchFileSnapshot(resolve('THIRD-PARTY.md'));
});

it('it goes into the package', () => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
  expect(files).toContain('THIRD-PARTY.md');
});
