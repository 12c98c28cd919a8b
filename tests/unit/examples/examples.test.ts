/** Every example: its document is valid, plain and repeatable; values are checked; missing data are explained. */
import { describe, expect, it } from 'vitest';
import { type Example, examples } from '../../../src/examples/index.ts';
import {
  compileNetwork,
  estimateNetwork,
  Network,
  type NetworkDocument,
  NetworkError,
  validateDocument,
} from '../../../src/index.ts';
import { dataReader, describeReference, reference } from '../../support/reference.ts';

const complete = Object.values(examples).filter((example) => example.needsData === undefined);
const withData = Object.values(examples).filter((example) => example.needsData !== undefined);
/** Values that make an example small enough to compile here. */
const small: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  microcircuit: { scale: 0.01 },
  cuba: { neurons: 500 },
  coba: { neurons: 500 },
  cobahh: { neurons: 500 },
  'vogels-abbott': { neurons: 1000 },
  brunel: { scale: 0.08 },
  izhikevich: { neurons: 100 },
  'flywire-like': { neurons: 4000 },
  striatum: { size: 8 },
  homeostasis: { neurons: 300 },
  'gene-to-spike': { neurons: 300 },
};

/** As JSON has it: typed arrays become plain lists. */
const plain = (document: NetworkDocument): unknown => JSON.parse(JSON.stringify(document));

const get = (name: string): Example => {
  const found = examples[name];
  if (found === undefined) throw new Error(`no example ${name}`);
  return found;
};

describe('examples', () => {
  it('are those of the documentation', () => {
    expect(Object.keys(examples)).toEqual([
      'microcircuit',
      'cuba',
      'coba',
      'cobahh',
      'vogels-abbott',
      'brunel',
      'izhikevich',
      'flywire',
      'flywire-like',
      'fly-p9',
      'larva',
      'release-chain',
      'axon',
      'gap-junction',
      'receptors',
      'homeostasis',
      'gene-to-spike',
      'striatum',
      'tagging',
      'two-neurons',
    ]);
    for (const { citation, note, title } of Object.values(examples)) {
      for (const text of [citation, note, title]) expect(text).not.toBe('');
    }
  });

  it.each(complete.map((example) => [example.name, example] as const))(
    '%s: a valid document that round-trips and compiles without warnings',
    (name, example) => {
      const document = example.build(small[name], { seed: 7 });
      expect(document.seed).toBe(7);
      const copy = plain(document);
      expect(validateDocument(copy)).toBe(copy);
      expect(plain(Network.fromDocument(document).document)).toEqual(copy);
      expect(plain(Network.fromDocument(copy as NetworkDocument).document)).toEqual(copy);
      expect(example.build(small[name], { seed: 7 })).toEqual(document);
      expect(compileNetwork(document).plan.warnings).toEqual([]);
    },
  );

  it('brunel: in-degrees shrink below scale 1 and stay above it', () => {
    const shape = (scale: number) => {
      const { populations, projections } = get('brunel').build({ scale });
      return [populations[0]?.size, ...projections.map(({ connect }) => connect)];
    };
    expect(shape(0.2)).toEqual([
      2500,
      { rule: 'fixed-in-degree', k: 200 },
      { rule: 'fixed-in-degree', k: 50 },
    ]);
    expect(get('brunel').build({ scale: 1 })).toEqual(get('brunel').build());
    expect(shape(1)).toEqual([
      12_500,
      { rule: 'fixed-in-degree', k: 1000 },
      { rule: 'fixed-in-degree', k: 250 },
    ]);
    expect(shape(10)).toEqual([
      125_000,
      { rule: 'fixed-total-number', n: 125_000_000 },
      { rule: 'fixed-total-number', n: 31_250_000 },
    ]);
    const { synapses, projections } = estimateNetwork(get('brunel').build({ scale: 80 }));
    expect(synapses).toBe(1_250_000_000);
    // The excitatory ones would take 4 GB; the inhibitory ones just fit the default budget.
    expect(projections.map(({ procedural }) => procedural)).toEqual([true, false]);
  });

  it('vogels-abbott: weights go with 1/neurons from the published ones', () => {
    // 4 pA and -51 pA for 4000 neurons at p = 0.02, that is for a mean of 80 synapses per neuron.
    const { params, dt } = get('vogels-abbott').build({ neurons: 50_000 });
    expect(dt).toBe('1 ms');
    expect(Number.parseFloat(String(params.w_exc))).toBeCloseTo((4 * 80) / 5000, 12);
    expect(Number.parseFloat(String(params.w_inh))).toBeCloseTo((-51 * 80) / 5000, 12);
  });

  it('microcircuit: full scale is procedural unless a simulation wants otherwise, and corrects nothing', () => {
    const full = get('microcircuit').build({ scale: 1 });
    expect(full.projections.every(({ synapses }) => synapses === 'procedural')).toBe(true);
    for (const population of full.populations) {
      expect('params' in population && population.params.i_dc).toBe('0 pA');
    }
    const tenth = get('microcircuit').build({ scale: 0.1 });
    expect(tenth.projections.some(({ synapses }) => synapses !== undefined)).toBe(false);
  });

  it('microcircuit: one update and one delivery for all', () => {
    const { plan } = compileNetwork(get('microcircuit').build({ scale: 0.05 }));
    expect(plan.populations.length).toBe(8);
    expect(plan.update.length).toBe(1);
    expect(plan.deliver.length).toBe(1);
  });
});

describe('values', () => {
  it.each([
    ['cuba', { neuron: 5 }, /unknown parameter "neuron"\. Did you mean "neurons"\? Known: neurons/],
    ['cuba', { neurons: 4.5 }, /neurons must be a whole number from 100 to 10000000, got 4\.5/],
    ['cuba', { neurons: 'many' }, /neurons must be a whole number .* got "many"/],
    ['cuba', { neurons: '' }, /neurons must be a whole number/],
    ['microcircuit', { scale: '2' }, /scale must be a number from 0\.005 to 1, got "2"/],
    ['brunel', { neurons: 1000 }, /unknown parameter "neurons"\. Known: case, scale/],
    ['brunel', { case: 'E' }, /case must be one of A, B, C, D, got "E"/],
    ['izhikevich', { seed: 3 }, /unknown parameter "seed"/],
  ])('%s %j is refused', (name, values, message) => {
    expect(() => get(name).build(values as Record<string, string>)).toThrow(message);
    expect(() => get(name).build(values as Record<string, string>)).toThrow(NetworkError);
  });

  it('texts from a command line count as numbers', () => {
    const document = get('cuba').build({ neurons: '2000' });
    expect(document.populations[0]?.size).toBe(2000);
    expect(document.projections[0]?.connect).toMatchObject({ p: 80 / 2000 });
    expect(get('brunel').build({ case: 'a' })).toEqual(get('brunel').build({ case: 'A' }));
    expect(() => get('cuba').build(5 as never)).toThrow(TypeError);
  });
});

describe('data', () => {
  it.each(withData.map((example) => [example.name, example] as const))(
    '%s says which files it needs and from where',
    async (name, example) => {
      expect(() => example.build()).toThrow(/--set data=FOLDER[\s\S]*\.csv[\s\S]*github\.com/);
      const refusing = example.load?.(() => Promise.reject(new Error('ENOENT')));
      await expect(refusing).rejects.toThrow(
        new RegExp(`"${name}": cannot read \\w+\\.\\w+ \\(ENOENT\\)[\\s\\S]*github\\.com`),
      );
    },
  );

  it.each([
    ['index,is_poisson_driven\n0,1\n0,1\n', /nodes\.csv, row 3: index 0 should be 1/],
    ['index\n0\n', /nodes\.csv, row 1: no column "is_poisson_driven"\. Found: index/],
    ['index,is_poisson_driven\n0,x\n', /nodes\.csv, row 2: "x" in column "is_poisson_driven"/],
    ['index,is_poisson_driven\n0\n', /nodes\.csv, row 2: 1 fields, the header has 2/],
    ['index,is_poisson_driven\n0,1\n1,0\n', /edges\.csv, row 2: post is 2, but there are 2/],
  ])('bad table %j', async (nodes, message) => {
    const files: Record<string, string> = {
      'nodes.csv': nodes,
      'edges.csv': 'pre,post,signed_synapse_count\n0,2,1\n',
      'spikes.csv': 'trial,step_0p1ms,node\n',
    };
    await expect(get('fly-p9').load?.(async (file) => files[file] ?? '')).rejects.toThrow(message);
  });
});

describeReference('examples against their sources', () => {
  it('microcircuit at full scale has the published counts', () => {
    const file = reference<{ neurons_total: number; synapses_total: number }>(
      'potjans_diesmann_2014.json',
    );
    const document = get('microcircuit').build({ scale: 1 });
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(document.populations.map(({ size }) => size))).toBe(file.neurons_total);
    const counts = document.projections.map(({ connect }) => ('n' in connect ? connect.n : 0));
    expect(sum(counts)).toBe(file.synapses_total);
  });

  it('fly-p9 and larva load their data', async () => {
    const fly = await get('fly-p9').load?.(dataReader('flywire-p9'));
    const circuit = fly?.build({ trial: 29 });
    expect(circuit?.populations.map(({ size }) => size)).toEqual([2, 194]);
    expect(fly?.build({ drive: 'poisson' }).inputs.length).toBe(1);
    const larva = await get('larva').load?.(dataReader('larval-drosophila'));
    const brain = larva?.build();
    expect(brain?.populations[0]?.size).toBe(2952);
    const edges = brain?.projections.find(({ name }) => name === 'brain to brain')?.connect;
    expect(edges !== undefined && 'pre' in edges && edges.pre.length).toBe(110_677);
    expect(() => larva?.build({ sense: 'smell' })).toThrow(/sense must be one of olfactory/);
  });
});
