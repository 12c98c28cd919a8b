/** Marks of the things of a network, in published notation: triangle excites, circle inhibits, square does either. */
import type { Sign } from './signs.ts';

export type IconName =
  | 'network'
  | 'excitatory'
  | 'inhibitory'
  | 'generic'
  | 'spikes'
  | 'projection-excitatory'
  | 'projection-inhibitory'
  | 'projection'
  | 'input'
  | 'field'
  | 'recording'
  | 'intervention'
  | 'timedArray';

export const populationIcon = (sign: Sign | null): IconName => sign ?? 'generic';
export const projectionIcon = (sign: Sign | null): IconName =>
  sign === null ? 'projection' : `projection-${sign}`;

/** Filled or stroked paths in a box of 16. */
const SHAPES: Readonly<Record<IconName, { readonly fill?: string; readonly line?: string }>> = {
  network: {
    line: 'M4 4.5h8M4 4.5l4 7M12 4.5l-4 7',
    fill: 'M4 2.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4M12 2.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4M8 9.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
  },
  excitatory: { fill: 'M8 2.2 14.4 13.4H1.6z' },
  inhibitory: { fill: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2' },
  generic: { fill: 'M2.5 2.5h11v11h-11z' },
  spikes: { line: 'M1.5 13h13M3.5 13V6M6.5 13V3M9.5 13V6M12.5 13V4' },
  'projection-excitatory': { line: 'M1 8h9', fill: 'M15 8 9 4.4v7.2z' },
  'projection-inhibitory': { line: 'M1 8h8', fill: 'M12 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6' },
  projection: { line: 'M1 8h13M10.5 4.5 14 8l-3.5 3.5' },
  input: { line: 'M9 1.5 4 9h4l-1.5 5.5L12 6.5H8z' },
  field: { line: 'M1.5 5c2-2 4.5-2 6.5 0s4.5 2 6.5 0M1.5 11c2-2 4.5-2 6.5 0s4.5 2 6.5 0' },
  recording: { line: 'M1.5 9h3l1.5-5 2.5 9 2-7 1 3h3' },
  intervention: { line: 'M4 12 12 4M3.2 8.8l4-4a2.8 2.8 0 0 1 4 4l-4 4a2.8 2.8 0 0 1-4-4' },
  timedArray: { line: 'M1.5 13V9.5h4V4h4.5v5.5h4.5V13' },
};

export function Icon({ name, colour }: { name: IconName; colour?: string }) {
  const { fill, line } = SHAPES[name];
  return (
    <svg
      class={`build-icon icon-${name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      style={colour === undefined ? {} : { color: colour }}
    >
      {line && (
        <path
          d={line}
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      )}
      {fill && <path d={fill} fill="currentColor" />}
    </svg>
  );
}
