/**
 * `npm run bench`: measures the workloads on the engines there are, and Brian 2 beside them where it is installed.
 * The table goes to stdout, progress to stderr, the records to bench/results/. Method and numbers: bench/README.md.
 *
 *     npm run bench -- --quick           a smoke run: small networks, short times, no peers, nothing written
 *     npm run bench -- --only cuba       workloads whose name contains "cuba"
 *     npm run bench -- --engine cpu      one engine; default: cpu, and gpu where there is an adapter
 *     npm run bench -- --repetitions 9   default 5
 *     npm run bench -- --no-peers        without Brian 2
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DeviceError } from '../src/index.ts';
import { findBrian2, measureBrian2, type PeerMeasurement } from './brian2.ts';
import { describeMachine, machineName } from './machine.ts';
import { type Measurement, measure } from './measure.ts';
import { notesOf, type Result, recordsOf, tableOf } from './report.ts';
import { documentOf, type Workload, workloads } from './workloads.ts';

/** The repository: this file is built to dist/bench.js. */
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const QUICK_MS = 50;

interface Settings {
  readonly only: string;
  readonly engines: readonly ('cpu' | 'gpu')[];
  readonly repetitions: number;
  readonly isQuick: boolean;
  readonly withPeers: boolean;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      engine: { type: 'string', default: '' },
      repetitions: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
    },
  });
  const repetitions = Number(values.repetitions ?? (values.quick ? 2 : 5));
  if (!Number.isInteger(repetitions) || repetitions < 1) {
    throw new RangeError(`--repetitions must be a whole number from 1, got ${values.repetitions}`);
  }
  if (!['', 'cpu', 'gpu'].includes(values.engine)) {
    throw new RangeError(`--engine must be cpu or gpu, got ${values.engine}`);
  }
  return {
    only: values.only,
    engines: values.engine === '' ? ['cpu', 'gpu'] : [values.engine as 'cpu' | 'gpu'],
    repetitions,
    isQuick: values.quick,
    withPeers: !values.quick && !values['no-peers'],
  };
}

/** How to run a workload on an engine, or null where that makes no sense. */
function durationOf(workload: Workload, settings: Settings, isSoftware: boolean): number | null {
  const durationMs = isSoftware ? workload.softwareMs : workload.durationMs;
  return durationMs !== null && settings.isQuick ? Math.min(durationMs, QUICK_MS) : durationMs;
}

/** Null when there is no adapter at all. */
async function softwareAdapter(): Promise<boolean | null> {
  const probe = workloads[0];
  if (!probe) return null;
  try {
    const run = await measure(documentOf(probe), 'gpu', 1, 1);
    return run.adapter?.isFallback ?? false;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    progress(`WebGPU is left out: ${error.message}`);
    return null;
  }
}

async function measureOn(
  engine: 'cpu' | 'gpu',
  workload: Workload,
  settings: Settings,
  isSoftware: boolean,
): Promise<Measurement | null> {
  const durationMs = durationOf(workload, settings, engine === 'gpu' && isSoftware);
  if (durationMs === null) return null;
  const repetitions =
    engine === 'gpu' && isSoftware ? Math.min(3, settings.repetitions) : settings.repetitions;
  progress(`${workload.name} on ${engine}: ${repetitions} × ${durationMs} ms`);
  return measure(documentOf(workload), engine, durationMs, repetitions, !settings.isQuick);
}

async function measureAll(settings: Settings): Promise<Result[]> {
  const chosen = workloads.filter(
    ({ name, quick }) => name.includes(settings.only) && (!settings.isQuick || quick === true),
  );
  if (chosen.length === 0) {
    const names = workloads.map(({ name }) => name).join(', ');
    throw new RangeError(`--only ${settings.only}: no workload has that in its name (${names})`);
  }
  const python = settings.withPeers ? await findBrian2() : null;
  if (settings.withPeers && python === null) {
    progress('Brian 2 is left out: no Python with brian2, or no g++ (set BRIAN2_PYTHON).');
  }
  const isSoftware = settings.engines.includes('gpu') ? await softwareAdapter() : null;
  const results: Result[] = [];
  for (const workload of chosen) {
    let peer: PeerMeasurement | null = null;
    if (python !== null && workload.brian2) {
      progress(`${workload.name} in Brian 2`);
      peer = await measureBrian2(python, ROOT, workload, settings.repetitions);
    }
    for (const engine of settings.engines) {
      if (engine === 'gpu' && isSoftware === null) continue;
      const run = await measureOn(engine, workload, settings, isSoftware ?? false);
      if (run) results.push({ workload, run, peer: engine === 'cpu' ? peer : null });
    }
  }
  return results;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings();
  const machine = describeMachine(ROOT);
  const results = await measureAll(settings);
  const date = new Date().toISOString();
  const { cpu, cores, node, git } = machine;
  process.stdout.write(
    `${cpu}, ${cores} cores, Node ${node}, commit ${git}, ${date.slice(0, 10)}\n\n`,
  );
  process.stdout.write(`${[tableOf(results), ...notesOf(results)].join('\n')}\n`);
  if (settings.isQuick) return;
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(ROOT, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${date.slice(0, 10)}-${machineName(machine)}.json`);
  writeFileSync(file, recordsOf(results, machine, version, date));
  progress(`Written: ${file}`);
}

main().catch((error: unknown) => {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
