/** Activated and silenced neurons as edits of documents: what they contain, that they can be taken back, what they do. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SILENCED, withFlag } from '../../../../src/app/responders/flags.ts';
import {
  activate,
  activatedGroups,
  deactivate,
  kickFor,
  silence,
  silencedLists,
  unsilence,
} from '../../../../src/app/responders/groups.ts';
import {
  createSimulation,
  models,
  Network,
  type NetworkDocument,
  type NeuronPopulationDocument,
} from '../../../../src/index.ts';
import { connectomeNetwork, readConnectomeTable } from '../../../../src/io/connectome.ts';
import { dataPath, describeReference } from '../../../support/reference.ts';

async function brain(driveRate = '0 Hz'): Promise<NetworkDocument> {
  const bytes = readFileSync(dataPath('flywire-p9/edges.csv'));
  const table = await readConnectomeTable(bytes, { file: 'edges.csv' });
  return connectomeNetwork(table, { driveRate });
}

async function spikesOf(document: NetworkDocument, ms: number) {
  const simulation = await createSimulation(document, { engine: 'cpu' });
  await simulation.run(`${ms} ms`);
  const { steps, neurons } = simulation.spikes(document.recordings[0]?.name);
  simulation.destroy();
  return { steps, neurons };
}

const neuronsOf = (document: NetworkDocument): NeuronPopulationDocument =>
  document.populations[0] as NeuronPopulationDocument;

describeReference('activated neurons', () => {
  it('fire at the rate of their sources, in the fly model without a refractory period', async () => {
    const document = activate(
      await brain(),
      [{ population: 'neurons', neurons: [7, 3] }],
      '150 Hz',
    );
    expect(activatedGroups(document)).toEqual([
      { source: 'activated', population: 'neurons', neurons: [3, 7], rate: '150 Hz' },
    ]);
    expect(neuronsOf(document).refractory).toBe('(tau_refrac)*(1 - activated)');
    const { neurons } = await spikesOf(document, 2000);
    for (const neuron of [3, 7]) {
      const count = neurons.filter((one) => one === neuron).length;
      // Poisson, 300 expected; recurrent input may add a few: five standard deviations.
      expect(count).toBeGreaterThan(300 - 5 * Math.sqrt(300));
      expect(count).toBeLessThan(300 + 5 * Math.sqrt(300) + 60);
    }
  });

  it('leave the document as it was when they are taken back', async () => {
    const before = await brain();
    const after = activate(before, [{ population: 'neurons', neurons: [3, 7] }], '150 Hz');
    expect(deactivate(after, 'activated')).toEqual(before);
    const one = deactivate(after, 'activated', [3]);
    expect(activatedGroups(one)[0]?.neurons).toEqual([7]);
    expect(deactivate(one, 'activated', [7])).toEqual(before);
  });

  it('leave the group that they were in, also the drive that a file brought', async () => {
    const driven = await brain('10 Hz');
    const [drive] = activatedGroups(driven);
    expect(drive).toMatchObject({ source: 'drive', rate: '10 Hz' });
    const document = activate(driven, [{ population: 'neurons', neurons: [3] }], '50 Hz');
    const groups = activatedGroups(document);
    expect(groups.map(({ source }) => source)).toEqual(['drive', 'activated']);
    expect(groups[0]?.neurons).not.toContain(3);
    expect(groups[0]?.neurons).toHaveLength((drive?.neurons.length ?? 0) - 1);
    expect(deactivate(document, 'drive').populations.map(({ name }) => name)).toEqual([
      'neurons',
      'activated',
    ]);
  });

  it('need a variable that a kick can push over the threshold', () => {
    const net = new Network({ name: 'poisson' });
    net.poissonPopulation('input', 3, { rate: '5 Hz' });
    expect(() => activate(net.document, [{ population: 'input', neurons: [0] }], '50 Hz')).toThrow(
      /does not say which variable has to rise/,
    );
    net.spikeList('list', 1, { indices: [0], timesMs: [1] });
    expect(() => activate(net.document, [{ population: 'list', neurons: [0] }], '50 Hz')).toThrow(
      /given list/,
    );
  });

  it('are kicked in the units of their model', () => {
    const net = new Network({ name: 'models' });
    net.population('fly', 1, models.flyLif.with());
    net.population('izhikevich', 1, models.izhikevich2003.with());
    net.population('plain', 1, {
      eqs: 'dx/dt = -x/(10*ms) : 1',
      threshold: 'x > 2',
      reset: 'x = 0',
    });
    const [fly, izhikevich, plain] = net.document.populations as NeuronPopulationDocument[];
    expect(kickFor(fly as NeuronPopulationDocument)).toEqual({ variable: 'v', kick: '68.75 mV' });
    expect(kickFor(izhikevich as NeuronPopulationDocument).variable).toBe('v');
    expect(kickFor(plain as NeuronPopulationDocument)).toEqual({ variable: 'x', kick: 20 });
  });
});

describeReference('silenced neurons', () => {
  it('give all others the spikes of zeroed weights, to the bit', async () => {
    const active = activate(
      await brain(),
      [{ population: 'neurons', neurons: [0, 1, 2, 3, 4, 5, 6, 7] }],
      '150 Hz',
    );
    // The most active of the driven and of the others: what they send matters.
    const counts = new Map<number, number>();
    for (const neuron of (await spikesOf(active, 500)).neurons) {
      counts.set(neuron, (counts.get(neuron) ?? 0) + 1);
    }
    const most = [...counts].sort((a, b) => b[1] - a[1]).map(([neuron]) => neuron);
    const silent = [most[0] as number, most.find((neuron) => neuron > 7) as number];
    const silenced = silence(active, [{ population: 'neurons', neurons: silent }]);
    const others = ({ steps, neurons }: { steps: Uint32Array; neurons: Uint32Array }): string[] =>
      [...neurons].flatMap((neuron, k) =>
        silent.includes(neuron) ? [] : [`${steps[k]} ${neuron}`],
      );
    const found = await spikesOf(silenced, 500);
    const expected = await spikesOf(zeroed(active, silent), 500);
    expect(found.neurons.some((neuron) => silent.includes(neuron))).toBe(false);
    expect(expected.neurons.some((neuron) => silent.includes(neuron))).toBe(true);
    expect(others(found)).toEqual(others(expected));
    expect(others(found)).not.toEqual(others(await spikesOf(active, 500)));
    expect(others(found).length).toBeGreaterThan(100);
  });

  it('are listed, and taken back without a trace', async () => {
    const before = await brain('10 Hz');
    const one = silence(before, [{ population: 'neurons', neurons: [9, 2] }]);
    expect(silencedLists(one)).toEqual([{ population: 'neurons', neurons: [2, 9] }]);
    const two = silence(one, [{ population: 'neurons', neurons: [4] }]);
    expect(silencedLists(two)).toEqual([{ population: 'neurons', neurons: [2, 4, 9] }]);
    expect(unsilence(two, [{ population: 'neurons', neurons: [2, 4, 9] }])).toEqual(before);
  });

  it('may be Poisson sources', async () => {
    const net = new Network({ name: 'sources' });
    const input = net.poissonPopulation('input', 4, { rate: '200 Hz' });
    net.record.spikes(input);
    const plain = await spikesOf(net.document, 500);
    const { steps, neurons } = await spikesOf(
      silence(net.document, [{ population: 'input', neurons: [1] }]),
      500,
    );
    const kept = [...plain.neurons.keys()].filter((k) => plain.neurons[k] !== 1);
    expect([...neurons]).toEqual(kept.map((k) => plain.neurons[k]));
    expect([...steps]).toEqual(kept.map((k) => plain.steps[k]));
  });

  it('are refused where the name is taken', () => {
    const net = new Network({ name: 'taken' });
    net.population('p', 2, { eqs: 'v : volt\nsilenced : 1', threshold: 'v > 1*volt' });
    expect(() => withFlag(neuronsOf(net.document), SILENCED, [0])).toThrow(/already/);
  });
});

/** The same network without the effect of these neurons, as the example "flywire" makes it. */
function zeroed(document: NetworkDocument, silent: readonly number[]): NetworkDocument {
  return {
    ...document,
    projections: document.projections.map((projection) => {
      const { connect, initial } = projection;
      const weights = initial.n_syn;
      if (connect.rule !== 'list' || typeof weights !== 'object' || !('values' in weights)) {
        return projection;
      }
      const values = Array.from(weights.values, (value, k) =>
        silent.includes(connect.pre[k] as number) ? 0 : value,
      );
      return { ...projection, initial: { ...initial, n_syn: { values, unit: '1' } } };
    }),
  };
}
