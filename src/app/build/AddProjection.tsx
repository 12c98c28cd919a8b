/** A projection: from where, to where, onto what, which pairs. Everything else follows in the inspector. */
import { useSignal } from '@preact/signals';
import type { ConnectRule, NetworkDocument } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import { add } from './actions.ts';
import { addProjection, type NewProjection, usualProjection } from './edits/add.ts';
import { namesOf } from './edits/parts.ts';
import { asQuantity } from './edits/quantity-text.ts';
import { focusOnce } from './fields/focus.ts';
import { RuleFields } from './fields/RuleFields.tsx';
import { signOfPopulation } from './signs.ts';
import { receivers, shortUnit } from './variables.ts';

interface AddProjectionProps {
  readonly document: NetworkDocument;
  readonly source: string;
  readonly target?: string;
  readonly close: () => void;
}

export function AddProjection({ document, source, target, close }: AddProjectionProps) {
  const app = useApp();
  const inhibits = (name: string): boolean => signOfPopulation(document, name) === 'inhibitory';
  const wanted = useSignal<NewProjection>(
    usualProjection(document, source, target ?? source, inhibits(source)),
  );
  const isInhibitory = useSignal(inhibits(source));
  const ends = (from: string, to: string, sign: boolean): void => {
    isInhibitory.value = sign;
    wanted.value = usualProjection(document, from, to, sign);
  };
  const { value } = wanted;
  const put = (change: Partial<NewProjection>): void => {
    wanted.value = { ...value, ...change };
  };
  const targets = [...namesOf(document, 'population'), ...namesOf(document, 'field')];
  const variables = receivers(document, value.target);
  const unit = variables.find(({ name }) => name === value.variable)?.unit ?? '';
  return (
    <form
      class="add-form"
      onSubmit={(event) => {
        event.preventDefault();
        add(app, 'projection', (old) => addProjection(old, value));
        close();
      }}
    >
      <div class="add-row">
        <Choice
          title="From"
          isFirst
          value={value.source}
          choices={namesOf(document, 'population')}
          choose={(from) => ends(from, value.target, inhibits(from))}
        />
        <Choice
          title="To"
          value={value.target}
          choices={targets.filter((name) => !isSpikeList(document, name))}
          choose={(to) => ends(value.source, to, isInhibitory.value)}
        />
      </div>
      <div class="add-row">
        <Choice
          title="Sign"
          value={isInhibitory.value ? 'inhibitory' : 'excitatory'}
          choices={['excitatory', 'inhibitory']}
          choose={(sign) => ends(value.source, value.target, sign === 'inhibitory')}
        />
        {variables.length > 0 && (
          <Choice
            title="Adds to"
            value={value.variable}
            choices={variables.map(({ name }) => name)}
            choose={(variable) => put({ variable })}
          />
        )}
        <label>
          Weight
          <input
            type="text"
            value={String(value.weight)}
            aria-label={unit === '' ? 'Weight' : `Weight in ${shortUnit(unit)}`}
            onChange={({ currentTarget }) => put({ weight: asQuantity(currentTarget.value) })}
          />
        </label>
      </div>
      <RuleFields
        rule={value.connect}
        isOntoField={value.connect.rule === 'voxel'}
        change={(connect: ConnectRule) => put({ connect })}
      />
      <div class="actions">
        <button type="submit" class="primary">
          Add projection
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

const isSpikeList = (document: NetworkDocument, name: string): boolean =>
  document.populations.some((one) => one.name === name && one.kind === 'spikes');

interface ChoiceProps {
  readonly title: string;
  readonly value: string;
  readonly choices: readonly string[];
  readonly choose: (value: string) => void;
  /** Gets the focus when the form opens. */
  readonly isFirst?: boolean;
}

function Choice({ title, value, choices, choose, isFirst = false }: ChoiceProps) {
  return (
    <label>
      {title}
      <select
        ref={isFirst ? focusOnce : null}
        value={value}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {(choices.includes(value) ? choices : [value, ...choices]).map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
