/**
 * The simulation worker of the built page, driven as the page drives it: the hash of the command line on both engines,
 * statistics, faults as data, a lost device and what goes on from its checkpoint.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Failure,
  NetworkInfo,
  PopulationStatistics,
  SilentReport,
  StartRequest,
} from '../../src/app/simulation/protocol.ts';
import { createSimulation, meanCvIsi, Network, type NetworkDocument } from '../../src/index.ts';
import { launchChromium, type Served, servePage } from '../support/chromium.ts';
import { commandLine } from '../support/command-line.ts';

/** The worker in the page: what it tells, and how to ask it. */
interface InPage {
  begin(url: string, request: unknown): Promise<unknown>;
  ask(call: string, ...parameters: unknown[]): Promise<unknown>;
  /** Resolves with the data of the next event of one of these names, or the first one there was since begin. */
  when(...names: string[]): Promise<{ name: string; data: unknown }>;
  end(): void;
}

declare global {
  interface Window {
    simulation: InPage;
    /** Of the device that was lost; too large to carry out of the page. */
    kept: unknown;
  }
}

let served: Served;
let browser: Browser;
let page: Page;
let worker: string;

/** Runs in the page: calls and events as in rpc.ts. */
function install(): void {
  let current: Worker | null = null;
  let asked = 0;
  let events: { name: string; data: unknown }[] = [];
  let waiting: { names: string[]; resolve: (event: { name: string; data: unknown }) => void }[] =
    [];
  const answers = new Map<
    number,
    { resolve: (x: unknown) => void; reject: (x: unknown) => void }
  >();
  const ask = (call: string, ...parameters: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      answers.set(++asked, { resolve, reject });
      current?.postMessage({ call, id: asked, parameters });
    });
  window.simulation = {
    ask,
    begin(url, request) {
      current?.terminate();
      events = [];
      waiting = [];
      current = new Worker(url, { type: 'module' });
      current.onmessage = ({ data }) => {
        if ('event' in data) {
          const event = { name: data.event, data: data.data };
          if (event.name === 'progress') void ask('ready');
          else events.push(event);
          for (const one of waiting) if (one.names.includes(event.name)) one.resolve(event);
          waiting = waiting.filter((one) => !one.names.includes(event.name));
        } else if ('error' in data)
          answers.get(data.id)?.reject(new Error(JSON.stringify(data.error)));
        else answers.get(data.id)?.resolve(data.result);
      };
      return ask('start', request);
    },
    when(...names) {
      const found = events.find(({ name }) => names.includes(name));
      if (found) {
        events = events.filter((event) => event !== found);
        return Promise.resolve(found);
      }
      return new Promise((resolve) => waiting.push({ names, resolve }));
    },
    end: () => current?.terminate(),
  };
}

beforeAll(async () => {
  served = await servePage();
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${served.url}#example=two-neurons&engine=cpu`);
  await page.evaluate(install);
  const assets = 'dist/app/assets';
  const found = readdirSync(assets).find(
    (file) =>
      /^worker-.*\.js$/.test(file) &&
      readFileSync(join(assets, file), 'utf8').includes('attachRaster'),
  );
  if (found === undefined) throw new Error('The built page has no simulation worker.');
  worker = `${served.url}assets/${found}`;
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const begin = (request: Omit<Partial<StartRequest>, 'document'> & { document?: NetworkDocument }) =>
  page.evaluate(
    (url, given) => window.simulation.begin(url, given) as Promise<NetworkInfo>,
    worker,
    {
      source: { kind: 'document', origin: 'a test' },
      document: null,
      engine: 'cpu',
      probes: [],
      ...request,
    } as never,
  );

const ask = <T>(call: string, ...parameters: unknown[]): Promise<T> =>
  page.evaluate(
    (name: string, given: readonly unknown[]) =>
      window.simulation.ask(name, ...given) as Promise<never>,
    call,
    parameters,
  );

/** Plays so many steps, and resolves with how it ended. */
const run = (steps: number) =>
  page.evaluate(async (count) => {
    const ended = window.simulation.when('stopped', 'failed');
    await window.simulation.ask('play', { pace: 'fast', steps: count });
    return ended;
  }, steps);

const CUBA = { kind: 'example', name: 'cuba', values: { neurons: '400' }, seed: 7 } as const;

/** The hash that the command line prints for that network after 300 ms. */
async function hashOfCommandLine(): Promise<string> {
  const args = ['run', 'cuba', '--set', 'neurons=400', '--seed', '7', '--duration', '300ms'];
  const { out, code } = await commandLine([...args, '--engine', 'cpu', '--json', '--quiet']);
  expect(code).toBe(0);
  return JSON.parse(out).spike_hash;
}

describe('the worker of the page', () => {
  it.each(['cpu', 'gpu'] as const)('gives the spikes of the command line, %s', async (engine) => {
    const info = await begin({ source: CUBA, engine });
    expect(info.engine).toBe(engine);
    expect((await run(3000)).name).toBe('stopped');
    expect(await ask('spikeHash')).toBe(await hashOfCommandLine());
  });

  it('has the statistics of its spikes', async () => {
    await begin({ source: CUBA });
    await run(10_000);
    const statistics = await page.evaluate(async () => {
      const all = (await window.simulation.ask('statistics', {
        range: { from: 0, to: 10_000 },
      })) as PopulationStatistics[];
      return all.map(({ spikes, rateHz, cv, intervals }) => ({
        spikes,
        rateHz,
        cv,
        intervals: [...intervals.counts, intervals.beyond].reduce((a, b) => a + b, 0),
      }));
    });
    const { examples } = await import('../../src/examples/index.ts');
    const document = examples.cuba?.build({ neurons: '400' }, { seed: 7 }) as NetworkDocument;
    const simulation = await createSimulation(document, { engine: 'cpu' });
    await simulation.runSteps(10_000);
    const spikes = simulation.allSpikes();
    const active = new Set(spikes.neurons).size;
    expect(statistics).toEqual([
      {
        spikes: spikes.steps.length,
        rateHz: expect.closeTo(spikes.steps.length / 400, 9),
        cv: expect.closeTo(meanCvIsi(spikes, 400, 0.1) as number, 9),
        intervals: spikes.steps.length - active,
      },
    ]);
    simulation.destroy();
  });

  it('says what became NaN, where, when and in which equation', async () => {
    const net = new Network({ name: 'explodes', dt: '0.1 ms', seed: 1 });
    net.population('cells', 9, {
      eqs: 'dx/dt = rate*x**3 : 1',
      method: 'euler',
      params: { rate: '1 /ms' },
      initial: { x: '1.0*int(i == 4)' },
    });
    await begin({ document: net.document });
    const { name, data } = await run(5000);
    expect(name).toBe('failed');
    const { reason, fault, step } = data as Failure;
    expect(reason).toBe('values');
    expect(fault).toMatchObject({
      kind: 'not-finite',
      owner: 'cells',
      variable: 'x',
      element: 4,
      equation: 'dx/dt = rate*x**3 : 1',
      step,
    });
    // It answers after that.
    expect(await ask<Float64Array>('values', 'cells', 'x')).toBeDefined();
  });

  it('says why nothing fires and what to raise', async () => {
    const net = new Network({ name: 'quiet', dt: '0.1 ms', seed: 1 });
    net.population('cells', 3, {
      eqs: 'dv/dt = (v_rest - v + r*i_drive)/(10*ms) : volt',
      threshold: 'v > -50*mV',
      reset: 'v = v_rest',
      params: { v_rest: '-65 mV', r: '20 Mohm', i_drive: '500 pA' },
      initial: { v: 'v_rest' },
    });
    await begin({ document: net.document });
    const report = await page.evaluate(async () => {
      const told = window.simulation.when('silent');
      await window.simulation.ask('play', { pace: 'fast' });
      const { data } = await told;
      await window.simulation.ask('pause');
      return (data as { report: SilentReport }).report;
    });
    expect(report.quietMs).toBeGreaterThanOrEqual(500);
    expect(report.message).toMatch(/Raise i_drive from 500 pA to 770 pA: the rheobase is 750 pA\./);
  });

  it('refuses what is too large with what is needed and what there is', async () => {
    const net = new Network({ name: 'large', dt: '0.1 ms', seed: 1 });
    net.population('cells', 2 ** 28, { eqs: 'dv/dt = -v/ms : volt\nw : volt\nu : volt\nx : 1' });
    const refused = await begin({ document: net.document }).then(
      () => null,
      (error: Error) => JSON.parse(/\{.*\}/.exec(error.message)?.[0] ?? 'null'),
    );
    expect(refused).toMatchObject({ kind: 'device', reason: 'memory', available: 2 ** 32 });
    expect(refused.needed).toBeGreaterThan(2 ** 32);
  });

  it('waits while the page is hidden', async () => {
    await begin({ source: CUBA });
    const seen = await page.evaluate(async () => {
      await window.simulation.ask('setVisible', false, false);
      const stopped = window.simulation.when('stopped');
      await window.simulation.ask('play', { pace: 'fast', steps: 500 });
      const first = await Promise.race([
        stopped,
        new Promise((resolve) => setTimeout(resolve, 300, 'nothing')),
      ]);
      await window.simulation.ask('setVisible', true, false);
      return [first, (await stopped).data];
    });
    expect(seen).toEqual(['nothing', { step: 500 }]);
  });

  it('tells of a lost device with a checkpoint, from which another engine goes on to the bit', async () => {
    await begin({ source: CUBA, engine: 'gpu' });
    const lost = page.evaluate(async () => {
      // At a slow pace: a checkpoint is taken after a few seconds, and there are steps left.
      const failed = window.simulation.when('failed');
      await window.simulation.ask('play', { pace: 0.02 });
      const { data } = await failed;
      const failure = data as Failure;
      window.kept = failure.checkpoint;
      return { ...failure, checkpoint: failure.checkpoint?.step ?? null };
    });
    await new Promise((resolve) => setTimeout(resolve, 7000));
    const client = await browser.target().createCDPSession();
    // The protocol's answer never comes from some versions.
    client.send('Browser.crashGpuProcess').catch(() => undefined);
    const { reason, step, checkpoint } = await lost;
    expect(reason).toBe('lost');
    expect(checkpoint).toBeGreaterThan(0);
    expect(checkpoint).toBeLessThanOrEqual(step);
    const hash = await page.evaluate(
      async (url, source, from) => {
        const { simulation, kept } = window;
        const request = { source, document: null, engine: 'cpu', probes: [], checkpoint: kept };
        await simulation.begin(url, request);
        const ended = simulation.when('stopped', 'failed');
        await simulation.ask('play', { pace: 'fast', steps: 3000 - from });
        await ended;
        return simulation.ask('spikeHash');
      },
      worker,
      CUBA,
      checkpoint as number,
    );
    expect(hash).toBe(await hashOfCommandLine());
  });
});
