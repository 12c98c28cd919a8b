/** Spike lists as people write them: a line per neuron, "0: 10, 20.5". */

export interface Spikes {
  readonly indices: readonly number[];
  readonly timesMs: readonly number[];
}

export function writeSpikes(indices: ArrayLike<number>, timesMs: ArrayLike<number>): string {
  const byNeuron = new Map<number, number[]>();
  for (let k = 0; k < indices.length; k++) {
    const neuron = indices[k] as number;
    const times = byNeuron.get(neuron) ?? [];
    byNeuron.set(neuron, times);
    times.push(timesMs[k] as number);
  }
  return [...byNeuron]
    .sort(([a], [b]) => a - b)
    .map(([neuron, times]) => `${neuron}: ${times.sort((a, b) => a - b).join(', ')}`)
    .join('\n');
}

/** The spikes, or what is wrong with the text. */
export function readSpikes(text: string): Spikes | { readonly problem: string } {
  const indices: number[] = [];
  const timesMs: number[] = [];
  for (const [k, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^\s*(\d+)\s*:\s*(.*)$/.exec(line);
    if (!match) return { problem: `Line ${k + 1}: write "neuron: times", for example 0: 10, 20.` };
    for (const word of (match[2] ?? '').split(/[\s,;]+/).filter((one) => one !== '')) {
      const time = Number(word);
      if (!Number.isFinite(time) || time < 0) {
        return { problem: `Line ${k + 1}: "${word}" is no time in ms.` };
      }
      indices.push(Number(match[1]));
      timesMs.push(time);
    }
  }
  return { indices, timesMs };
}
