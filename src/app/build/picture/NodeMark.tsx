/** A population or field in the picture: its mark, its name, its number, and the halo of its activity. */
import { compact } from '../outline-rows.ts';
import type { GraphNode } from './graph.ts';
import type { Point } from './layout.ts';

interface NodeMarkProps {
  readonly node: GraphNode;
  readonly point: Point;
  readonly colour: string;
  readonly isSelected: boolean;
  /** The one that the tabulator key reaches; arrow keys go on. */
  readonly isFirst: boolean;
  readonly press: (event: PointerEvent) => void;
  readonly select: () => void;
  readonly move: (dx: number, dy: number) => void;
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

export function NodeMark(props: NodeMarkProps) {
  const { node, point, colour, isSelected, isFirst, press, select, move } = props;
  const { name, size, kind, sign, radius } = node;
  const short = name.length > 16 ? `${name.slice(0, 15)}…` : name;
  const about = `${name}, ${kind === 'field' ? 'field' : (sign ?? 'population')}, ${size.toLocaleString('en')}`;
  return (
    <g transform={`translate(${point.x} ${point.y})`} style={{ color: colour }}>
      {/* biome-ignore lint/a11y/useSemanticElements: there are no buttons in SVG */}
      <g
        class={isSelected ? 'picture-node selected' : 'picture-node'}
        role="button"
        tabIndex={isSelected || isFirst ? 0 : -1}
        aria-label={about}
        aria-pressed={isSelected}
        onPointerDown={press}
        onClick={select}
        onKeyDown={(event) => {
          const direction = DIRECTIONS[event.key];
          if (direction) move(...direction);
          else if (event.key === 'Enter' || event.key === ' ') select();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <title>{about}</title>
        {kind !== 'field' && (
          <circle class="picture-halo" r={radius + 9} data-glow={name} opacity="0" />
        )}
        <Shape node={node} />
      </g>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a label without focus, beside the button whose name says the same */}
      <g class="picture-label" aria-hidden="true">
        <text class="picture-name" y={radius + 14}>
          {short}
        </text>
        <text class="picture-size" y={radius + 26}>
          {compact(size)}
        </text>
      </g>
    </g>
  );
}

function Shape({ node: { kind, sign, radius } }: { node: GraphNode }) {
  const r = radius;
  if (kind === 'field') {
    return (
      <>
        <rect
          class="picture-field"
          x={-r * 1.2}
          y={-r * 0.8}
          width={r * 2.4}
          height={r * 1.6}
          rx="6"
        />
        <path
          class="picture-wave"
          d={`M${-r * 0.8} ${-r * 0.2}q${r * 0.4} ${-r * 0.4} ${r * 0.8} 0t${r * 0.8} 0M${-r * 0.8} ${r * 0.25}q${r * 0.4} ${-r * 0.4} ${r * 0.8} 0t${r * 0.8} 0`}
        />
      </>
    );
  }
  if (kind === 'spikes') {
    return (
      <>
        <rect class="picture-field" x={-r} y={-r} width={2 * r} height={2 * r} rx="3" />
        <path
          class="picture-wave"
          d={`M${-r * 0.5} ${r * 0.5}V${-r * 0.2}M${-r * 0.1} ${r * 0.5}V${-r * 0.6}M${r * 0.45} ${r * 0.5}V0`}
        />
      </>
    );
  }
  if (sign === 'inhibitory') return <circle class="picture-shape" r={r} />;
  if (sign === 'excitatory') {
    return (
      <path
        class="picture-shape"
        d={`M0 ${-r * 1.15}L${r * 1.08} ${r * 0.8}H${-r * 1.08}z`}
        stroke-linejoin="round"
      />
    );
  }
  return (
    <rect class="picture-shape" x={-r * 0.9} y={-r * 0.9} width={r * 1.8} height={r * 1.8} rx="3" />
  );
}
