/**
 * What an example is: a published network with its citation, a few parameters of its own, and a function that writes
 * the network document. Checks the values that people set. Not a second network format: `build` returns the document.
 */
import {
  describeValue,
  isPlainObject,
  listNames,
  type NetworkDocument,
  NetworkError,
  parseQuantity,
  suggest,
} from '../index.ts';

/** A number, with its range (inclusive). */
export interface NumberParameter {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly doc: string;
}

/** One of a few words. */
export interface ChoiceParameter {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
  readonly doc: string;
}

/** A quantity with a unit, with its range (inclusive). */
export interface QuantityParameter {
  readonly kind: 'quantity';
  readonly default: string;
  readonly min: string;
  readonly max: string;
  readonly doc: string;
}

/** Free text, such as a list of names. */
export interface TextParameter {
  readonly kind: 'text';
  readonly default: string;
  /** Most characters. */
  readonly most: number;
  /** What the text must look like, with words for it; anything when omitted. */
  readonly form?: { readonly pattern: RegExp; readonly words: string };
  readonly doc: string;
}

/** A folder with data files; not used by `build` but by whoever reads the files for `load`. */
export interface FolderParameter {
  readonly kind: 'folder';
  readonly default: '';
  readonly doc: string;
}

export type ExampleParameter =
  | NumberParameter
  | ChoiceParameter
  | QuantityParameter
  | TextParameter
  | FolderParameter;

/** Values as people give them: texts from a command line or an address, or numbers. */
export type ExampleValues = Readonly<Record<string, string | number>>;

export interface BuildOptions {
  /** Seed of the network, 0 … 2^32-1; default 1. */
  readonly seed?: number;
}

/** Files that an example needs and that are not part of this package. */
export interface DataRequirement {
  /** Names inside the folder, with what each holds. */
  readonly files: Readonly<Record<string, string>>;
  /** Where they come from: paper, repository, licence. */
  readonly origin: string;
}

/** Reads one file of the data folder, as text or as the bytes that it is; rejects when it is not there. */
export type ReadFile = (file: string) => Promise<string | Uint8Array>;

/** Reads one file as text. */
export type ReadText = (file: string) => Promise<string>;

/** Reads one file as bytes. */
export type ReadBytes = (file: string) => Promise<Uint8Array>;

/** A run of an example's network that has ended: a Simulation, or one of the runs of runMany. */
export interface ExampleRun {
  /** Steps that were run. */
  readonly step: number;
  readonly dtMs: number;
  spikes(recording?: string): { readonly steps: Uint32Array; readonly neurons: Uint32Array };
}

export interface Example {
  /** As the command line names it. */
  readonly name: string;
  readonly title: string;
  /** Paper with DOI. */
  readonly citation: string;
  /** What to know before believing the result. */
  readonly note: string;
  readonly parameters: Readonly<Record<string, ExampleParameter>>;
  readonly defaultDuration: string;
  /** Present when the example needs files: then call `load` first and build what it returns. */
  readonly needsData?: DataRequirement;
  /**
   * The network for these values; what is not given takes its default. Throws NetworkError for an unknown name (with a
   * suggestion) or a value out of range, and when data are needed but not loaded.
   */
  build(values?: ExampleValues, options?: BuildOptions): NetworkDocument;
  /**
   * The same example with its data read through `readFile`. Throws NetworkError that names the missing file and where
   * it comes from, or the row that cannot be read.
   */
  load?(readFile: ReadFile): Promise<Example>;
  /**
   * How many runs, with one seed each, make one experiment with these values. One where there is no such method; then
   * `results` has little to say.
   */
  trials?(values?: ExampleValues): number;
  /**
   * Files with what the runs of an experiment gave, by name, beside their spikes and traces: tables that belong to this
   * example. For runs that kept their spikes; in order of trials, built with these values.
   */
  results?(
    runs: readonly ExampleRun[],
    values?: ExampleValues,
  ): Promise<ReadonlyMap<string, string | Uint8Array>>;
}

type ValueOf<P> = P extends NumberParameter
  ? number
  : P extends ChoiceParameter
    ? P['choices'][number]
    : string;

/** Checked values, typed by the table of parameters. */
export type Checked<T extends Readonly<Record<string, ExampleParameter>>> = {
  readonly [K in keyof T]: ValueOf<T[K]>;
};

interface Text {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  readonly note: string;
  readonly defaultDuration: string;
}

/** Makes an example that needs no files. `build` gets checked values and the seed. */
export function defineExample<const T extends Readonly<Record<string, ExampleParameter>>>(
  example: Text & {
    readonly parameters: T;
    build(values: Checked<T>, seed: number): NetworkDocument;
  },
): Example {
  const { build, ...text } = example;
  return {
    ...text,
    build: (values = {}, options = {}) =>
      build(checkValues(example.name, example.parameters, values), seedOf(example.name, options)),
  };
}

/** The seed that build() is told; whether it is a seed is the network's to check. */
function seedOf(name: string, options: BuildOptions): number {
  const known = ['seed'];
  const isFine = isPlainObject(options) && Object.keys(options).every((key) => known.includes(key));
  if (isFine) return options.seed === undefined ? 1 : options.seed;
  throw new TypeError(
    `Example "${name}": the options of build() must be an object such as { seed: 1 }, got ${describeValue(options)}.`,
  );
}

/** An example that needs files, as it is written: `read` turns them into data, everything else gets the data too. */
interface DataDefinition<T extends Readonly<Record<string, ExampleParameter>>, Data> extends Text {
  readonly parameters: T;
  readonly needsData: DataRequirement;
  read(readText: ReadText, readBytes: ReadBytes): Promise<Data>;
  build(values: Checked<T>, seed: number, data: Data): NetworkDocument;
  /** See Example.trials. */
  trials?(values: Checked<T>): number;
  /** See Example.results. */
  results?(
    runs: readonly ExampleRun[],
    values: Checked<T>,
    data: Data,
  ): Promise<ReadonlyMap<string, string | Uint8Array>>;
}

/** Makes an example that needs files. */
export function defineDataExample<const T extends Readonly<Record<string, ExampleParameter>>, Data>(
  example: DataDefinition<T, Data>,
): Example {
  const { name, parameters, build, read, trials, results, ...rest } = example;
  const text = { name, parameters, ...rest };
  const files = Object.entries(example.needsData.files)
    .map(([file, what]) => `\n  ${file}  ${what}`)
    .join('');
  const explain = `It needs these files, which are not part of this package:${files}\nThey come from ${example.needsData.origin}`;
  const check = (values: ExampleValues = {}): Checked<T> => checkValues(name, parameters, values);
  const load = async (readFile: ReadFile): Promise<Example> => {
    if (typeof readFile !== 'function') {
      throw new TypeError(
        `Example "${name}": load() must be given a function that reads a file, got ${describeValue(readFile)}.`,
      );
    }
    const data = await read(...readers(name, readFile, explain));
    return {
      ...text,
      load,
      build: (values, options = {}) => build(check(values), seedOf(name, options), data),
      ...(trials && { trials: (values) => trials(check(values)) }),
      ...(results && { results: (runs, values) => results(runs, check(values), data) }),
    };
  };
  return {
    ...text,
    load,
    build(values) {
      check(values);
      throw new NetworkError(
        `Example "${name}" runs on data of your own copy: give the folder, --set data=FOLDER. ${explain}`,
        { path: `example "${name}", data`, value: '' },
      );
    },
  };
}

/** Readers whose failures say which file, why, and where it comes from. */
function readers(name: string, readFile: ReadFile, explain: string): [ReadText, ReadBytes] {
  const reading = async <T>(file: string, turn: (content: unknown) => T): Promise<T> => {
    try {
      return turn(await readFile(file));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new NetworkError(`Example "${name}": cannot read ${file} (${reason}). ${explain}`, {
        path: `example "${name}", data`,
        value: file,
      });
    }
  };
  return [(file) => reading(file, asText), (file) => reading(file, asBytes)];
}

function asText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!(content instanceof Uint8Array)) return wrongContent(content);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new TypeError('it is not UTF-8 text');
  }
}

function asBytes(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return typeof content === 'string' ? new TextEncoder().encode(content) : wrongContent(content);
}

function wrongContent(content: unknown): never {
  throw new TypeError(`its content must be a text or bytes, got ${describeValue(content)}`);
}

/** Completes and checks the values of an example. */
export function checkValues<T extends Readonly<Record<string, ExampleParameter>>>(
  name: string,
  parameters: T,
  given: ExampleValues,
): Checked<T> {
  if (!isPlainObject(given)) {
    throw new TypeError(
      `Example "${name}": build() takes an object such as { neurons: 4000 }, got ${describeValue(given)}.`,
    );
  }
  const values: Record<string, string | number> = {};
  for (const [key, parameter] of Object.entries(parameters)) values[key] = parameter.default;
  for (const [key, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) unknownKey(name, key, Object.keys(parameters));
    values[key] = checkValue(`Example "${name}": ${key}`, parameter, value);
  }
  return values as Checked<T>;
}

function unknownKey(name: string, key: string, known: readonly string[]): never {
  const meant = suggest(key, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const list = known.length === 0 ? 'It has none.' : `Known: ${listNames(known, 40)}.`;
  throw new NetworkError(`Example "${name}": unknown parameter "${key}".${hint} ${list}`, {
    path: `example "${name}"`,
    value: key,
  });
}

function checkValue(
  where: string,
  parameter: ExampleParameter,
  value: string | number,
): string | number {
  const refuse = (rule: string): never => {
    throw new NetworkError(
      `${where} must be ${rule}, got ${describeValue(value)}. ${parameter.doc}`,
      {
        path: where,
        value,
      },
    );
  };
  switch (parameter.kind) {
    case 'number': {
      const { min, max, integer = false } = parameter;
      const isText = typeof value === 'string' && /\d/.test(value);
      const number = typeof value === 'number' || isText ? Number(value) : Number.NaN;
      if (!(number >= min && number <= max) || (integer && !Number.isInteger(number))) {
        refuse(`a ${integer ? 'whole ' : ''}number from ${min} to ${max}`);
      }
      return number;
    }
    case 'choice': {
      const found = parameter.choices.find(
        (choice) =>
          choice.toLowerCase() === (typeof value === 'string' ? value.toLowerCase() : value),
      );
      return found ?? refuse(`one of ${parameter.choices.join(', ')}`);
    }
    case 'quantity': {
      const { dimension, value: largest } = parseQuantity(parameter.max, where);
      const number = parseQuantity(value, where, dimension).value;
      const smallest = parseQuantity(parameter.min, where, dimension).value;
      if (number < smallest || number > largest) {
        refuse(`from ${parameter.min} to ${parameter.max}`);
      }
      return String(value);
    }
    case 'text': {
      const { most, form } = parameter;
      if (typeof value !== 'string' || value.length > most) {
        return refuse(`a text of at most ${most} characters`);
      }
      return form === undefined || form.pattern.test(value) ? value : refuse(form.words);
    }
    case 'folder':
      return typeof value === 'string' ? value : refuse('a path');
  }
}
