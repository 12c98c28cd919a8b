/**
 * A network document as a PyNN script, where its neurons are PyNN's standard cells: integrate-and-fire, Poisson sources,
 * spike lists. The back-end is the first argument of the script. What PyNN's cells cannot say is refused by name.
 */
import type { CheckedPopulation, CheckedProjection, TypedExpression } from '../../language/ast.ts';
import { checkProjection, checkValue } from '../../language/check.ts';
import { constantEnvironment } from '../../language/constants.ts';
import { compileHost } from '../../language/host.ts';
import { resolve } from '../../language/resolve.ts';
import { DIMENSIONS, parseQuantity, readQuantity } from '../../language/units.ts';
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  PopulationDocument,
  ProjectionDocument,
  Quantity,
  SliceReference,
  ValueSpec,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { checkTexts, scopeOf, statementsOf, textsOf } from './check-texts.ts';
import { type CellInput, type PynnCell, pynnCell, type Values } from './pynn-cells.ts';
import { drawnValue, pynnConnector, pynnSpec } from './pynn-values.ts';
import {
  Identifiers,
  namesIn,
  pythonList,
  pythonNumber,
  pythonText,
  refuseToWrite,
  type Script,
} from './python-text.ts';
import { durationOf, type ScriptOptions } from './script-options.ts';

const TARGET = 'PyNN';
const WORDS =
  'sim sys importlib numpy setup run end Population Projection rng NumpyRNG RandomDistribution duration backend rate spikes';

/**
 * Writes a script for `python3 net.pynn.py [nest | neuron | brian2]`, which prints the mean rate of every spike
 * recording. Throws NetworkError, naming it, for what PyNN's standard cells and connectors cannot say.
 */
export function toPyNN(document: NetworkDocument, options: ScriptOptions = {}): Script {
  const duration = durationOf(options, 'toPyNN');
  const checked = validateDocument(document);
  const where = `Network "${checked.name}"`;
  if ((checked.fields ?? []).length > 0) refuseToWrite(TARGET, where, 'it has no fields');
  if ((checked.interventions ?? []).length > 0) {
    refuseToWrite(TARGET, where, 'parameters change while it runs', 'Leave the interventions out.');
  }
  return new PynnScript(checked).write(duration);
}

/** Internal values of parameters by name. */
const internal = (params: Readonly<Record<string, Quantity>>): Values =>
  Object.fromEntries(
    Object.entries(params).map(([name, q]) => [name, parseQuantity(q, name).value]),
  );

class PynnScript {
  readonly #document: NetworkDocument;
  readonly #models: ReadonlyMap<string, CheckedPopulation>;
  readonly #dtMs: number;
  readonly #cells = new Map<string, PynnCell>();
  readonly #identifiers = new Identifiers(WORDS.split(' '));
  readonly #names = new Map<string, string>();
  readonly #lines: string[] = [];
  readonly #notes = new Set<string>();
  readonly #recorded: string[] = [];

  constructor(document: NetworkDocument) {
    this.#document = document;
    this.#models = checkTexts(document);
    this.#dtMs = parseQuantity(document.dt, 'dt', DIMENSIONS.time).value;
  }

  write(duration: Quantity): Script {
    const { populations, projections, inputs, recordings } = this.#document;
    this.#refusePositions();
    for (const population of populations) this.#population(population);
    for (const projection of projections) this.#projection(projection);
    for (const { name, target, variable, n, rate, weight } of inputs) {
      this.#poissonInput(name, { target, variable, n, rate, weight });
    }
    for (const { kind, name, target, ...rest } of recordings) {
      const slice = this.#slice(target);
      if (kind === 'spikes') {
        this.#lines.push(`${slice}.record('spikes')`);
        this.#recorded.push(slice);
      } else if (kind === 'rate') {
        this.#note(`recording "${name}": PyNN records spikes, no rates.`);
      } else this.#state(name, target, (rest as { variables: readonly string[] }).variables);
    }
    return { text: this.#assemble(duration), notes: [...this.#notes] };
  }

  #note(text: string): void {
    this.#notes.add(text);
  }

  #assemble(duration: Quantity): string {
    const { name, seed } = this.#document;
    const durationMs = parseQuantity(duration, 'duration', DIMENSIONS.time).value;
    const step = pythonNumber(this.#dtMs);
    const rates = [...new Set(this.#recorded)].map(
      (
        one,
      ) => `spikes = sum(len(train) for train in ${one}.get_data('spikes').segments[0].spiketrains)
print(f'${one}: {spikes} spikes, {spikes / ${one}.size / (duration / 1000):.4g} per neuron and second')`,
    );
    return `${[
      `# ${name.replace(/\s+/g, ' ')}: written by wetware.${[...this.#notes].map((note) => `\n# note: ${note}`).join('')}`,
      `import importlib
import sys

from pyNN.random import NumpyRNG, RandomDistribution

backend = sys.argv[1] if len(sys.argv) > 1 else 'nest'
sim = importlib.import_module(f'pyNN.{backend}')`,
      `sim.setup(timestep=${step}, min_delay=${step})\nrng = NumpyRNG(seed=${seed})`,
      ...this.#lines,
      `duration = ${pythonNumber(durationMs)}\nsim.run(duration)`,
      ...(rates.length === 0 ? [] : [rates.join('\n')]),
      'sim.end()',
    ].join('\n\n')}\n`;
  }

  #values(population: NeuronPopulationDocument): Values {
    return {
      ...internal(this.#document.params),
      ...internal(population.params),
      N: population.size,
    };
  }

  #population(population: PopulationDocument): void {
    const { name, size } = population;
    const identifier = this.#identifiers.of(name, 'population');
    this.#names.set(name, identifier);
    const label = `label=${pythonText(name)}`;
    if (population.kind === 'spikes') {
      const trains: number[][] = Array.from({ length: size }, () => []);
      for (let k = 0; k < population.indices.length; k++) {
        trains[population.indices[k] as number]?.push(population.timesMs[k] as number);
      }
      const lists = trains.map((train) =>
        pythonList(
          train.sort((a, b) => a - b),
          '    ',
        ),
      );
      this.#lines.push(
        `${identifier} = sim.Population(${size}, sim.SpikeSourceArray(spike_times=[\n    ${lists.join(',\n    ')}]), ${label})`,
      );
      return;
    }
    const model = this.#models.get(name);
    if (model === undefined) throw new Error(`internal: no model of ${name}`);
    const rate = poissonRate(population, this.#document.params);
    if (rate !== null) {
      const hertz = parseQuantity(rate, name, DIMENSIONS.rate).value * 1000;
      this.#lines.push(
        `${identifier} = sim.Population(${size}, sim.SpikeSourcePoisson(rate=${pythonNumber(hertz)}), ${label})`,
      );
      return;
    }
    const cell = pynnCell(population, model, this.#values(population), this.#dtMs);
    this.#cells.set(name, cell);
    const parameters = Object.entries(cell.parameters).map(
      ([key, value]) => `${key}=${pythonNumber(Number(value.toPrecision(12)))}`,
    );
    this.#lines.push(
      `${identifier} = sim.Population(${size}, sim.${cell.name}(${parameters.join(', ')}), ${label})`,
    );
    this.#initialise(population, model, cell, identifier);
  }

  #initialise(
    population: NeuronPopulationDocument,
    model: CheckedPopulation,
    cell: PynnCell,
    identifier: string,
  ): void {
    const states = new Map<string, { name: string; factor: number }>([
      [cell.potential, { name: 'v', factor: 1 }],
      ...cell.inputs.flatMap(({ state, scale }) =>
        state === null ? [] : [[state.variable, { name: state.name, factor: scale }] as const],
      ),
    ]);
    const words = Object.entries(population.initial).map(([variable, spec]) => {
      const where = `Population "${population.name}", first ${variable}`;
      const state = states.get(variable);
      if (state === undefined) refuseToWrite(TARGET, where, `${cell.name} has no such variable`);
      const dimension = model.variables.find(({ name }) => name === variable)?.dimension ?? [];
      const text = typeof spec === 'string' && readQuantity(spec) === null;
      const drawn = text
        ? drawnValue(this.#expression(spec, dimension, model, population), {
            count: population.size,
            values: this.#values(population),
            dtMs: this.#dtMs,
            factor: state.factor,
            where,
          })
        : pynnSpec(spec, dimension, state.factor, where);
      return `${state.name}=${drawn}`;
    });
    if (!Object.hasOwn(population.initial, cell.potential)) words.unshift('v=0.0');
    this.#lines.push(`${identifier}.initialize(${words.join(', ')})`);
  }

  #expression(
    text: string,
    dimension: readonly number[],
    model: CheckedPopulation,
    population: NeuronPopulationDocument,
  ): TypedExpression {
    const { params, timedArrays } = this.#document;
    const scope = scopeOf(params, timedArrays, population.params);
    return checkValue({ name: 'value', text }, dimension, 'float', model, scope);
  }

  #slice({ population, from = 0, to }: SliceReference): string {
    const identifier = this.#names.get(population) ?? population;
    const size = this.#document.populations.find(({ name }) => name === population)?.size ?? 0;
    const end = to ?? size;
    return from === 0 && end === size ? identifier : `${identifier}[${from}:${end}]`;
  }

  #projection(projection: ProjectionDocument): void {
    const { name, source, target, delay } = projection;
    const where = `Projection "${name}"`;
    const cell = this.#cells.get(target.population);
    if (cell === undefined) refuseToWrite(TARGET, where, 'its target takes no spikes');
    const { input, weight } = this.#weight(projection, cell, where);
    const identifier = this.#identifiers.of(name, 'projection');
    const { text: connector, note } = pynnConnector(projection, where);
    if (note !== null) this.#note(note);
    const delays = this.#delay(delay, where);
    const synapse = [weight, delays].some((one) => one.startsWith('['))
      ? this.#listed(projection, weight, delays, where)
      : `${connector},
    sim.StaticSynapse(weight=${weight}, delay=${delays})`;
    this.#lines.push(
      `${identifier} = sim.Projection(${this.#slice(source)}, ${this.#slice(target)}, ${synapse}, receptor_type='${input.receptor}')`,
    );
  }

  /** Connections with weights or delays of their own, which PyNN takes as columns of a list. */
  #listed({ connect }: ProjectionDocument, weight: string, delay: string, where: string): string {
    if (connect.rule !== 'list') {
      return refuseToWrite(TARGET, where, 'values of every synapse need a list of connections');
    }
    const column = (text: string): string =>
      text.startsWith('[') ? text : `[${text}] * ${connect.pre.length}`;
    const columns = [
      pythonList(connect.pre, '    '),
      pythonList(connect.post, '    '),
      column(weight),
      column(delay),
    ];
    return `sim.FromListConnector(list(zip(
    ${columns.join(',\n    ')})), column_names=['weight', 'delay']),
    sim.StaticSynapse()`;
  }

  #delay(delay: ProjectionDocument['delay'], where: string): string {
    const step = pythonNumber(this.#dtMs);
    const spec =
      typeof delay === 'object' && 'byPathway' in delay ? (delay.byPathway.pre ?? 0) : delay;
    const isNone = spec === undefined || spec === 0;
    if (!isNone && typeof spec !== 'string') {
      if (typeof spec === 'object' && !('values' in spec)) {
        this.#note(
          `PyNN refuses delays below a time step (${step} ms); distributions are not cut there.`,
        );
      }
      return pynnSpec(spec, DIMENSIONS.time, 1, where);
    }
    const value = isNone ? 0 : parseQuantity(spec, where, DIMENSIONS.time).value;
    if (value >= this.#dtMs) return pythonNumber(value);
    this.#note(`delays below a time step are one step (${step} ms) in PyNN.`);
    return step;
  }

  /** `variable += weight`, in PyNN's units. */
  #weight(
    projection: ProjectionDocument,
    cell: PynnCell,
    where: string,
  ): { input: CellInput; weight: string } {
    const { eqs = '', onPre, onPost, initial } = projection;
    const pathways = statementsOf(onPre);
    const model = this.#checked(projection);
    const [only, ...others] = model.pathways;
    const [statement, ...more] = only?.statements ?? [];
    const isStatic =
      onPost === undefined && pathways.size === 1 && others.length === 0 && more.length === 0;
    if (!isStatic || statement === undefined || !['+=', '-='].includes(statement.operator)) {
      refuseToWrite(TARGET, where, 'its synapses do more than add a weight');
    }
    const sign = statement.operator === '-=' ? -1 : 1;
    const inputs = cell.inputs.filter(({ variable }) => variable === statement.target.name);
    const [first] = inputs;
    if (first === undefined) {
      return refuseToWrite(TARGET, where, `${cell.name} has no input ${statement.target.name}`);
    }
    const { value } = statement;
    const target = this.#document.populations.find(
      ({ name }) => name === projection.target.population,
    );
    const values = {
      ...internal(this.#document.params),
      ...(target?.kind === 'neurons' ? internal(target.params) : {}),
      ...internal(projection.params),
    };
    const evaluate = (expression: typeof value): number | null => {
      const term = resolve(expression, { draws: new Map() });
      return term.host ? compileHost(term)(constantEnvironment(values, this.#dtMs)) : null;
    };
    const { own, factor } = ownWeight(value);
    const scale = factor === null ? 1 : evaluate(factor);
    if (own !== null && scale !== null && new RegExp(`^\\s*${own.name}\\s*:`).test(eqs)) {
      const spec = (initial[own.name] ?? 0) as ValueSpec;
      const weight = pynnSpec(spec, own.dimension, sign * scale * first.scale, where);
      return { input: first, weight };
    }
    if (eqs.trim() !== '') refuseToWrite(TARGET, where, 'its synapses have equations');
    const constant = evaluate(value);
    if (constant === null) {
      return refuseToWrite(TARGET, where, 'its weight is not the same for all synapses');
    }
    const amount = sign * constant;
    // A current below zero is an inhibitory one in PyNN, whatever variable it is added to.
    const isCurrent = !cell.name.includes('cond');
    const wanted = isCurrent && cell.inputs.length > 1 && inputs.length > 1 && amount < 0;
    const input = (wanted ? inputs[1] : first) as CellInput;
    if (isCurrent && inputs.length === 1 && amount !== 0) {
      const isInhibitory = input.receptor === 'inhibitory';
      if (isInhibitory !== amount < 0) {
        refuseToWrite(
          TARGET,
          where,
          `a weight of this sign is not possible on ${statement.target.name}`,
        );
      }
    }
    if (!isCurrent && amount < 0) refuseToWrite(TARGET, where, 'conductances are not negative');
    return { input, weight: pythonNumber(Number((amount * input.scale).toPrecision(12))) };
  }

  #checked(projection: ProjectionDocument): CheckedProjection {
    const { eqs, onPre, onPost, source, target, params, name } = projection;
    const { params: shared, timedArrays, populations } = this.#document;
    const post = populations.find((one) => one.name === target.population);
    const targetParams = scopeOf({}, {}, post?.kind === 'neurons' ? post.params : {}).params;
    const scope = { ...scopeOf(shared, timedArrays, params), targetParams };
    const ends = {
      pre: this.#models.get(source.population) ?? null,
      post: this.#models.get(target.population) ?? null,
    };
    const text = {
      eqs,
      onPre: Object.fromEntries(statementsOf(onPre)),
      onPost: Object.fromEntries(statementsOf(onPost, 'post')),
    };
    return checkProjection(text, ends, scope, `projection "${name}"`);
  }

  /** Poisson inputs as one source of n times the rate for every neuron. */
  #poissonInput(
    name: string,
    input: { target: SliceReference; variable: string; n: number; rate: Quantity; weight: string },
  ): void {
    const where = `Poisson input "${name}"`;
    const cell = this.#cells.get(input.target.population);
    const inputs = cell?.inputs.filter(({ variable }) => variable === input.variable) ?? [];
    if (inputs.length === 0) refuseToWrite(TARGET, where, `there is no input ${input.variable}`);
    const population = this.#document.populations.find(
      (one) => one.name === input.target.population,
    ) as NeuronPopulationDocument;
    const model = this.#models.get(population.name) as CheckedPopulation;
    const variable = model.variables.find((one) => one.name === input.variable);
    const typed = this.#expression(input.weight, variable?.dimension ?? [], model, population);
    const term = resolve(typed, { draws: new Map() });
    if (!term.host) refuseToWrite(TARGET, where, 'its weight is not the same for all neurons');
    const amount = compileHost(term)(constantEnvironment(this.#values(population), this.#dtMs));
    const chosen = (amount < 0 ? inputs.at(-1) : inputs[0]) as CellInput;
    const hertz = parseQuantity(input.rate, where, DIMENSIONS.rate).value * 1000 * input.n;
    const slice = this.#slice(input.target);
    const source = this.#identifiers.of(name, 'input');
    const weight = pythonNumber(Number((amount * chosen.scale).toPrecision(12)));
    this.#note('Poisson inputs are one source for every neuron in PyNN, of all rates together.');
    this.#lines.push(
      `${source} = sim.Population(${slice}.size, sim.SpikeSourcePoisson(rate=${pythonNumber(hertz)}))
sim.Projection(${source}, ${slice}, sim.OneToOneConnector(),
    sim.StaticSynapse(weight=${weight}, delay=${pythonNumber(this.#dtMs)}), receptor_type='${chosen.receptor}')`,
    );
  }

  #state(name: string, target: SliceReference, variables: readonly string[]): void {
    const cell = this.#cells.get(target.population);
    const known = variables.flatMap((variable) => {
      if (variable === cell?.potential) return ['v'];
      const input = cell?.inputs.find(({ state }) => state?.variable === variable);
      return input?.state === null || input === undefined ? [] : [input.state.name];
    });
    if (known.length < variables.length) {
      this.#note(
        `recording "${name}": PyNN records ${known.join(', ') || 'none of its variables'}.`,
      );
    }
    if (known.length === 0) return;
    const words = [...new Set(known)].map(pythonText).join(', ');
    this.#lines.push(`${this.#slice(target)}.record([${words}])`);
  }

  #refusePositions(): void {
    const placed = this.#document.populations.filter(({ positions }) => positions !== undefined);
    if (placed.length === 0) return;
    const names = new Set(textsOf(this.#document).flatMap((text) => [...namesIn(text)]));
    const read = [...names].find((name) => /^(distance|[xyz](_pre|_post)?)$/.test(name));
    if (read !== undefined) {
      refuseToWrite(TARGET, `Population "${placed[0]?.name}"`, `its positions are read (${read})`);
    }
    this.#note(`positions are left out: ${placed.map(({ name }) => name).join(', ')}.`);
  }
}

/** The rate of a population that does nothing but spike at random; null for others. */
function poissonRate(
  { eqs, threshold, reset, refractory, onStep, params, initial }: NeuronPopulationDocument,
  shared: Readonly<Record<string, Quantity>>,
): Quantity | null {
  const isPlain =
    eqs.trim() === '' &&
    threshold?.replace(/\s/g, '') === 'rand()<rate*dt' &&
    [reset, refractory, onStep].every((text) => text === undefined) &&
    Object.keys(initial).length === 0;
  return isPlain ? (params.rate ?? shared.rate ?? null) : null;
}

/** "w" or "strength*w": the variable of the synapse, and what it is multiplied by. */
function ownWeight(value: TypedExpression): {
  readonly own: { readonly name: string; readonly dimension: TypedExpression['dimension'] } | null;
  readonly factor: TypedExpression | null;
} {
  const variableOf = (
    part: TypedExpression,
  ): { name: string; dimension: TypedExpression['dimension'] } | null =>
    part.kind === 'symbol' && part.symbol.role === 'variable'
      ? { name: part.symbol.name, dimension: part.dimension }
      : null;
  if (value.kind !== 'binary' || value.operator !== '*') {
    return { own: variableOf(value), factor: null };
  }
  const { left, right } = value;
  const own = variableOf(right);
  return own === null ? { own: variableOf(left), factor: right } : { own, factor: left };
}
