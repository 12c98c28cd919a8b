/** Verbs and options of the command line, and the reading of arguments. Decides nothing about networks. */
import { parseArgs } from 'node:util';
import { suggest } from '../index.ts';
import { UsageError } from './usage.ts';

type TextOption =
  | 'engine'
  | 'threads'
  | 'synapses'
  | 'precision'
  | 'duration'
  | 'dt'
  | 'seed'
  | 'seeds'
  | 'at-once'
  | 'out'
  | 'format'
  | 'adapter'
  | 'root'
  | 'columns'
  | 'neurons'
  | 'bits'
  | 'neurons-per-core'
  | 'picojoules'
  | 'condition'
  | 'at'
  | 'until'
  | 'from'
  | 'to'
  | 'doses';
/** Repeatable. */
type ListOption = 'set' | 'vary' | 'record' | 'intervene' | 'role' | 'detect';
type FlagOption = 'strict' | 'json' | 'quiet' | 'verbose';

/** Options as typed: text, or true for flags; a repeatable one is a list. */
export type Options = Readonly<
  Partial<Record<TextOption, string>> &
    Record<ListOption, readonly string[]> &
    Record<FlagOption, boolean>
>;

/** A request: which verb, on what, how. `text` is set when the answer is only text (help, version). */
export type Request =
  | {
      readonly verb: Verb;
      readonly target: string;
      /** What convert writes; "" for other verbs. */
      readonly output: string;
      readonly options: Options;
    }
  | { readonly verb: 'text'; readonly text: string };

export type Verb = 'run' | 'list' | 'info' | 'check' | 'convert' | 'chip' | 'compare';

interface OptionEntry {
  readonly doc: string;
  /** How help names the value; flags have none. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
}

const OPTIONS: Readonly<Record<keyof Options, OptionEntry>> = {
  engine: {
    value: 'name',
    doc: 'gpu, cpu or auto; default auto: a real GPU when there is one, else the CPU',
  },
  threads: {
    value: 'n',
    doc: 'Threads of the CPU engine, 1 to 64; default: as many as help. Spikes do not depend on it',
  },
  synapses: {
    value: 'way',
    doc: 'auto (default), stored (in memory), or procedural (made again for every spike, for networks larger than memory). Spikes do not depend on it',
  },
  precision: {
    value: 'name',
    doc: 'f32 (default), or f64: the slow oracle mode of the CPU engine',
  },
  duration: {
    value: 'time',
    doc: 'Simulated time, such as "1 s"; default: what list names, or 1 s',
  },
  dt: { value: 'time', doc: 'Time step, such as "0.1 ms"; default: what the network says' },
  seed: { value: 'n', doc: 'Seed of everything random; default: what the network says' },
  set: {
    value: 'key=value',
    isRepeatable: true,
    doc: 'A parameter of an example (see list), or of a document: NAME or OWNER.NAME (repeatable)',
  },
  seeds: {
    value: 'list',
    doc: 'Several runs, one for each seed: 1..10, or 1,2,7..9. Reports a table, with --json a line per run',
  },
  vary: {
    value: 'key=a,b,c',
    isRepeatable: true,
    doc: 'Several runs, one for each value of a parameter, named as for --set; every combination (repeatable)',
  },
  'at-once': {
    value: 'n',
    doc: 'Most runs of --seeds and --vary that share a launch; default: as fit. Spikes do not depend on it',
  },
  intervene: {
    value: 'change',
    isRepeatable: true,
    doc: 'A change while it runs: OWNER.PARAMETER*FACTOR@AT..UNTIL or OWNER.PARAMETER=VALUE@AT, such as "dopamine.km*3@1s..2s" (repeatable)',
  },
  record: {
    value: 'what',
    isRepeatable: true,
    doc: 'spikes, POPULATION, POPULATION.VARIABLE or FIELD.VARIABLE, with [FROM:TO] after the name for a part of it (repeatable)',
  },
  out: {
    value: 'folder',
    doc: 'Write spikes, traces and summary.json there; of several runs into run-1, run-2, …, beside a table runs.csv',
  },
  format: {
    value: 'name',
    doc: 'Of the spikes in --out: parquet (default) or csv, written while they happen; npz (traces too) or sonata, written at the end',
  },
  adapter: { value: 'text', doc: 'Part of the name of the graphics adapter to use' },
  root: {
    value: 'folder',
    doc: 'Where files that a SONATA or NeuroML file names may lie; default: the working directory, or the folder of the file',
  },
  columns: {
    value: 'mapping',
    doc: 'Columns of a connection table, such as pre=from,post=to,weight=n; default: recognised',
  },
  neurons: { value: 'file', doc: 'Neuron table of a connection table, by its name under --root' },
  bits: {
    value: 'list',
    doc: 'Bits of weights, such as 8,6,4,1 (default); 24 is the least change there is',
  },
  'neurons-per-core': { value: 'n', doc: 'Most neurons on a core; default 1024' },
  picojoules: { value: 'n', doc: 'Energy of a synaptic operation in pJ; default 23.6' },
  condition: {
    value: 'name',
    doc: 'What is done, by name, such as epilepsy or gaba-a-block; an unknown name lists all',
  },
  at: { value: 'time', doc: 'When the condition begins; default "0 ms"' },
  until: { value: 'time', doc: 'When it ends; default: never' },
  role: {
    value: 'role=parameter',
    isRepeatable: true,
    doc: 'Where what a condition changes is, if names do not tell: inhibition=OWNER.PARAMETER (repeatable)',
  },
  from: {
    value: 'time',
    doc: 'When detectors begin to look; default: when the first intervention begins',
  },
  to: { value: 'time', doc: 'When they stop; default: the end' },
  detect: {
    value: 'what',
    isRepeatable: true,
    doc: 'POPULATION.VARIABLE:UNIT: levels of a variable too, such as terminals.da:nM; with a target after it, such as cells.ca:uM=7, the error of regulation (repeatable)',
  },
  doses: {
    value: 'list',
    doc: 'Further strengths, 1 being as given: 0.25,0.5,0.75 for a dose–response curve',
  },
  strict: { doc: 'The same bits on every GPU, slower' },
  json: { doc: 'One JSON object on standard output; of several runs, one a line' },
  quiet: { doc: 'Nothing on standard error but errors' },
  verbose: { doc: 'Also what was made of every equation, and memory by buffer' },
};

interface VerbEntry {
  readonly doc: string;
  readonly takesTarget: boolean;
  readonly options: readonly (keyof Options)[];
  /** What options are in this verb, where that is something else. */
  readonly docs?: Readonly<Partial<Record<keyof Options, string>>>;
  readonly example: string;
}

const VERBS: Readonly<Record<Verb, VerbEntry>> = {
  run: {
    doc: 'Simulate an example, document, connection table, SONATA, NIR or NeuroML file, or Brian 2 script',
    takesTarget: true,
    options: [
      'engine',
      'threads',
      'synapses',
      'precision',
      'duration',
      'dt',
      'seed',
      'set',
      'intervene',
      'seeds',
      'vary',
      'at-once',
      'record',
      'root',
      'columns',
      'neurons',
      'out',
      'format',
      'adapter',
      'strict',
      'json',
      'quiet',
    ],
    example: 'wetware run cuba --set neurons=40000 --duration "1 s" --engine cpu --json',
  },
  list: {
    doc: 'List the examples and their parameters',
    takesTarget: false,
    options: ['json', 'quiet'],
    example: 'wetware list',
  },
  info: {
    doc: 'Show the processor, threads, and the graphics adapter with its limits',
    takesTarget: false,
    options: ['adapter', 'json', 'quiet'],
    example: 'wetware info --json',
  },
  check: {
    doc: 'Check a network and say how it would be run',
    takesTarget: true,
    options: [
      'set',
      'intervene',
      'dt',
      'seed',
      'precision',
      'synapses',
      'root',
      'columns',
      'neurons',
      'verbose',
      'json',
      'quiet',
    ],
    example: 'wetware check my-network.wetware.json',
  },
  compare: {
    doc: 'Compare a network with itself under a drug, lesion or other intervention: detectors, z-scores, pictures',
    takesTarget: true,
    options: [
      'intervene',
      'condition',
      'at',
      'until',
      'role',
      'doses',
      'seeds',
      'duration',
      'from',
      'to',
      'detect',
      'engine',
      'threads',
      'synapses',
      'precision',
      'set',
      'dt',
      'at-once',
      'root',
      'columns',
      'neurons',
      'out',
      'adapter',
      'strict',
      'json',
      'quiet',
    ],
    docs: {
      seeds:
        'A run with and one without for each seed: 1..10 (default), or 1,2,7..9; ten or more for z-scores that mean something',
      'at-once':
        'Most runs that share a launch; default: 32, or as fit. Spikes do not depend on it',
      out: 'Write comparison.html (a page with pictures), comparison.json, detectors.csv and runs.csv there',
      json: 'One JSON object on standard output',
    },
    example:
      'wetware compare coba --condition benzodiazepine --at "300 ms" --seeds 1..10 --out results/benzodiazepine',
  },
  chip: {
    doc: 'Study a network as a neuromorphic chip would run it: weights in few bits, traffic, memory, energy',
    takesTarget: true,
    options: [
      'bits',
      'seed',
      'seeds',
      'neurons-per-core',
      'picojoules',
      'duration',
      'dt',
      'set',
      'engine',
      'threads',
      'adapter',
      'strict',
      'root',
      'columns',
      'neurons',
      'out',
      'json',
      'quiet',
    ],
    docs: {
      seeds: 'Runs to tell a shift from chance with: 1..10, or 1,2,7..9; default: the seed alone',
      out: 'Write chip.html (a page with pictures) and chip.json there',
      json: 'One JSON object on standard output',
    },
    example:
      'wetware chip cuba --bits 8,6,4,1 --seeds 1..10 --neurons-per-core 1024 --out results/chip',
  },
  convert: {
    doc: 'Write a network as .wetware.json, .parquet, .csv, .nir, .py (Brian 2), .ts, or SONATA (a folder)',
    takesTarget: true,
    options: ['set', 'intervene', 'dt', 'seed', 'duration', 'root', 'columns', 'neurons', 'quiet'],
    example: 'wetware convert connections.parquet circuit/',
  },
};

const VERB_NAMES = Object.keys(VERBS) as Verb[];

/** What the parser of arguments found: every option with its value, everything else. */
interface Parsed {
  readonly words: readonly string[];
  readonly given: readonly Given[];
}

interface Given {
  /** Without dashes. */
  readonly name: string;
  /** As typed. */
  readonly raw: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

/** Reads the arguments after the program's name. Throws UsageError with a suggestion for whatever is unknown. */
export function readArguments(args: readonly string[], version: string): Request {
  const { words, given } = parse(args);
  const wants = (...names: readonly string[]): boolean =>
    given.some(({ name }) => names.includes(name));
  const [first, ...rest] = words;
  if (first === 'help' || first === undefined || wants('help', 'h')) {
    if (first === undefined && wants('version', 'v', 'V')) return text(`${version}\n`);
    const about = first === 'help' ? rest[0] : first;
    if (about === undefined && given.length > 0 && !wants('help', 'h')) {
      throw new UsageError(`A verb must come first: ${VERB_NAMES.join(', ')}.`);
    }
    return text(about === undefined ? generalHelp() : verbHelp(readVerb(about)));
  }
  const verb = readVerb(first);
  checkOptions(verb, given);
  return { verb, ...readTarget(verb, rest), options: collectOptions(given) };
}

const text = (content: string): Request => ({ verb: 'text', text: content });

function parse(args: readonly string[]): Parsed {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { value }]) => {
      const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
      return [name, { type }];
    }),
  );
  // Not strict: the messages for what is wrong are ours.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  return {
    words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    given: tokens.flatMap((token) =>
      token.kind === 'option'
        ? [
            {
              name: token.name,
              raw: token.rawName,
              value: token.value,
              isInline: token.inlineValue === true,
            },
          ]
        : [],
    ),
  };
}

function readVerb(name: string): Verb {
  const found = VERB_NAMES.find((verb) => verb === name);
  if (found !== undefined) return found;
  throw unknown('verb', name, VERB_NAMES);
}

function readTarget(verb: Verb, words: readonly string[]): { target: string; output: string } {
  const [target = '', ...more] = words;
  const { takesTarget } = VERBS[verb];
  if (takesTarget && target === '') {
    throw new UsageError(
      `wetware ${verb} needs the name of an example or a document file; wetware list names the examples.`,
    );
  }
  const [output = ''] = verb === 'convert' ? more : [];
  if (verb === 'convert' && output === '') {
    throw new UsageError('wetware convert needs what to read and what to write, a file or folder.');
  }
  const superfluous = verb === 'convert' ? more.slice(1) : takesTarget ? more : words;
  if (superfluous.length > 0) {
    const hint = superfluous.some((word) => word.includes('='))
      ? ' Parameters go after --set.'
      : ' Texts with spaces need quotes.';
    throw new UsageError(`wetware ${verb}: unexpected "${superfluous.join(' ')}".${hint}`);
  }
  return { target, output };
}

function checkOptions(verb: Verb, given: readonly Given[]): void {
  const known = VERBS[verb].options;
  for (const { name, raw, value, isInline } of given) {
    const entry = known.find((one) => one === name && raw.startsWith('--'));
    if (entry === undefined) {
      const names = known.map((one) => `--${one}`);
      throw unknown(`option of wetware ${verb}`, raw, names);
    }
    const wanted = OPTIONS[entry].value;
    if (wanted === undefined && isInline) {
      throw new UsageError(`${raw} takes no value, got "${value}".`);
    }
    const isMissing =
      value === undefined || value.trim() === '' || (!isInline && /^--/.test(value));
    if (wanted !== undefined && isMissing) {
      throw new UsageError(`${raw} needs a value: ${raw} <${wanted}>. ${OPTIONS[entry].doc}.`);
    }
  }
}

/** The last of equal options counts; repeatable ones are collected. */
function collectOptions(given: readonly Given[]): Options {
  const texts: Partial<Record<TextOption, string>> = {};
  const lists: Record<ListOption, string[]> = {
    set: [],
    vary: [],
    record: [],
    intervene: [],
    role: [],
    detect: [],
  };
  const flags: Record<FlagOption, boolean> = {
    strict: false,
    json: false,
    quiet: false,
    verbose: false,
  };
  for (const { name, value = '' } of given) {
    if (isKey(lists, name)) lists[name].push(value);
    else if (isKey(flags, name)) flags[name] = true;
    else texts[name as TextOption] = value;
  }
  return { ...texts, ...lists, ...flags };
}

const isKey = <Key extends string>(
  table: Readonly<Record<Key, unknown>>,
  name: string,
): name is Key => Object.hasOwn(table, name);

function unknown(what: string, found: string, known: readonly string[]): UsageError {
  const meant = suggest(found, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new UsageError(`Unknown ${what}: "${found}".${hint} Known: ${known.join(', ')}.`);
}

/** Two columns, the second one wrapped to 100 characters. */
function table(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows
    .map(([left, right]) => `  ${left.padEnd(width)}  ${wrap(right, 100, width + 4)}\n`)
    .join('');
}

/** Breaks a text between words; later lines are indented. */
function wrap(content: string, columns: number, indent: number): string {
  const lines = [''];
  for (const word of content.split(' ')) {
    const last = lines.at(-1) as string;
    const longer = last === '' ? word : `${last} ${word}`;
    if (last !== '' && longer.length > columns - indent) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

const usage = (verb: Verb): string =>
  `${verb}${VERBS[verb].takesTarget ? ' <example|file>' : ''}${verb === 'convert' ? ' <output>' : ''}`;

function verbHelp(verb: Verb): string {
  const { doc, options, docs = {}, example } = VERBS[verb];
  const rows = options.map((name) => {
    const { value, doc: usual } = OPTIONS[name];
    const meaning = docs[name] ?? usual;
    return [value === undefined ? `--${name}` : `--${name} <${value}>`, meaning] as const;
  });
  return `${doc}.\n\nwetware ${usage(verb)} [options]\n\n${table(rows)}\nExample:\n  ${example}\n`;
}

function generalHelp(): string {
  const rows = VERB_NAMES.map((verb) => [usage(verb), VERBS[verb].doc] as const);
  return (
    `wetware simulates networks of spiking neurons.\n\nwetware <verb> [options]\n\n${table(rows)}\n` +
    'wetware <verb> --help shows the options of a verb; wetware --version the version.\n' +
    'Exit codes: 0 fine, 1 the run failed, 2 wrong usage or network, 3 no GPU where one was required.\n'
  );
}
