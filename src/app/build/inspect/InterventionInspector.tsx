/** An intervention: which parameter, by how much, from when to when. */
import type { InterventionDocument, NetworkDocument } from '../../../index.ts';
import { interventionTargets } from '../edits/add.ts';
import { changePart, namesOf } from '../edits/parts.ts';
import { asQuantity } from '../edits/quantity-text.ts';
import { paramsOf } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, Select, TextInput } from '../fields/inputs.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { useEdit } from '../fields/use-edit.ts';

interface InterventionInspectorProps {
  readonly document: NetworkDocument;
  /** By which it is known. */
  readonly name: string;
  readonly part: InterventionDocument;
}

/** An intervention in the making: keys may be missing. */
type Draft = { -readonly [K in keyof InterventionDocument]?: InterventionDocument[K] };

export function InterventionInspector({ document, name, part }: InterventionInspectorProps) {
  const edit = useEdit();
  const changed =
    (
      change: Partial<InterventionDocument>,
      without: readonly (keyof InterventionDocument)[] = [],
    ) =>
    (old: NetworkDocument): NetworkDocument =>
      changePart(old, 'intervention', name, (one) => {
        const next: Draft = { ...one, ...change };
        for (const key of without) delete next[key];
        return next as InterventionDocument;
      });
  const put = (...change: Parameters<typeof changed>): void =>
    edit.apply(`Change ${name}`, changed(...change));
  const owners = [
    '',
    ...(['population', 'field', 'projection', 'input'] as const).flatMap((kind) =>
      namesOf(document, kind),
    ),
  ].filter((owner) => interventionTargets(document, owner).length > 0);
  const now =
    (['network', 'population', 'field', 'projection'] as const)
      .map((kind) => paramsOf(document, kind, part.owner)[part.parameter])
      .find((value) => value !== undefined) ?? '';
  return (
    <>
      <Group title="What" note="builds the network anew">
        <Select
          title="of"
          value={part.owner}
          choices={owners.map((owner) => [owner, owner === '' ? 'the network' : owner] as const)}
          change={(owner) =>
            put({ owner, parameter: interventionTargets(document, owner)[0] ?? part.parameter })
          }
        />
        <TextInput
          title="parameter"
          about={
            now === '' ? 'A parameter, or a variable without an equation.' : `It is ${now} before.`
          }
          value={part.parameter}
          list={interventionTargets(document, part.owner)}
          check={(parameter) => edit.check(changed({ parameter }))}
          change={(parameter) => put({ parameter })}
        />
        <Select
          title="becomes"
          value={part.factor === undefined ? 'value' : 'factor'}
          choices={[
            ['factor', 'so many times as large'],
            ['value', 'this value'],
          ]}
          change={(kind) =>
            kind === 'factor'
              ? put({ factor: 0.5 }, ['value'])
              : put({ value: now === '' ? 0 : now }, ['factor'])
          }
        />
        {part.factor === undefined ? (
          <TextInput
            title="value"
            about="With its unit."
            value={String(part.value ?? '')}
            check={(text) => edit.check(changed({ value: asQuantity(text) }))}
            change={(text) => put({ value: asQuantity(text) })}
          />
        ) : (
          <NumberInput
            title="factor"
            about="0 blocks it, 1 leaves it as it is."
            value={part.factor}
            change={(factor) => put({ factor })}
          />
        )}
      </Group>
      <Group title="When" note="builds the network anew">
        <QuantityInput
          title="at"
          about="From this time of the run."
          value={part.at}
          rule={{ name: 'at', like: 'time', min: '0 ms' }}
          change={(at) => put({ at })}
        />
        <TextInput
          title="until"
          about="Then it is what it was; empty: to the end."
          value={part.until === undefined ? '' : String(part.until)}
          placeholder="the end"
          check={(text) =>
            text.trim() === '' ? '' : edit.check(changed({ until: asQuantity(text) }))
          }
          change={(text) =>
            text.trim() === '' ? put({}, ['until']) : put({ until: asQuantity(text) })
          }
        />
      </Group>
    </>
  );
}
