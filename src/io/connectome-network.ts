/**
 * A connection table as a network: one population of leaky integrate-and-fire neurons and one projection. The default
 * model is that of the whole fly brain (Shiu et al. 2024), for which such tables were published; a table says nothing
 * of neurons, so another model is as good.
 */

import { DIMENSIONS, parseQuantity } from '../language/units.ts';
import { models } from '../models/index.ts';
import type { NetworkDocument, Quantity } from '../network/document.ts';
import { Network } from '../network/network.ts';
import type { Population } from '../network/population.ts';
import { type ConnectomeNetworkOptions, checkConnectomeOptions } from './connectome-options.ts';
import type { ConnectomeTable } from './connectome-table.ts';
import { checkEdges } from './connectome-write.ts';

export type { ConnectomeNetworkOptions } from './connectome-options.ts';

/** Most neurons that are driven, evenly spread over the table; one event makes them fire, as in the published model. */
const MOST_DRIVEN = 1000;

/** The network, with spikes of all neurons of the table recorded. */
export function connectomeNetwork(
  table: ConnectomeTable,
  options: ConnectomeNetworkOptions = {},
): NetworkDocument {
  checkEdges(table, 'connectomeNetwork: table');
  checkConnectomeOptions(options, 'connectomeNetwork: options');
  const { name = 'connectome', dt = '0.1 ms', seed = 1, input = 'g' } = options;
  const { neuronCount, pre, post, weight, delayMs } = table;
  const net = new Network({ name, dt, seed });
  const synapse = models.flySynapse.with();
  const delay = delayMs === null ? options.delay : { values: delayMs, unit: 'ms' };
  const neurons = net.population('neurons', neuronCount, options.neuron ?? models.flyLif.with());
  net
    .projection('connections', neurons, neurons, {
      ...synapse,
      onPre: `${input} += n_syn*w_syn`,
      ...(options.weight !== undefined && { params: { w_syn: options.weight } }),
      initial: { n_syn: { values: weight, unit: '1' } },
      ...(delay !== undefined && { delay }),
    })
    .connect({ rule: 'list', pre, post });
  if (options.neuron === undefined) addDrive(net, neurons, options.driveRate ?? '10 Hz');
  net.record.spikes(neurons);
  return net.document;
}

function addDrive(net: Network, neurons: Population, rate: Quantity): void {
  if (parseQuantity(rate, 'driveRate', DIMENSIONS.rate).value === 0) return;
  const count = Math.min(neurons.size, MOST_DRIVEN);
  const drive = net.poissonPopulation('drive', count, { rate });
  const driven = Uint32Array.from({ length: count }, (_, k) =>
    Math.floor((k * neurons.size) / count),
  );
  net
    .projection('drive to neurons', drive, neurons, models.flyKick.with())
    .connect({ rule: 'list', pre: Uint32Array.from(driven.keys()), post: driven });
}
