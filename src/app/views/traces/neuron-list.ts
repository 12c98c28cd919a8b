/** Numbers of neurons as people type them, "0, 3, 10-12", and back. Pure. */

/** Drawn at once at most: more curves nobody can tell apart. */
export const MOST_NEURONS = 8;

export type NeuronList =
  | { readonly neurons: readonly number[]; readonly problem: '' }
  | { readonly neurons: null; readonly problem: string };

export function parseNeurons(text: string, size: number): NeuronList {
  const refuse = (problem: string): NeuronList => ({ neurons: null, problem });
  const found = new Set<number>();
  for (const part of text.split(/[\s,;]+/).filter((piece) => piece !== '')) {
    const match = /^(\d{1,10})(?:[-–](\d{1,10}))?$/.exec(part);
    if (!match) return refuse(`"${part}" is no number: write 0, 3 or 10-12.`);
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to < from) return refuse(`"${part}" runs backwards.`);
    if (to >= size) return refuse(`There is no neuron ${to}: they are numbered 0 to ${size - 1}.`);
    if (to - from >= MOST_NEURONS) return refuse(`At most ${MOST_NEURONS} at once.`);
    for (let neuron = from; neuron <= to; neuron++) found.add(neuron);
  }
  if (found.size === 0) return refuse(`Write numbers from 0 to ${size - 1}.`);
  if (found.size > MOST_NEURONS) return refuse(`At most ${MOST_NEURONS} at once.`);
  return { neurons: [...found].sort((a, b) => a - b), problem: '' };
}

/** Runs of three and more are written as a range. */
export function formatNeurons(neurons: readonly number[]): string {
  const parts: string[] = [];
  for (let k = 0; k < neurons.length; ) {
    let end = k;
    while (end + 1 < neurons.length && neurons[end + 1] === (neurons[end] as number) + 1) end++;
    if (end - k >= 2) parts.push(`${neurons[k]}-${neurons[end]}`);
    else for (let j = k; j <= end; j++) parts.push(String(neurons[j]));
    k = end + 1;
  }
  return parts.join(', ');
}
