/**
 * As nonsense.test.ts, for the model library, the examples, compiling, and the functions for programs that take
 * quantities and names from people; and the proof that no exported function or method was forgotten.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/examples/index.ts';
import * as wetware from '../../src/index.ts';
import * as quantityConstructors from '../../src/network/quantities.ts';
import { type Call, describeNonsense } from '../support/nonsense.ts';

const { models } = wetware;
const NUMBERS = ['-1', '1.5', '1e300'];
const TEXTS = ['abc', '5 bananas', 'constructor'];
const EMPTY = ['undefined', '{}'];

/** Parameters of examples that 1.5 is a fine value of. */
const FRACTIONS = new Set([
  'brunel scale',
  'release-chain channels',
  'homeostasis acceleration',
  'gene-to-spike environment',
  'gene-to-spike acceleration',
  'tagging acceleration',
  'striatum blocker',
]);

const MODEL = {
  name: 'm',
  title: 'A model',
  source: 'nobody',
  aliases: {},
  params: { tau: { value: '10 ms', doc: 'Time constant.' } },
  eqs: 'dv/dt = -v/tau : volt',
};
const CABLE = { length: '1 mm', diameter: '1 um', resistivity: '100 ohm*cm', compartments: 10 };
const SYNAPSE = { ...MODEL, eqs: 'w : volt', onPre: 'v += w' };
const document = new wetware.Network().document;
const compiled = () => {
  const net = new wetware.Network({ params: { drive: '1 mV' } });
  const P = net.population('P', 2, { eqs: 'dv/dt = drive/ms : volt' });
  net.projection('S', P, P, { eqs: 'w : volt', onPre: 'v += w' }).connect({ rule: 'all-to-all' });
  return wetware.compileNetwork(net.document);
};

/** A study that takes no time. */
const BRIEF = { duration: '1 ms', engine: 'cpu' } as const;
const COMPARISON = { tauMs: 1, windowMs: 1, durationMs: 1 };
const LISTS = ['[]', '[1]'];

/** A definition with one key replaced. */
const keysOf = (
  what: string,
  define: (definition: never) => unknown,
  definition: object,
  rows: readonly (readonly [key: string, fine: readonly string[]])[],
): Call[] =>
  rows.map(([key, fine]) => ({
    call: `${what}({ ${key}: x })`,
    run: (x) => define({ ...definition, [key]: x } as never),
    fine,
  }));

const CALLS: readonly Call[] = [
  { call: 'findModel(x)', run: (x) => wetware.findModel(x) },
  { call: 'findIntervention(x)', run: (x) => wetware.findIntervention(x) },
  { call: 'accelerationsText(x)', run: (x) => wetware.accelerationsText(x as never), fine: ['[]'] },
  { call: 'aliasesOf(x)', run: (x) => wetware.aliasesOf(x) },
  { call: 'lifCurrExp.with(x)', run: (x) => models.lifCurrExp.with(x), fine: EMPTY },
  { call: 'lifCurrExp.with({}, x)', run: (x) => models.lifCurrExp.with({}, x), fine: EMPTY },
  { call: 'with({ tau_m: x })', run: (x) => models.lifCurrExp.with({ tau_m: x }) },
  {
    call: 'with({ tau_m: { values: x } })',
    run: (x) => models.lifCurrExp.with({ tau_m: { values: x, unit: 'ms' } }),
    fine: ['[1]'],
  },
  {
    call: 'with({ tau_m: { values, unit: x } })',
    run: (x) => models.lifCurrExp.with({ tau_m: { values: [1], unit: x } }),
  },
  {
    call: 'with({ tau_m: { normal: x } })',
    run: (x) => models.lifCurrExp.with({ tau_m: { normal: x } }),
  },
  {
    call: 'with({ tau_m: { normal: { mean: x } } })',
    run: (x) => models.lifCurrExp.with({ tau_m: { normal: { mean: x, sd: '1 ms' } } }),
  },
  {
    call: 'with({}, { i_offset: x })',
    run: (x) => models.lifCurrExp.with({}, { i_offset: x }),
    fine: TEXTS,
  },
  { call: 'stdpPair.with(x)', run: (x) => models.stdpPair.with(x), fine: EMPTY },
  { call: 'stdpPair.with({}, x)', run: (x) => models.stdpPair.with({}, x), fine: EMPTY },
  { call: 'defineModel(x)', run: (x) => wetware.defineModel(x) },
  ...keysOf('defineModel', wetware.defineModel, MODEL, [
    ['name', TEXTS],
    ['title', TEXTS],
    ['source', TEXTS],
    ['aliases', ['{}']],
    ['params', ['{}']],
    ['eqs', ['empty text', ...TEXTS]],
    ['onStep', ['undefined', ...TEXTS]],
    ['threshold', ['undefined', ...TEXTS]],
    ['reset', ['undefined', ...TEXTS]],
    ['refractory', ['undefined', ...TEXTS]],
    ['method', ['undefined', ...TEXTS]],
    ['slow', ['undefined', ...TEXTS]],
    ['acceleration', ['undefined', '1.5', '1e300']],
    ['initial', [...EMPTY, '{ a: 1 }']],
  ]),
  ...keysOf(
    'defineModel params.tau',
    (row) => wetware.defineModel({ ...MODEL, params: { tau: row } }),
    { value: '10 ms', doc: 'd' },
    [
      ['value', NUMBERS],
      ['doc', TEXTS],
      ['min', ['undefined']],
      ['max', ['undefined']],
      ['above', ['undefined']],
    ],
  ),
  { call: 'extend(x, crebDrive)', run: (x) => wetware.extend(x, models.crebDrive) },
  { call: 'extend(adex, x)', run: (x) => wetware.extend(models.adex, x) },
  {
    call: 'extend(adex, crebDrive, x)',
    run: (x) => wetware.extend(models.adex, models.crebDrive, x),
    fine: EMPTY,
  },
  ...(
    [
      ['replace', EMPTY],
      ['supplies', ['undefined', '[]']],
      ['name', ['undefined', ...TEXTS]],
    ] as const
  ).map(([key, fine]) => ({
    call: `extend(adex, crebDrive, { ${key}: x })`,
    run: (x: never) => wetware.extend(models.adex, models.crebDrive, { [key]: x }),
    fine,
  })),
  {
    call: 'extend(adex, [x])',
    run: (x) => wetware.extend(models.adex, [x]),
  },
  ...(['reads', 'adds'] as const).map((key) => ({
    call: `defineModel({ ${key}: x })`,
    run: (x: never) => wetware.defineModel({ ...MODEL, [key]: x }),
    fine: key === 'reads' ? ['undefined', '[]'] : EMPTY,
  })),
  { call: 'pulseSynapse(x)', run: (x) => wetware.pulseSynapse(x) },
  { call: 'pulseSynapse({ ampa: x })', run: (x) => wetware.pulseSynapse({ ampa: x }) },
  {
    call: 'pulseSynapse(weights, x)',
    run: (x) => wetware.pulseSynapse({ ampa: '1 nS' }, x),
    fine: EMPTY,
  },
  ...(['delay', 'pulse'] as const).map((key) => ({
    call: `pulseSynapse(weights, { ${key}: x })`,
    run: (x: never) => wetware.pulseSynapse({ ampa: '1 nS' }, { [key]: x }),
    fine: ['undefined'],
  })),
  {
    call: 'parametersUnder(x, benzodiazepine)',
    run: (x) => wetware.parametersUnder(x, wetware.namedInterventions.benzodiazepine),
  },
  { call: 'parametersUnder(gabaA, x)', run: (x) => wetware.parametersUnder(models.gabaA, x) },
  { call: 'cleftOf(x)', run: (x) => wetware.cleftOf(x) },
  { call: 'fieldOf(x)', run: (x) => wetware.fieldOf(x) },
  { call: 'releaseOf(x)', run: (x) => wetware.releaseOf(x) },
  {
    call: 'releaseOf("dopamine", x)',
    run: (x) => wetware.releaseOf('dopamine', x),
    fine: ['undefined', '1.5'],
  },
  {
    call: 'linkFields(x, {})',
    run: (x) => wetware.linkFields(x, {}),
  },
  {
    call: 'linkFields(models.dopamineOccupancy, x)',
    run: (x) => wetware.linkFields(models.dopamineOccupancy as never, x),
  },
  {
    call: 'linkFields(options, x)',
    run: (x) => wetware.linkFields(models.dopamineOccupancy.with(), x),
    fine: ['{}'],
  },
  {
    call: 'linkFields(options, { dopamine: x })',
    run: (x) => wetware.linkFields(models.dopamineOccupancy.with(), { dopamine: x }),
  },
  { call: 'transportBelt(x)', run: (x) => wetware.transportBelt(x) },
  { call: 'transportBelt(2, x)', run: (x) => wetware.transportBelt(2, x), fine: EMPTY },
  {
    call: 'transportBelt(2, { name: x })',
    run: (x) => wetware.transportBelt(2, { name: x }),
    fine: ['undefined', ...TEXTS],
  },
  {
    call: 'transportBelt(2, { capture: x })',
    run: (x) => wetware.transportBelt(2, { capture: x }),
    fine: ['undefined', 'true'],
  },
  { call: 'cable(x)', run: (x) => wetware.cable(x) },
  ...keysOf('cable', wetware.cable, CABLE, [
    ['length', []],
    ['diameter', []],
    ['resistivity', []],
    ['compartments', []],
    ['capacitance', ['undefined']],
  ]),
  { call: 'beltRates(x, rate)', run: (x) => wetware.beltRates(x, '1 1/second') },
  { call: 'beltRates(target, x)', run: (x) => wetware.beltRates([1, 2], x) },
  { call: 'defineSynapse(x)', run: (x) => wetware.defineSynapse(x) },
  ...keysOf('defineSynapse', wetware.defineSynapse, SYNAPSE, [
    ['name', TEXTS],
    ['params', ['{}']],
    ['eqs', ['undefined', 'empty text', ...TEXTS]],
    ['onPre', ['undefined', '{}', ...TEXTS]],
    ['onPost', ['undefined', ...TEXTS]],
    ['delay', ['undefined', '{}', ...TEXTS]],
    ['bound', ['undefined']],
  ]),
  ...Object.values(examples).flatMap((example): Call[] => [
    ...(example.needsData
      ? [{ call: `${example.name}.load(x)`, run: (x: never) => example.load?.(x) }]
      : [
          { call: `${example.name}.build(x)`, run: (x: never) => example.build(x), fine: EMPTY },
          {
            call: `${example.name}.build({}, x)`,
            run: (x: never) => example.build({}, x),
            fine: EMPTY,
          },
        ]),
    ...Object.keys(example.parameters).map((name) => ({
      call: `${example.name}.build({ ${name}: x })`,
      run: (x: never) => example.build({ [name]: x }),
      fine: FRACTIONS.has(`${example.name} ${name}`) ? ['1.5'] : [],
    })),
  ]),
  {
    call: 'cuba.build({}, { seed: x })',
    run: (x) => examples.cuba?.build({}, { seed: x }),
    fine: ['undefined'],
  },
  { call: 'compileNetwork(x)', run: (x) => wetware.compileNetwork(x) },
  { call: 'compileNetwork(d, x)', run: (x) => wetware.compileNetwork(document, x), fine: EMPTY },
  {
    call: 'compileNetwork(d, { precision: x })',
    run: (x) => wetware.compileNetwork(document, { precision: x }),
    fine: ['undefined'],
  },
  {
    call: 'compileNetwork(d, { onProgress: x })',
    run: (x) => wetware.compileNetwork(document, { onProgress: x }),
    fine: ['undefined', 'function'],
  },
  { call: 'estimateNetwork(x)', run: (x) => wetware.estimateNetwork(x) },
  { call: 'estimateNetwork(d, x)', run: (x) => wetware.estimateNetwork(document, x), fine: EMPTY },
  {
    call: 'estimateNetwork(d, { precision: x })',
    run: (x) => wetware.estimateNetwork(document, { precision: x }),
    fine: ['undefined'],
  },
  { call: 'compiled.thresholdOf(x)', run: (x) => compiled().thresholdOf(x) },
  { call: 'compiled.variablesOf(x)', run: (x) => compiled().variablesOf(x) },
  { call: 'compiled.cellOf(x, v)', run: (x) => compiled().cellOf(x, 'v') },
  { call: 'compiled.cellOf(P, x)', run: (x) => compiled().cellOf('P', x) },
  { call: 'compiled.synapseCellOf(x, w)', run: (x) => compiled().synapseCellOf(x, 'w') },
  { call: 'compiled.synapseCellOf(S, x)', run: (x) => compiled().synapseCellOf('S', x) },
  { call: 'compiled.evaluate(x, v, 0)', run: (x) => compiled().evaluate(x, 'v', '0*mV') },
  { call: 'compiled.evaluate(P, x, 0)', run: (x) => compiled().evaluate('P', x, '0*mV') },
  { call: 'compiled.evaluate(P, v, x)', run: (x) => compiled().evaluate('P', 'v', x) },
  {
    call: 'compiled.setParameter(x, drive, 1 mV)',
    run: (x) => compiled().setParameter(x, 'drive', '1 mV'),
    fine: ['empty text'],
  },
  {
    call: 'compiled.setParameter("", x, 1 mV)',
    run: (x) => compiled().setParameter('', x, '1 mV'),
  },
  {
    call: 'compiled.setParameter("", drive, x)',
    run: (x) => compiled().setParameter('', 'drive', x),
  },
  { call: 'chipReport(x)', run: (x) => wetware.chipReport(x, BRIEF) },
  { call: 'chipReport(d, x)', run: (x) => wetware.chipReport(document, x), fine: EMPTY },
  ...(
    [
      ['bits', ['undefined', '[1]']],
      ['seeds', ['undefined', '[1]']],
      ['duration', ['undefined']],
      ['neuronsPerCore', ['undefined']],
      ['memoryPerCore', ['undefined', '1.5', '1e300']],
      ['picojoulesPerOperation', ['undefined', '1.5', '1e300']],
      ['tau', ['undefined']],
      ['window', ['undefined']],
      ['accuracy', ['undefined', 'function']],
    ] as const
  ).map(([key, fine]) => ({
    call: `chipReport(d, { ${key}: x })`,
    run: (x: never) => wetware.chipReport(document, { ...BRIEF, [key]: x }),
    fine,
  })),
  { call: 'chipPage(x)', run: (x) => wetware.chipPage(x) },
  { call: 'chipText(x)', run: (x) => wetware.chipText(x) },
  { call: 'quantiseNetwork(x, 8)', run: (x) => wetware.quantiseNetwork(x, 8) },
  { call: 'quantiseNetwork(d, x)', run: (x) => wetware.quantiseNetwork(document, x) },
  {
    call: 'vanRossumSquared(x, [], 1)',
    run: (x) => wetware.vanRossumSquared(x, [], 1),
    fine: LISTS,
  },
  {
    call: 'vanRossumSquared([], x, 1)',
    run: (x) => wetware.vanRossumSquared([], x, 1),
    fine: LISTS,
  },
  {
    call: 'vanRossumSquared([], [], x)',
    run: (x) => wetware.vanRossumSquared([], [], x),
    fine: ['1.5', '1e300'],
  },
  {
    call: 'compareTrains(x, [], …)',
    run: (x) => wetware.compareTrains(x, [], COMPARISON),
    fine: ['[]'],
  },
  {
    call: 'compareTrains([], x, …)',
    run: (x) => wetware.compareTrains([], x, COMPARISON),
    fine: ['[]'],
  },
  { call: 'compareTrains([], [], x)', run: (x) => wetware.compareTrains([], [], x) },
  { call: 'describeAdapter(x)', run: (x) => wetware.describeAdapter(x), fine: EMPTY },
  {
    call: 'describeAdapter({ adapter: x })',
    run: (x) => wetware.describeAdapter({ adapter: x }),
    fine: ['undefined'],
  },
  {
    call: 'checkNetwork(x)',
    run: (x) => wetware.checkNetwork(x),
    fine: ['{}', '{ a: 1 }'],
  },
  { call: 'kernelTexts(x)', run: (x) => wetware.kernelTexts(x) },
  {
    call: 'equationsToLatex(x)',
    run: (x) => wetware.equationsToLatex(x),
    fine: ['empty text', ...TEXTS],
  },
  {
    call: 'statementsToLatex(x)',
    run: (x) => wetware.statementsToLatex(x),
    fine: ['empty text', ...TEXTS],
  },
  {
    call: 'expressionToLatex(x)',
    run: (x) => wetware.expressionToLatex(x),
    fine: ['empty text', ...TEXTS],
  },
  { call: 'eqs(x)', run: (x) => wetware.eqs(x), fine: ['empty text', ...TEXTS] },
  { call: 'eqs(text, x)', run: (x) => wetware.eqs('v : 1', x), fine: EMPTY },
  {
    call: 'eqs(text, { v: x })',
    run: (x) => wetware.eqs('v : 1', { v: x }),
    fine: ['abc', 'constructor'],
  },
  { call: 'parseQuantity(x)', run: (x) => wetware.parseQuantity(x, 'here'), fine: NUMBERS },
  {
    call: 'parseQuantity(q, x)',
    run: (x) => wetware.parseQuantity('1 mV', x),
    fine: ['empty text', ...TEXTS],
  },
  {
    call: 'parseQuantity(q, here, x)',
    run: (x) => wetware.parseQuantity('1 mV', 'here', x),
    fine: ['undefined'],
  },
  {
    call: 'formatQuantity(x, mV)',
    run: (x) => wetware.formatQuantity(x, 'mV'),
    fine: [...NUMBERS, 'NaN', 'Infinity'],
  },
  { call: 'formatQuantity(1, x)', run: (x) => wetware.formatQuantity(1, x), fine: ['empty text'] },
  {
    call: 'suggest(x, names)',
    run: (x) => wetware.suggest(x, ['a']),
    fine: ['empty text', ...TEXTS],
  },
  { call: 'suggest(a, x)', run: (x) => wetware.suggest('a', x), fine: ['[]', 'Map'] },
  { call: 'listNames(x)', run: (x) => wetware.listNames(x), fine: ['[]', '[1]', '[null]', 'Map'] },
  { call: 'listNames(names, x)', run: (x) => wetware.listNames(['a'], x), fine: ['undefined'] },
];

describeNonsense(CALLS);

describe('nothing is forgotten', () => {
  const texts = ['nonsense-api', 'nonsense', 'network/nonsense', 'many/nonsense']
    .map((name) => readFileSync(`tests/unit/${name}.test.ts`, 'utf8'))
    .join('\n');
  const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(texts);
  /** Methods that take arguments. */
  const methodsOf = (prototype: object): string[] =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
      typeof value === 'function' && name !== 'constructor' && value.length > 0 ? [name] : [],
    );

  it('every exported function has a test with nonsense', () => {
    // Constructors of quantities are tested as one list; errors are made by the library only; the rest takes anything.
    const others = [
      'NetworkError',
      'DeviceError',
      'describeValue',
      'isPlainObject',
      'languageWords',
    ];
    const functions = Object.entries(wetware).flatMap(([name, value]) =>
      typeof value === 'function' && !others.includes(name) ? [name] : [],
    );
    const quantities = functions.filter((name) => name in quantityConstructors);
    expect(quantities.length).toBe(Object.keys(quantityConstructors).length);
    expect(functions.filter((name) => !quantities.includes(name) && !isNamed(name))).toEqual([]);
  });

  it('so has every method of a network and a simulation', async () => {
    const net = new wetware.Network();
    const P = net.population('P', 2, { eqs: 'v : 1' });
    const S = net.projection('S', P, P).connect({ rule: 'one-to-one' });
    using simulation = await wetware.createSimulation(net, { engine: 'cpu' });
    for (const object of [net, P, S, simulation]) {
      const methods = methodsOf(Object.getPrototypeOf(object) as object);
      expect(methods.filter((name) => name !== 'belongsTo' && !isNamed(name))).toEqual([]);
    }
  });
});
