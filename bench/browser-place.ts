/**
 * Measuring in Chromium: builds and serves the page of the bench, opens it with puppeteer and hands it the jobs. The
 * browser takes a real GPU where there is one and its own software adapter where not; the records say which.
 */
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { build, preview } from 'vite';
import { findBrowser } from '../tests/support/browser.mjs';
import type { MeasureProgress } from './measure.ts';
import { reasonOf } from './protocol.ts';
import type { Machine } from './record.ts';
import type { Bench } from './steps.ts';

/**
 * WebGPU without a display, on a GPU or in software; no WebGL, which the bench does not need. On a machine that wants
 * others set WETWARE_CHROMIUM_FLAGS (space-separated).
 */
const FLAGS = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--disable-vulkan-surface',
];

/** A measurement may take hours; puppeteer's own limit is three minutes. */
const LONGEST_MS = 86_400_000;

/** Builds, serves and opens the page. `say` is told what is being done. Close the result when done. */
export async function openBrowserBench(
  folder: string,
  machine: Machine,
  say: (text: string) => void,
): Promise<{ readonly bench: Bench; close(): Promise<void> }> {
  const configFile = join(folder, 'vite.config.ts');
  await build({ configFile, mode: 'production', logLevel: 'error' });
  const server = await preview({
    configFile,
    mode: 'production',
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1', open: false },
  });
  let browser: Browser | null = null;
  const close = async () => {
    await browser?.close();
    await server.close();
  };
  try {
    browser = await launch(say);
    const page = await browser.newPage();
    const [address] = server.resolvedUrls?.local ?? [];
    if (address === undefined) throw new Error('The server of the page did not start.');
    const bench = await openPage(page, `${address}bench/`, machine);
    return { bench, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function launch(say: (text: string) => void): Promise<Browser> {
  const named = process.env.WETWARE_CHROMIUM_FLAGS?.split(' ').filter(Boolean);
  return puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? (await findBrowser(say)),
    headless: true,
    protocolTimeout: LONGEST_MS,
    // Ctrl-C is the bench's to handle: it lets the page finish in good order.
    handleSIGINT: false,
    args: ['--no-sandbox', '--no-first-run', ...(named ?? FLAGS)],
  });
}

/** The page of the bench, opened, as a place to measure in. */
export async function openPage(page: Page, address: string, machine: Machine): Promise<Bench> {
  let listener: (progress: MeasureProgress) => void = () => {};
  await page.exposeFunction('benchProgress', (progress: MeasureProgress) => listener(progress));
  await page.goto(address);
  await page.waitForFunction(() => window.wetwareBench !== undefined);
  const found = await page.evaluate(() => window.wetwareBench?.describe());
  if (!found) throw new Error('internal: the page has no bench');
  return {
    machine: { ...machine, runtime: found.machine.runtime },
    place: found.place,
    async measure(job, signal, onProgress) {
      listener = onProgress;
      const cancel = () => void page.evaluate(() => window.wetwareBench?.cancel());
      signal.addEventListener('abort', cancel);
      try {
        const outcome = await page.evaluate((one) => window.wetwareBench?.measure(one), job);
        return outcome ?? { reason: 'the page has gone' };
      } catch (error) {
        return { reason: reasonOf(error) };
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
  };
}
