/** The picture's geometry: nodes apart and inside, the same every time, and lines from rim to rim. */
import { describe, expect, it } from 'vitest';
import { brightness, ratesOf } from '../../../../src/app/build/picture/glow.ts';
import { graphOf, radiusOf } from '../../../../src/app/build/picture/graph.ts';
import { layersOf, layoutOf } from '../../../../src/app/build/picture/layout.ts';
import { edgePaths } from '../../../../src/app/build/picture/paths.ts';
import { examples } from '../../../../src/examples/index.ts';
import { Network } from '../../../../src/index.ts';

const graph = (name: string, values = {}) => {
  const example = examples[name];
  if (!example) throw new Error(`no example ${name}`);
  return graphOf(example.build(values, { seed: 1 }), null);
};

const ring = (count: number) => {
  const net = new Network({ name: 'ring' });
  const all = Array.from({ length: count }, (_, k) =>
    net.population(`p${k}`, 10, { eqs: 'dv/dt = -v/(10*ms) : 1', threshold: 'v > 1' }),
  );
  for (const [k, source] of all.entries()) {
    const target = all[(k + 1) % count];
    if (target && target !== source) {
      net.projection(`${k}`, source, target, { onPre: 'v += 0.1' }).connect({ rule: 'one-to-one' });
    }
  }
  return graphOf(net.document, null);
};

describe('layout', () => {
  it.each([1, 2, 3, 5, 8, 12, 30, 60])(
    '%i nodes do not lie on each other, and lie inside',
    (count) => {
      const drawn = ring(count);
      const { points, width, height } = layoutOf(drawn);
      expect(points).toHaveLength(count);
      for (const [k, { x, y }] of points.entries()) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(width);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(height);
        for (const other of points.slice(0, k)) {
          expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(20);
        }
      }
      expect(layoutOf(ring(count))).toEqual(layoutOf(drawn));
    },
  );

  it('has the layers of the microcircuit in rows', () => {
    const drawn = graph('microcircuit', { scale: 0.01 });
    expect(layersOf(drawn.nodes.map(({ name }) => name))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    const { points } = layoutOf(drawn);
    expect(points[0]?.y).toBe(points[1]?.y);
    expect(points[2]?.y).toBeGreaterThan(points[0]?.y ?? 0);
    expect(layersOf(['a', 'b'])).toBeNull();
  });
});

describe('lines', () => {
  it('end at the rim of their target, there and back apart, loops apart', () => {
    const drawn = graph('izhikevich', { neurons: 100 });
    const { points } = layoutOf(drawn);
    const paths = edgePaths(drawn.nodes, points, drawn.edges);
    expect(new Set(paths.map(({ line }) => line)).size).toBe(paths.length);
    for (const { edge, end } of paths) {
      const target = points[edge.to];
      const radius = drawn.nodes[edge.to]?.radius ?? 0;
      const distance = Math.hypot(end.x - (target?.x ?? 0), end.y - (target?.y ?? 0));
      expect(distance).toBeCloseTo(radius + 2, 5);
    }
    const loops = edgePaths(
      graph('coba').nodes,
      layoutOf(graph('coba')).points,
      graph('coba').edges,
    );
    expect(loops.map(({ edge }) => edge.sign)).toEqual(['excitatory', 'inhibitory']);
    expect(loops[0]?.line).not.toBe(loops[1]?.line);
  });

  it('are thicker with more synapses, and nodes larger with more neurons', () => {
    expect(radiusOf(10_000)).toBeGreaterThan(radiusOf(100));
    expect(radiusOf(1)).toBe(9);
  });

  it('show fields and what reads them', () => {
    const drawn = graph('striatum');
    expect(drawn.nodes.some(({ kind }) => kind === 'field')).toBe(true);
    expect(drawn.edges.some(({ projection }) => projection === '')).toBe(true);
  });
});

describe('glow', () => {
  it('is the rate of what has just happened', () => {
    const info = { dtMs: 0.1, populations: [{ size: 100 }, { size: 10 }] } as never;
    // Two whole bins of 5 ms and one that has just begun.
    const rateCounts = Uint32Array.from([5, 0, 5, 1, 1, 0]);
    const rates = ratesOf({ rateCounts } as never, info);
    expect(Array.from(rates)).toEqual([10, 10]);
    expect(brightness(0)).toBe(0);
    expect(brightness(100)).toBeCloseTo(1);
    expect(brightness(5)).toBeGreaterThan(0.3);
  });
});
