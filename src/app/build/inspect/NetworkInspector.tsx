/** What belongs to the whole network: name, time step, seed, parameters that every equation sees, and the example's own. */
import type { NetworkDocument } from '../../../index.ts';
import { useApp } from '../../shell/context.ts';
import { formatBytes, formatNumber } from '../../shell/format.ts';
import { seedOf } from '../../state/project.ts';
import { baselineOf } from '../baseline.ts';
import { setNetworkKey } from '../edits/set.ts';
import { Group } from '../fields/Group.tsx';
import { NumberInput, TextInput } from '../fields/inputs.tsx';
import { Params } from '../fields/Params.tsx';
import { QuantityInput } from '../fields/QuantityInput.tsx';
import { useEdit } from '../fields/use-edit.ts';
import { Icon } from '../Icon.tsx';
import { ExampleParameters } from './ExampleParameters.tsx';

export function NetworkInspector({ document }: { document: NetworkDocument }) {
  const app = useApp();
  const edit = useEdit();
  const { source } = app.project.value;
  const info = app.session.info.value;
  return (
    <div class="inspector" key="network">
      <h2 class="inspector-title">
        <Icon name="network" />
        <span class="row-name">{document.name}</span>
        <span class="quiet small">network</span>
      </h2>
      {info && (
        <p class="quiet small">
          {formatNumber(info.neurons)} neurons, {formatNumber(info.synapses)} synapses,{' '}
          {formatBytes(info.memoryBytes)}
        </p>
      )}
      {info && info.note !== '' && <p class="quiet small note">{info.note}</p>}
      {source.kind === 'example' && <ExampleParameters source={source} />}
      <Params document={document} kind="network" owner="" />
      <Group title="Run" note="builds the network anew">
        <QuantityInput
          title="dt"
          about="Time step."
          value={document.dt}
          usual={baselineOf(app)?.dt}
          usualIs="opened with"
          rule={{ name: 'dt', like: 'time', above: '0 ms' }}
          change={(value) =>
            edit.apply('Change dt', (old) => setNetworkKey(old, 'dt', String(value)))
          }
        />
        <NumberInput
          title="seed"
          about="Of all random draws: connections, first values, noise."
          facts="0 … 4294967295"
          value={seedOf(app.project.value)}
          min={0}
          max={4294967295}
          integer
          change={(seed) => app.setSeed(seed)}
        />
        <TextInput
          title="name"
          value={document.name}
          check={(name) => edit.check((old) => setNetworkKey(old, 'name', name))}
          change={(name) =>
            edit.apply('Rename the network', (old) => setNetworkKey(old, 'name', name))
          }
        />
      </Group>
    </div>
  );
}
