/**
 * Damaged NIR files: every mutation either reads or is refused with a NetworkError, in bounded time, and leaves the
 * library able to read a good file.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { NetworkError } from '../../../src/index.ts';
import type { NirArray, NirGraph, NirNode } from '../../../src/io/nir/nir-graph.ts';
import { NEURON_FIELDS } from '../../../src/io/nir/nir-neurons.ts';
import { OPERATIONS } from '../../../src/io/nir/nir-operations.ts';
import { networkOfGraph, readNir } from '../../../src/io/nir/read-nir.ts';
import { philox } from '../../../src/language/philox.ts';
import { describeReference } from '../../support/reference.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/nir/', import.meta.url));
const MUTATIONS = 1000;
const GRAPH_MUTATIONS = 2500;

/** A function that returns numbers below a bound, the same ones in every run. */
function numbers(seed: number): (below: number) => number {
  let count = 0;
  const words = new Uint32Array(4);
  return (below) => {
    philox(count++, 0, 0, 0, seed, 0, words);
    return Math.floor(((words[0] as number) / 2 ** 32) * below);
  };
}

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff];

/** One to eight bytes changed, a stretch zeroed or repeated, or the end cut off. */
function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = bytes.slice();
  const kind = random(10);
  if (kind === 0) return copy.subarray(0, random(copy.length));
  const at = random(copy.length);
  const length = 1 + random(64);
  if (kind === 1) copy.fill(0, at, at + length);
  else if (kind === 2) copy.copyWithin(at, random(copy.length), random(copy.length) + length);
  else {
    for (let k = random(8); k >= 0; k--) {
      const value = random(2) === 0 ? (INTERESTING[random(5)] as number) : random(256);
      // Headers are at the front of HDF5 files and of what they describe.
      copy[random(random(4) === 0 ? copy.length : 4096)] = value;
    }
  }
  return copy;
}

describeReference('damaged NIR files', () => {
  const seeds: Uint8Array[] = [];
  beforeAll(() => {
    for (const name of ['lif_norse.nir', 'two_lif_neurons.nir']) {
      seeds.push(new Uint8Array(readFileSync(folder + name)));
    }
  });

  it(`${MUTATIONS} mutations`, async () => {
    const random = numbers(1);
    let refused = 0;
    for (let k = 0; k < MUTATIONS; k++) {
      const bytes = mutate(seeds[k % seeds.length] as Uint8Array, random);
      try {
        await readNir(bytes);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(MUTATIONS / 10);
    const good = await readNir(seeds[0] as Uint8Array);
    expect(good.populations).toHaveLength(2);
  });
});

const shapes = [[], [0], [1], [2], [3], [2, 2], [1, 2, 2], [1, 3], [2, 1, 1, 2], [1e6, 1e6]];
const values = [0, 1, 2, -1, 0.5, 1e-3, 3, 1e9, 2 ** 53];
const kinds = [...Object.keys(NEURON_FIELDS), ...Object.keys(OPERATIONS), 'Input', 'Rubbish'];
const names = ['a', 'b', 'c', 'd', 'e.f', '1', '__proto__'];
const keys = [
  ...new Set(Object.values(NEURON_FIELDS).flatMap((fields) => Object.keys(fields))),
  ...['shape', 'weight', 'bias', 'scale', 'delay', 'stride', 'padding', 'dilation', 'groups'],
  ...['kernel_size', 'input_shape', 'start_dim', 'end_dim'],
];

function randomGraph(random: (below: number) => number, depth = 0): NirGraph {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const arrayField = (): NirArray => {
    const shape = random(4) === 0 ? pick(shapes) : pick(shapes.slice(2, 8));
    const count = Math.min(
      shape.reduce((product, length) => product * length, 1),
      1000,
    );
    const one = pick(values);
    return {
      shape,
      values: Float64Array.from({ length: count }, () => (random(9) ? one : pick(values))),
    };
  };
  const nodes = new Map<string, NirNode | NirGraph>();
  for (const name of names.slice(0, 2 + random(names.length - 1))) {
    if (depth < 2 && random(12) === 0) nodes.set(name, randomGraph(random, depth + 1));
    else {
      const fields = keys
        .filter(() => random(20) > 0)
        .map((key) => [key, random(99) ? arrayField() : 'same'] as const);
      const last = Array.from(
        fields,
        ([key, field]) =>
          [
            key,
            key === 'shape' && random(9)
              ? { shape: [1], values: Float64Array.of(1 + random(4)) }
              : field,
          ] as const,
      );
      nodes.set(name, { type: pick(kinds), fields: new Map(last) });
    }
  }
  const existing = [...nodes.keys()];
  const edges = Array.from(
    { length: 1 + random(7) },
    () => [pick(random(30) ? existing : names), pick(existing)] as const,
  );
  return { nodes, edges };
}

describe('random graphs', () => {
  it(`${GRAPH_MUTATIONS} of them`, () => {
    const random = numbers(2);
    let read = 0;
    for (let k = 0; k < GRAPH_MUTATIONS; k++) {
      try {
        networkOfGraph(randomGraph(random));
        read++;
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
      }
    }
    expect(read).toBeGreaterThan(0);
  });
});

describe('truncated', () => {
  it('a signature and nothing else', async () => {
    const bytes = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
    await expect(readNir(bytes)).rejects.toThrow(NetworkError);
  });
});
