/** A population: how many neurons, of which model, with which parameters, first values, places. */
import type { NetworkDocument, PopulationDocument, ValueSpec } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { baselineOf } from '../baseline.ts';
import { findPart } from '../edits/parts.ts';
import { setInitial, setSize } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput } from '../fields/inputs.tsx';
import { Params } from '../fields/Params.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { ValueEditor } from '../fields/ValueEditor.tsx';
import { tableOf } from '../library.ts';
import { commentOf } from '../uses.ts';
import { declaredIn, shortUnit } from '../variables.ts';
import { Links } from './Links.tsx';
import { Method } from './Method.tsx';
import { Positions } from './Positions.tsx';
import { SpikeListFields } from './SpikeListFields.tsx';
import { Texts } from './Texts.tsx';

interface PopulationInspectorProps {
  readonly document: NetworkDocument;
  readonly part: PopulationDocument;
}

export function PopulationInspector({ document, part }: PopulationInspectorProps) {
  const edit = useEdit();
  const { name } = part;
  const table = tableOf(part.kind === 'neurons' ? part.model : undefined);
  const opened = findPart(baselineOf(useApp()) ?? document, 'population', name);
  return (
    <>
      {table && (
        <p class="quiet small note">
          {table.title}. {table.source}
          {table.advice !== '' && ` ${table.advice}`}
        </p>
      )}
      <NumberInput
        title="Neurons"
        about="Parts of it keep their share."
        facts={opened ? `1 … 268435456 · opened with ${opened.size}` : '1 … 268435456'}
        value={part.size}
        min={1}
        max={2 ** 28}
        integer
        change={(size) => edit.apply(`Size of ${name}`, (old) => setSize(old, name, size))}
      />
      {part.kind === 'spikes' ? (
        <SpikeListFields part={part} />
      ) : (
        <>
          <Params document={document} kind="population" owner={name} model={part.model} />
          <Initial
            kind="population"
            name={name}
            eqs={part.eqs}
            initial={part.initial}
            opened={opened?.kind === 'neurons' ? opened.initial : {}}
          />
          <Texts kind="population" name={name} />
          <Method kind="population" name={name} part={part} />
          {part.links && <Links document={document} name={name} links={part.links} />}
        </>
      )}
      <Positions name={name} size={part.size} positions={part.positions} />
    </>
  );
}

interface InitialProps {
  readonly kind: 'population' | 'projection' | 'field';
  readonly name: string;
  readonly eqs: string;
  readonly initial: Readonly<Record<string, ValueSpec>>;
  readonly opened: Readonly<Record<string, ValueSpec>>;
}

/** First values of all variables; those that are given none are 0. */
export function Initial({ kind, name, eqs, initial, opened }: InitialProps) {
  const edit = useEdit();
  const declared = declaredIn(eqs).filter(
    ({ kind: one, flags }) => one !== 'computed' && !flags.includes('linked'),
  );
  const others = Object.keys(initial).filter((one) => !declared.some((two) => two.name === one));
  const rows = [
    ...declared,
    ...others.map((one) => ({ name: one, unit: '1', kind: 'plain', flags: [] })),
  ];
  return (
    <Group title="First values" note="builds the network anew" isEmpty={rows.length === 0}>
      {rows.map((variable) => (
        <ValueEditor
          key={variable.name}
          title={variable.name}
          about={aboutOf(variable, eqs)}
          value={initial[variable.name]}
          unit={shortUnit(variable.unit)}
          usual={opened[variable.name]}
          check={(value) => edit.check((old) => setInitial(old, kind, name, variable.name, value))}
          change={(value) =>
            edit.apply(`First value of ${variable.name}`, (old) =>
              setInitial(old, kind, name, variable.name, value),
            )
          }
        />
      ))}
    </Group>
  );
}

function aboutOf(
  { name, unit, kind }: { readonly name: string; readonly unit: string; readonly kind: string },
  eqs: string,
): string {
  const what = kind === 'differential' ? `d${name}/dt` : name;
  const comment = commentOf(eqs, name);
  return `${what} in ${unit === '1' ? 'plain numbers' : unit}${comment === '' ? '' : `: ${comment}`}`;
}
