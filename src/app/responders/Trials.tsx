/** The same network several times with consecutive seeds: who responds, with mean and spread over the trials. */
import { useApp } from '../shell/context.ts';
import { formatNumber } from '../shell/format.ts';
import type { NetworkInfo } from '../state/app.ts';
import { saveFile } from '../views/plot/save.ts';
import { experimentName } from './experiment-name.ts';
import { runTrials } from './run-trials.ts';
import { panelState } from './state.ts';
import { Table } from './Table.tsx';

export function Trials({ info }: { info: NetworkInfo }) {
  const app = useApp();
  const state = panelState(app);
  const { progress, result, failure } = state.trials.value;
  const { duration, count } = state.trialsAsked.value;
  const stem = experimentName(info.document);
  return (
    <section class="neurons-trials" aria-label="Trials">
      <form
        class="neurons-row"
        onSubmit={(event) => {
          event.preventDefault();
          void runTrials(app);
        }}
      >
        <h3>Trials</h3>
        <input
          class="rate"
          aria-label="Duration of a trial"
          value={duration}
          onInput={({ currentTarget }) => {
            state.trialsAsked.value = { ...state.trialsAsked.value, duration: currentTarget.value };
          }}
        />
        <label>
          ×
          <input
            class="count"
            type="number"
            aria-label="Number of trials"
            min={1}
            max={1000}
            value={count}
            onInput={({ currentTarget }) => {
              state.trialsAsked.value = {
                ...state.trialsAsked.value,
                count: Number(currentTarget.value),
              };
            }}
          />
        </label>
        {progress === null ? (
          <button type="submit">Run trials</button>
        ) : (
          <button type="button" onClick={() => state.cancel()}>
            Cancel
          </button>
        )}
        {result && (
          <span class="neurons-save">
            <button
              type="button"
              class="plain small"
              title="Rates: flywire_id, mean_rate_hz, sd_rate_hz"
              onClick={() =>
                saveFile(
                  `${stem}-rates.csv`,
                  new Blob([result.rates as BlobPart], { type: 'text/csv' }),
                )
              }
            >
              CSV
            </button>
            <button
              type="button"
              class="plain small"
              title="Every spike: t, trial, flywire_id, exp_name"
              onClick={() => saveFile(`${stem}.parquet`, new Blob([result.table as BlobPart]))}
            >
              Parquet
            </button>
          </span>
        )}
      </form>
      {progress && (
        <p class="neurons-row small quiet numbers">
          <progress
            aria-label="Trials"
            max={1}
            {...(progress.fraction !== null && { value: progress.fraction })}
          />
          <span role="status">{progress.message}</span>
        </p>
      )}
      {failure !== '' && (
        <p role="alert" class="neurons-refused small">
          {failure}
        </p>
      )}
      {result && (
        <p class="small quiet numbers">
          {`${formatNumber(result.trials)} × ${result.seconds} s: ${formatNumber(result.spikes)} spikes of ${formatNumber(result.responding)} neurons.`}
          {result.warnings.length > 0 && ` ${result.warnings.join(' ')}`}
        </p>
      )}
      {result && result.responders.length > 0 && (
        <Table
          info={info}
          label="Responders over trials"
          rows={result.responders.map(({ meanHz, ...one }) => ({
            ...one,
            spikes: null,
            rateHz: meanHz,
          }))}
        />
      )}
      {!result && !progress && failure === '' && (
        <p class="small quiet">
          Runs the network beside this one, each time with the next seed, and lists mean and
          standard deviation of every responder.
        </p>
      )}
    </section>
  );
}
