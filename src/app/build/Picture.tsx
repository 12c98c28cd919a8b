/**
 * The picture of the network: populations in published notation, projections with the sign at their end. A click selects,
 * a drag from one population to another connects them. The outline says the same in words.
 */
import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { stylesOf } from '../colours.ts';
import { useApp } from '../shell/context.ts';
import type { App } from '../state/app.ts';
import { add, selectionIn } from './actions.ts';
import { addProjection, usualProjection } from './edits/add.ts';
import { useGlow } from './picture/glow.ts';
import { type Graph, type GraphNode, graphOf } from './picture/graph.ts';
import { type Layout, layoutOf, type Point } from './picture/layout.ts';
import { NodeMark } from './picture/NodeMark.tsx';
import { type EdgePath, edgePaths } from './picture/paths.ts';
import './build.css';

export default function Picture() {
  const app = useApp();
  const graph = useComputed(() => {
    const { document } = app.project.value;
    return document === null ? null : graphOf(document, app.session.info.value);
  });
  const layout = useComputed(() => graph.value && layoutOf(graph.value));
  if (!graph.value || !layout.value) return null;
  return <Drawing graph={graph.value} layout={layout.value} />;
}

interface Drag {
  readonly from: number;
  readonly to: Point;
  /** The pointer has left the node at which it began. */
  readonly hasLeft: boolean;
}

function Drawing({ graph, layout }: { graph: Graph; layout: Layout }) {
  const app = useApp();
  const svg = useRef<SVGSVGElement>(null);
  const drag = useSignal<Drag | null>(null);
  useGlow(svg);
  const { nodes, edges, inputs, left } = graph;
  const { points, width, height } = layout;
  const selection = selectionIn(app.project.value.document, app.selection.value);
  const isSelected = (kind: string, name: string): boolean =>
    selection.kind === kind && 'name' in selection && selection.name === name;
  const paths = edgePaths(nodes, points, edges);
  const populations = nodes.filter(({ kind }) => kind !== 'field');
  const styles = stylesOf(populations, app.dark.value);
  const colourOf = (node: GraphNode): string =>
    node.kind === 'field' || node.sign === null
      ? 'var(--quiet)'
      : (styles[populations.indexOf(node)]?.colour ?? 'var(--quiet)');

  const placeOf = (event: PointerEvent): Point => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  };
  const nodeAt = (place: Point): number =>
    points.findIndex(
      ({ x, y }, k) => Math.hypot(place.x - x, place.y - y) < (nodes[k] as GraphNode).radius + 6,
    );
  const onMove = (event: PointerEvent): void => {
    if (!drag.value) return;
    const to = placeOf(event);
    drag.value = {
      ...drag.value,
      to,
      hasLeft: drag.value.hasLeft || nodeAt(to) !== drag.value.from,
    };
  };
  const onUp = (event: PointerEvent): void => {
    if (!drag.value) return;
    const { from, hasLeft } = drag.value;
    drag.value = null;
    const at = nodeAt(placeOf(event));
    if (hasLeft && at >= 0) connectNodes(app, nodes[from] as GraphNode, nodes[at] as GraphNode);
  };
  return (
    <figure class="picture">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose parts can be pressed is no fieldset */}
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`Picture of the network: ${nodes.length} nodes, ${edges.length} connections`}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerLeave={() => {
          drag.value = null;
        }}
      >
        <desc>{describe(graph)}</desc>
        {paths.map((path) => (
          <Edge
            key={`${path.edge.projection} ${path.edge.from} ${path.edge.to}`}
            path={path}
            isMany={edges.length > 16}
            isSelected={
              path.edge.projection !== '' && isSelected('projection', path.edge.projection)
            }
            touches={[path.edge.from, path.edge.to].some((k) => {
              const node = nodes[k] as GraphNode;
              return isSelected(node.kind === 'field' ? 'field' : 'population', node.name);
            })}
            select={() => {
              if (path.edge.projection === '') return;
              app.selection.value = { kind: 'projection', name: path.edge.projection };
            }}
          />
        ))}
        <Inputs
          graph={graph}
          points={points}
          isSelected={(name) => isSelected('input', name)}
          select={(name) => {
            app.selection.value = { kind: 'input', name };
          }}
        />
        {nodes.map((node, k) => (
          <NodeMark
            key={node.name}
            node={node}
            point={points[k] as Point}
            colour={colourOf(node)}
            isSelected={isSelected(node.kind === 'field' ? 'field' : 'population', node.name)}
            isFirst={k === 0}
            press={(event) => {
              const { x, y } = placeOf(event);
              drag.value = { from: k, to: { x, y }, hasLeft: false };
            }}
            select={() => {
              app.selection.value = {
                kind: node.kind === 'field' ? 'field' : 'population',
                name: node.name,
              };
            }}
            move={(dx, dy) => focusNext(svg.current, points, k, dx, dy)}
          />
        ))}
        {drag.value?.hasLeft && (
          <line
            class="picture-drag"
            x1={(points[drag.value.from] as Point).x}
            y1={(points[drag.value.from] as Point).y}
            x2={drag.value.to.x}
            y2={drag.value.to.y}
          />
        )}
      </svg>
      <figcaption class="quiet small">
        {left > 0 ? `${left} more projections are not drawn. ` : ''}
        {inputs.length + nodes.length > 0 && 'Drag from one to another to connect them.'}
      </figcaption>
    </figure>
  );
}

/** A projection between two nodes, as the menu would add it. */
function connectNodes(app: App, source: GraphNode, target: GraphNode): void {
  if (source.kind === 'field' || target.kind === 'spikes') {
    const text =
      source.kind === 'field'
        ? `${source.name} is a field: populations read it through linked variables.`
        : `${target.name} is a list of given spikes: synapses cannot change it.`;
    app.notice.value = { text, kind: 'warning' };
    return;
  }
  add(app, 'projection', (document) =>
    addProjection(
      document,
      usualProjection(document, source.name, target.name, source.sign === 'inhibitory'),
    ),
  );
}

/** Gives the focus to the nearest node in that direction. */
function focusNext(
  svg: SVGSVGElement | null,
  points: readonly Point[],
  from: number,
  dx: number,
  dy: number,
): void {
  const here = points[from] as Point;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [k, { x, y }] of points.entries()) {
    const along = (x - here.x) * dx + (y - here.y) * dy;
    if (k === from || along <= 0) continue;
    const cost = along + 2 * Math.abs((x - here.x) * dy - (y - here.y) * dx);
    if (cost < least) [best, least] = [k, cost];
  }
  svg?.querySelectorAll<SVGElement>('.picture-node')[best]?.focus();
}

function describe({ nodes, edges }: Graph): string {
  const named = (k: number): string => nodes[k]?.name ?? '';
  const shown = edges
    .slice(0, 40)
    .map(({ from, to, sign, projection }) =>
      projection === ''
        ? `${named(to)} reads ${named(from)}`
        : `${named(from)} ${sign === null ? 'projects to' : sign === 'excitatory' ? 'excites' : 'inhibits'} ${named(to)}`,
    );
  return `${nodes.map(({ name, size }) => `${name} (${size})`).join(', ')}. ${shown.join('; ')}.`;
}

interface EdgeProps {
  readonly path: EdgePath;
  readonly isMany: boolean;
  readonly isSelected: boolean;
  /** It begins or ends at what is selected. */
  readonly touches: boolean;
  readonly select: () => void;
}

function Edge({ path, isMany, isSelected, touches, select }: EdgeProps) {
  const { edge, line, end, angle } = path;
  const look = isSelected ? 'selected' : touches ? 'touched' : isMany ? 'faint' : '';
  const size = 3.4 + edge.width;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the outline has it for the keyboard
    <g
      class={`picture-edge ${edge.sign ?? 'neutral'} ${look}${edge.projection === '' ? ' link' : ''}`}
      onClick={select}
    >
      <title>{edge.about}</title>
      <path class="picture-hit" d={line} />
      <path class="picture-line" d={line} stroke-width={edge.width} />
      <g
        transform={`translate(${end.x.toFixed(1)} ${end.y.toFixed(1)}) rotate(${angle.toFixed(1)})`}
      >
        {edge.sign === 'inhibitory' ? (
          <circle cx={-size * 0.75} cy="0" r={size * 0.75} />
        ) : edge.sign === 'excitatory' ? (
          <path d={`M0 0L${-size * 1.7} ${-size}V${size}z`} />
        ) : (
          <path class="picture-open" d={`M${-size} ${-size * 0.8}L0 0L${-size} ${size * 0.8}`} />
        )}
      </g>
    </g>
  );
}

interface InputsProps {
  readonly graph: Graph;
  readonly points: readonly Point[];
  readonly isSelected: (name: string) => boolean;
  readonly select: (name: string) => void;
}

/** Lightning at the lower left of what is driven. */
function Inputs({ graph, points, isSelected, select }: InputsProps) {
  const seen = new Map<number, number>();
  return (
    <>
      {graph.inputs.map(({ name, to }) => {
        const k = seen.get(to) ?? 0;
        seen.set(to, k + 1);
        const { x, y } = points[to] as Point;
        const angle = ((160 + 28 * k) * Math.PI) / 180;
        const distance = (graph.nodes[to] as GraphNode).radius + 13;
        const place = `translate(${x + Math.cos(angle) * distance - 8} ${y + Math.sin(angle) * distance - 8})`;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the outline has it for the keyboard
          <g
            key={name}
            class={isSelected(name) ? 'picture-input selected' : 'picture-input'}
            transform={place}
            onClick={() => select(name)}
          >
            <title>{`${name}: Poisson input`}</title>
            <rect x="-2" y="-2" width="20" height="20" rx="4" class="picture-hit" />
            <path d="M9 1.5 4 9h4l-1.5 5.5L12 6.5H8z" />
          </g>
        );
      })}
    </>
  );
}
