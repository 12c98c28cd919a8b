/**
 * The implicit method: for neurons of several compartments, whose voltages pull at each other faster than a time step.
 * Voltages that depend on each other are advanced together by one linearly implicit step; everything else (gates,
 * concentrations) by exponential steps before them, staggered as in Hines 1984 (doi:10.1016/0020-7101(84)90008-4).
 *
 *     (1 - dt/2 J) d = dt F(V, new gates),   V += d,   J = dF/dV
 *
 * That is the trapezoid rule where F is linear in the voltages, of second order, stable for any coupling. J has zeros
 * where compartments are not neighbours, and the elimination is written out without them: a chain costs what a
 * tridiagonal solve costs, in registers.
 */
import { atStage, dependsOn, derivative, isZero } from './algebra.ts';
import { difference, product, quotient, sum } from './combine.ts';
import { exponentialStep, type MethodInput, moved, shareRates, type Update } from './step.ts';
import type { StateEquation, System } from './system.ts';
import { DT, number, ONE, type Term, variable, ZERO } from './term.ts';

/** Most variables that are advanced together: the elimination is straight-line code. */
export const LARGEST_BLOCK = 8;

/**
 * The groups of two and more variables that pull at each other: x and y belong together when each is a linear term of
 * the other's equation, directly or through others.
 */
export function coupledBlocks(system: System): readonly System[] {
  const pulls = system.map((equation) =>
    system.map((other) => other.name !== equation.name && isLinearIn(equation, other.name)),
  );
  const reach = closure(pulls);
  const blocks: StateEquation[][] = [];
  const placed = new Set<number>();
  system.forEach((_, i) => {
    if (placed.has(i)) return;
    const members = system.flatMap((_, j) =>
      i === j || (reach[i]?.[j] === true && reach[j]?.[i] === true) ? [j] : [],
    );
    if (members.length < 2) return;
    for (const member of members) placed.add(member);
    blocks.push(members.map((member) => system[member] as StateEquation));
  });
  return blocks;
}

/** Whether a variable occurs in an equation with a factor that does not depend on it. */
function isLinearIn({ drift }: StateEquation, name: string): boolean {
  const slope = derivative(drift, name);
  return !isZero(slope) && !dependsOn(slope, new Set([name]));
}

/** Whether j is reached from i, directly or through others. */
function closure(edges: readonly (readonly boolean[])[]): boolean[][] {
  const reach = edges.map((row) => [...row]);
  for (let k = 0; k < reach.length; k++) {
    for (const row of reach) {
      if (row[k] !== true) continue;
      reach[k]?.forEach((reached, j) => {
        if (reached) row[j] = true;
      });
    }
  }
  return reach;
}

/** New values of all variables. */
export function implicitSteps(input: MethodInput): Update[] {
  const { system } = input;
  const blocks = coupledBlocks(system);
  const coupled = new Set(blocks.flat().map(({ name }) => name));
  const single = system.filter(({ name }) => !coupled.has(name));
  const gates = staggered(input, single);
  const values = new Map(gates.map(({ name, next }) => [name, next]));
  const voltages = blocks.flatMap((block) =>
    solve(
      input,
      block.map((equation) => ({ ...equation, drift: atStage(equation.drift, values, 0) })),
    ),
  );
  return [...gates, ...voltages];
}

/**
 * Gates and concentrations live half a step from the voltages, so a voltage is in the middle of their step. Those that
 * depend on others of their kind come after them and see the mean of their old and new values, which is the middle too:
 * that keeps the method of second order.
 */
function staggered(input: MethodInput, single: System): Update[] {
  const { body } = input;
  const middle = new Map<string, Term>();
  const updates: Update[] = [];
  for (const equation of byDependence(single)) {
    const drift = middle.size === 0 ? equation.drift : atStage(equation.drift, middle, 0);
    const there = { ...equation, drift };
    shareRates({ ...input, system: [there] });
    const next = body.local(`${equation.name}_next`, exponentialStep(input, there).next);
    const mean = product(number(0.5), sum(variable(equation.name), next));
    middle.set(equation.name, mean);
    updates.push({ name: equation.name, next });
  }
  return updates;
}

/** Equations after those they depend on; in circles the order of the text decides. */
function byDependence(system: System): StateEquation[] {
  const ordered: StateEquation[] = [];
  let waiting = [...system];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const isFree = ({ name, drift }: StateEquation): boolean =>
      !dependsOn(drift, new Set([...names].filter((other) => other !== name)));
    const next = waiting.find(isFree) ?? (waiting[0] as StateEquation);
    ordered.push(next);
    waiting = waiting.filter((equation) => equation !== next);
  }
  return ordered;
}

/** The changes of one block by Gaussian elimination without pivoting: the diagonal is 1 + dt/2 times all that leaks. */
function solve(input: MethodInput, block: System): Update[] {
  const { body } = input;
  const n = block.length;
  body.share(block.map(({ drift }) => drift));
  const half = product(number(0.5), DT);
  const right = block.map(({ name, drift }) => body.local(`change_of_${name}`, product(DT, drift)));
  const matrix = block.map((equation, i) =>
    block.map(({ name }, j): Term | null => {
      const slope = derivative(equation.drift, name);
      if (isZero(slope)) return i === j ? ONE : null;
      const entry = product(half, slope);
      return i === j ? difference(ONE, entry) : difference(ZERO, entry);
    }),
  );
  const at = (i: number, j: number): Term | null => matrix[i]?.[j] ?? null;
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const below = at(i, k);
      if (below === null) continue;
      const factor = body.local(`factor_${i}_${k}`, quotient(below, at(k, k) as Term));
      for (let j = k + 1; j < n; j++) {
        const above = at(k, j);
        if (above === null) continue;
        const reduced = difference(at(i, j) ?? ZERO, product(factor, above));
        (matrix[i] as (Term | null)[])[j] = body.local(`entry_${i}_${j}`, reduced);
      }
      const rest = difference(right[i] as Term, product(factor, right[k] as Term));
      right[i] = body.local(`rest_${i}`, rest);
    }
  }
  const changes: Term[] = [];
  for (let k = n - 1; k >= 0; k--) {
    const known = block.flatMap((_, j) => {
      const entry = j > k ? at(k, j) : null;
      return entry === null ? [] : [product(number(-1), entry, changes[j] as Term)];
    });
    const change = quotient(sum(right[k] as Term, ...known), at(k, k) as Term);
    changes[k] = body.local(`step_of_${block[k]?.name ?? ''}`, change);
  }
  return block.map((equation, k) => moved(input, equation, changes[k] as Term));
}
