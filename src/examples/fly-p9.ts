/**
 * A circuit of the adult fly brain and its recorded spikes: the 196 neurons that fire when the two P9 descending
 * neurons are driven. The recorded spikes of those two are replayed; the other 194 neurons are simulated.
 */
import { models, Network, NetworkError, type Population } from '../index.ts';
import { defineDataExample } from './example.ts';
import { checkIndices, readTable } from './table.ts';

const STEP_MS = 0.1;

interface Edges {
  readonly pre: readonly number[];
  readonly post: readonly number[];
  readonly synapses: readonly number[];
}

/** The circuit, with driven neurons and the others numbered apart. */
interface Circuit {
  /** Node index of every driven neuron, and of every other, ascending. */
  readonly driven: readonly number[];
  readonly others: readonly number[];
  readonly edges: Edges;
  /** Recorded spikes of the driven neurons: trial, time, number among the driven. */
  readonly spikes: readonly { trial: number; timeMs: number; neuron: number }[];
}

function readCircuit(texts: { nodes: string; edges: string; spikes: string }): Circuit {
  const nodes = readTable(texts.nodes, 'nodes.csv', {
    index: 'integer',
    is_poisson_driven: 'integer',
  });
  const count = nodes.index.length;
  const disordered = nodes.index.findIndex((index, row) => index !== row);
  if (disordered >= 0) {
    throw new NetworkError(
      `nodes.csv, row ${disordered + 2}: index ${nodes.index[disordered]} should be ${disordered}.`,
      { path: 'nodes.csv', value: nodes.index[disordered] },
    );
  }
  const edges = readTable(texts.edges, 'edges.csv', {
    pre: 'integer',
    post: 'integer',
    signed_synapse_count: 'integer',
  });
  checkIndices(edges.pre, count, 'edges.csv', 'pre');
  checkIndices(edges.post, count, 'edges.csv', 'post');
  const spikes = readTable(texts.spikes, 'spikes.csv', {
    trial: 'integer',
    step_0p1ms: 'integer',
    node: 'integer',
  });
  checkIndices(spikes.node, count, 'spikes.csv', 'node');
  const driven = nodes.index.filter((index) => nodes.is_poisson_driven[index] === 1);
  const place = new Map(driven.map((node, number) => [node, number]));
  return {
    driven,
    others: nodes.index.filter((index) => nodes.is_poisson_driven[index] !== 1),
    edges: { pre: edges.pre, post: edges.post, synapses: edges.signed_synapse_count },
    spikes: spikes.node.flatMap((node, row) => {
      const neuron = place.get(node);
      const trial = spikes.trial[row] ?? 0;
      const timeMs = (spikes.step_0p1ms[row] ?? 0) * STEP_MS;
      return neuron === undefined ? [] : [{ trial, timeMs, neuron }];
    }),
  };
}

/** The connections from one population of nodes to another, as a projection. */
function connect(
  net: Network,
  { pre, post, synapses }: Edges,
  source: { population: Population; nodes: readonly number[] },
  target: { population: Population; nodes: readonly number[] },
): void {
  const sourcePlace = new Map(source.nodes.map((node, number) => [node, number]));
  const targetPlace = new Map(target.nodes.map((node, number) => [node, number]));
  const chosen = pre
    .map((_, row) => row)
    .filter((row) => sourcePlace.has(pre[row] ?? -1) && targetPlace.has(post[row] ?? -1));
  if (chosen.length === 0) return;
  net
    .projection(
      `${source.population.name} to ${target.population.name}`,
      source.population,
      target.population,
      {
        ...models.flySynapse.with(),
        initial: { n_syn: { values: chosen.map((row) => synapses[row] ?? 0), unit: '1' } },
      },
    )
    .connect({
      rule: 'list',
      pre: chosen.map((row) => sourcePlace.get(pre[row] ?? -1) ?? 0),
      post: chosen.map((row) => targetPlace.get(post[row] ?? -1) ?? 0),
    });
}

/** Fly circuit around the P9 neurons, replayed spike by spike. */
export const flyP9 = defineDataExample({
  name: 'fly-p9',
  title: 'Fly brain: the P9 walking circuit, 196 neurons against their recorded spikes',
  citation: `${models.flyLif.source}; connectome Dorkenwald et al. 2024, Nature 634:124, doi:10.1038/s41586-024-07558-y`,
  note: 'The brain has no background input in this model, so the circuit is closed: alone it gives the spikes of the whole brain. Neurons 0 and 1 are the driven P9 neurons, the others follow in the order of nodes.csv. With drive=poisson the driven neurons get random input at 150 Hz, as in the original experiment.',
  parameters: {
    data: {
      kind: 'folder',
      default: '',
      doc: 'Folder with nodes.csv, edges.csv and spikes.csv of the P9 circuit.',
    },
    trial: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 29,
      integer: true,
      doc: 'Which recorded trial drives the circuit.',
    },
    drive: {
      kind: 'choice',
      default: 'replay',
      choices: ['replay', 'poisson'],
      doc: 'The recorded spikes of the driven neurons, or fresh Poisson input to them.',
    },
  },
  needsData: {
    files: {
      'nodes.csv': 'columns index, is_poisson_driven (1 for P9_l and P9_r)',
      'edges.csv': 'columns pre, post, signed_synapse_count',
      'spikes.csv': 'columns trial, step_0p1ms, node: recorded spikes',
    },
    origin:
      'github.com/bidaye-lab/spiking_neural_network_model, results/example/P9.gexf and P9.parquet, written as CSV; FlyWire v630 connectome, CC BY-NC 4.0.',
  },
  defaultDuration: '1 s',
  async read(readText) {
    const nodes = await readText('nodes.csv');
    const edges = await readText('edges.csv');
    return readCircuit({ nodes, edges, spikes: await readText('spikes.csv') });
  },
  build({ trial, drive }, seed, { driven, others, edges, spikes }) {
    const net = new Network({ name: 'fly-p9', seed });
    const replayed = spikes.filter((spike) => spike.trial === trial);
    const first =
      drive === 'replay'
        ? net.spikeList('driven', driven.length, {
            indices: replayed.map((spike) => spike.neuron),
            timesMs: replayed.map((spike) => spike.timeMs),
          })
        : net.population('driven', driven.length, models.flyLif.with({ tau_refrac: '0 ms' }));
    const rest = net.population('circuit', others.length, models.flyLif.with());
    const drivenEnd = { population: first, nodes: driven };
    const restEnd = { population: rest, nodes: others };
    connect(net, edges, drivenEnd, restEnd);
    connect(net, edges, restEnd, restEnd);
    if (drive === 'poisson') {
      connect(net, edges, drivenEnd, drivenEnd);
      connect(net, edges, restEnd, drivenEnd);
      const { kick } = models.flyKick.with().params;
      net.poissonInput('drive', first, {
        variable: 'v',
        n: 1,
        rate: '150 Hz',
        weight: String(kick),
      });
    }
    net.record.spikes(first);
    net.record.spikes(rest);
    return net.document;
  },
});
