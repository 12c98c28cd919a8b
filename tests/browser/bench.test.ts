/**
 * The page of the bench in Chromium: built and from the sources, started by its address and by its button, cancelled,
 * and driven job by job as the command line does. What is measured is tiny; no time is judged.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../../bench/browser-place.ts';
import { jobsOf } from '../../bench/jobs.ts';
import { type BenchRecord, parseRecord } from '../../bench/record.ts';
import { readSettings } from '../../bench/settings.ts';
import { type Workload, workloads } from '../../bench/workloads.ts';
import { examples } from '../../src/examples/index.ts';
import { createSimulation } from '../../src/index.ts';
import {
  collectErrors,
  launchChromium,
  type Served,
  servePage,
  serveSources,
} from '../support/chromium.ts';
import { MACHINE } from '../unit/bench/recorded.ts';

const SCREENSHOTS = '.cache/screenshots';
const MINUTES = 60_000;

let browser: Browser;
let built: Served;
let sources: Served;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, built, sources] = await Promise.all([launchChromium(), servePage(), serveSources()]);
});
afterAll(async () => {
  await browser?.close();
  await built?.close();
  await sources?.close();
});

async function open(served: Served, search: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  const errors = collectErrors(page);
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(`${served.url}bench/${search}`);
  return { page, errors };
}

const recordsOf = async (page: Page): Promise<BenchRecord[]> => {
  const found = await page.evaluate(() => JSON.stringify(window.wetwareBench?.records() ?? []));
  return (JSON.parse(found) as unknown[]).map(parseRecord);
};

const waitForState = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.querySelector('#state')?.textContent?.includes(wanted),
    { timeout: 3 * MINUTES },
    text,
  );

const cuba = workloads[0] as Workload;

/** Hash of the same network in Node. */
async function hashInNode(durationMs: number): Promise<string> {
  const document = examples[cuba.example]?.build(cuba.values, { seed: 1 });
  if (!document) throw new Error('there is no cuba');
  using simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run(`${durationMs} ms`);
  return simulation.spikeHash();
}

describe('the page of the bench', () => {
  it.each([
    ['built', () => built],
    ['from the sources', () => sources],
  ])(
    'measures what its address says: %s',
    async (name, served) => {
      const search = '?only=cuba-4000&duration=20&repeats=2&start';
      const { page, errors } = await open(served(), search);
      await waitForState(page, 'Done.');
      const records = await recordsOf(page);
      const hash = await hashInNode(20);
      const engines = records.map((record) => {
        if (record.kind !== 'measurement') throw new Error(record.reason);
        expect(record.check.spike_hash).toBe(hash);
        expect(record.phases.simulate_s.samples).toHaveLength(2);
        expect(record.machine.runtime).toMatch(/^Chromium \d+$/);
        return record.engine;
      });
      // The page is cross-origin isolated, so threads are there; the adapter is software, and known to be.
      const cores = await page.evaluate(() => navigator.hardwareConcurrency);
      expect(engines.filter(({ kind }) => kind === 'cpu').map(({ threads }) => threads)).toEqual(
        cores > 1 ? [1, cores] : [1],
      );
      expect(engines.at(-1)).toMatchObject({ kind: 'gpu', adapter: { isFallback: true } });
      const report = await page.$eval('#report', (element) => element.textContent ?? '');
      expect(report).toContain('All measurements');
      expect(report).toContain('WebGPU in software');
      await page.screenshot({
        path: `${SCREENSHOTS}/bench-${name.replaceAll(' ', '-')}.png`,
        fullPage: true,
      });
      for (const width of [390, 1280]) {
        await page.setViewport({ width, height: 900 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(overflow, `${width} pixels`).toBeLessThanOrEqual(0);
      }
      expect(errors).toEqual([]);
      await page.close();
    },
    5 * MINUTES,
  );

  it(
    'starts, stops and keeps its settings in the address',
    async () => {
      const { page, errors } = await open(built, '?only=cuba-4000&engine=cpu&threads=1');
      await page.waitForFunction(() => document.querySelector('#estimate')?.textContent !== '');
      expect(await page.$eval('#estimate', (element) => element.textContent)).toMatch(
        /^1 measurements?, less than a minute/,
      );
      await page.$eval('input[name="repeats"]', (element) => {
        (element as HTMLInputElement).value = '99';
        element.dispatchEvent(new Event('input', { bubbles: true }));
      });
      expect(await page.evaluate(() => location.search)).toBe(
        '?only=cuba-4000&engine=cpu&threads=1&repeats=99',
      );
      await page.click('#start');
      await waitForState(page, 'run 3 of 99');
      await page.click('#stop');
      await waitForState(page, 'Stopped');
      const [record] = await recordsOf(page);
      if (record?.kind !== 'measurement') throw new Error('nothing was kept');
      expect(record.is_complete).toBe(false);
      expect(record.phases.simulate_s.samples.length).toBeGreaterThan(0);
      expect(errors).toEqual([]);
      await page.close();
    },
    5 * MINUTES,
  );

  it('says what is wrong with an address', async () => {
    const { page } = await open(built, '?engine=tpu');
    await page.waitForSelector('#failure:not([hidden])');
    expect(await page.$eval('#failure', (element) => element.textContent)).toContain(
      'Known: cpu, gpu',
    );
    await page.close();
  });

  it(
    'is driven job by job, on the machine that the driver names',
    async () => {
      const page = await browser.newPage();
      const errors = collectErrors(page);
      const bench = await openPage(page, `${built.url}bench/`, MACHINE);
      expect(bench.machine).toMatchObject({ cpu: MACHINE.cpu, cores: MACHINE.cores });
      expect(bench.machine.runtime).toMatch(/^Chromium/);
      const settings = readSettings({ engine: 'cpu', threads: '1', duration: '20', repeats: '2' });
      const [job] = jobsOf(cuba, settings, bench.place).jobs;
      if (!job) throw new Error('there is no job');
      const runs = new Set<number>();
      const { signal } = new AbortController();
      const outcome = await bench.measure(job, signal, ({ run }) => void runs.add(run));
      if (!('measured' in outcome) || !outcome.measured) throw new Error('nothing was measured');
      expect(outcome.measured.check.spike_hash).toBe(await hashInNode(20));
      expect([...runs].sort()).toEqual([0, 1, 2]);
      const needsFiles = {
        ...job,
        workload: workloads.find(({ name }) => name === 'fly-p9') as Workload,
      };
      expect(await bench.measure(needsFiles, signal, () => {})).toMatchObject({
        reason: expect.stringContaining('needs data files'),
      });
      expect(errors).toEqual([]);
      await page.close();
    },
    5 * MINUTES,
  );
});
