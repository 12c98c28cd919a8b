/**
 * Probes of a network: which variables of which populations may be looked at while it runs, of neurons that are chosen
 * later. They become the `probe` of update kernels; where each finds its numbers is said here. Chooses no neurons.
 */
import { NetworkError } from '../errors.ts';
import { listNames, suggest } from '../language/messages.ts';
import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import type { Quantity } from '../network/document.ts';
import type { SampledValues, UpdateKernel } from './plan.ts';
import type { PopulationPart } from './populations.ts';
import { greatestCommonDivisor } from './recordings.ts';

/** A population some of whose neurons are to be looked at while it runs; which, is chosen by setProbes. */
export interface ProbeOptions {
  readonly population: string;
  /**
   * Variables and subexpressions to sample. Default: all variables that are stored and not constant, in the order of the
   * equations. "all": those, constant ones and subexpressions.
   */
  readonly variables?: readonly string[] | 'all';
  /** Most neurons at a time, 1 to 256; default 8. */
  readonly most?: number;
  /** Interval between samples, rounded to steps, at least one; default the time step. */
  readonly every?: Quantity;
}

/** A probe as it was compiled. */
export interface CompiledProbe {
  readonly population: string;
  readonly size: number;
  readonly variables: readonly string[];
  /** Number of each variable among the values of the kernel's probe. */
  readonly places: readonly number[];
  readonly most: number;
  /** Steps between samples. */
  readonly every: number;
  readonly kernel: number;
  /** Local number in the kernel of the population's first neuron. */
  readonly localFirst: number;
  /** Its first row. */
  readonly firstRow: number;
}

/** Most neurons of a population that a probe looks at when nobody says how many. */
const USUAL_MOST = 8;

/** Gives the kernels their probes. Throws NetworkError for populations and variables that there are not. */
export function compileProbes(
  probes: readonly ProbeOptions[],
  parts: readonly PopulationPart[],
  dtMs: number,
  kernels: readonly UpdateKernel[],
): { readonly slots: (SampledValues | null)[]; readonly probes: CompiledProbe[] } {
  const wishes = probes.map((probe) => wishOf(probe, parts, dtMs, kernels));
  const compiled: CompiledProbe[] = [];
  const slots = kernels.map((_, kernel): SampledValues | null => {
    const own = wishes.filter((wish) => wish.kernel === kernel);
    if (own.length === 0) return null;
    const names = [...new Set(own.flatMap(({ variables }) => variables))];
    let rows = 0;
    for (const { part, ...wish } of own) {
      const { name: population, size } = part.document;
      const places = wish.variables.map((name) => names.indexOf(name));
      compiled.push({ ...wish, population, size, places, firstRow: rows });
      rows += wish.most;
    }
    // Populations of one kernel read their variables by the same code: merging has seen to it.
    const readable = own[0]?.part.lowered?.readable ?? {};
    const reads = names.flatMap((name) => readable[name] ?? []);
    return {
      every: own.map(({ every }) => every).reduce(greatestCommonDivisor),
      rows,
      values: reads.map(({ value }) => value),
      body: reads.flatMap(({ body }) => body),
    };
  });
  return { slots, probes: compiled };
}

interface Wish extends Pick<CompiledProbe, 'variables' | 'most' | 'every' | 'kernel'> {
  readonly part: PopulationPart;
  readonly localFirst: number;
}

function wishOf(
  { population, variables: wanted, most = USUAL_MOST, every }: ProbeOptions,
  parts: readonly PopulationPart[],
  dtMs: number,
  kernels: readonly UpdateKernel[],
): Wish {
  const path = `probe of "${population}"`;
  const part = parts.find(({ document }) => document.name === population);
  if (part === undefined) {
    const names = parts.map(({ document }) => document.name);
    const near = suggest(population, names);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `probes: there is no population "${population}".${hint} Known: ${listNames(names)}.`,
      { path, value: population },
    );
  }
  const kernel = kernels.findIndex(({ members }) =>
    members.some((member) => member.population === part.index),
  );
  const member = kernels[kernel]?.members.find((one) => one.population === part.index);
  if (part.lowered === null || member === undefined) {
    throw new NetworkError(`probes: "${population}" is a spike list: it has no variables.`, {
      path,
      value: population,
    });
  }
  const known = Object.keys(part.lowered.readable);
  const variables = wanted === 'all' || wanted === undefined ? null : wanted;
  for (const name of variables ?? []) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new NetworkError(
      `probes: ${part.path} has no variable "${name}".${hint} It can be asked for: ${listNames(known) || 'nothing'}.`,
      { path, value: name },
    );
  }
  const interval =
    every === undefined ? dtMs : parseQuantity(every, `${path}: every`, DIMENSIONS.time).value;
  return {
    part,
    variables: variables ?? usualVariables(part, known, wanted === 'all'),
    most,
    every: Math.max(1, Math.round(interval / dtMs)),
    kernel,
    localFirst: member.localFirst,
  };
}

/** What changes and is kept, or all that is declared; where there is nothing, all that can be read. */
function usualVariables(
  part: PopulationPart,
  readable: readonly string[],
  isAll: boolean,
): string[] {
  const kept = (part.model?.variables ?? [])
    .filter(({ kind, flags }) => isAll || (kind !== 'subexpression' && !flags.includes('constant')))
    .map(({ name }) => name)
    .filter((name) => readable.includes(name));
  return kept.length > 0 ? kept : [...readable];
}
