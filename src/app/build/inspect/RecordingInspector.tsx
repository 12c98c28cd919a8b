/** A recording: what is kept, of whom, how often. */
import type { NetworkDocument, RecordingDocument } from '../../../index.ts';
import { changePart } from '../edits/parts.ts';
import { changeRecordingKind, readNeurons, writeNeurons } from '../edits/recording.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { Select, TextInput } from '../fields/inputs.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { SliceFields } from '../fields/SliceFields.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { declaredIn, equationsOf } from '../variables.ts';

interface RecordingInspectorProps {
  readonly document: NetworkDocument;
  readonly part: RecordingDocument;
}

export function RecordingInspector({ document, part }: RecordingInspectorProps) {
  const edit = useEdit();
  const { name } = part;
  const put = (key: 'target' | 'variables' | 'neurons' | 'every', value: unknown): void =>
    edit.apply(`Change ${name}`, (old) => setKey(old, 'recording', name, key, value));
  const check = (
    key: 'target' | 'variables' | 'neurons' | 'every',
    value: unknown,
  ): Promise<string> => edit.check((old) => setKey(old, 'recording', name, key, value));
  const owner = part.target.population;
  const isOfField = (document.fields ?? []).some((one) => one.name === owner);
  const known = declaredIn(equationsOf(document, owner)).map((one) => one.name);
  return (
    <Group title="Recorded" note="builds the network anew">
      <Select
        title="what"
        value={part.kind}
        choices={
          isOfField
            ? [['state', 'variables over time']]
            : [
                ['spikes', 'spikes'],
                ['state', 'variables over time'],
                ['rate', 'rate of the population'],
              ]
        }
        change={(kind) =>
          edit.apply(`Change ${name}`, (old) =>
            changePart(old, 'recording', name, (one) =>
              changeRecordingKind(one, kind as RecordingDocument['kind'], known),
            ),
          )
        }
      />
      <SliceFields
        title="of"
        document={document}
        slice={part.target}
        withFields
        check={(slice) => check('target', slice)}
        change={(slice) => put('target', slice)}
      />
      {part.kind === 'state' && (
        <>
          <TextInput
            title="variables"
            about={`Of ${known.join(', ')}.`}
            value={part.variables.join(', ')}
            check={(text) => check('variables', names(text))}
            change={(text) => put('variables', names(text))}
          />
          <TextInput
            title={isOfField ? 'voxels' : 'which neurons'}
            about="Numbers and ranges, 0, 5, 10–19; empty: all."
            value={writeNeurons(part.neurons)}
            placeholder="all"
            check={(text) => {
              const read = readNeurons(text);
              return typeof read === 'string' ? read : check('neurons', read ?? undefined);
            }}
            change={(text) => {
              const read = readNeurons(text);
              if (typeof read !== 'string') put('neurons', read ?? undefined);
            }}
          />
          <QuantityInput
            title="every"
            about="Interval; one step, or the clock of the field, unless given."
            value={part.every ?? document.dt}
            rule={{ name: 'every', like: 'time', above: '0 ms' }}
            change={(value) => put('every', value)}
          />
        </>
      )}
    </Group>
  );
}

const names = (text: string): readonly string[] =>
  text
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
