/** Where the neurons are: nowhere, on a grid, in a box, or at places of their own. */
import type { PositionsDocument, Quantity } from '../../../index.ts';
import { nearestGrid, positionForm, usualPositions } from '../edits/positions.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { Select, TextInput } from '../fields/inputs.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { ValueEditor } from '../fields/ValueEditor.tsx';

interface PositionsProps {
  readonly name: string;
  readonly size: number;
  readonly positions: PositionsDocument | undefined;
}

const FORMS = [
  ['none', 'none'],
  ['grid', 'on a grid'],
  ['box', 'at random in a box'],
  ['values', 'values of their own'],
] as const;

export function Positions({ name, size, positions }: PositionsProps) {
  const edit = useEdit();
  const put = (next: PositionsDocument | undefined): void =>
    edit.apply(`Positions of ${name}`, (old) => setKey(old, 'population', name, 'positions', next));
  const check = (next: PositionsDocument): Promise<string> =>
    edit.check((old) => setKey(old, 'population', name, 'positions', next));
  const form = positionForm(positions);
  return (
    <Group title="Positions" note="builds the network anew">
      <Select
        title="places"
        about="For rules, weights and delays that depend on distance."
        value={form}
        choices={FORMS}
        change={(next) => put(usualPositions(next as typeof form, size))}
      />
      {positions && 'grid' in positions && (
        <>
          <List
            title="grid"
            about={`columns, rows (and layers): ${size} places`}
            value={positions.grid}
            make={(texts) => ({ ...positions, grid: texts.map(Number) })}
            check={check}
            put={put}
          />
          <List
            title="spacing"
            about="distance of neighbours"
            value={
              Array.isArray(positions.spacing) ? positions.spacing : [positions.spacing as Quantity]
            }
            make={(texts) => ({
              ...positions,
              spacing: texts.length === 1 ? (texts[0] as string) : texts,
            })}
            check={check}
            put={put}
          />
          {positions.grid.reduce((product, count) => product * count, 1) !== size && (
            <button type="button" onClick={() => put({ ...positions, grid: nearestGrid(size) })}>
              Grid of {nearestGrid(size).join(' × ')}
            </button>
          )}
        </>
      )}
      {positions && 'box' in positions && (
        <List
          title="box"
          about="sizes, two or three"
          value={positions.box}
          make={(texts) => ({ ...positions, box: texts })}
          check={check}
          put={put}
        />
      )}
      {positions &&
        'x' in positions &&
        (['x', 'y', 'z'] as const).map((axis) => (
          <ValueEditor
            key={axis}
            title={axis}
            about={axis === 'z' ? 'may be left out' : ''}
            value={positions[axis]}
            unit="um"
            usual={positions[axis]}
            check={(value) => check({ ...positions, [axis]: value })}
            change={(value) => {
              if (value !== undefined) put({ ...positions, [axis]: value });
              else if (axis === 'z') {
                const { z: _, ...flat } = positions;
                put(flat);
              }
            }}
          />
        ))}
      {positions && (
        <List
          title="periodic"
          about="sizes of a space whose opposite sides meet; empty: it has edges"
          value={positions.periodic ?? []}
          make={(texts) => {
            const { periodic: _, ...open } = positions;
            return texts.length === 0 ? open : { ...open, periodic: texts };
          }}
          check={check}
          put={put}
        />
      )}
    </Group>
  );
}

interface ListProps {
  readonly title: string;
  readonly about: string;
  readonly value: readonly Quantity[];
  readonly make: (texts: readonly string[]) => PositionsDocument;
  readonly check: (positions: PositionsDocument) => Promise<string>;
  readonly put: (positions: PositionsDocument) => void;
}

function List({ title, about, value, make, check, put }: ListProps) {
  const read = (text: string): readonly string[] =>
    text
      .split(/[,;×]/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  return (
    <TextInput
      title={title}
      about={about}
      value={value.join(', ')}
      check={(text) => check(make(read(text)))}
      change={(text) => put(make(read(text)))}
    />
  );
}
