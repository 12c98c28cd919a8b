/** Recordings: another kind of one, and neurons as people write them. */
import type { NumberList, RecordingDocument } from '../../../index.ts';
import { isReference } from '../../state/arrays.ts';

/** The same target, recorded in another way; `variables` are those it has. */
export function changeRecordingKind(
  part: RecordingDocument,
  kind: RecordingDocument['kind'],
  variables: readonly string[],
): RecordingDocument {
  if (part.kind === kind) return part;
  const { name, target } = part;
  if (kind !== 'state') return { kind, name, target };
  // A few neurons: a recording of all of them at each step is rarely meant.
  const first = variables.includes('v') ? 'v' : variables[0];
  return { kind, name, target, variables: [first ?? 'v'], neurons: [0] };
}

/** "0, 5, 10–19"; '' for all. */
export function writeNeurons(neurons: NumberList | undefined): string {
  if (neurons === undefined) return '';
  const list: unknown = neurons;
  if (isReference(list)) return `${list.length} neurons`;
  const parts: string[] = [];
  for (let k = 0; k < neurons.length; ) {
    const first = neurons[k] as number;
    let length = 1;
    while (neurons[k + length] === first + length) length++;
    parts.push(length > 2 ? `${first}–${first + length - 1}` : String(first));
    k += length > 2 ? length : 1;
  }
  return parts.join(', ');
}

/** null for all; a text says what is wrong. */
export function readNeurons(text: string): readonly number[] | null | string {
  if (text.trim() === '') return null;
  const neurons: number[] = [];
  for (const word of text.split(/[,;\s]+/).filter((one) => one !== '')) {
    const match = /^(\d+)(?:[-–…](\d+))?$/.exec(word);
    if (!match) return `"${word}" is no number of a neuron, and no range such as 10–19.`;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (to < from || to - from > 100_000) return `The range ${word} is not understood.`;
    for (let k = from; k <= to; k++) neurons.push(k);
  }
  return neurons;
}
