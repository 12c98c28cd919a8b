/**
 * Keeping and sharing in the production page: reloading loses nothing but the activity, links open the same network with
 * the same spikes elsewhere, bad links are said, projects are listed, names are text, two tabs do not destroy each other.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packDocument } from '../../src/app/state/packed.ts';
import { examples } from '../../src/examples/index.ts';
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';

const CUBA = '#example=cuba&neurons=500&engine=cpu';
const PUBLIC = resolve(import.meta.dirname, '../../dist/app');
/** A document beside the page, for #src=. */
const REMOTE = 'kept-elsewhere.wetware.json';

let served: Served;
let browser: Browser;
let context: BrowserContext;
beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium({ webgpu: false });
  context = await browser.createBrowserContext();
});
// A test that fails leaves pages behind that would slow the others down.
afterEach(async () => {
  const pages = await browser.pages();
  for (const page of pages.slice(1)) await page.close();
});
afterAll(async () => {
  rmSync(`${PUBLIC}/${REMOTE}`, { force: true });
  await browser?.close();
  await served?.close();
});

async function open(hash: string, where = context): Promise<{ page: Page; errors: string[] }> {
  const page = await where.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const errors = collectErrors(page);
  await page.goto(hash.startsWith('http') ? hash : `${served.url}${hash}`);
  return { page, errors };
}

const text = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

const built = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () =>
      /[1-9]/.test(document.querySelector('#neurons')?.textContent ?? '') &&
      !document.querySelector('#building'),
    { timeout: 15_000 },
  );

const waitForAddress = (page: Page, pattern: RegExp): Promise<unknown> =>
  page.waitForFunction((source) => new RegExp(source).test(location.hash), {}, pattern.source);

/** Moves a slider of the inspector, as one change. */
async function slide(page: Page, label: string, value: number): Promise<void> {
  await page.waitForSelector(`input[aria-label="${label}, slider"]`);
  await page.$eval(
    `input[aria-label="${label}, slider"]`,
    (element, to) => {
      const input = element as HTMLInputElement;
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    value,
  );
}

/** The inspector is loaded after the network. */
async function sliderAt(page: Page, label: string): Promise<number> {
  const slider = `input[aria-label="${label}, slider"]`;
  await page.waitForSelector(slider);
  return page.$eval(slider, (element) => Number((element as HTMLInputElement).value));
}

async function sheet(page: Page, menu: string, item: string): Promise<void> {
  await page.click(`.doors button[aria-label="${menu}"]`);
  await page.evaluate((title) => {
    for (const button of document.querySelectorAll<HTMLElement>('.menu-list button')) {
      if (button.textContent?.trim() === title) button.click();
    }
  }, item);
}

/** Runs to a time exactly in an open sheet and returns the hash of all spikes. */
async function hashAt(page: Page, ms: number): Promise<string> {
  await page.waitForSelector('#run-to');
  await page.$eval(
    '#run-to',
    (element, to) => {
      const input = element as HTMLInputElement;
      input.value = String(to);
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    ms,
  );
  await page.click('#run-to-go');
  await page.waitForFunction(
    (now) =>
      document.querySelector('#run-now')?.textContent === now &&
      document.querySelector('#spike-hash') !== null,
    { timeout: 60_000 },
    `${ms.toFixed(1)} ms`,
  );
  return text(page, '#spike-hash');
}

const link = (page: Page): Promise<string> =>
  page
    .waitForSelector('#link')
    .then(() => page.$eval('#link', (element) => (element as HTMLTextAreaElement).value));

describe('reloading', () => {
  it('in the middle of edits loses neither values nor undo', async () => {
    const { page, errors } = await open(CUBA);
    await built(page);
    await slide(page, 'w_exc', 1.8);
    await page.reload();
    await built(page);
    expect(await sliderAt(page, 'w_exc')).toBeCloseTo(1.8, 5);
    // Several changes, undone in part, and a reload before anything had time to be written.
    await slide(page, 'w_inh', -7);
    await page.click('#undo');
    await page.reload();
    await built(page);
    expect(await sliderAt(page, 'w_exc')).toBeCloseTo(1.8, 5);
    expect(await sliderAt(page, 'w_inh')).toBeCloseTo(-9, 5);
    await page.click('#redo');
    expect(await sliderAt(page, 'w_inh')).toBeCloseTo(-7, 5);
    await page.click('#undo');
    await page.click('#undo');
    expect(await sliderAt(page, 'w_exc')).toBeCloseTo(1.62, 5);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('without an address goes on where somebody left off, and back leads to the project before', async () => {
    const { page } = await open('#example=two-neurons&engine=cpu');
    await built(page);
    await page.waitForFunction(() => history.state !== null);
    await page.evaluate(() => {
      location.hash = '#example=cuba&neurons=300&engine=cpu';
    });
    await page.waitForFunction(() =>
      /CUBA/.test(document.querySelector('#title')?.textContent ?? ''),
    );
    await slide(page, 'w_exc', 2);
    await waitForAddress(page, /^#net=1/);
    await page.close();
    const { page: again } = await open('');
    await built(again);
    expect(await sliderAt(again, 'w_exc')).toBeCloseTo(2, 5);
    await again.evaluate(() => {
      location.hash = '#example=two-neurons&engine=cpu';
    });
    await again.waitForFunction(() => /Two neurons/.test(document.title));
    await again.goBack();
    await again.waitForFunction(() => /edited/.test(document.title));
    expect(await sliderAt(again, 'w_exc')).toBeCloseTo(2, 5);
    await again.close();
  });
});

describe('a link', () => {
  it('opens the same network elsewhere, with the same spikes on the same engine', async () => {
    const { page, errors } = await open(CUBA);
    await built(page);
    await slide(page, 'w_exc', 1.9);
    await waitForAddress(page, /^#net=1/);
    await sheet(page, 'Share', 'Link');
    const copied = await link(page);
    expect(copied).toBe(await page.evaluate(() => location.href));
    expect(await text(page, '#link-contents')).toMatch(/1 populations? and 2 projections; seed 1/);
    const here = await hashAt(page, 150);
    expect(here).toMatch(/^[0-9a-f]{64}$/);

    const elsewhere = await browser.createBrowserContext();
    const { page: other, errors: others } = await open(copied, elsewhere);
    await built(other);
    expect(await sliderAt(other, 'w_exc')).toBeCloseTo(1.9, 5);
    await sheet(other, 'Share', 'Link');
    expect(await hashAt(other, 150)).toBe(here);
    // A run that is beyond the time begins anew.
    await hashAt(other, 200);
    expect(await hashAt(other, 150)).toBe(here);
    expect(errors).toEqual([]);
    expect(others).toEqual([]);
    await elsewhere.close();
    await page.close();
  });

  it('names a document beside the page, and says where it is from', async () => {
    const network = examples.cuba?.build({ neurons: 200 }, { seed: 4 });
    writeFileSync(`${PUBLIC}/${REMOTE}`, JSON.stringify({ ...network, name: 'from elsewhere' }));
    const { page } = await open(`#src=${REMOTE}&engine=cpu`);
    await page.waitForFunction(
      () => document.querySelector('#title')?.textContent === 'from elsewhere',
    );
    expect(await text(page, '#notice')).toMatch(/comes from 127\.0\.0\.1/);
    await page.close();
  });

  it.each([
    ['#example=cubaa', /no example "cubaa".*Known: /s],
    ['#net=1abc', /cannot be read/],
    ['#seed=many', /seed must be a whole number/],
    ['#src=http://example.org/x.json', /must come by https/],
    ['#src=missing.wetware.json', /is not there|is no JSON/],
  ])('that is wrong, %s, is said, and another network runs', async (hash, message) => {
    const elsewhere = await browser.createBrowserContext();
    const { page } = await open(hash, elsewhere);
    await page.waitForSelector('#failure[data-reason="address"]', { timeout: 30_000 });
    expect(await text(page, '#failure p')).toMatch(message);
    await built(page);
    expect(await text(page, '#title')).toMatch(/COBA/);
    await elsewhere.close();
  });

  it('that says nothing of a network that can be built is wrong too', async () => {
    const network = { ...examples.cuba?.build({ neurons: 100 }), dt: '0.1 mV' };
    const { page } = await open(`#net=${await packDocument(network as never)}`);
    await page.waitForSelector('#failure[data-reason="address"]', { timeout: 30_000 });
    expect(await text(page, '#failure p')).toMatch(/dt/);
    await page.close();
  });

  it('shows what is written in it as text', async () => {
    const name = '<img src=x onerror="window.owned=1"><b>bold</b>';
    const shown = name.replaceAll('"', '');
    const network = { ...examples.cuba?.build({ neurons: 100 }), name: shown };
    const { page, errors } = await open(`#net=${await packDocument(network as never)}&engine=cpu`);
    await built(page);
    expect(await text(page, '#title')).toBe(shown);
    expect(await page.$$('#title *')).toHaveLength(0);
    await sheet(page, 'Open', 'Projects');
    await page.waitForSelector('.project');
    expect(await text(page, '.project h3')).toBe(shown);
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('projects', () => {
  it('are listed, renamed, copied, deleted and brought back', async () => {
    const elsewhere = await browser.createBrowserContext();
    const { page, errors } = await open(CUBA, elsewhere);
    await built(page);
    await slide(page, 'w_exc', 1.7);
    await waitForAddress(page, /^#net=1/);
    await page.evaluate(() => {
      location.hash = '#example=two-neurons&engine=cpu';
    });
    await page.waitForFunction(() => /two-neurons/.test(location.hash));
    await built(page);
    await sheet(page, 'Open', 'Projects');
    const names = (): Promise<string[]> =>
      page.$$eval('.project h3', (all) => all.map((one) => one.textContent ?? ''));
    await page.waitForFunction(() => document.querySelectorAll('.project').length === 2);
    expect((await names())[1]).toBe('cuba');
    await page.click('.project:nth-child(2) .project-rename');
    await page.type('.project-what input', ' of mine');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      /of mine/.test(document.querySelector('.projects')?.textContent ?? ''),
    );
    await page.click('.project:nth-child(2) .project-duplicate');
    await page.waitForFunction(() => document.querySelectorAll('.project').length === 3);
    expect(await names()).toContain('Copy of cuba of mine');
    await page.evaluate(() => {
      const rows = [...document.querySelectorAll('.project')];
      const row = rows.find((one) => one.querySelector('h3')?.textContent === 'cuba of mine');
      row?.querySelector<HTMLElement>('.project-delete')?.click();
    });
    await page.waitForSelector('#restore');
    expect(await names()).toHaveLength(2);
    await page.click('#restore');
    await page.waitForFunction(() => document.querySelectorAll('.project').length === 3);
    await page.evaluate(() => {
      const rows = [...document.querySelectorAll('.project')];
      const row = rows.find((one) => one.querySelector('h3')?.textContent === 'cuba of mine');
      row?.querySelector<HTMLElement>('.project-open')?.click();
    });
    await page.waitForFunction(() => /edited/.test(document.title));
    expect(await sliderAt(page, 'w_exc')).toBeCloseTo(1.7, 5);
    expect(errors).toEqual([]);

    // Another tab gets a copy, and what it changes is its own.
    const { page: tab } = await open('#example=two-neurons&engine=cpu', elsewhere);
    await built(tab);
    await sheet(tab, 'Open', 'Projects');
    await tab.waitForFunction(() =>
      /another tab/.test(document.querySelector('.projects')?.textContent ?? ''),
    );
    await tab.evaluate(() => {
      const rows = [...document.querySelectorAll('.project')];
      const row = rows.find((one) => /another tab/.test(one.textContent ?? ''));
      row?.querySelector<HTMLElement>('.project-open')?.click();
    });
    await tab.waitForFunction(() =>
      /copy/.test(document.querySelector('#notice')?.textContent ?? ''),
    );
    await built(tab);
    await slide(tab, 'w_exc', 2.2);
    await new Promise((done) => setTimeout(done, 800));
    await page.bringToFront();
    await page.reload();
    await built(page);
    expect(await sliderAt(page, 'w_exc')).toBeCloseTo(1.7, 5);
    await elsewhere.close();
  });

  it('of a window without a database are not kept, which is said once, and all else works', async () => {
    const elsewhere = await browser.createBrowserContext();
    const page = await elsewhere.newPage();
    const errors = collectErrors(page);
    await page.evaluateOnNewDocument(() => {
      indexedDB.open = () => {
        throw new DOMException('', 'InvalidStateError');
      };
    });
    await page.goto(`${served.url}${CUBA}`);
    await built(page);
    await page.waitForSelector('#notice');
    expect(await text(page, '#notice')).toMatch(/cannot keep anything/);
    await page.waitForFunction(() =>
      /[1-9]/.test(document.querySelector('#time')?.textContent ?? ''),
    );
    expect(errors).toEqual([]);
    await elsewhere.close();
  });
});

describe('a figure', () => {
  it('is drawn at the width of a column, and saved as it is shown', async () => {
    const { page, errors } = await open(`${CUBA}&probes=neurons:0`);
    await built(page);
    await sheet(page, 'Share', 'Figure');
    await hashAt(page, 200);
    await page.waitForFunction(() =>
      /0 to 200 ms/.test((document.querySelector('#figure-caption') as HTMLTextAreaElement)?.value),
    );
    await page.waitForFunction(() => {
      const image = document.querySelector('#figure-preview') as HTMLImageElement | null;
      return image?.complete && image.naturalWidth > 500;
    });
    const svg = await page
      .$eval('#figure-preview', async (image) => {
        const response = await fetch((image as HTMLImageElement).src);
        return response.text();
      })
      .catch(() => '');
    // The policy of the page forbids fetching what it made itself; the picture is there all the same.
    if (svg !== '') expect(svg).toMatch(/^<svg/);
    const caption = await page.$eval(
      '#figure-caption',
      (area) => (area as HTMLTextAreaElement).value,
    );
    const { version } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string };
    expect(caption).toMatch(/500 neurons, [\d,]+ synapses; time step 0\.1 ms, seed 1\./);
    expect(caption).toContain(`wetware ${version}, CPU`);
    expect(errors.filter((error) => !/connect-src|Fetch API/.test(error))).toEqual([]);
    await page.close();
  });
});
