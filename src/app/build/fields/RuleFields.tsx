/** Which pairs of neurons have a synapse: the rule and its numbers. */
import type { ConnectRule } from '../../../index.ts';
import { isReference } from '../../state/arrays.ts';
import { changeRule, RULES } from '../edits/rules.ts';
import { Check, NumberInput, Select, TextInput } from './inputs.tsx';

interface RuleFieldsProps {
  readonly rule: ConnectRule;
  readonly isOntoField: boolean;
  /** What is wrong with a rule; '' when nothing is. */
  readonly check?: (rule: ConnectRule) => Promise<string>;
  readonly change: (rule: ConnectRule) => void;
}

export function RuleFields({ rule, isOntoField, check, change }: RuleFieldsProps) {
  const look = (next: ConnectRule): Promise<string> | string => check?.(next) ?? '';
  const choices = RULES.filter(
    ({ name }) =>
      (name === 'voxel' ? isOntoField : true) && (name !== 'list' || rule.rule === 'list'),
  );
  const about = RULES.find(({ name }) => name === rule.rule);
  return (
    <div class="rule">
      <Select
        title="rule"
        about="Which pairs have a synapse."
        value={rule.rule}
        choices={choices.map(({ name, title }) => [name, title] as const)}
        change={(name) => change(changeRule(rule, name as ConnectRule['rule']))}
      />
      {'p' in rule && typeof rule.p === 'number' && rule.rule !== 'pairwise' && (
        <NumberInput
          title="p"
          about="probability"
          value={rule.p}
          min={0}
          max={1}
          change={(p) => change({ ...rule, p } as ConnectRule)}
        />
      )}
      {'k' in rule && (
        <NumberInput
          title="k"
          about={
            rule.rule === 'fixed-in-degree' ? 'sources of every target' : 'targets of every source'
          }
          value={rule.k}
          min={0}
          integer
          check={(k) => look({ ...rule, k })}
          change={(k) => change({ ...rule, k })}
        />
      )}
      {'n' in rule && (
        <NumberInput
          title="n"
          about="synapses in all"
          value={rule.n}
          min={0}
          integer
          check={(n) => look({ ...rule, n })}
          change={(n) => change({ ...rule, n })}
        />
      )}
      {rule.rule === 'pairwise' && (
        <>
          <TextInput
            title="condition"
            about="which pairs: of i, j, x_pre, distance, …"
            value={rule.condition ?? ''}
            placeholder="i != j and distance < 100*um"
            check={(text) => look(pairwise(rule, { condition: text }))}
            change={(text) => change(pairwise(rule, { condition: text }))}
          />
          <TextInput
            title="p"
            about="probability, also an expression"
            value={String(rule.p ?? '')}
            placeholder="0.2*exp(-distance/(100*um))"
            check={(text) => look(pairwise(rule, { p: text }))}
            change={(text) => change(pairwise(rule, { p: text }))}
          />
        </>
      )}
      {rule.rule === 'list' && (
        <p class="quiet small">{listLength(rule.pre).toLocaleString('en')} given pairs</p>
      )}
      {'autapses' in (about?.flags ?? {}) && (
        <Check
          title="autapses"
          about="a neuron may have synapses onto itself"
          value={('autapses' in rule ? rule.autapses : undefined) ?? rule.rule !== 'small-world'}
          change={(autapses) => change({ ...rule, autapses } as ConnectRule)}
        />
      )}
      {'multapses' in (about?.flags ?? {}) && (
        <Check
          title="multapses"
          about="a pair may have several synapses"
          value={('multapses' in rule ? rule.multapses : undefined) ?? true}
          change={(multapses) => change({ ...rule, multapses } as ConnectRule)}
        />
      )}
    </div>
  );
}

const listLength = (list: unknown): number =>
  isReference(list) ? list.length : (list as ArrayLike<number>).length;

/** Empty texts are left out; one of the two must stay. */
function pairwise(
  rule: Extract<ConnectRule, { rule: 'pairwise' }>,
  change: { readonly condition?: string; readonly p?: string },
): ConnectRule {
  const { condition, p, ...rest } = { ...rule, ...change };
  const number =
    typeof p === 'string' && p.trim() !== '' && Number.isFinite(Number(p)) ? Number(p) : p;
  const hasCondition = condition !== undefined && condition.trim() !== '';
  const hasP = number !== undefined && number !== '';
  return {
    ...rest,
    ...(hasCondition && { condition }),
    ...(hasP && { p: number }),
    ...(!hasCondition && !hasP && { p: 1 }),
  };
}
