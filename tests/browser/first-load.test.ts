/**
 * What a first visit fetches until its network runs: at most 250 kB, compressed as a host compresses. Counted by the server,
 * workers and all, up to a request that the page makes when it shows that time passes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';

const DIST = resolve(import.meta.dirname, '../../dist/app');
const MOST_BYTES = 250_000;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

it(`a first visit takes at most ${MOST_BYTES / 1000} kB until its network runs`, async () => {
  const sizes = new Map<string, number>();
  let isRunning = false;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/it-runs') isRunning = true;
    const path = join(DIST, normalize(pathname === '/' ? '/index.html' : pathname));
    if (!path.startsWith(DIST) || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const content = readFileSync(path);
    if (!isRunning) sizes.set(pathname, gzipSync(content, { level: 9 }).length);
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain' }).end(content);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(() => {
      new MutationObserver((_changes, observer) => {
        if (!/[1-9]/.test(document.querySelector('#time')?.textContent ?? '')) return;
        observer.disconnect();
        void fetch('/it-runs');
      }).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const began = Date.now();
    while (!isRunning && Date.now() - began < 60_000) {
      await new Promise((tick) => setTimeout(tick, 50));
    }
    expect(isRunning).toBe(true);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(`first load: ${total} bytes in ${sizes.size} files, gzip`);
  const largest = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 5);
  expect(total, JSON.stringify(largest)).toBeLessThanOrEqual(MOST_BYTES);
  // The worker and its engine are among them: nothing was missed.
  expect([...sizes.keys()].some((name) => /worker-/.test(name))).toBe(true);
  expect([...sizes.keys()].some((name) => /engine-/.test(name))).toBe(true);
});
