/**
 * What a failure means to a person: what happened, and what can be done about it here and now. Data and actions only;
 * Failed.tsx shows them.
 */
import type { Failure } from '../simulation/protocol.ts';
import type { App } from '../state/app.ts';
import { formatBytes, formatTime } from './format.ts';
import { shrinkings } from './shrink.ts';

export interface Remedy {
  readonly title: string;
  readonly act: () => void;
}

export interface Explained {
  readonly title: string;
  /** Plain sentences. */
  readonly text: string;
  /** Equation text with carets, to be shown in a fixed pitch; may be empty. */
  readonly source: string;
  readonly remedies: readonly Remedy[];
}

export function explainFailure(failure: Failure, app: App): Explained {
  const isRunning = app.session.info.value !== null && app.session.phase.value !== 'failed';
  const goesOn = isRunning ? ' The last good network goes on.' : '';
  const remedies = remediesOf(failure, app);
  const [text, source] = splitProblems(failure);
  switch (failure.reason) {
    case 'lost':
      return {
        title: 'The graphics device was lost',
        text: `The browser took the GPU away: a driver was restarted, or it was needed elsewhere. ${goesOnFrom(failure, app).plan}`,
        source: text,
        remedies,
      };
    case 'device': {
      const sizes =
        failure.needed > 0
          ? ` It needs ${formatBytes(failure.needed)}; ${formatBytes(failure.available)} are allowed.`
          : '';
      return {
        title: 'This machine cannot run the network as it is',
        text: `${text}${text.includes(' bytes') ? '' : sizes}${goesOn}`,
        source,
        remedies,
      };
    }
    case 'values':
      return explainFault(failure, text, remedies);
    case 'network':
      return {
        title: 'The description of the network is wrong',
        text: `${text}${goesOn}`,
        source,
        remedies,
      };
    case 'file':
      return { title: 'This cannot be read', text: `${text}${goesOn}`, source, remedies };
    case 'internal':
      return {
        title: 'A fault of ours',
        text: `${text} Please report it with the link of this page.${goesOn}`,
        source,
        remedies,
      };
  }
}

/** Which variable it was, when, in which equation, and what to try. */
function explainFault(failure: Failure, message: string, remedies: readonly Remedy[]): Explained {
  const { fault } = failure;
  if (!fault) {
    return { title: 'A value left the range of numbers', text: message, source: '', remedies };
  }
  const { kind, owner, variable, element, timeMs, equation, line, advice } = fault;
  const where = element === null ? owner : `${owner}, number ${element}`;
  const what =
    kind === 'overflow'
      ? `Input into ${variable} of ${where} became larger than it can be summed exactly`
      : `${variable} of ${where} is no longer a number`;
  return {
    title: kind === 'overflow' ? 'An input is too large' : 'A value left the range of numbers',
    text: [`${what} at ${formatTime(timeMs)}.`, ...advice].join('\n'),
    source: equation === '' ? '' : `line ${line}: ${equation}`,
    remedies,
  };
}

/** The message without the marked lines, and the marked lines. */
function splitProblems({ message, problems }: Failure): readonly [string, string] {
  if (problems.length === 0) return [message, ''];
  const lines = problems.map(
    ({ source, column, length, message: what, hint, block, line }) =>
      `${block}, line ${line}:\n  ${source}\n  ${' '.repeat(Math.max(0, column - 1))}${'^'.repeat(
        Math.max(1, length),
      )} ${what}${hint === '' ? '' : `\n  ${hint}`}`,
  );
  const [lead = message] = message.split('\n', 1);
  return [lead, lines.join('\n')];
}

/** Where a run goes on after its device was lost: what will happen, and what did, in words. */
function goesOnFrom({ checkpoint, step }: Failure, { session }: App) {
  const dtMs = session.info.value?.dtMs ?? 0;
  const lostAt = formatTime(Math.max(step, session.run.value.step) * dtMs);
  if (checkpoint === null) {
    return {
      plan: `There is no checkpoint yet: the run up to ${lostAt} is made again, with the same spikes.`,
      done: `The run up to ${lostAt} is made again.`,
    };
  }
  const from = formatTime(checkpoint.step * dtMs);
  return {
    plan: `It was lost at ${lostAt}; the last checkpoint is of ${from}, and the run goes on from there.`,
    done: `Resumed from the last checkpoint, at ${from}.`,
  };
}

function remediesOf(failure: Failure, app: App): Remedy[] {
  const { session } = app;
  const remedies: Remedy[] = [];
  const add = (title: string, act: () => void): void => {
    remedies.push({ title, act });
  };
  const { checkpoint } = failure;
  const step = Math.max(failure.step, session.run.value.step);
  if (failure.reason === 'lost') {
    const { done } = goesOnFrom(failure, app);
    const goOn = (engine?: 'cpu') => (): void => {
      app.notice.value = { text: done, kind: 'done' };
      session.recover({ ...(engine && { engine }), checkpoint, fromStep: step });
    };
    add('Go on', goOn());
    add('Go on on the CPU', goOn('cpu'));
  }
  if (failure.reason === 'device') {
    if (app.project.value.run.engine !== 'cpu') {
      add('Run on the CPU', () => app.setRun({ engine: 'cpu' }));
    }
    if (failure.needed > 0) remedies.push(...shrinkings(app, failure.needed, failure.available));
  }
  if (failure.reason === 'values') {
    add('Halve the time step', () =>
      app.edit('Halve dt', (document) => ({ ...document, dt: halved(document.dt) })),
    );
    add('Back to the start', session.reset);
  }
  if (app.history.undoable.value !== null) {
    add(`Undo: ${app.history.undoable.value}`, app.undo);
  }
  return remedies;
}

/** Half of a quantity as text: "0.1 ms" becomes "0.05 ms". */
export function halved(quantity: string | number): string | number {
  if (typeof quantity === 'number') return quantity / 2;
  const match = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)(.*)$/i.exec(quantity);
  return match ? `${Number((Number(match[1]) / 2).toPrecision(12))}${match[2]}` : quantity;
}
