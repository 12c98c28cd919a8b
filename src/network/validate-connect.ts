/**
 * Checks of connection rules: keys, ranges, syntax of expressions, and whether a rule can be carried out between its two
 * ends at all. What names in expressions mean is checked when the network is compiled.
 */
import { NetworkError } from '../errors.ts';
import type { ConnectRule, SliceReference } from './document.ts';
import {
  checkBoolean,
  checkInteger,
  checkKeys,
  checkNumbers,
  checkObject,
  checkText,
  checkWord,
  MOST_NEURONS,
  refuse,
} from './fields.ts';
import { checkExpressionSyntax } from './syntax.ts';

/** Most synapses that one rule may ask for; memory usually ends far below. */
const MOST_SYNAPSES = 2 ** 32 - 1;

type RuleName = ConnectRule['rule'];
type Value = Readonly<Record<string, unknown>>;

const AUTAPSES = ['autapses'];
const BOTH = ['autapses', 'multapses'];
const RULE_KEYS: Readonly<Record<RuleName, readonly [string[], string[]]>> = {
  'all-to-all': [[], AUTAPSES],
  'one-to-one': [[], AUTAPSES],
  'fixed-probability': [['p'], AUTAPSES],
  'fixed-in-degree': [['k'], BOTH],
  'fixed-out-degree': [['k'], BOTH],
  'fixed-total-number': [['n'], BOTH],
  pairwise: [[], ['condition', 'p', ...AUTAPSES]],
  'small-world': [['k', 'p'], AUTAPSES],
  voxel: [[], []],
  list: [['pre', 'post'], []],
};

/** The two ends of a projection. */
export interface RuleEnds {
  readonly sources: number;
  readonly targets: number;
  /** Whether the target is a field, of voxels. */
  readonly isField?: boolean;
}

interface Slices {
  readonly source: SliceReference;
  readonly target: SliceReference;
}

/** Checks a connection rule between two slices. */
export function checkConnect(value: unknown, where: string, slices: Slices, ends: RuleEnds): void {
  checkObject(value, where, `For example { rule: "fixed-probability", p: 0.1 }.`);
  if (value.rule === undefined) refuseNoRule(value, where);
  checkWord(value.rule, `${where}: rule`, Object.keys(RULE_KEYS));
  const [required, optional] = RULE_KEYS[value.rule as RuleName];
  checkKeys(value, where, ['rule', ...required], optional);
  for (const key of BOTH) {
    if (value[key] !== undefined) checkBoolean(value[key], `${where}: ${key}`);
  }
  checkRule(value, where, ends);
  checkRoom(value, where, slices, ends);
}

/** Somebody gave the numbers of a rule without its name, as other simulators allow. */
function refuseNoRule(value: Value, where: string): never {
  const names = Object.keys(RULE_KEYS) as RuleName[];
  const given = Object.keys(value);
  const meant = given.includes('condition')
    ? 'pairwise'
    : names.find((name) => RULE_KEYS[name][0].some((key) => given.includes(key)));
  const keys =
    meant === undefined ? [] : meant === 'pairwise' ? ['condition'] : RULE_KEYS[meant][0];
  const inside = keys.map((key) => `, ${key}`).join('');
  const hint =
    meant === undefined
      ? 'For example { rule: "fixed-probability", p: 0.1 }; for pairs of your own, { rule: "list", pre, post }.'
      : `Did you mean { rule: "${meant}"${inside} }?`;
  throw new NetworkError(`${where}: "rule" is missing. ${hint} Rules: ${names.join(', ')}.`, {
    path: where,
    value,
  });
}

function checkRule(rule: Value, where: string, ends: RuleEnds): void {
  switch (rule.rule as RuleName) {
    case 'one-to-one':
      checkEqualEnds(where, 'one-to-one', ends);
      return;
    case 'fixed-probability':
      checkProbability(rule.p, `${where}: p`);
      return;
    case 'fixed-in-degree':
    case 'fixed-out-degree':
      checkInteger(rule.k, `${where}: k`, 0, MOST_NEURONS);
      return;
    case 'fixed-total-number':
      checkInteger(rule.n, `${where}: n`, 0, MOST_SYNAPSES);
      return;
    case 'pairwise':
      checkPairwise(rule, where);
      return;
    case 'small-world':
      checkSmallWorld(rule, where, ends);
      return;
    case 'list':
      checkLists(rule, where, ends);
      return;
    case 'voxel':
      if (ends.isField === true) return;
      throw new NetworkError(
        `${where}: rule "voxel" is for projections onto a field. Name a field as the target, or use another rule.`,
        { path: where, value: 'voxel' },
      );
    default:
  }
}

function checkProbability(p: unknown, where: string): asserts p is number {
  if (typeof p !== 'number' || !(p >= 0 && p <= 1)) refuse(where, 'a probability from 0 to 1', p);
}

function checkEqualEnds(where: string, rule: string, { sources, targets }: RuleEnds): void {
  if (sources === targets) return;
  throw new NetworkError(
    `${where}: ${rule} needs ends of equal size, got ${sources} sources and ${targets} ` +
      'targets. Use slices of equal size, or another rule.',
    { path: where, value: [sources, targets] },
  );
}

function checkPairwise({ condition, p }: Value, where: string): void {
  if (condition === undefined && p === undefined) {
    refuse(
      where,
      'given a condition, a probability p, or both',
      undefined,
      'For example { rule: "pairwise", condition: "i != j", p: "exp(-distance/(100*um))" }.',
    );
  }
  if (condition !== undefined) {
    checkText(condition, `${where}: condition`, 'i != j');
    checkExpressionSyntax({ name: 'condition', text: condition }, where);
  }
  if (typeof p === 'string') {
    checkText(p, `${where}: p`, 'exp(-distance/(100*um))');
    checkExpressionSyntax({ name: 'p', text: p }, where);
  } else if (p !== undefined) checkProbability(p, `${where}: p`);
}

function checkSmallWorld({ k, p }: Value, where: string, ends: RuleEnds): void {
  checkEqualEnds(where, 'small-world', ends);
  const most = ends.targets - 2;
  if (most < 2) {
    throw new NetworkError(`${where}: small-world needs at least 4 neurons, got ${ends.targets}.`, {
      path: where,
      value: ends.targets,
    });
  }
  checkInteger(k, `${where}: k`, 0, most);
  if (k % 2 !== 0) refuse(`${where}: k`, 'even: half of the neighbours on each side', k);
  checkProbability(p, `${where}: p`);
}

function checkLists(rule: Value, where: string, { sources, targets }: RuleEnds): void {
  checkNumbers(rule.pre, `${where}: pre`, { integer: true, least: 0, most: sources - 1 });
  checkNumbers(rule.post, `${where}: post`, { integer: true, least: 0, most: targets - 1 });
  if (rule.pre.length !== rule.post.length) {
    refuse(`${where}: post`, `as long as pre (${rule.pre.length})`, rule.post);
  }
}

const firstOf = (slice: SliceReference): number => slice.from ?? 0;

/** Neurons that are both sources and targets. */
function sharedNeurons({ source, target }: Slices, { sources, targets }: RuleEnds): number {
  if (source.population !== target.population) return 0;
  const [first, other] = [firstOf(source), firstOf(target)];
  return Math.max(0, Math.min(first + sources, other + targets) - Math.max(first, other));
}

/** Refuses rules that ask for more partners than there are. */
function checkRoom(rule: Value, where: string, slices: Slices, ends: RuleEnds): void {
  const shared = rule.autapses === false ? sharedNeurons(slices, ends) : 0;
  const isOnce = rule.multapses === false;
  const { sources, targets } = ends;
  if (rule.rule === 'fixed-in-degree' || rule.rule === 'fixed-out-degree') {
    const isIn = rule.rule === 'fixed-in-degree';
    const partners = (isIn ? sources : targets) - (shared > 0 ? 1 : 0);
    const k = rule.k as number;
    if (partners === 0 && k > 0) {
      const [one, other] = isIn ? ['source', 'target'] : ['target', 'source'];
      refuse(where, 'possible', rule, `The only ${one} of some ${other} is that neuron itself.`);
    }
    if (isOnce && k > partners) {
      const remedy = 'Allow multapses, or use a smaller k.';
      refuse(`${where}: k`, `at most ${partners} without multapses`, k, remedy);
    }
  }
  if (rule.rule === 'fixed-total-number') {
    const pairs = sources * targets - shared;
    const n = rule.n as number;
    if (pairs === 0 && n > 0) {
      refuse(where, 'possible', rule, 'The only source of some target is that neuron itself.');
    }
    if (isOnce && n > pairs) {
      const remedy = 'Allow multapses, or use a smaller n.';
      refuse(`${where}: n`, `at most ${pairs} without multapses`, n, remedy);
    }
  }
}

/** Number of synapses that a rule makes where that is certain before it is carried out. */
export function countOf(rule: ConnectRule, sources: number, targets: number): number | undefined {
  switch (rule.rule) {
    case 'one-to-one':
      return rule.autapses === false ? undefined : sources;
    case 'all-to-all':
      return rule.autapses === false ? undefined : sources * targets;
    case 'fixed-in-degree':
      return rule.k * targets;
    case 'fixed-out-degree':
    case 'small-world':
      return rule.k * sources;
    case 'voxel':
      return sources;
    case 'fixed-total-number':
      return rule.n;
    case 'list':
      return rule.pre.length;
    case 'fixed-probability':
    case 'pairwise':
      return undefined;
  }
}
