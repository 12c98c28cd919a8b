/**
 * The document as a page runs it: without state recordings that no page could hold. Pure; what the page shows and keeps
 * is the document as it was.
 */
import { DIMENSIONS, type NetworkDocument, parseQuantity } from '../../index.ts';

export interface PageDocument {
  readonly document: NetworkDocument;
  /** What was left out and why. */
  readonly warnings: readonly string[];
}

/** Bytes of recorded state per simulated second; a page may run for hours. */
const MOST_BYTES_PER_SECOND = 16e6;

export function pageDocument(document: NetworkDocument): PageDocument {
  const warnings: string[] = [];
  const recordings = document.recordings.filter((recording) => {
    if (recording.kind !== 'state') return true;
    const bytes = bytesPerSecond(document, recording);
    if (bytes <= MOST_BYTES_PER_SECOND) return true;
    warnings.push(
      `Recording "${recording.name}" is left out here: it would take ${Math.round(bytes / 1e6)} MB per simulated second. ` +
        'Record fewer neurons or less often, or run the network on the command line.',
    );
    return false;
  });
  return { document: warnings.length === 0 ? document : { ...document, recordings }, warnings };
}

type StateRecording = Extract<NetworkDocument['recordings'][number], { readonly kind: 'state' }>;

function bytesPerSecond(document: NetworkDocument, recording: StateRecording): number {
  const { target, neurons, variables, every } = recording;
  const population = document.populations.find(({ name }) => name === target.population);
  const field = (document.fields ?? []).find(({ name }) => name === target.population);
  const size = population?.size ?? field?.grid.reduce((product, count) => product * count, 1) ?? 0;
  const { from = 0, to = size } = target;
  const interval = every ?? (population === undefined ? field?.every : undefined) ?? document.dt;
  const ms = parseQuantity(interval, `Recording "${recording.name}": every`, DIMENSIONS.time).value;
  return ((neurons?.length ?? to - from) * variables.length * 4 * 1000) / ms;
}
