/** The caption of a figure: everything that somebody needs to make it again. Pure. */
import { counted, plain } from '../../../report/index.ts';

export interface CaptionFacts {
  readonly model: string;
  readonly citation: string;
  readonly neurons: number;
  readonly synapses: number;
  readonly dtMs: number;
  readonly seed: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly spikes: number;
  readonly binMs: number;
  readonly version: string;
  readonly engine: 'gpu' | 'cpu';
  readonly adapter: string | null;
  /** Spikes are drawn as an image, being too many for single marks. */
  readonly isImage: boolean;
}

export function captionOf(facts: CaptionFacts): string {
  const { model, citation, neurons, synapses, dtMs, seed, fromMs, toMs } = facts;
  const engine =
    facts.engine === 'gpu' ? `WebGPU (${facts.adapter ?? 'unnamed adapter'})` : 'CPU (WebAssembly)';
  return [
    `${model.replace(/\.$/, '')}.`,
    `${counted(neurons, 'neuron')}, ${counted(synapses, 'synapse')}; time step ${plain(dtMs)} ms, seed ${seed}.`,
    `Shown: ${interval(fromMs, toMs)}, ${counted(facts.spikes, 'spike')}, rates in bins of ${plain(facts.binMs)} ms.`,
    ...(facts.isImage ? ['Spikes are drawn as an image, darker where several coincide.'] : []),
    `wetware ${facts.version}, ${engine}.`,
    ...(citation === '' ? [] : [`Model: ${citation.replace(/\.$/, '')}.`]),
  ].join(' ');
}

/** In ms below ten seconds, in s above, as on the axis. */
export function interval(fromMs: number, toMs: number): string {
  const isSeconds = toMs >= 10_000;
  const [from, to] = isSeconds ? [fromMs / 1000, toMs / 1000] : [fromMs, toMs];
  return `${number(from)} to ${number(to)} ${isSeconds ? 's' : 'ms'}`;
}

const number = (value: number): string => String(Number(value.toFixed(3)));

/** Breaks a text into lines of at most so many characters, at blanks. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
