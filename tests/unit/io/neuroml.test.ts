/** The NeuroML reader on example files and on small files written here: units, includes, paths, refusals. */
import { describe, expect, it } from 'vitest';
import { createSimulation, type NetworkDocument } from '../../../src/index.ts';
import { importNeuroml, readNeuroml } from '../../../src/io/neuroml/read-neuroml.ts';
import { engines, samples, simulate, stepsByNeuron } from '../../support/engines.ts';
import { dataReader, describeReference } from '../../support/reference.ts';

/** A reader of files in memory. */
const files =
  (table: Readonly<Record<string, string>>) =>
  async (name: string): Promise<string> => {
    const text = table[name];
    if (text === undefined) throw new Error(`asked for ${name}`);
    return text;
  };

const one = (body: string): ((name: string) => Promise<string>) =>
  files({ 'a.nml': `<neuroml id="a">\n${body}\n</neuroml>` });
const read = (body: string): Promise<NetworkDocument> => readNeuroml(one(body), 'a.nml');
const net = (body: string): string => `<network id="net">${body}</network>`;
const IAF =
  '<iafCell id="iaf" leakReversal="-60mV" thresh="-55mV" reset="-62mV" C="1.0nF" leakConductance="0.05uS"/>';
const POP = '<population id="p" component="iaf" size="2"/>';
const engine = engines[0];
if (engine === undefined) throw new Error('no engine');

describeReference('example files', () => {
  it.each([
    ['NeuroML2/examples/NML2_InstanceBasedNetwork.nml', 1, 2],
    ['NeuroML2/examples/NML2_GapJunctions.nml', 2, 2],
    ['NeuroML2/examples/NML2_PyNNCells.nml', 10, 4],
    ['NeuroML2/examples/NML2_SingleCompHHCell.nml', 1, 0],
    ['NeuroML2/LEMSexamples/LEMS_NML2_Ex2_Izh.xml', 4, 0],
    ['NeuroML2/LEMSexamples/LEMS_NML2_Ex8_AdEx.xml', 4, 0],
    ['c302/LEMS_c302_A_Pharyngeal.xml', 20, 134],
    ['IzhikevichModel/Izh2007Cells.net.nml', 4, 0],
  ] as const)('%s', async (path, populations, projections) => {
    const { document, warnings } = await importNeuroml(dataReader('neuroml'), path);
    expect(document.populations).toHaveLength(populations);
    expect(document.projections).toHaveLength(projections);
    expect(warnings).toEqual([]);
    const simulation = await createSimulation(document, { engine: 'cpu' });
    await simulation.run('5 ms');
    simulation.destroy();
  });

  it.each(['NML2_AbstractCells', 'NML2_Inputs', 'NML2_SynapseTypes'])(
    '%s has no network',
    async (name) => {
      await expect(
        readNeuroml(dataReader('neuroml'), `NeuroML2/examples/${name}.nml`),
      ).rejects.toThrow('there is no <network> in the files');
    },
  );

  it('gap junctions pull the second cell along', async () => {
    const document = await readNeuroml(
      dataReader('neuroml'),
      'NeuroML2/examples/NML2_GapJunctions.nml',
    );
    const recorded = {
      ...document,
      populations: document.populations.map((population) => ({
        ...population,
        params: { ...('params' in population ? population.params : {}), thresh: '0 mV' },
      })),
      recordings: [
        { kind: 'state', name: 'v', target: { population: 'iafPop2' }, variables: ['v'] },
      ],
    } as NetworkDocument;
    const v = await simulate(recorded, engine, 240, (run) => samples(run, 'v').at(-1) as number);
    // Two cells of 0.2 nS joined by 0.01 nS: 3.2 pA into one lift the other by 3.2*g/(gl^2 + 2 gl g).
    expect(v).toBeCloseTo(-70 + (3.2 * 0.01) / (0.04 + 0.004), 3);
  });
});

describe('what files may say', () => {
  it('units, instances by id, weights, delays', async () => {
    const document = await read(`${IAF}
      <expOneSynapse id="s" gbase="5nS" erev="0mV" tauDecay="3 ms"/>
      ${net(`
        <population id="p" component="iaf" type="populationList">
          <instance id="7"><location x="0" y="0" z="0"/></instance><instance id="9"><location x="4" y="5" z="-6"/></instance>
        </population>
        <projection id="pp" presynapticPopulation="p" postsynapticPopulation="p" synapse="s">
          <connection id="0" preCellId="../p/7/iaf" postCellId="../p/9/iaf"/>
          <connectionWD id="1" preCellId="../p/9/iaf" postCellId="../p/7/iaf" weight="2.5" delay="0.002 s"/>
        </projection>`)}`);
    const [population] = document.populations;
    expect(population).toMatchObject({
      size: 2,
      positions: {
        x: { values: [0, 4] },
        y: { values: [0, 5] },
        z: { values: [0, -6], unit: 'um' },
      },
      params: {
        leakConductance: '50 nS',
        C: '1000 pF',
        thresh: '-55 mV',
        tau_s: '3 ms',
        erev_s: '0 mV',
      },
    });
    expect(document.projections[0]).toMatchObject({
      connect: { rule: 'list', pre: [0, 1], post: [1, 0] },
      initial: { weight: { values: [1, 2.5], unit: '1' } },
      delay: { values: [0, 2], unit: 'ms' },
      params: { gain: '5 nS' },
    });
  });

  it('two synapses whose ids become one name stay apart', async () => {
    const synapse = (id: string, tau: number): string =>
      `<expOneSynapse id="${id}" gbase="1nS" erev="0mV" tauDecay="${tau}ms"/>`;
    const link = (id: string): string =>
      `<synapticConnection from="p[0]" to="p[1]" synapse="${id}" destination="synapses"/>`;
    const document = await read(
      `${IAF}${synapse('a-b', 1)}${synapse('a_b', 2)}${synapse('m', 3)}${net(POP + link('a-b') + link('a_b') + link('m'))}`,
    );
    expect(document.populations[0]).toMatchObject({
      params: { tau_a_b: '1 ms', tau_a_b_2: '2 ms', tau_m_2: '3 ms' },
    });
  });

  it('expTwoSynapse and alphaSynapse peak at the weight, alphaCurrentSynapse too', async () => {
    const spikes = '<spikeArray id="spikes"><spike id="0" time="1ms"/></spikeArray>';
    const document = await read(`${IAF}${spikes}
      <expTwoSynapse id="two" gbase="2nS" erev="0mV" tauRise="1ms" tauDecay="5ms"/>
      <alphaSynapse id="al" gbase="3nS" erev="0mV" tau="2ms"/>
      <alphaCurrentSynapse id="cur" ibase="4pA" tau="2ms"/>
      ${net(`<population id="s" component="spikes" size="1"/>${POP}${['two', 'al', 'cur'].map((id) => `<synapticConnectionWD from="s[0]" to="p[0]" synapse="${id}" weight="0.5" delay="0ms"/>`).join('')}`)}`);
    const recorded: NetworkDocument = {
      ...document,
      dt: '0.01 ms',
      recordings: [
        {
          kind: 'state',
          name: 'x',
          target: { population: 'p' },
          variables: ['g_two', 'g_al', 'i_cur'],
          neurons: [0],
        },
      ],
    };
    const peaks = await simulate(recorded, engine, 20, (run) =>
      ['g_two', 'g_al', 'i_cur'].map((name) => Math.max(...samples(run, name))),
    );
    expect(peaks[0]).toBeCloseTo(1, 2);
    expect(peaks[1]).toBeCloseTo(1.5, 2);
    expect(peaks[2]).toBeCloseTo(2, 2);
  });

  it('pulse, sine, ramp and compound currents', async () => {
    const passive =
      '<iafCell id="iaf" leakReversal="0mV" thresh="1000mV" reset="0mV" C="1pF" leakConductance="10nS"/>';
    const sources = `
      <pulseGenerator id="pu" delay="1ms" duration="2ms" amplitude="30pA"/>
      <sineGenerator id="si" phase="0" delay="1ms" duration="8ms" amplitude="30pA" period="8ms"/>
      <compoundInput id="co"><pulseGenerator id="x" delay="0ms" duration="5ms" amplitude="10pA"/><rampGenerator id="y" delay="2ms" duration="4ms" startAmplitude="0pA" finishAmplitude="40pA" baselineAmplitude="10pA"/></compoundInput>`;
    const inputs = ['pu', 'si', 'co']
      .map((id, k) => `<explicitInput target="p[${k}]" input="${id}"/>`)
      .join('');
    const document = await read(
      `${passive}${sources}${net(`<population id="p" component="iaf" size="3"/>${inputs}`)}`,
    );
    const recorded: NetworkDocument = {
      ...document,
      dt: '0.01 ms',
      recordings: [{ kind: 'state', name: 'x', target: { population: 'p' }, variables: ['v'] }],
    };
    // v follows the current with 0.1 ms, 10 nS: 10 pA are 1 mV.
    const traces = await simulate(recorded, engine, 10, (run) =>
      [0, 1, 2].map((neuron) => samples(run, 'v', neuron)),
    );
    const at = (neuron: number, ms: number): number => traces[neuron]?.[Math.round(ms * 100)] ?? 0;
    expect([at(0, 0.9), at(0, 2.5), at(0, 4)].map((v) => Math.round(v * 100) / 100)).toEqual([
      0, 3, 0,
    ]);
    expect(at(1, 3.1)).toBeCloseTo(3, 1);
    expect(at(2, 1)).toBeCloseTo(2, 2);
    expect(at(2, 4.1)).toBeCloseTo(3, 1);
    expect(at(2, 9)).toBeCloseTo(1, 2);
  });

  it('generators of spikes: regular, and Poisson in a window', async () => {
    const document = await read(`
      <spikeGenerator id="g" period="20 ms"/>
      <SpikeSourcePoisson id="ps" start="50ms" duration="400ms" rate="100Hz"/>
      ${net('<population id="g" component="g" size="1"/><population id="ps" component="ps" size="200"/>')}`);
    await simulate(document, engine, 500, (run) => {
      expect(stepsByNeuron(run, 1, 'g')[0]?.map((step) => step * 0.025)).toEqual(
        Array.from({ length: 24 }, (_, k) => 20 * (k + 1)),
      );
      const times = stepsByNeuron(run, 200, 'ps')
        .flat()
        .map((step) => step * 0.025);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
      expect(Math.max(...times)).toBeLessThan(450);
      // 200 neurons, 40 spikes each expected: sd of the sum 89.
      expect(Math.abs(times.length - 8000)).toBeLessThan(450);
    });
  });

  it('Poisson synapses feed cells one by one', async () => {
    const document = await read(`${IAF}<expOneSynapse id="s" gbase="1nS" erev="0mV" tauDecay="3ms"/>
      <poissonFiringSynapse id="ps" averageRate="50 Hz" synapse="s" spikeTarget="./s"/>
      ${net(`${POP}<inputList id="l" component="ps" population="p"><input id="0" target="../p[1]" destination="synapses"/><inputW id="1" target="../p[1]" destination="synapses" weight="2"/></inputList>`)}`);
    expect(document.populations.map(({ name, size }) => [name, size])).toEqual([
      ['p', 2],
      ['ps at p', 2],
    ]);
    expect(document.projections[0]).toMatchObject({
      connect: { pre: [0, 1], post: [1, 1] },
      initial: { weight: { values: [1, 2] } },
    });
  });

  it('includes inside the folder, the core definitions unread, each file once', async () => {
    const table = {
      'x/main.xml':
        '<Lems><Include file="Cells.xml"/><Include file="../y/cells.nml"/><include href="net.nml"/></Lems>',
      'y/cells.nml': `<neuroml id="c"><include href="../x/net.nml"/>${IAF}</neuroml>`,
      'x/net.nml': `<neuroml id="n"><include href="../y/cells.nml"/>${net(POP)}</neuroml>`,
    };
    expect((await readNeuroml(files(table), 'x/main.xml')).populations).toHaveLength(1);
  });

  it('a component written in the general form, and escapes in attributes', async () => {
    const general = IAF.replace('<iafCell', '<Component type="iafCell"');
    const document = await read(
      general + net('<population id="a&amp;b" component="iaf" size="1"/>'),
    );
    expect(document.populations[0]?.name).toBe('a&b');
  });
});

describe('refusals, with file and line', () => {
  it.each([
    [
      'a cell',
      `<pinskyRinzelCA3Cell id="pr"/>\n${net('<population id="p" component="pr" size="1"/>')}`,
      /a\.nml, line 2: <pinskyRinzelCA3Cell id="pr"> cannot be simulated/,
    ],
    [
      'a synapse',
      `${IAF}\n<nmdaSynapse id="s"/>${net(`${POP}<synapticConnection from="p[0]" to="p[1]" synapse="s"/>`)}`,
      /line 3: <nmdaSynapse id="s"> is not a synapse/,
    ],
    [
      'an input',
      `${IAF}\n\n<voltageClamp id="vc"/>${net(`${POP}<explicitInput target="p[0]" input="vc"/>`)}`,
      /line 4: <voltageClamp id="vc"> is not an input/,
    ],
    [
      'an element of a network',
      IAF + net(`${POP}\n<continuousProjection id="x"/>`),
      /line 3: <continuousProjection id="x"> is not supported in a network/,
    ],
    [
      'a unit',
      IAF.replace('-60mV', '-60 mA') + net(POP),
      /line 2: <iafCell id="iaf"> has leakReversal="-60 mA"; it must be a number with V, mV/,
    ],
    [
      'a missing attribute',
      IAF.replace('thresh="-55mV"', '') + net(POP),
      /needs the attribute "thresh"/,
    ],
    [
      'a name',
      IAF + net('<population id="p" component="iafs" size="1"/>'),
      /names "iafs", which is not there\. Did you mean "iaf"/,
    ],
    [
      'a cell of a population',
      IAF + net(`${POP}<explicitInput target="p[2]" input="iaf"/>`),
      /names cell 2 of "p", which has 2/,
    ],
    [
      'a synapse onto a cell that takes none',
      `<iafTauCell id="t" leakReversal="-50mV" thresh="-55mV" reset="-70mV" tau="30ms"/><expOneSynapse id="s" gbase="1nS" erev="0mV" tauDecay="1ms"/>${net('<population id="p" component="t" size="2"/><synapticConnection from="p[0]" to="p[1]" synapse="s"/>')}`,
      /attaches a synapse to <iafTauCell>, which takes none/,
    ],
    [
      'several segments',
      `<cell id="c"><morphology id="m"><segment id="0"/><segment id="1"/></morphology><biophysicalProperties id="b"><membraneProperties/></biophysicalProperties></cell>${net('<population id="p" component="c" size="1"/>')}`,
      /has 2 segments; only point neurons/,
    ],
    [
      'a negative delay',
      `${IAF}<expOneSynapse id="s" gbase="1nS" erev="0mV" tauDecay="1ms"/>${net(`${POP}<synapticConnectionWD from="p[0]" to="p[1]" synapse="s" weight="1" delay="-1ms"/>`)}`,
      /has a negative delay/,
    ],
    ['XML that is cut off', IAF.slice(0, -4), /a\.nml: line \d+: not well-formed XML/],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]>', /document types .* are not read/],
    [
      'a file outside the folder',
      '<include href="../../secret.nml"/>',
      /line 2: <include> "..\/..\/secret.nml" lies outside/,
    ],
    ['an address', '<include href="https://example.org/a.nml"/>', /includes an address/],
  ])('%s', async (_, body, message) => {
    await expect(read(body)).rejects.toThrow(message);
    await expect(read(body)).rejects.toMatchObject({ name: 'NetworkError' });
  });
});
