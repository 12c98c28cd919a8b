/** `<wetware-network>` in a page of another site: it loads across origins, runs, tells, pauses out of sight. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectErrors, launchChromium } from '../support/chromium.ts';

const DIST = resolve(import.meta.dirname, '../../dist');
const DOCUMENT = {
  format: 'wetware',
  version: 1,
  name: 'a document of the page',
  dt: '0.1 ms',
  seed: 1,
  params: {},
  timedArrays: {},
  populations: [
    {
      kind: 'neurons',
      name: 'cells',
      size: 50,
      eqs: 'dv/dt = (2 - v)/tau : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
      params: { tau: '10 ms' },
      initial: { v: 'rand()' },
    },
  ],
  projections: [],
  inputs: [],
  recordings: [],
};

/** The files as a CDN gives them. */
function cdn(): Server {
  return createServer((request, response) => {
    const path = join(DIST, normalize(new URL(request.url ?? '/', 'http://x').pathname));
    if (!path.startsWith(DIST) || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/javascript',
      'Access-Control-Allow-Origin': '*',
    });
    createReadStream(path).pipe(response);
  });
}

/** Somebody's page. */
function host(script: () => string): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === '/network.json') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(DOCUMENT));
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(
      `<!doctype html><html lang="en"><title>lesson</title><link rel="icon" href="data:,">
       <script type="module" src="${script()}/element.js"></script>${url.searchParams.get('body') ?? ''}</html>`,
    );
  });
}

const listen = (server: Server): Promise<string> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () =>
      done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

let files: Server;
let pages: Server;
let address = '';
let browser: Browser;
beforeAll(async () => {
  files = cdn();
  const from = await listen(files);
  pages = host(() => from);
  address = await listen(pages);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  files?.close();
  pages?.close();
});

async function open(body: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  const errors = collectErrors(page);
  await page.setViewport({ width: 800, height: 600 });
  await page.goto(`${address}/?body=${encodeURIComponent(body)}`);
  await page.waitForFunction(() => customElements.get('wetware-network') !== undefined);
  return { page, errors };
}

const spikesOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        const element = document.querySelector('wetware-network');
        let count = 0;
        element?.addEventListener('spikes', (event) => {
          count += (event as CustomEvent<{ count: number }>).detail.count;
          if (count > 0) done(count);
        });
      }),
  );

describe('<wetware-network>', () => {
  it('runs an example, shows what was asked for, and tells of spikes', async () => {
    const { page, errors } = await open(
      '<wetware-network example="coba" values="neurons=500" engine="cpu" autoplay controls="play,rate" height="300"></wetware-network>',
    );
    expect(await spikesOf(page)).toBeGreaterThan(0);
    const inside = await page.evaluate(() => {
      const root = document.querySelector('wetware-network')?.shadowRoot;
      return {
        play: root?.querySelector('#play')?.textContent,
        reset: root?.querySelector('#reset') ?? null,
        canvas: root?.querySelector('canvas')?.getBoundingClientRect().width ?? 0,
        height: document.querySelector('wetware-network')?.getBoundingClientRect().height,
      };
    });
    expect(inside).toMatchObject({ play: 'Pause', reset: null, height: 300 });
    expect(inside.canvas).toBeGreaterThan(200);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('runs a document of the page, starts only when asked, and changes a parameter', async () => {
    const { page, errors } = await open(
      '<wetware-network src="/network.json" engine="cpu"></wetware-network>',
    );
    const spikes = spikesOf(page);
    await page.evaluate(async () => {
      const element = document.querySelector('wetware-network') as HTMLElement & {
        play(): void;
        setParameter(owner: string, name: string, value: string): Promise<void>;
      };
      await element.setParameter('cells', 'tau', '5 ms');
      if (element.shadowRoot?.querySelector('#play')?.textContent !== 'Play')
        throw new Error('runs');
      element.play();
    });
    expect(await spikes).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('waits until it is seen, pauses out of sight, goes on when it is back', async () => {
    const { page } = await open(
      '<div id="far"></div><wetware-network example="coba" values="neurons=500" engine="cpu" autoplay></wetware-network>',
    );
    const phase = (): Promise<string | undefined> =>
      page.evaluate(
        () =>
          document.querySelector('wetware-network')?.shadowRoot?.querySelector('#play')
            ?.textContent ?? undefined,
      );
    await page.waitForFunction(
      () =>
        document.querySelector('wetware-network')?.shadowRoot?.querySelector('#play')
          ?.textContent === 'Pause',
    );
    const move = (height: string): Promise<void> =>
      page.evaluate((value) => {
        (document.querySelector('#far') as HTMLElement).style.height = value;
      }, height);
    await move('4000px');
    await page.waitForFunction(
      () =>
        document.querySelector('wetware-network')?.shadowRoot?.querySelector('#play')
          ?.textContent === 'Play',
    );
    await move('0px');
    await page.waitForFunction(
      () =>
        document.querySelector('wetware-network')?.shadowRoot?.querySelector('#play')
          ?.textContent === 'Pause',
    );
    expect(await phase()).toBe('Pause');
    await page.close();
  });

  it('says what is wrong with its source', async () => {
    const { page } = await open('<wetware-network src="/missing.json?x"></wetware-network>');
    await page.waitForFunction(() =>
      document
        .querySelector('wetware-network')
        ?.shadowRoot?.querySelector('[role=alert]')
        ?.textContent?.includes('is no JSON document'),
    );
    await page.close();
  });
});
