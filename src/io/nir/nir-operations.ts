/**
 * What the stateless node types of NIR do, as linear maps and constants: Affine, Linear, Scale, Delay, Flatten,
 * convolutions and pooling. Data flow through a node, row-major, without a batch dimension.
 */
import { buildMap, diagonalMap, type LinearMap } from './linear-map.ts';
import { type NirArray, type NirNode, refuseNir } from './nir-graph.ts';

/** A stateless node between known shapes: out = map(in) + bias. */
export interface Operation {
  readonly shape: readonly number[];
  readonly map: LinearMap;
  readonly bias: Float64Array | null;
}

type MakeOperation = (node: NirNode, input: readonly number[], where: string) => Operation;

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/** Largest number of elements of one node. */
const MOST_ELEMENTS = 2 ** 22;

/** Most steps that listing the entries of a convolution may take. */
const MOST_WORK = 2 ** 28;

/** A field that must be there and be numbers. */
export function arrayOf(node: NirNode, name: string, where: string): NirArray {
  const field = node.fields.get(name);
  if (field === undefined || typeof field === 'string') {
    return refuseNir(where, `${node.type} needs the numbers "${name}".`);
  }
  return field;
}

/** A shape stored as a list of numbers. */
export function shapeOf(node: NirNode, name: string, where: string): readonly number[] {
  return checkShape([...arrayOf(node, name, where).values], where);
}

export function checkShape(shape: readonly number[], where: string): readonly number[] {
  const isShape = shape.every((length) => Number.isInteger(length) && length > 0);
  if (!isShape || !(sizeOf(shape) <= MOST_ELEMENTS)) {
    refuseNir(where, `${shape.join(' x ')} is not a shape of 1 to ${MOST_ELEMENTS} elements.`);
  }
  return shape;
}

/** The values of an array, repeated so that they fill a shape (as numpy broadcasts). */
export function broadcast(array: NirArray, shape: readonly number[], where: string): Float64Array {
  const size = sizeOf(shape);
  if (array.values.length === size) return array.values;
  if (array.values.length === 1) return new Float64Array(size).fill(array.values[0] as number);
  const offset = shape.length - array.shape.length;
  const fits = array.shape.every((length, k) => length === 1 || length === shape[k + offset]);
  if (offset < 0 || !fits) {
    refuseNir(where, `an array of ${array.shape.join(' x ')} does not fit ${shape.join(' x ')}.`);
  }
  return Float64Array.from({ length: size }, (_, element) => {
    let rest = element;
    let at = 0;
    let stride = 1;
    for (let k = shape.length - 1; k >= offset; k--) {
      const length = array.shape[k - offset] as number;
      if (length > 1) at += (rest % (shape[k] as number)) * stride;
      stride *= length;
      rest = Math.floor(rest / (shape[k] as number));
    }
    return array.values[at] as number;
  });
}

const linear: MakeOperation = (node, input, where) => {
  const { shape, values } = arrayOf(node, 'weight', where);
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows === 0) refuseNir(where, 'weight must be a matrix.');
  if (columns !== sizeOf(input)) {
    refuseNir(where, `weight has ${columns} columns, but ${sizeOf(input)} values come in.`);
  }
  const map = buildMap(columns, rows, (column, add) => {
    for (let row = 0; row < rows; row++) add(row, values[row * columns + column] as number);
  });
  return { shape: [rows], map, bias: null };
};

const affine: MakeOperation = (node, input, where) => {
  const operation = linear(node, input, where);
  return { ...operation, bias: broadcast(arrayOf(node, 'bias', where), operation.shape, where) };
};

/** Nodes without an effect on the values: ports of nested graphs, the output. */
const pass: MakeOperation = (_node, input) => ({
  shape: input,
  map: diagonalMap(sizeOf(input)),
  bias: null,
});

const scale: MakeOperation = (node, input, where) => {
  const factors = broadcast(arrayOf(node, 'scale', where), input, where);
  return {
    shape: input,
    map: diagonalMap(sizeOf(input), factors),
    bias: null,
  };
};

const delay: MakeOperation = (node, input, where) => {
  const seconds = broadcast(arrayOf(node, 'delay', where), input, where);
  if (seconds.some((value) => value < 0)) refuseNir(where, 'a delay is negative.');
  return {
    shape: input,
    map: diagonalMap(sizeOf(input), undefined, seconds),
    bias: null,
  };
};

const flatten: MakeOperation = (node, input, where) => {
  const read = (name: string, missing: number): number => {
    const value = node.fields.has(name)
      ? (arrayOf(node, name, where).values[0] ?? missing)
      : missing;
    const dimension = value < 0 ? value + input.length : value;
    if (!Number.isInteger(dimension) || dimension < 0 || dimension >= Math.max(input.length, 1)) {
      refuseNir(where, `${name} ${value} is not a dimension of ${input.join(' x ')}.`);
    }
    return dimension;
  };
  const start = read('start_dim', 0);
  const end = read('end_dim', -1);
  if (end < start) refuseNir(where, 'end_dim comes before start_dim.');
  const flat = sizeOf(input.slice(start, end + 1));
  const shape = [...input.slice(0, start), flat, ...input.slice(end + 1)];
  return { shape, map: diagonalMap(sizeOf(input)), bias: null };
};

/** One axis of a window that slides: how many places, and which input a place sees through position k. */
interface Axis {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly output: number;
}

function axes(node: NirNode, input: readonly number[], kernel: readonly number[], where: string) {
  const many = (name: string, missing: number): readonly number[] => {
    const field = node.fields.get(name);
    if (typeof field === 'string') return paddingOf(field, node, kernel, where);
    const values = field === undefined ? [missing] : [...field.values];
    const full = values.length === 1 ? kernel.map(() => values[0] as number) : values;
    const least = name === 'padding' ? 0 : 1;
    const isFine = full.length === kernel.length && full.every((value) => Number.isInteger(value));
    if (!isFine || full.some((value) => value < least || value > MOST_ELEMENTS)) {
      refuseNir(where, `${name} must be ${kernel.length} whole numbers, at least ${least}.`);
    }
    return full;
  };
  const [stride, padding, dilation] = [many('stride', 1), many('padding', 0), many('dilation', 1)];
  return kernel.map((length, k): Axis => {
    const size = input[k] as number;
    const axis = {
      input: size,
      kernel: length,
      stride: stride[k] as number,
      padding: padding[k] as number,
      dilation: dilation[k] as number,
    };
    const room = size + 2 * axis.padding - axis.dilation * (length - 1) - 1;
    const output = Math.floor(room / axis.stride) + 1;
    if (!(output >= 1))
      refuseNir(where, `the kernel (${length}) is larger than the input (${size}).`);
    return { ...axis, output };
  });
}

function paddingOf(
  word: string,
  node: NirNode,
  kernel: readonly number[],
  where: string,
): readonly number[] {
  if (word === 'valid') return kernel.map(() => 0);
  const reach = kernel.map((length, k) => {
    const dilation = node.fields.get('dilation');
    const values = dilation === undefined || typeof dilation === 'string' ? [1] : dilation.values;
    return ((values[k] ?? values[0] ?? 1) * (length - 1)) / 2;
  });
  if (word !== 'same' || reach.some((value) => !Number.isInteger(value))) {
    refuseNir(where, `padding "${word}" is not supported for this kernel. Give numbers.`);
  }
  return reach;
}

/** Refuses windows so large that listing what they see would take minutes. */
function checkWork(
  elements: number,
  kernel: readonly number[],
  channels: number,
  where: string,
): void {
  if (!(elements * sizeOf(kernel) * channels <= MOST_WORK)) {
    refuseNir(where, `a kernel of ${kernel.join(' x ')} is too large for ${elements} values.`);
  }
}

/** Visits (output place, kernel position) for every way in which input place `at` is seen. */
function seenBy(axis: Axis, at: number, visit: (place: number, position: number) => void): void {
  for (let position = 0; position < axis.kernel; position++) {
    const start = at + axis.padding - position * axis.dilation;
    if (start < 0 || start % axis.stride !== 0) continue;
    const place = start / axis.stride;
    if (place < axis.output) visit(place, position);
  }
}

/** The spatial shape that a node says it has, or that of what comes in; and the number of channels. */
function imageOf(node: NirNode, input: readonly number[], dimensions: number, where: string) {
  if (input.length === dimensions + 1)
    return { channels: input[0] as number, image: input.slice(1) };
  const size = sizeOf(input);
  const image = node.fields.has('input_shape')
    ? checkShape([...arrayOf(node, 'input_shape', where).values], where)
    : [];
  if (image.length !== dimensions || size % sizeOf(image) !== 0) {
    refuseNir(where, `needs ${dimensions + 1} dimensions, but ${input.join(' x ')} comes in.`);
  }
  return { channels: size / sizeOf(image), image };
}

/** A convolution in one or two dimensions; one dimension is treated as an image of one row. */
const convolution =
  (dimensions: 1 | 2): MakeOperation =>
  (node, input, where) => {
    const { channels, image } = imageOf(node, input, dimensions, where);
    const weight = arrayOf(node, 'weight', where);
    if (weight.shape.length !== dimensions + 2) {
      refuseNir(where, `weight must have ${dimensions + 2} dimensions.`);
    }
    const [outChannels = 0, perGroup = 0, ...kernel] = weight.shape;
    const groups = node.fields.has('groups') ? (arrayOf(node, 'groups', where).values[0] ?? 1) : 1;
    const isFine = groups >= 1 && perGroup * groups === channels && outChannels % groups === 0;
    if (!isFine || sizeOf(weight.shape) === 0) {
      refuseNir(
        where,
        `${channels} channels come in, but weight is ${weight.shape.join(' x ')} in ${groups} groups.`,
      );
    }
    const found = axes(node, image, kernel, where);
    const shape = checkShape([outChannels, ...found.map((axis) => axis.output)], where);
    const flat: Axis = { input: 1, kernel: 1, stride: 1, padding: 0, dilation: 1, output: 1 };
    const [y = flat, x = flat] = dimensions === 2 ? found : [flat, ...found];
    const outPerGroup = outChannels / groups;
    checkWork(sizeOf(input), kernel, outPerGroup, where);
    const map = buildMap(sizeOf(input), sizeOf(shape), (element, add) => {
      const channel = Math.floor(element / (y.input * x.input));
      const row = Math.floor(element / x.input) % y.input;
      const group = Math.floor(channel / perGroup);
      seenBy(y, row, (outRow, ky) => {
        seenBy(x, element % x.input, (outColumn, kx) => {
          for (let k = 0; k < outPerGroup; k++) {
            const out = group * outPerGroup + k;
            const place = ((out * perGroup + (channel % perGroup)) * y.kernel + ky) * x.kernel + kx;
            add((out * y.output + outRow) * x.output + outColumn, weight.values[place] as number);
          }
        });
      });
    });
    return { shape, map, bias: channelBias(node, shape, where) };
  };

/** The bias of each output channel, for every place. */
function channelBias(node: NirNode, shape: readonly number[], where: string): Float64Array | null {
  if (!node.fields.has('bias')) return null;
  const channels = shape[0] as number;
  const bias = broadcast(arrayOf(node, 'bias', where), [channels], where);
  const places = sizeOf(shape) / channels;
  return Float64Array.from(
    { length: sizeOf(shape) },
    (_, k) => bias[Math.floor(k / places)] as number,
  );
}

/** Sums (or means, zeros of the padding included) over windows, in each channel. */
const pooling =
  (isMean: boolean): MakeOperation =>
  (node, input, where) => {
    const { channels, image } = imageOf(node, input, 2, where);
    const sizes = [...arrayOf(node, 'kernel_size', where).values];
    const kernel = checkShape(
      sizes.length === 1 ? [sizes[0] as number, sizes[0] as number] : sizes,
      where,
    );
    if (kernel.length !== 2) refuseNir(where, 'kernel_size must be two numbers.');
    const [y, x] = axes(node, image, kernel, where) as [Axis, Axis];
    checkWork(sizeOf(input), kernel, 1, where);
    const weight = isMean ? 1 / sizeOf(kernel) : 1;
    const shape = checkShape([channels, y.output, x.output], where);
    const map = buildMap(sizeOf(input), sizeOf(shape), (element, add) => {
      const channel = Math.floor(element / (y.input * x.input));
      seenBy(y, Math.floor(element / x.input) % y.input, (row) => {
        seenBy(x, element % x.input, (column) => {
          add((channel * y.output + row) * x.output + column, weight);
        });
      });
    });
    return { shape, map, bias: null };
  };

/** The stateless types by name. */
export const OPERATIONS: Readonly<Record<string, MakeOperation>> = {
  Affine: affine,
  AvgPool2d: pooling(true),
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Delay: delay,
  Flatten: flatten,
  Linear: linear,
  Output: pass,
  Port: pass,
  Scale: scale,
  SumPool2d: pooling(false),
};
