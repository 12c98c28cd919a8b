/**
 * Where nodes are drawn. Layers of an excitatory and an inhibitory population each lie in rows, as papers draw them; few
 * others by springs, from a circle, so that the same network always looks the same; many in a grid. Written here because
 * it is a page of arithmetic for a dozen nodes, where libraries bring 20 to 1400 kB for thousands.
 */
import type { Graph } from './graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly points: readonly Point[];
  readonly width: number;
  readonly height: number;
}

const WIDTH = 320;
/** Room around nodes: self loops, labels. */
const MARGIN = 46;
const ROW = 104;
const MOST_SPRINGS = 40;

export function layoutOf(graph: Graph): Layout {
  const count = graph.nodes.length;
  if (count === 0) return { points: [], width: WIDTH, height: 90 };
  if (count === 1) return { points: [{ x: WIDTH / 2, y: 74 }], width: WIDTH, height: 140 };
  const rows = layersOf(graph.nodes.map(({ name }) => name));
  if (rows) return inRows(rows, count);
  if (count === 2) return inRows([[0, 1]], count);
  return count <= MOST_SPRINGS ? bySprings(graph) : inGrid(count);
}

/** Rows of an excitatory and an inhibitory population of one stem ("L23E", "L23I"); null where names are not so. */
export function layersOf(names: readonly string[]): readonly (readonly number[])[] | null {
  const rows = new Map<string, (number | undefined)[]>();
  for (const [k, name] of names.entries()) {
    const match = /^(.*?)[ _-]?(E|I|exc\w*|inh\w*)$/i.exec(name);
    if (!match) return null;
    const [, stem = '', kind = ''] = match;
    const row = rows.get(stem) ?? [];
    rows.set(stem, row);
    const column = /^e/i.test(kind) ? 0 : 1;
    if (row[column] !== undefined) return null;
    row[column] = k;
  }
  const all = [...rows.values()];
  return all.every((row) => row[0] !== undefined && row[1] !== undefined)
    ? (all as number[][])
    : null;
}

function inRows(rows: readonly (readonly number[])[], count: number): Layout {
  const points: Point[] = new Array(count);
  const height = MARGIN * 2 + 30 + (rows.length - 1) * ROW;
  for (const [y, row] of rows.entries()) {
    for (const [x, node] of row.entries()) {
      points[node] = { x: WIDTH * (x === 0 ? 0.26 : 0.74), y: MARGIN + 14 + y * ROW };
    }
  }
  return { points, width: WIDTH, height };
}

function inGrid(count: number): Layout {
  const columns = Math.ceil(Math.sqrt(count));
  const gap = 70;
  const points = Array.from({ length: count }, (_, k) => ({
    x: MARGIN + (k % columns) * gap,
    y: MARGIN + Math.floor(k / columns) * gap,
  }));
  return {
    points,
    width: MARGIN * 2 + (columns - 1) * gap,
    height: MARGIN * 2 + (Math.ceil(count / columns) - 1) * gap,
  };
}

/** Fruchterman and Reingold: all nodes repel each other, edges pull their ends together. */
function bySprings({ nodes, edges }: Graph): Layout {
  const count = nodes.length;
  const wanted = Math.max(MARGIN * 2 + 90, Math.min(420, 120 + 40 * count));
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    // The first at the top, then clockwise; a little off the circle, so that symmetry does not hold anything fast.
    const angle = (2 * Math.PI * k) / count - Math.PI / 2;
    x[k] = Math.cos(angle) * (1 + 0.01 * k);
    y[k] = Math.sin(angle);
  }
  const near = Math.sqrt(Math.PI / count);
  const pairs = pairsOf(edges);
  for (let round = 0; round < 300; round++) {
    step(x, y, pairs, near, 0.2 * (1 - round / 300));
  }
  const layout = fitted(x, y, wanted);
  return {
    ...layout,
    points: apart(
      layout,
      nodes.map(({ radius }) => radius),
    ),
  };
}

/** Pushes nodes from each other that would touch, with their labels, without leaving the picture. */
function apart({ points, width, height }: Layout, radii: readonly number[]): readonly Point[] {
  const placed = points.map(({ x, y }) => ({ x, y }));
  const most = Math.max(...radii);
  const inside = (value: number, size: number): number =>
    Math.max(most + 14, Math.min(size - most - 14, value));
  for (let round = 0; round < 60; round++) {
    for (const [a, one] of placed.entries()) {
      for (const [b, other] of placed.slice(0, a).entries()) {
        const gap = Math.min(74, (radii[a] as number) + (radii[b] as number) + 34);
        const [dx, dy] = [one.x - other.x || 0.1, one.y - other.y];
        const distance = Math.hypot(dx, dy);
        if (distance >= gap) continue;
        const push = (gap - distance) / 2 / distance;
        one.x = inside(one.x + dx * push, width);
        other.x = inside(other.x - dx * push, width);
        one.y = inside(one.y + dy * push, height - 16);
        other.y = inside(other.y - dy * push, height - 16);
      }
    }
  }
  return placed.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
}

/** Each pair of neighbours once. */
function pairsOf(edges: Graph['edges']): readonly (readonly [number, number])[] {
  const seen = new Map<string, readonly [number, number]>();
  for (const { from, to } of edges) {
    if (from !== to) seen.set(`${Math.min(from, to)} ${Math.max(from, to)}`, [from, to]);
  }
  return [...seen.values()];
}

function step(
  x: Float64Array,
  y: Float64Array,
  pairs: readonly (readonly [number, number])[],
  near: number,
  most: number,
): void {
  const dx = new Float64Array(x.length);
  const dy = new Float64Array(x.length);
  const push = (a: number, b: number, force: (distance: number) => number): void => {
    const ux = (x[a] as number) - (x[b] as number);
    const uy = (y[a] as number) - (y[b] as number);
    const distance = Math.hypot(ux, uy) || 1e-6;
    const strength = force(distance) / distance;
    dx[a] = (dx[a] as number) + ux * strength;
    dy[a] = (dy[a] as number) + uy * strength;
    dx[b] = (dx[b] as number) - ux * strength;
    dy[b] = (dy[b] as number) - uy * strength;
  };
  for (let a = 0; a < x.length; a++) {
    for (let b = 0; b < a; b++) push(a, b, (distance) => (near * near) / distance);
  }
  for (const [a, b] of pairs) push(a, b, (distance) => -(distance * distance) / near);
  for (let k = 0; k < x.length; k++) {
    // A weak pull to the middle keeps parts together that nothing connects.
    const mx = (dx[k] as number) - 0.3 * (x[k] as number);
    const my = (dy[k] as number) - 0.3 * (y[k] as number);
    const length = Math.hypot(mx, my) || 1e-6;
    x[k] = (x[k] as number) + (mx / length) * Math.min(length, most);
    y[k] = (y[k] as number) + (my / length) * Math.min(length, most);
  }
}

function fitted(x: Float64Array, y: Float64Array, wanted: number): Layout {
  const [left, right] = [Math.min(...x), Math.max(...x)];
  const [top, bottom] = [Math.min(...y), Math.max(...y)];
  const across = (WIDTH - 2 * MARGIN) / Math.max(right - left, 1e-6);
  const down = (wanted - 2 * MARGIN) / Math.max(bottom - top, 1e-6);
  const points = Array.from(x, (value, k) => ({
    x: Math.round(MARGIN + (value - left) * across),
    y: Math.round(MARGIN + ((y[k] as number) - top) * down),
  }));
  return { points, width: WIDTH, height: wanted };
}
