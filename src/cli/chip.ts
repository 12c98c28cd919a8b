/** `wetware chip`: how a network would do on a neuromorphic chip; tables, JSON, and a page with a map of the cores. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChipReport, chipPage, chipReport, chipText } from '../index.ts';
import { type LoadedNetwork, loadNetwork } from './load-network.ts';
import { makeFolder } from './results.ts';
import { readGrid, stoppable } from './run-many.ts';
import { simulationOptions } from './settings.ts';
import { messagesTo, type Terminal } from './terminal.ts';
import { EXIT, RunError, UsageError } from './usage.ts';
import type { Options } from './verbs.ts';

/** Returns the exit code; throws what the caller turns into one. */
export async function chip(target: string, options: Options, terminal: Terminal): Promise<number> {
  const messages = messagesTo(terminal, options.quiet);
  const { seeds } = readGrid(options);
  const bits = readBits(options.bits);
  const neuronsPerCore = readNumber(
    'neurons-per-core',
    options,
    /^[1-9]\d*$/,
    'a whole number from 1 on',
  );
  const picojoules = readNumber(
    'picojoules',
    options,
    /^\d+(\.\d*)?$|^\.\d+$/,
    'a number from 0 on',
  );
  const simulation = simulationOptions(options);
  const loaded = await loadNetwork(target, options);
  for (const note of loaded.notes) messages.remark(note);
  if (options.out !== undefined) await makeFolder(options.out);
  const report = await stoppable(terminal, (signal) =>
    chipReport(subjectOf(loaded, seeds !== undefined), {
      ...simulation,
      ...(bits !== undefined && { bits }),
      seeds: seeds ?? [loaded.document.seed],
      ...(neuronsPerCore !== undefined && { neuronsPerCore }),
      ...(picojoules !== undefined && { picojoulesPerOperation: picojoules }),
      duration: options.duration ?? loaded.defaultDuration,
      signal,
      onProgress: ({ done, all }) => messages.note(`run ${done} of ${all}`),
    }),
  ).catch((error: unknown) => {
    throw asOwn(error);
  });
  if (options.out !== undefined) await writeFiles(options.out, report, messages.note);
  terminal.out(options.json ? `${JSON.stringify(report)}\n` : chipText(report));
  return EXIT.fine;
}

/** Examples are built for every seed, files read once. */
function subjectOf({ document, rebuild }: LoadedNetwork, hasSeeds: boolean) {
  if (rebuild === null || !hasSeeds) return document;
  return (seed: number) => rebuild({}, { seed });
}

async function writeFiles(
  folder: string,
  report: ChipReport,
  note: (text: string) => void,
): Promise<void> {
  const files = {
    'chip.json': `${JSON.stringify(report, null, 1)}\n`,
    'chip.html': chipPage(report),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, text);
    note(`Wrote ${path}`);
  }
}

/** Failures in the words of the command line. */
function asOwn(error: unknown): unknown {
  if (isAbort(error))
    return new RunError('stopped before all runs had ended; nothing is reported.');
  const isOfOptions = error instanceof RangeError && error.message.startsWith('chipReport: ');
  return isOfOptions ? new UsageError(error.message.replace('chipReport: ', '')) : error;
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

const MOST_BITS = 24;

/** "8,6,4,1". */
function readBits(text: string | undefined): number[] | undefined {
  return text?.split(',').map((part) => {
    const bits = Number(part);
    if (/^\s*\d+\s*$/.test(part) && bits >= 1 && bits <= MOST_BITS) return bits;
    throw new UsageError(
      `--bits must be such as 8,6,4,1, each from 1 to ${MOST_BITS}, got "${text}".`,
    );
  });
}

function readNumber(
  name: 'neurons-per-core' | 'picojoules',
  options: Options,
  form: RegExp,
  wanted: string,
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  if (form.test(text) && Number.isFinite(Number(text))) return Number(text);
  throw new UsageError(`--${name} must be ${wanted}, got "${text}".`);
}
