/**
 * A simulation worker: builds one network, runs it in short pieces, keeps and draws its spikes, answers questions about
 * it. The calls are those of protocol.ts.
 */
import { serve } from '../rpc.ts';
import { createHandlers } from './handlers.ts';
import type { SimulationCalls, SimulationEvents } from './protocol.ts';

const handlers = createHandlers((name, data, transfer) => emit(name, data, transfer));
const { emit } = serve<SimulationCalls, SimulationEvents>(handlers);
