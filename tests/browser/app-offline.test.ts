/** The page without a network after its first visit, and as something that can be installed. */
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  closeApp,
  coloursSeen,
  openApp,
  openPanel,
  openSheet,
  textOf,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';

let served: Served;
let browser: Browser;
beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

it('opens, runs, and opens what was never opened before, without a network', async () => {
  const app = await openApp(browser, served, '#example=coba&engine=cpu&neurons=500');
  const { page, errors } = app;
  await waitForTime(page, 50);
  const files = await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const [name = ''] = (await caches.keys()).filter((one) => one.startsWith('wetware-'));
    return (await (await caches.open(name)).keys()).length;
  });
  expect(files).toBeGreaterThan(20);
  // The server is gone, not only the connection of this page: workers load their code too.
  await served.close();
  await page.reload();
  await waitForTime(page, 50);
  expect(await textOf(page, '#title')).toMatch(/COBA/);
  expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
  await openPanel(page, 'statistics');
  await page.waitForFunction(
    () => !/Loading/.test(document.querySelector('#panel')?.textContent ?? ''),
  );
  await openSheet(page, /^Open/, /^Examples$/);
  await page.waitForSelector('[data-example=izhikevich]');
  await page.$eval('[data-example=izhikevich]', (card) => (card as HTMLElement).click());
  await page.waitForFunction(() =>
    /Izhikevich/.test(document.querySelector('#title')?.textContent ?? ''),
  );
  await waitForTime(page, 50);
  expect(errors).toEqual([]);
  await closeApp(app);
});

it('can be installed: a manifest with a name, a start and an icon', async () => {
  served = await servePage();
  const at = (name: string): Promise<Response> => fetch(new URL(name, served.url));
  const manifest = (await (await at('manifest.webmanifest')).json()) as {
    name: string;
    start_url: string;
    display: string;
    icons: { src: string }[];
  };
  expect(manifest).toMatchObject({ name: 'wetware', start_url: './', display: 'standalone' });
  for (const { src } of manifest.icons) expect((await at(src)).status).toBe(200);
  expect(await (await at('./')).text()).toContain('rel="manifest"');
});
