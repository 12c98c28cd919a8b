/**
 * Event-driven synapse equations: what a linear differential equation has become since the last event, in closed form.
 * Terms only; where the variables live is synapse-names.ts and presynaptic.ts.
 */
import { NetworkError } from '../errors.ts';
import { affine, dependsOn, isZero } from './algebra.ts';
import type { CheckedProjection, SymbolReference, TypedExpression, Variable } from './ast.ts';
import { call, product, sum } from './combine.ts';
import { type Resolution, resolve } from './resolve.ts';
import { contains, DT, elapsed, type Term } from './term.ts';

/** The stored step of the last event of a synapse. */
export const LAST_UPDATE: SymbolReference = {
  role: 'special',
  name: 'lastupdate',
  side: 'synapse',
};

/** Whether all synapses of a source neuron share the variable: flag (presynaptic). */
export const isPresynaptic = (v: Pick<Variable, 'flags'>): boolean =>
  v.flags.includes('presynaptic');

/** Whether a differential equation is advanced at events only. */
export const isEventDriven = (v: Pick<Variable, 'kind' | 'flags'>): boolean =>
  v.kind === 'differential' && (v.flags.includes('event-driven') || isPresynaptic(v));

/** Whether a differential equation of a projection advances with the clock: every step, or every slow step. */
export const isClockDriven = (v: Pick<Variable, 'kind' | 'flags'>): boolean =>
  v.kind === 'differential' && !isEventDriven(v);

/** What names mean while an event is worked out. */
export interface EventMeanings {
  /** Current value of a synapse variable. */
  read(name: string): Term;
  resolution(block: string): Resolution;
}

/**
 * The value of an event-driven variable at an event: x += D (a x + b) exprel(a D), D = t - lastupdate; without b the same
 * as x exp(a D). Throws NetworkError where the equation is not linear in x alone, or reads what changes between events.
 */
export function eventDrivenUpdate(
  v: Variable,
  projection: Pick<CheckedProjection, 'variables'>,
  meanings: EventMeanings,
): Term {
  const right = resolve(v.expression as TypedExpression, meanings.resolution('eqs'));
  const split = affine(right, new Set([v.name]));
  const others = projection.variables
    .filter((other) => other.kind === 'differential' && other !== v)
    .map((other) => other.name);
  const obstacle =
    'obstacle' in split
      ? `term ${split.obstacle.text} is not linear in ${v.name}`
      : dependsOn(right, new Set(others))
        ? `it reads another differential variable`
        : contains(right, (part) => changes(part, new Set())) || contains(right, isNeuronVariable)
          ? 'it reads something that changes between events'
          : null;
  if (obstacle !== null || 'obstacle' in split) {
    throw new NetworkError(
      `d${v.name}/dt cannot be event-driven: ${obstacle}. Use (clock-driven), or rewrite it as a linear equation of ${v.name} alone.`,
      { value: v.name },
    );
  }
  const old = meanings.read(v.name);
  const interval = product(DT, elapsed(LAST_UPDATE));
  const rate = split.coefficients.get(v.name);
  if (rate === undefined) return sum(old, product(interval, split.constant));
  const exponent = product(rate, interval);
  if (isZero(split.constant)) return product(old, call('exp', exponent));
  const slope = sum(product(rate, old), split.constant);
  return sum(old, product(interval, slope, call('exprel', exponent)));
}

const isNeuronVariable = (part: Term): boolean =>
  part.kind === 'symbol' && part.symbol.role === 'variable' && part.symbol.side !== 'synapse';

/** Whether a leaf may differ from one arrival to the next; `written`: synapse variables that code changes. */
export function changes(part: Term, written: ReadonlySet<string>): boolean {
  switch (part.kind) {
    case 'time':
    case 'elapsed':
    case 'draw':
    case 'table':
      return true;
    case 'symbol': {
      const reference = part.symbol;
      if (reference.role === 'variable') {
        return reference.side !== 'synapse' || written.has(reference.name);
      }
      return (
        reference.role === 'special' &&
        ['t_in_timesteps', 'lastspike', 'lastupdate', 'not_refractory'].includes(reference.name)
      );
    }
    default:
      return false;
  }
}
