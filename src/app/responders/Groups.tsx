/** What is activated and silenced now: groups with their rate and neurons, each of which can be taken back. */
import { useState } from 'preact/hooks';
import { changePart } from '../build/edits/parts.ts';
import { QuantityInput } from '../build/fields/QuantityInput.tsx';
import { useApp } from '../shell/context.ts';
import { formatNumber } from '../shell/format.ts';
import type { App } from '../state/app.ts';
import type { NeuronEdit } from '../tools/connectome.ts';
import { Chips } from './Chips.tsx';
import type { ActivatedGroup } from './groups.ts';
import { editNeurons, groupsIn, messageOf } from './state.ts';

export function Groups() {
  const app = useApp();
  const { activated, silenced } = groupsIn(app);
  const [failure, setFailure] = useState('');
  const act = (label: string, edit: NeuronEdit): void => {
    setFailure('');
    editNeurons(app, label, edit).catch((error: unknown) => setFailure(messageOf(error)));
  };
  if (activated.length === 0 && silenced.length === 0) {
    return (
      <p class="small quiet neurons-groups">
        Nothing is activated or silenced. An activated neuron is kicked over its threshold at random
        times; a silenced one never spikes.
      </p>
    );
  }
  return (
    <section class="neurons-groups" aria-label="Activated and silenced neurons">
      {activated.map((group) => (
        <Activated key={group.source} app={app} group={group} act={act} />
      ))}
      {silenced.map(({ population, neurons }) => (
        <div key={population} class="neurons-group silenced">
          <h3>
            <span class="sign" aria-hidden="true">
              ⊘
            </span>
            Silenced <span class="quiet numbers">{formatNumber(neurons.length)}</span>
            <button
              type="button"
              class="plain small"
              aria-label={`Remove all silenced neurons of ${population}`}
              onClick={() =>
                act('Silence nobody', { kind: 'unsilence', lists: [{ population, neurons }] })
              }
            >
              Remove all
            </button>
          </h3>
          <Chips
            label={`Silenced in ${population}`}
            population={population}
            neurons={neurons}
            remove={(neuron) =>
              act('Let a neuron fire again', {
                kind: 'unsilence',
                lists: [{ population, neurons: [neuron] }],
              })
            }
          />
        </div>
      ))}
      {failure !== '' && (
        <p role="alert" class="neurons-refused small">
          {failure}
        </p>
      )}
    </section>
  );
}

interface ActivatedProps {
  readonly app: App;
  readonly group: ActivatedGroup;
  readonly act: (label: string, edit: NeuronEdit) => void;
}

function Activated({ app, group, act }: ActivatedProps) {
  const { source, population, neurons } = group;
  const part = app.project.value.document?.populations.find(({ name }) => name === source);
  const rate = (part && 'params' in part ? part.params.rate : undefined) ?? group.rate;
  return (
    <div class="neurons-group activated">
      <h3>
        <span class="sign" aria-hidden="true">
          ⚡
        </span>
        {source.startsWith('activated') ? 'Activated' : `Driven by "${source}"`}{' '}
        <span class="quiet numbers">{formatNumber(neurons.length)}</span>
        <button
          type="button"
          class="plain small"
          aria-label={`Remove all neurons of ${source}`}
          onClick={() => act(`Remove ${source}`, { kind: 'deactivate', source })}
        >
          Remove all
        </button>
      </h3>
      <QuantityInput
        title="Rate"
        about="Of every neuron, at random times; takes effect while it runs"
        value={rate}
        rule={{ name: 'Rate', like: '1 Hz', min: '0 Hz' }}
        slides
        low={0}
        high={500}
        change={(next, gesture) => setRate(app, source, next, gesture)}
      />
      <Chips
        label={`Activated by ${source}`}
        population={population}
        neurons={neurons}
        remove={(neuron) =>
          act('Deactivate a neuron', { kind: 'deactivate', source, neurons: [neuron] })
        }
      />
    </div>
  );
}

/** A parameter: it takes effect while the network runs. */
function setRate(app: App, source: string, rate: string | number, gesture: string): void {
  app.edit(
    `Rate of ${source}`,
    (document) =>
      changePart(document, 'population', source, (part) =>
        part.kind === 'neurons' ? { ...part, params: { ...part.params, rate } } : part,
      ),
    gesture === '' ? undefined : `rate of ${source}, ${gesture}`,
  );
}
