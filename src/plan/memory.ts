/** How much device memory a plan needs, known before anything is allocated. */
import type { Plan, TableSlot } from './plan.ts';

type Sized = Omit<Plan, 'memory' | 'warnings' | 'schedule'>;

/** Samples that the engines keep between drains, at least. */
export const SAMPLES = 64;

/** Bytes by buffer. Engines may round up, and split what is too large for one binding. */
export function memoryOf(plan: Sized): Plan['memory'] {
  const cell = plan.precision === 'f64' ? 8 : 4;
  const tableBytes = plan.tables.reduce((sum, table) => sum + tableBytesOf(table, cell), 0);
  const sampleCells = plan.update
    .flatMap(({ sampler, probe }) => [sampler ?? [], probe ?? []].flat())
    .reduce((sum, { rows, values }) => sum + rows * values.length * SAMPLES, 0);
  const probeRows = plan.update.reduce(
    (sum, { probe, count }) => sum + (probe === undefined ? 0 : count),
    0,
  );
  const generated = plan.generators.reduce((sum, { steps }) => sum + steps.length, 0);
  return [
    { name: 'state', bytes: plan.state.length * cell },
    { name: 'inputs', bytes: plan.inputCells * plan.ringSlots * cell },
    ...fieldMemory(
      plan.fields.map(({ count, inputs, diffusion }) => ({
        count,
        deposits: inputs.length,
        diffusing: diffusion.filter((one) => one !== null).length,
      })),
      cell,
    ),
    { name: 'constants', bytes: plan.constants.length * cell },
    { name: 'tables', bytes: tableBytes },
    { name: 'rows', bytes: plan.rows.byteLength },
    { name: 'synapses', bytes: plan.synapseWords * 4 },
    { name: 'synapse state', bytes: plan.synapseCells * cell },
    { name: 'spikes', bytes: plan.spikeSlots * (plan.neuronCount + 1) * 4 },
    { name: 'spike lists', bytes: generated * 8 },
    { name: 'samples', bytes: sampleCells * cell },
    { name: 'probes', bytes: probeRows * 4 },
  ].filter(({ bytes }) => bytes > 0);
}

/** What the memory of a field depends on, beside its state: voxels, variables that receive deposits and that diffuse. */
export interface FieldSize {
  readonly count: number;
  readonly deposits: number;
  readonly diffusing: number;
}

/** Bytes for deposits, and for one copy of what diffuses in the largest field, which serves all. */
export function fieldMemory(fields: readonly FieldSize[], cell: number): Plan['memory'] {
  const deposits = fields.reduce((sum, one) => sum + one.count * one.deposits, 0);
  const copied = fields.map(({ count, diffusing }) => count * diffusing);
  return [
    { name: 'deposits', bytes: cell * deposits },
    { name: 'field copy', bytes: cell * Math.max(0, ...copied) },
  ];
}

/** Bytes of a table on the device. */
export function tableBytesOf(table: TableSlot, cell: number): number {
  switch (table.kind) {
    case 'timed':
      return table.values.length * cell;
    case 'binomial':
      return table.thresholds.length * 4;
    case 'gaps':
      return table.thresholds.length * 4 + table.guide.length * 2;
    case 'quantiles':
      return (table.starts.length + table.slopes.length) * 4;
  }
}

/** Bytes as people read them: "412 MiB". */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** A table of what a plan needs, largest first, with the total. */
export function memoryReport(plan: Pick<Plan, 'memory'>): string {
  const total = plan.memory.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...plan.memory]
    .sort((a, b) => b.bytes - a.bytes)
    .concat({ name: 'total', bytes: total })
    .map(({ name, bytes }) => `${name.padEnd(14)}${describeBytes(bytes).padStart(10)}`)
    .join('\n');
}
