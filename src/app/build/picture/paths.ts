/** The lines of the picture: from rim to rim, bent so that there and back lie apart, with an end that shows the sign. */
import type { GraphEdge, GraphNode } from './graph.ts';
import type { Point } from './layout.ts';

export interface EdgePath {
  readonly edge: GraphEdge;
  /** SVG path. */
  readonly line: string;
  /** Where the end mark is, and which way it points, degrees. */
  readonly end: Point;
  readonly angle: number;
}

/** Gap between the line's end and the rim, in which the mark is. */
const END = 7;

export function edgePaths(
  nodes: readonly GraphNode[],
  points: readonly Point[],
  edges: readonly GraphEdge[],
): readonly EdgePath[] {
  const loops = new Map<number, number>();
  const parallel = new Map<string, number>();
  const loopCount = new Map<number, number>();
  for (const { from, to } of edges) {
    if (from === to) loopCount.set(from, (loopCount.get(from) ?? 0) + 1);
  }
  return edges.map((edge) => {
    const { from, to } = edge;
    const node = nodes[from] as GraphNode;
    if (from === to) {
      const k = loops.get(from) ?? 0;
      loops.set(from, k + 1);
      return loop(edge, points[from] as Point, node.radius, k, loopCount.get(from) ?? 1);
    }
    const key = `${from} ${to}`;
    const k = parallel.get(key) ?? 0;
    parallel.set(key, k + 1);
    const target = nodes[to] as GraphNode;
    return bend(edge, points[from] as Point, points[to] as Point, node.radius, target.radius, k);
  });
}

function bend(
  edge: GraphEdge,
  a: Point,
  b: Point,
  radiusA: number,
  radiusB: number,
  k: number,
): EdgePath {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const distance = Math.hypot(dx, dy) || 1;
  // To the right of the way, so that the way back is on the other side.
  const offset = Math.min(26, 0.14 * distance) + 13 * k;
  const control = {
    x: (a.x + b.x) / 2 - (dy / distance) * offset,
    y: (a.y + b.y) / 2 + (dx / distance) * offset,
  };
  const start = towards(a, control, radiusA + 2);
  const tip = towards(b, control, radiusB + 2);
  const end = towards(b, control, radiusB + 2 + END);
  return {
    edge,
    line: `M${at(start)}Q${at(control)} ${at(end)}`,
    end: tip,
    angle: angleOf(control, b),
  };
}

/** Above the node, several of them side by side. */
function loop(edge: GraphEdge, centre: Point, radius: number, k: number, count: number): EdgePath {
  const middle = -90 + (k - (count - 1) / 2) * 62;
  const out = radius + 30;
  const spread = 24;
  const polar = (degrees: number, distance: number): Point => ({
    x: centre.x + Math.cos((degrees * Math.PI) / 180) * distance,
    y: centre.y + Math.sin((degrees * Math.PI) / 180) * distance,
  });
  const start = polar(middle - spread, radius + 2);
  const end = polar(middle + spread, radius + 2 + END);
  const far = [polar(middle - spread * 1.1, out), polar(middle + spread * 1.1, out)] as const;
  return {
    edge,
    line: `M${at(start)}C${at(far[0])} ${at(far[1])} ${at(end)}`,
    end: polar(middle + spread, radius + 2),
    angle: angleOf(far[1], centre),
  };
}

const towards = (from: Point, to: Point, distance: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return {
    x: from.x + ((to.x - from.x) / length) * distance,
    y: from.y + ((to.y - from.y) / length) * distance,
  };
};

const angleOf = (from: Point, to: Point): number =>
  (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;

const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
