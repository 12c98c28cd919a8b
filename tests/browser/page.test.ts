/**
 * The production page in Chromium: it starts, simulates, draws, explores and fails well. Numbers are tested elsewhere;
 * here a person's first minute is.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';

const SCREENSHOTS = '.cache/screenshots';

let served: Served;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  served = await servePage();
});
afterAll(async () => {
  await served?.close();
});

async function open(browser: Browser, hash: string, width = 1280): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  await page.goto(`${served.url}${hash}`);
  return page;
}

const text = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

/** Simulated milliseconds that the page shows. */
async function shownTime(page: Page): Promise<number> {
  const [, value, unit] = /([\d.]+) (m?s)/.exec(await text(page, '#time')) ?? [];
  return Number(value) * (unit === 's' ? 1000 : 1);
}

async function waitForTime(page: Page, ms: number): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const [, value, unit] =
        /([\d.]+) (m?s)/.exec(document.querySelector('#time')?.textContent ?? '') ?? [];
      return Number(value) * (unit === 's' ? 1000 : 1) >= least;
    },
    { timeout: 90_000 },
    ms,
  );
}

/** Distinct colours in a canvas: a blank picture has one. */
const colourCount = (page: Page, selector: string): Promise<number> =>
  page.$eval(selector, (element) => {
    const source = element as HTMLCanvasElement;
    const copy = document.createElement('canvas');
    copy.width = source.width;
    copy.height = source.height;
    const context = copy.getContext('2d') as CanvasRenderingContext2D;
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

describe('the page with WebGPU', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  it('opens with the microcircuit running and draws its spikes', async () => {
    const page = await open(browser, '');
    const errors = collectErrors(page);
    await waitForTime(page, 40);
    expect(await text(page, '#title')).toMatch(/microcircuit/i);
    expect(await page.$$eval('#populations tbody tr', (rows) => rows.length)).toBe(8);
    expect(await colourCount(page, '#live')).toBeGreaterThan(3);
    await page.screenshot({ path: `${SCREENSHOTS}/microcircuit-1280.png` });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('runs on WebGPU when asked, says that the adapter is software, plays, pauses and steps', async () => {
    const page = await open(browser, '#example=cuba&engine=gpu&seed=3&neurons=1000');
    const errors = collectErrors(page);
    await waitForTime(page, 20);
    expect(await text(page, '#engine-used')).toMatch(/WebGPU/);
    expect(await text(page, '#banner')).toMatch(/software adapter/);
    await page.click('#play');
    await page.waitForFunction(() => document.querySelector('#play')?.textContent === 'Play');
    // A piece that was under way still arrives.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const paused = await shownTime(page);
    await page.click('#step');
    await waitForTime(page, paused + 0.05);
    expect((await shownTime(page)) - paused).toBeCloseTo(0.1, 5);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('explores what was recorded: points, axes in ms, PNG', async () => {
    const page = await open(browser, '#example=cuba&engine=cpu&seed=1');
    const errors = collectErrors(page);
    await waitForTime(page, 300);
    await page.click('#explore');
    await page.waitForSelector('#explorer canvas.explorer-axes', { timeout: 30_000 });
    await page.waitForFunction(
      () => /spikes/.test(document.querySelector('#explore-note')?.textContent ?? ''),
      { timeout: 30_000 },
    );
    await page.waitForFunction(
      () => !/no longer|Nothing/.test(document.querySelector('#explore-note')?.textContent ?? ''),
    );
    expect(await colourCount(page, '#explorer canvas.explorer-points')).toBeGreaterThan(1);
    expect(await colourCount(page, '#explorer canvas.explorer-axes')).toBeGreaterThan(1);
    await page.screenshot({ path: `${SCREENSHOTS}/explorer-1280.png`, fullPage: true });
    expect(errors).toEqual([]);
    await page.close();
  });

  for (const width of [1280, 390]) {
    for (const scheme of ['dark', 'light']) {
      it(`fits ${width} pixels in ${scheme}`, async () => {
        const page = await browser.newPage();
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.setViewport({ width, height: 900 });
        await page.goto(`${served.url}#example=cuba&engine=cpu`);
        await waitForTime(page, 200);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        await page.screenshot({ path: `${SCREENSHOTS}/${width}-${scheme}.png`, fullPage: true });
        await page.close();
      });
    }
  }

  it('reports a lost GPU and goes on on the CPU from where it was', async () => {
    const page = await open(browser, '#example=cuba&engine=gpu&neurons=500');
    await waitForTime(page, 20);
    const client = await browser.target().createCDPSession();
    // Takes the device away from the page; the protocol's answer never comes from some versions.
    client.send('Browser.crashGpuProcess').catch(() => undefined);
    await page.waitForSelector('#failure:not([hidden])', { timeout: 60_000 });
    expect(await text(page, '#failure p')).toMatch(/lost/);
    const lostAt = await shownTime(page);
    await page.click('#recover');
    await waitForTime(page, lostAt + 20);
    expect(await text(page, '#engine-used')).toMatch(/CPU/);
    expect(await page.$eval('#failure', (element) => (element as HTMLElement).hidden)).toBe(true);
    await page.close();
  });

  it('says what is wrong with an unknown network', async () => {
    const page = await open(browser, '#example=cubaa');
    await page.waitForSelector('#failure:not([hidden])');
    expect(await text(page, '#failure p')).toMatch(/no example "cubaa".*Known: /s);
    await page.close();
  });
});

describe('the page without WebGPU', () => {
  it('runs on the CPU under a banner that says why', async () => {
    const browser = await launchChromium({ webgpu: false });
    try {
      const page = await open(browser, '#example=cuba');
      const errors = collectErrors(page);
      await waitForTime(page, 50);
      expect(await text(page, '#engine-used')).toMatch(/CPU/);
      expect(await text(page, '#banner')).toMatch(/no WebGPU here.*Chrome/s);
      expect(await colourCount(page, '#live')).toBeGreaterThan(1);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
