/** Columns of numbers as CSV text: what "save" and "copy" of a plot give. Pure. */

export interface Column {
  /** With the unit: "rate of exc (spikes/s)". */
  readonly name: string;
  readonly values: ArrayLike<number | null | undefined>;
}

/** Rows of a table; shorter columns have empty cells at the end, as have values that are missing or not finite. */
export function csvOf(columns: readonly Column[]): string {
  const rows = columns.reduce((most, { values }) => Math.max(most, values.length), 0);
  const lines = [columns.map(({ name }) => quoted(name)).join(',')];
  for (let row = 0; row < rows; row++) {
    lines.push(columns.map(({ values }) => cell(values[row])).join(','));
  }
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Nine digits tell any two float32 apart. */
const cell = (value: number | null | undefined): string =>
  typeof value === 'number' && Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '';
