/**
 * Five people and their first minute with the built page, from the link they were given to what they carry away: a student
 * with a phone, a modeller with a Brian 2 script, somebody with a connectome, somebody with a NIR file, an author who puts
 * a network into a page of their own. Each does what a person can do; parts are tested for themselves in app-*.test.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type AppPage,
  closeApp,
  coloursSeen,
  dropFiles,
  fieldOf,
  fill,
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
import { collectErrors, launchChromium, type Served, servePage } from '../support/chromium.ts';
import { dataPath, describeReference } from '../support/reference.ts';

const SCREENSHOTS = '.cache/screenshots/journeys';
const DIST = resolve(import.meta.dirname, '../../dist');
const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true };

let served: Served;
let browser: Browser;
let downloads: string;
let app: AppPage | null = null;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  downloads = mkdtempSync(join(tmpdir(), 'wetware-journeys-'));
  served = await servePage();
  browser = await launchChromium({ webgpu: false });
});
afterEach(async () => {
  const opened = app;
  app = null;
  if (!opened) return;
  const errors = [...opened.errors];
  await closeApp(opened);
  expect(errors).toEqual([]);
});
afterAll(async () => {
  rmSync(downloads, { recursive: true, force: true });
  await browser?.close();
  await served?.close();
});

async function open(hash: string, options = {}): Promise<Page> {
  app = await openApp(browser, served, hash, options);
  return app.page;
}

/** Looks at a step: a picture of it is kept, nothing sticks out, and the raster is not blank. */
async function look(page: Page, name: string, raster = true): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  if (raster) expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
}

/** What a person saves lands here; resolves with its content once it is all there. */
async function saved(
  page: Page,
  act: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
  const client = await page.createCDPSession();
  const folder = mkdtempSync(join(downloads, 'saved-'));
  await client.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await act();
  const end = Date.now() + 60_000;
  for (;;) {
    const [name] = readdirSync(folder).filter((one) => !one.endsWith('.crdownload'));
    if (name !== undefined) {
      await client.detach();
      return { name, bytes: readFileSync(join(folder, name)) };
    }
    if (Date.now() > end) throw new Error('Nothing was saved.');
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** Rate of the first population in the table of rates, spikes/s. */
const rateOf = (page: Page): Promise<number> =>
  page.$eval('#panel tbody tr', (row) => Number(row.querySelectorAll('td')[2]?.textContent));

/** Drags a slider to a part of its way, as a finger or a mouse does. */
async function drag(page: Page, label: string, to: number): Promise<void> {
  const slider = (await page.waitForSelector(
    `input[type=range][aria-label="${label}"]`,
  )) as ElementHandle;
  const box = await slider.boundingBox();
  if (!box) throw new Error(`The slider ${label} is not to be seen.`);
  const now = await slider.evaluate((element) => {
    const { value, min, max } = element as HTMLInputElement;
    return (Number(value) - Number(min)) / (Number(max) - Number(min));
  });
  // The thumb is as wide as the slider is high, and stays within it.
  const at = (part: number): number => box.x + box.height / 2 + part * (box.width - box.height);
  const y = box.y + box.height / 2;
  await page.mouse.move(at(now), y);
  await page.mouse.down();
  await page.mouse.move(at((now + to) / 2), y);
  await page.mouse.move(at(to), y);
  await page.mouse.up();
}

async function closeSheet(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { hidden: true });
}

/** Runs to a time exactly in the sheet "Link" and returns the hash of all spikes. */
async function hashAt(page: Page, ms: number): Promise<string> {
  await openSheet(page, /^Share$/, /^Link$/);
  await fill(page, '#run-to', String(ms));
  await page.locator('#run-to-go').click();
  await waitForText(page, '#run-now', new RegExp(`^${ms.toFixed(1)} ms$`));
  await page.waitForSelector('#spike-hash');
  return textOf(page, '#spike-hash');
}

describe('a student with a phone and the link of the lecture', () => {
  it('changes excitation and inhibition, sees one neuron, and sends the link on', async () => {
    const page = await open('#example=coba&engine=cpu', PHONE);
    // The picture moves by itself, and sliders and picture are on the first screen.
    await waitForTime(page, 600);
    await look(page, 'student-1-first');
    for (const slider of ['Excitation', 'Inhibition']) {
      const box = await (await page.$(`input[aria-label="${slider}"]`))?.boundingBox();
      expect(box?.y).toBeLessThan(PHONE.height * 0.7);
    }
    const raster = await (await page.$('#live'))?.boundingBox();
    expect(raster?.y).toBeLessThan(PHONE.height * 0.7);
    await page.waitForFunction(() =>
      /\d/.test(document.querySelector('#panel tbody td:nth-of-type(3)')?.textContent ?? ''),
    );
    const before = await rateOf(page);
    expect(before).toBeGreaterThan(1);

    await drag(page, 'Inhibition', 0.1);
    await page.waitForFunction(
      (old) => Number(document.querySelectorAll('#panel tbody tr td')[2]?.textContent) > 2 * old,
      { timeout: 60_000 },
      before,
    );
    // In words, too.
    await waitForText(page, '#panel', /(^|[^r])regular|synchronous/i);
    await look(page, 'student-2-inhibition-down');

    // A tap on the raster shows the voltage of that neuron.
    const picture = await (await page.$('.raster-frame'))?.boundingBox();
    if (!picture) throw new Error('There is no raster.');
    await page.touchscreen.tap(picture.x + picture.width / 2, picture.y + picture.height / 3);
    await page.waitForSelector('#tab-traces[aria-selected=true]');
    await page.waitForFunction(() => /probes=neurons/.test(location.hash));
    await page.$eval('#panel', (panel) => panel.scrollIntoView());
    await page.waitForSelector('#panel canvas');
    await page.waitForFunction(
      (from) => Number.parseFloat(document.querySelector('#time')?.textContent ?? '') !== from,
      {},
      await shownTime(page),
    );
    await look(page, 'student-3-one-neuron', false);
    expect(await coloursSeen(page, '#panel canvas')).toBeGreaterThan(3);

    await openSheet(page, /^Share$/, /^Link$/);
    const link = await page
      .waitForSelector('#link')
      .then((field) => field?.evaluate((area) => (area as HTMLTextAreaElement).value));
    await look(page, 'student-4-link', false);
    await closeSheet(page);
    const here = await hashAt(page, 100);
    expect(here).toMatch(/^[0-9a-f]{64}$/);
    // A friend opens it elsewhere: same values, same seed: same spikes.
    const friend = await openApp(browser, served, new URL(link ?? '').hash);
    await waitForTime(friend.page, 20);
    expect(await hashAt(friend.page, 100)).toBe(here);
    expect(friend.errors).toEqual([]);
    await closeApp(friend);
  });
});

const SCRIPT = `from brian2 import *

taum = 20*ms
eqs = '''
dv/dt  = (ge + gi - (v + 49*mV))/taum : volt (unless refractory)
dge/dt = -ge/(5*ms) : volt
dgi/dt = -gi/(10*ms) : siemens
'''
P = NeuronGroup(400, eqs, threshold='v > -50*mV', reset='v = -60*mV', refractory=5*ms)
P.v = '-60*mV + rand()*10*mV'
Ce = Synapses(P[:320], P, on_pre='ge += 1.62*mV')
Ci = Synapses(P[320:], P, on_pre='gi += -9*mV')
Ce.connect(p=0.1)
Ci.connect(p=0.1)
run(1*second)
`;

describe('a modeller with a Brian 2 script', () => {
  it('is shown the wrong unit, puts it right, runs, makes it larger, and takes a script and a figure along', async () => {
    const page = await open('#example=two-neurons&engine=cpu');
    await waitForTime(page, 1);
    await openSheet(page, /^Open$/, /Paste from Brian 2/);
    const editor = (await page.waitForFunction(() =>
      document.querySelector('.paste .code-field > div')?.shadowRoot?.querySelector('.cm-content'),
    )) as ElementHandle<HTMLElement>;
    await editor.focus();
    await page.keyboard.sendCharacter(SCRIPT);
    // Line, what is there and what should be.
    await waitForText(page, '.paste .problem', /volt.*siemens|siemens.*volt/s);
    expect(await textOf(page, '.paste .problem')).toMatch(/\^/);
    await look(page, 'modeller-1-wrong-unit', false);
    await press(page, /^line \d+$/, '.paste .problem');
    await page.waitForFunction((element) => element.matches(':focus'), {}, editor);
    await new Promise((wake) => setTimeout(wake, 300));
    // The wrong equation is the third, whichever line the mark is in.
    const line = SCRIPT.split('\n').findIndex((text) => text.includes('siemens'));
    await page.keyboard.down('Control');
    await page.keyboard.press('Home');
    await page.keyboard.up('Control');
    for (let k = 0; k < line; k++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    for (let k = 0; k < 'siemens'.length; k++) await page.keyboard.press('Backspace');
    await page.keyboard.type('volt');
    await waitForText(page, '.paste-summary', /400 neurons/);
    expect(await page.$('.paste .problem')).toBeNull();
    await look(page, 'modeller-2-put-right', false);
    await press(page, /Open this network/, '.paste');
    await waitForText(page, '.status', /Brian 2 script/);
    await waitForTime(page, 300);
    await look(page, 'modeller-3-runs');

    // More neurons and sparser connections, in the fields beside the picture; the new network takes over by itself.
    await fill(page, await fieldOf(page, 'Neurons'), '1000');
    await waitForText(page, '#neurons', /^1,000$/);
    const synapses = async (): Promise<number> =>
      Number((await textOf(page, '#synapses')).replaceAll(',', ''));
    const dense = await synapses();
    await page.locator('[data-row^="projection"]').click();
    await fill(page, await fieldOf(page, 'p'), '0.05');
    await page.waitForFunction(
      (old) => Number(document.querySelector('#synapses')?.textContent?.replaceAll(',', '')) < old,
      { timeout: 60_000 },
      dense,
    );
    await waitForTime(page, 400);
    await openPanel(page, 'statistics');
    await waitForText(page, '#panel', /CV/);
    await page.waitForSelector('#panel canvas');
    await look(page, 'modeller-4-statistics');

    await openSheet(page, /^Share$/, /^Export$/);
    const script = await saved(page, () => page.locator('#export-brian2').click());
    expect(script.name).toMatch(/\.py$/);
    expect(script.bytes.toString()).toMatch(/NeuronGroup\(\s*1000/);
    const spikes = await saved(page, () => page.locator('#export-spikes-csv').click());
    expect(spikes.bytes.toString().split('\n').length).toBeGreaterThan(20);
    await look(page, 'modeller-5-export', false);
    await closeSheet(page);
    await openSheet(page, /^Share$/, /^Figure$/);
    await page.waitForSelector('#figure-svg:not([disabled])', { timeout: 60_000 });
    const figure = await saved(page, () => page.locator('#figure-svg').click());
    expect(figure.bytes.toString()).toMatch(/^<svg [^>]*width="(85|114|174)mm"/);
    await look(page, 'modeller-6-figure', false);
  });
});

describeReference('somebody with a connectome', () => {
  it('finds the fly in the gallery, drops tables of connections, and has the neurons by their ids', async () => {
    const page = await open('#example=two-neurons&engine=cpu&pace=fast');
    await waitForTime(page, 1);
    await openSheet(page, /^Open$/, /^Examples$/);
    await page.waitForSelector('.gallery .card');
    await page.type('.gallery-search input', 'fly');
    await page.waitForSelector('[data-example="flywire-like"]');
    expect(await page.$$eval('.gallery .card', (cards) => cards.length)).toBeLessThan(8);
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLImageElement>('.gallery img')].every(
        (image) => image.complete && image.naturalWidth > 0,
      ),
    );
    await look(page, 'connectome-1-gallery', false);
    await closeSheet(page);
    await dropFiles(page, [dataPath('flywire-p9/edges.csv'), dataPath('flywire-p9/nodes.csv')]);
    await page.waitForSelector('form.found .mapper');
    await look(page, 'connectome-2-columns', false);
    await press(page, /^Open$/, 'form.found');
    await waitForText(page, '#neurons', /392/);
    await openPanel(page, 'neurons');
    const id = readFileSync(dataPath('flywire-p9/nodes.csv'), 'utf8')
      .split('\n')[4]
      ?.split(',')[1] as string;
    await page.waitForSelector('#find-neurons');
    await page.type('#find-neurons', id.slice(9));
    await waitForText(page, '.neurons-found', new RegExp(id));
    await page.locator('.neurons-found').click();
    await waitForText(page, '.neurons-picked', new RegExp(id));
    await waitForTime(page, 500);
    await look(page, 'connectome-3-found');
  });
});

describeReference('somebody with a NIR file', () => {
  it('drops it, sees its layers, and it runs', async () => {
    const page = await open('#example=two-neurons&engine=cpu&pace=fast');
    await waitForTime(page, 1);
    await dropFiles(page, [dataPath('nir/braille_noDelay_noBias_subtract.nir')]);
    await press(page, /^Open$/, 'form.found');
    // 12 inputs, 40 hidden neurons, 7 outputs, as in the file.
    const sizes = ['12', '40', '7'];
    await page.waitForFunction(
      (wanted) => {
        const rows = [...document.querySelectorAll('[data-row^="population"]')];
        return wanted.every((size) => rows.some((row) => row.textContent?.endsWith(size)));
      },
      { timeout: 30_000 },
      sizes,
    );
    // The one before ran until it was built.
    await waitForText(page, '#title', /^nir$/);
    expect(await textOf(page, '#neurons')).toBe('59');
    await waitForTime(page, 100);
    await look(page, 'nir', false);
  });
});

describe('an author', () => {
  let site: Server | undefined;
  afterAll(() => site?.close());

  it('copies two lines of HTML, and the page that has them runs the network', async () => {
    const page = await open('#example=izhikevich&engine=cpu');
    await waitForTime(page, 50);
    await openSheet(page, /^Share$/, /^Link$/);
    const context = page.browserContext();
    await context.overridePermissions(new URL(served.url).origin, [
      'clipboard-read',
      'clipboard-sanitized-write',
    ]);
    await page.bringToFront();
    await page.waitForSelector('#embed');
    await look(page, 'author-1-code', false);
    await page.evaluate(() => {
      const field = document.querySelector('#embed');
      field?.parentElement?.querySelector('button')?.click();
    });
    await waitForText(page, 'dialog[open]', /copied/i);
    const code = await page.$eval('#embed', (field) => (field as HTMLTextAreaElement).value);
    expect(code.split('\n')).toHaveLength(2);
    expect(code).toMatch(/cdn\.jsdelivr\.net\/npm\/wetware\/dist\/element\.js/);

    if (!existsSync(join(DIST, 'element.js'))) {
      throw new Error('dist/element.js is MISSING: npm run build makes it.');
    }
    // One server for the author's page and for the files of the network of delivery; app-element.test.ts has two origins.
    const delivered = 'https://cdn.jsdelivr.net/npm/wetware/dist/';
    const html = `<!doctype html><html lang="en"><title>A lesson</title><link rel="icon" href="data:,">
      ${code.replace(delivered, '/dist/')}</html>`;
    const made = createServer(({ url = '/' }, response) => {
      if (url === '/') {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
        return;
      }
      const path = normalize(join(DIST, url.replace(/^\/dist\//, '')));
      const isThere = path.startsWith(DIST) && existsSync(path);
      response
        .writeHead(isThere ? 200 : 404, { 'Content-Type': 'text/javascript' })
        .end(isThere ? readFileSync(path) : '');
    });
    site = made;
    const address = await new Promise<string>((listening) =>
      made.listen(0, '127.0.0.1', () =>
        listening(`http://127.0.0.1:${(made.address() as AddressInfo).port}/`),
      ),
    );
    const lesson = await context.newPage();
    const errors = collectErrors(lesson);
    await lesson.setViewport({ width: 800, height: 600 });
    await lesson.goto(address);
    await lesson.waitForFunction(
      () =>
        document.querySelector('wetware-network')?.shadowRoot?.querySelector('#play')
          ?.textContent === 'Pause',
      { timeout: 60_000 },
    );
    await lesson.evaluate(() => {
      const element = document.querySelector<HTMLElement>('wetware-network');
      element?.addEventListener('spikes', (event) => {
        const { count } = (event as CustomEvent<{ count: number }>).detail;
        element.setAttribute('data-heard', String(Number(element.dataset.heard ?? 0) + count));
      });
    });
    await lesson.waitForSelector('wetware-network[data-heard]:not([data-heard="0"])');
    await new Promise((wake) => setTimeout(wake, 1000));
    await lesson.screenshot({ path: `${SCREENSHOTS}/author-2-embedded.png` });
    expect(await coloursSeen(lesson, 'wetware-network')).toBeGreaterThan(3);
    expect(await overflowOf(lesson)).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
  });
});
