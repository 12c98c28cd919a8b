/**
 * What the classes and functions of Brian 2 do while a script is read: they make the objects of brian2-objects.ts. What
 * a network document cannot say is a fault of its line.
 */

import { DIMENSIONS, sameDimension } from '../../language/units.ts';
import type { Quantity } from '../../network/document.ts';
import { MOST_NEURONS } from '../../network/fields.ts';
import {
  Arguments,
  arrayOrOne,
  equations,
  equationsOf,
  methodOf,
  namespaceOf,
  numbersIn,
  pathwaysOf,
  refractoryOf,
  sliceOf,
  timedArray,
} from './brian2-arguments.ts';
import {
  ClockObject,
  GroupObject,
  InputObject,
  type MadeObject,
  MonitorObject,
  NetworkObject,
  PathwayObject,
  RuleObject,
  type ScriptNetwork,
  SliceObject,
  SynapsesObject,
  type TextAt,
  VariableObject,
} from './brian2-objects.ts';
import { connectRule, ruleOfOwn } from './brian2-rules.ts';
import { partial, partOf, put, specOf, valueNow } from './brian2-set-values.ts';
import { ScriptFault } from './python-tokens.ts';
import { type CallArguments, itemsOf, numberOf, wholeOf } from './script-functions.ts';
import type { ScriptHost, ScriptIndex } from './script-host.ts';
import {
  binary,
  NONE,
  type NumberValue,
  numberValue,
  quantityText,
  type ScriptValue,
  valueSpec,
} from './script-values.ts';

/** Classes and functions of Brian 2 that networks here have nothing for. */
const REFUSED: ReadonlySet<string> = new Set(
  (
    'SpatialNeuron SpatialSubgroup Morphology Soma Cylinder Section EventMonitor NetworkOperation network_operation ' +
    'linked_var BinomialFunction Function Clock store restore ThresholdNeuronGroup CodeRunner'
  ).split(' '),
);

const NEURONS = ['N', 'model', 'method', 'threshold', 'reset', 'refractory', 'events', 'namespace'];
const SYNAPSES = [
  'source',
  'target',
  'model',
  'on_pre',
  'pre',
  'on_post',
  'post',
  'connect',
  'delay',
  'on_event',
  'multisynaptic_index',
  'namespace',
];

export class BrianHost implements ScriptHost {
  readonly notes: string[] = [];
  readonly #groups: GroupObject[] = [];
  readonly #synapses: SynapsesObject[] = [];
  readonly #inputs: InputObject[] = [];
  readonly #monitors: MonitorObject[] = [];
  readonly #clock = new ClockObject();
  readonly #names: () => ReadonlyMap<string, ScriptValue>;
  readonly #spend: (line: number, steps: number) => void;
  readonly #ownFunctions: ReadonlySet<string>;
  #dt: Quantity = '0.1 ms';
  #seed: number | null = null;
  #duration: NumberValue | null = null;
  #members: ReadonlySet<object> | null = null;
  #namesAtRun: ReadonlyMap<string, ScriptValue> | null = null;

  /**
   * `names`: the names of the script as they are now. `spend` counts work and throws when it is too much. `ownFunctions`:
   * those of toBrian2 that the script has.
   */
  constructor(
    names: () => ReadonlyMap<string, ScriptValue>,
    spend: (line: number, steps: number) => void,
    ownFunctions: ReadonlySet<string> = new Set(),
  ) {
    this.#names = names;
    this.#spend = spend;
    this.#ownFunctions = ownFunctions;
  }

  /** The network that ran, or would. */
  get network(): ScriptNetwork {
    const isIn = (one: MadeObject): boolean => this.#members?.has(one) ?? true;
    return {
      groups: this.#groups.filter(isIn),
      synapses: this.#synapses.filter(isIn),
      inputs: this.#inputs.filter(isIn),
      monitors: this.#monitors.filter(isIn),
      names: this.#namesAtRun ?? this.#names(),
      dt: this.#dt,
      seed: this.#seed,
      duration: this.#duration,
    };
  }

  named(name: string): ScriptValue | undefined {
    return name === 'defaultclock' ? { kind: 'object', object: this.#clock } : undefined;
  }

  label(object: object, name: string): void {
    const isNamed =
      object instanceof GroupObject ||
      object instanceof SynapsesObject ||
      object instanceof InputObject ||
      object instanceof MonitorObject;
    if (isNamed) object.label ??= name;
  }

  foreign(what: string, names: readonly string[], line: number): ScriptValue | null {
    const [name] = names;
    if (name !== undefined && this.#ownFunctions.has(name)) return { kind: 'builtin', name };
    const isOperation = what.startsWith('@network_operation');
    throw new ScriptFault(
      line,
      isOperation
        ? 'network_operation runs Python while the network runs, which a network here cannot'
        : `${what} is not read`,
    );
  }

  construct(name: string, call: CallArguments, line: number): ScriptValue | undefined {
    // Every object is checked in the end, with all its texts.
    if (/^[A-Z]/.test(name)) this.#spend(line, 200);
    if (REFUSED.has(name)) throw new ScriptFault(line, `${name} has no counterpart here`);
    if (this.#ownFunctions.has(name)) {
      const rule = ruleOfOwn(name, call, line);
      if (rule === null) return undefined;
      return { kind: 'dictionary', entries: new Map([['rule', made(new RuleObject(rule))]]) };
    }
    return this.#make(name, call, line);
  }

  #make(name: string, call: CallArguments, line: number): ScriptValue | undefined {
    switch (name) {
      case 'NeuronGroup':
        return made(this.#neuronGroup(call, line));
      case 'PoissonGroup':
        return made(this.#poissonGroup(call, line));
      case 'SpikeGeneratorGroup':
        return made(this.#spikeGenerator(call, line));
      case 'Synapses':
        return made(this.#makeSynapses(call, line));
      case 'PoissonInput':
        return made(this.#poissonInput(call, line));
      case 'TimedArray':
        return made(timedArray(call, line));
      case 'Equations':
        return equations(call, line);
      case 'SpikeMonitor':
      case 'StateMonitor':
      case 'PopulationRateMonitor':
        return made(this.#monitor(name, call, line));
      case 'Network':
        return made(addTo(new NetworkObject(), call.list));
      case 'collect':
        return { kind: 'builtin', name: 'collect' };
      case 'run':
        return this.#run(call, line);
      case 'seed':
        return this.#setSeed(call.list[0], line);
      case 'start_scope':
        return NONE;
      case 'len':
        return sizeOf(call.list[0]);
      case 'set_device':
        this.notes.push(`line ${line}: devices of Brian 2 mean nothing here.`);
        return NONE;
      default:
        return undefined;
    }
  }

  #setSeed(value: ScriptValue | undefined, line: number): ScriptValue {
    if (value === undefined || value.kind === 'none') return NONE;
    this.#seed = wholeOf(value, 'seed', line) >>> 0;
    return NONE;
  }

  #neuronGroup(call: CallArguments, line: number): GroupObject {
    const given = new Arguments('NeuronGroup', NEURONS, call, line).allow([
      ...NEURONS.filter((one) => one !== 'events'),
      'name',
    ]);
    const group = new GroupObject(groupSize(given.get('N'), line), line);
    const name = given.text('name');
    group.label = name?.text ?? null;
    group.eqs = equationsOf(given.get('model'), line);
    group.method = methodOf(given.get('method'), line);
    group.threshold = given.text('threshold');
    group.reset = given.text('reset');
    group.refractory = refractoryOf(given.get('refractory'), line);
    group.namespace = namespaceOf(given.get('namespace'), line);
    this.#groups.push(group);
    return group;
  }

  #poissonGroup(call: CallArguments, line: number): GroupObject {
    const given = new Arguments('PoissonGroup', ['N', 'rates'], call, line).allow([
      'N',
      'rates',
      'name',
      'namespace',
    ]);
    const group = new GroupObject(groupSize(given.get('N'), line), line);
    group.label = given.text('name')?.text ?? null;
    group.namespace = namespaceOf(given.get('namespace'), line);
    const rates = given.get('rates');
    const spec = rates === undefined ? null : valueSpec(rates);
    if (rates === undefined || spec === null) throw new ScriptFault(line, 'rates are not read');
    const threshold = 'rand() < rates*dt';
    group.threshold = { text: threshold, line };
    if (rates.kind === 'text') group.eqs = { text: `rates = ${rates.text} : Hz`, line: rates.line };
    else {
      group.eqs = { text: 'rates : Hz', line };
      group.initial.set('rates', spec);
      if (rates.kind === 'number') {
        group.eqs = { text: '', line };
        group.initial.clear();
        group.rate = quantityText(rates);
        group.threshold = { text: 'rand() < rate*dt', line };
      }
    }
    this.#groups.push(group);
    return group;
  }

  #spikeGenerator(call: CallArguments, line: number): GroupObject {
    const names = ['N', 'indices', 'times', 'dt', 'clock', 'period'];
    const given = new Arguments('SpikeGeneratorGroup', names, call, line).allow([
      'N',
      'indices',
      'times',
      'name',
      'sorted',
    ]);
    const group = new GroupObject(groupSize(given.get('N'), line), line);
    group.label = given.text('name')?.text ?? null;
    const indices = numbersIn(given.get('indices'), 'indices', line);
    const times = arrayOrOne(given.get('times'));
    if (times === null || !sameDimension(times.dimension, DIMENSIONS.time)) {
      throw new ScriptFault(line, 'SpikeGeneratorGroup: times must be times');
    }
    const isMs = times.unit === 'ms';
    const timesMs = times.values.map((one) =>
      isMs ? one : Number((one * times.factor * 1e3).toPrecision(15)),
    );
    group.spikes = { indices, timesMs };
    this.#groups.push(group);
    return group;
  }

  #makeSynapses(call: CallArguments, line: number): SynapsesObject {
    const given = new Arguments('Synapses', SYNAPSES, call, line).allow([
      'source',
      'target',
      'model',
      'on_pre',
      'pre',
      'on_post',
      'post',
      'delay',
      'namespace',
      'method',
      'name',
    ]);
    const source = sliceOf(given.get('source'), 'source', line);
    const target = given.get('target');
    const synapses = new SynapsesObject(
      source,
      target === undefined ? source : sliceOf(target, 'target', line),
      line,
    );
    synapses.label = given.text('name')?.text ?? null;
    synapses.eqs = equationsOf(given.get('model'), line);
    synapses.onPre = pathwaysOf(given.get('on_pre', 'pre'), 'pre', line);
    synapses.onPost = pathwaysOf(given.get('on_post', 'post'), 'post', line);
    synapses.method = methodOf(given.get('method'), line);
    synapses.namespace = namespaceOf(given.get('namespace'), line);
    const delay = given.get('delay');
    if (delay?.kind === 'dictionary') {
      for (const [name, value] of delay.entries)
        synapses.delays.set(name, specOf(value, 'delay', line));
    } else if (delay !== undefined) synapses.delays.set('pre', specOf(delay, 'delay', line));
    this.#synapses.push(synapses);
    return synapses;
  }

  #poissonInput(call: CallArguments, line: number): InputObject {
    const names = ['target', 'target_var', 'N', 'rate', 'weight', 'when', 'order'];
    const given = new Arguments('PoissonInput', names, call, line).allow(names.slice(0, 5));
    const weight = given.get('weight');
    const amount: TextAt | null =
      weight?.kind === 'text'
        ? { text: weight.text, line: weight.line }
        : weight?.kind === 'number'
          ? { text: `${quantityText(weight)}`, line }
          : null;
    if (amount === null) throw new ScriptFault(line, 'PoissonInput: weight is not read');
    const input = new InputObject(sliceOf(given.get('target'), 'target', line), line, {
      variable: given.text('target_var')?.text ?? '',
      n: wholeOf(given.get('N'), 'N', line),
      rate: quantityText(numberOf(given.get('rate'), 'rate', line)),
      weight: amount,
    });
    this.#inputs.push(input);
    return input;
  }

  #monitor(name: string, call: CallArguments, line: number): MonitorObject {
    const positions =
      name === 'PopulationRateMonitor' ? ['source'] : ['source', 'variables', 'record'];
    const given = new Arguments(name, positions, call, line).allow([...positions, 'dt', 'name']);
    const source = given.get('source');
    if (source?.kind === 'object' && source.object instanceof SynapsesObject) {
      throw new ScriptFault(
        line,
        `${name} of synapses: single synapses are not recorded over time here`,
      );
    }
    const target = sliceOf(source, 'source', line);
    const kind = name === 'SpikeMonitor' ? 'spikes' : name === 'StateMonitor' ? 'state' : 'rate';
    const monitor = new MonitorObject(
      kind,
      target,
      line,
      kind === 'state' ? this.#stateOptions(given, target, line) : {},
    );
    if (kind === 'spikes' && given.get('variables') !== undefined) {
      this.notes.push(`line ${line}: variables of SpikeMonitor are not kept.`);
    }
    monitor.label = given.text('name')?.text ?? null;
    this.#monitors.push(monitor);
    return monitor;
  }

  #stateOptions(given: Arguments, { size }: SliceObject, line: number) {
    const variables = given.get('variables');
    const names =
      variables?.kind === 'text'
        ? [variables.text]
        : itemsOf(variables ?? NONE, line).map((one) => (one.kind === 'text' ? one.text : ''));
    const record = given.get('record') ?? { kind: 'boolean', value: false };
    if (record.kind === 'boolean' && !record.value) {
      throw new ScriptFault(line, 'StateMonitor: record=True or a list of neurons is needed here');
    }
    const neurons =
      record.kind === 'boolean'
        ? null
        : record.kind === 'number'
          ? [wholeOf(record, 'record', line)]
          : numbersIn(record, 'record', line);
    const every = given.get('dt');
    return {
      variables: names,
      neurons: neurons?.map((one) => (one < 0 ? size + one : one)) ?? null,
      every: every === undefined ? null : quantityText(numberOf(every, 'dt', line)),
    };
  }

  #run({ list, named }: CallArguments, line: number): ScriptValue {
    const duration = numberOf(list[0] ?? named.get('duration'), 'the duration', line);
    if (!sameDimension(duration.dimension, DIMENSIONS.time)) {
      throw new ScriptFault(line, 'run needs a time');
    }
    if (this.#duration === null) {
      this.#duration = duration;
      this.#namesAtRun = new Map(this.#names());
      return NONE;
    }
    this.#duration = binary('+', this.#duration, duration, line) as NumberValue;
    this.notes.push(`line ${line}: runs are put together into one.`);
    return NONE;
  }

  /** Nothing of a network changes between two runs here. */
  #refuseAfterRun(line: number): void {
    if (this.#duration === null) return;
    throw new ScriptFault(
      line,
      'this changes the network after it has run, which a document cannot say',
    );
  }

  attribute(object: object, name: string, line: number): ScriptValue {
    if (object instanceof ClockObject) {
      if (name !== 'dt') return { kind: 'opaque', why: `defaultclock.${name}` };
      return { kind: 'opaque', why: 'defaultclock.dt' };
    }
    if (object instanceof MonitorObject) return { kind: 'opaque', why: 'the result of a run' };
    if (object instanceof GroupObject || object instanceof SliceObject) {
      const { size } = object;
      if (name === 'N') return numberValue(size, true);
      return { kind: 'object', object: new VariableObject(object, name) };
    }
    if (object instanceof SynapsesObject) {
      const isPathway = object.onPre.has(name) || object.onPost.has(name);
      if (isPathway) return { kind: 'object', object: new PathwayObject(object, name) };
      return { kind: 'object', object: new VariableObject(object, name) };
    }
    if (object instanceof PathwayObject) {
      return { kind: 'object', object: new VariableObject(object, name) };
    }
    return { kind: 'opaque', why: `.${name} (line ${line})` };
  }

  setAttribute(object: object, name: string, value: ScriptValue, line: number): void {
    if (object instanceof ClockObject) {
      if (name !== 'dt') throw new ScriptFault(line, `defaultclock.${name} is not read`);
      this.#dt = quantityText(numberOf(value, 'dt', line));
      return;
    }
    this.#set(new VariableObject(object as GroupObject, name), null, value, line);
  }

  setItem(object: object, index: ScriptIndex, value: ScriptValue, line: number): void {
    if (!(object instanceof VariableObject))
      throw new ScriptFault(line, 'setting entries of this is not read');
    this.#set(object, index, value, line);
  }

  #set(
    { owner, name }: VariableObject,
    index: ScriptIndex | null,
    value: ScriptValue,
    line: number,
  ): void {
    this.#refuseAfterRun(line);
    const isAll =
      index === null || (!('value' in index) && index.from === null && index.to === null);
    const spec = specOf(value, `the value of ${name}`, line);
    if (owner instanceof PathwayObject || (owner instanceof SynapsesObject && name === 'delay')) {
      if (name !== 'delay' || !isAll) throw new ScriptFault(line, `.${name} in part is not read`);
      const pathway = owner instanceof PathwayObject ? owner.name : 'pre';
      const synapses = owner instanceof PathwayObject ? owner.synapses : owner;
      synapses.delays.set(pathway, spec);
      return;
    }
    if (owner instanceof SynapsesObject) {
      if (!isAll)
        throw new ScriptFault(line, `values of some synapses only are not read (${name})`);
      put(owner.initial, name, spec);
      return;
    }
    if (!(owner instanceof GroupObject || owner instanceof SliceObject)) {
      throw new ScriptFault(line, `setting .${name} of this is not read`);
    }
    const slice = owner instanceof GroupObject ? new SliceObject(owner) : owner;
    const part = isAll ? slice : partOf(slice, index as ScriptIndex, line);
    if (!part.isWhole) this.#spend(line, part.group.size);
    if (part.isWhole) put(part.group.initial, name, spec);
    else put(part.group.initial, name, partial(part, name, spec, line));
  }

  method(object: object, name: string, call: CallArguments, line: number): ScriptValue {
    if (object instanceof SynapsesObject && name === 'connect') {
      this.#refuseAfterRun(line);
      this.#spend(line, 200);
      object.rules.push(connectRule(object, call, (steps) => this.#spend(line, steps), line));
      return NONE;
    }
    if (object instanceof NetworkObject) {
      if (name === 'add') addTo(object, call.list);
      else if (name === 'run') {
        const isWhole = object.isAll || object.members.size === 0;
        if (!isWhole) this.#members = object.members;
        this.#run(call, line);
      } else throw new ScriptFault(line, `Network.${name} is not read`);
      return NONE;
    }
    if (object instanceof GroupObject && name === 'run_regularly') {
      return this.#regularly(object, call, line);
    }
    if (object instanceof MonitorObject) return { kind: 'opaque', why: 'the result of a run' };
    throw new ScriptFault(line, `.${name}() has no counterpart here`);
  }

  /** Statements of every step are those between integration and the spike test. */
  #regularly(group: GroupObject, call: CallArguments, line: number): ScriptValue {
    const given = new Arguments('run_regularly', ['code', 'dt', 'clock', 'when'], call, line).allow(
      ['code', 'when', 'name'],
    );
    const when = given.text('when')?.text ?? 'start';
    if (!['after_groups', 'before_thresholds'].includes(when)) {
      throw new ScriptFault(
        line,
        `run_regularly at "${when}": only when='after_groups' has a counterpart`,
      );
    }
    if (group.onStep !== null) throw new ScriptFault(line, 'a second run_regularly is not read');
    group.onStep = given.text('code');
    return NONE;
  }

  item(object: object, index: ScriptIndex, line: number): ScriptValue {
    if (object instanceof GroupObject) {
      return { kind: 'object', object: partOf(new SliceObject(object), index, line) };
    }
    if (object instanceof SliceObject) {
      return { kind: 'object', object: partOf(object, index, line) };
    }
    if (object instanceof VariableObject) return valueNow(object);
    if (object instanceof MonitorObject) return { kind: 'opaque', why: 'the result of a run' };
    throw new ScriptFault(line, 'an entry of this is not read');
  }
}

const made = (object: object): ScriptValue => ({ kind: 'object', object });

/** How many neurons a group has. */
function groupSize(value: ScriptValue | undefined, line: number): number {
  const size = wholeOf(value, 'N', line);
  if (size >= 1 && size <= MOST_NEURONS) return size;
  throw new ScriptFault(line, `a group of ${size} neurons: 1 to ${MOST_NEURONS} are possible`);
}

/** Of a group; undefined for lists. */
function sizeOf(value: ScriptValue | undefined): ScriptValue | undefined {
  if (value?.kind !== 'object') return undefined;
  const { object } = value;
  const isGroup = object instanceof GroupObject || object instanceof SliceObject;
  if (isGroup) return numberValue(object.size, true);
  return { kind: 'opaque', why: 'the number of synapses' };
}

/** Objects, also in lists and dictionaries. */
function addTo(network: NetworkObject, values: readonly ScriptValue[], depth = 0): NetworkObject {
  if (depth > 8) return network;
  for (const value of values) {
    if (value.kind === 'object') network.members.add(value.object);
    else if (value.kind === 'list') addTo(network, value.items, depth + 1);
    else if (value.kind === 'dictionary') addTo(network, [...value.entries.values()], depth + 1);
    else if (value.kind === 'builtin' && value.name === 'collect') network.isAll = true;
  }
  return network;
}
