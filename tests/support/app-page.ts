/** What browser tests of the page share: opening it, waiting for it, looking at its canvases, asking axe-core. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { collectErrors, type Served } from './chromium.ts';

export interface AppPage {
  readonly page: Page;
  /** What the page printed as errors or threw so far. */
  readonly errors: string[];
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'dark' | 'light';
  /** Fingers instead of a mouse. */
  readonly hasTouch?: boolean;
  readonly isMobile?: boolean;
}

/** The page of a browser profile of its own, so that nothing is kept from other tests. */
export async function openApp(
  browser: Browser,
  served: Served,
  hash: string,
  { width = 1280, height = 900, scheme = 'dark', ...device }: OpenOptions = {},
): Promise<AppPage> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width, height, ...device });
  await page.goto(`${served.url}${hash}`);
  return { page, errors };
}

export const closeApp = ({ page }: AppPage): Promise<void> => page.browserContext().close();

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

/** Simulated milliseconds that the page shows. */
export const shownTime = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [, value, unit] =
      /([\d.]+) (m?s)/.exec(document.querySelector('#time')?.textContent ?? '') ?? [];
    return Number(value ?? Number.NaN) * (unit === 's' ? 1000 : 1);
  });

export async function waitForTime(page: Page, ms: number): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const [, value, unit] =
        /([\d.]+) (m?s)/.exec(document.querySelector('#time')?.textContent ?? '') ?? [];
      return Number(value) * (unit === 's' ? 1000 : 1) >= least;
    },
    { timeout: 110_000, polling: 100 },
    ms,
  );
}

/** Waits until the text of an element matches. */
export async function waitForText(page: Page, selector: string, pattern: RegExp): Promise<void> {
  await page.waitForFunction(
    (where, source, flags) =>
      new RegExp(source, flags).test(document.querySelector(where)?.textContent ?? ''),
    { timeout: 110_000, polling: 100 },
    selector,
    pattern.source,
    pattern.flags,
  );
}

/** Presses the button with these words, wherever it is. */
export async function press(page: Page, words: RegExp, inside = 'body'): Promise<void> {
  await page.waitForFunction(
    (source, where) =>
      [...document.querySelectorAll<HTMLElement>(`${where} button, ${where} a.button`)].some(
        (button) =>
          new RegExp(source, 'i').test(
            button.getAttribute('aria-label') ?? button.textContent ?? '',
          ),
      ),
    { timeout: 60_000, polling: 100 },
    words.source,
    inside,
  );
  await page.evaluate(
    (source, where) => {
      [...document.querySelectorAll<HTMLElement>(`${where} button, ${where} a.button`)]
        .find((button) =>
          new RegExp(source, 'i').test(
            button.getAttribute('aria-label') ?? button.textContent ?? '',
          ),
        )
        ?.click();
    },
    words.source,
    inside,
  );
}

/** Opens a sheet through its menu, as a person does. */
export async function openSheet(page: Page, menu: RegExp, title: RegExp): Promise<void> {
  await press(page, menu, '.doors');
  await press(page, title, '.menu-list');
  await page.waitForSelector('dialog[open] .sheet-body > *');
}

export async function openPanel(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`#tab-${name}`);
  await page.$eval(`#tab-${name}`, (tab) => (tab as HTMLElement).click());
  await page.waitForSelector(`#panel[aria-labelledby="tab-${name}"]`);
}

/** Different colours in a part of a screenshot: a blank picture has one. Works for canvases that a worker draws. */
export async function coloursSeen(page: Page, selector: string): Promise<number> {
  const element = await page.$(selector);
  if (!element) throw new Error(`There is no ${selector}.`);
  const png = await element.screenshot({ encoding: 'base64' });
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
  }, png);
}

/** Pixels by which the page is wider than the window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Serious and critical faults that axe-core finds, each as a line. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Through the debugger, which the policy of the page does not concern.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: {
            id: string;
            impact: string;
            help: string;
            nodes: { html: string; failureSummary: string }[];
          }[];
        }>;
      };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} (${nodes.length}): ${nodes
            .slice(0, 3)
            .map(
              ({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`,
            )
            .join(' | ')}`,
      );
  });
}

/** Drops files from this machine onto the middle of the page, as a person does with a mouse. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const { width = 0, height = 0 } = page.viewport() ?? {};
  const client = await page.createCDPSession();
  const data = { items: [], files: paths.map((path) => resolve(path)), dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await client.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  }
  await client.detach();
}

/** Writes into a field and leaves it, so that it takes effect. */
export async function fill(page: Page, selector: string, text: string): Promise<void> {
  // A locator waits until the field stays where it is, and looks for it again when it was replaced.
  await page.locator(selector).click({ count: 3 });
  await page.keyboard.type(text);
  await page.keyboard.press('Tab');
}

/** Titles of the buttons in a part of the page. */
export const buttonsOf = (page: Page, inside: string): Promise<string[]> =>
  page.$$eval(`${inside} button`, (all) => all.map((one) => one.textContent?.trim() ?? ''));

/** The field of the inspector with this name. */
export async function fieldOf(page: Page, name: string): Promise<string> {
  const label = await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll<HTMLLabelElement>('.side.right label')].find(
        (one) => one.textContent?.trim() === wanted,
      )?.htmlFor,
    {},
    name,
  );
  return `#${await label.jsonValue()}`;
}
