/**
 * The part of the page's address behind "#": which network, how it is run, how it is looked at. `key=value&…`, where keys
 * that are none of ours are values of the example. Grammar only: nothing is fetched or built here.
 *
 *     #example=cuba&seed=2&engine=gpu&neurons=8000     an example, with other values
 *     #net=1…                                          a whole document (packed.ts)
 *     #src=https://…/model.wetware.json                a document that is somewhere else
 *     …&window=500&panel=traces&probes=exc:0,5&engine_hide=true
 */
import { NetworkError } from '../../index.ts';
import { referencesOf } from './arrays.ts';
import { packDocument } from './packed.ts';
import {
  DEFAULT_RUN,
  DEFAULT_VIEW,
  type Probe,
  type Project,
  type RunSettings,
  type ViewState,
} from './project.ts';
import { readSpaceText, spaceText } from './space-text.ts';

/** What runs when nothing else is asked for. */
export const DEFAULT_EXAMPLE = 'coba';

export type AddressSource =
  | {
      readonly kind: 'example';
      readonly name: string;
      readonly values: Readonly<Record<string, string>>;
      readonly seed: number;
    }
  /** For unpackDocument. */
  | { readonly kind: 'net'; readonly packed: string }
  /** For fetchDocument. */
  | { readonly kind: 'src'; readonly address: string };

/** What an address says. */
export interface Address {
  /** null: no network is named. */
  readonly source: AddressSource | null;
  readonly run: Partial<RunSettings>;
  readonly view: Partial<ViewState>;
}

/** A link longer than this is cut or refused by some of the programs that people send links with. */
export const LONGEST_LINK = 32_000;
/** Longest address that is read at all, most keys, longest value of a key that is no document. */
const LONGEST_READ = 4 * 2 ** 20;
const MOST_KEYS = 500;
const LONGEST_VALUE = 4000;
const LARGEST_SEED = 2 ** 32 - 1;

const refuse = (message: string, value: string): never => {
  throw new NetworkError(message, { path: 'address', value: value.slice(0, 200) });
};

/** A value in a message. */
const shown = (value: string): string => value.slice(0, 80);

/** Reads `location.hash`, with or without "#". Throws NetworkError for what is no address of ours, and nothing else. */
export function readAddress(hash: string): Address {
  const text = hash.replace(/^#!?/, '');
  if (text.length > LONGEST_READ) refuse(`The link has ${text.length} characters.`, text);
  if (text !== '' && !text.includes('=')) {
    refuse(
      `The link asks for "${text.slice(0, 80)}", which says nothing. Try #example=cuba.`,
      text,
    );
  }
  const words = new URLSearchParams(text);
  if (words.size > MOST_KEYS) refuse(`The link has ${words.size} parts.`, text);
  const run: { -readonly [K in keyof RunSettings]?: RunSettings[K] } = {};
  const view: { -readonly [K in keyof ViewState]?: ViewState[K] } = {};
  const values = new Map<string, string>();
  const probes: Probe[] = [];
  const hidden: string[] = [];
  for (const [key, value] of words) {
    if (key === 'net') continue;
    if (value.length > LONGEST_VALUE) refuse(`"${key.slice(0, 40)}" is too long.`, value);
    if (key === 'probes') probes.push(probeOf(value));
    else if (key.endsWith('_hide')) {
      if (value === 'true') hidden.push(key.slice(0, -'_hide'.length));
    } else if (Object.hasOwn(RUN_KEYS, key)) Object.assign(run, RUN_KEYS[key]?.(value));
    else if (Object.hasOwn(VIEW_KEYS, key)) Object.assign(view, VIEW_KEYS[key]?.(value));
    else values.set(key, value);
  }
  if (probes.length > 0) view.probes = probes;
  if (hidden.length > 0) view.hidden = [...new Set(hidden)];
  return { source: sourceOf(words, values), run, view };
}

function sourceOf(words: URLSearchParams, values: Map<string, string>): AddressSource | null {
  const packed = words.get('net');
  if (packed !== null) return { kind: 'net', packed };
  const address = words.get('src');
  if (address !== null) return { kind: 'src', address };
  if (!values.has('example') && !values.has('seed') && values.size === 0) return null;
  const { example: name = DEFAULT_EXAMPLE, seed: said = '1', ...rest } = Object.fromEntries(values);
  const seed = Number(said);
  if (said.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    refuse(`seed must be a whole number from 0 to ${LARGEST_SEED}, not "${shown(said)}".`, said);
  }
  if (values.has('__proto__')) refuse('An example has no value called "__proto__".', '__proto__');
  return { kind: 'example', name, values: rest, seed };
}

type Reader<T> = (value: string) => Partial<T>;

const RUN_KEYS: Readonly<Record<string, Reader<RunSettings>>> = {
  engine: (value) => ({ engine: oneOf('engine', value, ['auto', 'gpu', 'cpu']) }),
  pace: (value) => ({
    pace: value === 'fast' || value === 'auto' ? value : within('pace', value, 1e-6, 1e6),
  }),
  background: (value) => ({ inBackground: oneOf('background', value, YES_NO) === 'true' }),
};

const VIEW_KEYS: Readonly<Record<string, Reader<ViewState>>> = {
  window: (value) => ({ windowMs: within('window', value, 1, 1e7) }),
  panel: (panel) => ({ panel: word('panel', panel) }),
  theme: (value) => ({ theme: oneOf('theme', value, ['auto', 'dark', 'light']) }),
  lesson: (lesson) => ({ lesson: word('lesson', lesson) }),
  sound: (value) => ({ sound: oneOf('sound', value, YES_NO) === 'true' }),
  space: (value) => ({ space: readSpaceText(value) ?? refuse(NO_LOOK, value) }),
  src: () => ({}),
};

const YES_NO = ['true', 'false'] as const;
const NO_LOOK = 'space must be like turn:-0.5,0.5;zoom:2;at:10,10,10;colour:v;fade:30;hide:inh.';

function oneOf<T extends string>(key: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  return (
    found ?? refuse(`${key} must be one of ${allowed.join(', ')}, not "${shown(value)}".`, value)
  );
}

function within(key: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= least && number <= most) return number;
  return refuse(`${key} must be a number from ${least} to ${most}, not "${shown(value)}".`, value);
}

/** Names of panels and lessons. */
function word(key: string, value: string): string {
  return /^[\w-]{0,60}$/.test(value)
    ? value
    : refuse(`There is no ${key} "${shown(value)}".`, value);
}

/** "exc:0,5,17": neurons of a population; names may hold anything, also colons. */
function probeOf(value: string): Probe {
  const colon = value.lastIndexOf(':');
  const neurons = [...new Set(value.slice(colon + 1).split(','))].map((number) => {
    return /^\d{1,10}$/.test(number) ? Number(number) : Number.NaN;
  });
  if (colon <= 0 || neurons.length > 8 || neurons.some(Number.isNaN)) {
    refuse(`probes must be like exc:0,5,17 with at most 8 neurons, not "${shown(value)}".`, value);
  }
  return { population: value.slice(0, colon), neurons: neurons.sort((a, b) => a - b) };
}

/** Address of an example, without "#"; what is as by default is left out. */
export function exampleAddress(project: Pick<Project, 'source' | 'run' | 'view'>): string {
  const { source } = project;
  const words = new URLSearchParams();
  if (source.kind === 'example') {
    words.set('example', source.name);
    words.set('seed', String(source.seed));
    for (const [key, value] of Object.entries(source.values)) words.set(key, value);
  }
  addSettings(words, project);
  return words.toString();
}

/** Address with the whole document in it, of any length; '' for one with lists that are kept apart. */
export async function documentAddress(
  project: Pick<Project, 'document' | 'run' | 'view'>,
): Promise<string> {
  const { document } = project;
  if (document === null || referencesOf(document).size > 0) return '';
  const words = new URLSearchParams();
  words.set('net', await packDocument(document));
  addSettings(words, project);
  return words.toString();
}

/**
 * Address of a project, without "#": of the example when it is one, else with the whole document in it. '' when that is
 * longer than LONGEST_LINK or cannot be: such a network is shared as a file.
 */
export async function projectAddress(
  project: Pick<Project, 'source' | 'document' | 'run' | 'view'>,
): Promise<string> {
  if (project.source.kind === 'example') return exampleAddress(project);
  const address = await documentAddress(project);
  return address.length > LONGEST_LINK ? '' : address;
}

/** The keys of RUN_KEYS and VIEW_KEYS that differ from the defaults. */
function addSettings(words: URLSearchParams, { run, view }: Pick<Project, 'run' | 'view'>): void {
  const add = (key: string, value: string | number | boolean, standard: unknown): void => {
    if (value !== standard) words.set(key, String(value));
  };
  add('engine', run.engine, DEFAULT_RUN.engine);
  add('pace', run.pace, DEFAULT_RUN.pace);
  add('background', run.inBackground, DEFAULT_RUN.inBackground);
  add('window', view.windowMs, DEFAULT_VIEW.windowMs);
  add('panel', view.panel, DEFAULT_VIEW.panel);
  add('theme', view.theme, DEFAULT_VIEW.theme);
  add('lesson', view.lesson, DEFAULT_VIEW.lesson);
  add('sound', view.sound, DEFAULT_VIEW.sound);
  add('space', spaceText(view.space), '');
  for (const { population, neurons } of view.probes) {
    if (neurons.length > 0) words.append('probes', `${population}:${neurons.join(',')}`);
  }
  for (const control of view.hidden) words.set(`${control}_hide`, 'true');
}
