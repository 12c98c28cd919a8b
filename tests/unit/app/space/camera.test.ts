/** The camera against geometry: right angles, what stays where it is, what fits, and picking against the projection. */
import { describe, expect, it } from 'vitest';
import {
  type Bounds,
  boxEdges,
  fitted,
  fittingCamera,
  type Lens,
  lensOf,
  orbit,
  pan,
  project,
  scaleBar,
  type Vector,
  zoomAt,
} from '../../../../src/app/views/space/camera.ts';

const DEEP: Bounds = { min: [0, 0, 0], max: [800, 600, 200], flat: false };
const FLAT: Bounds = { min: [-100, 0, 0], max: [300, 200, 0], flat: true };
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

describe('lens', () => {
  it('has three directions at right angles, however it is turned', () => {
    for (const [yaw, pitch] of [
      [0, 0],
      [1, 0.4],
      [-2.5, -1.2],
      [3, Math.PI / 2],
    ] as const) {
      const { right, up, toward } = lensOf(
        { ...fittingCamera(DEEP, 900, 500), yaw, pitch },
        DEEP,
        900,
        500,
      );
      for (const one of [right, up, toward]) expect(dot(one, one)).toBeCloseTo(1, 12);
      expect(dot(right, up)).toBeCloseTo(0, 12);
      expect(dot(right, toward)).toBeCloseTo(0, 12);
      // right x up points at the eye.
      expect(right[1] * up[2] - right[2] * up[1]).toBeCloseTo(toward[0], 12);
      expect(right[0] * up[1] - right[1] * up[0]).toBeCloseTo(toward[2], 12);
    }
  });

  it('looks from above with x to the right and y upwards, from the front with z upwards', () => {
    const above = lensOf(fittingCamera(FLAT, 800, 400), FLAT, 800, 400);
    const middle = project(above, 100, 100, 0);
    expect([middle.x, middle.y]).toEqual([400, 200]);
    expect(project(above, 200, 100, 0).x).toBeGreaterThan(400);
    expect(project(above, 100, 150, 0).y).toBeLessThan(200);
    const front = lensOf(fitted(0, 0, DEEP, 800, 400), DEEP, 800, 400);
    expect(project(front, 400, 300, 200).y).toBeLessThan(200);
    // y goes away from the eye: what is near is larger.
    expect(project(front, 400, 0, 100).size).toBeGreaterThan(project(front, 400, 600, 100).size);
  });

  it('has one scale everywhere in two dimensions', () => {
    const lens = lensOf(fittingCamera(FLAT, 800, 400), FLAT, 800, 400);
    const apart = project(lens, 50, 0, 0).x - project(lens, 0, 0, 0).x;
    expect(apart).toBeCloseTo(50 * lens.pixelsPerUm, 9);
    expect(project(lens, 300, 200, 0).size).toBe(1);
  });
});

describe('views', () => {
  it.each([
    ['corner', -0.5, 0.5],
    ['above', 0, Math.PI / 2],
    ['front', 0, 0],
  ])('from the %s fit the box into the picture, and nearly fill it', (_, yaw, pitch) => {
    for (const [width, height] of [
      [1200, 500],
      [350, 420],
    ] as const) {
      const lens = lensOf(fitted(yaw, pitch, DEEP, width, height), DEEP, width, height);
      const corners = boxEdges(DEEP).flat();
      const across = Math.max(...corners.map((at) => Math.abs(project(lens, ...at).x - width / 2)));
      const high = Math.max(...corners.map((at) => Math.abs(project(lens, ...at).y - height / 2)));
      expect(across).toBeLessThanOrEqual(width / 2);
      expect(high).toBeLessThanOrEqual(height / 2);
      expect(Math.max(across / width, high / height)).toBeCloseTo(0.45, 6);
    }
  });

  it('at zoom 1 no turn takes a corner out of the picture', () => {
    for (let yaw = 0; yaw < 6.3; yaw += 0.3) {
      for (let pitch = -1.5; pitch <= 1.5; pitch += 0.25) {
        const camera = { ...fittingCamera(DEEP, 700, 400), zoom: 1, yaw, pitch };
        const lens = lensOf(camera, DEEP, 700, 400);
        for (const corner of boxEdges(DEEP).flat()) {
          const { x, y } = project(lens, ...corner);
          expect(Math.abs(x - 350)).toBeLessThan(350);
          expect(Math.abs(y - 200)).toBeLessThan(200);
        }
      }
    }
  });

  it('a box has twelve edges, a rectangle four, along the axes', () => {
    expect(boxEdges(DEEP).length).toBe(12);
    expect(boxEdges(FLAT).length).toBe(4);
    for (const [from, to] of boxEdges(DEEP)) {
      const differing = [0, 1, 2].filter((axis) => from[axis] !== to[axis]);
      expect(differing.length).toBe(1);
    }
  });
});

describe('moving', () => {
  const lensFor = (camera: Parameters<typeof lensOf>[0], bounds = DEEP): Lens =>
    lensOf(camera, bounds, 900, 500);

  it('a drag to the right turns what is in front to the right', () => {
    const camera = fitted(0, 0, DEEP, 900, 500);
    const before = project(lensFor(camera), 400, 0, 100).x;
    expect(project(lensFor(orbit(camera, 30, 0)), 400, 0, 100).x).toBeGreaterThan(before);
    // The eye does not go over the pole.
    expect(orbit(camera, 0, 1e6).pitch).toBe(Math.PI / 2);
  });

  it('a drag moves what is in the plane of the centre as far as the hand', () => {
    const camera = fittingCamera(DEEP, 900, 500);
    const moved = pan(camera, lensFor(camera), DEEP, 40, -25);
    const { x, y } = project(lensFor(moved), ...camera.centre);
    expect(x).toBeCloseTo(450 + 40, 1);
    expect(y).toBeCloseTo(250 - 25, 1);
    // Never so far that everything is lost.
    const far = pan(camera, lensFor(camera), DEEP, 1e7, 1e7);
    far.centre.forEach((value, axis) => {
      expect(value).toBeGreaterThanOrEqual(DEEP.min[axis] as number);
      expect(value).toBeLessThanOrEqual(DEEP.max[axis] as number);
    });
  });

  it('zooming keeps what is under the pointer where it is', () => {
    const camera = fittingCamera(FLAT, 900, 500);
    const lens = lensFor(camera, FLAT);
    const under = project(lens, 60, 140, 0);
    const nearer = zoomAt(camera, lens, FLAT, 3, under.x, under.y);
    expect(nearer.zoom).toBeCloseTo(3 * camera.zoom, 12);
    const after = project(lensFor(nearer, FLAT), 60, 140, 0);
    expect(after.x).toBeCloseTo(under.x, 9);
    expect(after.y).toBeCloseTo(under.y, 9);
  });
});

describe('scale bar', () => {
  it('is the longest of 1, 2, 5 times a power of ten that fits', () => {
    const lens = { ...lensOf(fittingCamera(FLAT, 800, 400), FLAT, 800, 400), pixelsPerUm: 0.7 };
    // 160 px are 228 µm.
    expect(scaleBar(lens, 160)).toEqual({ um: 200, pixels: 140 });
    for (const pixelsPerUm of [1e-3, 0.013, 0.5, 3, 77]) {
      const { um, pixels } = scaleBar({ ...lens, pixelsPerUm }, 160);
      expect(pixels).toBeCloseTo(um * pixelsPerUm, 9);
      expect(pixels).toBeLessThanOrEqual(160);
      expect(pixels).toBeGreaterThan(160 / 2.51);
    }
  });
});
