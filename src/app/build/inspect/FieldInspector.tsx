/** A field: its grid and clock, what spreads in it and reacts. */
import type { FieldDocument, NetworkDocument, Quantity } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { baselineOf } from '../baseline.ts';
import { changePart, findPart } from '../edits/parts.ts';
import { asQuantity } from '../edits/quantity-text.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, Select, TextInput } from '../fields/inputs.tsx';
import { Params } from '../fields/Params.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { declaredIn } from '../variables.ts';
import { Method } from './Method.tsx';
import { Initial } from './PopulationInspector.tsx';
import { Texts } from './Texts.tsx';

export function FieldInspector({
  document,
  part,
}: {
  document: NetworkDocument;
  part: FieldDocument;
}) {
  const edit = useEdit();
  const { name } = part;
  const opened = findPart(baselineOf(useApp()) ?? document, 'field', name);
  const changed = (change: Partial<FieldDocument>) => (old: NetworkDocument) =>
    changePart(old, 'field', name, (one) => ({ ...one, ...change }));
  const put = (change: Partial<FieldDocument>): void =>
    edit.apply(`Change ${name}`, changed(change));
  const list = (text: string): string[] =>
    text
      .split(/[,;×]/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const spacing = (text: string): Pick<FieldDocument, 'spacing'> => {
    const sizes = list(text);
    return { spacing: sizes.length === 1 ? (sizes[0] as string) : sizes };
  };
  return (
    <>
      <Params document={document} kind="field" owner={name} />
      <Group title="Space" note="builds the network anew">
        <TextInput
          title="grid"
          about="Voxels along x, y, z."
          value={part.grid.join(' × ')}
          check={(text) => edit.check(changed({ grid: list(text).map(Number) }))}
          change={(text) => put({ grid: list(text).map(Number) })}
        />
        <TextInput
          title="spacing"
          about="Edge of a voxel, or one for each axis."
          value={
            Array.isArray(part.spacing) ? part.spacing.join(', ') : String(part.spacing as Quantity)
          }
          check={(text) => edit.check(changed(spacing(text)))}
          change={(text) => put(spacing(text))}
        />
        <TextInput
          title="origin"
          about="Corner of the grid; empty: 0."
          value={part.origin?.join(', ') ?? ''}
          placeholder="0"
          check={(text) => (text.trim() === '' ? '' : edit.check(changed({ origin: list(text) })))}
          change={(text) =>
            edit.apply(`Change ${name}`, (old) =>
              changePart(old, 'field', name, ({ origin: _, ...rest }) =>
                text.trim() === '' ? rest : { ...rest, origin: list(text) },
              ),
            )
          }
        />
        <Select
          title="edges"
          about="What is behind the edges of the grid."
          value={part.edges ?? 'reflecting'}
          choices={[
            ['reflecting', 'walls'],
            ['absorbing', 'nothing that returns'],
            ['periodic', 'the opposite side'],
          ]}
          change={(edges) => put({ edges: edges as NonNullable<FieldDocument['edges']> })}
        />
        <QuantityInput
          title="every"
          about="Its clock, a multiple of dt."
          value={part.every}
          usual={opened?.every}
          usualIs="opened with"
          rule={{ name: 'every', like: 'time', above: '0 ms' }}
          change={(every) => put({ every })}
        />
      </Group>
      <Group title="Diffusion" note="builds the network anew">
        {declaredIn(part.eqs)
          .filter(({ kind }) => kind !== 'computed')
          .map((variable) => (
            <TextInput
              key={variable.name}
              title={variable.name}
              about="Free diffusion coefficient; empty: it stays where it is."
              value={String(part.diffusion?.[variable.name] ?? '')}
              placeholder="0 um**2/second"
              check={(text) =>
                text.trim() === ''
                  ? ''
                  : edit.check(
                      changed({
                        diffusion: { ...part.diffusion, [variable.name]: asQuantity(text) },
                      }),
                    )
              }
              change={(text) => {
                const { [variable.name]: _, ...rest } = part.diffusion ?? {};
                put({
                  diffusion:
                    text.trim() === '' ? rest : { ...rest, [variable.name]: asQuantity(text) },
                });
              }}
            />
          ))}
        <NumberInput
          title="tortuosity"
          about="Diffusion is slower by its square."
          facts="at least 1 · default 1"
          value={part.tortuosity ?? 1}
          min={1}
          change={(tortuosity) => put({ tortuosity })}
        />
        <NumberInput
          title="volume fraction"
          about="Share of the volume in which there is anything; only deposits depend on it."
          facts="above 0, at most 1 · default 1"
          value={part.volumeFraction ?? 1}
          min={1e-6}
          max={1}
          change={(volumeFraction) => put({ volumeFraction })}
        />
      </Group>
      <Initial
        kind="field"
        name={name}
        eqs={part.eqs}
        initial={part.initial}
        opened={opened?.initial ?? {}}
      />
      <Texts kind="field" name={name} />
      <Method kind="field" name={name} part={part} />
    </>
  );
}
