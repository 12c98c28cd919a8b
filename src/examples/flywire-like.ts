/** A random network as large and as unevenly connected as the brain of a fly, to measure speed on; no model of it. */
import { models } from '../index.ts';
import { defineExample } from './example.ts';
import { flyBrain } from './fly-brain.ts';
import { FLY_NEURONS, makeFlyGraph } from './fly-graph.ts';

/** As many as the sugar-sensing neurons of one side of the proboscis in the published experiment. */
const SENSORY = 21;
/** Makes the spread of activity that of the published experiment: 200 Hz there give 17,000 spikes of 448 neurons. */
const SENSORY_DEGREE = 600;

/** A generated network with the size and degrees of the fly's connectome. */
export const flywireLike = defineExample({
  name: 'flywire-like',
  title:
    'Fly-brain-sized random network: 138,639 neurons, 15.1 million connections, 21 neurons driven',
  citation: `degrees and synapse numbers of FlyWire snapshot 783, doi:10.5281/zenodo.10676866 (Dorkenwald et al. 2024, Nature 634:124, doi:10.1038/s41586-024-07558-y); neuron model ${models.flyLif.source}`,
  note: 'For measuring speed where the connectome is not at hand. Degrees, synapse numbers and signs are spread as in the connectome; who connects to whom is random, so activity means nothing but load: about 0.012 million spikes per second of some 500 neurons, all others at rest. Neurons 0 to 20 are driven. Fewer neurons keep the mean degree.',
  parameters: {
    neurons: {
      kind: 'number',
      default: FLY_NEURONS,
      min: 4000,
      max: 1_000_000,
      integer: true,
      doc: 'Neurons; each has 109 connections on average.',
    },
    rate: {
      kind: 'quantity',
      default: '200 Hz',
      min: '0 Hz',
      max: '1000 Hz',
      doc: 'Mean rate of each driven neuron.',
    },
  },
  defaultDuration: '1 s',
  build({ neurons, rate }, seed) {
    const graph = makeFlyGraph({
      neurons,
      seed,
      sensory: SENSORY,
      sensoryDegree: SENSORY_DEGREE,
    });
    const { rows, targets: post, synapses } = graph;
    const pre = new Uint32Array(post.length);
    for (let n = 0; n < neurons; n++) pre.fill(n, rows[n], rows[n + 1]);
    const driven = Array.from({ length: SENSORY }, (_, n) => n);
    return flyBrain({
      name: 'flywire-like',
      seed,
      neurons,
      connections: { pre, post, synapses },
      driven,
      rate,
    });
  },
});
