/** Connectivity: blocks of populations, groups of neurons, what is where in the picture. */
import { describe, expect, it } from 'vitest';
import type { NetworkInfo } from '../../../../src/app/simulation/protocol.ts';
import { degrees, densityOf, groupsOf } from '../../../../src/app/views/matrix/density.ts';
import { cellAt, type Matrix } from '../../../../src/app/views/matrix/draw-matrix.ts';
import { csvOfNetwork, networkMatrix } from '../../../../src/app/views/matrix/network-matrix.ts';

describe('the whole network', () => {
  const info = {
    populations: [
      { name: 'exc', size: 80 },
      { name: 'inh', size: 20 },
      { name: 'silent', size: 5 },
    ],
    fields: [{ name: 'dopamine', grid: [2, 2, 5] }],
    projections: [
      { name: 'e1', source: 'exc', target: 'inh', synapses: 100 },
      { name: 'e2', source: 'exc', target: 'inh', synapses: 60 },
      { name: 'i', source: 'inh', target: 'exc', synapses: 400 },
      { name: 'release', source: 'exc', target: 'dopamine', synapses: 80 },
    ],
  } as unknown as NetworkInfo;

  it('has a block per pair with projections, and only ends that have any', () => {
    const { sources, targets, blocks } = networkMatrix(info);
    expect(sources.map(({ name }) => name)).toEqual(['exc', 'inh']);
    expect(targets.map(({ name }) => name)).toEqual(['exc', 'inh', 'dopamine']);
    expect(blocks.length).toBe(3);
    expect(blocks[0]).toEqual({
      source: 0,
      target: 1,
      projections: ['e1', 'e2'],
      synapses: 160,
      inDegree: 8,
      perPair: 0.1,
    });
    // Twenty voxels.
    expect(blocks.find(({ target }) => target === 2)?.inDegree).toBe(4);
  });

  it('is saved as a table, with names that hold commas quoted', () => {
    const matrix = networkMatrix(info);
    const renamed = matrix.sources.map((end) =>
      end.name === 'inh' ? { ...end, name: 'inh, "fast"' } : end,
    );
    expect(csvOfNetwork({ ...matrix, sources: renamed }).split('\n')).toEqual([
      'from,to,synapses,per target neuron,per pair',
      'exc,inh,160,8,0.1',
      'exc,dopamine,80,4,0.05',
      '"inh, ""fast""",exc,400,5,0.25',
      '',
    ]);
  });
});

describe('groups', () => {
  it.each([
    [7, 3],
    [100, 96],
    [5, 96],
    [4000, 96],
  ])('of %i neurons in %i bins hold neuron i in bin floor(i bins / n)', (size, bins) => {
    const groups = groupsOf(size, bins);
    for (let neuron = 0; neuron < size; neuron++) {
      const group = groups[Math.floor((neuron * bins) / size)];
      expect(group && neuron >= group.from && neuron < group.to).toBe(true);
    }
    expect(groups.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(size);
  });

  it('without neurons are left out, and no synapse is lost', () => {
    const bins = 6;
    // Two sources and three targets in six bins: rows 0 and 3, columns 0, 2 and 4.
    const counts = new Float64Array(36);
    counts[0 * bins + 4] = 5;
    counts[3 * bins + 2] = 7;
    const density = densityOf(counts, bins, 2, 3);
    expect(density.sources).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ]);
    expect(density.targets.length).toBe(3);
    expect([...density.counts]).toEqual([0, 0, 5, 0, 7, 0]);
    expect([...degrees(density, 'in')]).toEqual([0, 7, 5]);
    expect([...degrees(density, 'out')]).toEqual([5, 7]);
  });

  it('have synapses per pair of neurons', () => {
    const density = densityOf([30, 0, 0, 10], 2, 10, 6);
    // Five sources and three targets in each group.
    expect([...density.perPair]).toEqual([2, 0, 0, 10 / 15]);
    expect([...degrees(density, 'in')]).toEqual([10, 10 / 3]);
  });
});

describe('the picture', () => {
  it('knows which cell is where', () => {
    const place = {
      left: 50,
      top: 10,
      width: 200,
      height: 100,
      isUpright: true,
      canvasHeight: 150,
    };
    const matrix = { rows: 5, columns: 4 } as Matrix;
    expect(cellAt(place, matrix, 51, 11)).toEqual({ row: 0, column: 0 });
    expect(cellAt(place, matrix, 249, 109)).toEqual({ row: 4, column: 3 });
    expect(cellAt(place, matrix, 150, 50)).toEqual({ row: 2, column: 2 });
    expect(cellAt(place, matrix, 49, 50)).toBeNull();
    expect(cellAt(place, matrix, 100, 111)).toBeNull();
  });
});
