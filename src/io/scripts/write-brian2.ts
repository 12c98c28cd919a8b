/**
 * A network document as a Brian 2 script: the same equations, rules, inputs and recordings, in Brian 2's words. Random
 * numbers are Brian 2's own, so networks with random connections agree in statistics, deterministic ones spike by spike.
 */
import { chooseMethod } from '../../language/integrate.ts';
import { readQuantity } from '../../language/units.ts';
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  PoissonInputDocument,
  PopulationDocument,
  ProjectionDocument,
  Quantity,
  RecordingDocument,
  SliceReference,
  ValueSpec,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { brianConnect, HELPERS } from './brian2-connect.ts';
import { brianEquations, brianText, constantsIn } from './brian2-texts.ts';
import { brianValue } from './brian2-values.ts';
import { checkTexts, statementsOf, textsOf } from './check-texts.ts';
import {
  brianQuantity,
  brianUnits,
  Identifiers,
  namesIn,
  pythonList,
  pythonText,
  refuseToWrite,
  type Script,
} from './python-text.ts';
import { durationOf, type ScriptOptions } from './script-options.ts';

const TARGET = 'Brian 2';

/**
 * Writes a script that `python3` runs where Brian 2 is installed; it prints the mean rate of every spike recording.
 * Throws NetworkError, naming it, for what Brian 2 cannot say: fields, `(slow)` and `(linked)` variables,
 * bit operations, positions that something reads, interventions.
 */
export function toBrian2(document: NetworkDocument, options: ScriptOptions = {}): Script {
  const duration = durationOf(options, 'toBrian2');
  const checked = validateDocument(document);
  refuseWhole(checked);
  return new BrianScript(checked).write(duration);
}

function refuseWhole({ name, fields = [], interventions = [] }: NetworkDocument): void {
  const where = `Network "${name}"`;
  if (fields.length > 0) refuseToWrite(TARGET, where, 'it has no fields');
  if (interventions.length === 0) return;
  refuseToWrite(TARGET, where, 'parameters change while it runs', 'Leave the interventions out.');
}

/** Words of the script itself. */
const WORDS =
  'NeuronGroup Synapses PoissonGroup PoissonInput SpikeGeneratorGroup TimedArray SpikeMonitor StateMonitor ' +
  'PopulationRateMonitor defaultclock seed run numpy dict len float print within partners in_degree out_degree ' +
  'total_number small_world names duration monitor rate constants';

class BrianScript {
  readonly #document: NetworkDocument;
  readonly #identifiers = new Identifiers(
    WORDS.split(' '),
    (name) => readQuantity(`1 ${name}`) === null,
  );
  readonly #groups = new Map<string, string>();
  /** Names of the dictionaries of parameters, by population. */
  readonly #names = new Map<string, string>();
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #methods: ReadonlyMap<string, string>;
  readonly #notes: string[] = [];
  readonly #helpers = new Set<string>();
  readonly #constants: readonly string[];
  readonly #lines: string[] = [];
  readonly #monitors: string[] = [];

  constructor(document: NetworkDocument) {
    this.#document = document;
    this.#sizes = new Map(document.populations.map(({ name, size }) => [name, size]));
    this.#methods = chosenMethods(document, this.#notes);
    this.#constants = constantsIn(textsOf(document));
  }

  write(duration: Quantity): Script {
    this.#refusePositions();
    this.#writeNames();
    for (const population of this.#document.populations) this.#writePopulation(population);
    for (const projection of this.#document.projections) this.#writeProjection(projection);
    for (const input of this.#document.inputs) this.#writeInput(input);
    for (const recording of this.#document.recordings) this.#writeRecording(recording);
    return { text: this.#assemble(duration), notes: this.#notes };
  }

  #assemble(duration: Quantity): string {
    const { name, dt, seed } = this.#document;
    const helpers = [...HELPERS].filter(([helper]) => this.#helpers.has(helper));
    const imports = this.#constants.map((one) => `from brian2.units.constants import ${one}`);
    const rates = this.#monitors.map(
      (monitor) => `rate = ${monitor}.num_spikes / len(${monitor}.source) / float(duration)
print(f'${monitor}: {${monitor}.num_spikes} spikes, {rate:.4g} per neuron and second')`,
    );
    return `${[
      `# ${name.replace(/\s+/g, ' ')}: written by wetware.${this.#notes.map((note) => `\n# note: ${note}`).join('')}`,
      ['import numpy', 'from brian2 import *', ...imports].join('\n'),
      ...helpers.map(([, text]) => `\n${text}\n`),
      `defaultclock.dt = ${brianQuantity(dt)}\nseed(${seed})`,
      ...this.#lines,
      `duration = ${brianQuantity(duration)}\nrun(duration)`,
      ...(rates.length === 0 ? [] : [rates.join('\n')]),
    ].join('\n\n')}\n`;
  }

  /** Parameters and timed arrays that every text may read. */
  #writeNames(): void {
    const { params, timedArrays } = this.#document;
    const entries = Object.entries(params).map(([name, value]) => entry(name, value));
    for (const name of this.#constants) entries.push(`${name}=${name}`);
    for (const [name, { dt, unit, columns, values }] of Object.entries(timedArrays)) {
      const table = this.#identifiers.of(name, 'table');
      const shape = columns === 1 ? '' : `.reshape(-1, ${columns})`;
      const units = unit.trim() === '1' ? '' : ` * (${brianUnits(unit)})`;
      this.#lines.push(
        `${table} = TimedArray(numpy.array(${pythonList(values, '    ')})${shape}${units}, dt=${brianQuantity(dt)})`,
      );
      entries.push(`${name}=${table}`);
    }
    this.#lines.push(`names = dict(${wrapped(entries)})`);
  }

  #writePopulation(population: PopulationDocument): void {
    const group = this.#identifiers.of(population.name, 'population');
    this.#groups.set(population.name, group);
    if (population.kind === 'spikes') {
      const { size, indices, timesMs } = population;
      this.#names.set(population.name, 'names');
      this.#lines.push(
        `${group} = SpikeGeneratorGroup(${size}, ${pythonList(indices, '    ')},
    numpy.array(${pythonList(timesMs, '    ')}) * ms)`,
      );
      return;
    }
    const names = this.#writeNamespace(population, group);
    if (this.#writePoisson(population, group, names)) return;
    this.#writeNeurons(population, group, names);
  }

  #writeNamespace({ name, params }: NeuronPopulationDocument, group: string): string {
    const own = Object.entries(params).map(([key, value]) => entry(key, value));
    if (own.length === 0) {
      this.#names.set(name, 'names');
      return 'names';
    }
    const names = this.#identifiers.of(`${group}_names`, 'names');
    this.#names.set(name, names);
    this.#lines.push(`${names} = dict(names, ${wrapped(own)})`);
    return names;
  }

  /** Poisson neurons as Brian 2's own; false where they have anything beside a rate. */
  #writePoisson(population: NeuronPopulationDocument, group: string, names: string): boolean {
    const { eqs, threshold, reset, refractory, onStep, size, params, initial } = population;
    const isPlain =
      eqs.trim() === '' &&
      threshold?.replace(/\s/g, '') === 'rand()<rate*dt' &&
      [reset, refractory, onStep].every((text) => text === undefined) &&
      Object.keys(initial).length === 0;
    const rate = params.rate ?? this.#document.params.rate;
    if (!isPlain || rate === undefined) return false;
    this.#lines.push(
      `${group} = PoissonGroup(${size}, rates=${brianQuantity(rate)}, namespace=${names})`,
    );
    return true;
  }

  #writeNeurons(population: NeuronPopulationDocument, group: string, names: string): void {
    const { name, size, eqs, threshold, reset, refractory, onStep } = population;
    const where = `Population "${name}"`;
    const { text, notes } = brianEquations(eqs, where, 'neurons');
    this.#notes.push(...notes);
    const method = this.#methods.get(name);
    const period =
      refractory === undefined
        ? undefined
        : readQuantity(refractory) === null
          ? pythonText(brianText(refractory, where))
          : brianQuantity(refractory);
    const options = [
      ...(threshold === undefined ? [] : [`threshold=${this.#line(threshold, where)}`]),
      ...(reset === undefined ? [] : [`reset=${this.#block(reset, where)}`]),
      ...(period === undefined ? [] : [`refractory=${period}`]),
      ...(method === undefined ? [] : [`method='${method}'`]),
      `namespace=${names}`,
    ];
    this.#lines.push(
      `${group} = NeuronGroup(${size}, '''\n${text}\n''', ${options.join(',\n    ')})`,
    );
    if (onStep !== undefined) {
      this.#lines.push(
        `${group}.run_regularly(${this.#block(onStep, where)}, when='after_groups')`,
      );
    }
    this.#writeInitial(population.initial, group, where, `len(${group})`);
  }

  #line(text: string, where: string): string {
    return pythonText(
      brianText(text, where)
        .replace(/#[^\n]*/g, '')
        .replace(/\s*\n\s*/g, ' ')
        .trim(),
    );
  }

  /** Statements, one a line. */
  #block(text: string, where: string): string {
    const lines = brianText(text, where)
      .split('\n')
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== '');
    return lines.length < 2 ? pythonText(lines[0] ?? '') : `'''\n${lines.join('\n')}\n'''`;
  }

  /** Numbers first, so that expressions find what they read. */
  #writeInitial(
    initial: Readonly<Record<string, ValueSpec>>,
    group: string,
    where: string,
    count: string,
    isOfSource: (name: string) => boolean = () => false,
  ): void {
    const values = Object.entries(initial).map(([name, spec]) => {
      const { text, helpers, isExpression } = brianValue(spec, `${where}, first ${name}`, count);
      for (const helper of helpers) this.#helpers.add(helper);
      const isList = typeof spec === 'object' && 'values' in spec && isOfSource(name);
      const line = `${group}.${name} = ${isList ? `(${text})[${group}.i[:]]` : text}`;
      return { line, isExpression };
    });
    const lines = [false, true].flatMap((last) =>
      values.filter(({ isExpression }) => isExpression === last).map(({ line }) => line),
    );
    if (lines.length > 0) this.#lines.push(lines.join('\n'));
  }

  #slice({ population, from = 0, to }: SliceReference): { text: string; count: number } {
    const group = this.#groups.get(population) ?? population;
    const size = this.#sizes.get(population) ?? 0;
    const end = to ?? size;
    const isWhole = from === 0 && end === size;
    return { text: isWhole ? group : `${group}[${from}:${end}]`, count: end - from };
  }

  #writeProjection(projection: ProjectionDocument): void {
    const { name, source, target, eqs = '', onPre, onPost, params, initial } = projection;
    const where = `Projection "${name}"`;
    const synapses = this.#identifiers.of(name, 'synapses');
    const { text, equations, notes } = brianEquations(eqs, where, 'synapses');
    this.#notes.push(...notes);
    const pathways = { pre: statementsOf(onPre), post: statementsOf(onPost, 'post') };
    const keepsTime = needsLastUpdate(equations, pathways.pre);
    const model = keepsTime ? `${text}\nlastupdate : second` : text;
    const targetNames = this.#names.get(target.population) ?? 'names';
    const own = Object.entries(params).map(([key, value]) => entry(key, value));
    const ends = { from: this.#slice(source), to: this.#slice(target) };
    const options = [
      ...(model === '' ? [] : [`'''\n${model}\n'''`]),
      ...this.#pathways('on_pre', pathways.pre, keepsTime, where),
      ...this.#pathways('on_post', pathways.post, false, where),
      ...this.#synapseMethod(projection, equations),
      `namespace=${own.length === 0 ? targetNames : `dict(${targetNames}, ${wrapped(own)})`}`,
    ];
    const { text: rule, helpers } = brianConnect(projection, {
      sources: ends.from.count,
      targets: ends.to.count,
    });
    for (const helper of helpers) this.#helpers.add(helper);
    this.#lines.push(
      `${synapses} = Synapses(${ends.from.text}, ${ends.to.text}, ${options.join(',\n    ')})
${synapses}.connect(${rule})`,
    );
    const presynaptic = new Set(
      equations.filter(({ flags }) => flags.includes('presynaptic')).map(({ name: one }) => one),
    );
    const isOfSource = (one: string): boolean => presynaptic.has(one);
    this.#writeInitial(initial, synapses, where, `len(${synapses})`, isOfSource);
    this.#writeDelays(projection, synapses, where);
  }

  #pathways(
    key: string,
    texts: ReadonlyMap<string, string>,
    keepsTime: boolean,
    where: string,
  ): string[] {
    const end = keepsTime ? '\nlastupdate = t' : '';
    const entries = [...texts].map(
      ([name, text]) => [name, this.#block(text + end, where)] as const,
    );
    const [first] = entries;
    if (first === undefined) return [];
    const isPlain = entries.length === 1 && first[0] === key.slice(3);
    const named = entries.map(([name, text]) => `${pythonText(name)}: ${text}`);
    return [`${key}=${isPlain ? first[1] : `{${named.join(',\n    ')}}`}`];
  }

  #synapseMethod(
    { method, name }: ProjectionDocument,
    equations: readonly { readonly kind: string; readonly flags: readonly string[] }[],
  ): string[] {
    const isClocked = equations.some(
      ({ kind, flags }) =>
        kind === 'differential' &&
        !flags.includes('event-driven') &&
        !flags.includes('presynaptic'),
    );
    if (!isClocked) return [];
    if (method !== undefined && BRIAN_METHODS.has(method)) return [`method='${method}'`];
    this.#notes.push(
      `Projection "${name}": Brian 2 chooses the integrator of its synapses${method === undefined || method === 'auto' ? '' : ` (it has no ${method})`}.`,
    );
    return [];
  }

  #writeDelays(
    { delay, onPre, onPost }: ProjectionDocument,
    synapses: string,
    where: string,
  ): void {
    if (delay === undefined) return;
    const isByPathway = typeof delay === 'object' && 'byPathway' in delay;
    const names = [...statementsOf(onPre).keys()];
    const all = new Set([...names, ...statementsOf(onPost, 'post').keys()]);
    const byPathway: Readonly<Record<string, ValueSpec>> = isByPathway
      ? delay.byPathway
      : Object.fromEntries(names.map((name) => [name, delay]));
    const lines = Object.entries(byPathway)
      .filter(([pathway]) => all.has(pathway))
      .map(([pathway, spec]) => {
        const { text, helpers } = brianValue(spec, `${where}, delay`, `len(${synapses})`);
        for (const helper of helpers) this.#helpers.add(helper);
        return `${synapses}.${pathway}.delay = ${text}`;
      });
    if (lines.length > 0) this.#lines.push(lines.join('\n'));
  }

  #writeInput({ name, target, variable, n, rate, weight }: PoissonInputDocument): void {
    const where = `Poisson input "${name}"`;
    const input = this.#identifiers.of(name, 'input');
    const amount =
      readQuantity(weight) === null ? this.#line(weight, where) : brianQuantity(weight);
    this.#lines.push(
      `${input} = PoissonInput(${this.#slice(target).text}, ${pythonText(variable)}, N=${n}, rate=${brianQuantity(rate)}, weight=${amount})`,
    );
  }

  #writeRecording(recording: RecordingDocument): void {
    const monitor = this.#identifiers.of(recording.name, 'recording');
    const { text: target } = this.#slice(recording.target);
    if (recording.kind === 'spikes') {
      this.#monitors.push(monitor);
      this.#lines.push(`${monitor} = SpikeMonitor(${target})`);
      return;
    }
    if (recording.kind === 'rate') {
      this.#lines.push(`${monitor} = PopulationRateMonitor(${target})`);
      return;
    }
    const { variables, neurons, every, name } = recording;
    const foreign = variables.find((one) => one.includes('.'));
    if (foreign !== undefined) {
      refuseToWrite(TARGET, `Recording "${name}"`, `${foreign} is a variable of synapses`);
    }
    const words = variables.map(pythonText).join(', ');
    const record = neurons === undefined ? 'True' : pythonList(neurons, '    ');
    const step = every === undefined ? '' : `, dt=${brianQuantity(every)}`;
    this.#lines.push(`${monitor} = StateMonitor(${target}, [${words}], record=${record}${step})`);
  }

  /** Places of neurons say nothing unless something reads them. */
  #refusePositions(): void {
    const placed = this.#document.populations.filter(({ positions }) => positions !== undefined);
    const [first] = placed;
    if (first === undefined) return;
    const names = new Set(textsOf(this.#document).flatMap((text) => [...namesIn(text)]));
    const read = [...names].find((name) => /^(distance|[xyz](_pre|_post)?)$/.test(name));
    const where = `Population "${first.name}"`;
    if (read !== undefined) {
      refuseToWrite(
        TARGET,
        where,
        `its positions are read (${read})`,
        'Remove them, or use a list.',
      );
    }
    this.#notes.push(`positions are left out: ${placed.map(({ name }) => name).join(', ')}.`);
  }
}

const entry = (name: string, value: Quantity): string => `${name}=${brianQuantity(value)}`;

/** Arguments in lines of readable length. */
function wrapped(entries: readonly string[]): string {
  const lines: string[] = [''];
  for (const [k, one] of entries.entries()) {
    const word = one + (k + 1 < entries.length ? ', ' : '');
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines.map((line) => line.trimEnd()).join('\n    ');
}

/** Whether statements read the time of the last event, which Brian 2 keeps beside event-driven equations only. */
function needsLastUpdate(
  equations: readonly {
    readonly name: string;
    readonly kind: string;
    readonly flags: readonly string[];
  }[],
  onPre: ReadonlyMap<string, string>,
): boolean {
  const isKept = equations.some(
    ({ name, kind, flags }) =>
      name === 'lastupdate' ||
      (kind === 'differential' &&
        (flags.includes('event-driven') || flags.includes('presynaptic'))),
  );
  return !isKept && [...onPre.values()].some((text) => namesIn(text).has('lastupdate'));
}

const BRIAN_METHODS: ReadonlySet<string> = new Set([
  'exact',
  'linear',
  'exponential_euler',
  'euler',
  'heun',
  'milstein',
  'rk2',
  'rk4',
]);

/** The integrator of every population under Brian 2's name. Checks all texts on the way. */
function chosenMethods(document: NetworkDocument, notes: string[]): ReadonlyMap<string, string> {
  const methods = new Map<string, string>();
  const models = checkTexts(document);
  for (const population of document.populations) {
    const model = models.get(population.name);
    if (model === undefined || population.kind === 'spikes') continue;
    const { method } = chooseMethod(model, population.method);
    if (method === 'none') continue;
    methods.set(population.name, BRIAN_METHODS.has(method) ? method : 'rk4');
    if (BRIAN_METHODS.has(method)) continue;
    notes.push(
      `Population "${population.name}" is integrated by rk4 there: Brian 2 has no ${method}.`,
    );
  }
  return methods;
}
