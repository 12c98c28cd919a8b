/** Who responds: the most active neurons of the shown time, of the whole run, or of trials, and all of it as files. */
import { useState } from 'preact/hooks';
import { useApp } from '../shell/context.ts';
import { formatNumber, formatTime } from '../shell/format.ts';
import type { App, NetworkInfo } from '../state/app.ts';
import { callTool } from '../tools/client.ts';
import { Choice } from '../views/plot/Choice.tsx';
import { saveFile } from '../views/plot/save.ts';
import { useResponders } from './ask.ts';
import { experimentName } from './experiment-name.ts';
import { useIds } from './names.ts';
import { labelsIn, messageOf, panelState, sourcesIn } from './state.ts';
import { Table } from './Table.tsx';

/** Rows of the table. */
const MOST = 100;

export function Responders({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const { extent } = panelState(app);
  const labels = labelsIn(app);
  const sources = sourcesIn(app);
  // Sources fire most; they are no responders.
  const extra = info.populations.reduce(
    (sum, { name, size }) => sum + (sources.has(name) ? size : 0),
    0,
  );
  const { found, failure } = useResponders(extent.value, MOST + Math.min(extra, 5000));
  const shown = (found?.neurons ?? [])
    .filter(({ population }) => !sources.has(population))
    .slice(0, MOST);
  const named = shown.filter(({ population }) => population === labels?.population);
  const ids = useIds(
    labels,
    labels?.population ?? '',
    named.map(({ index }) => index),
  );
  const rows = shown.map(({ population, index, spikes, rateHz }) => ({
    population,
    index,
    id: population === labels?.population ? (ids.get(index) ?? '') : '',
    spikes,
    rateHz,
    sdHz: null,
  }));
  const { from = 0, to = 0 } = found?.range ?? {};
  return (
    <section class="neurons-responders" aria-label="Responders">
      <div class="neurons-row">
        <h3>Responders</h3>
        <Choice
          label="in"
          value={extent.value}
          options={[
            ['run', 'the whole run'],
            ['shown', 'the shown time'],
          ]}
          choose={(next) => {
            extent.value = next;
          }}
        />
        <Save app={app} info={info} />
      </div>
      <p class="small quiet numbers">
        {rows.length > 0
          ? `${rows.length === MOST ? `The ${MOST} most active` : formatNumber(rows.length)} from ${formatTime(from * info.dtMs, 0)} to ${formatTime(to * info.dtMs, 0)}.`
          : found
            ? 'No neuron has fired in this time.'
            : 'Neurons that fire are listed here while the network runs.'}
        {failure !== '' && ` Could not be counted: ${failure}`}
      </p>
      {rows.length > 0 && <Table info={info} rows={rows} label="Most active neurons" />}
    </section>
  );
}

/** Files of the whole run in the published columns. */
function Save({ app, info }: { app: App; info: NetworkInfo }) {
  const [failure, setFailure] = useState('');
  const save = async (format: 'parquet' | 'csv'): Promise<void> => {
    setFailure('');
    try {
      const { step } = app.session.run.value;
      if (step === 0) throw new Error('Nothing has run yet.');
      const sources = sourcesIn(app);
      const { steps, neurons, dropped } = await app.session.call('spikes', [{ from: 0, to: step }]);
      const file = await callTool(
        'responderFile',
        [
          { steps, neurons },
          info.dtMs,
          (step * info.dtMs) / 1000,
          {
            experiment: experimentName(info.document),
            labels: labelsIn(app),
            populations: info.populations
              .filter(({ name }) => !sources.has(name))
              .map(({ name, first, size }) => ({ name, first, size })),
          },
          format,
        ],
        [steps.buffer, neurons.buffer] as Transferable[],
      );
      saveFile(file.name, new Blob([file.bytes as BlobPart], { type: file.type }));
      if (dropped > 0)
        setFailure(`The first ${formatNumber(dropped)} spikes are no longer kept and are missing.`);
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <span class="neurons-save">
      <button
        type="button"
        class="plain small"
        title="Rates of all responders of the whole run: flywire_id, mean_rate_hz, sd_rate_hz"
        onClick={() => void save('csv')}
      >
        CSV
      </button>
      <button
        type="button"
        class="plain small"
        title="Every spike of the whole run: t, trial, flywire_id, exp_name"
        onClick={() => void save('parquet')}
      >
        Parquet
      </button>
      {failure !== '' && (
        <span role="alert" class="small">
          {failure}
        </span>
      )}
    </span>
  );
}
