/** What can be added, as a short list; things that need a choice first open their form in its place. */
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { NetworkDocument } from '../../index.ts';
import { useApp } from '../shell/context.ts';
import { callTool } from '../tools/client.ts';
import type { ModelCard } from '../tools/library.ts';
import { AddProjection } from './AddProjection.tsx';
import { add, selectionIn } from './actions.ts';
import {
  addField,
  addInput,
  addIntervention,
  addPopulation,
  addRecording,
  addSpikeList,
  addTimedArray,
  usualIntervention,
} from './edits/add.ts';
import { focusOnce } from './fields/focus.ts';
import { Icon, type IconName } from './Icon.tsx';

type Form = 'list' | 'population' | 'projection';

interface Choice {
  readonly icon: IconName;
  readonly title: string;
  readonly about: string;
  readonly act: () => void;
  /** Why it cannot be added now; '' when it can. */
  readonly missing: string;
}

export function Add({ document, close }: { document: NetworkDocument; close: () => void }) {
  const app = useApp();
  const form = useSignal<Form>('list');
  const selection = selectionIn(document, app.selection.value);
  const first = document.populations.find(({ kind }) => kind === 'neurons')?.name;
  const owner =
    selection.kind === 'population' || selection.kind === 'field' ? selection.name : first;
  const neurons =
    selection.kind === 'population' &&
    document.populations.some((one) => one.name === selection.name && one.kind === 'neurons')
      ? selection.name
      : first;
  const done = (act: () => void) => (): void => {
    act();
    close();
  };
  const noPopulation = neurons === undefined ? 'There is no population yet.' : '';
  const choices: readonly Choice[] = [
    {
      icon: 'excitatory',
      title: 'Population',
      about: 'neurons of a library model',
      missing: '',
      act: () => {
        form.value = 'population';
      },
    },
    {
      icon: 'projection',
      title: 'Projection',
      about: 'synapses between two populations',
      missing: noPopulation,
      act: () => {
        form.value = 'projection';
      },
    },
    {
      icon: 'input',
      title: 'Poisson input',
      about: `random spikes onto ${neurons ?? 'a population'}`,
      missing: noPopulation,
      act: done(() => neurons && add(app, 'input', (old) => addInput(old, neurons))),
    },
    {
      icon: 'spikes',
      title: 'Spike list',
      about: 'a population with given spikes',
      missing: '',
      act: done(() => add(app, 'population', addSpikeList)),
    },
    {
      icon: 'recording',
      title: 'Recording',
      about: `of ${owner ?? 'a population'}`,
      missing: owner === undefined ? 'There is no population yet.' : '',
      act: done(() => owner && add(app, 'recording', (old) => addRecording(old, owner))),
    },
    {
      icon: 'intervention',
      title: 'Intervention',
      about: 'a parameter that changes for a while: a drug, a lesion',
      missing: usualIntervention(document, owner ?? '') ? '' : 'No parameter could be changed.',
      act: done(() => add(app, 'intervention', (old) => addIntervention(old, owner ?? ''))),
    },
    {
      icon: 'field',
      title: 'Field',
      about: 'a concentration that diffuses',
      missing: '',
      act: done(() => add(app, 'field', addField)),
    },
    {
      icon: 'timedArray',
      title: 'Timed array',
      about: 'values over time, for equations',
      missing: '',
      act: done(() => add(app, 'timedArray', addTimedArray)),
    },
  ];
  return (
    <section
      class="add"
      aria-label="Add"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (form.value === 'list') close();
        else form.value = 'list';
      }}
    >
      {form.value === 'list' && (
        <div class="add-list">
          {choices.map(({ icon, title, about, act, missing }) => (
            <button
              key={title}
              type="button"
              disabled={missing !== ''}
              title={missing}
              onClick={act}
            >
              <Icon name={icon} />
              <span>
                {title}
                <span class="quiet small">{about}</span>
              </span>
            </button>
          ))}
        </div>
      )}
      {form.value === 'population' && <ChooseModel close={close} />}
      {form.value === 'projection' && (
        <AddProjection document={document} source={neurons ?? ''} close={close} />
      )}
    </section>
  );
}

/** A model of the library, found by its name here or elsewhere. */
function ChooseModel({ close }: { close: () => void }) {
  const app = useApp();
  const [cards, setCards] = useState<readonly ModelCard[] | null>(null);
  const [problem, setProblem] = useState('');
  const text = useSignal('');
  const size = useSignal(100);
  useEffect(() => {
    callTool('libraryModels', []).then(
      (all) => setCards(all.filter(({ kind, isFragment }) => kind === 'neuron' && !isFragment)),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  const words = text.value.toLowerCase().split(/\s+/);
  const found = (cards ?? []).filter(({ name, title, aliases }) => {
    const all = [name, title, ...aliases].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const choose = (name: string): void => {
    callTool('populationOfModel', [name]).then(
      (model) => {
        add(app, 'population', (old) => addPopulation(old, name, size.value, model));
        close();
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <form class="add-form" onSubmit={(event) => event.preventDefault()}>
      <div class="add-row">
        <label>
          Search
          <input
            type="search"
            placeholder="adex, IF_cond_exp, Hodgkin…"
            value={text.value}
            ref={focusOnce}
            onKeyDown={(event) => {
              // Two fields and no button of submission: Enter would do nothing.
              if (event.key !== 'Enter' || !found[0]) return;
              event.preventDefault();
              choose(found[0].name);
            }}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
            }}
          />
        </label>
        <label>
          Neurons
          <input
            type="number"
            min="1"
            max="10000000"
            value={size.value}
            onChange={({ currentTarget }) => {
              size.value = Math.max(1, Math.round(Number(currentTarget.value)) || 1);
            }}
          />
        </label>
      </div>
      {problem !== '' && <p role="alert">{problem}</p>}
      {cards === null && problem === '' && <p class="quiet small">Loading models…</p>}
      {cards !== null && found.length === 0 && (
        <p class="quiet small">
          No model of that name. Equations of your own: add any, then edit it.
        </p>
      )}
      <ul class="model-list">
        {found.map(({ name, title, aliases }) => (
          <li key={name}>
            <button type="button" onClick={() => choose(name)}>
              <span class="model-name">{name}</span>
              <span class="small">{title}</span>
              {aliases.length > 0 && <span class="quiet small">{aliases.join(', ')}</span>}
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}
