/** What command lines say of interventions: those that took part in a run, and those that begin only behind its end. */
import {
  DIMENSIONS,
  type InterventionDocument,
  type NetworkDocument,
  parseQuantity,
  readIntervention,
} from '../index.ts';
import { formatSeconds } from './progress.ts';

const milliseconds = (time: string | number): number =>
  parseQuantity(time, 'time', DIMENSIONS.time).value;

/** "dopamine.km × 3 from 1 s to 2 s", with its name before it where it has one. */
function described({ name, owner, parameter, at, until, ...change }: InterventionDocument): string {
  const what = owner === '' ? parameter : `${owner}.${parameter}`;
  const how = change.factor === undefined ? `= ${change.value}` : `× ${change.factor}`;
  const end = until === undefined ? '' : ` to ${formatSeconds(milliseconds(until))}`;
  return `${name === undefined ? '' : `${name}: `}${what} ${how} from ${formatSeconds(milliseconds(at))}${end}`;
}

/** A line for each intervention that begins before the end of a run. */
export const interventionLines = (document: NetworkDocument, durationMs: number): string[] =>
  (document.interventions ?? []).filter(({ at }) => milliseconds(at) < durationMs).map(described);

/** A warning for each intervention of the command line that a run is too short for. */
export const lateInterventions = (texts: readonly string[], durationMs: number): string[] =>
  texts
    .map(readIntervention)
    .filter(({ at }) => milliseconds(at) >= durationMs)
    .map(
      (one) =>
        `${described(one)}: the run ends at ${formatSeconds(durationMs)}, so that this changes nothing.`,
    );
