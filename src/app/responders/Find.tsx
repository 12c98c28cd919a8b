/** Finding neurons by id, name or number, and doing something with those that are picked: activate, silence. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatNumber } from '../shell/format.ts';
import type { App, NetworkInfo } from '../state/app.ts';
import { callTool } from '../tools/client.ts';
import type { NeuronEdit } from '../tools/connectome.ts';
import type { FoundNeuron } from '../tools/files.ts';
import { Choice } from '../views/plot/Choice.tsx';
import { Chips } from './Chips.tsx';
import { globalNumbers, listsOf } from './names.ts';
import { editNeurons, labelsIn, messageOf, panelState, targetsIn } from './state.ts';

const MOST_FOUND = 12;

export function Find({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const state = panelState(app);
  const labels = labelsIn(app);
  const [said, setSaid] = useState('');
  const targets = targetsIn(app);
  const isLabelled = info.populations.some(({ name }) => name === labels?.population);
  const first = isLabelled ? labels?.population : targets[0]?.name;
  const chosen = targets.find(({ name }) => name === state.population.value)?.name;
  const population = chosen ?? first ?? '';
  const text = state.text.value;
  const found = useFound(labels?.population === population ? text : '');

  const pick = (neurons: readonly number[]): void => {
    const all = new Set([...app.picked.value, ...neurons]);
    app.picked.value = Uint32Array.from(all).sort();
  };
  const take = async (): Promise<void> => {
    if (text.trim() === '') return;
    try {
      const { lists, unknown } = await callTool('namedNeurons', [
        info.populations.map(({ name, size }) => ({ name, size })),
        labels,
        text,
        population,
      ]);
      const neurons = globalNumbers(info.populations, lists);
      const [only, ...others] = found;
      const isPart = neurons.length === 0 && only !== undefined && others.length === 0;
      const picked = isPart ? globalNumbers(info.populations, listOf(population, only)) : neurons;
      pick(picked);
      if (picked.length > 0) state.text.value = isPart ? '' : unknown.join(' ');
      setSaid(
        picked.length > 0 || unknown.length > 0
          ? sayTaken(picked.length, isPart ? [] : unknown)
          : '',
      );
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void take();
  };
  return (
    <section class="neurons-find" aria-label="Find neurons">
      <div class="neurons-row">
        <textarea
          id="find-neurons"
          rows={1}
          aria-label="Find neurons by id or number; paste a list"
          placeholder={isLabelled ? 'id, or a pasted list of ids' : 'number, or a list: 3, 17, 40'}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => {
            state.text.value = currentTarget.value;
            setSaid('');
          }}
          onKeyDown={onKeyDown}
        />
        {targets.length > 1 && (
          <Choice
            label="of"
            value={population}
            options={targets.map(({ name }) => [name, name] as const)}
            choose={(next) => {
              state.population.value = next;
            }}
          />
        )}
        <button type="button" disabled={text.trim() === ''} onClick={() => void take()}>
          Pick
        </button>
      </div>
      {found.length > 0 && (
        <ul class="chips" aria-label="Found">
          {found.map((one) => (
            <li key={one.index}>
              <button
                type="button"
                class="chip neurons-found"
                onClick={() => pick(globalNumbers(info.populations, listOf(population, one)))}
              >
                {one.id}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" class="small quiet neurons-said">
        {said}
      </p>
      <Picked info={info} />
    </section>
  );
}

const listOf = (population: string, { index }: FoundNeuron) => [{ population, neurons: [index] }];

function sayTaken(picked: number, unknown: readonly string[]): string {
  const done = picked > 0 ? `${formatNumber(picked)} picked.` : '';
  if (unknown.length === 0) return done;
  const some = unknown.slice(0, 3).join(', ');
  const more = unknown.length > 3 ? ` and ${formatNumber(unknown.length - 3)} more` : '';
  return `${done} Not in this network: ${some}${more}.`.trim();
}

/** Neurons whose id has the text in it, as somebody types. */
function useFound(text: string): readonly FoundNeuron[] {
  const labels = labelsIn(useApp());
  const [found, setFound] = useState<readonly FoundNeuron[]>([]);
  const isWord = /^\s*[^\s,;]+\s*$/.test(text);
  useEffect(() => {
    if (!labels || !isWord) return setFound([]);
    let isCurrent = true;
    const timer = setTimeout(() => {
      callTool('findNeurons', [labels, text, MOST_FOUND]).then(
        (list) => isCurrent && setFound(list),
        () => isCurrent && setFound([]),
      );
    }, 120);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [labels, text, isWord]);
  return isWord ? found : [];
}

/** What is picked, here or anywhere on the page, and what can be done with it. */
function Picked({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const { rate } = panelState(app);
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const lists = listsOf(info.populations, app.picked.value);
  const count = lists.reduce((sum, { neurons }) => sum + neurons.length, 0);
  const act = async (label: string, edit: NeuronEdit): Promise<void> => {
    setBusy(true);
    setFailure('');
    try {
      await editNeurons(app, label, edit);
      app.picked.value = new Uint32Array(0);
    } catch (error) {
      setFailure(messageOf(error));
    }
    setBusy(false);
  };
  const what = `${formatNumber(count)} ${count === 1 ? 'neuron' : 'neurons'}`;
  return (
    <>
      <div class="neurons-picked">
        <h3>
          Picked <span class="quiet numbers">{formatNumber(count)}</span>
          {count > 0 && (
            <button
              type="button"
              class="plain small"
              onClick={() => {
                app.picked.value = new Uint32Array(0);
              }}
            >
              Clear
            </button>
          )}
        </h3>
        {count === 0 && (
          <p class="small quiet">
            Found neurons come here, and those that are clicked or circled in the raster, in Space
            or in Explore.
          </p>
        )}
        {lists.map(({ population, neurons }) => (
          <Chips
            key={population}
            label={`Picked in ${population}`}
            population={population}
            neurons={neurons}
            remove={(index) => unpick(app, info, population, index)}
          />
        ))}
      </div>
      <form
        class="neurons-row"
        onSubmit={(event) => {
          event.preventDefault();
          void act(`Activate ${what}`, { kind: 'activate', lists, rate: rate.value });
        }}
      >
        <label>
          at
          <input
            class="rate"
            aria-label="Rate of activated neurons"
            value={rate.value}
            onInput={({ currentTarget }) => {
              rate.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" class="primary" disabled={count === 0 || isBusy}>
          Activate
        </button>
        <button
          type="button"
          disabled={count === 0 || isBusy}
          onClick={() => void act(`Silence ${what}`, { kind: 'silence', lists })}
        >
          Silence
        </button>
        {isBusy && <span class="small quiet">…</span>}
      </form>
      {failure !== '' && (
        <p role="alert" class="neurons-refused small">
          {failure}
        </p>
      )}
    </>
  );
}

function unpick(app: App, info: NetworkInfo, population: string, index: number): void {
  const [neuron] = globalNumbers(info.populations, [{ population, neurons: [index] }]);
  app.picked.value = app.picked.value.filter((one) => one !== neuron);
}
