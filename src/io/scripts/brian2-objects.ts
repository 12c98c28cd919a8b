/** The objects that a Brian 2 script makes, as the reader keeps them. Data only; brian2-host.ts fills them. */
import type { ConnectRule, Quantity, ValueSpec } from '../../network/document.ts';
import type { NumberValue, ScriptValue } from './script-values.ts';

/** A text of equations or statements, and the line of the script in which it begins. */
export interface TextAt {
  readonly text: string;
  readonly line: number;
}

/** First values by variable, in the order in which the script gives them. */
export type Initial = Map<string, ValueSpec>;

export type Namespace = ReadonlyMap<string, ScriptValue> | null;

export class GroupObject {
  label: string | null = null;
  readonly line: number;
  readonly size: number;
  /** Given spikes; null for neurons with equations. */
  spikes: { readonly indices: readonly number[]; readonly timesMs: readonly number[] } | null =
    null;
  eqs: TextAt = { text: '', line: 0 };
  onStep: TextAt | null = null;
  threshold: TextAt | null = null;
  reset: TextAt | null = null;
  refractory: TextAt | null = null;
  /** null: Brian 2's own choice. */
  method: string | null = null;
  namespace: Namespace = null;
  /** A Poisson group's rate, where it is one for all. */
  rate: Quantity | null = null;
  readonly initial: Initial = new Map();

  constructor(size: number, line: number) {
    this.size = size;
    this.line = line;
  }
}

/** Neurons from … to-1 of a group. */
export class SliceObject {
  readonly group: GroupObject;
  readonly from: number;
  readonly to: number;

  constructor(group: GroupObject, from = 0, to = group.size) {
    this.group = group;
    this.from = from;
    this.to = to;
  }

  get size(): number {
    return this.to - this.from;
  }

  get isWhole(): boolean {
    return this.from === 0 && this.to === this.group.size;
  }
}

export class SynapsesObject {
  label: string | null = null;
  readonly line: number;
  readonly source: SliceObject;
  readonly target: SliceObject;
  eqs: TextAt = { text: '', line: 0 };
  onPre: ReadonlyMap<string, TextAt> = new Map();
  onPost: ReadonlyMap<string, TextAt> = new Map();
  method: string | null = null;
  namespace: Namespace = null;
  readonly delays = new Map<string, ValueSpec>();
  readonly initial: Initial = new Map();
  readonly rules: ConnectRule[] = [];

  constructor(source: SliceObject, target: SliceObject, line: number) {
    this.source = source;
    this.target = target;
    this.line = line;
  }
}

/** `synapses.pre`, which has a delay. */
export class PathwayObject {
  readonly synapses: SynapsesObject;
  readonly name: string;

  constructor(synapses: SynapsesObject, name: string) {
    this.synapses = synapses;
    this.name = name;
  }
}

/** `group.v`, to be read or set in parts. */
export class VariableObject {
  readonly owner: GroupObject | SliceObject | SynapsesObject | PathwayObject;
  readonly name: string;

  constructor(owner: GroupObject | SliceObject | SynapsesObject | PathwayObject, name: string) {
    this.owner = owner;
    this.name = name;
  }
}

/** A connection rule that a function of toBrian2 stands for. */
export class RuleObject {
  readonly rule: ConnectRule;

  constructor(rule: ConnectRule) {
    this.rule = rule;
  }
}

export class InputObject {
  label: string | null = null;
  readonly line: number;
  readonly target: SliceObject;
  readonly variable: string;
  readonly n: number;
  readonly rate: Quantity;
  readonly weight: TextAt;

  constructor(
    target: SliceObject,
    line: number,
    input: { variable: string; n: number; rate: Quantity; weight: TextAt },
  ) {
    this.target = target;
    this.line = line;
    this.variable = input.variable;
    this.n = input.n;
    this.rate = input.rate;
    this.weight = input.weight;
  }
}

export class TableObject {
  readonly dt: Quantity;
  readonly unit: string;
  readonly columns: number;
  readonly values: readonly number[];

  constructor(table: { dt: Quantity; unit: string; columns: number; values: readonly number[] }) {
    this.dt = table.dt;
    this.unit = table.unit;
    this.columns = table.columns;
    this.values = table.values;
  }
}

export class MonitorObject {
  label: string | null = null;
  readonly line: number;
  readonly kind: 'spikes' | 'state' | 'rate';
  readonly target: SliceObject;
  readonly variables: readonly string[];
  readonly neurons: readonly number[] | null;
  readonly every: Quantity | null;

  constructor(
    kind: 'spikes' | 'state' | 'rate',
    target: SliceObject,
    line: number,
    more: {
      variables?: readonly string[];
      neurons?: readonly number[] | null;
      every?: Quantity | null;
    } = {},
  ) {
    this.kind = kind;
    this.target = target;
    this.line = line;
    this.variables = more.variables ?? [];
    this.neurons = more.neurons ?? null;
    this.every = more.every ?? null;
  }
}

/** `Network(…)`: which objects run. */
export class NetworkObject {
  readonly members = new Set<object>();
  /** collect(): all of them. */
  isAll = false;
}

/** `defaultclock`. */
export class ClockObject {}

export type MadeObject = GroupObject | SynapsesObject | InputObject | MonitorObject;

/** Everything that a script has made, when it runs. */
export interface ScriptNetwork {
  readonly groups: readonly GroupObject[];
  readonly synapses: readonly SynapsesObject[];
  readonly inputs: readonly InputObject[];
  readonly monitors: readonly MonitorObject[];
  readonly names: ReadonlyMap<string, ScriptValue>;
  readonly dt: Quantity;
  readonly seed: number | null;
  /** Of all runs. */
  readonly duration: NumberValue | null;
}
