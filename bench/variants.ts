/**
 * What can be added to the network of an example to see what it costs: the same spikes, or nearly, with a mechanism more.
 * Networks only; what is measured with them is workloads.ts.
 */
import { type FieldOptions, models, Network, type NetworkDocument } from '../src/index.ts';

/**
 * "short-term-plasticity": Tsodyks–Markram synapses that recover before they are used again, so that each spike does what
 * it did without. "fields": four substances on 64 x 64 x 64 voxels that diffuse and are taken up, every 10 ms.
 */
export type Variant = 'short-term-plasticity' | 'fields';

/** The network with the addition. */
export const withVariant = (document: NetworkDocument, variant: Variant): NetworkDocument =>
  variant === 'fields' ? withFields(document) : withPlasticity(document);

const UPTAKE: FieldOptions = {
  grid: [64, 64, 64],
  spacing: '10 um',
  every: '10 ms',
  eqs: ['A', 'B', 'C', 'D']
    .map((name) => `d${name}/dt = -vmax*${name}/(km + ${name}) : mM`)
    .join('\n'),
  diffusion: { A: 'D_free', B: 'D_free', C: 'D_free', D: 'D_free' },
  tortuosity: 1.54,
  params: { D_free: '763 um**2/second', vmax: '4.1 uM/second', km: '0.21 uM' },
  initial: { A: '1*uM*rand()', B: '1*uM*rand()', C: '1*uM*rand()', D: '1*uM*rand()' },
};

function withFields(document: NetworkDocument): NetworkDocument {
  const network = Network.fromDocument(document);
  network.field('substances', UPTAKE);
  return network.document;
}

/** Every amount that is added on a spike is multiplied by use and resources, which are 1 here. */
function withPlasticity(document: NetworkDocument): NetworkDocument {
  const {
    onPre: update = '',
    initial,
    params,
  } = models.tsodyksMarkram.with({
    u_0: 1,
    tau_rec: '0.01 ms',
    tau_fac: '0.01 ms',
  });
  const state = String(update)
    .split('\n')
    .filter((line) => !line.includes('weight'))
    .join('\n');
  const projections = document.projections.map((projection) => {
    const { onPre } = projection;
    if (typeof onPre !== 'string') throw new Error(`no single pathway in ${projection.name}`);
    return {
      ...projection,
      eqs: `${projection.eqs ?? ''}\nx_syn : 1 (presynaptic)\nu_syn : 1 (presynaptic)`,
      onPre: `${state}\n${onPre}*u_syn*x_syn`,
      initial: { ...projection.initial, ...initial },
      params: { ...projection.params, ...params },
    };
  });
  return { ...document, projections };
}
