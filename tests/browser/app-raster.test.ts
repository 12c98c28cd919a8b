/**
 * The live raster and the explorer in Chromium, from the production build: both ways of drawing, time gestures, picks, a
 * lost GPU, reduced motion, narrow screens, and points under the page's policy, which lets nothing be evaluated.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';

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

async function open(hash: string, width = 1280): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  const errors = collectErrors(page);
  await page.goto(`${served.url}${hash}`);
  return { page, errors };
}

/** Until so much of the run has been drawn. */
async function waitForAxis(page: Page, ms: number): Promise<void> {
  await page.waitForFunction(
    (least) => {
      const text = document.querySelector('#time')?.textContent ?? '';
      const [, value, unit] = /([\d.]+) (m?s)/.exec(text) ?? [];
      return Number(value) * (unit === 's' ? 1000 : 1) >= least;
    },
    { timeout: 60_000 },
    ms,
  );
}

const painted = (page: Page, by: 'webgpu' | 'canvas'): Promise<unknown> =>
  page.waitForSelector(`.raster-frame[data-painter=${by}]`, { timeout: 30_000 });

/** Distinct colours of the live picture, as the screen shows it. */
const colours = (page: Page): Promise<number> =>
  page.$eval('#live', (element) => {
    const source = element as HTMLCanvasElement;
    const copy = document.createElement('canvas');
    copy.width = source.width;
    copy.height = source.height;
    const context = copy.getContext('2d') as CanvasRenderingContext2D;
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

/** Numbers along the time axis. */
const ticks = (page: Page): Promise<number[]> =>
  page.$$eval('.raster-axis span:not([hidden])', (spans) =>
    spans.map((span) => Number(span.textContent)),
  );

async function frameOf(
  page: Page,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await (await page.$('.raster-frame'))?.boundingBox();
  if (!box) throw new Error('no raster');
  return box;
}

describe('the live raster', () => {
  it('zooms by dragging, pans by keys, picks by a click, and follows again', async () => {
    const { page, errors } = await open('#example=coba&engine=cpu&pace=fast');
    await waitForAxis(page, 1200);
    await painted(page, 'canvas');
    expect(await colours(page)).toBeGreaterThan(3);
    await page.click('#play');
    await page.waitForFunction(() => document.querySelector('#play')?.textContent === 'Play');
    const { x, y, width, height } = await frameOf(page);
    const whole = await ticks(page);
    expect(whole.length).toBeGreaterThanOrEqual(3);

    await page.mouse.move(x + 0.5 * width, y + 0.4 * height);
    await page.waitForSelector('.raster-reading:not([hidden])');
    const reading = await page.$eval('.raster-reading', ({ textContent }) => textContent);
    expect(reading).toMatch(/^\d+ ms · neurons \d+$/);
    await page.mouse.down();
    await page.mouse.move(x + 0.6 * width, y + 0.5 * height, { steps: 5 });
    await page.mouse.up();
    // A tenth of a second in a second: the spikes of so little are drawn one by one.
    await page.waitForSelector('.raster-frame[data-mode=ticks]');
    await page.waitForSelector('.raster-follow');
    await page.waitForFunction(() => {
      const texts = [...document.querySelectorAll('.raster-axis span:not([hidden])')];
      return Number(texts.at(-1)?.textContent) - Number(texts[0]?.textContent) <= 100;
    });
    const zoomed = await ticks(page);
    const middle = Number(/^\d+/.exec(reading ?? '')?.[0]) + 50;
    expect(Math.abs((zoomed[0] as number) - middle)).toBeLessThan(60);
    expect(await colours(page)).toBeGreaterThan(1);

    await page.mouse.click(x + 0.3 * width, y + 0.7 * height);
    await page.waitForFunction(() => {
      const marks = document.querySelector<HTMLCanvasElement>('.raster-marks');
      const data = marks?.getContext('2d')?.getImageData(0, 0, 4, marks.height).data;
      return data?.some((value) => value > 0);
    });
    await page.screenshot({ path: `${SCREENSHOTS}/raster-zoomed.png` });
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (first) => Number(document.querySelector('.raster-axis span')?.textContent) < first,
      {},
      zoomed[0] as number,
    );
    await page.keyboard.press('0');
    await page.waitForFunction(() => !document.querySelector('.raster-follow'));
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is drawn by WebGPU when that runs the network, and goes on without it when it is lost', async () => {
    const { page, errors } = await open('#example=coba&engine=gpu&neurons=500');
    await painted(page, 'webgpu');
    await waitForAxis(page, 15);
    expect(await colours(page)).toBeGreaterThan(1);
    expect(errors).toEqual([]);
    const client = await browser.target().createCDPSession();
    // The protocol's answer never comes from some versions.
    client.send('Browser.crashGpuProcess').catch(() => undefined);
    await page.waitForSelector('#failure', { timeout: 60_000 });
    await painted(page, 'canvas');
    expect(await colours(page)).toBeGreaterThan(1);
    await page.close();
  });

  it('turns pages instead of scrolling for those who want less motion, and says rates', async () => {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await page.goto(`${served.url}#example=coba&engine=cpu&pace=fast&window=400`);
    await waitForAxis(page, 500);
    for (let look = 0; look < 5; look++) {
      const [first] = await ticks(page);
      expect((first as number) % 400).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await page.waitForFunction(
      () => /neurons \d/.test(document.querySelector('#live-summary')?.textContent ?? ''),
      { timeout: 20_000 },
    );
    await page.close();
  });

  it('names eight populations at 390 pixels, none cut off or over another', async () => {
    const { page } = await open('#example=microcircuit&engine=cpu', 390);
    await painted(page, 'canvas');
    const { names, overflow } = await page.evaluate(() => ({
      names: [...document.querySelectorAll('.raster-population')].map((element) => {
        const { top, bottom, left } = element.getBoundingClientRect();
        const isCut = element.scrollWidth > element.clientWidth;
        return { top, bottom, left, isCut, name: element.textContent };
      }),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    expect(names.map(({ name }) => name)).toEqual([
      'L23E',
      'L23I',
      'L4E',
      'L4I',
      'L5E',
      'L5I',
      'L6E',
      'L6I',
    ]);
    names.forEach(({ top, left, isCut }, k) => {
      expect(isCut).toBe(false);
      expect(left).toBeGreaterThanOrEqual(0);
      if (k > 0) expect(top).toBeGreaterThanOrEqual((names[k - 1]?.bottom ?? 0) - 1);
    });
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `${SCREENSHOTS}/raster-390.png` });
    await page.close();
  });
});

describe('the explorer', () => {
  it('draws, zooms and lassoes under a policy that lets nothing be evaluated', async () => {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const errors = collectErrors(page);
    await page.evaluateOnNewDocument(() => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    const response = await page.goto(
      `${served.url}#example=coba&engine=cpu&pace=fast&panel=explore`,
    );
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval'(;|$)/);
    // The policy is real: what it forbids does not work (later, when the inspector does not allow it).
    const refused = await page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          setTimeout(() => {
            try {
              resolve(`made ${new Function('return 1')()}`);
            } catch (error) {
              resolve((error as Error).name);
            }
          }, 0),
        ),
    );
    expect(refused).toBe('EvalError');
    await page.evaluate(() => Object.assign(window, { violations: [] }));
    await waitForAxis(page, 600);
    await page.click('#play');
    const press = (title: string): Promise<void> =>
      page.$$eval(
        '.explorer-tools button',
        (buttons, text) => {
          const button = buttons.find(({ textContent }) => textContent === text);
          (button as HTMLButtonElement | undefined)?.click();
        },
        title,
      );
    const note = (pattern: string): Promise<unknown> =>
      page.waitForFunction(
        (text) =>
          new RegExp(text).test(document.querySelector('.explorer-note')?.textContent ?? ''),
        { timeout: 30_000 },
        pattern,
      );
    await note('spikes from');
    await press('Take spikes again');
    // Until it says that it loads.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await note('[\\d,]{5,} spikes from');
    await page.$eval('.explorer-plot', (element) => element.scrollIntoView({ block: 'center' }));
    const box = await (await page.$('.explorer-points'))?.boundingBox();
    if (!box) throw new Error('no points');
    const at = (x: number, y: number): [number, number] => [
      box.x + x * box.width,
      box.y + y * box.height,
    ];
    await page.mouse.move(...at(0.5, 0.5));
    await page.mouse.wheel({ deltaY: -300 });
    await press('Lasso');
    await page.mouse.move(...at(0.2, 0.2));
    await page.mouse.down();
    for (const [x, y] of [
      [0.7, 0.25],
      [0.65, 0.8],
      [0.25, 0.75],
      [0.2, 0.22],
    ] as const) {
      await page.mouse.move(...at(x, y), { steps: 6 });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await page.mouse.up();
    await note('[\\d,]+ neurons picked');
    const lit = await page.$eval('.explorer-points', (element) => {
      const source = element as HTMLCanvasElement;
      const copy = document.createElement('canvas');
      copy.width = source.width;
      copy.height = source.height;
      const context = copy.getContext('2d') as CanvasRenderingContext2D;
      context.drawImage(source, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      // Points reach the lower right corner too: the picture is as large as its place.
      const corner = context.getImageData(0.8 * copy.width, 0.8 * copy.height, 40, 30).data;
      return [data, corner].map((pixels) => new Set(new Uint32Array(pixels.buffer)).size);
    });
    expect(Math.min(...lit)).toBeGreaterThan(1);
    await page.screenshot({ path: `${SCREENSHOTS}/explorer-lasso.png` });
    expect(
      await page.evaluate(() => (window as unknown as { violations: string[] }).violations),
    ).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});
