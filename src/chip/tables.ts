/** The tables of a chip study as rows of text: for the page and for terminals alike. */
import { bytes, grouped, plain } from '../report/numbers.ts';
import type { ChipReport, CoreReport, OverSeeds } from './report.ts';

/** A table: heads and rows of as many cells; the first `words` columns are words, the others numbers. */
export interface ChipTable {
  readonly title: string;
  readonly heads: readonly string[];
  readonly words: number;
  readonly rows: readonly (readonly string[])[];
}

/** Rows of long tables. */
const MOST_ROWS = 16;

const share = (part: number): string =>
  part > 0 && part < 1e-5 ? '< 0.001 %' : `${plain(100 * part)} %`;

/** A mean with its standard error, times `factor`. */
function over({ mean, standardError }: OverSeeds, seeds: number, factor = 1, unit = ''): string {
  const error = seeds < 2 ? '' : ` \u00b1 ${plain(factor * standardError)}`;
  return `${plain(factor * mean)}${error}${unit}`;
}

/** All tables of a study, in the order of the report. */
export function chipTables(report: ChipReport): ChipTable[] {
  return [
    quantisationTable(report),
    weightTable(report),
    coreTable(report),
    linkTable(report),
    projectionTable(report),
    neuronTable(report),
  ];
}

/** What each number of bits does. */
export function quantisationTable({ quantisation, seeds }: ChipReport): ChipTable {
  return {
    title: 'Weights in few bits',
    heads: ['bits', 'synapses take', 'rate shift', 'distance', 'accuracy loss'],
    words: 0,
    rows: quantisation.map(({ bits, synapseBytes, rateShift, distance, accuracyLoss }) => [
      String(bits),
      bytes(synapseBytes),
      over(rateShift, seeds.length, 100, ' %'),
      over(distance, seeds.length),
      over(accuracyLoss, seeds.length),
    ]),
  };
}

/** Errors of weights by projection and bits. */
export function weightTable({ quantisation }: ChipReport): ChipTable {
  const [first] = quantisation;
  const projections = first?.projections ?? [];
  const fewest = quantisation.at(-1)?.projections ?? [];
  const errorOf = (k: number): number => fewest[k]?.rmsError ?? 0;
  const order = [...projections.keys()].sort((a, b) => errorOf(b) - errorOf(a) || a - b);
  const some = projections.length > MOST_ROWS ? `, the worst of ${projections.length}` : '';
  return {
    title: `Weights by projection${some}: root mean square error over root mean square weight`,
    heads: [
      'projection',
      'weight',
      'synapses',
      ...quantisation.map(({ bits }) => `at ${bits} bits`),
    ],
    words: 2,
    rows: order.slice(0, MOST_ROWS).map((k) => {
      const { name, variable, isPlastic, synapses } = projections[k] as (typeof projections)[0];
      return [
        name,
        variable === null ? 'constant' : `${variable}${isPlastic ? ' (at the start)' : ''}`,
        grouped(synapses),
        ...quantisation.map((one) => share(one.projections[k]?.rmsError ?? 0)),
      ];
    }),
  };
}

/** Cores that do most. */
export function coreTable({ cores, settings }: ChipReport): ChipTable {
  const order = [...cores.keys()].sort(
    (a, b) => (cores[b]?.operations ?? 0) - (cores[a]?.operations ?? 0) || a - b,
  );
  return {
    title: `Cores${cores.length > MOST_ROWS ? `, the busiest of ${cores.length}` : ''}`,
    heads: [
      'core',
      'neurons',
      'spikes',
      'operations',
      'most a step',
      'spikes in',
      'memory',
      'of it',
    ],
    words: 2,
    rows: order.slice(0, MOST_ROWS).map((k) => {
      const core = cores[k] as CoreReport;
      return [
        String(k),
        `${core.population} ${core.from}\u2026${core.to - 1}`,
        grouped(core.spikes),
        grouped(core.operations),
        grouped(core.mostInStep),
        grouped(core.messagesIn),
        bytes(core.memory.total),
        settings.memoryPerCore > 0 ? share(core.memory.total / settings.memoryPerCore) : '',
      ];
    }),
  };
}

/** Links that carry most. */
export function linkTable({ traffic }: ChipReport): ChipTable {
  const links = traffic.links.filter(({ from, to }) => from !== to);
  return {
    title: `Links${links.length > MOST_ROWS ? `, the busiest of ${grouped(links.length)}` : ''}`,
    heads: ['from', 'to', 'spikes', 'of all', 'operations'],
    words: 2,
    rows: links
      .slice(0, MOST_ROWS)
      .map(({ from, to, messages, operations }) => [
        from < 0 ? 'input' : `core ${from}`,
        `core ${to}`,
        grouped(messages),
        share(messages / traffic.messages),
        grouped(operations),
      ]),
  };
}

/** Fan-in and fan-out. */
export function projectionTable({ traffic }: ChipReport): ChipTable {
  const { projections } = traffic;
  const fan = ({ mean, most }: { mean: number; most: number }): string =>
    `${plain(mean)}, at most ${grouped(most)}`;
  return {
    title: `Projections${projections.length > MOST_ROWS ? `, the busiest of ${projections.length}` : ''}`,
    heads: ['projection', 'synapses', 'fan-out', 'fan-in', 'spikes', 'operations'],
    words: 1,
    rows: [...projections]
      .sort((a, b) => b.operations - a.operations)
      .slice(0, MOST_ROWS)
      .map(({ name, synapses, fanOut, fanIn, spikes, operations }) => [
        name,
        grouped(synapses),
        fan(fanOut),
        fan(fanIn),
        grouped(spikes),
        grouped(operations),
      ]),
  };
}

/** Neurons whose spikes cause most operations. */
export function neuronTable({ traffic }: ChipReport): ChipTable {
  return {
    title: 'Hot neurons: those whose spikes cause most operations',
    heads: ['neuron', 'core', 'spikes', 'fan-out', 'causes', 'receives'],
    words: 2,
    rows: traffic.hotSources.map((one) => [
      `${one.population} ${one.neuron}`,
      one.core < 0 ? 'input' : String(one.core),
      grouped(one.spikes),
      grouped(one.fanOut),
      grouped(one.caused),
      grouped(one.received),
    ]),
  };
}

/** A table for terminals, indented; words to the left, numbers to the right. */
export function tableText({ title, heads, rows, words }: ChipTable): string {
  if (rows.length === 0) return '';
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < words ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
