/**
 * Connection tables in the production page: dropped, opened with their ids, neurons found, activated and silenced, who
 * responds, trials, files of results in the published columns, and all of it undone.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Browser, ElementHandle, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  accessibilityFaults,
  closeApp,
  openApp,
  openPanel,
  openSheet,
  overflowOf,
  press,
  textOf,
  waitForText,
  waitForTime,
} from '../support/app-page.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';
import { dataPath, describeReference } from '../support/reference.ts';

const START = '#example=two-neurons&engine=cpu&pace=fast';

let served: Served;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium({ webgpu: false });
  folder = mkdtempSync(join(tmpdir(), 'wetware-connectome-'));
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function choose(page: Page, ...paths: string[]): Promise<void> {
  await openSheet(page, /^Open/, /file/i);
  const input = (await page.waitForSelector('#choose-files')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
  await page.waitForSelector('form.found button[type=submit]');
}

const fieldOf = (page: Page, name: string): Promise<string> =>
  page.$eval(`form.found [name="${name}"]`, (field) => (field as HTMLSelectElement).value);

async function find(page: Page, words: string): Promise<void> {
  await page.$eval(
    '#find-neurons',
    (field, text) => {
      (field as HTMLTextAreaElement).value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    },
    words,
  );
  await press(page, /^Pick$/, '.neurons-find');
  await waitForText(page, '.neurons-said', /picked/);
}

/** Rates in the table of responders by name of the neuron. */
const ratesOf = (page: Page, where: string): Promise<Record<string, number>> =>
  page.$$eval(`${where} .responders tbody tr`, (rows) =>
    Object.fromEntries(
      rows.map((row) => [
        row.querySelector('.responders-pick')?.textContent ?? '',
        Number(row.querySelectorAll('td')[3]?.textContent),
      ]),
    ),
  );

const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => !document.querySelector('#building'), { timeout: 60_000 });

describeReference('a connection table in the page', () => {
  it('opens with its ids; found neurons are activated and silenced; responders show it; undo takes it back', async () => {
    const files = [dataPath('flywire-p9/edges.csv'), dataPath('flywire-p9/nodes.csv')];
    const ids = readFileSync(files[1] as string, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[1] as string);
    const activated = ids[3] as string;
    const opened = await openApp(browser, served, START);
    const { page, errors } = opened;
    await choose(page, ...files);
    expect(await fieldOf(page, 'main')).toBe('edges.csv');
    expect(await fieldOf(page, 'pre')).toBe('pre');
    expect(await fieldOf(page, 'post')).toBe('post');
    expect(await fieldOf(page, 'weight')).toBe('signed_synapse_count');
    expect(await fieldOf(page, 'neurons')).toBe('nodes.csv');
    await press(page, /^Open$/, 'form.found');
    await waitForText(page, '#neurons', /392/);
    await openPanel(page, 'neurons');
    await page.waitForSelector('#find-neurons');

    // Part of an id finds it as one types.
    await page.type('#find-neurons', activated.slice(9));
    await waitForText(page, '.neurons-found', new RegExp(activated));
    await page.locator('.neurons-found').click();
    await waitForText(page, '.neurons-picked h3', /Picked 1/);
    await press(page, /^Activate$/, '.neurons-find');
    await waitForText(page, '.neurons-groups', /Activated 1/);
    await settled(page);

    // A pasted list, with a word that is none.
    const quiet = [ids[10] as string, ids[20] as string];
    await find(page, `${quiet.join(',\n')}, 123`);
    expect(await textOf(page, '.neurons-said')).toMatch(/2 picked\. Not in this network: 123\./);
    await press(page, /^Silence$/, '.neurons-find');
    await waitForText(page, '.neurons-group.silenced', new RegExp(`Silenced 2.*${quiet[0]}`));
    await settled(page);
    await waitForTime(page, 2000);
    await page.waitForFunction(
      (id) => document.querySelector('.responders-pick')?.textContent === id,
      { timeout: 20_000 },
      activated,
    );
    const rates = await ratesOf(page, '.neurons-responders');
    // At least 2 s of a Poisson process of 150 Hz: five standard deviations are 43 Hz. Others cannot be as fast.
    expect(rates[activated]).toBeGreaterThan(107);
    expect(rates[activated]).toBeLessThan(203);
    expect(Object.keys(rates).length).toBeGreaterThan(10);
    for (const id of quiet) expect(rates).not.toHaveProperty(id);
    const link = await page.$eval('.responder-name a', (a) => [
      (a as HTMLAnchorElement).href,
      (a as HTMLAnchorElement).rel,
    ]);
    expect(link[0]).toBe(`https://codex.flywire.ai/app/cell_details?root_id=${activated}`);
    expect(link[1]).toContain('noopener');

    await page.locator('.responders-pick').click();
    await waitForText(page, '.neurons-picked', new RegExp(activated));
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const width of [390, 820]) {
      await page.setViewport({ width, height: 900 });
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    }
    await page.setViewport({ width: 1280, height: 900 });

    await press(page, /^Undo/, 'header');
    await page.waitForFunction(() => !document.querySelector('.neurons-group.silenced'));
    await press(page, /^Undo/, 'header');
    await page.waitForFunction(
      () => !/Activated/.test(document.querySelector('.neurons-groups')?.textContent ?? ''),
    );
    await settled(page);
    await waitForText(page, '#neurons', /392/);
    expect(errors).toEqual([]);
    await closeApp(opened);
  }, 110_000);

  it('runs trials beside the network, which can be cancelled, and saves them in the published columns', async () => {
    const opened = await openApp(browser, served, START);
    const { page, errors } = opened;
    await keepSaved(page);
    await choose(page, dataPath('flywire-p9/edges.csv'), dataPath('flywire-p9/nodes.csv'));
    await press(page, /^Open$/, 'form.found');
    await waitForText(page, '#neurons', /392/);
    await openPanel(page, 'neurons');
    await page.waitForSelector('input[aria-label="Number of trials"]');
    const ask = (duration: string, count: number): Promise<void> =>
      page.evaluate(
        (values) => {
          for (const [label, value] of values) {
            const input = document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`);
            if (!input) continue;
            input.value = value as string;
            input.dispatchEvent(new Event('input', { bubbles: true }));
          }
        },
        [
          ['Duration of a trial', duration],
          ['Number of trials', String(count)],
        ],
      );
    await ask('100 s', 50);
    await press(page, /^Run trials$/, '.neurons-trials');
    await page.waitForSelector('.neurons-trials progress');
    await press(page, /^Cancel$/, '.neurons-trials');
    await page.waitForFunction(() => !document.querySelector('.neurons-trials progress'));
    await ask('200 ms', 3);
    await press(page, /^Run trials$/, '.neurons-trials');
    await waitForText(page, '.neurons-trials', /3 × 0\.2 s: [\d,]+ spikes of \d+ neurons/);
    expect(Object.keys(await ratesOf(page, '.neurons-trials')).length).toBeGreaterThan(10);
    await press(page, /^Parquet$/, '.neurons-trials');
    await press(page, /^CSV$/, '.neurons-trials');
    const saved = await savedFiles(page, 2);
    expect([...saved.keys()].sort()).toEqual(['edges-rates.csv', 'edges.parquet']);
    const table = await parquetReadObjects({ file: saved.get('edges.parquet') as ArrayBuffer });
    expect(Object.keys(table[0] ?? {})).toEqual(['t', 'trial', 'flywire_id', 'exp_name']);
    expect(new Set(table.map(({ trial }) => Number(trial)))).toEqual(new Set([0, 1, 2]));
    expect(String(table[0]?.flywire_id)).toMatch(/^7205759\d{11}$/);
    const csv = new TextDecoder().decode(saved.get('edges-rates.csv'));
    expect(csv).toMatch(/^flywire_id,mean_rate_hz,sd_rate_hz\n7205759\d{11},/);
    expect(errors).toEqual([]);
    await closeApp(opened);
  }, 110_000);

  it('recognises the pair of tables in which FlyWire is published', async () => {
    const list = gunzipSync(readFileSync(dataPath('flywire-shiu2024/Completeness_783.csv.gz')));
    const ids = list
      .toString('utf8')
      .split('\n')
      .slice(1, 6)
      .map((line) => BigInt(line.split(',')[0] as string));
    const neurons = join(folder, 'Completeness_783.csv');
    const connections = join(folder, 'Connectivity_783.parquet');
    writeFileSync(neurons, list);
    writeFileSync(connections, new Uint8Array(flywireTable(ids)));
    const opened = await openApp(browser, served, START);
    const { page, errors } = opened;
    await choose(page, neurons, connections);
    expect(await fieldOf(page, 'main')).toBe('Connectivity_783.parquet');
    expect(await fieldOf(page, 'pre')).toBe('Presynaptic_Index');
    expect(await fieldOf(page, 'post')).toBe('Postsynaptic_Index');
    expect(await fieldOf(page, 'weight')).toBe('Excitatory x Connectivity');
    expect(await fieldOf(page, 'neurons')).toBe('Completeness_783.csv');
    await press(page, /^Open$/, 'form.found');
    await waitForText(page, '#neurons', /139,639/);
    await openPanel(page, 'neurons');
    await page.waitForSelector('#find-neurons');
    await find(page, String(ids[2]));
    await waitForText(page, '.neurons-picked .chip', new RegExp(String(ids[2])));
    expect(errors).toEqual([]);
    await closeApp(opened);
  }, 110_000);
});

/** The first neurons in a ring, in the columns of FlyWire's own table. */
function flywireTable(ids: readonly bigint[]): ArrayBuffer {
  const next = (k: number): number => (k + 1) % ids.length;
  const column = (name: string, of: (k: number) => bigint) => ({
    name,
    type: 'INT64' as const,
    data: BigInt64Array.from(ids.keys(), of),
    nullable: false,
  });
  return parquetWriteBuffer({
    columnData: [
      column('Presynaptic_ID', (k) => ids[k] as bigint),
      column('Postsynaptic_ID', (k) => ids[next(k)] as bigint),
      column('Presynaptic_Index', BigInt),
      column('Postsynaptic_Index', (k) => BigInt(next(k))),
      column('Connectivity', () => 5n),
      column('Excitatory', () => 1n),
      column('Excitatory x Connectivity', () => 5n),
    ],
  });
}

/** Files that the page gives to save are kept in it instead. */
const keepSaved = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const urls = new Map<string, Blob>();
    const kept = new Map<string, Blob>();
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = create.call(URL, blob);
      urls.set(url, blob as Blob);
      return url;
    };
    HTMLAnchorElement.prototype.click = function (): void {
      kept.set(this.download, urls.get(this.href) as Blob);
    };
    Object.assign(globalThis, { kept });
  });

/** They by name, as soon as there are so many. */
async function savedFiles(page: Page, count: number): Promise<Map<string, ArrayBuffer>> {
  await page.waitForFunction(
    (least) => (globalThis as unknown as { kept: Map<string, Blob> }).kept.size >= least,
    { timeout: 20_000 },
    count,
  );
  const files = await page.evaluate(() =>
    Promise.all(
      [...(globalThis as unknown as { kept: Map<string, Blob> }).kept].map(
        async ([name, blob]) => [name, [...new Uint8Array(await blob.arrayBuffer())]] as const,
      ),
    ),
  );
  return new Map(files.map(([name, bytes]) => [name, Uint8Array.from(bytes).buffer]));
}
