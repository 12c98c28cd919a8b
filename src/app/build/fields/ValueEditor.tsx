/** A value per neuron or synapse: an expression, or a distribution with its numbers. */
import type { ValueSpec } from '../../../index.ts';
import { isReference } from '../../state/arrays.ts';
import {
  asExpression,
  changeForm,
  changeNumber,
  FORM_ROWS,
  formOf,
  numbersOf,
  VALUE_FORMS,
  type ValueForm,
} from '../edits/value-spec.ts';
import { Reset, Select, TextInput } from './inputs.tsx';

interface ValueEditorProps {
  readonly title: string;
  readonly about: string;
  readonly value: ValueSpec | undefined;
  /** Used where the value has none: "mV". */
  readonly unit: string;
  readonly usual?: ValueSpec | undefined;
  /** What is wrong with a value; '' when nothing is. */
  readonly check: (value: ValueSpec) => Promise<string>;
  readonly change: (value: ValueSpec | undefined) => void;
}

export function ValueEditor(props: ValueEditorProps) {
  const { title, about, value, unit, usual, check, change } = props;
  const form = formOf(value);
  const numbers = numbersOf(value);
  const isUsual = JSON.stringify(value) === JSON.stringify(usual);
  const facts =
    typeof usual === 'object' || isUsual
      ? undefined
      : `opened with ${usual === undefined ? 0 : usual}`;
  return (
    <div class="value-editor">
      <Select
        title={title}
        about={about}
        facts={facts}
        value={form}
        choices={form === 'values' ? [...VALUE_FORMS, ['values', listed(value)]] : VALUE_FORMS}
        change={(next) => change(changeForm(value, next as ValueForm, unit))}
        aside={
          isUsual ? (
            <span class="reset" aria-hidden="true" />
          ) : (
            <Reset title={title} to="its first value" act={() => change(usual)} />
          )
        }
      />
      <div class="value-rows">
        {form === 'expression' && (
          <TextInput
            title={`${title}, value`}
            isBare
            value={value === undefined ? '' : String(value)}
            placeholder="0"
            check={(text) => (text.trim() === '' ? '' : check(asExpression(text)))}
            change={(text) => change(text.trim() === '' ? undefined : asExpression(text))}
          />
        )}
        {value !== undefined &&
          FORM_ROWS[form].map((row) => {
            const name = row.replace('?', '');
            const now = numbers[name];
            if (name === 'outside') {
              if (numbers.min === undefined && numbers.max === undefined) return null;
              return (
                <Select
                  key={name}
                  title="outside"
                  value={String(now ?? 'redraw')}
                  choices={[
                    ['redraw', 'draw again'],
                    ['clip', 'set to the bound'],
                  ]}
                  change={(text) => change(changeNumber(value, name, text))}
                />
              );
            }
            return (
              <TextInput
                key={name}
                title={name}
                value={now === undefined ? '' : String(now)}
                placeholder={row.endsWith('?') ? 'none' : ''}
                check={(text) => check(changeNumber(value, name, text))}
                change={(text) => change(changeNumber(value, name, text))}
              />
            );
          })}
      </div>
    </div>
  );
}

function listed(value: ValueSpec | undefined): string {
  if (typeof value !== 'object' || !('values' in value)) return 'a list';
  const list: unknown = value.values;
  const length = isReference(list) ? list.length : (list as ArrayLike<number>).length;
  return `${length.toLocaleString('en')} given values`;
}
