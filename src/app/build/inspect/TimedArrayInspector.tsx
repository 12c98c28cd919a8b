/** A timed array: how long each value holds, in which unit, and the values. */
import type { NetworkDocument, TimedArrayDocument } from '../../../index.ts';
import { isReference } from '../../state/arrays.ts';
import { changePart } from '../edits/parts.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, TextInput } from '../fields/inputs.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { useEdit } from '../fields/use-edit.ts';

/** More values than this are not shown as text. */
const MOST = 2000;

export function TimedArrayInspector({ name, part }: { name: string; part: TimedArrayDocument }) {
  const edit = useEdit();
  const changed = (change: Partial<TimedArrayDocument>) => (old: NetworkDocument) =>
    changePart(old, 'timedArray', name, (one) => ({ ...one, ...change }));
  const put = (change: Partial<TimedArrayDocument>): void =>
    edit.apply(`Change ${name}`, changed(change));
  const values: unknown = part.values;
  const count = isReference(values) ? values.length : (values as ArrayLike<number>).length;
  return (
    <Group title="Values over time" note="builds the network anew; Ctrl+Enter">
      <p class="quiet small">
        Equations call it {name}(t{part.columns > 1 ? ', i' : ''}).
      </p>
      <QuantityInput
        title="dt"
        about="How long each row holds."
        value={part.dt}
        rule={{ name: 'dt', like: 'time', above: '0 ms' }}
        change={(dt) => put({ dt })}
      />
      <TextInput
        title="unit"
        about="Of all values."
        value={part.unit}
        check={(unit) => edit.check(changed({ unit }))}
        change={(unit) => put({ unit })}
      />
      <NumberInput
        title="columns"
        about="Values per row, one for each neuron, or 1."
        value={part.columns}
        min={1}
        integer
        change={(columns) => put({ columns })}
      />
      {isReference(values) || count > MOST ? (
        <p class="quiet small">{count.toLocaleString('en')} values</p>
      ) : (
        <TextInput
          title="values"
          about="A row per line."
          lines={6}
          value={rowsOf(part)}
          check={(text) => edit.check(changed({ values: numbers(text) }))}
          change={(text) => put({ values: numbers(text) })}
        />
      )}
    </Group>
  );
}

function rowsOf({ values, columns }: TimedArrayDocument): string {
  const all = Array.from(values as ArrayLike<number>);
  if (columns === 1) return all.join(', ');
  const rows: string[] = [];
  for (let k = 0; k < all.length; k += columns) rows.push(all.slice(k, k + columns).join(', '));
  return rows.join('\n');
}

const numbers = (text: string): number[] =>
  text
    .split(/[\s,;]+/)
    .filter((one) => one !== '')
    .map(Number);
