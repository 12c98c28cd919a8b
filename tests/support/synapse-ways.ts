/**
 * Networks for asking whether synapses are the same, whoever makes them: made by the host, built by an engine, made
 * again for every spike. Driven to about 40 Hz and tightly coupled, so that one wrong synapse soon shows.
 */
import { Network, type NetworkDocument } from '../../src/index.ts';
import type { ConnectRule, ValueSpec } from '../../src/network/document.ts';
import { compileNetwork } from '../../src/plan/compile.ts';
import type { DeliverKernel, Plan, ProjectionSlot } from '../../src/plan/plan.ts';

export const DRAWN_WEIGHT: ValueSpec = { lognormal: { mean: '0.3 mV', sd: '0.2 mV' } };
export const DRAWN_DELAY: ValueSpec = {
  normal: { mean: '1.5 ms', sd: '0.5 ms', min: '0.2 ms' },
};

/** Those that allow every way; one-to-one has a network of its own. */
export const RULES: readonly ConnectRule[] = [
  { rule: 'all-to-all', autapses: false },
  { rule: 'fixed-probability', p: 0.05 },
  { rule: 'fixed-probability', p: 0.3, autapses: false },
  { rule: 'fixed-out-degree', k: 40 },
  { rule: 'fixed-out-degree', k: 40, autapses: false },
  { rule: 'fixed-total-number', n: 12_345 },
  { rule: 'fixed-total-number', n: 12_345, autapses: false },
];

/** 600 neurons; two projections between overlapping parts of them. */
export function network(
  connect: ConnectRule,
  weight: ValueSpec,
  delay: ValueSpec,
): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 12 });
  const cells = net.population('cells', 600, {
    eqs: 'dv/dt = (24*mV - v)/(20*ms) : volt (unless refractory)',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    refractory: '2 ms',
    initial: { v: 'rand()*20*mV' },
  });
  const [most, others] = [cells.slice(0, 480), cells.slice(420, 600)];
  const options = { eqs: 'w : volt (constant)', initial: { w: weight }, delay };
  net.projection('forward', most, cells, { ...options, onPre: 'v += w' }).connect(connect);
  net
    .projection('back', others, others, { ...options, onPre: 'v -= 2*w' })
    .connect(connect.rule === 'one-to-one' ? { rule: 'fixed-out-degree', k: 5 } : connect);
  net.record.spikes(cells);
  return net.document;
}

/** 50 neurons that drive 50 others, one to one. */
export function pairs(): NetworkDocument {
  const net = new Network({ dt: '0.1 ms', seed: 12 });
  const cells = net.population('cells', 100, {
    eqs: 'dv/dt = (24*mV - v)/(20*ms) : volt',
    threshold: 'v > 20*mV',
    reset: 'v = 0*mV',
    initial: { v: 'rand()*20*mV' },
  });
  net
    .projection('p', cells.slice(0, 50), cells.slice(50), {
      eqs: 'w : volt (constant)',
      onPre: 'v += w',
      initial: { w: { normal: { mean: '3 mV', sd: '1 mV' } } },
      delay: DRAWN_DELAY,
    })
    .connect({ rule: 'one-to-one' });
  net.record.spikes(cells);
  return net.document;
}

/** The procedural plan of a document with the synapses stored instead, in that packing, for the engine to build. */
export function builtByEngine(
  document: NetworkDocument,
  packing: Exclude<DeliverKernel['packing'], 'generated'>,
): Plan {
  const { plan } = compileNetwork(document, { synapses: 'procedural' });
  let words = plan.synapses.length;
  let cells = plan.synapseState.length;
  const deliver = plan.deliver.map((kernel): DeliverKernel => {
    if (kernel.packing !== 'generated') return kernel;
    const projections = kernel.projections.map((slot): ProjectionSlot => {
      const count = plan.rows[slot.rows + slot.sourceCount] ?? 0;
      const synapseBase = words;
      words += Math.ceil(
        count *
          { target: 1, 'target+delay': 1, wide: 2, target16: 1 / 2, 'target16+delay8': 1 / 2 }[
            packing
          ],
      );
      const delayBase = packing === 'target16+delay8' ? words : -1;
      if (delayBase >= 0) words += Math.ceil(count / 4);
      const synapseCells = kernel.synapseVariables.map(() => {
        cells += count;
        return cells - count;
      });
      return { ...slot, synapseBase, delayBase, synapseCells };
    });
    return { ...kernel, packing, projections };
  });
  return { ...plan, deliver, synapseWords: words, synapseCells: cells };
}
