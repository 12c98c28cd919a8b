/** Verbs and options of the command line, and the reading of arguments. Decides nothing about networks. */
import { type CAC, cac } from 'cac';
import { suggest } from '../index.ts';
import { UsageError } from './usage.ts';

/** Options as typed: text, or true for flags; a repeatable one is a list. */
export interface Options {
  readonly engine?: string;
  readonly threads?: string;
  readonly precision?: string;
  readonly duration?: string;
  readonly dt?: string;
  readonly seed?: string;
  readonly set: readonly string[];
  readonly record: readonly string[];
  readonly out?: string;
  readonly format?: string;
  readonly adapter?: string;
  readonly strict: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** A request: which verb, on what, how. `text` is set when the answer is only text (help, version). */
export type Request =
  | { readonly verb: Verb; readonly target: string; readonly options: Options }
  | { readonly verb: 'text'; readonly text: string };

export type Verb = 'run' | 'list' | 'info' | 'check';

const REPEATABLE = ['set', 'record'];
const FLAGS = ['json', 'quiet', 'strict'];

function define(): CAC {
  const cli = cac('wetware');
  const text = { type: [String] };
  const network = '[example|document.json]';
  cli
    .command(`run ${network}`, 'Simulate an example or a network document')
    .option(
      '--engine <name>',
      'gpu or cpu; default: a real GPU when there is one, else the CPU',
      text,
    )
    .option('--threads <n>', 'Threads of the CPU engine; 1 in this version', text)
    .option('--precision <name>', 'f32, or f64: the slow oracle mode of the CPU engine', text)
    .option('--duration <time>', 'Simulated time, such as "1 s"', text)
    .option('--dt <time>', 'Time step, such as "0.1 ms"', text)
    .option('--seed <n>', 'Seed of everything random', text)
    .option('--set <key=value>', 'A parameter of the example (repeatable); see list', text)
    .option('--record <what>', 'spikes, POPULATION, or POPULATION.VARIABLE (repeatable)', text)
    .option('--out <dir>', 'Write spikes, traces and summary.json there', text)
    .option('--format <name>', 'Of the spikes: parquet (default) or csv', text)
    .option('--adapter <text>', 'Part of the name of the graphics adapter to use', text)
    .option('--strict', 'The same bits on every GPU, slower')
    .option('--json', 'One JSON object on standard output')
    .option('--quiet', 'Nothing on standard error but errors')
    .example('  $ wetware run cuba --set neurons=40000 --duration "1 s" --engine cpu --json');
  cli
    .command('list', 'List the examples and their parameters')
    .option('--json', 'One JSON object on standard output')
    .option('--quiet', 'Nothing on standard error but errors');
  cli
    .command('info', 'Show the graphics adapter and its limits')
    .option('--adapter <text>', 'Part of the name of the graphics adapter', text)
    .option('--json', 'One JSON object on standard output')
    .option('--quiet', 'Nothing on standard error but errors');
  cli
    .command(`check ${network}`, 'Check a network and say how it would be run')
    .option('--set <key=value>', 'A parameter of the example (repeatable)', text)
    .option('--precision <name>', 'f32 or f64', text)
    .option('--json', 'One JSON object on standard output')
    .option('--quiet', 'Nothing on standard error but errors');
  return cli;
}

/** Reads the arguments after the program's name. Throws UsageError with a suggestion for whatever is unknown. */
export function readArguments(args: readonly string[], version: string): Request {
  const cli = define();
  const wantsHelp = args.length === 0 || args.includes('--help') || args.includes('-h');
  if (wantsHelp)
    return {
      verb: 'text',
      text: helpText(
        cli,
        args.find((one) => !one.startsWith('-')),
      ),
    };
  if (args[0] === '--version' || args[0] === '-v') return { verb: 'text', text: `${version}\n` };
  cli.parse(['node', 'wetware', ...joinNegative(args)], { run: false });
  const verb = cli.matchedCommandName;
  const names = cli.commands.map(({ name }) => name);
  if (verb === undefined) throw unknown('verb', String(cli.args[0] ?? args[0]), names);
  checkOptions(cli);
  const [target = '', ...more] = cli.args.map(String);
  const takesTarget = verb === 'run' || verb === 'check';
  if (takesTarget && target === '') {
    throw new UsageError(
      `wetware ${verb} needs the name of an example or a document file; wetware list names the examples.`,
    );
  }
  const superfluous = takesTarget ? more : cli.args;
  if (superfluous.length > 0) {
    throw new UsageError(`wetware ${verb}: unexpected "${superfluous.join(' ')}".`);
  }
  return { verb: verb as Verb, target, options: collectOptions(cli) };
}

/** "--seed -1" is an option with a value, not two options. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? '';
    if (/^-\.?\d/.test(arg) && /^--[^=]+$/.test(last)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function checkOptions(cli: CAC): void {
  const known = cli.matchedCommand?.options.map(({ name }) => name) ?? [];
  for (const [name, value] of Object.entries(cli.options)) {
    if (name === '--') {
      if ((value as unknown[]).length > 0) throw new UsageError('Nothing may follow "--".');
      continue;
    }
    if (!known.includes(name)) {
      throw unknown(
        `option of wetware ${cli.matchedCommandName}`,
        `--${name}`,
        known.map((one) => `--${one}`),
      );
    }
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (!FLAGS.includes(name) && (typeof last === 'boolean' || last === 'true' || last === '')) {
      throw new UsageError(`--${name} needs a value.`);
    }
    if (FLAGS.includes(name) && typeof last !== 'boolean') {
      throw new UsageError(`--${name} takes no value, got "${String(last)}".`);
    }
  }
}

function collectOptions(cli: CAC): Options {
  const options: Record<string, unknown> = { set: [], record: [] };
  for (const flag of FLAGS) options[flag] = false;
  for (const [name, value] of Object.entries(cli.options)) {
    if (name === '--') continue;
    const values = Array.isArray(value) ? value : [value];
    options[name] = REPEATABLE.includes(name) ? values : values.at(-1);
  }
  return options as unknown as Options;
}

function unknown(what: string, found: string, known: readonly string[]): UsageError {
  const meant = suggest(found, known);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new UsageError(`Unknown ${what}: "${found}".${hint} Known: ${known.join(', ')}.`);
}

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
};

function helpText(cli: CAC, verb: string | undefined): string {
  const command = cli.commands.find(({ name }) => name === verb);
  if (command) {
    const options = command.options.map((one) => [one.rawName, one.description] as const);
    const example = command.examples[0];
    return (
      `${command.description}.\n\nwetware ${command.rawName} [options]\n\n${table(options)}` +
      (typeof example === 'string' ? `\nExample:\n${example}\n` : '')
    );
  }
  const verbs = cli.commands.map((one) => [one.rawName, one.description] as const);
  return (
    `wetware simulates networks of spiking neurons.\n\nwetware <verb> [options]\n\n${table(verbs)}\n` +
    'wetware <verb> --help shows the options of a verb.\n' +
    'Exit codes: 0 fine, 1 the run failed, 2 wrong usage or network, 3 no GPU where one was required.\n'
  );
}
