/** How Space looks: nonsense from a link becomes the default; probes follow clicks. */
import { describe, expect, it } from 'vitest';
import type { NetworkInfo } from '../../../../src/app/simulation/protocol.ts';
import type { SpaceLook } from '../../../../src/app/state/project.ts';
import {
  cameraOf,
  colourChoices,
  DEFAULT_LOOK,
  lookOf,
  withProbe,
} from '../../../../src/app/views/space/look.ts';

const BOUNDS = { min: [0, 0, 0], max: [10, 10, 10], flat: false } as const;

describe('look', () => {
  it.each([
    undefined,
    null,
    'view',
    { camera: 7, fadeMs: 'long', hidden: 3 },
    { camera: { yaw: 1, pitch: 2, zoom: Number.NaN, centre: [1, 2, 3] } },
    { camera: { yaw: 1, pitch: 2, zoom: 1, centre: [1, 2] } },
  ])('%j is the default', (nonsense) => {
    expect(lookOf(nonsense as unknown as SpaceLook)).toEqual(DEFAULT_LOOK);
  });

  it('is kept where it makes sense, and brought into its ranges', () => {
    const camera = { yaw: 9, pitch: 4, zoom: 1e9, centre: [5, 50, -50] as const };
    const look = lookOf({
      camera,
      colour: 'v',
      map: 'cividis',
      fadeMs: 1e9,
      size: 0,
      hidden: ['a'],
    });
    expect(look).toEqual({
      camera,
      colour: 'v',
      map: 'cividis',
      fadeMs: 3000,
      size: 0.3,
      hidden: ['a'],
    });
    expect(cameraOf(look, BOUNDS, 500, 500)).toEqual({
      yaw: 9,
      pitch: Math.PI / 2,
      zoom: 200,
      centre: [5, 10, 0],
    });
  });
});

describe('colour choices', () => {
  it('are variables by name, with the populations that have them in the same unit', () => {
    const variable = (name: string, unit: string, stored = true) => ({
      name,
      unit,
      slow: false,
      stored,
    });
    const info = {
      populations: [
        { name: 'a', variables: [variable('v', 'mV'), variable('rate', '', false)] },
        { name: 'b', variables: [variable('v', 'mV'), variable('ca', 'uM')] },
        { name: 'c', variables: [variable('v', '')] },
      ],
    } as unknown as NetworkInfo;
    expect(colourChoices(info).map(({ name, populations }) => [name, populations])).toEqual([
      ['v', ['a', 'b']],
      ['ca', ['b']],
    ]);
  });
});

describe('probes', () => {
  it('are the neuron that was clicked, or one more', () => {
    const one = withProbe([{ population: 'b', neurons: [3] }], 'a', 7, false);
    expect(one).toEqual([
      { population: 'b', neurons: [3] },
      { population: 'a', neurons: [7] },
    ]);
    const two = withProbe(one, 'a', 2, true);
    expect(two.at(-1)).toEqual({ population: 'a', neurons: [2, 7] });
    expect(withProbe(two, 'a', 2, true)).toBe(two);
    expect(withProbe(two, 'a', 5, false).at(-1)?.neurons).toEqual([5]);
  });

  it('are at most eight of a population', () => {
    let probes = withProbe([], 'a', 0, false);
    for (let neuron = 1; neuron < 12; neuron++) probes = withProbe(probes, 'a', neuron, true);
    expect(probes[0]?.neurons.length).toBe(8);
    expect(probes[0]?.neurons).toContain(11);
  });
});
