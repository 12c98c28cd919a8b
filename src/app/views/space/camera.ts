/**
 * The camera of the point cloud: a turntable about the z axis, looked at through a long lens where there is depth, and
 * straight from above where there is none. The same projection for the shader, for picking and for what is written
 * over the picture. Lengths are µm, angles radians, the screen in CSS pixels with y downwards.
 */

export type Vector = readonly [number, number, number];

export interface Camera {
  /** Turned about z; 0 has x to the right. */
  readonly yaw: number;
  /** Height of the eye over the xy plane: π/2 looks from above (y upwards), 0 from the front (z upwards). */
  readonly pitch: number;
  /** At 1 the whole cloud is in the picture, however it is turned. */
  readonly zoom: number;
  /** What is in the middle of the picture. */
  readonly centre: Vector;
}

/** What is looked at. */
export interface Bounds {
  readonly min: Vector;
  readonly max: Vector;
  /** Two dimensions: looked at from above, without perspective. */
  readonly flat: boolean;
}

/** A camera on a screen, ready to project. */
export interface Lens {
  readonly right: Vector;
  readonly up: Vector;
  /** Towards the eye. */
  readonly toward: Vector;
  readonly centre: Vector;
  /** Pixels per µm in the plane through the centre. */
  readonly pixelsPerUm: number;
  /** Of the eye from the centre, µm; infinite without perspective. */
  readonly distance: number;
  /** Of the sphere around the cloud, µm. */
  readonly radius: number;
  readonly width: number;
  readonly height: number;
}

const ZOOM = { least: 0.2, most: 200 } as const;
/** Eye distance in radii: far enough that the scale bar of the middle holds within a third everywhere. */
const EYE_RADII = 4;
const FULL_TURN = 2 * Math.PI;

export const middleOf = ({ min, max }: Bounds): Vector => [
  (min[0] + max[0]) / 2,
  (min[1] + max[1]) / 2,
  (min[2] + max[2]) / 2,
];

/** The view that shows everything: from above in two dimensions, else from the front corner and above. */
export function fittingCamera(bounds: Bounds, width: number, height: number): Camera {
  const { flat } = bounds;
  const turned = { yaw: flat ? 0 : -0.5, pitch: flat ? Math.PI / 2 : 0.5 };
  return fitted(turned.yaw, turned.pitch, bounds, width, height);
}

/** From this side, so near that the box just fits. */
export function fitted(
  yaw: number,
  pitch: number,
  bounds: Bounds,
  width: number,
  height: number,
): Camera {
  const camera = { yaw, pitch, zoom: 1, centre: middleOf(bounds) };
  const lens = lensOf(camera, bounds, width, height);
  let across = 0;
  let high = 0;
  for (const corners of boxEdges(bounds)) {
    for (const corner of corners) {
      const { x, y } = project(lens, ...corner);
      across = Math.max(across, Math.abs(x - width / 2));
      high = Math.max(high, Math.abs(y - height / 2));
    }
  }
  const room = Math.min((0.45 * width) / (across || 1), (0.45 * height) / (high || 1));
  return { ...camera, zoom: Math.min(ZOOM.most, Math.max(ZOOM.least, room)) };
}

export function lensOf(camera: Camera, bounds: Bounds, width: number, height: number): Lens {
  const { min, max, flat } = bounds;
  const [sizeX, sizeY, sizeZ] = [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
  const radius = Math.hypot(sizeX, sizeY, sizeZ) / 2 || 1;
  const sine = Math.sin(camera.pitch);
  const cosine = Math.cos(camera.pitch);
  const right: Vector = [Math.cos(camera.yaw), Math.sin(camera.yaw), 0];
  const up: Vector = [-right[1] * sine, right[0] * sine, cosine];
  const toward: Vector = [right[1] * cosine, -right[0] * cosine, sine];
  // However it is turned, and whatever sticks out towards the eye.
  const fit = (Math.min(width, height) * 0.4) / radius;
  return {
    right,
    up,
    toward,
    centre: camera.centre,
    pixelsPerUm: fit * camera.zoom,
    distance: flat ? Number.POSITIVE_INFINITY : EYE_RADII * radius,
    radius,
    width,
    height,
  };
}

/** Where a point is on the screen; `depth` grows towards the eye, `size` is how much larger than in the middle. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
  readonly size: number;
}

export function project(lens: Lens, x: number, y: number, z: number): Projected {
  const { right, up, toward, centre } = lens;
  const dx = x - centre[0];
  const dy = y - centre[1];
  const dz = z - centre[2];
  const depth = toward[0] * dx + toward[1] * dy + toward[2] * dz;
  const size = 1 / Math.max(0.05, 1 - depth / lens.distance);
  const scale = lens.pixelsPerUm * size;
  return {
    x: lens.width / 2 + scale * (right[0] * dx + right[1] * dy + right[2] * dz),
    y: lens.height / 2 - scale * (up[0] * dx + up[1] * dy + up[2] * dz),
    depth,
    size,
  };
}

/** Turned by a drag of so many pixels: half a turn across 400 of them. The eye stays between the poles. */
export function orbit(camera: Camera, dx: number, dy: number): Camera {
  const rate = Math.PI / 400;
  const yaw = (camera.yaw - dx * rate) % FULL_TURN;
  const pitch = Math.min(Math.PI / 2, Math.max(-Math.PI / 2, camera.pitch + dy * rate));
  return { ...camera, yaw, pitch };
}

/** Moved by a drag of so many pixels: what is in the plane of the centre follows the hand. The centre stays near the cloud. */
export function pan(camera: Camera, lens: Lens, bounds: Bounds, dx: number, dy: number): Camera {
  const along = -dx / lens.pixelsPerUm;
  const above = dy / lens.pixelsPerUm;
  const centre = camera.centre.map((value, axis) => {
    const moved = value + along * (lens.right[axis] ?? 0) + above * (lens.up[axis] ?? 0);
    return Math.min(bounds.max[axis] as number, Math.max(bounds.min[axis] as number, moved));
  });
  return { ...camera, centre: centre as unknown as Vector };
}

/** Nearer by a factor; what is under (x, y) stays there, in the plane of the centre. */
export function zoomAt(
  camera: Camera,
  lens: Lens,
  bounds: Bounds,
  factor: number,
  x = lens.width / 2,
  y = lens.height / 2,
): Camera {
  const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, camera.zoom * factor));
  const change = zoom / camera.zoom;
  const shift = 1 - change;
  const nearer = { ...lens, pixelsPerUm: lens.pixelsPerUm * change };
  const moved = pan(
    camera,
    nearer,
    bounds,
    shift * (x - lens.width / 2),
    shift * (y - lens.height / 2),
  );
  return { ...moved, zoom };
}

/** A scale bar: the longest round length that is at most `most` pixels in the plane of the centre. */
export function scaleBar(
  lens: Lens,
  most: number,
): { readonly um: number; readonly pixels: number } {
  const longest = most / lens.pixelsPerUm;
  const power = 10 ** Math.floor(Math.log10(longest));
  const lead = longest / power;
  const um = power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
  return { um, pixels: um * lens.pixelsPerUm };
}

/** The twelve edges of the box, as pairs of its corners. */
export function boxEdges({ min, max, flat }: Bounds): readonly (readonly [Vector, Vector])[] {
  const corner = (bits: number): Vector => [
    (bits & 1) === 0 ? min[0] : max[0],
    (bits & 2) === 0 ? min[1] : max[1],
    (bits & 4) === 0 ? min[2] : max[2],
  ];
  const edges: (readonly [Vector, Vector])[] = [];
  for (let bits = 0; bits < (flat ? 4 : 8); bits++) {
    for (const axis of flat ? [1, 2] : [1, 2, 4]) {
      if ((bits & axis) === 0) edges.push([corner(bits), corner(bits | axis)]);
    }
  }
  return edges;
}
