/** Trials in a worker of their own, so that nothing else waits for them; ending the worker is cancelling. */

import { Closed } from '../rpc.ts';
import type { App } from '../state/app.ts';
import { openTools } from '../tools/client.ts';
import { labelsIn, messageOf, panelState } from './state.ts';

/** Rows that are shown of them. */
const MOST = 100;

export async function runTrials(app: App): Promise<void> {
  const state = panelState(app);
  const { document, run } = app.project.value;
  if (document === null || state.trials.value.progress !== null) return;
  const { duration, count } = state.trialsAsked.value;
  const tools = openTools();
  state.cancel = () => tools.close();
  const before = state.trials.value.result;
  state.trials.value = {
    progress: { message: 'Starting', fraction: null },
    result: null,
    failure: '',
  };
  tools.on('progress', (progress) => {
    if (state.trials.value.progress) state.trials.value = { ...state.trials.value, progress };
  });
  try {
    const result = await tools.call('runTrials', [
      document,
      labelsIn(app),
      { duration, trials: count, engine: run.engine, most: MOST },
    ]);
    state.trials.value = { progress: null, result, failure: '' };
  } catch (error) {
    const isCancelled = error instanceof Closed;
    state.trials.value = {
      progress: null,
      result: isCancelled ? before : null,
      failure: isCancelled ? '' : messageOf(error),
    };
  }
  tools.close();
}
