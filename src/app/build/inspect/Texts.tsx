/** The texts of a thing: equations, conditions, statements. */
import type { NetworkDocument } from '../../../index.ts';
import { changePart, findPart } from '../edits/parts.ts';
import { Group } from '../fields/Group.tsx';
import { TextInput } from '../fields/inputs.tsx';
import { useEdit } from '../fields/use-edit.ts';

interface TextsProps {
  readonly document: NetworkDocument;
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
}

interface TextRow {
  readonly key: string;
  /** Name of a pathway, where there are several. */
  readonly pathway?: string;
  readonly title: string;
  readonly about: string;
  readonly text: string;
  readonly isNeeded?: boolean;
}

const ROWS = {
  population: [
    ['eqs', 'equations', 'one per line: dv/dt = -v/tau : volt'],
    ['threshold', 'threshold', 'a spike when this holds'],
    ['reset', 'reset', 'statements after a spike'],
    ['refractory', 'refractory', 'a time, or a condition'],
    ['onStep', 'every step', 'statements between integration and spike test'],
  ],
  projection: [
    ['eqs', 'equations', 'variables of synapses'],
    ['onPre', 'on a spike', 'when a presynaptic spike arrives'],
    ['onPost', 'on a target spike', 'when the target neuron spikes'],
  ],
  field: [['eqs', 'reaction', 'one equation per line: dC/dt = -C/tau : mM']],
} as const;

export function Texts({ document, kind, name }: TextsProps) {
  const edit = useEdit();
  const part = findPart(document, kind, name);
  if (part === null) return null;
  const rows = ROWS[kind].flatMap(([key, title, about]): TextRow[] => {
    const value: unknown = Reflect.get(part, key);
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value as Record<string, string>).map(([pathway, text]) => ({
        key,
        pathway,
        title: `${title}: ${pathway}`,
        about,
        text,
      }));
    }
    return [{ key, title, about, text: typeof value === 'string' ? value : '' }];
  });
  const put = (row: TextRow, text: string) => (old: NetworkDocument) =>
    changePart(old, kind, name, (one) => {
      if (row.pathway !== undefined) {
        const pathways = Reflect.get(one, row.key) as Record<string, string>;
        return { ...one, [row.key]: { ...pathways, [row.pathway]: text } };
      }
      const { [row.key as keyof typeof one]: _, ...rest } = one;
      const isLeftOut = text.trim() === '' && row.key !== 'eqs';
      return (isLeftOut ? rest : { ...one, [row.key]: text }) as typeof one;
    });
  return (
    <Group title="Equations" note="builds the network anew; Ctrl+Enter">
      {rows.map((row) => (
        <TextInput
          key={row.title}
          title={row.title}
          about={row.about}
          value={row.text}
          lines={Math.min(14, Math.max(row.key === 'eqs' ? 3 : 1, row.text.split('\n').length))}
          wide
          check={(text) => edit.check(put(row, text))}
          change={(text) => edit.apply(`Edit ${row.title} of ${name}`, put(row, text))}
        />
      ))}
    </Group>
  );
}
