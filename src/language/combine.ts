/**
 * Operations on terms. They keep a normal form: signs sit in sums, and what the host knows of a sum, product or
 * comparison is gathered into one part, which becomes one constant.
 *
 * Not a computer-algebra system: nothing is expanded, and the user's grouping is kept unless gathering host-known
 * parts needs it, because grouping is what decides rounding in f32.
 */
import type { ComparisonOperator, ValueType } from './ast.ts';
import {
  boolean,
  contains,
  DT,
  elapsed,
  number,
  ONE,
  type PureFunction,
  type SumItem,
  type Term,
  table,
} from './term.ts';

type TermOf<Kind extends Term['kind']> = Extract<Term, { readonly kind: Kind }>;

const numericType = (terms: readonly Term[]): ValueType =>
  terms.every((term) => term.type === 'integer') ? 'integer' : 'float';

/** a + b + …; gathers what the host knows into one item and cancels equal terms of opposite sign. */
export function sum(...terms: readonly Term[]): Term {
  return sumOf(terms.map((term) => ({ sign: 1, term })));
}

export function difference(a: Term, b: Term): Term {
  return sumOf([
    { sign: 1, term: a },
    { sign: -1, term: b },
  ]);
}

export const negate = (term: Term): Term => sumOf([{ sign: -1, term }]);

const flip = (item: SumItem, sign: 1 | -1): SumItem =>
  sign === 1 ? item : { sign: item.sign === 1 ? -1 : 1, term: item.term };

/** Items of a term under a sign: those of a sum, else the term itself. */
function itemsOf({ sign, term }: SumItem): readonly SumItem[] {
  return term.kind === 'sum' ? term.items.map((item) => flip(item, sign)) : [{ sign, term }];
}

const bearsHost = ({ term }: SumItem): boolean =>
  term.host || (term.kind === 'sum' && term.items.some((item) => item.term.host));

/** Removes pairs of equal terms with opposite signs. */
function cancel(items: readonly SumItem[]): SumItem[] {
  const left: SumItem[] = [];
  for (const item of items) {
    const opposite = left.findIndex((o) => o.sign !== item.sign && o.term.text === item.term.text);
    if (opposite >= 0) left.splice(opposite, 1);
    else left.push(item);
  }
  return left;
}

/** One item for all host-known parts: numbers folded, opposite parts cancelled; null when nothing is left. */
function gatherHost(items: readonly SumItem[]): SumItem | null {
  let constant = 0;
  let integer = true;
  const symbolic: SumItem[] = [];
  for (const item of items.flatMap(itemsOf)) {
    if (item.term.kind === 'number') {
      constant += item.sign * item.term.value;
      integer &&= item.term.type === 'integer';
    } else symbolic.push(item);
  }
  const left = cancel(symbolic);
  if (constant !== 0 || left.length === 0) {
    if (left.length === 0 && constant === 0) return null;
    const type = integer ? 'integer' : 'float';
    left.push({ sign: constant < 0 ? -1 : 1, term: number(Math.abs(constant), type) });
  }
  if (left.length === 1) return left[0] as SumItem;
  return { sign: 1, term: rawSum(left) };
}

/** A sum node as given, except that a positive item comes first where there is one. */
function rawSum(items: readonly SumItem[]): Term {
  const lead = items[0]?.sign === -1 ? items.findIndex((item) => item.sign === 1) : 0;
  const ordered =
    lead > 0
      ? [items[lead] as SumItem, ...items.slice(0, lead), ...items.slice(lead + 1)]
      : [...items];
  const parts = ordered.map((item, k) => {
    const text = item.term.kind === 'sum' ? `(${item.term.text})` : item.term.text;
    return k === 0
      ? item.sign < 0
        ? `-${text}`
        : text
      : `${item.sign < 0 ? ' - ' : ' + '}${text}`;
  });
  return {
    kind: 'sum',
    items: ordered,
    type: numericType(ordered.map((item) => item.term)),
    host: ordered.every((item) => item.term.host),
    text: parts.join(''),
  };
}

function sumOf(given: readonly SumItem[]): Term {
  // The left spine is flattened because evaluation from the left is the same; a nested sum only to gather host parts.
  const [first, ...rest] = given as readonly [SumItem, ...SumItem[]];
  const lone = (item: SumItem): boolean => item.term.kind === 'sum' && item.term.items.length === 1;
  let items = [
    ...(first.sign === 1 || given.length === 1 ? itemsOf(first) : [first]),
    ...rest,
  ].flatMap((item) => (lone(item) ? itemsOf(item) : [item]));
  if (items.filter(bearsHost).length > 1) {
    items = items.flatMap((item) => (bearsHost(item) ? itemsOf(item) : [item]));
  }
  items = withElapsed(items);
  const hostItem = gatherHost(items.filter((item) => item.term.host));
  const kept: SumItem[] = [];
  let placed = false;
  for (const item of items) {
    if (!item.term.host) kept.push(item);
    else if (!placed) {
      placed = true;
      if (hostItem !== null) kept.push(hostItem);
    }
  }
  const left = cancel(kept);
  if (left.length === 0) return number(0, numericType(given.map((item) => item.term)) as 'float');
  const only = left[0] as SumItem;
  if (left.length === 1 && only.sign === 1) return only.term;
  if (left.length === 1 && only.term.kind === 'number') {
    return number(-only.term.value, only.term.type as 'float');
  }
  return rawSum(left);
}

/** Rewrites t - lastspike (and lastupdate) as whole steps times dt: exact at any time. */
function withElapsed(items: readonly SumItem[]): SumItem[] {
  const now = items.findIndex((item) => item.term.kind === 'time' && item.term.halfSteps === 0);
  if (now < 0) return [...items];
  const sign = (items[now] as SumItem).sign;
  const since = items.findIndex((item) => item.sign !== sign && isStepSymbol(item.term));
  if (since < 0) return [...items];
  const { symbol: reference } = (items[since] as SumItem).term as TermOf<'symbol'>;
  const rest = items.filter((_, k) => k !== since);
  rest[since < now ? now - 1 : now] = { sign, term: product(DT, elapsed(reference)) };
  return rest;
}

const isStepSymbol = (term: Term): boolean =>
  term.kind === 'symbol' &&
  term.symbol.role === 'special' &&
  (term.symbol.name === 'lastspike' || term.symbol.name === 'lastupdate');

// ---- Products ----

/** a * b * …; gathers what the host knows into one leading factor. */
export function product(...terms: readonly Term[]): Term {
  return ratio(terms, []);
}

/** a / b, always a float. */
export function quotient(a: Term, b: Term): Term {
  return ratio([a], [b]);
}

interface Factors {
  sign: 1 | -1;
  readonly numerators: Term[];
  readonly denominators: Term[];
}

/** Sorts a factor into numerators and denominators, pulling the sign out. */
function collect(term: Term, inverted: boolean, into: Factors): void {
  const only = term.kind === 'sum' && term.items.length === 1 ? term.items[0] : undefined;
  if (only !== undefined) {
    if (only.sign < 0) into.sign = into.sign === 1 ? -1 : 1;
    collect(only.term, inverted, into);
  } else if (term.kind === 'product') {
    for (const factor of term.numerators) collect(factor, inverted, into);
    for (const factor of term.denominators) collect(factor, !inverted, into);
  } else if (term.kind === 'number' && term.value < 0) {
    into.sign = into.sign === 1 ? -1 : 1;
    collect(number(-term.value, term.type as 'float'), inverted, into);
  } else (inverted ? into.denominators : into.numerators).push(term);
}

/** Numbers folded into one coefficient, equal factors above and below cancelled; all arguments host-known. */
function hostFactor(numerators: readonly Term[], denominators: readonly Term[]): Term {
  let coefficient = 1;
  let integer = denominators.length === 0;
  const above: Term[] = [];
  for (const factor of numerators) {
    if (factor.kind !== 'number') above.push(factor);
    else {
      coefficient *= factor.value;
      integer &&= factor.type === 'integer';
    }
  }
  const below: Term[] = [];
  for (const factor of denominators) {
    const same = above.findIndex((other) => other.text === factor.text);
    if (factor.kind === 'number') coefficient /= factor.value;
    else if (same >= 0) above.splice(same, 1);
    else below.push(factor);
  }
  if (coefficient === 0) return number(0, integer ? 'integer' : 'float');
  if (coefficient !== 1 || above.length === 0) {
    above.unshift(number(coefficient, integer && below.length === 0 ? 'integer' : 'float'));
  }
  return rawProduct(above, below);
}

function rawProduct(numerators: readonly Term[], denominators: readonly Term[]): Term {
  if (numerators.length === 1 && denominators.length === 0) return numerators[0] as Term;
  const factor = (term: Term): string =>
    term.kind === 'sum' || term.kind === 'product' ? `(${term.text})` : term.text;
  // The leading host-known factor is printed with the rest: x/tau, not 1/tau*x.
  const [lead, ...others] = numerators;
  const known = lead?.kind === 'product' ? lead : null;
  const above = known === null ? numerators : [...known.numerators, ...others];
  const below = [...(known?.denominators ?? []), ...denominators];
  const shown = above.filter((term) => term.text !== '1' || above.length === 1);
  const text = [shown.map(factor).join('*') || '1', ...below.map(factor)].join('/');
  return {
    kind: 'product',
    numerators,
    denominators,
    type: denominators.length === 0 ? numericType(numerators) : 'float',
    host: [...numerators, ...denominators].every((term) => term.host),
    text,
  };
}

function ratio(above: readonly Term[], below: readonly Term[]): Term {
  const factors: Factors = { sign: 1, numerators: [], denominators: [] };
  for (const term of above) collect(term, false, factors);
  for (const term of below) collect(term, true, factors);
  const { numerators, denominators } = factors;
  const isHost = (term: Term): boolean => term.host;
  const constant = hostFactor(numerators.filter(isHost), denominators.filter(isHost));
  const restAbove = numerators.filter((term) => !term.host);
  const restBelow = denominators.filter((term) => !term.host);
  let result: Term;
  if (constant.kind === 'number' && constant.value === 0) result = constant;
  else if (restAbove.length + restBelow.length === 0) result = constant;
  else if (constant.kind === 'number' && constant.value === 1 && restAbove.length > 0) {
    result = rawProduct(restAbove, restBelow);
  } else result = rawProduct([constant, ...restAbove], restBelow);
  return factors.sign === 1 ? result : negate(result);
}

/** base ** exponent; small integer exponents stay products, 0.5 is a square root. */
export function power(base: Term, exponent: Term): Term {
  if (exponent.kind === 'number') {
    const n = exponent.value;
    if (n === 0) return number(1, base.type === 'integer' ? 'integer' : 'float');
    if (n === 1) return base;
    if (n === 0.5) return call('sqrt', base);
    if (n < 0) return quotient(ONE, power(base, number(-n, exponent.type as 'float')));
  } else if (
    exponent.kind === 'sum' &&
    exponent.items.length === 1 &&
    exponent.items[0]?.sign === -1
  ) {
    return quotient(ONE, power(base, exponent.items[0].term));
  }
  const wrap = (term: Term): string =>
    ['sum', 'product', 'power'].includes(term.kind) ? `(${term.text})` : term.text;
  const type = base.type === 'integer' && exponent.type === 'integer' ? 'integer' : 'float';
  return {
    kind: 'power',
    base,
    exponent,
    type: exponent.kind === 'number' ? type : 'float',
    host: base.host && exponent.host,
    text: `${wrap(base)}**${wrap(exponent)}`,
  };
}

export function floorDivide(left: Term, right: Term): Term {
  const type = numericType([left, right]);
  const host = left.host && right.host;
  return {
    kind: 'floor-divide',
    left,
    right,
    type,
    host,
    text: `((${left.text})//(${right.text}))`,
  };
}

export function modulo(left: Term, right: Term): Term {
  const type = numericType([left, right]);
  const host = left.host && right.host;
  return { kind: 'modulo', left, right, type, host, text: `((${left.text})%(${right.text}))` };
}

// ---- Functions and conditions ----

const WHOLE: ReadonlySet<PureFunction> = new Set([
  ...(['int', 'binomial', 'shift_left', 'shift_right', 'bit_and', 'bit_or'] as const),
]);
/** Functions of integers that are integers; infinite bounds of clip count as such. */
const KEEPING: ReadonlySet<PureFunction> = new Set(['abs', 'sign', 'clip']);

const isWhole = (term: Term): boolean =>
  term.type === 'integer' ||
  contains(term, (part) => part.kind === 'number' && !Number.isFinite(part.value));

export function call(name: PureFunction, ...args: readonly Term[]): Term {
  const [argument] = args as readonly [Term];
  if (name === 'int' && argument.type === 'integer') return argument;
  return {
    kind: 'call',
    name,
    arguments: args,
    type:
      WHOLE.has(name) || (KEEPING.has(name) && argument.type === 'integer' && args.every(isWhole))
        ? 'integer'
        : 'float',
    host: args.every((term) => term.host),
    text: `${name}(${args.map((term) => term.text).join(', ')})`,
  };
}

/** timestep(x, dt) = int((x + 0.001*dt)/dt); for t - lastspike the stored steps themselves. */
export function timestep(duration: Term, step: Term): Term {
  if (step.text === 'dt' && duration.kind === 'product' && duration.denominators.length === 0) {
    const [factor, steps, ...more] = duration.numerators;
    if (factor?.text === 'dt' && steps?.kind === 'elapsed' && more.length === 0) return steps;
  }
  return call('int', quotient(sum(duration, product(number(1e-3), step)), step));
}

/** Splits a term into host-known part and rest; either may be null. */
function splitHost(term: Term): { host: Term | null; rest: Term | null } {
  if (term.host) return { host: term, rest: null };
  if (term.kind !== 'sum') return { host: null, rest: term };
  const item = term.items.find((candidate) => candidate.term.host);
  if (item === undefined) return { host: null, rest: term };
  const host = item.sign === 1 ? item.term : negate(item.term);
  return { host, rest: difference(term, host) };
}

/** Comparison; host-known parts of both sides are gathered on one, so that `v + rest > limit` tests v alone. */
export function compare(operator: ComparisonOperator, left: Term, right: Term): Term {
  // Moving a part of an integer to the other side could pass 2^31 where the whole does not.
  if (left.type === 'integer' && right.type === 'integer') return rawCompare(operator, left, right);
  const a = splitHost(left);
  const b = splitHost(right);
  if (left.type === 'boolean' || a.host === null || b.host === null) {
    return rawCompare(operator, left, right);
  }
  if (a.rest === null) {
    const limit = b.rest === null ? left : difference(a.host, b.host);
    return rawCompare(operator, limit, b.rest ?? right);
  }
  const limit = difference(b.host, a.host);
  if (b.rest === null) return rawCompare(operator, a.rest, limit);
  return rawCompare(operator, difference(a.rest, limit), b.rest);
}

function rawCompare(operator: ComparisonOperator, left: Term, right: Term): Term {
  const wrap = (term: Term): string => (term.type === 'boolean' ? `(${term.text})` : term.text);
  return {
    kind: 'compare',
    operator,
    left,
    right,
    type: 'boolean',
    host: left.host && right.host,
    text: `${wrap(left)} ${operator} ${wrap(right)}`,
  };
}

export function logic(kind: 'and' | 'or', left: Term, right: Term): Term {
  const host = left.host && right.host;
  return { kind, left, right, type: 'boolean', host, text: `(${left.text} ${kind} ${right.text})` };
}

export function not(operand: Term): Term {
  if (operand.kind === 'boolean') return boolean(!operand.value);
  if (operand.kind === 'not') return operand.operand;
  return {
    kind: 'not',
    operand,
    type: 'boolean',
    host: operand.host,
    text: `not (${operand.text})`,
  };
}

/** condition ? then : otherwise. */
export function choose(condition: Term, then: Term, otherwise: Term): Term {
  if (condition.kind === 'boolean') return condition.value ? then : otherwise;
  if (then.text === otherwise.text && then.type === otherwise.type) return then;
  const integers = then.type === otherwise.type ? then.type : 'float';
  return {
    kind: 'select',
    condition,
    then,
    otherwise,
    type: integers,
    host: condition.host && then.host && otherwise.host,
    text: `select(${condition.text}, ${then.text}, ${otherwise.text})`,
  };
}

// ---- Rebuilding ----

/** The same term with its parts mapped, rebuilt through the constructors. */
export function mapParts(term: Term, map: (part: Term) => Term): Term {
  switch (term.kind) {
    case 'sum':
      return sumOf(term.items.map((item) => ({ sign: item.sign, term: map(item.term) })));
    case 'product':
      return ratio(term.numerators.map(map), term.denominators.map(map));
    case 'power':
      return power(map(term.base), map(term.exponent));
    case 'floor-divide':
      return floorDivide(map(term.left), map(term.right));
    case 'modulo':
      return modulo(map(term.left), map(term.right));
    case 'compare':
      return compare(term.operator, map(term.left), map(term.right));
    case 'and':
    case 'or':
      return logic(term.kind, map(term.left), map(term.right));
    case 'not':
      return not(map(term.operand));
    case 'call':
      return call(term.name, ...term.arguments.map(map));
    case 'select':
      return choose(map(term.condition), map(term.then), map(term.otherwise));
    case 'table':
      return term.column === null ? term : table(term.name, map(term.column), term.halfSteps);
    default:
      return term;
  }
}

/** Replaces whole terms wherever `replace` gives one; does not look inside replacements. */
export function substitute(term: Term, replace: (part: Term) => Term | undefined): Term {
  return replace(term) ?? mapParts(term, (part) => substitute(part, replace));
}
