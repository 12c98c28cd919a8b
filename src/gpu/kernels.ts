/**
 * Kernels of populations as shaders: fills the role templates update.wgsl and generate.wgsl with the emitted statements
 * and with the loads and stores around them. Text only; numbers that differ between pipelines of one text are override
 * constants and come from the engine.
 */
import { WgslEmitter, type WgslSurroundings } from '../language/emit-wgsl.ts';
import type { Value } from '../language/kernel.ts';
import type { InputSlot, SampledValues, UpdateKernel } from '../plan/plan.ts';
import { placeKey, usesOf } from './kernel-uses.ts';
import { type KernelContext, loaded, Names, refuse, timedArrayIn } from './names.ts';
import { loadShader, type Shader } from './shaders.ts';

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
  const probe = kernel.probe ?? null;
  const sampled = [...(sampler?.body ?? []), ...(probe?.body ?? [])];
  const written = usesOf([begin, advance, onSpike, late], []).written;
  const values = [
    ...(spiked === null ? [] : [spiked]),
    ...(sampler?.values ?? []),
    ...(probe?.values ?? []),
  ];
  const uses = usesOf([begin, advance, onSpike, late, sampled], values);
  const everyStep = usesOf([begin, advance, late, sampled], values);
  const names = new Names('update');
  const variables = kernel.variables.map((variable, index) => {
    const key = placeKey({ side: 'own', index });
    const isWritten = written.has(key);
    const cell = `state[state_base + ${index}u * neuron_count + n]`;
    const isUsed = isWritten || uses.read.has(key);
    // What nothing but spikes looks at stays in memory until there is one.
    const isAtSpikes = isUsed && !everyStep.read.has(key) && !everyStep.written.has(key);
    return {
      ...variable,
      index,
      isWritten,
      isUsed,
      isAtSpikes,
      cell,
      name: names.addPlace(key, variable.name),
    };
  });
  names.addConstants(uses);
  const emitter = new WgslEmitter(updateSurroundings(kernel, names, context));

  const load = names.constantLines('member_constants', '  ');
  const loading = (v: (typeof variables)[number]): string =>
    `${v.isWritten ? 'var' : 'let'} ${v.name} = ${loaded(v, v.cell)};`;
  const storing = (v: (typeof variables)[number]): string => `${v.cell} = bitcast<u32>(${v.name});`;
  for (const v of variables) if (v.isUsed && !v.isAtSpikes) load.push(`  ${loading(v)}`);
  const rare = variables.filter((v) => v.isAtSpikes);
  const rareWritten = rare.filter((v) => v.isWritten);
  const inserts: Record<string, string> = {
    begin: emitter.statements(begin, '      '),
    sample: sampleText(sampler, 'sample', emitter),
    probe: sampleText(probe, 'probe', emitter),
  };
  const scope = new Set<number>();
  const indent = '    ';
  const advanceLines = [emitter.statements(advance, indent, scope)];
  if (spiked !== null) {
    const { before, expressions } = emitter.expressions([spiked], indent, scope);
    advanceLines.push(...before, `${indent}let has_spiked: bool = ${expressions.join('')};`);
  }
  inserts.advance = advanceLines.join('\n');
  const rareChecked = rareWritten.filter((v) => v.type === 'f32');
  inserts.on_spike = [
    ...rare.map((v) => `      ${loading(v)}`),
    emitter.statements(onSpike, '      ', new Set(scope)),
    ...(rareChecked.length > 0 ? [checkText(rareChecked)] : []),
    ...rareWritten.map((v) => `      ${storing(v)}`),
  ].join('\n');
  inserts.late = emitter.statements(late, indent, scope);
  const checked = variables.filter((v) => v.isWritten && v.type === 'f32' && !v.isAtSpikes);
  inserts.check = checkText(checked);
  inserts.load = load.join('\n');
  inserts.store = variables
    .filter((v) => v.isWritten && !v.isAtSpikes)
    .map((v) => `  ${storing(v)}`)
    .join('\n');
  inserts.declarations = emitter.functions();
  const flags = {
    OPENS_WINDOW: opensWindow,
    SAMPLED: sampler !== null,
    PROBED: probe !== null,
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
    draws: (group) => `philox(neuron, step_number, ${group}u, member_seed, member_stream)`,
    timedArray: timedArrayIn(context),
    binomialTable: (index) => `member_tables + ${index}u`,
    arrived: (index) => takeText(kernel.inputs[index], 'arrivals', 'n'),
    gather: (slot, index) => `gathered(member_gathers, ${slot}u, ${index})`,
    add: refuse('add'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  };
}

/** What arrived in the cell of an element, taken; `first` is where the cells begin. */
export function takeText(input: InputSlot | undefined, first: string, element: string): string {
  if (input === undefined) throw new Error('internal: no such input');
  // take_input divides by a power of two, which is exact.
  return `take_input(${first} + ${input.base}u + ${element}, ${String(2 ** -input.scale)})`;
}

/** What a sampler or probe does with a neuron that has a row; `of` begins the names of its numbers. */
function sampleText(
  sampler: SampledValues | null,
  of: 'sample' | 'probe',
  emitter: WgslEmitter,
): string {
  if (sampler === null) return '';
  const indent = '      ';
  const scope = new Set<number>();
  const body = emitter.statements(sampler.body, indent, scope);
  const { before, expressions } = emitter.expressions(sampler.values, indent, scope);
  const asFloat = (value: Value | undefined, text: string): string =>
    value?.type === 'bool' ? `select(0.0, 1.0, ${text})` : `f32(${text})`;
  const writes = expressions.map((text, index) => {
    const value = asFloat(sampler.values[index], text);
    return `${indent}samples[${of}_first + ${index}u * ${of}_rows] = ${value};`;
  });
  return [body, ...before, ...writes].join('\n');
}

/** Reports what is not finite; `step` counts in the window, `element` is a number in reports. */
export function checkText(
  variables: readonly { readonly name: string; readonly index: number }[],
  { step, element } = { step: 'k', element: 'global_neuron' },
): string {
  const all = variables.map(({ name }) => `is_finite(${name})`).join(' && ');
  const reports = variables.map(
    ({ name, index }) =>
      `      if (!is_finite(${name})) {\n` +
      `        report_fault(REPORT_NOT_FINITE, ${step}, ${element} * FAULT_CODES + ${index}u);\n      }`,
  );
  return [`    if (!(${all})) {`, ...reports, '    }'].join('\n');
}

/** generate.wgsl. */
export function generateShader(opensWindow: boolean): Shader {
  return loadShader('generate', { flags: { OPENS_WINDOW: opensWindow }, inserts: {} });
}
