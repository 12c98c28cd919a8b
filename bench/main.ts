/**
 * `npm run bench`: measures the workloads on the engines there are, and other simulators beside them where they are
 * installed. The table goes to stdout, progress to stderr, records and report to a folder. Options: arguments.ts.
 */
import { randomUUID } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../src/index.ts';
import { helpText, readArguments } from './arguments.ts';
import { isMeasurement } from './compare.ts';
import { describeEstimate } from './jobs.ts';
import { commitOf, describeMachine, machineName } from './machine.ts';
import { describeNodePlace, measureInProcess } from './node-place.ts';
import { findPeer, readPeers } from './peer-process.ts';
import type { Peer } from './peers.ts';
import type { BenchRecord, Machine, RunStamp } from './record.ts';
import { terminalTable } from './report/tables.ts';
import { openResults, type Results, writeReport } from './results.ts';
import { runSteps } from './session.ts';
import {
  type RawSettings,
  readSettings,
  type Settings,
  SettingsError,
  workloadsOf,
} from './settings.ts';
import { type Bench, describeRecord, type Inventory, stepsOf } from './steps.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { workloads } from './workloads.ts';

/** This file is built to dist/bench/bench.js. */
const DIST = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(DIST));
const terminal = createTerminal(process.stderr);

async function main(args: readonly string[]): Promise<number> {
  const raw = readArguments(args);
  if (raw.help === true) {
    process.stdout.write(helpText(workloads.map(({ name }) => name)));
    return 0;
  }
  if (typeof raw.report === 'string') {
    process.stdout.write(`${writeReport(resolve(raw.report))}\n`);
    return 0;
  }
  const settings = readSettings(raw);
  const chosen = workloadsOf(settings, workloads);
  const machine = describeMachine();
  const fresh: RunStamp = {
    id: randomUUID(),
    date: new Date().toISOString(),
    version,
    commit: commitOf(ROOT),
  };
  const isList = raw.list === true;
  const results = isList
    ? null
    : openResults(folderOf(raw, settings, machine, fresh), raw.resume === true, fresh, machine);
  const run = results?.run ?? fresh;
  const stop = stopOnInterrupt(terminal);
  const benches = [await nodeBench(machine, raw, settings)];
  const browser = settings.withBrowser ? await openBrowser(machine) : null;
  if (browser) benches.push(browser.bench);
  try {
    const peers = settings.withPeers ? await findPeers(raw) : [];
    const inventory: Inventory = { run, machine, benches, peers };
    const { steps, skipped } = stepsOf(chosen, settings, inventory);
    const left = steps.filter(({ key }) => results?.done.has(key) !== true);
    const total = left.reduce((sum, { estimate }) => sum + estimate, 0);
    terminal.say(
      `${left.length} measurements, ${describeEstimate(total)}. Ctrl-C stops and keeps what there is.`,
    );
    if (results === null) {
      for (const { name, estimate } of steps)
        process.stdout.write(`${name}: ${Math.round(estimate)} s\n`);
      for (const record of skipped) process.stdout.write(`${describeRecord(record)}\n`);
      return 0;
    }
    for (const record of skipped) keep(results, record);
    const isComplete = await runSteps(steps, results.done, stop, {
      progress: (text) => terminal.show(text),
      record: (record) => keep(results, record),
    });
    return finish(results, isComplete);
  } finally {
    await browser?.close();
  }
}

function keep(results: Results, record: BenchRecord): void {
  results.add(record);
  terminal.say(describeRecord(record));
}

function finish(results: Results, isComplete: boolean): number {
  const report = results.writeReport();
  const measured = results.records.filter(isMeasurement);
  if (measured.length > 0) process.stdout.write(`${terminalTable(measured)}\n`);
  terminal.say(`Records: ${relative(process.cwd(), results.file)}`);
  terminal.say(`Report:  ${relative(process.cwd(), report)}`);
  if (!isComplete) {
    terminal.say(
      `Stopped early; --resume --out ${relative(process.cwd(), dirname(results.file))} goes on.`,
    );
  }
  return isComplete ? 0 : 1;
}

/** A quick run leaves nothing among the results that are kept. */
function folderOf(
  raw: RawSettings,
  settings: Settings,
  machine: Machine,
  { date }: RunStamp,
): string {
  if (typeof raw.out === 'string') return resolve(raw.out);
  if (raw.resume === true) throw new SettingsError('--resume needs --out, the folder to go on in.');
  const stamp = date.slice(0, 16).replace('T', '-').replace(':', '');
  if (settings.isQuick) return join(ROOT, '.cache', 'bench', stamp);
  return join(ROOT, 'bench', 'results', `${stamp}-${machineName(machine)}`);
}

async function nodeBench(machine: Machine, raw: RawSettings, settings: Settings): Promise<Bench> {
  const script = join(DIST, 'bench-measure.js');
  const dataFolder = typeof raw.data === 'string' ? resolve(raw.data) : null;
  const place = await describeNodePlace(machine);
  if (settings.engines.includes('gpu') && place.adapter === null) {
    terminal.say(
      'WebGPU is left out: there is no adapter in Node (npm install webgpu, and a driver).',
    );
  }
  if (settings.engines.includes('gpu') && place.adapter?.isFallback === true) {
    terminal.say(
      `The adapter is software (${place.adapter.description}): its runs are short, and say nothing about GPUs.`,
    );
  }
  return {
    machine,
    place,
    measure: (job, signal, onProgress) =>
      measureInProcess(script, job, dataFolder, signal, onProgress),
  };
}

/** Loaded only when asked for: puppeteer and vite are development packages. */
async function openBrowser(machine: Machine): Promise<{ bench: Bench; close(): Promise<void> }> {
  const { openBrowserBench } = await import('./browser-place.ts');
  terminal.say('Starting Chromium.');
  return openBrowserBench(ROOT, machine, (text) => terminal.say(text));
}

async function findPeers(raw: RawSettings): Promise<Peer[]> {
  const file =
    typeof raw.peers === 'string' ? resolve(raw.peers) : join(ROOT, 'bench', 'peers', 'peers.json');
  const found: Peer[] = [];
  for (const entry of readPeers(file)) {
    const peer = await findPeer(entry, ROOT);
    if (typeof peer === 'string') terminal.say(`Left out: ${peer}.`);
    else found.push(peer);
  }
  return found;
}

/** Ctrl-C once stops in good order, twice at once. */
function stopOnInterrupt(messages: Terminal): AbortSignal {
  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130);
    messages.say('Stopping; once more ends at once.');
    stop.abort();
  });
  return stop.signal;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isMisuse = error instanceof SettingsError;
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.say(isMisuse ? error.message : fault);
  process.exitCode = isMisuse ? 2 : 1;
}
