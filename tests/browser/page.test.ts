/**
 * The production page in Chromium, under its own security policy: it starts, simulates, draws, obeys, fits every screen,
 * and can be used without seeing or without a mouse. Numbers are tested elsewhere; what a person does is in journeys.test.ts.
 */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppPage,
  accessibilityFaults,
  closeApp,
  coloursSeen,
  openApp,
  openPanel,
  openSheet,
  overflowOf,
  press,
  shownTime,
  textOf,
  waitForText,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';

const SCREENSHOTS = '.cache/screenshots';

let served: Served;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  served = await servePage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const open = (hash: string, options = {}): Promise<AppPage> =>
  openApp(browser, served, hash, options);

describe('the page', () => {
  it('opens with a network that runs, and draws its spikes', async () => {
    const app = await open('');
    const { page, errors } = app;
    await waitForTime(page, 100);
    expect(await textOf(page, '#title')).toMatch(/COBA/);
    expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
    await page.screenshot({ path: `${SCREENSHOTS}/first.png` });
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it('plays, pauses, steps and resets by buttons and by keys', async () => {
    const app = await open('#example=coba&engine=cpu&neurons=500');
    const { page, errors } = app;
    await waitForTime(page, 50);
    await page.click('#play');
    await waitForText(page, '#play', /Play/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const paused = await shownTime(page);
    await page.click('#step');
    await waitForTime(page, paused + 0.05);
    expect((await shownTime(page)) - paused).toBeCloseTo(0.1, 5);
    await page.keyboard.press('.');
    await waitForTime(page, paused + 0.15);
    expect((await shownTime(page)) - paused).toBeCloseTo(0.2, 5);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(' ');
    await waitForTime(page, paused + 30);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open] .keys');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { hidden: true });
    await page.click('#reset');
    await page.waitForFunction(
      (before) => Number.parseFloat(document.querySelector('#time')?.textContent ?? '') < before,
      {},
      paused,
    );
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it('runs the same seed on WebGPU when asked, and says that the adapter is software', async () => {
    const app = await open('#example=cuba&engine=gpu&seed=3&neurons=1000');
    const { page, errors } = app;
    await waitForTime(page, 20);
    expect(await textOf(page, '#engine-used')).toMatch(/WebGPU/);
    expect(await textOf(page, '#banner')).toMatch(/software adapter/);
    await page.select('#engine', 'cpu');
    await waitForText(page, '#engine-used', /CPU/);
    await waitForTime(page, 20);
    expect(errors).toEqual([]);
    await closeApp(app);
  });

  it('sends nothing to other sites and breaks no rule of its policy', async () => {
    const app = await open('#example=coba&engine=cpu&neurons=500');
    const { page, errors } = app;
    const foreign: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(served.url) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    await page.reload();
    await waitForTime(page, 50);
    for (const name of await page.$$eval('[role=tab]', (tabs) =>
      tabs.map((tab) => tab.id.replace('tab-', '')),
    )) {
      await openPanel(page, name);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    await closeApp(app);
  });
});

describe('layout', () => {
  for (const width of [390, 820, 1280, 1920]) {
    for (const scheme of ['dark', 'light'] as const) {
      it(`fits ${width} pixels in ${scheme}`, async () => {
        const app = await open('#example=izhikevich&engine=cpu', { width, scheme });
        const { page, errors } = app;
        await waitForTime(page, 150);
        expect(await overflowOf(page)).toBeLessThanOrEqual(0);
        expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
        const box = await page.$eval('#live', (canvas) => {
          const { left, right, width: wide, height } = canvas.getBoundingClientRect();
          return { left, right, wide, height };
        });
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(width);
        expect(box.wide).toBeGreaterThan(Math.min(width * 0.4, 500));
        expect(box.height).toBeGreaterThan(150);
        const build = await page.$('#build');
        if (build && (await build.isVisible())) {
          await build.click();
          await page.waitForSelector('.side');
          await new Promise((resolve) => setTimeout(resolve, 500));
          expect(await overflowOf(page)).toBeLessThanOrEqual(0);
          await page.screenshot({ path: `${SCREENSHOTS}/build-${width}-${scheme}.png` });
          await build.click();
        }
        await page.screenshot({ path: `${SCREENSHOTS}/${width}-${scheme}.png`, fullPage: true });
        expect(errors).toEqual([]);
        await closeApp(app);
      });
    }
  }
});

describe('accessibility', () => {
  it.each(['dark', 'light'] as const)('axe-core finds no serious fault in %s', async (scheme) => {
    const app = await open('#example=coba&engine=cpu&neurons=500', { scheme });
    const { page } = app;
    await waitForTime(page, 100);
    await page.waitForSelector('.side.right > *');
    const faults: string[] = [];
    const names = await page.$$eval('[role=tab]', (tabs) =>
      tabs.map((tab) => tab.id.replace('tab-', '')),
    );
    for (const name of names) {
      await openPanel(page, name);
      await new Promise((resolve) => setTimeout(resolve, 600));
      for (const fault of await accessibilityFaults(page)) faults.push(`${name}: ${fault}`);
    }
    expect([...new Set(faults)]).toEqual([]);
    await closeApp(app);
  });

  it('axe-core finds no serious fault in the sheets', async () => {
    const app = await open('#example=coba&engine=cpu&neurons=500');
    const { page } = app;
    await waitForTime(page, 50);
    const faults: string[] = [];
    const menus = await page.$$eval('.doors [aria-haspopup]', (doors) =>
      doors.map((door) => door.getAttribute('aria-label') ?? ''),
    );
    expect(menus).toContain('Open');
    for (const menu of menus.map((name) => new RegExp(`^${name}$`))) {
      await press(page, menu, '.doors');
      await page.waitForSelector('.menu-list button');
      const titles = await page.$$eval('.menu-list button', (items) =>
        items.map((item) => item.textContent ?? ''),
      );
      await press(page, menu, '.doors');
      for (const title of titles.filter((one) => !/colours|compare/i.test(one))) {
        await openSheet(page, menu, new RegExp(`^${title.replaceAll(/[^\\w ]/g, '.')}$`));
        await new Promise((resolve) => setTimeout(resolve, 800));
        for (const fault of await accessibilityFaults(page)) faults.push(`${title}: ${fault}`);
        await page.screenshot({
          path: `${SCREENSHOTS}/sheet-${title.toLowerCase().replaceAll(/\W+/g, '-')}.png`,
        });
        // Not Esc: an editor that has the focus takes the first one.
        await press(page, /^Close$/, 'dialog[open] .sheet-head');
        await page.waitForSelector('dialog[open]', { hidden: true });
      }
    }
    expect([...new Set(faults)]).toEqual([]);
    await closeApp(app);
  });
});
