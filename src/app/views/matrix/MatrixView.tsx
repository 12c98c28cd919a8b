/** A matrix on the page: drawn when it or its place changes; pointer and arrow keys read cells, a click or Enter opens one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { onTheme, readInk } from '../plot/ink.ts';
import type { ColourMapName } from '../space/colour-maps.ts';
import type { ValueScale } from '../space/value-scale.ts';
import { cellAt, drawMatrix, type Matrix, type Place, placeMatrix } from './draw-matrix.ts';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface MatrixViewProps {
  readonly label: string;
  readonly matrix: Matrix;
  readonly scale: ValueScale;
  readonly map: ColourMapName;
  readonly cursor: Cell | null;
  onCursor(cell: Cell | null): void;
  onOpen(cell: Cell): void;
  /** What is drawn, for saving. */
  readonly handle: { current: HTMLCanvasElement | null };
}

export function MatrixView(props: MatrixViewProps) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = props.handle;
  const place = useRef<Place | null>(null);
  const [, refresh] = useState(0);
  useEffect(() => {
    const again = (): void => refresh((count) => count + 1);
    const sizes = new ResizeObserver(again);
    sizes.observe(holder.current as HTMLDivElement);
    const themes = onTheme(again);
    return () => {
      sizes.disconnect();
      themes();
    };
  }, []);
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const context = element.getContext('2d');
    if (!context) return;
    const room = Math.max(120, (holder.current as HTMLDivElement).clientWidth);
    const pixelRatio = Math.min(2, devicePixelRatio || 1);
    const made = placeMatrix(context, props.matrix, room, Math.max(240, innerHeight * 0.55));
    place.current = made;
    element.width = Math.round(room * pixelRatio);
    element.height = Math.round(made.canvasHeight * pixelRatio);
    element.style.height = `${made.canvasHeight}px`;
    const ink = readInk(element);
    drawMatrix(context, { ...props, place: made, ink, pixelRatio, room });
  });
  const cellOf = (event: MouseEvent): Cell | null => {
    const { left, top } = (holder.current as HTMLDivElement).getBoundingClientRect();
    return (
      place.current &&
      cellAt(place.current, props.matrix, event.clientX - left, event.clientY - top)
    );
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !pressed(event.key, props)) return;
    event.preventDefault();
    // Arrows move in time elsewhere on the page.
    event.stopPropagation();
  };
  return (
    <div
      ref={holder}
      class="matrix-picture"
      role="application"
      aria-roledescription="matrix"
      aria-label={`${props.label}. Arrow keys read cells, Enter opens one. The table below has the same in numbers.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cells are read with keys.
      tabIndex={0}
      onPointerMove={(event) => props.onCursor(cellOf(event))}
      onPointerLeave={() => props.onCursor(null)}
      onClick={(event) => {
        const cell = cellOf(event);
        if (cell) props.onOpen(cell);
      }}
      onKeyDown={onKey}
    >
      <canvas ref={canvas} role="img" aria-label={props.label} />
    </div>
  );
}

function pressed(key: string, { matrix, cursor, onCursor, onOpen }: MatrixViewProps): boolean {
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move) {
    const along = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
    onCursor(
      cursor
        ? {
            row: along(cursor.row + move[0], matrix.rows),
            column: along(cursor.column + move[1], matrix.columns),
          }
        : { row: 0, column: 0 },
    );
  } else if (key === 'Enter' && cursor) onOpen(cursor);
  else if (key === 'Escape' && cursor) onCursor(null);
  else return false;
  return true;
}
