/**
 * Equations as the page's editors show them: what is wrong and where, how they are integrated and why, what that means
 * for the time step, and the same as LaTeX.
 */
import {
  checkNetwork,
  equationsToLatex,
  estimateNetwork,
  expressionToLatex,
  type LatexLine,
  type NetworkDocument,
  NetworkError,
  type OwnerCheck,
  type Problem,
  statementsToLatex,
} from '../../index.ts';
import { ownerIn, textsOf } from '../equations/texts.ts';
import type { Selection } from '../state/app.ts';
import { readArray } from '../state/array-store.ts';
import { attach } from '../state/arrays.ts';
import { methodSentence, stepSentence } from './advice.ts';
import { forChecking } from './stand-ins.ts';

/** A variable as a table shows it. */
export interface VariableRow {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'differential' | 'subexpression' | 'parameter';
  readonly flags: readonly string[];
}

/** A problem, with the lines that show its place. */
export interface ShownProblem extends Problem {
  /** The source line and, below, the caret. */
  readonly excerpt: string;
  /** Block and line, "eqs, line 2". */
  readonly where: string;
}

/** What is known of the texts of one owner. */
export interface OwnerReport {
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
  readonly problems: readonly ShownProblem[];
  /** What is wrong beside places in texts; '' where nothing is. */
  readonly message: string;
  /** "exponential_euler, because conditionally linear: …"; '' without equations that are integrated in steps. */
  readonly method: string;
  readonly slowMethod: string;
  /** What the time step means for them; '' where nothing can be said honestly. */
  readonly step: string;
  readonly variables: readonly VariableRow[];
}

export interface EquationsReport {
  readonly owners: readonly OwnerReport[];
  /** What is wrong with the network and with no text of it. */
  readonly others: readonly string[];
  readonly warnings: readonly string[];
}

/** The texts of an owner as LaTeX, by their keys. */
export interface OwnerLatex {
  readonly texts: readonly {
    readonly key: string;
    readonly title: string;
    readonly lines: readonly LatexLine[];
  }[];
}

/** How large a network will be. */
export interface NetworkSize {
  readonly neurons: number;
  readonly synapses: number;
  readonly bytes: number;
}

export interface EquationCalls {
  checkEquations(document: NetworkDocument): EquationsReport;
  latexOf(document: NetworkDocument, owner: Selection): OwnerLatex;
  /** Takes a second or so for tens of millions of synapses. Rejects with what is wrong with the network. */
  sizeOfNetwork(document: NetworkDocument): NetworkSize;
}

export const equationTools = {
  async checkEquations(document: NetworkDocument): Promise<EquationsReport> {
    return reportOn(await forChecking(document));
  },

  latexOf(document: NetworkDocument, owner: Selection): OwnerLatex {
    if (ownerIn(document, owner) === undefined) return { texts: [] };
    return {
      texts: textsOf(document, owner).map(({ key, title, kind, text }) => ({
        key,
        title,
        lines:
          kind === 'equations'
            ? equationsToLatex(text)
            : kind === 'statements'
              ? statementsToLatex(text)
              : expressionLines(text),
      })),
    };
  },

  async sizeOfNetwork(document: NetworkDocument): Promise<NetworkSize> {
    const { neurons, synapses, memory } = estimateNetwork(await attach(document, readArray));
    return { neurons, synapses, bytes: memory.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
};

/** The report on a document that has all its lists. */
export function reportOn(document: NetworkDocument): EquationsReport {
  const { owners, others, warnings, dtMs } = checkNetwork(document);
  return {
    owners: owners.map((owner) => ownerReport(owner, dtMs)),
    others: others.map(({ path, message }) =>
      path === '' || message.startsWith(path) ? message : `${path}: ${message}`,
    ),
    warnings,
  };
}

function ownerReport(
  { kind, name, problems, message, method, slowMethod, fastest, variables }: OwnerCheck,
  dtMs: number,
): OwnerReport {
  return {
    kind,
    name,
    problems: problems.map(shown),
    message: problems.length > 0 ? '' : message,
    method: method === null ? '' : methodSentence(method),
    slowMethod: slowMethod === null ? '' : methodSentence(slowMethod),
    step: method === null ? '' : stepSentence(method.method, dtMs, fastest),
    variables: variables.map(({ name: variable, unit, kind: role, flags }) => ({
      name: variable,
      unit,
      kind: role,
      flags,
    })),
  };
}

/** The source line without its indentation, the caret below it, and where that is. */
export function shown(problem: Problem): ShownProblem {
  const { block, line, column, length, source } = problem;
  const margin = Math.min(source.length - source.trimStart().length, column - 1);
  const caret = ' '.repeat(column - 1 - margin) + '^'.repeat(length);
  return {
    ...problem,
    excerpt: `${source.slice(margin).replace(/\s/g, ' ').trimEnd()}\n${caret}`,
    where: block === 'method' ? 'method' : `${block}, line ${line}`,
  };
}

function expressionLines(text: string): LatexLine[] {
  const latex = text.trim() === '' ? '' : expressionToLatex(text);
  if (latex === '') return [];
  return [{ name: '', kind: 'expression', latex, unit: '', flags: [], line: 1 }];
}

/** A NetworkError's message, for tools that give results and not errors. */
export function messageOf(error: unknown): string {
  if (error instanceof NetworkError) return error.message;
  throw error;
}
