/**
 * A Chromium with WebGPU for browser tests, and the two ways of serving to it: the production page, or the sources
 * through the development server (for tests that call the library inside the browser).
 */
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { createServer, preview } from 'vite';
import { findBrowser } from './browser.mjs';

const CONFIG = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));

/**
 * Works without a GPU and without a display: WebGPU and WebGL on SwiftShader, canvases visible in screenshots.
 * On a machine with a GPU set WETWARE_CHROMIUM_FLAGS (space-separated) to that machine's flags.
 */
const SOFTWARE_FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  '--enable-gpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** `adapter: false`: WebGPU is there and finds nothing to run on. */
export async function launchChromium(
  options: { webgpu?: boolean; adapter?: boolean } = {},
): Promise<Browser> {
  const { webgpu = true, adapter = true } = options;
  const named = process.env.WETWARE_CHROMIUM_FLAGS?.split(' ').filter(Boolean);
  return puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? (await findBrowser()),
    headless: true,
    // A simulated second on a software adapter may take minutes on a busy machine.
    protocolTimeout: 900_000,
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--screen-info={1920x1600}',
      ...(webgpu
        ? adapter
          ? (named ?? SOFTWARE_FLAGS)
          : ['--disable-gpu']
        : ['--disable-features=WebGPU', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
    ],
  });
}

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The built page (`npm run build` must have run), as `npm run preview` serves it. */
export async function servePage(): Promise<Served> {
  const server = await preview({
    configFile: CONFIG,
    mode: 'production',
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1', open: false },
  });
  return addressOf(server);
}

/** The sources. `module('src/index.ts')` of the result is what the browser imports. */
export async function serveSources(): Promise<Served & { module: (path: string) => string }> {
  const server = await createServer({
    configFile: CONFIG,
    mode: 'development',
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const served = addressOf(server);
  return {
    ...served,
    module: (path) => `/@fs${fileURLToPath(new URL(`../../${path}`, import.meta.url))}`,
  };
}

function addressOf(server: {
  httpServer: { address(): unknown } | null;
  close(): Promise<void>;
}): Served {
  const address = server.httpServer?.address();
  if (!address || typeof address !== 'object' || !('port' in address)) {
    throw new Error('The test server did not start.');
  }
  const close = async (): Promise<void> => {
    // Connections that a browser keeps open would be waited for.
    const closed = server.close();
    if (server.httpServer && 'closeAllConnections' in server.httpServer) {
      (server.httpServer as { closeAllConnections(): void }).closeAllConnections();
    }
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

declare global {
  interface Window {
    /** The library, in pages of openLibrary. */
    wetware: typeof import('../../src/index.ts');
  }
}

/** A page of a Chromium with the library, from the sources, as `window.wetware`. */
export interface LibraryPage {
  readonly page: Page;
  /** What went wrong in the page so far. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens one; without `webgpu` it has none. */
export async function openLibrary(options: { webgpu?: boolean } = {}): Promise<LibraryPage> {
  const served = await serveSources();
  const browser = await launchChromium(options);
  const page = await browser.newPage();
  const errors = collectErrors(page);
  await page.goto(`${served.url}blank`);
  // The test runner rewrites import() even inside functions that run in the page.
  await page.addScriptTag({
    type: 'module',
    content: `import * as library from ${JSON.stringify(served.module('src/index.ts'))}; window.wetware = library;`,
  });
  await page.waitForFunction(() => 'wetware' in window, { timeout: 60_000 });
  const close = async (): Promise<void> => {
    await browser.close();
    await served.close();
  };
  return { page, errors, close };
}

/** Collects what the page prints as errors and what it throws; a test asserts that nothing came. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return errors;
}
