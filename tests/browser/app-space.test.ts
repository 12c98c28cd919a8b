/**
 * Panels of space in the built page: the cloud of neurons with and without WebGL2, planes of a field, matrices of
 * synapses. What they draw, what pointer and keys read from them, their numbers, their layout and their access.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NO_WEBGL = `const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, options) {
  return kind === 'webgl2' ? null : get.call(this, kind, options);
};`;
/** A sheet of striatum of 12 x 12 x 16 voxels: places in three dimensions, a field, ten projections. */
const STRIATUM = '#example=striatum&size=12&engine=cpu';

let browser: Browser;
let served: Served;
let page: Page;
let errors: string[];

beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});
afterEach(async () => {
  expect(errors).toEqual([]);
  await page.close();
});

interface Options {
  readonly width?: number;
  readonly script?: string;
}

async function open(hash: string, shown: string, options: Options = {}): Promise<void> {
  page = await browser.newPage();
  await page.setViewport({ width: options.width ?? 1280, height: 1300 });
  errors = collectErrors(page);
  if (options.script) await page.evaluateOnNewDocument(options.script);
  await page.goto(served.url + hash);
  await page.waitForSelector(shown, { timeout: 60_000 });
  await page.$eval('#panel', (element) => element.scrollIntoView());
}

const found = async (selector: string): Promise<ElementHandle<Element>> => {
  const element = await page.$(selector);
  if (!element) throw new Error(`there is no ${selector}`);
  return element;
};

const text = (selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

const pause = async (): Promise<void> => {
  await page.evaluate(() => {
    const play = document.querySelector<HTMLButtonElement>('#play');
    if (play?.textContent?.includes('Pause')) play.click();
  });
  await page.waitForFunction(
    () => !document.querySelector('#play')?.textContent?.includes('Pause'),
  );
};

const choose = (selector: string, value: string): Promise<string[]> => page.select(selector, value);

/** Colours of a picture of an element as a person sees it: a blank one has hardly any. */
async function coloursOf(selector: string): Promise<{ count: number; pixels: string }> {
  const element = await found(selector);
  const pixels = await element.screenshot({ encoding: 'base64' });
  const count = await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, pixels);
  return { count, pixels };
}

async function seriousFaults(): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await axe.run('#panel');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** Moves the pointer over the picture until it is over a neuron. */
async function hoverNeuron(): Promise<{ x: number; y: number; tip: string }> {
  const box = await (await found('.space-frame')).boundingBox();
  if (!box) throw new Error('the picture has no place');
  for (let k = 0; k < 60; k++) {
    const x = box.x + box.width * (0.4 + 0.005 * k);
    const y = box.y + box.height * 0.5;
    await page.mouse.move(x, y);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const tip = await page.$('.space-tip');
    if (tip) return { x, y, tip: await text('.space-tip') };
  }
  throw new Error('no neuron is under the pointer');
}

describe('space', () => {
  it('shows neurons at their places: turned, hovered, chosen, counted', async () => {
    await open(`${STRIATUM}&panel=space`, '.space-frame canvas');
    await page.waitForFunction(
      () =>
        /[1-9]/.test(
          document.querySelector('.space-table tbody tr:nth-child(2) td:last-child')?.textContent ??
            '',
        ),
      { timeout: 30_000 },
    );
    await pause();
    const before = await coloursOf('.space-frame');
    expect(before.count).toBeGreaterThan(50);
    await page.focus('.space-frame');
    for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await coloursOf('.space-frame')).pixels).not.toBe(before.pixels);
    // Random places in 12 x 12 x 16 voxels of 12.158 µm: 146 x 146 x 195.
    expect(await text('.space-hint')).toMatch(
      /^14\d µm × 14\d µm × 19\d µm\. Without a place: axons/,
    );
    const { x, y, tip } = await hoverNeuron();
    expect(tip).toMatch(/^(d1|d2|fsi) [\d,]+.* µm/);
    await page.mouse.click(x, y);
    await page.waitForFunction(() => location.hash.includes('probes='), { timeout: 10_000 });
    const chosen = /probes=(\w+):(\d+)/.exec(
      decodeURIComponent(await page.evaluate(() => location.hash)),
    );
    // "d1 2387.2, …": the number and the place stand beside each other.
    expect(tip.replaceAll(',', '').startsWith(`${chosen?.[1]} ${chosen?.[2]}`)).toBe(true);
    expect(await seriousFaults()).toEqual([]);
  });

  it('colours by a variable, and remembers the look in the address', async () => {
    await open(`${STRIATUM}&panel=space`, '.space-frame canvas');
    await choose('#space-colour', 'v');
    await page.waitForSelector('.colour-bar', { timeout: 20_000 });
    expect(await text('.colour-bar figcaption')).toBe('v (mV)');
    expect((await coloursOf('.space-frame')).count).toBeGreaterThan(50);
    await page.waitForFunction(() => location.hash.includes('space=colour'), { timeout: 10_000 });
    const address = await page.evaluate(() => location.hash);
    await page.close();
    await open(address, '.colour-bar');
    expect(
      await page.$eval('#space-colour', (element) => (element as HTMLSelectElement).value),
    ).toBe('v');
  });

  it('draws without WebGL2, and networks without positions as discs', async () => {
    await open('#example=coba&engine=cpu&panel=space', '.space-frame canvas', { script: NO_WEBGL });
    await page.waitForFunction(
      () => /[1-9]/.test(document.querySelector('.space-table td:last-child')?.textContent ?? ''),
      { timeout: 30_000 },
    );
    expect((await coloursOf('.space-frame')).count).toBeGreaterThan(20);
    expect(await text('.space-hint')).toContain('Distances mean nothing');
  });

  it('fits a narrow page', async () => {
    await open(`${STRIATUM}&panel=space`, '.space-frame canvas', { width: 390 });
    for (const [tab, shown] of [
      ['space', '.space-frame canvas'],
      ['fields', '.fields-plane canvas'],
      ['connectivity', '.matrix-picture canvas'],
    ] as const) {
      await page.$eval(`#tab-${tab}`, (element) => (element as HTMLElement).click());
      await page.waitForSelector(shown, { timeout: 20_000 });
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths[0], tab).toBeLessThanOrEqual(widths[1] as number);
    }
  });
});

describe('fields', () => {
  it('show planes, voxels, profiles and their course in nM', async () => {
    await open(`${STRIATUM}&panel=fields`, '.fields-plane canvas');
    await page.waitForFunction(
      () => document.querySelector('.colour-bar figcaption')?.textContent === 'C (nM)',
      { timeout: 30_000 },
    );
    expect((await coloursOf('.fields-plane')).count).toBeGreaterThan(20);
    await page.focus('.fields-plane');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() =>
      document.querySelector('.fields-voxel')?.textContent?.includes('(6, 6, 9)'),
    );
    const reading = await text('.fields-voxel');
    // In the middle of 12 x 12 x 16 voxels, across y, one further upwards.
    expect(reading).toMatch(/^C = \S+ nM at \(79, 79, 116\) µm, voxel \(6, 6, 9\)$/);
    // Another plane of other voxels.
    await page.$eval('#field-slice', (element) => {
      const slider = element as HTMLInputElement;
      slider.value = '0';
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await page.waitForFunction(() =>
      document.querySelector('.fields-voxel')?.textContent?.includes('voxel (6, 0, 9)'),
    );
    expect(await seriousFaults()).toEqual([]);
  });
});

describe('connectivity', () => {
  it('has all synapses in its table, and opens a projection', async () => {
    await open(`${STRIATUM}&panel=connectivity`, '.matrix-picture canvas');
    await page.$eval('.matrix-table', (element) => element.setAttribute('open', ''));
    const cells = await page.$$eval('.matrix-table tbody tr', (rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
    );
    expect(cells.length).toBe(10);
    const numbers = (shown: string): number => Number(shown.replaceAll(',', ''));
    const sum = cells.reduce((all, cell) => all + numbers(cell[2] ?? ''), 0);
    expect(sum).toBe(numbers(await text('#synapses')));
    await page.focus('.matrix-picture');
    for (const key of ['ArrowDown', 'ArrowDown'] as const) await page.keyboard.press(key);
    const row = cells.find(([from, to]) => from === 'd1' && to === 'd1');
    await page.waitForFunction(() =>
      document.querySelector('.matrix-reading')?.textContent?.startsWith('d1 to d1'),
    );
    expect(await text('.matrix-reading')).toContain(`d1 to d1: ${row?.[2]} synapses`);
    expect(await seriousFaults()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () =>
        document.querySelector('.matrix-reading')?.textContent === 'Point at a cell to read it.',
      { timeout: 30_000 },
    );
    expect(
      await page.$eval('#matrix-projection', (element) => (element as HTMLSelectElement).value),
    ).toBe('d1->d1');
    expect((await coloursOf('.matrix-picture')).count).toBeGreaterThan(10);
    expect(await text('.matrix p.small')).toContain(`${row?.[2]} synapses`);
  });
});
