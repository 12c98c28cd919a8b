/**
 * Which integrator a model gets, and why: the applicability rules and the automatic choice of language.md §12. The
 * methods themselves are in methods.ts and exact.ts.
 */
import { NetworkError } from '../errors.ts';
import { affine, dependsOn, dependsOnTime } from './algebra.ts';
import type { CheckedPopulation } from './ast.ts';
import { coupledBlocks, LARGEST_BLOCK } from './implicit.ts';
import { formatProblem, problemAt } from './messages.ts';
import { type StateEquation, type System, stateNames, systemOf } from './system.ts';
import { contains, type Term } from './term.ts';

/** `none`: the model has no differential equations. */
export type Method =
  | 'none'
  | 'exact'
  | 'exponential_euler'
  | 'exponential_rosenbrock'
  | 'exponential_sequential'
  | 'exponential_symmetric'
  | 'implicit'
  | 'euler'
  | 'heun'
  | 'milstein'
  | 'rk2'
  | 'rk4';

/** The integrator of a population and the reason for it, for people. */
export interface MethodChoice {
  readonly method: Method;
  readonly reason: string;
  readonly warnings: readonly string[];
}

/** Names that `method` accepts beside "auto"; `linear` is Brian's other name of exact. */
export const METHOD_NAMES = [
  'exact',
  'linear',
  'exponential_euler',
  'exponential_rosenbrock',
  'exponential_sequential',
  'exponential_symmetric',
  'implicit',
  'euler',
  'heun',
  'milstein',
  'rk2',
  'rk4',
] as const;

/** Why a method does not apply; `perNeuron` marks an exact method that only lacks per-neuron propagators. */
interface Obstacle {
  readonly reason: string;
  readonly perNeuron?: boolean;
}

/**
 * The method of a model's fast equations. `requested` is "auto" (or undefined), one of METHOD_NAMES, or two of them as
 * in "rk4, slow euler", of which the second is for (slow) equations.
 * Errors: NetworkError when the name is unknown or the method does not apply.
 */
export function chooseMethod(model: CheckedPopulation, requested = 'auto'): MethodChoice {
  return chooseFastMethod(systemOf(model, new Map()), requested);
}

/** As chooseMethod, for the fast equations themselves. */
export function chooseFastMethod(system: System, requested: string): MethodChoice {
  return chooseFor(system, halves(requested).fast);
}

/**
 * The method of the slow equations `system`: the half of `requested` that is for them, or all of it in a model that has
 * no fast ones. Errors as above.
 */
export function chooseSlowMethod(
  system: System,
  requested: string,
  hasFastEquations: boolean,
): MethodChoice {
  const { fast, slow } = halves(requested);
  return chooseFor(system, slow ?? (hasFastEquations ? 'auto' : fast));
}

/** The methods of fast and slow equations in a text such as "rk4, slow euler". */
function halves(requested: string): { readonly fast: string; readonly slow: string | null } {
  const [, first = '', second] = /^(.*?)(?:(?:,|^)\s*slow\s+(.*))?$/s.exec(requested.trim()) ?? [];
  return { fast: first.trim(), slow: second?.trim() ?? null };
}

function chooseFor(system: System, name: string): MethodChoice {
  const choice = automaticMethod(system);
  if (/^gsl/i.test(name)) {
    throw methodError(name, 'adaptive GSL methods are not supported', `Use ${choice.method}`);
  }
  if (name === 'auto' || name === '') return choice;
  const known = METHOD_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw methodError(name, 'unknown method', `Known: auto, ${METHOD_NAMES.join(', ')}`);
  }
  const method: Method = known === 'linear' ? 'exact' : known;
  if (choice.method === 'none') return choice;
  const obstacle = obstacleTo(method, system);
  if (obstacle === null) return { method, reason: 'as requested', warnings: [] };
  if (obstacle.perNeuron === true) {
    const warning = `Method exact: ${obstacle.reason}. Integrated by ${choice.method} instead.`;
    return { ...choice, warnings: [...choice.warnings, warning] };
  }
  throw methodError(name, obstacle.reason, `Use ${choice.method} (default here)`);
}

/** The error of language.md §14 for the line "method". */
function methodError(method: string, message: string, hint: string): NetworkError {
  const block = { name: 'method', text: method };
  const span = { start: 0, end: Math.max(1, method.length) };
  const expected = 'a method that applies to these equations';
  const problem = problemAt(block, span, {
    code: 'method',
    message: `${message}. ${hint}`,
    expected,
    hint,
  });
  return new NetworkError(formatProblem(problem, false), { value: method, problems: [problem] });
}

/** The method for these equations when none is asked for. */
export function automaticMethod(system: System): MethodChoice {
  const chosen = (method: Method, reason: string): MethodChoice => ({
    method,
    reason,
    warnings: [],
  });
  if (system.length === 0) return chosen('none', 'there are no differential equations');
  const notExact = obstacleTo('exact', system);
  if (notExact === null) {
    return chosen('exact', 'all equations are linear with coefficients known to the host');
  }
  const notExponential = obstacleTo('exponential_euler', system);
  if (notExponential === null) {
    return chosen(
      'exponential_euler',
      `not exact (${notExact.reason}), but every equation is linear in its own variable`,
    );
  }
  if (hasNoise(system)) {
    const notEuler = obstacleTo('euler', system);
    return notEuler === null
      ? chosen('euler', 'the noise is additive')
      : chosen('heun', `${notEuler.reason} (read as Stratonovich)`);
  }
  const stiff = system.find(growsWithItself);
  if (stiff !== undefined) {
    return chosen(
      'exponential_rosenbrock',
      `${notExponential.reason}; ${stiff.name} grows with its own value`,
    );
  }
  return chosen('rk4', notExponential.reason);
}

const hasNoise = (system: System): boolean => system.some((equation) => equation.noise.size > 0);

/** Whether the drift has an exponential, power or product of the equation's own variable. */
function growsWithItself({ name, drift }: StateEquation): boolean {
  const own = new Set([name]);
  return contains(drift, (part) => {
    if (part.kind === 'power') return dependsOn(part, own);
    if (part.kind === 'call') {
      return ['exp', 'expm1', 'exprel', 'sinh', 'cosh'].includes(part.name) && dependsOn(part, own);
    }
    return part.kind === 'product' && part.numerators.filter((f) => dependsOn(f, own)).length > 1;
  });
}

function obstacleTo(method: Method, system: System): Obstacle | null {
  switch (method) {
    case 'exact':
      return firstObstacle(system, (equation) => obstacleToExact(equation, stateNames(system)));
    case 'exponential_euler':
      return firstObstacle(system, obstacleToExponentialEuler);
    case 'euler':
      return firstObstacle(system, (equation) => obstacleToEuler(equation, stateNames(system)));
    case 'implicit':
      return firstObstacle(system, noNoise) ?? obstacleToImplicit(system);
    case 'exponential_rosenbrock':
    case 'exponential_sequential':
    case 'exponential_symmetric':
    case 'rk2':
    case 'rk4':
      return firstObstacle(system, noNoise);
    case 'milstein':
      return obstacleToMilstein(system);
    default:
      return null;
  }
}

function obstacleToImplicit(system: System): Obstacle | null {
  const blocks = coupledBlocks(system);
  if (blocks.length === 0) {
    return { reason: 'no two variables pull at each other, as coupled compartments do' };
  }
  const large = blocks.find((block) => block.length > LARGEST_BLOCK);
  if (large === undefined) return null;
  const names = large.map(({ name }) => name).join(', ');
  return {
    reason: `${large.length} variables are coupled (${names}), at most ${LARGEST_BLOCK} can be`,
  };
}

function firstObstacle(
  system: System,
  test: (equation: StateEquation) => Obstacle | null,
): Obstacle | null {
  for (const equation of system) {
    const obstacle = test(equation);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

const noNoise = (equation: StateEquation): Obstacle | null =>
  equation.noise.size === 0 ? null : { reason: `equation of ${equation.name} contains noise` };

function notLinear(name: string, term: Term): Obstacle {
  return { reason: `equation of ${name} is not linear: term ${term.text}` };
}

function obstacleToExact(equation: StateEquation, names: ReadonlySet<string>): Obstacle | null {
  const noisy = noNoise(equation);
  if (noisy !== null) return noisy;
  const split = affine(equation.drift, names);
  if ('obstacle' in split) return notLinear(equation.name, split.obstacle);
  for (const [of, coefficient] of split.coefficients) {
    if (dependsOn(coefficient, names)) return notLinear(equation.name, equation.drift);
    if (dependsOnTime(coefficient)) {
      return { reason: `the factor of ${of} in the equation of ${equation.name} depends on time` };
    }
    if (!coefficient.host) {
      const reason = `the factor of ${of} in the equation of ${equation.name} is not the same for all neurons: term ${coefficient.text}`;
      return { reason, perNeuron: true };
    }
  }
  if (dependsOnTime(split.constant)) {
    return { reason: `equation of ${equation.name} depends on time: term ${split.constant.text}` };
  }
  return null;
}

function obstacleToExponentialEuler(equation: StateEquation): Obstacle | null {
  const noisy = noNoise(equation);
  if (noisy !== null) return noisy;
  const split = affine(equation.drift, new Set([equation.name]));
  if (!('obstacle' in split)) return null;
  return {
    reason: `equation of ${equation.name} is not linear in ${equation.name}: term ${split.obstacle.text}`,
  };
}

function obstacleToEuler(equation: StateEquation, names: ReadonlySet<string>): Obstacle | null {
  for (const factor of equation.noise.values()) {
    if (dependsOn(factor, names)) {
      return { reason: `noise of ${equation.name} is multiplicative: factor ${factor.text}` };
    }
  }
  return null;
}

/** Diagonal noise: at most one term per equation, each in one equation only. */
function obstacleToMilstein(system: System): Obstacle | null {
  const users = new Map<string, string>();
  for (const equation of system) {
    if (equation.noise.size > 1) {
      return { reason: `equation of ${equation.name} has several noise terms` };
    }
    for (const name of equation.noise.keys()) {
      const other = users.get(name);
      if (other !== undefined) {
        return { reason: `noise ${name} drives both ${other} and ${equation.name}` };
      }
      users.set(name, equation.name);
    }
  }
  return null;
}
