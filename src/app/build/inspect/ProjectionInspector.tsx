/** A projection: between whom, which pairs, what a spike does, with which parameters, when it arrives. */
import type {
  NetworkDocument,
  ProjectionDocument,
  SliceReference,
  ValueSpec,
} from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { formatNumber } from '../../shell/format.ts';
import { baselineOf } from '../baseline.ts';
import { findPart } from '../edits/parts.ts';
import { asQuantity } from '../edits/quantity-text.ts';
import { setKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { Select, TextInput } from '../fields/inputs.tsx';
import { Params } from '../fields/Params.tsx';
import { RuleFields } from '../fields/RuleFields.tsx';
import { SliceFields } from '../fields/SliceFields.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { ValueEditor } from '../fields/ValueEditor.tsx';
import { Method } from './Method.tsx';
import { Initial } from './PopulationInspector.tsx';
import { Texts } from './Texts.tsx';

interface ProjectionInspectorProps {
  readonly document: NetworkDocument;
  readonly part: ProjectionDocument;
}

export function ProjectionInspector({ document, part }: ProjectionInspectorProps) {
  const app = useApp();
  const edit = useEdit();
  const { name } = part;
  const info = app.session.info.value?.projections.find((one) => one.name === name);
  const opened = findPart(baselineOf(app) ?? document, 'projection', name);
  const isOntoField = (document.fields ?? []).some((one) => one.name === part.target.population);
  const set = (key: 'source' | 'target' | 'connect' | 'synapses' | 'bound', value: unknown): void =>
    edit.apply(`${TITLES[key]} of ${name}`, (old) => setKey(old, 'projection', name, key, value));
  const checkEnd =
    (key: 'source' | 'target') =>
    (slice: SliceReference): Promise<string> =>
      edit.check((old) => setKey(old, 'projection', name, key, slice));
  return (
    <>
      {info && Number.isFinite(info.synapses) && (
        <p class="quiet small">{formatNumber(info.synapses)} synapses</p>
      )}
      <Params document={document} kind="projection" owner={name} />
      <Group title="Ends" note="builds the network anew">
        <SliceFields
          title="Source"
          document={document}
          slice={part.source}
          check={checkEnd('source')}
          change={(slice) => set('source', slice)}
        />
        <SliceFields
          title="Target"
          document={document}
          slice={part.target}
          withFields
          check={checkEnd('target')}
          change={(slice) => set('target', slice)}
        />
      </Group>
      <Group title="Connections" note="builds the network anew">
        <RuleFields
          rule={part.connect}
          isOntoField={isOntoField}
          check={(rule) => edit.check((old) => setKey(old, 'projection', name, 'connect', rule))}
          change={(rule) => set('connect', rule)}
        />
        <Select
          title="synapses"
          about="How they exist; the network is the same to the bit."
          value={part.synapses ?? 'auto'}
          choices={[
            ['auto', 'automatic'],
            ['stored', 'stored in memory'],
            ['procedural', 'made again for every spike'],
          ]}
          change={(value) => set('synapses', value === 'auto' ? undefined : value)}
        />
      </Group>
      {!isOntoField && <Delays part={part} opened={opened} />}
      <Initial
        kind="projection"
        name={name}
        eqs={part.eqs ?? ''}
        initial={part.initial}
        opened={opened?.initial ?? {}}
      />
      <Texts kind="projection" name={name} />
      <Method kind="projection" name={name} part={part} />
      <Group title="Growth" note="builds the network anew">
        <TextInput
          title="bound"
          about="Largest amount that one spike adds, where weights can grow; empty: 32 times that of the start."
          value={part.bound === undefined ? '' : String(part.bound)}
          placeholder="none"
          check={(text) =>
            edit.check((old) =>
              setKey(
                old,
                'projection',
                name,
                'bound',
                text.trim() === '' ? undefined : asQuantity(text),
              ),
            )
          }
          change={(text) => set('bound', text.trim() === '' ? undefined : asQuantity(text))}
        />
      </Group>
    </>
  );
}

const TITLES = {
  source: 'Source',
  target: 'Target',
  connect: 'Connections',
  synapses: 'Synapses',
  bound: 'Bound',
} as const;

type Delay = NonNullable<ProjectionDocument['delay']>;

/** One delay, or one for each pathway. */
function Delays({ part, opened }: { part: ProjectionDocument; opened: ProjectionDocument | null }) {
  const edit = useEdit();
  const { name } = part;
  const check = (delay: Delay): Promise<string> =>
    edit.check((old) => setKey(old, 'projection', name, 'delay', delay));
  const put = (delay: Delay | undefined): void =>
    edit.apply(`Delay of ${name}`, (old) => setKey(old, 'projection', name, 'delay', delay));
  const { delay } = part;
  const about = 'From spike to effect, rounded to steps.';
  if (typeof delay === 'object' && 'byPathway' in delay) {
    const before = opened?.delay;
    const usual: Readonly<Record<string, ValueSpec>> =
      typeof before === 'object' && 'byPathway' in before ? before.byPathway : {};
    return (
      <Group title="Delays" note="builds the network anew">
        {Object.entries(delay.byPathway).map(([pathway, value]) => (
          <ValueEditor
            key={pathway}
            title={pathway}
            about={about}
            value={value}
            unit="ms"
            usual={usual[pathway]}
            check={(next) => check({ byPathway: { ...delay.byPathway, [pathway]: next } })}
            change={(next) => {
              const { [pathway]: _, ...rest } = delay.byPathway;
              const byPathway = next === undefined ? rest : { ...delay.byPathway, [pathway]: next };
              put(Object.keys(byPathway).length === 0 ? undefined : { byPathway });
            }}
          />
        ))}
      </Group>
    );
  }
  const before = opened?.delay;
  return (
    <Group title="Delay" note="builds the network anew">
      <ValueEditor
        title="delay"
        about={about}
        value={delay}
        unit="ms"
        usual={typeof before === 'object' && 'byPathway' in before ? undefined : before}
        check={check}
        change={put}
      />
    </Group>
  );
}
