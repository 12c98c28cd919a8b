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

/** Reads one file of the data folder as text; rejects when it is not there. */
export type ReadText = (file: string) => Promise<string>;

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
   * The same example with its data read through `readText`. Throws NetworkError that names the missing file and where
   * it comes from, or the row that cannot be read.
   */
  load?(readText: ReadText): Promise<Example>;
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

/** Makes an example that needs files. `read` turns them into data, `build` gets the data too. */
export function defineDataExample<const T extends Readonly<Record<string, ExampleParameter>>, Data>(
  example: Text & {
    readonly parameters: T;
    readonly needsData: DataRequirement;
    read(readText: ReadText): Promise<Data>;
    build(values: Checked<T>, seed: number, data: Data): NetworkDocument;
  },
): Example {
  const { build, read, ...text } = example;
  const files = Object.entries(example.needsData.files)
    .map(([file, what]) => `\n  ${file}  ${what}`)
    .join('');
  const explain = `It needs these files, which are not part of this package:${files}\nThey come from ${example.needsData.origin}`;
  const load = async (readText: ReadText): Promise<Example> => {
    if (typeof readText !== 'function') {
      throw new TypeError(
        `Example "${example.name}": load() must be given a function that reads a file as text, got ${describeValue(readText)}.`,
      );
    }
    const data = await read(async (file) => {
      try {
        const text: unknown = await readText(file);
        if (typeof text === 'string') return text;
        throw new TypeError(`its text must be a text, got ${describeValue(text)}`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new NetworkError(
          `Example "${example.name}": cannot read ${file} (${reason}). ${explain}`,
          { path: `example "${example.name}", data`, value: file },
        );
      }
    });
    return {
      ...text,
      load,
      build: (values = {}, options = {}) =>
        build(
          checkValues(example.name, example.parameters, values),
          seedOf(example.name, options),
          data,
        ),
    };
  };
  return {
    ...text,
    load,
    build(values = {}) {
      checkValues(example.name, example.parameters, values);
      throw new NetworkError(
        `Example "${example.name}" runs on data of your own copy: give the folder, --set data=FOLDER. ${explain}`,
        { path: `example "${example.name}", data`, value: '' },
      );
    },
  };
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
    case 'folder':
      return typeof value === 'string' ? value : refuse('a path');
  }
}
