/**
 * Kernels of synapses as shaders: fills the role templates deliver.wgsl, deliver-generated.wgsl, summed.wgsl and
 * build.wgsl with the emitted statements and with the loads and stores around them. Text only, as in kernels.ts.
 */
import { WgslEmitter, type WgslSurroundings } from '../language/emit-wgsl.ts';
import type { StoredVariable } from '../language/kernel.ts';
import type { DeliverKernel, SummedKernel } from '../plan/plan.ts';
import { placeKey, type Uses, usesOf } from './kernel-uses.ts';
import { type KernelContext, loaded, Names, refuse, timedArrayIn } from './names.ts';
import { INPUT_WORDS, PROJECTION_HEADER } from './plan-words.ts';
import { RECIPE_VALUES, VALUE_WORDS } from './recipes.ts';
import { loadShader, type Shader } from './shaders.ts';

/** A variable at one end of a synapse, or of the synapse. */
export interface SideVariable extends StoredVariable {
  readonly identifier: string;
  readonly cells: string;
  readonly cell: string;
  readonly isWritten: boolean;
}

type Sides = Pick<DeliverKernel, 'preVariables' | 'postVariables'> & {
  readonly synapseVariables: readonly StoredVariable[];
};

/** Names and cells of what code of synapses uses; word k of the projection's cells says where variable k begins. */
export function sideVariables(
  kernel: Sides,
  uses: Uses,
  names: Names,
  wanted: readonly ('synapse' | 'pre' | 'post')[] = ['synapse', 'pre', 'post'],
): SideVariable[] {
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
      if (!wanted.includes(side) || (!isWritten && !uses.read.has(key))) continue;
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

/** How a deliver kernel is dispatched, as far as its text depends on it. */
export interface DeliverVariant {
  /** The invocations of a workgroup share rows, which takes barriers. */
  readonly sharesRows: boolean;
  /** The variables of the synapses in columns lie in several parts. */
  readonly splitsColumns: boolean;
}

/** deliver.wgsl or deliver-generated.wgsl for one kernel. */
export function deliverShader(
  kernel: DeliverKernel,
  variant: DeliverVariant,
  context: KernelContext,
): Shader {
  return kernel.packing === 'generated'
    ? generatedShader(kernel, variant.sharesRows, context)
    : storedShader(kernel, variant, context);
}

function storedShader(
  kernel: DeliverKernel,
  { sharesRows, splitsColumns }: DeliverVariant,
  context: KernelContext,
): Shader {
  const names = new Names('deliver');
  const uses = usesOf([kernel.body], []);
  const variables = sideVariables(kernel, uses, names);
  names.addConstants(uses);
  const inputs = deliverInputs(kernel, names);
  const emitter = new WgslEmitter({ ...synapseSurroundings(names, context), add: inputs.add });
  const outer = '        ';
  const row = [
    ...names.constantLines('row_constants', outer),
    ...variables.map((v) => outer + v.cells.replace('PROJECTION', 'row.projection')),
    ...inputs.lines.map((line) => outer + line),
  ];
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
  const isPre = kernel.trigger === 'pre';
  const hasDelays = isPre && hasDelayPerSynapse(kernel);
  return loadShader('deliver', {
    flags: {
      SHARED_ROW: sharesRows,
      ARRIVAL: kernel.mode === 'arrival',
      POST: !isPre,
      DELAY_PER_SYNAPSE: hasDelays,
      HALF_WORDS: isPre && kernel.packing.startsWith('target16'),
      IN_WORD: hasDelays && kernel.packing === 'target+delay',
      WIDE: hasDelays && kernel.packing === 'wide',
      SORTED_BY_DELAY: hasDelays && kernel.mode === 'arrival',
      SPLIT_COLUMNS: splitsColumns,
      WRITES_STATE: [...uses.written].some((key) => /^(pre|post) /.test(key)),
    },
    inserts: {
      declarations: emitter.functions(),
      row: row.join('\n'),
      statements: statements.join('\n'),
    },
  });
}

/** Whether the packing of a kernel's synapses has a delay for each. */
export function hasDelayPerSynapse({ packing }: DeliverKernel): boolean {
  return packing !== 'target' && packing !== 'target16';
}

/** Whether some rows of the kernel are found by their gaps. */
const hasGaps = ({ projections }: DeliverKernel): boolean =>
  projections.some(({ generate }) => generate?.rule === 'gaps');

function generatedShader(
  kernel: DeliverKernel,
  sharesRows: boolean,
  context: KernelContext,
): Shader {
  const names = new Names('deliver-generated');
  const uses = usesOf([kernel.body], []);
  const values = kernel.synapseVariables.flatMap((variable, index) => {
    const key = placeKey({ side: 'synapse', index });
    if (!uses.read.has(key)) return [];
    const identifier = names.addPlace(key, variable.name);
    const block = names.addPlace(`block of ${key}`, `${identifier}_block`);
    return [{ ...variable, identifier, block, at: RECIPE_VALUES + VALUE_WORDS * index }];
  });
  // The row is that of one source neuron, which stays as it is meanwhile.
  const source = sideVariables(kernel, uses, names, ['pre']);
  names.addConstants(uses);
  const inputs = deliverInputs(kernel, names);
  const emitter = new WgslEmitter({
    ...synapseSurroundings(names, context),
    draws: refuse('draws of synapses without numbers'),
    add: inputs.add,
  });
  const outer = '        ';
  const row = [
    ...names.constantLines('row_constants', outer),
    ...source.map((v) => outer + v.cells.replace('PROJECTION', 'row.projection')),
    ...source.map((v) => `${outer}let ${v.identifier} = ${loaded(v, v.cell)};`),
    ...inputs.lines.map((line) => outer + line),
  ];
  const block = values.map(
    (v) => `            let ${v.block} = block_values(recipe, recipe.at + ${v.at}u, block);`,
  );
  const inner = '              ';
  const statements = [
    ...values.map((v) => `${inner}let ${v.identifier} = ${loaded(v, `${v.block}[part]`)};`),
    emitter.statements(kernel.body, inner),
  ];
  return loadShader('deliver-generated', {
    flags: { SHARED_ROW: sharesRows, GAPS: hasGaps(kernel), READS_STATE: source.length > 0 },
    inserts: {
      declarations: emitter.functions(),
      row: row.join('\n'),
      block: block.join('\n'),
      statements: statements.join('\n'),
    },
  });
}

/** build.wgsl for the synapses of these kernels. */
export function buildShader(kernels: readonly DeliverKernel[], sharesRows: boolean): Shader {
  return loadShader('build', {
    flags: { SHARED_ROW: sharesRows, GAPS: kernels.some(hasGaps) },
    inserts: {},
  });
}

/** What a row knows of its inputs, a line each, and how statements add to them. */
function deliverInputs(
  kernel: DeliverKernel,
  names: Names,
): { readonly lines: readonly string[]; readonly add: WgslSurroundings['add'] } {
  const first =
    PROJECTION_HEADER +
    kernel.synapseVariables.length +
    kernel.preVariables.length +
    kernel.postVariables.length;
  const inputs = kernel.inputs.map((input, index) => ({
    ...input,
    identifier: names.addPlace(`input ${index}`, `${input.name}_input_${index}`),
  }));
  const lines = inputs.flatMap(({ identifier, proven }, index) => {
    const word = (k: number): string =>
      `plan_words[row.projection + ${first + INPUT_WORDS * index + k}u]`;
    const always = [
      `let ${identifier}_cells = ${word(0)};`,
      `let ${identifier}_factor = bitcast<f32>(${word(1)});`,
    ];
    const guard = [
      `let ${identifier}_limit = bitcast<i32>(${word(2)});`,
      `let ${identifier}_first = ${word(3)};`,
      `let ${identifier}_code = ${word(4)};`,
    ];
    return proven ? always : [...always, ...guard];
  });
  const add = (index: number, value: string): string => {
    const input = inputs[index];
    if (input === undefined) throw new Error(`internal: no input ${index}`);
    const at = input.side === 'pre' ? 'pre_index' : 'post_index';
    const id = input.identifier;
    // Deposits are of no step.
    const first = input.accumulates === true ? '' : 'arrivals + ';
    const place = `${first}${id}_cells + ${at}, quantise(${value}, ${id}_factor)`;
    if (input.proven) return `add_proven(${place});`;
    const key = `(${id}_first + ${at}) * FAULT_CODES + ${id}_code`;
    return `add_guarded(${place}, ${id}_limit, step_in_window, ${key});`;
  };
  return { lines, add };
}

/** How a summed kernel is dispatched. */
export interface SummedVariant {
  /** The variables of the synapses lie in several parts. */
  readonly splitsColumns: boolean;
  /** An earlier dispatch has begun the sums. */
  readonly isContinued: boolean;
}

/** summed.wgsl for one kernel. */
export function summedShader(
  kernel: SummedKernel,
  { splitsColumns, isContinued }: SummedVariant,
  context: KernelContext,
): Shader {
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
    flags: { SPLIT_COLUMNS: splitsColumns, CONTINUED: isContinued },
    inserts: {
      declarations: emitter.functions(),
      row: row.join('\n'),
      statements: statements.join('\n'),
    },
  });
}

/** What all code of synapses sees, apart from inputs. */
export function synapseSurroundings(
  names: Names,
  context: KernelContext,
): Omit<WgslSurroundings, 'add'> {
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
    draws: (group) => `philox(synapse, step_number, ${group}u, seed, stream)`,
    timedArray: timedArrayIn(context),
    binomialTable: (index) => `${index}u`,
    arrived: refuse('arrived'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  };
}
