/** The cloud: places, drawings of networks without positions, what has spiked, which neuron is under the pointer. */
import { describe, expect, it } from 'vitest';
import { createLastSpikes } from '../../../../src/app/simulation/last-spikes.ts';
import type { NetworkInfo, PopulationInfo } from '../../../../src/app/simulation/protocol.ts';
import { fittingCamera, lensOf } from '../../../../src/app/views/space/camera.ts';
import { createPixels } from '../../../../src/app/views/space/canvas-painter.ts';
import {
  addActivity,
  brightness,
  type Cloud,
  countActive,
  createCloud,
  populationOf,
} from '../../../../src/app/views/space/cloud.ts';
import { fillDisc, placeDiscs } from '../../../../src/app/views/space/drawn-layout.ts';
import { mix, REST, type Scene } from '../../../../src/app/views/space/painter.ts';
import { pickNeuron, placeOf } from '../../../../src/app/views/space/pick.ts';

const population = (name: string, size: number, first: number, space: 0 | 2 | 3) =>
  ({ name, size, first, space, method: 'euler', variables: [] }) satisfies PopulationInfo;

const networkOf = (...populations: readonly PopulationInfo[]): NetworkInfo =>
  ({ populations }) as unknown as NetworkInfo;

const nowhere = async (): Promise<Float32Array> => {
  throw new Error('nobody has positions');
};

/** Ten by ten neurons, 10 µm apart, then one far away. */
async function gridCloud(): Promise<Cloud> {
  return createCloud(
    networkOf(population('grid', 100, 0, 2), population('far', 1, 100, 2)),
    async (name) =>
      name === 'far'
        ? Float32Array.of(200, 200, 0)
        : Float32Array.from({ length: 300 }, (_, at) => {
            const neuron = Math.floor(at / 3);
            return [10 * (neuron % 10), 10 * Math.floor(neuron / 10), 0][at % 3] as number;
          }),
  );
}

describe('drawn layout', () => {
  it('places discs that do not touch, with areas in proportion to their sizes', () => {
    const sizes = [4000, 1000, 20, 1, 2500, 700, 700, 9000];
    const discs = placeDiscs(sizes);
    discs.forEach((disc, index) => {
      expect(disc.radius ** 2).toBeCloseTo(sizes[index] as number, 6);
      for (const other of discs.slice(index + 1)) {
        const apart = Math.hypot(disc.x - other.x, disc.y - other.y);
        expect(apart).toBeGreaterThan(disc.radius + other.radius);
      }
    });
    // In the order of the document: downwards, then to the right.
    const order = [...discs.keys()].sort((a, b) => {
      const [one, two] = [discs[a], discs[b]];
      if (!one || !two) return 0;
      return two.y - one.y || one.x - two.x;
    });
    expect(order).toEqual([...discs.keys()]);
  });

  it('spreads neurons evenly within their disc', () => {
    const places = new Float32Array(3 * 500);
    fillDisc({ x: 5, y: -3, radius: 10 }, 0, 500, places);
    let inside = 0;
    for (let k = 0; k < 500; k++) {
      const from = Math.hypot((places[3 * k] as number) - 5, (places[3 * k + 1] as number) + 3);
      expect(from).toBeLessThanOrEqual(10);
      if (from <= 10 / Math.SQRT2) inside++;
    }
    // Half of the area, half of the points.
    expect(inside).toBe(250);
  });

  it('is used only where no population has positions', async () => {
    const drawn = await createCloud(networkOf(population('a', 50, 0, 0)), nowhere);
    expect(drawn.anatomical).toBe(false);
    expect(drawn.bounds.flat).toBe(true);
    const mixed = await createCloud(
      networkOf(population('a', 2, 0, 3), population('b', 3, 2, 0)),
      async () => Float32Array.of(1, 2, 3, 4, 6, 8),
    );
    expect(mixed.anatomical).toBe(true);
    expect(mixed.populations.map(({ placed }) => placed)).toEqual([true, false]);
    // What has no place does not widen the box.
    expect(mixed.bounds).toEqual({ min: [1, 2, 3], max: [4, 6, 8], flat: false });
  });
});

describe('activity', () => {
  it('holds the last spike of every neuron, and tells only what is new', () => {
    const last = createLastSpikes(5);
    last.add(Uint32Array.of(0, 3, 7), Uint32Array.of(2, 0, 2));
    last.reach(10);
    const first = last.read(0, 10);
    expect([...first.neurons]).toEqual([0, 2]);
    expect([...first.lastSpike]).toEqual([4, 8]);
    // Nothing since.
    expect(last.read(10, 12).neurons.length).toBe(0);
    // A spike in the very step that comes next after 10 steps are done.
    last.add(Uint32Array.of(10), Uint32Array.of(4));
    last.reach(12);
    expect([...last.read(10, 12).neurons]).toEqual([4]);
    // The simulation is ahead, but its spikes have not come yet: they are asked for again.
    expect(last.read(10, 30).step).toBe(12);
  });

  it('fades by e within the fade time, and is dark for neurons that never spiked', () => {
    expect(brightness(101, 101, 50)).toBe(1);
    expect(brightness(101, 151, 50)).toBeCloseTo(Math.exp(-1), 12);
    expect(brightness(0, 151, 50)).toBe(0);
  });

  it('counts neurons that spiked lately, in their population', async () => {
    const cloud = await gridCloud();
    const activity = {
      step: 1000,
      neurons: Uint32Array.of(3, 50, 100),
      lastSpike: Uint32Array.of(990, 700, 1000),
    };
    expect(addActivity(cloud, activity)).toBe(true);
    const [grid, far] = cloud.populations;
    if (!grid || !far) throw new Error('two populations');
    expect(countActive(cloud, grid, 100)).toBe(1);
    expect(countActive(cloud, grid, 400)).toBe(2);
    expect(countActive(cloud, far, 100)).toBe(1);
    const nothing = { ...activity, neurons: new Uint32Array(0), lastSpike: new Uint32Array(0) };
    expect(addActivity(cloud, nothing)).toBe(false);
    expect(populationOf(cloud, 100)?.name).toBe('far');
    expect(populationOf(cloud, 101)).toBeUndefined();
  });
});

describe('picking', () => {
  it('finds every neuron where it is drawn, and nothing elsewhere', async () => {
    const cloud = await gridCloud();
    const lens = lensOf(fittingCamera(cloud.bounds, 800, 600), cloud.bounds, 800, 600);
    for (const neuron of [0, 9, 42, 99, 100]) {
      const { x, y } = placeOf(cloud, lens, neuron);
      expect(pickNeuron(cloud, lens, () => true, x + 2, y - 2, 9)).toBe(neuron);
    }
    const { x, y } = placeOf(cloud, lens, 100);
    expect(pickNeuron(cloud, lens, () => true, x - 30, y + 30, 9)).toBe(-1);
    expect(pickNeuron(cloud, lens, (index) => index === 0, x, y, 9)).toBe(-1);
  });

  it('takes the one in front where several are behind each other', async () => {
    const cloud = await createCloud(networkOf(population('line', 3, 0, 3)), async () =>
      // Along y: from the front one behind the other.
      Float32Array.of(50, 0, 50, 50, 40, 50, 50, 80, 50),
    );
    const bounds = { min: [0, 0, 0], max: [100, 100, 100], flat: false } as const;
    const camera = { yaw: 0, pitch: 0, zoom: 1, centre: [50, 50, 50] as const };
    const lens = lensOf(camera, bounds, 400, 400);
    expect(pickNeuron(cloud, lens, () => true, 200, 200, 9)).toBe(0);
    const behind = lensOf({ ...camera, yaw: Math.PI }, bounds, 400, 400);
    expect(pickNeuron(cloud, behind, () => true, 200, 200, 9)).toBe(2);
  });
});

describe('the picture without WebGL2', () => {
  it('has in front what is nearer to the eye, whatever the order of populations', async () => {
    const cloud = await createCloud(
      networkOf(population('front', 1, 0, 3), population('behind', 1, 1, 3)),
      async (name) => Float32Array.of(50, name === 'front' ? 10 : 90, 50),
    );
    const bounds = { min: [0, 0, 0], max: [100, 100, 100], flat: false } as const;
    const camera = { yaw: 0, pitch: 0, zoom: 1, centre: [50, 50, 50] as const };
    const looks = [
      { shown: true, rgb: [200, 0, 0], mark: '●' },
      { shown: true, rgb: [0, 0, 200], mark: '▲' },
    ] as const;
    const paint = createPixels(cloud);
    const data = new Uint8ClampedArray(4 * 100 * 100);
    for (const [yaw, step, expected] of [
      [0, 0, [68, 0, 0]],
      [Math.PI, 0, [0, 0, 68]],
      // Both spike.
      [0, 5, [200, 0, 0]],
      [Math.PI, 5, [0, 0, 200]],
    ] as const) {
      cloud.step = step;
      cloud.lastSpike.fill(step);
      paint(new Uint32Array(data.buffer), 100, 100, {
        lens: lensOf({ ...camera, yaw }, bounds, 100, 100),
        zoom: 1,
        pixelRatio: 1,
        background: [0, 0, 0],
        dark: false,
        moving: false,
        looks,
        size: 4,
        fadeSteps: 10,
        values: null,
      });
      const middle = 4 * (50 * 100 + 50);
      expect([...data.subarray(middle, middle + 3)]).toEqual(expected);
    }
  });

  it('has resting, spiking and valued neurons in their colours where they are', async () => {
    const cloud = await gridCloud();
    addActivity(cloud, {
      step: 50,
      neurons: Uint32Array.of(42),
      lastSpike: Uint32Array.of(50),
    });
    const lens = lensOf(fittingCamera(cloud.bounds, 200, 200), cloud.bounds, 200, 200);
    const look = { shown: true, rgb: [100, 200, 50], mark: '▲' } as const;
    const scene: Scene = {
      lens,
      zoom: 1,
      pixelRatio: 1,
      background: [10, 20, 30],
      dark: false,
      moving: false,
      looks: [look, { ...look, shown: false }],
      size: 3,
      fadeSteps: 30,
      values: null,
    };
    const data = new Uint8ClampedArray(4 * 200 * 200);
    const pixels = new Uint32Array(data.buffer);
    const paint = createPixels(cloud);
    const at = (neuron: number): number[] => {
      const { x, y } = placeOf(cloud, lens, neuron);
      const start = 4 * (200 * Math.floor(y) + Math.floor(x));
      return [...data.subarray(start, start + 3)];
    };
    paint(pixels, 200, 200, scene);
    expect(at(42)).toEqual([100, 200, 50]);
    expect(at(0)).toEqual(mix([10, 20, 30], look.rgb, REST.light).map(Math.round));
    // Its population is not shown.
    expect(at(100)).toEqual([10, 20, 30]);
    const values = new Float32Array(101).fill(Number.NaN);
    values[42] = 1;
    values[0] = 0;
    const scale = { min: 0, max: 1, log: false };
    paint(pixels, 200, 200, { ...scene, values: { values, scale, map: 'viridis' } });
    expect(at(42)).toEqual([253, 231, 37]);
    expect(at(0)).toEqual([68, 1, 84]);
    expect(at(7)).toEqual([128, 128, 128]);
    // Back to spikes, later: what was kept of the picture at rest is drawn again, and the spike has faded.
    cloud.step = 50 + 30 * 5;
    paint(pixels, 200, 200, scene);
    paint(pixels, 200, 200, scene);
    expect(at(42)).toEqual(at(0));
    expect(at(0)).toEqual(mix([10, 20, 30], look.rgb, REST.light).map(Math.round));
  });
});
