/**
 * The complete brain of a fly larva, every neuron and every synapse of its connectome, as a network of the fly model,
 * with one group of its sensory neurons driven.
 */
import { models, Network, NetworkError } from '../index.ts';
import { defineDataExample } from './example.ts';
import { checkIndices, readTable } from './table.ts';

/** Kinds of sensory neurons in the data, as they are called there. */
const SENSES = [
  'olfactory',
  'visual',
  'gustatory-external',
  'gustatory-pharyngeal',
  'gut',
  'respiratory',
  'thermo-cold',
  'thermo-warm',
] as const;

interface Brain {
  readonly neurons: number;
  readonly pre: readonly number[];
  readonly post: readonly number[];
  readonly synapses: readonly number[];
  /** Numbers of the sensory neurons, by kind. */
  readonly sensory: ReadonlyMap<string, readonly number[]>;
}

function readBrain(texts: { nodes: string; edges: string; annotations: string }): Brain {
  const nodes = readTable(texts.nodes, 'nodes.csv', { index: 'integer', skid: 'text' });
  const edges = readTable(texts.edges, 'edges.csv', {
    pre: 'integer',
    post: 'integer',
    all: 'integer',
  });
  checkIndices(edges.pre, nodes.index.length, 'edges.csv', 'pre');
  checkIndices(edges.post, nodes.index.length, 'edges.csv', 'post');
  const pairs = readTable(texts.annotations, 'annotations.csv', {
    left_id: 'text',
    right_id: 'text',
    celltype: 'text',
    additional_annotations: 'text',
  });
  const indexOf = new Map(nodes.skid.map((skid, row) => [skid, nodes.index[row] ?? 0]));
  const sensory = new Map<string, number[]>();
  for (const [row, celltype] of pairs.celltype.entries()) {
    if (celltype !== 'sensory') continue;
    const kind = pairs.additional_annotations[row] ?? '';
    const found = sensory.get(kind) ?? [];
    for (const skid of [pairs.left_id[row], pairs.right_id[row]]) {
      const index = indexOf.get(skid ?? '');
      if (index !== undefined) found.push(index);
    }
    sensory.set(kind, found);
  }
  return {
    neurons: nodes.index.length,
    pre: edges.pre,
    post: edges.post,
    synapses: edges.all,
    sensory,
  };
}

/** The larval brain with one sense driven. */
export const larva = defineDataExample({
  name: 'larva',
  title: 'Fly larva: the complete brain, 2,952 neurons and 352,611 synapses, one sense driven',
  citation: `Winding et al. 2023, Science 379:eadd9330, doi:10.1126/science.add9330; neuron model ${models.flyLif.source}`,
  note: 'The data give counts of synapses but no transmitters, so here every synapse excites: this is the reach of a signal, not the activity of a living brain. Neuron parameters and weight are those of the adult model. Olfactory neurons at 100 Hz recruit some 240 neurons; from a weight of about 0.4 mV on activity spreads over half of the brain.',
  parameters: {
    data: {
      kind: 'folder',
      default: '',
      doc: 'Folder with nodes.csv, edges.csv and annotations.csv of the larval connectome.',
    },
    sense: {
      kind: 'choice',
      default: 'olfactory',
      choices: SENSES,
      doc: 'Which sensory neurons are driven.',
    },
    rate: {
      kind: 'quantity',
      default: '100 Hz',
      min: '0 Hz',
      max: '1000 Hz',
      doc: 'Rate at which each of them is made to fire, as a Poisson process.',
    },
    weight: {
      kind: 'quantity',
      default: '0.275 mV',
      min: '0 mV',
      max: '10 mV',
      doc: 'Weight of one synapse; a connection weighs that times its number of synapses.',
    },
  },
  needsData: {
    files: {
      'nodes.csv': 'columns index, skid',
      'edges.csv': 'columns pre, post, all: number of synapses of a connection',
      'annotations.csv': 'columns left_id, right_id, celltype, additional_annotations',
    },
    origin:
      'github.com/brain-networks/larval-drosophila-connectome, Supplementary-Data-S1.zip of the paper, the matrices written as an edge list; no licence is stated.',
  },
  defaultDuration: '1 s',
  async read(readText) {
    const nodes = await readText('nodes.csv');
    const edges = await readText('edges.csv');
    return readBrain({ nodes, edges, annotations: await readText('annotations.csv') });
  },
  build({ sense, rate, weight }, seed, { neurons, pre, post, synapses, sensory }) {
    const driven = sensory.get(sense) ?? [];
    if (driven.length === 0) {
      throw new NetworkError(
        `Example "larva": annotations.csv names no ${sense} neurons. It has: ${[...sensory.keys()].join(', ')}`,
        { path: 'example "larva", sense', value: sense },
      );
    }
    const net = new Network({ name: 'larva', seed });
    const isDriven = new Array<number>(neurons).fill(0);
    for (const neuron of driven) isDriven[neuron] = 1;
    const neuron = models.flyLif.with();
    const brain = net.population('brain', neurons, {
      ...neuron,
      eqs: `${neuron.eqs}\ndriven : 1 (constant)`,
      threshold: `${neuron.threshold} or rand() < driven*rate*dt`,
      params: { ...neuron.params, rate },
      initial: { ...neuron.initial, driven: { values: isDriven, unit: '1' } },
    });
    net
      .projection('brain to brain', brain, brain, {
        ...models.flySynapse.with({ w_syn: weight }),
        initial: { n_syn: { values: synapses, unit: '1' } },
      })
      .connect({ rule: 'list', pre, post });
    net.record.spikes(brain);
    return net.document;
  },
});
