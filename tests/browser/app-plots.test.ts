/** Panels of plots in the built page: what they draw, their numbers, the window and cursor they share, and access. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where the page puts what it copies, instead of the clipboard. */
const CATCH_COPIES = `Object.defineProperty(navigator, 'clipboard', {
  value: { writeText: async (text) => { window.copied = text; } },
});`;

let browser: Browser;
let served: Served;
let page: Page;
let errors: string[];

async function open(hash: string): Promise<void> {
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 1400 });
  errors = collectErrors(page);
  await page.evaluateOnNewDocument(CATCH_COPIES);
  await page.goto(served.url + hash);
  await page.waitForSelector('#panel .plot canvas, #panel .plot-empty', { timeout: 60_000 });
}

const panel = (name: string): Promise<void> =>
  page.$eval(`#tab-${name}`, (tab) => (tab as HTMLElement).click());

const text = (selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).textContent);

const press = (label: string): Promise<void> =>
  page.evaluate((wanted) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('#panel button')];
    const found = buttons.find((button) => button.textContent.trim() === wanted);
    if (!found) throw new Error(`no button ${wanted}`);
    found.click();
  }, label);

/** What "Copy" gives: the names of columns, and rows of numbers. */
async function copied(): Promise<{ names: string[]; rows: number[][] }> {
  await page.evaluate('window.copied = ""');
  await press('Copy');
  await page.waitForFunction('window.copied !== ""');
  const lines = ((await page.evaluate('window.copied')) as string).trim().split('\n');
  const [head = '', ...rest] = lines;
  return { names: head.split(','), rows: rest.map((line) => line.split(',').map(Number)) };
}

/** Share of the pixels of a plot that are coloured otherwise than its background. */
const inkOf = (selector: string): Promise<number> =>
  page.$eval(selector, (element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    let inked = 0;
    for (let k = 3; k < data.length; k += 4) if ((data[k] as number) > 0) inked++;
    return inked / (data.length / 4);
  });

async function faults(): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(
          where: string,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run('#panel');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

describe('plots of a running network', () => {
  beforeAll(() => open('#example=coba&engine=cpu&pace=fast&panel=rates'), 90_000);
  afterAll(async () => {
    await page.close();
  });

  it('draws rates, and says them in a table', { timeout: 60_000 }, async () => {
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLElement>('.rates td:nth-child(3)')?.textContent) > 1,
      { timeout: 30_000 },
    );
    expect(await inkOf('.rates canvas')).toBeGreaterThan(0.01);
    // What regularity means needs some spikes of each neuron.
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('.plot-reading')?.textContent.includes('mean CV'),
      { timeout: 30_000 },
    );
    const { names, rows } = await copied();
    expect(names).toEqual(['time (ms)', 'neurons (spikes/s)']);
    for (let k = 1; k < rows.length; k++) {
      expect((rows[k]?.[0] as number) - (rows[k - 1]?.[0] as number)).toBeCloseTo(5, 6);
    }
    expect(await faults()).toEqual([]);
  });

  it('zooms to a dragged interval, on time only, in all plots, and follows again', {
    timeout: 60_000,
  }, async () => {
    await page.waitForFunction(
      () =>
        Number.parseFloat(document.querySelector<HTMLElement>('#time')?.textContent ?? '') > 1100,
      { timeout: 30_000 },
    );
    await page.click('#play');
    // What was under way when it was paused still comes.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const whole = await copied();
    const first = whole.rows[0]?.[0] as number;
    const last = whole.rows.at(-1)?.[0] as number;
    const box = await (await page.$('.rates .u-over'))?.boundingBox();
    if (!box) throw new Error('no plot');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 5 });
    await page.mouse.up();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const half = await copied();
    const span = last - first;
    // To a bin on either side.
    expect(Math.abs((half.rows[0]?.[0] as number) - (first + span * 0.25))).toBeLessThan(15);
    expect(Math.abs((half.rows.at(-1)?.[0] as number) - (first + span * 0.75))).toBeLessThan(15);

    await panel('traces');
    await page.waitForSelector('.traces .plot canvas');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const traces = await copied();
    expect(Math.abs((traces.rows[0]?.[0] as number) - (half.rows[0]?.[0] as number))).toBeLessThan(
      6,
    );

    await page.mouse.click(box.x + box.width / 2, (await plotMiddle('.traces .u-over')).y, {
      count: 2,
    });
    await panel('rates');
    await page.waitForSelector('.rates .plot canvas');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await copied()).rows.length).toBeGreaterThan(half.rows.length * 1.8);
  });

  it('shares its cursor: values at the time under the pointer', { timeout: 60_000 }, async () => {
    const middle = await plotMiddle('.rates .u-over');
    await page.mouse.move(middle.x, middle.y);
    await page.waitForSelector('.rates-here');
    await page.mouse.move(5, 5);
    await page.waitForFunction(() => document.querySelector('.rates-here') === null);
  });

  it('draws the neurons that are typed, and says what it cannot read', {
    timeout: 60_000,
  }, async () => {
    await panel('traces');
    await page.click('#play');
    const field = '.traces-neurons input';
    await page.waitForSelector(field);
    await page.click(field, { count: 3 });
    await page.type(field, '5, 17\n');
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll<HTMLElement>('.traces tbody button')]
          .map((button) => button.textContent.trim())
          .join() === '5,17',
      { timeout: 20_000 },
    );
    expect(await inkOf('.traces canvas')).toBeGreaterThan(0.01);
    const { names, rows } = await copied();
    expect(names[1]).toMatch(/^v \(mV\) of 5$/);
    const voltages = rows.map((row) => row[1] as number);
    expect(Math.max(...voltages)).toBeLessThanOrEqual(-50);
    expect(Math.min(...voltages)).toBeGreaterThan(-90);
    const sound = () =>
      page.$eval('.traces button[title*="click"]', (button) => button.ariaPressed);
    expect(await sound()).toBe('false');
    await page.click('.traces button[title*="click"]');
    expect(await sound()).toBe('true');
    await page.click(field, { count: 3 });
    await page.type(field, '4000\n');
    await page.waitForFunction(() =>
      document
        .querySelector<HTMLElement>('#traces-problem')
        ?.textContent.includes('no neuron 4000'),
    );
    expect(await faults()).toEqual([]);
  });

  it('counts spikes, intervals and their variability', { timeout: 60_000 }, async () => {
    await panel('statistics');
    await page.waitForFunction(
      () => /mean CV/.test(document.querySelector<HTMLElement>('.plot-reading')?.textContent ?? ''),
      { timeout: 20_000 },
    );
    expect(await page.$$eval('.histograms canvas', (found) => found.length)).toBe(3);
    const labels = await page.$$eval('.histograms [role=img]', (found) =>
      found.map((one) => one.getAttribute('aria-label')),
    );
    expect(labels[0]).toMatch(/Spikes per neuron of neurons: 4,000, mean/);
    await page.click('.histograms input[type=checkbox]');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await inkOf('.histograms-plots > :nth-child(2) canvas')).toBeGreaterThan(0.01);
    expect(await faults()).toEqual([]);
  });

  it('draws the spectrum over positive frequencies', { timeout: 60_000 }, async () => {
    await panel('spectrum');
    await page.waitForSelector('.spectrum canvas');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { names, rows } = await copied();
    expect(names[0]).toBe('frequency (Hz)');
    expect(rows.every((row) => (row[0] as number) > 0)).toBe(true);
    expect(await inkOf('.spectrum canvas')).toBeGreaterThan(0.01);
    expect(await faults()).toEqual([]);
  });

  it('counts synapses by delay and by value', { timeout: 60_000 }, async () => {
    await panel('weights');
    await page.waitForFunction(
      () =>
        /synapses, (mean|all)/.test(
          document.querySelector<HTMLElement>('.weights')?.textContent ?? '',
        ),
      { timeout: 20_000 },
    );
    const { rows } = await copied();
    const synapses = rows.reduce((sum, row) => sum + (row[2] as number), 0);
    expect(await text('.weights .plot-reading')).toContain(synapses.toLocaleString('en'));
    expect(await faults()).toEqual([]);
  });

  it('has no panel of slow variables where there are none', async () => {
    expect(await page.$('#tab-slow')).toBeNull();
    expect(errors).toEqual([]);
  });
});

describe('slow variables', () => {
  beforeAll(
    () => open('#example=homeostasis&neurons=500&engine=cpu&pace=fast&panel=slow&at=1%20s'),
    90_000,
  );
  afterAll(async () => {
    await page.close();
  });

  it('are drawn from the start over logarithmic time', { timeout: 60_000 }, async () => {
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('.slow figcaption')?.textContent.includes('±'),
      { timeout: 30_000 },
    );
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const { names, rows } = await copied();
    expect(names[0]).toBe('time (ms)');
    expect(rows.length).toBeGreaterThan(3);
    for (let k = 1; k < rows.length; k++) {
      expect(rows[k]?.[0]).toBeGreaterThan(rows[k - 1]?.[0] as number);
    }
    expect(await inkOf('.slow canvas')).toBeGreaterThan(0.01);
    expect(await faults()).toEqual([]);
    expect(errors).toEqual([]);
  });
});

async function plotMiddle(selector: string): Promise<{ x: number; y: number }> {
  await page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
  const box = await (await page.$(selector))?.boundingBox();
  if (!box) throw new Error(`no ${selector}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
