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
import { type KernelContext, Names, refuse, timedArrayIn } from './names.ts';
import { loadShader, type Shader } from './shaders.ts';

const AXES = ['x', 'y', 'z'] as const;
const COMPONENTS = ['x', 'y', 'z', 'w'] as const;
/** Smaller numbers become 0, as on the CPU: processors are slow with them, and some GPUs do not have them. */
const SMALLEST_NORMAL = 2 ** -126;

/** By variable: the number of its copy among the copies of the field, or null where it does not diffuse. */
export function copiesOf({ diffusion }: FieldKernel): readonly (number | null)[] {
  let next = 0;
  return diffusion.map((factors) => (factors === null ? null : next++));
}

/** Whether the cells of a field can be read four at a time. */
export const fillsQuads = ({ grid, stateBase }: FieldKernel): boolean =>
  grid[0] % 4 === 0 && stateBase % 4 === 0;

/** Voxels of a tile along the axes. */
export function tileOf({ grid }: FieldKernel, isQuads: boolean): readonly [number, number, number] {
  const [, y, z] = grid;
  const along = (voxels: number, most: number): number =>
    voxels % most === 0 ? most : voxels % 2 === 0 ? 2 : 1;
  // Larger ones would read a little less, and keep more in registers than is good.
  return [isQuads ? 4 : 1, along(y, 4), along(z, 2)];
}

/** diffuse.wgsl for one field, or null when nothing in it diffuses. The text is that of all fields of such a shape. */
export function diffuseShader(
  kernel: FieldKernel,
  isQuads: boolean,
  context: KernelContext,
): Shader | null {
  const diffusing = [...kernel.diffusion.keys()].filter((v) => kernel.diffusion[v] !== null);
  if (diffusing.length === 0) return null;
  const tile = tileOf(kernel, isQuads);
  const writer = new TileWriter(kernel, tile, context);
  const list = (numbers: readonly number[]): string =>
    `array<u32, ${numbers.length}>(${numbers.map((k) => `${k}u`).join(', ')})`;
  return loadShader('diffuse', {
    flags: { QUADS: isQuads, PERIODIC: kernel.edges === 'periodic' },
    inserts: {
      declarations: [
        ...AXES.map((axis, k) => `const TILE_${axis.toUpperCase()} = ${tile[k]}u;`),
        '// Of those that diffuse: which variable it is, and its first constant.',
        `const VARIABLE = ${list(diffusing)};`,
        `const FACTORS = ${list(diffusing.map((v) => firstFactor(kernel.diffusion[v] ?? null)))};`,
      ].join('\n'),
      ...writer.write(),
    },
  });
}

/** Number of the constant for x, also where there is only one voxel along x. */
const firstFactor = (factors: readonly number[] | null): number =>
  factors?.reduce((first, factor, axis) => (factor < 0 ? first : factor - axis), 0) ?? 0;

/** Writes the diffusion of the voxels of one tile. */
class TileWriter {
  readonly #kernel: FieldKernel;
  readonly #tile: readonly [number, number, number];
  readonly #emitter: WgslEmitter;
  readonly #load: string[] = [];
  readonly #diffuse: string[] = [];
  readonly #store: string[] = [];
  /** By number of the place: how it is spelled. */
  readonly #places: string[] = [];

  constructor(
    kernel: FieldKernel,
    tile: readonly [number, number, number],
    context: KernelContext,
  ) {
    this.#kernel = kernel;
    this.#tile = tile;
    this.#emitter = new WgslEmitter({
      place: ({ index }) => this.#places[index] as string,
      constant: (index) => `along_${AXES[index]}`,
      special: refuse('special'),
      draws: refuse('draws'),
      timedArray: timedArrayIn(context),
      binomialTable: refuse('binomial tables in fields'),
      arrived: refuse('arrived'),
      add: refuse('add'),
      reserved: new Names('diffuse').taken,
      arithmetic: context.arithmetic,
    });
  }

  write(): { readonly load: string; readonly diffuse: string; readonly store: string } {
    const [, ty, tz] = this.#tile;
    for (const [k, axis] of AXES.entries()) {
      if ((this.#kernel.grid[k] as number) === 1) continue;
      this.#load.push(`  let along_${axis} = constants[factors + ${k}u];`);
    }
    const quads = Array.from({ length: ty * tz }, (_, q) => [q % ty, Math.floor(q / ty)] as const);
    for (const [j, k] of quads) this.#loadQuad(j, k);
    for (const [j, k] of quads) this.#diffuseQuad(j, k);
    const text = (lines: readonly string[]): string => lines.join('\n');
    return { load: text(this.#load), diffuse: text(this.#diffuse), store: text(this.#store) };
  }

  /** What is read for the voxels along x at place (j, k) of the tile: themselves, and what is beside the tile. */
  #loadQuad(j: number, k: number): void {
    const [tx, ty, tz] = this.#tile;
    const at = `${j}${k}`;
    this.#load.push(`  let n_${at} = n + grid_x * (${j}u + ${k}u * grid_y);`);
    this.#load.push(`  let here_${at} = cells_at(cells + n_${at});`);
    const end = `${tx - 1}u`;
    this.#beside('below', 0, at, 'cell_at', `n_${at}`, 'x', 'x == 0u');
    this.#beside(
      'above',
      0,
      at,
      'cell_at',
      `n_${at} + ${end}`,
      `x + ${end}`,
      `x + ${end} == grid_x - 1u`,
    );
    if (j === 0) this.#beside('below', 1, at, 'cells_at', `n_${at}`, 'y', 'y == 0u');
    if (j === ty - 1) {
      this.#beside('above', 1, at, 'cells_at', `n_${at}`, `y + ${j}u`, `y + ${j}u == grid_y - 1u`);
    }
    if (k === 0) this.#beside('below', 2, at, 'cells_at', `n_${at}`, 'z', 'z == 0u');
    if (k === tz - 1) {
      this.#beside('above', 2, at, 'cells_at', `n_${at}`, `z + ${k}u`, `z + ${k}u == grid_z - 1u`);
    }
  }

  #beside(
    side: 'below' | 'above',
    axis: 0 | 1 | 2,
    at: string,
    read: 'cell_at' | 'cells_at',
    voxel: string,
    place: string,
    isEdge: string,
  ): void {
    const { grid, edges } = this.#kernel;
    if (grid[axis] === 1) return;
    const stride = ['1u', 'grid_x', 'grid_x * grid_y'][axis];
    const beside = `voxel_${side}(${voxel}, ${place}, grid_${AXES[axis]}, ${stride})`;
    const value = `${read}(cells + ${beside})`;
    const zeros = read === 'cells_at' && this.#tile[0] > 1 ? 'vec4f(0.0)' : '0.0';
    const text = edges === 'absorbing' ? `select(${value}, ${zeros}, ${isEdge})` : value;
    this.#load.push(`  let ${side}_${AXES[axis]}_${at} = ${text};`);
  }

  #diffuseQuad(j: number, k: number): void {
    const [tx, ty, tz] = this.#tile;
    const at = `${j}${k}`;
    const results = Array.from({ length: tx }, (_, i) => {
      const part = tx === 1 ? '' : `.${COMPONENTS[i]}`;
      const along = (i: number): string => `here_${at}.${COMPONENTS[i]}`;
      const quad = (j: number, k: number): string => `here_${j}${k}${part}`;
      const sides = [
        [i === 0 ? `below_x_${at}` : along(i - 1), i === tx - 1 ? `above_x_${at}` : along(i + 1)],
        [
          j === 0 ? `below_y_${at}${part}` : quad(j - 1, k),
          j === ty - 1 ? `above_y_${at}${part}` : quad(j + 1, k),
        ],
        [
          k === 0 ? `below_z_${at}${part}` : quad(j, k - 1),
          k === tz - 1 ? `above_z_${at}${part}` : quad(j, k + 1),
        ],
      ] as const;
      const body: Statement[] = [];
      const around = sides.map((pair, axis) =>
        this.#kernel.grid[axis] === 1 ? null : pair.map((text) => this.#place(text)),
      );
      const result = diffusion(`${at}_${i}`, this.#place(quad(j, k)), around, body);
      this.#diffuse.push(this.#emitter.statements(body, '  '));
      return this.#emitter.expression(result);
    });
    const value = tx === 1 ? results.join('') : `vec4f(${results.join(', ')})`;
    const cell = tx === 1 ? `copies + n_${at}` : `(copies + n_${at}) / 4u`;
    this.#store.push(`  diffused[${cell}] = ${value};`);
  }

  #place(text: string): Place {
    return { side: 'own', index: this.#places.push(text) - 1, name: text };
  }
}

/** The arithmetic of FieldKernel in plan.ts for one voxel: appends the statements, returns the new value. */
function diffusion(
  name: string,
  here: Place,
  sides: readonly (readonly Place[] | null)[],
  body: Statement[],
): Value {
  const define = (what: string, value: Value): Value => {
    body.push({ kind: 'let', name: `${what}_${name}`, value });
    return local(`${what}_${name}`);
  };
  let flow: Value | null = null;
  for (const [k, pair] of sides.entries()) {
    if (pair === null) continue;
    const [below, above] = pair.map((place) => sub(get(place), get(here))) as [Value, Value];
    const axis = AXES[k] as string;
    const constant: Value = { op: 'constant', type: 'f32', index: k, name: `along_${axis}` };
    const part = mul(constant, add(below, above));
    flow = define(`flow_${axis}`, flow === null ? part : add(flow, part));
  }
  const next = define('next', flow === null ? get(here) : add(get(here), flow));
  const isTiny = binary('lt', unary('abs', next), literal(SMALLEST_NORMAL));
  return select(isTiny, literal(0), next);
}

/** Names in the function of react.wgsl that runs the statements, for them to leave alone. */
const IN_REACT = ['voxel', 'step_number', 'before', 'last_step', 'number', 'Variables'];

/** react.wgsl for one field, or null where nothing happens to anything. */
export function reactShader(
  kernel: FieldKernel,
  isQuads: boolean,
  context: KernelContext,
): Shader | null {
  const names = new Names('react');
  for (const word of IN_REACT) names.taken.add(word);
  const uses = usesOf([kernel.body], []);
  const copies = copiesOf(kernel);
  const all = kernel.variables.map(({ name }, index) => {
    const key = placeKey({ side: 'own', index });
    const copy = copies[index] ?? null;
    const isWritten = uses.written.has(key);
    const isStored = isWritten || copy !== null;
    return {
      index,
      copy,
      name: names.addPlace(key, name),
      isWritten,
      isStored,
      isUsed: isStored || uses.read.has(key),
    };
  });
  const variables = all.filter(({ isUsed }) => isUsed);
  const stored = variables.filter(({ isStored }) => isStored);
  if (stored.length === 0) return null;
  names.addConstants(uses);
  const emitter = new WgslEmitter({
    place: (place) => names.place(place),
    constant: (index) => names.constant(index),
    special: (name) => {
      if (name === 'step') return 'i32(step_number)';
      if (name === 'time') return 'time_of(step_number)';
      return name === 'index' ? 'i32(voxel)' : refuse(name)();
    },
    draws: (group) => `philox(voxel, step_number, ${group}u, field_seed, field_stream)`,
    timedArray: timedArrayIn(context),
    binomialTable: refuse('binomial tables in fields'),
    arrived: (index) => takeText(kernel.inputs[index], 'deposits_first', 'voxel'),
    add: refuse('add'),
    reserved: names.taken,
    arithmetic: context.arithmetic,
  });
  const load = [
    ...names.constantLines('field_constants', '  '),
    ...variables.map((v) => `  ${v.isWritten ? 'var' : 'let'} ${v.name} = before.${v.name};`),
  ];
  const react = emitter.statements(kernel.body, '  ');
  return loadShader('react', {
    flags: { QUADS: isQuads },
    inserts: {
      declarations: emitter.functions(),
      variables: `struct Variables {\n${variables.map((v) => `  ${v.name}: f32,\n`).join('')}}`,
      load: load.join('\n'),
      react,
      check: checkText(stored, { step: 'last_step', element: 'number' }),
      result: `  return Variables(${variables.map((v) => v.name).join(', ')});`,
      voxels: voxelLines(variables, isQuads).join('\n'),
    },
  });
}

/** Loads one voxel or four of them, runs them, stores. */
function voxelLines(
  variables: readonly {
    readonly index: number;
    readonly copy: number | null;
    readonly name: string;
    readonly isStored: boolean;
  }[],
  isQuads: boolean,
): string[] {
  const width = isQuads ? 4 : 1;
  const vector = (type: 'f' | 'u'): string => (isQuads ? `vec4${type}` : `${type}32`);
  const cell = (base: string, k: number): string =>
    isQuads
      ? `(${base} + ${k}u * voxel_count) / 4u + item`
      : `${base} + ${k}u * voxel_count + item`;
  const parts = Array.from({ length: width }, (_, k) => k);
  const load = variables.map(({ index, copy }) => {
    const state = `bitcast<${vector('f')}>(state[${cell('state_base', index)}])`;
    const value = copy === null ? state : `diffused[${cell('copy_base', copy)}]`;
    return `  let before_${index} = ${value};`;
  });
  const run = parts.map((k) => {
    const part = isQuads ? `.${COMPONENTS[k]}` : '';
    const values = variables.map(({ index }) => `before_${index}${part}`).join(', ');
    return `  let after_${k} = react(${width}u * item + ${k}u, first_step, Variables(${values}));`;
  });
  const store = variables
    .filter(({ isStored }) => isStored)
    .map(({ index, name }) => {
      const values = parts.map((k) => `after_${k}.${name}`).join(', ');
      return `  state[${cell('state_base', index)}] = bitcast<${vector('u')}>(${vector('f')}(${values}));`;
    });
  return [...load, ...run, ...store];
}
