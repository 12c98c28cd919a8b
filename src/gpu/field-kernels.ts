/**
 * Kernels of fields as shaders: fills the role templates diffuse.wgsl and react.wgsl with the emitted statements and with
 * the loads and stores around them. Text only, as in kernels.ts.
 */
import { WgslEmitter } from '../language/emit-wgsl.ts';
import {
  add,
  binary,
  get,
  literal,
  local,
  mul,
  type Place,
  type Statement,
  select,
  sub,
  unary,
  type Value,
} from '../language/kernel.ts';
import type { FieldKernel } from '../plan/plan.ts';
import { placeKey, usesOf } from './kernel-uses.ts';
import { checkText, takeText } from './kernels.ts';
import { type KernelContext, loaded, Names, refuse, timedArrayIn } from './names.ts';
import { loadShader, type Shader } from './shaders.ts';

const AXES = ['x', 'y', 'z'] as const;
/** Values that one variable needs: its own, and those below and above along the three axes. */
const AROUND = 7;
/** Smaller numbers become 0, as on the CPU: processors are slow with them, and some GPUs do not have them. */
const SMALLEST_NORMAL = 2 ** -126;

/** By variable: the number of its copy among the copies of the field, or null where it does not diffuse. */
export function copiesOf({ diffusion }: FieldKernel): readonly (number | null)[] {
  let next = 0;
  return diffusion.map((factors) => (factors === null ? null : next++));
}

/** diffuse.wgsl for one field, or null when nothing in it diffuses. */
export function diffuseShader(kernel: FieldKernel, context: KernelContext): Shader | null {
  const copies = copiesOf(kernel);
  if (copies.every((copy) => copy === null)) return null;
  const names = new Names('diffuse');
  const load: string[] = [];
  const body: Statement[] = [];
  const results: { readonly copy: number; readonly value: Value }[] = [];
  for (const [v, factors] of kernel.diffusion.entries()) {
    const copy = copies[v];
    if (factors === null || copy === null || copy === undefined) continue;
    const { name } = kernel.variables[v] as { name: string };
    const placeOf = (k: number, suffix: string): Place => {
      const place: Place = { side: 'own', index: v * AROUND + k, name: name + suffix };
      names.addPlace(placeKey(place), place.name);
      return place;
    };
    const cellOf = (voxel: string): string =>
      `bitcast<f32>(state[state_base + ${v}u * voxel_count + ${voxel}])`;
    const here = placeOf(0, '');
    load.push(`  let ${names.place(here)} = ${cellOf('n')};`);
    const sides = AXES.map((axis, k) => {
      if ((factors[k] as number) < 0) return null;
      return (['below', 'above'] as const).map((side, which) => {
        const place = placeOf(1 + 2 * k + which, `_${side}_${axis}`);
        const isEdge = side === 'below' ? `${axis} == 0u` : `${axis} == grid_${axis} - 1u`;
        const cell = cellOf(`${side}_${axis}`);
        const value = kernel.edges === 'absorbing' ? `select(${cell}, 0.0, ${isEdge})` : cell;
        load.push(`  let ${names.place(place)} = ${value};`);
        return place;
      });
    });
    results.push({ copy, value: diffusion(name, factors, here, sides, body) });
  }
  const uses = usesOf(
    [body],
    results.map(({ value }) => value),
  );
  names.addConstants(uses);
  const emitter = new WgslEmitter({
    ...fieldSurroundings(names, context),
    special: refuse('special'),
    draws: refuse('draws'),
    arrived: refuse('arrived'),
  });
  const diffuse = emitter.statements(body, '  ');
  const store = results.map(
    ({ copy, value }) =>
      `  diffused[copy_base + ${copy}u * voxel_count + n] = ${emitter.expression(value)};`,
  );
  const [x, y, z] = kernel.grid;
  return loadShader('diffuse', {
    flags: {
      ALONG_X: x > 1,
      ALONG_Y: y > 1,
      ALONG_Z: z > 1,
      PERIODIC: kernel.edges === 'periodic',
    },
    inserts: {
      load: [...names.constantLines('field_constants', '  '), ...load].join('\n'),
      diffuse,
      store: store.join('\n'),
    },
  });
}

/** The arithmetic of FieldKernel in plan.ts: appends the statements, returns the new value. */
function diffusion(
  name: string,
  factors: readonly number[],
  here: Place,
  sides: readonly (readonly Place[] | null)[],
  body: Statement[],
): Value {
  const define = (what: string, value: Value): Value => {
    body.push({ kind: 'let', name: `${name}_${what}`, value });
    return local(`${name}_${what}`);
  };
  let flow: Value | null = null;
  for (const [k, pair] of sides.entries()) {
    if (pair === null) continue;
    const [below, above] = pair.map((place) => sub(get(place), get(here))) as [Value, Value];
    const axis = AXES[k];
    const constant: Value = {
      op: 'constant',
      type: 'f32',
      index: factors[k] as number,
      name: `${name}_along_${axis}`,
    };
    const part = mul(constant, add(below, above));
    flow = define(`flow_${axis}`, flow === null ? part : add(flow, part));
  }
  const next = define('next', flow === null ? get(here) : add(get(here), flow));
  const isTiny = binary('lt', unary('abs', next), literal(SMALLEST_NORMAL));
  return select(isTiny, literal(0), next);
}

/** react.wgsl for one field. */
export function reactShader(kernel: FieldKernel, context: KernelContext): Shader {
  const names = new Names('react');
  const uses = usesOf([kernel.body], []);
  const copies = copiesOf(kernel);
  const variables = kernel.variables.map((variable, index) => {
    const key = placeKey({ side: 'own', index });
    const copy = copies[index] ?? null;
    const cell = `state[state_base + ${index}u * voxel_count + voxel]`;
    const isWritten = uses.written.has(key);
    return {
      ...variable,
      index,
      name: names.addPlace(key, variable.name),
      isWritten,
      isStored: isWritten || copy !== null,
      isUsed: isWritten || copy !== null || uses.read.has(key),
      cell,
      first:
        copy === null
          ? loaded(variable, cell)
          : `diffused[copy_base + ${copy}u * voxel_count + voxel]`,
    };
  });
  names.addConstants(uses);
  const emitter = new WgslEmitter({
    ...fieldSurroundings(names, context),
    special: (name) => {
      if (name === 'step') return 'i32(step_number)';
      if (name === 'time') return 'time_of(step_number)';
      return name === 'index' ? 'i32(voxel)' : refuse(name)();
    },
    draws: (group) => `philox(voxel, step_number, ${group}u, field_seed, field_stream)`,
    arrived: (index) => takeText(kernel.inputs[index], 'deposits_first', 'voxel'),
  });
  const stored = variables.filter(({ isStored }) => isStored);
  const load = [
    ...names.constantLines('field_constants', '  '),
    ...variables
      .filter(({ isUsed }) => isUsed)
      .map((v) => `  ${v.isWritten ? 'var' : 'let'} ${v.name} = ${v.first};`),
  ];
  const react = emitter.statements(kernel.body, '  ');
  return loadShader('react', {
    flags: { CHECKED: stored.length > 0 },
    inserts: {
      declarations: emitter.functions(),
      load: load.join('\n'),
      react,
      check: stored.length > 0 ? checkText(stored, { step: 'last_step', element: 'number' }) : '',
      store: stored.map((v) => `  ${v.cell} = bitcast<u32>(${v.name});`).join('\n'),
    },
  });
}

function fieldSurroundings(names: Names, context: KernelContext) {
  return {
    place: (place: Place) => names.place(place),
    constant: (index: number) => names.constant(index),
    timedArray: timedArrayIn(context),
    binomialTable: refuse('binomial tables in fields'),
    add: refuse('add'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  };
}
