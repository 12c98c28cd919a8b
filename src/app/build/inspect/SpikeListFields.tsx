/** The spikes of a spike list, written as lines "neuron: times". */
import type { SpikeListDocument } from '../../../index.ts';
import { isReference } from '../../state/arrays.ts';
import { changePart } from '../edits/parts.ts';
import { readSpikes, writeSpikes } from '../edits/spike-list.ts';
import { Group } from '../fields/Group.tsx';
import { TextInput } from '../fields/inputs.tsx';
import { useEdit } from '../fields/use-edit.ts';

/** More spikes than this are not shown as text. */
const MOST = 2000;

export function SpikeListFields({ part }: { part: SpikeListDocument }) {
  const edit = useEdit();
  const lists: { readonly indices: unknown; readonly timesMs: unknown } = part;
  const count = isReference(lists.indices)
    ? lists.indices.length
    : (lists.indices as ArrayLike<number>).length;
  const isLong = isReference(lists.indices) || isReference(lists.timesMs) || count > MOST;
  const put = (text: string) => {
    const read = readSpikes(text);
    if ('problem' in read) return null;
    return (old: Parameters<typeof changePart>[0]) =>
      changePart(old, 'population', part.name, (one) => ({ ...one, ...read }));
  };
  return (
    <Group title="Spikes" note="builds the network anew; Ctrl+Enter">
      <p class="quiet small">{count.toLocaleString('en')} spikes</p>
      {!isLong && (
        <TextInput
          title="times"
          about="in ms, a line per neuron: 0: 10, 20, 30"
          lines={6}
          value={writeSpikes(part.indices, part.timesMs)}
          check={(text) => {
            const read = readSpikes(text);
            if ('problem' in read) return read.problem;
            const change = put(text);
            return change ? edit.check(change) : '';
          }}
          change={(text) => {
            const change = put(text);
            if (change) edit.apply(`Spikes of ${part.name}`, change);
          }}
        />
      )}
    </Group>
  );
}
