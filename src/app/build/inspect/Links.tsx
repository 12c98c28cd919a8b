/** What linked variables of a population read: a variable of a field, at the place of the neuron. */
import type { NetworkDocument } from '../../../index.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { Select } from '../fields/inputs.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { declaredIn } from '../variables.ts';

interface LinksProps {
  readonly document: NetworkDocument;
  readonly name: string;
  readonly links: Readonly<Record<string, string>>;
}

export function Links({ document, name, links }: LinksProps) {
  const edit = useEdit();
  const choices = (document.fields ?? []).flatMap((field) =>
    declaredIn(field.eqs).map((variable) => `${field.name}.${variable.name}`),
  );
  return (
    <Group title="Linked" note="builds the network anew">
      {Object.entries(links).map(([variable, link]) => (
        <Select
          key={variable}
          title={variable}
          about="The concentration at the neuron's place."
          value={link}
          choices={choices}
          change={(next) =>
            edit.apply(`Link ${variable} of ${name}`, (old) =>
              setKey(old, 'population', name, 'links', { ...links, [variable]: next }),
            )
          }
        />
      ))}
    </Group>
  );
}
