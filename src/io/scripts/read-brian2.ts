/**
 * "Paste from Brian 2": a script as a network document. The script is read, never run: assignments of quantities, groups,
 * synapses, their equations and connections, inputs, monitors and runs, with the arithmetic that scripts do on numbers and
 * lists. Whatever else it says is reported by line.
 */
import { NetworkError } from '../../errors.ts';
import { describeValue } from '../../language/argument.ts';
import type { CheckedPopulation } from '../../language/ast.ts';
import { checkPopulation } from '../../language/check.ts';
import { chooseMethod } from '../../language/integrate.ts';
import type {
  NetworkDocument,
  NeuronPopulationDocument,
  PoissonInputDocument,
  PopulationDocument,
  ProjectionDocument,
  Quantity,
  RecordingDocument,
  SliceReference,
  TimedArrayDocument,
  ValueSpec,
} from '../../network/document.ts';
import { validateDocument } from '../../network/validate.ts';
import { HELPERS } from './brian2-connect.ts';
import { BrianHost } from './brian2-host.ts';
import {
  type GroupObject,
  type Namespace,
  type ScriptNetwork,
  type SliceObject,
  type SynapsesObject,
  TableObject,
  type TextAt,
} from './brian2-objects.ts';
import { checkTexts, scopeOf } from './check-texts.ts';
import { parsePython } from './python-parse.ts';
import { namesIn } from './python-text.ts';
import { LONGEST_SCRIPT, ScriptFault } from './python-tokens.ts';
import type { ScriptProblem } from './script-host.ts';
import { ScriptReader } from './script-reader.ts';
import { kindOf, quantityText, type ScriptValue } from './script-values.ts';

export type { ScriptProblem } from './script-host.ts';

/** What a script says. */
export interface BrianScript {
  /** null where so much is not understood that nothing could run. */
  readonly document: NetworkDocument | null;
  /** How long the script runs; null where it does not say. */
  readonly duration: Quantity | null;
  /** What was decided or passed over, one line each. */
  readonly notes: readonly string[];
  /** What is not supported or wrong, by line. The document is complete where there are none. */
  readonly problems: readonly ScriptProblem[];
}

/**
 * Reads a Brian 2 script. Never throws for what a script says: that is in `problems`. Throws TypeError for what is no
 * text, NetworkError for one of more than two million characters.
 */
export function fromBrian2(text: string): BrianScript {
  if (typeof text !== 'string') {
    throw new TypeError(`fromBrian2: the script must be a text, got ${describeValue(text)}.`);
  }
  if (text.length > LONGEST_SCRIPT) {
    throw new NetworkError(
      `The script has ${text.length} characters; at most ${LONGEST_SCRIPT} are read.`,
      { path: 'script' },
    );
  }
  let reader: ScriptReader | undefined;
  const host = new BrianHost(
    () => reader?.names ?? new Map(),
    (line, steps) => reader?.spend(line, steps),
    ownFunctions(text),
  );
  reader = new ScriptReader(host);
  try {
    reader.read(parsePython(text));
  } catch (error) {
    if (!(error instanceof ScriptFault)) throw error;
    const problem = { line: error.line, message: error.message };
    return { document: null, duration: null, notes: [], problems: [problem] };
  }
  const builder = new DocumentBuilder(host.network);
  const document = builder.build();
  const problems = [...reader.problems, ...builder.problems].sort((a, b) => a.line - b.line);
  const { duration } = host.network;
  const notes = [...host.notes, ...builder.notes, ...passedOver(reader.passedOver)];
  if (duration === null) notes.push('the script does not run the network; it says no duration.');
  return {
    document,
    duration: duration === null ? null : quantityText(duration),
    notes,
    problems,
  };
}

/** Functions of scripts written by toBrian2 that this one has as they are. */
const ownFunctions = (text: string): ReadonlySet<string> =>
  new Set(
    [...HELPERS].flatMap(([name, helper]) =>
      text.includes(`${helper}\n`) && text.split(`def ${name}(`).length === 2 ? [name] : [],
    ),
  );

function passedOver(lines: ReadonlySet<number>): string[] {
  if (lines.size === 0) return [];
  const sorted = [...lines].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let k = 0; k < sorted.length; k++) {
    const first = sorted[k] as number;
    let last = first;
    while (sorted[k + 1] === last + 1) last = sorted[++k] as number;
    parts.push(first === last ? `${first}` : `${first}–${last}`);
  }
  return [
    `line${sorted.length === 1 ? '' : 's'} ${parts.slice(0, 20).join(', ')}: settings, results and pictures are passed over.`,
  ];
}

/** Names that never are parameters. */
const SPECIAL = new Set(
  't dt t_in_timesteps i j N N_pre N_post N_incoming N_outgoing lastspike lastupdate not_refractory'.split(
    ' ',
  ),
);

class DocumentBuilder {
  readonly notes: string[] = [];
  readonly problems: ScriptProblem[] = [];
  readonly #made: ScriptNetwork;
  readonly #labels = new Map<object, string>();
  readonly #taken = new Set<string>();
  /** How many objects have a name with this beginning. */
  readonly #counts = new Map<string, number>();
  readonly #params: Record<string, Quantity> = {};
  readonly #tables: Record<string, TimedArrayDocument> = {};
  readonly #populations = new Map<GroupObject, PopulationDocument>();
  readonly #texts = new Map<string, TextAt>();

  constructor(made: ScriptNetwork) {
    this.#made = made;
  }

  build(): NetworkDocument | null {
    const { groups, synapses, inputs, monitors, dt, seed } = this.#made;
    if (groups.length === 0) {
      this.#problem(1, 'the script makes no group of neurons');
      return null;
    }
    for (const group of groups) this.#guard(group.line, () => this.#addGroup(group));
    const projections: ProjectionDocument[] = [];
    for (const one of synapses)
      this.#guard(one.line, () => projections.push(...this.#projections(one)));
    const documents = inputs.map((input): PoissonInputDocument => {
      const { group } = input.target;
      const defined = definedIn(group.eqs.text);
      this.#parameters([input.weight.text], group.namespace, null, { line: input.line, defined });
      const { variable, n, rate, weight } = input;
      const name = this.#label(input, input.label, 'input');
      return {
        name,
        target: this.#reference(input.target),
        variable,
        n,
        rate,
        weight: weight.text,
      };
    });
    const recordings: RecordingDocument[] = monitors.map((monitor) => {
      const target = this.#reference(monitor.target);
      const name = this.#label(monitor, monitor.label, 'recording');
      if (monitor.kind !== 'state') return { kind: monitor.kind, name, target };
      return {
        kind: 'state',
        name,
        target,
        variables: monitor.variables,
        ...(monitor.neurons !== null && { neurons: monitor.neurons }),
        ...(monitor.every !== null && { every: monitor.every }),
      };
    });
    if (seed === null) this.notes.push('the script sets no seed; it is 1 here.');
    return this.#valid({
      format: 'wetware',
      version: 1,
      name: 'Brian 2 script',
      dt,
      seed: seed ?? 1,
      params: this.#params,
      timedArrays: this.#tables,
      populations: [...this.#populations.values()],
      projections,
      inputs: documents,
      recordings,
    });
  }

  #problem(line: number, message: string): void {
    this.problems.push({ line, message });
  }

  #guard(line: number, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof ScriptFault) this.#problem(error.line, error.message);
      else if (error instanceof NetworkError)
        this.#problem(this.#lineOf(error, line), error.message);
      else throw error;
    }
  }

  /** The line of the script that an error in a text is about. */
  #lineOf({ problems, path }: NetworkError, otherwise: number): number {
    const [first] = problems;
    if (first === undefined) return this.#texts.get(path)?.line ?? otherwise;
    const text = this.#texts.get(`${path}, ${first.block}`);
    return text === undefined ? otherwise : text.line + first.line - 1;
  }

  /** The document, where it is one and its equations mean something. */
  #valid(document: NetworkDocument): NetworkDocument | null {
    let valid: NetworkDocument | null = null;
    this.#guard(1, () => {
      const checked = validateDocument(document);
      checkTexts(checked);
      valid = checked;
    });
    return valid;
  }

  /** A name of its own for every object. */
  #label(object: object, label: string | null, fallback: string): string {
    const known = this.#labels.get(object);
    if (known !== undefined) return known;
    const stem = label ?? fallback;
    let count = this.#counts.get(stem) ?? 1;
    let name = count === 1 ? stem : `${stem}_${count}`;
    while (this.#taken.has(name)) name = `${stem}_${++count}`;
    this.#counts.set(stem, count);
    this.#taken.add(name);
    this.#labels.set(object, name);
    return name;
  }

  #reference(slice: SliceObject): SliceReference {
    const population = this.#label(slice.group, slice.group.label, 'group');
    return slice.isWhole ? { population } : { population, from: slice.from, to: slice.to };
  }

  #remember(path: string, texts: Readonly<Record<string, TextAt | null>>): void {
    for (const [block, text] of Object.entries(texts)) {
      if (text !== null) this.#texts.set(`${path}, ${block}`, text);
    }
  }

  #addGroup(group: GroupObject): void {
    const name = this.#label(group, group.label, 'group');
    this.#texts.set(`Population "${name}"`, { text: '', line: group.line });
    if (group.spikes !== null) {
      const { indices, timesMs } = group.spikes;
      this.#populations.set(group, { kind: 'spikes', name, size: group.size, indices, timesMs });
      return;
    }
    const { eqs, onStep, threshold, reset, refractory } = group;
    this.#remember(`population "${name}"`, { eqs, onStep, threshold, reset, refractory });
    const texts = [eqs, onStep, threshold, reset, refractory].flatMap((one) => one?.text ?? []);
    const initial = Object.fromEntries(group.initial);
    const params: Record<string, Quantity> = {};
    const place = { line: group.line, defined: definedIn(eqs.text) };
    this.#parameters([...texts, ...textsIn(initial)], group.namespace, params, place);
    if (group.rate !== null) params.rate = group.rate;
    const population: NeuronPopulationDocument = {
      kind: 'neurons',
      name,
      size: group.size,
      eqs: eqs.text,
      ...(onStep !== null && { onStep: onStep.text }),
      ...(threshold !== null && { threshold: threshold.text }),
      ...(reset !== null && { reset: reset.text }),
      ...(refractory !== null && { refractory: refractory.text }),
      params,
      initial,
    };
    const method = this.#method(population, group.method);
    this.#populations.set(group, method === null ? population : { ...population, method });
  }

  /** Brian 2's choice where the script makes none: exact, else Euler, else Heun. */
  #method(population: NeuronPopulationDocument, method: string | null): string | null {
    if (method !== null) return method;
    const path = `population "${population.name}"`;
    let model: CheckedPopulation;
    try {
      model = checkPopulation(
        population,
        scopeOf(this.#params, this.#tables, population.params),
        path,
      );
    } catch (error) {
      // It is reported with everything else that is wrong in the document.
      if (error instanceof NetworkError) return null;
      throw error;
    }
    for (const candidate of ['exact', 'euler', 'heun']) {
      try {
        return chooseMethod(model, candidate).method === 'none' ? null : candidate;
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
      }
    }
    return null;
  }

  /**
   * Parameters that texts read: of a namespace into `own`, or of the script into the network's. Timed arrays are the
   * network's always.
   */
  #parameters(
    texts: readonly string[],
    namespace: Namespace,
    own: Record<string, Quantity> | null,
    { line, defined }: { readonly line: number; readonly defined: ReadonlySet<string> },
  ): void {
    const names = new Set(texts.flatMap((text) => [...namesIn(text)]));
    const source = namespace ?? this.#made.names;
    for (const name of names) {
      const value = source.get(name);
      if (value === undefined || SPECIAL.has(name) || defined.has(name)) continue;
      if (value.kind === 'object' && value.object instanceof TableObject) {
        this.#addTable(name, value.object, line);
        continue;
      }
      const quantity = this.#quantity(name, value, namespace !== null, line);
      if (quantity === null) continue;
      const isShared = namespace === null || own === null;
      if (!isShared) own[name] = quantity;
      else this.#params[name] = quantity;
    }
  }

  #quantity(name: string, value: ScriptValue, isGiven: boolean, line: number): Quantity | null {
    if (value.kind === 'number') return quantityText(value);
    if (value.kind === 'failed')
      throw new ScriptFault(line, `${name} depends on line ${value.line}`);
    // A name of the script that happens to be one of an equation, such as that of a group.
    if (!isGiven && ['object', 'builtin'].includes(value.kind)) return null;
    throw new ScriptFault(line, `${name} is ${kindOf(value)}, which equations here cannot read`);
  }

  #addTable(name: string, { dt, unit, columns, values }: TableObject, line: number): void {
    const known = this.#tables[name];
    if (known !== undefined && known.values !== values) {
      throw new ScriptFault(line, `two TimedArrays are called ${name}`);
    }
    this.#tables[name] = { dt, unit, columns, values };
  }

  /** One for each call of connect. */
  #projections(synapses: SynapsesObject): ProjectionDocument[] {
    const { source, target, eqs, onPre, onPost, rules, line, namespace } = synapses;
    if (rules.length === 0) throw new ScriptFault(line, 'these synapses are never connected');
    const initial = Object.fromEntries(synapses.initial);
    const delays = Object.fromEntries(synapses.delays);
    const statements = [...onPre.values(), ...onPost.values()].map(({ text }) => text);
    const rest = rules.flatMap((rule) =>
      rule.rule === 'pairwise' ? textsIn({ condition: rule.condition ?? 0, p: rule.p ?? 0 }) : [],
    );
    const params: Record<string, Quantity> = {};
    const texts = [eqs.text, ...statements, ...textsIn(initial), ...textsIn(delays), ...rest];
    const defined = definedIn(eqs.text, target.group.eqs.text);
    this.#parameters(texts, namespace, params, { line, defined });
    if (namespace === null) this.#shadowed(texts, target.group, params);
    if (
      rules.length > 1 &&
      [...synapses.initial.values(), ...synapses.delays.values()].some(isList)
    ) {
      throw new ScriptFault(line, 'lists of values over several calls of connect are not read');
    }
    const stem = this.#label(synapses, synapses.label, 'synapses');
    return rules.map((connect, k) => {
      const name = k === 0 ? stem : this.#label(connect, `${stem}_${k + 1}`, stem);
      this.#texts.set(`Projection "${name}"`, { text: '', line });
      this.#remember(`projection "${name}"`, {
        eqs,
        ...blocksOf('onPre', onPre),
        ...blocksOf('onPost', onPost),
      });
      return {
        name,
        source: this.#reference(source),
        target: this.#reference(target),
        ...(eqs.text.trim() !== '' && { eqs: eqs.text }),
        ...pathways('onPre', onPre, 'pre'),
        ...pathways('onPost', onPost, 'post'),
        ...(synapses.method !== null && { method: synapses.method }),
        ...delayOf(synapses.delays, onPre, onPost),
        params,
        initial,
        connect,
      };
    });
  }

  /** The script's names, where the target's parameters of the same name would come first. */
  #shadowed(texts: readonly string[], target: GroupObject, params: Record<string, Quantity>): void {
    const population = this.#populations.get(target);
    if (population === undefined || population.kind === 'spikes') return;
    const names = new Set(texts.flatMap((text) => [...namesIn(text)]));
    for (const name of Object.keys(population.params)) {
      const value = this.#params[name];
      if (names.has(name) && value !== undefined) params[name] = value;
    }
  }
}

const isList = (spec: ValueSpec): boolean => typeof spec === 'object' && 'values' in spec;

/** Names that equations define. */
function definedIn(...eqs: readonly string[]): ReadonlySet<string> {
  const lines = eqs.flatMap((text) => text.split('\n'));
  return new Set(
    lines.flatMap((line) => {
      const [, state, other] =
        /^\s*(?:d([A-Za-z_]\w*)\s*\/\s*dt\b|([A-Za-z_]\w*)\s*[=:])/.exec(line) ?? [];
      return state ?? other ?? [];
    }),
  );
}

function textsIn(values: Readonly<Record<string, ValueSpec>>): string[] {
  return Object.values(values).flatMap((one) =>
    typeof one === 'string' ? [one.replace(/^-?[\d.]+(e[-+]?\d+)? /, '')] : [],
  );
}

function blocksOf(key: string, texts: ReadonlyMap<string, TextAt>): Record<string, TextAt> {
  const [only] = texts.values();
  const blocks = Object.fromEntries([...texts].map(([name, text]) => [`${key} ${name}`, text]));
  return only === undefined ? {} : { ...blocks, [key]: only };
}

function pathways(
  key: 'onPre' | 'onPost',
  texts: ReadonlyMap<string, TextAt>,
  unnamed: string,
): Partial<Pick<ProjectionDocument, 'onPre' | 'onPost'>> {
  if (texts.size === 0) return {};
  const only = texts.get(unnamed);
  if (texts.size === 1 && only !== undefined) return { [key]: only.text };
  return { [key]: Object.fromEntries([...texts].map(([name, { text }]) => [name, text])) };
}

function delayOf(
  delays: ReadonlyMap<string, ValueSpec>,
  onPre: ReadonlyMap<string, TextAt>,
  onPost: ReadonlyMap<string, TextAt>,
): Pick<ProjectionDocument, 'delay'> {
  const known = [...delays].filter(([name]) => onPre.has(name) || onPost.has(name));
  const [first] = known;
  if (first === undefined) return {};
  const isPlain = known.length === 1 && first[0] === 'pre' && onPre.size === 1;
  return { delay: isPlain ? first[1] : { byPathway: Object.fromEntries(known) } };
}
