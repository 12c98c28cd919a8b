/**
 * What somebody asks the bench for, the same on the command line and in the address of the page: one table of options
 * with their meaning, one reader that checks. Knows neither process nor page.
 */
import { suggest } from '../src/index.ts';
import { SIZES, type Size, type SynapseChoice, type Workload } from './workloads.ts';

export type EngineChoice = 'cpu' | 'gpu';

export interface Settings {
  /** Parts of names of workloads; empty: all. */
  readonly only: readonly string[];
  readonly engines: readonly EngineChoice[];
  /** Thread counts of the CPU engine and of peers; null: one and all that the machine has. */
  readonly threads: readonly number[] | null;
  readonly synapses: readonly SynapseChoice[] | null;
  readonly sizes: readonly Size[];
  readonly repeats: number;
  /** Simulated time of a repetition instead of the workload's own. */
  readonly durationMs: number | null;
  readonly isQuick: boolean;
  readonly withPeers: boolean;
  readonly withBrowser: boolean;
  /** Also without recordings, in turn. */
  readonly withRecordingCost: boolean;
}

/** Options as typed: text, or true for flags. */
export type RawSettings = Readonly<Record<string, string | boolean | undefined>>;

/** Wrong use: shown without a stack. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

interface OptionEntry {
  readonly doc: string;
  /** How help names the value; flags have none. */
  readonly value?: string;
  /** Means something in the page's address too. */
  readonly inPage: boolean;
}

export const OPTIONS = {
  only: {
    value: 'names',
    inPage: true,
    doc: 'Workloads of these names, or whose name contains one of these: cuba,brunel-1; all sizes then',
  },
  engine: {
    value: 'names',
    inPage: true,
    doc: 'cpu, gpu or cpu,gpu (default): gpu is WebGPU on whatever adapter there is',
  },
  threads: {
    value: 'counts',
    inPage: true,
    doc: 'Of the CPU engine and of peers, such as 1,2,4; default 1 and as many as the machine has',
  },
  synapses: {
    value: 'ways',
    inPage: true,
    doc: 'auto, stored or procedural, one or several; default what each workload lists',
  },
  sizes: {
    value: 'names',
    inPage: true,
    doc: 'small, medium, large or all; default small,medium. Large ones take minutes and gigabytes each',
  },
  repeats: { value: 'n', inPage: true, doc: 'Repetitions that count, 1…99; default 5' },
  duration: {
    value: 'ms',
    inPage: true,
    doc: 'Simulated milliseconds of a repetition; default what each workload lists',
  },
  quick: {
    inPage: true,
    doc: 'A smoke run of less than a minute: three small networks, 3 × 100 ms, no peers',
  },
  'recording-cost': {
    inPage: true,
    doc: 'Also without recordings, in turn with the others: what recording every spike costs',
  },
  'no-peers': { inPage: false, doc: 'Without other simulators' },
  peers: {
    value: 'file',
    inPage: false,
    doc: 'List of peers to run beside; default bench/peers/peers.json',
  },
  browser: { inPage: false, doc: 'Also in Chromium, driven from here' },
  data: {
    value: 'folder',
    inPage: false,
    doc: 'Folder with the files of the fly circuit (nodes.csv, edges.csv, spikes.csv)',
  },
  out: {
    value: 'folder',
    inPage: false,
    doc: 'Where records.jsonl and report.html go; default bench/results/<date>-<machine>',
  },
  resume: { inPage: false, doc: 'Go on with the records that --out holds: only what is missing' },
  report: {
    value: 'file',
    inPage: false,
    doc: 'Measure nothing: write report.html beside this file of records',
  },
  list: {
    inPage: false,
    doc: 'Measure nothing: list what would be measured, and how long it takes',
  },
  help: { inPage: false, doc: 'This text' },
} as const satisfies Record<string, OptionEntry>;

export type OptionName = keyof typeof OPTIONS;

const QUICK = { repeats: 3, durationMs: 100 };
const MOST_THREADS = 64;

/** Checks and completes. Throws SettingsError that says what is allowed. */
export function readSettings(raw: RawSettings): Settings {
  const isQuick = raw.quick === true;
  const only = words(raw.only);
  return {
    only,
    engines: chosen('engine', words(raw.engine), ['cpu', 'gpu']) ?? ['cpu', 'gpu'],
    threads: numbers('threads', words(raw.threads), MOST_THREADS),
    synapses: chosen('synapses', words(raw.synapses), ['auto', 'stored', 'procedural']),
    sizes: sizesOf(words(raw.sizes), only.length > 0),
    repeats: numbers('repeats', words(raw.repeats), 99)?.[0] ?? (isQuick ? QUICK.repeats : 5),
    durationMs:
      numbers('duration', words(raw.duration), 1e7)?.[0] ?? (isQuick ? QUICK.durationMs : null),
    isQuick,
    withPeers: !isQuick && raw['no-peers'] !== true,
    withBrowser: raw.browser === true,
    withRecordingCost: raw['recording-cost'] === true,
  };
}

/** Settings for the page as its address has them: `?only=cuba&repeats=3`. Throws SettingsError on unknown keys. */
export function settingsFromAddress(search: string): Settings {
  const raw: Record<string, string | boolean> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === 'start') continue;
    if (!isOption(name) || !OPTIONS[name].inPage) {
      const known = Object.entries(OPTIONS).flatMap(([one, { inPage }]) => (inPage ? [one] : []));
      throw unknownWord('setting', name, known);
    }
    raw[name] = 'value' in OPTIONS[name] ? value : true;
  }
  return readSettings(raw);
}

/** The inverse, for a link: only what differs from the defaults. */
export function addressOf(settings: Settings): string {
  const defaults = readSettings({ quick: settings.isQuick });
  const parameters = new URLSearchParams();
  const put = (name: OptionName, value: unknown, usual: unknown): void => {
    if (String(value) !== String(usual)) parameters.set(name, String(value));
  };
  if (settings.isQuick) parameters.set('quick', '');
  put('only', settings.only, defaults.only);
  put('engine', settings.engines, defaults.engines);
  put('threads', settings.threads, null);
  put('synapses', settings.synapses, null);
  put('sizes', settings.sizes, readSettings({ only: settings.only.join(',') }).sizes);
  put('repeats', settings.repeats, defaults.repeats);
  put('duration', settings.durationMs, defaults.durationMs);
  if (settings.withRecordingCost) parameters.set('recording-cost', '');
  return parameters.toString();
}

export const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** The workloads that these settings ask for. Throws SettingsError when there is none. */
export function workloadsOf(settings: Settings, all: readonly Workload[]): Workload[] {
  const isWanted = (part: string, { name }: Workload): boolean =>
    all.some((one) => one.name === part) ? name === part : name.includes(part);
  const chosenOnes = all.filter(
    (one) =>
      settings.sizes.includes(one.size) &&
      (settings.only.length > 0
        ? settings.only.some((part) => isWanted(part, one))
        : !settings.isQuick || one.quick === true),
  );
  if (chosenOnes.length > 0) return chosenOnes;
  throw unknownWord(
    'workload',
    settings.only.join(','),
    all.map(({ name }) => name),
  );
}

function sizesOf(given: readonly string[], isNamed: boolean): readonly Size[] {
  if (given.includes('all')) return SIZES;
  return chosen('sizes', given, SIZES) ?? (isNamed ? SIZES : ['small', 'medium']);
}

const words = (value: string | boolean | undefined): string[] =>
  typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [];

function chosen<T extends string>(
  option: string,
  given: readonly string[],
  allowed: readonly T[],
): readonly T[] | null {
  if (given.length === 0) return null;
  const found = given.map((word) => allowed.find((one) => one === word));
  const wrong = given.find((_, index) => found[index] === undefined);
  if (wrong !== undefined) throw unknownWord(`--${option}`, wrong, allowed);
  return found.filter((one) => one !== undefined);
}

function numbers(option: string, given: readonly string[], most: number): number[] | null {
  if (given.length === 0) return null;
  return given.map((word) => {
    const value = Number(word);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new SettingsError(`--${option} must be whole numbers from 1 to ${most}, got "${word}".`);
  });
}

export function unknownWord(what: string, found: string, known: readonly string[]): SettingsError {
  const meant = suggest(found, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new SettingsError(`Unknown ${what}: "${found}".${hint} Known: ${known.join(', ')}.`);
}
