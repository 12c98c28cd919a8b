/**
 * Kernels of a plan as shaders: fills the role templates update.wgsl, deliver.wgsl and summed.wgsl with the emitted
 * statements and with the loads and stores around them. Text only; numbers that differ between pipelines of one text
 * are override constants and come from the engine.
 */
import { type WgslArithmetic, WgslEmitter, type WgslSurroundings } from '../language/emit-wgsl.ts';
import type { Place, StoredVariable, Value } from '../language/kernel.ts';
import { wgslName } from '../language/wgsl-words.ts';
import type { DeliverKernel, SummedKernel, UpdateKernel } from '../plan/plan.ts';
import { placeKey, type Uses, usesOf } from './kernel-uses.ts';
import { INPUT_WORDS, type PlanWords, PROJECTION_HEADER } from './plan-words.ts';
import { loadShader, reservedWords, type Shader } from './shaders.ts';

export interface KernelContext {
  readonly words: PlanWords;
  readonly arithmetic: WgslArithmetic;
}

/** Names of variables and constants in one shader, none of them taken by WGSL or by the template. */
class Names {
  readonly taken: Set<string>;
  readonly #places = new Map<string, string>();
  readonly #constants = new Map<number, string>();

  constructor(role: string) {
    this.taken = reservedWords(role);
  }

  addPlace(key: string, name: string): string {
    const unique = this.#unique(name);
    this.#places.set(key, unique);
    return unique;
  }

  addConstants(uses: Uses): void {
    for (const [index, name] of uses.constants) {
      const isName = /^[A-Za-z_]\w*$/.test(name);
      this.#constants.set(index, this.#unique(isName ? name : `constant_${index}`));
    }
  }

  place(place: Place): string {
    const name = this.#places.get(placeKey(place));
    if (name === undefined) throw new Error(`internal: no variable ${place.side} ${place.name}`);
    return name;
  }

  constant(index: number): string {
    const name = this.#constants.get(index);
    if (name === undefined) throw new Error(`internal: no constant ${index}`);
    return name;
  }

  /** One line per constant, read once from `base` on. */
  constantLines(base: string, indent: string): string[] {
    return [...this.#constants].map(
      ([index, name]) => `${indent}let ${name} = constants[${base} + ${index}u];`,
    );
  }

  #unique(name: string): string {
    const unique = wgslName(name, this.taken);
    this.taken.add(unique);
    return unique;
  }
}

const loaded = (variable: StoredVariable, cell: string): string =>
  `bitcast<${variable.type}>(${cell})`;

function timedArrayIn(context: KernelContext): WgslSurroundings['timedArray'] {
  return (index) => {
    const table = context.words.timedArrays[index];
    if (!table) throw new Error(`internal: table ${index} is no timed array`);
    return table;
  };
}

function refuse(what: string): () => never {
  return () => {
    throw new Error(`internal: ${what} cannot occur here`);
  };
}

export interface UpdateVariant {
  /** It is the first dispatch of a window that emits spikes. */
  readonly opensWindow: boolean;
  /** Windows have one step. */
  readonly isOneStep: boolean;
}

/** update.wgsl for one kernel. */
export function updateShader(
  kernel: UpdateKernel,
  { opensWindow, isOneStep }: UpdateVariant,
  context: KernelContext,
): Shader {
  const { begin, advance, spiked, onSpike, late, sampler } = kernel;
  const written = usesOf([begin, advance, onSpike, late], []).written;
  const uses = usesOf(
    [begin, advance, onSpike, late, sampler?.body ?? []],
    [...(spiked === null ? [] : [spiked]), ...(sampler?.values ?? [])],
  );
  const names = new Names('update');
  const variables = kernel.variables.map((variable, index) => {
    const key = placeKey({ side: 'own', index });
    const isWritten = written.has(key);
    const cell = `state[state_base + ${index}u * neuron_count + n]`;
    const isUsed = isWritten || uses.read.has(key);
    return {
      ...variable,
      index,
      isWritten,
      isUsed,
      cell,
      name: names.addPlace(key, variable.name),
    };
  });
  names.addConstants(uses);
  const emitter = new WgslEmitter(updateSurroundings(kernel, names, context));

  const load = names.constantLines('member_constants', '  ');
  for (const v of variables) {
    if (v.isUsed) load.push(`  ${v.isWritten ? 'var' : 'let'} ${v.name} = ${loaded(v, v.cell)};`);
  }
  const inserts: Record<string, string> = {
    begin: emitter.statements(begin, '      '),
    sample: sampleText(kernel, emitter),
  };
  const scope = new Set<number>();
  const indent = '    ';
  const advanceLines = [emitter.statements(advance, indent, scope)];
  if (spiked !== null) {
    const { before, expressions } = emitter.expressions([spiked], indent, scope);
    advanceLines.push(...before, `${indent}let has_spiked: bool = ${expressions.join('')};`);
  }
  inserts.advance = advanceLines.join('\n');
  inserts.on_spike = emitter.statements(onSpike, '      ', new Set(scope));
  inserts.late = emitter.statements(late, indent, scope);
  const checked = variables.filter((v) => v.isWritten && v.type === 'f32');
  inserts.check = checkText(checked);
  inserts.load = load.join('\n');
  inserts.store = variables
    .filter((v) => v.isWritten)
    .map((v) => `  ${v.cell} = bitcast<u32>(${v.name});`)
    .join('\n');
  inserts.declarations = emitter.functions();
  const flags = {
    OPENS_WINDOW: opensWindow,
    SAMPLED: sampler !== null,
    SPIKES: spiked !== null,
    ONE_STEP: isOneStep,
    ONE_MEMBER: kernel.members.length === 1,
    CHECKED: checked.length > 0,
  };
  return loadShader('update', { flags, inserts });
}

function updateSurroundings(
  kernel: UpdateKernel,
  names: Names,
  context: KernelContext,
): WgslSurroundings {
  return {
    place: (place) => names.place(place),
    constant: (index) => names.constant(index),
    special: (name) => {
      if (name === 'step') return 'i32(step_number)';
      if (name === 'time') return 'time_of(step_number)';
      return name === 'index' ? 'i32(neuron)' : refuse(name)();
    },
    draws: (group) => `philox(neuron, step_number, ${group}u, batch.seed, member_stream)`,
    timedArray: timedArrayIn(context),
    binomialTable: (index) => `member_tables + ${index}u`,
    arrived: (index) => {
      const input = kernel.inputs[index];
      if (input === undefined) throw new Error(`internal: no input ${index}`);
      // take_input divides by a power of two, which is exact.
      return `take_input(arrivals + ${input.base}u + n, ${String(2 ** -input.scale)})`;
    },
    add: refuse('add'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  };
}

function sampleText({ sampler }: UpdateKernel, emitter: WgslEmitter): string {
  if (sampler === null) return '';
  const indent = '      ';
  const scope = new Set<number>();
  const body = emitter.statements(sampler.body, indent, scope);
  const { before, expressions } = emitter.expressions(sampler.values, indent, scope);
  const asFloat = (value: Value | undefined, text: string): string =>
    value?.type === 'bool' ? `select(0.0, 1.0, ${text})` : `f32(${text})`;
  const writes = expressions.map((text, index) => {
    const value = asFloat(sampler.values[index], text);
    return `${indent}write_sample(${index}u, u32(sample_row), step_number, ${value});`;
  });
  return [body, ...before, ...writes].join('\n');
}

function checkText(
  variables: readonly { readonly name: string; readonly index: number }[],
): string {
  const all = variables.map(({ name }) => `is_finite(${name})`).join(' && ');
  const reports = variables.map(
    ({ name, index }) =>
      `      if (!is_finite(${name})) {\n` +
      `        report_fault(REPORT_NOT_FINITE, k, global_neuron * FAULT_CODES + ${index}u);\n      }`,
  );
  return [`    if (!(${all})) {`, ...reports, '    }'].join('\n');
}

/** A variable at one end of a synapse, or of the synapse. */
interface SideVariable extends StoredVariable {
  readonly identifier: string;
  readonly cells: string;
  readonly cell: string;
  readonly isWritten: boolean;
}

type Sides = Pick<DeliverKernel, 'preVariables' | 'postVariables'> & {
  readonly synapseVariables: readonly StoredVariable[];
};

/** Names and cells of what a pathway uses; word k of the projection's cells says where variable k begins. */
function sideVariables(kernel: Sides, uses: Uses, names: Names): SideVariable[] {
  const sides = [
    ['synapse', kernel.synapseVariables, 'synapse_state', 'synapse'],
    ['pre', kernel.preVariables, 'state', 'pre_index'],
    ['post', kernel.postVariables, 'state', 'post_index'],
  ] as const;
  let word = PROJECTION_HEADER;
  const result: SideVariable[] = [];
  for (const [side, variables, buffer, element] of sides) {
    for (const [index, variable] of variables.entries()) {
      const at = word++;
      const key = placeKey({ side, index });
      const isWritten = uses.written.has(key);
      if (!isWritten && !uses.read.has(key)) continue;
      const suffixed = side === 'synapse' || variable.name.endsWith(`_${side}`);
      const identifier = names.addPlace(key, suffixed ? variable.name : `${variable.name}_${side}`);
      const first = `plan_words[PROJECTION + ${at}u]`;
      const cells = names.addPlace(`cells of ${key}`, `${identifier}_cells`);
      const cell = `${buffer}[${cells} + ${element}]`;
      result.push({ ...variable, identifier, cells: `let ${cells} = ${first};`, cell, isWritten });
    }
  }
  return result;
}

/** deliver.wgsl for one kernel. `sharesRows`: one invocation looks rows up for its workgroup, which takes barriers. */
export function deliverShader(
  kernel: DeliverKernel,
  sharesRows: boolean,
  context: KernelContext,
): Shader {
  const names = new Names('deliver');
  const uses = usesOf([kernel.body], []);
  const variables = sideVariables(kernel, uses, names);
  names.addConstants(uses);
  const inputs = kernel.inputs.map((input, index) => ({
    ...input,
    identifier: names.addPlace(`input ${index}`, `${input.name}_input_${index}`),
  }));
  const firstInput =
    PROJECTION_HEADER +
    kernel.synapseVariables.length +
    kernel.preVariables.length +
    kernel.postVariables.length;
  const emitter = new WgslEmitter({
    ...synapseSurroundings(names, context),
    add: (index, value) => {
      const input = inputs[index];
      if (input === undefined) throw new Error(`internal: no input ${index}`);
      const at = input.side === 'pre' ? 'pre_index' : 'post_index';
      const id = input.identifier;
      const place = `arrivals + ${id}_cells + ${at}, quantise(${value}, ${id}_factor)`;
      if (input.proven) return `add_proven(${place});`;
      const key = `(${id}_first + ${at}) * FAULT_CODES + ${id}_code`;
      return `add_guarded(${place}, ${id}_limit, step_in_window, ${key});`;
    },
  });
  const outer = '        ';
  const row = [
    ...names.constantLines('row_constants', outer),
    ...variables.map((v) => outer + v.cells.replace('PROJECTION', 'row.projection')),
  ];
  for (const [index, { identifier, proven }] of inputs.entries()) {
    const word = (k: number): string =>
      `plan_words[row.projection + ${firstInput + INPUT_WORDS * index + k}u]`;
    row.push(`${outer}let ${identifier}_cells = ${word(0)};`);
    row.push(`${outer}let ${identifier}_factor = bitcast<f32>(${word(1)});`);
    if (proven) continue;
    row.push(`${outer}let ${identifier}_limit = bitcast<i32>(${word(2)});`);
    row.push(`${outer}let ${identifier}_first = ${word(3)};`);
    row.push(`${outer}let ${identifier}_code = ${word(4)};`);
  }
  const inner = '          ';
  const statements = [
    ...variables.map(
      (v) => `${inner}${v.isWritten ? 'var' : 'let'} ${v.identifier} = ${loaded(v, v.cell)};`,
    ),
    emitter.statements(kernel.body, inner),
    ...variables
      .filter((v) => v.isWritten)
      .map((v) => `${inner}${v.cell} = bitcast<u32>(${v.identifier});`),
  ];
  const isDelayPerSynapse = kernel.trigger === 'pre' && kernel.packing !== 'target';
  return loadShader('deliver', {
    flags: {
      SHARED_ROW: sharesRows,
      ARRIVAL: kernel.mode === 'arrival',
      POST: kernel.trigger === 'post',
      DELAY_PER_SYNAPSE: isDelayPerSynapse,
      WIDE: isDelayPerSynapse && kernel.packing === 'wide',
      SORTED_BY_DELAY: isDelayPerSynapse && kernel.mode === 'arrival',
      WRITES_STATE: [...uses.written].some((key) => /^(pre|post) /.test(key)),
    },
    inserts: {
      declarations: emitter.functions(),
      row: row.join('\n'),
      statements: statements.join('\n'),
    },
  });
}

/** summed.wgsl for one kernel. */
export function summedShader(kernel: SummedKernel, context: KernelContext): Shader {
  const names = new Names('summed');
  const uses = usesOf([kernel.body], [kernel.value]);
  const variables = sideVariables(kernel, uses, names);
  names.addConstants(uses);
  const emitter = new WgslEmitter({
    ...synapseSurroundings(names, context),
    add: refuse('add'),
  });
  const inner = '    ';
  const scope = new Set<number>();
  const body = emitter.statements(kernel.body, inner, scope);
  const { before } = emitter.expressions([kernel.value], inner, scope);
  const statements = [
    ...variables.map((v) => `${inner}let ${v.identifier} = ${loaded(v, v.cell)};`),
    body,
    ...before,
    `${inner}sum += ${emitter.fenced(kernel.value)};`,
  ];
  const row = [
    ...names.constantLines('row_constants', '  '),
    ...variables.map((v) => `  ${v.cells.replace('PROJECTION', 'projection')}`),
  ];
  return loadShader('summed', {
    flags: {},
    inserts: {
      declarations: emitter.functions(),
      row: row.join('\n'),
      statements: statements.join('\n'),
    },
  });
}

function synapseSurroundings(names: Names, context: KernelContext): Omit<WgslSurroundings, 'add'> {
  return {
    place: (place) => names.place(place),
    constant: (index) => names.constant(index),
    special: (name) => {
      const specials: Partial<Record<typeof name, string>> = {
        step: 'i32(step_number)',
        time: 'time_of(step_number)',
        index: 'i32(synapse)',
        pre_index: 'i32(pre_index)',
        post_index: 'i32(post_index)',
      };
      return specials[name] ?? refuse(name)();
    },
    draws: (group) => `philox(synapse, step_number, ${group}u, batch.seed, stream)`,
    timedArray: timedArrayIn(context),
    binomialTable: (index) => `${index}u`,
    arrived: refuse('arrived'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  };
}

/** generate.wgsl. */
export function generateShader(opensWindow: boolean): Shader {
  return loadShader('generate', { flags: { OPENS_WINDOW: opensWindow }, inserts: {} });
}
