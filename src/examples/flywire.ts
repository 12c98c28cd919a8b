/**
 * The whole brain of the fly, from the tables that its connectome is published in: some neurons are made to fire, some
 * are silenced, and the neurons that respond are listed with their rates, as in Shiu et al. 2024. Reading the tables is
 * io's, the network is fly-brain.ts.
 */
import { listNames, models, NetworkError, suggest } from '../index.ts';
import type { ConnectomeTable, NeuronTable } from '../io/connectome.ts';
import { defineDataExample, type ReadBytes, type ReadText } from './example.ts';
import { flyBrain } from './fly-brain.ts';
import { responderFiles, respondersOf } from './flywire-results.ts';
import { readTable } from './table.ts';

/** Names under which the two tables of a snapshot are published; the first pair that is there is taken. */
const SNAPSHOTS = [
  { connections: 'Connectivity_783.parquet', neurons: 'Completeness_783.csv' },
  { connections: '2025_Connectivity_783.parquet', neurons: '2025_Completeness_783.csv' },
  {
    connections: '2023_03_23_connectivity_630_final.parquet',
    neurons: '2023_03_23_completeness_630_final.csv',
  },
] as const;

/** Optional table of named groups. */
const GROUPS = 'groups.csv';

interface Brain {
  readonly table: ConnectomeTable;
  readonly neurons: NeuronTable;
  /** Ids by name of the group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** The value of a promise, or what it was rejected with. */
async function attempt<T>(promise: Promise<T>): Promise<{ value: T } | { failure: NetworkError }> {
  try {
    return { value: await promise };
  } catch (failure) {
    if (failure instanceof NetworkError) return { failure };
    throw failure;
  }
}

async function readBrain(readText: ReadText, readBytes: ReadBytes): Promise<Brain> {
  const { readConnectomeTable, readNeuronTable } = await import('../io/connectome.ts');
  let first: NetworkError | null = null;
  for (const { connections, neurons } of SNAPSHOTS) {
    const found = await attempt(readBytes(connections));
    if ('failure' in found) {
      first ??= found.failure;
      continue;
    }
    const plain = await attempt(readBytes(neurons));
    const zipped = 'value' in plain ? plain : await attempt(readBytes(`${neurons}.gz`));
    if ('failure' in zipped) throw 'failure' in plain ? plain.failure : zipped.failure;
    const list = await readNeuronTable(zipped.value, { file: neurons });
    const table = await readConnectomeTable(found.value, { file: connections, neurons: list });
    return { table, neurons: list, groups: await readGroups(readText) };
  }
  throw first;
}

async function readGroups(readText: ReadText): Promise<Brain['groups']> {
  const groups = new Map<string, string[]>();
  const found = await attempt(readText(GROUPS));
  if ('failure' in found) return groups;
  const { group, id } = readTable(found.value, GROUPS, { group: 'text', id: 'text' });
  for (const [row, name] of group.entries()) {
    groups.set(name, [...(groups.get(name) ?? []), id[row] as string]);
  }
  return groups;
}

/** Indices of the neurons that a list names, each once, in order of the list. */
function neuronsOf(list: string, key: string, { neurons, groups }: Brain): readonly number[] {
  const names = list.split(/[\s,;]+/).filter((name) => name !== '');
  const ids = names.flatMap((name) => groups.get(name) ?? [name]);
  return [...new Set(ids)].map((id) => {
    const index = neurons.numberOf.get(id);
    if (index !== undefined) return index;
    const meant = suggest(id, [...groups.keys()]);
    const hint = meant === undefined ? '' : ` Did you mean the group "${meant}"?`;
    const known =
      groups.size === 0 ? '' : ` Groups of ${GROUPS}: ${listNames([...groups.keys()], 20)}.`;
    throw new NetworkError(
      `Example "flywire": ${key} names neuron ${id.slice(0, 40)}, which is not among the ${neurons.ids.length} of the neuron table. ` +
        `Ids change from one snapshot of the connectome to the next.${hint}${known}`,
      { path: `example "flywire", ${key}`, value: id },
    );
  });
}

/** Synapse numbers of all connections, 0 for those from silenced neurons. The last answer is kept for further trials. */
function silencer(): (table: ConnectomeTable, silenced: readonly number[]) => SynapseNumbers {
  let last: { table: ConnectomeTable; key: string; synapses: SynapseNumbers } | null = null;
  return (table, silenced) => {
    if (silenced.length === 0) return table.weight;
    const key = silenced.join();
    if (last?.table === table && last.key === key) return last.synapses;
    const isSilent = new Uint8Array(table.neuronCount);
    for (const index of silenced) isSilent[index] = 1;
    const synapses = table.weight.slice();
    for (const [k, source] of table.pre.entries()) {
      if (isSilent[source] === 1) synapses[k] = 0;
    }
    last = { table, key, synapses };
    return synapses;
  };
}

type SynapseNumbers = ConnectomeTable['weight'];

const silence = silencer();

const IDS = 'ids separated by commas, or names of groups in groups.csv';

/** The adult brain with neurons activated and silenced by id. */
export const flywire = defineDataExample({
  name: 'flywire',
  title:
    'Whole fly brain from its connectome files: activate and silence neurons, list who responds',
  citation: `${models.flyLif.source}; connectome Dorkenwald et al. 2024, Nature 634:124, doi:10.1038/s41586-024-07558-y`,
  note: 'The published model and experiment: activated neurons get random input and no refractory period, silenced ones lose all their outgoing synapses, nothing else drives the brain. Trials differ in the seed. Neurons are numbered as in the neuron table. The drive begins after one synaptic delay (1.8 ms).',
  parameters: {
    data: {
      kind: 'folder',
      default: '',
      doc: 'Folder with the connectivity and the completeness table of a FlyWire snapshot.',
    },
    activate: {
      kind: 'text',
      default: '',
      most: 100_000,
      doc: `Neurons that are made to fire: ${IDS}.`,
    },
    rate: {
      kind: 'quantity',
      default: '150 Hz',
      min: '0 Hz',
      max: '1000 Hz',
      doc: 'Mean rate at which each activated neuron is made to fire.',
    },
    silence: {
      kind: 'text',
      default: '',
      most: 100_000,
      doc: `Neurons whose outgoing synapses are removed: ${IDS}.`,
    },
    trials: {
      kind: 'number',
      default: 1,
      min: 1,
      max: 1000,
      integer: true,
      doc: 'Runs that make the experiment, with consecutive seeds; 30 in the paper.',
    },
    experiment: {
      kind: 'text',
      default: 'flywire',
      most: 80,
      form: { pattern: /^[\w][\w.-]*$/, words: 'letters, digits, ".", "-" and "_"' },
      doc: 'Name of the experiment: of the files with results, and in their column exp_name.',
    },
  },
  needsData: {
    files: {
      'Connectivity_783.parquet':
        'or 2023_03_23_connectivity_630_final.parquet: columns Presynaptic_Index, Postsynaptic_Index, Excitatory x Connectivity',
      'Completeness_783.csv':
        'or 2023_03_23_completeness_630_final.csv: one row per neuron, its id first',
      [GROUPS]: 'optional: columns group, id; names for lists of neurons',
    },
    origin:
      'github.com/philshiu/Drosophila_brain_model; FlyWire connectome, CC BY-NC 4.0 for snapshots as published there.',
  },
  defaultDuration: '1 s',
  read: readBrain,
  build({ activate, rate, silence: silent }, seed, brain) {
    const driven = neuronsOf(activate, 'activate', brain);
    if (driven.length === 0) {
      throw new NetworkError(
        `Example "flywire": activate names no neuron, and nothing else drives this brain. Give ${IDS}: --set activate=ID,ID.`,
        { path: 'example "flywire", activate', value: activate },
      );
    }
    const { pre, post, neuronCount } = brain.table;
    const synapses = silence(brain.table, neuronsOf(silent, 'silence', brain));
    return flyBrain({
      name: 'flywire',
      seed,
      neurons: neuronCount,
      connections: { pre, post, synapses },
      driven,
      rate,
    });
  },
  trials: ({ trials }) => trials,
  results: (runs, { experiment }, { neurons }) =>
    responderFiles(respondersOf(runs), { experiment, ids: neurons.ids }),
});
