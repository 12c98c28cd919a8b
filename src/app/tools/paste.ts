/**
 * What somebody pastes, as a network: a Brian 2 script, or equations alone. Read as data, never run; what is not
 * understood is told by line.
 */
import { checkNetwork, type NetworkDocument, type Problem, type Quantity } from '../../index.ts';
import { fromBrian2 } from '../../io/scripts/index.ts';
import { keepArray } from '../state/array-store.ts';
import { detach } from '../state/arrays.ts';
import { methodSentence } from './advice.ts';
import { type BareOptions, bareDocument, bareEquations, isScript } from './bare-equations.ts';
import { shown } from './equations.ts';
import { guessParameters } from './guess-parameters.ts';

/** Something that is wrong, at its place in the pasted text, lines and columns from 1. */
export interface PasteProblem {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Sentences. */
  readonly message: string;
  /** The line and, below, the caret; '' where there is none. */
  readonly excerpt: string;
}

/** A parameter that is still to be given. */
export interface MissingParameter {
  readonly name: string;
  /** A value of a unit that fits, to begin with. */
  readonly guess: string;
}

/** What a network consists of, one line each. */
export interface PasteSummary {
  readonly populations: readonly { readonly name: string; readonly text: string }[];
  readonly projections: readonly { readonly name: string; readonly text: string }[];
  readonly others: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export interface Pasted {
  readonly kind: 'nothing' | 'script' | 'equations';
  /** null where it cannot be opened yet. Long lists by reference. */
  readonly document: NetworkDocument | null;
  readonly duration: string | null;
  readonly summary: PasteSummary | null;
  readonly notes: readonly string[];
  readonly problems: readonly PasteProblem[];
  readonly missing: readonly MissingParameter[];
}

export type { BareOptions } from './bare-equations.ts';

/** Longest text that is read here, characters. */
export const LONGEST_PASTE = 500_000;

export interface PasteCalls {
  /** Never rejects for what the text says. */
  readPasted(text: string, options: BareOptions): Pasted;
}

const NOTHING: Pasted = {
  kind: 'nothing',
  document: null,
  duration: null,
  summary: null,
  notes: [],
  problems: [],
  missing: [],
};

export const pasteTools = {
  async readPasted(text: string, options: BareOptions): Promise<Pasted> {
    const read = readText(text, options);
    return read.document === null
      ? read
      : { ...read, document: await detach(read.document, keepArray) };
  },
};

/** As the tool, with all lists in the document. */
export function readText(text: string, options: BareOptions): Pasted {
  if (text.trim() === '') return NOTHING;
  if (text.length > LONGEST_PASTE) {
    const message = `This has ${text.length} characters; at most ${LONGEST_PASTE} are read here.`;
    return {
      ...NOTHING,
      problems: [{ line: 1, column: 1, length: 1, message, excerpt: '' }],
    };
  }
  return isScript(text) ? readScript(text) : readEquations(text, options);
}

// ---- Scripts ----

function readScript(text: string): Pasted {
  const { document, duration, notes, problems } = fromBrian2(text);
  const lines = text.split('\n');
  return {
    kind: 'script',
    document,
    duration: duration === null ? null : String(duration),
    summary: document === null ? null : summaryOf(document),
    notes,
    problems: problems.flatMap(({ line, message }) => apart(line, message, lines)),
    missing: [],
  };
}

/** Several problems of one text, which are reported together, each at its own line. */
export function apart(line: number, report: string, lines: readonly string[]): PasteProblem[] {
  const parts = report.split('\n\n').filter((part) => /^\s*\^+ /m.test(part));
  if (parts.length < 2) return [placed(line, report, lines[line - 1] ?? '')];
  const rows = parts.map((part) => Number(/^\w[\w ]*? line (\d+):/m.exec(part)?.[1] ?? 1));
  return parts.map((part, k) => {
    const at = line + (rows[k] ?? 1) - (rows[0] ?? 1);
    return placed(at, part, lines[at - 1] ?? '');
  });
}

/** The place of a problem in its line: under the caret of the report where it has one, else the whole line. */
export function placed(line: number, report: string, source: string): PasteProblem {
  const rows = report.split('\n');
  const row = rows.findIndex((one) => /^\s*\^+ /.test(one));
  if (row < 1) {
    const indent = source.length - source.trimStart().length;
    const length = Math.max(1, source.trim().length);
    return { line, column: indent + 1, length, message: report, excerpt: '' };
  }
  const [, margin = '', carets = '', message = ''] =
    /^(\s*)(\^+) (.*)$/.exec(rows[row] ?? '') ?? [];
  const printed = rows[row - 1] ?? '';
  const label = /^[\w ]+?(?: line \d+)?:\s+/.exec(printed)?.[0] ?? '';
  const equation = printed.slice(label.length).trimEnd();
  const shift = margin.slice(label.length);
  const hint = rows.slice(row + 1).find((one) => one.startsWith('Hint: '));
  const start = equation === '' ? -1 : source.indexOf(equation);
  return {
    line,
    column: start < 0 ? 1 : start + shift.length + 1,
    length: start < 0 ? Math.max(1, source.length) : carets.length,
    message: hint === undefined ? message : `${message}. ${hint.slice('Hint: '.length)}`,
    excerpt: `${equation}\n${shift}${carets}`,
  };
}

// ---- Equations alone ----

function readEquations(text: string, options: BareOptions): Pasted {
  const { eqs, firstLine, notes } = bareEquations(text);
  const { missing, values } = guessParameters(eqs, options);
  const params: Record<string, Quantity> = { ...values, ...options.params };
  const document = bareDocument(eqs, { ...options, params });
  const { owners, others } = checkNetwork(document);
  const problems = owners.flatMap((owner) => [
    ...owner.problems.map((problem) => equationProblem(problem, firstLine)),
    ...(owner.problems.length === 0 && owner.message !== '' ? [plain(owner.message)] : []),
  ]);
  problems.push(...others.map(({ message }) => plain(message)));
  const isRight = problems.length === 0;
  return {
    kind: 'equations',
    document: isRight ? document : null,
    duration: null,
    summary: isRight ? summaryOf(document) : null,
    notes,
    problems,
    missing: missing.map((name) => ({ name, guess: String(values[name] ?? '1') })),
  };
}

const plain = (message: string): PasteProblem => ({
  line: 0,
  column: 1,
  length: 1,
  message,
  excerpt: '',
});

function equationProblem(problem: Problem, firstLine: number): PasteProblem {
  const { block, line, column, length, message, hint } = problem;
  const isHere = block === 'eqs';
  const said = hint === '' || message.includes(hint) ? message : `${message}. ${hint}`;
  return {
    line: isHere ? firstLine + line - 1 : 0,
    column: isHere ? column : 1,
    length: isHere ? length : 1,
    message: isHere ? said : `${block}: ${said}`,
    excerpt: shown(problem).excerpt,
  };
}

// ---- Summary ----

function summaryOf(document: NetworkDocument): PasteSummary {
  const { populations, projections, inputs, recordings, params, timedArrays, dt } = document;
  const methods = new Map(
    checkNetwork(document).owners.flatMap(({ kind, name, method }) =>
      kind === 'population' && method !== null ? [[name, methodSentence(method)] as const] : [],
    ),
  );
  const own = populations.flatMap((one) =>
    one.kind === 'neurons'
      ? Object.entries(one.params).map(([name, value]) => ({
          name: populations.length === 1 ? name : `${one.name}: ${name}`,
          value: short(value),
        }))
      : [],
  );
  return {
    populations: populations.map((one) => ({
      name: one.name,
      text:
        one.kind === 'spikes'
          ? `${count(one.size, 'neuron')} with ${count(one.indices.length, 'given spike')}`
          : [count(one.size, 'neuron'), methods.get(one.name) ?? 'spikes without equations'].join(
              ', ',
            ),
    })),
    projections: projections.map(({ name, source, target, connect }) => ({
      name,
      text: `${sliceText(source)} → ${sliceText(target)}, ${ruleText(connect)}`,
    })),
    others: [
      `time step ${dt}`,
      ...inputs.map(
        ({ name, target, n, rate }) =>
          `input ${name}: ${n} sources of ${rate} onto ${sliceText(target)}`,
      ),
      ...(recordings.length > 0 ? [count(recordings.length, 'recording')] : []),
      ...Object.keys(timedArrays).map((name) => `timed array ${name}`),
    ],
    parameters: [
      ...Object.entries(params).map(([name, value]) => ({ name, value: short(value) })),
      ...own,
    ],
  };
}

/** Without the last digits of arithmetic, 1.6200000000000003. */
const short = (value: Quantity): string =>
  String(value).replace(/\d+\.\d{10,}/, (digits) => String(Number(Number(digits).toPrecision(10))));

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;

const sliceText = ({
  population,
  from,
  to,
}: NetworkDocument['projections'][number]['source']): string =>
  from === undefined && to === undefined ? population : `${population}[${from ?? 0}:${to ?? ''}]`;

function ruleText(connect: NetworkDocument['projections'][number]['connect']): string {
  switch (connect.rule) {
    case 'fixed-probability':
      return `with probability ${connect.p}`;
    case 'fixed-in-degree':
      return `${connect.k} onto each target`;
    case 'fixed-out-degree':
      return `${connect.k} from each source`;
    case 'fixed-total-number':
      return `${count(connect.n, 'synapse')} in all`;
    case 'list':
      return `${count(connect.pre.length, 'listed synapse')}`;
    case 'pairwise':
      return `pairs where ${connect.condition ?? 'drawn'}${connect.p === undefined ? '' : `, p = ${connect.p}`}`;
    default:
      return connect.rule;
  }
}
