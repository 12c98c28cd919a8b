/**
 * Exact integration of linear equations X' = M X + B. The propagator exp(M dt) is computed on the host in f64; parts of
 * B that differ by neuron but hold still during a step get a column ∫ e^{M s} ds of their own. Variables are stored
 * relative to where the host-known part of B drives them, which saves f32 bits, and a second propagator with the
 * clamped rows at rest serves refractory neurons.
 */
import { affine, isZero } from './algebra.ts';
import { choose, negate, product, quotient, sum } from './combine.ts';
import { matrixExponential, solveLinear } from './expm.ts';
import { compileHost, type HostFunction } from './host.ts';
import type { System } from './system.ts';
import { computed, type HostEnvironment, ONE, type Term, variable, ZERO } from './term.ts';

/** A linear system taken apart; all coefficients are host-known. */
interface LinearSystem {
  readonly names: readonly string[];
  readonly clamped: readonly boolean[];
  /** matrix[i][j]: factor of variable j in equation i; null where it is zero by structure. */
  readonly matrix: readonly (readonly (Term | null)[])[];
  /** Host-known part of B per equation. */
  readonly drive: readonly (Term | null)[];
  /** Parts of B that differ by neuron, and their factors per equation. */
  readonly inputs: readonly { readonly value: Term; readonly factors: readonly (Term | null)[] }[];
}

/** The exact method of one model. */
export interface ExactMethod {
  /** Rest value subtracted from the stored value, by variable; absent: stored as it is. */
  readonly rest: ReadonlyMap<string, Term>;
  /** New stored value of every variable that changes, from stored values. `active`: not refractory. */
  updates(active: Term | null): { readonly name: string; readonly next: Term }[];
}

/** Takes the system apart and plans its propagators. `keepAbsolute`: variables stored as they are. */
export function exactMethod(system: System, keepAbsolute: ReadonlySet<string>): ExactMethod {
  const linear = takeApart(system);
  const rest = restValues(linear, keepAbsolute);
  const running = propagator(linear, rest, '');
  const hasClamped = linear.clamped.includes(true);
  const held = hasClamped ? propagator(holdClamped(linear), rest, 'held ') : running;
  return {
    rest,
    updates(active) {
      const result: { name: string; next: Term }[] = [];
      linear.names.forEach((name, i) => {
        const free = running.next(i);
        const resting = held.next(i);
        const next =
          active === null || running.pattern(i) === held.pattern(i)
            ? free
            : choose(active, free, resting);
        if (next.text !== name) result.push({ name, next });
      });
      return result;
    },
  };
}

function takeApart(system: System): LinearSystem {
  const names = system.map((equation) => equation.name);
  const columns = new Map<string, { value: Term; factors: (Term | null)[] }>();
  const drive: (Term | null)[] = [];
  const matrix = system.map((equation, i) => {
    const split = affine(equation.drift, new Set(names));
    if ('obstacle' in split) throw new Error('internal: exact method of a nonlinear system');
    const host: Term[] = [];
    collectDrive(split.constant, ONE, host, (value, factor) => {
      const column = columns.get(value.text) ?? { value, factors: names.map(() => null) };
      columns.set(value.text, column);
      const before = column.factors[i];
      column.factors[i] = before ? sum(before, factor) : factor;
    });
    const total = sum(...host, ZERO);
    drive.push(isZero(total) ? null : total);
    return names.map((name) => split.coefficients.get(name) ?? null);
  });
  const clamped = system.map((equation) => equation.clamped);
  return { names, clamped, matrix, drive, inputs: [...columns.values()] };
}

/** Splits B into its host-known part and factor * value pairs with host-known factors. */
function collectDrive(
  term: Term,
  scale: Term,
  host: Term[],
  input: (value: Term, factor: Term) => void,
): void {
  if (term.host) {
    host.push(product(scale, term));
  } else if (term.kind === 'sum') {
    for (const item of term.items) {
      const signed = item.sign < 0 ? negate(scale) : scale;
      collectDrive(item.term, signed, host, input);
    }
  } else if (term.kind === 'product') {
    const known = term.numerators.filter((factor) => factor.host);
    const rest = term.numerators.filter((factor) => !factor.host);
    const value =
      term.denominators.length === 0
        ? product(...rest)
        : quotient(product(ONE, ...rest), product(...term.denominators));
    const factor = product(scale, ...known);
    if (value.kind === 'sum') collectDrive(value, factor, host, input);
    else input(value, factor);
  } else input(term, scale);
}

/** For every row, whether it depends on row j directly or through others (including itself). */
function reachability(matrix: LinearSystem['matrix']): boolean[][] {
  const reach = matrix.map((row, i) => row.map((entry, j) => i === j || entry !== null));
  for (let k = 0; k < reach.length; k++) {
    for (const row of reach) {
      if (!row[k]) continue;
      reach[k]?.forEach((reached, j) => {
        if (reached) row[j] = true;
      });
    }
  }
  return reach;
}

const compiled = (term: Term | null): HostFunction | null =>
  term === null ? null : compileHost(term);

/** Numbers of a matrix of terms. */
function evaluateMatrix(
  functions: readonly (readonly (HostFunction | null)[])[],
  environment: HostEnvironment,
): Float64Array {
  const n = functions.length;
  const result = new Float64Array(n * n);
  functions.forEach((row, i) => {
    row.forEach((evaluate, j) => {
      result[i * n + j] = evaluate === null ? 0 : evaluate(environment);
    });
  });
  return result;
}

/** Values beyond this are no place to store a variable around (nearly singular systems). */
const LARGEST_REST = 1e5;

/**
 * Where the host-known drive alone would take each variable: solution of M r = -drive. Which variables have one depends
 * on the structure only; a singular system gives zeros, and the propagator's drive column makes up for any choice.
 */
function restValues(linear: LinearSystem, keepAbsolute: ReadonlySet<string>): Map<string, Term> {
  const reach = reachability(linear.matrix);
  const members = linear.names.flatMap((name, i) => {
    const driven = linear.drive.some((drive, j) => drive !== null && reach[i]?.[j] === true);
    return driven && !keepAbsolute.has(name) ? [i] : [];
  });
  const matrix = members.map((i) => members.map((j) => compiled(linear.matrix[i]?.[j] ?? null)));
  const drive = members.map((i) => compiled(linear.drive[i] ?? null));
  const recipe = {};
  const solve = (environment: HostEnvironment): Float64Array => {
    const known = environment.cache.get(recipe);
    if (known !== undefined) return known;
    const right = Float64Array.from(drive, (evaluate) => -(evaluate?.(environment) ?? 0));
    const numbers = evaluateMatrix(matrix, environment);
    const solution = solveLinear(numbers, right, members.length);
    const usable = solution?.every((x) => Math.abs(x) < LARGEST_REST) ?? false;
    const result = usable && solution !== null ? solution : new Float64Array(members.length);
    environment.cache.set(recipe, result);
    return result;
  };
  return new Map(
    members.map((i, k) => {
      const name = linear.names[i] as string;
      return [name, computed(`rest[${name}]`, (environment) => solve(environment)[k] as number)];
    }),
  );
}

/** The system of a refractory neuron: clamped rows at rest. */
function holdClamped(linear: LinearSystem): LinearSystem {
  const free = (i: number): boolean => linear.clamped[i] !== true;
  return {
    ...linear,
    matrix: linear.matrix.map((row, i) => (free(i) ? row : row.map(() => null))),
    drive: linear.drive.map((drive, i) => (free(i) ? drive : null)),
    inputs: linear.inputs.map(({ value, factors }) => ({
      value,
      factors: factors.map((factor, i) => (free(i) ? factor : null)),
    })),
  };
}

interface Propagator {
  /** New stored value of variable i. */
  next(i: number): Term;
  /** Equal patterns of two propagators of one system mean equal rows. */
  pattern(i: number): string;
}

function propagator(
  linear: LinearSystem,
  rest: ReadonlyMap<string, Term>,
  prefix: string,
): Propagator {
  const { names, inputs } = linear;
  const n = names.length;
  const reach = reachability(linear.matrix);
  const evaluate = augmentedExponential(linear, rest);
  const size = n + 1 + inputs.length;
  const entry = (label: string, i: number, column: number): Term =>
    computed(
      `${prefix}${label}`,
      (environment) => evaluate(environment)[i * size + column] as number,
    );
  /** Whether anything in `factors` reaches row i. */
  const reached = (i: number, factors: readonly (Term | null)[]): boolean =>
    factors.some((factor, j) => factor !== null && reach[i]?.[j] === true);
  const changes = (i: number): boolean =>
    linear.matrix[i]?.some((factor) => factor !== null) ?? false;

  return {
    pattern(i) {
      // The rows of everything that row i depends on decide its entries.
      const rows = names.map((_, j) => (reach[i]?.[j] === true ? describeRow(linear, j) : ''));
      return rows.join('|');
    },
    next(i) {
      const name = names[i] as string;
      const parts: Term[] = [];
      names.forEach((other, j) => {
        if (i === j && !changes(i)) parts.push(variable(other));
        else if (reach[i]?.[j] === true) {
          parts.push(product(entry(`exp[${name},${other}]`, i, j), variable(other)));
        }
      });
      inputs.forEach((input, k) => {
        if (!reached(i, input.factors)) return;
        const label = `response[${name},${input.value.text}]`;
        parts.push(product(entry(label, i, n + 1 + k), input.value));
      });
      if (reached(i, linear.drive)) parts.push(entry(`drive[${name}]`, i, n));
      return sum(...parts);
    },
  };
}

function describeRow(linear: LinearSystem, j: number): string {
  const entries = [
    ...(linear.matrix[j] ?? []),
    linear.drive[j] ?? null,
    ...linear.inputs.map((input) => input.factors[j] ?? null),
  ];
  return entries.map((term) => term?.text ?? '0').join(',');
}

/** exp of [[M, drive + M rest, inputs], [0, 0, 0]] * dt as a function of the parameters, computed once per evaluation. */
function augmentedExponential(
  linear: LinearSystem,
  rest: ReadonlyMap<string, Term>,
): (environment: HostEnvironment) => Float64Array {
  const { names, inputs } = linear;
  const n = names.length;
  const size = n + 1 + inputs.length;
  const matrix = linear.matrix.map((row) => row.map(compiled));
  const drive = linear.drive.map(compiled);
  const restFunctions = names.map((name) => compiled(rest.get(name) ?? null));
  const factors = inputs.map((input) => input.factors.map(compiled));
  const recipe = {};
  return (environment) => {
    const known = environment.cache.get(recipe);
    if (known !== undefined) return known;
    const dt = environment.symbol({ role: 'special', name: 'dt', side: 'own' });
    const m = evaluateMatrix(matrix, environment);
    const restNumbers = restFunctions.map((f) => f?.(environment) ?? 0);
    const a = new Float64Array(size * size);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) a[i * size + j] = (m[i * n + j] as number) * dt;
      a[i * size + n] = residual(m, i, restNumbers, drive[i]?.(environment) ?? 0) * dt;
      factors.forEach((column, k) => {
        a[i * size + n + 1 + k] = (column[i]?.(environment) ?? 0) * dt;
      });
    }
    const result = matrixExponential(a, size);
    for (let i = 0; i < n; i++) {
      const alone = names.every((_, j) => j === i || matrix[i]?.[j] === null);
      if (alone) result[i * size + i] = Math.exp(a[i * size + i] as number);
    }
    environment.cache.set(recipe, result);
    return result;
  };
}

/** drive + M rest of row i; what is left by rounding alone counts as nothing. */
function residual(m: Float64Array, i: number, rest: readonly number[], drive: number): number {
  const n = rest.length;
  let total = drive;
  let size = Math.abs(drive);
  for (let j = 0; j < n; j++) {
    const part = (m[i * n + j] as number) * (rest[j] as number);
    total += part;
    size += Math.abs(part);
  }
  return Math.abs(total) <= 1e-12 * size ? 0 : total;
}
