/** Connection rules: what each is called, what it may say, and how one becomes another. */
import type { ConnectRule } from '../../../index.ts';

export interface RuleDescription {
  readonly name: ConnectRule['rule'];
  readonly title: string;
  /** What may be allowed or forbidden. */
  readonly flags: { readonly autapses?: true; readonly multapses?: true };
}

export const RULES: readonly RuleDescription[] = [
  { name: 'fixed-probability', title: 'each pair with probability p', flags: { autapses: true } },
  { name: 'all-to-all', title: 'all to all', flags: { autapses: true } },
  { name: 'one-to-one', title: 'one to one', flags: { autapses: true } },
  {
    name: 'fixed-in-degree',
    title: 'k sources for every target',
    flags: { autapses: true, multapses: true },
  },
  {
    name: 'fixed-out-degree',
    title: 'k targets for every source',
    flags: { autapses: true, multapses: true },
  },
  {
    name: 'fixed-total-number',
    title: 'n synapses in all',
    flags: { autapses: true, multapses: true },
  },
  { name: 'pairwise', title: 'condition or probability of a pair', flags: { autapses: true } },
  { name: 'small-world', title: 'small world (ring, rewired)', flags: { autapses: true } },
  { name: 'voxel', title: 'into the voxel of the neuron', flags: {} },
  { name: 'list', title: 'a list of pairs', flags: {} },
];

/** The rule of that kind that is nearest to this one: p, k, n and flags are kept where both have them. */
export function changeRule(rule: ConnectRule, name: ConnectRule['rule']): ConnectRule {
  if (rule.rule === name) return rule;
  const p = 'p' in rule && typeof rule.p === 'number' ? rule.p : 0.1;
  const k = 'k' in rule ? rule.k : 10;
  const autapses =
    'autapses' in rule && rule.autapses !== undefined ? { autapses: rule.autapses } : {};
  const multapses =
    'multapses' in rule && rule.multapses !== undefined ? { multapses: rule.multapses } : {};
  switch (name) {
    case 'all-to-all':
    case 'one-to-one':
      return { rule: name, ...autapses };
    case 'fixed-probability':
      return { rule: name, p, ...autapses };
    case 'fixed-in-degree':
    case 'fixed-out-degree':
      return { rule: name, k, ...autapses, ...multapses };
    case 'fixed-total-number':
      return { rule: name, n: 'n' in rule ? rule.n : 1000, ...autapses, ...multapses };
    case 'pairwise':
      return { rule: name, p, ...autapses };
    case 'small-world':
      return { rule: name, k: Math.max(2, k - (k % 2)), p, ...autapses };
    case 'voxel':
      return { rule: name };
    case 'list':
      return { rule: name, pre: [], post: [] };
  }
}
