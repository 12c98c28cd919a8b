/**
 * The installed package in a page, as a web developer's bundler puts it together: files of every format are read and
 * written in Chromium, give the hashes that they give in Node, and no library is fetched before a file needs it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Browser, Page } from 'puppeteer';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSimulation } from '../../src/index.ts';
import { convertNetwork, memorySource, openNetwork } from '../../src/io/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Installed, installPackage } from '../support/package.ts';

/** What the page of this test offers. */
interface PageFunctions {
  /** The hash of a run of 200 ms of a file. */
  hash(name: string, base64: string): Promise<string>;
  /** The first of the files that a file is converted to, base64. */
  convert(name: string, base64: string, output: string): Promise<string>;
}

const PAGE = `
import { createSimulation } from 'wetware';
import { convertNetwork, memorySource, openNetwork } from 'wetware/io';

const sourceOf = (name, base64) =>
  memorySource(new Map([[name, Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))]]));

window.files = {
  async hash(name, base64) {
    const { document } = await openNetwork(sourceOf(name, base64), name);
    const simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
    await simulation.run('200 ms');
    const hash = await simulation.spikeHash();
    simulation.destroy();
    return hash;
  },
  async convert(name, base64, output) {
    const { files } = await convertNetwork(sourceOf(name, base64), name, output);
    const [bytes] = files.values();
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  },
};
`;

declare global {
  interface Window {
    files: Record<string, (...all: string[]) => Promise<string>>;
  }
}

let installed: Installed;
let server: PreviewServer;
let browser: Browser;
let page: Page;
const fetched: string[] = [];

beforeAll(async () => {
  installed = installPackage();
  const { folder } = installed;
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="/page.js"></script>');
  writeFileSync(join(folder, 'page.js'), PAGE);
  const common = { root: folder, configFile: false as const, logLevel: 'error' as const };
  await build({ ...common, build: { target: 'esnext', minify: true } });
  server = await preview({ ...common, preview: { port: 0, host: '127.0.0.1', open: false } });
  browser = await launchChromium({ webgpu: false });
  page = await browser.newPage();
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  await page.waitForFunction(() => 'files' in window, { timeout: 60_000 });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

const call = <Key extends keyof PageFunctions>(
  name: Key,
  ...args: Parameters<PageFunctions[Key]>
): Promise<string> =>
  page.evaluate(
    (key, values) => {
      return window.files[key]?.(...values) ?? '';
    },
    name as string,
    args as string[],
  );

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A table whose neurons fire with the drive that tables get. */
const csv = new TextEncoder().encode(
  `pre,post,weight\n${Array.from({ length: 60 }, (_, k) => `${k % 20},${(k * 7) % 20},40\n`).join('')}`,
);

async function hashHere(name: string, bytes: Uint8Array): Promise<string> {
  const { document } = await openNetwork(memorySource(new Map([[name, bytes]])), name);
  using simulation = await createSimulation(document, { engine: 'cpu', threads: 1 });
  await simulation.run('200 ms');
  expect(simulation.summary().spikes).toBeGreaterThan(0);
  return simulation.spikeHash();
}

/** Scripts that hold a text of a library, and have been fetched. */
function fetchedWith(text: string): string[] {
  const folder = join(installed.folder, 'dist/assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const holding = scripts.filter((name) => readFileSync(join(folder, name), 'utf8').includes(text));
  expect([text, holding.length > 0]).toEqual([text, true]);
  return holding.filter((name) => fetched.some((path) => path.endsWith(name)));
}

/** Texts that only one library has. */
const LIBRARIES = { h5wasm: 'H5F_ACC_TRUNC', papaparse: 'BAD_DELIMITERS' };

describe('wetware/io in a bundle', () => {
  it('fetches no library before a file needs it', async () => {
    expect(fetched.length).toBeGreaterThan(0);
    expect(fetchedWith(LIBRARIES.h5wasm)).toEqual([]);
    expect(fetchedWith(LIBRARIES.papaparse)).toEqual([]);
    const sent = fetched.filter((path) => path.endsWith('.js'));
    const bytes = sent.reduce(
      (sum, path) => sum + readFileSync(join(installed.folder, 'dist', path)).length,
      0,
    );
    // The simulator's core and the reading of documents, minified; each engine comes when it is chosen.
    expect(bytes).toBeLessThan(500_000);
  });

  it('CSV, Parquet, and HDF5 give the spikes that they give in Node', async () => {
    expect(await call('hash', 'net.csv', base64(csv))).toBe(await hashHere('net.csv', csv));
    expect(fetchedWith(LIBRARIES.papaparse)).toHaveLength(1);
    expect(fetchedWith(LIBRARIES.h5wasm)).toEqual([]);

    const parquet = Buffer.from(
      await call('convert', 'net.csv', base64(csv), 'net.parquet'),
      'base64',
    );
    const own = await convertNetwork(
      memorySource(new Map([['net.csv', csv]])),
      'net.csv',
      'net.parquet',
    );
    expect(base64(parquet)).toBe(base64([...own.files.values()][0] as Uint8Array));
    expect(await call('hash', 'net.parquet', base64(parquet))).toBe(await hashHere('net.csv', csv));

    const { files } = await convertNetwork(
      memorySource(new Map([['net.csv', csv]])),
      'net.csv',
      'circuit',
    );
    const zip = zipSync(Object.fromEntries(files));
    expect(await call('hash', 'circuit.zip', base64(zip))).toBe(await hashHere('net.csv', csv));
    expect(fetchedWith(LIBRARIES.h5wasm).length).toBeGreaterThan(0);
  });
});
