/** A matrix of coloured cells with labels, on a 2-D canvas. Rows are sources from the top, columns targets. */
import type { Ink } from '../plot/ink.ts';
import { type ColourMapName, colourAt } from '../space/colour-maps.ts';
import { fractionOf, type ValueScale } from '../space/value-scale.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; 0 and NaN have no colour: there is nothing. */
  readonly values: ArrayLike<number>;
  /** Of rows or columns; thinned out where there is no room. */
  readonly rowLabels: readonly Label[];
  readonly columnLabels: readonly Label[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Written into a cell where there is room; null: none. */
  readonly text: ((row: number, column: number) => string) | null;
  /** Lines between cells. */
  readonly lines: boolean;
}

export interface Label {
  /** In cells from the start: 0.5 is the middle of the first. */
  readonly at: number;
  readonly text: string;
}

/** Where it is, CSS pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Whether labels of columns fit beside each other; else they are turned. */
  readonly isUpright: boolean;
  readonly canvasHeight: number;
}

const FONT = '12px system-ui, sans-serif';
const WIDEST_CELL = 84;
const HIGHEST_CELL = 44;

/** Room for labels is measured; cells are as large as fits, and no larger than is needed. */
export function placeMatrix(
  context: CanvasRenderingContext2D,
  matrix: Matrix,
  room: number,
  highest: number,
): Place {
  const { rows, columns, rowLabels, columnLabels, lines } = matrix;
  context.font = FONT;
  const widest = (labels: readonly Label[]): number =>
    labels.reduce((most, { text }) => Math.max(most, context.measureText(text).width), 0);
  const left = Math.min(room * 0.35, widest(rowLabels) + 12) + 18;
  const width = Math.max(
    20,
    Math.min(room - left - 8, lines ? columns * WIDEST_CELL : highest * 1.5),
  );
  const cell = width / columns;
  const isUpright = columnLabels.every(
    ({ text }) => !lines || context.measureText(text).width < cell - 6,
  );
  const below = (isUpright ? 24 : Math.min(110, widest(columnLabels) + 12)) + 20;
  // Cells with names keep the height of a line; the others keep the proportions of the matrix.
  const height = lines
    ? Math.max(rows * 18, Math.min(highest, rows * HIGHEST_CELL, rows * cell))
    : Math.min(highest, Math.max(60, rows * cell));
  return { left, top: 8, width, height, isUpright, canvasHeight: 8 + height + below };
}

export interface DrawnMatrix {
  readonly matrix: Matrix;
  readonly place: Place;
  readonly scale: ValueScale;
  readonly map: ColourMapName;
  readonly cursor: { readonly row: number; readonly column: number } | null;
  readonly ink: Ink;
  readonly pixelRatio: number;
  readonly room: number;
}

export function drawMatrix(context: CanvasRenderingContext2D, drawn: DrawnMatrix): void {
  const { matrix, place, pixelRatio, room, ink } = drawn;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, room, place.canvasHeight);
  drawCells(context, drawn);
  context.strokeStyle = ink.strong;
  context.lineWidth = 1;
  context.strokeRect(place.left - 0.5, place.top - 0.5, place.width + 1, place.height + 1);
  if (matrix.lines) drawLines(context, drawn);
  if (matrix.text) drawTexts(context, drawn, matrix.text);
  drawLabels(context, drawn);
  drawCursor(context, drawn);
}

function drawCells(context: CanvasRenderingContext2D, { matrix, place, scale, map }: DrawnMatrix) {
  const { rows, columns, values } = matrix;
  const data = new Uint8ClampedArray(4 * rows * columns);
  for (let k = 0; k < rows * columns; k++) {
    const value = values[k] as number;
    const colour = value > 0 ? colourAt(map, fractionOf(value, scale)) : null;
    if (!colour) continue;
    [data[4 * k], data[4 * k + 1], data[4 * k + 2]] = colour;
    data[4 * k + 3] = 255;
  }
  const cells = new OffscreenCanvas(columns, rows);
  cells.getContext('2d')?.putImageData(new ImageData(data, columns, rows), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, place.left, place.top, place.width, place.height);
}

function drawLines(context: CanvasRenderingContext2D, { matrix, place, ink }: DrawnMatrix): void {
  context.strokeStyle = ink.grid;
  context.beginPath();
  for (let column = 1; column < matrix.columns; column++) {
    const x = Math.round(place.left + (column / matrix.columns) * place.width) + 0.5;
    context.moveTo(x, place.top);
    context.lineTo(x, place.top + place.height);
  }
  for (let row = 1; row < matrix.rows; row++) {
    const y = Math.round(place.top + (row / matrix.rows) * place.height) + 0.5;
    context.moveTo(place.left, y);
    context.lineTo(place.left + place.width, y);
  }
  context.stroke();
}

/** Black or white, whichever is seen on the colour. */
function drawTexts(
  context: CanvasRenderingContext2D,
  { matrix, place, scale, map }: DrawnMatrix,
  textOf: (row: number, column: number) => string,
): void {
  const wide = place.width / matrix.columns;
  const high = place.height / matrix.rows;
  if (wide < 44 || high < 17) return;
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      const value = matrix.values[row * matrix.columns + column] as number;
      const colour = value > 0 ? colourAt(map, fractionOf(value, scale)) : null;
      if (!colour) continue;
      const [red, green, blue] = colour;
      context.fillStyle = 0.299 * red + 0.587 * green + 0.114 * blue > 120 ? '#000000' : '#ffffff';
      context.fillText(
        textOf(row, column),
        place.left + (column + 0.5) * wide,
        place.top + (row + 0.5) * high,
        wide - 4,
      );
    }
  }
}

function drawLabels(context: CanvasRenderingContext2D, { matrix, place, ink }: DrawnMatrix): void {
  context.font = FONT;
  context.fillStyle = ink.text;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const high = place.height / matrix.rows;
  for (const { at, text } of thinned(matrix.rowLabels, high, 14)) {
    context.fillText(text, place.left - 7, place.top + at * high, place.left - 24);
  }
  const wide = place.width / matrix.columns;
  const bottom = place.top + place.height;
  const { isUpright } = place;
  for (const { at, text } of thinned(matrix.columnLabels, wide, isUpright ? 34 : 14)) {
    context.save();
    context.translate(place.left + at * wide, bottom + (isUpright ? 12 : 7));
    if (!isUpright) context.rotate(-Math.PI / 2);
    context.textAlign = isUpright ? 'center' : 'right';
    context.fillText(text, 0, 0, 110);
    context.restore();
  }
  context.fillStyle = ink.quiet;
  context.textAlign = 'center';
  context.fillText(matrix.columnTitle, place.left + place.width / 2, place.canvasHeight - 8);
  context.save();
  context.translate(9, place.top + place.height / 2);
  context.rotate(-Math.PI / 2);
  if (place.height > 60) context.fillText(matrix.rowTitle, 0, 0);
  context.restore();
}

/** Labels that are at least so many pixels apart. */
function thinned(labels: readonly Label[], cell: number, apart: number): readonly Label[] {
  let last = Number.NEGATIVE_INFINITY;
  return labels.filter(({ at }) => {
    if ((at - last) * cell < apart) return false;
    last = at;
    return true;
  });
}

function drawCursor(
  context: CanvasRenderingContext2D,
  { matrix, place, cursor }: DrawnMatrix,
): void {
  if (!cursor) return;
  const wide = place.width / matrix.columns;
  const high = place.height / matrix.rows;
  for (const [style, width] of [
    ['#000000', 3.5],
    ['#ffffff', 1.5],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.strokeRect(
      place.left + cursor.column * wide - 1,
      place.top + cursor.row * high - 1,
      wide + 2,
      high + 2,
    );
  }
}

/** The cell at a place on the canvas; null outside. */
export function cellAt(
  place: Place,
  { rows, columns }: Matrix,
  x: number,
  y: number,
): { readonly row: number; readonly column: number } | null {
  const column = Math.floor(((x - place.left) / place.width) * columns);
  const row = Math.floor(((y - place.top) / place.height) * rows);
  return column >= 0 && row >= 0 && column < columns && row < rows ? { row, column } : null;
}
