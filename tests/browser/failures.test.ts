/**
 * What can go wrong, provoked in the production page as it happens to people: each time the page says what happened and
 * offers a way out, and the way out is taken. Faults as data are tested in app-simulation.test.ts, faults in equations and
 * scripts while they are typed in app-equations.test.ts.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packDocument } from '../../src/app/state/packed.ts';
import { examples } from '../../src/examples/index.ts';
import { Network } from '../../src/index.ts';
import {
  type AppPage,
  buttonsOf,
  closeApp,
  coloursSeen,
  dropFiles,
  fieldOf,
  fill,
  openApp,
  openSheet,
  overflowOf,
  press,
  shownTime,
  textOf,
  waitForText,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';

const SCREENSHOTS = '.cache/screenshots/failures';
const PUBLIC = 'dist/app';
const SMALL = '#example=cuba&neurons=300&engine=cpu';

let served: Served;
/** Without WebGPU: starts faster, and most failures have nothing to do with it. */
let browser: Browser;
let files: string;
let app: AppPage | null = null;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  files = mkdtempSync(join(tmpdir(), 'wetware-failures-'));
  served = await servePage();
  browser = await launchChromium({ webgpu: false });
});
afterEach(async () => {
  const opened = app;
  app = null;
  if (opened) await closeApp(opened);
});
afterAll(async () => {
  rmSync(files, { recursive: true, force: true });
  await browser?.close();
  await served?.close();
});

async function open(hash: string, where = browser, options = {}): Promise<Page> {
  app = await openApp(where, served, hash, options);
  return app.page;
}

/** The address of a network. */
const addressOf = async (net: Network, settings = 'engine=cpu'): Promise<string> =>
  `#net=${await packDocument(net.document)}&${settings}`;

function file(name: string, content: string | Uint8Array): string {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
}

/** Looks at a state: a picture of it is kept, and nothing sticks out. */
async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
}

const failureGone = (page: Page) => page.waitForSelector('#failure', { hidden: true });

/** Simulated time goes on from where it is. */
async function runsOn(page: Page, ms = 20): Promise<void> {
  await waitForTime(page, (await shownTime(page)) + ms);
}

describe('a machine', () => {
  it('without WebGPU runs on the CPU, and is told what would help', async () => {
    const page = await open('#example=coba&neurons=500');
    await waitForTime(page, 100);
    expect(await textOf(page, '#engine-used')).toMatch(/CPU/);
    expect(await textOf(page, '#banner')).toMatch(
      /no WebGPU here; running on the CPU.*Chrome or Edge 113.*chrome:\/\/gpu/s,
    );
    expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
    await look(page, 'no-webgpu');
    // Somebody insists on the GPU: the network that runs goes on, and the way back is a button.
    await page.select('#engine', 'gpu');
    await page.waitForSelector('#failure[data-reason="device"]');
    expect(await textOf(page, '#failure')).toMatch(/WebGPU.*The last good network goes on/s);
    await runsOn(page);
    await look(page, 'gpu-insisted');
    await press(page, /^Run on the CPU$/, '#failure');
    await failureGone(page);
    await runsOn(page);
    expect(app?.errors).toEqual([]);
  });

  it('without an adapter does the same', async () => {
    const blind = await launchChromium({ adapter: false });
    try {
      const page = await open('#example=coba&neurons=500', blind);
      await waitForTime(page, 50);
      expect(await textOf(page, '#engine-used')).toMatch(/CPU/);
      expect(await textOf(page, '#banner')).toMatch(/no WebGPU here.*chrome:\/\/gpu/s);
      expect(await coloursSeen(page, '#live')).toBeGreaterThan(3);
      expect(app?.errors).toEqual([]);
    } finally {
      app = null;
      await blind.close();
    }
  });

  it('with a software adapter is told so, and a lost device goes on from its checkpoint', async () => {
    const withGpu = await launchChromium();
    try {
      // At a slow pace, so that a checkpoint lies well before the loss.
      const page = await open('#example=cuba&neurons=300&engine=gpu&pace=0.02', withGpu);
      await waitForTime(page, 100);
      expect(await textOf(page, '#banner')).toMatch(
        /software adapter.*no measure of a GPU’s speed/s,
      );
      const client = await withGpu.target().createCDPSession();
      // The protocol's answer never comes from some versions.
      client.send('Browser.crashGpuProcess').catch(() => undefined);
      await page.waitForSelector('#failure[data-reason="lost"]', { timeout: 60_000 });
      await look(page, 'lost');
      const [, lost, from] =
        /lost at ([\d.]+) ms; the last checkpoint is of ([\d.]+) ms/.exec(
          await textOf(page, '#failure p'),
        ) ?? [];
      expect(Number(from)).toBeGreaterThan(0);
      expect(Number(from)).toBeLessThanOrEqual(Number(lost));
      await press(page, /^Go on on the CPU$/, '#failure');
      await failureGone(page);
      await waitForText(page, '#engine-used', /CPU/);
      // Never before the checkpoint, and on from there.
      expect(await shownTime(page)).toBeGreaterThanOrEqual(Number(from));
      expect(await textOf(page, '#notice')).toMatch(
        `Resumed from the last checkpoint, at ${from} ms.`,
      );
      await page.select('#pace', 'fast');
      await waitForTime(page, Number(lost) + 20);
    } finally {
      app = null;
      await withGpu.close();
    }
  });
});

describe('a network', () => {
  it('that is too big says what it needs and how it would fit; the last good one goes on', async () => {
    const net = new Network({ name: 'growing', dt: '0.1 ms', seed: 1 });
    net.population('cells', 100, {
      eqs: 'dv/dt = (2 - v)/(10*ms) : 1\nw : 1\nu : 1\nx : 1',
      threshold: 'v > 1',
      reset: 'v = 0',
    });
    const page = await open(await addressOf(net));
    await waitForTime(page, 20);
    await page.locator('[data-row="population cells"]').click();
    await fill(page, await fieldOf(page, 'Neurons'), '268435456');
    await page.waitForSelector('#failure[data-reason="device"]');
    expect(await textOf(page, '#failure')).toMatch(
      /needs \d+\.\d GiB; the CPU engine can address 4 GiB.*The last good network goes on/s,
    );
    const buttons = await buttonsOf(page, '#failure');
    expect(buttons).toEqual([
      expect.stringMatching(/^Take [\d,]+ neurons instead of 268,435,456$/),
      'Undo: Size of cells',
      'Close',
    ]);
    const fewer = Number(/Take ([\d,]+)/.exec(buttons[0] ?? '')?.[1]?.replaceAll(',', ''));
    expect(fewer).toBeGreaterThan(2 ** 28 / 10);
    expect(fewer).toBeLessThan(2 ** 28);
    await look(page, 'too-big');
    await runsOn(page);
    await press(page, /^Undo/, '#failure');
    await failureGone(page);
    await runsOn(page);
    expect(await textOf(page, '#neurons')).toBe('100');
  });

  it('with a step that is too long for it says which number was lost where, and halves the step', async () => {
    // Euler's factor is 1 - dt/tau: -1.5 at 0.1 ms, which grows beyond all numbers, and -0.25 at half of it.
    const net = new Network({ name: 'stiff', dt: '0.1 ms', seed: 1 });
    net.population('cells', 9, {
      eqs: 'dx/dt = -x/tau : 1',
      method: 'euler',
      params: { tau: '0.04 ms' },
      initial: { x: '1.0*int(i == 4)' },
    });
    const page = await open(await addressOf(net, 'engine=cpu&pace=fast'));
    await page.waitForSelector('#failure[data-reason="values"]');
    const said = await textOf(page, '#failure');
    expect(said).toMatch(/x of cells, number 4 is no longer a number at [\d.]+ ms/);
    expect(said).toMatch(/dt = 0\.05 ms instead of 0\.1 ms/);
    expect(said).toMatch(/line 1: dx\/dt = -x\/tau : 1/);
    await look(page, 'not-a-number');
    const failedAt = Number(/at ([\d.]+) ms/.exec(said)?.[1]);
    await press(page, /^Halve the time step$/, '#failure');
    await failureGone(page);
    await waitForTime(page, 2 * failedAt);
  });

  it('in which nothing fires says how far away it is, and the button makes it fire', async () => {
    const net = new Network({ name: 'quiet', dt: '0.1 ms', seed: 1 });
    net.population('cells', 3, {
      eqs: 'dv/dt = (v_rest - v + r*i_drive)/(10*ms) : volt',
      threshold: 'v > -50*mV',
      reset: 'v = v_rest',
      params: { v_rest: '-65 mV', r: '20 Mohm', i_drive: '500 pA' },
      initial: { v: 'v_rest' },
    });
    const page = await open(await addressOf(net, 'engine=cpu&pace=fast'));
    await page.waitForSelector('#silent');
    expect(await textOf(page, '#silent')).toMatch(
      /No neuron of cells fired.*5 mV below its threshold.*Raise i_drive from 500 pA to 770 pA: the rheobase is 750 pA/s,
    );
    await look(page, 'silent');
    await press(page, /i_drive = 770 pA/, '#silent');
    await page.waitForSelector('#silent', { hidden: true });
    // More than the half second after which silence is told.
    const from = await shownTime(page);
    await waitForTime(page, from + 1500);
    expect(await page.$('#silent')).toBeNull();
    await waitForText(page, '#panel table', /cells\s*3\s*[1-9]/);
  });

  it('with more spikes than are kept says how many were dropped, and until when', async () => {
    const net = new Network({ name: 'flood', dt: '0.1 ms', seed: 1 });
    // Every neuron in every step: ten million spikes in 10 ms.
    net.population('cells', 100_000, { eqs: 'v : 1', threshold: 'v > -1', reset: 'v = 0' });
    const page = await open(await addressOf(net, 'engine=cpu&pace=fast'));
    await page.waitForSelector('#kept', { timeout: 110_000 });
    await page.click('#play');
    await waitForText(page, '#play', /Play/);
    const [, from, dropped = ''] =
      /from ([\d.]+) ms on; ([\d,]+) older ones dropped/.exec(await textOf(page, '#kept')) ?? [];
    const count = Number(dropped.replaceAll(',', ''));
    expect(count).toBeGreaterThan(0);
    // All spikes of a step are kept or none: those dropped are of the steps before, and part of one more.
    expect(Number(from)).toBeCloseTo(Math.ceil(count / 100_000) / 10, 6);
    expect(await textOf(page, '#banner')).toMatch(/oldest are let go.*Share, Export/s);
    await look(page, 'spikes-dropped');
    await openSheet(page, /^Share$/, /^Export$/);
    const command = await page.waitForSelector('dialog[open] #command');
    expect(await command?.evaluate((field) => (field as HTMLTextAreaElement).value)).toMatch(
      /^npx wetware run flood/,
    );
    expect(app?.errors).toEqual([]);
  });
});

describe('a hidden page', () => {
  it('waits, says so, and can be told to go on in the background', async () => {
    const page = await open(SMALL);
    await waitForTime(page, 20);
    const other = await page.browserContext().newPage();
    await other.bringToFront();
    await page.waitForFunction(() => document.hidden, { polling: 100 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const hiddenAt = await shownTime(page);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await shownTime(page)).toBe(hiddenAt);
    await page.bringToFront();
    await waitForText(page, '#notice', /waited while this page was hidden/);
    await runsOn(page);
    await look(page, 'hidden');
    await press(page, /^Keep running in the background$/, '#notice');
    expect(await page.$eval('#background', (box) => (box as HTMLInputElement).checked)).toBe(true);
    await other.bringToFront();
    await page.waitForFunction(() => document.hidden, { polling: 100 });
    await runsOn(page);
    await page.bringToFront();
    await page.click('#background');
    await page.waitForFunction(() => !location.hash.includes('background'));
  });
});

describe('a file', () => {
  it('that is damaged is refused in words, and the next one opens', async () => {
    const page = await open(SMALL);
    await waitForTime(page, 20);
    await dropFiles(page, [file('broken.wetware.json', '{"format": "wetware", "popul')]);
    await press(page, /^Open$/, 'dialog[open] form');
    await page.waitForSelector('dialog[open] [role=alert]');
    expect(await textOf(page, 'dialog[open] [role=alert]')).toMatch(/JSON/);
    await look(page, 'damaged-file');
    const good = examples.izhikevich?.build({}, { seed: 1 });
    await dropFiles(page, [file('good.wetware.json', JSON.stringify(good))]);
    await waitForText(page, 'dialog[open] form', /good\.wetware\.json/);
    await press(page, /^Open$/, 'dialog[open] form');
    await waitForText(page, '#title', /izhikevich/i);
    await waitForTime(page, 20);
  });

  it.each([
    ['noise.nir', 'not HDF5'],
    ['noise.parquet', 'not a table'],
    ['noise.bin', '\u0000\u0001\u0002'],
  ])('%s with something else in it is refused in words', async (name, content) => {
    const page = await open(SMALL);
    await waitForTime(page, 20);
    await dropFiles(page, [file(name, content)]);
    await page.waitForSelector('dialog[open] [role=alert], dialog[open] form');
    if ((await page.$('dialog[open] [role=alert]')) === null) {
      await press(page, /^Open$/, 'dialog[open] form');
      await page.waitForSelector('dialog[open] [role=alert]');
    }
    const said = await textOf(page, 'dialog[open] [role=alert]');
    expect(said).toMatch(new RegExp(name.replace('.', '\\.')));
    expect(said).not.toMatch(/undefined|is not a function|TypeError/);
    await look(page, name);
    await page.keyboard.press('Escape');
    await runsOn(page);
  });

  it('of unknown columns shows them, and opens when somebody says what they mean', async () => {
    const page = await open(SMALL);
    await waitForTime(page, 20);
    const rows = Array.from({ length: 40 }, (_, k) => `${k % 10},${(k * 7 + 1) % 10},${k}`);
    await dropFiles(page, [file('table.csv', ['a,b,number', ...rows].join('\n'))]);
    await page.waitForSelector('dialog[open] .mapper');
    expect(
      await page.$$eval('.mapper th', (all) => all.map((one) => one.firstChild?.textContent)),
    ).toEqual(['a', 'b', 'number']);
    const canOpen = () =>
      page.$eval('dialog[open] form [type=submit]', (one) => !(one as HTMLButtonElement).disabled);
    expect(await canOpen()).toBe(false);
    await look(page, 'columns');
    await page.select('.mapper [name=pre]', 'a');
    await page.select('.mapper [name=post]', 'b');
    await page.waitForFunction(
      () => !document.querySelector<HTMLButtonElement>('dialog[open] form [type=submit]')?.disabled,
    );
    await press(page, /^Open$/, 'dialog[open] form');
    await waitForText(page, '#notice', /table\.csv: 40 connections of 10 neurons/);
    await waitForTime(page, 20);
  });
});

describe('a link', () => {
  it('that is cut off is said, can be copied, and leads to the examples', async () => {
    const page = await open('#net=garbage');
    await page.waitForSelector('#failure[data-reason="address"]');
    expect(await textOf(page, '#failure')).toMatch(/link cannot be opened.*ask for it again/s);
    await look(page, 'bad-link');
    // Another network runs meanwhile.
    await waitForTime(page, 20);
    await press(page, /^Choose an example$/, '#failure');
    await page.waitForSelector('dialog[open] [data-example="izhikevich"]');
    await page.locator('dialog[open] [data-example="izhikevich"]').click();
    await waitForText(page, '#title', /Izhikevich/);
    await waitForTime(page, 20);
    expect(await page.$('#failure')).toBeNull();
  });

  it('to an example that there is not names those that there are', async () => {
    const page = await open('#example=cubaa');
    await page.waitForSelector('#failure[data-reason="address"]');
    expect(await textOf(page, '#failure')).toMatch(/no example "cubaa".*Known: .*cuba/s);
    await press(page, /^Close$/, '#failure');
    await failureGone(page);
    await waitForTime(page, 20);
  });

  it('to a file that is not there yet can be tried again', async () => {
    const name = 'comes-later.wetware.json';
    try {
      const page = await open(`#src=${name}&engine=cpu`);
      await page.waitForSelector('#failure[data-reason="address"]');
      await look(page, 'unreachable');
      const document = examples.cuba?.build({ neurons: 200 }, { seed: 1 });
      writeFileSync(`${PUBLIC}/${name}`, JSON.stringify({ ...document, name: 'came later' }));
      await press(page, /^Try again$/, '#failure');
      await waitForText(page, '#title', /came later/);
      await failureGone(page);
      await waitForTime(page, 20);
    } finally {
      rmSync(`${PUBLIC}/${name}`, { force: true });
    }
  });
});
